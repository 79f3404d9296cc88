package sandbox

import (
	"slices"
	"strings"

	"github.com/openklaas/klaas/internal/calendar"
)

// spending is a habit of spending while it runs.
type spending struct {
	*life
	plan  *spendPlan
	shops []party
	base  int64
	price Range
	from  []*account
	card  *card
	by    []string
	one   *series // of a single shop, by a rhythm
	tax   *series // on it, where it is abroad
}

// spend plans a habit of spending for the whole life.
func (l *life) spend(plan *spendPlan) {
	if plan.Chance > 0 && !l.chance(plan.Chance) {
		return
	}
	s := &spending{life: l, plan: plan, price: priceOf(plan)}
	for _, name := range plan.From {
		if a := l.account(name); a != nil {
			s.from = append(s.from, a)
		}
	}
	for _, c := range l.cards {
		if c.plan.Name == plan.Card {
			s.card = c
		}
	}
	for _, by := range plan.By {
		if by == "credit" && s.card != nil || by != "credit" && len(s.from) > 0 {
			s.by = append(s.by, by)
		}
	}
	if len(s.by) == 0 {
		return
	}
	s.shops = l.shopsOf(plan)
	if len(s.shops) == 1 && len(plan.Parts) == 0 && plan.Over == 0 {
		s.one = l.newSeries(plan.Kind, plan.When.rhythm())
		if plan.Dollar > 0 {
			s.tax = l.newSeries("card-tax", plan.When.rhythm())
		}
	}
	s.base = l.cents(s.price)
	if !plan.Must && plan.Over == 0 {
		s.base = s.base * l.means / 1000
	}
	for _, o := range l.occasions(plan.When) {
		order := daytime
		if plan.Must {
			order = noon
		}
		if o.day > l.end {
			l.announce(s, o.day)
		}
		l.at(o.day, order, s.buy)
	}
}

func priceOf(plan *spendPlan) Range {
	amount := plan.Amount
	if len(amount) != 2 {
		amount = shopTables()[plan.Shops].Price
	}
	return Range{amount[0], amount[1]}
}

// shopsOf makes up where the money goes.
func (l *life) shopsOf(plan *spendPlan) []party {
	var list []party
	switch plan.Shops {
	case "person", "family", "staff":
		family := ""
		if plan.Shops == "family" {
			family = l.family
		}
		for range 5 {
			list = append(list, l.dice.account(l.stranger(func() party { return l.person(family) }), l.someBank()))
		}
	case "company":
		for range 5 {
			list = append(list, l.dice.account(l.stranger(l.company), l.someBank()))
		}
	default:
		table := shopTables()[plan.Shops]
		for i, name := range table.Names {
			p := party{name: name, taxID: l.cnpj(), mcc: table.MCC}
			if i < len(table.TaxIDs) {
				p.taxID = table.TaxIDs[i]
			}
			list = append(list, l.dice.account(p, l.someBank()))
		}
	}
	if plan.Loyal {
		list = []party{pick(l.dice, list)}
	}
	return list
}

// amount returns the price of one time.
func (s *spending) amount(d calendar.Day) int64 {
	cents := s.base
	if !s.plan.Fixed {
		cents = s.cents(s.price)
		if !s.plan.Must {
			cents = cents * s.means / 1000
		}
	}
	if s.plan.Raise > 0 && d.MonthIndex()-s.begin.MonthIndex() >= 7 {
		cents += cents * int64(s.plan.Raise*1000) / 1000
	}
	cents = s.vary(cents, s.plan.Vary)
	if unit := int64(s.plan.Round) * 100; unit > 0 {
		cents = max(unit, cents/unit*unit)
	}
	return cents
}

