package producttest

import (
	"encoding/json"
	"testing"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/setting"
)

// WithoutEntriesAfter returns a userdata document without the account entries dated
// after a day, of which there is one: on an older day they must change no figure that
// does not rest on balances.
func WithoutEntriesAfter(t testing.TB, userdata []byte, day calendar.Day) []byte {
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

// OlderDay writes a product in V2 as of a day that is older than its document.
func OlderDay(t testing.TB, p *spec.Product, userdata []byte, day calendar.Day, company bool) []byte {
	t.Helper()
	in := spec.Input{Facts: FactsOf(t, userdata, day), Version: spec.V2, Settings: &setting.Settings{}, Institution: -1}
	if company {
		in.Kind = spec.PJ
	}
	if !in.Facts.Ledger.Replay {
		t.Fatal("the day is not an older one")
	}
	return write(p, &in)
}
