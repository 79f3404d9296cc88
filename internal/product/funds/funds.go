// Package funds lists investment funds with their position and movements.
package funds

import (
	_ "embed" // the field table

	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/holding"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
)

//go:embed fields.tsv
var fields string

// Product returns the descriptor.
func Product() *spec.Product {
	return &spec.Product{
		Order:       200,
		Name:        "funds",
		Kinds:       statement.BothKinds(),
		Aliases:     []string{"investments_funds"},
		BodyKey:     holding.BodyKey,
		Versions:    statement.Versions(),
		Title:       spec.Text{PT: "Fundos de investimento", EN: "Investment funds"},
		Purpose:     spec.Text{PT: "Fundos de investimento, com posição e movimentações", EN: "Investment funds with their position and movements"},
		Sections:    statement.ListSections(ledger.Fund),
		Permissions: holding.Permissions(ledger.Fund),
		IDsTwice:    true,
		Fields:      spec.MustFields(fields),
		Write:       holding.Write(ledger.Fund),
	}
}
