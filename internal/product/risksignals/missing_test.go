package risksignals_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/openklaas/klaas"
)

const (
	checkingHead = `{"accountId": "a", "brandName": "Banco", "companyCnpj": "00000000000191", "type": "CONTA_DEPOSITO_A_VISTA",
		"balances": {"availableAmount": {"amount": "500.00", "currency": "BRL"}, "updateDateTime": "2025-03-31T12:00:00Z"}, "transactions": [`
	savings = `{"accountId": "s", "brandName": "Banco", "companyCnpj": "00000000000191", "type": "CONTA_POUPANCA"}`
	noCards = `"creditCardsAccounts": []`
	card    = `"creditCardsAccounts": [{"creditCardAccountId": "c", "brandName": "Banco", "companyCnpj": "00000000000191", "name": "Card",
		"transactions": [{"transactionId": "c1", "transactionDate": "2025-03-20", "billPostDate": "2025-03-20", "brazilianAmount": {"amount": "70.00", "currency": "BRL"},
		"creditDebitType": "DEBITO", "transactionName": "BETANO", "transactionType": "PAGAMENTO"}]}]`
)

func entry(day, amount, direction, name string) string {
	return fmt.Sprintf(`{"transactionId": "%s", "transactionDate": "%s", "transactionAmount": {"amount": "%s", "currency": "BRL"},
		"creditDebitType": "%s", "transactionName": "%s", "type": "PIX"}`, day+amount+name, day, amount, direction, name)
}

// old are enough entries over enough days to say that nothing is wrong.
func old() string {
	list := make([]string, 0, 10)
	for i := range cap(list) {
		list = append(list, entry(fmt.Sprintf("2025-01-%02d", i+1), "10.00", "CREDITO", "PIX RECEBIDO BRUNO ALVES"))
	}
	return strings.Join(list, ",")
}

func checking(entries ...string) string {
	return `"accounts": [` + checkingHead + strings.Join(entries, ",") + `]}]`
}

