package sandbox

import (
	"fmt"
	"slices"
	"strings"
)

// truth writes down what really happened, as far as the document reaches.
func (l *life) truth(statements []*statement, cards []*cardStatement) Truth {
	t := Truth{Name: l.self.name}
	t.CNPJ = l.firm.taxID
	if !l.self.isCompany() {
		t.CPF = l.self.taxID
	}
	r := &reckoning{life: l, seen: map[*movement]bool{}, bills: map[*bill]bool{}}
	for i, s := range statements {
		r.rows(fmt.Sprintf("accounts[%d].transactions", i), s.account.id, s.history, underNoBill)
		r.rows(fmt.Sprintf("accounts[%d].transactions-current", i), s.account.id, s.current, underNoBill)
		t.Accounts = append(t.Accounts, l.accountTruth(s))
	}
	for i, s := range cards {
		for _, b := range s.bills {
			r.bills[b] = true
		}
		for b, list := range s.nested {
			r.rows(fmt.Sprintf("creditCardsAccounts[%d].bills[%d].transactions", i, b), s.card.id, list, underBill)
		}
		r.rows(fmt.Sprintf("creditCardsAccounts[%d].transactions", i), s.card.id, s.history, underNoBill)
		r.rows(fmt.Sprintf("creditCardsAccounts[%d].transactions-current", i), s.card.id, s.current, underNoBill)
	}
	r.settle()
	t.Rows = r.list
	for _, x := range l.transfers {
		from, to := r.real(x.from), r.real(x.to)
		if x.saved {
			from = 0
		}
		if from+to > 0 {
			t.Transfers = append(t.Transfers, Transfer{
				From: from, To: to, Day: x.from.day.String(), Cents: x.to.cents, Kind: x.kind, Ambiguous: l.ambiguous(x, r),
			})
		}
	}
	for _, x := range l.refunds {
		if back := r.real(x.back); back > 0 {
			f := Refund{
				Refund: back, Original: r.original(x.back), Cents: x.back.cents, Whole: x.back.cents == priceOfWhole(x.original),
				Kind: x.back.kind, Days: int(x.back.day - x.original.day), Ambiguous: l.hasRival(x, r),
			}
			if x.original.plan != nil {
				f.Plan = x.original.plan.id
			}
			t.Refunds = append(t.Refunds, f)
		}
	}
	for _, s := range cards {
		t.Plans = append(t.Plans, l.planTruths(s, r)...)
		for _, b := range s.card.bills {
			if told := billTruth(s.card, b, r); r.bills[b] || told.isPaid() {
				t.Bills = append(t.Bills, told)
			}
		}
	}
	for _, c := range l.contracts {
		t.Contracts = append(t.Contracts, c.truth(r))
	}
	t.Incomes = l.incomeTruths(r)
	for _, p := range l.payDays {
		t.PayDays = append(t.PayDays, *p)
	}
	for _, s := range l.series {
		if told := s.truth(r); len(told.Reals) > 1 {
			t.Series = append(t.Series, told)
		}
	}
	return t
}

// reckoning collects the rows of the document.
type reckoning struct {
	life  *life
	list  []Row
	told  []*movement // by row
	rank  []int       // by row: the higher stays
	seen  map[*movement]bool
	bills map[*bill]bool // of the document
}

const (
	underNoBill = false
	underBill   = true
)

// real returns the number of a movement that the document tells, else 0.
func (r *reckoning) real(m *movement) int {
	if m == nil || !r.seen[m] {
		return 0
	}
	return m.real
}

// original is what a refund undoes: a movement, or of a plan its first row that is
// not later.
func (r *reckoning) original(back *movement) int {
	if back.original == nil || back.original.plan == nil {
		return r.real(back.original)
	}
	for _, m := range back.original.plan.lines {
		if real := r.real(m); real > 0 && m.day <= back.day {
			return real
		}
	}
	return 0
}

