package api

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/openklaas/klaas/internal/account"
	"github.com/openklaas/klaas/internal/receive"
	"github.com/openklaas/klaas/internal/store"
	"github.com/openklaas/klaas/openfinance"
)

// TestHTTP is the behaviour of the server as a table: what is sent, the status,
// what the answer must have and must not have.
func TestHTTP(t *testing.T) {
	w := newWorld(t)
	spoilt := with(t, "12,50", "accounts", 0, "transactions", 0, "transactionAmount", "amount")
	doc := text(t, person(t))
	done := w.accept(doc, "Prefer", "wait=5")
	report := done.Reports[0].ProductReportID

	json := func(pairs ...string) http.Header {
		h := as(w.app)
		for i := 0; i < len(pairs); i += 2 {
			h.Set(pairs[i], pairs[i+1])
		}
		return h
	}
	credentials := func(code, token string) http.Header {
		return http.Header{"Content-Type": {"application/json"}, code: {w.app.Code}, token: {w.app.Token}}
	}
	for _, c := range []struct {
		name, method, path string
		header             http.Header
		body               []byte
		status             int
		has, hasNot        []string
		headers            map[string]string // of the answer; "" must be absent
	}{
		{name: "a document is accepted", method: "POST", path: DefaultAnalyticsPath, header: json(), body: doc, status: 200,
			has:     []string{`"code":200,"message":"OK","requestId":"`},
			hasNot:  []string{"problems", "reports"},
			headers: map[string]string{"Content-Type": "application/json", "Preference-Applied": "", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}},
		{name: "with problems", method: "POST", path: DefaultAnalyticsPath, header: json(), body: spoilt, status: 200,
			has: []string{`"problems":{"count":1,"url":"/klaas/v1/submissions/`}},
		{name: "charset", method: "POST", path: DefaultAnalyticsPath, header: json("Content-Type", "application/json; charset=UTF-8"), body: doc, status: 200},
		{name: "gzip", method: "POST", path: DefaultAnalyticsPath, header: json("Content-Encoding", "gzip"), body: gzipped(t, bytes.NewReader(doc)), status: 200},
		{name: "zstd", method: "POST", path: DefaultAnalyticsPath, header: json("Content-Encoding", "zstd"), body: zstded(t, bytes.NewReader(doc)), status: 200},
		{name: "identity", method: "POST", path: DefaultAnalyticsPath, header: json("Content-Encoding", "Identity"), body: doc, status: 200},
		{name: "wait", method: "POST", path: DefaultAnalyticsPath, header: json("Prefer", "respond-async, wait=99"), body: doc, status: 200,
			has:     []string{`"reports":[{"productReportId":"`, `"product":"pf_balance","version":"V1","part":1,"code":204,"size":`, `"url":"/klaas/v1/reports/`},
			headers: map[string]string{"Preference-Applied": "wait=30"}},
		{name: "wait that is not understood", method: "POST", path: DefaultAnalyticsPath, header: json("Prefer", "wait=soon"), body: doc, status: 200,
			hasNot: []string{"reports"}, headers: map[string]string{"Preference-Applied": ""}},

		{name: "client headers", method: "GET", path: "/klaas/v1/products", header: credentials("Client_id", "Client_secret"), status: 200},
		{name: "partner headers with hyphens", method: "GET", path: "/klaas/v1/products", header: credentials("Partner-Code", "Partner-Token"), status: 200},
		{name: "client headers with hyphens", method: "GET", path: "/klaas/v1/products", header: credentials("Client-Id", "Client-Secret"), status: 200},
		{name: "pairs are not mixed", method: "GET", path: "/klaas/v1/products", header: credentials("Partner_code", "Client_secret"), status: 401,
			has: []string{"partner_code and partner_token"}},
		{name: "challenge", method: "GET", path: "/klaas/v1/products", status: 401,
			headers: map[string]string{"Www-Authenticate": `Klaas realm="klaas", headers="partner_code partner_token"`}},

		{name: "submissions", method: "GET", path: "/klaas/v1/submissions?limit=1", header: json(), status: 200, has: []string{`{"submissions":[{"requestId":"`, `"receivedAt":"2026-01-30T15:04:05.678901Z"`}},
		{name: "bad limit", method: "GET", path: "/klaas/v1/submissions?limit=0", header: json(), status: 400, has: []string{`"path":"limit"`}},
		{name: "bad moment", method: "GET", path: "/klaas/v1/submissions?before=" + marker, header: json(), status: 400, has: []string{`"path":"before"`}},
		{name: "status", method: "GET", path: "/klaas/v1/submissions/" + done.RequestID, header: json(), status: 200,
			has:    []string{`"state":"computed"`, `"notSent":["pj_checking_account"]`, `"problems":{"count":1,`, `"endpoint":"https://hooks.example.com/klaas"`, `"state":"pending"`, `"status":503`, `"latencyMs":12.345`},
			hasNot: []string{"HOOKTOKEN", "finishedAt\":null"}},
		{name: "status by capitals", method: "GET", path: "/klaas/v1/submissions/" + strings.ToUpper(done.RequestID), header: json(), status: 200},
		{name: "form content type on a GET", method: "GET", path: "/klaas/v1/submissions/" + done.RequestID, header: json("Content-Type", "application/x-www-form-urlencoded"), status: 200},
		{name: "problems", method: "GET", path: "/klaas/v1/submissions/" + done.RequestID + "/problems", header: json(), status: 200,
			has: []string{`"count":1,"problems":[{"path":"accounts[0].transactions[3]","message":"is null`}},
		{name: "report", method: "GET", path: "/klaas/v1/reports/" + report, header: json(), status: 200,
			has: []string{reportText}, headers: map[string]string{"Content-Type": "application/json"}},
		{name: "evidence", method: "GET", path: "/klaas/v1/reports/" + report + "/evidence?pointer=/balance/total", header: json(), status: 200,
			has: []string{`"pointer":"/balance/total","value":12.34,"follows":"sum"`, `"items":[]`}},
		{name: "evidence without a pointer", method: "GET", path: "/klaas/v1/reports/" + report + "/evidence", header: json(), status: 200, has: []string{`"pointer":""`}},
		{name: "evidence of no pointer", method: "GET", path: "/klaas/v1/reports/" + report + "/evidence?pointer=" + marker, header: json(), status: 400, has: []string{`"path":"pointer"`}},
		{name: "evidence of nothing", method: "GET", path: "/klaas/v1/reports/" + report + "/evidence?pointer=/balance/nothing", header: json(), status: 404, has: []string{"no figure"}},
		{name: "evidence of an unknown report", method: "GET", path: "/klaas/v1/reports/" + uuid.NewString() + "/evidence?pointer=/a", header: json(), status: 404, has: []string{"no such report"}},
		{name: "evidence that other code made", method: "GET", path: "/klaas/v1/reports/" + report + "/evidence?pointer=/changed", header: json(), status: 410, has: []string{"another version"}},
		{name: "evidence that was erased", method: "GET", path: "/klaas/v1/reports/" + report + "/evidence?pointer=/erased", header: json(), status: 410, has: []string{"erased"}},
		{name: "unknown submission", method: "GET", path: "/klaas/v1/submissions/" + uuid.NewString(), header: json(), status: 404, has: []string{"no such submission"}},
		{name: "id that is none", method: "GET", path: "/klaas/v1/submissions/" + marker + "%00", header: json(), status: 404, has: []string{"no such submission"}},
		{name: "unknown report", method: "GET", path: "/klaas/v1/reports/" + uuid.NewString(), header: json(), status: 404, has: []string{"no such report"}},

		{name: "products", method: "GET", path: "/klaas/v1/products", header: json(), status: 200,
			has: []string{`"name":"pf_checking_account","kind":"pf"`, `"name":"pj_balance"`, `"schema":"/klaas/v1/products/pf_balance/schema?version=V1.1"`}, hasNot: []string{"null"}},
		{name: "schema", method: "GET", path: "/klaas/v1/products/pf_balance/schema?version=v1.1", header: json(), status: 200,
			has: []string{`"$schema"`, "2020-12", "V1.1"}, headers: map[string]string{"Content-Type": "application/schema+json"}},
		{name: "schema of no product", method: "GET", path: "/klaas/v1/products/" + marker + "/schema", header: json(), status: 404, has: []string{"no such product"}},
		{name: "schema of no version", method: "GET", path: "/klaas/v1/products/pf_balance/schema?version=" + marker, header: json(), status: 400, has: []string{`"path":"version"`, "V1, V1.1"}},
		{name: "taxonomy", method: "GET", path: "/klaas/v1/taxonomy", header: json(), status: 200, has: []string{`"version":"`, `"code":"010101"`, `"pt":"`}},

		{name: "health", method: "GET", path: "/healthz", status: 200, has: []string{`{"status":"ok"}`}},
		{name: "ready", method: "GET", path: "/readyz", status: 200, has: []string{`{"status":"ready"}`}},
		{name: "openapi", method: "GET", path: "/openapi.json", status: 200, has: []string{`"openapi": "3.1.0"`}},
		{name: "docs", method: "GET", path: "/docs", status: 200, headers: map[string]string{"Content-Type": "text/html; charset=utf-8"}},
		{name: "HEAD", method: "HEAD", path: "/healthz", status: 200, hasNot: []string{"ok"}},

		{name: "unknown route", method: "GET", path: "/" + marker, status: 404, has: []string{"no such route"}},
		{name: "root", method: "GET", path: "/", status: 404, has: []string{"no such route"}},
		{name: "unclean route", method: "POST", path: "/klaas//openfinance/v1/analytics", header: json(), status: 404, has: []string{"no such route"}},
		{name: "dots", method: "GET", path: "/klaas/v1/../../healthz", header: json(), status: 404, has: []string{"no such route"}},
		{name: "trailing slash", method: "GET", path: "/healthz/", status: 404, has: []string{"no such route"}},
		{name: "wrong method", method: "DELETE", path: "/klaas/v1/submissions/" + done.RequestID, header: json(), status: 405,
			has: []string{"use GET or HEAD"}, headers: map[string]string{"Allow": "GET, HEAD"}},
		{name: "method nobody knows", method: marker, path: DefaultAnalyticsPath, header: json(), status: 405, headers: map[string]string{"Allow": "POST"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.on(t)
			a := w.do(c.method, c.path, c.header, bytes.NewReader(c.body))
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
			for _, text := range append(c.hasNot, marker) {
				if bytes.Contains(a.body, []byte(text)) {
					t.Errorf("%s has %s", a.body, text)
				}
			}
			for name, want := range c.headers {
				if got := a.header.Get(name); got != want {
					t.Errorf("header %s is %q, want %q", name, got, want)
				}
			}
		})
	}
	w.consistent()
	if strings.Contains(w.log.String(), marker) {
		t.Error("the log repeats a value of a request")
	}
}

