// Package balance lists every account of any kind with its balances, without
// entries.
package balance

import (
	_ "embed" // the field table

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
)

//go:embed fields.tsv
var fields string

// Product returns the descriptor.
func Product() *spec.Product {
	return &spec.Product{
		Order:       40,
		Name:        "balance",
		Kinds:       statement.BothKinds(),
		BodyKey:     "accounts",
		Versions:    statement.Versions(),
		Title:       spec.Text{PT: "Saldos", EN: "Balances"},
		Purpose:     spec.Text{PT: "Saldos atuais de todas as contas, sem lançamentos", EN: "Current balances of every account, without entries"},
		Sections:    statement.AccountSections,
		Permissions: statement.AccountPermissions(),
		Fields:      spec.MustFields(fields),
		Write:       write,
	}
}

func write(w *encode.Writer, in *spec.Input) {
	w.OpenArray()
	for _, a := range statement.Accounts(in) {
		w.OpenObject()
		statement.Header(w, in, a)
		statement.Balances(w, a.Source.Balances)
		w.CloseObject()
	}
	w.CloseArray()
}
