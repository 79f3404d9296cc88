package classify

import (
	"cmp"
	"slices"
	"strings"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/text"
	"github.com/openklaas/klaas/openfinance"
	"github.com/openklaas/klaas/taxonomy"
)

// Many an employer pays by PIX or TED, and no text says that it is a wage. What a
// ledger knows beside the text tells it: the employer of the person's
// qualification, or a company that pays in at least three months on end, around
// the same pay day, about the same amount. Companies that pay people for other
// reasons (lenders, insurers, brokers, platforms, estate agents) never count, nor do
// the person's own companies.
//
// The law wants wages paid by the fifth business day of the next month, and some
// employers pay before the month ends. So what a company pays on the 15th or 20th
// alone is no wage: it is the advance of one that also pays wages, or an invoice.
//
// A freelancer's client may pay the same every month. So of somebody whom several
// companies pay at odd times more months are asked, and days within the law.
const (
	salary taxonomy.Code = 10101

	wageMonths     = 3 // on end, at least
	wageSureMonths = 6 // from so many on the rule is surer; a freelancer's wage needs them

	clients        = 3 // make a freelancer
	clientPayments = 3 // of each, at least
)

// payday is a credit that may be a wage.
type payday struct {
	payer  string // CNPJ root, else the normalised name
	name   string // normalised; "" where it names nobody
	known  payerEvidence
	barred bool // the payer is the person's own company, or pays for another reason than work
	day    calendar.Day
	slot   slotOfMonth
	month  int   // of which a wage would be
	moved  int   // of turnOfMonth: business days from the last one of the month
	at     int32 // index of the movement
	amount money.Amount
}

// payerEvidence is what tells that a payer is a company.
type payerEvidence uint8

const (
	byNothing payerEvidence = iota // unless another credit of the same name has a document
	byName
	byDocument
)

// slotOfMonth is a time of the month at which wages are paid.
type slotOfMonth uint8

const (
	noSlot      slotOfMonth = iota
	turnOfMonth             // from the last business day but one to the sixth of the next month
	twentyFifth             // public bodies
	fifteenth               // an advance
	twentieth               // an advance
)

const (
	firstPayDay = -1 // of turnOfMonth, in business days from the last one of the month
	legalPayDay = 5  // the last that the law allows
	lastPayDay  = 6  // of those who are late
	payDayMoves = 3  // by so many a pay day moves with weekends, holidays and lateness

	leastMonth = 20 // days from a wage to what may be the next, whatever its day
	mostMonth  = 40
)

// How sure the rules are, in permille.
const (
	wageConfidence = 780
	wageSure       = 860
	wageOfEmployer = 930
)

// isAdvance reports whether what is paid then is a wage only beside another one.
func (s slotOfMonth) isAdvance() bool { return s == fifteenth || s == twentieth }

// find finds the pay day that the day is. One on a weekend or holiday is paid on the
// business day before or after.
func (p *payday) find() {
	d := p.day
	y, m, _ := d.Date()
	first := calendar.Of(y, m, 1)
	p.month = d.MonthIndex()
	for _, s := range [...]struct {
		day  calendar.Day
		slot slotOfMonth
	}{{first + 14, fifteenth}, {first + 19, twentieth}, {first + 24, twentyFifth}} {
		if d >= onOrBefore(s.day) && d <= s.day.BusinessDay() {
			p.slot = s.slot
			return
		}
	}
	switch end := onOrBefore(calendar.Of(y, m, calendar.DaysIn(y, m))); {
	case d >= end:
		p.slot = turnOfMonth
	case d >= end.AddBusinessDays(firstPayDay):
		p.slot, p.moved = turnOfMonth, firstPayDay
	case d <= (first - 1).AddBusinessDays(lastPayDay):
		p.slot, p.month = turnOfMonth, p.month-1
		for day := first; day <= d.BusinessDay(); day++ {
			if day.IsBusinessDay() {
				p.moved++
			}
		}
	}
}

// onOrBefore returns the last business day that is not after d.
func onOrBefore(d calendar.Day) calendar.Day {
	if d.IsBusinessDay() {
		return d
	}
	return d.AddBusinessDays(-1)
}

// payers finds wages among the decided movements of one ledger.
type payers struct {
	employers []string // documents: roots of CNPJs, CPFs
	own       []string // roots of the person's companies
	days      []payday
}

func newPayers(l *ledger.Ledger) payers {
	var p payers
	d := l.Document
	if d == nil {
		return p
	}
	if l.Person.CNPJ != "" {
		p.own = append(p.own, rootOf(l.Person.CNPJ))
	}
	for i := range d.PersonalIdentifications {
		for _, cnpj := range d.PersonalIdentifications[i].CompaniesCNPJ {
			p.own = append(p.own, rootOf(cnpj))
		}
	}
	for i := range d.PersonalQualifications {
		p.employ(d.PersonalQualifications[i].EmployerCnpjCpf)
	}
	for i := range d.PersonalRelations {
		for _, links := range [...][]openfinance.SalaryLink{d.PersonalRelations[i].PaychecksBankLinks, d.PersonalRelations[i].PortabilitiesReceived} {
			for j := range links {
				p.employ(links[j].EmployerCnpjCpf)
			}
		}
	}
	return p
}

