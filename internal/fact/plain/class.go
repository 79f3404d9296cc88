package plain

import (
	"math/big"
	"time"

	"github.com/openklaas/klaas/openfinance"
)

// class tells whether a row is in a flow class, and with which amount.
type class func(q *Question, r *row) (bool, *big.Rat)

// debits and credits are the rows of categories, roles not looked at.
func debits(codes ...string) class {
	return func(_ *Question, r *row) (bool, *big.Rat) { return !r.credit && r.code(codes...), r.amount }
}

func credits(codes ...string) class {
	return func(_ *Question, r *row) (bool, *big.Rat) { return r.credit && r.code(codes...), r.amount }
}

func either(codes ...string) class {
	return func(_ *Question, r *row) (bool, *big.Rat) { return r.code(codes...), r.amount }
}

func cashInflow(_ *Question, r *row) (bool, *big.Rat)  { return r.credit, r.amount }
func cashOutflow(_ *Question, r *row) (bool, *big.Rat) { return !r.credit, r.amount }

var (
	investmentReturn = credits("0104", "0105")
	investment       = debits("0503")
	loanInflow       = credits("050208", "050209")
	cardRepayment    = debits("0602")
	atmWithdrawal    = debits("0207")
	gamblingOut      = debits("041201")
	gamblingIn       = credits("041201")
)

func grossInflow(_ *Question, r *row) (bool, *big.Rat) {
	return r.credit && !r.code("0104", "0105"), r.amount
}
func grossOutflow(_ *Question, r *row) (bool, *big.Rat) {
	return !r.credit && !r.code("0503"), r.amount
}

// isOwn: an entry in 0104, 0105 or 0503 is never an own transfer.
func (r *row) isOwn() bool { return r.Role == "own-transfer" && !r.code("0104", "0105", "0503") }

func (r *row) isSweep() bool { return r.Role == "sweep" || r.code("050305", "010505") }

func ownTransferIn(_ *Question, r *row) (bool, *big.Rat)  { return r.credit && r.isOwn(), r.amount }
func ownTransferOut(_ *Question, r *row) (bool, *big.Rat) { return !r.credit && r.isOwn(), r.amount }
func loanOutflow(_ *Question, r *row) (bool, *big.Rat) {
	return !r.credit && r.code("0502") && !r.code("050208", "050209"), r.amount
}

// isGone: nothing of it is left after reversals.
func (r *row) isGone() bool {
	if r.Role != "reversed" {
		return r.Role == "reversal"
	}
	var sent string
	switch {
	case r.card:
		sent = r.line.BrazilianAmount.Amount
	default:
		sent = r.Transaction.Amount.Amount
	}
	return number(r.Reversed).Cmp(number(sent)) >= 0
}

// isMoved: it is an own transfer or nothing is left of it.
func (r *row) isMoved() bool { return r.isOwn() || r.isGone() }

func realInflow(_ *Question, r *row) (bool, *big.Rat) {
	return r.credit && !r.code("0104", "0105", "050208", "050209") && !r.isMoved(), r.rest
}
func realOutflow(q *Question, r *row) (bool, *big.Rat) {
	loan, _ := loanOutflow(q, r)
	return !r.credit && !r.code("0503") && !loan && !r.isMoved(), r.rest
}
func consumptionOutflow(q *Question, r *row) (bool, *big.Rat) {
	is, _ := realOutflow(q, r)
	return is && !r.pays, r.rest
}
func coverOutflow(q *Question, r *row) (bool, *big.Rat) {
	for _, c := range []class{cardRepayment, loanOutflow, consumptionOutflow} {
		if is, amount := c(q, r); is {
			return true, amount
		}
	}
	return false, nil
}
func operatingInflow(q *Question, r *row) (bool, *big.Rat) {
	is, _ := realInflow(q, r)
	return is && !r.code("09", "010606", "010603", "070204"), r.rest
}

var transfers = []string{"0201", "0202", "0203", "0204", "0205"}

func transferIn(_ *Question, r *row) (bool, *big.Rat) {
	return r.credit && r.code(transfers...) && !r.isMoved(), r.rest
}
func transferOut(_ *Question, r *row) (bool, *big.Rat) {
	return !r.credit && r.code(transfers...) && !r.isMoved(), r.rest
}
func nonFinancialExpenses(_ *Question, r *row) (bool, *big.Rat) {
	return !r.credit && !r.code("0503", "0602"), r.amount
}

var (
	financialExpenses = debits("0504", "0505", "0506", "0507")
	insuranceInflow   = credits("010606")
	insuranceOutflow  = debits("0506", "050702")
	brokerApplication = debits("050308")
	brokerRedemption  = credits("010506")
)

// paysBill: a debit in 0602 by role; or the document holds a card of the same
// institution; or a card with a bill payment or a credit line of equal amount at
// most 5 days away. What is dated after the reporting day is not there.
func (q *Question) paysBill(r *row) bool {
	if r.card || r.credit || !r.code("0602") {
		return false
	}
	if r.Role == "bill-payment" {
		return true
	}
	near := func(date string, amount openfinance.Money) bool {
		day, err := time.Parse(time.DateOnly, date)
		paid, sum := reais(amount), number(r.Transaction.Amount.Amount)
		return err == nil && paid != nil && paid.Cmp(sum) == 0 && day.Sub(r.day).Abs() <= 5*24*time.Hour
	}
	for i := range q.Document.CreditCards {
		c := &q.Document.CreditCards[i]
		if own := rootOf(c.CompanyCNPJ); own != "" && own == rootOf(q.Accounts[r.Account].Source.CompanyCNPJ) {
			return true
		}
		lines := append(append([]openfinance.CardTransaction{}, c.Transactions...), c.TransactionsCurrent...)
		for j := range c.Bills {
			lines = append(lines, c.Bills[j].Transactions...)
			for _, p := range c.Bills[j].Payments {
				if !(q.Replay && p.PaymentDate > q.Day) && near(p.PaymentDate, p.Amount) {
					return true
				}
			}
		}
		for i := range lines {
			day, _ := dayAndTime(lines[i].Date, lines[i].DateTime)
			if lines[i].CreditDebitType == "CREDITO" && !day.After(date(q.Day)) && near(day.Format(time.DateOnly), lines[i].BrazilianAmount) {
				return true
			}
		}
	}
	return false
}

func rootOf(cnpj string) string {
	if len(cnpj) < 8 {
		return ""
	}
	return cnpj[:8]
}
