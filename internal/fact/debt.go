package fact

import (
	"math/big"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/taxonomy"
)

// Debt is what debts and the cost of living take of the income, a month. Each
// figure that is made of others is made of them as they are printed.
type Debt struct {
	CardDebt          Figure // instalments of the next month and the cost of unpaid bills; unknown without the section of cards
	DebtCommitment    Figure // loans and card debt; unknown when nothing is known of loans
	LivingCommitment  Figure
	MonthlyCommitment Figure // both

	Income             Figure // of a person the monthly income, of a company the operating inflow
	DebtToIncome       Ratio
	DebtToIncomeBehind Evidence
	RepaymentCapacity  Figure // what is left of the income; negative when it does not suffice

	Months int // full months behind the averages
}

// debtMonths is how many full months the averages of debts are over, at most.
const debtMonths = 6

// loanKinds are the kinds that repay loans. Those that a person does not have are
// empty.
var loanKinds = []LiabilityKind{
	MortgageLiability, StudentLoanLiability, BankLoanLiability, ReceivablesDiscountLiability, OverdraftLiability,
}

// livingKinds are the kinds of what has to be paid anyway.
var livingKinds = []LiabilityKind{
	UtilitiesRentalLiability, OtherRecurrentLiability, TaxLiability, PayrollLiability, SupplierRecurrentLiability,
}

// Debt returns the debt figures of the person or company. Bills of cards that are
// paid in full are spending, not debt, and in none of them.
func (f *Facts) Debt(company bool) Debt {
	which := whose(company)
	if f.debts[which] == nil {
		f.debts[which] = f.newDebt(company)
	}
	return *f.debts[which]
}

func (f *Facts) newDebt(company bool) *Debt {
	d := &Debt{
		CardDebt: f.cardDebt(company), LivingCommitment: f.LiabilityAverage(company, livingKinds...),
		Income: f.earned(company), Months: f.Flows(company).FullMonths(debtMonths),
	}
	if loans := f.loanCommitment(company); loans.Known {
		d.DebtCommitment = f.total(loans, d.CardDebt)
	}
	if d.DebtCommitment.Known && d.LivingCommitment.Known {
		d.MonthlyCommitment = f.total(d.DebtCommitment, d.LivingCommitment)
	}
	if d.Income.Known {
		d.relate(f)
	}
	return d
}

// relate sets what an income that is known is asked for.
func (d *Debt) relate(f *Facts) {
	if d.DebtCommitment.Known {
		d.DebtToIncome = Quotient(d.DebtCommitment.Amount, d.Income.Amount)
		d.DebtToIncomeBehind = f.Union(d.DebtCommitment.Behind, d.Income.Behind)
	}
	if d.MonthlyCommitment.Known {
		left, _ := money.Add(d.Income.Amount, -d.MonthlyCommitment.Amount)
		d.RepaymentCapacity = Figure{true, left, f.Union(d.MonthlyCommitment.Behind, d.Income.Behind)}
	}
}

// total returns the sum of what is known of two figures.
func (f *Facts) total(x, y Figure) Figure {
	sum, _ := money.Add(x.Amount, y.Amount)
	return Figure{true, sum, f.Union(x.Behind, y.Behind)}
}

// earned returns the monthly income of a person, or a company's operating inflow of
// an average month.
func (f *Facts) earned(company bool) Figure {
	if !company {
		return f.MonthlyIncome().Figure
	}
	flows := f.Flows(company)
	n := flows.FullMonths(debtMonths)
	if n == 0 {
		return Figure{}
	}
	var sum Sum
	for _, month := range flows.Series(OperatingInflow, debtMonths) {
		sum = sum.Add(month, 0)
	}
	return Figure{true, Average(sum.Amount, n), flows.Behind(OperatingInflow, flows.NewestMonths(debtMonths))}
}

