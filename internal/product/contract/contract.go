// Package contract writes what the products about credit contracts share: the
// customer's accounts and the items of the four credit sections.
//
// It is no product. A product's descriptor names [Sections], [Permissions] and
// [Write], each for the kinds of contracts that it lists. Every value is printed
// as it was received, in the shape of today, whichever version of the interface
// the institution speaks. Only the monthly cost, by [money.MonthlyRate], is computed.
// Nothing is summed, and an operation that two brands show is listed twice.
package contract

import (
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
)

// BodyKey is that of every product about contracts.
const BodyKey = "creditOperations"

// AllKinds are the kinds of contracts in the order of reports.
func AllKinds() []ledger.ContractKind {
	return []ledger.ContractKind{ledger.Loan, ledger.Financing, ledger.InvoiceFinancing, ledger.UnarrangedOverdraft}
}

// Write returns the writer of a product that lists these kinds: the accounts,
// then one list for each kind under the name of its section.
func Write(kinds ...ledger.ContractKind) func(*encode.Writer, *spec.Input) {
	return func(w *encode.Writer, in *spec.Input) {
		l := in.Facts.Ledger
		items := in.Facts.Contracts(in.Strict())
		w.Grow(size(in, kinds))
		w.OpenObject()
		statement.AccountHeaders(w, in)
		for _, kind := range kinds {
			w.Key(kind.Section())
			w.OpenArray()
			for _, i := range contracts(in, kind) {
				items.Write(w, i, func() { item{w, in, l.Contracts[i].Source, kind}.write() })
			}
			w.CloseArray()
		}
		w.CloseObject()
	}
}

// About how long a contract is without its payments, and a payment: they make
// room for a whole report at once.
const (
	contractSize = 2304
	paymentSize  = 264
)

func size(in *spec.Input, kinds []ledger.ContractKind) int {
	n := 0
	for _, kind := range kinds {
		for _, i := range contracts(in, kind) {
			n += contractSize
			if p := in.Facts.Ledger.Contracts[i].Source.Payments; p != nil {
				n += paymentSize * len(p.Releases)
			}
		}
	}
	return n
}

// contracts returns the contracts of a kind that a report is about, as indices of
// the ledger in document order.
func contracts(in *spec.Input, kind ledger.ContractKind) []int {
	var found []int
	for i := range in.Facts.Ledger.Contracts {
		c := &in.Facts.Ledger.Contracts[i]
		elsewhere := in.Institution >= 0 && int(c.Institution) != in.Institution
		if c.Kind == kind && c.Company == in.Company() && !elsewhere {
			found = append(found, i)
		}
	}
	return found
}
