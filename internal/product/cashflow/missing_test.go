package cashflow_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/product/producttest"
)

const (
	checkingHead = `{"accountId": "a", "brandName": "Banco", "companyCnpj": "00000000000191", "type": "CONTA_DEPOSITO_A_VISTA",
		"balances": {"availableAmount": {"amount": "50.00", "currency": "BRL"}, "updateDateTime": "2025-03-31T12:00:00Z"}, "transactions": [`
	savings = `{"accountId": "s", "brandName": "Banco", "companyCnpj": "00000000000191", "type": "CONTA_POUPANCA"}`
	card    = `"creditCardsAccounts": [{"creditCardAccountId": "c", "brandName": "Banco", "companyCnpj": "00000000000191", "name": "Card"}]`
)

func entry(day string, amount string) string {
	return fmt.Sprintf(`{"transactionId": "%s", "transactionDate": "%s", "transactionAmount": {"amount": "%s", "currency": "BRL"},
		"creditDebitType": "CREDITO", "transactionName": "PIX RECEBIDO BRUNO ALVES", "type": "PIX"}`, day+amount, day, amount)
}

// What cannot be known is null and the code says why; what is known to be nothing
// is 0.
func TestMissingInput(t *testing.T) {
	checking := func(entries ...string) string {
		return `"accounts": [` + checkingHead + strings.Join(entries, ",") + `]}]`
	}
	for _, c := range []struct {
		name, document, message string
		want                    map[string]string // by pointer below cashFlow
	}{
		{"no card", checking(entry("2025-03-01", "10.00")), "OK", map[string]string{
			"/summary/last90Days/cashInflow": "10", "/summary/last90Days/cardRepayment": "0", "/period/daysCovered": "31",
		}},
		{"no salary", checking(entry("2025-03-01", "10.00")), "OK", map[string]string{"/hoursToSpendIncome": "null"}},
		{"no checking account", `"accounts": [` + savings + `]`, "PARTIAL: no checking account", map[string]string{
			"/summary/last30Days/cashInflow": "null", "/summary/last30Days/inflowTransactionCount": "null", "/period/daysCovered": "0",
			"/stability/negativeMonths": "null", "/stability/negativeBalanceDays": "null", "/stability/monthsUsed": "null", "/hoursToSpendIncome": "null",
		}},
		{"20 days of history", checking(entry("2025-03-12", "10.00")), "OK", map[string]string{
			"/period/daysCovered": "20", "/stability/inflowVolatility": "null", "/stability/inflowTrend": "null", "/stability/monthsUsed": "0",
			"/summary/last360Days/cashInflow": "10", "/months/0/isPartial": "true",
		}},
		{"only a card", card, "PARTIAL: missing section accounts", map[string]string{
			"/summary/last30Days/cashInflow": "null", "/period/daysCovered": "0", "/period/startDate": "",
		}},
		{"only registration", `"personalCustomerIdentification": [{"personalId": "p", "civilName": "ANA", "documents": {"cpfNumber": "52998224725"}}]`,
			"PARTIAL: missing section accounts", map[string]string{"/personalInfo/civilName": "ANA", "/summary/last30Days/netCashFlow": "null"}},
		{"all amounts zero", checking(entry("2025-03-01", "0.00")), "OK", map[string]string{
			"/summary/last30Days/cashInflow": "0", "/summary/last30Days/inflowTransactionCount": "0", "/period/daysCovered": "0", "/stability/negativeBalanceDays": "null",
		}},
		{"a single movement", checking(entry("2025-03-31", "10.00")), "OK", map[string]string{
			"/period/daysCovered": "1", "/months/0/cashInflow": "10", "/months/0/openingBalance": "40", "/months/0/closingBalance": "50", "/dailyBalances/0/balance": "50",
		}},
		{"dates in the future", checking(entry("2025-03-31", "10.00"), entry("2025-04-01", "99.00"), entry("2026-01-01", "99.00")), "OK", map[string]string{
			"/summary/last360Days/cashInflow": "10", "/period/endDate": "2025-03-31",
		}},
		{"a record left out", checking(entry("2025-03-31", "10.00"), `{"transactionId": "x", "transactionDate": "2025-03-31"}`),
			"PARTIAL: 1 record left out in accounts", map[string]string{"/summary/last30Days/cashInflow": "10"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, message, body := analyze(t, `{"taxId": "52998224725", `+c.document+`}`)
			if message != c.message || (code == 200) != (message == "OK") {
				t.Errorf("the report says %d %s, want %s", code, message, c.message)
			}
			for pointer, want := range c.want {
				if got, known := body["/cashFlow"+pointer]; !known || got != want {
					t.Errorf("%s is %q, want %q", pointer, got, want)
				}
			}
			for pointer, got := range body {
				if strings.HasPrefix(pointer, "/cashFlow") && (strings.Contains(got, "NaN") || strings.Contains(got, "Inf")) {
					t.Errorf("%s is %s", pointer, got)
				}
			}
		})
	}
}

func analyze(t *testing.T, document string) (code int, message string, body map[string]string) {
	t.Helper()
	a, err := klaas.Analyze([]byte(document), klaas.Options{
		Products: []string{"pf_cash_flow"}, Versions: []string{"V2"}, Received: time.Date(2025, 3, 31, 15, 0, 0, 0, time.UTC),
	})
	if err != nil {
		t.Fatal(err)
	}
	r := a.Reports[0]
	return r.Code, r.Message, producttest.Flat(t, r.Body)
}

// A report of 200,000 movements adds all of them up and lists 500 of them.
func TestManyMovements(t *testing.T) {
	const n = 200_000
	var rows strings.Builder
	for i := range n {
		fmt.Fprintf(&rows, `{"transactionId": "t%d", "transactionDate": "2025-03-%02d", "transactionAmount": {"amount": "0.01", "currency": "BRL"}, "creditDebitType": "DEBITO", "transactionName": "PIX ENVIADO BRUNO ALVES", "type": "PIX"},`, i, i%31+1)
	}
	document := `{"taxId": "52998224725", "accounts": [` + checkingHead + strings.TrimSuffix(rows.String(), ",") + `]}]}`
	_, _, body := analyze(t, document)
	if got := body["/cashFlow/summary/last60Days/cashOutflow"]; got != "2000" {
		t.Errorf("cash outflow is %s, want 2000", got)
	}
	var report struct {
		Evidence  map[string][]string
		Truncated []string `json:"evidenceTruncated"`
	}
	a, err := klaas.Analyze([]byte(document), klaas.Options{Products: []string{"pf_cash_flow"}, Versions: []string{"V2"}, AsOf: "2025-03-31"})
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(a.Reports[0].Body, &report); err != nil {
		t.Fatal(err)
	}
	const pointer = "/cashFlow/summary/last60Days/cashOutflow"
	if got := len(report.Evidence[pointer]); got != 500 {
		t.Errorf("%d ids are listed, want 500", got)
	}
	if !strings.Contains(strings.Join(report.Truncated, " "), pointer) {
		t.Errorf("%s is not told to be cut", pointer)
	}
}
