// Package storetest is the suite that every store passes.
//
// [Run] takes a database that it can open again and again, and calls every
// method of store.Store and store.Tx: what is written is read back, each error
// that the interfaces list appears, one application never reaches another's
// rows, a failed transaction leaves nothing, and the queue's jobs commit and
// roll back with it. Under the race detector, which makes the database many times
// slower, only what happens at once is run, in smaller numbers.
package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/openklaas/klaas/internal/store"
)

// Database makes a new, empty database for a test and returns how to open it.
// A store that open returned is closed before the next call of open.
type Database func(t *testing.T) (open func() store.Store)

// Run runs the suite.
func Run(t *testing.T, database Database) {
	for _, c := range []struct {
		name string
		test func(t *testing.T, s store.Store)
		race bool // runs several at once, or ends one: worth the race detector's time
	}{
		{"migrations are applied once", migrations, false},
		{"partners and applications", partners, false},
		{"settings revisions", settingsRevisions, false},
		{"credentials", credentials, false},
		{"secrets", secrets, false},
		{"submissions", submissions, false},
		{"submission pages", submissionPages, false},
		{"outcomes", outcomes, false},
		{"idempotency keys", idempotency, false},
		{"reports", reports, false},
		{"endpoints", endpoints, false},
		{"deliveries", deliveries, false},
		{"due deliveries", dueDeliveries, false},
		{"attempts", attempts, false},
		{"applications do not see each other", isolation, false},
		{"what a row belongs to must exist", parents, false},
		{"a conflict leaves the transaction usable", conflictGoesOn, false},
		{"a failed transaction leaves nothing", rollback, true},
		{"a view is consistent and writes nothing", views, true},
		{"an ended context leaves nothing", endedContext, true},
		{"writers at once lose nothing", writers, true},
		{"of two changes of settings at once one wins", settingsRace, true},
		{"a locked endpoint waits", lockEndpoint, true},
		{"one endpoint for one URL, also at once", endpointRace, true},
		{"jobs join the transaction", jobs, true},
		{"orphaned jobs are freed", orphans, false},
		{"everyone's jobs are freed", orphansEveryone, false},
		{"deleting a submission deletes what is below", erase, false},
		{"closed", closed, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if racing && !c.race {
				t.Skip("reads and writes rows one after the other: not under the race detector")
			}
			s := database(t)()
			t.Cleanup(func() { noError(t, s.Close()) })
			noError(t, s.Migrate(t.Context()))
			c.test(t, s)
		})
	}
	t.Run("what was committed is there after reopening", func(t *testing.T) { durable(t, database(t)) })
	t.Run("before the first migration", func(t *testing.T) { unmigrated(t, database(t)) })
}

// begin is a moment that both databases keep exactly.
var begin = time.Date(2025, 3, 31, 23, 59, 58, 123456000, time.UTC)

func after(d time.Duration) time.Time { return begin.Add(d) }

func id() string { return uuid.NewString() }

func noError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantError(t testing.TB, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: error is %v, want %v", what, err, want)
	}
}

