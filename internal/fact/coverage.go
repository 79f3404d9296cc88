package fact

import (
	"cmp"
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
)

// Coverage tells how far back the record of one holder reaches.
type Coverage struct {
	First   calendar.Day // day of the oldest effective entry; calendar.None without one
	Last    calendar.Day // day of the newest one up to the reporting day
	Days    int          // covered days, at most 360
	Months  int          // full months
	Entries int          // effective entries up to the reporting day
}

// maxDaysCovered is the most days that reports say are covered.
const maxDaysCovered = 360

// lastStartDay is the last day of month on which the oldest entry leaves its
// month a full one.
const lastStartDay = 5

func (c *Coverage) add(day calendar.Day) {
	if c.Entries == 0 {
		c.First, c.Last = day, day
	}
	c.First, c.Last = min(c.First, day), max(c.Last, day)
	c.Entries++
}

// finish computes the figures of the days. A month is full when it lies before
// that of the reporting day and begins in or after the month of the oldest entry;
// that month itself only when the entry's day of month is 5 or less.
func (c *Coverage) finish(d calendar.Day) {
	if c.Entries == 0 {
		c.First, c.Last = calendar.None, calendar.None
		return
	}
	c.Days = min(maxDaysCovered, int(d-c.First)+1)
	c.Months = d.MonthIndex() - c.First.MonthIndex()
	if _, _, day := c.First.Date(); c.Months > 0 && day > lastStartDay {
		c.Months--
	}
}

// AccountCoverage returns the coverage of an account alone.
func (f *Facts) AccountCoverage(account int) Coverage {
	var c Coverage
	a := &f.Ledger.Accounts[account]
	f.eachEffective(a.First, a.End, c.add)
	c.finish(f.Ledger.Day)
	return c
}

// CardCoverage returns the coverage of a card alone, over the lines of its open
// and closed bills.
func (f *Facts) CardCoverage(card int) Coverage {
	var k Coverage
	c := &f.Ledger.Cards[card]
	f.eachEffective(c.First, c.End, k.add)
	k.finish(f.Ledger.Day)
	return k
}

// Coverage returns the coverage of the person, or of the company: over all of
// its checking accounts that count.
func (f *Facts) Coverage(company bool) Coverage {
	var c Coverage
	for i := range f.Ledger.Accounts {
		if a := &f.Ledger.Accounts[i]; countsChecking(a, company) {
			f.eachEffective(a.First, a.End, c.add)
		}
	}
	c.finish(f.Ledger.Day)
	return c
}

// countsChecking reports whether an account is part of the checking figures of
// the person or company.
func countsChecking(a *ledger.Account, company bool) bool {
	return a.Kind.IsChecking() && a.Company == company && a.Share != ledger.ShareNone
}

// eachEffective visits the days of the effective movements up to the reporting
// day.
func (f *Facts) eachEffective(first, end int32, visit func(calendar.Day)) {
	for at := first; at < end; at++ {
		m := &f.Ledger.Movements[at]
		if m.Standing == ledger.Counted && m.Phase == ledger.Effective && m.Day <= f.Ledger.Day {
			visit(m.Day)
		}
	}
}

// DailyBalances are the end-of-day sums over all checking accounts of the person
// or company, joint accounts by their share. Before its own first entry an
// account counts with its opening balance, one without entries with its available
// balance, one without balances not at all.
type DailyBalances struct {
	// Available is the sum of the available balances; nil when it is not
	// computable: no covered day, or no account with balances. Its First is the
	// first covered day.
	Available *Series
	// Invested is the same with the automatically invested money of accounts
	// with sweeps: a day is negative when this sum is below zero.
	Invested *Series
}

// DailyBalances returns the end-of-day sums of the person or company.
func (f *Facts) DailyBalances(company bool) DailyBalances {
	which := 0
	if company {
		which = 1
	}
	if f.dailyBalances[which] == nil {
		b := f.sumBalances(company)
		f.dailyBalances[which] = &b
	}
	return *f.dailyBalances[which]
}

func (f *Facts) sumBalances(company bool) DailyBalances {
	covered := f.Coverage(company)
	if covered.Entries == 0 {
		return DailyBalances{}
	}
	available, invested := sum{}, sum{}
	for i := range f.Ledger.Accounts {
		a := &f.Ledger.Accounts[i]
		if !countsChecking(a, company) {
			continue
		}
		if b := f.AccountBalances(i); b.Available != nil {
			available.add(b.Available, a.Share)
			invested.add(b.Invested, a.Share)
		}
	}
	if available.series == 0 {
		return DailyBalances{}
	}
	return DailyBalances{available.total(covered.First), invested.total(covered.First)}
}

// sum adds up series day by day.
type sum struct {
	series       int
	opening      money.Amount
	steps        []change // by how much the sum changes on a day
	reliableFrom calendar.Day
}

func (s *sum) add(series *Series, share ledger.Share) {
	if s.series == 0 {
		s.reliableFrom = calendar.None
	}
	s.series++
	s.reliableFrom = max(s.reliableFrom, series.ReliableFrom)
	before := share.Of(series.opening)
	s.opening, _ = money.Add(s.opening, before)
	for _, c := range series.changes {
		after := share.Of(c.balance)
		s.steps = append(s.steps, change{c.day, after - before})
		before = after
	}
}

func (s *sum) total(first calendar.Day) *Series {
	t := &Series{First: first, ReliableFrom: s.reliableFrom, opening: s.opening}
	slices.SortStableFunc(s.steps, func(x, y change) int { return cmp.Compare(x.day, y.day) })
	balance := s.opening
	for _, step := range s.steps {
		balance, _ = money.Add(balance, step.balance)
		t.put(step.day, balance)
	}
	return t
}
