// Package legacycategorychecking is the report category_checking in the envelope
// of 2022: a person's checking accounts with categorised entries.
package legacycategorychecking

import (
	_ "embed" // the field table

	"github.com/openklaas/klaas/internal/product/legacy"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
)

//go:embed fields.tsv
var fields string

// Product returns the descriptor.
func Product() *spec.Product {
	return &spec.Product{
		Order:          1010,
		Name:           "category_checking",
		Kinds:          []spec.Kind{spec.PF},
		BodyKey:        "Category_checking",
		Versions:       []spec.Version{spec.V1, spec.V2},
		Title:          spec.Text{PT: "Conta corrente categorizada (formato de 2022)", EN: "Categorised checking (format of 2022)"},
		Purpose:        spec.Text{PT: "Contas correntes com saldo e categoria em cada lançamento de 180 dias, no envelope de 2022", EN: "Checking accounts with balance and category on every entry of 180 days, in the envelope of 2022"},
		PerInstitution: true,
		Sections:       statement.AccountSections,
		Permissions:    statement.AccountPermissions(),
		Fields:         spec.MustFields(fields),
		Write:          legacy.Checking("cpf_verified", "cpfVerified"),
		Legacy:         &spec.Legacy{BodyKeyV2: "categoryChecking", Lists: legacy.ListsChecking},
	}
}
