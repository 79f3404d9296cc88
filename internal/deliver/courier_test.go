package deliver_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/openklaas/klaas/internal/account"
	"github.com/openklaas/klaas/internal/deliver"
	"github.com/openklaas/klaas/internal/seal"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/internal/store"
	"github.com/openklaas/klaas/internal/store/sqlite"
)

func TestCourierDeliversEverythingOnce(t *testing.T) {
	w := newWorld(t)
	r := w.receiver(func(http.ResponseWriter, *call) {})
	endpoint := w.add(r, 20)

	w.run(endpoint)

	calls := r.taken()
	if len(calls) != 20 {
		t.Fatalf("%d calls, want 20", len(calls))
	}
	webhook, err := standardwebhooks.NewWebhookRaw([]byte(w.app.Secret))
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, c := range calls {
		ids[c.header.Get("webhook-id")] = true
		if err := webhook.VerifyIgnoringTimestamp(c.body, c.header); err != nil {
			t.Error(err)
		}
		if want := fmt.Sprintf(`{"report":%q}`, c.header.Get("webhook-id")); string(c.body) != want {
			t.Errorf("body %s, want %s", c.body, want)
		}
	}
	if len(ids) != 20 {
		t.Errorf("%d different ids, want 20", len(ids))
	}
	for _, d := range w.deliveries() {
		if d.State != store.Delivered || d.Attempts != 1 || d.FinishedAt.IsZero() {
			t.Errorf("%+v", d)
		}
	}
	if !w.next.IsZero() {
		t.Errorf("the endpoint is to be called again at %v, want never", w.next)
	}
}

func TestCourierBoundsParallelCalls(t *testing.T) {
	w := newWorld(t)
	var mu sync.Mutex
	now, most := 0, 0
	full := make(chan struct{})
	r := w.receiver(func(http.ResponseWriter, *call) {
		mu.Lock()
		now++
		most = max(most, now)
		if now == w.courier.Parallel {
			select {
			case <-full:
			default:
				close(full)
			}
		}
		mu.Unlock()
		<-full // nobody is answered until all slots are in use
		mu.Lock()
		now--
		mu.Unlock()
	})
	w.run(w.add(r, 24))
	if most != w.courier.Parallel {
		t.Errorf("at most %d calls at once, want %d", most, w.courier.Parallel)
	}
}

func TestCourierRecordsEachAttempt(t *testing.T) {
	w := newWorld(t)
	r := w.receiver(func(out http.ResponseWriter, c *call) {
		if c.number == 1 {
			out.WriteHeader(http.StatusBadGateway)
			_, _ = out.Write(bytes.Repeat([]byte("no "), 2000))
		}
	})
	endpoint := w.add(r, 1)
	w.run(endpoint)
	if want := w.clock.now().Add(250 * time.Millisecond); w.next.Before(want) || w.next.After(want.Add(time.Second)) {
		t.Fatalf("the next call is at %v, want %v and a little", w.next, want)
	}
	w.clock.set(w.next)
	w.run(endpoint)

	d := w.deliveries()[0]
	if d.State != store.Delivered || d.Attempts != 2 {
		t.Errorf("%+v", d)
	}
	attempts := w.attempts(d.ID)
	if len(attempts) != 2 {
		t.Fatalf("%d attempts, want 2", len(attempts))
	}
	if a := attempts[0]; a.Number != 1 || a.Status != 502 || a.Failure != "" || a.Latency <= 0 || len(w.open("answer:"+a.ID, a.Answer)) != 2<<10 {
		t.Errorf("first attempt: %+v", a)
	}
	if bytes.Contains(attempts[0].Answer, []byte("no no no")) {
		t.Error("the answer is stored as it came")
	}
	if a := attempts[1]; a.Number != 2 || a.Status != 200 || a.Answer != nil {
		t.Errorf("second attempt: %+v", a)
	}
}

