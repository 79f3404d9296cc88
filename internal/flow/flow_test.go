package flow_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/account"
	"github.com/openklaas/klaas/internal/flow"
	"github.com/openklaas/klaas/internal/seal"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/internal/store"
	"github.com/openklaas/klaas/internal/store/postgres"
	"github.com/openklaas/klaas/internal/store/postgres/pgtest"
	"github.com/openklaas/klaas/internal/store/sqlite"
	"github.com/openklaas/klaas/openfinance"
)

// onBoth runs a test on each database.
func onBoth(t *testing.T, test func(*testing.T, *world)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, newWorld(t, ""))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, newWorld(t, pgtest.URL(t)))
	})
}

func TestEveryReportArrivesSigned(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		r := w.receiver(nil)
		w.settings(setting.Settings{CallbackURL: map[string]string{"all": r.server.URL}})
		w.start(flow.Config{Analyze: makes(14, nil)})

		var ids []string
		for range 3 {
			ids = append(ids, w.submit(nil))
		}
		r.await(3 * 14)

		webhook, err := standardwebhooks.NewWebhookRaw([]byte(w.app.Secret))
		w.ok(err)
		for _, c := range r.taken() {
			w.ok(webhook.Verify(c.body, c.header))
		}
		for _, id := range ids {
			w.settled(id, 14)
			s := w.submission(id)
			if s.State != store.Computed || s.FinishedAt.IsZero() || s.Failure != "" {
				t.Errorf("%+v", s.Outcome)
			}
			if diff := cmp.Diff([]string{"pj_balance"}, s.NotSent); diff != "" {
				t.Error(diff)
			}
			if problems := w.problems(s); s.ProblemCount != 1 || !strings.Contains(problems, "accounts[0]") {
				t.Errorf("%d problems: %s", s.ProblemCount, problems)
			}
		}
	})
}

func TestAnalysisGetsWhatTheSubmissionPinned(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.settings(setting.Settings{HistoryDays: 1})
		got := make(chan klaas.Options, 1)
		w.prepare(flow.Config{Analyze: func(userdata []byte, o klaas.Options) (*klaas.Analysis, error) {
			if string(userdata) != `{"accounts":[]}` {
				t.Errorf("the document is %s", userdata)
			}
			got <- o
			return &klaas.Analysis{}, nil
		}})
		id := w.submit(nil)
		w.settings(setting.Settings{HistoryDays: 2}) // too late
		w.run()
		o := <-got
		s := w.submission(id)
		want := klaas.Options{
			Settings:  setting.Settings{HistoryDays: 1},
			RequestID: id, Received: s.ReceivedAt, ReportTime: s.ReceivedAt.Truncate(time.Second), SecretKey: w.app.Secret,
		}
		if diff := cmp.Diff(want, o); diff != "" {
			t.Error(diff)
		}
	})
}

func TestWhereReportsGo(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		own, other, all, configured := w.receiver(nil), w.receiver(nil), w.receiver(nil), w.receiver(nil)
		w.settings(setting.Settings{CallbackURL: map[string]string{"all": configured.server.URL}})
		for _, test := range []struct {
			name     string
			callback map[string]string
			want     map[*receiver][]string
		}{
			{"settings", nil, map[*receiver][]string{configured: {"pf_balance", "pf_checking_account"}}},
			{"all", map[string]string{"all": all.server.URL}, map[*receiver][]string{all: {"pf_balance", "pf_checking_account"}}},
			{
				"own and other", map[string]string{"pf_checking_account": own.server.URL, "other": other.server.URL},
				map[*receiver][]string{own: {"pf_checking_account"}, other: {"pf_balance"}},
			},
			{
				"own, the rest as in the settings", map[string]string{"PF_Checking_Account": own.server.URL},
				map[*receiver][]string{own: {"pf_checking_account"}, configured: {"pf_balance"}},
			},
		} {
			w.start(flow.Config{Analyze: func(_ []byte, o klaas.Options) (*klaas.Analysis, error) {
				return &klaas.Analysis{CallbackURL: test.callback, Reports: []klaas.Report{
					report(o.RequestID, "pf_balance", 1), report(o.RequestID, "pf_checking_account", 2),
				}}, nil
			}})
			id := w.submit(nil)
			w.settled(id, 2)
			w.stop()
			for _, r := range []*receiver{own, other, all, configured} {
				var got []string
				for _, c := range r.drain() {
					got = append(got, c.product())
				}
				slices.Sort(got)
				if diff := cmp.Diff(test.want[r], got); diff != "" {
					t.Errorf("%s: %s", test.name, diff)
				}
			}
		}
	})
}

