package klaas_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/product"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/report"
)

var update = flag.Bool("update", false, "write testdata/missing anew")

// entry is one row of an account.
func entry(id, day, amount, direction, name, kind string) string {
	return fmt.Sprintf(`{"transactionId":%q,"transactionDate":%q,"transactionAmount":{"amount":%q,"currency":"BRL"},"creditDebitType":%q,"transactionName":%q,"type":%q}`,
		id, day, amount, direction, name, kind)
}

func checking(rows ...string) string {
	return `{"accountId":"a1","brandName":"Banco do Brasil","companyCnpj":"00000000000191","compeCode":"001","type":"CONTA_DEPOSITO_A_VISTA",` +
		`"balances":{"availableAmount":{"amount":"100.00","currency":"BRL"}},"transactions":[` + strings.Join(rows, ",") + `]}`
}

const card = `{"creditCardAccountId":"c1","brandName":"Banco do Brasil","companyCnpj":"00000000000191","name":"Cartão","productType":"GOLD",` +
	`"limits":[{"creditLineLimitType":"LIMITE_CREDITO_TOTAL","consolidationType":"CONSOLIDADO","isLimitFlexible":false,"limitAmount":{"amount":"1000.00","currency":"BRL"},"usedAmount":{"amount":"50.00","currency":"BRL"}}],` +
	`"transactions":[{"transactionId":"l1","transactionDate":"2025-03-10","brazilianAmount":{"amount":"50.00","currency":"BRL"},"creditDebitType":"DEBITO","transactionName":"RESTAURANTE CENTRAL","transactionType":"PAGAMENTO","payeeMCC":5812}]}`

// life is a year of a salary and a rent.
func life() (rows []string) {
	for month := range 12 {
		day := fmt.Sprintf("%04d-%02d-05", 2024+(month+3)/12, (month+3)%12+1)
		rows = append(rows,
			entry(fmt.Sprint("s", month), day, "3000.00", "CREDITO", "PAGTO SALARIO", "FOLHA_PAGAMENTO"),
			entry(fmt.Sprint("r", month), day, "1000.00", "DEBITO", "ALUGUEL IMOBILIARIA CENTRAL", "BOLETO"))
	}
	return rows
}

// thin are documents that lack what figures need. Each has its figures in
// testdata/missing, where a reader can see what is told and what is not.
func thin() map[string]string {
	const who = `"taxId":"52998224725","referenceDate":"2025-03-31"`
	document := func(sections ...string) string { return `{` + who + `,` + strings.Join(sections, ",") + `}` }
	spending := []string{}
	for _, row := range life() {
		if strings.Contains(row, "DEBITO") {
			spending = append(spending, row)
		}
	}
	days := []string{
		entry("1", "2025-03-12", "500.00", "CREDITO", "PAGTO SALARIO", "FOLHA_PAGAMENTO"),
		entry("2", "2025-03-20", "100.00", "DEBITO", "SUPERMERCADO CENTRAL", "CARTAO"),
		entry("3", "2025-03-30", "50.00", "DEBITO", "FARMACIA CENTRAL", "CARTAO"),
	}
	savings := strings.Replace(checking(days...), "CONTA_DEPOSITO_A_VISTA", "CONTA_POUPANCA", 1)
	return map[string]string{
		"no card section":         document(`"accounts":[` + checking(life()...) + `]`),
		"no card":                 document(`"accounts":[`+checking(life()...)+`]`, `"creditCardsAccounts":[]`, `"loans":[]`),
		"no salary":               document(`"accounts":[`+checking(spending...)+`]`, `"creditCardsAccounts":[]`),
		"no checking account":     document(`"accounts":[`+savings+`]`, `"creditCardsAccounts":[`+card+`]`),
		"no account":              document(`"accounts":[]`, `"creditCardsAccounts":[]`),
		"20 days":                 document(`"accounts":[`+checking(days...)+`]`, `"creditCardsAccounts":[`+card+`]`),
		"only a card":             document(`"creditCardsAccounts":[` + card + `]`),
		"only registration":       document(`"personalCustomerIdentification":[{"civilName":"PESSOA DE TESTE","cpfNumber":"52998224725"}]`),
		"all amounts zero":        document(`"accounts":[`+checking(entry("1", "2025-03-12", "0.00", "CREDITO", "PIX RECEBIDO", "PIX"), entry("2", "2024-03-12", "0", "DEBITO", "PIX ENVIADO", "PIX"))+`]`, `"creditCardsAccounts":[]`),
		"a single movement":       document(`"accounts":[`+checking(entry("1", "2025-03-31", "0.01", "CREDITO", "PIX RECEBIDO ANA", "PIX"))+`]`, `"creditCardsAccounts":[]`),
		"dates in the future":     document(`"accounts":[`+checking(entry("1", "2025-04-01", "10.00", "CREDITO", "PIX RECEBIDO ANA", "PIX"), entry("2", "2049-12-31", "10.00", "DEBITO", "PIX ENVIADO ANA", "PIX"))+`]`, `"creditCardsAccounts":[]`),
		"a checking account only": document(`"accounts":[`+checking()+`]`, `"creditCardsAccounts":[]`),
	}
}