// buy spends once, where the money is there.
func (s *spending) buy() {
	cents, shop := s.amount(s.today), pick(s.dice, s.shops)
	by := pick(s.dice, s.by)
	if by == "credit" {
		parts := 1
		if len(s.plan.Parts) == 2 {
			parts = s.between(s.plan.Parts[0], s.plan.Parts[1])
		}
		s.buyByCard(shop, cents, parts)
		return
	}
	from := pick(s.dice, s.from)
	if s.plan.Over > 0 {
		if cents = (from.free(false) - int64(s.plan.Over)*100) / 10000 * 10000; cents <= 0 {
			return
		}
	}
	if !s.fund(from, cents, s.plan.Must) {
		return
	}
	m := s.post(from, -cents, by, s.plan.Kind, &shop)
	s.one.add(m)
	switch {
	case slices.Contains([]string{"debit", "pix-qr"}, by):
		s.mishaps(m)
	case by == "cheque":
		s.returnCheque(m)
	case by == "pix-out" && s.plan.Shops == "person" && s.chance(s.persona.Traps.Refund):
		s.sendBack(m)
	case by == "invest-out":
		m.party = &party{name: shop.name}
		m.told = false
	case !isTransferSlot(by):
		m.told = false // Banks name no counterparty of boletos and utilities.
	}
	if s.plan.Returns > 0 {
		s.winnings(from, shop, cents)
	}
}

func isTransferSlot(slot string) bool {
	return slices.Contains([]string{"pix-out", "pix-qr", "ted-out", "tev-out", "payroll-out"}, slot)
}

// fund sees to it that an account can pay, from another one of the person's
// where need be, and says whether it can.
func (l *life) fund(a *account, cents int64, must bool) bool {
	lack := cents - a.free(false)
	if lack <= 0 {
		return true
	}
	for _, other := range l.accounts {
		if other != a && !other.joint && other.company == a.company && other.free(false) > lack+20000 && l.chance(0.8) {
			sent := (lack + 9999) / 10000 * 10000
			if other.free(false) < sent {
				sent = lack
			}
			l.transfer(other, a, sent, "top-up")
			return true
		}
	}
	return cents <= a.free(must)
}

// buyByCard buys with a credit card, within its limit.
func (s *spending) buyByCard(shop party, cents int64, parts int) {
	if !s.card.canBuy(cents) {
		return
	}
	m := s.card.buy(s.life, shop, cents, parts, s.plan.Kind)
	s.one.add(m)
	if rate := int64(s.plan.Dollar * 100); rate > 0 {
		s.abroad(m, cents, rate)
	}
	if back := int64(float64(cents) * s.card.plan.Cashback); back > 0 && parts == 1 && s.chance(0.15) {
		s.later(s.between(2, 9), func() { s.card.refund(s.life, m, back, "cashback") })
	}
	switch {
	case parts > 1 && !s.chance(s.persona.Traps.BrokenPlans):
	case s.chance(s.persona.Traps.Refund):
		s.refundByCard(m, priceOfWhole(m))
	case parts == 1 && s.chance(s.persona.Traps.Twin):
		if s.card.canBuy(cents) {
			s.one.add(s.card.buy(s.life, shop, cents, 1, s.plan.Kind))
		}
	}
}

// abroad makes a purchase one in US dollars, with the tax on it.
func (s *spending) abroad(m *movement, cents, rate int64) {
	m.dollars = cents * 100 / rate
	tax := s.card.line(s.life, -max(1, cents*35/1000), "OUTROS", `IOF de "`+m.text+`"`, "card-tax", nil)
	s.card.used -= tax.cents
	s.tax.add(tax)
}

// later lets something happen after some days.
func (l *life) later(days int, run func()) { l.at(l.today+calendar.Day(days), daytime, run) }

// refundDays draws how long a refund takes, and what part of the price it is.
func (l *life) refundTerms(cents int64) (days int, part int64) {
	days, part = l.between(1, 12), cents
	if l.chance(l.persona.Traps.Late) {
		days = l.between(20, 75)
	}
	if l.chance(l.persona.Traps.Partial) && cents > 1000 {
		part = max(100, cents*int64(l.between(15, 80))/100)
	}
	return days, part
}