func TestReportsWithoutReceiverAreKept(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.start(flow.Config{Analyze: makes(2, nil)})
		id := w.submit(nil)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		w.ok(w.flow.Wait(ctx, id))
		if n := len(w.reports(id)); n != 2 {
			t.Errorf("%d reports, want 2", n)
		}
		if n := len(w.deliveries(id)); n != 0 {
			t.Errorf("%d deliveries, want none", n)
		}
	})
}

func TestWait(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.start(flow.Config{Analyze: makes(1, nil)})
		if err := w.flow.Wait(t.Context(), uuid.NewString()); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("for no submission: %v", err)
		}
		id := w.submit(nil)
		w.ok(w.flow.Wait(t.Context(), id))
		w.ok(w.flow.Wait(t.Context(), id)) // done already
		w.stop()
		late := w.submit(nil)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		if err := w.flow.Wait(ctx, late); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("with nobody to work: %v", err)
		}
	})
}

func TestFailures(t *testing.T) {
	const secret = "a name out of the document"
	onBoth(t, func(t *testing.T, w *world) {
		r := w.receiver(nil)
		w.settings(setting.Settings{
			Products:    []setting.ProductChoice{{Name: "pf_balance"}},
			CallbackURL: map[string]string{"all": r.server.URL},
		})
		hang := make(chan struct{})
		defer close(hang)
		for _, test := range []struct {
			name  string
			do    func() (*klaas.Analysis, error)
			class string
			code  int
			tries int32
		}{
			{"panic", func() (*klaas.Analysis, error) { panic(secret) }, "analysis panicked", 5000, 3},
			{"error", func() (*klaas.Analysis, error) { return nil, errors.New(secret) }, "analysis refused", 5000, 1},
			{"timeout", func() (*klaas.Analysis, error) { <-hang; return nil, errors.New(secret) }, "analysis timed out", 5003, 2},
		} {
			var tries atomic.Int32
			w.start(flow.Config{AnalysisTime: 200 * time.Millisecond, Analyze: func([]byte, klaas.Options) (*klaas.Analysis, error) {
				tries.Add(1)
				return test.do()
			}})
			id := w.submit([]byte(person))
			r.await(1)
			w.settled(id, 1)
			s := w.submission(id)
			if s.State != store.Failed || s.Failure != test.class {
				t.Errorf("%s: state %s, failure %q", test.name, s.State, s.Failure)
			}
			if reports := w.reports(id); len(reports) != 1 || reports[0].Code != test.code {
				t.Errorf("%s: %+v, want one report with code %d", test.name, reports, test.code)
			}
			if n := tries.Load(); n != test.tries {
				t.Errorf("%s: tried %d times, want %d", test.name, n, test.tries)
			}
			w.stop()
		}
		if strings.Contains(w.log.String(), secret) {
			t.Error("the log holds what an analysis choked on")
		}
		if text := w.queueText(); strings.Contains(text, secret) || !strings.Contains(text, "analysis panicked") {
			t.Errorf("the queue holds %s", text)
		}
	})
}

