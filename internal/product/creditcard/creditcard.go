// Package creditcard lists card accounts with their limit, the open bill, the closed
// bills and their lines.
package creditcard

import (
	_ "embed" // the field table

	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
)

//go:embed fields.tsv
var fields string

// Product returns the descriptor.
func Product() *spec.Product {
	return &spec.Product{
		Order:       30,
		Name:        "credit_card",
		Kinds:       statement.BothKinds(),
		BodyKey:     "creditCards",
		Versions:    statement.Versions(),
		Title:       spec.Text{PT: "Cartões de crédito", EN: "Credit cards"},
		Purpose:     spec.Text{PT: "Cartões com limite, fatura aberta, faturas fechadas e lançamentos", EN: "Card accounts with limit, open bill, closed bills and their lines"},
		Sections:    statement.CardSections,
		Permissions: statement.CardPermissions(),
		Fields:      spec.MustFields(fields),
		Write:       statement.CreditCards,
	}
}
