package legacyscorek1_test

import (
	"strings"
	"testing"
	"time"

	"github.com/openklaas/klaas"
)

// Without a score the report says so in its code, and has -1.
func TestMissingInput(t *testing.T) {
	const bank = `"brandName": "Banco", "companyCnpj": "00000000000191"`
	checking := `{"accountId": "a", ` + bank + `, "type": "CONTA_DEPOSITO_A_VISTA", "transactions": [
		{"transactionId": "1", "transactionDate": "2025-03-12", "transactionAmount": {"amount": "10.00", "currency": "BRL"}, "creditDebitType": "DEBITO", "transactionName": "PIX ENVIADO BRUNO ALVES", "type": "PIX"}]}`
	for name, c := range map[string]struct{ document, head string }{
		"20 days of history":  {`"accounts": [` + checking + `]`, `"code":404,"msg":"NOT_ENOUGH_HISTORY"`},
		"no checking account": {`"accounts": [{"accountId": "s", ` + bank + `, "type": "CONTA_POUPANCA"}]`, `"code":405,"msg":"account info is null"`},
		"no account section":  {`"loans": []`, `"code":202,"msg":"partial"`},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := klaas.Analyze([]byte(`{"taxId": "52998224725", `+c.document+`}`), klaas.Options{
				Products: []string{"score_k1"}, Versions: []string{"V1"}, Received: time.Date(2025, 3, 31, 15, 0, 0, 0, time.UTC),
			})
			if err != nil {
				t.Fatal(err)
			}
			if len(a.Reports) != 1 {
				t.Fatalf("there are %d reports", len(a.Reports))
			}
			for _, want := range []string{c.head, `"score_k1":-1`} {
				if body := string(a.Reports[0].Body); !strings.Contains(body, want) {
					t.Errorf("the report lacks %s:\n%s", want, body)
				}
			}
		})
	}
}
