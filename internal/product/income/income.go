// Package income tells what a person earns: streams of income by kind and payer,
// verified and estimated income, and what to expect next.
package income

import (
	_ "embed" // the field table
	"fmt"

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/product/analytic"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
	"github.com/openklaas/klaas/openfinance"
)

//go:embed fields.tsv
var fields string

const bodyKey = "income"

// Product returns the descriptor.
func Product() *spec.Product {
	return &spec.Product{
		Order:    250,
		Name:     "income",
		Kinds:    []spec.Kind{spec.PF},
		BodyKey:  bodyKey,
		Versions: analytic.Versions(),
		Title:    spec.Text{PT: "Renda", EN: "Income"},
		Purpose: spec.Text{
			PT: "Fontes de renda por tipo e pagador, renda verificada e estimada, renda mensal e o próximo pagamento esperado",
			EN: "Income by kind and payer, verified and estimated, monthly income and the next payment to expect",
		},
		Analytic:    true,
		Sections:    sections,
		Permissions: statement.AccountPermissions(),
		Fields:      spec.MustFields(fields),
		Code:        codeOf,
		Write:       write,
	}
}

func sections(spec.Kind) spec.Sections {
	return spec.Sections{
		Required: []string{openfinance.SectionAccounts},
		Further:  []string{openfinance.SectionPersonalQualification, openfinance.SectionPersonalRelation},
	}
}

const (
	codeEstimated = 205
	recentDays    = 180 // of streams, their entries and payers
	averageMonths = 6   // of monthly income and of payers
)

// codeOf tells that no income is verified, but some estimated: over the newest 6
// full months, without one over the whole record.
func codeOf(in *spec.Input) (code int, message string) {
	income := of(in)
	amount := func(p *fact.IncomePart) fact.Figure {
		if in.Facts.Flows(false).FullMonths(averageMonths) == 0 {
			return p.All()
		}
		return p.Average(averageMonths)
	}
	if amount(income.Verified()).Amount == 0 && amount(income.Estimated()).Amount > 0 {
		return codeEstimated, "INCOME_ESTIMATED"
	}
	return 0, ""
}

func of(in *spec.Input) *fact.Income { return in.Facts.Income(in.Version == spec.V2) }

// body writes one report.
type body struct {
	*analytic.Writer
	facts  *fact.Facts
	flows  *fact.Flows
	income *fact.Income
}

func write(e *encode.Writer, in *spec.Input) {
	b := body{Writer: analytic.New(e, in, bodyKey), facts: in.Facts, flows: in.Facts.Flows(false), income: of(in)}
	b.Zeros = in.Version != spec.V2
	e.OpenObject()
	b.Info()
	b.Days("daysCovered", b.flows.Coverage.Days, b.flows.OldestEntry())
	b.totals()
	b.streams()
	if in.Version == spec.V2 {
		b.averages("verifiedIncome", b.income.Verified())
		b.averages("estimatedIncome", b.income.Estimated())
		b.monthly()
		b.familySupport()
		b.months()
		b.stability()
		b.employer()
		b.informed()
	}
	e.CloseObject()
}

func (b *body) isV2() bool { return b.Input.Version == spec.V2 }

func (b *body) totals() {
	kinds, newest := b.income.Kinds(recentDays)
	if b.income.Known {
		b.Count("numberOfIncomeStreams", len(kinds), newest)
	} else {
		b.Unknown("numberOfIncomeStreams")
	}
	total := b.income.Totalled()
	for _, n := range fact.Windows {
		if n == 120 || n == 360 && !b.isV2() {
			continue
		}
		b.Optional(fmt.Sprintf("totalIncomeLast%dDays", n), spec.Added, total.Last(n))
	}
}

// averages writes the monthly averages of a part of the income.
func (b *body) averages(key string, p *fact.IncomePart) {
	b.Object(key, func() {
		lengths := [...]int{3, 6, 12}
		for _, k := range lengths {
			b.Optional(fmt.Sprintf("monthlyAverageLast%dMonths", k), spec.Computed, p.Average(k))
		}
		b.Optional("monthlyMedianLast6Months", spec.Computed, p.Median(averageMonths))
		for _, k := range lengths {
			b.fullMonths(fmt.Sprintf("monthsUsedLast%dMonths", k), k)
		}
	})
}

// fullMonths writes how many full months a figure of the newest k uses.
func (b *body) fullMonths(key string, k int) {
	if !b.income.Known {
		b.Unknown(key)
		return
	}
	b.Days(key, b.flows.FullMonths(k), b.flows.OldestEntry())
}

func (b *body) monthly() {
	m := b.facts.MonthlyIncome()
	b.Optional("monthlyIncome", spec.Computed, m.Figure)
	b.Optional("recurrentEstimatedMonthly", spec.Computed, m.RecurrentEstimated)
	b.fullMonths("monthsUsed", averageMonths)
	b.Field("incomeBasis", m.Basis)
}

func (b *body) familySupport() {
	all := b.income.Family.Totalled()
	b.Object("familySupport", func() {
		b.Optional("totalLast90Days", spec.Added, all.Last(90))
		b.Optional("totalLast180Days", spec.Added, all.Last(180))
		b.Optional("averageMonthlyLast6Months", spec.Computed, all.Average(averageMonths))
		b.fullMonths("monthsUsedLast6Months", averageMonths)
	})
}

// maxMonths is how many calendar months are told, with that of the reporting day.
const maxMonths = 12

// months writes the months from that of the oldest entry on, oldest first.
func (b *body) months() {
	n, this := 0, b.facts.Ledger.Day.MonthIndex()
	if covered := &b.flows.Coverage; covered.Entries > 0 {
		n = min(maxMonths, 1+this-covered.First.MonthIndex())
	}
	verified, estimated, redemption := b.income.Verified(), b.income.Estimated(), b.income.OfKind(fact.InvestmentRedemption)
	b.List("months", n, func(i int) {
		before := n - 1 - i
		month := this - before
		b.Field("month", fmt.Sprintf("%04d-%02d", month/12, month%12+1))
		b.Bool("isPartial", before == 0 || before > b.flows.Coverage.Months)
		b.Optional("verified", spec.Added, verified.Month(month))
		b.Optional("estimated", spec.Added, estimated.Month(month))
		b.Optional("redemption", spec.Added, redemption.Month(month))
	})
}

func (b *body) stability() {
	s := b.facts.IncomeStability()
	b.Object("stability", func() {
		b.Ratio("volatility", s.Volatility, s.Behind)
		b.Ratio("trend", s.Trend, s.Behind)
		if b.income.Known {
			b.Days("monthsWithoutIncome", s.Without, s.WithoutBehind)
		} else {
			b.Unknown("monthsWithoutIncome")
		}
		b.fullMonths("monthsUsed", maxMonths)
	})
}

func (b *body) employer() {
	e, known := b.facts.Employer()
	if !known {
		return
	}
	source := "TRANSACTIONS"
	if e.Registered {
		source = "REGISTRATION"
	}
	b.Object("employer", func() {
		b.Field("employerName", e.Name)
		b.Field("employerCnpjCpf", b.Input.Seal(e.Document))
		b.Field("source", source)
	})
}

func (b *body) informed() {
	told, known := b.facts.InformedIncome()
	if !known {
		return
	}
	b.Object("informedIncome", func() {
		b.Field("frequency", told.Frequency)
		b.Optional("amount", spec.Stated, told.Amount)
		b.Field("date", told.Date)
		b.Optional("monthlyAmount", spec.Stated, told.Monthly)
		b.Ratio("ratioToMonthlyIncome", told.Ratio, b.facts.MonthlyIncome().Behind)
	})
}
