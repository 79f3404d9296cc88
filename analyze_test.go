package klaas_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/product"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/report"
	"github.com/openklaas/klaas/openfinance"
)

var (
	received = time.Date(2021, 6, 1, 12, 30, 45, 0, time.UTC)
	both     = []string{"V1", "V1.1"}
)

func sample(t testing.TB) []byte {
	t.Helper()
	text, err := os.ReadFile("openfinance/testdata/demo-userdata.json")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func options() klaas.Options {
	return klaas.Options{
		Products: []string{"all"}, Versions: both, AsOf: "2021-05-31",
		RequestID: "112334", ReportTime: received, SecretKey: "klaas_sk_test",
	}
}

// business turns the sample into a company's document.
func business(userdata []byte) []byte {
	return bytes.Replace(userdata, []byte(`"personalCustomerIdentification"`),
		[]byte(`"businessCustomerIdentification": [{"companyName": "EMPRESA DE TESTE LTDA", "cnpjNumber": "12ABC34501DE35"}], "ignored"`), 1)
}

func TestEveryReportMatchesItsPublishedSchema(t *testing.T) {
	for name, userdata := range map[string][]byte{
		"person":  sample(t),
		"company": business(sample(t)),
		"nothing": []byte(`{"taxId": "52998224725", "loans": []}`),
		"empty":   []byte(`{"taxId": "52998224725", "accounts": [], "creditCardsAccounts": []}`),
	} {
		for _, strict := range []bool{false, true} {
			o := options()
			o.Settings.StrictShape = strict
			analysis, err := klaas.Analyze(userdata, o)
			if err != nil {
				t.Fatal(name, err)
			}
			if len(analysis.Reports) == 0 {
				t.Fatal(name, "gives no report")
			}
			for _, r := range analysis.Reports {
				p, k, _ := product.Resolve(r.Product)
				if err := validate(report.Schema(p, k, spec.Version(r.Version), strict), r.Body); err != nil {
					t.Errorf("%s, strict %v, %s %s: %v\n%s", name, strict, r.Product, r.Version, err, r.Body)
				}
			}
		}
	}
}

func validate(schema, body []byte) error {
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		return err
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("schema.json", parsed); err != nil {
		return err
	}
	compiled, err := compiler.Compile("schema.json")
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return err
	}
	return compiled.Validate(value)
}

func TestNodeWritesEveryReportWithTheSameBytes(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node is not installed: the comparison with JSON.stringify is left out")
	}
	userdata := bytes.Replace(sample(t), []byte("{"), []byte(`{"externalInfo": {"b": 1.50, "2": "x", "1": [1.5e-7, -0.0, "\u2028<é>"]},`), 1)
	analysis, err := klaas.Analyze(userdata, options())
	if err != nil {
		t.Fatal(err)
	}
	var lines bytes.Buffer
	for _, r := range analysis.Reports {
		lines.Write(r.Body)
		lines.WriteByte('\n')
	}
	cmd := exec.Command(node, "-e", `for (const l of require("fs").readFileSync(0,"utf8").split("\n"))
		if (l && JSON.stringify(JSON.parse(l)) !== l) { console.log(l); process.exitCode = 1 }`)
	cmd.Stdin = &lines
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("JSON.stringify writes these otherwise (%v):\n%s", err, out)
	}
}

func TestTheSameInputGivesTheSameBytes(t *testing.T) {
	first, err := klaas.Analyze(sample(t), options())
	if err != nil {
		t.Fatal(err)
	}
	second, err := klaas.Analyze(sample(t), options())
	if err != nil {
		t.Fatal(err)
	}
	for i := range first.Reports {
		if !bytes.Equal(first.Reports[i].Body, second.Reports[i].Body) {
			t.Errorf("%s differs from run to run", first.Reports[i].Product)
		}
	}
}

func TestASecretKeyIsNeededForEncryptedTaxIDs(t *testing.T) {
	o := options()
	o.SecretKey = ""
	_, err := klaas.Analyze(sample(t), o)
	var option *klaas.OptionError
	if !errors.As(err, &option) || option.Option != "SecretKey" {
		t.Errorf("got %v", err)
	}
}

