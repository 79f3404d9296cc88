// Package revenue tells what a company earns through its accounts: by window, by
// source, by month, from how many payers, and how that compares with the revenue
// it stated at registration.
package revenue

import (
	_ "embed" // the field table
	"fmt"

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

const bodyKey = "revenue"

// Product returns the descriptor.
func Product() *spec.Product {
	return &spec.Product{
		Order:    260,
		Name:     "revenue",
		Kinds:    []spec.Kind{spec.PJ},
		Aliases:  []string{"income"},
		BodyKey:  bodyKey,
		Versions: analytic.Versions(),
		Title:    spec.Text{PT: "Faturamento", EN: "Revenue"},
		Purpose: spec.Text{
			PT: "Faturamento da empresa estimado pelos recebimentos, por origem, mês e cliente",
			EN: "Revenue of a company estimated from its receipts, by source, month and customer",
		},
		Analytic:    true,
		Sections:    sections,
		Permissions: statement.AccountPermissions(),
		Fields:      spec.MustFields(fields),
		Write:       write,
	}
}

func sections(spec.Kind) spec.Sections {
	return spec.Sections{
		Required: []string{openfinance.SectionAccounts},
		Further:  []string{openfinance.SectionBusinessQualification, openfinance.SectionBusinessRelation},
	}
}

// body writes one report.
type body struct {
	*analytic.Writer
	facts   *fact.Facts
	flows   *fact.Flows
	revenue *fact.Revenue
}

func write(e *encode.Writer, in *spec.Input) {
	b := body{Writer: analytic.New(e, in, bodyKey), facts: in.Facts, flows: in.Facts.Flows(true), revenue: in.Facts.Revenue()}
	e.OpenObject()
	b.Info()
	b.Days("daysCovered", b.flows.Coverage.Days, b.flows.OldestEntry())
	for _, n := range [...]int{30, 60, 90, 180, 360} {
		b.sum(fmt.Sprintf("totalRevenueLast%dDays", n), b.flows.Last(fact.OperatingInflow, n), b.flows.LastDays(n))
	}
	b.streams()
	if in.Version == spec.V2 {
		b.averages()
		b.annualised()
		b.months()
		b.Object("concentration", b.concentration)
		b.Object("stability", b.stability)
		b.declared()
	}
	e.CloseObject()
}

func (b *body) sum(key string, s fact.Sum, days fact.Range) {
	if !b.revenue.Known {
		b.Unknown(key)
		return
	}
	b.Money(key, s.Amount, b.flows.Behind(fact.OperatingInflow, days))
}

func (b *body) averages() {
	for _, k := range [...]int{3, 6, 12} {
		b.Optional(fmt.Sprintf("averageMonthlyRevenueLast%dMonths", k), spec.Computed, b.revenue.Average(k))
		b.fullMonths(fmt.Sprintf("monthsUsedLast%dMonths", k), b.flows.FullMonths(k))
	}
}

// fullMonths writes how many full months a figure uses.
func (b *body) fullMonths(key string, n int) {
	if !b.revenue.Known {
		b.Unknown(key)
		return
	}
	b.Days(key, n, b.flows.OldestEntry())
}

func (b *body) annualised() {
	a, kind := b.revenue.Annualised(), spec.Computed
	if a.Summed {
		kind = spec.Added
	}
	b.Optional("annualisedRevenue", kind, a.Figure)
}

func (b *body) concentration() {
	c := &b.revenue.Concentration
	behind := b.flows.Behind(fact.OperatingInflow, b.flows.LastDays(fact.RevenueDays))
	b.Ratio("top1", c.Top1, behind)
	b.Ratio("top5", c.Top5, behind)
	b.Ratio("top10", c.Top10, behind)
	b.Ratio("herfindahl", c.Herfindahl, behind)
	if !b.revenue.Known {
		b.Unknown("payerCount")
		return
	}
	b.Days("payerCount", c.Payers, behind)
}

func (b *body) stability() {
	s := b.revenue.Stability()
	b.Ratio("volatility", s.Volatility, s.Behind)
	b.Ratio("trend", s.Trend, s.Behind)
	if b.revenue.Known {
		b.Days("zeroRevenueMonths", s.Zero, b.monthsBehind())
	} else {
		b.Unknown("zeroRevenueMonths")
	}
	peak := ""
	if s.Peak > 0 {
		peak = monthName(b.month() - s.Peak)
	}
	b.Field("peakMonth", peak)
	b.fullMonths("monthsUsed", s.Months)
}

// monthsBehind is the evidence of months that may have no revenue: the revenue of
// the others, and the oldest entry, which tells how many there are.
func (b *body) monthsBehind() fact.Evidence {
	days, oldest := b.flows.NewestMonths(fact.RevenueMonths), len(b.flows.Entries)-1
	return b.flows.Where(b.flows.Whole(), func(e *fact.Flow) (fact.Item, bool) {
		day := b.facts.Ledger.Movements[e.Movement].Day
		earned := e.Classes.Has(fact.OperatingInflow) && days.First <= day && day <= days.Last
		return fact.Item{Index: e.Movement, Amount: e.In(fact.OperatingInflow)}, earned || e == &b.flows.Entries[oldest]
	})
}

// declared writes what the registration data states: the first record that has it.
func (b *body) declared() {
	for i := range b.facts.Ledger.Document.BusinessQualifications {
		informed := b.facts.Ledger.Document.BusinessQualifications[i].InformedRevenue
		if informed == nil {
			continue
		}
		b.Object("declared", func() { b.informed(informed) })
		return
	}
}

func (b *body) informed(stated *openfinance.Informed) {
	b.Field("frequency", stated.Frequency)
	amount, err := money.Parse(stated.Amount.Amount)
	inReais := err == nil && (stated.Amount.Currency == "BRL" || stated.Amount.Currency == "")
	if err != nil {
		b.Null("amount")
	} else {
		b.Stated("amount", amount)
	}
	if stated.Year == 0 {
		b.Null("year")
	} else {
		b.Stated("year", money.Amount(stated.Year)*money.Scale)
	}
	annual, known := fact.AnnualAmount(amount, stated.Frequency)
	if !inReais || !known {
		b.Null("annualAmount")
		b.Null("ratioToAnnualisedRevenue")
		return
	}
	b.Stated("annualAmount", annual)
	a := b.revenue.Annualised()
	b.Ratio("ratioToAnnualisedRevenue", a.RatioOf(amount, stated.Frequency), a.Behind)
}
