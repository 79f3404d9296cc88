// Package liabilities tells what a person or company has to pay again and again:
// obligations paid from accounts, open credit contracts, debt on cards, recurring
// expenses, and what all this leaves of the income.
package liabilities

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

const bodyKey = "liabilities"

// Product returns the descriptor.
func Product() *spec.Product {
	return &spec.Product{
		Order:    270,
		Name:     "liabilities",
		Kinds:    statement.BothKinds(),
		BodyKey:  bodyKey,
		Versions: analytic.Versions(),
		Title:    spec.Text{PT: "Compromissos", EN: "Liabilities"},
		Purpose: spec.Text{
			PT: "Compromissos pagos pelas contas, contratos de crédito, dívida no cartão, despesas recorrentes e capacidade de pagamento",
			EN: "Obligations paid from accounts, credit contracts, card debt, recurring expenses and repayment capacity",
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
	facts   *fact.Facts
	company bool
	v2      bool
	known   bool // there is a checking account: else nothing paid from accounts can be known
	flows   *fact.Flows
	entries []fact.LiabilityEntry
}

func write(e *encode.Writer, in *spec.Input) {
	company := in.Company()
	b := body{
		Writer: analytic.New(e, in, bodyKey), facts: in.Facts, company: company, v2: in.Version == spec.V2,
		known: in.Facts.HasChecking(company), flows: in.Facts.Flows(company), entries: in.Facts.Liabilities(company),
	}
	b.Zeros = !b.v2
	e.OpenObject()
	b.Info()
	b.Days("daysCovered", b.flows.Coverage.Days, b.flows.OldestEntry())
	kinds := b.kinds()
	b.count("numberOfLiabilityStreams", len(kinds), b.behind(streamDays, anyKind))
	b.totals()
	b.List("liabilityStreams", len(kinds), func(i int) { b.stream(kinds[i]) })
	if b.v2 {
		b.contracts()
		b.debt()
	}
	e.CloseObject()
}

// streamDays is the window of the streams.
const streamDays = 180

// kinds returns the kinds with an entry in 180 days, in their order.
func (b *body) kinds() []fact.LiabilityKind {
	var has [fact.LiabilityKinds]bool
	for i := range b.entries {
		if e := &b.entries[i]; e.Flow.Age < streamDays {
			has[e.Kind] = true
		}
	}
	var kinds []fact.LiabilityKind
	for kind, is := range has {
		if is {
			kinds = append(kinds, fact.LiabilityKind(kind))
		}
	}
	return kinds
}

// behind returns the entries of the last n days that are taken.
func (b *body) behind(n int, taken func(*fact.LiabilityEntry) bool) fact.Evidence {
	return b.facts.LiabilitiesBehind(b.company, b.flows.LastDays(n), taken)
}

func anyKind(*fact.LiabilityEntry) bool { return true }

func of(kind fact.LiabilityKind) func(*fact.LiabilityEntry) bool {
	return func(e *fact.LiabilityEntry) bool { return e.Kind == kind }
}

// count writes a number of streams, months or periods that follows from entries of
// accounts.
func (b *body) count(key string, n int, behind fact.Evidence) {
	if !b.known {
		b.Unknown(key)
		return
	}
	b.Days(key, n, behind)
}

func (b *body) totals() {
	windows := []int{30, 60, 90, 180}
	if b.v2 {
		windows = append(windows, 360)
	}
	for _, n := range windows {
		key := fmt.Sprintf("totalLiabilitiesLast%dDays", n)
		if !b.known {
			b.Unknown(key)
			continue
		}
		behind := b.behind(n, anyKind)
		b.Money(key, behind.Sum().Amount, behind)
	}
}

// stream writes one kind: what was paid in 180 days, newest first.
func (b *body) stream(kind fact.LiabilityKind) {
	name := kind.LegacyText()
	if b.v2 {
		name = kind.String()
	}
	b.Field("liabilityStreamType", name)
	var entries []*fact.LiabilityEntry
	for i := range b.entries {
		if e := &b.entries[i]; e.Kind == kind && e.Flow.Age < streamDays {
			entries = append(entries, e)
		}
	}
	const key = "liabilityTransactions"
	b.List(key, len(entries), func(i int) { b.entry(entries[i]) })
	b.NoteList(key, false, b.behind(streamDays, of(kind)))
	if !b.v2 {
		return
	}
	quarter := b.behind(quarterDays, of(kind))
	b.Money("totalLast90Days", quarter.Sum().Amount, quarter)
	b.Optional("averageMonthlyLast6Months", spec.Computed, b.facts.LiabilityAverage(b.company, kind))
	b.count("monthsUsedLast6Months", b.flows.FullMonths(averageMonths), b.flows.OldestEntry())
	b.count("periodsLast90Days", periodsOf(entries), quarter)
}

const averageMonths = 6

func (b *body) entry(e *fact.LiabilityEntry) {
	l := b.facts.Ledger
	m := &l.Movements[e.Flow.Movement]
	b.Field("transactionDate", m.Day.String())
	b.Number("transactionAmount", -e.Amount)
	b.Field("transactionName", m.Entry.Name)
	if b.v2 {
		b.Field("transactionId", m.ID)
		b.Field("institutionCode", l.Institutions[e.Flow.Institution].Code)
	}
}

const (
	periodDays  = 30
	quarterDays = 90
)

// periodsOf returns in how many 30-day periods of 90 days entries fall, newest
// first.
func periodsOf(entries []*fact.LiabilityEntry) int {
	n, last := 0, int32(-1)
	for _, e := range entries {
		if period := e.Flow.Age / periodDays; e.Flow.Age < quarterDays && period != last {
			n, last = n+1, period
		}
	}
	return n
}
