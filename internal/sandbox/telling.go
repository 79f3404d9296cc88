package sandbox

import (
	"cmp"
	"slices"
	"strings"

	"github.com/openklaas/klaas/internal/calendar"
)

// entry is one row of the document before it is written: a movement as a bank
// tells it, or a balance line.
type entry struct {
	m      *movement // nil for a balance line
	id     string
	phase  phase
	day    calendar.Day // as told
	second int
	text   string
	cents  int64 // of a balance line
}

// statement is what a bank sends of an account.
type statement struct {
	account          *account
	from             calendar.Day // the first day
	history, current []entry
	reliable         calendar.Day
}

// currentDays is how many days transactions-current covers.
const currentDays = 7

// stableTypes have a transactionId that never changes; that of all others may
// change until the next day.
var stableTypes = []string{"TED", "PIX", "TRANSFERENCIA_MESMA_INSTITUICAO", "TARIFA_SERVICOS_AVULSOS", "FOLHA_PAGAMENTO", "PORTABILIDADE_SALARIO"}

// tell writes down what a bank sends of an account, with its bad habits.
func (l *life) tell(a *account) *statement {
	s := &statement{account: a, from: max(l.begin, l.end.AddMonths(-a.bank.Months)+1)}
	s.reliable = s.from
	l.postpone(a)
	slices.SortStableFunc(a.rows, func(x, y *movement) int {
		return cmp.Or(cmp.Compare(x.day, y.day), cmp.Compare(x.second, y.second))
	})
	lost := l.lose(a, s)
	nameless := (a.version == "v1" || a.version == "2.0") && l.chance(0.3)
	for _, m := range a.rows {
		if m.day < s.from || m == lost {
			continue
		}
		e := entry{m: m, phase: m.phase, day: m.day, second: m.second, text: m.text}
		if !nameless {
			e.id = l.code(24)
		}
		s.history = append(s.history, e)
	}
	l.leavePending(a, s)
	s.history = append(s.history, l.comingUp(a)...)
	l.addBalanceLines(a, s)
	slices.SortStableFunc(s.history, func(x, y entry) int {
		return cmp.Or(cmp.Compare(x.day, y.day), cmp.Compare(x.second, y.second))
	})
	l.divide(a, s)
	if a.bank.Order == "newest" {
		slices.Reverse(s.history)
		slices.Reverse(s.current)
	}
	return s
}

// postpone leaves some purchases of the last days unposted: they are in no
// balance yet.
func (l *life) postpone(a *account) {
	for _, m := range a.rows {
		if m.day >= l.end-1 && m.slot == "debit" && m.role == RoleNone && !a.hasTwin(m) && l.chance(l.persona.Traps.Processing) {
			m.phase = processing
			if a.version < "2.1" || a.version == "v1" {
				m.phase = future
			}
			a.balance -= m.cents
			for d := m.day; d <= l.end; d++ {
				a.endOfDay[d-l.begin] -= m.cents
			}
		}
	}
}

// hasTwin reports whether another entry of these days could be taken for this one.
func (a *account) hasTwin(m *movement) bool {
	return slices.ContainsFunc(a.rows, func(x *movement) bool {
		return x != m && x.cents == m.cents && x.party != nil && x.party.name == m.party.name && x.day >= m.day-7
	})
}

// lose picks an old entry that the bank fails to send. Only banks whose balance
// lines show it, on the day before, are let to.
func (l *life) lose(a *account, s *statement) *movement {
	if len(a.bank.Balance) == 0 || !tellsEveryDay(a) || !l.chance(l.persona.Traps.LostRows) {
		return nil
	}
	for i := 1; i < len(a.rows); i++ {
		m := a.rows[i]
		if m.day > s.from+60 && m.day < l.end-60 && a.rows[i-1].day == m.day-1 && m.role == RoleNone && m.income == "" {
			s.reliable = m.day
			return m
		}
	}
	return nil
}

func balanceText(a *account) string {
	if len(a.bank.Balance) == 0 {
		return ""
	}
	return a.bank.Balance[a.voice%len(a.bank.Balance)]
}

func tellsEveryDay(a *account) bool {
	text := plainUpper(balanceText(a))
	return !strings.Contains(text, "ANTERIOR") && !strings.Contains(text, "INVEST")
}

// leavePending leaves the pending row of some recently posted entries, one to
// three days before, under an id of its own.
func (l *life) leavePending(a *account, s *statement) {
	if a.voice%2 == 0 {
		return // This account's bank clears up.
	}
	for _, e := range slices.Clone(s.history) {
		if e.day < l.end-14 || e.phase != effective || slices.Contains(stableTypes, slotTypes[e.m.slot]) || !l.chance(l.persona.Traps.Pending) {
			continue
		}
		p := e
		p.day = max(e.day-calendar.Day(l.IntN(4)), s.from)
		p.phase = processing
		if a.version < "2.1" || a.version == "v1" || l.chance(0.5) {
			p.phase = future
		}
		if p.id != "" {
			p.id = l.code(24)
		}
		shown := *e.m
		shown.day = p.day
		p.text = l.write(&shown)
		s.history = append(s.history, p)
	}
}

