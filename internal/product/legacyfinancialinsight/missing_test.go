package legacyfinancialinsight_test

import (
	"strings"
	"testing"
	"time"

	"github.com/openklaas/klaas"
)

const bank = `"brandName": "Banco", "companyCnpj": "00000000000191"`

// What cannot be known is -1, and the code says what is missing; an account of which
// nothing is known but that it is there has figures of 0.
func TestMissingInput(t *testing.T) {
	checking := `{"accountId": "a", ` + bank + `, "type": "CONTA_DEPOSITO_A_VISTA", "transactions": []}`
	savings := `{"accountId": "s", ` + bank + `, "type": "CONTA_POUPANCA"}`
	card := `"creditCardsAccounts": [{"creditCardAccountId": "c", ` + bank + `, "name": "Card"}]`
	for _, c := range []struct {
		name, document, head string
		want                 []string
	}{
		{"no card section", `"accounts": [` + checking + `]`, `"code":202,"msg":"partial"`, []string{`"creditcardSpending":null`, `"days_covered":0`}},
		{
			"no card, no balance", `"accounts": [` + checking + `], "creditCardsAccounts": []`, `"code":200,"msg":"ok"`,
			[]string{`"checking_account_balance":-1`, `"saving_account_balance":-1`, `"avg_daily_balance_last_30_days":-1`, `"inflow_last_30_days":0`, `"overdraft_limit":-1`, `"creditcardSpending":null`},
		},
		{"no checking account", `"accounts": [` + savings + `], "creditCardsAccounts": []`, `"code":405,"msg":"account info is null"`, []string{`"financial_insight":[]`}},
		{"only a card", card, `"code":202,"msg":"partial"`, []string{`"financial_insight":[]`}},
		{
			"a card without anything", `"accounts": [` + checking + `], ` + card, `"code":200,"msg":"ok"`,
			[]string{`"credit_limit":-1,"days_covered":0,"closed_bills_covered":0,"open_bill_balance":0,"last_closed_bill":-1,"avg_last_3_closed_bills":-1,"has_late_payment":"No"`},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := klaas.Analyze([]byte(`{"taxId": "52998224725", `+c.document+`}`), klaas.Options{
				Products: []string{"financial_insight"}, Versions: []string{"V1.1"}, Received: time.Date(2025, 3, 31, 15, 0, 0, 0, time.UTC),
			})
			if err != nil {
				t.Fatal(err)
			}
			body := string(a.Reports[0].Body)
			for _, want := range append(c.want, c.head) {
				if !strings.Contains(body, want) {
					t.Errorf("the report lacks %s:\n%s", want, body)
				}
			}
		})
	}
}
