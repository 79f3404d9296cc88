package income_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/openklaas/klaas"
)

const (
	person = `"personalCustomerIdentification": [{"personalId": "p", "civilName": "ANA SOUZA LIMA", "documents": {"cpfNumber": "52998224725"}}]`
	card   = `"creditCardsAccounts": [{"creditCardAccountId": "c", "brandName": "Banco", "companyCnpj": "00000000000191", "name": "Card"}]`
)

func account(kind string, entries ...string) string {
	return `{"accountId": "` + kind + `", "brandName": "Banco", "companyCnpj": "00000000000191", "type": "` + kind + `",
		"balances": {"availableAmount": {"amount": "50.00", "currency": "BRL"}, "updateDateTime": "2025-03-31T12:00:00Z"}, "transactions": [` + strings.Join(entries, ",") + `]}`
}

func checking(entries ...string) string {
	return `"accounts": [` + account("CONTA_DEPOSITO_A_VISTA", entries...) + `]`
}

func credit(day, amount, currency, name, kind string) string {
	return fmt.Sprintf(`{"transactionId": "%s", "transactionDate": "%s", "transactionAmount": {"amount": "%s", "currency": "%s"},
		"creditDebitType": "CREDITO", "transactionName": "%s", "type": "%s"}`, day+amount+name, day, amount, currency, name, kind)
}

func wage(day, amount string) string {
	return credit(day, amount, "BRL", "PAGTO SALARIO ACME", "FOLHA_PAGAMENTO")
}

// What cannot be known is 0 in the first versions and null in version 2, and the
// code says why; what is known to be nothing is 0.
func TestMissingInput(t *testing.T) {
	zero := map[string]string{"totalIncomeLast30Days": "0", "totalIncomeLast180Days": "0", "numberOfIncomeStreams": "0", "incomeStreams": "[]", "daysCovered": "0"}
	null := map[string]string{
		"totalIncomeLast30Days": "null", "totalIncomeLast360Days": "null", "numberOfIncomeStreams": "null", "incomeStreams": "[]", "daysCovered": "0",
		"monthlyIncome": "null", "recurrentEstimatedMonthly": "null", "incomeBasis": `"UNKNOWN"`, "months": "[]", "employer": "", "informedIncome": "",
		"stability": `{"volatility":null,"trend":null,"monthsWithoutIncome":null,"monthsUsed":null}`,
	}
	const noFullMonth = `{"monthlyAverageLast3Months":null,"monthlyAverageLast6Months":null,"monthlyAverageLast12Months":null,"monthlyMedianLast6Months":null,` +
		`"monthsUsedLast3Months":0,"monthsUsedLast6Months":0,"monthsUsedLast12Months":0}`
	nothing := map[string]string{
		"totalIncomeLast30Days": "0", "numberOfIncomeStreams": "0", "monthlyIncome": "null", "incomeBasis": `"UNKNOWN"`, "months": "[]", "verifiedIncome": noFullMonth,
		"familySupport": `{"totalLast90Days":0,"totalLast180Days":0,"averageMonthlyLast6Months":null,"monthsUsedLast6Months":0}`,
	}
	for _, c := range []struct {
		name, document, message string
		v1, v2                  map[string]string
	}{
		{"no accounts section", person, "PARTIAL: missing section accounts", zero, null},
		{"empty accounts", `"accounts": []`, "PARTIAL: no checking account", zero, null},
		{"only savings", `"accounts": [` + account("CONTA_POUPANCA", wage("2025-03-01", "10.00")) + `]`, "PARTIAL: no checking account", zero, null},
		{"only a card", card, "PARTIAL: missing section accounts", zero, null},
		{"no entries", checking(), "OK", zero, nothing},
		{"all amounts zero", checking(wage("2025-03-01", "0.00")), "OK", zero, nothing},
		{"20 days of history", checking(wage("2025-03-12", "10.00")), "OK", map[string]string{"totalIncomeLast30Days": "10"}, map[string]string{
			"totalIncomeLast30Days": "10", "daysCovered": "20", "monthlyIncome": "null", "verifiedIncome": noFullMonth, "months": `[{"month":"2025-03","isPartial":true,"verified":10,"estimated":0,"redemption":0}]`,
			"stability": `{"volatility":null,"trend":null,"monthsWithoutIncome":0,"monthsUsed":0}`,
		}},
		{"a single movement", checking(wage("2025-03-31", "10.00")), "OK", map[string]string{"totalIncomeLast30Days": "10"}, map[string]string{"daysCovered": "1", "totalIncomeLast30Days": "10"}},
		{"dates in the future", checking(wage("2025-03-31", "10.00"), wage("2025-04-01", "99.00")), "OK", map[string]string{"totalIncomeLast30Days": "10"}, map[string]string{"totalIncomeLast30Days": "10"}},
		{"another currency", checking(credit("2025-03-31", "10.00", "USD", "PAGTO SALARIO", "FOLHA_PAGAMENTO")), "OK",
			map[string]string{"totalIncomeLast30Days": "0", "incomeStreams": "[]"}, map[string]string{"totalIncomeLast30Days": "0", "numberOfIncomeStreams": "0"}},
		{"a record left out", checking(wage("2025-03-31", "10.00"), `{"transactionId": "x", "transactionDate": "2025-03-31"}`),
			"PARTIAL: 1 record left out in accounts", map[string]string{"totalIncomeLast30Days": "10"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			for version, want := range map[string]map[string]string{"V1": c.v1, "V1.1": c.v1, "V2": c.v2} {
				_, message, body := analyze(t, c.document, version)
				if message != c.message {
					t.Errorf("%s says %s, want %s", version, message, c.message)
				}
				for key, w := range want {
					if got := string(body[key]); got != w {
						t.Errorf("%s: %s is %s, want %s", version, key, got, w)
					}
				}
			}
		})
	}
}

