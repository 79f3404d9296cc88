package fact_test

import (
	"strconv"
	"testing"

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
)

// Each item is encoded once in each shape, however the reports that list it grow.
func TestItems(t *testing.T) {
	const n = 100
	f := fact.New(&ledger.Ledger{Contracts: make([]ledger.Contract, n), Holdings: make([]ledger.Holding, n)})
	calls := 0
	list := func(items *fact.Items, name string, from, to int) string {
		var w encode.Writer
		w.OpenArray()
		for i := from; i < to; i++ {
			items.Write(&w, i, func() {
				calls++
				w.Field(name, strconv.Itoa(i))
			})
		}
		w.CloseArray()
		return string(w.Bytes())
	}
	shapes := map[string]*fact.Items{
		"contract": f.Contracts(false), "strict contract": f.Contracts(true), "holding": f.Holdings(false), "strict holding": f.Holdings(true),
	}
	for name, items := range shapes {
		list(items, name, 0, n/2)
		whole := list(items, name, 0, n)
		if got := list(items, name, 0, n); got != whole {
			t.Errorf("%s: repeated it is %s, not %s", name, got, whole)
		}
		if got, want := list(items, name, 98, n), `[{"`+name+`":"98"},{"`+name+`":"99"}]`; got != want {
			t.Errorf("%s: %s, not %s", name, got, want)
		}
	}
	if calls != n*len(shapes) {
		t.Errorf("encoded %d times, want %d", calls, n*len(shapes))
	}
}
