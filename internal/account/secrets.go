package account

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/openklaas/klaas/internal/store"
)

// SigningKey is a webhook secret in clear.
type SigningKey struct {
	ID string
	// Key is the secretKey as its partner has it. X-Klavi-Signature is an
	// HMAC-SHA-256 whose key is the bytes of this text.
	Key string
}

// StandardSecret returns the same key as libraries of Standard Webhooks want it:
// "whsec_" and the Base64 of the bytes of Key's text. So both signature sets have
// one key, and whoever has the secretKey can derive this one.
func (k SigningKey) StandardSecret() string {
	return "whsec_" + base64.StdEncoding.EncodeToString([]byte(k.Key))
}

// SigningKeys returns the keys that sign at a moment, newest first: one, or two
// while one rotates. The first is the one whose id a new submission pins. Error:
// store.ErrNotFound when there is none.
func (s *Service) SigningKeys(ctx context.Context, applicationID string, at time.Time) ([]SigningKey, error) {
	var secrets []store.Secret
	err := s.store.View(ctx, func(tx store.Tx) (err error) {
		secrets, err = tx.LiveSecrets(ctx, applicationID, at)
		return err
	})
	if err == nil && len(secrets) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("signing keys: %w", err)
	}
	keys := make([]SigningKey, len(secrets))
	for i, secret := range secrets {
		if keys[i], err = s.open(secret); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// SigningKey returns one key of an application, also a retired one. Error:
// store.ErrNotFound.
func (s *Service) SigningKey(ctx context.Context, applicationID, id string) (SigningKey, error) {
	var secret store.Secret
	err := s.store.View(ctx, func(tx store.Tx) (err error) {
		secret, err = tx.Secret(ctx, applicationID, id)
		return err
	})
	if err != nil {
		return SigningKey{}, fmt.Errorf("signing key: %w", err)
	}
	return s.open(secret)
}

// RotateSecret makes a new secret, which signs at once. The one before it signs
// beside it for overlap (0: not at all); older ones stop now. Errors: ErrInvalid
// (negative overlap), store.ErrNotFound.
func (s *Service) RotateSecret(ctx context.Context, applicationID string, overlap time.Duration) (SigningKey, error) {
	if overlap < 0 {
		return SigningKey{}, fmt.Errorf("%w overlap: it is negative", ErrInvalid)
	}
	now := s.now()
	secret, key, err := s.newSecret(applicationID, now)
	if err != nil {
		return SigningKey{}, err
	}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		if _, err := tx.Application(ctx, applicationID); err != nil {
			return err
		}
		live, err := tx.LiveSecrets(ctx, applicationID, now)
		if err != nil {
			return err
		}
		if len(live) > 0 && !secret.CreatedAt.After(live[0].CreatedAt) {
			secret.CreatedAt = live[0].CreatedAt.Add(time.Microsecond) // another server's clock is ahead
		}
		end := now.Add(overlap)
		for _, old := range live {
			if old.RetiredAt.IsZero() || old.RetiredAt.After(end) {
				if err := tx.RetireSecret(ctx, applicationID, old.ID, end); err != nil {
					return err
				}
			}
			end = now // for those before the newest
		}
		return tx.InsertSecret(ctx, secret)
	})
	if err != nil {
		return SigningKey{}, fmt.Errorf("rotate secret: %w", err)
	}
	return key, nil
}

func (s *Service) newSecret(applicationID string, now time.Time) (store.Secret, SigningKey, error) {
	key := SigningKey{ID: uuid.NewString(), Key: secretPrefix + random()}
	sealed, err := s.keys.SealSecret(key.ID, []byte(key.Key))
	if err != nil {
		return store.Secret{}, SigningKey{}, err
	}
	return store.Secret{ID: key.ID, ApplicationID: applicationID, Sealed: sealed, CreatedAt: now}, key, nil
}

func (s *Service) open(secret store.Secret) (SigningKey, error) {
	plain, err := s.keys.OpenSecret(secret.ID, secret.Sealed)
	if err != nil {
		return SigningKey{}, fmt.Errorf("signing key: %w", err)
	}
	return SigningKey{ID: secret.ID, Key: string(plain)}, nil
}