// "accounts or creditCardsAccounts absent, or no checking account: 204; figures that
// need them null; levels that need them UNKNOWN unless the rest gives MEDIUM or HIGH.
// creditCardsAccounts present and empty: card figures 0. A person with history and
// nothing to tell: 200, zeros, NONE / LOW." In every version.
func TestMissingInput(t *testing.T) {
	bet := entry("2025-03-30", "10.00", "DEBITO", "PIX ENVIADO BETANO")
	often := make([]string, 0, 9)
	for i := range cap(often) {
		often = append(often, entry(fmt.Sprintf("2025-03-%02d", i+20), "10.00", "DEBITO", "PIX ENVIADO BETANO"))
	}
	for _, c := range []struct {
		name, document, message string
		want                    map[string]string // by pointer below riskSignals, in V1 and V2; signals by code in V2
	}{
		{"nothing to tell", checking(old()) + "," + noCards, "OK", map[string]string{
			"/gambling/amountOutLast90Days": "0", "/gambling/gamblingRiskLevel": "NONE", "/latePayments/lateBills": "0", "/latePayments/revolving": "false",
			"/overdraft/negativeDaysLast90Days": "0", "/overdraft/limitInUseRatio": "null", "/overallLevel": "LOW", "/cashIntensity": "0", "/courtFreeze": "false",
			"BETTING": "NONE 0", "LATE_PAYMENT": "NONE 0", "PAST_DUE": "UNKNOWN null", "INCOME_LOSS": "UNKNOWN null", "QUICK_SPENDING": "UNKNOWN null",
		}},
		{"no section of cards", checking(old(), bet), "PARTIAL: missing section creditCardsAccounts", map[string]string{
			"/gambling/amountOutLast90Days": "10", "/gambling/gamblingRiskLevel": "LOW", "/latePayments/lateBills": "null", "/latePayments/revolving": "null",
			"/latePayments/minimumPayments": "null", "/latePayments/lateChargesLast180Days": "0", "/overallLevel": "UNKNOWN",
			"BETTING": "LOW 0.33", "LATE_PAYMENT": "UNKNOWN null", "CASH_ADVANCE": "UNKNOWN null", "MINIMUM_PAYMENT": "UNKNOWN null", "REVOLVING": "UNKNOWN null",
		}},
		{"no section of cards, but often", checking(append(often, old())...), "PARTIAL: missing section creditCardsAccounts", map[string]string{
			"/gambling/gamblingRiskLevel": "MEDIUM", "/overallLevel": "MEDIUM", "BETTING": "MEDIUM 3",
		}},
		{"a card", checking(old(), bet) + "," + card, "OK", map[string]string{
			"/gambling/amountOutLast90Days": "80", "/gambling/transactionCountLast30Days": "2", "/gambling/operators/0/amountLast90Days": "70",
		}},
		{"no checking account", `"accounts": [` + savings + `],` + card, "PARTIAL: no checking account", map[string]string{
			"/gambling/amountOutLast90Days": "null", "/gambling/creditAfterBetting": "null", "/gambling/gamblingRiskLevel": "UNKNOWN", "/gambling/monthsWithBetting": "null",
			"/overdraft/monthsWithInterest": "null", "/returnedCheques/countLast180Days": "null", "/newCredit/lenderCountLast90Days": "null", "/courtFreeze": "null",
			"/severance": "null", "/cashIntensity": "null", "/latePayments/lateBills": "0", "/latePayments/lateChargesLast180Days": "null", "/overallLevel": "UNKNOWN",
			"/daysCovered": "0", "BETTING": "UNKNOWN null", "LATE_PAYMENT": "UNKNOWN 0", "COURT_FREEZE": "UNKNOWN null", "/incomeLoss/detected": "null",
			"/concentration/payerCount": "null",
		}},
		{"no accounts", card, "PARTIAL: missing section accounts", map[string]string{
			"/gambling/amountOutLast90Days": "null", "/gambling/gamblingRiskLevel": "UNKNOWN", "/overallLevel": "UNKNOWN", "/latePayments/lateBills": "0",
		}},
		{"only registration", `"personalCustomerIdentification": [{"personalId": "p", "civilName": "ANA", "documents": {"cpfNumber": "52998224725"}}]`,
			"PARTIAL: missing section accounts, creditCardsAccounts", map[string]string{
				"/personalInfo/civilName": "ANA", "/overallLevel": "UNKNOWN", "/latePayments/lateBills": "null", "/gambling/netLossLast180Days": "null",
			}},
		{"20 days of history", checking(entry("2025-03-12", "10.00", "CREDITO", "PIX RECEBIDO BRUNO ALVES"), bet) + "," + noCards, "OK", map[string]string{
			"/daysCovered": "20", "/gambling/gamblingRiskLevel": "UNKNOWN", "/gambling/averageTransactionsPerMonth": "0.33", "/overallLevel": "UNKNOWN",
			"BETTING": "UNKNOWN 0.33", "OVERDRAFT": "UNKNOWN 0", "INCOME_LOSS": "UNKNOWN null",
		}},
		{"20 days of history, often", checking(often...) + "," + noCards, "OK", map[string]string{"/gambling/gamblingRiskLevel": "MEDIUM", "/overallLevel": "MEDIUM"}},
		{"all amounts zero", checking(entry("2025-03-01", "0.00", "DEBITO", "PIX ENVIADO BETANO")) + "," + noCards, "OK", map[string]string{
			"/gambling/transactionCountLast90Days": "0", "/cashIntensity": "null", "/newCredit/shareOfInflow": "null", "/overdraft/negativeDaysLast90Days": "null",
		}},
		{"a single movement", checking(bet) + "," + noCards, "OK", map[string]string{
			"/gambling/transactionCountLast90Days": "1", "/gambling/shareOfIncome": "null", "/cashIntensity": "0", "/daysCovered": "2",
		}},
		{"dates in the future", checking(old(), entry("2025-04-02", "99.00", "DEBITO", "PIX ENVIADO BETANO")) + "," + noCards, "OK", map[string]string{
			"/gambling/transactionCountLast30Days": "0", "/gambling/gamblingRiskLevel": "NONE",
		}},
		{"another currency", checking(old(), strings.Replace(bet, "BRL", "USD", 1)) + "," + noCards, "OK", map[string]string{
			"/gambling/transactionCountLast30Days": "1", "/gambling/amountOutLast30Days": "0", "/overdraft/negativeDaysLast90Days": "null",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, version := range []string{"V1", "V1.1", "V2"} {
				code, message, body := analyze(t, version, `{"taxId": "52998224725", `+c.document+`}`)
				if message != c.message || (code == 200) != (message == "OK") {
					t.Errorf("%s: the report says %d %s, want %s", version, code, message, c.message)
				}
				for pointer, want := range c.want {
					got, known := body[pointer]
					inV2 := !strings.HasPrefix(pointer, "/") || strings.Contains(pointer, "incomeLoss") || strings.Contains(pointer, "concentration")
					if known == (inV2 && version != "V2") || got != want && known {
						t.Errorf("%s: %s is %q, want %q", version, pointer, got, want)
					}
				}
			}
		})
	}
}

// analyze returns the numbers, texts, flags and nulls of a report by pointer below
// riskSignals, and the signals as level and value by code.
func analyze(t *testing.T, version, document string) (code int, message string, figures map[string]string) {
	t.Helper()
	a, err := klaas.Analyze([]byte(document), klaas.Options{
		Products: []string{"pf_risk_signals"}, Versions: []string{version}, SecretKey: "secret", Received: time.Date(2025, 3, 31, 15, 0, 0, 0, time.UTC),
	})
	if err != nil {
		t.Fatal(err)
	}
	var body struct {
		RiskSignals json.RawMessage `json:"riskSignals"`
	}
	if err := json.Unmarshal(a.Reports[0].Body, &body); err != nil {
		t.Fatal(err)
	}
	return a.Reports[0].Code, a.Reports[0].Message, flat(t, body.RiskSignals)
}
