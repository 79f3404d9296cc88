package cashflow_test

import (
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/product/cashflow"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/sandbox"
)

var today = calendar.Of(2025, 3, 31)

// On an older day nothing later exists: without the entries of accounts after it
// every figure is the same but those of balances, which walk back through them.
func TestOlderDayKnowsNothingLater(t *testing.T) {
	day := today - 75
	for _, persona := range sandbox.Personas() {
		t.Run(persona, func(t *testing.T) {
			p := sandbox.Generate(persona, 4711, 2, today)
			all := figuresOf(t, p.Userdata, day, p.Truth.CPF == "")
			cut := figuresOf(t, producttest.WithoutEntriesAfter(t, p.Userdata, day), day, p.Truth.CPF == "")
			for pointer, want := range all {
				if !strings.Contains(pointer, "alance") && !strings.Contains(pointer, "availableAmount") && cut[pointer] != want {
					t.Errorf("%s is %s, without what came later %s", pointer, want, cut[pointer])
				}
			}
		})
	}
}

func figuresOf(t *testing.T, userdata []byte, day calendar.Day, company bool) map[string]string {
	t.Helper()
	return producttest.Flat(t, producttest.OlderDay(t, cashflow.Product(), userdata, day, company))
}