func (r *reckoning) rows(path, holder string, list []entry, nested bool) {
	for i, e := range list {
		row := Row{Path: fmt.Sprintf("%s[%d]", path, i), Holder: holder, ID: e.id, Day: e.day.String()}
		rank := 0
		if e.m == nil || e.m.isCarriedBalance() {
			row.Standing, row.Cents = StandingBalanceLine, e.cents
			if e.m != nil {
				row.Cents = e.m.cents
			}
		} else {
			row.Real, row.Standing, row.Cents = e.m.real, StandingCounted, e.m.cents
			if e.phase == effective {
				rank += 2
			}
			if nested {
				rank++
			}
			r.seen[e.m] = true
		}
		m := e.m
		if row.Real == 0 {
			m = nil
		}
		r.list, r.told, r.rank = append(r.list, row), append(r.told, m), append(r.rank, rank)
	}
}

// isCarriedBalance reports whether a card line tells the balance of the bill
// before. SALDO EM ROTATIVO and SALDO EM ATRASO are debts, and movements.
func (m *movement) isCarriedBalance() bool {
	text := plainUpper(m.text)
	return m.kind == "revolving" && strings.HasPrefix(text, "SALDO") && !strings.HasPrefix(text, "SALDO EM")
}

// settle says which row of each movement stays, and what each is.
func (r *reckoning) settle() {
	stays := map[int]int{}
	for i := range r.list {
		real := r.list[i].Real
		if best, seen := stays[real]; real != 0 && (!seen || r.rank[i] > r.rank[best]) {
			stays[real] = i
		}
	}
	for i := range r.list {
		row, m := &r.list[i], r.told[i]
		if m == nil {
			continue
		}
		if best := stays[row.Real]; best != i {
			row.Standing, row.DuplicateOf = StandingDuplicate, r.list[best].Path
		} else if m.phase != effective {
			row.Standing = StandingPending
		}
		r.describe(row, m)
	}
}

func (r *reckoning) describe(row *Row, m *movement) {
	row.Day = m.day.String()
	row.Role, row.Kind, row.Income = m.role, m.kind, m.income
	if m.count > 1 {
		row.Number = m.number
	}
	if m.competence > 0 && m.income != "" {
		row.Competence = monthName(m.competence)
	}
	row.Pair, row.Original = r.real(m.pair), r.original(m)
	if m.role == RoleReversed {
		row.Reversed = r.reversed(m)
		if row.Reversed == 0 {
			row.Role = m.plainRole()
		}
	}
	if m.plan != nil {
		row.Plan = m.plan.id
	}
	if m.contract != nil {
		row.Contract = m.contract.ids[0]
	}
	b := m.pays
	if b == nil && m.card != nil {
		b = m.card.bills[m.cycle]
	}
	if b != nil && r.bills[b] {
		row.Bill = b.id
	}
}

// reversed is how much of a movement came back in rows of the document.
func (r *reckoning) reversed(m *movement) (cents int64) {
	for _, x := range r.life.refunds {
		if x.original == m && r.seen[x.back] {
			cents += x.back.cents
		}
	}
	return cents
}

// plainRole is the role of a movement that nothing undid.
func (m *movement) plainRole() string {
	if m.plan != nil {
		return RoleInstalment
	}
	return RoleNone
}

// priceOfWhole is the price of what a movement paid for, or began to.
func priceOfWhole(m *movement) int64 {
	if m.plan == nil {
		return -m.cents
	}
	var whole int64
	for _, a := range m.plan.amounts {
		whole += a
	}
	return whole
}

// ambiguous reports whether the document does not decide a transfer: its only leg
// names neither the person nor their account, or it could be paired crosswise with
// another of equal amount and nearly the same day.
func (l *life) ambiguous(x *transfer, r *reckoning) bool {
	if from, to := r.legs(x); from == nil || to == nil {
		leg := from
		if leg == nil {
			leg = to
		}
		if !leg.told && !l.namesHolder(leg) {
			return true
		}
	}
	return slices.ContainsFunc(l.transfers, func(y *transfer) bool {
		near := max(x.from.day-y.from.day, y.from.day-x.from.day) <= 1
		return y != x && y.to.cents == x.to.cents && near && r.crosswise(x, y)
	})
}

