package storetest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/openklaas/klaas/internal/store"
)

func migrations(t *testing.T, s store.Store) {
	w := newWorld(t, s)
	noError(t, s.Migrate(t.Context()))
	applied, known, err := s.Version(t.Context())
	noError(t, err)
	if applied != known || known < 2 {
		t.Errorf("migration %d of %d is applied, want all", applied, known)
	}
	got := read(t, s, func(tx store.Tx) (store.Partner, error) { return tx.Partner(t.Context(), w.partner.ID) })
	equal(t, "partner after a second Migrate", got, w.partner)
	noError(t, s.Ping(t.Context()))
	if d := s.Dialect(); d != "sqlite" && d != "postgres" {
		t.Errorf("dialect is %q", d)
	}
}

func unmigrated(t *testing.T, open func() store.Store) {
	s := open()
	defer func() { noError(t, s.Close()) }()
	applied, known, err := s.Version(t.Context())
	noError(t, err)
	if applied != 0 || known < 2 {
		t.Errorf("migration %d of %d is applied, want none", applied, known)
	}
	if err := s.Ping(t.Context()); err == nil {
		t.Error("a database without tables takes writes")
	}
}

func partners(t *testing.T, s store.Store) {
	a, b := newApplication(t, s), newApplication(t, s)
	ctx := t.Context()
	view(t, s, func(tx store.Tx) error {
		partner, err := tx.Partner(ctx, a.partner.ID)
		equal(t, "partner", partner, a.partner)
		list, err2 := tx.ListPartners(ctx)
		if len(list) != 2 {
			t.Errorf("%d partners are listed, want 2", len(list))
		}
		application, err3 := tx.Application(ctx, b.application.ID)
		equal(t, "application", application, b.application)
		own, err4 := tx.ListApplications(ctx, a.partner.ID)
		equal(t, "applications of a partner", own, []store.Application{a.application})
		every, err5 := tx.ListApplications(ctx, "")
		if len(every) != 2 {
			t.Errorf("%d applications are listed, want 2", len(every))
		}
		_, err6 := tx.Partner(ctx, id())
		wantError(t, "unknown partner", err6, store.ErrNotFound)
		_, err7 := tx.Application(ctx, id())
		wantError(t, "unknown application", err7, store.ErrNotFound)
		return errors.Join(err, err2, err3, err4, err5)
	})
	update(t, s, func(tx store.Tx) error {
		wantError(t, "same partner", tx.InsertPartner(ctx, a.partner), store.ErrConflict)
		wantError(t, "same application", tx.InsertApplication(ctx, a.application), store.ErrConflict)
		return nil
	})
}

func settingsRevisions(t *testing.T, s store.Store) {
	w := newApplication(t, s)
	ctx := t.Context()
	second := store.SettingsRevision{ApplicationID: w.application.ID, Revision: 2, Body: []byte(`{"strictShape":true}`), CreatedAt: after(time.Hour)}
	update(t, s, func(tx store.Tx) error {
		wantError(t, "revision 1 again", tx.InsertSettings(ctx, w.settings), store.ErrConflict)
		gap := second
		gap.Revision = 3
		wantError(t, "revision 3 before 2", tx.InsertSettings(ctx, gap), store.ErrConflict)
		unknown := second
		unknown.ApplicationID = id()
		wantError(t, "settings of no application", tx.InsertSettings(ctx, unknown), store.ErrNotFound)
		return tx.InsertSettings(ctx, second)
	})
	view(t, s, func(tx store.Tx) error {
		newest, err := tx.Settings(ctx, w.application.ID, 0)
		equal(t, "newest settings", newest, second)
		first, err2 := tx.Settings(ctx, w.application.ID, 1)
		equal(t, "settings 1", first, w.settings)
		_, err3 := tx.Settings(ctx, w.application.ID, 3)
		wantError(t, "settings 3", err3, store.ErrNotFound)
		_, err4 := tx.Settings(ctx, id(), 0)
		wantError(t, "settings of no application", err4, store.ErrNotFound)
		equal(t, "revisions", listSettings(t, tx, w.application.ID, 0, 9), []store.SettingsRevision{second, w.settings})
		equal(t, "the newest revision", listSettings(t, tx, w.application.ID, 0, 1), []store.SettingsRevision{second})
		equal(t, "revisions before 2", listSettings(t, tx, w.application.ID, 2, 9), []store.SettingsRevision{w.settings})
		equal(t, "revisions before 1", len(listSettings(t, tx, w.application.ID, 1, 9)), 0)
		equal(t, "revisions of no application", len(listSettings(t, tx, id(), 0, 9)), 0)
		a, err5 := tx.Application(ctx, w.application.ID)
		if a.Revision != 2 {
			t.Errorf("the application is at revision %d, want 2", a.Revision)
		}
		return errors.Join(err, err2, err5)
	})
}

