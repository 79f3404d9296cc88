// Package investments lists every holding: the union of the five products about
// one kind of investment. Nothing is summed.
package investments

import (
	_ "embed" // the field table

	"github.com/openklaas/klaas/internal/product/holding"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
)

//go:embed fields.tsv
var fields string

// Product returns the descriptor.
func Product() *spec.Product {
	return &spec.Product{
		Order:       210,
		Name:        "investments",
		Kinds:       statement.BothKinds(),
		Aliases:     []string{"investment"},
		BodyKey:     holding.BodyKey,
		Versions:    statement.Versions(),
		Title:       spec.Text{PT: "Investimentos", EN: "Investments"},
		Purpose:     spec.Text{PT: "Todos os investimentos em um relatório", EN: "All holdings in one report"},
		Sections:    statement.ListSections(holding.AllKinds()...),
		Permissions: holding.AllPermissions(),
		IDsTwice:    true,
		Fields:      spec.MustFields(fields),
		Write:       holding.Write(holding.AllKinds()...),
	}
}
