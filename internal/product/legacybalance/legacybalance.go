// Package legacybalance is the report balance in the envelope of 2022: the
// balances of accounts and cards, without entries.
package legacybalance

import (
	_ "embed" // the field table

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/legacy"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
	"github.com/openklaas/klaas/openfinance"
)

//go:embed fields.tsv
var fields string

// Product returns the descriptor.
func Product() *spec.Product {
	return &spec.Product{
		Order:          1090,
		Name:           "balance",
		Kinds:          []spec.Kind{spec.PF},
		BodyKey:        "accountBalance",
		Versions:       []spec.Version{spec.V1},
		Title:          spec.Text{PT: "Saldos (formato de 2022)", EN: "Balances (format of 2022)"},
		Purpose:        spec.Text{PT: "Saldos de contas e cartões, no envelope de 2022", EN: "Balances of accounts and cards, in the envelope of 2022"},
		PerInstitution: true,
		Sections:       sections,
		Permissions:    append(statement.AccountPermissions(), statement.CardPermissions()...),
		Fields:         spec.MustFields(fields),
		Write:          write,
		Legacy:         &spec.Legacy{Lists: lists},
	}
}

func sections(spec.Kind) spec.Sections {
	return spec.Sections{
		Required: []string{openfinance.SectionAccounts},
		Further:  []string{openfinance.SectionCreditCardsAccounts},
	}
}

func lists(in *spec.Input) bool {
	return len(statement.Accounts(in)) > 0 || len(statement.Cards(in)) > 0
}

func write(w *encode.Writer, in *spec.Input) {
	l := in.Facts.Ledger
	r := row{w, in, legacy.Speller(in)}
	w.OpenArray()
	for _, a := range statement.Accounts(in) {
		kind := "checking"
		if !a.Kind.IsChecking() {
			kind = "savings"
		}
		w.OpenObject()
		legacy.Bank(w, r.key, a.Source.BrandName, a.BacenName, legacy.BankID(l, a))
		r.holder(a.Source.BranchCode, kind, legacy.AccountNumber(a.Source.Number, a.Source.CheckDigit))
		available, known := legacy.Available(a.Source)
		legacy.Number(w, "current_balance", available, known)
		legacy.Number(w, "available_limit", 0, false)
		legacy.Number(w, "total_limit", 0, false)
		w.CloseObject()
	}
	for _, c := range statement.Cards(in) {
		w.OpenObject()
		legacy.Bank(w, r.key, c.Source.BrandName, c.BacenName, l.Institutions[c.Institution].Code)
		r.holder("", "creditcard", statement.CardNumber(c.Source))
		r.limit(c)
		w.CloseObject()
	}
	w.CloseArray()
}

// row writes what rows of accounts and cards share.
type row struct {
	w   *encode.Writer
	in  *spec.Input
	key func(snake, camel string) string
}

func (r *row) holder(agency, kind, number string) {
	r.w.Field("agency_number", agency)
	r.w.Field("account_type", kind)
	r.w.Field("account_number", number)
	r.w.Field("cpf_verified", legacy.TaxID(r.in))
	r.w.Field("account_holder", statement.Holder(r.in))
}

// limit writes what a card owes and may spend: current_balance = total_limit − available_limit.
func (r *row) limit(c *ledger.Card) {
	var total, available money.Amount
	var totalKnown, availableKnown bool
	if limit := fact.MainLimit(c.Source.Limits); limit != nil {
		total, totalKnown = legacy.Reais(limit.Limit)
		available, availableKnown = legacy.Reais(statement.Available(limit))
	}
	legacy.Number(r.w, "current_balance", total-available, totalKnown && availableKnown)
	legacy.Number(r.w, "available_limit", available, availableKnown)
	legacy.Number(r.w, "total_limit", total, totalKnown)
}
