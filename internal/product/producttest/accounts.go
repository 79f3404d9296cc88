package producttest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/sandbox"
	"github.com/openklaas/klaas/internal/setting"
)

// AccountsAddUp checks on made-up lives that the accounts of a legacy report add up to
// the current report, which is over all of them. what names the totals in camelCase:
// totalIncome.
func AccountsAddUp(t *testing.T, old, current *spec.Product, what string) {
	t.Helper()
	day, compared := calendar.Of(2025, 3, 31), 0
	for _, persona := range sandbox.Personas() {
		p := sandbox.Generate(persona, 4711, 3, day)
		if p.Truth.CPF == "" {
			continue // A company has no such report.
		}
		f := FactsOf(t, p.Userdata, day)
		accounts, person := flatOf(t, old, f, spec.V11), flatOf(t, current, f, spec.V1)
		for _, n := range []int{30, 60, 90, 180} {
			key := "/" + strings.Replace(what, "total", "total_", 1) + fmt.Sprintf("_last_%d_days", n)
			var sum money.Amount
			several := 0
			for pointer, value := range accounts {
				if strings.EqualFold(pointer[strings.LastIndexByte(pointer, '/'):], key) {
					sum += amountOf(t, value)
					several++
				}
			}
			want := amountOf(t, person[fmt.Sprintf("/%sLast%dDays", what, n)])
			if sum != want {
				t.Errorf("%s: the accounts have %s in %d days, the person %s", persona, sum, n, want)
			}
			if want > 0 && several > 1 {
				compared++
			}
		}
	}
	if compared == 0 {
		t.Error("nobody has several accounts")
	}
}

func flatOf(t *testing.T, p *spec.Product, f *fact.Facts, v spec.Version) map[string]string {
	t.Helper()
	in := spec.Input{Facts: f, Version: v, Settings: &setting.Settings{}, Institution: -1, Seal: func(id string) string { return id }}
	var w encode.Writer
	p.Write(&w, &in)
	return Flat(t, w.Bytes())
}

func amountOf(t *testing.T, text string) money.Amount {
	t.Helper()
	a, err := money.Parse(text)
	if err != nil {
		t.Fatalf("%q is no amount", text)
	}
	return a
}
