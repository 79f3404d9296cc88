package sqlstore

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/openklaas/klaas/internal/store"
)

// InsertSubmission implements store.Submissions. The body has a table of its own,
// so that the outcome can be written without writing the body again.
func (t *Tx) InsertSubmission(ctx context.Context, s store.Submission) error {
	err := t.insert(ctx, `INSERT INTO submissions (id, application_id, state, received_at, reference_day, settings_revision, secret_id, wrapped_key, size, tax_hash, problem_count)
		VALUES ($1, $2, 'accepted', $3, $4, $5, $6, $7, $8, $9, 0)`,
		s.ID, s.ApplicationID, moment(s.ReceivedAt), s.ReferenceDay, s.SettingsRevision, s.SecretID, s.WrappedKey, s.Size, s.TaxHash)
	if err != nil {
		return err
	}
	return t.insert(ctx, `INSERT INTO userdata (submission_id, body) VALUES ($1, $2)`, s.ID, s.Userdata)
}

const submissionColumns = `s.id, s.application_id, s.state, s.received_at, s.reference_day, s.settings_revision, s.secret_id, s.wrapped_key, s.size, s.tax_hash,
	s.finished_at, s.failure, s.problem_count, s.problems, s.not_sent`

func scanSubmission(r Rows) (store.Submission, error) {
	return scanSubmissionAnd(r)
}

func scanSubmissionWithBody(r Rows) (s store.Submission, err error) {
	var body []byte
	s, err = scanSubmissionAnd(r, &body)
	s.Userdata = body
	return s, err
}

func scanSubmissionAnd(r Rows, more ...any) (s store.Submission, err error) {
	var state string
	var notSent []byte
	columns := []any{&s.ID, &s.ApplicationID, &state, into(&s.ReceivedAt), &s.ReferenceDay, &s.SettingsRevision, &s.SecretID, &s.WrappedKey, &s.Size, &s.TaxHash,
		into(&s.FinishedAt), &s.Failure, &s.ProblemCount, &s.Problems, &notSent}
	if err := r.Scan(append(columns, more...)...); err != nil {
		return s, err
	}
	s.State = store.SubmissionState(state)
	if s.State != store.Accepted {
		s.Outcome.State = s.State
	}
	if notSent != nil {
		if err := json.Unmarshal(notSent, &s.NotSent); err != nil {
			return s, fmt.Errorf("products not sent: %w", err)
		}
	}
	return s, nil
}

// Submission implements store.Submissions.
func (t *Tx) Submission(ctx context.Context, applicationID, id string) (store.Submission, error) {
	return one(ctx, t, scanSubmission, `SELECT `+submissionColumns+` FROM submissions s WHERE s.application_id = $1 AND s.id = $2`, applicationID, id)
}

// SubmissionForWork implements store.Submissions.
func (t *Tx) SubmissionForWork(ctx context.Context, id string) (store.Submission, error) {
	return one(ctx, t, scanSubmissionWithBody, `SELECT `+submissionColumns+`, u.body FROM submissions s LEFT JOIN userdata u ON u.submission_id = s.id WHERE s.id = $1`, id)
}

// ListSubmissions implements store.Submissions.
func (t *Tx) ListSubmissions(ctx context.Context, applicationID string, before time.Time, limit int) ([]store.Submission, error) {
	if limit <= 0 {
		return nil, nil
	}
	end := int64(math.MaxInt64)
	if !before.IsZero() {
		end = before.UnixMicro()
	}
	// The page goes down to the moment of its limit-th row and takes that whole.
	return all(ctx, t, scanSubmission, `SELECT `+submissionColumns+` FROM submissions s
		WHERE s.application_id = $1 AND s.received_at < $2 AND s.received_at >= COALESCE((
			SELECT p.received_at FROM submissions p WHERE p.application_id = $1 AND p.received_at < $2
			ORDER BY p.received_at DESC LIMIT 1 OFFSET $3), $4)
		ORDER BY s.received_at DESC, s.id DESC`,
		applicationID, end, limit-1, int64(math.MinInt64))
}

// FinishSubmission implements store.Submissions.
func (t *Tx) FinishSubmission(ctx context.Context, id string, o store.Outcome) error {
	var notSent any
	if o.NotSent != nil {
		text, err := json.Marshal(o.NotSent)
		if err != nil {
			return fmt.Errorf("products not sent: %w", err)
		}
		notSent = string(text)
	}
	finished, err := t.Exec(ctx, `UPDATE submissions SET state = $2, finished_at = $3, failure = $4, problem_count = $5, problems = $6, not_sent = $7
		WHERE id = $1 AND state = 'accepted'`,
		id, string(o.State), moment(o.FinishedAt), o.Failure, o.ProblemCount, o.Problems, notSent)
	if err != nil || finished > 0 {
		return err
	}
	if _, err := one(ctx, t, value[string], `SELECT state FROM submissions WHERE id = $1`, id); err != nil {
		return err
	}
	return store.ErrConflict
}