// employ takes an employer, unless it is the person or the person's own company.
func (p *payers) employ(document string) {
	if r := rootOf(document); r != "" && !slices.Contains(p.own, r) {
		p.employers = append(p.employers, r)
	}
}

// rootOf returns the first 8 characters of a CNPJ, a CPF as it is.
func rootOf(document string) string {
	if len(document) == 14 {
		return document[:8]
	}
	return document
}

// see takes notice of a movement that r has just decided.
func (p *payers) see(r *Run, m *ledger.Movement, at int32) {
	d := &m.Decision
	if m.Direction != ledger.Credit || m.Standing != ledger.Counted || m.Role != ledger.RoleNone || m.Foreign ||
		!transferred(d.Code) || d.Tier != ledger.TierStructure && d.Tier != ledger.TierVocabulary || r.e.isOwn() {
		return
	}
	payer := rootOf(r.e.Partie)
	if payer == "" && r.e.root[0] != 0 {
		payer = string(r.e.root[:])
	}
	if payer != "" && slices.Contains(p.employers, payer) {
		d.RunnerUp, d.Code = d.Code, salary
		d.Tier, d.Rule, d.Confidence, d.Matched = ledger.TierStructure, "structure/employer", wageOfEmployer, ""
		return
	}
	// What is only announced proves no rhythm.
	if m.Phase != ledger.Effective || r.e.isCPF() {
		return
	}
	day := payday{payer: payer, day: m.Day, at: at, amount: m.Amount, barred: slices.Contains(p.own, payer) || r.paysOtherwise()}
	if !text.Generic(m.Name) && r.c.namesSomebody(&r.e, &r.s) {
		day.name = m.Name
	}
	switch {
	case payer != "":
		day.known = byDocument
	case r.e.isCNPJ() || r.s.best[companyWord].row >= 0:
		day.payer, day.known = m.Name, byName
	case day.name == "":
		return
	}
	day.find()
	p.days = append(p.days, day)
}

// transferred reports whether a category is a transfer from somebody else.
func transferred(code taxonomy.Code) bool {
	switch code {
	case taxonomy.PixOwn, taxonomy.TedOwn:
		return false
	}
	group := code.Group()
	return group >= 201 && group <= 204
}

// paysOtherwise reports whether something says that the counterparty pays people for
// another reason than work.
func (r *Run) paysOtherwise() bool {
	if r.s.best[payerWord].row >= 0 {
		return true
	}
	known, ok := r.c.root(&r.e)
	return ok && (!known.merchant || known.credit.code != 0)
}

// settle files as wages what recurs like them.
func (p *payers) settle(l *ledger.Ledger) {
	p.join()
	slices.SortFunc(p.days, func(a, b payday) int {
		return cmp.Or(strings.Compare(a.payer, b.payer), cmp.Compare(a.slot, b.slot), cmp.Compare(a.month, b.month), cmp.Compare(a.day, b.day), cmp.Compare(a.at, b.at))
	})
	var list []payer
	for from := 0; from < len(p.days); {
		to := from + 1
		for to < len(p.days) && p.days[to].payer == p.days[from].payer {
			to++
		}
		if days := p.days[from:to]; !slices.ContainsFunc(days, func(d payday) bool { return d.barred }) {
			list = append(list, newPayer(days))
		}
		from = to
	}
	odd := 0
	for i := range list {
		if list[i].paysAtOddTimes() {
			odd++
		}
	}
	for i := range list {
		list[i].settle(l, odd >= clients)
	}
}

// join gives credits without a document the payer whom another credit of the same
// name shows, and drops those of which nothing tells that a company paid them.
func (p *payers) join() {
	roots := make(map[string]string) // by name; "" where several companies bear it
	for i := range p.days {
		if d := &p.days[i]; d.known == byDocument && d.name != "" {
			if root, seen := roots[d.name]; seen && root != d.payer {
				roots[d.name] = ""
				continue
			}
			roots[d.name] = d.payer
		}
	}
	p.days = slices.DeleteFunc(p.days, func(d payday) bool { return d.known == byNothing && roots[d.name] == "" })
	for i := range p.days {
		if d := &p.days[i]; d.known != byDocument && roots[d.name] != "" {
			d.payer = roots[d.name]
		}
	}
}

// chain is what one payer pays at one time of the month, month by month.
type chain struct {
	days   []*payday
	onEnd  int // months without a gap up to the last one
	proven int // the most months without a gap: once proven, a payer may leave one out
}

// payer is a company that pays a person.
type payer struct {
	chains []chain
	odd    []*payday // on no pay day, oldest first
	count  int       // of all credits
}

