package account

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"time"

	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/internal/store"
)

// Settings returns a revision of an application's settings and its number;
// revision 0 means the newest. Error: store.ErrNotFound.
func (s *Service) Settings(ctx context.Context, applicationID string, revision int) (setting.Settings, int, error) {
	var r store.SettingsRevision
	err := s.store.View(ctx, func(tx store.Tx) (err error) {
		r, err = tx.Settings(ctx, applicationID, revision)
		return err
	})
	if err != nil {
		return setting.Settings{}, 0, fmt.Errorf("settings: %w", err)
	}
	set, err := decode(r)
	return set, r.Revision, err
}

// ChangeSettings adds the revision that change makes of the newest one and
// returns its number; where change changes nothing, the newest number. change is
// called again when another change was faster. It must check product names.
// Errors: that of change, ErrInvalid, *CallbackError, store.ErrNotFound.
func (s *Service) ChangeSettings(ctx context.Context, applicationID string, change func(*setting.Settings) error) (revision int, err error) {
	const tries = 5
	for range tries {
		revision, err = s.changeOnce(ctx, applicationID, change)
		if !errors.Is(err, store.ErrConflict) {
			break
		}
	}
	if err != nil {
		return 0, fmt.Errorf("change settings: %w", err)
	}
	return revision, nil
}

func (s *Service) changeOnce(ctx context.Context, applicationID string, change func(*setting.Settings) error) (revision int, err error) {
	err = s.store.Update(ctx, func(tx store.Tx) error {
		old, err := tx.Settings(ctx, applicationID, 0)
		if err != nil {
			return err
		}
		set, err := decode(old)
		if err != nil {
			return err
		}
		if err := change(&set); err != nil {
			return err
		}
		next, err := newRevision(applicationID, old.Revision+1, set, s.now())
		if err != nil {
			return err
		}
		if bytes.Equal(next.Body, old.Body) {
			revision = old.Revision
			return nil
		}
		revision = next.Revision
		return tx.InsertSettings(ctx, next)
	})
	return revision, err
}

// ReviveEndpoint lets an application's address be called again that once answered
// 410 Gone, and reports whether it had. What became a dead letter meanwhile stays one.
func (s *Service) ReviveEndpoint(ctx context.Context, applicationID, address string) (revived bool, err error) {
	err = s.store.Update(ctx, func(tx store.Tx) error {
		revived = false
		known, err := tx.ListEndpoints(ctx, applicationID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(known, func(e store.Endpoint) bool { return e.URL == address && e.Gone })
		if i < 0 {
			return nil
		}
		e, err := tx.LockEndpoint(ctx, known[i].ID)
		if err != nil {
			return err
		}
		revived = true
		e.Gone, e.FailingSince, e.LastProbeAt = false, time.Time{}, time.Time{}
		return tx.UpdateEndpoint(ctx, e)
	})
	if err != nil {
		return false, fmt.Errorf("revive an endpoint: %w", err)
	}
	return revived, nil
}

func decode(r store.SettingsRevision) (set setting.Settings, err error) {
	if err := json.Unmarshal(r.Body, &set); err != nil {
		return set, fmt.Errorf("settings revision %d: %w", r.Revision, err)
	}
	return set, nil
}

func newRevision(applicationID string, revision int, set setting.Settings, now time.Time) (store.SettingsRevision, error) {
	if err := check(set); err != nil {
		return store.SettingsRevision{}, err
	}
	body, err := json.Marshal(set)
	if err != nil {
		return store.SettingsRevision{}, fmt.Errorf("settings: %w", err)
	}
	return store.SettingsRevision{ApplicationID: applicationID, Revision: revision, Body: body, CreatedAt: now}, nil
}

// check checks what does not need the list of products.
func check(set setting.Settings) error {
	if err := ValidateCallback(set.CallbackURL); err != nil {
		return err
	}
	switch set.JointAccounts {
	case "", setting.JointFull, setting.JointHalf, setting.JointExclude:
	default:
		return fmt.Errorf("%w jointAccounts: use %s, %s or %s", ErrInvalid, setting.JointFull, setting.JointHalf, setting.JointExclude)
	}
	if set.HistoryDays < 0 {
		return fmt.Errorf("%w historyDays: it is negative: use 0 for all", ErrInvalid)
	}
	return nil
}

// CallbackError says what is wrong with a productsCallbackURL (business code
// 4006). It never holds an address.
type CallbackError struct {
	Key    string // "all", "other" or the name as it was given; "" when it is about the whole
	Reason string
}

func (e *CallbackError) Error() string {
	if e.Key == "" {
		return "productsCallbackURL: " + e.Reason
	}
	return "productsCallbackURL." + e.Key + ": " + e.Reason
}

// maxURL is the longest address in bytes.
const maxURL = 2048

// ValidateCallback checks the grammar of a productsCallbackURL:
// "all" alone, or product names and optionally "other", each with an absolute
// http or https address. Whether names are products is for the caller. An empty
// map is no address at all and allowed. Error: *CallbackError, that of the first
// key in alphabetical order.
func ValidateCallback(callback map[string]string) error {
	if _, ok := callback["all"]; ok && len(callback) > 1 {
		return &CallbackError{Key: "all", Reason: `stands beside other keys: use it alone, or product names and "other"`}
	}
	for _, key := range slices.Sorted(maps.Keys(callback)) {
		if reason := faultOf(callback[key]); reason != "" {
			return &CallbackError{Key: key, Reason: reason}
		}
	}
	return nil
}

// faultOf says what is wrong with an address, "" when nothing.
func faultOf(address string) string {
	if len(address) > maxURL {
		return fmt.Sprintf("is longer than %d bytes", maxURL)
	}
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return "is not an address"
	case u.Scheme != "https" && u.Scheme != "http":
		return "is not an absolute address: begin it with https://"
	case u.Hostname() == "":
		return "has no host"
	case u.User != nil:
		return "holds a user name or password: leave it out, requests are signed"
	case u.Fragment != "":
		return "has a fragment (#), which is never sent: leave it out"
	}
	return ""
}
