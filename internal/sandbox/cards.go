package sandbox

import (
	"github.com/openklaas/klaas/internal/calendar"
)

// card is a credit card account.
type card struct {
	plan    *cardPlan
	bank    *bank
	id      string
	number  string // the last four digits
	version string
	payFrom *account
	outside bool
	habit   string // of instalments: monthly, purchase-date, announced, full
	even    bool   // its shops price in equal instalments
	current bool   // it has transactions-current
	limit   int64
	used    int64

	closingDay, dueAfter int
	bills                []*bill // by cycle; the last one is open
	rows                 []*movement
	costs                map[string]*series // of revolving debt, by kind
	plans                []*plan
}

// bill is a cycle of a card: open, and then closed.
type bill struct {
	id           string
	closing, due calendar.Day
	closed       bool
	lines        []*movement
	hidden       int64 // instalments of plans that are told in one row
	total        int64
	carried      int64
	cost         int64
	minimum      int64
	charges      []charge
	payments     []*payment
	paid         int64
	planned      bool // the rest is paid in instalments
}

// charge is a finance charge of a bill.
type charge struct {
	kind  string
	cents int64
}

type payment struct {
	day         calendar.Day
	cents       int64
	debit, line *movement
	mode, value string
}

// plan is a purchase in instalments.
type plan struct {
	id       string
	card     *card
	bought   calendar.Day
	amounts  []int64
	cycles   []int
	lines    []*movement // by number; nil when there is no row
	full     *movement
	refunded bool
}

// cycleOf returns the number of the bill that a day falls into, and makes bills
// as far as needed.
func (c *card) cycleOf(d calendar.Day) int {
	i := 0
	for ; ; i++ {
		if d <= c.bill(i).closing {
			return i
		}
	}
}

// bill returns the bill of a cycle.
func (c *card) bill(cycle int) *bill {
	for len(c.bills) <= cycle {
		last := c.bills[len(c.bills)-1]
		c.bills = append(c.bills, c.newBill(dayOfMonth(last.closing.MonthIndex()+1, c.closingDay)))
	}
	return c.bills[cycle]
}

func (c *card) newBill(closing calendar.Day) *bill {
	return &bill{closing: closing, due: closing + calendar.Day(c.dueAfter)}
}

func (c *card) canBuy(cents int64) bool { return c.used+cents <= c.limit }

// line puts a line on the card now. Charges to the holder are negative.
func (c *card) line(l *life, cents int64, lineType, text, kind string, shop *party) *movement {
	l.tick()
	l.reals++
	m := &movement{
		real: l.reals, card: c, day: l.today, second: l.second, cents: cents, lineType: lineType,
		text: text, kind: kind, role: RoleNone, party: shop,
	}
	m.cycle = c.cycleOf(l.today)
	if c.bill(m.cycle).closed { // What comes after the closing waits for the next bill.
		m.cycle++
	}
	c.place(m)
	return m
}

func (c *card) place(m *movement) {
	c.rows = append(c.rows, m)
	b := c.bill(m.cycle)
	b.lines = append(b.lines, m)
}

// buy buys something, at once or in parts, and returns its first line.
func (c *card) buy(l *life, shop party, cents int64, parts int, kind string) *movement {
	if c.even {
		cents = cents / int64(parts) * int64(parts)
	}
	c.used += cents
	if parts <= 1 {
		return c.line(l, -cents, "PAGAMENTO", shop.name, kind, &shop)
	}
	p := &plan{id: "plan-" + l.code(8), card: c, bought: l.today}
	c.plans = append(c.plans, p)
	first := c.cycleOf(l.today)
	for k := range parts {
		part := cents / int64(parts)
		if k == 0 {
			part = cents - part*int64(parts-1) // the first bears the odd cents
		}
		p.amounts = append(p.amounts, part)
		p.cycles = append(p.cycles, first+k)
		p.lines = append(p.lines, nil)
	}
	if c.habit == "full" {
		m := c.line(l, -cents, "PAGAMENTO", shop.name, kind, &shop)
		m.role, m.plan, m.number, m.count = RoleInstalment, p, 1, parts
		p.full, p.lines[0] = m, m
		for k := range parts {
			c.bill(first + k).hidden += p.amounts[k]
		}
		c.bill(first).hidden -= cents // the row itself adds the whole price
		return m
	}
	l.tick()
	for k := range parts {
		c.instalment(l, p, shop, kind, k)
	}
	return p.lines[0]
}

