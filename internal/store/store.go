// Package store keeps what klaas must not lose.
//
// [Store] is one database, SQLite or PostgreSQL; both pass the suite in
// storetest. Everything that changes together happens in one [Tx], to which the
// job queue can be joined through [Tx.Raw]. Bodies come sealed (package seal)
// and leave sealed: the store never sees what is in them. Every query about a
// partner's data takes the application that asks, so that no partner can reach
// another's.
//
// Times are kept to the microsecond, in UTC; a zero time is kept as none.
//
// Errors: [ErrNotFound], [ErrConflict], or a wrapped error of the database,
// for which [Store.Unavailable] says whether trying again later can help.
// After ErrNotFound from an insert (what the row belongs to does not exist) or
// an error of the database, the transaction can only be rolled back; after any
// other ErrNotFound or ErrConflict it goes on.
package store

import (
	"context"
	"errors"
	"time"
)

// Errors that every implementation returns.
var (
	ErrNotFound = errors.New("not found")
	ErrConflict = errors.New("exists already")
)

// Store is one database.
//
// The function given to View or Update may be called once only, must not start
// another transaction of the same store (SQLite has one writer), and must not
// keep the Tx. Its error, and a panic, roll everything back.
type Store interface {
	// View runs f with a consistent read-only view.
	View(ctx context.Context, f func(Tx) error) error
	// Update runs f in a transaction that is durable when Update returns nil.
	Update(ctx context.Context, f func(Tx) error) error
	// Migrate brings the tables of klaas and of the queue up to date.
	Migrate(ctx context.Context) error
	// Version returns the newest migration applied and the newest known.
	Version(ctx context.Context) (applied, known int64, err error)
	// Ping reports whether the database answers and accepts writes.
	Ping(ctx context.Context) error
	// Unavailable reports whether err says that the database is gone, full or
	// too busy, so that the caller should answer 503.
	Unavailable(err error) bool
	// Dialect returns "sqlite" or "postgres".
	Dialect() string
	// Raw returns *sql.DB (the writer) for SQLite, *pgxpool.Pool for PostgreSQL.
	Raw() any
	Close() error
}

// Tx is one transaction. Its methods fail with ErrNotFound where one row is
// asked for, and with ErrConflict where an id or key exists already.
type Tx interface {
	// Raw returns *sql.Tx for SQLite, pgx.Tx for PostgreSQL, for the queue.
	Raw() any

	Partners
	Submissions
	Reports
	Deliveries
	Processes
}

// Partners are partners, applications, their credentials, settings and secrets.
type Partners interface {
	InsertPartner(ctx context.Context, p Partner) error
	Partner(ctx context.Context, id string) (Partner, error)
	ListPartners(ctx context.Context) ([]Partner, error)

	// InsertApplication adds an application; its Revision is 0 until InsertSettings.
	InsertApplication(ctx context.Context, a Application) error
	Application(ctx context.Context, id string) (Application, error)
	ListApplications(ctx context.Context, partnerID string) ([]Application, error) // "" = all

	// InsertSettings adds revision (the newest + 1) and makes it the application's.
	// ErrConflict when the revision is not the next one: another change was faster.
	InsertSettings(ctx context.Context, r SettingsRevision) error
	// Settings returns one revision; revision 0 means the newest.
	Settings(ctx context.Context, applicationID string, revision int) (SettingsRevision, error)
	// ListSettings returns at most limit revisions, newest first: those before the
	// revision before; 0 begins with the newest.
	ListSettings(ctx context.Context, applicationID string, before, limit int) ([]SettingsRevision, error)

	InsertCredential(ctx context.Context, c Credential) error
	// CredentialsByCode returns the live and expired credentials with a public code.
	CredentialsByCode(ctx context.Context, code string) ([]Credential, error)
	ListCredentials(ctx context.Context, applicationID string) ([]Credential, error)
	// RevokeCredential ends a credential for good; a second call keeps the first time.
	RevokeCredential(ctx context.Context, applicationID, id string, at time.Time) error

	InsertSecret(ctx context.Context, s Secret) error
	// Secret returns one secret, also a retired one.
	Secret(ctx context.Context, applicationID, id string) (Secret, error)
	// LiveSecrets returns the webhook secrets that sign at a moment (those not
	// retired by then), newest first.
	LiveSecrets(ctx context.Context, applicationID string, at time.Time) ([]Secret, error)
	// RetireSecret makes at the moment from which the secret no longer signs.
	RetireSecret(ctx context.Context, applicationID, id string, at time.Time) error
}

