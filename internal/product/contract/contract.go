// Package contract writes what the products about credit contracts share: the
// customer's accounts and the items of the four credit sections.
//
// It is no product. A product's descriptor names [Sections], [Permissions] and
// [Write], each for the kinds of contracts that it lists. Every value is printed
// as it was received, in the shape of today, whichever version of the interface
// the institution speaks. Only the monthly cost, [MonthlyRate], is computed.
// Nothing is summed, and an operation that two brands show is listed twice.
package contract

import (
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
	"github.com/openklaas/klaas/openfinance"
)

// BodyKey is that of every product about contracts.
const BodyKey = "creditOperations"

// AllKinds are the kinds of contracts in the order of reports.
func AllKinds() []ledger.ContractKind {
	return []ledger.ContractKind{ledger.Loan, ledger.Financing, ledger.InvoiceFinancing, ledger.UnarrangedOverdraft}
}

// Sections returns the sections of a product that lists these kinds.
func Sections(kinds ...ledger.ContractKind) func(spec.Kind) spec.Sections {
	return func(spec.Kind) spec.Sections {
		return spec.Sections{Required: sectionsOf(kinds), Further: []string{openfinance.SectionAccounts}}
	}
}

func sectionsOf(kinds []ledger.ContractKind) []string {
	names := make([]string, len(kinds))
	for i, kind := range kinds {
		names[i] = kind.Section()
	}
	return names
}

// Write returns the writer of a product that lists these kinds: the accounts,
// then one list for each kind under the name of its section.
func Write(kinds ...ledger.ContractKind) func(*encode.Writer, *spec.Input) {
	return func(w *encode.Writer, in *spec.Input) {
		w.OpenObject()
		writeAccounts(w, in)
		for _, kind := range kinds {
			w.Key(kind.Section())
			w.OpenArray()
			for _, c := range contracts(in, kind) {
				w.OpenObject()
				item{w, in, c.Source, kind}.write()
				w.CloseObject()
			}
			w.CloseArray()
		}
		w.CloseObject()
	}
}

// writeAccounts writes the customer's accounts of any kind, without balances.
func writeAccounts(w *encode.Writer, in *spec.Input) {
	w.Key("accounts")
	w.OpenArray()
	for _, a := range statement.Accounts(in) {
		w.OpenObject()
		statement.Header(w, in, a)
		w.CloseObject()
	}
	w.CloseArray()
}

// contracts returns the contracts of a kind that a report is about, in document order.
func contracts(in *spec.Input, kind ledger.ContractKind) []*ledger.Contract {
	l := in.Facts.Ledger
	var found []*ledger.Contract
	for i := range l.Contracts {
		c := &l.Contracts[i]
		elsewhere := in.Institution >= 0 && int(c.Institution) != in.Institution
		if c.Kind == kind && c.Company == in.Company() && !elsewhere {
			found = append(found, c)
		}
	}
	return found
}
