// Package legacyscorek1 is the report score_k1 in the envelope of 2022: the score of a
// person, with the first checking account of the document.
package legacyscorek1

import (
	_ "embed" // the field table

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/product/legacy"
	"github.com/openklaas/klaas/internal/product/scorek1"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
)

//go:embed fields.tsv
var fields string

const bodyKey = "score_info"

// Product returns the descriptor.
func Product() *spec.Product {
	current := scorek1.Product()
	return &spec.Product{
		Order:          1060,
		Name:           "score_k1",
		Kinds:          []spec.Kind{spec.PF},
		BodyKey:        bodyKey,
		Versions:       []spec.Version{spec.V1},
		Title:          spec.Text{PT: "Score K1 (formato de 2022)", EN: "Score K1 (format of 2022)"},
		Purpose:        spec.Text{PT: "O score da pessoa, no envelope de 2022", EN: "The score of a person, in the envelope of 2022"},
		PerInstitution: true,
		Sections:       current.Sections,
		Permissions:    current.Permissions,
		Fields:         spec.MustFields(fields),
		Sentinels:      map[string]int64{bodyKey + ".score_detail.score_k1": scorek1.NotComputed},
		Code:           current.Code,
		Write:          write,
		Parts:          legacy.OnePart,
		Legacy:         &spec.Legacy{NamesFirst: true, Lists: legacy.ListsFigures, Institution: legacy.FirstInstitution},
	}
}

func write(w *encode.Writer, in *spec.Input) {
	score, version := scorek1.Score(in)
	w.OpenObject()
	w.Key("account_info")
	w.OpenObject()
	a := legacy.First(in)
	legacy.Bank(w, legacy.Speller(in), a.Bank, a.BacenName, a.BacenID)
	w.Field("agency_number", a.Agency)
	w.Field("holder_name", statement.Holder(in))
	w.Field("cpf_verified", legacy.TaxID(in))
	w.Field("account_number", a.Number)
	w.CloseObject()
	w.Key("score_detail")
	w.OpenObject()
	w.Int("score_k1", int64(score))
	w.Field("version", version)
	w.CloseObject()
	w.CloseObject()
}
