package fact

import (
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
)

// Flow is an effective entry of a checking account up to the reporting day, as
// figures see it.
type Flow struct {
	Movement    int32
	Age         int32 // days before the reporting day
	Institution int32
	Classes     ClassSet
	Amount      money.Amount // what counts of it: all, or half of a joint account's; 0 in another currency than BRL
	Returned    money.Amount // of Amount: what came back by refunds in the document
}

// In returns the amount with which the entry counts in a class that it belongs
// to. Of an original that came back in part, the class of reversals has what came
// back and the real classes have the rest; every other class has all of it.
func (f *Flow) In(c Class) money.Amount {
	switch {
	case c == ReversalIn || c == ReversalOut:
		if f.Returned > 0 {
			return f.Returned
		}
	case c == CoverOutflow && f.Classes.HasAny(CardRepayment, LoanOutflow):
	case afterRefunds.HasAny(c):
		return f.Amount - f.Returned
	}
	return f.Amount
}

// Signed returns the amount as the balance feels it.
func (f *Flow) Signed() money.Amount {
	if f.Classes.Has(CashOutflow) {
		return -f.Amount
	}
	return f.Amount
}

// Sum is the amount of some entries and their number.
type Sum struct {
	Amount  money.Amount
	Entries int
}

// Add returns the sum of both. It is held at the ends of the range of amounts.
func (s Sum) Add(amount money.Amount, entries int) Sum {
	s.Amount, _ = money.Add(s.Amount, amount)
	s.Entries += entries
	return s
}

// Flows are the money flows of the person or company through all of their
// checking accounts together: every entry once with its classes, and the sums of
// every class by 30-day period and by month.
type Flows struct {
	Coverage Coverage
	// Entries are newest first: by day, inside a day those with a time first,
	// newest first; else in reverse document order.
	Entries []Flow

	day     calendar.Day
	periods [classes][periods]Sum
	months  [classes][months]Sum
}

const (
	periodDays = 30
	periods    = maxDaysCovered/periodDays + 1 // the last one is of all older entries
	months     = 13                            // that of the reporting day and 12 before it
)

// Flows returns the money flows of the person or company.
func (f *Facts) Flows(company bool) *Flows {
	which := whose(company)
	if f.flows[which] == nil {
		f.flows[which] = f.newFlows(company)
	}
	return f.flows[which]
}

func (f *Facts) newFlows(company bool) *Flows {
	l := f.Ledger
	flows := &Flows{Coverage: f.Coverage(company), day: l.Day}
	flows.Entries = make([]Flow, 0, flows.Coverage.Entries)
	paid := cardPayments{l: l}
	for i := range l.Accounts {
		a := &l.Accounts[i]
		if !countsChecking(a, company) {
			continue
		}
		for at := a.First; at < a.End; at++ {
			m := &l.Movements[at]
			if m.Standing == ledger.Counted && m.Phase == ledger.Effective && m.Day <= l.Day {
				e := Flow{Movement: at, Age: int32(l.Day - m.Day), Institution: a.Institution}
				e.Amount, e.Returned = counted(m, a.Share)
				e.Classes = classesOf(m, func() bool { return paid.by(m, a) })
				flows.Entries = append(flows.Entries, e)
			}
		}
	}
	slices.SortFunc(flows.Entries, func(x, y Flow) int { return byAge(l, x.Movement, y.Movement) })
	for i := range flows.Entries {
		flows.add(&flows.Entries[i])
	}
	return flows
}

// counted returns what counts of an entry, and what of that came back.
func counted(m *ledger.Movement, share ledger.Share) (amount, returned money.Amount) {
	if m.Foreign {
		return 0, 0
	}
	amount = share.Of(m.Amount)
	if m.Role == ledger.RoleReversed {
		returned = min(share.Of(m.Reversed), amount)
	}
	return amount, returned
}

func (f *Flows) add(e *Flow) {
	period := min(e.Age/periodDays, periods-1)
	month := f.day.MonthIndex() - (f.day - calendar.Day(e.Age)).MonthIndex()
	for c := range e.Classes.each() {
		amount := e.In(c)
		f.periods[c][period] = f.periods[c][period].Add(amount, 1)
		if month < months {
			f.months[c][month] = f.months[c][month].Add(amount, 1)
		}
	}
}

// HasChecking reports whether the person or company has a checking account that
// counts in figures.
func (f *Facts) HasChecking(company bool) bool {
	for i := range f.Ledger.Institutions {
		if f.HasCheckingAt(company, i) {
			return true
		}
	}
	return false
}

// HasCheckingAt reports the same of the accounts at one institution.
func (f *Facts) HasCheckingAt(company bool, institution int) bool {
	return slices.ContainsFunc(f.Ledger.Institutions[institution].Accounts, func(i int32) bool {
		return countsChecking(&f.Ledger.Accounts[i], company)
	})
}

// byAge orders movements newest first.
func byAge(l *ledger.Ledger, x, y int32) int {
	switch {
	case x == y:
		return 0
	case l.Newer(x, y):
		return -1
	}
	return 1
}