func TestRetriesUntilTaken(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		var mu sync.Mutex
		failed := map[string]int{}
		r := w.receiver(func(out http.ResponseWriter, c *call) {
			mu.Lock()
			defer mu.Unlock()
			if id := c.header.Get("webhook-id"); failed[id] < 2 {
				failed[id]++
				out.WriteHeader(http.StatusInternalServerError)
			}
		})
		w.settings(setting.Settings{CallbackURL: map[string]string{"all": r.server.URL}})
		w.start(flow.Config{Analyze: makes(3, nil)})
		id := w.submit(nil)
		r.await(9)
		w.settled(id, 3)
		for _, d := range w.deliveries(id) {
			attempts := w.attempts(d.ID)
			if len(attempts) != 3 {
				t.Fatalf("%d attempts, want 3", len(attempts))
			}
			for i, least := range []time.Duration{250 * time.Millisecond, time.Second} {
				if gap := attempts[i+1].At.Sub(attempts[i].At); gap < least || gap > least+1500*time.Millisecond {
					t.Errorf("attempt %d is %v after the one before, want %v and a little", i+2, gap, least)
				}
			}
		}
	})
}

func TestSlowEndpointDelaysNoOther(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hang := make(chan struct{})
		slow := w.receiver(func(http.ResponseWriter, *call) { <-hang })
		defer close(hang)
		quick := w.receiver(nil)
		w.start(flow.Config{Analyze: func(userdata []byte, o klaas.Options) (*klaas.Analysis, error) {
			to := quick
			if bytes.Contains(userdata, []byte("slow")) {
				to = slow
			}
			return &klaas.Analysis{
				CallbackURL: map[string]string{"all": to.server.URL},
				Reports:     []klaas.Report{report(o.RequestID, "pf_balance", 1), report(o.RequestID, "pf_identity", 2)},
			}, nil
		}})
		for range 20 {
			w.submit([]byte(`{"slow":1}`))
		}
		slow.await(4)
		began := time.Now()
		w.submit(nil)
		quick.await(2)
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("the quick endpoint waited %v", took)
		}
		if n := len(slow.taken()); n != 4 {
			t.Errorf("the slow endpoint holds %d calls, want 4", n)
		}
	})
}

func TestInsideAddressesAreRefusedByDefault(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		r := w.receiver(nil)
		w.settings(setting.Settings{CallbackURL: map[string]string{"all": r.server.URL}})
		w.start(flow.Config{Analyze: makes(1, nil)}, func(c *flow.Config) { c.AllowPrivate = false })
		id := w.submit(nil)
		w.eventually("an attempt", func() bool {
			d := w.deliveries(id)
			return len(d) == 1 && len(w.attempts(d[0].ID)) > 0
		})
		if a := w.attempts(w.deliveries(id)[0].ID)[0]; a.Failure != "blocked" || a.Status != 0 {
			t.Errorf("%+v", a)
		}
		if n := len(r.taken()); n != 0 {
			t.Errorf("%d calls", n)
		}
	})
}

func TestGoneEndpointGetsNothingMore(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		r := w.receiver(func(out http.ResponseWriter, _ *call) { out.WriteHeader(http.StatusGone) })
		w.settings(setting.Settings{CallbackURL: map[string]string{"all": r.server.URL}})
		w.start(flow.Config{Analyze: makes(1, nil)})
		dead := func(id string) func() bool {
			return func() bool {
				d := w.deliveries(id)
				return len(d) == 1 && d[0].State == store.Dead && !d[0].FinishedAt.IsZero()
			}
		}
		w.eventually("a dead letter", dead(w.submit(nil)))
		w.eventually("another", dead(w.submit(nil)))
		if n := len(r.taken()); n != 1 {
			t.Errorf("%d calls, want 1", n)
		}
	})
}

// Deliveries come at any moment of an endpoint's run, also at its very end.
func TestNoWakeUpIsLost(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		r := w.receiver(nil)
		w.settings(setting.Settings{CallbackURL: map[string]string{"all": r.server.URL}})
		w.start(flow.Config{Analyze: makes(1, nil)})
		var ids []string
		for i := range 150 {
			ids = append(ids, w.submit(nil))
			time.Sleep(time.Duration(i%23) * time.Millisecond)
		}
		r.await(len(ids))
		for _, id := range ids {
			w.settled(id, 1)
		}
		if strings.Contains(w.log.String(), "no job") {
			t.Error("the sweep found an endpoint that had been forgotten")
		}
	})
}

