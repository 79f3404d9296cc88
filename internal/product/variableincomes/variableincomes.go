// Package variableincomes lists shares and other assets of the stock exchange with
// their positions, movements and broker notes.
package variableincomes

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
		Order:       180,
		Name:        "variable_incomes",
		Kinds:       statement.BothKinds(),
		Aliases:     []string{"investments_variable_incomes"},
		BodyKey:     holding.BodyKey,
		Versions:    statement.Versions(),
		Title:       spec.Text{PT: "Renda variável", EN: "Variable income"},
		Purpose:     spec.Text{PT: "Ações e outros ativos de bolsa, com posições, movimentações e notas de corretagem", EN: "Shares and other assets of the stock exchange with their positions, movements and broker notes"},
		Sections:    statement.ListSections(ledger.VariableIncome),
		Permissions: holding.Permissions(ledger.VariableIncome),
		IDsTwice:    true,
		Fields:      spec.MustFields(fields),
		Write:       holding.Write(ledger.VariableIncome),
	}
}
