package klabel_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/product/producttest"
)

const (
	unknown = "-999999"

	checking = `{"accountId": "a", "brandName": "Banco", "companyCnpj": "00000000000191", "type": "CONTA_DEPOSITO_A_VISTA",
		"balances": {"availableAmount": {"amount": "50.00", "currency": "BRL"}, "updateDateTime": "2025-03-31T12:00:00Z"}, "transactions": [`
	savings = `{"accountId": "s", "brandName": "Banco", "companyCnpj": "00000000000191", "type": "CONTA_POUPANCA",
		"balances": {"availableAmount": {"amount": "7.00", "currency": "BRL"}, "updateDateTime": "2025-03-31T12:00:00Z"}}`
	card = `{"creditCardAccountId": "c", "brandName": "Banco", "companyCnpj": "00000000000191", "name": "Card", "productType": "BLACK"}`
)

func entry(day, amount, currency string) string {
	return fmt.Sprintf(`{"transactionId": "%s", "transactionDate": "%s", "transactionAmount": {"amount": "%s", "currency": "%s"},
		"creditDebitType": "CREDITO", "transactionName": "PIX RECEBIDO BRUNO ALVES", "type": "PIX"}`, day+amount, day, amount, currency)
}

// isCardLabel and the rest: which labels are of cards, of savings, of accounts.
func isCardLabel(code string) bool {
	n := number(code)
	return 13 <= n && n <= 24 || 27 <= n && n <= 83 || 212 <= n && n <= 220
}

func number(code string) int {
	n, err := strconv.Atoi(strings.TrimPrefix(code, "K"))
	if err != nil {
		panic(err)
	}
	return n
}

// Without a card every label of cards is not computable but their number; without a
// checking account every label of accounts but theirs; the savings label has a rule of
// its own. An absent section and an empty one are the same.
func TestWithoutAccountsOrCards(t *testing.T) {
	known := `"accounts": [` + checking + entry("2025-03-01", "10.00", "BRL") + `]}]`
	for _, c := range []struct {
		name, document          string
		accounts, cards, saving bool
	}{
		{"nothing", `"accounts": [], "creditCardsAccounts": []`, false, false, false},
		{"only registration", `"personalCustomerIdentification": [{"personalId": "p", "civilName": "ANA"}]`, false, false, false},
		{"no card", known + `, "creditCardsAccounts": []`, true, false, false},
		{"no section of cards", known, true, false, false},
		{"only a card", `"creditCardsAccounts": [` + card + `]`, false, true, false},
		{"only savings", `"accounts": [` + savings + `]`, false, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			values := valuesOf(t, producttest.FactsOf(t, []byte(`{"taxId": "52998224725", `+c.document+`}`), today))
			for _, code := range slices.Sorted(maps.Keys(values)) {
				got := values[code]
				switch {
				case code == "K00026":
					if (got != "0") != c.accounts {
						t.Errorf("the number of accounts is %s", got)
					}
				case code == "K00027":
					if (got != "0") != c.cards {
						t.Errorf("the number of cards is %s", got)
					}
				case code == "K00209":
					if (got != unknown) != c.saving {
						t.Errorf("the savings balance is %s", got)
					}
				case isCardLabel(code) && !c.cards || !isCardLabel(code) && !c.accounts:
					if got != unknown {
						t.Errorf("%s is %s, but cannot be known", code, got)
					}
				}
			}
		})
	}
}

func TestMissingInput(t *testing.T) {
	accounts := func(rows ...string) string { return `"accounts": [` + checking + strings.Join(rows, ",") + `]}]` }
	for _, c := range []struct {
		name, document string
		want           map[string]string
	}{
		{"an account without entries", accounts(), map[string]string{
			"K00001": unknown, "K00007": unknown, "K00025": "0", "K00026": "1", "K00084": "50", "K00085": unknown, "K00088": unknown, "K00092": "0", "K00095": "0",
			"K00210": unknown, "K00211": unknown, "K00287": "0", "K00296": unknown, "K00297": "0", "K00540": "0",
		}},
		{"20 days of history", accounts(entry("2025-03-12", "10.00", "BRL")), map[string]string{
			"K00001": "0", "K00006": "0", "K00085": "50", "K00086": "50", "K00087": "50", "K00092": "10", "K00094": "10",
		}},
		{"the edge of a window", accounts(entry("2025-03-02", "1.00", "BRL"), entry("2025-03-01", "2.00", "BRL"), entry("2024-12-31", "4.00", "BRL")), map[string]string{
			"K00092": "1", "K00093": "3", "K00094": "3", "K00097": "2",
		}},
		{"all amounts zero", accounts(entry("2025-03-01", "0.00", "BRL")), map[string]string{"K00092": "0", "K00095": "0", "K00001": unknown}},
		{"dates in the future", accounts(entry("2025-03-31", "10.00", "BRL"), entry("2025-04-01", "99.00", "BRL")), map[string]string{"K00092": "10", "K00095": "1", "K00001": "0"}},
		{"another currency", accounts(entry("2025-03-31", "10.00", "USD")), map[string]string{"K00092": "0", "K00095": "1"}},
		{"a card without bills", accounts() + `, "creditCardsAccounts": [` + card + `]`, map[string]string{
			"K00013": unknown, "K00019": unknown, "K00027": "1", "K00028": "6", "K00029": unknown, "K00030": unknown, "K00083": unknown,
			"K00212": "0", "K00215": "0", "K00218": "0",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			values := valuesOf(t, producttest.FactsOf(t, []byte(`{"taxId": "52998224725", `+c.document+`}`), today))
			if len(values) != 540 {
				t.Errorf("there are %d labels", len(values))
			}
			for code, want := range c.want {
				if values[code] != want {
					t.Errorf("%s is %s, want %s", code, values[code], want)
				}
			}
		})
	}
}