func TestAliasPath(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.AnalyticsPaths = []string{"/open-finance/analytics", DefaultAnalyticsPath} })
	if a := w.do("POST", "/open-finance/analytics", as(w.app), bytes.NewReader(text(t, person(t)))); a.status != 200 {
		t.Errorf("the answer is %d %s", a.status, a.body)
	}
	w.accept(text(t, person(t)))
}

// TestAcceptedIsWhole checks what is kept of an accepted document.
func TestAcceptedIsWhole(t *testing.T) {
	w := newWorld(t)
	doc := with(t, "2026-01-05", "referenceDate")
	receipt := w.accept(doc)
	if got := w.body(receipt.RequestID); !bytes.Equal(got, doc) {
		t.Errorf("the document kept is\n%s\nwant\n%s", got, doc)
	}
	stored := w.stored()[0]
	want := store.Submission{
		ID: receipt.RequestID, ApplicationID: w.app.Application.ID, State: store.Accepted,
		ReceivedAt: now, ReferenceDay: "2026-01-05", SettingsRevision: w.app.Application.Revision,
		SecretID: stored.SecretID, WrappedKey: stored.WrappedKey, Size: len(doc), TaxHash: w.keys.Hash("52998224725"),
		Outcome: stored.Outcome,
	}
	if diff := cmp.Diff(want, stored); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
	if stored.SecretID == "" || stored.SettingsRevision == 0 {
		t.Errorf("secret %q, settings revision %d: both must be pinned", stored.SecretID, stored.SettingsRevision)
	}
	if w.queue.nudges != 1 {
		t.Errorf("the workers were told %d times", w.queue.nudges)
	}
	w.consistent()
}

