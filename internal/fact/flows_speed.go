package fact

import (
	"cmp"
	"slices"

	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/taxonomy"
)

// Speed tells how fast a salary is spent.
type Speed struct {
	Known  bool
	Hours  money.Amount // 2 decimals
	Behind Evidence     // the salaries and what was spent of them
}

const (
	newestSalaries = 6
	leastSalaries  = 2
)

// The categories of regular salary: paid, and moved here by portability.
const (
	salary       taxonomy.Code = 10101
	portedSalary taxonomy.Code = 10103
)

// isSalary reports whether an entry is regular salary: a credit in 010101 or 010103
// that is no own transfer, reversal or sweep.
func isSalary(m *ledger.Movement, e *Flow) bool {
	if m.Decision.Code != salary && m.Decision.Code != portedSalary {
		return false
	}
	return e.Classes.Has(RealInflow) && !IsSweep(m)
}

// HoursToSpendIncome returns the median over the newest 6 salaries of the hours
// until 90 % of it was spent (cover outflow of all checking accounts). The next
// salary cuts the wait: its distance counts. A salary that is neither spent nor
// followed by another is left out. It is unknown for fewer than 2 salaries or when
// more than half were cut.
func (f *Facts) HoursToSpendIncome(company bool) Speed {
	flows := f.Flows(company)
	s := spending{l: f.Ledger}
	for i := len(flows.Entries) - 1; i >= 0; i-- { // oldest first
		e := &flows.Entries[i]
		if isSalary(s.at(e), e) {
			s.salaries = append(s.salaries, e)
		}
		if e.Classes.Has(CoverOutflow) {
			s.spent = append(s.spent, e)
		}
	}
	// Salaries of one moment must not depend on the order of the accounts.
	slices.SortStableFunc(s.salaries, func(x, y *Flow) int {
		return cmp.Or(cmp.Compare(y.Age, x.Age), cmp.Compare(s.at(x).Instant, s.at(y).Instant), cmp.Compare(x.Amount, y.Amount))
	})
	return s.speed()
}

// spending follows salaries through what was spent. Both are oldest first, inside
// a day those without a time first.
type spending struct {
	l        *ledger.Ledger
	salaries []*Flow
	spent    []*Flow
}

func (s *spending) at(e *Flow) *ledger.Movement { return &s.l.Movements[e.Movement] }

// wait is how long one salary lasted.
type wait struct {
	salary, next *Flow   // next is nil for the newest one
	milliseconds int64   // exact
	cut          bool    // by the next salary, before it was spent
	spent        []*Flow // of it
}

func (s *spending) speed() Speed {
	var waits []wait
	for i := len(s.salaries) - 1; i >= 0 && len(waits) < newestSalaries; i-- {
		w := wait{salary: s.salaries[i]}
		if i+1 < len(s.salaries) {
			w.next = s.salaries[i+1]
		}
		if s.follow(&w) {
			waits = append(waits, w)
		}
	}
	cut := 0
	for i := range waits {
		if waits[i].cut {
			cut++
		}
	}
	if len(waits) < leastSalaries || 2*cut > len(waits) {
		return Speed{}
	}
	return Speed{Known: true, Hours: medianHours(waits), Behind: s.behind(waits)}
}

// follow reports whether the salary was spent or cut, and when.
func (s *spending) follow(w *wait) bool {
	var sum money.Amount
	left := w.salary.Amount - w.salary.Returned
	for _, e := range s.spent {
		if !s.isSince(w.salary, e) || w.next != nil && s.isSince(w.next, e) {
			continue
		}
		w.spent = append(w.spent, e)
		sum, _ = money.Add(sum, e.In(CoverOutflow))
		if sum >= left-left/10 { // 90 %
			w.milliseconds = s.distance(w.salary, e)
			return true
		}
	}
	if w.next == nil {
		return false
	}
	w.cut, w.milliseconds = true, s.distance(w.salary, w.next)
	return true
}

// isSince reports whether an entry can be paid from a salary: it is of a later
// day, or of its own day unless both have a time and the entry's is earlier.
func (s *spending) isSince(salary, e *Flow) bool {
	if e.Age != salary.Age {
		return e.Age < salary.Age
	}
	paid, spent := s.at(salary), s.at(e)
	return !paid.Timed || !spent.Timed || spent.Instant >= paid.Instant
}

const dayMilliseconds = 24 * 60 * 60 * 1000

// distance returns the time between two entries: exact when both have a time, else
// in whole days.
func (s *spending) distance(from, to *Flow) int64 {
	if a, b := s.at(from), s.at(to); a.Timed && b.Timed {
		return b.Instant - a.Instant
	}
	return int64(from.Age-to.Age) * dayMilliseconds
}

// medianHours returns the median with 2 decimals, half up.
func medianHours(waits []wait) money.Amount {
	all := make([]int64, len(waits))
	for i := range waits {
		all[i] = waits[i].milliseconds
	}
	slices.Sort(all)
	const twoHundredths = 2 * 36_000 // milliseconds in two hundredths of an hour
	twice := all[(len(all)-1)/2] + all[len(all)/2]
	hundredths := (2*twice + twoHundredths) / (2 * twoHundredths)
	return money.Amount(hundredths) * (money.Scale / 100)
}

// behind returns the salaries, the one that cut the newest, and what was spent of
// them, newest first.
func (s *spending) behind(waits []wait) Evidence {
	var items []Item
	add := func(e *Flow) { items = append(items, Item{Index: e.Movement, Amount: e.Signed()}) }
	if next := waits[0].next; next != nil {
		add(next)
	}
	for i := range waits {
		add(waits[i].salary)
		for _, e := range waits[i].spent {
			add(e)
		}
	}
	slices.SortFunc(items, func(x, y Item) int { return byAge(s.l, x.Index, y.Index) })
	return listed(items)
}
