package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/account"
	"github.com/openklaas/klaas/internal/flow"
	"github.com/openklaas/klaas/internal/receive"
	"github.com/openklaas/klaas/internal/seal"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/internal/store"
	"github.com/openklaas/klaas/internal/store/sqlite"
	"github.com/openklaas/klaas/openfinance"
)

// now is the moment at which tests play: 30 January in UTC and in São Paulo.
var now = time.Date(2026, 1, 30, 15, 4, 5, 678901000, time.UTC)

// world is a server on a real database with two applications of two partners.
type world struct {
	testing.TB
	store    store.Store
	keys     *seal.Keyset
	accounts *account.Service
	queue    *queue
	server   *httptest.Server
	log      *lockedBuffer
	app      account.Created
	other    account.Created

	opened   map[string]bool // bodies that were looked at
	draining bool
	wait     func(ctx context.Context, submissionID string) error
}

// queue takes jobs as the flow does, and does nothing with them.
type queue struct {
	mu     sync.Mutex
	jobs   []string
	nudges int
	fault  error // what Enqueue returns
}

func (q *queue) Enqueue(_ context.Context, _ store.Tx, submissionID string) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.fault == nil {
		q.jobs = append(q.jobs, submissionID)
	}
	return q.fault
}

func (q *queue) count() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.jobs)
}

func (q *queue) Accepted() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.nudges++
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newWorld(t testing.TB, change ...func(*Config)) *world {
	t.Helper()
	ctx := t.Context()
	w := &world{TB: t, queue: &queue{}, log: &lockedBuffer{}, opened: map[string]bool{}}
	var err error
	if w.store, err = sqlite.Open(ctx, t.TempDir(), sqlite.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.store.Close() })
	if err := w.store.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	if w.keys, err = seal.Generate(); err != nil {
		t.Fatal(err)
	}
	accounts := account.New(w.store, w.keys)
	w.accounts = accounts
	w.app = w.newApplication(accounts, "first", setting.Settings{Products: []setting.ProductChoice{
		{Name: "pf_checking_account"}, {Name: "pf_balance", Versions: []string{"V1", "V1.1"}}, {Name: "pj_checking_account"},
	}})
	w.other = w.newApplication(accounts, "second", setting.Settings{Products: []setting.ProductChoice{{Name: "pf_checking_account"}}})

	clock := func() time.Time { return now }
	w.wait = func(ctx context.Context, id string) error { w.compute(id); return ctx.Err() }
	c := Config{
		Store: w.store, Keys: w.keys, Accounts: accounts,
		Receiver: &receive.Receiver{Store: w.store, Keys: w.keys, Accounts: accounts, Queue: w.queue, Now: clock},
		Memory:   receive.NewBudget(1 << 30),
		Wait:     func(ctx context.Context, id string) error { return w.wait(ctx, id) },
		Explain:  w.explain,
		Draining: func() bool { return w.draining },
		Log:      slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Version:  "test",
	}
	for _, f := range change {
		f(&c)
	}
	handler, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	w.server = httptest.NewServer(handler)
	t.Cleanup(w.server.Close)
	return w
}

// explain knows one figure of every report of an application.
func (w *world) explain(ctx context.Context, applicationID, reportID, pointer string) (*klaas.Why, error) {
	err := w.store.View(ctx, func(tx store.Tx) error {
		_, err := tx.Report(ctx, applicationID, reportID)
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case pointer == "/changed":
		return nil, flow.ErrChanged
	case pointer == "/erased":
		return nil, flow.ErrErased
	case pointer == "/balance/nothing":
		return nil, klaas.ErrNoFigure
	}
	return &klaas.Why{ProductReportID: reportID, Pointer: pointer, Value: []byte("12.34"), Follows: klaas.FollowsSum, Items: []klaas.WhyItem{}}, nil
}

// on reports failures to a subtest while that runs.
func (w *world) on(t *testing.T) {
	outer := w.TB
	w.TB = t
	t.Cleanup(func() { w.TB = outer })
}

func (w *world) newApplication(accounts *account.Service, name string, s setting.Settings) account.Created {
	w.Helper()
	partner, err := accounts.CreatePartner(w.Context(), name)
	if err != nil {
		w.Fatal(err)
	}
	created, err := accounts.CreateApplication(w.Context(), partner.ID, name, "production", s)
	if err != nil {
		w.Fatal(err)
	}
	return created
}

// as returns the headers of a JSON call of an application.
func as(app account.Created) http.Header {
	return http.Header{"Partner_code": {app.Code}, "Partner_token": {app.Token}, "Content-Type": {"application/json"}}
}

// answer is an HTTP answer read whole.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// do sends a request as it is given.
func (w *world) do(method, path string, header http.Header, body io.Reader) answer {
	w.Helper()
	r, err := http.NewRequestWithContext(w.Context(), method, w.server.URL+path, body)
	if err != nil {
		w.Fatal(err)
	}
	for name, values := range header {
		r.Header[name] = values
	}
	resp, err := w.server.Client().Do(r)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		w.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, text}
}

