// Package loans lists loan contracts with their cost, guarantees, instalments and
// payments.
package loans

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
		Order:       110,
		Name:        "loans",
		Kinds:       statement.BothKinds(),
		BodyKey:     contract.BodyKey,
		Versions:    statement.Versions(),
		Title:       spec.Text{PT: "Empréstimos", EN: "Loans"},
		Purpose:     spec.Text{PT: "Contratos de empréstimo, com custo, garantias, parcelas e pagamentos", EN: "Loan contracts with their cost, guarantees, instalments and payments"},
		Sections:    statement.ListSections(ledger.Loan),
		Permissions: contract.Permissions(ledger.Loan),
		IDsTwice:    true,
		Fields:      spec.MustFields(fields),
		Write:       contract.Write(ledger.Loan),
	}
}
