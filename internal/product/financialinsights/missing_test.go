package financialinsights_test

import (
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
	noCard  = `, "creditCardsAccounts": []`
	card    = `"creditCardsAccounts": [{"creditCardAccountId": "c", "brandName": "Banco", "companyCnpj": "00000000000191", "name": "Card"}]`
)

func entry(day, amount string) string {
	return fmt.Sprintf(`{"transactionId": "%s", "transactionDate": "%s", "transactionAmount": {"amount": "%s", "currency": "BRL"},
		"creditDebitType": "DEBITO", "transactionName": "PIX ENVIADO BRUNO ALVES", "type": "PIX"}`, day+amount, day, amount)
}

// What cannot be known is null, in V1 0 or false where the table does not say null,
// and the code says why. What is known to be nothing is 0.
func TestMissingInput(t *testing.T) {
	checking := func(entries ...string) string {
		return `"accounts": [` + checkingHead + strings.Join(entries, ",") + `]}]`
	}
	const (
		balance = "/cashflowAnalysis/checkingAccountBalance"
		average = "/cashflowAnalysis/avgDailyBalanceLast30Days"
		outflow = "/cashflowAnalysis/outflowLast60Days"
		cover   = "/cashflowAnalysis/monthsOfCover"
		iof     = "/financialProfile/iof"
		cheque  = "/financialProfile/hasReturnedCheque"
		debt    = "/creditAnalysis/outstandingDebt"
		closed  = "/creditcardSpending/0/closedBillsCovered"
	)
	for _, c := range []struct {
		name, document, message string
		v1, v2                  map[string]string
	}{
		{
			"no card section", checking(entry("2025-03-01", "10.00")), "PARTIAL: missing section creditCardsAccounts",
			map[string]string{outflow: "-10", iof: "0"},
			map[string]string{outflow: "-10", iof: "0", debt: "null", cover: "null", "/cashflowAnalysis/monthsUsed": "0"},
		},
		{
			"no card, no salary", checking(entry("2025-01-02", "10.00")) + noCard, "OK",
			map[string]string{"/cashflowAnalysis/savingsAccountBalance": "null", "/creditAnalysis/overdraftLimit": "null", average: "50"},
			map[string]string{"/cashflowAnalysis/hoursToSpendIncome": "null", cover: "10", "/cashflowAnalysis/monthsUsed": "2"},
		},
		{
			"no checking account", `"accounts": [` + savings + `]` + noCard, "PARTIAL: no checking account",
			map[string]string{balance: "0", average: "null", outflow: "0", iof: "0", cheque: "false", "/daysCovered": "0"},
			map[string]string{balance: "null", average: "null", outflow: "null", iof: "null", cheque: "null", cover: "null", "/daysCovered": "0", "/cashflowAnalysis/monthsUsed": "null"},
		},
		{
			"20 days of history", checking(entry("2025-03-12", "10.00")) + noCard, "OK",
			map[string]string{"/daysCovered": "20", "/cashflowAnalysis/avgDailyBalanceLast180Days": "50"},
			map[string]string{"/daysCovered": "20", cover: "null", "/cashflowAnalysis/outflowLast360Days": "-10"},
		},
		{
			"only a card", card, "PARTIAL: missing section accounts",
			map[string]string{balance: "0", outflow: "0", iof: "0", closed: "0", "/creditcardSpending/0/openBillBalance": "0", "/creditcardSpending/0/lastClosedBill": "null"},
			map[string]string{balance: "null", outflow: "null", iof: "null", closed: "0", "/creditcardSpending/0/daysCovered": "0"},
		},
		{
			"only registration", `"personalCustomerIdentification": [{"personalId": "p", "civilName": "ANA", "documents": {"cpfNumber": "52998224725"}}]`,
			"PARTIAL: missing section accounts, creditCardsAccounts",
			map[string]string{"/personalInfo/civilName": "ANA", balance: "0"}, map[string]string{balance: "null", cheque: "null"},
		},
		{
			"all amounts zero", checking(entry("2025-03-01", "0.00")) + noCard, "OK",
			map[string]string{outflow: "0", average: "null", "/daysCovered": "0", cheque: "false"}, map[string]string{outflow: "0", average: "null", cover: "null"},
		},
		{
			"a single movement", checking(entry("2025-03-31", "10.00")) + noCard, "OK",
			map[string]string{"/daysCovered": "1", average: "50", outflow: "-10"}, map[string]string{"/cashflowAnalysis/negativeBalanceDaysLast30Days": "0"},
		},
		{
			"dates in the future", checking(entry("2025-03-31", "10.00"), entry("2025-04-01", "99.00")) + noCard, "OK",
			map[string]string{outflow: "-10"}, map[string]string{"/cashflowAnalysis/outflowLast360Days": "-10"},
		},
		{
			"a contract section without contracts", checking(entry("2025-03-31", "10.00")) + noCard + `, "loans": []`, "OK",
			nil, map[string]string{debt: "0", "/creditAnalysis/pastDueInstalments": "0"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			for version, want := range map[string]map[string]string{"V1": c.v1, "V2": c.v2} {
				message, body := analyze(t, version, `{"taxId": "52998224725", `+c.document+`}`)
				if message != c.message {
					t.Errorf("%s says %s, want %s", version, message, c.message)
				}
				for pointer, value := range want {
					if got, known := body["/financialInsights"+pointer]; !known || got != value {
						t.Errorf("%s: %s is %q, want %q", version, pointer, got, value)
					}
				}
			}
		})
	}
}

func analyze(t *testing.T, version, document string) (message string, body map[string]string) {
	t.Helper()
	a, err := klaas.Analyze([]byte(document), klaas.Options{
		Products: []string{"pf_financial_insight"}, Versions: []string{version}, Received: time.Date(2025, 3, 31, 15, 0, 0, 0, time.UTC),
	})
	if err != nil {
		t.Fatal(err)
	}
	r := a.Reports[0]
	return r.Message, producttest.Flat(t, r.Body)
}
