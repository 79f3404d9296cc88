package deliver

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/openklaas/klaas/internal/account"
	"github.com/openklaas/klaas/internal/failpoint"
	"github.com/openklaas/klaas/internal/seal"
	"github.com/openklaas/klaas/internal/store"
)

// Courier sends what is due at endpoints.
type Courier struct {
	Store    store.Store
	Keys     *seal.Keyset
	Accounts *account.Service
	Sender   *Sender
	Now      func() time.Time
	// Parallel is the most calls of one endpoint at once.
	Parallel int
	// Patience is how long a run waits for something to become due rather than
	// ending and being started again.
	Patience time.Duration
	// Jitter returns a number in [0, 1).
	Jitter func() float64
}

// Run is one run over one endpoint.
type Run struct {
	EndpointID string
	// Wake tells that deliveries were added; a capacity of one is enough.
	Wake <-chan struct{}
	// Stop ends the run early: calls that run are finished and recorded.
	Stop <-chan struct{}
	// Settle is called in the transaction that ends the run, while the endpoint
	// is locked: whoever adds a delivery locks it too, so nothing can come
	// between the look and the end. next is when the endpoint is to be called
	// again, zero when nothing is pending there.
	Settle func(ctx context.Context, tx store.Tx, next time.Time) error
}

// Run sends what is due at an endpoint, oldest first, until nothing is due for
// longer than Patience. Its errors are those of the store and of the keys; a
// receiver's failures are recorded and are none. When ctx ends, calls are cut
// off and count as not made.
func (c *Courier) Run(ctx context.Context, r Run) error {
	t := &trip{Courier: c, Run: r, results: make(chan sent, c.Parallel), flying: map[string]bool{}}
	err := t.run(ctx)
	if err != nil {
		t.land(ctx)
	}
	return err
}

// trip is the state of one run. One goroutine owns it; only send runs beside.
type trip struct {
	*Courier
	Run
	endpoint store.Endpoint
	queue    []store.Delivery // due, not called yet
	flying   map[string]bool  // deliveries called, or answered and not recorded
	calls    int              // calls that run
	results  chan sent
	dry      bool // nothing more was due at the last look
}

// sent is one call that has ended.
type sent struct {
	delivery  store.Delivery
	attemptID string
	result    Result
	answer    []byte // sealed
	missing   bool   // the report was erased: there is nothing to send
	err       error
}