// instalment makes the line of one instalment, on the bill where it belongs.
func (c *card) instalment(l *life, p *plan, shop party, kind string, k int) {
	m := &movement{
		card: c, day: p.bought, second: l.second, cents: -p.amounts[k], lineType: "PAGAMENTO",
		text: shop.name + instalmentText(c.bank.ID, k+1, len(p.amounts)), kind: kind, role: RoleInstalment,
		party: &shop, plan: p, number: k + 1, count: len(p.amounts), cycle: p.cycles[k],
	}
	l.reals++
	m.real = l.reals
	if c.habit == "monthly" {
		opens := c.bill(m.cycle).closing + 1
		if m.cycle > 0 {
			opens = c.bill(m.cycle-1).closing + 1
		}
		m.day = p.bought
		if k > 0 {
			m.day = min(max(p.bought.AddMonths(k), opens), c.bill(m.cycle).closing)
		}
	}
	p.lines[k] = m
	c.place(m)
}

// instalmentText is how a bank marks an instalment in the text.
func instalmentText(bankID string, number, count int) string {
	w := words{number: number, count: count}
	switch bankID {
	case "nubank":
		return fill(" - Parcela {n}/{of}", w)
	case "bradesco", "caixa":
		return fill(" PARC {nn}/{of}", w)
	case "santander", "picpay":
		return fill(" PARCELA {n} DE {of}", w)
	}
	return fill(" {nn}/{of}", w)
}

// refund gives back a part of a purchase on the bill that is open then.
func (c *card) refund(l *life, original *movement, cents int64, kind string) {
	lineType, text := "ESTORNO", "ESTORNO "+original.party.name
	switch {
	case kind == "cashback":
		lineType, text = "CASHBACK", "CASHBACK "+original.party.name
	case c.bank.Clock == "time":
		text = "Estorno de \"" + original.party.name + "\""
	}
	m := c.line(l, cents, lineType, text, kind, original.party)
	c.used -= cents
	l.undo(m, original)
	if p := original.plan; p != nil && p.full == nil {
		whole := int64(0)
		for _, a := range p.amounts {
			whole += a
		}
		p.refunded = cents == whole
	}
}

// close closes the bill of a cycle and plans its payment.
func (c *card) close(l *life, cycle int) {
	b := c.bill(cycle)
	b.id = "bill-" + l.code(16)
	if cycle > 0 {
		c.carryOver(l, c.bills[cycle-1], b)
	}
	b.closed = true
	for _, m := range b.lines {
		if m.pays == nil {
			b.total -= m.cents
		}
	}
	b.total += b.hidden
	if cycle > 0 && c.bills[cycle-1].total < c.bills[cycle-1].paid {
		b.total -= c.bills[cycle-1].paid - c.bills[cycle-1].total // credit of the bill before
	}
	b.minimum = max(0, b.total*15/100)
	if b.total > 0 {
		c.planPayment(l, b)
	}
}

// carryOver puts what was not paid of the last bill on the new one, with its cost.
func (c *card) carryOver(l *life, last, b *bill) {
	rest := last.total - last.paid
	add := func(cents int64, text, lineType, credit, kind, charged string) {
		if cents <= 0 {
			return
		}
		m := c.line(l, -cents, lineType, text, kind, nil)
		m.otherCredits = credit
		if kind != "revolving" {
			c.used += cents
		}
		if charged != "" {
			b.cost += cents
			b.charges = append(b.charges, charge{charged, cents})
			c.cost(l, kind).add(m)
		}
	}
	if late := last.lateDays(); late > 0 && last.paid > 0 {
		add(last.total*2/100, "Multa de atraso", "OUTROS", "", "late-fee", "MULTA_ATRASO_PAGAMENTO_FATURA")
		add(last.total*int64(late)/3000, "Juros de mora", "OUTROS", "", "late-fee", "JUROS_MORA_ATRASO_PAGAMENTO_FATURA")
	}
	if rest <= 0 {
		return
	}
	if last.planned {
		c.splitBill(l, rest)
		return
	}
	b.carried = rest
	add(rest, c.bank.Card.Carry, "OPERACOES_CREDITO_CONTRATADAS_CARTAO", "CREDITO_ROTATIVO", "revolving", "")
	add(rest*12/100, "Juros de rotativo", "OUTROS", "", "card-interest", "JUROS_REMUNERATORIOS_ATRASO_PAGAMENTO_FATURA")
	add(rest*63/10000, "IOF de rotativo", "OUTROS", "", "card-tax", "IOF")
}

