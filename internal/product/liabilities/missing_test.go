package liabilities_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/product/producttest"
)

const (
	bank    = `"brandName": "Banco", "companyCnpj": "00000000000191"`
	savings = `{"accountId": "s", ` + bank + `, "type": "CONTA_POUPANCA"}`
	noCard  = `"creditCardsAccounts": []`
	card    = `"creditCardsAccounts": [{"creditCardAccountId": "c", ` + bank + `, "name": "Card", "transactions": [
		{"transactionId": "k", "transactionDate": "2025-03-05", "brazilianAmount": {"amount": "25.00", "currency": "BRL"}, "creditDebitType": "DEBITO",
		 "transactionName": "TENIS PARC 01/03", "chargeIdentificator": "1", "chargeNumber": 3, "transactionType": "PAGAMENTO", "billPostDate": "2025-03-05"}]}]`
	loan = `"loans": [{"contractId": "l", "contractNumber": "1", "ipocCode": "I", ` + bank + `, "contractDate": "2024-05-20", "currency": "BRL", "nextInstalmentAmount": "80.00"}]`
)

func checking(entries ...string) string {
	return `"accounts": [{"accountId": "a", ` + bank + `, "type": "CONTA_DEPOSITO_A_VISTA",
		"balances": {"availableAmount": {"amount": "50.00", "currency": "BRL"}, "updateDateTime": "2025-03-31T12:00:00Z"}, "transactions": [` + strings.Join(entries, ",") + `]}]`
}

func rent(day, amount, currency string) string {
	return fmt.Sprintf(`{"transactionId": "%s", "transactionDate": "%s", "transactionAmount": {"amount": "%s", "currency": "%s"},
		"creditDebitType": "DEBITO", "transactionName": "BOLETO ALUGUEL", "type": "BOLETO"}`, day+amount, day, amount, currency)
}

// What cannot be known is null in V2 and 0 in V1, and the code says why; what is
// known to be nothing is 0.
func TestMissingInput(t *testing.T) {
	noAccounts := map[string]string{
		"/daysCovered": "0", "/numberOfLiabilityStreams": "null", "/totalLiabilitiesLast30Days": "null", "/totalLiabilitiesLast360Days": "null",
		"/livingCommitment": "null", "/monthlyCommitment": "null", "/monthsUsed": "null", "/recurringExpenses/averageMonthly": "null",
		"/recurringExpenses/monthsUsed": "null", "/debtToIncomeRatio": "null", "/repaymentCapacity": "null",
	}
	for _, c := range []struct {
		name, document, message string
		want                    map[string]string // by pointer below liabilities
	}{
		{"only registration", `"personalCustomerIdentification": [{"personalId": "p", "civilName": "ANA", "documents": {"cpfNumber": "52998224725"}}]`,
			"PARTIAL: missing section accounts", with(noAccounts, map[string]string{"/contracts": "null", "/cardDebt": "null", "/debtCommitment": "null", "/personalInfo/civilName": "ANA"})},
		{"only a card", card, "PARTIAL: missing section accounts", with(noAccounts, map[string]string{"/contracts": "null", "/cardDebt": "25", "/debtCommitment": "null"})},
		{"only a contract", loan, "PARTIAL: missing section accounts", with(noAccounts, map[string]string{
			"/contracts/contractCount": "1", "/contracts/monthlyInstalments": "80", "/contracts/outstandingBalance": "0", "/cardDebt": "null", "/debtCommitment": "80",
		})},
		{"card and contract", card + "," + loan, "PARTIAL: missing section accounts", with(noAccounts, map[string]string{"/debtCommitment": "105"})},
		{"no account", `"accounts": []`, "PARTIAL: no checking account", noAccounts},
		{"only savings", `"accounts": [` + savings + `]`, "PARTIAL: no checking account", noAccounts},
		{"no card in the section, no contract in it", checking() + "," + noCard + `, "loans": []`, "OK", map[string]string{
			"/cardDebt": "0", "/contracts/contractCount": "0", "/contracts/monthlyInstalments": "0", "/debtCommitment": "0",
		}},
		{"no entries", checking(), "OK", map[string]string{
			"/numberOfLiabilityStreams": "0", "/totalLiabilitiesLast30Days": "0", "/livingCommitment": "null", "/debtCommitment": "null", "/monthsUsed": "0",
			"/recurringExpenses/averageMonthly": "null", "/recurringExpenses/monthsUsed": "0", "/cardDebt": "null", "/contracts": "null", "/repaymentCapacity": "null",
		}},
		{"20 days of history", checking(rent("2025-03-12", "10.00", "BRL")), "OK", map[string]string{
			"/daysCovered": "20", "/totalLiabilitiesLast30Days": "10", "/liabilityStreams/0/averageMonthlyLast6Months": "null", "/liabilityStreams/0/monthsUsedLast6Months": "0",
			"/livingCommitment": "null", "/debtCommitment": "null",
		}},
		{"one full month", checking(rent("2025-02-03", "10.00", "BRL")), "OK", map[string]string{
			"/livingCommitment": "10", "/debtCommitment": "0", "/monthlyCommitment": "10", "/monthsUsed": "1", "/debtToIncomeRatio": "null", "/repaymentCapacity": "-10",
		}},
		{"all amounts zero", checking(rent("2025-03-01", "0.00", "BRL")), "OK", map[string]string{"/totalLiabilitiesLast30Days": "0", "/daysCovered": "0"}},
		{"a single movement", checking(rent("2025-03-31", "10.00", "BRL")), "OK", map[string]string{
			"/totalLiabilitiesLast30Days": "10", "/numberOfLiabilityStreams": "1", "/liabilityStreams/0/periodsLast90Days": "1", "/liabilityStreams/0/liabilityTransactions/0/transactionAmount": "-10",
		}},
		{"dates in the future", checking(rent("2025-03-31", "10.00", "BRL"), rent("2025-04-01", "99.00", "BRL")), "OK", map[string]string{"/totalLiabilitiesLast360Days": "10"}},
		{"another currency", checking(rent("2025-03-31", "10.00", "USD")), "OK", map[string]string{"/totalLiabilitiesLast30Days": "0", "/numberOfLiabilityStreams": "0"}},
		{"a record left out", checking(rent("2025-03-31", "10.00", "BRL"), `{"transactionId": "x", "transactionDate": "2025-03-31"}`),
			"PARTIAL: 1 record left out in accounts", map[string]string{"/totalLiabilitiesLast30Days": "10"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, version := range []string{"V1", "V2"} {
				message, body := analyze(t, `{"taxId": "52998224725", `+c.document+`}`, version)
				if message != c.message {
					t.Errorf("%s says %s, want %s", version, message, c.message)
				}
				for pointer, want := range c.want {
					got, known := body["/liabilities"+pointer]
					if want == "null" && version == "V1" {
						want = "0"
					}
					if got != want && (known || version == "V2") {
						t.Errorf("%s: %s is %q, want %q", version, pointer, got, want)
					}
				}
			}
		})
	}
}

