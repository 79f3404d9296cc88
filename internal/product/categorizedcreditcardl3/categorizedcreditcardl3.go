// Package categorizedcreditcardl3 is creditcard with three category levels, counts of like
// lines and the merchant's brand on every line.
package categorizedcreditcardl3

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
		Order:       100,
		Name:        "categorized_creditcard_l3",
		Kinds:       statement.BothKinds(),
		BodyKey:     "creditCards",
		Versions:    statement.Versions(),
		Title:       spec.Text{PT: "Cartão categorizado, 3 níveis", EN: "Categorised credit card, 3 levels"},
		Purpose:     spec.Text{PT: "Cartões com três níveis de categoria e recorrência em cada lançamento", EN: "Cards with three category levels and recurrence counts on every line"},
		Sections:    statement.CardSections,
		Permissions: statement.CardPermissions(),
		Fields:      spec.MustFields(fields),
		Write:       statement.CategorizedCreditCards(statement.ThreeLevelsOfCard()),
	}
}