func (t *trip) run(ctx context.Context) error {
	err := t.Store.View(ctx, func(tx store.Tx) (err error) {
		t.endpoint, err = tx.Endpoint(ctx, t.EndpointID)
		return err
	})
	if err != nil {
		return err
	}
	for {
		if err := t.depart(ctx); err != nil {
			return err
		}
		if len(t.flying) == 0 {
			done, err := t.rest(ctx)
			if done || err != nil {
				return err
			}
			continue
		}
		select {
		case first := <-t.results:
			batch := t.landed(first)
			// The next calls leave before the transaction of the last ones: a
			// receiver does not wait for our disk.
			if err := t.depart(ctx); err != nil {
				return errors.Join(err, t.record(ctx, batch))
			}
			if err := t.record(ctx, batch); err != nil {
				return err
			}
		case <-t.Wake:
			t.dry = false
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// depart starts as many calls as may run.
func (t *trip) depart(ctx context.Context) error {
	if t.stopped() || t.endpoint.Gone || t.quiet() {
		t.queue = nil
		return nil
	}
	for t.calls < Parallel(t.endpoint, t.Parallel) {
		if len(t.queue) == 0 {
			if err := t.look(ctx); err != nil {
				return err
			}
		}
		if len(t.queue) == 0 {
			return nil
		}
		d := t.queue[0]
		t.queue = t.queue[1:]
		t.flying[d.ID] = true
		t.calls++
		url := t.endpoint.URL
		go func() { t.results <- t.send(ctx, url, d) }()
	}
	return nil
}

// look fills the queue with what is due and not under way.
func (t *trip) look(ctx context.Context) error {
	now := t.Now()
	if t.dry {
		return nil
	}
	return t.Store.View(ctx, func(tx store.Tx) error {
		due, err := tx.DueDeliveries(ctx, t.EndpointID, now, len(t.flying)+4*t.Parallel)
		if err != nil {
			return err
		}
		if len(due) == 0 && t.probes(now) {
			oldest, err := tx.OldestPending(ctx, t.EndpointID)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			if err == nil {
				due = append(due, oldest)
			}
		}
		for _, d := range due {
			if !t.flying[d.ID] {
				t.queue = append(t.queue, d)
			}
		}
		t.dry = len(t.queue) == 0
		return nil
	})
}

// quiet reports whether the receiver asked to be left alone for now.
func (t *trip) quiet() bool {
	return !t.endpoint.FailingSince.IsZero() && t.Now().Before(t.endpoint.LastProbeAt)
}

// probes reports whether a failing endpoint has not been called for too long.
func (t *trip) probes(now time.Time) bool {
	return !t.endpoint.FailingSince.IsZero() && !now.Before(t.endpoint.LastProbeAt.Add(ProbeEvery))
}

// rest waits for the next delivery when it is due soon, else ends the run.
func (t *trip) rest(ctx context.Context) (done bool, err error) {
	var next time.Time
	err = t.Store.Update(ctx, func(tx store.Tx) error {
		endpoint, err := tx.LockEndpoint(ctx, t.EndpointID)
		if err != nil {
			return err
		}
		t.endpoint = endpoint
		due, err := tx.NextDue(ctx, t.EndpointID)
		if errors.Is(err, store.ErrNotFound) || err == nil && endpoint.Gone {
			done = true
			return t.Settle(ctx, tx, time.Time{})
		}
		if err != nil {
			return err
		}
		next = NextCall(endpoint, due)
		done = t.stopped() || next.Sub(t.Now()) > t.Patience
		if done {
			return t.Settle(ctx, tx, next)
		}
		return nil
	})
	if done || err != nil {
		return done, err
	}
	t.dry = false
	timer := time.NewTimer(min(next.Sub(t.Now()), lookAgain))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-t.Wake:
	case <-t.Stop:
	case <-ctx.Done():
		return false, ctx.Err()
	}
	return false, nil
}

// lookAgain bounds a wait within a run: another process may add deliveries,
// and its wake-up does not reach this one.
const lookAgain = 250 * time.Millisecond

func (t *trip) stopped() bool {
	select {
	case <-t.Stop:
		return true
	default:
		return false
	}
}

// landed returns first and all other calls that have ended by now.
func (t *trip) landed(first sent) []sent {
	batch := []sent{first}
	t.calls--
	for {
		select {
		case next := <-t.results:
			batch = append(batch, next)
			t.calls--
		default:
			return batch
		}
	}
}

// land waits for the calls that still run when a run fails, and records those
// that were answered where it can.
func (t *trip) land(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), landTimeout)
	defer cancel()
	for t.calls > 0 {
		// The run has failed already; what cannot be recorded is sent again.
		_ = t.record(ctx, t.landed(<-t.results))
	}
}

const landTimeout = callTimeout + 5*time.Second

// send calls the receiver with one report. It uses nothing of the trip that changes.
func (c *Courier) send(ctx context.Context, url string, d store.Delivery) sent {
	out := sent{delivery: d, attemptID: uuid.NewString()}
	var (
		report  store.Report
		wrapped []byte
	)
	err := c.Store.View(ctx, func(tx store.Tx) (err error) {
		report, wrapped, err = tx.ReportForDelivery(ctx, d.ReportID)
		return err
	})
	if errors.Is(err, store.ErrNotFound) || err == nil && len(wrapped) == 0 {
		out.missing = true
		return out
	}
	if err != nil {
		out.err = err
		return out
	}
	key, err := c.Keys.DataKey(d.SubmissionID, wrapped)
	if err != nil {
		out.err = err
		return out
	}
	body, err := key.Open("report:"+report.ID, report.Body)
	if err != nil {
		out.err = err
		return out
	}
	at := c.Now()
	secrets, err := c.Accounts.SigningKeys(ctx, d.ApplicationID, at)
	if err != nil {
		out.err = fmt.Errorf("deliver: the keys that sign: %v", err) //nolint:errorlint // a secret that is missing is no delivery that is missing
		return out
	}
	message := Message{URL: url, ID: report.ID, Body: body}
	for _, secret := range secrets {
		message.Keys = append(message.Keys, secret.Key)
	}
	out.result = c.Sender.Send(ctx, message, at)
	if len(out.result.Answer) > 0 {
		out.answer, out.err = key.Seal("answer:"+out.attemptID, out.result.Answer)
	}
	return out
}

