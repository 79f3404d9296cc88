package sandbox

import "github.com/openklaas/klaas/internal/calendar"

// contract is a loan or financing.
type contract struct {
	plan     *loanPlan
	ids      []string
	banks    []*bank // that show it
	ipoc     string
	number   string
	account  *account
	start    calendar.Day
	first    calendar.Day // due day of the first instalment
	cents    int64
	count    int
	part     int64
	disburse *movement
	paid     int // in all, also before the life
	pastDue  int
	payments []*contractPayment
	parts    *series
}

type contractPayment struct {
	number int
	day    calendar.Day
	cents  int64
	entry  *movement // nil when it was deducted from the wage
}

// contractKind is how a kind of contract goes.
type contractKind struct {
	section    string
	product    string // productType
	subProduct string // productSubType
	paidOut    string // the slot of its disbursement; "" where a seller or nobody is paid
	withheld   bool   // its instalments are in no account: the employer pays them, or buyers do
	discounts  bool   // its cost is kept back when it is paid out
	unplanned  bool   // it has no instalments and no rows
}

// lateDays is how long money beyond the limit is owed before it is late.
const lateDays = 30

// contractKinds are the kinds of loans. An overdraft beyond the limit is at a
// bank whose accounts the person did not share: it has no rows.
//
//nolint:misspell // The words are Portuguese.
var contractKinds = map[string]contractKind{
	"personal": {section: "loans", product: "EMPRESTIMOS", subProduct: "CREDITO_PESSOAL_SEM_CONSIGNACAO", paidOut: "loan-in"},
	"payroll":  {section: "loans", product: "EMPRESTIMOS", subProduct: "CREDITO_PESSOAL_COM_CONSIGNACAO", paidOut: "loan-in", withheld: true},
	"working":  {section: "loans", product: "EMPRESTIMOS", subProduct: "CAPITAL_GIRO_PRAZO_VENCIMENTO_SUPERIOR_365_DIAS", paidOut: "loan-in"},
	"vehicle":  {section: "financings", product: "FINANCIAMENTOS", subProduct: "AQUISICAO_BENS_VEICULOS_AUTOMOTORES"},
	"housing":  {section: "financings", product: "FINANCIAMENTOS_IMOBILIARIOS", subProduct: "FINANCIAMENTO_HABITACIONAL_SFH"},
	"receivables": {
		section: "invoiceFinancings", product: "DIREITOS_CREDITORIOS_DESCONTADOS", subProduct: "DESCONTO_DUPLICATAS",
		paidOut: "discount", withheld: true, discounts: true,
	},
	"overdraft": {
		section: "unarrangedAccountsOverdraft", product: "ADIANTAMENTO_A_DEPOSITANTES", subProduct: "ADIANTAMENTO_A_DEPOSITANTES",
		unplanned: true,
	},
}

// elsewhere returns a bank with current accounts at which the person has none.
func (l *life) elsewhere() *bank {
	for {
		if b := l.someBank(); b.Type == "checking" && !l.holdsAccountAt(b) {
			return b
		}
	}
}

// borrow plans a loan for the whole life.
func (l *life) borrow(plan *loanPlan) {
	a := l.account(plan.Account)
	if a == nil || a.outside || plan.Chance > 0 && !l.chance(plan.Chance) {
		return
	}
	c := &contract{
		plan: plan, banks: []*bank{a.bank}, number: l.digits(12), account: a,
		cents: l.cents(Range{plan.Amount[0], plan.Amount[1]}) / 10000 * 10000, count: l.between(plan.Count[0], plan.Count[1]),
	}
	c.ipoc = a.bank.CNPJ[:8] + "0203" + "1" + "99" + l.digits(14)
	c.ids = append(c.ids, "contract-"+l.code(12))
	if l.chance(plan.Twice) {
		for other := l.someBank(); ; other = l.someBank() {
			if other != a.bank {
				c.banks = append(c.banks, other)
				break
			}
		}
		c.ids = append(c.ids, "contract-"+l.code(12))
	}
	cost := l.cents(Range{plan.Cost[0] * 1000, plan.Cost[1] * 1000}) / 100 // per mille
	kind := contractKinds[plan.Kind]
	paidOut := c.cents
	if kind.discounts {
		paidOut -= c.cents * cost / 1000
		cost = 0
	}
	c.part = (c.cents + c.cents*cost/1000) / int64(c.count)
	month := l.begin.MonthIndex() + l.between(plan.Start[0], plan.Start[1])
	c.start = businessDayFrom(dayOfMonth(month, l.between(3, 25)))
	due := l.between(plan.Day[0], plan.Day[1])
	c.first = dayOfMonth(month+1, due)
	l.contracts = append(l.contracts, c)
	c.parts = l.newSeries("loan-instalment", Monthly)

	if kind.paidOut != "" {
		l.at(c.start, noon, func() {
			c.disburse = l.post(a, paidOut, kind.paidOut, "loan", nil)
			c.disburse.role, c.disburse.contract, c.disburse.told = RoleContract, c, false
		})
	}
	if kind.unplanned {
		c.banks = []*bank{l.elsewhere()}
		c.ipoc = c.banks[0].CNPJ[:8] + c.ipoc[8:]
		if c.start < l.end-lateDays {
			c.pastDue = 1
		}
		return
	}
	for k := range c.count {
		d := businessDayFrom(dayOfMonth(month+1+k, due))
		switch {
		case d < l.begin:
			c.paid++
		case d <= l.end:
			l.at(d, noon, func() { l.payInstalment(c, 4) })
		}
	}
}

// payInstalment pays the next instalment, later when there is no money.
func (l *life) payInstalment(c *contract, tries int) {
	if contractKinds[c.plan.Kind].withheld {
		c.paid++
		c.payments = append(c.payments, &contractPayment{c.paid, l.today, c.part, nil})
		return
	}
	if !l.fund(c.account, c.part, true) {
		if tries == 1 {
			c.pastDue++
			return
		}
		if next := businessDayFrom(l.today + 3); next <= l.end {
			l.at(next, noon, func() { l.payInstalment(c, tries-1) })
		} else {
			c.pastDue++
		}
		return
	}
	c.paid++
	m := l.post(c.account, -c.part, "loan-part", "loan-instalment", nil)
	m.role, m.contract, m.number, m.count, m.told = RoleContract, c, c.paid, c.count, false
	m.text = l.write(m)
	c.parts.add(m)
	c.payments = append(c.payments, &contractPayment{c.paid, l.today, c.part, m})
}
