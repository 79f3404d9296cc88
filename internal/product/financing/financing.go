// Package financing lists financing contracts: vehicles, real estate, rural credit.
package financing

import (
	_ "embed" // the field table

	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/contract"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
)

//go:embed fields.tsv
var fields string

// Product returns the descriptor.
func Product() *spec.Product {
	return &spec.Product{
		Order:       120,
		Name:        "financing",
		Kinds:       statement.BothKinds(),
		Aliases:     []string{"financings"},
		BodyKey:     contract.BodyKey,
		Versions:    statement.Versions(),
		Title:       spec.Text{PT: "Financiamentos", EN: "Financing"},
		Purpose:     spec.Text{PT: "Contratos de financiamento: veículos, imóveis, crédito rural", EN: "Financing contracts: vehicles, real estate, rural credit"},
		Sections:    statement.ListSections(ledger.Financing),
		Permissions: contract.Permissions(ledger.Financing),
		IDsTwice:    true,
		Fields:      spec.MustFields(fields),
		Write:       contract.Write(ledger.Financing),
	}
}