// record stores attempts and what follows from them, in one transaction. Its
// error is also that of calls that could not be made.
func (t *trip) record(ctx context.Context, calls []sent) error {
	var (
		batch  []sent
		failed error
	)
	for _, s := range calls {
		switch {
		case s.err != nil:
			failed = s.err
			continue
		case s.result.Failure == "canceled":
			failed = context.Canceled
			continue
		case s.result.Status != 0:
			failpoint.Hit("delivery-answered")
		}
		batch = append(batch, s)
	}
	if len(batch) == 0 {
		return failed
	}
	var endpoint store.Endpoint
	err := t.Store.Update(ctx, func(tx store.Tx) (err error) {
		endpoint, err = tx.LockEndpoint(ctx, t.EndpointID)
		if err != nil {
			return err
		}
		before := endpoint
		back := false
		for _, s := range batch {
			quiet, err := t.recordOne(ctx, tx, s)
			if err != nil {
				return err
			}
			if s.missing {
				continue
			}
			var returned bool
			endpoint, returned = Health(endpoint, s.result, quiet, t.Parallel)
			back = back || returned
		}
		if !sameHealth(endpoint, before) {
			if err := tx.UpdateEndpoint(ctx, endpoint); err != nil {
				return err
			}
		}
		if endpoint.Gone && !before.Gone {
			return t.bury(ctx, tx)
		}
		if back {
			_, err = tx.MakeDue(ctx, t.EndpointID, t.Now())
		}
		return err
	})
	if err != nil {
		return err
	}
	t.endpoint = endpoint
	t.dry = false
	for _, s := range batch {
		delete(t.flying, s.delivery.ID)
	}
	return failed
}

func sameHealth(a, b store.Endpoint) bool {
	return a.Gone == b.Gone && a.Parallel == b.Parallel &&
		a.FailingSince.Equal(b.FailingSince) && a.LastProbeAt.Equal(b.LastProbeAt)
}

// recordOne stores one attempt and the delivery's new state. quiet is until
// when the receiver asked to be left alone.
func (t *trip) recordOne(ctx context.Context, tx store.Tx, s sent) (quiet time.Time, err error) {
	// The row may have changed since it was read: sent again by hand, or by a
	// process that lost its lease.
	d, err := tx.Delivery(ctx, s.delivery.ApplicationID, s.delivery.ID)
	if errors.Is(err, store.ErrNotFound) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	if s.missing {
		d.State, d.FinishedAt = store.Dead, t.Now()
		return time.Time{}, tx.UpdateDelivery(ctx, d)
	}
	d.Attempts++
	if d.FirstAttemptAt.IsZero() {
		d.FirstAttemptAt = s.result.At
	}
	quiet = t.settle(&d, s.result)
	err = tx.InsertAttempt(ctx, store.Attempt{
		ID: s.attemptID, DeliveryID: d.ID, Number: d.Attempts, At: s.result.At,
		Status: s.result.Status, Latency: s.result.Latency, Failure: s.result.Failure, Answer: s.answer,
	})
	if err != nil {
		return time.Time{}, err
	}
	return quiet, tx.UpdateDelivery(ctx, d)
}

// settle moves a delivery on after an attempt.
func (t *trip) settle(d *store.Delivery, result Result) (quiet time.Time) {
	if d.State != store.Waiting {
		return time.Time{}
	}
	ended := result.At.Add(result.Latency)
	if result.Delivered() {
		d.State, d.FinishedAt = store.Delivered, ended
		return time.Time{}
	}
	next, ok := Next(d.FirstAttemptAt, ended, d.Attempts, result.RetryAfter, t.Jitter())
	if !ok {
		d.State, d.FinishedAt = store.Dead, ended
		return time.Time{}
	}
	d.NextAttemptAt = next
	if result.RetryAfter > 0 && (result.Status == 429 || result.Status == 503) {
		return next
	}
	return time.Time{}
}

// bury gives up everything that waits for an endpoint that is gone.
func (t *trip) bury(ctx context.Context, tx store.Tx) error {
	const batch = 500
	ever := t.Now().Add(2 * Horizon)
	for {
		waiting, err := tx.DueDeliveries(ctx, t.EndpointID, ever, batch)
		if err != nil {
			return err
		}
		for _, d := range waiting {
			d.State, d.FinishedAt = store.Dead, t.Now()
			if err := tx.UpdateDelivery(ctx, d); err != nil {
				return err
			}
		}
		if len(waiting) < batch {
			return nil
		}
	}
}
