// Package categorizedcheckingl3 is checkingaccount with three category levels, counts of
// like entries, the settlement type and the merchant's brand on every entry.
package categorizedcheckingl3

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
		Order:       60,
		Name:        "categorized_checking_l3",
		Kinds:       statement.BothKinds(),
		BodyKey:     "checkingAccounts",
		Versions:    statement.Versions(),
		Title:       spec.Text{PT: "Conta corrente categorizada, 3 níveis", EN: "Categorised checking, 3 levels"},
		Purpose:     spec.Text{PT: "Contas correntes com três níveis de categoria, recorrência e meio de liquidação em cada lançamento", EN: "Checking accounts with three category levels, recurrence counts and settlement type on every entry"},
		Sections:    statement.AccountSections,
		Permissions: statement.AccountPermissions(),
		Fields:      spec.MustFields(fields),
		Write:       statement.CheckingAccounts(statement.ThreeLevels()),
	}
}
