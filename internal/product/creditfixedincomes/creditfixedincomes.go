// Package creditfixedincomes lists debentures, CRI and CRA with their position and
// movements.
package creditfixedincomes

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
		Order:       170,
		Name:        "credit_fixed_incomes",
		Kinds:       statement.BothKinds(),
		Aliases:     []string{"investments_credit_fixed_incomes"},
		BodyKey:     holding.BodyKey,
		Versions:    statement.Versions(),
		Title:       spec.Text{PT: "Renda fixa de crédito", EN: "Credit fixed income"},
		Purpose:     spec.Text{PT: "Debêntures, CRI e CRA, com posição e movimentações", EN: "Debentures, CRI and CRA with their position and movements"},
		Sections:    statement.ListSections(ledger.CreditFixedIncome),
		Permissions: holding.Permissions(ledger.CreditFixedIncome),
		IDsTwice:    true,
		Fields:      spec.MustFields(fields),
		Write:       holding.Write(ledger.CreditFixedIncome),
	}
}
