// Package categorizedcheckingl2 is checkingaccount with two category levels on every
// entry.
package categorizedcheckingl2

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
		Order:       50,
		Name:        "categorized_checking_l2",
		Kinds:       statement.BothKinds(),
		BodyKey:     "checkingAccounts",
		Versions:    statement.Versions(),
		Title:       spec.Text{PT: "Conta corrente categorizada, 2 níveis", EN: "Categorised checking, 2 levels"},
		Purpose:     spec.Text{PT: "Contas correntes com dois níveis de categoria em cada lançamento", EN: "Checking accounts with two category levels on every entry"},
		Sections:    statement.AccountSections,
		Permissions: statement.AccountPermissions(),
		Fields:      spec.MustFields(fields),
		Write:       statement.CheckingAccounts(statement.TwoLevels()),
	}
}