func TestSweepFindsForgottenDeliveries(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		r := w.receiver(nil)
		w.settings(setting.Settings{CallbackURL: map[string]string{"all": r.server.URL}})
		w.start(flow.Config{Analyze: makes(1, nil)})
		id := w.submit(nil)
		w.settled(id, 1)
		w.ok(w.store.Update(t.Context(), func(tx store.Tx) error {
			d := w.deliveries(id)[0]
			d.State, d.FinishedAt, d.NextAttemptAt = store.Waiting, time.Time{}, time.Now()
			return tx.UpdateDelivery(t.Context(), d)
		}))
		r.await(2)
		w.settled(id, 1)
	})
}

// A killed process leaves its jobs marked as running. A start on the same
// database runs them again.
func TestOrphansAreRunAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		r := w.receiver(nil)
		w.settings(setting.Settings{CallbackURL: map[string]string{"all": r.server.URL}})
		w.prepare(flow.Config{Analyze: makes(3, nil)})
		id := w.submit(nil)
		w.killed(1)

		began := time.Now()
		w.run()
		r.await(3)
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("the reports came %v after the start", took)
		}
		w.settled(id, 3)
	})
}

// A document that ends the process each time must not do so for ever.
func TestDocumentThatKillsIsGivenUp(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		r := w.receiver(nil)
		w.settings(setting.Settings{
			Products:    []setting.ProductChoice{{Name: "pf_balance"}},
			CallbackURL: map[string]string{"all": r.server.URL},
		})
		w.prepare(flow.Config{Analyze: func([]byte, klaas.Options) (*klaas.Analysis, error) {
			t.Error("it is analysed once more")
			return nil, errors.New("no")
		}})
		id := w.submit([]byte(person))
		w.killed(20)
		w.run()
		r.await(1)
		w.settled(id, 1)
		if s := w.submission(id); s.State != store.Failed || s.Failure != "analysis ended the process" {
			t.Errorf("%+v", s.Outcome)
		}
	})
}

func TestMemoryBoundsAnalyses(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		var now, most atomic.Int32
		make1 := makes(1, nil)
		w.prepare(flow.Config{Memory: 200, Analyze: func(userdata []byte, o klaas.Options) (*klaas.Analysis, error) {
			most.Store(max(most.Load(), now.Add(1)))
			time.Sleep(20 * time.Millisecond)
			now.Add(-1)
			return make1(userdata, o)
		}})
		var ids []string
		for range 5 {
			ids = append(ids, w.submit(nil)) // 15 bytes count as 120
		}
		w.run()
		for _, id := range ids {
			w.ok(w.flow.Wait(t.Context(), id))
		}
		if n := most.Load(); n != 1 {
			t.Errorf("%d analyses at once, want 1", n)
		}
	})
}

// On PostgreSQL others take over what a killed process held when its lease ends.
func TestLostLeaseFreesJobs(t *testing.T) {
	w := newWorld(t, pgtest.URL(t))
	r := w.receiver(nil)
	w.settings(setting.Settings{CallbackURL: map[string]string{"all": r.server.URL}})
	w.prepare(flow.Config{Analyze: makes(1, nil)})
	id := w.submit(nil)
	w.killed(1)
	until := time.Now().Add(2 * time.Second)
	w.ok(w.store.Update(t.Context(), func(tx store.Tx) error { return tx.Heartbeat(t.Context(), "killed", until) }))
	w.run()
	r.await(1)
	if late := time.Since(until); late < 0 || late > 5*time.Second {
		t.Errorf("the job ran again %v after the end of the lease", late)
	}
	w.settled(id, 1)
}

