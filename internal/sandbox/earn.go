package sandbox

import (
	"fmt"
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
)

// earn plans an income for the whole life.
func (l *life) earn(in *incomePlan) {
	if in.Chance > 0 && !l.chance(in.Chance) {
		return
	}
	var into []*account
	for _, name := range in.Into {
		if a := l.account(name); a != nil {
			into = append(into, a)
		}
	}
	if len(into) == 0 {
		return
	}
	e := &earning{
		life: l, plan: in, into: pick(l.dice, into), slot: pick(l.dice, in.Via), payers: l.payers(in),
		base: l.cents(Range{in.Amount[0], in.Amount[1]}), ported: l.account(in.PortedFrom), vacation: -1,
	}
	if in.Vacation {
		e.vacation = l.IntN(12)
	}
	if in.Fixed && in.Main {
		l.means = e.base * 1000 / int64((in.Amount[0]+in.Amount[1])*50)
	}
	if len(e.payers) == 1 {
		e.series = map[string]*series{in.Kind: l.newSeries(in.Kind, in.When.rhythm())}
		if in.Advance > 0 {
			e.series["advance"] = l.newSeries("advance", Monthly)
		}
		if in.Vacation {
			e.series["vacation"] = l.newSeries("vacation", Yearly)
		}
	}
	rule := &PayDay{Payer: e.payers[0].name, TaxID: e.payers[0].taxID, Kind: in.Kind, Rule: in.When.rule()}
	if in.Fixed && in.When.Chance == 0 && in.Payers <= 1 {
		e.payDays = rule
		l.payDays = append(l.payDays, rule)
	}
	if in.Income == "REGULAR_SALARY" && e.slot == "salary" && e.payers[0].isCompany() && l.chance(0.6) {
		l.wages = append(l.wages, e)
	}
	for _, o := range l.occasions(in.When) {
		l.at(o.day, morning, func() { e.wage(o) })
		if in.Advance > 0 {
			l.at(businessDayUpTo(dayOfMonth(o.month, 20)), morning, func() {
				e.pay("advance", "advance", e.amount(o.month)*int64(in.Advance*100)/100, o.month)
			})
		}
		year, month, _ := monthStart(o.month).Date()
		if in.Thirteenth && month == 11 {
			l.at(businessDayUpTo(calendar.Of(year, 11, 30)), morning, func() { e.pay("thirteenth", "thirteenth", e.amount(o.month)/2, o.month) })
		}
		if in.Thirteenth && month == 12 {
			l.at(businessDayUpTo(calendar.Of(year, 12, 20)), morning, func() { e.pay("thirteenth", "thirteenth", e.amount(o.month)*39/100, o.month) })
		}
		if o.month%12 == e.vacation {
			l.at(businessDayUpTo(o.day-2), morning, func() { e.pay("vacation", "vacation", e.amount(o.month)*4/3, o.month) })
		}
	}
}

// payers makes up who pays an income.
func (l *life) payers(in *incomePlan) []party {
	list := make([]party, max(1, in.Payers))
	for i := range list {
		switch in.Payer {
		case "company":
			list[i] = l.stranger(l.company)
		case "person":
			list[i] = l.stranger(l.anybody)
		case "family":
			list[i] = l.stranger(func() party { return l.person(l.family) })
		default:
			list[i] = party{name: in.Name, taxID: in.TaxID}
		}
		list[i] = l.dice.account(list[i], l.someBank())
	}
	return list
}

func (l *life) someBank() *bank { return banks()[pick(l.dice, bankIDs())] }

// earning is an income while it runs.
type earning struct {
	*life
	plan     *incomePlan
	into     *account
	slot     string
	payers   []party
	base     int64
	ported   *account // where the payer pays, to be carried on to into
	vacation int      // month of the year, 0 to 11; -1: none
	payDays  *PayDay
	series   map[string]*series // by kind
}

// amount returns what is due for a month.
func (e *earning) amount(month int) int64 {
	cents := e.base
	if e.plan.Raise > 0 {
		for m := e.begin.MonthIndex() + 1; m <= month; m++ {
			if m%12 == 4 {
				cents += cents * int64(e.plan.Raise*1000) / 1000
			}
		}
	}
	return cents
}

// wage pays the plain income.
func (e *earning) wage(o occasion) {
	cents := e.cents(Range{e.plan.Amount[0], e.plan.Amount[1]})
	if e.plan.Fixed {
		cents = e.amount(o.month)
	}
	if e.plan.Advance > 0 {
		cents -= cents * int64(e.plan.Advance*100) / 100
	}
	if o.month%12 == e.vacation {
		cents /= 3 // the days of leave were paid ahead
	}
	e.pay(e.plan.Kind, e.slot, e.vary(cents, e.plan.Vary), o.month)
}

