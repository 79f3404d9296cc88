package klabel_test

import (
	"testing"

	"github.com/openklaas/klaas"
)

// Each label is told by its own formula and window, not by that of the whole list.
func TestLabelsAreExplained(t *testing.T) {
	userdata := []byte(`{"taxId": "52998224725", "accounts": [` + checking + entry("2025-03-12", "10.00", "BRL") + `]}]}`)
	for pointer, want := range map[string]klaas.Why{
		"/kLabel/labelDetails/91/labelValue": {
			Formula: klaas.WhyFormula{EN: "Sum of: all credits of checking accounts", PT: "Soma de: todos os créditos das contas à vista e de pagamento"},
			Window:  &klaas.WhyWindow{From: "2025-03-02", To: "2025-03-31"},
		},
		"/kLabel/labelDetails/210/labelValue": {
			Formula: klaas.WhyFormula{EN: "not told by Open Finance Brasil", PT: "não existe no Open Finance Brasil"},
		},
	} {
		why, err := klaas.ExplainFigure(userdata, klaas.Options{AsOf: "2025-03-31"}, klaas.Which{Product: "pf_k_label", Version: "V1"}, pointer)
		if err != nil {
			t.Fatal(err)
		}
		if why.Formula != want.Formula {
			t.Errorf("%s has the formula %v, want %v", pointer, why.Formula, want.Formula)
		}
		if want.Window != nil && (why.Window == nil || *why.Window != *want.Window) {
			t.Errorf("%s has the window %v, want %v", pointer, why.Window, *want.Window)
		}
	}
}