func listSettings(t *testing.T, tx store.Tx, application string, before, limit int) []store.SettingsRevision {
	t.Helper()
	list, err := tx.ListSettings(t.Context(), application, before, limit)
	noError(t, err)
	return list
}

func credentials(t *testing.T, s store.Store) {
	w, other := newApplication(t, s), newApplication(t, s)
	ctx := t.Context()
	expired := store.Credential{ID: id(), ApplicationID: w.application.ID, Code: w.credential.Code, Hash: []byte("h"), CreatedAt: after(1), ExpiresAt: after(time.Hour)}
	expired.CreatedAt = after(time.Microsecond)
	update(t, s, func(tx store.Tx) error {
		wantError(t, "same credential", tx.InsertCredential(ctx, w.credential), store.ErrConflict)
		return tx.InsertCredential(ctx, expired)
	})
	byCode := func() []store.Credential {
		return read(t, s, func(tx store.Tx) ([]store.Credential, error) { return tx.CredentialsByCode(ctx, w.credential.Code) })
	}
	equal(t, "credentials of a code", byCode(), []store.Credential{w.credential, expired})
	update(t, s, func(tx store.Tx) error {
		wantError(t, "revoke another's", tx.RevokeCredential(ctx, other.application.ID, expired.ID, after(time.Minute)), store.ErrNotFound)
		return errors.Join(
			tx.RevokeCredential(ctx, w.application.ID, w.credential.ID, after(time.Minute)),
			tx.RevokeCredential(ctx, w.application.ID, w.credential.ID, after(time.Hour)))
	})
	equal(t, "credentials of a code after revocation", byCode(), []store.Credential{expired})
	revoked := w.credential
	revoked.RevokedAt = after(time.Minute)
	equal(t, "all credentials", read(t, s, func(tx store.Tx) ([]store.Credential, error) { return tx.ListCredentials(ctx, w.application.ID) }),
		[]store.Credential{revoked, expired})
}

func secrets(t *testing.T, s store.Store) {
	w, other := newApplication(t, s), newApplication(t, s)
	ctx := t.Context()
	second := store.Secret{ID: id(), ApplicationID: w.application.ID, Sealed: []byte("2"), CreatedAt: after(time.Hour)}
	update(t, s, func(tx store.Tx) error {
		wantError(t, "same secret", tx.InsertSecret(ctx, w.secret), store.ErrConflict)
		wantError(t, "retire another's", tx.RetireSecret(ctx, other.application.ID, w.secret.ID, begin), store.ErrNotFound)
		return errors.Join(tx.InsertSecret(ctx, second), tx.RetireSecret(ctx, w.application.ID, w.secret.ID, after(2*time.Hour)))
	})
	first := w.secret
	first.RetiredAt = after(2 * time.Hour)
	view(t, s, func(tx store.Tx) error {
		both, err := tx.LiveSecrets(ctx, w.application.ID, after(90*time.Minute))
		equal(t, "secrets while one rotates", both, []store.Secret{second, first})
		one, err2 := tx.LiveSecrets(ctx, w.application.ID, after(2*time.Hour))
		equal(t, "secrets afterwards", one, []store.Secret{second})
		retired, err3 := tx.Secret(ctx, w.application.ID, first.ID)
		equal(t, "retired secret", retired, first)
		_, err4 := tx.Secret(ctx, other.application.ID, first.ID)
		wantError(t, "another's secret", err4, store.ErrNotFound)
		return errors.Join(err, err2, err3)
	})
}

