package risksignals

import (
	"cmp"
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/taxonomy"
)

// cardTraces are what the bills and lines of cards tell, by due day and by day.
type cardTraces struct {
	late      fact.Traces // late bills
	minimum   fact.Traces // bills of which little more than the minimum was paid
	revolving fact.Traces // bills with the charge for it, and lines that name it
	advances  fact.Traces // cash taken with a card, and the fees for it
	taken     fact.Traces // of advances those that count: withdrawals, and fees of days without one
}

func (b *body) cardTraces() cardTraces {
	var c cardTraces
	for _, bill := range b.facts.Bills(b.company) {
		t := fact.Trace{Item: bill.Item(0), Day: bill.DueDay}
		if bill.Late {
			c.late = append(c.late, t)
		}
		if bill.Minimum {
			c.minimum = append(c.minimum, t)
		}
		if bill.Revolving {
			c.revolving = append(c.revolving, t)
		}
	}
	withdrawn := make(map[calendar.Day]bool)
	for _, line := range b.facts.CardLines(b.company) {
		m := &b.facts.Ledger.Movements[line.Movement]
		t := fact.Trace{Item: fact.Item{Index: line.Movement, Amount: line.Amount}, Day: m.Day}
		if m.Line.OtherCreditsType == "CREDITO_ROTATIVO" {
			c.revolving = append(c.revolving, t)
		}
		if isCashAdvance(m) {
			c.advances = append(c.advances, t)
			withdrawn[m.Day] = withdrawn[m.Day] || !isFee(m)
		}
	}
	for _, t := range c.advances {
		if !isFee(&b.facts.Ledger.Movements[t.Item.Index]) || !withdrawn[t.Day] {
			c.taken = append(c.taken, t)
		}
	}
	// Bills stand before lines in evidence, but windows need one order by day.
	slices.SortStableFunc(c.revolving, func(x, y fact.Trace) int { return cmp.Compare(y.Day, x.Day) })
	return c
}

// isCashAdvance reports whether a line of a card is cash taken with it, or a fee for
// that.
func isCashAdvance(m *ledger.Movement) bool {
	const (
		counterCash = 6010 // merchant category codes
		machineCash = 6011
		withdrawals = taxonomy.Code(20700) / 100
	)
	if m.Direction != ledger.Debit {
		return false
	}
	switch m.Line.FeeType {
	case "SAQUE_CARTAO_BRASIL", "SAQUE_CARTAO_EXTERIOR":
		return true
	}
	return m.Line.PayeeMCC == counterCash || m.Line.PayeeMCC == machineCash || m.Decision.Code/100 == withdrawals
}

func isFee(m *ledger.Movement) bool { return m.Line.TransactionType == "TARIFA" }

func (b *body) advances() {
	days := b.flows.LastDays(halfYear)
	b.count("cashAdvanceCount", b.cards, b.bills.taken.In(days))
	b.sum("cashAdvanceAmount", b.cards, b.bills.advances.In(days))
}
