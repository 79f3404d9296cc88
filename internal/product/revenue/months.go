package revenue

import (
	"fmt"

	"github.com/openklaas/klaas/internal/fact"
)

// maxMonths is how many calendar months are told, with that of the reporting day.
const maxMonths = 12

// months writes the months from that of the oldest entry on, oldest first.
func (b *body) months() {
	n := 0
	if covered := &b.flows.Coverage; covered.Entries > 0 {
		n = min(maxMonths, 1+b.month()-covered.First.MonthIndex())
	}
	payers := b.payers()
	b.List("months", n, func(i int) {
		before := n - 1 - i
		s, days := b.flows.Month(fact.OperatingInflow, before), b.flows.MonthRange(before)
		behind := b.flows.Behind(fact.OperatingInflow, days)
		b.Field("month", monthName(b.month()-before))
		b.Bool("isPartial", before == 0 || before > b.flows.Coverage.Months)
		b.Money("revenue", s.Amount, behind)
		b.Count("receiptCount", s.Entries, behind)
		b.Days("payerCount", payers[before], behind)
	})
}

// payers returns how many counterparties paid in each month, by how many months it
// lies before that of the reporting day.
func (b *body) payers() (count [maxMonths]int) {
	last := make(map[fact.Stream]int) // the month in which a payer was met before
	for i := range b.revenue.Entries {
		at := b.revenue.Entries[i].Flow.Movement
		before := b.month() - b.facts.Ledger.Movements[at].Day.MonthIndex()
		if before >= maxMonths {
			break // They are newest first.
		}
		payer, named := b.facts.Stream(at)
		if met, known := last[payer]; named && (!known || met != before) {
			last[payer] = before
			count[before]++
		}
	}
	return count
}

func (b *body) month() int { return b.facts.Ledger.Day.MonthIndex() }

// monthName returns YYYY-MM of a month as calendar.Day.MonthIndex counts.
func monthName(index int) string { return fmt.Sprintf("%04d-%02d", index/12, index%12+1) }
