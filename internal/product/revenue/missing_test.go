package revenue_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/openklaas/klaas"
)

const (
	company = `"businessCustomerIdentification": [{"businessId": "p", "companyName": "PADARIA SOL LTDA", "cnpjNumber": "11222333000181"}]`
	card    = `"creditCardsAccounts": [{"creditCardAccountId": "c", "brandName": "Banco", "companyCnpj": "00000000000191", "name": "Card"}]`
)

func account(kind string, entries ...string) string {
	return `{"accountId": "` + kind + `", "brandName": "Banco", "companyCnpj": "00000000000191", "type": "` + kind + `",
		"balances": {"availableAmount": {"amount": "50.00", "currency": "BRL"}, "updateDateTime": "2025-03-31T12:00:00Z"}, "transactions": [` + strings.Join(entries, ",") + `]}`
}

func checking(entries ...string) string {
	return `"accounts": [` + account("CONTA_DEPOSITO_A_VISTA", entries...) + `]`
}

func entry(day, amount, currency string) string {
	return fmt.Sprintf(`{"transactionId": "%s", "transactionDate": "%s", "transactionAmount": {"amount": "%s", "currency": "%s"},
		"creditDebitType": "CREDITO", "transactionName": "PIX RECEBIDO BRUNO ALVES", "type": "PIX"}`, day+amount, day, amount, currency)
}

// What cannot be known is null in every version and the code says why; what is
// known to be nothing is 0.
func TestMissingInput(t *testing.T) {
	unknown := map[string]string{
		"totalRevenueLast30Days": "null", "totalRevenueLast360Days": "null", "numberOfRevenueStreams": "null", "revenueStreams": "[]", "daysCovered": "0",
	}
	for _, c := range []struct {
		name, document, message string
		want                    map[string]string
	}{
		{"no accounts section", company, "PARTIAL: missing section accounts", unknown},
		{"empty accounts", `"accounts": []`, "PARTIAL: no checking account", unknown},
		{"only savings", `"accounts": [` + account("CONTA_POUPANCA", entry("2025-03-01", "10.00", "BRL")) + `]`, "PARTIAL: no checking account", unknown},
		{"only a card", card, "PARTIAL: missing section accounts", unknown},
		{"no entries", checking(), "OK", map[string]string{
			"totalRevenueLast30Days": "0", "numberOfRevenueStreams": "0", "annualisedRevenue": "null", "months": "[]", "averageMonthlyRevenueLast3Months": "null",
		}},
		{"20 days of history", checking(entry("2025-03-12", "10.00", "BRL")), "OK", map[string]string{
			"totalRevenueLast30Days": "10", "annualisedRevenue": "null", "averageMonthlyRevenueLast3Months": "null", "monthsUsedLast3Months": "0", "daysCovered": "20",
			"stability": `{"volatility":null,"trend":null,"zeroRevenueMonths":0,"peakMonth":"","monthsUsed":0}`,
		}},
		{"all amounts zero", checking(entry("2025-03-01", "0.00", "BRL")), "OK", map[string]string{"totalRevenueLast30Days": "0", "daysCovered": "0"}},
		{"a single movement", checking(entry("2025-03-31", "10.00", "BRL")), "OK", map[string]string{
			"totalRevenueLast30Days": "10", "daysCovered": "1", "concentration": `{"top1":1,"top5":1,"top10":1,"herfindahl":1,"payerCount":1}`,
		}},
		{"dates in the future", checking(entry("2025-03-31", "10.00", "BRL"), entry("2025-04-01", "99.00", "BRL")), "OK", map[string]string{"totalRevenueLast30Days": "10"}},
		{"another currency", checking(entry("2025-03-31", "10.00", "USD")), "OK", map[string]string{
			"totalRevenueLast30Days": "0", "numberOfRevenueStreams": "1", "concentration": `{"top1":null,"top5":null,"top10":null,"herfindahl":null,"payerCount":1}`,
		}},
		{"a record left out", checking(entry("2025-03-31", "10.00", "BRL"), `{"transactionId": "x", "transactionDate": "2025-03-31"}`),
			"PARTIAL: 1 record left out in accounts", map[string]string{"totalRevenueLast30Days": "10"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, version := range []string{"V1", "V2"} {
				body, message := analyze(t, c.document, version)
				if message != c.message {
					t.Errorf("%s says %s, want %s", version, message, c.message)
				}
				for key, want := range c.want {
					if got, known := body[key]; string(got) != want && (known || version == "V2") {
						t.Errorf("%s: %s is %s, want %s", version, key, got, want)
					}
				}
			}
		})
	}
}