// legs returns the legs of a transfer that the document tells; nil for none.
func (r *reckoning) legs(x *transfer) (from, to *movement) {
	if r.seen[x.from] && !x.saved {
		from = x.from
	}
	if r.seen[x.to] {
		to = x.to
	}
	return from, to
}

// namesHolder reports whether a text has the name of the account's holder, cut in
// its third word at the earliest: fewer words are others' as well.
func (l *life) namesHolder(m *movement) bool {
	const letters = 3
	words := strings.Fields(plainUpper(l.holder(m.account).name))
	name := words[0] + " " + words[1]
	if len(words) > 2 {
		name += " " + words[2][:min(letters, len(words[2]))]
	}
	return strings.Contains(plainUpper(m.text), name)
}

// crosswise reports whether the rows of two transfers would agree as well if each
// had the other's receiver, and no times tell which is which.
func (r *reckoning) crosswise(x, y *transfer) bool {
	xFrom, xTo := r.legs(x)
	yFrom, yTo := r.legs(y)
	timed, named := true, false
	for _, m := range []*movement{xFrom, xTo, yFrom, yTo} {
		if m != nil {
			timed = timed && m.account.tellsTime()
			named = named || m.told
		}
	}
	if timed && named {
		return false
	}
	// A leg that names its other side's account goes to no other; one that loses
	// its partner must name none.
	fits := func(a, b *transfer) bool {
		return (!a.from.told || a.to.account == b.to.account) && (!b.to.told || b.from.account == a.from.account)
	}
	loses := func(m *movement) bool { return m == nil || !m.told }
	first, second := xFrom != nil && yTo != nil, yFrom != nil && xTo != nil
	switch {
	case first && second:
		return fits(x, y) && fits(y, x)
	case first:
		return fits(x, y) && loses(yFrom) && loses(xTo)
	case second:
		return fits(y, x) && loses(xFrom) && loses(yTo)
	}
	return false
}

// tellsTime reports whether the rows of an account have a time of the day.
func (a *account) tellsTime() bool {
	return a.bank.Clock == "time" && a.version != "v1" && a.version != "2.0"
}

// rivalDays is how far back a refund may reach in the eyes of a reader.
const rivalDays = 90

// hasRival reports whether another movement of the document fits a refund as well
// as the one that it undoes: one of equal amount, and for a part also any larger
// one. Of an original that the document does not tell nobody knows its price.
func (l *life) hasRival(x *refund, r *reckoning) bool {
	whole := x.back.cents == priceOfWhole(x.original) && r.seen[x.original]
	return slices.ContainsFunc(x.back.beside(), func(m *movement) bool {
		near := m.day <= x.back.day && m.day >= x.back.day-rivalDays
		samePlan := m.plan != nil && m.plan == x.original.plan
		if m == x.original || samePlan || m.cents >= 0 || !near || !r.seen[m] || !sameShop(m, x.original) {
			return false
		}
		price := priceOfWhole(m)
		return price == x.back.cents || !whole && price > x.back.cents
	})
}

// beside are the movements of the same account or card.
func (m *movement) beside() []*movement {
	if m.card != nil {
		return m.card.rows
	}
	return m.account.rows
}

func sameShop(a, b *movement) bool {
	if a.party == nil || b.party == nil {
		return a.party == b.party && a.slot == b.slot && a.text == b.text
	}
	return a.party.name == b.party.name
}

func (l *life) accountTruth(s *statement) Account {
	a := s.account
	t := Account{
		ID: a.id, Bank: a.bank.ID, Joint: a.joint, Company: a.company, From: s.from.String(),
		Opening: a.opening, EndOfDay: a.endOfDay[s.from-l.begin:], ReliableFrom: s.reliable.String(),
	}
	if s.from > l.begin {
		t.Opening = a.endOfDay[s.from-l.begin-1]
	}
	if a.sweeps {
		t.Invested = a.swept[s.from-l.begin:]
	}
	return t
}

