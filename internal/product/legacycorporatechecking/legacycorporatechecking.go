// Package legacycorporatechecking is the report corporate_checking in the
// envelope of 2022: a company's checking accounts with categorised entries.
package legacycorporatechecking

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
		Order:          1100,
		Name:           "corporate_checking",
		Kinds:          []spec.Kind{spec.PJ},
		BodyKey:        "Corporate_checking",
		Versions:       []spec.Version{spec.V1},
		Title:          spec.Text{PT: "Conta corrente de empresa (formato de 2022)", EN: "Company checking (format of 2022)"},
		Purpose:        spec.Text{PT: "Contas correntes de empresa com saldo e categoria em cada lançamento de 180 dias, no envelope de 2022", EN: "A company's checking accounts with balance and category on every entry of 180 days, in the envelope of 2022"},
		PerInstitution: true,
		Sections:       statement.AccountSections,
		Permissions:    statement.AccountPermissions(),
		Fields:         spec.MustFields(fields),
		Write:          legacy.Checking("cnpj_verified", ""),
		Legacy:         &spec.Legacy{Lists: legacy.ListsChecking},
	}
}
