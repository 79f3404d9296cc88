package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas/internal/setting"
)

// lines returns the body of a categorisation call with entries written as JSON.
func lines(source string, entries ...string) string {
	return `{"uuid":"124eed4","institutionCode":"208","transactionSource":"` + source + `","transactionDetails":[` + strings.Join(entries, ",") + `]}`
}

// categorise posts transactions of the first application.
func (w *world) categorise(query, body string, header ...string) answer {
	w.Helper()
	h := as(w.app)
	for i := 0; i+1 < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return w.do(http.MethodPost, CategoryPath+query, h, strings.NewReader(body))
}

// namesOf returns the names of a category as the answer has them.
func namesOf(t *testing.T, code string) string {
	t.Helper()
	for c, names := range categoryNames() {
		if c.String() == code {
			return names
		}
	}
	t.Fatalf("%s is no category", code)
	return ""
}

var sureness = regexp.MustCompile(`"confidence":0\.9\d\d`)

// TestCategoriseEchoes compares whole answers: what was sent comes back byte for
// byte, with what is added behind it.
func TestCategoriseEchoes(t *testing.T) {
	w := newWorld(t)
	streaming, other := namesOf(t, "040102"), namesOf(t, "060101")
	for _, c := range []struct{ name, query, body, want string }{
		{
			"the documented call", "", lines("creditcard", `{"transactionId":"a","transactionDate":"2026-03-30","transactionName":"Netflix.com","amount":55.90,"creditDebitType":"DEBITO","transactionType":"PAGAMENTO"}`),
			lines("creditcard", `{"transactionId":"a","transactionDate":"2026-03-30","transactionName":"Netflix.com","amount":55.90,"creditDebitType":"DEBITO","transactionType":"PAGAMENTO",`+streaming+`}`),
		},
		{
			"unknown keys, order, blanks and numbers stay", "",
			"{ \"extra\" : [1.50, {}], \"transactionDetails\": [ { \"z\":1e400 , \"transactionName\" : \"Netflix.com\", \"a\": {\"b\":[ ]} } ] ,\"uuid\":\"u\", \"institutionCode\":\"208\",\"transactionSource\":\"creditcard\"\n}",
			"{\"extra\" : [1.50, {}], \"transactionDetails\": [{\"z\":1e400 , \"transactionName\" : \"Netflix.com\", \"a\": {\"b\":[ ]}," + streaming + "}] ,\"uuid\":\"u\", \"institutionCode\":\"208\",\"transactionSource\":\"creditcard\"\n}",
		},
		{
			"an answer that is sent again is answered anew", "", lines("creditcard", `{"category":"X","transactionName":"Netflix.com","id":1,"thirdCategory":"Y"}`),
			lines("creditcard", `{"transactionName":"Netflix.com","id":1,`+streaming+`}`),
		},
		{
			"unknown keys may stand twice", "", lines("creditcard", `{"x":1,"transactionName":"Netflix.com","x":2}`),
			lines("creditcard", `{"x":1,"transactionName":"Netflix.com","x":2,`+streaming+`}`),
		},
		{"no transactions", "", lines("checking"), lines("checking")},
		{
			"escapes", "", lines("creditcard", `{"transactionName":"\u004eetflix.com","\u0061mount":"-1.00"}`),
			lines("creditcard", `{"transactionName":"\u004eetflix.com","\u0061mount":"-1.00",`+streaming+`}`),
		},
		{
			"nothing known", "", lines("checking", `{"transactionName":""}`), lines("checking", `{"transactionName":"",`+other+`}`),
		},
		{
			"null is absent", "", lines("creditcard", `{"transactionName":"Netflix.com","amount":null,"creditDebitType":null,"transactionDate":null,"transactionType":null,"payeeMCC":null,"partieCnpjCpf":null}`),
			lines("creditcard", `{"transactionName":"Netflix.com","amount":null,"creditDebitType":null,"transactionDate":null,"transactionType":null,"payeeMCC":null,"partieCnpjCpf":null,`+streaming+`}`),
		},
		{
			"an empty text is absent", "", lines("creditcard", `{"transactionName":"Netflix.com","amount":"","creditDebitType":"","transactionDate":"","payeeMCC":"","partieCnpjCpf":"","partiePersonType":""}`),
			lines("creditcard", `{"transactionName":"Netflix.com","amount":"","creditDebitType":"","transactionDate":"","payeeMCC":"","partieCnpjCpf":"","partiePersonType":"",`+streaming+`}`),
		},
		{
			"only the name of a key of the answer", "?explain=true&partial=1", lines("creditcard", `{"transactionName":"Netflix.com","error":"e","code":7}`),
			lines("creditcard", `{"transactionName":"Netflix.com",`+streaming+`,"code":"040102","direction":"debit","tier":"merchant","rule":"merchant/netflix","matched":"NETFLIX.COM","confidence":0.9,`+
				`"merchant":"NETFLIX.COM","brand":"Netflix","cnpj":"13590585000199"}`),
		},
		{
			"partial", "?partial=true", lines("creditcard", `{"transactionName":"Netflix.com"}`, `{"id":2,"amount":"1,50"}`, `7`, `{}`),
			lines("creditcard", `{"transactionName":"Netflix.com",`+streaming+`}`,
				`{"id":2,"amount":"1,50","error":{"message":"is not an amount (it has a comma): use a point and 2 to 4 decimals","errors":[`+
					`{"path":"transactionDetails[1].amount","message":"is not an amount (it has a comma): use a point and 2 to 4 decimals"},`+
					`{"path":"transactionDetails[1].transactionName","message":"is missing"}]}}`,
				`{"error":{"message":"must be an object","errors":[{"path":"transactionDetails[2]","message":"must be an object"}]}}`,
				`{"error":{"message":"is missing","errors":[{"path":"transactionDetails[3].transactionName","message":"is missing"}]}}`),
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.on(t)
			a := w.categorise(c.query, c.body)
			if a.status != 200 || a.header.Get("Content-Type") != "application/json" {
				t.Fatalf("%d %s", a.status, a.body)
			}
			// How sure the tables are follows from data that grows.
			got := sureness.ReplaceAllString(string(a.body), `"confidence":0.9`)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCategoriseExplains(t *testing.T) {
	w := newWorld(t)
	a := w.categorise("?explain=true", lines("checking",
		`{"transactionName":"Transferência enviada pelo Pix - ANA SOUZA - •••.123.456-•• - BANCO (0260) Agência: 1 Conta: 2-3","amount":{"amount":"-10.00","currency":"BRL"}}`,
		`{"transactionName":"SAQUE 24H 123456","amount":"100","creditDebitType":"DEBITO"}`))
	card := w.categorise("?explain=true", lines("creditcard", `{"transactionName":"PAG*MOVEISAZUIS PARC 03/10","amount":-5}`))
	var told, toldOfCard struct{ TransactionDetails []Categorised }
	if err := errors.Join(json.Unmarshal(a.body, &told), json.Unmarshal(card.body, &toldOfCard)); err != nil {
		t.Fatal(err)
	}
	pix, cash, parts := told.TransactionDetails[0], told.TransactionDetails[1], toldOfCard.TransactionDetails[0]
	want := CategoryParty{Name: "ANA SOUZA", Document: "***.123.456-**"}
	if pix.Counterparty == nil || *pix.Counterparty != want || pix.SettlementType != "PIX" || pix.Code != "020102" || pix.Direction != "debit" ||
		pix.Tier == "" || pix.Rule == "" || pix.Confidence <= 0 || pix.Confidence > 1 || pix.Merchant != "" {
		t.Errorf("%s", a.body)
	}
	if cash.Channel != "atm" || cash.SettlementType != "SAQUE" || cash.Counterparty != nil || cash.Instalment != nil {
		t.Errorf("%s", a.body)
	}
	if parts.Instalment == nil || *parts.Instalment != (CategoryInstalment{3, 10}) || parts.Merchant != "MOVEISAZUIS" || parts.SettlementType != "" {
		t.Errorf("%s", card.body)
	}
}

func TestCategoriseDirection(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct{ entry, direction string }{
		{`"transactionName":"PIX ANA SOUZA","amount":-5`, "debit"},
		{`"transactionName":"PIX ANA SOUZA","amount":-5,"creditDebitType":"CREDITO"`, "credit"},
		{`"creditDebitType":"credito","transactionName":"PIX ANA SOUZA","amount":{"amount":"-5.00","currency":"USD"}`, "credit"},
		{`"transactionName":"PIX ANA SOUZA","amount":{"currency":"USD","amount":"-5.00"}`, "debit"},
		{`"transactionName":"CRED SALARIO MENSAL","amount":5`, "credit"},
		{`"transactionName":"IOF UTIL LIMITE","amount":5`, "debit"},
		{`"transactionName":"XYZW"`, "debit"},
	} {
		a := w.categorise("?explain=true", lines("checking", "{"+c.entry+"}"))
		if !strings.Contains(string(a.body), `"direction":"`+c.direction+`"`) {
			t.Errorf("%s: %s", c.entry, a.body)
		}
	}
	own := `{"uuid":"u","institutionCode":"208","transactionSource":"checking","taxId":"529.982.247-25","transactionDetails":[` +
		`{"transactionName":"PIX ENVIADO","transactionType":"PIX","partieCnpjCpf":"52998224725"}]}`
	if a := w.categorise("?explain=true", own); !strings.Contains(string(a.body), `"rule":"structure/own-tax-id"`) {
		t.Errorf("a transfer to oneself: %s", a.body)
	}
}

// TestCategoriseFaults names every fault with its place and repeats no value.
func TestCategoriseFaults(t *testing.T) {
	w := newWorld(t)
	good := `{"transactionName":"Netflix.com"}`
	entry := func(member string) string { return lines("checking", good, `{"transactionName":"X",`+member+`}`) }
	for _, c := range []struct {
		name, query, body string
		status            int
		paths             []string
	}{
		{"empty", "", ``, 400, nil},
		{"no JSON", "", `{"uuid":` + marker, 400, nil},
		{"cut", "", lines("checking", good)[:90], 400, nil},
		{"something behind", "", lines("checking", good) + marker, 400, nil},
		{"a second value behind", "", lines("checking", good) + `{}`, 400, nil},
		{"deep", "", lines("checking", `{"transactionName":"X","y":`+strings.Repeat("[", 20000)+strings.Repeat("]", 20000)+`}`), 400, nil},
		{"no Unicode", "", lines("checking", "{\"transactionName\":\"\xff\"}"), 400, nil},
		{"half a surrogate", "", lines("checking", `{"transactionName":"\ud800"}`), 400, nil},
		{"bad parameter", "?explain=" + marker, lines("checking", good), 400, []string{"explain"}},
		{"another bad parameter", "?partial=2", lines("checking", good), 400, []string{"partial"}},
		{"a broken query", "?explain=%zz", lines("checking", good), 400, []string{"explain"}},
		{"parameters with a semicolon", "?explain=true;partial=true", lines("checking", good), 400, []string{"explain"}},
		{"no CNPJ as institution", "", strings.Replace(lines("checking", good), "208", "ÇÇÇÇÇÇÇ", 1), 404, []string{"institutionCode"}},
		{"a parameter without a value", "?partial", lines("checking", good), 400, []string{"partial"}},
		{"a list", "", `[]`, 422, []string{""}},
		{"a text", "", `"` + marker + `"`, 422, []string{""}},
		{"nothing in it", "", `{}`, 422, []string{"uuid", "institutionCode", "transactionSource", "transactionDetails"}},
		{
			"all wrong", "", `{"uuid":"","institutionCode":[],"transactionSource":"` + marker + `","taxId":"` + marker + `","transactionDetails":{}}`, 422,
			[]string{"uuid", "institutionCode", "transactionSource", "taxId", "transactionDetails"},
		},
		{"a field twice", "", `{"uuid":"u","uuid":"u","institutionCode":"208","transactionSource":"checking","transactionDetails":[],"transactionDetails":[]}`, 422, []string{"uuid", "transactionDetails"}},
		{"unknown institution", "", strings.Replace(lines("checking", good), "208", "998", 1), 404, []string{"institutionCode"}},
		{"no code at all", "", strings.Replace(lines("checking", good), "208", marker, 1), 404, []string{"institutionCode"}},
		{"partial excuses no fault of the whole", "?partial=true", `{"institutionCode":"208","transactionSource":"checking","transactionDetails":[5]}`, 422, []string{"uuid"}},
		{"no object", "", lines("checking", good, "null", `"`+marker+`"`), 422, []string{"transactionDetails[1]", "transactionDetails[2]"}},
		{"no name", "", lines("checking", `{"x":"`+marker+`"}`, `{"transactionName":null}`, `{"transactionName":5}`), 422, []string{"transactionDetails[0].transactionName", "transactionDetails[1].transactionName", "transactionDetails[2].transactionName"}},
		{"a long name", "", lines("checking", `{"transactionName":"`+strings.Repeat("é", 1001)+`"}`), 422, []string{"transactionDetails[0].transactionName"}},
		{"amount: text", "", entry(`"amount":"` + marker + `"`), 422, []string{"transactionDetails[1].amount"}},
		{"amount: huge", "", entry(`"amount":123456789012345678901234567890`), 422, []string{"transactionDetails[1].amount"}},
		{"amount: exponent", "", entry(`"amount":1e400`), 422, []string{"transactionDetails[1].amount"}},
		{"amount: list", "", entry(`"amount":["` + marker + `"]`), 422, []string{"transactionDetails[1].amount"}},
		{"amount: empty object", "", entry(`"amount":{}`), 422, []string{"transactionDetails[1].amount.amount"}},
		{"amount: bad object", "", entry(`"amount":{"amount":true,"amount":"1","currency":7}`), 422, []string{"transactionDetails[1].amount.amount", "transactionDetails[1].amount.amount", "transactionDetails[1].amount.currency"}},
		{"direction", "", entry(`"creditDebitType":"` + marker + `"`), 422, []string{"transactionDetails[1].creditDebitType"}},
		{"date", "", entry(`"transactionDate":"30/03/2026"`), 422, []string{"transactionDetails[1].transactionDate"}},
		{"date and more", "", entry(`"transactionDate":"2026-03-301"`), 422, []string{"transactionDetails[1].transactionDate"}},
		{"type", "", entry(`"transactionType":{"a":"` + marker + `"}`), 422, []string{"transactionDetails[1].transactionType"}},
		{"counterparty", "", entry(`"partieCnpjCpf":"1234567890A"`), 422, []string{"transactionDetails[1].partieCnpjCpf"}},
		{"kind of counterparty", "", entry(`"partiePersonType":"` + marker + `"`), 422, []string{"transactionDetails[1].partiePersonType"}},
		{"merchant code", "", entry(`"payeeMCC":12345`), 422, []string{"transactionDetails[1].payeeMCC"}},
		{"a field of an entry twice", "", entry(`"amount":1,"amount":2`), 422, []string{"transactionDetails[1].amount"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.on(t)
			a := w.categorise(c.query, c.body)
			if a.status != c.status {
				t.Fatalf("%d %s", a.status, a.body)
			}
			var paths []string
			for _, f := range w.problem(a).Errors {
				paths = append(paths, f.Path)
			}
			if diff := cmp.Diff(c.paths, paths); diff != "" {
				t.Errorf("%s\n%s", a.body, diff)
			}
			if bytes.Contains(a.body, []byte(marker)) {
				t.Errorf("the answer repeats a value: %s", a.body)
			}
		})
	}
	if log := w.log.String(); strings.Contains(log, marker) || strings.Contains(log, "Netflix") {
		t.Error("the log holds a value of a body")
	}
	if n := len(w.stored()); n != 0 {
		t.Errorf("%d submissions were stored", n)
	}
}

func TestCategoriseTransport(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.CategoriseLimit = 3 })
	good := `{"transactionName":"Netflix.com"}`
	body := lines("creditcard", good, good, good)
	if a := w.categorise("", body); a.status != 200 || strings.Count(string(a.body), netflixKey(t)) != 3 {
		t.Errorf("as many as the limit: %d %s", a.status, a.body)
	}
	a := w.categorise("?partial=true", lines("creditcard", good, good, good, "5"))
	if p := w.problem(a); a.status != 413 || !strings.Contains(p.Message, "more than 3 transactions") {
		t.Errorf("past the limit: %d %s", a.status, a.body)
	}
	for encoding, packed := range map[string][]byte{"gzip": gzipped(t, strings.NewReader(body)), "zstd": zstded(t, strings.NewReader(body))} {
		if a := w.categorise("", string(packed), "Content-Encoding", encoding); a.status != 200 || !bytes.Contains(a.body, []byte(netflixKey(t))) {
			t.Errorf("%s: %d %s", encoding, a.status, a.body)
		}
	}
	client := http.Header{"Client_id": {w.app.Code}, "Client_secret": {w.app.Token}, "Content-Type": {"application/json"}}
	if a := w.do("POST", CategoryPath, client, strings.NewReader(body)); a.status != 200 {
		t.Errorf("client headers: %d", a.status)
	}
	if a := w.do("POST", CategoryPath, http.Header{"Content-Type": {"application/json"}}, strings.NewReader(body)); a.status != 401 {
		t.Errorf("no credentials: %d", a.status)
	}
	if a := w.categorise("", body, "Content-Type", "text/plain"); a.status != 415 {
		t.Errorf("no JSON: %d", a.status)
	}
	if a := w.do("GET", CategoryPath, as(w.app), nil); a.status != 405 {
		t.Errorf("GET: %d", a.status)
	}
}

func netflixKey(t *testing.T) string { return namesOf(t, "040102") }

// TestCategoriseByRules checks that an application's rules count from the next
// call on, for itself alone.
func TestCategoriseByRules(t *testing.T) {
	w := newWorld(t)
	body := lines("creditcard", `{"transactionName":"Netflix.com"}`)
	ask := func(header http.Header) string {
		t.Helper()
		a := w.do("POST", CategoryPath+"?explain=true", header, strings.NewReader(body))
		if a.status != 200 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		return string(a.body)
	}
	own, other := as(w.app), as(w.other)
	before := ask(own)
	_, err := w.accounts.ChangeSettings(context.Background(), w.app.Application.ID, func(s *setting.Settings) error {
		s.Rules = []setting.Rule{{ID: "mine", Code: "040101", Contains: "netflix"}}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if after := ask(own); after == before || !strings.Contains(after, `"code":"040101","direction":"debit","tier":"partner","rule":"partner/mine"`) {
			t.Errorf("with the rule: %s", after)
		}
		if foreign := ask(other); foreign != before {
			t.Errorf("another application: %s", foreign)
		}
	}
}

// Any body gets an answer that is JSON, and no value of a refused body comes back.
func FuzzCategorise(f *testing.F) {
	f.Add(lines("checking", `{"transactionName":"PIX ENVIADO ANA","amount":{"amount":"-1.00","currency":"BRL"}}`, `{"category":1,"a":{"b":[1,2]}}`))
	f.Add(lines("creditcard", `{"transactionName":"X 3/10","x":1,"x":"\u0041"}`, `5`, `{}`))
	f.Add(`{"uuid":"u","transactionDetails":[],"transactionDetails":[{}]}`)
	f.Add("[{\"")
	application := testLines()
	f.Fuzz(func(t *testing.T, body string) {
		w := &lineWriter{explain: true}
		err := w.read([]byte(body), 50, func(name string) bool { return explainKeys[name] != 0 || name == "error" })
		if err != nil || w.refuse(true) != nil {
			return
		}
		w.write(context.Background(), application)
		if !json.Valid(w.out) {
			t.Errorf("%q is answered %q", body, w.out)
		}
	})
}

// An answer stops where its time is over, or its caller has gone away.
func TestAnAnswerStopsInTime(t *testing.T) {
	w := &lineWriter{}
	if err := w.read([]byte(lines("checking", `{"transactionName":"Netflix.com"}`)), 50, func(string) bool { return false }); err != nil {
		t.Fatal(err)
	}
	over, cancel := context.WithCancel(t.Context())
	if !w.write(over, testLines()) {
		t.Error("an answer in time is not complete")
	}
	cancel()
	if w.write(over, testLines()) {
		t.Error("an answer goes on after its time")
	}
}

// BenchmarkCategoriseLines is the work of a call without HTTP: 100 transactions.
func BenchmarkCategoriseLines(b *testing.B) {
	var entries []string
	for i := range 100 {
		entries = append(entries, fmt.Sprintf(`{"transactionId":"%044d","transactionDate":"2026-03-30","transactionName":"COMPRA CARTAO DEB MC 12/05 DROGARIA SAO P","amount":%d.50,"creditDebitType":"DEBITO","transactionType":"CARTAO"}`, i, i))
	}
	body := []byte(lines("checking", entries...))
	application := testLines()
	for _, explain := range []bool{false, true} {
		b.Run(fmt.Sprintf("explain=%v", explain), func(b *testing.B) {
			w := &lineWriter{explain: explain}
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				if err := w.read(body, 100, func(name string) bool { return plainKeys[name] != 0 }); err != nil {
					b.Fatal(err)
				}
				w.write(context.Background(), application)
			}
		})
	}
}

// testLines categorises without rules.
func testLines() *applicationLines { return newLines(0, nil, false) }