func (l *life) planTruths(s *cardStatement, r *reckoning) []Plan {
	var list []Plan
	habitUntold := !r.tellsHabit(s.card)
	for _, p := range s.card.plans {
		t := Plan{
			ID: p.id, Card: s.card.id, Bought: p.bought.String(), Count: len(p.amounts), Amounts: p.amounts,
			FullRow: p.full != nil, Refunded: p.refunded, HabitUntold: habitUntold,
		}
		told, known := false, 0
		for k := range p.amounts {
			t.Cents += p.amounts[k]
			t.Months = append(t.Months, monthName(s.card.bill(p.cycles[k]).closing.MonthIndex()))
			real := r.real(p.lines[k])
			t.Reals = append(t.Reals, real)
			if real > 0 {
				told, known = true, known+1
			}
			if s.card.bills[p.cycles[k]].closed {
				t.Billed++
			}
		}
		t.Untold = !t.FullRow && t.Amounts[0] != t.Amounts[len(t.Amounts)-1] && (t.Reals[0] == 0 || known < 2)
		if told {
			list = append(list, t)
		}
	}
	return list
}

// tellsHabit reports whether a row of the card's plans shows if rows are
// instalments: a second one, or any on a closed bill, whose sum then shows it.
func (r *reckoning) tellsHabit(c *card) bool {
	for _, p := range c.plans {
		for k, m := range p.lines {
			if r.real(m) > 0 && (k > 0 || r.bills[c.bills[m.cycle]]) {
				return true
			}
		}
	}
	return false
}

func billTruth(c *card, b *bill, r *reckoning) Bill {
	t := Bill{
		ID: b.id, Card: c.id, Closing: b.closing.String(), Due: b.due.String(), Cents: b.total, Carried: b.carried, Cost: b.cost,
	}
	if !r.bills[b] {
		t.ID = ""
	}
	for _, m := range b.lines {
		if real := r.real(m); real > 0 && r.bills[b] {
			t.Lines = append(t.Lines, real)
		}
	}
	for _, p := range b.payments {
		t.Payments = append(t.Payments, Payment{Day: p.day.String(), Cents: p.cents, Debit: r.real(p.debit), Line: r.real(p.line)})
	}
	return t
}

// isPaid reports whether the document tells a payment of the bill.
func (b *Bill) isPaid() bool {
	for _, p := range b.Payments {
		if p.Debit+p.Line > 0 {
			return true
		}
	}
	return false
}

func (c *contract) truth(r *reckoning) Contract {
	t := Contract{
		IDs: c.ids, IPOC: c.ipoc, Cents: c.cents, Disbursement: r.real(c.disburse), Count: c.count, Paid: c.paid, PastDue: c.pastDue,
		Outstanding: int64(c.count-c.paid) * c.part,
	}
	for _, p := range c.payments {
		t.Instalments = append(t.Instalments, Instalment{Number: p.number, Day: p.day.String(), Cents: p.cents, Real: r.real(p.entry)})
	}
	return t
}

// incomeTruths adds up the income that the document tells, month by month.
func (l *life) incomeTruths(r *reckoning) []Income {
	var list []Income
	l.months(func(int) {
		list = append(list, Income{Calendar: map[string]int64{}, Competence: map[string]int64{}})
	})
	first := l.begin.MonthIndex()
	for i := range list {
		list[i].Month = monthName(first + i)
	}
	for _, m := range l.incomes {
		if r.real(m) == 0 {
			continue
		}
		list[m.day.MonthIndex()-first].Calendar[m.income] += m.cents
		if at := m.competence - first; at >= 0 && at < len(list) {
			list[at].Competence[m.income] += m.cents
		}
	}
	return list
}
