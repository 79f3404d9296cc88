package sandbox

import (
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
)

// movement is one real movement of money: of an account, or a line of a card.
type movement struct {
	real    int
	account *account // nil for a card line
	card    *card    // nil for an account entry
	day     calendar.Day
	second  int   // of the day in São Paulo
	cents   int64 // signed: a credit is positive
	slot    string
	text    string
	party   *party
	told    bool // the counterparty's fields are sent
	phase   phase

	kind, income, role string
	competence         int // month; 0: none
	pair, original     *movement
	contract           *contract

	// of a card line
	lineType, otherCredits, feeType string
	plan                            *plan
	number, count                   int
	cycle                           int // the bill's number in card.bills
	pays                            *bill
	dollars                         int64
}

// phase says how final a movement is at the end.
type phase uint8

const (
	effective phase = iota
	processing
	future
)

// account is a deposit or payment account.
type account struct {
	plan      *accountPlan
	bank      *bank
	id        string
	savings   bool
	branch    string
	number    string
	digit     string
	voice     int
	version   string
	current   string // habit of transactions-current
	joint     bool
	company   bool // it is a company's
	outside   bool // the document does not show it
	overdraft int64
	sweeps    bool

	opening, balance int64
	invested, pot    int64 // swept money; money in pots
	negative         int64 // sum of the negative ends of days since the last charge
	rows             []*movement
	endOfDay, swept  []int64 // from life.begin on
}

// life is one person's life while it is simulated.
type life struct {
	dice
	persona    *persona
	self       party
	firm       party // the company: self, or that of an entrepreneur; without a name: none
	family     string
	begin, end calendar.Day
	today      calendar.Day
	second     int
	agenda     [][]event // by day since begin
	reals      int

	accounts  []*account
	cards     []*card
	contracts []*contract
	transfers []*transfer
	refunds   []*refund
	payDays   []*PayDay
	series    []*series
	means     int64 // per mille of what the persona earns in the middle
	incomes   []*movement
	announced []*announcement
	holdings  []*holding
	exchanges []*exchange
	wages     []*earning // by payroll, of a payer with a CNPJ
}

// event is something that happens on a day. Events of a day happen by order.
type event struct {
	order int
	run   func()
}

// The order of a day.
const (
	morning = iota // income
	noon           // what is due
	daytime        // what people do
	evening        // what banks do
)

// at puts an event on a day; days outside the life have none.
func (l *life) at(d calendar.Day, order int, run func()) {
	if d >= l.begin && d <= l.end {
		l.agenda[d-l.begin] = append(l.agenda[d-l.begin], event{order, run})
	}
}

// live lets the days pass.
func (l *life) live() {
	for l.today = l.begin; l.today <= l.end; l.today++ {
		l.second = 5*3600 + l.IntN(3*3600)
		for order := morning; order <= evening; order++ {
			if order == daytime {
				l.second = max(l.second, 9*3600+l.IntN(3600))
			}
			// Events may put others on the same day.
			for i := 0; i < len(l.agenda[l.today-l.begin]); i++ {
				if e := l.agenda[l.today-l.begin][i]; e.order == order {
					l.tick()
					e.run()
				}
			}
		}
		for _, a := range l.accounts {
			l.sweep(a)
			a.negative += min(a.balance, 0)
			a.endOfDay = append(a.endOfDay, a.balance)
			a.swept = append(a.swept, a.invested)
		}
	}
	l.today = l.end
}

// tick moves the clock of the day on, and never past it.
func (l *life) tick() {
	l.second = min(l.second+30+l.IntN(3600), 86400-120)
}

// secondsOfDay is one past the last second of a day.
const secondsOfDay = 86400

// months calls f with each month of the life.
func (l *life) months(f func(month int)) {
	for m := l.begin.MonthIndex(); m <= l.end.MonthIndex(); m++ {
		f(m)
	}
}

