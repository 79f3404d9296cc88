package sqlstore

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/openklaas/klaas/internal/store"
)

// endpointSpace is the namespace of endpoint ids: UUIDv5 of application and URL,
// so that the primary key keeps an application from having one URL twice.
var endpointSpace = uuid.MustParse("f0a4c8a6-6c1d-5d51-8a53-0c9f5f9f6a11")

const endpoint = `SELECT id, application_id, url, gone, failing_since, last_probe_at, parallel, created_at FROM endpoints `

func scanEndpoint(r Rows) (e store.Endpoint, err error) {
	err = r.Scan(&e.ID, &e.ApplicationID, &e.URL, &e.Gone, into(&e.FailingSince), into(&e.LastProbeAt), &e.Parallel, into(&e.CreatedAt))
	return e, err
}

// EnsureEndpoint implements store.Deliveries.
func (t *Tx) EnsureEndpoint(ctx context.Context, applicationID, url string, now time.Time) (store.Endpoint, error) {
	id := uuid.NewSHA1(endpointSpace, []byte(applicationID+"\x00"+url)).String()
	_, err := t.Exec(ctx, `INSERT INTO endpoints (id, application_id, url, gone, parallel, created_at) VALUES ($1, $2, $3, false, $4, $5) ON CONFLICT DO NOTHING`,
		id, applicationID, url, store.DefaultParallel, moment(now))
	if err != nil {
		return store.Endpoint{}, err
	}
	return t.Endpoint(ctx, id)
}

// Endpoint implements store.Deliveries.
func (t *Tx) Endpoint(ctx context.Context, id string) (store.Endpoint, error) {
	return one(ctx, t, scanEndpoint, endpoint+`WHERE id = $1`, id)
}

// ListEndpoints implements store.Deliveries.
func (t *Tx) ListEndpoints(ctx context.Context, applicationID string) ([]store.Endpoint, error) {
	return all(ctx, t, scanEndpoint, endpoint+`WHERE application_id = $1 ORDER BY created_at, id`, applicationID)
}

// LockEndpoint implements store.Deliveries.
func (t *Tx) LockEndpoint(ctx context.Context, id string) (store.Endpoint, error) {
	return one(ctx, t, scanEndpoint, endpoint+`WHERE id = $1`+t.lock, id)
}

// UpdateEndpoint implements store.Deliveries.
func (t *Tx) UpdateEndpoint(ctx context.Context, e store.Endpoint) error {
	return t.change(ctx, `UPDATE endpoints SET gone = $2, failing_since = $3, last_probe_at = $4, parallel = $5 WHERE id = $1`,
		e.ID, e.Gone, moment(e.FailingSince), moment(e.LastProbeAt), e.Parallel)
}