func (s *spending) refundByCard(m *movement, cents int64) {
	days, part := s.refundTerms(cents)
	c := s.card
	if m.plan != nil {
		part = cents
	}
	s.later(days, func() { c.refund(s.life, m, part, "estorno") })
}

// mishaps are what happens to a purchase from an account.
func (s *spending) mishaps(m *movement) {
	a, cents := m.account, -m.cents
	switch {
	case s.chance(s.persona.Traps.Refund):
		days, part := s.refundTerms(cents)
		slot, kind := "debit-refund", "estorno"
		if m.slot == "pix-qr" {
			slot, kind = "pix-return", "pix-return"
		}
		s.later(days, func() {
			back := s.post(a, part, slot, kind, m.party)
			back.told = m.told
			s.undo(back, m)
		})
	case s.chance(s.persona.Traps.Twin):
		if a.free(false) >= cents {
			twin := s.post(a, -cents, m.slot, m.kind, m.party)
			twin.told = m.told
			s.one.add(twin)
		}
	case s.chance(s.persona.Traps.Friend):
		friend := s.dice.account(s.stranger(s.anybody), s.someBank())
		into := pick(s.dice, s.spendable(a.company))
		in := s.post(into, cents, "pix-in", "friend", &friend)
		in.told = true // A friend whom nothing tells from the person would be no fair trap.
	}
}

// sendBack lets the receiver of a Pix return it, whole, soon after.
func (s *spending) sendBack(m *movement) {
	s.later(s.between(0, 2), func() {
		back := s.post(m.account, -m.cents, "pix-return", "pix-return", m.party)
		back.told = m.told
		s.undo(back, m)
	})
}

// spendable are the accounts that the person pays from, or the company.
func (l *life) spendable(company bool) []*account {
	var list []*account
	for _, a := range l.accounts {
		if !a.savings && !a.outside && a.company == company {
			list = append(list, a)
		}
	}
	if list == nil {
		return l.accounts
	}
	return list
}

// undo ties a refund to what it undoes.
func (l *life) undo(back, original *movement) {
	back.role, back.original = RoleReversal, original
	if original.plan == nil || original.plan.full == original {
		original.role = RoleReversed
	}
	l.refunds = append(l.refunds, &refund{back, original})
}

// refund is a refund and its original.
type refund struct{ back, original *movement }

// returnCheque lets a cheque come back, with its fee, now and then.
func (s *spending) returnCheque(m *movement) {
	m.number = 100 + m.real%800
	m.told = false
	m.text = s.write(m)
	if !s.chance(s.persona.Traps.Returned) {
		return
	}
	s.later(s.between(1, 3), func() {
		back := s.post(m.account, -m.cents, "cheque-returned", "returned-cheque", nil)
		back.number = m.number
		back.text = s.write(back)
		s.undo(back, m)
		if fee := int64(4500); m.account.free(false) > fee {
			s.post(m.account, -fee, "cheque-fee", "bank-fee", nil)
		}
	})
}

// winnings pays back a share of what was staked, seldom and in lumps.
func (s *spending) winnings(into *account, operator party, stake int64) {
	if !s.chance(0.25) {
		return
	}
	won := s.vary(int64(float64(stake)*s.plan.Returns*4), 0.6)
	s.later(s.between(0, 2), func() { s.post(into, won, "pix-in", "winnings", &operator) })
}

// transferHabit plans transfers between the person's accounts.
func (l *life) transferHabit(plan *transferPlan) {
	from, to := l.account(plan.From), l.account(plan.To)
	if from == nil || !plan.Pot && to == nil || plan.Chance > 0 && !l.chance(plan.Chance) || plan.Pot && !from.bank.Pot {
		return
	}
	base := l.cents(Range{plan.Amount[0], plan.Amount[1]})
	var paid, got *series
	if to != nil && from.company != to.company {
		paid, got = l.newSeries("owner", plan.When.rhythm()), l.newSeries("owner", plan.When.rhythm())
	}
	for _, o := range l.occasions(plan.When) {
		l.at(o.day, daytime, func() {
			cents := base
			if !plan.Fixed {
				cents = l.cents(Range{plan.Amount[0], plan.Amount[1]})
			}
			if unit := int64(plan.Round) * 100; unit > 0 {
				cents = max(unit, cents/unit*unit)
			}
			if plan.Pot {
				l.movePot(from, cents, plan.Back)
				return
			}
			if from.free(false) < cents {
				return
			}
			if from.company != to.company {
				debit, credit := l.payOwner(from, to, cents)
				paid.add(debit)
				got.add(credit)
				return
			}
			l.transfer(from, to, cents, "own-transfer")
			l.again(from, to, cents)
		})
	}
}