// occasion is one time that something happens.
type occasion struct {
	day   calendar.Day
	month int // in which it is due; a weekend may move the day out of it
}

// occasions returns the days of a rhythm, also those just after the end, which
// banks announce.
func (l *life) occasions(w when) []occasion {
	dom := 0
	if len(w.Day) == 1 {
		dom = w.Day[0]
	} else if len(w.Day) == 2 {
		dom = l.between(w.Day[0], w.Day[1])
	}
	var list []occasion
	for m := l.begin.MonthIndex(); m <= l.end.MonthIndex()+1; m++ {
		if len(w.Months) > 0 && !slices.Contains(w.Months, m%12+1) {
			continue
		}
		for _, d := range l.daysOf(w, m, dom) {
			if w.Chance == 0 || l.chance(w.Chance) {
				list = append(list, occasion{d, m})
			}
		}
	}
	return list
}

func (l *life) daysOf(w when, month, dom int) []calendar.Day {
	switch {
	case w.Business != 0:
		return []calendar.Day{nthBusinessDay(month, w.Business)}
	case dom > 0:
		d := dayOfMonth(month, dom)
		switch w.Shift {
		case "before":
			d = businessDayUpTo(d)
		case "after":
			d = businessDayFrom(d)
		}
		return []calendar.Day{d}
	case w.Weekday > 0:
		var days []calendar.Day
		for d := monthStart(month); d < monthStart(month+1); d++ {
			if int(weekday(d)) == w.Weekday%7 {
				days = append(days, d)
			}
		}
		return days
	case len(w.Times) == 2:
		var days []calendar.Day
		length := int(monthStart(month+1) - monthStart(month))
		for range l.between(w.Times[0], w.Times[1]) {
			days = append(days, monthStart(month)+calendar.Day(l.IntN(length)))
		}
		slices.Sort(days)
		return days
	}
	return nil
}

// account returns the account of a name; nil when the person has none of it.
func (l *life) account(name string) *account {
	for _, a := range l.accounts {
		if a.plan.Name == name {
			return a
		}
	}
	return nil
}

// free returns what can be spent from an account. Who must pay may go into the
// overdraft; a part of it is left for its interest.
func (a *account) free(must bool) int64 {
	free := a.balance + a.invested
	if must {
		free += a.overdraft * 8 / 10
	}
	return free
}

// post lets a movement happen now. The amount is signed.
func (l *life) post(a *account, cents int64, slot, kind string, p *party) *movement {
	l.tick()
	return l.postAt(a, l.second, cents, slot, kind, p)
}

func (l *life) postAt(a *account, second int, cents int64, slot, kind string, p *party) *movement {
	l.reals++
	m := &movement{
		real: l.reals, account: a, day: l.today, second: second, cents: cents,
		slot: slot, kind: kind, role: RoleNone, party: p, told: l.chance(a.bank.Partie),
	}
	m.text = l.write(m)
	a.balance += cents
	a.rows = append(a.rows, m)
	return m
}

// write returns what the bank writes about a movement.
func (l *life) write(m *movement) string {
	w := words{day: m.day, second: m.second, party: m.party, number: m.number, count: m.count, brand: m.account.bank.Brand}
	return fill(m.account.bank.text(m.slot, m.account.voice), w)
}

// sweep moves what is over into the automatic application, and back what lacks.
func (l *life) sweep(a *account) {
	const keep, least = 1000, 5000
	switch {
	case !a.sweeps || l.today < l.begin:
	case a.balance > keep+least:
		m := l.postAt(a, secondsOfDay-60, keep-a.balance, "sweep-out", "sweep", nil)
		m.role = RoleSweep
		a.invested -= m.cents
	case a.balance < 0 && a.invested > 0:
		m := l.postAt(a, secondsOfDay-60, min(a.invested, keep-a.balance), "sweep-in", "sweep", nil)
		m.role = RoleSweep
		a.invested -= m.cents
	}
}