// get sends a GET of the first application.
func (w *world) get(path string) answer {
	w.Helper()
	return w.do(http.MethodGet, path, as(w.app), nil)
}

// post sends a document of the first application.
func (w *world) post(body []byte, header ...string) answer {
	w.Helper()
	h := as(w.app)
	for i := 0; i+1 < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return w.do(http.MethodPost, DefaultAnalyticsPath, h, bytes.NewReader(body))
}

// accept sends a document that must be taken and returns its receipt.
func (w *world) accept(body []byte, header ...string) Receipt {
	w.Helper()
	a := w.post(body, header...)
	if a.status != http.StatusOK {
		w.Fatalf("the answer is %d %s", a.status, a.body)
	}
	return decode[Receipt](w, a.body)
}

// decode reads an answer that has the keys of T and no others.
func decode[T any](t testing.TB, body []byte) T {
	t.Helper()
	var v T
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return v
}

// problem reads the one error body and checks what all of them have.
func (w *world) problem(a answer) ErrorBody {
	w.Helper()
	p := decode[ErrorBody](w, a.body)
	if got := a.header.Get("Content-Type"); got != "application/json" {
		w.Errorf("Content-Type is %q", got)
	}
	if p.StatusCode != a.status && (a.status != 416 || p.StatusCode < 4001 || p.StatusCode > 4009) {
		w.Errorf("statusCode is %d in an answer with status %d", p.StatusCode, a.status)
	}
	if p.Title == "" || p.Message == "" {
		w.Errorf("error or message is empty in %s", a.body)
	}
	if uuid.Validate(p.RequestID) != nil {
		w.Errorf("requestId is %q", p.RequestID)
	}
	w.eventually("the requestId of "+string(a.body)+" is in the log", func() bool {
		return strings.Contains(w.log.String(), p.RequestID)
	})
	return p
}

