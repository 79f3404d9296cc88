package flow

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/openklaas/klaas/internal/deliver"
	"github.com/openklaas/klaas/internal/store"
)

const (
	// patience is how long a run waits for the next retry itself: River moves
	// jobs of the future only every 5 s.
	patience = 6 * time.Second
	// tripTime is when a run is ended so that another endpoint can have its turn.
	tripTime = time.Minute
	// tripLimit is when it is cut off.
	tripLimit = 3 * time.Minute
)

type endpointWorker struct {
	river.WorkerDefaults[endpoint]
	flow *Flow
}

func (*endpointWorker) Timeout(*river.Job[endpoint]) time.Duration { return tripLimit }

func (w *endpointWorker) Work(ctx context.Context, job *river.Job[endpoint]) error {
	return w.flow.outcome(ctx, job.JobRow, func() error {
		return w.flow.call(ctx, job.Args.EndpointID, job.JobRow)
	})
}

// call runs a courier over an endpoint and sets the job that continues.
func (f *Flow) call(ctx context.Context, endpointID string, job *rivertype.JobRow) error {
	wake, leave := f.enter(endpointID)
	defer leave()
	stop, release := f.stopAfter(tripTime)
	defer release()

	atOnce := false
	err := f.courier.Run(ctx, deliver.Run{
		EndpointID: endpointID,
		Wake:       wake,
		Stop:       stop,
		Settle: func(ctx context.Context, tx store.Tx, next time.Time) error {
			if err := f.queue.complete(ctx, tx, job); err != nil || next.IsZero() {
				return err
			}
			// River's clock, not ours, decides when the job runs.
			at := time.Now().Add(next.Sub(f.Now()))
			if atOnce = !at.After(time.Now()); atOnce {
				at = time.Time{}
			}
			_, err := f.queue.callEndpoint(ctx, tx, endpointID, at)
			return err
		},
	})
	if errors.Is(err, errNotOurs) || errors.Is(err, store.ErrNotFound) {
		return nil // another process has the endpoint, or it was erased
	}
	if err == nil && atOnce {
		f.queue.nudge(deliveryQueue)
	}
	return err
}

// stopAfter returns a channel that closes when the flow stops or the time is over.
func (f *Flow) stopAfter(d time.Duration) (stop <-chan struct{}, release func()) {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	go func() {
		select {
		case <-f.stopping:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx.Done(), cancel
}

// enter notes that this process runs over an endpoint, so that wake reaches it.
func (f *Flow) enter(endpointID string) (wake <-chan struct{}, leave func()) {
	c := make(chan struct{}, 1)
	f.mu.Lock()
	f.trips[endpointID] = c
	f.mu.Unlock()
	return c, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.trips[endpointID] == c {
			delete(f.trips, endpointID)
		}
	}
}

// wake tells the workers of this process that an endpoint has new deliveries.
func (f *Flow) wake(endpointID string) {
	f.mu.Lock()
	running := f.trips[endpointID]
	f.mu.Unlock()
	select {
	case running <- struct{}{}: // a nil channel never takes it
	default:
	}
	f.queue.nudge(deliveryQueue)
}

// visits reports whether a run over an endpoint goes on in this process.
func (f *Flow) visits(endpointID string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.trips[endpointID] != nil
}
