// Package receive accepts userdata documents.
//
// [Receiver.Accept] is the whole of it. When it returns a [Receipt], the document
// and the job that computes it are durable: they were committed in one
// transaction, and no crash from then on loses them. When it returns an error,
// nothing was stored. A document is read once here, so that everything that makes
// the whole request unusable is told to the caller while they still listen.
//
// Nothing in an error of this package holds a value of a document.
//
// [Budget] bounds the memory of the documents that are under way at one time.
package receive

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/openklaas/klaas/internal/account"
	"github.com/openklaas/klaas/internal/failpoint"
	"github.com/openklaas/klaas/internal/seal"
	"github.com/openklaas/klaas/internal/store"
	"github.com/openklaas/klaas/openfinance"
)

// Errors beside [openfinance.SyntaxError], [openfinance.InvalidError] and
// [BusinessError].
var (
	// ErrKeyReused says that an Idempotency-Key came before with another body.
	ErrKeyReused = errors.New("this Idempotency-Key was used for another body in the last 24 hours")
	// ErrUnavailable says that the database does not take the document now. It
	// wraps the cause. Trying again later can help.
	ErrUnavailable = errors.New("the document cannot be stored now")
)

// KeyLife is how long an Idempotency-Key is remembered.
const KeyLife = 24 * time.Hour

// Queue takes the job of a submission. It is *flow.Flow, and a plain one in tests.
type Queue interface {
	// Enqueue adds the job inside the transaction that stores the submission.
	Enqueue(ctx context.Context, tx store.Tx, submissionID string) error
	// Accepted tells the workers after the commit. It does not block.
	Accepted()
}

// Receiver accepts documents. All fields are needed. It is safe for concurrent use.
type Receiver struct {
	Store    store.Store
	Keys     *seal.Keyset
	Accounts *account.Service
	Queue    Queue
	Now      func() time.Time
}

// Receipt tells what was accepted.
type Receipt struct {
	RequestID    string // the id of the submission: a UUIDv4
	ProblemCount int    // what the reader left out or doubted; cleaning may find more
	Replayed     bool   // the answer to an earlier call with the same Idempotency-Key
}

// Accept stores a document and its job for an application, and returns when both
// are durable. idempotencyKey may be "": then every call is a new submission.
//
// Errors: *openfinance.SyntaxError, *openfinance.InvalidError with all faults at
// once, *BusinessError, ErrKeyReused, ErrUnavailable; anything else is a fault of
// klaas. With any of them nothing is stored.
func (r *Receiver) Accept(ctx context.Context, p account.Principal, body []byte, idempotencyKey string) (Receipt, error) {
	doc, problems, err := openfinance.Read(body)
	var invalid *openfinance.InvalidError
	if err != nil && !errors.As(err, &invalid) {
		return Receipt{}, err
	}

	now := r.Now().UTC().Truncate(time.Microsecond) // what both databases keep
	key := r.idempotency(p, idempotencyKey, body, now)
	if key != nil {
		receipt, err := r.replay(ctx, key, now, problems)
		if !errors.Is(err, store.ErrNotFound) {
			return receipt, r.unavailable(err)
		}
	}

	settings, revision, err := r.Accounts.Settings(ctx, p.ApplicationID, 0)
	if err != nil {
		return Receipt{}, r.unavailable(err)
	}
	req, err := examine(doc, invalid, &settings, now)
	if err != nil {
		return Receipt{}, err
	}

	s, err := r.sealed(p, body, now)
	if err != nil {
		return Receipt{}, err
	}
	s.ReferenceDay, s.SettingsRevision = req.day.String(), revision
	if req.taxID != "" {
		s.TaxHash = r.Keys.Hash(req.taxID)
	}
	secrets, err := r.Accounts.SigningKeys(ctx, p.ApplicationID, now)
	if err != nil {
		return Receipt{}, r.unavailable(err)
	}
	if len(secrets) > 0 {
		s.SecretID = secrets[0].ID
	}

	if err := r.commit(ctx, s, key); err != nil {
		if key != nil && errors.Is(err, store.ErrConflict) {
			// Another call with this key committed first: its answer is ours.
			receipt, err := r.replay(ctx, key, now, problems)
			return receipt, r.unavailable(err)
		}
		return Receipt{}, r.unavailable(err)
	}
	failpoint.Hit("accept-committed")
	r.Queue.Accepted()
	return Receipt{RequestID: s.ID, ProblemCount: count(problems)}, nil
}

// commit stores the submission, its key and its job, or nothing.
func (r *Receiver) commit(ctx context.Context, s store.Submission, key *store.Idempotency) error {
	return r.Store.Update(ctx, func(tx store.Tx) error {
		if key != nil {
			key.SubmissionID = s.ID
			if err := tx.InsertIdempotency(ctx, *key); err != nil {
				return err
			}
		}
		if err := tx.InsertSubmission(ctx, s); err != nil {
			return err
		}
		return r.Queue.Enqueue(ctx, tx, s.ID)
	})
}

// sealed returns a new submission with its body encrypted under a key of its own.
func (r *Receiver) sealed(p account.Principal, body []byte, now time.Time) (store.Submission, error) {
	id := uuid.NewString()
	dataKey, wrapped, err := r.Keys.NewDataKey(id)
	if err != nil {
		return store.Submission{}, fmt.Errorf("making a data key: %w", err)
	}
	userdata, err := dataKey.Seal("userdata", body)
	if err != nil {
		return store.Submission{}, fmt.Errorf("sealing a document: %w", err)
	}
	return store.Submission{
		ID:            id,
		ApplicationID: p.ApplicationID,
		State:         store.Accepted,
		ReceivedAt:    now,
		WrappedKey:    wrapped,
		Userdata:      userdata,
		Size:          len(body),
	}, nil
}

// idempotency returns what is remembered of a key; nil without one. Partners put
// what they like into the key, so only keyed hashes of it and of the body are kept.
func (r *Receiver) idempotency(p account.Principal, key string, body []byte, now time.Time) *store.Idempotency {
	if key == "" {
		return nil
	}
	sum := sha256.Sum256(body)
	return &store.Idempotency{
		ApplicationID: p.ApplicationID,
		Key:           hex.EncodeToString(r.Keys.Digest("idempotency-key", key)),
		BodyHash:      r.Keys.Digest("idempotency-body", string(sum[:])),
		CreatedAt:     now,
		ExpiresAt:     now.Add(KeyLife),
	}
}

// replay returns the receipt of the call that used the key first, and
// store.ErrNotFound when there was none. The same body has the same problems.
func (r *Receiver) replay(ctx context.Context, key *store.Idempotency, now time.Time, problems *openfinance.Problems) (Receipt, error) {
	var first store.Idempotency
	err := r.Store.View(ctx, func(tx store.Tx) (err error) {
		first, err = tx.Idempotency(ctx, key.ApplicationID, key.Key, now)
		return err
	})
	if err != nil {
		return Receipt{}, err
	}
	if subtle.ConstantTimeCompare(first.BodyHash, key.BodyHash) != 1 {
		return Receipt{}, ErrKeyReused
	}
	return Receipt{RequestID: first.SubmissionID, ProblemCount: count(problems), Replayed: true}, nil
}

// unavailable marks the errors that say that the database is gone, full or busy.
func (r *Receiver) unavailable(err error) error {
	if err != nil && r.Store.Unavailable(err) {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return err
}

func count(p *openfinance.Problems) int {
	if p == nil {
		return 0
	}
	return p.Total
}
