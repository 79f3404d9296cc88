package flow

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"

	"github.com/openklaas/klaas/internal/store"
)

// queue is River on one of the databases.
type queue interface {
	start(ctx context.Context) error
	stop(ctx context.Context) error

	// addAnalysis adds the job of a submission.
	addAnalysis(ctx context.Context, tx store.Tx, submissionID string) error
	// callEndpoint makes sure that an endpoint has a job that runs at a moment;
	// the zero time is at once. The caller holds the endpoint's lock. A job that
	// runs already is left alone: it looks again, under the lock, before it ends.
	// added tells that there was no job at all.
	callEndpoint(ctx context.Context, tx store.Tx, endpointID string, at time.Time) (added bool, err error)
	// complete ends a running job inside a transaction.
	complete(ctx context.Context, tx store.Tx, job *rivertype.JobRow) error
	// nudge lets this process look for jobs of a queue at once. It does not block.
	nudge(queueName string)
}

// The queues. Each has its own workers, so that slow receivers keep no analysis
// waiting.
const (
	analysisQueue = "analysis"
	deliveryQueue = "delivery"
)

const (
	// deliveryWorkers bounds the endpoints that one process calls at once.
	deliveryWorkers = 256
	// fetchPause is the least time between two looks for jobs.
	fetchPause = 10 * time.Millisecond
	// everyAttempt is as many attempts as River can count: what to do with a job
	// that fails is decided here, never by dropping it.
	everyAttempt = 1<<15 - 1
)

// analysis is the job of a submission.
type analysis struct {
	SubmissionID string `json:"submission_id"`
}

func (analysis) Kind() string { return "analysis" }

func (analysis) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: analysisQueue} }

// endpoint is the job of a receiver. There is one that waits or runs, at most.
type endpoint struct {
	EndpointID string `json:"endpoint_id"`
}

func (endpoint) Kind() string { return "endpoint" }

func (endpoint) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: deliveryQueue, UniqueOpts: river.UniqueOpts{
		ByArgs: true,
		ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning,
			rivertype.JobStateRetryable, rivertype.JobStateScheduled,
		},
	}}
}

// newQueue returns the queue of the flow's database.
func newQueue(f *Flow) (queue, error) {
	workers := river.NewWorkers()
	river.AddWorker(workers, &analysisWorker{flow: f})
	river.AddWorker(workers, &endpointWorker{flow: f})
	config := &river.Config{
		ID:      f.id,
		Workers: workers,
		Queues: map[string]river.QueueConfig{
			analysisQueue: {MaxWorkers: f.Workers, FetchCooldown: fetchPause},
			deliveryQueue: {MaxWorkers: deliveryWorkers, FetchCooldown: fetchPause},
		},
		// On PostgreSQL this is also the least time between two notices of new
		// jobs: a notice that is swallowed costs a whole poll.
		FetchCooldown:               river.FetchCooldownMin,
		MaxAttempts:                 everyAttempt,
		RetryPolicy:                 retryPolicy{},
		RescueStuckJobsAfter:        rescueAfter,
		SoftStopTimeout:             f.Grace,
		CompletedJobRetentionPeriod: time.Hour,
		Logger:                      slog.New(quiet{f.Log.Handler()}),
	}
	switch db := f.Store.Raw().(type) {
	case *sql.DB:
		bell := newBell()
		config.FetchPollInterval = time.Second
		return build(belled{riversqlite.New(db), bell}, config, bell.ring)
	case *pgxpool.Pool:
		// PostgreSQL tells every process of new jobs by itself.
		config.FetchPollInterval = 500 * time.Millisecond
		return build(riverpgxv5.New(db), config, func(string) {})
	}
	return nil, fmt.Errorf("no queue for a database of type %T", f.Store.Raw())
}

type riverQueue[T any] struct {
	client *river.Client[T]
	ring   func(queueName string)
}

func build[T any](driver riverdriver.Driver[T], config *river.Config, ring func(string)) (queue, error) {
	client, err := river.NewClient(driver, config)
	if err != nil {
		return nil, err
	}
	return &riverQueue[T]{client, ring}, nil
}

func (q *riverQueue[T]) start(ctx context.Context) error { return q.client.Start(ctx) }
func (q *riverQueue[T]) stop(ctx context.Context) error  { return q.client.Stop(ctx) }
func (q *riverQueue[T]) nudge(queueName string)          { q.ring(queueName) }

func (q *riverQueue[T]) addAnalysis(ctx context.Context, tx store.Tx, submissionID string) error {
	_, err := q.client.InsertTx(ctx, tx.Raw().(T), analysis{submissionID}, nil)
	return err
}

func (q *riverQueue[T]) callEndpoint(ctx context.Context, tx store.Tx, endpointID string, at time.Time) (added bool, err error) {
	result, err := q.client.InsertTx(ctx, tx.Raw().(T), endpoint{endpointID}, &river.InsertOpts{ScheduledAt: at})
	if err != nil || !result.UniqueSkippedAsDuplicate {
		return err == nil, err
	}
	job := result.Job
	if job.State == rivertype.JobStateRunning || job.State == rivertype.JobStateAvailable && !job.ScheduledAt.After(time.Now()) {
		return false, nil
	}
	_, err = q.client.JobRetryTx(ctx, tx.Raw().(T), job.ID)
	return false, err
}

func (q *riverQueue[T]) complete(ctx context.Context, tx store.Tx, job *rivertype.JobRow) error {
	_, err := river.JobCompleteTx[riverdriver.Driver[T]](ctx, tx.Raw().(T), &river.Job[anyJob]{JobRow: job})
	if errors.Is(err, rivertype.ErrNotFound) {
		return errNotOurs
	}
	return err
}

// anyJob stands for the arguments of a job that is completed by its row alone.
type anyJob struct{}

func (anyJob) Kind() string { return "any" }

// class is an error of a job: what the queue may remember of a failure.
type class string

func (c class) Error() string { return string(c) }

// errNotOurs says that the job was freed meanwhile: this process was taken for dead.
const errNotOurs class = "lease lost"

// retryPolicy waits 1 s, 2 s, 4 s, … 30 s.
type retryPolicy struct{}

func (retryPolicy) NextRetry(job *rivertype.JobRow) time.Time {
	return time.Now().Add(min(time.Second<<min(len(job.Errors), 5), 30*time.Second))
}

// quiet passes on only what River warns of.
type quiet struct{ slog.Handler }

func (q quiet) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && q.Handler.Enabled(ctx, level)
}

func (q quiet) WithAttrs(attrs []slog.Attr) slog.Handler { return quiet{q.Handler.WithAttrs(attrs)} }
func (q quiet) WithGroup(name string) slog.Handler       { return quiet{q.Handler.WithGroup(name)} }