func submissions(t *testing.T, s store.Store) {
	w := newWorld(t, s)
	ctx := t.Context()
	anonymous := w.newSubmission(after(time.Hour))
	anonymous.TaxHash = nil
	large := w.newSubmission(after(2 * time.Hour))
	large.Userdata = []byte(strings.Repeat("\x00\xffsealed", 500_000))
	update(t, s, func(tx store.Tx) error {
		wantError(t, "same submission", tx.InsertSubmission(ctx, w.submission), store.ErrConflict)
		return errors.Join(tx.InsertSubmission(ctx, anonymous), tx.InsertSubmission(ctx, large))
	})
	view(t, s, func(tx store.Tx) error {
		got, err := tx.Submission(ctx, w.application.ID, w.submission.ID)
		equal(t, "submission", got, withoutBody(w.submission))
		got, err2 := tx.SubmissionForWork(ctx, anonymous.ID)
		equal(t, "submission with body", got, anonymous)
		if got.TaxHash != nil {
			t.Error("an anonymous submission has a tax hash")
		}
		got, err3 := tx.SubmissionForWork(ctx, large.ID)
		if string(got.Userdata) != string(large.Userdata) {
			t.Error("a large body came back changed")
		}
		_, err4 := tx.SubmissionForWork(ctx, id())
		wantError(t, "unknown submission", err4, store.ErrNotFound)
		return errors.Join(err, err2, err3)
	})
}

func submissionPages(t *testing.T, s store.Store) {
	w := newApplication(t, s)
	ctx := t.Context()
	// Minutes 0 to 6, of which minute 3 has three submissions.
	minutes := []int{0, 1, 2, 3, 3, 3, 4, 5, 6}
	update(t, s, func(tx store.Tx) error {
		for _, m := range minutes {
			noError(t, tx.InsertSubmission(ctx, w.newSubmission(after(time.Duration(m)*time.Minute))))
		}
		return nil
	})
	for limit, want := range map[int][]int{3: {3, 3, 3}, 4: {6, 3}, 9: {9}, 10: {9}} {
		seen := map[string]bool{}
		var before time.Time
		var sizes []int
		for {
			page := read(t, s, func(tx store.Tx) ([]store.Submission, error) {
				return tx.ListSubmissions(ctx, w.application.ID, before, limit)
			})
			if len(page) == 0 {
				break
			}
			sizes = append(sizes, len(page))
			for _, one := range page {
				if !before.IsZero() && one.ReceivedAt.After(before) {
					t.Errorf("pages of %d: %v comes after %v", limit, one.ReceivedAt, before)
				}
				if seen[one.ID] {
					t.Errorf("pages of %d: a submission is listed twice", limit)
				}
				if one.Userdata != nil {
					t.Errorf("pages of %d: a list holds bodies", limit)
				}
				seen[one.ID] = true
				before = one.ReceivedAt
			}
		}
		equal(t, "page sizes", sizes, want)
	}
	none := read(t, s, func(tx store.Tx) ([]store.Submission, error) {
		return tx.ListSubmissions(ctx, w.application.ID, time.Time{}, 0)
	})
	equal(t, "page of 0", none, []store.Submission(nil))
}