// LiabilityAverage returns what the obligations of some kinds take in an average
// month of the newest 6 full months; unknown without one.
func (f *Facts) LiabilityAverage(company bool, kinds ...LiabilityKind) Figure {
	flows := f.Flows(company)
	n := flows.FullMonths(debtMonths)
	if n == 0 {
		return Figure{}
	}
	var taken [LiabilityKinds]bool
	for _, kind := range kinds {
		taken[kind] = true
	}
	days := flows.NewestMonths(debtMonths)
	behind := f.LiabilitiesBehind(company, days, func(e *LiabilityEntry) bool { return taken[e.Kind] })
	return Figure{true, Average(behind.Sum().Amount, n), behind}
}

// LiabilitiesBehind returns the obligations of a range of days that are taken.
func (f *Facts) LiabilitiesBehind(company bool, days Range, taken func(*LiabilityEntry) bool) Evidence {
	return func(yield func(Item) bool) {
		entries := f.Liabilities(company)
		for i := range entries {
			e := &entries[i]
			day := f.Ledger.Day - calendar.Day(e.Flow.Age)
			if days.First <= day && day <= days.Last && taken(e) && !yield(e.Item()) {
				return
			}
		}
	}
}

// loanCommitment returns the larger of what loans took of the accounts in an
// average month and what the instalments of open contracts take, with what is known
// of the two.
func (f *Facts) loanCommitment(company bool) Figure {
	paid, due := f.LiabilityAverage(company, loanKinds...), f.ContractSummary(company).Monthly
	switch {
	case !due.Known:
		return paid
	case !paid.Known:
		return due
	}
	return Figure{true, max(paid.Amount, due.Amount), f.Union(due.Behind, paid.Behind)}
}

// cardDebt returns the instalments of cards that fall in the month after that of D,
// and what unpaid bills cost in an average month of the newest 6 full months.
func (f *Facts) cardDebt(company bool) Figure {
	if !f.HasCards() {
		return Figure{}
	}
	var next Commitment
	if c := f.Commitments(company); len(c.Months) > 1 {
		next = c.Months[1]
	}
	flows := f.Flows(company)
	n := flows.FullMonths(debtMonths)
	if n == 0 {
		return Figure{true, Average(next.Card.Amount, 1), next.CardBehind()}
	}
	cost := listed(f.unpaidBillCost(company, flows.NewestMonths(debtMonths)))
	months := big.NewInt(int64(n))
	total := new(big.Int).Mul(big.NewInt(int64(next.Card.Amount)), months)
	return Figure{true, cents(total.Add(total, big.NewInt(int64(cost.Sum().Amount))), months), f.Union(cost, next.CardBehind())}
}

// billInInstalments is the category of bills that are paid in instalments.
const billInInstalments taxonomy.Code = 60204

// unpaidBillCost lists what bills that are not paid in full cost in a range of days:
// the interest that bills state, the debit lines of cards of revolving credit and of
// bills paid in instalments, and the debits of such instalments that pay no bill of a
// card in the document.
func (f *Facts) unpaidBillCost(company bool, days Range) []Item {
	l := f.Ledger
	in := func(day calendar.Day) bool { return days.First <= day && day <= days.Last }
	var items []Item
	for _, b := range f.Bills(company) {
		charges := l.Cards[b.Card].Closed[b.Bill].Source.FinanceCharges
		for i := range charges {
			if amount := reais(charges[i].Amount); amount > 0 && charges[i].Type == revolvingInterest && in(b.DueDay) {
				items = addItem(items, b.Item(amount))
			}
		}
	}
	for _, line := range f.CardLines(company) {
		if m := &l.Movements[line.Movement]; m.Direction == ledger.Debit && in(m.Day) && isBillDebt(m) {
			items = append(items, Item{Index: line.Movement, Amount: line.Amount})
		}
	}
	for e := range f.Flows(company).In(days) {
		if l.Movements[e.Movement].Decision.Code == billInInstalments && e.Classes.Has(ConsumptionOutflow) {
			items = append(items, Item{Index: e.Movement, Amount: e.In(ConsumptionOutflow)})
		}
	}
	return items
}

// isBillDebt reports whether a card line is of revolving credit or of a bill paid in
// instalments.
func isBillDebt(m *ledger.Movement) bool {
	switch m.Line.OtherCreditsType {
	case "CREDITO_ROTATIVO", "PARCELAMENTO_FATURA":
		return true
	}
	return m.Decision.Code == billInInstalments
}
