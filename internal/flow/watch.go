package flow

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/openklaas/klaas/internal/deliver"
	"github.com/openklaas/klaas/internal/store"
)

const (
	leaseTime  = 15 * time.Second
	renewEvery = 5 * time.Second
	freeEvery  = 2 * time.Second // a killed process's jobs run again within 20 s
	sweepEvery = 5 * time.Second
	sweepMost  = 1000
	cleanEvery = 10 * time.Minute
	// storeAgain is when a job that met a database in trouble tries again.
	storeAgain = 2 * time.Second
)

// alone reports whether this process has the database to itself.
func (f *Flow) alone() bool { return f.Store.Dialect() == "sqlite" }

// recover frees the jobs of processes that were killed, before any job runs here.
func (f *Flow) recover(ctx context.Context) error {
	if !f.alone() {
		if err := f.renew(ctx); err != nil {
			return err
		}
	}
	return f.free(ctx)
}

// leave gives up the lease after a graceful stop.
func (f *Flow) leave(ctx context.Context) error {
	if f.alone() {
		return nil
	}
	return f.Store.Update(ctx, func(tx store.Tx) error { return tx.RemoveProcess(ctx, f.id) })
}

// watch starts what happens again and again.
func (f *Flow) watch(ctx context.Context) {
	if !f.alone() {
		f.every(ctx, renewEvery, "renewing the lease", f.renew)
		f.every(ctx, freeEvery, "freeing jobs of lost processes", f.free)
	}
	f.every(ctx, sweepEvery, "looking for due deliveries", f.sweep)
	f.every(ctx, cleanEvery, "removing what has expired", func(ctx context.Context) error {
		return f.Store.Update(ctx, func(tx store.Tx) error {
			_, err := tx.DeleteExpired(ctx, f.Now())
			return err
		})
	})
}

// every calls do at once and then with each tick until ctx ends.
func (f *Flow) every(ctx context.Context, interval time.Duration, what string, do func(context.Context) error) {
	f.loops.Go(func() {
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			if err := do(ctx); err != nil && ctx.Err() == nil {
				f.Log.ErrorContext(ctx, what+" failed; it is tried again", slog.Any("error", err))
			}
			select {
			case <-ticker.C:
			case <-ctx.Done():
				return
			}
		}
	})
}

func (f *Flow) renew(ctx context.Context) error {
	return f.Store.Update(ctx, func(tx store.Tx) error {
		return tx.Heartbeat(ctx, f.id, f.Now().Add(leaseTime))
	})
}

func (f *Flow) free(ctx context.Context) error {
	var freed int64
	err := f.Store.Update(ctx, func(tx store.Tx) (err error) {
		freed, err = tx.FreeOrphans(ctx, f.Now(), f.alone())
		return err
	})
	if err == nil && freed > 0 {
		f.Log.InfoContext(ctx, "jobs of a process that ended were freed", slog.Int64("jobs", freed))
		f.queue.nudge(analysisQueue)
		f.queue.nudge(deliveryQueue)
	}
	return err
}

// sweep gives a job to every endpoint that has something due and none that will
// send it. There should be none: it is a net.
func (f *Flow) sweep(ctx context.Context) error {
	var due []string
	err := f.Store.View(ctx, func(tx store.Tx) (err error) {
		due, err = tx.EndpointsWithDue(ctx, f.Now(), sweepMost)
		return err
	})
	for _, id := range due {
		if f.visits(id) {
			continue
		}
		if err := f.callIfDue(ctx, id); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	return err
}

// callIfDue gives an endpoint a job when something is due there.
func (f *Flow) callIfDue(ctx context.Context, endpointID string) error {
	added := false
	err := f.Store.Update(ctx, func(tx store.Tx) error {
		e, err := tx.LockEndpoint(ctx, endpointID)
		if err != nil {
			return err
		}
		due, err := tx.NextDue(ctx, endpointID)
		if err != nil || e.Gone || deliver.NextCall(e, due).After(f.Now()) {
			return err
		}
		added, err = f.queue.callEndpoint(ctx, tx, endpointID, time.Time{})
		return err
	})
	if err != nil {
		return err
	}
	if added {
		f.Log.WarnContext(ctx, "an endpoint had due deliveries and no job; it has one now", slog.String("endpoint", endpointID))
	}
	f.queue.nudge(deliveryQueue)
	return nil
}

// outcome runs a job and turns its error into what the queue may see: a class of
// failure is kept and counted; a database or key in trouble is logged, and the
// job waits without being counted; a stop releases it.
func (f *Flow) outcome(ctx context.Context, job *rivertype.JobRow, run func() error) error {
	err := guarded(run)
	var failure class
	switch {
	case err == nil:
		return nil
	case errors.As(err, &failure):
		f.Log.WarnContext(ctx, "a job failed", slog.String("kind", job.Kind), slog.Int64("job", job.ID), slog.String("error", string(failure)))
		return failure
	case ctx.Err() != nil && f.isStopping():
		return context.Canceled
	}
	f.Log.ErrorContext(ctx, "a job has to wait", slog.String("kind", job.Kind), slog.Int64("job", job.ID), slog.Any("error", err))
	return river.JobSnooze(storeAgain)
}

// guarded turns a panic into a class: its text may hold anything.
func guarded(run func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = class("job panicked")
		}
	}()
	return run()
}

func (f *Flow) isStopping() bool {
	select {
	case <-f.stopping:
		return true
	default:
		return false
	}
}