// equal treats an empty and a nil slice alike, as the databases do not.
func equal(t testing.TB, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func update(t testing.TB, s store.Store, f func(tx store.Tx) error) {
	t.Helper()
	noError(t, s.Update(context.WithoutCancel(t.Context()), f))
}

func view(t testing.TB, s store.Store, f func(tx store.Tx) error) {
	t.Helper()
	noError(t, s.View(context.WithoutCancel(t.Context()), f))
}

// read returns what f reads in a view.
func read[T any](t testing.TB, s store.Store, f func(tx store.Tx) (T, error)) T {
	t.Helper()
	var got T
	view(t, s, func(tx store.Tx) (err error) {
		got, err = f(tx)
		return err
	})
	return got
}

// world is an application with one computed submission and everything below it.
type world struct {
	partner     store.Partner
	application store.Application
	settings    store.SettingsRevision
	credential  store.Credential
	secret      store.Secret
	submission  store.Submission
	report      store.Report
	endpoint    store.Endpoint
	delivery    store.Delivery
	attempt     store.Attempt
	key         store.Idempotency
}

// newApplication stores a partner's application with settings 1 and keys.
func newApplication(t testing.TB, s store.Store) world {
	t.Helper()
	w := world{partner: store.Partner{ID: id(), Name: "Crédito São João", CreatedAt: begin}}
	w.application = store.Application{ID: id(), PartnerID: w.partner.ID, Name: "app", Environment: "production", CreatedAt: begin}
	w.settings = store.SettingsRevision{ApplicationID: w.application.ID, Revision: 1, Body: []byte(`{"products":[]}`), CreatedAt: begin}
	w.credential = store.Credential{ID: id(), ApplicationID: w.application.ID, Code: "kp_" + id(), Hash: []byte{0, 1, 255}, CreatedAt: begin}
	w.secret = store.Secret{ID: id(), ApplicationID: w.application.ID, Sealed: []byte("sealed\x00secret"), CreatedAt: begin}
	update(t, s, func(tx store.Tx) error {
		ctx := t.Context()
		return errors.Join(
			tx.InsertPartner(ctx, w.partner),
			tx.InsertApplication(ctx, w.application),
			tx.InsertSettings(ctx, w.settings),
			tx.InsertCredential(ctx, w.credential),
			tx.InsertSecret(ctx, w.secret))
	})
	w.application.Revision = 1
	return w
}

func (w world) newSubmission(at time.Time) store.Submission {
	return store.Submission{
		ID: id(), ApplicationID: w.application.ID, State: store.Accepted, ReceivedAt: at, ReferenceDay: "2025-03-31",
		SettingsRevision: 1, SecretID: w.secret.ID, WrappedKey: []byte("wrapped\x00"), Userdata: []byte("sealed\x00userdata"), Size: 4711, TaxHash: []byte{1, 2, 3},
	}
}

func (w world) newReport(submission store.Submission, ordinal int) store.Report {
	return store.Report{
		ID: id(), SubmissionID: submission.ID, ApplicationID: w.application.ID, Ordinal: ordinal, Product: "pf_checking_account", Version: "V1.1",
		Part: 2, Code: 204, Size: 99, Body: []byte("sealed\x00report"), CreatedAt: after(time.Second),
	}
}

func (w world) newDelivery(report store.Report, endpoint store.Endpoint, created, due time.Time) store.Delivery {
	return store.Delivery{
		ID: id(), ReportID: report.ID, SubmissionID: report.SubmissionID, ApplicationID: w.application.ID, EndpointID: endpoint.ID,
		State: store.Waiting, CreatedAt: created, NextAttemptAt: due,
	}
}

// newWorld stores one of everything.
func newWorld(t testing.TB, s store.Store) world {
	t.Helper()
	w := newApplication(t, s)
	w.submission = w.newSubmission(begin)
	w.report = w.newReport(w.submission, 1)
	w.key = store.Idempotency{ApplicationID: w.application.ID, Key: "key-1", BodyHash: []byte{9}, SubmissionID: w.submission.ID, CreatedAt: begin, ExpiresAt: after(24 * time.Hour)}
	update(t, s, func(tx store.Tx) (err error) {
		ctx := t.Context()
		w.endpoint, err = tx.EnsureEndpoint(ctx, w.application.ID, "https://hooks.example/klaas", begin)
		if err != nil {
			return err
		}
		w.delivery = w.newDelivery(w.report, w.endpoint, after(2*time.Second), after(2*time.Second))
		w.attempt = store.Attempt{ID: id(), DeliveryID: w.delivery.ID, Number: 1, At: after(3 * time.Second), Status: 503, Latency: 1234567 * time.Microsecond, Answer: []byte("sealed\x00answer")}
		return errors.Join(
			tx.InsertSubmission(ctx, w.submission),
			tx.InsertIdempotency(ctx, w.key),
			tx.InsertReport(ctx, w.report),
			tx.InsertDelivery(ctx, w.delivery),
			tx.InsertAttempt(ctx, w.attempt))
	})
	return w
}

// withoutBody is a submission or report as lists give it.
func withoutBody(s store.Submission) store.Submission {
	s.Userdata = nil
	return s
}
