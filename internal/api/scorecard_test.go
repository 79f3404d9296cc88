package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/scorecard"
)

func TestScorecard(t *testing.T) {
	w := newWorld(t)
	const path = "/klaas/v1/scorecard"
	ours := scorecard.OwnFile()
	ours.Version = "acme-1"
	text, err := json.Marshal(ours)
	if err != nil {
		t.Fatal(err)
	}
	mine := string(text)
	seen := strings.Replace(mine, `{`, `{"revision":1,`, 1)
	many := `{"version":"acme-1","bands":[` + strings.Repeat(`{},`, scorecard.MaxRows) + `{}]}`
	for _, c := range []struct {
		name, method, body, match string
		status                    int
		has                       []string
		etag                      string
	}{
		{name: "that of klaas at first", method: "GET", status: 200, etag: `"1"`,
			has: []string{`{"revision":1,"version":"p1.0","bands":[{"variable":"R01","when":"\u003c= 0","points":-120}`}},
		{name: "one of its own", method: "PUT", body: mine, match: `"1"`, status: 200, etag: `"2"`, has: []string{`{"revision":2,"version":"acme-1","bands":[{"variable":"R01"`}},
		{name: "it stays", method: "GET", status: 200, etag: `"2"`, has: []string{`"version":"acme-1"`}},
		{name: "an old ETag", method: "PUT", match: `"1"`, body: mine, status: 412, has: []string{`"path":"If-Match"`}},
		{name: "an old revision", method: "PUT", body: seen, status: 412},
		{name: "a bad ETag", method: "PUT", match: marker, body: mine, status: 400, has: []string{`"path":"If-Match"`}},
		{name: "faults have places", method: "PUT", status: 422, body: `{"version":"p","bands":[{"variable":"` + marker + `"},{"variable":"R01","when":"` + marker + `","points":1}]}`,
			has: []string{`"path":"version"`, `"path":"bands[0].variable"`, `"path":"bands[1].when"`, `have no row of R02`}},
		{name: "a misspelt key", method: "PUT", status: 422, body: `{"version":"a","bands":[{"variable":"R01","when":"else","` + marker + `":1}]}`, has: []string{`"path":"bands[0]"`, "not known here"}},
		{name: "a part of a point", method: "PUT", status: 422, body: `{"version":"a","bands":[{"variable":"R01","when":"else","points":1.5}]}`, has: []string{`"path":"bands[0].points"`}},
		{name: "a null row", method: "PUT", status: 422, body: `{"version":"a","bands":[null]}`, has: []string{`"path":"bands[0]"`}},
		{name: "nothing", method: "PUT", status: 422, body: `{}`, has: []string{`"path":"version"`, `"path":"bands"`}},
		{name: "an unknown key", method: "PUT", status: 422, body: `{"` + marker + `":1}`, has: []string{"not known here"}},
		{name: "too many", method: "PUT", status: 422, body: many, has: []string{"more than 700"}},
		{name: "broken", method: "PUT", status: 400, body: `{"bands":[` + marker, has: []string{"at byte"}},
		{name: "another method", method: "POST", body: mine, status: 405},
		{name: "nothing of that changed it", method: "GET", status: 200, etag: `"2"`, has: []string{`"version":"acme-1"`}},
		{name: "an old ETag resets nothing", method: "DELETE", match: `"1"`, status: 412},
		{name: "back to that of klaas", method: "DELETE", match: `"2"`, status: 200, etag: `"3"`, has: []string{`{"revision":3,"version":"p1.0"`}},
		{name: "once more changes nothing", method: "DELETE", status: 200, etag: `"3"`, has: []string{`"version":"p1.0"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.on(t)
			var header []string
			if c.match != "" {
				header = []string{"If-Match", c.match}
			}
			a := w.rulesCall(c.method, path, c.body, header...)
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
	if a := w.do(http.MethodGet, path, as(w.other), nil); !bytes.Contains(a.body, []byte(`"revision":1,"version":"p1.0"`)) {
		t.Errorf("another application sees %s", a.body)
	}
}
