// Package risksignals warns of behaviour that goes before default: betting,
// overdraft, arrears, renegotiation, the search for credit, income that ends, money
// that is spent at once. Each warning has a level, a threshold and its evidence.
package risksignals

import (
	_ "embed" // the field table
	"fmt"

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/product/analytic"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
)

//go:embed fields.tsv
var fields string

const bodyKey = "riskSignals"

// Product returns the descriptor.
func Product() *spec.Product {
	return &spec.Product{
		Order:    300,
		Name:     "risk_signals",
		Kinds:    statement.BothKinds(),
		Aliases:  []string{"betting", "gambling"},
		BodyKey:  bodyKey,
		Versions: analytic.Versions(),
		Title:    spec.Text{PT: "Sinais de risco", EN: "Risk signals"},
		Purpose: spec.Text{
			PT: "Apostas, cheque especial, atrasos, renegociação, busca por crédito e outros alertas, cada um com nível e evidência",
			EN: "Betting, overdraft, arrears, renegotiation, the search for credit and other warnings, each with level and evidence",
		},
		Analytic:    true,
		Sections:    analytic.Sections(true),
		Permissions: analytic.Permissions(),
		Fields:      spec.MustFields(fields),
		Write:       write,
	}
}

// The windows of the figures: days, and calendar months with that of the reporting
// day.
const (
	quarter     = 90
	halfYear    = 180
	monthsAsked = 6
)

// body writes one report.
type body struct {
	*analytic.Writer
	facts   *fact.Facts
	company bool
	v2      bool
	sure    bool // there is enough history to say that nothing is wrong
	known   bool // there is a checking account
	cards   bool // the document has the section of cards
	flows   *fact.Flows
	risks   *fact.Risks
	betting *fact.Betting
	bills   cardTraces
	debts   arrears
	speed   fact.Speed  // of a person
	income  *incomeRisk // in V2, of a person
	paid    payers      // in V2
}

func write(e *encode.Writer, in *spec.Input) {
	f, company, v2 := in.Facts, in.Company(), in.Version == spec.V2
	b := body{
		Writer: analytic.New(e, in, bodyKey), facts: f, company: company, v2: v2,
		sure:  f.Sufficiency(company).Level(0) != fact.Insufficient,
		known: f.HasChecking(company), cards: f.HasCards(),
		flows: f.Flows(company), risks: f.Risks(company), betting: f.Betting(company, v2),
	}
	b.bills = b.cardTraces()
	b.debts = b.arrears()
	e.OpenObject()
	b.Info()
	b.Days("daysCovered", b.flows.Coverage.Days, b.flows.OldestEntry())
	b.Object("gambling", b.gambling)
	b.Object("overdraft", b.overdraft)
	b.Object("returnedCheques", func() { b.countAndAmount(b.risks.ReturnedCheques) })
	b.Object("latePayments", b.latePayments)
	b.Object("debtRenegotiation", func() { b.countAndAmount(b.risks.Renegotiation) })
	b.contracts()
	b.Object("newCredit", b.newCredit)
	if v2 {
		b.advances()
		if !company {
			b.income = b.readIncome()
			b.Object("incomeLoss", b.incomeLoss)
		}
		b.paid = b.payers()
		b.Object("concentration", b.concentration)
	}
	if !company {
		b.speed = f.HoursToSpendIncome(false)
		b.Object("quickSpending", b.quickSpending)
	}
	b.flag("courtFreeze", b.known, b.risks.CourtFreezes)
	if !company {
		b.flag("severance", b.known, b.risks.Severance.In(b.flows.LastDays(halfYear)))
	}
	intensity := b.cashIntensity()
	b.Ratio("cashIntensity", intensity.ratio(), intensity.behind)
	b.Field("overallLevel", b.overall().String())
	if v2 {
		b.signals()
	}
	e.CloseObject()
}

// sum writes what traces add up to, null where it cannot be known.
func (b *body) sum(key string, known bool, t fact.Traces) {
	if !known {
		b.Unknown(key)
		return
	}
	b.Money(key, t.Sum().Amount, t.Behind())
}

func (b *body) count(key string, known bool, t fact.Traces) {
	if !known {
		b.Unknown(key)
		return
	}
	b.Count(key, len(t), t.Behind())
}

// months writes in how many calendar months traces lie.
func (b *body) months(key string, known bool, t fact.Traces) {
	if !known {
		b.Unknown(key)
		return
	}
	b.Days(key, t.Months(), t.Behind())
}

