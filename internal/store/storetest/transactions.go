package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/openklaas/klaas/internal/store"
)

func rollback(t *testing.T, s store.Store) {
	w := newApplication(t, s)
	ctx := t.Context()
	tables := []string{"partners", "submissions", "userdata", "reports", "river_job", "processes"}
	before := counts(t, s, tables)
	half := func(tx store.Tx) {
		submission := w.newSubmission(begin)
		noError(t, errors.Join(
			tx.InsertPartner(ctx, store.Partner{ID: id(), CreatedAt: begin}),
			tx.InsertSubmission(ctx, submission),
			tx.InsertReport(ctx, w.newReport(submission, 1)),
			tx.Heartbeat(ctx, "p", begin)))
		insertJob(t, s, tx)
	}
	cause := errors.New("cause")
	wantError(t, "failed update", s.Update(ctx, func(tx store.Tx) error {
		half(tx)
		return cause
	}), cause)
	equal(t, "rows after an error", counts(t, s, tables), before)

	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_ = s.Update(ctx, func(tx store.Tx) error { // it panics
			half(tx)
			panic("in the middle")
		})
	}()
	equal(t, "rows after a panic", counts(t, s, tables), before)

	update(t, s, func(tx store.Tx) error {
		half(tx)
		return nil
	})
	if after := counts(t, s, tables); after["river_job"] != before["river_job"]+1 || after["reports"] != before["reports"]+1 {
		t.Errorf("a good transaction left %v", after)
	}
}

func views(t *testing.T, s store.Store) {
	w := newWorld(t, s)
	ctx := t.Context()
	if err := s.View(ctx, func(tx store.Tx) error {
		return tx.InsertPartner(ctx, store.Partner{ID: id(), CreatedAt: begin})
	}); err == nil {
		t.Error("a view wrote")
	}
	view(t, s, func(tx store.Tx) error {
		list, err := tx.ListReports(ctx, w.application.ID, w.submission.ID)
		noError(t, err)
		noError(t, s.Update(ctx, func(tx store.Tx) error { return tx.InsertReport(ctx, w.newReport(w.submission, 2)) }))
		again, err := tx.ListReports(ctx, w.application.ID, w.submission.ID)
		equal(t, "a list read twice in one view", again, list)
		return err
	})
	list := read(t, s, func(tx store.Tx) ([]store.Report, error) {
		return tx.ListReports(ctx, w.application.ID, w.submission.ID)
	})
	if len(list) != 2 {
		t.Errorf("the next view sees %d reports, want 2", len(list))
	}
}

func endedContext(t *testing.T, s store.Store) {
	before := counts(t, s, []string{"partners"})
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Update(ctx, func(tx store.Tx) error {
		noError(t, tx.InsertPartner(ctx, store.Partner{ID: id(), CreatedAt: begin}))
		cancel()
		return ctx.Err()
	})
	wantError(t, "update", err, context.Canceled)
	wantError(t, "next update", s.Update(ctx, func(store.Tx) error { return nil }), context.Canceled)
	if s.Unavailable(err) {
		t.Error("a caller that went away is taken for a lost database")
	}
	equal(t, "rows", counts(t, s, []string{"partners"}), before)
	noError(t, s.Update(t.Context(), func(tx store.Tx) error {
		return tx.InsertPartner(t.Context(), store.Partner{ID: id(), CreatedAt: begin})
	}))
}