func outcomes(t *testing.T, s store.Store) {
	w := newWorld(t, s)
	ctx := t.Context()
	computed := store.Outcome{State: store.Computed, FinishedAt: after(time.Second), ProblemCount: 2, Problems: []byte("sealed\x00problems"), NotSent: []string{"pj_balance", "pj_identity"}}
	failed := store.Outcome{State: store.Failed, FinishedAt: after(time.Second), Failure: "timeout"}
	other := w.newSubmission(after(time.Minute))
	update(t, s, func(tx store.Tx) error {
		return errors.Join(tx.InsertSubmission(ctx, other), tx.FinishSubmission(ctx, w.submission.ID, computed), tx.FinishSubmission(ctx, other.ID, failed))
	})
	want := w.submission
	want.State, want.Outcome = store.Computed, computed
	otherWant := withoutBody(other)
	otherWant.State, otherWant.Outcome = store.Failed, failed
	equal(t, "computed", read(t, s, func(tx store.Tx) (store.Submission, error) { return tx.SubmissionForWork(ctx, w.submission.ID) }), want)
	equal(t, "failed", read(t, s, func(tx store.Tx) (store.Submission, error) { return tx.Submission(ctx, w.application.ID, other.ID) }), otherWant)
	update(t, s, func(tx store.Tx) error {
		wantError(t, "finished twice", tx.FinishSubmission(ctx, w.submission.ID, failed), store.ErrConflict)
		wantError(t, "unknown submission", tx.FinishSubmission(ctx, id(), failed), store.ErrNotFound)
		return nil
	})
	equal(t, "after the second finish", read(t, s, func(tx store.Tx) (store.Submission, error) { return tx.SubmissionForWork(ctx, w.submission.ID) }), want)
}

func idempotency(t *testing.T, s store.Store) {
	w, other := newWorld(t, s), newApplication(t, s)
	ctx := t.Context()
	get := func(application string, at time.Time) (k store.Idempotency, err error) {
		view(t, s, func(tx store.Tx) error {
			k, err = tx.Idempotency(ctx, application, "key-1", at)
			return nil
		})
		return k, err
	}
	got, err := get(w.application.ID, after(time.Hour))
	noError(t, err)
	equal(t, "key", got, w.key)
	_, err = get(w.application.ID, after(24*time.Hour))
	wantError(t, "expired key", err, store.ErrNotFound)
	_, err = get(other.application.ID, after(time.Hour))
	wantError(t, "another's key", err, store.ErrNotFound)

	// A key may come before its submission.
	next := w.newSubmission(after(25 * time.Hour))
	again := store.Idempotency{ApplicationID: w.application.ID, Key: "key-1", BodyHash: []byte{8}, SubmissionID: next.ID, CreatedAt: after(23 * time.Hour), ExpiresAt: after(47 * time.Hour)}
	update(t, s, func(tx store.Tx) error {
		wantError(t, "live key", tx.InsertIdempotency(ctx, again), store.ErrConflict)
		again.CreatedAt, again.ExpiresAt = after(24*time.Hour), after(49*time.Hour)
		return errors.Join(tx.InsertIdempotency(ctx, again), tx.InsertSubmission(ctx, next))
	})
	got, err = get(w.application.ID, after(26*time.Hour))
	noError(t, err)
	equal(t, "key taken again", got, again)

	var gone [2]int64
	update(t, s, func(tx store.Tx) (err error) {
		if gone[0], err = tx.DeleteExpired(ctx, after(48*time.Hour)); err != nil {
			return err
		}
		gone[1], err = tx.DeleteExpired(ctx, after(49*time.Hour))
		return err
	})
	equal(t, "expired keys removed", gone, [2]int64{0, 1})

	err = s.Update(ctx, func(tx store.Tx) error {
		return tx.InsertIdempotency(ctx, store.Idempotency{ApplicationID: w.application.ID, Key: "key-2", BodyHash: []byte{8}, SubmissionID: id(), CreatedAt: begin, ExpiresAt: after(1)})
	})
	if err == nil {
		t.Error("a key without a submission was committed")
	}
}

