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
	return f.balanceBehind(company, nil, r)
}

// balanceBehind is [Facts.BalanceBehind] of the accounts of one institution; nil:
// of all.
func (f *Facts) balanceBehind(company bool, institution *int32, r Range) Evidence {
	return func(yield func(Item) bool) {
		l := f.Ledger
		for i := range l.Accounts {
			a := &l.Accounts[i]
			if !f.isChained(i, company) || institution != nil && a.Institution != *institution {
				continue
			}
			if available, known := reported(a); known && !yield(Item{Kind: AccountItem, Index: int32(i), Amount: available}) {
				return
			}
		}
		for _, c := range f.chain(company) {
			m, amount := &l.Movements[c.movement], c.amount
			switch {
			case institution != nil && l.Accounts[m.Holder].Institution != *institution:
				continue
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

// isChained reports whether an account is part of the daily balances.
func (f *Facts) isChained(account int, company bool) bool {
	return countsChecking(&f.Ledger.Accounts[account], company) && f.AccountBalances(account).Available != nil
}

// reported returns what counts of the available balance of an account, as received.
func reported(a *ledger.Account) (money.Amount, bool) {
	if a.Source.Balances == nil {
		return 0, false
	}
	available, err := money.Parse(a.Source.Balances.Available.Amount)
	return a.Share.Of(available), err == nil
}

// Balance is what checking accounts hold.
type Balance struct {
	Known      bool // an account has a balance
	Amount     money.Amount
	IsReliable bool
	Behind     Evidence
}

// BalanceAt returns the available balance of the checking accounts of an
// institution: as reported, but in a replay that of the end-of-day series at the
// reporting day.
func (f *Facts) BalanceAt(company bool, institution int32) Balance {
	b := Balance{IsReliable: true}
	d := f.Ledger.Day
	var accounts []Item
	for _, i := range f.Ledger.Institutions[institution].Accounts {
		a := &f.Ledger.Accounts[i]
		if !countsChecking(a, company) {
			continue
		}
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
			accounts = append(accounts, Item{Kind: AccountItem, Index: i, Amount: amount})
		}
	}
	b.Behind = listed(accounts)
	if f.Ledger.Replay {
		b.Behind = f.balanceBehind(company, &institution, Range{d, d})
	}
	return b
}

// chain returns the movements of all chains behind the daily balances, newest
// first.
func (f *Facts) chain(company bool) []chained {
	which, l := whose(company), f.Ledger
	if f.chains[which] != nil {
		return f.chains[which]
	}
	list := make([]chained, 0, len(l.Movements))
	for i := range l.Accounts {
		a := &l.Accounts[i]
		if !f.isChained(i, company) {
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
	f.chains[which] = list
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
	for day := max(r.First, b.Invested.First); day <= r.Last; day++ {
		if b.Invested.At(day) < 0 {
			days++
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
