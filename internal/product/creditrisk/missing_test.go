package creditrisk_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/product/creditrisk"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/sandbox"
	"github.com/openklaas/klaas/internal/setting"
)

const (
	checking = `{"accountId": "a", "brandName": "Banco", "companyCnpj": "00000000000191", "type": "CONTA_DEPOSITO_A_VISTA",
		"balances": {"availableAmount": {"amount": "50.00", "currency": "BRL"}, "updateDateTime": "2025-03-31T12:00:00Z"}, "transactions": [
		{"transactionId": "1", "transactionDate": "2025-03-12", "transactionAmount": {"amount": "10.00", "currency": "BRL"}, "creditDebitType": "CREDITO", "transactionName": "PIX RECEBIDO BRUNO ALVES", "type": "PIX"}]}`
	noBalances = `{"accountId": "a", "brandName": "Banco", "companyCnpj": "00000000000191", "type": "CONTA_DEPOSITO_A_VISTA", "transactions": []}`
	savings    = `{"accountId": "s", "brandName": "Banco", "companyCnpj": "00000000000191", "type": "CONTA_POUPANCA",
		"balances": {"availableAmount": {"amount": "7.00", "currency": "BRL"}, "updateDateTime": "2025-03-31T12:00:00Z"}}`
	card        = `{"creditCardAccountId": "c", "brandName": "Banco", "companyCnpj": "00000000000191", "name": "Card"}`
	cardOfBills = `{"creditCardAccountId": "c", "brandName": "Banco", "companyCnpj": "00000000000191", "name": "Card", "bills": [
		{"billId": "1", "dueDate": "2025-03-10", "billTotalAmount": {"amount": "100.00", "currency": "BRL"}, "payments": [{"paymentDate": "2025-03-10", "amount": "100.00", "currency": "BRL"}]},
		{"billId": "2", "dueDate": "2025-02-10"},
		{"billId": "3", "dueDate": "2025-01-10", "billTotalAmount": {"amount": "200.00", "currency": "BRL"}},
		{"billId": "4", "dueDate": "2024-12-10", "billTotalAmount": {"amount": "300.00", "currency": "BRL"}}]}`
	loan = `{"contractId": "l", "ipocCode": "I", "brandName": "Banco", "companyCnpj": "00000000000191", "currency": "BRL"}`
)

func facts(t *testing.T, document string) *fact.Facts {
	t.Helper()
	return producttest.FactsOf(t, []byte(`{"taxId": "52998224725", `+document+`}`), today)
}

func person(f *fact.Facts, version spec.Version) *spec.Input {
	return &spec.Input{Facts: f, Version: version, Settings: &setting.Settings{}, Institution: -1}
}

// unknownBases returns the bases whose labels are null, with the published codes.
func unknownBases(values map[string]string) []string {
	bases := make(map[string]bool)
	for code, value := range values {
		switch {
		case value != "null":
		case code[0] == 'F':
			bases[code] = true
		default:
			bases[code[1:6]] = true
		}
	}
	return slices.Sorted(maps.Keys(bases))
}

const (
	balances  = "00120 00121 F000009 F000010 F000011 F000012 F000013 F000014 F000015"
	overdraft = "00135 F000016"
	ofCards   = "00133 00136 00137 00138 00139 00140"
	contracts = "00141 00142 00143 00144"
	months    = "00150 00151 00152 00154 00155" // need full months
)