// Two processes work on one PostgreSQL; each report is made once.
func TestProcessesShareWork(t *testing.T) {
	w := newWorld(t, pgtest.URL(t))
	r := w.receiver(nil)
	w.settings(setting.Settings{CallbackURL: map[string]string{"all": r.server.URL}})
	var mu sync.Mutex
	made := map[string]int{}
	analyze := makes(2, func(id string) {
		mu.Lock()
		made[id]++
		mu.Unlock()
		time.Sleep(5 * time.Millisecond)
	})
	w.start(flow.Config{Analyze: analyze})
	second := w.another(flow.Config{Analyze: analyze})
	w.ok(second.Start(t.Context()))

	var ids []string
	for range 20 {
		ids = append(ids, w.submit(nil))
	}
	r.await(40)
	for _, id := range ids {
		w.settled(id, 2)
		w.ok(second.Wait(t.Context(), id))
	}
	w.ok(second.Stop(t.Context()))
	for id, n := range made {
		if n != 1 {
			t.Errorf("submission %s was analysed %d times", id, n)
		}
	}
	if n := len(r.taken()); n != 40 {
		t.Errorf("%d calls, want 40", n)
	}
}

func TestStopReleasesWhatDoesNotEnd(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		r := w.receiver(nil)
		w.settings(setting.Settings{CallbackURL: map[string]string{"all": r.server.URL}})
		hang, begun := make(chan struct{}), make(chan struct{}, 1)
		t.Cleanup(func() { close(hang) })
		w.start(flow.Config{Grace: 300 * time.Millisecond, Analyze: func([]byte, klaas.Options) (*klaas.Analysis, error) {
			begun <- struct{}{}
			<-hang
			return nil, errors.New("too late")
		}})
		id := w.submit(nil)
		<-begun
		began := time.Now()
		w.stop()
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("the stop took %v", took)
		}
		if s := w.submission(id); s.State != store.Accepted {
			t.Errorf("the submission is %s", s.State)
		}
		w.start(flow.Config{Analyze: makes(1, nil)})
		r.await(1)
		w.settled(id, 1)
	})
}

// person is the least document that has a tax id. The CPF is one of the public
// examples of Open Finance Brasil.
const person = `{"personalCustomerIdentification":[{"documents":{"cpfNumber":"76109277673"}}]}`

// world is a database with one application, and a flow on it.
type world struct {
	t     testing.TB
	store store.Store
	keys  *seal.Keyset
	acc   *account.Service
	app   account.Created
	flow  *flow.Flow
	ports []int
	log   *lockedBuffer
}

// newWorld takes the address of a PostgreSQL; "" is SQLite.
func newWorld(t testing.TB, address string) *world {
	t.Helper()
	w := &world{t: t, log: &lockedBuffer{}}
	var err error
	if address == "" {
		w.store, err = sqlite.Open(t.Context(), t.TempDir(), sqlite.Options{})
	} else {
		w.store, err = postgres.Open(t.Context(), address, postgres.Options{})
	}
	w.ok(err)
	t.Cleanup(func() { _ = w.store.Close() })
	w.ok(w.store.Migrate(t.Context()))
	w.keys, err = seal.Generate()
	w.ok(err)
	w.acc = account.New(w.store, w.keys)
	partner, err := w.acc.CreatePartner(t.Context(), "a partner")
	w.ok(err)
	w.app, err = w.acc.CreateApplication(t.Context(), partner.ID, "an application", "sandbox", setting.Settings{})
	w.ok(err)
	return w
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) settings(s setting.Settings) {
	w.t.Helper()
	_, err := w.acc.ChangeSettings(w.t.Context(), w.app.Application.ID, func(old *setting.Settings) error {
		*old = s
		return nil
	})
	w.ok(err)
}

// another returns a flow that may call the receivers of the test.
func (w *world) another(c flow.Config, changes ...func(*flow.Config)) *flow.Flow {
	w.t.Helper()
	c.Store, c.Keys, c.Accounts = w.store, w.keys, w.acc
	c.Log = slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	c.AllowPrivate, c.AllowPorts, c.Workers = true, w.ports, 2
	for _, change := range changes {
		change(&c)
	}
	f, err := flow.New(c)
	w.ok(err)
	return f
}

// prepare makes a flow that takes submissions and does not work yet; run starts it.
func (w *world) prepare(c flow.Config, changes ...func(*flow.Config)) {
	w.t.Helper()
	w.flow = w.another(c, changes...)
}

func (w *world) run() {
	w.t.Helper()
	w.ok(w.flow.Start(w.t.Context()))
	w.t.Cleanup(w.stopper(w.flow))
}