// payOwner moves money between a company and its owner: it leaves the one's
// accounts and is the other's income, or capital.
func (l *life) payOwner(from, to *account, cents int64) (debit, credit *movement) {
	kind := "owner"
	if to.company {
		kind = "capital"
	}
	debit = l.post(from, -cents, "pix-out", kind, l.own(to))
	credit = l.postAt(to, l.second+2, cents, "pix-in", kind, l.own(from))
	if !to.company {
		l.note(credit, "BUSINESS_INCOME")
	}
	return debit, credit
}

// again sends as much once more on the same day, sometimes to another account.
func (l *life) again(from, to *account, cents int64) {
	if !l.chance(l.persona.Traps.SameDay) {
		return
	}
	for _, other := range l.accounts {
		if other != from && other != to && !other.joint && other.company == from.company && l.chance(0.5) {
			to = other
			break
		}
	}
	if from.free(false) >= cents {
		l.transfer(from, to, cents, "own-transfer")
	}
}

// movePot puts money into the pot of an account or takes it out.
func (l *life) movePot(a *account, cents int64, back bool) {
	slot := "pot-out"
	if back {
		slot, cents = "pot-in", -min(cents, a.pot)
	}
	if cents == 0 || cents > 0 && a.balance < cents {
		return
	}
	m := l.post(a, -cents, slot, "sweep", nil)
	m.role, m.told = RoleSweep, false
	a.pot += cents
}

// transfer is money moved between two accounts of the person.
type transfer struct {
	from, to *movement
	kind     string
	saved    bool // from is an investment by its text
}

// transfer moves money between two accounts of the person.
func (l *life) transfer(from, to *account, cents int64, kind string) {
	out, in := "pix-out", "pix-in"
	switch {
	case from.bank == to.bank && (from.savings || to.savings):
		out, in = "savings-out", "savings-in"
		if from.savings {
			out = "tev-out"
		}
	case from.bank == to.bank:
		out, in = "tev-out", "tev-in"
	case isBusinessDay(l.today) && (from.savings || to.savings || l.chance(0.15)):
		out, in = "ted-own-out", "ted-own-in"
	}
	debit := l.post(from, -cents, out, kind, l.own(to))
	if out == "pix-out" && kind != "top-up" && l.today < l.end && l.chance(l.persona.Traps.Night) {
		debit.second = secondsOfDay - 20
		debit.text = l.write(debit)
		l.at(l.today+1, morning, func() {
			credit := l.postAt(to, 15, cents, in, kind, l.own(from))
			l.link(debit, credit, kind)
		})
		debit.role = RoleOwnTransfer
		return
	}
	l.link(debit, l.postAt(to, l.second+2, cents, in, kind, l.own(from)), kind)
}

// link ties the two legs of an own transfer. A debit that the bank calls an
// application (APLICACAO POUPANCA) is an investment whoever owns the savings
// account, and no own transfer: then the credit is one of one leg.
func (l *life) link(debit, credit *movement, kind string) {
	x := &transfer{from: debit, to: credit, kind: kind, saved: strings.HasPrefix(debit.text, "APLICACAO")}
	l.transfers = append(l.transfers, x)
	credit.role = RoleOwnTransfer
	if x.saved {
		debit.role, debit.kind = RoleNone, "saving"
		return
	}
	debit.role = RoleOwnTransfer
	debit.pair, credit.pair = credit, debit
}
