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
// qualification, or a company that pays in at least three months on end, on the
// same pay day, about the same amount. Companies that pay people for other reasons
// (lenders, insurers, brokers, platforms, estate agents) never count, nor do the
// person's own companies.
const (
	salary taxonomy.Code = 10101

	wageMonths     = 3   // on end, at least
	wageSureMonths = 6   // from so many on the rule is surer
	wageConfidence = 780 // permille
	wageSure       = 860
	wageOfEmployer = 930
)

// payday is a credit that may be a wage.
type payday struct {
	payer   string // CNPJ root, else the normalised name
	name    string // normalised
	company bool   // it proves wages; else it may only be one more of a payer's
	slot    slotOfMonth
	month   int
	at      int32 // index of the movement
	amount  money.Amount
}

// slotOfMonth is a day on which wages are paid.
type slotOfMonth uint8

const (
	noSlot      slotOfMonth = iota
	fifthDay                // from the fifth to the fifth business day, the last that the law allows
	fifteenth               // an advance
	twentieth               // an advance
	twentyFifth             // public bodies
	lastDay                 // the last business day
)

// slotOf returns the pay day that a day is. One on a weekend or holiday is paid on
// the business day before or after.
func slotOf(d calendar.Day) slotOfMonth {
	y, m, _ := d.Date()
	first := calendar.Of(y, m, 1)
	end := calendar.Of(y, m, calendar.DaysIn(y, m))
	if d >= onOrBefore(end) {
		return lastDay
	}
	if d >= onOrBefore(first+4) && d <= (first-1).AddBusinessDays(5) {
		return fifthDay
	}
	for _, s := range [...]struct {
		day  calendar.Day
		slot slotOfMonth
	}{{first + 14, fifteenth}, {first + 19, twentieth}, {first + 24, twentyFifth}} {
		if d >= onOrBefore(s.day) && d <= s.day.BusinessDay() {
			return s.slot
		}
	}
	return noSlot
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
	ownNames  map[string]bool
	days      []payday
}

func newPayers(l *ledger.Ledger) payers {
	p := payers{ownNames: make(map[string]bool)}
	if r := rootOf(l.Person.CNPJ); r != "" {
		p.own = append(p.own, r)
	}
	d := l.Document
	if d == nil {
		return p
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
	if slices.Contains(p.own, payer) {
		p.ownNames[m.Name] = true
		return
	}
	// What is only announced proves no rhythm.
	if m.Phase != ledger.Effective || r.e.isCPF() || r.mayPayOtherwise() {
		return
	}
	day := payday{payer: payer, name: m.Name, company: r.e.isCNPJ() || r.s.best[companyWord].row >= 0, slot: slotOf(m.Day), month: m.Day.MonthIndex(), at: at, amount: m.Amount}
	if payer == "" {
		day.payer = m.Name
	}
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

// mayPayOtherwise reports whether something says that the counterparty pays for
// another reason than work.
func (r *Run) mayPayOtherwise() bool {
	if r.s.best[payerWord].row >= 0 {
		return true
	}
	known, ok := r.c.root(&r.e)
	return ok && !(known.merchant && known.credit.code == 0)
}

// settle files as wages what recurs like them.
func (p *payers) settle(l *ledger.Ledger) {
	p.days = slices.DeleteFunc(p.days, func(d payday) bool { return d.payer == d.name && p.ownNames[d.name] })
	p.nameCompanies()
	slices.SortFunc(p.days, func(a, b payday) int {
		return cmp.Or(strings.Compare(a.payer, b.payer), cmp.Compare(a.slot, b.slot), cmp.Compare(a.month, b.month), cmp.Compare(a.amount, b.amount), cmp.Compare(a.at, b.at))
	})
	for from := 0; from < len(p.days); {
		to := from + 1
		for to < len(p.days) && p.days[to].payer == p.days[from].payer {
			to++
		}
		settlePayer(l, p.days[from:to])
		from = to
	}
}

// nameCompanies gives payments without document to the company that alone has their
// name.
func (p *payers) nameCompanies() {
	const several = "-"
	roots := make(map[string]string) // by name
	for i := range p.days {
		d := &p.days[i]
		if d.payer == d.name {
			continue
		}
		if root, known := roots[d.name]; known && root != d.payer {
			roots[d.name] = several
		} else {
			roots[d.name] = d.payer
		}
	}
	for i := range p.days {
		d := &p.days[i]
		if root, known := roots[d.name]; known && root != several && !text.Generic(d.name) {
			d.payer = root
		}
	}
}

// settlePayer files the wages among the payments of one payer, by pay day, then by
// month.
func settlePayer(l *ledger.Ledger, days []payday) {
	var wages []payday // found so far
	for from := 0; from < len(days); {
		to, months := from+1, 1
		for to < len(days) && follows(&days[to-1], &days[to]) {
			months += days[to].month - days[to-1].month
			to++
		}
		if days[from].slot != noSlot && months >= wageMonths && slices.ContainsFunc(days[from:to], func(d payday) bool { return d.company }) {
			wages = append(wages, days[from:to]...)
			confidence := uint16(wageConfidence)
			if months >= wageSureMonths {
				confidence = wageSure
			}
			for i := range days[from:to] {
				days[from+i].file(l, confidence)
			}
		}
		from = to
	}
	if len(wages) == 0 {
		return
	}
	paid := make(map[int]money.Amount) // by month
	for i := range wages {
		paid[wages[i].month] = wages[i].amount
	}
	slices.SortFunc(days, func(a, b payday) int {
		return cmp.Or(cmp.Compare(a.month, b.month), cmp.Compare(a.amount, b.amount), cmp.Compare(a.at, b.at))
	})
	extend := func(d *payday, beside int) {
		if _, known := paid[d.month]; known {
			return
		}
		if near, known := paid[d.month+beside]; known && alike(near, d.amount) {
			paid[d.month] = d.amount
			d.file(l, wageConfidence)
		}
	}
	for i := range days {
		extend(&days[i], -1)
	}
	for i := range slices.Backward(days) {
		extend(&days[i], +1)
	}
}

// file makes the payment a wage.
func (p *payday) file(l *ledger.Ledger, confidence uint16) {
	d := &l.Movements[p.at].Decision
	d.RunnerUp, d.Code = d.Code, salary
	d.Tier, d.Rule, d.Confidence, d.Matched = ledger.TierStructure, "structure/recurring-payer", confidence, ""
}

// alike reports whether one amount is at least two thirds and at most three halves of
// another one.
func alike(a, b money.Amount) bool { return 2*a <= 3*b && 2*b <= 3*a }

// follows reports whether b goes on where a left off: the same payer and pay day, in
// the same month or the next, with at least two thirds and at most three halves of
// the amount.
func follows(a, b *payday) bool {
	return a.payer == b.payer && a.slot == b.slot && b.month-a.month <= 1 && alike(a.amount, b.amount)
}