func TestNothingIsStoredHalf(t *testing.T) {
	w := newWorld(t)
	w.queue.fault = errors.New("no queue: " + marker)
	a := w.post(text(t, person(t)), "Idempotency-Key", "one")
	if w.problem(a); a.status != 500 {
		t.Errorf("the answer is %d %s", a.status, a.body)
	}
	if n := len(w.stored()); n != 0 {
		t.Errorf("%d submissions are stored without a job", n)
	}
	if strings.Contains(w.log.String()+string(a.body), marker) {
		t.Error("the text of an unforeseen error was shown")
	}
	w.queue.fault = nil
	w.accept(text(t, person(t)), "Idempotency-Key", "one") // the key was not kept either
	w.consistent()
}

func TestIdempotencyKey(t *testing.T) {
	w := newWorld(t)
	doc := with(t, "12,50", "accounts", 0, "transactions", 0, "transactionAmount", "amount")
	first := w.accept(doc, "Idempotency-Key", "order-1")
	w.compute(first.RequestID) // the answer does not change when the state does
	if diff := cmp.Diff(first, w.accept(doc, "Idempotency-Key", "order-1")); diff != "" {
		t.Errorf("the second answer differs (-first +second):\n%s", diff)
	}
	if a := w.post(text(t, person(t)), "Idempotency-Key", "order-1"); a.status != 409 {
		t.Errorf("another body: the answer is %d %s", a.status, a.body)
	}
	if again := w.accept(doc); again.RequestID == first.RequestID {
		t.Error("without a key the call was not a new one")
	}
	h := as(w.other)
	h.Set("Idempotency-Key", "order-1")
	a := w.do("POST", DefaultAnalyticsPath, h, bytes.NewReader(doc))
	if other := decode[Receipt](t, a.body); other.RequestID == first.RequestID {
		t.Error("another application's key gave this application's answer")
	}
	if n := len(w.stored()); n != 3 {
		t.Errorf("%d submissions are stored, want 3", n)
	}
	w.consistent()
}

