// Package categorizedsavingsl3 is savingsaccount with three category levels, counts of
// like entries, the settlement type and the merchant's brand on every entry.
package categorizedsavingsl3

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
		Order:       80,
		Name:        "categorized_savings_l3",
		Kinds:       statement.BothKinds(),
		BodyKey:     "savingsAccounts",
		Versions:    statement.Versions(),
		Title:       spec.Text{PT: "Poupança categorizada, 3 níveis", EN: "Categorised savings, 3 levels"},
		Purpose:     spec.Text{PT: "Contas de poupança com três níveis de categoria, recorrência e meio de liquidação em cada lançamento", EN: "Savings accounts with three category levels, recurrence counts and settlement type on every entry"},
		Sections:    statement.AccountSections,
		Permissions: statement.AccountPermissions(),
		Fields:      spec.MustFields(fields),
		Write:       statement.SavingsAccounts(statement.ThreeLevels()),
	}
}