func reports(t *testing.T, s store.Store) {
	w := newWorld(t, s)
	ctx := t.Context()
	second := w.newReport(w.submission, 2)
	second.Body = []byte("sealed\x00second")
	update(t, s, func(tx store.Tx) error {
		wantError(t, "same report", tx.InsertReport(ctx, w.report), store.ErrConflict)
		return tx.InsertReport(ctx, second)
	})
	view(t, s, func(tx store.Tx) error {
		got, err := tx.Report(ctx, w.application.ID, second.ID)
		equal(t, "report", got, second)
		got, key, err2 := tx.ReportForDelivery(ctx, second.ID)
		equal(t, "report for delivery", got, second)
		equal(t, "wrapped key", key, w.submission.WrappedKey)
		_, _, err3 := tx.ReportForDelivery(ctx, id())
		wantError(t, "unknown report", err3, store.ErrNotFound)
		list, err4 := tx.ListReports(ctx, w.application.ID, w.submission.ID)
		a, b := w.report, second
		a.Body, b.Body = nil, nil
		equal(t, "reports", list, []store.Report{a, b})
		return errors.Join(err, err2, err4)
	})
}

func endpoints(t *testing.T, s store.Store) {
	w, other := newWorld(t, s), newApplication(t, s)
	ctx := t.Context()
	var again, foreign, long store.Endpoint
	update(t, s, func(tx store.Tx) (err error) {
		if again, err = tx.EnsureEndpoint(ctx, w.application.ID, w.endpoint.URL, after(time.Hour)); err != nil {
			return err
		}
		if foreign, err = tx.EnsureEndpoint(ctx, other.application.ID, w.endpoint.URL, after(time.Hour)); err != nil {
			return err
		}
		long, err = tx.EnsureEndpoint(ctx, w.application.ID, w.endpoint.URL+"?"+strings.Repeat("abc123", 2000), after(time.Hour))
		return err
	})
	equal(t, "endpoint with the same URL", again, w.endpoint)
	if w.endpoint.Parallel != store.DefaultParallel || w.endpoint.Gone || !w.endpoint.FailingSince.IsZero() || !w.endpoint.CreatedAt.Equal(begin) {
		t.Errorf("a new endpoint is %+v", w.endpoint)
	}
	if foreign.ID == again.ID {
		t.Error("two applications share an endpoint")
	}
	changed := w.endpoint
	changed.Gone, changed.FailingSince, changed.LastProbeAt, changed.Parallel = true, after(time.Minute), after(2*time.Minute), 1
	update(t, s, func(tx store.Tx) error {
		wantError(t, "unknown endpoint", tx.UpdateEndpoint(ctx, store.Endpoint{ID: id()}), store.ErrNotFound)
		_, err := tx.LockEndpoint(ctx, id())
		wantError(t, "lock of an unknown endpoint", err, store.ErrNotFound)
		locked, err := tx.LockEndpoint(ctx, w.endpoint.ID)
		equal(t, "locked endpoint", locked, w.endpoint)
		return errors.Join(err, tx.UpdateEndpoint(ctx, changed))
	})
	view(t, s, func(tx store.Tx) error {
		got, err := tx.Endpoint(ctx, w.endpoint.ID)
		equal(t, "changed endpoint", got, changed)
		list, err2 := tx.ListEndpoints(ctx, w.application.ID)
		equal(t, "endpoints", list, []store.Endpoint{changed, long})
		_, err3 := tx.Endpoint(ctx, id())
		wantError(t, "unknown endpoint", err3, store.ErrNotFound)
		return errors.Join(err, err2)
	})
}

