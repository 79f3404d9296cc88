package report_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/product"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/report"
)

// The data of a person with a checking account with four entries, of which one
// is unknown to any rule, a savings account and a card.
const someData = `{
	"taxId": "52998224725",
	"accounts": [
		{"accountId": "a", "brandName": "Banco X", "companyCnpj": "60701190000104", "type": "CONTA_DEPOSITO_A_VISTA",
		 "balances": {"availableAmount": {"amount": "10.00", "currency": "BRL"}, "updateDateTime": "2025-03-24T12:00:00Z"},
		 "transactions": [
			{"transactionId": "1", "transactionDate": "2025-01-03", "transactionAmount": {"amount": "60.00", "currency": "BRL"}, "creditDebitType": "CREDITO", "transactionName": "SALARIO", "type": "FOLHA_PAGAMENTO"},
			{"transactionId": "2", "transactionDate": "2025-03-04", "transactionAmount": {"amount": "20.00", "currency": "BRL"}, "creditDebitType": "DEBITO", "transactionName": "XQZWV", "type": "OUTROS"},
			{"transactionId": "3", "transactionDate": "2025-03-05", "transactionAmount": {"amount": "25.00", "currency": "BRL"}, "creditDebitType": "DEBITO", "transactionName": "TARIFA", "type": "PACOTE_TARIFA_SERVICOS"},
			{"transactionId": "4", "transactionDate": "2025-03-05", "transactionAmount": {"amount": "99.00", "currency": "BRL"}, "creditDebitType": "DEBITO", "transactionName": "SALDO DO DIA"},
			{"transactionId": "5", "transactionDate": "2025-03-10", "transactionAmount": {"amount": "15.00", "currency": "BRL"}, "creditDebitType": "DEBITO", "transactionName": "SAQUE", "type": "SAQUE"}
		 ]},
		{"accountId": "b", "brandName": "Banco X", "companyCnpj": "60701190000104", "type": "CONTA_POUPANCA"}
	],
	"creditCardsAccounts": [
		{"creditCardAccountId": "c", "brandName": "Banco Y", "companyCnpj": "18236120000158",
		 "transactions": [{"transactionId": "6", "transactionDate": "2025-03-01", "brazilianAmount": {"amount": "5.00", "currency": "BRL"}, "creditDebitType": "DEBITO", "transactionName": "LOJA", "transactionType": "PAGAMENTO"}]}
	]
}`

const wanted = `{"referenceDay":"2025-03-31","level":"INSUFFICIENT","accounts":[
	{"accountId":"a","kind":"CHECKING","brandName":"Banco X","firstTransactionDate":"2025-01-03","lastTransactionDate":"2025-03-10","daysCovered":88,"monthsCovered":2,"transactionCount":4,"balanceDate":"2025-03-24","staleBalance":true,"balanceReliableFrom":"2025-03-06"},
	{"accountId":"b","kind":"SAVINGS","brandName":"Banco X","firstTransactionDate":"","lastTransactionDate":"","daysCovered":0,"monthsCovered":0,"transactionCount":0,"balanceDate":"","staleBalance":false},
	{"accountId":"c","kind":"CREDIT_CARD","brandName":"Banco Y","firstTransactionDate":"2025-03-01","lastTransactionDate":"2025-03-01","daysCovered":31,"monthsCovered":0,"transactionCount":1,"balanceDate":"","staleBalance":false}],
	"monthsCovered":2,"transactionCount":4,"unclassifiedCountShare":0.25,"unclassifiedAmountShare":0.1667,"staleBalance":true,
	"missingSections":[],"leftOutRecords":{},"notAsOf":[],"unreliableFigures":[]}`

func TestDataSufficiency(t *testing.T) {
	at := time.Date(2025, 3, 31, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		settings klaas.Settings
		shows    bool
	}{
		"off by default":       {klaas.Settings{}, false},
		"on for all":           {klaas.Settings{Extensions: map[string]bool{"all": true}}, true},
		"on for this one":      {klaas.Settings{Extensions: map[string]bool{"pf_checking_account": true}}, true},
		"off for this one":     {klaas.Settings{Extensions: map[string]bool{"all": true, "pf_checking_account": false}}, false},
		"not in strict shapes": {klaas.Settings{Extensions: map[string]bool{"all": true}, StrictShape: true}, false},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := klaas.Analyze([]byte(someData), klaas.Options{
				Settings: c.settings, Products: []string{"pf_checking_account"}, ReportTime: at, RequestID: "1",
			})
			if err != nil {
				t.Fatal(err)
			}
			body := a.Reports[0].Body
			p, k, _ := product.Resolve("pf_checking_account")
			schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(report.Schema(p, k, spec.V1, c.settings.StrictShape)))
			if err != nil {
				t.Fatal(err)
			}
			compiler := jsonschema.NewCompiler()
			if err := compiler.AddResource("schema.json", schema); err != nil {
				t.Fatal(err)
			}
			instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			if err := compiler.MustCompile("schema.json").Validate(instance); err != nil {
				t.Errorf("the report is not what its schema says: %v", err)
			}
			var got struct {
				DataSufficiency any `json:"dataSufficiency"`
			}
			if err := json.Unmarshal(body, &got); err != nil {
				t.Fatal(err)
			}
			var want any
			if c.shows {
				if err := json.Unmarshal([]byte(wanted), &want); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(want, got.DataSufficiency); diff != "" {
				t.Errorf("dataSufficiency (−want +got):\n%s", diff)
			}
		})
	}
}
