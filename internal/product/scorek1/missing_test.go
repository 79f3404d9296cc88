package scorek1_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/product/scorek1"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/scorecard"
	"github.com/openklaas/klaas/internal/setting"
)

var received = time.Date(2025, 3, 31, 15, 0, 0, 0, time.UTC)

// detail is the score of a report.
type detail struct {
	ScoreK1         int
	Version         string
	Status          string
	Band            string
	Confidence      *float64
	PositiveReasons []reason
	NegativeReasons []reason
}

type reason struct {
	Code   string
	Points int
}

// points returns the points of a variable that has a reason.
func (d *detail) points(code string) int {
	for _, r := range append(d.PositiveReasons, d.NegativeReasons...) {
		if r.Code == code {
			return r.Points
		}
	}
	return 0
}

func analyze(t *testing.T, document string, settings klaas.Settings) (code int, message string, d detail) {
	t.Helper()
	a, err := klaas.Analyze([]byte(`{"taxId": "52998224725", `+document+`}`), klaas.Options{
		Products: []string{"pf_score_k1"}, Versions: []string{"V2"}, Received: received, Settings: settings,
	})
	if err != nil {
		t.Fatal(err)
	}
	var report struct{ ScoreK1 struct{ ScoreDetail detail } }
	if err := json.Unmarshal(a.Reports[0].Body, &report); err != nil {
		t.Fatal(err)
	}
	return a.Reports[0].Code, a.Reports[0].Message, report.ScoreK1.ScoreDetail
}

func accounts(kind, balances string, entries ...string) string {
	return fmt.Sprintf(`"accounts": [{"accountId": "a", "brandName": "Banco", "companyCnpj": "00000000000191", "type": "%s", "subtype": "CONJUNTA_SIMPLES", %s "transactions": [%s]}]`,
		kind, balances, strings.Join(entries, ","))
}

const (
	checking = "CONTA_DEPOSITO_A_VISTA"
	balances = `"balances": {"availableAmount": {"amount": "50.00", "currency": "BRL"}, "updateDateTime": "2025-03-31T12:00:00Z"},`
	card     = `, "creditCardsAccounts": [{"creditCardAccountId": "c", "brandName": "Banco", "companyCnpj": "00000000000191", "name": "Card"}]`
)

func entry(day, amount, currency, direction string) string {
	return fmt.Sprintf(`{"transactionId": "%s%s", "transactionDate": "%s", "transactionAmount": {"amount": "%s", "currency": "%s"},
		"creditDebitType": "%s", "transactionName": "PIX BRUNO ALVES", "type": "PIX"}`, day, amount, day, amount, currency, direction)
}

// Too short a record has no score; a variable without input has no points and lowers
// the confidence.
func TestMissingInput(t *testing.T) {
	old, recent := entry("2025-01-20", "100.00", "BRL", "CREDITO"), entry("2025-03-20", "40.00", "BRL", "DEBITO")
	for _, c := range []struct {
		name, document string
		code           int
		inputs         int // with a score
	}{
		{"no accounts section", `"loans": []`, 5102, 0},
		{"empty accounts", `"accounts": []`, 5102, 0},
		{"only savings", accounts("CONTA_POUPANCA", balances, old), 5102, 0},
		{"only a card", strings.TrimPrefix(card, ", "), 5102, 0},
		{"no entries", accounts(checking, balances), 5101, 0},
		{"20 days of history", accounts(checking, balances, entry("2025-03-12", "10.00", "BRL", "CREDITO")), 5101, 0},
		{"59 days of history", accounts(checking, balances, entry("2025-02-01", "10.00", "BRL", "CREDITO")), 5101, 0},
		{"all amounts zero", accounts(checking, balances, entry("2025-01-20", "0.00", "BRL", "CREDITO")), 5101, 0},
		{"dates in the future", accounts(checking, balances, entry("2025-04-20", "10.00", "BRL", "CREDITO")), 5101, 0},
		// R01, R02, R06, R07, R08, R11, R13, R14: one full month without income, nothing went out in it
		{"a single movement", accounts(checking, balances, old), 200, 8},
		{"no balances", accounts(checking, "", old, recent), 200, 7},
		{"a card", accounts(checking, balances, old) + card, 200, 9},
		{"an empty card section", accounts(checking, balances, old) + `, "creditCardsAccounts": []`, 200, 8},
		{"an empty credit section", accounts(checking, balances, old) + `, "loans": []`, 200, 8},
		{"another currency", accounts(checking, balances, entry("2025-01-20", "10.00", "USD", "CREDITO")), 200, 6},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, message, d := analyze(t, c.document, klaas.Settings{})
			if code != c.code {
				t.Fatalf("code is %d %s, want %d", code, message, c.code)
			}
			if c.code != 200 {
				if message != "NOT_ENOUGH_HISTORY" || d.ScoreK1 != -1 || d.Status != "NOT_ENOUGH_HISTORY" || d.Band != "" || d.Confidence != nil ||
					d.Version != "p1.0" || len(d.PositiveReasons)+len(d.NegativeReasons) != 0 {
					t.Errorf("%s %+v", message, d)
				}
				return
			}
			days, share := 71.0, 0.0
			if d.Confidence == nil || d.Status != "OK" {
				t.Fatalf("%+v", d)
			}
			if !strings.Contains(c.document, "USD") {
				share = 1 // the text is a transfer
			}
			want := 0.4*days/360 + 0.3*share + 0.3*float64(c.inputs)/14
			if diff := *d.Confidence - want; diff > 0.00006 || diff < -0.00006 {
				t.Errorf("confidence is %v, want %v", *d.Confidence, want)
			}
		})
	}
}

