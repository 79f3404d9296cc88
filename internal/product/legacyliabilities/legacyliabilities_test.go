package legacyliabilities_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/legacyliabilities"
	"github.com/openklaas/klaas/internal/product/liabilities"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/sandbox"
	"github.com/openklaas/klaas/internal/setting"
)

// The accounts of a person add up to the current report, which is over all of them.
func TestAccountsAddUpToThePerson(t *testing.T) {
	day, compared := calendar.Of(2025, 3, 31), 0
	for _, persona := range sandbox.Personas() {
		p := sandbox.Generate(persona, 4711, 3, day)
		if p.Truth.CPF == "" {
			continue // A company has no such report.
		}
		f := producttest.FactsOf(t, p.Userdata, day)
		var accounts []map[string]any
		read(t, legacyliabilities.Product(), f, spec.V11, &accounts)
		var person map[string]any
		read(t, liabilities.Product(), f, spec.V1, &person)
		for _, n := range []int{30, 60, 90, 180} {
			var sum money.Amount
			for _, account := range accounts {
				sum += amount(t, account[fmt.Sprintf("total_liabilities_last_%d_days", n)])
			}
			want := amount(t, person[fmt.Sprintf("totalLiabilitiesLast%dDays", n)])
			if sum != want {
				t.Errorf("%s: the accounts have %s in %d days, the person %s", persona, sum, n, want)
			}
			if want > 0 && len(accounts) > 1 {
				compared++
			}
		}
	}
	if compared == 0 {
		t.Error("nobody has several accounts")
	}
}

func read(t *testing.T, p *spec.Product, f *fact.Facts, v spec.Version, into any) {
	t.Helper()
	in := spec.Input{Facts: f, Version: v, Settings: &setting.Settings{}, Institution: -1, Seal: func(id string) string { return id }}
	var w encode.Writer
	p.Write(&w, &in)
	if err := json.Unmarshal(w.Bytes(), into); err != nil {
		t.Fatal(err)
	}
}

func amount(t *testing.T, v any) money.Amount {
	t.Helper()
	number, ok := v.(float64)
	if !ok {
		t.Fatalf("%v is no number", v)
	}
	a, err := money.Parse(fmt.Sprintf("%.2f", number))
	if err != nil {
		t.Fatal(err)
	}
	return a
}
