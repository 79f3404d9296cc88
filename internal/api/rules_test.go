package api

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
)

// rulesCall sends a body to a route of the rules in the name of the first application.
func (w *world) rulesCall(method, path, body string, header ...string) answer {
	w.Helper()
	h := as(w.app)
	for i := 0; i+1 < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return w.do(method, path, h, strings.NewReader(body))
}

func TestRules(t *testing.T) {
	w := newWorld(t)
	const path = "/klaas/v1/rules"
	many := `{"rules":[` + strings.Repeat(`{},`, 500) + `{}]}`
	entries := `{"rule":{"code":"030201","contains":"x"},"entries":[` + strings.Repeat(`{},`, 10_000) + `{}]}`
	for _, c := range []struct {
		name, method, path, body string
		match                    string
		status                   int
		has                      []string
		etag                     string
	}{
		{name: "none at first", method: "GET", path: path, status: 200, has: []string{`{"revision":1,"rules":[]}`}, etag: `"1"`},
		{name: "two rules", method: "PUT", path: path, match: `"1"`, status: 200, etag: `"2"`,
			body: `{"rules":[{"id":"rent","code":"030201","contains":"horizonte","min":1000},{"code":"040102","matches":"^netflix"}]}`,
			has:  []string{`{"revision":2,"rules":[{"id":"rent","code":"030201","contains":"horizonte","min":"1000"},{"id":"`}},
		{name: "they stay", method: "GET", path: path, status: 200, etag: `"2"`, has: []string{`"matches":"^netflix"`}},
		{name: "an old ETag", method: "PUT", path: path, match: `"1"`, body: `{"rules":[]}`, status: 412, has: []string{`"path":"If-Match"`}},
		{name: "an old revision", method: "PUT", path: path, body: `{"revision":1,"rules":[]}`, status: 412},
		{name: "a bad ETag", method: "PUT", path: path, match: marker, body: `{"rules":[]}`, status: 400, has: []string{`"path":"If-Match"`}},

		{name: "faults have places", method: "PUT", path: path, status: 422,
			body: `{"rules":[{"code":"` + marker + `","contains":"x"},{"code":"030201","direction":"credit","matches":"` + marker + `("}]}`,
			has:  []string{`"path":"rules[0].code"`, `"path":"rules[1].direction"`, `"path":"rules[1].matches"`, "(and 2 more: see errors)"}},
		{name: "a misspelt condition", method: "PUT", path: path, status: 422, body: `{"rules":[{"code":"030201","` + marker + `":"x"}]}`,
			has: []string{`"path":"rules[0]"`, "not known here"}},
		{name: "a wrong type", method: "PUT", path: path, status: 422, body: `{"rules":[{"code":"030201","mcc":5411}]}`, has: []string{`"path":"rules[0].mcc"`}},
		{name: "a null rule", method: "PUT", path: path, status: 422, body: `{"rules":[null]}`, has: []string{`"path":"rules[0]"`}},
		{name: "no rules", method: "PUT", path: path, status: 422, body: `{}`, has: []string{`"path":"rules"`, "is missing"}},
		{name: "an unknown key", method: "PUT", path: path, status: 422, body: `{"rules":[],"` + marker + `":1}`, has: []string{"not known here"}},
		{name: "a list", method: "PUT", path: path, status: 422, body: `[]`},
		{name: "too many", method: "PUT", path: path, status: 422, body: many, has: []string{"more than 500"}},
		{name: "broken", method: "PUT", path: path, status: 400, body: `{"rules":[` + marker, has: []string{"at byte"}},
		{name: "cut", method: "PUT", path: path, status: 400, body: `{"rules":[`, has: []string{"at byte 10: it ends"}},
		{name: "two objects", method: "PUT", path: path, status: 400, body: `{"rules":[]} {"rules":[]}`, has: []string{"something follows"}},
		{name: "a key twice", method: "PUT", path: path, status: 400, body: `{"` + marker + `":1,"rules":[],"` + marker + `":"` + marker + `"}`, has: []string{"at byte", "duplicate"}},
		{name: "no Unicode", method: "PUT", path: path, status: 400, body: "{\"rules\":[{\"code\":\"030201\",\"contains\":\"a\xe7b\"}]}"},
		{name: "half a surrogate", method: "PUT", path: path, status: 400, body: `{"rules":[{"code":"030201","contains":"a\ud800b"}]}`},
		{name: "another method", method: "DELETE", path: path, status: 405},
		{name: "nothing of that changed them", method: "GET", path: path, status: 200, etag: `"2"`, has: []string{`"id":"rent"`}},

		{name: "a rule is tried", method: "POST", path: path + "/test", status: 200,
			body: `{"rule":{"code":"030503","contains":"drogaria do ze","direction":"debit"},"entries":[
				{"description":"PIX ENVIADO DROGARIA DO ZÉ","amount":-12.50,"type":"PIX"},
				{"description":"Imobiliária Horizonte","amount":"-1850.00"},
				{"description":"PIX RECEBIDO DROGARIA DO ZE","amount":12}]}`,
			has: []string{`{"changed":`, `"rule":"partner/new","matched":"DROGARIA DO ZE","confidence":1000`, `"rule":"partner/rent"`}},
		{name: "in the place of another", method: "POST", path: path + "/test", status: 200,
			body: `{"rule":{"id":"rent","code":"030201","contains":"another"},"entries":[{"description":"NETFLIX HORIZONTE","amount":"-1850.00"}]}`,
			has:  []string{`{"changed":1,`, `"without":{"code":"030201"`, `"with":{"code":"040102"`}},
		{name: "before the others", method: "POST", path: path + "/test", status: 200,
			body: `{"rule":{"code":"060101","contains":"horizonte"},"first":true,"entries":[{"description":"NETFLIX HORIZONTE","amount":"-1850.00"}]}`,
			has:  []string{`{"changed":1,`, `"rule":"partner/new"`}},
		{name: "after the others", method: "POST", path: path + "/test", status: 200,
			body: `{"rule":{"code":"060101","contains":"horizonte"},"entries":[{"description":"NETFLIX HORIZONTE","amount":"-1850.00"}]}`,
			has:  []string{`{"changed":0,`}},
		{name: "a bad rule is tried", method: "POST", path: path + "/test", status: 422, body: `{"rule":{"code":"030201"},"entries":[]}`,
			has: []string{`"path":"rule","message":"has no condition`}},
		{name: "no rule is tried", method: "POST", path: path + "/test", status: 422, body: `{"entries":[]}`, has: []string{`"path":"rule"`}},
		{name: "bad entries", method: "POST", path: path + "/test", status: 422,
			body: `{"rule":{"code":"030201","contains":"x"},"entries":[{"description":" "},{"description":"` + marker + `","amount":"1,5"},{"description":"x","account":"` + marker + `"},{"description":"x","direction":"up"},7,{"description":"x","mcc":-1},{"description":"x","counterparty":"` + marker + `"}]}`,
			has:  []string{`"path":"entries[0].description"`, `"path":"entries[1].amount"`, `"path":"entries[2].account"`, `"path":"entries[3].direction"`, `"path":"entries[4]"`, `"path":"entries[5].mcc"`, `"path":"entries[6].counterparty"`}},
		{name: "too many entries", method: "POST", path: path + "/test", status: 413, body: entries, has: []string{"10000"}},
		{name: "trying stores nothing", method: "GET", path: path, status: 200, etag: `"2"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.on(t)
			var header []string
			if c.match != "" {
				header = []string{"If-Match", c.match}
			}
			a := w.rulesCall(c.method, c.path, c.body, header...)
			if a.status != c.status {
				t.Fatalf("the answer is %d %s", a.status, a.body)
			}
			if a.status != 200 {
				w.problem(a)
			}
			for _, text := range c.has {
				if !bytes.Contains(a.body, []byte(text)) {
					t.Errorf("%s has not %s", a.body, text)
				}
			}
			if bytes.Contains(a.body, []byte(marker)) {
				t.Errorf("%s repeats a value", a.body)
			}
			if got := a.header.Get("ETag"); got != c.etag {
				t.Errorf("ETag is %s, want %s", got, c.etag)
			}
		})
	}
	if strings.Contains(w.log.String(), marker) {
		t.Error("the log repeats a value of a request")
	}
	if a := w.do(http.MethodGet, path, as(w.other), nil); !bytes.Contains(a.body, []byte(`"rules":[]`)) {
		t.Errorf("another application sees %s", a.body)
	}
}

// TestRulesArePinned checks that a document is computed with the rules of its day.
func TestRulesArePinned(t *testing.T) {
	w := newWorld(t)
	before := w.accept(text(t, person(t)))
	if a := w.rulesCall("PUT", "/klaas/v1/rules", `{"rules":[{"code":"030201","contains":"maria da silva"}]}`); a.status != 200 {
		t.Fatalf("the answer is %d %s", a.status, a.body)
	}
	after := w.accept(text(t, person(t)))
	for id, rules := range map[string]int{before.RequestID: 0, after.RequestID: 1} {
		status := decode[SubmissionStatus](t, w.get("/klaas/v1/submissions/"+id).body)
		set, _, err := w.accounts.Settings(t.Context(), w.app.Application.ID, status.SettingsRevision)
		if err != nil || len(set.Rules) != rules {
			t.Errorf("revision %d has %d rules, want %d (%v)", status.SettingsRevision, len(set.Rules), rules, err)
		}
	}
}
