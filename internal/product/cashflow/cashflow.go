// Package cashflow tells the money in and out of a person or company by window,
// month, class, category and institution, the balances by day, how fast a salary is
// spent, and the instalments to come.
package cashflow

import (
	_ "embed" // the field table
	"strconv"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/product/analytic"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
)

//go:embed fields.tsv
var fields string

const bodyKey = "cashFlow"

// Product returns the descriptor.
func Product() *spec.Product {
	return &spec.Product{
		Order:    280,
		Name:     "cash_flow",
		Kinds:    statement.BothKinds(),
		BodyKey:  bodyKey,
		Versions: analytic.Versions(),
		Title:    spec.Text{PT: "Fluxo de caixa", EN: "Cash flow"},
		Purpose: spec.Text{
			PT: "Entradas e saídas por período, mês, classe, categoria e instituição, saldos por dia e parcelas a vencer",
			EN: "Money in and out by window, month, class, category and institution, balances by day and instalments to come",
		},
		Analytic:    true,
		Sections:    analytic.Sections(false),
		Permissions: analytic.Permissions(),
		Fields:      spec.MustFields(fields),
		Write:       write,
	}
}

// body writes one report.
type body struct {
	*analytic.Writer
	facts    *fact.Facts
	company  bool
	known    bool // there is a checking account: else no flow, balance or day can be known
	flows    *fact.Flows
	balances fact.DailyBalances
}

func write(e *encode.Writer, in *spec.Input) {
	company := in.Company()
	b := body{
		Writer: analytic.New(e, in, bodyKey), facts: in.Facts, company: company,
		known: in.Facts.HasChecking(company), flows: in.Facts.Flows(company), balances: in.Facts.DailyBalances(company),
	}
	e.OpenObject()
	b.Info()
	b.Object("period", b.period)
	b.Object("summary", b.summary)
	b.months()
	b.Object("stability", b.stability)
	if in.Version == spec.V2 {
		b.institutions()
		b.dailyBalances()
		b.speed()
		b.commitments()
	}
	e.CloseObject()
}

func (b *body) period() {
	covered := &b.flows.Coverage
	b.Field("startDate", covered.First.String())
	b.Field("endDate", b.facts.Ledger.Day.String())
	b.Days("daysCovered", covered.Days, b.flows.OldestEntry())
}

// summed are the classes of the summary in its order.
var summed = []struct {
	key   string
	class fact.Class
}{
	{"cashInflow", fact.CashInflow},
	{"cashOutflow", fact.CashOutflow},
	{"netCashFlow", net},
	{"grossInflow", fact.GrossInflow},
	{"grossOutflow", fact.GrossOutflow},
	{"realInflow", fact.RealInflow},
	{"realOutflow", fact.RealOutflow},
	{"consumptionOutflow", fact.ConsumptionOutflow},
	{"ownTransferIn", fact.OwnTransferIn},
	{"ownTransferOut", fact.OwnTransferOut},
	{"loanInflow", fact.LoanInflow},
	{"loanOutflow", fact.LoanOutflow},
	{"investment", fact.Investment},
	{"investmentReturn", fact.InvestmentReturn},
	{"cardRepayment", fact.CardRepayment},
}

// net stands for cash inflow less cash outflow, which is no class.
const net fact.Class = 255

func (b *body) summary() {
	for _, n := range fact.Windows {
		b.Object("last"+strconv.Itoa(n)+"Days", func() { b.window(n) })
	}
}

func (b *body) window(n int) {
	days := b.flows.LastDays(n)
	for _, s := range summed {
		if s.class == net {
			b.net(s.key, b.flows.Last(fact.CashInflow, n), b.flows.Last(fact.CashOutflow, n), days)
			continue
		}
		b.sum(s.key, s.class, b.flows.Last(s.class, n), days)
	}
	if b.Input.Version == spec.V2 {
		b.sum("coverOutflow", fact.CoverOutflow, b.flows.Last(fact.CoverOutflow, n), days)
	}
	b.count("inflowTransactionCount", fact.CashInflow, b.flows.Last(fact.CashInflow, n), days)
	b.count("outflowTransactionCount", fact.CashOutflow, b.flows.Last(fact.CashOutflow, n), days)
}

