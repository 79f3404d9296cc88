// Package savingsaccount lists savings accounts with their balances and entries, as the
// institutions told them.
package savingsaccount

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
		Order:       20,
		Name:        "savings_account",
		Kinds:       statement.BothKinds(),
		BodyKey:     "savingsAccounts",
		Versions:    statement.Versions(),
		Title:       spec.Text{PT: "Contas de poupança", EN: "Savings accounts"},
		Purpose:     spec.Text{PT: "Contas de poupança com saldos e lançamentos", EN: "Savings accounts with balances and entries"},
		Sections:    statement.AccountSections,
		Permissions: statement.AccountPermissions(),
		Fields:      spec.MustFields(fields),
		Write:       statement.SavingsAccounts(statement.Plain()),
	}
}
