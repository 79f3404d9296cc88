package fact_test

import (
	"testing"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/product/producttest"
)

// The entries of an account in two currencies have no sum, so its balance is unknown
// on other days than that of the report, on an older reporting day too.
func TestTwoCurrenciesHaveNoSeries(t *testing.T) {
	const document = `{"taxId": "52998224725", "accounts": [{"accountId": "a", "brandName": "Banco", "companyCnpj": "00000000000191",
		"type": "CONTA_DEPOSITO_A_VISTA",
		"balances": {"availableAmount": {"amount": "50.00", "currency": "BRL"}, "updateDateTime": "2025-03-31T12:00:00Z"},
		"transactions": [{"transactionId": "1", "transactionDate": "2025-03-01", "transactionAmount": {"amount": "7.00", "currency": "USD"},
			"creditDebitType": "CREDITO", "transactionName": "REMESSA", "type": "OUTROS"}]}]}`
	for _, day := range []calendar.Day{calendar.Of(2025, 3, 31), calendar.Of(2025, 3, 20), calendar.Of(2025, 2, 20)} {
		if f := producttest.FactsOf(t, []byte(document), day); f.AccountBalances(0).Available != nil {
			t.Errorf("as of %s the account has a series of balances", day)
		}
	}
}
