package fact

import (
	"iter"
	"math/bits"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/taxonomy"
)

// Class is a flow class: a set of entries of checking accounts. Classes overlap.
// Sums of a class are positive, whichever way the money went.
type Class uint8

// The classes. "Real" is what is neither invested, nor lent, nor moved between
// the person's own accounts, nor taken back.
const (
	CashInflow           Class = iota // all credits
	CashOutflow                       // all debits
	InvestmentReturn                  // credits in 0104 and 0105
	Investment                        // debits in 0503
	GrossInflow                       // cash inflow less investment returns
	GrossOutflow                      // cash outflow less investments
	OwnTransferIn                     // by role
	OwnTransferOut                    // by role
	ReversalIn                        // by role: refunds, and originals of refunded payments; of one refunded in part only that part
	ReversalOut                       // by role, the same
	LoanInflow                        // credits in 050208 and 050209
	LoanOutflow                       // debits in 0502 but for those two
	RealInflow                        // gross inflow less own transfers, reversals and loans
	RealOutflow                       // gross outflow less own transfers, reversals and loans
	ConsumptionOutflow                // real outflow less payments of bills of cards in the document
	CoverOutflow                      // consumption, card repayments and loan outflow joined
	OperatingInflow                   // real inflow less a company's own money (09), insurance pay-outs and tax refunds
	TransferIn                        // credits in 0201–0205 less own transfers and reversals
	TransferOut                       // debits in 0201–0205 less own transfers and reversals
	CardRepayment                     // debits in 0602
	ATMWithdrawal                     // debits in 0207
	FinancialExpenses                 // debits in 0504–0507
	NonFinancialExpenses              // cash outflow less investments and card repayments; it has the financial expenses
	InsuranceInflow                   // credits in 010606
	InsuranceOutflow                  // debits in 0506 and 050702
	BrokerApplication                 // debits in 050308
	BrokerRedemption                  // credits in 010506
	GamblingOut                       // debits in 041201
	GamblingIn                        // credits in 041201
	classes
)

// ClassSet is a set of classes.
type ClassSet uint32

func setOf(list ...Class) (s ClassSet) {
	for _, c := range list {
		s |= 1 << c
	}
	return s
}

// Has reports whether a class is in the set.
func (s ClassSet) Has(c Class) bool { return s&(1<<c) != 0 }

// HasAny reports whether any of the classes is in the set.
func (s ClassSet) HasAny(list ...Class) bool { return s&setOf(list...) != 0 }

// each lists the classes of the set.
func (s ClassSet) each() iter.Seq[Class] {
	return func(yield func(Class) bool) {
		for ; s != 0; s &= s - 1 {
			if !yield(Class(bits.TrailingZeros32(uint32(s)))) {
				return
			}
		}
	}
}

// afterRefunds are the classes in which an original counts without what came back.
var afterRefunds = setOf(RealInflow, RealOutflow, ConsumptionOutflow, CoverOutflow, OperatingInflow, TransferIn, TransferOut)

// byCategory are the classes that direction and category decide: codes from first
// to last.
var byCategory = []struct {
	class       Class
	direction   ledger.Direction
	first, last taxonomy.Code
}{
	{InvestmentReturn, ledger.Credit, 10400, 10599},
	{Investment, ledger.Debit, 50300, 50399},
	{LoanInflow, ledger.Credit, 50208, 50209},
	{LoanOutflow, ledger.Debit, 50200, 50207},
	{LoanOutflow, ledger.Debit, 50210, 50299},
	{TransferIn, ledger.Credit, 20100, 20599},
	{TransferOut, ledger.Debit, 20100, 20599},
	{CardRepayment, ledger.Debit, 60200, 60299},
	{ATMWithdrawal, ledger.Debit, 20700, 20799},
	{FinancialExpenses, ledger.Debit, 50400, 50799},
	{InsuranceInflow, ledger.Credit, 10606, 10606},
	{InsuranceOutflow, ledger.Debit, 50600, 50699},
	{InsuranceOutflow, ledger.Debit, 50702, 50702},
	{BrokerApplication, ledger.Debit, 50308, 50308},
	{BrokerRedemption, ledger.Credit, 10506, 10506},
	{GamblingOut, ledger.Debit, 41201, 41201},
	{GamblingIn, ledger.Credit, 41201, 41201},
}

