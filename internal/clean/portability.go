package clean

import (
	"cmp"
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/text"
)

// maxCarryDays is how long wages may be on their way from the employer's bank
// to the bank of the person's choice.
const maxCarryDays = 3

// markPortability tells wages that are seen twice: the employer pays into one
// account of the document, and the bank carries the money on to another.
//
// Rule: a credit by salary portability (its type, or its text) with a payroll
// credit of equal or higher amount at most 3 days before in another account of
// the same holder, and the debit that carried it there, are own transfers; the
// payroll credit stays the income. Of several payroll credits the one of equal
// amount counts, then the one from whose account the carrying debit went; else
// the case is left open. One payroll credit explains one carried credit.
//
// Without a payroll credit in the document the carried credit is the wage
// itself and keeps no role.
func markPortability(l *ledger.Ledger, _ Options) {
	p := porter{l: l, taken: make(map[int32]bool)}
	p.person, p.company = holdersOf(l)
	p.collect()
	if len(p.carried) == 0 || len(p.payrolls) == 0 {
		return
	}
	for _, at := range p.carried {
		p.settle(at)
	}
	addLinks(l, p.links)
}

type porter struct {
	l               *ledger.Ledger
	person, company holder

	carried  []int32 // credits by portability, by day
	payrolls []int32 // payroll credits, by day
	debits   map[carryKey][]int32
	taken    map[int32]bool // payroll credits that explain a carried one
	links    []ledger.Link
}

type carryKey struct {
	account int32
	day     calendar.Day
	amount  money.Amount
}

func (p *porter) collect() {
	p.debits = make(map[carryKey][]int32)
	for i := range p.l.Accounts {
		a := &p.l.Accounts[i]
		for at := a.First; at < a.End; at++ {
			m := &p.l.Movements[at]
			if !free(p.l, m) {
				continue
			}
			switch {
			case m.Direction == ledger.Debit:
				if p.mayCarry(a, m) {
					key := carryKey{int32(i), m.Day, m.Amount}
					p.debits[key] = append(p.debits[key], at)
				}
			case isPortability(m):
				p.carried = append(p.carried, at)
			case isPayroll(m):
				p.payrolls = append(p.payrolls, at)
			}
		}
	}
	byDay := func(a, b int32) int {
		x, y := &p.l.Movements[a], &p.l.Movements[b]
		return cmp.Or(cmp.Compare(x.Day, y.Day), cmp.Compare(x.Amount, y.Amount))
	}
	slices.SortStableFunc(p.carried, byDay)
	slices.SortStableFunc(p.payrolls, byDay)
}

func isPortability(m *ledger.Movement) bool {
	return m.Entry.Type == typePortability || m.Entry.Type != typePayroll && m.Signs&text.SaysPortability != 0
}

func isPayroll(m *ledger.Movement) bool {
	return m.Entry.Type == typePayroll ||
		m.Signs&text.SaysSalary != 0 && m.Signs&(text.SaysPortability|text.SaysLoan|text.SaysRefund|text.SaysInvestment) == 0
}

// mayCarry reports whether a debit may be the one that carried wages: it says
// so, or it is a transfer and nobody else's document stands in it.
func (p *porter) mayCarry(a *ledger.Account, m *ledger.Movement) bool {
	if isPortability(m) {
		return true
	}
	if m.Entry.Type != "TED" && m.Entry.Type != "TRANSFERENCIA_MESMA_INSTITUICAO" || m.Signs&notTransfer != 0 {
		return false
	}
	id := knownTaxID(m)
	return id == "" || p.holder(a).owns(id)
}

func (p *porter) holder(a *ledger.Account) *holder {
	if a.Company {
		return &p.company
	}
	return &p.person
}

// settle finds the payroll credit and the debit of one carried credit.
func (p *porter) settle(at int32) {
	credit := &p.l.Movements[at]
	first, _ := slices.BinarySearchFunc(p.payrolls, credit.Day-maxCarryDays, func(at int32, day calendar.Day) int {
		return cmp.Compare(p.l.Movements[at].Day, day)
	})
	var equal, debited, higher choice
	for i, payroll := range p.payrolls[first:] {
		m := &p.l.Movements[payroll]
		if m.Day > credit.Day {
			break
		}
		if i > maxCrowd {
			return
		}
		if p.taken[payroll] || m.Holder == credit.Holder || m.Amount < credit.Amount || !p.sameHolder(m, credit) {
			continue
		}
		higher.add(payroll)
		if m.Amount == credit.Amount {
			equal.add(payroll)
		}
		if p.debit(m, credit) >= 0 {
			debited.add(payroll)
		}
	}
	for _, c := range []choice{equal, debited, higher} {
		if c.n == 1 {
			p.mark(c.at, at)
			return
		}
	}
}

// choice counts candidates and keeps the first and the last.
type choice struct {
	n         int
	first, at int32
}

func (c *choice) add(at int32) {
	if c.n == 0 {
		c.first = at
	}
	c.n, c.at = c.n+1, at
}

func (p *porter) sameHolder(a, b *ledger.Movement) bool {
	return p.l.Accounts[a.Holder].Company == p.l.Accounts[b.Holder].Company
}

// debit returns the debit that carried the credit out of the payroll's account:
// the first that says so, else the only one that may be; -1 when there is none.
func (p *porter) debit(payroll, credit *ledger.Movement) int32 {
	var silent choice
	for day := payroll.Day; day <= credit.Day; day++ {
		for i, at := range p.debits[carryKey{payroll.Holder, day, credit.Amount}] {
			m := &p.l.Movements[at]
			if i > maxCrowd {
				return -1
			}
			switch {
			case m.Role != ledger.RoleNone:
			case isPortability(m):
				return at
			default:
				silent.add(at)
			}
		}
	}
	if silent.n == 1 {
		return silent.at
	}
	return -1
}

func (p *porter) mark(payroll, at int32) {
	p.taken[payroll] = true
	credit := &p.l.Movements[at]
	debit := p.debit(&p.l.Movements[payroll], credit)
	setRole(credit, ledger.RoleOwnTransfer, "own-transfer/portability")
	if debit < 0 {
		return
	}
	setRole(&p.l.Movements[debit], ledger.RoleOwnTransfer, "own-transfer/portability")
	p.links = append(p.links, ledger.Link{
		Kind: ledger.LinkOwnTransfer, From: debit, To: at, Amount: credit.Amount, Reason: "own-transfer/portability", Sureness: 990,
	})
}

// Types of account entries that Open Finance Brasil defines and rules ask for.
const (
	typePayroll     = "FOLHA_PAGAMENTO"
	typePortability = "PORTABILIDADE_SALARIO"
)