func deliveries(t *testing.T, s store.Store) {
	w := newWorld(t, s)
	ctx := t.Context()
	second := w.newDelivery(w.report, w.endpoint, after(time.Hour), after(time.Hour))
	delivered := w.delivery
	delivered.State, delivered.Attempts, delivered.FirstAttemptAt, delivered.FinishedAt, delivered.NextAttemptAt = store.Delivered, 3, after(time.Minute), after(2*time.Minute), time.Time{}
	update(t, s, func(tx store.Tx) error {
		wantError(t, "same delivery", tx.InsertDelivery(ctx, w.delivery), store.ErrConflict)
		wantError(t, "unknown delivery", tx.UpdateDelivery(ctx, store.Delivery{ID: id(), State: store.Dead}), store.ErrNotFound)
		return errors.Join(tx.InsertDelivery(ctx, second), tx.UpdateDelivery(ctx, delivered))
	})
	view(t, s, func(tx store.Tx) error {
		got, err := tx.Delivery(ctx, w.application.ID, w.delivery.ID)
		equal(t, "delivery", got, delivered)
		list, err2 := tx.ListDeliveries(ctx, w.application.ID, w.submission.ID)
		equal(t, "deliveries", list, []store.Delivery{delivered, second})
		_, err3 := tx.Delivery(ctx, w.application.ID, id())
		wantError(t, "unknown delivery", err3, store.ErrNotFound)
		return errors.Join(err, err2)
	})
}

func dueDeliveries(t *testing.T, s store.Store) {
	w, other := newWorld(t, s), newWorld(t, s)
	ctx := t.Context()
	at := func(minutes int) time.Time { return after(time.Duration(minutes) * time.Minute) }
	finished := w.delivery
	finished.State, finished.FinishedAt = store.Dead, at(1)
	// Created at minute 10, 11, 12; due at minute 40, 20, 30.
	oldest := w.newDelivery(w.report, w.endpoint, at(10), at(40))
	middle := w.newDelivery(w.report, w.endpoint, at(11), at(20))
	newest := w.newDelivery(w.report, w.endpoint, at(12), at(30))
	update(t, s, func(tx store.Tx) error {
		return errors.Join(tx.UpdateDelivery(ctx, finished), tx.InsertDelivery(ctx, newest), tx.InsertDelivery(ctx, oldest), tx.InsertDelivery(ctx, middle))
	})
	due := func(minutes, limit int) []store.Delivery {
		return read(t, s, func(tx store.Tx) ([]store.Delivery, error) {
			return tx.DueDeliveries(ctx, w.endpoint.ID, at(minutes), limit)
		})
	}
	equal(t, "due at 19", due(19, 9), []store.Delivery(nil))
	equal(t, "due at 20", due(20, 9), []store.Delivery{middle})
	equal(t, "due at 40", due(40, 9), []store.Delivery{oldest, middle, newest})
	equal(t, "two of those due at 40", due(40, 2), []store.Delivery{oldest, middle})
	view(t, s, func(tx store.Tx) error {
		first, err := tx.OldestPending(ctx, w.endpoint.ID)
		equal(t, "oldest", first, oldest)
		next, err2 := tx.NextDue(ctx, w.endpoint.ID)
		equal(t, "next due", next, at(20))
		ids, err3 := tx.EndpointsWithDue(ctx, at(19), 9)
		equal(t, "endpoints with something due at 19", ids, []string{other.endpoint.ID})
		ids, err4 := tx.EndpointsWithDue(ctx, at(20), 9)
		if len(ids) != 2 {
			t.Errorf("%d endpoints have something due at 20, want 2", len(ids))
		}
		ids, err5 := tx.EndpointsWithDue(ctx, at(20), 1)
		if len(ids) != 1 {
			t.Errorf("%d endpoints, want 1", len(ids))
		}
		return errors.Join(err, err2, err3, err4, err5)
	})
	update(t, s, func(tx store.Tx) error {
		count, err := tx.MakeDue(ctx, w.endpoint.ID, at(5))
		equal(t, "made due", count, int64(3))
		return err
	})
	if got := due(5, 9); len(got) != 3 || got[0].ID != oldest.ID || !got[0].NextAttemptAt.Equal(at(5)) {
		t.Errorf("after MakeDue %d are due", len(got))
	}
	untouched := read(t, s, func(tx store.Tx) (store.Delivery, error) { return tx.Delivery(ctx, w.application.ID, finished.ID) })
	equal(t, "finished delivery after MakeDue", untouched, finished)
	update(t, s, func(tx store.Tx) error {
		for _, d := range []store.Delivery{oldest, middle, newest} {
			d.State, d.FinishedAt = store.Delivered, at(50)
			noError(t, tx.UpdateDelivery(ctx, d))
		}
		_, err := tx.NextDue(ctx, w.endpoint.ID)
		wantError(t, "next of none", err, store.ErrNotFound)
		_, err = tx.OldestPending(ctx, w.endpoint.ID)
		wantError(t, "oldest of none", err, store.ErrNotFound)
		return nil
	})
}

