// Package unarrangedaccountoverdraft lists advances to depositors: overdraft
// beyond what was arranged.
package unarrangedaccountoverdraft

import (
	_ "embed" // the field table

	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/contract"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
)

//go:embed fields.tsv
var fields string

// Product returns the descriptor.
func Product() *spec.Product {
	return &spec.Product{
		Order:       140,
		Name:        "unarranged_account_overdraft",
		Kinds:       statement.BothKinds(),
		Aliases:     []string{"unarranged_accounts_overdraft"},
		BodyKey:     contract.BodyKey,
		Versions:    statement.Versions(),
		Title:       spec.Text{PT: "Adiantamento a depositantes", EN: "Unarranged account overdraft"},
		Purpose:     spec.Text{PT: "Adiantamentos a depositantes: saldo devedor além do limite", EN: "Advances to depositors: overdraft beyond what was arranged"},
		Sections:    statement.ListSections(ledger.UnarrangedOverdraft),
		Permissions: contract.Permissions(ledger.UnarrangedOverdraft),
		IDsTwice:    true,
		Fields:      spec.MustFields(fields),
		Write:       contract.Write(ledger.UnarrangedOverdraft),
	}
}
