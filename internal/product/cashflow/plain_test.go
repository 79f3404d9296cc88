package cashflow_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/fact/plain"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/cashflow"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/sandbox"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/openfinance"
	"github.com/openklaas/klaas/taxonomy"
)

var today = calendar.Of(2025, 3, 31)

// The plain formulas agree with the product on made-up lives, and the evidence makes
// the figures.
func TestPlainFormulasAgreeOnSyntheticPeople(t *testing.T) {
	for _, persona := range sandbox.Personas() {
		t.Run(persona, func(t *testing.T) {
			p := sandbox.Generate(persona, 4711, 1, today)
			f := producttest.FactsOf(t, p.Userdata, today)
			company := p.Truth.CPF == ""
			if diff := disagreement(t, f, company); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// They agree on people that no life is like: any amounts, days, categories and
// roles, joint accounts, cards, no account at all.
func TestPlainFormulasAgreeOnRandomPeople(t *testing.T) {
	codes := taxonomy.All()
	rapid.Check(t, func(r *rapid.T) {
		f := producttest.FactsOf(t, randomPerson(r), today)
		for i := range f.Ledger.Accounts {
			f.Ledger.Accounts[i].Share = rapid.SampledFrom([]ledger.Share{ledger.ShareWhole, ledger.ShareHalf, ledger.ShareNone}).Draw(r, "share")
		}
		for i := range f.Ledger.Movements {
			m := &f.Ledger.Movements[i]
			m.Role, m.Reversed = rapid.SampledFrom(roles).Draw(r, "role"), 0
			if m.Role == ledger.RoleReversed {
				m.Reversed = money.Amount(rapid.Int64Range(1, int64(m.Amount)/100).Draw(r, "reversed")) * 100
			}
			m.Decision.Code = rapid.SampledFrom(codes).Draw(r, "category").Code
			if rapid.IntRange(0, 3).Draw(r, "salary") == 0 {
				m.Decision.Code = 10101
			}
		}
		if diff := disagreement(r, f, false); diff != "" {
			r.Fatal(diff)
		}
	})
}

var roles = []ledger.Role{
	ledger.RoleNone, ledger.RoleNone, ledger.RoleNone, ledger.RoleNone, ledger.RoleOwnTransfer, ledger.RoleReversal,
	ledger.RoleReversed, ledger.RoleSweep, ledger.RoleBillPayment, ledger.RoleContract,
}

// randomPerson returns a document with up to four accounts and two cards over two
// years.
func randomPerson(r *rapid.T) []byte {
	cnpjs := []string{"00000000000191", "60701190000104", "18236120000158"}
	types := []string{"CONTA_DEPOSITO_A_VISTA", "CONTA_PAGAMENTO_PRE_PAGA", "CONTA_POUPANCA"}
	amount := func() map[string]string {
		cents := rapid.SampledFrom([]int{1, 5, 100, 999, 12_345, 500_000, 123_456_789}).Draw(r, "cents") * rapid.IntRange(1, 9).Draw(r, "times")
		return map[string]string{"amount": fmt.Sprintf("%d.%02d", cents/100, cents%100), "currency": "BRL"}
	}
	day := func() calendar.Day {
		return today - calendar.Day(rapid.OneOf(rapid.SampledFrom([]int{0, 29, 30, 59, 60, 89, 90, 359, 360}), rapid.IntRange(-5, 800)).Draw(r, "age"))
	}
	accounts, cards := make([]any, 0), make([]any, 0)
	for a := range rapid.IntRange(0, 4).Draw(r, "accounts") {
		rows := make([]any, 0)
		for i := range rapid.IntRange(0, 25).Draw(r, "entries") {
			d := day().String()
			row := map[string]any{
				"transactionId": fmt.Sprint(a, "-", i), "transactionAmount": amount(), "transactionDate": d,
				"creditDebitType": rapid.SampledFrom([]string{"CREDITO", "DEBITO"}).Draw(r, "direction"),
				"transactionName": rapid.SampledFrom([]string{"PIX ANA", "PAG FATURA", "BOLETO LUZ", "SALARIO", "CINEMA"}).Draw(r, "name"),
				"type":            rapid.SampledFrom([]string{"PIX", "BOLETO", "OUTROS", "FOLHA_PAGAMENTO"}).Draw(r, "type"),
			}
			if rapid.Bool().Draw(r, "timed") {
				row["transactionDateTime"] = fmt.Sprintf("%sT%02d:%02d:00Z", d, rapid.IntRange(3, 23).Draw(r, "hour"), rapid.IntRange(0, 59).Draw(r, "minute"))
			}
			rows = append(rows, row)
		}
		accounts = append(accounts, map[string]any{
			"accountId": fmt.Sprint("a", a), "brandName": "Banco", "companyCnpj": rapid.SampledFrom(cnpjs).Draw(r, "bank"),
			"type": rapid.SampledFrom(types).Draw(r, "kind"), "transactions": rows,
		})
	}
	for c := range rapid.IntRange(0, 2).Draw(r, "cards") {
		cards = append(cards, map[string]any{
			"creditCardAccountId": fmt.Sprint("c", c), "brandName": "Cartão", "companyCnpj": rapid.SampledFrom([]string{cnpjs[2], "33000167000101"}).Draw(r, "issuer"),
			"transactions": []any{map[string]any{
				"transactionId": fmt.Sprint("c", c), "brazilianAmount": amount(), "transactionDate": day().String(),
				"creditDebitType": "CREDITO", "transactionName": "PAGAMENTO RECEBIDO", "transactionType": "PAGAMENTO",
			}},
		})
	}
	text, err := json.Marshal(map[string]any{"taxId": "52998224725", "accounts": accounts, "creditCardsAccounts": cards})
	if err != nil {
		r.Fatal(err)
	}
	return text
}

// disagreement compares every figure of the report that the plain formulas know.
func disagreement(t rapid.TB, f *fact.Facts, company bool) string {
	t.Helper()
	in := spec.Input{Facts: f, Version: spec.V2, Settings: &setting.Settings{}, Institution: -1}
	if company {
		in.Kind = spec.PJ
	}
	var w encode.Writer
	cashflow.Product().Write(&w, &in)
	got := flat(t, w.Bytes())
	want := plain.CashFlow(question(f, company))
	for _, fault := range producttest.CheckEvidence(cashflow.Product(), in) {
		t.Error(fault)
	}
	if company {
		delete(want, "/hoursToSpendIncome")
	}
	var diff strings.Builder
	for _, pointer := range slices.Sorted(maps.Keys(want)) {
		if got[pointer] != want[pointer] {
			fmt.Fprintf(&diff, "%s is %s, the plain formula gives %s\n", pointer, got[pointer], want[pointer])
		}
	}
	for _, pointer := range slices.Sorted(maps.Keys(got)) {
		if _, known := want[pointer]; !known && !strings.Contains(pointer, "alance") && !unknownToPlain(pointer) {
			fmt.Fprintf(&diff, "%s is %s, the plain formulas do not have it\n", pointer, got[pointer])
		}
	}
	return diff.String()
}

// unknownToPlain reports whether a figure rests on other things than flows.
func unknownToPlain(pointer string) bool {
	for _, part := range []string{"/personalInfo", "/businessInfo", "/period/startDate", "/period/endDate", "/availableAmount", "/companyCnpj", "/brandName", "/commitments"} {
		if strings.Contains(pointer, part) {
			return true
		}
	}
	return false
}

// flat returns the numbers, texts and nulls of a JSON value by pointer.
func flat(t rapid.TB, body []byte) map[string]string {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("the body is not JSON: %v", err)
	}
	all := make(map[string]string)
	var walk func(pointer string, v any)
	walk = func(pointer string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for key, member := range v {
				walk(pointer+"/"+key, member)
			}
		case []any:
			for i, member := range v {
				walk(fmt.Sprint(pointer, "/", i), member)
			}
		case nil:
			all[pointer] = "null"
		default:
			all[pointer] = fmt.Sprint(v)
		}
	}
	walk("", v)
	return all
}

// question tells the plain formulas what the ledger knows.
func question(f *fact.Facts, company bool) plain.Question {
	names := map[ledger.Role]string{
		ledger.RoleOwnTransfer: "own-transfer", ledger.RoleReversal: "reversal", ledger.RoleReversed: "reversed",
		ledger.RoleSweep: "sweep", ledger.RoleBillPayment: "bill-payment",
	}
	l := f.Ledger
	q := plain.Question{Document: l.Document, Day: l.Day.String()}
	for i := range l.Accounts {
		a := &l.Accounts[i]
		if !a.Kind.IsChecking() || a.Company != company || a.Share == ledger.ShareNone {
			continue
		}
		at := slices.IndexFunc(l.Document.Accounts, func(b openfinance.Account) bool { return b.AccountID == a.Source.AccountID })
		q.Checking = append(q.Checking, at)
		for k := a.First; k < a.End; k++ {
			m := &l.Movements[k]
			if m.Standing != ledger.Counted || m.Phase != ledger.Effective || m.Day > l.Day {
				continue
			}
			q.Entries = append(q.Entries, plain.Entry{
				Account: at, Transaction: m.Entry, Text: m.Text, Code: m.Decision.Code,
				Role: names[m.Role], Reversed: m.Reversed.String(), Half: a.Share == ledger.ShareHalf,
			})
		}
	}
	return q
}