// notOperating are the codes of real inflow that no business earns: a company's
// own money, insurance pay-outs, tax refunds.
func notOperating(c taxonomy.Code) bool {
	return c.Top() == 9 || c == 10606 || c == 10603 || c == 70204
}

// investedMoney are the groups that keep their class whoever the counterparty is:
// no entry of them is an own transfer.
func investedMoney(c taxonomy.Code) bool {
	g := c.Group()
	return g == 104 || g == 105 || g == 503
}

// IsOwnTransfer reports whether a movement is one leg of money moved between
// accounts of one holder.
func IsOwnTransfer(m *ledger.Movement) bool {
	return m.Role == ledger.RoleOwnTransfer && !investedMoney(m.Decision.Code)
}

// classesOf returns the classes of an entry. paysBill is asked only of an entry
// whose answer matters.
func classesOf(m *ledger.Movement, paysBill func() bool) ClassSet {
	code, in := m.Decision.Code, m.Direction == ledger.Credit
	side := func(c Class) Class { // of a class whose outflow stands behind its inflow
		if in {
			return c
		}
		return c + 1
	}
	s := setOf(side(CashInflow))
	for i := range byCategory {
		if r := &byCategory[i]; r.direction == m.Direction && r.first <= code && code <= r.last {
			s |= setOf(r.class)
		}
	}
	own := IsOwnTransfer(m)
	reversal := m.Role == ledger.RoleReversal || m.Role == ledger.RoleReversed
	partly := m.Role == ledger.RoleReversed && m.Reversed < m.Amount
	left := !own && (!reversal || partly) // something of it is real, if it is nothing else
	if own {
		s |= setOf(side(OwnTransferIn))
	}
	if reversal {
		s |= setOf(side(ReversalIn))
	}
	if !left {
		s &^= setOf(TransferIn, TransferOut)
	}
	if !s.HasAny(InvestmentReturn, Investment) {
		s |= setOf(side(GrossInflow))
		if left && !s.HasAny(LoanInflow, LoanOutflow) {
			s |= setOf(side(RealInflow))
		}
	}
	switch {
	case s.Has(RealInflow) && !notOperating(code):
		s |= setOf(OperatingInflow)
	case s.Has(RealOutflow) && !(s.Has(CardRepayment) && paysBill()):
		s |= setOf(ConsumptionOutflow)
	}
	if s.HasAny(ConsumptionOutflow, CardRepayment, LoanOutflow) {
		s |= setOf(CoverOutflow)
	}
	if s.Has(CashOutflow) && !s.HasAny(Investment, CardRepayment) {
		s |= setOf(NonFinancialExpenses)
	}
	return s
}

// cardPayments tells which entries pay the bill of a card in the document.
type cardPayments struct {
	l    *ledger.Ledger
	days map[money.Amount][]calendar.Day // of the payments and credit lines of all cards
}

// by reports whether a debit in 0602 does: by its role, by a card of the same
// institution in the document, or by a bill payment or credit line of equal
// amount at most 5 days away.
func (p *cardPayments) by(m *ledger.Movement, a *ledger.Account) bool {
	if m.Role == ledger.RoleBillPayment {
		return true
	}
	if in := &p.l.Institutions[a.Institution]; in.Root != "" && len(in.Cards) > 0 {
		return true
	}
	if p.days == nil {
		p.read()
	}
	for _, day := range p.days[m.Amount] {
		if day-m.Day <= maxPaymentDays && m.Day-day <= maxPaymentDays {
			return true
		}
	}
	return false
}

// maxPaymentDays is how far a payment of a bill may lie from the debit that made it.
const maxPaymentDays = 5

func (p *cardPayments) read() {
	p.days = make(map[money.Amount][]calendar.Day)
	for i := range p.l.Cards {
		c := &p.l.Cards[i]
		for at := c.First; at < c.End; at++ {
			if m := &p.l.Movements[at]; m.Standing == ledger.Counted && m.Direction == ledger.Credit && !m.Foreign && m.Day <= p.l.Day {
				p.days[m.Amount] = append(p.days[m.Amount], m.Day)
			}
		}
		for j := range c.Closed {
			for _, payment := range c.Closed[j].Payments {
				if payment.Stated != nil {
					p.days[payment.Amount] = append(p.days[payment.Amount], payment.Day)
				}
			}
		}
	}
}
