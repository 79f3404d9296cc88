package fact

import (
	"slices"

	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/openfinance"
	"github.com/openklaas/klaas/taxonomy"
)

// CardUse tells how one card account is used and paid, from its bills and lines up to
// the reporting day.
type CardUse struct {
	Card     int32
	Limit    Figure   // the one limit of the card account, as received
	Covered  int      // days covered by its lines
	Oldest   Evidence // the oldest line
	Closed   Evidence // all closed bills
	Open     Figure   // what the open bill amounts to; 0 without one
	Newest   Figure   // total of the closed bill due last, as received
	Average3 Figure   // mean total of the up to 3 closed bills due last that have one
	Late     Evidence // late bills and late charges; nil: none
	InParts  Evidence // bills that are paid in instalments, and lines that tell it; nil: none
}

const (
	averagedBills = 3
	// openDays is the age from which lines of a card without closed bills are on no
	// bill.
	openDays = 60

	paidInParts taxonomy.Code = 60204
)

// cardItems are the items behind the figures of one card.
type cardItems struct{ oldest, closed, late, inParts []Item }

// CardUses returns the use of the cards of the person or company, in document order.
func (f *Facts) CardUses(company bool) []CardUse {
	l := f.Ledger
	behind := make([]cardItems, len(l.Cards))
	for _, b := range f.Bills(company) {
		items, item := &behind[b.Card], b.Item(0)
		items.closed = append(items.closed, item)
		if b.Late {
			items.late = append(items.late, item)
		}
		if isPaidInParts(&l.Cards[b.Card].Closed[b.Bill]) {
			items.inParts = append(items.inParts, item)
		}
	}
	for _, line := range f.CardLines(company) {
		m, items, item := &l.Movements[line.Movement], &behind[line.Card], Item{Index: line.Movement, Amount: line.Amount}
		if isLateLine(m) {
			items.late = append(items.late, item)
		}
		if m.Decision.Code == paidInParts || m.Line.OtherCreditsType == "PARCELAMENTO_FATURA" {
			items.inParts = append(items.inParts, item)
		}
		items.oldest = append(items.oldest[:0], item) // They come newest first.
	}
	var uses []CardUse
	for i := range l.Cards {
		c, items := &l.Cards[i], &behind[i]
		if c.Company != company {
			continue
		}
		u := CardUse{
			Card: int32(i), Covered: f.CardCoverage(i).Days, Oldest: some(items.oldest), Closed: some(items.closed),
			Open: openBill(l, c), Late: some(items.late), InParts: some(items.inParts),
		}
		u.Newest, u.Average3 = closedTotals(c, u.Card)
		if limit := MainLimit(c.Source.Limits); limit != nil {
			u.Limit.Amount, u.Limit.Known = statedReais(limit.Limit)
			u.Limit.Behind = listed([]Item{{Kind: CardItem, Index: u.Card, Amount: u.Limit.Amount}})
		}
		uses = append(uses, u)
	}
	return uses
}

// some returns the evidence of items; nil for none.
func some(items []Item) Evidence {
	if len(items) == 0 {
		return nil
	}
	return listed(items)
}

// openBill returns the debit lines of the open bill dated up to D; of a card without
// closed bills those of an age below 60.
func openBill(l *ledger.Ledger, c *ledger.Card) Figure {
	if c.Open == nil {
		return Figure{Known: true}
	}
	return Figure{Known: true, Amount: c.Open.Total, Behind: func(yield func(Item) bool) {
		for _, at := range c.Open.Lines {
			m := &l.Movements[at]
			old := len(c.Closed) == 0 && l.Day-m.Day >= openDays
			if m.Direction != ledger.Debit || m.Foreign || m.Day > l.Day || old {
				continue
			}
			if !yield(Item{Index: at, Amount: m.Amount}) {
				return
			}
		}
	}}
}

// closedTotals returns the total of the newest closed bill, and the mean of the 3
// newest that have one in reais.
func closedTotals(c *ledger.Card, card int32) (newest, average Figure) {
	var items []Item
	var sum money.Amount
	for i := range c.Closed {
		total, known := statedReais(c.Closed[i].Source.Total)
		if !known {
			continue
		}
		sum, _ = money.Add(sum, total)
		items = append(items, Item{Kind: BillItem, Index: card, Bill: int32(i), Amount: total})
		if i == 0 {
			newest = Figure{Known: true, Amount: total, Behind: listed(items[:1:1])}
		}
		if len(items) == averagedBills {
			break
		}
	}
	if len(items) == 0 {
		return newest, average
	}
	return newest, Figure{Known: true, Amount: Average(sum, len(items)), Behind: listed(items)}
}

// isPaidInParts reports whether a payment of a bill says that it pays an instalment
// of it.
func isPaidInParts(b *ledger.Bill) bool {
	return slices.ContainsFunc(b.Payments, func(p ledger.Payment) bool {
		return p.Stated != nil && p.Stated.ValueType == "VALOR_PAGAMENTO_FATURA_PARCELADO"
	})
}

// MainLimit returns the one limit of a card account: the consolidated total,
// else the first total, else the largest; nil without limits. It is never a sum.
func MainLimit(limits []openfinance.CardLimit) *openfinance.CardLimit {
	var firstTotal, largest *openfinance.CardLimit
	var most money.Amount
	for i := range limits {
		row := &limits[i]
		if row.LineLimitType == "LIMITE_CREDITO_TOTAL" {
			if row.ConsolidationType == "CONSOLIDADO" {
				return row
			}
			if firstTotal == nil {
				firstTotal = row
			}
		}
		amount, err := money.Parse(row.Limit.Amount)
		if largest == nil || err == nil && (amount > most || !largest.Limit.Present()) {
			largest, most = row, amount
		}
	}
	if firstTotal != nil {
		return firstTotal
	}
	return largest
}
