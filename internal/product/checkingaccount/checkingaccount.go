// Package checkingaccount lists current and prepaid payment accounts with their balances
// and entries, as the institutions told them.
package checkingaccount

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
		Order:       10,
		Name:        "checking_account",
		Kinds:       statement.BothKinds(),
		BodyKey:     "checkingAccounts",
		Versions:    statement.Versions(),
		Title:       spec.Text{PT: "Contas correntes e de pagamento", EN: "Checking accounts"},
		Purpose:     spec.Text{PT: "Contas correntes e pré-pagas com saldos e lançamentos", EN: "Current and prepaid payment accounts with balances and entries"},
		Sections:    statement.AccountSections,
		Permissions: statement.AccountPermissions(),
		Fields:      spec.MustFields(fields),
		Write:       statement.CheckingAccounts(statement.Plain()),
	}
}