func attempts(t *testing.T, s store.Store) {
	w := newWorld(t, s)
	ctx := t.Context()
	second := store.Attempt{ID: id(), DeliveryID: w.delivery.ID, Number: 2, At: after(time.Hour), Failure: "timeout"}
	update(t, s, func(tx store.Tx) error {
		wantError(t, "same attempt", tx.InsertAttempt(ctx, w.attempt), store.ErrConflict)
		return tx.InsertAttempt(ctx, second)
	})
	list := read(t, s, func(tx store.Tx) ([]store.Attempt, error) {
		return tx.ListAttempts(ctx, w.application.ID, w.delivery.ID)
	})
	equal(t, "attempts", list, []store.Attempt{w.attempt, second})
}

// isolation asks for everything of one application in the name of another.
func isolation(t *testing.T, s store.Store) {
	w, other := newWorld(t, s), newWorld(t, s)
	ctx := t.Context()
	foreign := other.application.ID
	view(t, s, func(tx store.Tx) error {
		for what, get := range map[string]func(application string) error{
			"settings":    func(a string) error { _, err := tx.Settings(ctx, a, 1); return err },
			"secret":      func(a string) error { _, err := tx.Secret(ctx, a, w.secret.ID); return err },
			"submission":  func(a string) error { _, err := tx.Submission(ctx, a, w.submission.ID); return err },
			"report":      func(a string) error { _, err := tx.Report(ctx, a, w.report.ID); return err },
			"delivery":    func(a string) error { _, err := tx.Delivery(ctx, a, w.delivery.ID); return err },
			"idempotency": func(a string) error { _, err := tx.Idempotency(ctx, a, w.key.Key, begin); return err },
		} {
			noError(t, get(w.application.ID))
			if what == "settings" || what == "idempotency" {
				continue // the other application has its own of that name; checked below
			}
			wantError(t, "foreign "+what, get(foreign), store.ErrNotFound)
		}
		for what, count := range map[string]func(application string) (int, error){
			"reports":    func(a string) (int, error) { l, err := tx.ListReports(ctx, a, w.submission.ID); return len(l), err },
			"deliveries": func(a string) (int, error) { l, err := tx.ListDeliveries(ctx, a, w.submission.ID); return len(l), err },
			"attempts":   func(a string) (int, error) { l, err := tx.ListAttempts(ctx, a, w.delivery.ID); return len(l), err },
		} {
			own, err := count(w.application.ID)
			theirs, err2 := count(foreign)
			if own != 1 || theirs != 0 || err != nil || err2 != nil {
				t.Errorf("%s: %d own, %d foreign, want 1 and 0 (%v, %v)", what, own, theirs, err, err2)
			}
		}
		for _, one := range []world{w, other} {
			app := one.application.ID
			submissions, err := tx.ListSubmissions(ctx, app, time.Time{}, 9)
			equal(t, "own submissions", submissions, []store.Submission{withoutBody(one.submission)})
			endpoints, err2 := tx.ListEndpoints(ctx, app)
			equal(t, "own endpoints", endpoints, []store.Endpoint{one.endpoint})
			credentials, err3 := tx.ListCredentials(ctx, app)
			equal(t, "own credentials", credentials, []store.Credential{one.credential})
			secrets, err4 := tx.LiveSecrets(ctx, app, begin)
			equal(t, "own secrets", secrets, []store.Secret{one.secret})
			key, err5 := tx.Idempotency(ctx, app, one.key.Key, begin)
			equal(t, "own key", key, one.key)
			settings, err6 := tx.Settings(ctx, app, 1)
			equal(t, "own settings", settings, one.settings)
			equal(t, "own revisions", listSettings(t, tx, app, 0, 9), []store.SettingsRevision{one.settings})
			noError(t, errors.Join(err, err2, err3, err4, err5, err6))
		}
		return nil
	})
}

