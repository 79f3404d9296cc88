package revenue

import (
	"fmt"

	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/product/spec"
)

// streamWindows are the windows of the sums of a source, in days.
var streamWindows = [...]int32{30, 60, 90, fact.RevenueDays}

// stream is the revenue from one source in the last 180 days.
type stream struct {
	sums    [len(streamWindows)]fact.Sum
	entries []*fact.RevenueEntry // newest first
}

// streams writes the sources that have a receipt in the last 180 days.
func (b *body) streams() {
	all := b.byType()
	var present []fact.RevenueType
	for t := range all {
		if len(all[t].entries) > 0 {
			present = append(present, fact.RevenueType(t))
		}
	}
	days := b.flows.LastDays(fact.RevenueDays)
	if b.revenue.Known {
		b.Days("numberOfRevenueStreams", len(present), b.flows.Behind(fact.OperatingInflow, days))
	} else {
		b.Unknown("numberOfRevenueStreams")
	}
	total := b.flows.Last(fact.OperatingInflow, fact.RevenueDays).Amount
	b.List("revenueStreams", len(present), func(i int) {
		s := &all[present[i]]
		b.Field("revenueStreamType", present[i].String())
		for w, n := range streamWindows {
			b.Money(fmt.Sprintf("totalLast%dDays", n), s.sums[w].Amount, behind(s.entries, n))
		}
		b.Ratio("share", fact.Quotient(s.sums[len(s.sums)-1].Amount, total), b.flows.Behind(fact.OperatingInflow, days))
		b.receipts(s)
	})
}

func (b *body) byType() (all [fact.RevenueTypes]stream) {
	for i := range b.revenue.Entries {
		e := &b.revenue.Entries[i]
		if e.Flow.Age >= fact.RevenueDays {
			break // They are newest first.
		}
		s := &all[e.Type]
		s.entries = append(s.entries, e)
		for w, n := range streamWindows {
			if e.Flow.Age < n {
				s.sums[w] = s.sums[w].Add(e.Amount, 1)
			}
		}
	}
	return all
}

// behind is the evidence of entries of the last days.
func behind(entries []*fact.RevenueEntry, days int32) fact.Evidence {
	return func(yield func(fact.Item) bool) {
		for _, e := range entries {
			if e.Flow.Age >= days || !yield(fact.Item{Index: e.Flow.Movement, Amount: e.Amount}) {
				return
			}
		}
	}
}

// receipts writes a list that is one figure: the rows are the evidence of it.
func (b *body) receipts(s *stream) {
	const key = "transactions"
	leaveOut := b.Input.Version == spec.V11 && b.Input.Settings.OmitPartieInV11
	b.List(key, len(s.entries), func(i int) {
		m := &b.facts.Ledger.Movements[s.entries[i].Flow.Movement]
		b.Field("transactionId", m.ID)
		b.Field("transactionDate", m.Day.String())
		b.Number("transactionAmount", s.entries[i].Amount)
		b.Field("transactionName", m.Entry.Name)
		if !leaveOut {
			b.Field("partieCnpjCpf", b.Input.Seal(m.PartieTaxID()))
		}
	})
	b.NoteList(key, false, behind(s.entries, fact.RevenueDays))
}
