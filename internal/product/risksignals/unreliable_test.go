package risksignals_test

import (
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/product/risksignals"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/setting"
)

// A statement line of December tells another balance than the entries lead to: what
// looks back beyond it is named, the 90 days are sound.
func TestUnreliableBalances(t *testing.T) {
	for name, c := range map[string]struct{ day, want string }{
		"beyond 90 days": {"2024-12-10", "/riskSignals/signals/2/monthsPresent"},
		"within them":    {"2025-02-10", "/riskSignals/overdraft/negativeDaysLast90Days /riskSignals/quickSpending/balanceUnder100AfterSalaryShare /riskSignals/signals/2/value /riskSignals/signals/2/monthsPresent"},
	} {
		line := entry(c.day, "777.77", "CREDITO", "SALDO DO DIA")
		entries := checking(entry("2024-11-01", "1.00", "DEBITO", "PIX ENVIADO BRUNO ALVES"), line, wage("2025-02-01", "10.00", "33000167000101"), wage("2025-02-20", "10.00", "33000167000101"))
		if name == "beyond 90 days" {
			entries = strings.Replace(entries, "2025-02-01", "2025-02-21", 2)
		}
		in := spec.Input{
			Facts: producttest.FactsOf(t, []byte(`{"taxId": "52998224725", `+entries+`}`), today), Version: spec.V2,
			Settings: &setting.Settings{}, Institution: -1, Notes: new(spec.Notes),
		}
		var w encode.Writer
		risksignals.Product().Write(&w, &in)
		if got := strings.Join(in.Notes.Unreliable, " "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