// Code 205 says that no income is verified, but some estimated. It comes before 204.
func TestCodes(t *testing.T) {
	estimated := []string{
		credit("2025-01-10", "800.00", "BRL", "ALUGUEL RECEBIDO BRUNO", "PIX"), credit("2025-02-10", "800.00", "BRL", "ALUGUEL RECEBIDO BRUNO", "PIX"),
		credit("2025-03-10", "800.00", "BRL", "ALUGUEL RECEBIDO BRUNO", "PIX"),
	}
	friend := []string{
		credit("2025-01-10", "80.00", "BRL", "PIX RECEBIDO BRUNO", "PIX"), credit("2025-02-10", "80.00", "BRL", "PIX RECEBIDO BRUNO", "PIX"),
		credit("2025-03-10", "80.00", "BRL", "PIX RECEBIDO BRUNO", "PIX"),
	}
	opened := credit("2024-12-20", "1.00", "BRL", "DEPOSITO EM DINHEIRO", "DEPOSITO")
	for _, c := range []struct {
		name   string
		list   []string
		v1, v2 int
	}{
		{"nothing", nil, 200, 200},
		{"estimated", estimated, 205, 205},
		{"and verified", append([]string{wage("2025-02-20", "1.00")}, estimated...), 200, 200},
		{"verified in the month of the day alone", append([]string{wage("2025-03-20", "1.00")}, estimated...), 205, 205},
		{"estimated in the month of the day alone", []string{opened, credit("2025-03-10", "800.00", "BRL", "UBER DO BRASIL", "PIX")}, 200, 200},
		{"no full month: estimated in the record", []string{credit("2025-03-10", "800.00", "BRL", "UBER DO BRASIL", "PIX")}, 205, 205},
		{"no full month: verified in the record", []string{wage("2025-03-20", "1.00"), credit("2025-03-10", "800.00", "BRL", "UBER DO BRASIL", "PIX")}, 200, 200},
		{"redemptions are no income", []string{opened, credit("2025-02-10", "800.00", "BRL", "RESGATE CDB", "RESGATE_APLICACAO")}, 200, 200},
		{"transfers from other people are income in version 2", append([]string{opened}, friend...), 200, 205},
		{"205 comes before 204", append([]string{`{"transactionId": "x", "transactionDate": "2025-03-31"}`}, estimated...), 205, 205},
	} {
		for version, want := range map[string]int{"V1": c.v1, "V1.1": c.v1, "V2": c.v2} {
			code, message, _ := analyze(t, checking(c.list...), version)
			if code != want || (code == 205) != (message == "INCOME_ESTIMATED") {
				t.Errorf("%s, %s: %d %s, want %d", c.name, version, code, message, want)
			}
		}
	}
}

func analyze(t *testing.T, document, version string) (code int, message string, body map[string]json.RawMessage) {
	t.Helper()
	if !strings.Contains(document, person) {
		document = person + "," + document
	}
	o := klaas.Options{Products: []string{"pf_income"}, Versions: []string{version}, SecretKey: strings.Repeat("k", 32), Received: time.Date(2025, 3, 31, 15, 0, 0, 0, time.UTC)}
	a, err := klaas.Analyze([]byte("{"+document+"}"), o)
	if err != nil {
		t.Fatal(err)
	}
	var report struct {
		Code    int
		Message string
		Income  map[string]json.RawMessage
	}
	if err := json.Unmarshal(a.Reports[0].Body, &report); err != nil {
		t.Fatal(err)
	}
	return report.Code, report.Message, report.Income
}
