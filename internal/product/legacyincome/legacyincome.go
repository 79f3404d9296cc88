// Package legacyincome is the report income in the envelope of 2022: what a person
// earns through each checking account.
package legacyincome

import (
	_ "embed" // the field table
	"strconv"

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/legacy"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
)

//go:embed fields.tsv
var fields string

// Product returns the descriptor.
func Product() *spec.Product {
	return &spec.Product{
		Order:          1030,
		Name:           "income",
		Kinds:          []spec.Kind{spec.PF},
		BodyKey:        "Income",
		Versions:       []spec.Version{spec.V11},
		Title:          spec.Text{PT: "Renda (formato de 2022)", EN: "Income (format of 2022)"},
		Purpose:        spec.Text{PT: "Renda por conta e por tipo, no envelope de 2022", EN: "Income of each account, by kind, in the envelope of 2022"},
		PerInstitution: true,
		Sections:       statement.AccountSections,
		Permissions:    statement.AccountPermissions(),
		Fields:         spec.MustFields(fields),
		Write:          write,
		Legacy:         &spec.Legacy{Lists: legacy.ListsFigures},
	}
}

func write(w *encode.Writer, in *spec.Input) {
	r := report{w: w, ledger: in.Facts.Ledger, income: in.Facts.Income(false)}
	legacy.Figures(w, in, r.account)
}

// report writes the income of accounts.
type report struct {
	w      *encode.Writer
	ledger *ledger.Ledger
	income *fact.Income
}

// stream is the income of one kind and account.
type stream struct {
	kind    fact.IncomeKind
	entries *fact.IncomePart
}

func (r *report) account(account int32) {
	all := r.income.OfAccount(account)
	var streams []stream
	for k := range fact.IncomeKinds {
		s := stream{fact.IncomeKind(k), all.OfKind(fact.IncomeKind(k))}
		if s.entries.Count(legacy.History) > 0 {
			streams = append(streams, s)
		}
	}
	r.w.Int("number_of_income_streams", int64(len(streams)))
	for _, n := range legacy.Windows {
		r.w.Number(legacy.Last("total_income", n), all.Last(n).Amount)
	}
	r.w.Key("incomeStream")
	r.w.OpenArray()
	for i := range streams {
		r.stream(&streams[i])
	}
	r.w.CloseArray()
}

func (r *report) stream(s *stream) {
	r.w.OpenObject()
	r.w.Field("income_stream_type", s.kind.LegacyText())
	r.days(s)
	r.w.Key("incomeTransactions")
	r.w.OpenArray()
	for e := range s.entries.Entries(legacy.History) {
		legacy.Paid(r.w, &r.ledger.Movements[e.Flow.Movement], e.Amount)
	}
	r.w.CloseArray()
	r.w.CloseObject()
}

// days writes the pay days of regular salary, which no other kind has.
func (r *report) days(s *stream) {
	const key = "incomeDay"
	if s.kind != fact.RegularSalary {
		r.w.Null(key)
		return
	}
	r.w.Key(key)
	r.w.OpenObject()
	days := s.entries.SalaryDays()
	for i, name := range [len(days)]string{"1st_income_day", "2nd_income_day"} {
		text := ""
		if days[i] > 0 {
			text = strconv.Itoa(days[i])
		}
		r.w.Field(name, text)
	}
	r.w.CloseObject()
}