// The policy of joint accounts does not change what is a ratio, and an excluded
// account is none.
func TestJointAccounts(t *testing.T) {
	document := accounts(checking, balances, entry("2025-01-20", "100.00", "BRL", "CREDITO"), entry("2025-02-20", "70.00", "BRL", "DEBITO"))
	_, _, full := analyze(t, document, klaas.Settings{})
	_, _, half := analyze(t, document, klaas.Settings{JointAccounts: setting.JointHalf})
	if full.ScoreK1 != half.ScoreK1 {
		t.Errorf("the score is %d, of half an account %d", full.ScoreK1, half.ScoreK1)
	}
	if code, _, _ := analyze(t, document, klaas.Settings{JointAccounts: setting.JointExclude}); code != 5102 {
		t.Errorf("an excluded account has code %d", code)
	}
}

// Of an older day nothing later is known: the score is that of the shorter record, but
// for the balances, which walk back through what came later.
func TestOlderDayKnowsNothingLater(t *testing.T) {
	all := []string{
		entry("2024-11-20", "100.00", "BRL", "CREDITO"), entry("2024-12-20", "30.00", "BRL", "DEBITO"),
		entry("2025-01-20", "25.00", "BRL", "DEBITO"), entry("2025-03-20", "40.00", "BRL", "DEBITO"),
	}
	at := func(entries []string, balance string) detail {
		head := strings.Replace(balances, "50.00", balance, 1)
		_, _, d := analyze(t, `"referenceDate": "2025-02-10", `+accounts(checking, head, entries...), klaas.Settings{})
		return d
	}
	later, earlier := at(all, "50.00"), at(all[:3], "90.00")
	if later.ScoreK1 != earlier.ScoreK1 || *later.Confidence != *earlier.Confidence {
		t.Errorf("%+v, without what came later %+v", later, earlier)
	}
}

// Reports that tell the score alone have the same one.
func TestTheScoreAlone(t *testing.T) {
	for document, want := range map[string]int{
		accounts(checking, balances, entry("2025-01-20", "100.00", "BRL", "CREDITO")): 360, // −120 −40 +30 +20 −30, and R14 0
		accounts(checking, balances): scorek1.NotComputed,
	} {
		in := &spec.Input{
			Facts:    producttest.FactsOf(t, []byte(`{"taxId": "52998224725", `+document+`}`), calendar.Of(2025, 3, 31)),
			Settings: &setting.Settings{},
		}
		_, _, d := analyze(t, document, klaas.Settings{})
		score, version := scorek1.Score(in)
		if score != want || d.ScoreK1 != want || version != "p1.0" {
			t.Errorf("the score is %d by %s, in the report %d, want %d", score, version, d.ScoreK1, want)
		}
	}
}

// A partner's scorecard changes the score, its version and its reasons, and nothing
// else of the report; one that is not sound is refused.
func TestAPartnersScorecard(t *testing.T) {
	document := accounts(checking, balances, entry("2025-01-20", "100.00", "BRL", "CREDITO"))
	file := scorecard.OwnFile()
	file.Version = "acme-1"
	for i := range file.Bands {
		if file.Bands[i].Variable == "R06" {
			file.Bands[i].Points -= 200
		}
	}
	_, _, own := analyze(t, document, klaas.Settings{})
	_, _, d := analyze(t, document, klaas.Settings{Scorecard: &file})
	if d.ScoreK1 != own.ScoreK1-200 || d.Version != "acme-1" || d.points("R06") != own.points("R06")-200 || *d.Confidence != *own.Confidence {
		t.Errorf("%+v, with points of the partner %+v", own, d)
	}
	file.Bands[0].Points = 5000
	_, err := klaas.Analyze([]byte(`{"taxId": "52998224725", `+document+`}`), klaas.Options{Products: []string{"pf_score_k1"}, Settings: klaas.Settings{Scorecard: &file}})
	if err == nil || !strings.Contains(err.Error(), "bands[0].points") {
		t.Errorf("error is %v", err)
	}
}