func (b *body) sum(key string, c fact.Class, s fact.Sum, days fact.Range) {
	if !b.known {
		b.Null(key)
		return
	}
	b.Money(key, s.Amount, b.flows.Behind(c, days))
}

func (b *body) net(key string, in, out fact.Sum, days fact.Range) {
	if !b.known {
		b.Null(key)
		return
	}
	b.Money(key, in.Amount-out.Amount, b.flows.NetBehind(days))
}

func (b *body) count(key string, c fact.Class, s fact.Sum, days fact.Range) {
	if !b.known {
		b.Null(key)
		return
	}
	b.Count(key, s.Entries, b.flows.Behind(c, days))
}

const (
	volatilityMonths = 12
	negativeDays     = 180
)

func (b *body) stability() {
	newest := b.flows.NewestMonths(volatilityMonths)
	inflow, outflow := b.flows.Series(fact.RealInflow, volatilityMonths), b.flows.Series(fact.RealOutflow, volatilityMonths)
	b.Ratio("inflowVolatility", fact.Volatility(inflow), b.flows.Behind(fact.RealInflow, newest))
	b.Ratio("outflowVolatility", fact.Volatility(outflow), b.flows.Behind(fact.RealOutflow, newest))
	b.Ratio("inflowTrend", fact.Trend(inflow), b.flows.Behind(fact.RealInflow, newest))
	b.negativeMonths(newest)
	b.negativeDays()
	switch {
	case b.Input.Version != spec.V2:
	case b.known:
		b.Days("monthsUsed", b.flows.FullMonths(volatilityMonths), b.flows.OldestEntry())
	default:
		b.Null("monthsUsed")
	}
}

func (b *body) negativeMonths(newest fact.Range) {
	if !b.known {
		b.Null("negativeMonths")
		return
	}
	n := 0
	for before := 1; before <= b.flows.FullMonths(volatilityMonths); before++ {
		if b.flows.Month(fact.CashInflow, before).Amount < b.flows.Month(fact.CashOutflow, before).Amount {
			n++
		}
	}
	b.Days("negativeMonths", n, b.flows.NetBehind(newest))
}

func (b *body) negativeDays() {
	const key = "negativeBalanceDays"
	days := b.balances.Covered(b.flows.LastDays(negativeDays))
	n, known := b.balances.NegativeDays(days)
	if !known {
		b.Null(key)
		return
	}
	b.Days(key, n, b.facts.BalanceBehind(b.company, days))
	if !b.balances.Invested.IsReliable(days.First) {
		b.Unreliable(key)
	}
}

// balance writes the end-of-day sum of all checking accounts.
func (b *body) balance(key string, day calendar.Day) {
	s := b.balances.Available
	if s == nil {
		b.Null(key)
		return
	}
	b.Money(key, s.At(day), b.facts.BalanceBehind(b.company, fact.Range{First: day, Last: day}))
	if !s.IsReliable(day) {
		b.Unreliable(key)
	}
}

// dailyBalances writes a list that is one figure: each row follows from the same
// accounts and entries.
func (b *body) dailyBalances() {
	const key = "dailyBalances"
	days := b.balances.Covered(b.flows.LastDays(negativeDays))
	s := b.balances.Available
	b.List(key, days.Days(), func(i int) {
		day := days.First + calendar.Day(i)
		b.Field("date", day.String())
		b.Number("balance", s.At(day))
		b.Bool("isReliable", s.IsReliable(day))
	})
	b.NoteList(key, days.IsEmpty(), b.facts.BalanceBehind(b.company, days))
	if !days.IsEmpty() && !s.IsReliable(days.First) {
		b.Unreliable(key)
	}
}

func (b *body) speed() {
	const key = "hoursToSpendIncome"
	if b.company {
		return
	}
	if s := b.facts.HoursToSpendIncome(false); s.Known {
		b.Figure(key, s.Hours, s.Behind)
		return
	}
	b.Null(key)
}
