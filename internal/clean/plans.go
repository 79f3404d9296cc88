package clean

import (
	"strconv"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
)

// placeRunning is step 4: the lines of running instalment plans. A line that is
// the lowest unbilled number of its plan is on the open bill with the day D;
// later numbers are announced, each with the day one month after the one before,
// so that they lie in no window up to D. Unbilled is a number that no closed
// bill has. A line without a number is no running instalment.
func (b *billing) placeRunning(card *ledger.Card) {
	var running []int // positions
	b.counted(card, func(i int, m *ledger.Movement) {
		if b.place[i] == unplaced && m.Line.ChargeNumber > 1 && postDay(m.Line) == calendar.None && instalmentNumber(m) > 0 {
			running = append(running, i)
		}
	})
	if len(running) == 0 {
		return
	}
	plans := b.plans(card, running)
	for _, i := range running {
		m := &b.l.Movements[card.First+int32(i)]
		plan := plans.of(m)
		number := instalmentNumber(m)
		switch {
		case plan.billed[number]:
			// A leftover of an instalment that is billed: step 5.
		case number == plan.lowest:
			b.place[i] = onOpen
			m.Day = b.l.Day
		default:
			b.place[i] = toCome
			m.Day = b.l.Day.AddMonths(number - plan.lowest)
		}
	}
}

// purchaseKey is what the instalments of one purchase share for sure.
type purchaseKey struct {
	charges int32
	name    string
}

func keyOfPurchase(m *ledger.Movement) purchaseKey {
	return purchaseKey{m.Line.ChargeNumber, m.Name}
}

// purchases are the instalment lines of one purchaseKey: one or several plans.
type purchases struct {
	lines  int
	days   map[calendar.Day]*writtenDay
	byDay  bool          // the written day tells a plan, else the month less the number
	origin map[int]*plan // plans by origin
}

// writtenDay are the lines of one written day.
type writtenDay struct {
	lines, number int
	several       bool // more than one number
}

// plan is one purchase in instalments.
type plan struct {
	billed map[int]bool
	lowest int // unbilled number
}

// plans are the plans of a card that have running instalments.
type plans map[purchaseKey]*purchases

// plans tells which instalment lines of the card belong together: those of equal
// name and number of instalments with one origin. Transmitters have one of two
// habits: every instalment carries the day of the purchase, or each its own,
// month by month. The origin is the written day when most lines share theirs
// with another number, else the month of the written day less the number. Two
// purchases that fall together this way are at the same number, so the lowest
// unbilled number holds for both.
func (b *billing) plans(card *ledger.Card, running []int) plans {
	p := make(plans)
	for _, i := range running {
		key := keyOfPurchase(&b.l.Movements[card.First+int32(i)])
		if p[key] == nil {
			p[key] = &purchases{days: make(map[calendar.Day]*writtenDay), origin: make(map[int]*plan)}
		}
	}
	b.counted(card, func(_ int, m *ledger.Movement) {
		if group := p[keyOfPurchase(m)]; group != nil {
			group.note(m)
		}
	})
	for _, group := range p {
		group.choose()
	}
	b.counted(card, func(i int, m *ledger.Movement) {
		if b.place[i] >= 0 && p[keyOfPurchase(m)] != nil {
			p.of(m).billed[instalmentNumber(m)] = true
		}
	})
	for _, i := range running {
		m := &b.l.Movements[card.First+int32(i)]
		plan, number := p.of(m), instalmentNumber(m)
		if !plan.billed[number] && (plan.lowest == 0 || number < plan.lowest) {
			plan.lowest = number
		}
	}
	return p
}

// of returns the plan of a line whose purchaseKey is known.
func (p plans) of(m *ledger.Movement) *plan {
	group := p[keyOfPurchase(m)]
	origin := m.Written.MonthIndex() - instalmentNumber(m)
	if group.byDay {
		origin = int(m.Written)
	}
	if group.origin[origin] == nil {
		group.origin[origin] = &plan{billed: make(map[int]bool)}
	}
	return group.origin[origin]
}

func (g *purchases) note(m *ledger.Movement) {
	g.lines++
	number := instalmentNumber(m)
	day := g.days[m.Written]
	if day == nil {
		g.days[m.Written] = &writtenDay{lines: 1, number: number}
		return
	}
	day.lines++
	day.several = day.several || number != day.number
}

func (g *purchases) choose() {
	shared := 0
	for _, day := range g.days {
		if day.several {
			shared += day.lines
		}
	}
	g.byDay = 2*shared > g.lines
}

// maxInstalments is more than any plan has; a greater number is none.
const maxInstalments = 9999

// instalmentNumber returns the number of an instalment, 0 when it is unknown.
func instalmentNumber(m *ledger.Movement) int {
	n, err := strconv.Atoi(m.Line.ChargeIdentificator)
	if err != nil || n < 0 || n > maxInstalments {
		return 0
	}
	return n
}
