package fact

import (
	"cmp"
	"slices"

	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
)

// RecurringExpenses are what is paid to the same payees again and again, from
// checking accounts and with cards.
type RecurringExpenses struct {
	Average Figure // a month, over the newest 6 full months; unknown without one
	Months  int    // full months behind the averages
	Streams []RecurringExpense
}

// RecurringExpense is what one payee gets.
type RecurringExpense struct {
	Stream        Stream
	Newest        int32 // its newest entry
	Average       Figure
	MonthsPresent int      // calendar months with an entry, in 180 days
	Present       Evidence // those entries

	entries []expense // newest first
	paid    money.Amount
}

// expense is an entry that may be of a recurring expense.
type expense struct {
	movement int32
	amount   money.Amount // what counts of it, without what came back
}

// RecurringExpenses returns the recurring expenses of the person or company, by
// falling average, then by name: debits of streams that are recurrent at D, of any
// category but investments (0503) and card bills (0602), without own transfers and
// reversals.
func (f *Facts) RecurringExpenses(company bool) RecurringExpenses {
	flows := f.Flows(company)
	r := RecurringExpenses{Months: flows.FullMonths(debtMonths), Streams: f.expenseStreams(company)}
	days := flows.NewestMonths(debtMonths)
	var paid money.Amount
	var all []Evidence
	for i := range r.Streams {
		s := &r.Streams[i]
		behind := f.expensesIn(s.entries, days)
		s.paid = behind.Sum().Amount
		if paid, _ = money.Add(paid, s.paid); r.Months > 0 {
			s.Average = Figure{true, Average(s.paid, r.Months), behind}
		}
		all = append(all, behind)
		s.MonthsPresent, s.Present = f.monthsPresent(s.entries)
	}
	if r.Months > 0 {
		r.Average = Figure{true, Average(paid, r.Months), f.Union(all...)}
	}
	slices.SortFunc(r.Streams, func(x, y RecurringExpense) int {
		return cmp.Or(
			cmp.Compare(y.paid, x.paid), cmp.Compare(f.Ledger.Movements[x.Newest].Name, f.Ledger.Movements[y.Newest].Name),
			cmp.Compare(x.Stream.Party.Key, y.Stream.Party.Key),
		)
	})
	return r
}

// expenseStreams returns the recurrent streams of expenses with their entries.
func (f *Facts) expenseStreams(company bool) []RecurringExpense {
	expenses := f.expenses(company)
	movements := make([]int32, len(expenses))
	for i := range expenses {
		movements[i] = expenses[i].movement
	}
	recurrent := f.Recurrent(company, movements)
	if len(recurrent) == 0 {
		return nil
	}
	all := f.allStreams()
	const unseen, other = 0, -1
	place := make([]int32, len(all.list)) // behind each stream: 1 + its place in list
	var list []RecurringExpense
	for _, e := range expenses {
		id := all.byMovement[e.movement]
		if id == noStream {
			continue
		}
		if place[id] == unseen {
			place[id] = other
			if recurrent[all.list[id]] {
				list = append(list, RecurringExpense{Stream: all.list[id], Newest: e.movement})
				place[id] = int32(len(list))
			}
		}
		if at := place[id]; at != other {
			list[at-1].entries = append(list[at-1].entries, e)
		}
	}
	return list
}

// expenses returns the entries that may be of recurring expenses, newest first.
func (f *Facts) expenses(company bool) []expense {
	l, flows, lines := f.Ledger, f.Flows(company), f.CardLines(company)
	list := make([]expense, 0, len(flows.Entries)+len(lines))
	add := func(movement int32, amount, returned money.Amount) {
		m := &l.Movements[movement]
		if m.Direction != ledger.Debit || m.Foreign || IsOwnTransfer(m) || isWhollyReversal(m) {
			return
		}
		if group := m.Decision.Code.Group(); group != 503 && group != 602 {
			list = append(list, expense{movement, amount - returned})
		}
	}
	for i := range flows.Entries {
		e := &flows.Entries[i]
		for len(lines) > 0 && l.Newer(lines[0].Movement, e.Movement) {
			amount, returned := counted(&l.Movements[lines[0].Movement], ledger.ShareWhole)
			add(lines[0].Movement, amount, returned)
			lines = lines[1:]
		}
		add(e.Movement, e.Amount, e.Returned)
	}
	for i := range lines {
		amount, returned := counted(&l.Movements[lines[i].Movement], ledger.ShareWhole)
		add(lines[i].Movement, amount, returned)
	}
	return list
}

// expensesIn returns the expenses of a range of days.
func (f *Facts) expensesIn(entries []expense, days Range) Evidence {
	return func(yield func(Item) bool) {
		for _, e := range entries {
			day := f.Ledger.Movements[e.movement].Day
			if days.First <= day && day <= days.Last && !yield(Item{Index: e.movement, Amount: e.amount}) {
				return
			}
		}
	}
}

// monthsPresent returns in how many calendar months of 180 days expenses fall, and
// which do.
func (f *Facts) monthsPresent(entries []expense) (int, Evidence) {
	behind := f.expensesIn(entries, Range{f.Ledger.Day - recurrentDays + 1, f.Ledger.Day})
	months, last := 0, -1
	for item := range behind { // newest first
		if month := f.Ledger.Movements[item.Index].Day.MonthIndex(); month != last {
			months, last = months+1, month
		}
	}
	return months, behind
}
