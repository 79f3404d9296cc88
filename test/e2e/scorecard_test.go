package e2e

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/store/postgres/pgtest"
)

// TestScorecard gives an application points of its own beside a running server: they
// change the score of the documents from then on, and of no document before.
func TestScorecard(t *testing.T) {
	const document = `{"taxId":"52998224725","referenceDate":"2026-03-31","accounts":[{"accountId":"a","type":"CONTA_DEPOSITO_A_VISTA",
		"balances":{"availableAmount":{"amount":"50.00","currency":"BRL"},"updateDateTime":"2026-03-31T12:00:00Z"},"transactions":[
		{"transactionId":"1","transactionDate":"2026-01-20","creditDebitType":"CREDITO","transactionName":"PIX BRUNO ALVES","type":"PIX",
		 "transactionAmount":{"amount":"100.00","currency":"BRL"}}]}]}`
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
			app := i.createApplication("--enable", "pf_score_k1")
			first := server.submit(app, []byte(document))
			i.receiver.await(1)

			// Neither income nor its proof costs anything: 120 + 40 points more.
			ours := i.command("scorecard", "show")
			mine := strings.NewReplacer(
				`"p1.0"`, `"acme-1"`, `"R01", "when": "<= 0", "points": -120`, `"R01", "when": "<= 0", "points": 0`,
				`"R01", "when": "< 1500", "points": -40`, `"R01", "when": "< 1500", "points": 0`, `"NONE", "points": -40`, `"NONE", "points": 0`,
			).Replace(ours)
			file := filepath.Join(t.TempDir(), "mine.json")
			if err := os.WriteFile(file, []byte(mine), 0o600); err != nil {
				t.Fatal(err)
			}
			i.command("scorecard", "set", "--app", app.ID, file)
			second := server.submit(app, []byte(document))

			type scored struct {
				ScoreK1 int
				Version string
			}
			want := map[string]scored{first: {360, "p1.0"}, second: {520, "acme-1"}}
			for _, r := range i.receiver.await(2) {
				var report struct {
					ScoreK1 struct{ ScoreDetail scored }
				}
				if err := json.Unmarshal(r.body, &report); err != nil {
					t.Fatal(err)
				}
				if got := report.ScoreK1.ScoreDetail; got != want[r.envelope.RequestID] {
					t.Errorf("%s has %+v, want %+v:\n%s", r.envelope.RequestID, got, want[r.envelope.RequestID], r.body)
				}
			}

			var shown struct {
				Revision int
				Version  string
			}
			if err := json.Unmarshal(server.get(app, "/klaas/v1/scorecard"), &shown); err != nil || shown.Revision != 2 || shown.Version != "acme-1" {
				t.Errorf("the scorecard is %+v (%v)", shown, err)
			}
			status, body, err := server.call(t.Context(), app, http.MethodPut, "/klaas/v1/scorecard", []byte(ours))
			if err != nil || status != http.StatusUnprocessableEntity || !strings.Contains(string(body), "begins with p") {
				t.Errorf("that of klaas as one's own: %d %v %s", status, err, body)
			}
			server.stop()
		})
	}
}