func (w *world) start(c flow.Config, changes ...func(*flow.Config)) {
	w.t.Helper()
	w.prepare(c, changes...)
	w.run()
}

func (w *world) stop() {
	w.t.Helper()
	w.stopper(w.flow)()
}

func (w *world) stopper(f *flow.Flow) func() {
	return func() {
		w.t.Helper()
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := f.Stop(ctx); err != nil {
			w.t.Error(err)
		}
	}
}

// killed leaves all jobs as processes that were killed while they ran them.
func (w *world) killed(times int) {
	w.t.Helper()
	by := strings.Repeat(`,"killed"`, times)[1:]
	switch db := w.store.Raw().(type) {
	case *sql.DB:
		_, err := db.ExecContext(w.t.Context(), `UPDATE river_job SET state = 'running', attempt = 1, attempted_at = CURRENT_TIMESTAMP, attempted_by = jsonb($1)`, "["+by+"]")
		w.ok(err)
	case *pgxpool.Pool:
		_, err := db.Exec(w.t.Context(), `UPDATE river_job SET state = 'running', attempt = 1, attempted_at = now(), attempted_by = $1::text::text[]`, "{"+by+"}")
		w.ok(err)
	}
}

// queueText returns all that the queue remembers of jobs.
func (w *world) queueText() (text string) {
	w.t.Helper()
	switch db := w.store.Raw().(type) {
	case *sql.DB:
		w.ok(db.QueryRowContext(w.t.Context(), `SELECT group_concat(kind || json(args) || json(metadata) || coalesce(json(errors), '')) FROM river_job`).Scan(&text))
	case *pgxpool.Pool:
		w.ok(db.QueryRow(w.t.Context(), `SELECT string_agg(j::text, '') FROM river_job j`).Scan(&text))
	}
	return text
}

// submit does what package receive does.
func (w *world) submit(userdata []byte) string {
	w.t.Helper()
	if userdata == nil {
		userdata = []byte(`{"accounts":[]}`)
	}
	id := uuid.NewString()
	key, wrapped, err := w.keys.NewDataKey(id)
	w.ok(err)
	sealed, err := key.Seal("userdata", userdata)
	w.ok(err)
	_, revision, err := w.acc.Settings(w.t.Context(), w.app.Application.ID, 0)
	w.ok(err)
	secrets, err := w.acc.SigningKeys(w.t.Context(), w.app.Application.ID, time.Now())
	w.ok(err)
	w.ok(w.store.Update(w.t.Context(), func(tx store.Tx) error {
		err := tx.InsertSubmission(w.t.Context(), store.Submission{
			ID: id, ApplicationID: w.app.Application.ID, State: store.Accepted,
			ReceivedAt: time.Now().UTC().Truncate(time.Microsecond), ReferenceDay: "2026-03-02",
			SettingsRevision: revision, SecretID: secrets[0].ID, WrappedKey: wrapped, Userdata: sealed, Size: len(userdata),
		})
		if err != nil {
			return err
		}
		return w.flow.Enqueue(w.t.Context(), tx, id)
	}))
	w.flow.Accepted()
	return id
}

func (w *world) view(f func(tx store.Tx) error) {
	w.t.Helper()
	w.ok(w.store.View(w.t.Context(), f))
}

func (w *world) submission(id string) (s store.Submission) {
	w.t.Helper()
	w.view(func(tx store.Tx) (err error) {
		s, err = tx.Submission(w.t.Context(), w.app.Application.ID, id)
		return err
	})
	return s
}

func (w *world) problems(s store.Submission) string {
	w.t.Helper()
	key, err := w.keys.DataKey(s.ID, s.WrappedKey)
	w.ok(err)
	plain, err := key.Open("problems", s.Problems)
	w.ok(err)
	return string(plain)
}

func (w *world) reports(id string) (all []store.Report) {
	w.t.Helper()
	w.view(func(tx store.Tx) (err error) {
		all, err = tx.ListReports(w.t.Context(), w.app.Application.ID, id)
		return err
	})
	return all
}

