package feature

import (
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/analytic"
	"github.com/openklaas/klaas/internal/product/spec"
)

// Write writes the value of a label that is known, with its formula and evidence.
func (v *Value) Write(w *analytic.Writer, key string, of *Label) {
	switch {
	case v.Exact:
		w.Ratio(key, fact.Ratio{Known: true, Value: v.Amount}, v.Behind)
	case v.Kind == spec.Counted:
		w.Count(key, int(v.Amount/money.Scale), v.Behind)
	case v.Kind == spec.Added:
		w.Money(key, v.Amount, v.Behind)
	default:
		w.Figure(key, v.Amount, v.Behind)
	}
	w.Formula(of)
	if v.Unreliable {
		w.Unreliable(key)
	}
}
