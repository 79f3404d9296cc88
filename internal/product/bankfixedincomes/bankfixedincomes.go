// Package bankfixedincomes lists bank fixed incomes (CDB, RDB, LCI, LCA) with their position
// and movements.
package bankfixedincomes

import (
	_ "embed" // the field table

	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/holding"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
)

//go:embed fields.tsv
var fields string

// Product returns the descriptor.
func Product() *spec.Product {
	return &spec.Product{
		Order:       160,
		Name:        "bank_fixed_incomes",
		Kinds:       statement.BothKinds(),
		Aliases:     []string{"investments_bank_fixed_incomes"},
		BodyKey:     holding.BodyKey,
		Versions:    statement.Versions(),
		Title:       spec.Text{PT: "Renda fixa bancária", EN: "Bank fixed income"},
		Purpose:     spec.Text{PT: "CDB, RDB, LCI e LCA, com posição e movimentações", EN: "CDB, RDB, LCI and LCA with their position and movements"},
		Sections:    statement.ListSections(ledger.BankFixedIncome),
		Permissions: holding.Permissions(ledger.BankFixedIncome),
		IDsTwice:    true,
		Fields:      spec.MustFields(fields),
		Write:       holding.Write(ledger.BankFixedIncome),
	}
}