func (b *body) flag(key string, known bool, t fact.Traces) {
	if !known {
		b.UnknownFlag(key)
		return
	}
	b.Flag(key, len(t) > 0, b.facts.Union(t.Behind()))
}

func (b *body) countAndAmount(t fact.Traces) {
	t = t.In(b.flows.LastDays(halfYear))
	b.count("countLast180Days", b.known, t)
	b.sum("amountLast180Days", b.known, t)
}

var windows = [...]int{30, 60, quarter, halfYear}

func (b *body) gambling() {
	g := b.betting
	for _, n := range windows {
		b.sum(fmt.Sprintf("amountOutLast%dDays", n), g.Known, g.Out.In(b.flows.LastDays(n)))
	}
	for _, n := range windows {
		b.sum(fmt.Sprintf("amountInLast%dDays", n), g.Known, g.In.In(b.flows.LastDays(n)))
	}
	for _, n := range windows {
		b.count(fmt.Sprintf("transactionCountLast%dDays", n), g.Known, g.Out.In(b.flows.LastDays(n)))
	}
	b.netLoss()
	b.months("monthsWithBetting", g.Known, g.Out.In(b.flows.LastMonths(monthsAsked)))
	b.Optional("averageTransactionsPerMonth", spec.Computed, g.PerMonth)
	b.Ratio("shareOfIncome", g.ShareOfIncome, g.ShareBehind)
	if b.v2 {
		b.Ratio("trend", g.Trend, g.TrendBehind)
	}
	if g.Known {
		b.Flag("creditAfterBetting", g.Credit, g.CreditBehind)
	} else {
		b.UnknownFlag("creditAfterBetting")
	}
	b.sum("lotteryAmountLast90Days", g.Known, g.Lottery.In(b.flows.LastDays(quarter)))
	b.operators()
	b.Field("gamblingRiskLevel", g.Level.String())
}

func (b *body) netLoss() {
	const key = "netLossLast180Days"
	if !b.betting.Known {
		b.Unknown(key)
		return
	}
	days := b.flows.LastDays(halfYear)
	out, in := b.betting.Out.In(days), b.betting.In.In(days)
	b.Money(key, out.Sum().Amount-in.Sum().Amount, b.facts.Union(out.Behind(), in.TakenOff()))
}

func (b *body) operators() {
	var list []fact.BettingOperator
	if b.betting.Known {
		list = b.facts.Operators(b.betting, b.flows.LastDays(quarter))
	}
	b.List("operators", len(list), func(i int) {
		o := &list[i]
		b.Field("name", o.Name)
		b.Field("cnpj", o.CNPJ)
		b.Bool("authorised", o.Licensed)
		b.sum("amountLast90Days", true, o.Stakes)
		b.count("transactionCountLast90Days", true, o.Stakes)
	})
}

func (b *body) overdraft() {
	b.negativeDays()
	b.sum("interestLast90Days", b.known, b.risks.OverdraftInterest.In(b.flows.LastDays(quarter)))
	b.months("monthsWithInterest", b.known, b.interestMonths())
	const key = "limitInUseRatio"
	limits := b.facts.Overdraft(b.company)
	ratio, behind := limits.InUse()
	if b.v2 && b.facts.Ledger.Replay && ratio.Known {
		b.Null(key)
		b.NotAsOf(key)
		return
	}
	b.Ratio(key, ratio, behind)
}

// interestMonths returns the overdraft interest of the last 6 calendar months.
func (b *body) interestMonths() fact.Traces {
	return b.risks.OverdraftInterest.In(b.flows.LastMonths(monthsAsked))
}

func (b *body) negativeDays() {
	const key = "negativeDaysLast90Days"
	n := b.facts.NegativeDays(b.company, quarter)
	if !n.Known {
		b.Unknown(key)
		return
	}
	b.Days(key, n.Days, n.Behind)
	if !n.IsReliable {
		b.Unreliable(key)
	}
}

func (b *body) latePayments() {
	b.count("lateBills", b.cards, b.bills.late.In(b.flows.LastDays(halfYear)))
	b.lateCharges()
	b.count("minimumPayments", b.cards, b.bills.minimum.In(b.flows.LastDays(halfYear)))
	b.flag("revolving", b.cards, b.bills.revolving.In(b.flows.LastDays(halfYear)))
	if b.v2 {
		b.months("minimumPaymentMonths", b.cards, b.bills.minimum.In(b.flows.LastMonths(monthsAsked)))
	}
}

