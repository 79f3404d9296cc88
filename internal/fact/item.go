package fact

import "github.com/openklaas/klaas/internal/encode"

// Items are objects that several products list whole, such as the contracts:
// each is encoded once, by the product that lists it first.
type Items struct {
	byIndex [][]byte // parts of the reports that they stand in; nil: not yet encoded
}

// Contracts returns the contracts of the ledger as reports list them: without our
// extra keys where strict.
func (f *Facts) Contracts(strict bool) *Items {
	return itemsOf(&f.contracts, strict, len(f.Ledger.Contracts))
}

// Holdings returns the holdings of the ledger as reports list them: without our
// extra keys where strict.
func (f *Facts) Holdings(strict bool) *Items {
	return itemsOf(&f.holdings, strict, len(f.Ledger.Holdings))
}

func itemsOf(shapes *[2]Items, strict bool, n int) *Items {
	shape := &shapes[0]
	if strict {
		shape = &shapes[1]
	}
	if shape.byIndex == nil {
		shape.byIndex = make([][]byte, n)
	}
	return shape
}

// Write writes item i as a value. members writes its members, and is called for
// the first report alone: the others repeat the bytes of that one, so a report's
// buffer must not be used again while the facts are.
func (s *Items) Write(w *encode.Writer, i int, members func()) {
	if known := s.byIndex[i]; known != nil {
		w.Raw(known)
		return
	}
	w.OpenObject()
	start := w.Len() - 1
	members()
	w.CloseObject()
	s.byIndex[i] = w.Bytes()[start:w.Len():w.Len()]
}
