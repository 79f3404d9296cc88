package clean

import (
	"cmp"
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/openfinance"
)

// assignBills puts every counted line of a card on one bill.
//
// Every bill of the document is a closed bill (in a replay: those closed up to
// D). A line is on the bill
//
//	step 1  under which it is nested, or whose billId it carries;
//	step 3  else in whose period its known billPostDate lies;
//	step 4  a running instalment (more than one, on no bill, no known
//	        billPostDate, no billId): the lowest unbilled number of its
//	        plan is on the open bill with the day D, higher numbers are
//	        announced there;
//	step 5  else the open bill, when its billPostDate, or else its day, is after
//	        the newest billing day, and otherwise the closed bill with the
//	        nearest later billing day.
//
// Step 2, the billing day of each bill, is in billingdays.go; plans are in
// plans.go.
func assignBills(l *ledger.Ledger, _ Options) {
	b := billing{l: l}
	for i := range l.Cards {
		b.card(&l.Cards[i], int32(i))
	}
}

// closing is a closed bill while lines are being put on it.
type closing struct {
	source  *openfinance.Bill
	billing calendar.Day
	due     calendar.Day
	index   int32 // in the document
	lines   int32 // how many lines it has; while they are written, where the next one goes
}

// The places of a line that is on no closed bill.
const (
	unplaced int32 = -1
	onOpen   int32 = -2
	toCome   int32 = -3 // on the open bill, announced
)

// billing works on one card at a time and keeps its buffers.
type billing struct {
	l       *ledger.Ledger
	bills   []closing // by due day, oldest first
	place   []int32   // of each movement of the card: an index into bills, or where else
	ends    []end     // by day: the billing days of bills
	reached []calendar.Day
	sorter  sorter

	groups    map[partKey]int32
	parts     []part // the instalment lines, purchase by purchase
	purchases []purchase
}

// end is a billing day and its bill.
type end struct {
	day  calendar.Day
	bill int32
}

func (b *billing) card(card *ledger.Card, index int32) {
	b.place = slices.Grow(b.place[:0], int(card.End-card.First))[:card.End-card.First]
	b.findBills(card)
	b.placeByPeriod(card)
	b.findParts(card)
	b.placeRunning(card)
	b.tellTwins()
	b.placeRest(card)
	b.write(card)
	b.appendPlans(card, index)
}

// counted iterates over the card's counted lines as positions in b.place.
func (b *billing) counted(card *ledger.Card, visit func(i int, m *ledger.Movement)) {
	for i := range b.place {
		if m := &b.l.Movements[card.First+int32(i)]; m.Standing == ledger.Counted {
			visit(i, m)
		}
	}
}

// placeByPeriod is step 3. The period of a bill begins after the billing day of
// the bill before by due day, that of the oldest one month before its own.
// Where billing days do not rise with due days, the first bill by due day whose
// period holds the day gets the line.
func (b *billing) placeByPeriod(card *ledger.Card) {
	dated := slices.IndexFunc(b.bills, func(c closing) bool { return c.billing != calendar.None })
	if dated < 0 {
		return
	}
	oldest := b.bills[dated].billing.AddMonths(-1)
	// reached[i] is the newest billing day of bills[:i+1]: the first bill whose
	// period holds a day is the first where reached is not before it.
	b.reached = b.reached[:0]
	newest := calendar.None
	for i := range b.bills {
		newest = max(newest, b.bills[i].billing)
		b.reached = append(b.reached, newest)
	}
	b.counted(card, func(i int, m *ledger.Movement) {
		posted := m.Posted
		if b.place[i] != unplaced || posted == calendar.None || posted <= oldest {
			return
		}
		if at, _ := slices.BinarySearch(b.reached, posted); at < len(b.bills) {
			b.place[i] = int32(at)
		}
	})
}

// placeRest is step 5.
func (b *billing) placeRest(card *ledger.Card) {
	b.ends = b.ends[:0]
	for i := range b.bills {
		if b.bills[i].billing != calendar.None {
			b.ends = append(b.ends, end{b.bills[i].billing, int32(i)})
		}
	}
	slices.SortStableFunc(b.ends, func(x, y end) int { return cmp.Compare(x.day, y.day) })
	b.counted(card, func(i int, m *ledger.Movement) {
		if b.place[i] != unplaced {
			return
		}
		day := m.Posted
		if day == calendar.None {
			day = m.Day
		}
		at, _ := slices.BinarySearchFunc(b.ends, day, func(e end, day calendar.Day) int { return cmp.Compare(e.day, day) })
		b.place[i] = onOpen
		if at < len(b.ends) {
			b.place[i] = b.ends[at].bill
		}
	})
}

// write makes the card's bills out of the places.
func (b *billing) write(card *ledger.Card) {
	total := 0
	open := &ledger.Bill{BillingDay: calendar.None, DueDay: calendar.None}
	b.counted(card, func(i int, m *ledger.Movement) {
		total++
		at := card.First + int32(i)
		if place := b.place[i]; place >= 0 {
			b.bills[place].lines++
			return
		}
		open.Lines = append(open.Lines, at)
		if b.place[i] == toCome || m.Day > b.l.Day {
			open.Announced = append(open.Announced, at)
		}
	})
	if total == 0 && len(b.bills) == 0 {
		return
	}
	b.sorter.newestFirst(b.l, open.Lines)
	card.Open = open
	card.Closed = make([]ledger.Bill, len(b.bills))
	lines := make([]int32, total-len(open.Lines))
	from := int32(0)
	for i := range b.bills {
		from, b.bills[i].lines = from+b.bills[i].lines, from
	}
	b.counted(card, func(i int, _ *ledger.Movement) {
		if place := b.place[i]; place >= 0 {
			lines[b.bills[place].lines] = card.First + int32(i)
			b.bills[place].lines++
		}
	})
	from = 0
	for i := range b.bills {
		c := &b.bills[i]
		own := lines[from:c.lines:c.lines]
		from = c.lines
		b.sorter.newestFirst(b.l, own)
		total, _ := money.Parse(c.source.Total.Amount) // absent: 0
		card.Closed[len(b.bills)-1-i] = ledger.Bill{
			Source: c.source, BillingDay: c.billing, DueDay: c.due, Total: total, Lines: own,
		}
	}
	if n := len(b.bills); n > 0 {
		open.BillingDay, open.DueDay = monthAfter(b.bills[n-1].billing), monthAfter(b.bills[n-1].due)
	}
	open.Total = openTotal(b.l, open, len(b.bills) > 0)
}

func monthAfter(day calendar.Day) calendar.Day {
	if day == calendar.None {
		return day
	}
	return day.AddMonths(1)
}

// openDays is how far back a card without bills counts lines to its open bill.
const openDays = 60

// openTotal sums the debit lines of an open bill that are dated up to D; of a
// card without closed bills those of age < 60.
func openTotal(l *ledger.Ledger, open *ledger.Bill, hasClosed bool) money.Amount {
	var total money.Amount
	for _, at := range open.Lines {
		m := &l.Movements[at]
		age := int(l.Day - m.Day)
		if m.Direction != ledger.Debit || m.Foreign || age < 0 || (!hasClosed && age >= openDays) {
			continue
		}
		total, _ = money.Add(total, m.Amount)
	}
	return total
}