// A receiver that is down for 95 hours gets everything within ten minutes of its
// return, and no attempt but a probe comes before its time.
func TestCourierOutlastsAnOutage(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of transactions, one after the other")
	}
	w := newWorld(t)
	var up atomic.Bool
	r := w.receiver(func(out http.ResponseWriter, _ *call) {
		if !up.Load() {
			out.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	endpoint := w.add(r, 6)
	began := w.clock.now()
	back := began.Add(95 * time.Hour)
	for w.clock.now().Before(back) {
		w.run(endpoint)
		if w.next.IsZero() {
			t.Fatalf("given up %v after the first attempt", w.clock.now().Sub(began))
		}
		if gap := w.next.Sub(w.clock.now()); gap > deliver.ProbeEvery {
			t.Fatalf("after %v the failing endpoint is left alone for %v", w.clock.now().Sub(began), gap)
		}
		w.clock.set(w.next)
	}
	up.Store(true)
	before := len(r.taken())
	w.run(endpoint)
	if late := w.clock.now().Sub(back); late > 10*time.Minute {
		t.Errorf("the first call after the return is %v late", late)
	}
	if got := len(r.taken()) - before; got != 6 {
		t.Errorf("%d calls after the return, want 6", got)
	}
	for _, d := range w.deliveries() {
		if d.State != store.Delivered {
			t.Errorf("%+v", d)
		}
	}

	// Only the oldest may be called more often than its schedule says.
	for i, d := range w.deliveries() {
		if i > 0 && d.Attempts > 20 {
			t.Errorf("delivery %d was tried %d times, more than the schedule has", i, d.Attempts)
		}
	}
}

func TestCourierGivesUpAfter96Hours(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of transactions, one after the other")
	}
	w := newWorld(t)
	r := w.receiver(func(out http.ResponseWriter, _ *call) { out.WriteHeader(http.StatusInternalServerError) })
	endpoint := w.add(r, 2)
	began := w.clock.now()
	for w.run(endpoint); !w.next.IsZero(); w.run(endpoint) {
		w.clock.set(w.next)
	}
	for _, d := range w.deliveries() {
		attempts := w.attempts(d.ID)
		last := attempts[len(attempts)-1].At.Sub(began)
		if d.State != store.Dead || last < 95*time.Hour || last > 96*time.Hour+time.Minute {
			t.Errorf("state %s, last attempt after %v", d.State, last)
		}
	}
}

func TestCourierStopsAtGone(t *testing.T) {
	w := newWorld(t)
	r := w.receiver(func(out http.ResponseWriter, _ *call) { out.WriteHeader(http.StatusGone) })
	endpoint := w.add(r, 30)
	w.run(endpoint)
	if n := len(r.taken()); n > w.courier.Parallel*2 {
		t.Errorf("%d calls of a receiver that is gone", n)
	}
	for _, d := range w.deliveries() {
		if d.State != store.Dead {
			t.Errorf("%+v", d)
		}
	}
	if !w.next.IsZero() {
		t.Error("it is to be called again")
	}
}

func TestCourierHonoursRetryAfter(t *testing.T) {
	w := newWorld(t)
	var free atomic.Bool
	r := w.receiver(func(out http.ResponseWriter, _ *call) {
		if !free.Load() {
			out.Header().Set("Retry-After", "3600")
			out.WriteHeader(http.StatusTooManyRequests)
		}
	})
	endpoint := w.add(r, 1)
	w.run(endpoint)
	if gap := w.next.Sub(w.clock.now()); gap < time.Hour-time.Second || gap > time.Hour+time.Second {
		t.Fatalf("the next call is in %v, want 1h", gap)
	}
	w.addTo(endpoint, 5) // due, but the receiver asked for quiet
	w.run(endpoint)
	if n := len(r.taken()); n != 1 {
		t.Errorf("%d calls within the hour, want 1", n)
	}
	free.Store(true)
	w.clock.set(w.next)
	w.run(endpoint)
	if n := len(r.taken()); n != 7 {
		t.Errorf("%d calls, want 7", n)
	}
}

// One report that a receiver always refuses delays no other.
func TestCourierPassesAReportThatIsRefused(t *testing.T) {
	w := newWorld(t)
	var refused atomic.Value
	r := w.receiver(func(out http.ResponseWriter, c *call) {
		if c.number == 1 {
			refused.Store(c.header.Get("webhook-id"))
		}
		if c.header.Get("webhook-id") == refused.Load() {
			out.WriteHeader(http.StatusInternalServerError)
		}
	})
	w.courier.Parallel = 1 // so that the first call is the oldest report
	endpoint := w.add(r, 10)
	w.run(endpoint)
	for i, d := range w.deliveries() {
		if want := map[bool]store.DeliveryState{true: store.Waiting, false: store.Delivered}[i == 0]; d.State != want {
			t.Errorf("delivery %d is %s, want %s", i, d.State, want)
		}
	}
}

func TestCourierSeesDeliveriesAddedWhileItEnds(t *testing.T) {
	w := newWorld(t)
	r := w.receiver(func(http.ResponseWriter, *call) {})
	endpoint := w.add(r, 1)
	settled := 0
	err := w.courier.Run(t.Context(), deliver.Run{EndpointID: endpoint, Settle: func(context.Context, store.Tx, time.Time) error {
		settled++
		return nil
	}})
	if err != nil || settled != 1 {
		t.Fatalf("settled %d times, %v", settled, err)
	}
	// What is added before the lock is seen by the run that has nothing else to do.
	w.courier.Patience = time.Hour
	wake, stop := make(chan struct{}, 1), make(chan struct{})
	ended := make(chan error, 1)
	w.addTo(endpoint, 1)
	w.delay(time.Hour)
	go func() {
		ended <- w.courier.Run(context.WithoutCancel(t.Context()), deliver.Run{EndpointID: endpoint, Wake: wake, Stop: stop,
			Settle: func(context.Context, store.Tx, time.Time) error { return nil }})
	}()
	w.addTo(endpoint, 3)
	wake <- struct{}{}
	r.await(4)
	close(stop)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}

func TestCourierCutOffRecordsNothing(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	hold := make(chan struct{})
	r := w.receiver(func(http.ResponseWriter, *call) {
		cancel()
		<-hold
	})
	t.Cleanup(func() { close(hold) })
	endpoint := w.add(r, 1)
	if err := w.courier.Run(ctx, deliver.Run{EndpointID: endpoint}); err == nil {
		t.Fatal("a run that was cut off ends without an error")
	}
	if d := w.deliveries()[0]; d.State != store.Waiting || d.Attempts != 0 || len(w.attempts(d.ID)) != 0 {
		t.Errorf("%+v", d)
	}
}

// world is a store with one application, and a courier with a clock by hand.
type world struct {
	t       *testing.T
	store   store.Store
	keys    *seal.Keyset
	app     account.Created
	courier *deliver.Courier
	clock   *clock
	next    time.Time // of the last run
	made    int

	submission string
	data       *seal.DataKey
}

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

func newWorld(t *testing.T) *world {
	t.Helper()
	db, err := sqlite.Open(t.Context(), t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	keys, err := seal.Generate()
	if err != nil {
		t.Fatal(err)
	}
	accounts := account.New(db, keys)
	partner, err := accounts.CreatePartner(t.Context(), "a partner")
	if err != nil {
		t.Fatal(err)
	}
	app, err := accounts.CreateApplication(t.Context(), partner.ID, "an application", "sandbox", setting.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	// Not before the secret was made, which signs from that moment on.
	w := &world{t: t, store: db, keys: keys, app: app, clock: &clock{at: time.Now().UTC().Truncate(time.Microsecond)}, submission: "5b1b4b1e-0000-4000-8000-000000000001"}
	data, wrapped, err := keys.NewDataKey(w.submission)
	if err != nil {
		t.Fatal(err)
	}
	w.data = data
	w.update(func(ctx context.Context, tx store.Tx) error {
		return tx.InsertSubmission(ctx, store.Submission{
			ID: w.submission, ApplicationID: app.Application.ID, State: store.Accepted, ReceivedAt: w.clock.now(),
			ReferenceDay: "2026-03-02", SettingsRevision: 1, WrappedKey: wrapped, Userdata: []byte("sealed"), Size: 6,
		})
	})
	w.courier = &deliver.Courier{
		Store: db, Keys: keys, Accounts: accounts, Now: w.clock.now, Parallel: 4, Jitter: func() float64 { return 0.5 },
	}
	return w
}

func (w *world) update(f func(context.Context, store.Tx) error) {
	w.t.Helper()
	if err := w.store.Update(w.t.Context(), func(tx store.Tx) error { return f(w.t.Context(), tx) }); err != nil {
		w.t.Fatal(err)
	}
}

// add stores n reports for a receiver and returns its endpoint.
func (w *world) add(r *receiver, n int) string {
	w.t.Helper()
	var id string
	w.update(func(ctx context.Context, tx store.Tx) error {
		e, err := tx.EnsureEndpoint(ctx, w.app.Application.ID, r.server.URL, w.clock.now())
		id = e.ID
		return err
	})
	w.addTo(id, n)
	return id
}

func (w *world) addTo(endpoint string, n int) {
	w.t.Helper()
	w.update(func(ctx context.Context, tx store.Tx) error {
		for range n {
			w.made++
			id := fmt.Sprintf("7c000000-0000-5000-8000-%012d", w.made)
			body, err := w.data.Seal("report:"+id, fmt.Appendf(nil, `{"report":%q}`, id))
			if err != nil {
				return err
			}
			err = tx.InsertReport(ctx, store.Report{
				ID: id, SubmissionID: w.submission, ApplicationID: w.app.Application.ID, Ordinal: w.made,
				Product: "pf_balance", Version: "V1", Part: 1, Code: 200, Size: 10, Body: body, CreatedAt: w.clock.now(),
			})
			if err != nil {
				return err
			}
			err = tx.InsertDelivery(ctx, store.Delivery{
				ID: fmt.Sprintf("de000000-0000-4000-8000-%012d", w.made), ReportID: id, SubmissionID: w.submission,
				ApplicationID: w.app.Application.ID, EndpointID: endpoint, State: store.Waiting,
				CreatedAt: w.clock.now().Add(time.Duration(w.made) * time.Microsecond), NextAttemptAt: w.clock.now(),
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// delay moves all that waits into the future.
func (w *world) delay(d time.Duration) {
	w.t.Helper()
	for _, waiting := range w.deliveries() {
		if waiting.State == store.Waiting {
			w.update(func(ctx context.Context, tx store.Tx) error {
				_, err := tx.MakeDue(ctx, waiting.EndpointID, w.clock.now().Add(d))
				return err
			})
		}
	}
}

func (w *world) run(endpoint string) {
	w.t.Helper()
	w.next = time.Time{}
	err := w.courier.Run(w.t.Context(), deliver.Run{EndpointID: endpoint, Settle: func(_ context.Context, _ store.Tx, next time.Time) error {
		w.next = next
		return nil
	}})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) deliveries() (all []store.Delivery) {
	w.t.Helper()
	w.update(func(ctx context.Context, tx store.Tx) (err error) {
		all, err = tx.ListDeliveries(ctx, w.app.Application.ID, w.submission)
		return err
	})
	slices.SortFunc(all, func(a, b store.Delivery) int { return a.CreatedAt.Compare(b.CreatedAt) })
	return all
}

func (w *world) attempts(delivery string) (all []store.Attempt) {
	w.t.Helper()
	w.update(func(ctx context.Context, tx store.Tx) (err error) {
		all, err = tx.ListAttempts(ctx, w.app.Application.ID, delivery)
		return err
	})
	slices.SortFunc(all, func(a, b store.Attempt) int { return a.Number - b.Number })
	return all
}

func (w *world) open(purpose string, sealed []byte) []byte {
	w.t.Helper()
	plain, err := w.data.Open(purpose, sealed)
	if err != nil {
		w.t.Fatal(err)
	}
	return plain
}

// receiver is a real HTTP server on loopback.
type receiver struct {
	t      *testing.T
	server *httptest.Server
	mu     sync.Mutex
	calls  []call
	came   chan struct{}
}

type call struct {
	number int // from 1
	header http.Header
	body   []byte
}

func (w *world) receiver(answer func(http.ResponseWriter, *call)) *receiver {
	r := &receiver{t: w.t, came: make(chan struct{}, 1<<20)}
	r.server = httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		body := read(w.t, in.Body)
		r.mu.Lock()
		c := call{len(r.calls) + 1, in.Header.Clone(), body}
		r.calls = append(r.calls, c)
		r.mu.Unlock()
		r.came <- struct{}{}
		answer(out, &c)
	}))
	w.t.Cleanup(r.server.Close)
	w.courier.Sender = sender(w.t)
	return r
}

func (r *receiver) taken() []call {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.calls)
}

// await waits for n more calls.
func (r *receiver) await(n int) {
	r.t.Helper()
	for range n {
		select {
		case <-r.came:
		case <-time.After(10 * time.Second):
			r.t.Fatal("the receiver is not called")
		}
	}
}