// newPayer finds the chains among the credits of one payer, sorted by slot and day.
func newPayer(days []payday) payer {
	p := payer{count: len(days)}
	var open []int // of chains: those that may go on
	for i := range days {
		d := &days[i]
		if d.slot == noSlot {
			p.odd = append(p.odd, d)
			continue
		}
		open = slices.DeleteFunc(open, func(at int) bool { return p.chains[at].isOver(d) })
		if at := slices.IndexFunc(open, func(at int) bool { return p.chains[at].takes(d) }); at >= 0 {
			p.chains[open[at]].add(d)
			continue
		}
		open = append(open, len(p.chains))
		p.chains = append(p.chains, chain{days: []*payday{d}, onEnd: 1, proven: 1})
	}
	return p
}

// paysAtOddTimes reports whether most of what the payer pays keeps no pay day.
func (p *payer) paysAtOddTimes() bool {
	regular := 0
	for i := range p.chains {
		if c := &p.chains[i]; c.proven >= wageMonths {
			regular += len(c.days)
		}
	}
	return p.count >= clientPayments && 2*regular < p.count
}

// settle files as wages what the payer pays month by month around a pay day, with
// what it pays a month apart from it on another day, and its advances.
func (p *payer) settle(l *ledger.Ledger, toFreelancer bool) {
	paysWages := false
	for i := range p.chains {
		c := &p.chains[i]
		if c.last().slot.isAdvance() || c.proven < wageMonths || toFreelancer && (c.proven < wageSureMonths || c.isLate()) {
			continue
		}
		apart, between := p.beside(c)
		if 2*between > len(c.days)+len(apart) {
			continue // it pays by the week or by the job
		}
		paysWages = true
		c.settle(l)
		for _, d := range apart {
			d.settle(l, wageConfidence)
		}
	}
	for i := range p.chains {
		if c := &p.chains[i]; paysWages && c.last().slot.isAdvance() && c.proven >= wageMonths {
			c.settle(l)
		}
	}
}

// beside finds what the payer pays on no pay day about as much as in the chain: what
// is a month apart from the nearest wage, and how many come between wages.
func (p *payer) beside(c *chain) (apart []*payday, between int) {
	wages := slices.Clone(c.days) // and what is apart, oldest first
	look := func(d *payday) {
		at, _ := slices.BinarySearchFunc(wages, d, byDay)
		near := wages[max(at-1, 0)]
		if at < len(wages) && wages[at].day-d.day < max(near.day-d.day, d.day-near.day) {
			near = wages[at]
		}
		switch away := max(near.day-d.day, d.day-near.day); {
		case !alike(near.amount, d.amount):
		case away < leastMonth:
			between++
		default:
			wages = slices.Insert(wages, at, d)
			apart = append(apart, d)
		}
	}
	from, _ := slices.BinarySearchFunc(p.odd, wages[0], byDay)
	for i := from; i < len(p.odd) && p.odd[i].day-wages[len(wages)-1].day <= mostMonth; i++ {
		look(p.odd[i])
	}
	for i := from - 1; i >= 0 && wages[0].day-p.odd[i].day <= mostMonth; i-- {
		look(p.odd[i])
	}
	return apart, between
}

func byDay(a, b *payday) int { return cmp.Compare(a.day, b.day) }

func (c *chain) last() *payday { return c.days[len(c.days)-1] }

// isOver reports whether a credit comes too late for the chain, and so do all after
// it. One month may be left out.
func (c *chain) isOver(d *payday) bool { return c.last().slot != d.slot || d.month-c.last().month > 2 }

// takes reports whether a credit goes on where the chain left off.
func (c *chain) takes(d *payday) bool {
	last := c.last()
	return max(d.moved-last.moved, last.moved-d.moved) <= payDayMoves && alike(last.amount, d.amount)
}

// alike reports whether an amount is at least two thirds and at most three halves of
// another.
func alike(a, b money.Amount) bool { return 2*a <= 3*b && 2*b <= 3*a }

func (c *chain) add(d *payday) {
	switch d.month - c.last().month {
	case 0:
	case 1:
		c.onEnd++
	default:
		c.onEnd = 1
	}
	c.proven = max(c.proven, c.onEnd)
	c.days = append(c.days, d)
}

// isLate reports whether most of the chain came after the last day that the law
// allows.
func (c *chain) isLate() bool {
	late := 0
	for _, d := range c.days {
		if d.moved > legalPayDay {
			late++
		}
	}
	return 2*late > len(c.days)
}

// settle makes the chain's credits wages.
func (c *chain) settle(l *ledger.Ledger) {
	confidence := uint16(wageConfidence)
	if c.proven >= wageSureMonths {
		confidence = wageSure
	}
	for _, d := range c.days {
		d.settle(l, confidence)
	}
}

// settle makes the credit a wage.
func (p *payday) settle(l *ledger.Ledger, confidence uint16) {
	d := &l.Movements[p.at].Decision
	d.RunnerUp, d.Code = d.Code, salary
	d.Tier, d.Rule, d.Confidence, d.Matched = ledger.TierStructure, "structure/recurring-payer", confidence, ""
}
