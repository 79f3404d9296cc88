package flow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/failpoint"
	"github.com/openklaas/klaas/internal/product"
	"github.com/openklaas/klaas/internal/seal"
	"github.com/openklaas/klaas/internal/store"
)

// What an analysis can fail of. A submission that failed keeps the class.
const (
	panicked class = "analysis panicked"
	timedOut class = "analysis timed out"
	refused  class = "analysis refused" // the document or its settings cannot be used
	crashed  class = "analysis ended the process"
)

// How often an analysis is tried. A process that is killed for other reasons is
// no fault of the document, so much more of that is borne.
var tries = map[class]int{panicked: 3, timedOut: 2, refused: 1, crashed: 20}

// The codes of the reports that tell of a failure.
const (
	codeInternal = 5000
	codeTimeout  = 5003
)

// memoryFactor is the peak of an analysis over the size of its document: 8 for every
// product in one version, up to 11 measured for all in all of their versions, where
// the evidence of the figures outgrows the document.
const memoryFactor = 12

// jobTime bounds a whole analysis job: the wait for memory, too.
const jobTime = 10 * time.Minute

// rescueAfter is when River itself frees a job whose end could not be recorded.
const rescueAfter = 15 * time.Minute

type analysisWorker struct {
	river.WorkerDefaults[analysis]
	flow *Flow
}

func (*analysisWorker) Timeout(*river.Job[analysis]) time.Duration { return jobTime }

func (w *analysisWorker) Work(ctx context.Context, job *river.Job[analysis]) error {
	return w.flow.outcome(ctx, job.JobRow, func() error {
		return w.flow.analyse(ctx, job.Args.SubmissionID, job.JobRow)
	})
}

