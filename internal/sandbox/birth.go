package sandbox

import (
	"slices"
	"strings"

	"github.com/openklaas/klaas/internal/calendar"
)

// newLife makes up a person and everything they hold and do.
func newLife(name string, seed uint64, n int, end calendar.Day) *life {
	p := library()[name]
	l := &life{dice: newDice(name, seed, n), persona: p, end: end}
	l.begin = end.AddMonths(-l.between(p.Months[0], p.Months[1])) + 1
	l.agenda = make([][]event, end-l.begin+1)
	if p.Company {
		l.self = l.company()
		l.firm = l.self
	} else {
		l.self = l.person("")
		words := strings.Fields(l.self.name)
		l.family = words[len(words)-1]
		if slices.ContainsFunc(p.Accounts, func(a accountPlan) bool { return a.Company }) {
			l.firm = l.stranger(l.company)
		}
	}
	for i := range p.Accounts {
		l.openAccount(&p.Accounts[i])
	}
	for i := range p.Cards {
		l.openCard(&p.Cards[i])
	}
	for _, a := range l.accounts {
		l.bankWork(a)
	}
	l.means = 1000
	for i := range p.Incomes {
		l.earn(&p.Incomes[i])
	}
	for i := range p.Loans {
		l.borrow(&p.Loans[i])
	}
	for i := range p.Holdings {
		l.hold(&p.Holdings[i])
	}
	for i := range p.Spends {
		l.spend(&p.Spends[i])
	}
	for i := range p.Transfers {
		l.transferHabit(&p.Transfers[i])
	}
	for i := range p.Exchanges {
		l.exchangeHabit(&p.Exchanges[i])
	}
	return l
}

// bankOf returns one of the banks of a plan; "@main" is that of the account main.
func (l *life) bankOf(ids []string) *bank {
	id := pick(l.dice, ids)
	if strings.HasPrefix(id, "@") {
		if a := l.account(id[1:]); a != nil {
			return a.bank
		}
		return l.accounts[0].bank
	}
	return banks()[id]
}

func (l *life) openAccount(p *accountPlan) {
	if p.Chance > 0 && !l.chance(p.Chance) {
		return
	}
	b := l.bankOf(p.Bank)
	for range 8 { // Two current accounts are at two banks, where the persona leaves a choice.
		if p.Savings || len(p.Bank) == 1 || !l.holdsAccountAt(b) {
			break
		}
		b = l.bankOf(p.Bank)
	}
	a := &account{
		plan: p, bank: b, id: l.code(8) + "-" + l.code(12), savings: p.Savings, voice: l.IntN(60),
		version: pick(l.dice, b.Versions), current: pick(l.dice, b.Current),
		joint: l.chance(p.Joint), outside: l.chance(p.Outside), company: l.persona.Company || p.Company,
		sweeps: b.Sweep && !p.Savings && !p.NoSweep && l.chance(0.5),
	}
	for _, other := range l.accounts { // One bank sends one version.
		if other.bank == b {
			a.version, a.current = other.version, other.current
		}
	}
	a.branch, a.number, a.digit = l.accountNumber(b)
	if len(p.Opening) == 2 {
		a.opening = l.cents(Range{p.Opening[0], p.Opening[1]})
	}
	if len(p.Overdraft) == 2 {
		a.overdraft = l.cents(Range{p.Overdraft[0], p.Overdraft[1]}) / 10000 * 10000
	}
	a.balance = a.opening
	l.accounts = append(l.accounts, a)
}

func (l *life) holdsAccountAt(b *bank) bool {
	for _, a := range l.accounts {
		if a.bank == b && !a.savings {
			return true
		}
	}
	return false
}

func (l *life) openCard(p *cardPlan) {
	from := l.account(p.PayFrom)
	if p.Chance > 0 && !l.chance(p.Chance) || from == nil {
		return
	}
	b := l.bankOf(p.Bank)
	c := &card{
		plan: p, bank: b, id: "card-" + l.code(14), number: l.digits(4), payFrom: from,
		outside: l.chance(p.Outside), habit: pick(l.dice, b.Card.Instalments),
		limit: l.cents(Range{p.Limit[0], p.Limit[1]}) / 10000 * 10000, closingDay: l.between(1, 28), dueAfter: l.between(7, 10),
		version: pick(l.dice, b.Versions), even: l.chance(0.6), current: l.chance(0.5),
	}
	for _, a := range l.accounts {
		if a.bank == b {
			c.version = a.version
		}
	}
	closing := dayOfMonth(l.begin.MonthIndex(), c.closingDay)
	if closing < l.begin {
		closing = dayOfMonth(l.begin.MonthIndex()+1, c.closingDay)
	}
	c.bills = []*bill{c.newBill(closing)}
	for cycle := 0; c.bill(cycle).closing <= l.end; cycle++ {
		l.at(c.bill(cycle).closing, evening, func() { c.close(l, cycle) })
	}
	if l.chance(p.Fee) {
		day := l.begin + calendar.Day(l.IntN(360))
		l.at(day, evening, func() {
			m := c.line(l, -int64(l.between(12000, 48000)), "TARIFA", "ANUIDADE", "card-fee", nil)
			m.feeType = "ANUIDADE"
			c.used -= m.cents
		})
	}
	l.cards = append(l.cards, c)
}

// announcement is something due after the end that a bank may announce.
type announcement struct {
	from  *account
	day   calendar.Day
	cents int64
	slot  string
	kind  string
	party *party
}

// announceDays is how far ahead banks announce.
const announceDays = 25

// announce notes what a habit will pay after the end.
func (l *life) announce(s *spending, d calendar.Day) {
	slot := s.by[0]
	if slot != "boleto" && slot != "utility" || d > l.end+announceDays || s.from[0].outside {
		return
	}
	l.announced = append(l.announced, &announcement{s.from[0], d, s.amount(d), slot, s.plan.Kind, &s.shops[0]})
}