func writers(t *testing.T, s store.Store) {
	const clients = 8
	each := 25
	if racing {
		each = 4
	}
	w := newApplication(t, s)
	group, ctx := errgroup.WithContext(t.Context())
	for range clients {
		group.Go(func() error {
			for range each {
				submission := w.newSubmission(time.Now())
				if err := s.Update(ctx, func(tx store.Tx) error {
					insertJob(t, s, tx)
					return tx.InsertSubmission(ctx, submission)
				}); err != nil {
					return err
				}
				if err := s.View(ctx, func(tx store.Tx) error {
					_, err := tx.SubmissionForWork(ctx, submission.ID)
					return err
				}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	noError(t, group.Wait())
	equal(t, "rows", counts(t, s, []string{"submissions", "userdata", "river_job"}),
		map[string]int{"submissions": clients * each, "userdata": clients * each, "river_job": clients * each})
}

func settingsRace(t *testing.T, s store.Store) {
	w := newApplication(t, s)
	ctx := t.Context()
	const clients = 4
	results := make(chan error, clients)
	for range clients {
		go func() {
			results <- s.Update(ctx, func(tx store.Tx) error {
				return tx.InsertSettings(ctx, store.SettingsRevision{ApplicationID: w.application.ID, Revision: 2, Body: []byte("{}"), CreatedAt: begin})
			})
		}()
	}
	won := 0
	for range clients {
		err := <-results
		if err == nil {
			won++
			continue
		}
		wantError(t, "the slower change", err, store.ErrConflict)
	}
	if won != 1 {
		t.Errorf("%d changes became revision 2, want 1", won)
	}
}

// lockEndpoint holds an endpoint while another transaction wants it and a third
// adds a delivery: both must wait until the holder ends, and see what it did.
func lockEndpoint(t *testing.T, s store.Store) {
	w := newWorld(t, s)
	ctx := t.Context()
	held, release := make(chan struct{}), make(chan struct{})
	var order []string
	var mu sync.Mutex
	note := func(what string) {
		mu.Lock()
		defer mu.Unlock()
		order = append(order, what)
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		return s.Update(ctx, func(tx store.Tx) error {
			e, err := tx.LockEndpoint(ctx, w.endpoint.ID)
			if err != nil {
				return err
			}
			close(held)
			<-release
			e.Parallel = 1
			note("holder")
			return tx.UpdateEndpoint(ctx, e)
		})
	})
	group.Go(func() error {
		<-held
		return s.Update(ctx, func(tx store.Tx) error {
			e, err := tx.LockEndpoint(ctx, w.endpoint.ID)
			note("waiter")
			if e.Parallel != 1 {
				t.Errorf("the second holder sees Parallel %d, want 1", e.Parallel)
			}
			return err
		})
	})
	group.Go(func() error {
		<-held
		return s.Update(ctx, func(tx store.Tx) error {
			err := tx.InsertDelivery(ctx, w.newDelivery(w.report, w.endpoint, begin, begin))
			note("insert")
			return err
		})
	})
	group.Go(func() error {
		<-held
		// Long enough that a waiter that did not wait would be first.
		time.Sleep(200 * time.Millisecond)
		close(release)
		return nil
	})
	noError(t, group.Wait())
	if len(order) != 3 || order[0] != "holder" {
		t.Errorf("the order is %v, want the holder first", order)
	}
}

func endpointRace(t *testing.T, s store.Store) {
	w := newApplication(t, s)
	ctx := t.Context()
	const clients = 4
	ids := make(chan string, clients)
	group, ctx := errgroup.WithContext(ctx)
	for range clients {
		group.Go(func() error {
			return s.Update(ctx, func(tx store.Tx) error {
				e, err := tx.EnsureEndpoint(ctx, w.application.ID, "https://hooks.example/new", begin)
				ids <- e.ID
				return err
			})
		})
	}
	noError(t, group.Wait())
	first := <-ids
	for range clients - 1 {
		equal(t, "endpoint id", <-ids, first)
	}
}

func durable(t *testing.T, open func() store.Store) {
	s := open()
	noError(t, s.Migrate(t.Context()))
	w := newWorld(t, s)
	update(t, s, func(tx store.Tx) error {
		insertJob(t, s, tx)
		return nil
	})
	noError(t, s.Close())

	s = open()
	t.Cleanup(func() { noError(t, s.Close()) })
	ctx := t.Context()
	applied, known, err := s.Version(ctx)
	noError(t, err)
	equal(t, "migrations", applied, known)
	view(t, s, func(tx store.Tx) error {
		submission, err := tx.SubmissionForWork(ctx, w.submission.ID)
		equal(t, "submission", submission, w.submission)
		report, err2 := tx.Report(ctx, w.application.ID, w.report.ID)
		equal(t, "report", report, w.report)
		delivery, err3 := tx.Delivery(ctx, w.application.ID, w.delivery.ID)
		equal(t, "delivery", delivery, w.delivery)
		return errors.Join(err, err2, err3)
	})
	equal(t, "jobs", count(t, s, "river_job"), 1)
}

func closed(t *testing.T, s store.Store) {
	ctx := t.Context()
	noError(t, s.Ping(ctx))
	noError(t, s.Close())
	noError(t, s.Close())
	for what, err := range map[string]error{
		"update":  s.Update(ctx, func(store.Tx) error { return nil }),
		"view":    s.View(ctx, func(store.Tx) error { return nil }),
		"ping":    s.Ping(ctx),
		"migrate": s.Migrate(ctx),
	} {
		if err == nil || !s.Unavailable(err) {
			t.Errorf("%s on a closed store: %v is not taken for unavailable", what, err)
		}
	}
	for _, err := range []error{nil, errors.New("another"), store.ErrConflict, store.ErrNotFound, context.Canceled} {
		if s.Unavailable(err) {
			t.Errorf("%v is taken for unavailable", err)
		}
	}
	if !s.Unavailable(context.DeadlineExceeded) {
		t.Error("a database that does not answer in time is not taken for unavailable")
	}
}
