package fact

import (
	"cmp"
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/taxonomy"
)

// Series is a balance at the end of each day, exact to the last decimal. Days
// without entries repeat the balance of the day before, so only the days on
// which it changed are kept.
type Series struct {
	// First is the first covered day: that of the oldest effective entry;
	// calendar.None where there is no entry at all.
	First calendar.Day
	// ReliableFrom is the first day after the newest broken check point: that
	// day and older ones are wrong somewhere. calendar.None when none is broken.
	ReliableFrom calendar.Day

	opening money.Amount // at the end of the day before First
	changes []change     // by day
}

// change is the balance at the end of a day on which it changed.
type change struct {
	day     calendar.Day
	balance money.Amount
}

// At returns the balance at the end of a day. Before the first entry it is the
// opening balance; after the reporting day it is that of the reporting day.
func (s *Series) At(day calendar.Day) money.Amount {
	i, _ := slices.BinarySearchFunc(s.changes, day+1, func(c change, d calendar.Day) int { return cmp.Compare(c.day, d) })
	if i == 0 {
		return s.opening
	}
	return s.changes[i-1].balance
}

// IsReliable reports whether no check point is broken on the day or later.
func (s *Series) IsReliable(day calendar.Day) bool { return day >= s.ReliableFrom }

// AccountBalances are the end-of-day series of an account, as received: joint
// accounts count whole here.
type AccountBalances struct {
	// Available is the series of the available balance. nil when it cannot be
	// told: no balance was sent, or its entries are in several currencies.
	Available *Series
	// Invested is the series of available and automatically invested money, of
	// an account with sweeps; else it is Available.
	Invested *Series
}

// AccountBalances returns the end-of-day series of an account up to the
// reporting day.
//
// It is anchored on the reported balance and follows the chain of balances both
// ways, so in a replay it walks back through the later
// entries. Check points are statement lines that tell a balance, and the floor
// of −(contracted + unarranged overdraft) where the limit is known.
func (f *Facts) AccountBalances(account int) AccountBalances {
	if f.accountBalances == nil {
		f.accountBalances = make([]*AccountBalances, len(f.Ledger.Accounts))
	}
	if f.accountBalances[account] == nil {
		b := seriesOf(f.Ledger, &f.Ledger.Accounts[account])
		f.accountBalances[account] = &b
	}
	return *f.accountBalances[account]
}

// The categories of automatic applications and redemptions.
const (
	sweepOut taxonomy.Code = 50305
	sweepIn  taxonomy.Code = 10505
)

// IsSweep reports whether a movement is an automatic application or redemption.
func IsSweep(m *ledger.Movement) bool {
	return m.Role == ledger.RoleSweep || m.Decision.Code == sweepOut || m.Decision.Code == sweepIn
}

func seriesOf(l *ledger.Ledger, a *ledger.Account) AccountBalances {
	if a.Source.Balances == nil {
		return AccountBalances{}
	}
	available, err := money.Parse(a.Source.Balances.Available.Amount)
	if err != nil {
		return AccountBalances{}
	}
	chain, oldest, complete := chainOf(l, a)
	if !complete {
		return AccountBalances{}
	}
	opening := available
	if oldest >= 0 {
		m := &l.Movements[oldest]
		opening, _ = money.Add(m.Balance, -m.Signed())
	}
	b := AccountBalances{Available: newSeries(l, chain, opening, false)}
	b.Invested = b.Available
	if total, ok := investedOpening(l, a, chain, opening, available); ok {
		b.Invested = newSeries(l, chain, total, true)
	}
	from := brokenUntil(l, a, b)
	b.Available.ReliableFrom, b.Invested.ReliableFrom = from, from
	return b
}

// chainOf returns the movements of the chain of balances by day and the oldest
// of them, -1 for none. It is not complete when a counted one has no place in it:
// another currency, or amounts beyond the range. In a replay a row may be counted in
// place of a later one that is in the chain, so there it is not complete when no
// movement has a place.
func chainOf(l *ledger.Ledger, a *ledger.Account) (chain []int32, oldest int32, complete bool) {
	oldest = -1
	outside := false
	for at := a.First; at < a.End; at++ {
		m := &l.Movements[at]
		if m.HasBalance {
			chain = append(chain, at)
			if oldest < 0 || l.Newer(oldest, at) {
				oldest = at
			}
			continue
		}
		outside = outside || m.Phase == ledger.Effective && (m.Standing == ledger.Counted || m.Standing == ledger.AfterDay)
	}
	if outside && (!l.Replay || len(chain) == 0) {
		return nil, -1, false
	}
	slices.SortStableFunc(chain, func(x, y int32) int { return cmp.Compare(l.Movements[x].Day, l.Movements[y].Day) })
	return chain, oldest, true
}

// newSeries adds up a chain from its opening balance on, with or without sweeps.
func newSeries(l *ledger.Ledger, chain []int32, opening money.Amount, withoutSweeps bool) *Series {
	s := &Series{First: calendar.None, ReliableFrom: calendar.None, opening: opening}
	if len(chain) > 0 {
		s.First = l.Movements[chain[0]].Day
	}
	balance := opening
	for _, at := range chain {
		m := &l.Movements[at]
		if m.Day > l.Day {
			break
		}
		if withoutSweeps && IsSweep(m) {
			continue
		}
		balance, _ = money.Add(balance, m.Signed())
		s.put(m.Day, balance)
	}
	return s
}

func (s *Series) put(day calendar.Day, balance money.Amount) {
	if n := len(s.changes); n > 0 && s.changes[n-1].day == day {
		s.changes[n-1].balance = balance
		return
	}
	s.changes = append(s.changes, change{day, balance})
}

// investedOpening returns the opening balance of the chain without sweeps, of an
// account that has some: it meets automaticallyInvestedAmount, or the available
// balance where that is larger, at the anchor.
func investedOpening(l *ledger.Ledger, a *ledger.Account, chain []int32, opening, available money.Amount) (money.Amount, bool) {
	swept, sweeps := money.Amount(0), false
	for _, at := range chain {
		m := &l.Movements[at]
		if !IsSweep(m) {
			continue
		}
		sweeps = true
		if a.Anchor >= 0 && !l.Newer(at, a.Anchor) {
			swept, _ = money.Add(swept, m.Signed())
		}
	}
	if !sweeps {
		return 0, false
	}
	invested, err := money.Parse(a.Source.Balances.AutomaticallyInvested.Amount)
	if err != nil || invested < available {
		invested = available
	}
	total, _ := money.Add(opening, invested-available)
	total, _ = money.Add(total, swept)
	return total, true
}
