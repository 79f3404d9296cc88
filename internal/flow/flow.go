// Package flow wires the stages as jobs. It is the only package that knows both
// the queue and the stages.
//
// The life of a submission, in order:
//
//  1. Package receive stores the document sealed and calls [Flow.Enqueue] in the
//     same transaction: either both are durable or neither, and only then is the
//     request answered. [Flow.Accepted] wakes the workers of this process.
//  2. The analysis job holds the submission's id and nothing else. It waits until
//     the document fits into the memory limit, opens it, and makes the reports
//     with what the submission has pinned (settings, secret, times), so that a
//     second run makes the same reports with the same ids.
//  3. In one transaction it stores the reports, a delivery for each that has a
//     receiver, the outcome of the submission, a job for each receiver, and its
//     own end. A job that is run again finds the submission finished and stops.
//  4. Each receiver, an endpoint, has at most one job. It sends what is due there
//     (package deliver), and ends either for good, when nothing is pending, or
//     by setting the job that continues. It does so under a lock on the endpoint
//     that step 3 takes too, so that no delivery comes in between unseen.
//
// A killed process leaves its jobs marked as running. On SQLite there is one
// process, so all such jobs are freed at start. On PostgreSQL every process
// renews a lease, and any process frees the jobs of those whose lease ran out.
// As a net beneath all this, a sweep finds deliveries that are due and have no job.
//
// Jobs hold ids, and their errors are classes; nothing of a document reaches the queue.
package flow

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/semaphore"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/account"
	"github.com/openklaas/klaas/internal/deliver"
	"github.com/openklaas/klaas/internal/failpoint"
	"github.com/openklaas/klaas/internal/seal"
	"github.com/openklaas/klaas/internal/store"
)

// Config is what a flow is made of. Store, Keys, Accounts and Log are needed.
type Config struct {
	Store    store.Store // migrated before Start
	Keys     *seal.Keyset
	Accounts *account.Service
	Log      *slog.Logger
	// Now is the clock of deliveries and leases. Default: time.Now.
	Now func() time.Time
	// Workers is how many analyses run at once. Default: the processors.
	Workers int
	// Memory bounds the analyses that run at once, in bytes: each counts with
	// eight times its document, its peak. One document always fits. Default: 1 GiB.
	Memory int64
	// AnalysisTime is the most time for one analysis; a document that takes
	// longer gets reports with code 5003. Default: 60 s.
	AnalysisTime time.Duration
	// Grace is how long a stop lets running jobs finish before it cuts them off
	// and releases them. Default: 10 s.
	Grace time.Duration

	// Parallel is the most calls of one endpoint at once. Default: 4.
	Parallel int
	// AllowPrivate permits loopback and private webhook addresses. Default: false.
	AllowPrivate bool
	// AllowPorts are the ports of webhooks. Default: 80 and 443.
	AllowPorts []int
	// Version stands in the User-Agent of webhooks. Default: "dev".
	Version string
	// WebhookTLS overrides the roots of trust of webhooks, for tests. Default: the system's.
	WebhookTLS *tls.Config
	// Analyze stands in for klaas.Analyze, for tests of failures.
	Analyze func(userdata []byte, o klaas.Options) (*klaas.Analysis, error)
}

// Flow runs the jobs of one process. All methods are safe for concurrent use.
type Flow struct {
	Config
	id      string // of this process: of its lease and its queue client
	queue   queue
	memory  *semaphore.Weighted
	asking  *semaphore.Weighted // calls of Explain at work
	sender  *deliver.Sender
	courier *deliver.Courier

	stopping chan struct{} // closed when a stop begins
	stopOnce sync.Once
	loops    sync.WaitGroup
	endLoops context.CancelFunc

	mu      sync.Mutex
	waiting map[string][]chan struct{} // by submission: those who wait for its reports
	trips   map[string]chan struct{}   // by endpoint: wakes the run in this process
}

