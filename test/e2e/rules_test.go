package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/store/postgres/pgtest"
)

// TestRules adds a rule on the command line beside a running server: it changes
// the next call, with its name in the explanation, and the documents from then on.
func TestRules(t *testing.T) {
	const line = `{"uuid":"u","institutionCode":"208","transactionSource":"checking","transactionDetails":[
		{"transactionId":"1","transactionName":"Netflix Zyxw","amount":1850.00,"creditDebitType":"DEBITO","transactionType":"CARTAO"}]}`
	const document = `{"taxId":"52998224725","accounts":[{"accountId":"a","type":"CONTA_DEPOSITO_A_VISTA","transactions":[
		{"transactionId":"1","transactionDate":"2026-01-10","creditDebitType":"DEBITO","transactionName":"Netflix Zyxw","type":"CARTAO",
		 "transactionAmount":{"amount":"1850.00","currency":"BRL"}}]}]}`
	const product = "pf_categorized_checking_l3"
	for name, database := range map[string]func(*testing.T) string{
		"sqlite":   func(*testing.T) string { return "" },
		"postgres": func(t *testing.T) string { return pgtest.URL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			i := install(t, program, database(t))
			server := i.start("serve")
			if i.database != "" {
				i.start("work")
			}
			app := i.createApplication("--enable", product)
			ask := func() string {
				t.Helper()
				status, body, err := server.call(t.Context(), app, http.MethodPost, "/klaas/transaction/v2/category?explain=true", []byte(line))
				if err != nil || status != http.StatusOK {
					t.Fatalf("%d %v\n%s", status, err, body)
				}
				return string(body)
			}
			before := ask()
			first := server.submit(app, []byte(document))
			i.receiver.await(1)

			rule := []string{"--app", app.ID, "--code", "041003", "--contains", "netflix zyxw"}
			id := strings.TrimSpace(i.command(append([]string{"rule", "add"}, rule...)...))
			after := ask()
			if want := `"tier":"partner","rule":"partner/` + id + `"`; !strings.Contains(after, want) || strings.Contains(before, "partner/") {
				t.Errorf("before:\n%s\nafter:\n%s\nwant %s", before, after, want)
			}
			second := server.submit(app, []byte(document))
			for _, r := range i.receiver.await(2) {
				ruled := strings.Contains(string(r.body), "Aluguel de veículo")
				if r.envelope.RequestID == first && ruled || r.envelope.RequestID == second && !ruled {
					t.Errorf("%s has the categories of another day:\n%s", r.envelope.RequestID, r.body)
				}
			}

			var list struct {
				Revision int
				Rules    []struct{ ID string }
			}
			if err := json.Unmarshal(server.get(app, "/klaas/v1/rules"), &list); err != nil || list.Revision != 2 || len(list.Rules) != 1 || list.Rules[0].ID != id {
				t.Errorf("the rules are %+v (%v)", list, err)
			}
			i.command("rule", "off", "--app", app.ID, id)
			if again := ask(); again != before {
				t.Errorf("with the rule off the answer is\n%s\nwant\n%s", again, before)
			}
			server.stop()
		})
	}
}
