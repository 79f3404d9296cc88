// Package holding writes what the products about investments share: the
// customer's accounts and the items of the five investment sections.
//
// It is no product. A product's descriptor names [Sections], [Permissions] and
// [Write], each for the kinds of holdings that it lists. Every value is printed
// as it was received, under the names of the section that it stood in, whichever
// version of the interface the institution speaks; quantities and unit prices
// keep all their decimals. Nothing is computed or summed, and a position that was
// closed stays listed as long as the institution lists it.
package holding

import (
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
)

// BodyKey is that of every product about investments.
const BodyKey = "investments"

// AllKinds are the kinds of holdings in the order of reports.
func AllKinds() []ledger.HoldingKind {
	return []ledger.HoldingKind{
		ledger.BankFixedIncome, ledger.CreditFixedIncome, ledger.VariableIncome, ledger.TreasureTitle, ledger.Fund,
	}
}

// Write returns the writer of a product that lists these kinds: the accounts,
// then the holdings of each kind under the name of its section.
func Write(kinds ...ledger.HoldingKind) func(*encode.Writer, *spec.Input) {
	return func(w *encode.Writer, in *spec.Input) {
		l := in.Facts.Ledger
		items := in.Facts.Holdings(in.Strict())
		w.Grow(size(in, kinds))
		w.OpenObject()
		statement.AccountHeaders(w, in)
		for _, kind := range kinds {
			w.Key(kind.Section())
			w.OpenArray()
			for _, i := range holdings(in, kind) {
				h := &l.Holdings[i]
				items.Write(w, i, func() { item{w, in, h, h.Source}.write() })
			}
			w.CloseArray()
		}
		w.CloseObject()
	}
}

// About how long a holding is without its movements, and a movement: they make
// room for a whole report at once.
const (
	holdingSize  = 1536
	movementSize = 576
)

func size(in *spec.Input, kinds []ledger.HoldingKind) int {
	n := 0
	for _, kind := range kinds {
		for _, i := range holdings(in, kind) {
			n += holdingSize + movementSize*len(in.Facts.Ledger.Holdings[i].Newest)
		}
	}
	return n
}

// holdings returns the holdings of a kind that a report is about, as indices of
// the ledger in document order.
func holdings(in *spec.Input, kind ledger.HoldingKind) []int {
	var found []int
	for i := range in.Facts.Ledger.Holdings {
		h := &in.Facts.Ledger.Holdings[i]
		elsewhere := in.Institution >= 0 && int(h.Institution) != in.Institution
		if h.Kind == kind && h.Company == in.Company() && !elsewhere {
			found = append(found, i)
		}
	}
	return found
}
