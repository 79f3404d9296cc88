// Package invoicefinancing lists discounted receivables: trade bills, cheques,
// card sales.
package invoicefinancing

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
		Order:       130,
		Name:        "invoice_financing",
		Kinds:       statement.BothKinds(),
		Aliases:     []string{"invoice_financings"},
		BodyKey:     contract.BodyKey,
		Versions:    statement.Versions(),
		Title:       spec.Text{PT: "Direitos creditórios descontados", EN: "Invoice financing"},
		Purpose:     spec.Text{PT: "Recebíveis descontados: títulos, cheques, faturas de cartão", EN: "Discounted receivables: trade bills, cheques, card sales"},
		Sections:    statement.ListSections(ledger.InvoiceFinancing),
		Permissions: contract.Permissions(ledger.InvoiceFinancing),
		IDsTwice:    true,
		Fields:      spec.MustFields(fields),
		Write:       contract.Write(ledger.InvoiceFinancing),
	}
}
