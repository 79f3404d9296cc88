// Package legacyliabilities is the report liabilities in the envelope of 2022: the
// obligations that a person pays from each checking account.
package legacyliabilities

import (
	_ "embed" // the field table

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/product/legacy"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
)

//go:embed fields.tsv
var fields string

// Product returns the descriptor.
func Product() *spec.Product {
	return &spec.Product{
		Order:          1040,
		Name:           "liabilities",
		Kinds:          []spec.Kind{spec.PF},
		BodyKey:        "Liabilities",
		Versions:       []spec.Version{spec.V11},
		Title:          spec.Text{PT: "Compromissos (formato de 2022)", EN: "Liabilities (format of 2022)"},
		Purpose:        spec.Text{PT: "Compromissos pagos por conta, por tipo, no envelope de 2022", EN: "Obligations paid from each account, by kind, in the envelope of 2022"},
		PerInstitution: true,
		Sections:       statement.AccountSections,
		Permissions:    statement.AccountPermissions(),
		Fields:         spec.MustFields(fields),
		Write:          write,
		Legacy:         &spec.Legacy{Lists: legacy.ListsFigures},
	}
}

func write(w *encode.Writer, in *spec.Input) {
	legacy.Figures(w, in, func(account int32) {
		r := report{w: w, facts: in.Facts}
		for e := range in.Facts.LiabilitiesOf(account) {
			if e.Flow.Age < legacy.History {
				r.byKind[e.Kind] = append(r.byKind[e.Kind], e)
			}
		}
		r.write()
	})
}

// report writes the obligations of one account.
type report struct {
	w      *encode.Writer
	facts  *fact.Facts
	byKind [fact.LiabilityKinds][]*fact.LiabilityEntry // of 180 days, newest first
}

func (r *report) write() {
	kinds := 0
	for _, entries := range r.byKind {
		if len(entries) > 0 {
			kinds++
		}
	}
	r.w.Int("number_of_liability_streams", int64(kinds))
	for _, n := range legacy.Windows {
		var total fact.Sum
		for _, entries := range r.byKind {
			for _, e := range entries {
				if int(e.Flow.Age) < n {
					total = total.Add(e.Amount, 1)
				}
			}
		}
		r.w.Number(legacy.Last("total_liabilities", n), total.Amount)
	}
	r.w.Key("liabilityStream")
	r.w.OpenArray()
	for kind, entries := range r.byKind {
		if len(entries) > 0 {
			r.stream(fact.LiabilityKind(kind), entries)
		}
	}
	r.w.CloseArray()
}

func (r *report) stream(kind fact.LiabilityKind, entries []*fact.LiabilityEntry) {
	r.w.OpenObject()
	r.w.Field("liability_stream_type", kind.LegacyText())
	r.w.Key("liabilityTransactions")
	r.w.OpenArray()
	for _, e := range entries {
		legacy.Paid(r.w, &r.facts.Ledger.Movements[e.Flow.Movement], -e.Amount)
	}
	r.w.CloseArray()
	r.w.CloseObject()
}