// Thin documents give every analytic report its documented null, sentinel or code,
// never a zero that says something.
func TestMissingInput(t *testing.T) {
	for name, userdata := range thin() {
		t.Run(name, func(t *testing.T) {
			var told strings.Builder
			for _, r := range analytic(t, userdata) {
				fmt.Fprintf(&told, "%s %s  %d %s\n", r.Product, r.Version, r.Code, r.Message)
				p, _, _ := product.Resolve(r.Product)
				for _, line := range numbers(t, r.Body, p.BodyKeyOf(spec.Version(r.Version)), r.Product) {
					told.WriteString("  " + line + "\n")
				}
			}
			path := filepath.Join("testdata", "missing", strings.ReplaceAll(name, " ", "-")+".txt")
			if *update {
				if err := os.WriteFile(path, []byte(told.String()), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), told.String()); diff != "" {
				t.Errorf("the figures are not those of %s:\n%s", path, diff)
			}
		})
	}
}

// analytic returns the reports of all analytic products, in V1 and V2.
func analytic(t *testing.T, userdata string) []klaas.Report {
	t.Helper()
	var names []string
	for _, p := range product.All() {
		if p.Analytic && p.Kinds[0] == spec.PF {
			names = append(names, p.FullName(spec.PF))
		}
	}
	analysis, err := klaas.Analyze([]byte(userdata), klaas.Options{
		Products: names, Versions: []string{"V1", "V2"}, RequestID: "112334", ReportTime: received.AddDate(5, 0, 0),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range analysis.Reports {
		p, k, _ := product.Resolve(r.Product)
		if err := validate(report.Schema(p, k, spec.Version(r.Version), false), r.Body); err != nil {
			t.Errorf("%s %s: %v\n%s", r.Product, r.Version, err, r.Body)
		}
	}
	return analysis.Reports
}

// numbers lists the numbers, flags and nulls of a body, a line for each run of one
// object with one value; of labels the codes and the value.
func numbers(t *testing.T, body []byte, key, productName string) (lines []string) {
	t.Helper()
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil {
		t.Fatal(err)
	}
	if productName == "pf_k_label" || productName == "pf_credit_risk" {
		return labels(t, members[key])
	}
	d := jsontext.NewDecoder(strings.NewReader(string(members[key])))
	at := ""
	for {
		token, err := d.ReadToken()
		if err != nil {
			return lines
		}
		switch token.Kind() {
		case '0', 't', 'f', 'n':
			pointer := string(d.StackPointer())
			parent, name := pointer[:strings.LastIndexByte(pointer, '/')], pointer[strings.LastIndexByte(pointer, '/')+1:]
			if run := parent + " " + token.String() + ":"; run != at {
				at = run
				lines = append(lines, run)
			}
			lines[len(lines)-1] += " " + name
		}
	}
}

// labels lists runs of labels with one value on a line.
func labels(t *testing.T, body json.RawMessage) (lines []string) {
	t.Helper()
	var list struct {
		LabelDetails []struct {
			LabelCode  string
			LabelValue json.RawMessage
		}
	}
	if err := json.Unmarshal(body, &list); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(list.LabelDetails); {
		first := list.LabelDetails[i]
		last := first
		for i < len(list.LabelDetails) && string(list.LabelDetails[i].LabelValue) == string(first.LabelValue) {
			last = list.LabelDetails[i]
			i++
		}
		codes := first.LabelCode
		if last.LabelCode != codes {
			codes += "–" + last.LabelCode
		}
		lines = append(lines, codes+" "+string(first.LabelValue))
	}
	return lines
}
