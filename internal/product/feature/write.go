package feature

import (
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/analytic"
	"github.com/openklaas/klaas/internal/product/spec"
)

// Write writes a value that is known, with its evidence.
func (v *Value) Write(w *analytic.Writer, key string) {
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
	if v.Unreliable {
		w.Unreliable(key)
	}
}