// TestAlikeIdempotencyKeysAreTwo checks that keys which differ in a dash or in
// case alone are different keys: taking one for the other would lose a document.
func TestAlikeIdempotencyKeysAreTwo(t *testing.T) {
	w := newWorld(t)
	keys := []string{"order-1-23", "order-12-3", "order123", "Order123", "order/123", "order.1.23"}
	taken := map[string]bool{}
	for _, key := range keys {
		taken[w.accept(text(t, person(t)), "Idempotency-Key", key).RequestID] = true
	}
	if len(taken) != len(keys) {
		t.Errorf("%d keys gave %d submissions", len(keys), len(taken))
	}
	w.consistent()
}

func TestIdempotencyKeyConcurrently(t *testing.T) {
	w := newWorld(t)
	doc := text(t, person(t))
	const callers = 16
	ids := make([]string, callers)
	var all sync.WaitGroup
	for i := range callers {
		all.Go(func() { ids[i] = w.accept(doc, "Idempotency-Key", "same").RequestID })
	}
	all.Wait()
	if slices.Sort(ids); ids[0] != ids[callers-1] {
		t.Errorf("the answers name different submissions: %v", slices.Compact(ids))
	}
	if n := len(w.stored()); n != 1 {
		t.Errorf("%d submissions are stored, want 1", n)
	}
	w.consistent()
}

func TestWait(t *testing.T) {
	w := newWorld(t)
	doc := text(t, person(t))

	w.wait = func(ctx context.Context, _ string) error {
		if deadline, ok := ctx.Deadline(); !ok || time.Until(deadline) > 2*time.Second {
			t.Errorf("the wait ends at %v", deadline)
		}
		return context.DeadlineExceeded
	}
	a := w.post(doc, "Prefer", "wait=2")
	if receipt := decode[Receipt](t, a.body); a.status != 200 || receipt.Reports != nil || a.header.Get("Preference-Applied") != "" {
		t.Errorf("reports that are late: %d %s %v", a.status, a.body, a.header)
	}

	w.wait = func(context.Context, string) error { return nil }
	a = w.post(doc, "Prefer", "wait=2") // woken, but nothing is computed
	if receipt := decode[Receipt](t, a.body); a.status != 200 || receipt.Reports != nil || a.header.Get("Preference-Applied") != "" {
		t.Errorf("woken too early: %d %s %v", a.status, a.body, a.header)
	}

	w.wait = func(_ context.Context, id string) error { w.compute(id); return nil }
	receipt := w.accept(doc, "Prefer", `wait="2"; x`, "Idempotency-Key", "k")
	if len(receipt.Reports) != 2 || receipt.Problems == nil || receipt.Problems.Count != 1 {
		t.Fatalf("the receipt has not what computing found: %+v", receipt)
	}
	for _, r := range receipt.Reports {
		if a := w.get(r.URL); string(a.body) != reportText || r.Size != len(a.body) {
			t.Errorf("the report behind %s is %s, its size %d", r.URL, a.body, r.Size)
		}
	}
}

func TestPages(t *testing.T) {
	w := newWorld(t)
	doc := text(t, person(t))
	var want []string
	for i := range 7 {
		at := now.Add(time.Duration(i/2) * time.Second) // pairs of one moment
		receiver := &receive.Receiver{Store: w.store, Keys: w.keys, Accounts: w.accounts, Queue: w.queue, Now: func() time.Time { return at }}
		r, err := receiver.Accept(t.Context(), account.Principal{ApplicationID: w.app.Application.ID, PartnerID: w.app.Application.PartnerID}, doc, "")
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, r.RequestID)
	}
	for _, limit := range []string{"1", "2", "3", "6", "7", "8"} {
		var got []string
		next := "/klaas/v1/submissions?limit=" + limit
		for pages := 0; next != ""; pages++ {
			if pages > 8 {
				t.Fatalf("limit %s: the pages do not end", limit)
			}
			list := decode[SubmissionList](t, w.get(next).body)
			if len(list.Submissions) == 0 {
				t.Errorf("limit %s: a page is empty", limit)
			}
			for _, s := range list.Submissions {
				got = append(got, s.RequestID)
			}
			next = list.Next
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("limit %s: the pages hold %v, want %v", limit, got, want)
		}
	}
}

