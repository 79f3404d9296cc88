// Package categorizedsavingsl2 is savingsaccount with two category levels on every
// entry.
package categorizedsavingsl2

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
		Order:       70,
		Name:        "categorized_savings_l2",
		Kinds:       statement.BothKinds(),
		BodyKey:     "savingsAccounts",
		Versions:    statement.Versions(),
		Title:       spec.Text{PT: "Poupança categorizada, 2 níveis", EN: "Categorised savings, 2 levels"},
		Purpose:     spec.Text{PT: "Contas de poupança com dois níveis de categoria em cada lançamento", EN: "Savings accounts with two category levels on every entry"},
		Sections:    statement.AccountSections,
		Permissions: statement.AccountPermissions(),
		Fields:      spec.MustFields(fields),
		Write:       statement.SavingsAccounts(statement.TwoLevels()),
	}
}
