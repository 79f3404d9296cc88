// Package creditoperations lists all credit contracts in one report: the union of
// the four products that list one kind.
package creditoperations

import (
	_ "embed" // the field table

	"github.com/openklaas/klaas/internal/product/contract"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
)

//go:embed fields.tsv
var fields string

// Product returns the descriptor.
func Product() *spec.Product {
	return &spec.Product{
		Order:       150,
		Name:        "credit_operations",
		Kinds:       statement.BothKinds(),
		BodyKey:     contract.BodyKey,
		Versions:    statement.Versions(),
		Title:       spec.Text{PT: "Operações de crédito", EN: "Credit operations"},
		Purpose:     spec.Text{PT: "Todos os contratos de crédito em um relatório", EN: "All credit contracts in one report"},
		Sections:    statement.ListSections(contract.AllKinds()...),
		Permissions: contract.AllPermissions(),
		IDsTwice:    true,
		Fields:      spec.MustFields(fields),
		Write:       contract.Write(contract.AllKinds()...),
	}
}