// TestProblemsBeforeComputing checks that the list is there at once.
func TestProblemsBeforeComputing(t *testing.T) {
	w := newWorld(t)
	receipt := w.accept(with(t, "12,50", "accounts", 0, "transactions", 0, "transactionAmount", "amount"))
	list := decode[ProblemList](t, w.get(receipt.Problems.URL).body)
	if list.Count != 1 || list.State != "accepted" || len(list.Problems) != 1 || list.Problems[0].Path != "accounts[0].transactions[0].transactionAmount.amount" || list.Problems[0].Severity != openfinance.LeftOut {
		t.Errorf("the list is %+v", list)
	}
}

// TestForeignApplication calls every operation that takes an id with the id of
// another application's thing.
func TestForeignApplication(t *testing.T) {
	w := newWorld(t)
	receipt := w.accept(text(t, person(t)), "Prefer", "wait=1")
	ids := map[string]string{
		"/klaas/v1/submissions/{id}":          receipt.RequestID,
		"/klaas/v1/submissions/{id}/problems": receipt.RequestID,
		"/klaas/v1/reports/{id}":              receipt.Reports[0].ProductReportID,
		"/klaas/v1/reports/{id}/evidence":     receipt.Reports[0].ProductReportID,
	}
	for _, o := range operations(nil) {
		if o.open {
			continue
		}
		if a := w.do(o.method, filled(o.path, "pf_balance", receipt.RequestID), http.Header{"Content-Type": {"application/json"}}, nil); a.status != 401 {
			t.Errorf("%s %s without credentials: %d", o.method, o.path, a.status)
		}
		if o.takesDocument {
			continue
		}
		if strings.Contains(o.path, "{id}") && ids[o.path] == "" {
			t.Errorf("%s: the test has no id for it", o.path)
		}
		path := filled(o.path, "pf_balance", ids[o.path])
		if a := w.do(o.method, path, as(w.app), o.example(t)); a.status != 200 {
			t.Errorf("%s %s with its own key: %d %s", o.method, path, a.status, a.body)
		}
		a := w.do(o.method, path, as(w.other), o.example(t))
		if strings.Contains(o.path, "{id}") {
			unknown := w.do(o.method, filled(o.path, "", uuid.NewString()), as(w.other), nil)
			p, q := w.problem(a), w.problem(unknown)
			if p.RequestID, q.RequestID = "", ""; a.status != 404 || !cmp.Equal(p, q) {
				t.Errorf("%s %s with a foreign key: %d %s, for what does not exist: %s", o.method, path, a.status, a.body, unknown.body)
			}
			continue
		}
		for _, id := range []string{receipt.RequestID, receipt.Reports[0].ProductReportID, w.app.Application.ID} {
			if bytes.Contains(a.body, []byte(id)) {
				t.Errorf("%s %s with a foreign key shows %s", o.method, path, id)
			}
		}
	}
}

// example returns the example of an operation's body.
func (o *operation) example(t testing.TB) io.Reader {
	if o.body == nil {
		return nil
	}
	return bytes.NewReader(text(t, o.body))
}

func filled(path, name, id string) string {
	return strings.NewReplacer("{name}", name, "{id}", id).Replace(path)
}

func TestErased(t *testing.T) {
	w := newWorld(t)
	a := &api{Config: Config{Keys: w.keys}}
	_, err := a.open(uuid.NewString(), nil, "userdata", []byte("x"))
	var f *failure
	if !errors.As(err, &f) || f.status != 410 {
		t.Errorf("without its key a thing is %v, want 410", err)
	}
}

func TestDraining(t *testing.T) {
	w := newWorld(t)
	w.draining = true
	for _, a := range []answer{w.get("/readyz"), w.post(text(t, person(t)))} {
		w.problem(a)
		if a.status != 503 || a.header.Get("Retry-After") == "" {
			t.Errorf("the answer is %d %s, Retry-After %q", a.status, a.body, a.header.Get("Retry-After"))
		}
	}
	if a := w.get("/healthz"); a.status != 200 {
		t.Errorf("/healthz is %d", a.status)
	}
}