// InsertIdempotency implements store.Submissions.
func (t *Tx) InsertIdempotency(ctx context.Context, k store.Idempotency) error {
	if k.CreatedAt.IsZero() {
		k.CreatedAt = time.Now()
	}
	set, err := t.Exec(ctx, `INSERT INTO idempotency_keys (application_id, key, body_hash, submission_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (application_id, key) DO UPDATE SET
			body_hash = excluded.body_hash, submission_id = excluded.submission_id, created_at = excluded.created_at, expires_at = excluded.expires_at
		WHERE idempotency_keys.expires_at <= excluded.created_at`,
		k.ApplicationID, k.Key, k.BodyHash, k.SubmissionID, moment(k.CreatedAt), moment(k.ExpiresAt))
	if err != nil {
		return err
	}
	if set == 0 {
		return store.ErrConflict
	}
	return nil
}

// Idempotency implements store.Submissions.
func (t *Tx) Idempotency(ctx context.Context, applicationID, key string, now time.Time) (store.Idempotency, error) {
	return one(ctx, t, func(r Rows) (k store.Idempotency, err error) {
		err = r.Scan(&k.ApplicationID, &k.Key, &k.BodyHash, &k.SubmissionID, into(&k.CreatedAt), into(&k.ExpiresAt))
		return k, err
	}, `SELECT application_id, key, body_hash, submission_id, created_at, expires_at FROM idempotency_keys
		WHERE application_id = $1 AND key = $2 AND expires_at > $3`, applicationID, key, moment(now))
}

// DeleteExpired implements store.Submissions.
func (t *Tx) DeleteExpired(ctx context.Context, now time.Time) (int64, error) {
	return t.Exec(ctx, `DELETE FROM idempotency_keys WHERE expires_at <= $1`, moment(now))
}

// InsertReport implements store.Reports.
func (t *Tx) InsertReport(ctx context.Context, r store.Report) error {
	return t.insert(ctx, `INSERT INTO reports (id, submission_id, application_id, ordinal, product, version, part, code, size, created_at, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		r.ID, r.SubmissionID, r.ApplicationID, r.Ordinal, r.Product, r.Version, r.Part, r.Code, r.Size, moment(r.CreatedAt), r.Body)
}

const reportColumns = `r.id, r.submission_id, r.application_id, r.ordinal, r.product, r.version, r.part, r.code, r.size, r.created_at`

func scanReportAnd(rows Rows, more ...any) (r store.Report, err error) {
	columns := []any{&r.ID, &r.SubmissionID, &r.ApplicationID, &r.Ordinal, &r.Product, &r.Version, &r.Part, &r.Code, &r.Size, into(&r.CreatedAt)}
	err = rows.Scan(append(columns, more...)...)
	return r, err
}

// Report implements store.Reports.
func (t *Tx) Report(ctx context.Context, applicationID, id string) (store.Report, error) {
	return one(ctx, t, func(rows Rows) (store.Report, error) {
		var body []byte
		r, err := scanReportAnd(rows, &body)
		r.Body = body
		return r, err
	}, `SELECT `+reportColumns+`, r.body FROM reports r WHERE r.application_id = $1 AND r.id = $2`, applicationID, id)
}

// ReportForDelivery implements store.Reports.
func (t *Tx) ReportForDelivery(ctx context.Context, id string) (store.Report, []byte, error) {
	var key []byte
	report, err := one(ctx, t, func(rows Rows) (store.Report, error) {
		var body []byte
		r, err := scanReportAnd(rows, &body, &key)
		r.Body = body
		return r, err
	}, `SELECT `+reportColumns+`, r.body, s.wrapped_key FROM reports r JOIN submissions s ON s.id = r.submission_id WHERE r.id = $1`, id)
	return report, key, err
}

// ListReports implements store.Reports.
func (t *Tx) ListReports(ctx context.Context, applicationID, submissionID string) ([]store.Report, error) {
	return all(ctx, t, func(rows Rows) (store.Report, error) { return scanReportAnd(rows) },
		`SELECT `+reportColumns+` FROM reports r WHERE r.application_id = $1 AND r.submission_id = $2 ORDER BY r.ordinal, r.id`, applicationID, submissionID)
}