// eventually waits for what the server does after it has answered.
func (w *world) eventually(what string, holds func() bool) {
	w.Helper()
	for range 500 {
		if holds() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	w.Fatalf("not within 5 seconds: %s", what)
}

// stored returns all submissions of both applications, newest first.
func (w *world) stored() []store.Submission {
	w.Helper()
	var all []store.Submission
	err := w.store.View(w.Context(), func(tx store.Tx) error {
		for _, app := range []account.Created{w.app, w.other} {
			list, err := tx.ListSubmissions(w.Context(), app.Application.ID, time.Time{}, 1000)
			if err != nil {
				return err
			}
			all = append(all, list...)
		}
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
	return all
}

// consistent checks that every submission has its job and every job its
// submission, and that each body can be opened.
func (w *world) consistent() {
	w.Helper()
	var ids []string
	for _, s := range w.stored() {
		ids = append(ids, s.ID)
		if !w.opened[s.ID] {
			w.opened[s.ID] = true
			w.body(s.ID)
		}
	}
	w.queue.mu.Lock()
	defer w.queue.mu.Unlock()
	jobs := slices.Sorted(slices.Values(w.queue.jobs))
	slices.Sort(ids)
	if !slices.Equal(ids, jobs) {
		w.Errorf("stored half: submissions %v, jobs %v", ids, jobs)
	}
}

// body returns the document of a submission as it is kept.
func (w *world) body(id string) []byte {
	w.Helper()
	var s store.Submission
	err := w.store.View(w.Context(), func(tx store.Tx) (err error) {
		s, err = tx.SubmissionForWork(w.Context(), id)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	key, err := w.keys.DataKey(id, s.WrappedKey)
	if err != nil {
		w.Fatal(err)
	}
	body, err := key.Open("userdata", s.Userdata)
	if err != nil {
		w.Fatal(err)
	}
	return body
}

// reportText is the body of every report that compute makes.
const reportText = `{"code":204,"message":"PARTIAL: 1 record left out in accounts","productName":"pf_balance"}`

// compute does to a submission what a worker does: two reports, a delivery with
// a failed attempt, a problem, the outcome.
func (w *world) compute(id string) (reportIDs []string) {
	w.Helper()
	ctx := w.Context()
	err := w.store.Update(ctx, func(tx store.Tx) error {
		s, err := tx.SubmissionForWork(ctx, id)
		if err != nil || s.State != store.Accepted {
			return err
		}
		key, err := w.keys.DataKey(id, s.WrappedKey)
		if err != nil {
			return err
		}
		sealed := func(purpose, text string) []byte {
			b, err := key.Seal(purpose, []byte(text))
			if err != nil {
				w.Fatal(err)
			}
			return b
		}
		endpoint, err := tx.EnsureEndpoint(ctx, s.ApplicationID, "https://hooks.example.com/klaas?token=HOOKTOKEN", now)
		if err != nil {
			return err
		}
		for i, version := range []string{"V1", "V1.1"} {
			r := store.Report{
				ID: uuid.NewString(), SubmissionID: id, ApplicationID: s.ApplicationID, Ordinal: i,
				Product: "pf_balance", Version: version, Part: 1, Code: 204, Size: len(reportText), CreatedAt: now,
			}
			r.Body = sealed("report:"+r.ID, reportText)
			if err := tx.InsertReport(ctx, r); err != nil {
				return err
			}
			reportIDs = append(reportIDs, r.ID)
			d := store.Delivery{
				ID: uuid.NewString(), ReportID: r.ID, SubmissionID: id, ApplicationID: s.ApplicationID, EndpointID: endpoint.ID,
				State: store.Waiting, Attempts: 1, CreatedAt: now, FirstAttemptAt: now, NextAttemptAt: now.Add(time.Second),
			}
			if err := tx.InsertDelivery(ctx, d); err != nil {
				return err
			}
			attempt := store.Attempt{ID: uuid.NewString(), DeliveryID: d.ID, Number: 1, At: now, Status: 503, Latency: 12345 * time.Microsecond}
			attempt.Answer = sealed("answer:"+attempt.ID, "try later")
			if err := tx.InsertAttempt(ctx, attempt); err != nil {
				return err
			}
		}
		problems, err := json.Marshal([]openfinance.Problem{{Path: "accounts[0].transactions[3]", Message: "is null: send an object, or leave it out", Severity: openfinance.LeftOut, Section: "accounts"}})
		if err != nil {
			return err
		}
		return tx.FinishSubmission(ctx, id, store.Outcome{
			State: store.Computed, FinishedAt: now.Add(50 * time.Millisecond),
			ProblemCount: 1, Problems: sealed("problems", string(problems)), NotSent: []string{"pj_checking_account"},
		})
	})
	if err != nil {
		w.Error(err)
	}
	return reportIDs
}

// person returns a sound document, which a test may spoil.
func person(t testing.TB) map[string]any {
	t.Helper()
	return parse(t, `{
		"accounts": [{
			"accountId": "account-1", "brandName": "Banco A", "compeCode": "001", "companyCnpj": "00000000000191", "branchCode": "6272",
			"number": "94088392", "checkDigit": "4", "type": "CONTA_DEPOSITO_A_VISTA", "subtype": "INDIVIDUAL",
			"balances": {
				"availableAmount": {"amount": "1000.04", "currency": "BRL"},
				"blockedAmount": {"amount": "0.00", "currency": "BRL"},
				"automaticallyInvestedAmount": {"amount": "0.00", "currency": "BRL"}
			},
			"transactions": [
				{"transactionId": "t-1", "transactionDate": "2026-01-07", "creditDebitType": "DEBITO", "transactionName": "PIX ENVIADO MARIA DA SILVA",
				 "type": "PIX", "transactionAmount": {"amount": "10.00", "currency": "BRL"}, "completedAuthorisedPaymentType": "TRANSACAO_EFETIVADA"},
				{"transactionId": "t-2", "transactionDate": "2026-01-08", "creditDebitType": "CREDITO", "transactionName": "SALARIO",
				 "type": "FOLHA_PAGAMENTO", "transactionAmount": {"amount": "5000.00", "currency": "BRL"}, "completedAuthorisedPaymentType": "TRANSACAO_EFETIVADA"},
				{"transactionId": "t-3", "transactionDate": "2026-01-09", "creditDebitType": "DEBITO", "transactionName": "COMPRA CARTAO",
				 "type": "CARTAO", "transactionAmount": {"amount": "77.70", "currency": "BRL"}, "completedAuthorisedPaymentType": "TRANSACAO_EFETIVADA"}
			]
		}],
		"personalCustomerIdentification": [{
			"personalId": "person-1", "brandName": "Banco A", "civilName": "MARIA DA SILVA", "documents": {"cpfNumber": "52998224725"}
		}]
	}`)
}

func parse(t testing.TB, text string) map[string]any {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// sample returns the official sample of every field, with two tax ids mended
// whose check digits are wrong there: it has no problem.
func sample(t testing.TB) map[string]any {
	t.Helper()
	text, err := os.ReadFile("../../openfinance/testdata/demo-userdata.json")
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, strings.NewReplacer("43908445778", "52998224725", "01773247000563", "01773247000103").Replace(string(text)))
}

func text(t testing.TB, doc any) []byte {
	t.Helper()
	b, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// at returns what lies at a path of keys and indices.
func at(doc any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			doc = doc.(map[string]any)[step]
		case int:
			doc = doc.([]any)[step]
		}
	}
	return doc
}

// with returns the sound document with one value set.
func with(t testing.TB, value any, path ...any) []byte {
	t.Helper()
	doc := person(t)
	parent := at(doc, path[:len(path)-1]...).(map[string]any)
	parent[path[len(path)-1].(string)] = value
	return text(t, doc)
}