// parents inserts rows whose owner does not exist, each in a transaction of its own.
func parents(t *testing.T, s store.Store) {
	w := newWorld(t, s)
	ctx := t.Context()
	nobody := store.Submission{ID: id(), ApplicationID: id()}
	for what, insert := range map[string]func(tx store.Tx) error{
		"application": func(tx store.Tx) error {
			return tx.InsertApplication(ctx, store.Application{ID: id(), PartnerID: id(), Environment: "sandbox", CreatedAt: begin})
		},
		"credential": func(tx store.Tx) error {
			return tx.InsertCredential(ctx, store.Credential{ID: id(), ApplicationID: id(), Hash: []byte{1}, CreatedAt: begin})
		},
		"secret": func(tx store.Tx) error {
			return tx.InsertSecret(ctx, store.Secret{ID: id(), ApplicationID: id(), Sealed: []byte{1}, CreatedAt: begin})
		},
		"submission": func(tx store.Tx) error {
			nobody.ReceivedAt = begin
			return tx.InsertSubmission(ctx, nobody)
		},
		"report": func(tx store.Tx) error { return tx.InsertReport(ctx, w.newReport(nobody, 1)) },
		"endpoint": func(tx store.Tx) error {
			_, err := tx.EnsureEndpoint(ctx, id(), "https://hooks.example", begin)
			return err
		},
		"delivery": func(tx store.Tx) error {
			return tx.InsertDelivery(ctx, w.newDelivery(w.report, store.Endpoint{ID: id()}, begin, begin))
		},
		"attempt": func(tx store.Tx) error {
			return tx.InsertAttempt(ctx, store.Attempt{ID: id(), DeliveryID: id(), At: begin})
		},
	} {
		wantError(t, what+" of nothing", s.Update(ctx, insert), store.ErrNotFound)
	}
}

func conflictGoesOn(t *testing.T, s store.Store) {
	w := newWorld(t, s)
	ctx := t.Context()
	later := store.Partner{ID: id(), Name: "after the conflict", CreatedAt: begin}
	update(t, s, func(tx store.Tx) error {
		wantError(t, "same report", tx.InsertReport(ctx, w.report), store.ErrConflict)
		_, err := tx.Partner(ctx, id())
		wantError(t, "unknown partner", err, store.ErrNotFound)
		return tx.InsertPartner(ctx, later)
	})
	equal(t, "partner after the conflict", read(t, s, func(tx store.Tx) (store.Partner, error) { return tx.Partner(ctx, later.ID) }), later)
}

func erase(t *testing.T, s store.Store) {
	w, other := newWorld(t, s), newWorld(t, s)
	exec(t, s, fmt.Sprintf(`DELETE FROM submissions WHERE id = '%s'`, w.submission.ID))
	for table, want := range map[string]int{"submissions": 1, "userdata": 1, "idempotency_keys": 1, "reports": 1, "deliveries": 1, "attempts": 1} {
		if got := count(t, s, table); got != want {
			t.Errorf("%s: %d rows are left, want %d", table, got, want)
		}
	}
	ctx := t.Context()
	equal(t, "another's submission", read(t, s, func(tx store.Tx) (store.Submission, error) { return tx.SubmissionForWork(ctx, other.submission.ID) }), other.submission)
}
