package cashflow_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/product/cashflow"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/sandbox"
	"github.com/openklaas/klaas/internal/setting"
)

// On an older day nothing later exists: without the entries of accounts after it
// every figure is the same but those of balances, which walk back through them.
func TestOlderDayKnowsNothingLater(t *testing.T) {
	day := today - 75
	for _, persona := range sandbox.Personas() {
		t.Run(persona, func(t *testing.T) {
			p := sandbox.Generate(persona, 4711, 2, today)
			all := figuresOf(t, p.Userdata, day, p.Truth.CPF == "")
			cut := figuresOf(t, withoutEntriesAfter(t, p.Userdata, day), day, p.Truth.CPF == "")
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
	in := spec.Input{Facts: producttest.FactsOf(t, userdata, day), Version: spec.V2, Settings: &setting.Settings{}, Institution: -1}
	if company {
		in.Kind = spec.PJ
	}
	if !in.Facts.Ledger.Replay {
		t.Fatal("the day is not an older one")
	}
	var w encode.Writer
	cashflow.Product().Write(&w, &in)
	return flat(t, w.Bytes())
}

// withoutEntriesAfter removes the account entries dated after a day.
func withoutEntriesAfter(t *testing.T, userdata []byte, day calendar.Day) []byte {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal(userdata, &doc); err != nil {
		t.Fatal(err)
	}
	accounts, _ := doc["accounts"].([]any)
	removed := 0
	for _, a := range accounts {
		account := a.(map[string]any)
		for _, key := range []string{"transactions", "transactions-current"} {
			rows, _ := account[key].([]any)
			kept := make([]any, 0, len(rows))
			for _, r := range rows {
				row := r.(map[string]any)
				date, _ := row["transactionDate"].(string)
				if date == "" {
					date, _ = row["transactionDateTime"].(string)
				}
				if len(date) < 10 || date[:10] <= day.String() {
					kept = append(kept, r)
				} else {
					removed++
				}
			}
			if rows != nil {
				account[key] = kept
			}
		}
	}
	if removed == 0 {
		t.Fatal("there is nothing to remove")
	}
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
