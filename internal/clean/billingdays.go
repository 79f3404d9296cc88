package clean

import (
	"cmp"
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/openfinance"
)

// usualDistance is the number of days from billing to due day of a card of
// which nothing is known.
const usualDistance = 7

// findBills lists the card's closed bills with their billing days (step 2), and
// places the lines that name their bill or are nested under one (step 1).
//
// The billing day is billClosingDate; else the latest known billPostDate of the
// bill's lines of step 1; else the due day less the card's usual distance: the
// median over the bills where one of the first two is known, rounded half up,
// else 7. In a replay bills closed after D do not exist: they neither tell the
// usual distance nor hold lines.
func (b *billing) findBills(card *ledger.Card) {
	bills := card.Source.Bills
	for i := range b.place {
		b.place[i] = unplaced
	}
	b.placeNamed(card)
	billing := b.knownBillingDays(card)
	distance := b.distance(bills, billing)
	b.bills = b.bills[:0]
	rank := make([]int32, len(bills)) // from bill to its index in b.bills
	for i := range bills {
		due := dayOfBill(bills[i].DueDate)
		if billing[i] == calendar.None && due != calendar.None {
			billing[i] = due - distance
		}
		rank[i] = unplaced
		if b.exists(billing[i]) {
			b.bills = append(b.bills, closing{source: &bills[i], billing: billing[i], due: due, index: int32(i)})
		}
	}
	slices.SortStableFunc(b.bills, func(x, y closing) int {
		return cmp.Or(cmp.Compare(x.due, y.due), cmp.Compare(x.billing, y.billing))
	})
	for at := range b.bills {
		c := &b.bills[at]
		rank[c.index] = int32(at)
		if b.l.Replay {
			c.source = paidUpTo(c.source, b.l.Day)
		}
	}
	for i, place := range b.place {
		if place != unplaced {
			b.place[i] = rank[place]
		}
	}
}

// placeNamed is step 1, with places as indices into the document's bills. A
// line whose billId no bill of the document has is left for the other steps.
func (b *billing) placeNamed(card *ledger.Card) {
	bills := card.Source.Bills
	byID := make(map[string]int32, len(bills))
	next := 0
	for bill := range bills {
		if _, known := byID[bills[bill].BillID]; !known {
			byID[bills[bill].BillID] = int32(bill)
		}
		// The nested lines of the bills lie one after the other, without those
		// that could not be read.
		for j := range bills[bill].Transactions {
			if next < len(b.place) && b.l.Movements[card.First+int32(next)].Line == &bills[bill].Transactions[j] {
				b.place[next] = int32(bill)
				next++
			}
		}
	}
	for i := next; i < len(b.place); i++ {
		id := b.l.Movements[card.First+int32(i)].Line.BillID
		if bill, known := byID[id]; known && id != "" {
			b.place[i] = bill
		}
	}
}

// knownBillingDays returns the billing day of each bill of the document as far
// as its closing date or its lines tell. A duplicate line tells it as well as
// the line that stays, and a posting after D that its bill does not exist on D;
// a balance line tells nothing.
func (b *billing) knownBillingDays(card *ledger.Card) []calendar.Day {
	bills := card.Source.Bills
	days := make([]calendar.Day, len(bills))
	for i := range days {
		days[i] = calendar.None
	}
	for i, bill := range b.place {
		m := &b.l.Movements[card.First+int32(i)]
		if bill == unplaced || m.Standing == ledger.BalanceLine {
			continue
		}
		posted := m.Posted
		if m.Standing == ledger.AfterDay && posted <= b.l.Day {
			continue // a line written after D tells nothing about a bill up to D
		}
		days[bill] = max(days[bill], posted)
	}
	for i := range bills {
		if closed := dayOfBill(bills[i].ClosingDate); closed != calendar.None {
			days[i] = closed
		}
	}
	return days
}

// distance returns the card's usual distance from billing to due day.
func (b *billing) distance(bills []openfinance.Bill, billing []calendar.Day) calendar.Day {
	var known []calendar.Day
	for i := range bills {
		due := dayOfBill(bills[i].DueDate)
		if billing[i] != calendar.None && due != calendar.None && b.exists(billing[i]) {
			known = append(known, due-billing[i])
		}
	}
	if len(known) == 0 {
		return usualDistance
	}
	slices.Sort(known)
	middle := len(known) / 2
	if len(known)%2 == 1 {
		return known[middle]
	}
	return (known[middle-1] + known[middle] + 1) >> 1 // the mean, rounded half up
}

// exists reports whether a bill with this billing day exists on D.
func (b *billing) exists(billingDay calendar.Day) bool {
	return !b.l.Replay || billingDay <= b.l.Day
}

func dayOfBill(s string) calendar.Day {
	m, ok := parseMoment(s)
	if !ok {
		return calendar.None
	}
	return m.day()
}