// What cannot be computed is null in V2, and left out in V1 and V1.1.
func TestMissingInput(t *testing.T) {
	for _, c := range []struct {
		name, document, unknown string
		values                  map[string]string
	}{
		{"20 days of history", `"accounts": [` + checking + `], "creditCardsAccounts": [], "loans": [` + loan + `], "funds": []`,
			overdraft + " 00132 00137 00156 " + months, map[string]string{
				"P000011": "10", "P000016": "10", "P001300": "20", "P001310": "1", "P001330": "0", "P001360": "0", "P001380": "0", "P001390": "0", "P001400": "0",
				"P001410": "1", "P001420": "0", "P001450": "0", "P001530": "0", "F000007": "19", "P001201": "50", "P001221": "1",
			}},
		{"no section of cards, contracts, investments", `"accounts": [` + checking + `]`,
			overdraft + " 00132 00137 00156 00145 " + ofCards + " " + contracts + " " + months, map[string]string{"P000821": "0", "P005821": "0", "P001340": "1"}},
		{"no balances, no entries", `"accounts": [` + noBalances + `], "creditCardsAccounts": []`,
			overdraft + " 00132 00137 00145 00156 F000007 " + balances + " " + contracts + " " + months, map[string]string{"P000011": "0", "P005011": "0", "P001221": "0", "P001300": "0", "P001310": "1"}},
		{"a bill without a total", `"accounts": [` + checking + `], "creditCardsAccounts": [` + cardOfBills + `]`,
			overdraft + " 00132 00136 00137 00145 00156 " + contracts + " " + months, map[string]string{"P001380": "200"}}, // (100 + 200 + 300) ÷ 3
		{"a card that tells nothing", `"accounts": [` + checking + `], "creditCardsAccounts": [` + card + `]`,
			overdraft + " 00132 00136 00137 00145 00156 " + contracts + " " + months, map[string]string{"P001330": "1", "P001380": "0", "P001390": "0", "P001400": "0"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := facts(t, c.document)
			v2, v1 := valuesOf(t, person(f, spec.V2)), valuesOf(t, person(f, spec.V1))
			want := slices.Sorted(slices.Values(slices.Compact(slices.Sorted(strings.FieldsSeq(c.unknown)))))
			if got := unknownBases(v2); !slices.Equal(got, want) {
				t.Errorf("null are\n%v, want\n%v", got, want)
			}
			if len(v2) != 848 {
				t.Errorf("V2 has %d labels", len(v2))
			}
			for code, value := range v2 {
				if v1Value, written := v1[code]; written != (value != "null") || written && v1Value != value {
					t.Errorf("%s is %s in V2, in V1 %q", code, value, v1Value)
				}
			}
			for code, want := range c.values {
				if v2[code] != want {
					t.Errorf("%s is %s, want %s", code, v2[code], want)
				}
			}
		})
	}
}

// Without a checking account no label of accounts is known but the covered days and
// the number of checking accounts, which are 0, and the savings balance.
func TestWithoutACheckingAccount(t *testing.T) {
	for _, c := range []struct {
		name, document string
		known          map[string]string
	}{
		{"only registration", `"personalCustomerIdentification": [{"personalId": "p", "civilName": "ANA"}]`, map[string]string{"P001300": "0", "P001310": "0"}},
		{"only savings", `"accounts": [` + savings + `]`, map[string]string{"P001300": "0", "P001310": "0", "P001320": "7"}},
		{"only a card", `"creditCardsAccounts": [` + card + `]`, map[string]string{
			"P001300": "0", "P001310": "0", "P001330": "1", "P001380": "0", "P001390": "0", "P001400": "0",
		}},
		{"only a loan", `"loans": [` + loan + `]`, map[string]string{
			"P001300": "0", "P001310": "0", "P001410": "1", "P001420": "0", "P001430": "0", "P001440": "0",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := valuesOf(t, person(facts(t, c.document), spec.V1))
			if !maps.Equal(got, c.known) {
				t.Errorf("known are %v, want %v", got, c.known)
			}
		})
	}
}

// On an older day nothing later exists: without the entries of accounts after it every
// label is the same but those of balances, which walk back through them.
func TestOlderDayKnowsNothingLater(t *testing.T) {
	day := today - 75
	for _, persona := range sandbox.Personas() {
		p := sandbox.Generate(persona, 4711, 6, today)
		kind := spec.PF
		if p.Truth.CPF == "" {
			kind = spec.PJ
		}
		all, cut := olderValues(t, p.Userdata, day, kind), olderValues(t, withoutEntriesAfter(t, p.Userdata, day), day, kind)
		for code, want := range all {
			isBalance := slices.Contains([]string{"00120", "00121", "00132", "00171", "00173"}, code[1:6]) || code[0] == 'F' && code != "F000007"
			if !isBalance && cut[code] != want {
				t.Errorf("%s: %s is %s, without what came later %s", persona, code, want, cut[code])
			}
		}
	}
}

func olderValues(t *testing.T, userdata []byte, day calendar.Day, kind spec.Kind) map[string]string {
	t.Helper()
	in := person(producttest.FactsOf(t, userdata, day), spec.V2)
	in.Kind = kind
	if !in.Facts.Ledger.Replay {
		t.Fatal("the day is not an older one")
	}
	for _, fault := range producttest.CheckEvidence(creditrisk.Product(), *in) {
		t.Error(fault)
	}
	return valuesOf(t, in)
}

func withoutEntriesAfter(t *testing.T, userdata []byte, day calendar.Day) []byte {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal(userdata, &doc); err != nil {
		t.Fatal(err)
	}
	accounts, _ := doc["accounts"].([]any)
	for _, a := range accounts {
		account := a.(map[string]any)
		for _, key := range []string{"transactions", "transactions-current"} {
			rows, sent := account[key].([]any)
			if !sent {
				continue
			}
			account[key] = slices.DeleteFunc(rows, func(r any) bool {
				date, _ := r.(map[string]any)["transactionDate"].(string)
				if date == "" {
					date, _ = r.(map[string]any)["transactionDateTime"].(string)
				}
				return len(date) >= 10 && date[:10] > day.String()
			})
		}
	}
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