// Submissions are accepted documents.
type Submissions interface {
	// InsertSubmission adds a submission with its body; it begins as Accepted.
	InsertSubmission(ctx context.Context, s Submission) error
	// Submission returns one of an application's submissions, without its body.
	Submission(ctx context.Context, applicationID, id string) (Submission, error)
	// SubmissionForWork returns any submission with its body; for workers.
	SubmissionForWork(ctx context.Context, id string) (Submission, error)
	// ListSubmissions returns the submissions received before a moment (zero: all),
	// newest first, without bodies. Those of one microsecond stay on one page, so
	// that the ReceivedAt of a page's last row is where the next page begins; such
	// a page may be longer than limit.
	ListSubmissions(ctx context.Context, applicationID string, before time.Time, limit int) ([]Submission, error)
	// FinishSubmission stores the outcome. ErrConflict when it is finished already.
	// The outcome's State is Computed or Failed.
	FinishSubmission(ctx context.Context, id string, o Outcome) error

	// InsertIdempotency remembers a key. ErrConflict when it is there and has not
	// expired by k.CreatedAt. It may come before the insert of its submission.
	InsertIdempotency(ctx context.Context, k Idempotency) error
	// Idempotency returns a live key.
	Idempotency(ctx context.Context, applicationID, key string, now time.Time) (Idempotency, error)
	// DeleteExpired removes what has run out (idempotency keys) and returns how many rows went.
	DeleteExpired(ctx context.Context, now time.Time) (int64, error)
}

// Reports are finished reports.
type Reports interface {
	InsertReport(ctx context.Context, r Report) error
	// Report returns one of an application's reports with its body.
	Report(ctx context.Context, applicationID, id string) (Report, error)
	// ReportForDelivery returns any report with its body and the wrapped key of its submission; for workers.
	ReportForDelivery(ctx context.Context, id string) (Report, []byte, error)
	// ListReports returns a submission's reports without bodies, in the order in which they were made.
	ListReports(ctx context.Context, applicationID, submissionID string) ([]Report, error)
}

// Deliveries are reports on their way to endpoints.
type Deliveries interface {
	// EnsureEndpoint returns the application's endpoint with this URL, new or old.
	// A new one has Parallel [DefaultParallel].
	EnsureEndpoint(ctx context.Context, applicationID, url string, now time.Time) (Endpoint, error)
	Endpoint(ctx context.Context, id string) (Endpoint, error)
	ListEndpoints(ctx context.Context, applicationID string) ([]Endpoint, error)
	// LockEndpoint holds the endpoint's row until the transaction ends, so that a
	// worker's "nothing left to do" and an insert of new deliveries cannot cross.
	LockEndpoint(ctx context.Context, id string) (Endpoint, error)
	UpdateEndpoint(ctx context.Context, e Endpoint) error

	InsertDelivery(ctx context.Context, d Delivery) error
	Delivery(ctx context.Context, applicationID, id string) (Delivery, error)
	// DueDeliveries returns an endpoint's pending deliveries that are due at now,
	// the first created first.
	DueDeliveries(ctx context.Context, endpointID string, now time.Time, limit int) ([]Delivery, error)
	// OldestPending returns an endpoint's oldest pending delivery.
	OldestPending(ctx context.Context, endpointID string) (Delivery, error)
	// NextDue returns the earliest next attempt of an endpoint's pending deliveries; ErrNotFound when none is pending.
	NextDue(ctx context.Context, endpointID string) (time.Time, error)
	// EndpointsWithDue returns the endpoints that have a pending delivery due at now.
	EndpointsWithDue(ctx context.Context, now time.Time, limit int) ([]string, error)
	// MakeDue sets the next attempt of all an endpoint's pending deliveries to at.
	MakeDue(ctx context.Context, endpointID string, at time.Time) (int64, error)
	UpdateDelivery(ctx context.Context, d Delivery) error
	ListDeliveries(ctx context.Context, applicationID, submissionID string) ([]Delivery, error)

	InsertAttempt(ctx context.Context, a Attempt) error
	ListAttempts(ctx context.Context, applicationID, deliveryID string) ([]Attempt, error)
}

// Processes are the running servers and workers, for recovery on PostgreSQL.
type Processes interface {
	// Heartbeat renews a process's lease. The id is that of the process's queue
	// client; the first lease must be there before its first job.
	Heartbeat(ctx context.Context, id string, until time.Time) error
	// RemoveProcess ends it.
	RemoveProcess(ctx context.Context, id string) error
	// FreeOrphans makes every running job available again whose process has no
	// live lease (all of them when everyone is true) and returns how many. The
	// lost attempt does not count. Leases that have run out are removed.
	FreeOrphans(ctx context.Context, now time.Time, everyone bool) (int64, error)
}

