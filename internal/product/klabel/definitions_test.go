package klabel_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/klabel"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/sandbox"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/taxonomy"
)

var today = calendar.Of(2025, 3, 31)

// codeLabels are the sums by category: the first of three labels, the count follows
// three later; the codes, those after a ! are left out.
var codeLabels = []struct {
	first           int
	credits, debits bool
	codes           string
}{
	{221, true, false, "010108"},
	{227, true, false, "010301"},
	{233, true, true, "020902"},
	{239, false, true, "050402"},
	{245, false, true, "050403"},
	{251, false, true, "050207"},
	{257, false, true, "0304"},
	{263, false, true, "050401"},
	{269, false, true, "040904"},
	{275, false, true, "030202"},
	{370, false, true, "030201"},
	{376, false, true, "030102"},
	{382, false, true, "030103"},
	{388, false, true, "030104"},
	{394, false, true, "030101"},
	{400, false, true, "0306"},
	{406, false, true, "0307"},
	{412, false, true, "0407"},
	{418, false, true, "041201"},
	{424, false, true, "040411"},
	{430, false, true, "040202"},
	{436, false, true, "030501 030502 030503"},
	{442, false, true, "0410"},
	{448, false, true, "030504"},
	{454, false, true, "0403"},
	{460, false, true, "050204"},
	{466, false, true, "050602"},
	{472, false, true, "050603"},
	{478, false, true, "0506 !050602 !050603"},
}

// A sum by category is what a plain loop over the checking entries adds up, card
// lines never.
func TestSumsFollowTheirDefinition(t *testing.T) {
	codes := taxonomy.All()
	for _, persona := range sandbox.Personas() {
		p := sandbox.Generate(persona, 4711, 4, today)
		f := producttest.FactsOf(t, p.Userdata, today)
		for i := range f.Ledger.Movements { // Any category, so that every code is met.
			f.Ledger.Movements[i].Decision.Code = codes[i*7919%len(codes)].Code
		}
		if !f.HasChecking(false) {
			continue // A company.
		}
		values := valuesOf(t, f)
		for _, label := range codeLabels {
			for i, days := range []int{30, 60, 90} {
				sum, n := money.Amount(0), 0
				for j := range f.Ledger.Movements {
					m := &f.Ledger.Movements[j]
					side := m.Direction == ledger.Credit && label.credits || m.Direction == ledger.Debit && label.debits
					if age := int(today - m.Day); side && isCheckingEntry(f.Ledger, m) && 0 <= age && age < days && hasCode(m, label.codes) {
						n++
						sum += m.Amount
					}
				}
				code, twin := fmt.Sprintf("K%05d", label.first+i), fmt.Sprintf("K%05d", label.first+3+i)
				if got, err := money.Parse(values[code]); err != nil || got != sum || values[twin] != fmt.Sprint(n) {
					t.Errorf("%s: %s and %s are %s and %s, a loop gives %s and %d", persona, code, twin, values[code], values[twin], sum, n)
				}
			}
		}
	}
}

func isCheckingEntry(l *ledger.Ledger, m *ledger.Movement) bool {
	return !m.Source.IsCard() && l.Accounts[m.Holder].Kind.IsChecking() && !l.Accounts[m.Holder].Company &&
		m.Standing == ledger.Counted && m.Phase == ledger.Effective
}

func hasCode(m *ledger.Movement, codes string) bool {
	code := m.Decision.Code.String()
	words := strings.Fields(codes)
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(code, w) }) &&
		!slices.Contains(words, "!"+code)
}

// valuesOf returns the values of the report of a person by code.
func valuesOf(t *testing.T, f *fact.Facts) map[string]string {
	t.Helper()
	in := spec.Input{Facts: f, Version: spec.V1, Settings: &setting.Settings{}, Institution: -1}
	return producttest.Labels(t, klabel.Product(), &in)
}
