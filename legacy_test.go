package klaas_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/product"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/report"
)

const twoBanks = `{"taxId": "52998224725", "accounts": [
	{"accountId": "a1", "brandName": "Banco do Brasil", "companyCnpj": "00000000000191", "compeCode": "001", "number": "1", "checkDigit": "9", "type": "CONTA_POUPANCA"},
	{"accountId": "a2", "brandName": "Nubank", "companyCnpj": "18236120000158", "compeCode": "260", "number": "2", "checkDigit": "8", "type": "CONTA_PAGAMENTO_PRE_PAGA"},
	{"accountId": "a3", "brandName": "Nubank", "companyCnpj": "18236120000158", "compeCode": "260", "number": "3", "checkDigit": "7", "type": "CONTA_DEPOSITO_A_VISTA"}],
	"creditCardsAccounts": []}`

func analyse(t *testing.T, userdata string, o klaas.Options) []klaas.Report {
	t.Helper()
	o.RequestID, o.ReportTime, o.AsOf = "112334", received, "2021-05-31"
	analysis, err := klaas.Analyze([]byte(userdata), o)
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

func TestALegacyReportHasTheOldEnvelope(t *testing.T) {
	reports := analyse(t, twoBanks, klaas.Options{Products: []string{"category_checking"}, Versions: []string{"V1", "V2"}})
	if len(reports) != 2 {
		t.Fatalf("%d reports, want one of each version: savings are no checking account", len(reports))
	}
	const account = `"bank_name":"Nubank","bacen_name":"NU PAGAMENTOS S.A. - INSTITUIÇÃO DE PAGAMENTO","bacen_id":"260","bank_branch":""`
	wants := []string{
		`{"code":200,"msg":"ok","report_time":"` + received.UTC().Format("2006-01-02 15:04:05") + `","query_param":{},"data":{"enquiry_cpf":"52998224725",` +
			`"user_consent":"Yes","allow_autoupdate":"No","connection_key":"112334","connection_id":"112334-2","institution_id":"260",` +
			`"report_type":"category_checking","report_id":"` + reports[0].ID + `","report_version":"V1","Category_checking":[{` + account,
		`{"code":200,"msg":"ok","reportTime":"` + received.UTC().Format("2006-01-02 15:04:05") + `","queryParam":{},"data":{"enquiryCpf":"52998224725",` +
			`"userConsent":"Yes","allowAutoupdate":"No","connectionKey":"112334","connectionId":"112334-2","institutionId":"260",` +
			`"reportType":"category_checking","reportId":"` + reports[1].ID + `","reportVersion":"V2","categoryChecking":[{"bankName"`,
	}
	for i, want := range wants {
		if got := string(reports[i].Body); !strings.HasPrefix(got, want) {
			t.Errorf("the report is not as it should be:\n%s", cmp.Diff(want, got[:min(len(got), len(want))]))
		}
	}
}

func TestLegacyCodes(t *testing.T) {
	for name, c := range map[string]struct {
		product, userdata string
		want              []string // code, message and institution of each report
	}{
		"one report per institution": {"balance", twoBanks, []string{"200 ok 001", "200 ok 260"}},
		"no account of the kind":     {"category_checking", `{"taxId": "52998224725", "accounts": [{"accountId": "a", "type": "CONTA_POUPANCA"}]}`, []string{"405 account info is null "}},
		"empty section":              {"category_creditcard", twoBanks, []string{"200 ok "}},
		"absent section":             {"category_creditcard", `{"taxId": "52998224725", "accounts": []}`, []string{"202 partial "}},
		"records left out":           {"balance", `{"taxId": "52998224725", "accounts": [{"accountId": "a", "compeCode": "001"}, 7]}`, []string{"202 partial 001"}},
		"company asked of a person":  {"corporate_checking", twoBanks, []string{"404 unexpected error "}},
		"no registration":            {"identity", twoBanks, []string{"202 partial "}},
		"empty registration":         {"identity", `{"taxId": "52998224725", "personalCustomerIdentification": []}`, []string{"202 partial "}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, r := range analyse(t, c.userdata, klaas.Options{Products: []string{c.product}}) {
				_, rest, _ := strings.Cut(string(r.Body), `"institution_id":"`)
				institution, _, _ := strings.Cut(rest, `"`)
				got = append(got, fmt.Sprint(r.Code, " ", r.Message, " ", institution))
				if want := fmt.Sprintf(`{"code":%d,"msg":%q,`, r.Code, r.Message); !strings.HasPrefix(string(r.Body), want) {
					t.Errorf("the body says otherwise: %s", r.Body)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// V1.1 of the old envelope has plain tax ids, so it needs no secret key.
func TestLegacyTaxIDsArePlain(t *testing.T) {
	userdata := strings.Replace(twoBanks, `"accounts"`, `"personalCustomerIdentification": [{"brandName": "Nubank", "companyCnpj": "18236120000158",
		"documents": {"cpfNumber": "52998224725"}}], "accounts"`, 1)
	reports := analyse(t, userdata, klaas.Options{Products: []string{"identity"}, Versions: []string{"V1.1"}})
	for _, want := range []string{`"enquiry_cpf":"52998224725"`, `"cpf_verified":"52998224725"`, `"connection_id":"112334-2","institution_id":"260"`} {
		if len(reports) != 1 || !strings.Contains(string(reports[0].Body), want) {
			t.Errorf("no %s in %s", want, reports[0].Body)
		}
	}
}

func TestAllStandsForNoLegacyProduct(t *testing.T) {
	for _, r := range analyse(t, twoBanks, klaas.Options{Products: []string{"all"}}) {
		if !strings.HasPrefix(r.Product, "pf_") {
			t.Errorf("all gives %s", r.Product)
		}
	}
	// They have a name of their own, and both together are every product of a person.
	made := make(map[string]bool)
	for _, r := range analyse(t, twoBanks, klaas.Options{Products: []string{"all", "LEGACY"}}) {
		made[r.Product] = true
	}
	for _, p := range product.All() {
		for _, k := range p.Kinds {
			if name := p.FullName(k); made[name] != (k == spec.PF) {
				t.Errorf("all and legacy make %s: %t", name, made[name])
			}
		}
	}
	// What is switched on is made, also where the request says "all", and narrowed like any other.
	settings := klaas.Settings{Products: []klaas.ProductChoice{{Name: "balance"}, {Name: "pf_balance"}}}
	for list, want := range map[string]string{`["all"]`: "pf_balance balance balance", `["balance"]`: "balance balance", `["pf_balance"]`: "pf_balance"} {
		var got []string
		for _, r := range analyse(t, strings.Replace(twoBanks, "{", `{"products": `+list+`, `, 1), klaas.Options{Settings: settings}) {
			got = append(got, r.Product)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s gives %v, want %s", list, got, want)
		}
	}
}

func TestALegacyReportTellsAFailure(t *testing.T) {
	settings := klaas.Settings{Products: []klaas.ProductChoice{{Name: "category_creditcard", Versions: []string{"V2"}}}}
	analysis, err := klaas.Failure([]byte("{"), klaas.Options{Settings: settings, RequestID: "r", ReportTime: received}, report.CodeTimeout)
	if err != nil || len(analysis.Reports) != 1 {
		t.Fatal(err, analysis)
	}
	r := analysis.Reports[0]
	if r.Code != 404 || !strings.HasPrefix(string(r.Body), `{"code":404,"msg":"unexpected error",`) || !strings.HasSuffix(string(r.Body), `"categoryCreditcard":[]}}`) {
		t.Errorf("%d %s", r.Code, r.Body)
	}
}