func (w *world) deliveries(id string) (all []store.Delivery) {
	w.t.Helper()
	w.view(func(tx store.Tx) (err error) {
		all, err = tx.ListDeliveries(w.t.Context(), w.app.Application.ID, id)
		return err
	})
	return all
}

func (w *world) attempts(id string) (all []store.Attempt) {
	w.t.Helper()
	w.view(func(tx store.Tx) (err error) {
		all, err = tx.ListAttempts(w.t.Context(), w.app.Application.ID, id)
		return err
	})
	slices.SortFunc(all, func(a, b store.Attempt) int { return a.Number - b.Number })
	return all
}

// settled waits until n deliveries of a submission are recorded as delivered.
func (w *world) settled(id string, n int) {
	w.t.Helper()
	w.eventually(fmt.Sprintf("%d deliveries", n), func() bool {
		all := w.deliveries(id)
		return len(all) == n && !slices.ContainsFunc(all, func(d store.Delivery) bool { return d.State != store.Delivered })
	})
}

func (w *world) eventually(what string, is func() bool) {
	w.t.Helper()
	for end := time.Now().Add(20 * time.Second); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			w.t.Fatalf("%s: not within 20 s\n%s", what, w.log)
		}
	}
}

// report is a small report as package klaas makes them.
func report(requestID, product string, part int) klaas.Report {
	id := uuid.NewSHA1(uuid.NameSpaceOID, fmt.Appendf(nil, "%s|%s|%d", requestID, product, part)).String()
	return klaas.Report{
		ID: id, Product: product, Version: "V1", Part: part, Code: 200,
		Body: fmt.Appendf(nil, `{"productReportId":%q,"productName":%q}`, id, product),
	}
}

// makes returns an analysis of n reports.
func makes(n int, also func(requestID string)) func([]byte, klaas.Options) (*klaas.Analysis, error) {
	return func(_ []byte, o klaas.Options) (*klaas.Analysis, error) {
		if also != nil {
			also(o.RequestID)
		}
		a := &klaas.Analysis{RequestID: o.RequestID, NotSent: []string{"pj_balance"}}
		a.Problems.Add(openfinance.Problem{Path: "accounts[0].type", Message: "is not a type of account", Severity: openfinance.Warning})
		for i := range n {
			a.Reports = append(a.Reports, report(o.RequestID, "pf_balance", i+1))
		}
		return a, nil
	}
}

// receiver is a real HTTP server on loopback.
type receiver struct {
	t      testing.TB
	server *httptest.Server
	mu     sync.Mutex
	calls  []call
	came   chan struct{}
}

type call struct {
	header http.Header
	body   []byte
}

func (c *call) product() string {
	var body struct{ ProductName string }
	_ = json.Unmarshal(c.body, &body)
	return body.ProductName
}

func (w *world) receiver(answer func(http.ResponseWriter, *call)) *receiver {
	w.t.Helper()
	r := &receiver{t: w.t, came: make(chan struct{}, 1<<16)}
	r.server = httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		body, err := io.ReadAll(in.Body)
		if err != nil {
			w.t.Error(err)
		}
		c := call{in.Header.Clone(), body}
		r.mu.Lock()
		r.calls = append(r.calls, c)
		r.mu.Unlock()
		r.came <- struct{}{}
		if answer != nil {
			answer(out, &c)
		}
	}))
	w.t.Cleanup(r.server.Close)
	address, err := url.Parse(r.server.URL)
	w.ok(err)
	port, err := strconv.Atoi(address.Port())
	w.ok(err)
	w.ports = append(w.ports, port)
	return r
}

func (r *receiver) taken() []call {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.calls)
}

func (r *receiver) drain() []call {
	r.mu.Lock()
	defer r.mu.Unlock()
	calls := r.calls
	r.calls = nil
	return calls
}

// await waits for n more calls.
func (r *receiver) await(n int) {
	r.t.Helper()
	for i := range n {
		select {
		case <-r.came:
		case <-time.After(25 * time.Second):
			r.t.Fatalf("%d of %d calls came", i, n)
		}
	}
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
