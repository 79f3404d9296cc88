// Package gigeconomy tells what a person earns through ride, delivery, service and
// lodging platforms, how steadily, and what the vehicle costs.
package gigeconomy

import (
	"cmp"
	_ "embed" // the field table
	"fmt"
	"slices"

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/analytic"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
	"github.com/openklaas/klaas/openfinance"
)

//go:embed fields.tsv
var fields string

const bodyKey = "gigEconomy"

// Product returns the descriptor.
func Product() *spec.Product {
	return &spec.Product{
		Order:    310,
		Name:     "gig_economy",
		Kinds:    []spec.Kind{spec.PF},
		BodyKey:  bodyKey,
		Versions: analytic.Versions(),
		Title:    spec.Text{PT: "Economia de plataformas", EN: "Gig economy"},
		Purpose: spec.Text{
			PT: "Ganhos em plataformas de transporte, entrega, serviços e hospedagem",
			EN: "Earnings from ride, delivery, service and lodging platforms",
		},
		Analytic:    true,
		Sections:    sections,
		Permissions: append(statement.AccountPermissions(), statement.CardPermissions()...),
		Fields:      spec.MustFields(fields),
		Write:       write,
	}
}

func sections(spec.Kind) spec.Sections {
	return spec.Sections{
		Required: []string{openfinance.SectionAccounts},
		Further: []string{
			openfinance.SectionPersonalQualification, openfinance.SectionPersonalRelation, openfinance.SectionCreditCardsAccounts,
		},
	}
}

// body writes one report.
type body struct {
	*analytic.Writer
	facts *fact.Facts
	flows *fact.Flows
	gig   *fact.Gig
}

const (
	shareDays       = 180 // of the share of income; also in which a platform is told
	activeDays      = 90
	averageMonths   = 6
	stabilityMonths = 12
	workedMonths    = 2 // with gig income make a gig worker
	workedAmong     = 3 // calendar months, that of the reporting day among them
)

var vehicleCosts = fact.MustSelect("debits+cards 0409")

func write(e *encode.Writer, in *spec.Input) {
	b := body{Writer: analytic.New(e, in, bodyKey), facts: in.Facts, flows: in.Facts.Flows(false), gig: in.Facts.Gig()}
	e.OpenObject()
	b.Info()
	b.Days("daysCovered", b.flows.Coverage.Days, b.flows.OldestEntry())
	b.worker()
	for _, n := range [...]int{30, 60, 90, shareDays} {
		b.sum(fmt.Sprintf("totalGigIncomeLast%dDays", n), b.gig.Paid.In(b.flows.LastDays(n)))
	}
	b.average()
	b.share()
	b.activeDays()
	months := b.facts.WithMonths(false, b.gig.Paid.In(b.flows.NewestMonths(stabilityMonths)).Behind())
	b.Ratio("volatility", b.known(fact.Volatility(b.flows.MonthsOf(b.gig.Paid, stabilityMonths))), months)
	b.Ratio("trend", b.known(fact.Trend(b.flows.MonthsOf(b.gig.Paid, stabilityMonths))), months)
	b.platforms()
	b.vehicle()
	e.CloseObject()
}

// known returns a ratio, unknown without a checking account.
func (b *body) known(r fact.Ratio) fact.Ratio {
	if !b.gig.Known {
		return fact.Ratio{}
	}
	return r
}

func (b *body) sum(key string, paid fact.Traces) {
	if !b.gig.Known {
		b.Unknown(key)
		return
	}
	b.Money(key, paid.Sum().Amount, paid.Behind())
}

// worker tells whether there is gig income in at least 2 of the last 3 months.
func (b *body) worker() {
	const key = "isGigWorker"
	if !b.gig.Known {
		b.UnknownFlag(key)
		return
	}
	paid := b.gig.Paid.In(b.flows.LastMonths(workedAmong))
	b.Flag(key, paid.Months() >= workedMonths, paid.Behind())
}

func (b *body) average() {
	average := fact.Figure{}
	if b.gig.Known {
		average = b.flows.AverageOf(b.gig.Paid, averageMonths)
	}
	b.Optional("averageMonthlyLast6Months", spec.Computed, average)
	if b.Input.Version != spec.V2 {
		return
	}
	if b.gig.Known {
		b.Days("monthsUsedLast6Months", b.flows.FullMonths(averageMonths), b.flows.OldestEntry())
	} else {
		b.Unknown("monthsUsedLast6Months")
	}
}

// share writes what part of the income of 180 days is gig income.
func (b *body) share() {
	paid := b.gig.Paid.In(b.flows.LastDays(shareDays))
	income := b.facts.Income(b.Input.Version == spec.V2).Total(shareDays)
	share := fact.Ratio{}
	if income.Known {
		share = fact.Quotient(paid.Sum().Amount, income.Amount)
	}
	b.Ratio("shareOfIncome", b.known(share), b.facts.Union(paid.Behind(), income.Behind))
}

func (b *body) activeDays() {
	const key = "activeDaysLast90Days"
	if !b.gig.Known {
		b.Unknown(key)
		return
	}
	paid := b.gig.Paid.In(b.flows.LastDays(activeDays))
	b.Days(key, paid.Days(), paid.Behind())
}

// platforms lists those that paid in 180 days, the largest sum first, then by name.
func (b *body) platforms() {
	type row struct {
		fact.GigPlatform
		recent fact.Traces // of 180 days
		amount money.Amount
	}
	var rows []row
	for _, p := range b.gig.Platforms {
		if recent := p.Paid.In(b.flows.LastDays(shareDays)); len(recent) > 0 {
			rows = append(rows, row{p, recent, recent.Sum().Amount})
		}
	}
	slices.SortFunc(rows, func(x, y row) int {
		return cmp.Or(cmp.Compare(y.amount, x.amount), cmp.Compare(x.Name, y.Name))
	})
	b.List("platforms", len(rows), func(i int) {
		p := &rows[i]
		b.Field("platform", p.Name)
		b.Field("kind", p.Kind)
		b.sum("totalLast90Days", p.Paid.In(b.flows.LastDays(activeDays)))
		b.sum("totalLast180Days", p.recent)
		b.Field("firstDate", p.Paid[len(p.Paid)-1].Day.String())
		b.Field("lastDate", p.Paid[0].Day.String())
		b.Days("monthsActive", p.Paid.Months(), p.Paid.Behind())
		b.Count("transactionCount", len(p.Paid), p.Paid.Behind())
	})
}

func (b *body) vehicle() {
	const key = "vehicleCostsLast90Days"
	if !b.gig.Known {
		b.Unknown(key)
		return
	}
	costs := b.facts.Chosen(false, &vehicleCosts, b.flows.LastDays(activeDays))
	b.Money(key, costs.Sum().Amount, costs)
}