// comingUp are the bills of the next weeks.
func (l *life) comingUp(a *account) []entry {
	if !l.chance(l.persona.Traps.Future) {
		return nil
	}
	var list []entry
	for _, c := range l.announced {
		if c.from != a {
			continue
		}
		l.reals++
		m := &movement{
			real: l.reals, account: a, day: c.day, cents: -c.cents, slot: c.slot, kind: c.kind, role: RoleNone,
			party: c.party, phase: future,
		}
		m.text = l.write(m)
		list = append(list, entry{m: m, id: l.code(24), phase: future, day: c.day, text: m.text})
	}
	return list
}

// addBalanceLines adds the lines of statements that tell balances.
func (l *life) addBalanceLines(a *account, s *statement) {
	text := balanceText(a)
	if text == "" || a.voice%5 < 2 {
		return
	}
	upper := plainUpper(text)
	var lines []entry
	last, lastMonth := calendar.None, 0
	for _, e := range s.history {
		if e.phase != effective || e.day == last {
			continue
		}
		last = e.day
		line := entry{id: l.code(24), day: e.day, second: secondsOfDay - 1, text: text, cents: a.endOfDay[e.day-l.begin]}
		switch {
		case strings.Contains(upper, "ANTERIOR"):
			if e.day.MonthIndex() == lastMonth || e.day == l.begin {
				continue
			}
			line.second, line.cents = 0, a.endOfDay[e.day-1-l.begin]
		case strings.Contains(upper, "INVEST"):
			if line.cents = a.swept[e.day-l.begin]; line.cents == 0 {
				continue
			}
		}
		lastMonth = e.day.MonthIndex()
		lines = append(lines, line)
	}
	s.history = append(s.history, lines...)
}

// divide fills transactions-current after the account's habit.
func (l *life) divide(a *account, s *statement) {
	if a.current == "none" {
		return
	}
	first := l.end - currentDays + 1
	var older []entry
	for _, e := range s.history {
		if e.day < first {
			older = append(older, e)
			continue
		}
		copied := e
		if a.current == "renamed" && e.m != nil && copied.id != "" && !slices.Contains(stableTypes, slotTypes[e.m.slot]) {
			copied.id = l.code(24)
		}
		s.current = append(s.current, copied)
	}
	if a.current == "split" {
		s.history = older
	}
}

// cardStatement is what a bank sends of a card.
type cardStatement struct {
	card             *card
	from             calendar.Day
	bills            []*bill
	nested           [][]entry // by bill
	history, current []entry
}

// tellCard writes down what a bank sends of a card.
func (l *life) tellCard(c *card) *cardStatement {
	s := &cardStatement{card: c, from: max(l.begin, l.end.AddMonths(-c.bank.Months)+1)}
	open := c.cycleOf(l.end + 1)
	kept := map[*movement]bool{}
	for cycle := open - 1; cycle >= 0; cycle-- {
		if b := c.bills[cycle]; b.closed && b.closing >= s.from {
			s.bills = append(s.bills, b)
			for _, m := range b.lines {
				kept[m] = true
			}
		}
	}
	ids := map[*movement]string{}
	told := func(m *movement) entry {
		if ids[m] == "" {
			ids[m] = l.code(24)
		}
		return entry{m: m, id: ids[m], day: m.day, second: m.second, text: m.text}
	}
	slices.SortStableFunc(c.rows, func(x, y *movement) int {
		return cmp.Or(cmp.Compare(y.day, x.day), cmp.Compare(y.second, x.second), cmp.Compare(y.number, x.number))
	})
	for _, b := range s.bills {
		var list []entry
		if c.bank.Card.Nested != "none" {
			for _, m := range b.lines {
				list = append(list, told(m))
			}
		}
		s.nested = append(s.nested, list)
	}
	for _, m := range c.rows {
		later := m.cycle > open
		billed := c.bills[m.cycle].closed
		switch {
		case later && c.habit != "announced", !kept[m] && billed, !billed && m.day < s.from && m.count == 0:
		case billed && c.bank.Card.Nested == "only":
		default:
			s.history = append(s.history, told(m))
		}
	}
	if c.version != "v1" && c.version != "2.0" && c.current {
		for _, e := range s.history {
			if e.day > l.end-currentDays && e.day <= l.end {
				s.current = append(s.current, e)
			}
		}
	}
	return s
}