func TestProductsAreChosenByKindSettingsAndRequest(t *testing.T) {
	settings := klaas.Settings{Products: []klaas.ProductChoice{
		{Name: "pj_balance"}, {Name: "pf_identity"}, {Name: "pf_balance", Versions: both},
	}}
	for name, c := range map[string]struct {
		request string
		names   []string
		want    string
		notSent string
	}{
		"settings":          {want: "pf_balance V1 200, pf_balance V1.1 200, pf_identity V1 200", notSent: "pj_balance"},
		"narrowed":          {request: `"products": ["PF_Identity"],`, want: "pf_identity V1 200"},
		"all":               {request: `"products": ["all"],`, want: "pf_balance V1 200, pf_balance V1.1 200, pf_identity V1 200", notSent: "pj_balance"},
		"of the wrong kind": {request: `"products": ["pj_balance"],`, want: "pj_balance V1 5002"},
		"names of a caller": {names: []string{"pf_credit_card"}, want: "pf_credit_card V1 200"},
		"wrong by a caller": {names: []string{"pj_credit_card"}, want: "pj_credit_card V1 5002"},
		"twice by a caller": {names: []string{"pf_balance", "all", "PF_BALANCE"}, want: ""},
	} {
		userdata := bytes.Replace(sample(t), []byte("{"), []byte("{"+c.request), 1)
		analysis, err := klaas.Analyze(userdata, klaas.Options{
			Settings: settings, Products: c.names, ReportTime: received, SecretKey: "k",
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		seen := make(map[string]bool)
		for _, r := range analysis.Reports {
			got = append(got, fmt.Sprintf("%s %s %d", r.Product, r.Version, r.Code))
			if seen[r.ID] {
				t.Errorf("%s: the id of %s occurs twice", name, r.Product)
			}
			seen[r.ID] = true
		}
		if c.want != "" && strings.Join(got, ", ") != c.want {
			t.Errorf("%s: got %s, want %s", name, strings.Join(got, ", "), c.want)
		}
		if strings.Join(analysis.NotSent, ", ") != c.notSent {
			t.Errorf("%s: not sent %v, want %s", name, analysis.NotSent, c.notSent)
		}
	}
}

func TestTheReportingDay(t *testing.T) {
	for name, c := range map[string]struct {
		reference, asOf, want, fault string
	}{
		"day of receipt":   {want: "2021-06-01"},
		"reference date":   {reference: "2021-05-01", want: "2021-05-01"},
		"as-of wins":       {reference: "2021-05-01", asOf: "2021-04-01", want: "2021-04-01"},
		"after receipt":    {reference: "2021-06-02", fault: "referenceDate"},
		"as-of after":      {asOf: "2021-06-02", fault: "as-of"},
		"as-of is no date": {asOf: "2021-02-30", fault: "as-of"},
	} {
		userdata := sample(t)
		if c.reference != "" {
			userdata = bytes.Replace(userdata, []byte("{"), []byte(`{"referenceDate": "`+c.reference+`",`), 1)
		}
		analysis, err := klaas.Analyze(userdata, klaas.Options{AsOf: c.asOf, Received: received, Products: []string{"pf_balance"}})
		if c.fault != "" {
			var invalid *openfinance.InvalidError
			if !errors.As(err, &invalid) || invalid.Problems[0].Path != c.fault {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil || analysis.ReferenceDay != c.want {
			t.Errorf("%s: %v, %v", name, analysis, err)
		}
	}
}

func TestNobodyIsAnalysedOnlyWhereAllowed(t *testing.T) {
	nobody := []byte(`{"accounts": []}`)
	_, err := klaas.Analyze(nobody, klaas.Options{Products: []string{"pf_balance"}})
	var invalid *openfinance.InvalidError
	if !errors.As(err, &invalid) {
		t.Fatalf("got %v", err)
	}
	analysis, err := klaas.Analyze(nobody, klaas.Options{
		Products: []string{"pf_balance"}, Settings: klaas.Settings{AllowAnonymous: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	var body struct {
		EnquiryCpf *string `json:"enquiryCpf"`
	}
	if err := json.Unmarshal(analysis.Reports[0].Body, &body); err != nil || body.EnquiryCpf == nil || *body.EnquiryCpf != "" {
		t.Errorf("%s: %v", analysis.Reports[0].Body, err)
	}
}

func TestAFailureStillGivesEveryProduct(t *testing.T) {
	settings := klaas.Settings{Products: []klaas.ProductChoice{{Name: "pf_balance"}, {Name: "pf_identity"}, {Name: "pj_balance"}}}
	for name, userdata := range map[string][]byte{"readable": sample(t), "unreadable": []byte("{")} {
		analysis, err := klaas.Failure(userdata, klaas.Options{Settings: settings, RequestID: "r", ReportTime: received}, report.CodeTimeout)
		if err != nil {
			t.Fatal(err)
		}
		if len(analysis.Reports) != 2 {
			t.Fatalf("%s: %d reports", name, len(analysis.Reports))
		}
		for _, r := range analysis.Reports {
			p, k, _ := product.Resolve(r.Product)
			if err := validate(report.Schema(p, k, spec.V1, false), r.Body); err != nil {
				t.Error(name, err)
			}
			if r.Code != 5003 || !bytes.HasPrefix(r.Body, []byte(`{"code":5003,"message":"TIMEOUT","requestId":"r"`)) {
				t.Errorf("%s: %s", name, r.Body)
			}
		}
	}
}

// Of two equal entries in one list and one in another the second stays, because
// it may be real, and is called doubtful, because it may not.
func TestExplainTellsADoubtfulTwin(t *testing.T) {
	const entry = `{"transactionDate": "2021-05-03", "creditDebitType": "DEBITO", "transactionName": "CAFE", "transactionAmount": {"amount": "5.00", "currency": "BRL"}}`
	userdata := []byte(`{"taxId": "52998224725", "accounts": [{"accountId": "a", "type": "CONTA_DEPOSITO_A_VISTA",
	  "transactions": [` + entry + `,` + entry + `], "transactions-current": [` + entry + `]}]}`)
	all, err := klaas.Explain(userdata, klaas.Options{AsOf: "2021-05-31"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range all {
		got = append(got, e.Standing+" "+e.StandingReason)
	}
	want := []string{"counted ", "counted twin/more-in-one-list", "duplicate duplicate/two-lists"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestExplainTellsOfEveryEntry(t *testing.T) {
	userdata := []byte(`{"taxId": "52998224725", "accounts": [{"accountId": "a", "type": "CONTA_DEPOSITO_A_VISTA",
	  "transactions": [
	    {"transactionId": "t1", "transactionDate": "2021-05-03", "creditDebitType": "DEBITO", "transactionName": "NETFLIX.COM", "type": "CARTAO", "transactionAmount": {"amount": "39.90", "currency": "BRL"}},
	    {"transactionId": "t0", "transactionDate": "2021-05-02", "creditDebitType": "CREDITO", "transactionName": "SALDO DO DIA", "transactionAmount": {"amount": "10.00", "currency": "BRL"}}],
	  "transactions-current": [
	    {"transactionId": "t1", "transactionDate": "2021-05-03", "creditDebitType": "DEBITO", "transactionName": "NETFLIX.COM", "type": "CARTAO", "transactionAmount": {"amount": "39.90", "currency": "BRL"}}]}],
	  "creditCardsAccounts": [{"creditCardAccountId": "c",
	    "bills": [{"billId": "b1", "dueDate": "2021-04-10"}, {"billId": "b2", "dueDate": "2021-05-10", "transactions": [
	      {"transactionId": "l1", "transactionDate": "2021-04-20", "creditDebitType": "DEBITO", "transactionName": "PADARIA", "brazilianAmount": {"amount": "5.00", "currency": "BRL"}}]}],
	    "transactions": [
	      {"transactionId": "l2", "transactionDate": "2021-05-20", "creditDebitType": "DEBITO", "transactionName": "POSTO", "brazilianAmount": {"amount": "6.00", "currency": "BRL"}}]}]}`)
	all, err := klaas.Explain(userdata, klaas.Options{AsOf: "2021-05-31"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range all {
		got = append(got, strings.Join([]string{e.Path, e.ID, e.Direction, e.Amount, e.Standing, e.StandingReason, e.Original}, " "))
	}
	want := []string{
		"accounts[0].transactions[0] t1 debit 39.90 counted  ",
		"accounts[0].transactions[1] t0 credit 10.00 balance-line balance-line/text ",
		"accounts[0].transactions-current[0] t1 debit 39.90 duplicate duplicate/same-id accounts[0].transactions[0]",
		"creditCardsAccounts[0].bills[1].transactions[0] l1 debit 5.00 counted  ",
		"creditCardsAccounts[0].transactions[0] l2 debit 6.00 counted  ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if all[0].Code != "040102" || all[0].Brand != "Netflix" || all[0].Rule == "" {
		t.Errorf("%+v", all[0])
	}
}

// Factors of an application widen the interval of what is expected, and nothing else.
func TestIntervalFactors(t *testing.T) {
	rows := life()
	for i, amount := range []string{"3100.00", "2950.00", "3050.00"} {
		rows[2*(9+i)] = strings.Replace(rows[2*(9+i)], "3000.00", amount, 1)
	}
	userdata := []byte(`{"taxId":"52998224725","referenceDate":"2025-03-31","accounts":[` + checking(rows...) + `]}`)
	interval := func(factors klaas.Settings) (low, high string) {
		t.Helper()
		o := klaas.Options{Products: []string{"pf_income"}, Versions: []string{"V2"}, ReportTime: received.AddDate(5, 0, 0), Settings: factors}
		analysis, err := klaas.Analyze(userdata, o)
		if err != nil {
			t.Fatal(err)
		}
		var r struct {
			Income struct {
				IncomeStreams []struct {
					Payers []struct {
						NextExpectedAmount struct{ Amount, Low, High json.Number }
					}
				}
			}
		}
		if err := json.Unmarshal(analysis.Reports[0].Body, &r); err != nil {
			t.Fatal(err)
		}
		next := r.Income.IncomeStreams[0].Payers[0].NextExpectedAmount
		if next.Amount != "3000" {
			t.Errorf("%s is expected, want 3000", next.Amount)
		}
		return next.Low.String(), next.High.String()
	}
	low, high := interval(klaas.Settings{})
	wide := klaas.Settings{IntervalFactors: slices.Repeat([]json.Number{"100"}, 10)}
	if wideLow, wideHigh := interval(wide); low == wideLow || high == wideHigh || wideLow != "0" {
		t.Errorf("from %s–%s to %s–%s", low, high, wideLow, wideHigh)
	}
	var option *klaas.OptionError
	wide.IntervalFactors = wide.IntervalFactors[:3]
	if _, err := klaas.Analyze(userdata, klaas.Options{Products: []string{"pf_income"}, Settings: wide}); !errors.As(err, &option) || !strings.Contains(option.Message, "give 10") {
		t.Errorf("three factors: %v", err)
	}
}
