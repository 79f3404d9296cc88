package gigeconomy_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas"
)

func entry(day, amount, direction, name string) string {
	return fmt.Sprintf(`{"transactionId": "%s", "transactionDate": "%s", "transactionAmount": {"amount": "%s", "currency": "BRL"},
		"creditDebitType": "%s", "transactionName": "%s", "type": "PIX"}`, day+amount+name, day, amount, direction, name)
}

func checking(entries ...string) string {
	return `"accounts": [{"accountId": "a", "brandName": "Banco", "companyCnpj": "00000000000191", "type": "CONTA_DEPOSITO_A_VISTA", "transactions": [` + strings.Join(entries, ",") + `]}]`
}

const card = `"creditCardsAccounts": [{"creditCardAccountId": "c", "brandName": "Banco", "companyCnpj": "00000000000191", "name": "Card",
	"transactions": [{"transactionId": "c1", "transactionDate": "2025-03-20", "billPostDate": "2025-03-20", "brazilianAmount": {"amount": "70.00", "currency": "BRL"},
	"creditDebitType": "DEBITO", "transactionName": "POSTO SHELL", "transactionType": "PAGAMENTO"}]}]`

func uber(day, amount string) string { return entry(day, amount, "CREDITO", "PIX RECEBIDO UBER") }

// "accounts absent or no checking account: 204, figures null, platforms: []. No gig
// entry: 200, zeros, platforms: []." In every version.
func TestMissingInput(t *testing.T) {
	for _, c := range []struct {
		name, document, message string
		want                    map[string]any
	}{
		{"no accounts", card, "PARTIAL: missing section accounts", map[string]any{
			"isGigWorker": nil, "totalGigIncomeLast30Days": nil, "shareOfIncome": nil, "vehicleCostsLast90Days": nil, "daysCovered": 0.0,
		}},
		{"only savings", `"accounts": [{"accountId": "s", "type": "CONTA_POUPANCA", "transactions": [` + uber("2025-03-20", "10.00") + `]}]`, "PARTIAL: no checking account", map[string]any{
			"isGigWorker": nil, "activeDaysLast90Days": nil, "averageMonthlyLast6Months": nil, "monthsUsedLast6Months": nil, "volatility": nil,
		}},
		{"only registration", `"personalCustomerIdentification": [{"personalId": "p", "civilName": "ANA", "documents": {"cpfNumber": "52998224725"}}]`, "PARTIAL: missing section accounts",
			map[string]any{"totalGigIncomeLast180Days": nil}},
		{"an empty account", checking(), "OK", map[string]any{
			"isGigWorker": false, "totalGigIncomeLast30Days": 0.0, "shareOfIncome": nil, "averageMonthlyLast6Months": nil, "monthsUsedLast6Months": 0.0, "vehicleCostsLast90Days": 0.0,
		}},
		{"no card", checking(entry("2025-03-20", "50.00", "DEBITO", "POSTO SHELL")), "OK", map[string]any{"vehicleCostsLast90Days": 50.0, "totalGigIncomeLast90Days": 0.0}},
		{"a card", checking(entry("2025-03-20", "50.00", "DEBITO", "POSTO SHELL")) + "," + card, "OK", map[string]any{"vehicleCostsLast90Days": 120.0}},
		{"an age of 29", checking(uber("2025-03-02", "10.00")), "OK", map[string]any{"totalGigIncomeLast30Days": 10.0, "isGigWorker": false}},
		{"an age of 30", checking(uber("2025-03-01", "10.00")), "OK", map[string]any{"totalGigIncomeLast30Days": 0.0, "totalGigIncomeLast60Days": 10.0}},
		{"an age of 180", checking(uber("2024-10-02", "10.00")), "OK", map[string]any{"totalGigIncomeLast180Days": 0.0, "averageMonthlyLast6Months": 2.0, "monthsUsedLast6Months": 5.0}},
		{"two of three months", checking(uber("2025-01-31", "10.00"), uber("2025-03-01", "10.00")), "OK", map[string]any{"isGigWorker": true}},
		{"two months, one too old", checking(uber("2024-12-31", "10.00"), uber("2025-03-01", "10.00")), "OK", map[string]any{"isGigWorker": false}},
		{"a day with two", checking(uber("2025-03-01", "10.00"), uber("2025-03-01", "11.00"), uber("2025-03-02", "1.00")), "OK", map[string]any{"activeDaysLast90Days": 2.0}},
		{"three months of one amount", checking(uber("2024-12-01", "10.00"), uber("2025-01-10", "10.00"), uber("2025-02-10", "10.00")), "OK", map[string]any{"volatility": 0.0, "trend": 0.0, "shareOfIncome": 1.0}},
		{"two full months", checking(uber("2025-01-10", "10.00"), uber("2025-02-10", "10.00")), "OK", map[string]any{"volatility": nil, "trend": nil}},
		{"all amounts zero", checking(uber("2025-03-10", "0.00")), "OK", map[string]any{"totalGigIncomeLast30Days": 0.0, "activeDaysLast90Days": 0.0, "daysCovered": 0.0}},
		{"dates in the future", checking(uber("2025-03-10", "10.00"), uber("2025-04-02", "10.00")), "OK", map[string]any{"totalGigIncomeLast30Days": 10.0}},
		{"another currency", checking(strings.Replace(uber("2025-03-10", "10.00"), "BRL", "USD", 1)), "OK", map[string]any{"totalGigIncomeLast30Days": 0.0, "shareOfIncome": nil}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, version := range []string{"V1", "V1.1", "V2"} {
				message, body := analyze(t, version, `{"taxId": "52998224725", `+c.document+`}`)
				if message != c.message {
					t.Errorf("%s: the report says %s, want %s", version, message, c.message)
				}
				got := make(map[string]any)
				for key := range c.want {
					value, written := body[key]
					if !written && key == "monthsUsedLast6Months" && version != "V2" {
						value = c.want[key] // V2 alone has it.
					}
					got[key] = value
				}
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Errorf("%s: %s", version, diff)
				}
				if _, known := c.want["totalGigIncomeLast180Days"]; known && len(body["platforms"].([]any)) > 0 {
					t.Errorf("%s: platforms are %v", version, body["platforms"])
				}
			}
		})
	}
}

func analyze(t *testing.T, version, document string) (message string, figures map[string]any) {
	t.Helper()
	a, err := klaas.Analyze([]byte(document), klaas.Options{
		Products: []string{"pf_gig_economy"}, Versions: []string{version}, SecretKey: "secret", Received: time.Date(2025, 3, 31, 15, 0, 0, 0, time.UTC),
	})
	if err != nil {
		t.Fatal(err)
	}
	var body struct {
		GigEconomy map[string]any `json:"gigEconomy"`
	}
	if err := json.Unmarshal(a.Reports[0].Body, &body); err != nil {
		t.Fatal(err)
	}
	return a.Reports[0].Message, body.GigEconomy
}