// Partner is a customer of the operator.
type Partner struct {
	ID        string
	Name      string
	CreatedAt time.Time
}

// Application is one program of a partner, with its own keys and settings.
type Application struct {
	ID          string
	PartnerID   string
	Name        string
	Environment string // "production" or "sandbox"
	Revision    int    // newest settings revision
	CreatedAt   time.Time
}

// SettingsRevision is one state of an application's settings; never changed.
type SettingsRevision struct {
	ApplicationID string
	Revision      int
	Body          []byte // setting.Settings as JSON, sealed
	CreatedAt     time.Time
}

// Credential is a key of an application. The secret part is stored as a hash.
type Credential struct {
	ID            string
	ApplicationID string
	Code          string // partner_code or client_id
	Hash          []byte // SHA-256 of the token
	CreatedAt     time.Time
	ExpiresAt     time.Time // zero: never
	RevokedAt     time.Time // zero: live
}

// Secret is a webhook secret, sealed under the keyset because it signs.
type Secret struct {
	ID            string
	ApplicationID string
	Sealed        []byte
	CreatedAt     time.Time
	RetiredAt     time.Time // zero: signs
}

// SubmissionState is how far a submission has come.
type SubmissionState string

// The states of a submission.
const (
	Accepted SubmissionState = "accepted" // durable, not computed
	Computed SubmissionState = "computed" // its reports and deliveries are stored
	Failed   SubmissionState = "failed"   // it could not be analysed; its reports say so
)

// Submission is one accepted document. Its id is the requestId.
type Submission struct {
	ID               string
	ApplicationID    string
	State            SubmissionState
	ReceivedAt       time.Time
	ReferenceDay     string // YYYY-MM-DD: the reporting day
	SettingsRevision int
	SecretID         string // the secret whose key encrypts V1.1 tax ids
	WrappedKey       []byte // data key under the keyset; nil when erased
	Userdata         []byte // sealed
	Size             int    // bytes of the document
	TaxHash          []byte // keyed hash of the tax id; nil when anonymous

	Outcome
}

// Outcome is what the analysis of a submission left.
type Outcome struct {
	State        SubmissionState
	FinishedAt   time.Time
	Failure      string // error class of a failed submission; never a text with data
	ProblemCount int
	Problems     []byte   // sealed JSON: []openfinance.Problem
	NotSent      []string // products switched on that do not fit the document's kind
}

// Idempotency is a remembered Idempotency-Key.
type Idempotency struct {
	ApplicationID string
	Key           string
	BodyHash      []byte
	SubmissionID  string
	CreatedAt     time.Time // zero: the time of the insert
	ExpiresAt     time.Time
}

// Report is one finished report. Its id is the productReportId.
type Report struct {
	ID            string
	SubmissionID  string
	ApplicationID string
	Ordinal       int
	Product       string
	Version       string
	Part          int
	Code          int
	Size          int    // bytes of the body
	Body          []byte // sealed
	CreatedAt     time.Time
}

// DefaultParallel is how many calls at once a new endpoint gets.
const DefaultParallel = 4

// Endpoint is a receiver of one application's webhooks.
type Endpoint struct {
	ID            string
	ApplicationID string
	URL           string
	Gone          bool      // it answered 410: nothing more is sent
	FailingSince  time.Time // zero: healthy
	LastProbeAt   time.Time
	Parallel      int // how many calls at once now; rises again after an outage
	CreatedAt     time.Time
}

// DeliveryState is how far a delivery has come.
type DeliveryState string

// The states of a delivery.
const (
	Waiting   DeliveryState = "pending"
	Delivered DeliveryState = "delivered"
	Dead      DeliveryState = "dead" // given up: dead letter
)

// Delivery is one report to be sent to one endpoint.
type Delivery struct {
	ID             string
	ReportID       string
	SubmissionID   string
	ApplicationID  string
	EndpointID     string
	State          DeliveryState
	Attempts       int
	CreatedAt      time.Time
	FirstAttemptAt time.Time // zero: none yet
	NextAttemptAt  time.Time
	FinishedAt     time.Time // zero: pending
}

// Attempt is one call of an endpoint.
type Attempt struct {
	ID         string
	DeliveryID string
	Number     int // from 1
	At         time.Time
	Status     int           // HTTP status; 0 when there was no answer
	Latency    time.Duration // until the answer's head
	Failure    string        // error class when there was no answer: timeout, refused, tls, dns, blocked…
	Answer     []byte        // sealed: the first 2 KiB of the answer
}