// lateCharges writes late interest of checking accounts and the late charges of
// cards. Where the section of cards is absent, the accounts alone make it.
func (b *body) lateCharges() {
	const key = "lateChargesLast180Days"
	if !b.known {
		b.Unknown(key)
		return
	}
	days := b.flows.LastDays(halfYear)
	paid := b.risks.LateInterest.In(days)
	sum := paid.Sum()
	var charges []fact.LateCharge
	for _, c := range b.facts.LateCharges(b.company) {
		if days.First <= c.Day && c.Day <= days.Last {
			charges = append(charges, c)
			sum = sum.Add(c.Amount, 1)
		}
	}
	b.Money(key, sum.Amount, b.facts.Union(fact.LateChargesBehind(charges), paid.Behind()))
}

func (b *body) contracts() {
	if !b.debts.present {
		return
	}
	b.Object("contracts", func() {
		b.pastDue("pastDueContracts", b.debts.contracts)
		b.pastDue("pastDueInstalments", b.debts.instalments)
	})
}

// pastDue writes a count that its items add up to.
func (b *body) pastDue(key string, f fact.Figure) {
	b.Optional(key, spec.Added, f)
	if !f.Known {
		b.NotAsOf(key)
	}
}

// arrears are what contracts owe that is past due. It has no history: on an older
// day it is unknown in V2 and as received in V1.
type arrears struct {
	present                bool // there is a credit section
	contracts, instalments fact.Figure
}

func (b *body) arrears() arrears {
	s := b.facts.ContractSummary(b.company)
	a := arrears{present: s.Present}
	if s.Present && !(b.v2 && s.NotAsOf) {
		a.contracts, a.instalments = b.facts.PastDue(b.company)
	}
	return a
}

func (b *body) newCredit() {
	loans := b.risks.Loans.In(b.flows.LastDays(quarter))
	b.sum("loanInflowLast90Days", b.known, loans)
	if b.known {
		b.Days("lenderCountLast90Days", b.lenders(loans), loans.Behind())
	} else {
		b.Unknown("lenderCountLast90Days")
	}
	share := b.creditShare()
	b.Ratio("shareOfInflow", share.ratio(), share.behind)
}

// lenders returns how many counterparties lent; those that nothing names are one.
func (b *body) lenders(loans fact.Traces) int {
	who := make(map[fact.Stream]bool)
	for i := range loans {
		lender, _ := b.facts.Stream(loans[i].Item.Index)
		who[lender] = true
	}
	return len(who)
}

// creditShare returns loan inflow ÷ cash inflow of 90 days.
func (b *body) creditShare() reading {
	if !b.known {
		return reading{}
	}
	days := b.flows.LastDays(quarter)
	loans := b.risks.Loans.In(days).Sum().Amount
	return readingOf(fact.Quotient(loans, b.flows.Last(fact.CashInflow, quarter).Amount), b.flows.Behind(fact.CashInflow, days))
}

// cashIntensity returns cash withdrawn and paid in ÷ all money in and out, 90 days.
func (b *body) cashIntensity() reading {
	if !b.known {
		return reading{}
	}
	days := b.flows.LastDays(quarter)
	all := b.flows.Last(fact.CashInflow, quarter).Add(b.flows.Last(fact.CashOutflow, quarter).Amount, 0)
	return readingOf(fact.Quotient(b.risks.Cash.In(days).Sum().Amount, all.Amount), b.flows.NetBehind(days))
}

// The thresholds of the overall level that are not "any".
const (
	highCheques        = 2
	highInterestMonths = 5
	someInterestMonths = 2
)

// overall returns the level of the person or company as a whole. It needs accounts
// and cards: what is missing cannot lower it.
func (b *body) overall() fact.Level {
	days := b.flows.LastDays(halfYear)
	months := b.interestMonths().Months()
	level := fact.Low
	switch {
	case b.betting.Level == fact.High, b.debts.instalments.Amount > 0,
		len(b.risks.ReturnedCheques.In(days)) >= highCheques, months >= highInterestMonths:
		level = fact.High
	case b.betting.Level == fact.Medium, len(b.bills.late.In(days)) > 0, len(b.risks.Renegotiation.In(days)) > 0,
		months >= someInterestMonths:
		level = fact.Medium
	}
	return level.Sure(b.sure && b.known && b.cards)
}
