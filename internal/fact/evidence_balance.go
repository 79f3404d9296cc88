package fact

import (
	"slices"

	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
)

// chained is a movement of the chains of balances behind [Facts.DailyBalances].
type chained struct {
	movement int32
	after    bool         // it came after the reported balance
	amount   money.Amount // as the balance feels it
}

// BalanceBehind returns the evidence of the end-of-day sums of a range of days:
// the accounts with their reported balances, then the entries that lead from those
// to the sums. Of a single day it adds up to the sum: entries between the day and
// the report are taken back, entries after the report and up to the day are added.
func (f *Facts) BalanceBehind(company bool, r Range) Evidence {
	return func(yield func(Item) bool) {
		accounts := f.holding(func(a *ledger.Account) bool { return countsChecking(a, company) })
		f.balanceBehind(accounts, f.chain(company), r)(yield)
	}
}

// balanceBehind is [Facts.BalanceBehind] of some accounts with their chain, newest
// first.
func (f *Facts) balanceBehind(accounts []int32, chain []chained, r Range) Evidence {
	return func(yield func(Item) bool) {
		l := f.Ledger
		for _, i := range accounts {
			if f.AccountBalances(int(i)).Available == nil {
				continue
			}
			if available, known := reported(&l.Accounts[i]); known && !yield(Item{Kind: AccountItem, Index: i, Amount: available}) {
				return
			}
		}
		for _, c := range chain {
			m, amount := &l.Movements[c.movement], c.amount
			switch {
			case c.after && m.Day <= r.Last:
			case !c.after && m.Day > r.First:
				amount = -amount
			default:
				continue
			}
			if !yield(Item{Index: c.movement, Amount: amount}) {
				return
			}
		}
	}
}

// reported returns what counts of the available balance of an account, as received.
func reported(a *ledger.Account) (money.Amount, bool) {
	if a.Source.Balances == nil {
		return 0, false
	}
	available, err := money.Parse(a.Source.Balances.Available.Amount)
	return a.Share.Of(available), err == nil
}

// Balance is what accounts hold, or a figure of it. It is unknown when no account
// has a balance.
type Balance struct {
	Figure
	IsReliable bool // no check point is broken on a day that it uses, or later
}

// CheckingBalance returns the available balance of the checking accounts of the
// person or company: as reported, but in a replay that of the end-of-day series at
// the reporting day.
func (f *Facts) CheckingBalance(company bool) Balance {
	return f.balanceOf(f.holding(func(a *ledger.Account) bool { return countsChecking(a, company) }))
}

// SavingsBalance is the same of the savings accounts.
func (f *Facts) SavingsBalance(company bool) Balance {
	return f.balanceOf(f.holding(func(a *ledger.Account) bool { return countsSavings(a, company) }))
}

// BalanceAt is the same of the checking accounts at one institution.
func (f *Facts) BalanceAt(company bool, institution int32) Balance {
	return f.balanceOf(f.holding(func(a *ledger.Account) bool {
		return a.Institution == institution && countsChecking(a, company)
	}))
}

// SavingsAt is the same of the savings accounts at one institution.
func (f *Facts) SavingsAt(company bool, institution int32) Balance {
	return f.balanceOf(f.holding(func(a *ledger.Account) bool {
		return a.Institution == institution && countsSavings(a, company)
	}))
}

// AccountBalance is the same of one account.
func (f *Facts) AccountBalance(account int32) Balance { return f.balanceOf([]int32{account}) }

// countsSavings reports whether an account is one of the savings accounts that count
// in figures of the person or company.
func countsSavings(a *ledger.Account, company bool) bool {
	return !a.Kind.IsChecking() && a.Company == company && a.Share != ledger.ShareNone
}

// holding returns the accounts that are chosen.
func (f *Facts) holding(chosen func(*ledger.Account) bool) []int32 {
	var list []int32
	for i := range f.Ledger.Accounts {
		if chosen(&f.Ledger.Accounts[i]) {
			list = append(list, int32(i))
		}
	}
	return list
}

func (f *Facts) balanceOf(accounts []int32) Balance {
	b := Balance{IsReliable: true}
	d := f.Ledger.Day
	var items []Item
	for _, i := range accounts {
		a := &f.Ledger.Accounts[i]
		amount, known := reported(a)
		if f.Ledger.Replay {
			s := f.AccountBalances(int(i)).Available
			if known = s != nil; known {
				amount = a.Share.Of(s.At(d))
				b.IsReliable = b.IsReliable && s.IsReliable(d)
			}
		}
		if known {
			b.Known = true
			b.Amount, _ = money.Add(b.Amount, amount)
			items = append(items, Item{Kind: AccountItem, Index: i, Amount: amount})
		}
	}
	b.Behind = listed(items)
	if f.Ledger.Replay {
		b.Behind = func(yield func(Item) bool) {
			f.balanceBehind(accounts, f.chainedIn(accounts), Range{d, d})(yield)
		}
	}
	return b
}

// chain returns the movements of all chains behind the daily balances, newest
// first.
func (f *Facts) chain(company bool) []chained {
	which := whose(company)
	if f.chains[which] == nil {
		f.chains[which] = f.chainedIn(f.holding(func(a *ledger.Account) bool { return countsChecking(a, company) }))
	}
	return f.chains[which]
}

// chainedIn returns the movements of the chains of some accounts, newest first.
func (f *Facts) chainedIn(accounts []int32) []chained {
	l := f.Ledger
	list := make([]chained, 0)
	for _, i := range accounts {
		a := &l.Accounts[i]
		if f.AccountBalances(int(i)).Available == nil {
			continue
		}
		for at := a.First; at < a.End; at++ {
			if m := &l.Movements[at]; m.HasBalance {
				after := a.Anchor < 0 || l.Newer(at, a.Anchor)
				list = append(list, chained{at, after, signedShare(m, a.Share)})
			}
		}
	}
	slices.SortFunc(list, func(x, y chained) int { return byAge(l, x.movement, y.movement) })
	return list
}

func signedShare(m *ledger.Movement, share ledger.Share) money.Amount {
	if m.Direction == ledger.Debit {
		return -share.Of(m.Amount)
	}
	return share.Of(m.Amount)
}

// NegativeDays returns how many covered days of a range ended below zero, and
// whether that can be told.
func (b DailyBalances) NegativeDays(r Range) (days int, known bool) {
	if b.Invested == nil {
		return 0, false
	}
	r.First = max(r.First, b.Invested.First)
	for balance, n := range b.Invested.stretches(r) {
		if balance < 0 {
			days += n
		}
	}
	return days, true
}

// Covered returns the days of a range from the first covered one on.
func (b DailyBalances) Covered(r Range) Range {
	if b.Available == nil {
		return Range{r.Last + 1, r.Last}
	}
	return Range{max(r.First, b.Available.First), r.Last}
}

// Days returns the number of days of the range.
func (r Range) Days() int { return max(0, int(r.Last-r.First)+1) }

// IsEmpty reports whether the range has no day.
func (r Range) IsEmpty() bool { return r.Last < r.First }
