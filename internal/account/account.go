// Package account knows who may call klaas and what they have chosen.
//
// A partner has applications; an application has credentials (a public code and
// a token), webhook secrets and settings. [Service.CreateApplication] makes all
// of them at once and shows token and secret this one time: the store keeps a
// token as SHA-256, a secret sealed under the keyset. [Service.Authenticate]
// tells who calls. Settings are revisions that are only added, and sealed too.
//
// Of tokens and of secrets there may be two live ones, so that a partner can
// change without a gap. A revoked token is refused within [CacheFor] by every
// server. Errors never hold a token or secret.
package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/openklaas/klaas/internal/seal"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/internal/store"
)

// Errors.
var (
	// ErrUnauthorised says that code and token are no live credential.
	ErrUnauthorised = errors.New("unknown code or token")
	// ErrInvalid says that a name, environment, setting or duration cannot be
	// stored; the message tells which and why.
	ErrInvalid = errors.New("invalid")
	// ErrStale says that the settings are no longer the revision that was seen.
	ErrStale = errors.New("the settings have changed since: look at them again")
)

// CacheFor is how long a server may go on accepting a token that another server
// has revoked.
const CacheFor = time.Second

// RevisionFor is how long [Service.Revision] may go on telling of settings that
// another server or the command line has changed: too short for anyone to notice,
// and long enough that many calls a second do not ask the store each time.
const RevisionFor = 50 * time.Millisecond

// The environments of an application.
const (
	Production = "production"
	Sandbox    = "sandbox"
)

// The prefixes of what is handed out, so that a leaked one is recognised.
const (
	codePrefix   = "kp_"
	tokenPrefix  = "klaas_pt_"
	secretPrefix = "klaas_sk_"
)

// Service manages accounts. It is safe for concurrent use.
type Service struct {
	// Now is the clock. Default: time.Now. Set it before the first call.
	Now func() time.Time

	store store.Store
	keys  *seal.Keyset

	mu        sync.Mutex
	cache     map[string]cached // by code; only codes that exist
	revisions map[string]newest // by application id; only applications that exist
}

// cached are the credentials of one code as they were at a moment.
type cached struct {
	at          time.Time
	partnerID   string
	credentials []store.Credential
}

// newest is the number of an application's newest settings as it was at a moment.
type newest struct {
	at     time.Time
	number int
}

// New returns the accounts of a store. The keyset seals webhook secrets.
func New(s store.Store, k *seal.Keyset) *Service {
	return &Service{Now: time.Now, store: s, keys: k, cache: map[string]cached{}, revisions: map[string]newest{}}
}

// CreatePartner adds a partner. Error: ErrInvalid.
func (s *Service) CreatePartner(ctx context.Context, name string) (store.Partner, error) {
	if err := checkName("partner name", name); err != nil {
		return store.Partner{}, err
	}
	p := store.Partner{ID: uuid.NewString(), Name: name, CreatedAt: s.now()}
	err := s.store.Update(ctx, func(tx store.Tx) error { return tx.InsertPartner(ctx, p) })
	if err != nil {
		return store.Partner{}, fmt.Errorf("create partner: %w", err)
	}
	return p, nil
}

// Created is a new application with what is shown only once.
type Created struct {
	Application store.Application
	Code        string // partner_code, client_id
	Token       string // partner_token, client_secret
	Secret      string // secretKey, which signs webhooks and encrypts tax ids
}

// CreateApplication adds an application with its first token, secret and
// settings. Environment is Production or Sandbox. The names of products must have
// been checked. Errors: ErrInvalid, store.ErrNotFound (no such partner).
func (s *Service) CreateApplication(ctx context.Context, partnerID, name, environment string, set setting.Settings) (Created, error) {
	if err := checkName("application name", name); err != nil {
		return Created{}, err
	}
	if environment != Production && environment != Sandbox {
		return Created{}, fmt.Errorf("%w environment: use %s or %s", ErrInvalid, Production, Sandbox)
	}
	now := s.now()
	set.Rules = withIDs(set.Rules)
	application := store.Application{ID: uuid.NewString(), PartnerID: partnerID, Name: name, Environment: environment, CreatedAt: now}
	text, err := encode(set)
	if err != nil {
		return Created{}, err
	}
	revision, err := s.sealSettings(application.ID, 1, text)
	if err != nil {
		return Created{}, err
	}
	code := codePrefix + strings.ToLower(rand.Text()) // 26 letters and digits, 130 bits
	credential, token := newCredential(application.ID, code, now, time.Time{})
	secret, key, err := s.newSecret(application.ID, now)
	if err != nil {
		return Created{}, err
	}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		if _, err := tx.Partner(ctx, partnerID); err != nil {
			return err
		}
		if err := tx.InsertApplication(ctx, application); err != nil {
			return err
		}
		if err := tx.InsertSettings(ctx, revision); err != nil {
			return err
		}
		if err := tx.InsertCredential(ctx, credential); err != nil {
			return err
		}
		return tx.InsertSecret(ctx, secret)
	})
	if err != nil {
		return Created{}, fmt.Errorf("create application: %w", err)
	}
	application.Revision = 1
	return Created{Application: application, Code: code, Token: token, Secret: key.Key}, nil
}

