// Package categorizedcreditcardl2 is creditcard with two category levels on every line.
package categorizedcreditcardl2

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
		Order:       90,
		Name:        "categorized_creditcard_l2",
		Kinds:       statement.BothKinds(),
		BodyKey:     "creditCards",
		Versions:    statement.Versions(),
		Title:       spec.Text{PT: "Cartão categorizado, 2 níveis", EN: "Categorised credit card, 2 levels"},
		Purpose:     spec.Text{PT: "Cartões com dois níveis de categoria em cada lançamento", EN: "Cards with two category levels on every line"},
		Sections:    statement.CardSections,
		Permissions: statement.CardPermissions(),
		Fields:      spec.MustFields(fields),
		Write:       statement.CategorizedCreditCards(statement.TwoLevels()),
	}
}