// InsertDelivery implements store.Deliveries.
func (t *Tx) InsertDelivery(ctx context.Context, d store.Delivery) error {
	return t.insert(ctx, `INSERT INTO deliveries (id, report_id, submission_id, application_id, endpoint_id, state, attempts, created_at, first_attempt_at, next_attempt_at, finished_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		d.ID, d.ReportID, d.SubmissionID, d.ApplicationID, d.EndpointID, string(d.State), d.Attempts,
		moment(d.CreatedAt), moment(d.FirstAttemptAt), moment(d.NextAttemptAt), moment(d.FinishedAt))
}

const delivery = `SELECT id, report_id, submission_id, application_id, endpoint_id, state, attempts, created_at, first_attempt_at, next_attempt_at, finished_at FROM deliveries `

func scanDelivery(r Rows) (d store.Delivery, err error) {
	var state string
	err = r.Scan(&d.ID, &d.ReportID, &d.SubmissionID, &d.ApplicationID, &d.EndpointID, &state, &d.Attempts,
		into(&d.CreatedAt), into(&d.FirstAttemptAt), into(&d.NextAttemptAt), into(&d.FinishedAt))
	d.State = store.DeliveryState(state)
	return d, err
}

// Delivery implements store.Deliveries.
func (t *Tx) Delivery(ctx context.Context, applicationID, id string) (store.Delivery, error) {
	return one(ctx, t, scanDelivery, delivery+`WHERE application_id = $1 AND id = $2`, applicationID, id)
}

// DueDeliveries implements store.Deliveries. The plus keeps the condition from
// choosing the index: in the order of creation the first rows of a long backlog
// are found without sorting it all.
func (t *Tx) DueDeliveries(ctx context.Context, endpointID string, now time.Time, limit int) ([]store.Delivery, error) {
	return all(ctx, t, scanDelivery, delivery+`WHERE endpoint_id = $1 AND state = 'pending' AND +next_attempt_at <= $2 ORDER BY created_at, id LIMIT $3`,
		endpointID, moment(now), limit)
}

// OldestPending implements store.Deliveries.
func (t *Tx) OldestPending(ctx context.Context, endpointID string) (store.Delivery, error) {
	return one(ctx, t, scanDelivery, delivery+`WHERE endpoint_id = $1 AND state = 'pending' ORDER BY created_at, id LIMIT 1`, endpointID)
}

// NextDue implements store.Deliveries.
func (t *Tx) NextDue(ctx context.Context, endpointID string) (time.Time, error) {
	return one(ctx, t, func(r Rows) (at time.Time, err error) {
		err = r.Scan(into(&at))
		return at, err
	}, `SELECT next_attempt_at FROM deliveries WHERE endpoint_id = $1 AND state = 'pending' ORDER BY next_attempt_at LIMIT 1`, endpointID)
}

// EndpointsWithDue implements store.Deliveries.
func (t *Tx) EndpointsWithDue(ctx context.Context, now time.Time, limit int) ([]string, error) {
	return all(ctx, t, value[string], `SELECT e.id FROM endpoints e WHERE EXISTS (
			SELECT 1 FROM deliveries d WHERE d.endpoint_id = e.id AND d.state = 'pending' AND d.next_attempt_at <= $1)
		ORDER BY e.id LIMIT $2`, moment(now), limit)
}

// MakeDue implements store.Deliveries.
func (t *Tx) MakeDue(ctx context.Context, endpointID string, at time.Time) (int64, error) {
	return t.Exec(ctx, `UPDATE deliveries SET next_attempt_at = $2 WHERE endpoint_id = $1 AND state = 'pending'`, endpointID, moment(at))
}

// UpdateDelivery implements store.Deliveries.
func (t *Tx) UpdateDelivery(ctx context.Context, d store.Delivery) error {
	return t.change(ctx, `UPDATE deliveries SET state = $2, attempts = $3, first_attempt_at = $4, next_attempt_at = $5, finished_at = $6 WHERE id = $1`,
		d.ID, string(d.State), d.Attempts, moment(d.FirstAttemptAt), moment(d.NextAttemptAt), moment(d.FinishedAt))
}

// ListDeliveries implements store.Deliveries.
func (t *Tx) ListDeliveries(ctx context.Context, applicationID, submissionID string) ([]store.Delivery, error) {
	return all(ctx, t, scanDelivery, delivery+`WHERE application_id = $1 AND submission_id = $2 ORDER BY created_at, id`, applicationID, submissionID)
}

// InsertAttempt implements store.Deliveries.
func (t *Tx) InsertAttempt(ctx context.Context, a store.Attempt) error {
	return t.insert(ctx, `INSERT INTO attempts (id, delivery_id, number, at, status, latency, failure, answer) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		a.ID, a.DeliveryID, a.Number, moment(a.At), a.Status, a.Latency.Microseconds(), a.Failure, a.Answer)
}

// ListAttempts implements store.Deliveries.
func (t *Tx) ListAttempts(ctx context.Context, applicationID, deliveryID string) ([]store.Attempt, error) {
	return all(ctx, t, func(r Rows) (a store.Attempt, err error) {
		var latency int64
		err = r.Scan(&a.ID, &a.DeliveryID, &a.Number, into(&a.At), &a.Status, &latency, &a.Failure, &a.Answer)
		a.Latency = time.Duration(latency) * time.Microsecond
		return a, err
	}, `SELECT a.id, a.delivery_id, a.number, a.at, a.status, a.latency, a.failure, a.answer
		FROM attempts a JOIN deliveries d ON d.id = a.delivery_id
		WHERE d.application_id = $1 AND d.id = $2 ORDER BY a.at, a.number, a.id`, applicationID, deliveryID)
}

// Heartbeat implements store.Processes.
func (t *Tx) Heartbeat(ctx context.Context, id string, until time.Time) error {
	_, err := t.Exec(ctx, `INSERT INTO processes (id, lease_until) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET lease_until = excluded.lease_until`, id, moment(until))
	return err
}

// RemoveProcess implements store.Processes.
func (t *Tx) RemoveProcess(ctx context.Context, id string) error {
	_, err := t.Exec(ctx, `DELETE FROM processes WHERE id = $1`, id)
	return err
}

// RemoveLapsed removes the leases that have run out.
func (t *Tx) RemoveLapsed(ctx context.Context, now time.Time) error {
	_, err := t.Exec(ctx, `DELETE FROM processes WHERE lease_until <= $1`, moment(now))
	return err
}

// Probe writes one row, to see that the database takes writes.
func (t *Tx) Probe(ctx context.Context) error {
	_, err := t.Exec(ctx, `INSERT INTO probes (id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at = excluded.at`, moment(time.Now()))
	return err
}