// TestDatabaseLost closes the database under the running server.
func TestDatabaseLost(t *testing.T) {
	w := newWorld(t)
	receipt := w.accept(text(t, person(t)))
	if err := w.store.Close(); err != nil {
		t.Fatal(err)
	}
	for name, a := range map[string]answer{
		"ready": w.get("/readyz"), "accept": w.post(text(t, person(t))), "keyed": w.post(text(t, person(t)), "Idempotency-Key", "k"),
		"status": w.get("/klaas/v1/submissions/" + receipt.RequestID),
	} {
		w.problem(a)
		if a.status != 503 || a.header.Get("Retry-After") == "" {
			t.Errorf("%s: the answer is %d %s, Retry-After %q", name, a.status, a.body, a.header.Get("Retry-After"))
		}
	}
	if a := w.get("/healthz"); a.status != 200 {
		t.Errorf("/healthz is %d", a.status)
	}
}

func TestNoMemory(t *testing.T) {
	budget := receive.NewBudget(1 << 20)
	w := newWorld(t, func(c *Config) { c.Memory = budget })
	w.accept(text(t, person(t)))
	hold, err := budget.Hold(t.Context(), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	big := append(text(t, person(t)), bytes.Repeat([]byte(" "), 200<<10)...)
	const callers = 8 // 0.8 of the budget each: one can wait, the others are refused
	answers := make(chan answer, callers)
	for range callers {
		go func() { answers <- w.post(big) }()
	}
	for range callers - 1 {
		a := <-answers
		if w.problem(a); a.status != 503 || a.header.Get("Retry-After") == "" {
			t.Errorf("over the limit: %d %s", a.status, a.body)
		}
	}
	hold.Release()
	if a := <-answers; a.status != 200 {
		t.Errorf("the one that waited: %d %s", a.status, a.body)
	}
	w.accept(big)
}

// TestStalledSenderGivesRoomBack checks that a sender who announces much and then
// falls silent is refused, so that it does not keep others out.
func TestStalledSenderGivesRoomBack(t *testing.T) {
	w := newWorld(t, func(c *Config) {
		c.Memory, c.Stall = receive.NewBudget(1<<20), 200*time.Millisecond
	})
	host := strings.TrimPrefix(w.server.URL, "http://")
	connection, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close() }()
	_, err = fmt.Fprintf(connection, "POST %s HTTP/1.1\r\nHost: %s\r\npartner_code: %s\r\npartner_token: %s\r\n"+
		"Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{", DefaultAnalyticsPath, host, w.app.Code, w.app.Token)
	if err != nil {
		t.Fatal(err)
	}
	if err := connection.SetReadDeadline(time.Now().Add(8 * time.Second)); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	refusal, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if p := w.problem(answer{response.StatusCode, response.Header, refusal}); p.StatusCode != 408 {
		t.Errorf("the silent sender gets %s", refusal)
	}
	w.accept(text(t, person(t)))
}