// New returns a flow that does nothing yet. Enqueue and Wait work before Start.
func New(c Config) (*Flow, error) {
	if c.Store == nil || c.Keys == nil || c.Accounts == nil || c.Log == nil {
		return nil, errors.New("flow: Store, Keys, Accounts and Log are needed")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Analyze == nil {
		c.Analyze = klaas.Analyze
	}
	c.Workers = cmp.Or(c.Workers, runtime.GOMAXPROCS(0))
	c.Memory = cmp.Or(c.Memory, 1<<30)
	c.AnalysisTime = cmp.Or(c.AnalysisTime, time.Minute)
	c.Grace = cmp.Or(c.Grace, 10*time.Second)
	c.Parallel = cmp.Or(c.Parallel, store.DefaultParallel)

	f := &Flow{
		Config:   c,
		id:       uuid.NewString(),
		memory:   semaphore.NewWeighted(c.Memory),
		asking:   semaphore.NewWeighted(int64(c.Workers)),
		stopping: make(chan struct{}),
		endLoops: func() {},
		waiting:  map[string][]chan struct{}{},
		trips:    map[string]chan struct{}{},
	}
	f.sender = deliver.NewSender(deliver.SenderConfig{
		AllowPrivate: c.AllowPrivate, AllowPorts: c.AllowPorts, Version: c.Version, TLS: c.WebhookTLS,
	})
	f.courier = &deliver.Courier{
		Store: c.Store, Keys: c.Keys, Accounts: c.Accounts, Sender: f.sender,
		Now: c.Now, Parallel: c.Parallel, Patience: patience, Jitter: rand.Float64,
	}
	var err error
	f.queue, err = newQueue(f)
	if err != nil {
		return nil, fmt.Errorf("flow: %w", err)
	}
	return f, nil
}

// Start frees what killed processes left behind and starts the workers. They run
// until Stop; the end of ctx does not stop them.
func (f *Flow) Start(ctx context.Context) error {
	if err := f.recover(ctx); err != nil {
		return fmt.Errorf("flow: recovery: %w", err)
	}
	lasting, end := context.WithCancel(context.WithoutCancel(ctx))
	f.endLoops = end
	if err := f.queue.start(lasting); err != nil {
		end()
		return fmt.Errorf("flow: queue: %w", err)
	}
	f.watch(lasting)
	return nil
}

// Stop takes no more jobs and lets running ones finish for Grace; those that do
// not are released and run again elsewhere, or after the next Start. It returns
// when nothing runs any more, or with the error of ctx.
func (f *Flow) Stop(ctx context.Context) error {
	f.stopOnce.Do(func() { close(f.stopping) })
	failpoint.Hit("stopping")
	err := f.queue.stop(ctx)
	f.endLoops()
	f.loops.Wait()
	f.sender.Close()
	if err != nil {
		return fmt.Errorf("flow: stop: %w", err)
	}
	return f.leave(ctx)
}

// Enqueue adds the analysis of a submission, in the transaction that stores it.
func (f *Flow) Enqueue(ctx context.Context, tx store.Tx, submissionID string) error {
	return f.queue.addAnalysis(ctx, tx, submissionID)
}

// Accepted tells the workers of this process that an analysis was committed. It
// does not block.
func (f *Flow) Accepted() { f.queue.nudge(analysisQueue) }

// Wait returns when the reports of a submission are stored. Errors: those of ctx,
// store.ErrNotFound, or a fault of the database.
func (f *Flow) Wait(ctx context.Context, submissionID string) error {
	done := f.await(submissionID)
	defer f.forget(submissionID, done)
	var s store.Submission
	err := f.Store.View(ctx, func(tx store.Tx) (err error) {
		s, err = tx.SubmissionForWork(ctx, submissionID)
		return err
	})
	for err == nil && s.State == store.Accepted {
		select {
		case <-done:
			return nil
		case <-time.After(waitAgain):
		case <-ctx.Done():
			return ctx.Err()
		}
		// Another process may have made the reports. The body is not needed now.
		err = f.Store.View(ctx, func(tx store.Tx) (err error) {
			s, err = tx.Submission(ctx, s.ApplicationID, submissionID)
			return err
		})
	}
	return err
}

const waitAgain = 250 * time.Millisecond

func (f *Flow) await(submissionID string) chan struct{} {
	done := make(chan struct{})
	f.mu.Lock()
	defer f.mu.Unlock()
	f.waiting[submissionID] = append(f.waiting[submissionID], done)
	return done
}

func (f *Flow) forget(submissionID string, done chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	left := f.waiting[submissionID]
	for i, c := range left {
		if c == done {
			left = append(left[:i], left[i+1:]...)
			break
		}
	}
	if len(left) == 0 {
		delete(f.waiting, submissionID)
		return
	}
	f.waiting[submissionID] = left
}

// finished tells those who wait for a submission.
func (f *Flow) finished(submissionID string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, done := range f.waiting[submissionID] {
		close(done)
	}
	delete(f.waiting, submissionID)
}