// Token is a new token of an application, shown only once.
type Token struct {
	ID    string // of the credential, to revoke it
	Code  string
	Token string
}

// AddToken gives an application another token under the code that it has.
// expires zero: never. Error: store.ErrNotFound.
func (s *Service) AddToken(ctx context.Context, applicationID string, expires time.Time) (Token, error) {
	var added Token
	err := s.store.Update(ctx, func(tx store.Tx) error {
		old, err := tx.ListCredentials(ctx, applicationID)
		if err != nil {
			return err
		}
		if len(old) == 0 { // every application is made with one
			return store.ErrNotFound
		}
		credential, token := newCredential(applicationID, old[0].Code, s.now(), expires)
		added = Token{ID: credential.ID, Code: credential.Code, Token: token}
		return tx.InsertCredential(ctx, credential)
	})
	if err != nil {
		return Token{}, fmt.Errorf("add token: %w", err)
	}
	s.forget(added.Code)
	return added, nil
}

// RevokeToken ends a token for good. Error: store.ErrNotFound.
func (s *Service) RevokeToken(ctx context.Context, applicationID, id string) error {
	err := s.store.Update(ctx, func(tx store.Tx) error {
		return tx.RevokeCredential(ctx, applicationID, id, s.now())
	})
	if err != nil {
		return fmt.Errorf("revoke token: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.cache)
	return nil
}

func newCredential(applicationID, code string, now, expires time.Time) (store.Credential, string) {
	token := tokenPrefix + random()
	hash := sha256.Sum256([]byte(token))
	return store.Credential{ID: uuid.NewString(), ApplicationID: applicationID, Code: code, Hash: hash[:], CreatedAt: now, ExpiresAt: expires}, token
}

// Principal is who calls.
type Principal struct {
	ApplicationID string
	PartnerID     string
}

// Authenticate tells whose code and token these are. Errors: ErrUnauthorised,
// also for an expired or revoked token; those of the store.
func (s *Service) Authenticate(ctx context.Context, code, token string) (Principal, error) {
	hash := sha256.Sum256([]byte(token))
	known, err := s.credentials(ctx, code)
	if err != nil {
		return Principal{}, err
	}
	now := s.now()
	// Every credential is compared, so that the time does not tell which fits.
	var found *store.Credential
	for i := range known.credentials {
		c := &known.credentials[i]
		if subtle.ConstantTimeCompare(hash[:], c.Hash) == 1 {
			found = c
		}
	}
	if found == nil || (!found.ExpiresAt.IsZero() && !now.Before(found.ExpiresAt)) {
		return Principal{}, ErrUnauthorised
	}
	return Principal{ApplicationID: found.ApplicationID, PartnerID: known.partnerID}, nil
}

// credentials returns the credentials of a code, at most CacheFor old. A code
// that does not exist is not remembered, so that guessing fills no memory.
func (s *Service) credentials(ctx context.Context, code string) (cached, error) {
	now := s.now()
	s.mu.Lock()
	known, ok := s.cache[code]
	s.mu.Unlock()
	if ok && within(CacheFor, known.at, now) {
		return known, nil
	}
	if !plausible(code) {
		return cached{}, nil
	}
	known = cached{at: now}
	err := s.store.View(ctx, func(tx store.Tx) (err error) {
		known.credentials, err = tx.CredentialsByCode(ctx, code)
		if err != nil || len(known.credentials) == 0 {
			return err
		}
		application, err := tx.Application(ctx, known.credentials[0].ApplicationID)
		known.partnerID = application.PartnerID
		return err
	})
	if err != nil {
		return cached{}, fmt.Errorf("authenticate: %w", err)
	}
	if len(known.credentials) == 0 {
		s.forget(code)
		return known, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cache[code] = known
	return known, nil
}

func within(limit time.Duration, at, now time.Time) bool {
	age := now.Sub(at)
	return age >= 0 && age < limit // a clock that was set back counts as old
}

// plausible keeps what no database takes as text away from it.
func plausible(code string) bool {
	return len(code) > 0 && len(code) <= 200 && utf8.ValidString(code) && !strings.ContainsRune(code, 0)
}

func (s *Service) forget(code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.cache, code)
}

func (s *Service) now() time.Time { return s.Now().UTC() }

// random returns 256 random bits in Base64url.
func random() string {
	bits := make([]byte, 32)
	_, _ = rand.Read(bits) // it never fails
	return base64.RawURLEncoding.EncodeToString(bits)
}

func checkName(what, name string) error {
	switch {
	case strings.TrimSpace(name) == "":
		return fmt.Errorf("%w %s: it is empty", ErrInvalid, what)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return fmt.Errorf("%w %s: it holds characters that cannot be printed", ErrInvalid, what)
	case utf8.RuneCountInString(name) > 200:
		return fmt.Errorf("%w %s: it is longer than 200 characters", ErrInvalid, what)
	}
	return nil
}