// cost returns the series of a cost of debt that was not paid.
func (c *card) cost(l *life, kind string) *series {
	if c.costs == nil {
		c.costs = make(map[string]*series)
	}
	if c.costs[kind] == nil {
		c.costs[kind] = l.newSeries(kind, Monthly)
	}
	return c.costs[kind]
}

// splitBill turns the rest of a bill into instalments of debt.
func (c *card) splitBill(l *life, rest int64) {
	const parts = 6
	owed := rest + rest*30/100
	first := c.cycleOf(l.today)
	for k := range parts {
		part := owed / parts
		if k == 0 {
			part = owed - part*(parts-1)
		}
		l.reals++
		m := &movement{
			real: l.reals, card: c, day: min(l.today.AddMonths(k), c.bill(first+k).closing), second: l.second, cents: -part,
			lineType: "OPERACOES_CREDITO_CONTRATADAS_CARTAO", otherCredits: "PARCELAMENTO_FATURA",
			text: "PARCELAMENTO DE FATURA" + instalmentText(c.bank.ID, k+1, parts), kind: "bill-instalment", role: RoleNone,
			number: k + 1, count: parts, cycle: first + k,
		}
		c.place(m)
	}
	c.used += owed - rest
}

func (b *bill) lateDays() int {
	if len(b.payments) == 0 {
		return 0
	}
	return int(b.payments[0].day - businessDayFrom(b.due))
}

// planPayment plans how a bill is paid.
func (c *card) planPayment(l *life, b *bill) {
	paidOn := businessDayFrom(b.due)
	want := b.total
	switch p := c.plan; {
	case l.chance(p.Split):
		want, b.planned = b.total*20/100, true
	case l.chance(p.Minimum):
		want = b.minimum
	case l.chance(p.Partial):
		want = b.total * int64(l.between(30, 80)) / 100
	case l.chance(p.Late):
		paidOn = businessDayFrom(b.due + calendar.Day(l.between(2, 6)))
	}
	c.payLater(l, b, paidOn, want, 3)
}

func (c *card) payLater(l *life, b *bill, d calendar.Day, want int64, tries int) {
	l.at(d, noon, func() {
		next := c.cycleOf(b.closing) + 1
		if c.bill(next).closed || c.pay(l, b, want) || tries == 1 || b.planned {
			return
		}
		c.payLater(l, b, businessDayFrom(l.today+2), want, tries-1)
	})
}

// pay pays a bill, as far as the money goes, and says whether it could.
func (c *card) pay(l *life, b *bill, want int64) bool {
	a := c.payFrom
	p := &payment{day: l.today, cents: want, mode: "BOLETO_BANCARIO", value: "VALOR_PAGAMENTO_FATURA_REALIZADO"}
	if c.plan.Paid != "outside" {
		if !l.fund(a, want, true) {
			want = a.free(true) / 100 * 100
			if want < b.minimum {
				return false
			}
			p.cents = want
		}
		slot, shop := "bill-boleto", &party{name: c.bank.Name, taxID: c.bank.CNPJ}
		if a.bank == c.bank {
			slot, shop, p.mode = "bill-own", nil, "DEBITO_CONTA_CORRENTE"
		}
		p.debit = l.post(a, -want, slot, "card-bill", shop)
		p.debit.pays, p.debit.told = b, false
		if !c.outside {
			p.debit.role = RoleBillPayment
		}
	}
	switch {
	case b.planned:
		p.value = "VALOR_PAGAMENTO_FATURA_PARCELADO"
	case want < b.total:
		p.value = "OUTRO_VALOR_PAGO_FATURA"
	}
	b.payments = append(b.payments, p)
	b.paid += want
	c.used -= want
	if !c.bank.Card.PaymentLine {
		return true
	}
	days := 0
	if p.debit == nil || a.bank != c.bank {
		days = int(businessDayFrom(l.today+1) - l.today)
	}
	l.at(l.today+calendar.Day(days), noon, func() {
		lineType := "PAGAMENTO"
		if c.version == "2.4" || c.version == "2.5" {
			lineType = "PAGAMENTO_FATURA"
		}
		p.line = c.line(l, want, lineType, c.bank.text("bill-line", 0), "card-bill", nil)
		p.line.pays, p.line.role = b, RoleBillPayment
		if p.debit != nil {
			p.line.pair, p.debit.pair = p.debit, p.line
		}
	})
	return true
}