// pay pays into the account, or into another bank from where portability
// carries it on.
func (e *earning) pay(kind, slot string, cents int64, month int) {
	if e.slot == "pix-in" || e.slot == "ted-in" || e.slot == "tev-in" {
		slot = e.slot
	}
	payer := e.payers[e.IntN(len(e.payers))]
	at := e.into
	if e.ported != nil {
		at = e.ported
	}
	m := e.post(at, cents, slot, kind, &payer)
	m.competence = month
	m.told = m.told || slotTypes[slot] == "FOLHA_PAGAMENTO" && at.bank.Partie >= 0.8
	income := e.plan.Income
	if kind == "thirteenth" {
		income = "BONUS"
	}
	e.note(m, income)
	e.series[kind].add(m)
	if e.payDays != nil && kind == e.plan.Kind {
		e.payDays.Days = append(e.payDays.Days, e.today.String())
	}
	if e.ported != nil {
		e.carry(m)
	}
}

// carry is salary portability. Where the first bank is not in the document its
// credit is all that can be seen, and is the income.
func (e *earning) carry(wage *movement) {
	out := e.post(e.ported, -wage.cents, "portability-out", "portability", e.own(e.into))
	out.role = RoleOwnTransfer
	payer := *wage.party
	arrive := func() {
		in := e.post(e.into, wage.cents, "portability-in", "portability", &payer)
		in.told = true
		if e.ported.outside {
			in.kind, in.competence = wage.kind, wage.competence
			e.note(in, e.plan.Income) // also a 13th: what is carried on is told as wages
			e.series[wage.kind].add(in)
			return
		}
		e.link(out, in, "portability")
	}
	if next := businessDayFrom(e.today + 1); e.chance(0.15) {
		e.at(next, morning, arrive)
		return
	}
	arrive()
}

// note counts an income.
func (l *life) note(m *movement, income string) {
	if income == "" || m.account.savings {
		return
	}
	m.income = income
	if m.competence == 0 {
		m.competence = m.day.MonthIndex()
	}
	l.incomes = append(l.incomes, m)
}

// holder is whose an account is: the person's or the company's.
func (l *life) holder(a *account) party {
	if a.company {
		return l.firm
	}
	return l.self
}

// own is the holder of an account as a counterparty.
func (l *life) own(a *account) *party {
	p := l.holder(a)
	p.bank, p.branch, p.number, p.digit = a.bank, a.branch, a.number, a.digit
	return &p
}

// bankWork plans what banks do by themselves: interest, yield and fees.
func (l *life) bankWork(a *account) {
	yield := 40 + l.IntN(40) // of 10,000 a month
	fee := int64(0)
	if !a.savings && a.bank.Type == "checking" && l.chance(0.5) {
		fee = int64(l.between(1290, 4590))
	}
	var yields *series
	if !a.savings {
		yields = l.newSeries("yield", Monthly)
	}
	fees, interest, tax := l.newSeries("bank-fee", Monthly), l.newSeries("overdraft-interest", Monthly), l.newSeries("overdraft-tax", Monthly)
	l.months(func(month int) {
		first := nthBusinessDay(month, 1)
		l.at(first, evening, func() { l.chargeOverdraft(a, interest, tax) })
		l.at(first, evening, func() {
			slot, base := "sweep-yield", a.invested
			if a.savings {
				slot, base = "yield", max(0, a.balance)
			} else if a.pot > 0 {
				slot, base = "yield", a.pot
			}
			if cents := base * int64(yield) / 10000; cents > 0 {
				m := l.post(a, cents, slot, "yield", nil)
				l.note(m, "INVESTMENT_DIVIDEND")
				yields.add(m)
			}
		})
		l.at(nthBusinessDay(month, 3), noon, func() {
			if fee > 0 && a.free(false) >= fee {
				fees.add(l.post(a, -fee, "fee", "bank-fee", nil))
			}
		})
	})
}

// chargeOverdraft charges interest of 8 % a month (the legal cap) and IOF on the
// negative days since the last charge. A bank would rather wait than charge past
// the limit.
func (l *life) chargeOverdraft(a *account, interests, taxes *series) {
	interest, tax := -a.negative*8/3000, -a.negative*82/1000000
	if interest < 1 || a.balance-interest-tax < -a.overdraft {
		return
	}
	a.negative = 0
	interests.add(l.post(a, -interest, "overdraft-interest", "overdraft-interest", nil))
	if tax > 0 {
		taxes.add(l.post(a, -tax, "overdraft-tax", "overdraft-tax", nil))
	}
}

// rule tells a rhythm in words.
func (w when) rule() string {
	switch {
	case w.Business != 0:
		return fmt.Sprintf("business day %d", w.Business)
	case len(w.Day) > 0 && w.Shift != "":
		return fmt.Sprintf("day %d, %s to a business day", w.Day[0], w.Shift)
	case len(w.Day) > 0:
		return fmt.Sprintf("day %d to %d", w.Day[0], slices.Max(w.Day))
	case w.Weekday > 0:
		return "weekly"
	}
	return "at random"
}