// analyse makes and stores the reports of a submission.
func (f *Flow) analyse(ctx context.Context, submissionID string, job *rivertype.JobRow) error {
	var s store.Submission
	err := f.Store.View(ctx, func(tx store.Tx) (err error) {
		s, err = tx.SubmissionForWork(ctx, submissionID)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil // erased
	}
	if err != nil {
		return err
	}
	if s.State != store.Accepted || len(s.WrappedKey) == 0 {
		return nil // done already, or erased
	}
	key, err := f.Keys.DataKey(s.ID, s.WrappedKey)
	if err != nil {
		return fmt.Errorf("data key: %w", err)
	}
	options, err := f.options(ctx, &s)
	if err != nil {
		return err
	}

	weight := min(int64(s.Size)*memoryFactor, f.Memory)
	if err := f.memory.Acquire(ctx, weight); err != nil {
		return err
	}
	userdata, err := key.Open("userdata", s.Userdata)
	if err != nil {
		f.memory.Release(weight)
		return fmt.Errorf("document: %w", err)
	}
	s.Userdata = nil
	failpoint.Hit("analysis-middle")

	outcome := store.Outcome{State: store.Computed}
	made, failure := f.compute(ctx, userdata, options, job, func() { f.memory.Release(weight) })
	if failure != "" {
		if again(job, failure) {
			return failure
		}
		outcome.State, outcome.Failure = store.Failed, string(failure)
		made = f.apologise(userdata, options, failure)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return f.keep(ctx, &s, key, made, outcome, options.Settings.CallbackURL, job)
}

// options returns what the submission has pinned.
func (f *Flow) options(ctx context.Context, s *store.Submission) (klaas.Options, error) {
	settings, _, err := f.Accounts.Settings(ctx, s.ApplicationID, s.SettingsRevision)
	if err != nil {
		return klaas.Options{}, fmt.Errorf("settings: %w", err)
	}
	o := klaas.Options{
		Settings:  settings,
		RequestID: s.ID,
		// The reporting day follows from these and the document, as it did when
		// the submission was accepted. Giving it here would say that somebody
		// asked for it.
		Received:   s.ReceivedAt,
		ReportTime: s.ReceivedAt.UTC().Truncate(time.Second),
	}
	if s.SecretID != "" {
		secret, err := f.Accounts.SigningKey(ctx, s.ApplicationID, s.SecretID)
		if err != nil {
			return klaas.Options{}, fmt.Errorf("secret: %w", err)
		}
		o.SecretKey = secret.Key
	}
	return o, nil
}

// compute runs the analysis within its time and calls release when nothing of it
// is left in memory: an analysis cannot be interrupted, so one that takes too
// long goes on alone, and what it makes is thrown away.
func (f *Flow) compute(ctx context.Context, userdata []byte, o klaas.Options, job *rivertype.JobRow, release func()) (*klaas.Analysis, class) {
	if starts(job) >= tries[crashed] {
		release()
		return nil, crashed
	}
	type end struct {
		made    *klaas.Analysis
		failure class
	}
	ended := make(chan end, 1)
	go func() {
		defer release()
		e := end{failure: panicked} // unless the next lines get to their end
		defer func() {
			// What a panic says may hold what it choked on: it is not passed on.
			_ = recover()
			ended <- e
		}()
		made, err := f.Analyze(userdata, o)
		e = end{made: made}
		if err != nil {
			e = end{failure: refused}
		}
	}()
	timer := time.NewTimer(f.AnalysisTime)
	defer timer.Stop()
	select {
	case e := <-ended:
		return e.made, e.failure
	case <-timer.C:
		return nil, timedOut
	case <-ctx.Done():
		return nil, "" // the caller sees the context
	}
}

// again reports whether an analysis that failed is tried once more.
func again(job *rivertype.JobRow, failure class) bool {
	failures := 1
	for _, e := range job.Errors {
		if e.Error == string(failure) {
			failures++
		}
	}
	return failure != crashed && failures < tries[failure]
}

// starts returns how often the job was begun and neither ended nor released.
func starts(job *rivertype.JobRow) int {
	var metadata struct {
		Snoozes int `json:"snoozes"`
	}
	if json.Unmarshal(job.Metadata, &metadata) != nil {
		return 0 // River's own field; without it nothing can be said
	}
	return len(job.AttemptedBy) - metadata.Snoozes - len(job.Errors)
}

// apologise makes the reports that say that the analysis failed. Where even that
// fails, there are none, and the submission's state alone tells.
func (f *Flow) apologise(userdata []byte, o klaas.Options, failure class) (made *klaas.Analysis) {
	code := codeInternal
	if failure == timedOut {
		code = codeTimeout
	}
	none := &klaas.Analysis{}
	defer func() {
		if recover() != nil {
			made = none
		}
	}()
	made, err := klaas.Failure(userdata, o, code)
	if err != nil {
		return none
	}
	return made
}

// keep stores reports, deliveries, outcome and endpoint jobs, and ends the job.
func (f *Flow) keep(ctx context.Context, s *store.Submission, key *seal.DataKey, made *klaas.Analysis, outcome store.Outcome, settingsURL map[string]string, job *rivertype.JobRow) error {
	now := f.Now().UTC()
	if err := conclude(&outcome, made, key, now); err != nil {
		return err
	}
	reports, err := sealReports(s, key, made.Reports, now)
	if err != nil {
		return err
	}
	byURL := map[string][]store.Report{}
	for _, r := range reports {
		url := receiver(made.CallbackURL, r.Product)
		if url == "" {
			url = receiver(settingsURL, r.Product)
		}
		if url != "" {
			byURL[url] = append(byURL[url], r)
		}
	}

	var called []string
	err = f.Store.Update(ctx, func(tx store.Tx) error {
		called = nil
		if err := tx.FinishSubmission(ctx, s.ID, outcome); err != nil {
			return err
		}
		for _, r := range reports {
			if err := tx.InsertReport(ctx, r); err != nil {
				return err
			}
		}
		// All transactions lock endpoints in the order of their URLs.
		for _, url := range slices.Sorted(maps.Keys(byURL)) {
			id, err := f.address(ctx, tx, s.ApplicationID, url, byURL[url], now)
			if err != nil {
				return err
			}
			called = append(called, id)
		}
		if err := f.queue.complete(ctx, tx, job); err != nil {
			return err
		}
		failpoint.Hit("reports-before-commit")
		return nil
	})
	if errors.Is(err, store.ErrConflict) || errors.Is(err, errNotOurs) {
		// Another run was faster. It has stored the same reports, or will.
		return nil
	}
	if err != nil {
		return err
	}
	failpoint.Hit("reports-committed")
	f.finished(s.ID)
	for _, id := range called {
		f.wake(id)
	}
	return nil
}

// conclude fills in what the submission keeps of an analysis.
func conclude(outcome *store.Outcome, made *klaas.Analysis, key *seal.DataKey, now time.Time) error {
	outcome.FinishedAt = now
	outcome.NotSent = made.NotSent
	outcome.ProblemCount = made.Problems.Total
	if made.Problems.Total == 0 {
		return nil
	}
	list, err := json.Marshal(made.Problems.List)
	if err != nil {
		return fmt.Errorf("problems: %w", err)
	}
	outcome.Problems, err = key.Seal("problems", list)
	return err
}

func sealReports(s *store.Submission, key *seal.DataKey, made []klaas.Report, now time.Time) ([]store.Report, error) {
	reports := make([]store.Report, len(made))
	for i, r := range made {
		body, err := key.Seal("report:"+r.ID, r.Body)
		if err != nil {
			return nil, fmt.Errorf("report: %w", err)
		}
		reports[i] = store.Report{
			ID: r.ID, SubmissionID: s.ID, ApplicationID: s.ApplicationID, Ordinal: i,
			Product: r.Product, Version: r.Version, Part: r.Part, Code: r.Code,
			Size: len(r.Body), Body: body, CreatedAt: now,
		}
	}
	return reports, nil
}

// address adds the deliveries of reports to one URL and its job. What goes to an
// endpoint that is gone is a dead letter from the start.
func (f *Flow) address(ctx context.Context, tx store.Tx, applicationID, url string, reports []store.Report, now time.Time) (endpointID string, err error) {
	e, err := tx.EnsureEndpoint(ctx, applicationID, url, now)
	if err != nil {
		return "", err
	}
	if e, err = tx.LockEndpoint(ctx, e.ID); err != nil {
		return "", err
	}
	for _, r := range reports {
		d := store.Delivery{
			ID: uuid.NewString(), ReportID: r.ID, SubmissionID: r.SubmissionID, ApplicationID: r.ApplicationID,
			EndpointID: e.ID, State: store.Waiting,
			// A microsecond apart, so that "oldest first" keeps the reports' order.
			CreatedAt: now.Add(time.Duration(r.Ordinal) * time.Microsecond), NextAttemptAt: now,
		}
		if e.Gone {
			d.State, d.FinishedAt = store.Dead, now
		}
		if err := tx.InsertDelivery(ctx, d); err != nil {
			return "", err
		}
	}
	if e.Gone {
		return e.ID, nil
	}
	_, err = f.queue.callEndpoint(ctx, tx, e.ID, time.Time{})
	return e.ID, err
}

// receiver returns the URL for a product: its own, else that of "other", else
// that of "all"; "" when there is none.
func receiver(urls map[string]string, productName string) string {
	for name, url := range urls {
		p, kind, ok := product.Resolve(name)
		if ok && p.FullName(kind) == productName {
			return url
		}
	}
	var other, all string
	for name, url := range urls {
		switch {
		case strings.EqualFold(name, "other"):
			other = url
		case strings.EqualFold(name, "all"):
			all = url
		}
	}
	if other != "" {
		return other
	}
	return all
}