// TestSlowSenderIsHeard checks that pauses under the limit, longer than it in
// sum, and a wait longer than it harm nothing.
func TestSlowSenderIsHeard(t *testing.T) {
	const stall = 300 * time.Millisecond
	w := newWorld(t, func(c *Config) { c.Stall = stall })
	compute := w.wait
	w.wait = func(ctx context.Context, id string) error {
		select {
		case <-time.After(2 * stall):
			return compute(ctx, id)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	r, body := io.Pipe()
	go func() {
		for _, part := range slices.Collect(slices.Chunk(text(t, person(t)), 400)) {
			time.Sleep(stall / 6)
			_, _ = body.Write(part) // The test fails where it does not arrive.
		}
		_ = body.Close()
	}()
	header := as(w.app)
	header.Set("Prefer", "wait=5")
	a := w.do(http.MethodPost, DefaultAnalyticsPath, header, r)
	if a.status != 200 || a.header.Get("Preference-Applied") == "" {
		t.Errorf("the answer is %d %s", a.status, a.body)
	}
}

// TestPanic checks that a fault of a handler is answered, logged without its
// value, and does not end the server.
func TestPanic(t *testing.T) {
	w := newWorld(t)
	w.wait = func(context.Context, string) error { panic("cpf " + marker) }
	a := w.post(text(t, person(t)), "Prefer", "wait=1")
	if w.problem(a); a.status != 500 {
		t.Errorf("the answer is %d %s", a.status, a.body)
	}
	if log := w.log.String(); strings.Contains(log+string(a.body), marker) || !strings.Contains(log, "panic string at") {
		t.Errorf("the log is %s", log)
	}
	w.accept(text(t, person(t)))
}

// TestNothingPersonalIsShown sends documents with a marker in every value, sound
// and broken, and looks for it in every answer and in the log.
func TestNothingPersonalIsShown(t *testing.T) {
	w := newWorld(t)
	var docs [][]byte
	marked := func(value any) any { return marker }
	docs = append(docs, text(t, everyValue(sample(t), marked)), text(t, everyValue(person(t), marked)))
	docs = append(docs, wrongTypes(t)[:40]...)
	for _, place := range fieldsOf(person(t), nil) {
		doc := person(t)
		if parent, ok := at(doc, place[:len(place)-1]...).(map[string]any); ok {
			parent[place[len(place)-1].(string)] = marker
			docs = append(docs, text(t, doc))
		}
	}
	for _, key := range []string{"referenceDate", "taxId", "products", "productsCallbackURL", "externalInfo"} {
		for _, value := range []any{marker, []any{marker}, map[string]any{marker: marker}, map[string]any{"all": marker}} {
			docs = append(docs, with(t, value, key))
		}
	}
	whole := text(t, person(t))
	marked2 := bytes.ReplaceAll(whole, []byte("MARIA DA SILVA"), []byte(marker))
	docs = append(docs, marked2, marked2[:len(marked2)-7], append(slices.Clone(marked2), marker...),
		bytes.ReplaceAll(marked2, []byte(`"`+marker+`"`), []byte(marker)),
		bytes.ReplaceAll(marked2, []byte(marker), []byte(marker+`\x`)),
		bytes.ReplaceAll(marked2, []byte(marker), []byte(marker+"\x01")))

	seen := map[int]int{}
	for _, doc := range docs {
		for _, a := range []answer{
			w.post(doc, "Idempotency-Key", marker),
			w.post(doc, "Prefer", "wait=1"),
			w.do("POST", DefaultAnalyticsPath+"/"+marker+"?cpf="+marker, as(w.app), bytes.NewReader(doc)),
			w.do("POST", DefaultAnalyticsPath, http.Header{"Partner_code": {marker}, "Partner_token": {marker}}, bytes.NewReader(doc)),
		} {
			seen[a.status]++
			if bytes.Contains(a.body, []byte(marker)) {
				t.Errorf("%s repeats a value of %s", a.body, doc)
			}
			if a.status != 200 {
				w.problem(a)
				continue
			}
			if receipt := decode[Receipt](t, a.body); receipt.Problems != nil {
				if a := w.get(receipt.Problems.URL); bytes.Contains(a.body, []byte(marker)) {
					t.Errorf("%s repeats a value of %s", a.body, doc)
				}
			}
		}
	}
	for _, status := range []int{200, 400, 401, 404, 409, 416, 422} {
		if seen[status] == 0 {
			t.Errorf("no answer has status %d: %v", status, seen)
		}
	}
	log := w.log.String()
	for _, value := range []string{marker, "MARIA", "52998224725", w.app.Token, w.app.Code, w.app.Secret, url.QueryEscape(w.app.Token)} {
		if strings.Contains(log, value) {
			t.Errorf("the log has %s", value)
		}
	}
	w.consistent()
}

// everyValue returns a copy of a document with every scalar replaced.
func everyValue(value any, replace func(any) any) any {
	switch value := value.(type) {
	case map[string]any:
		copied := make(map[string]any, len(value))
		for key, inner := range value {
			copied[key] = everyValue(inner, replace)
		}
		return copied
	case []any:
		copied := make([]any, len(value))
		for i, inner := range value {
			copied[i] = everyValue(inner, replace)
		}
		return copied
	}
	return replace(value)
}

func TestLog(t *testing.T) {
	w := newWorld(t)
	doc := text(t, person(t))
	receipt := w.accept(doc)
	w.get("/klaas/v1/submissions/" + receipt.RequestID)
	w.eventually("both requests are in the log", func() bool { return strings.Count(w.log.String(), `"msg":"request"`) == 2 })
	var lines []map[string]any
	for line := range strings.Lines(w.log.String()) {
		var entry map[string]any
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatal(err)
		}
		if entry["msg"] == "request" {
			lines = append(lines, entry)
		}
	}
	for i, want := range []map[string]any{
		{"method": "POST", "route": DefaultAnalyticsPath, "status": 200.0, "in": float64(len(doc)), "requestId": receipt.RequestID, "applicationId": w.app.Application.ID},
		{"method": "GET", "route": "/klaas/v1/submissions/{id}", "status": 200.0, "in": 0.0, "applicationId": w.app.Application.ID},
	} {
		for key, value := range want {
			if lines[i][key] != value {
				t.Errorf("line %d: %s is %v, want %v", i, key, lines[i][key], value)
			}
		}
		if lines[i]["out"].(float64) == 0 {
			t.Errorf("line %d: out is 0", i)
		}
	}
}

func TestPreferredWait(t *testing.T) {
	for text, want := range map[string]int{
		"wait=10": 10, " Wait = 10 ": 10, `wait="7"`: 7, "respond-async,wait=3; x=1": 3, "wait=30": 30, "wait=31": 30, "wait=2147483647": 30,
		"": 0, "wait": 0, "wait=": 0, "wait=0": 0, "wait=-1": 0, "wait=1.5": 0, "wait=99999999999999": 0, "waiting=5": 0,
	} {
		if got := preferredWait([]string{text}); got != want {
			t.Errorf("Prefer: %s waits %d seconds, want %d", text, got, want)
		}
	}
}

// TestOpenAPI checks that the document speaks of every route and that the
// answers of the server match their schemas.
func TestOpenAPI(t *testing.T) {
	w := newWorld(t)
	doc := parse(t, string(w.get("/openapi.json").body))
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("openapi.json", doc); err != nil {
		t.Fatal(err)
	}
	receipt := w.accept(with(t, "12,50", "accounts", 0, "transactions", 0, "transactionAmount", "amount"), "Prefer", "wait=1")
	check := func(pointer string, body []byte) {
		t.Helper()
		schema, err := compiler.Compile("openapi.json#" + pointer)
		if err != nil {
			t.Errorf("%s: %v", pointer, err)
			return
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: %v", pointer, err)
		}
	}
	escape := strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D")
	for _, o := range operations(nil) {
		if at(doc, "paths", o.path, strings.ToLower(o.method)) == nil {
			t.Errorf("%s %s is not in the document", o.method, o.path)
			continue
		}
		base := "/paths/" + escape.Replace(o.path) + "/" + strings.ToLower(o.method)
		if o.takesDocument {
			check(base+"/requestBody/content/application~1json/schema", text(t, sample(t)))
			check(base+"/responses/200/content/application~1json/schema", text(t, receipt))
			continue
		}
		id := receipt.RequestID
		if strings.Contains(o.path, "reports") {
			id = receipt.Reports[0].ProductReportID
		}
		if o.body != nil {
			check(base+"/requestBody/content/application~1json/schema", text(t, o.body))
		}
		a := w.do(o.method, filled(o.path, "pf_balance", id), as(w.app), o.example(t))
		if a.status != 200 || !strings.HasPrefix(a.header.Get("Content-Type"), o.mediaType()) {
			t.Errorf("%s: %d %s", o.path, a.status, a.header.Get("Content-Type"))
		}
		if o.answer != nil {
			check(base+"/responses/200/content/application~1json/schema", a.body)
		}
		if !o.open {
			check(base+"/responses/401/content/application~1json/schema", w.do(o.method, o.path, nil, nil).body)
		}
	}
	if at(doc, "webhooks", "report", "post") == nil {
		t.Error("the document does not speak of the webhook")
	}
	alone, err := OpenAPI("test", nil)
	if err != nil || !bytes.Equal(alone, w.get("/openapi.json").body) {
		t.Errorf("OpenAPI without a server differs from the server's: %v", err)
	}
}

// TestDocsPage checks that the page speaks of every operation in both languages
// and loads nothing.
func TestDocsPage(t *testing.T) {
	w := newWorld(t)
	a := w.get("/docs")
	page := string(a.body)
	for _, o := range operations(nil) {
		for _, text := range []string{o.method + " " + o.path, o.title.PT, o.title.EN, o.about.PT, o.about.EN} {
			if !strings.Contains(page, html.EscapeString(text)) {
				t.Errorf("the page does not have %q", text)
			}
		}
	}
	for _, outside := range []string{"<script", "src=", "url(", "@import", "<link", "<iframe", "javascript:", " style=", "onclick"} {
		if strings.Contains(page, outside) {
			t.Errorf("the page has %q", outside)
		}
	}
	_, style, _ := strings.Cut(page, "<style>")
	style, _, _ = strings.Cut(style, "</style>")
	sum := sha256.Sum256([]byte(style))
	want := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	if policy := a.header.Get("Content-Security-Policy"); policy != want {
		t.Errorf("the policy is %q, want %q", policy, want)
	}
}

// TestDocumentedRoutes checks that docs/api.md names every route.
func TestDocumentedRoutes(t *testing.T) {
	text := readDoc(t)
	for _, o := range operations(nil) {
		if !strings.Contains(text, "`"+o.method+" "+o.path) {
			t.Errorf("docs/api.md does not have %s %s", o.method, o.path)
		}
	}
	for _, s := range statuses {
		if !strings.Contains(text, "| "+slog.IntValue(s.code).String()+" |") {
			t.Errorf("docs/api.md does not have status %d", s.code)
		}
	}
}

func TestNewNeedsItsParts(t *testing.T) {
	if _, err := New(Config{}); err == nil {
		t.Error("New took a config without parts")
	}
}
