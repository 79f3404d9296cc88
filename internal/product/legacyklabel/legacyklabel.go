// Package legacyklabel is the report k_label in the envelope of 2022: the 540 features
// of a person, with the first checking account of the document.
package legacyklabel

import (
	_ "embed" // the field table

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/product/feature"
	"github.com/openklaas/klaas/internal/product/klabel"
	"github.com/openklaas/klaas/internal/product/legacy"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
)

//go:embed fields.tsv
var fields string

// Product returns the descriptor.
func Product() *spec.Product {
	current := klabel.Product()
	return &spec.Product{
		Order:          1070,
		Name:           "k_label",
		Kinds:          []spec.Kind{spec.PF},
		BodyKey:        "Risk_label",
		Versions:       []spec.Version{spec.V1},
		Title:          spec.Text{PT: "K label (formato de 2022)", EN: "K label (format of 2022)"},
		Purpose:        spec.Text{PT: "540 atributos numéricos para modelos de crédito, no envelope de 2022", EN: "540 numeric features for credit models, in the envelope of 2022"},
		PerInstitution: true,
		Sections:       current.Sections,
		Permissions:    current.Permissions,
		Fields:         spec.MustFields(fields),
		Write:          write,
		Parts:          legacy.OnePart,
		Legacy:         &spec.Legacy{NamesFirst: true, Lists: legacy.ListsFigures, Institution: legacy.FirstInstitution},
	}
}

// labelSize is about how long a label is.
const labelSize = 128

func write(w *encode.Writer, in *spec.Input) {
	labels := klabel.Labels()
	book := feature.New(in.Facts, in.Company(), in.Version)
	w.Grow(len(labels) * labelSize)
	w.OpenObject()
	account(w, in)
	w.Key("labelDetail")
	w.OpenArray()
	for i := range labels {
		l := &labels[i]
		w.OpenObject()
		w.Field("label_code", l.Code)
		w.Field("label_name", l.Name)
		switch v := klabel.Value(book, l); {
		case !v.Known:
			w.Int("label_value", klabel.Unknown)
		case v.Exact:
			w.Exact("label_value", v.Amount)
		default:
			w.Number("label_value", v.Amount)
		}
		w.CloseObject()
	}
	w.CloseArray()
	w.CloseObject()
}

func account(w *encode.Writer, in *spec.Input) {
	w.Key("accountInfo")
	w.OpenObject()
	a := legacy.First(in)
	w.Field("account_number", a.Number)
	w.Field("agency_number", a.Agency)
	w.Field("bacen_id", a.BacenID)
	w.Field("bacen_name", a.BacenName)
	w.Field("bank_name", a.Bank)
	w.Field("cpf_verified", legacy.TaxID(in))
	w.Field("holder_name", statement.Holder(in))
	w.CloseObject()
}