func TestWhatWasStatedAtRegistration(t *testing.T) {
	for _, c := range []struct{ frequency, amount, currency, annual, ratio string }{
		{"DIARIA", "10.00", "BRL", "3600", "3"},
		{"SEMANAL", "10.00", "BRL", "514.29", "0.4286"}, // 514.2857… ÷ 1200, rounded once
		{"QUINZENAL", "10.00", "BRL", "240", "0.2"},
		{"MENSAL", "10.00", "BRL", "120", "0.1"},
		{"BIMESTRAL", "10.00", "BRL", "60", "0.05"},
		{"TRIMESTRAL", "10.00", "BRL", "40", "0.0333"},
		{"SEMESTRAL", "10.00", "BRL", "20", "0.0167"},
		{"ANUAL", "10.00", "BRL", "10", "0.0083"}, //nolint:misspell // Portuguese.
		{"OUTROS", "10.00", "BRL", "null", "null"},
		{"MENSAL", "10.00", "USD", "null", "null"},
	} {
		stated := fmt.Sprintf(`,"businessCustomerQualification": [{}, {"informedRevenue": {"frequency": "%s", "amount": {"amount": "%s", "currency": "%s"}}}]`, c.frequency, c.amount, c.currency)
		body, _ := analyze(t, company+stated+","+checking(entry("2025-02-01", "100.00", "BRL")), "V2")
		want := fmt.Sprintf(`{"frequency":"%s","amount":10,"year":null,"annualAmount":%s,"ratioToAnnualisedRevenue":%s}`, c.frequency, c.annual, c.ratio)
		if got := string(body["declared"]); got != want {
			t.Errorf("declared is %s, want %s", got, want)
		}
	}
}

// Of an older day the receipts after it do not exist.
func TestOlderDayKnowsNothingLater(t *testing.T) {
	later := []string{entry("2025-01-10", "10.00", "BRL"), entry("2025-02-10", "20.00", "BRL"), entry("2025-03-10", "30.00", "BRL")}
	all, _ := analyze(t, company+`,"referenceDate": "2025-02-15",`+checking(later...), "V2")
	cut, _ := analyze(t, company+`,"referenceDate": "2025-02-15",`+checking(later[:2]...), "V2")
	for key, want := range cut {
		if string(all[key]) != string(want) {
			t.Errorf("%s is %s, without what came later %s", key, all[key], want)
		}
	}
	if got := string(all["totalRevenueLast60Days"]); got != "30" {
		t.Errorf("60 days have %s, want 30", got)
	}
}

// A company is asked for by the alias too; the report has the main name.
func TestAlias(t *testing.T) {
	a, err := klaas.Analyze([]byte(`{`+company+`}`), klaas.Options{Products: []string{"PJ_Income"}, Received: received})
	if err != nil || len(a.Reports) != 1 || a.Reports[0].Product != "pj_revenue" {
		t.Errorf("reports are %+v (%v)", a, err)
	}
}

var received = time.Date(2025, 3, 31, 15, 0, 0, 0, time.UTC)

func analyze(t *testing.T, document, version string) (body map[string]json.RawMessage, message string) {
	t.Helper()
	if !strings.Contains(document, company) {
		document = company + "," + document
	}
	o := klaas.Options{Products: []string{"pj_revenue"}, Versions: []string{version}, Received: received}
	a, err := klaas.Analyze([]byte("{"+document+"}"), o)
	if err != nil {
		t.Fatal(err)
	}
	var report struct {
		Message string
		Revenue map[string]json.RawMessage
	}
	if err := json.Unmarshal(a.Reports[0].Body, &report); err != nil {
		t.Fatal(err)
	}
	return report.Revenue, report.Message
}