func with(maps ...map[string]string) map[string]string {
	all := make(map[string]string)
	for _, m := range maps {
		for key, value := range m {
			all[key] = value
		}
	}
	return all
}

// What is null because the day is an older one is named; what is missing too.
func TestWhatIsNotKnownIsNamed(t *testing.T) {
	document := `{"taxId": "52998224725", "referenceDate": "2025-02-28", ` + loan + `, ` + checking(rent("2025-02-03", "10.00", "BRL"), rent("2025-03-03", "10.00", "BRL")) + `}`
	_, body := analyze(t, document, "V2")
	for pointer, want := range map[string]string{
		"/liabilities/contracts/contractCount":      "1",
		"/liabilities/contracts/monthlyInstalments": "null",
		"/dataSufficiency/notAsOf/0":                "/liabilities/contracts/outstandingBalance",
		"/dataSufficiency/notAsOf/1":                "/liabilities/contracts/monthlyInstalments",
		"/dataSufficiency/notAsOf/2":                "/liabilities/contracts/pastDueContracts",
		"/dataSufficiency/notAsOf/3":                "/liabilities/contracts/pastDueInstalments",
		"/dataSufficiency/missingSections/0":        "creditCardsAccounts",
	} {
		if body[pointer] != want {
			t.Errorf("%s is %q, want %q", pointer, body[pointer], want)
		}
	}
}

func analyze(t *testing.T, document, version string) (message string, body map[string]string) {
	t.Helper()
	a, err := klaas.Analyze([]byte(document), klaas.Options{
		Products: []string{"pf_liabilities"}, Versions: []string{version}, Received: time.Date(2025, 3, 31, 15, 0, 0, 0, time.UTC),
	})
	if err != nil {
		t.Fatal(err)
	}
	return a.Reports[0].Message, producttest.Flat(t, a.Reports[0].Body)
}
