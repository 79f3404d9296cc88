package account

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/openklaas/klaas/internal/scorecard"
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
	set, _, err := s.openSettings(r)
	return set, r.Revision, err
}

// Revision returns the number of an application's newest settings. It asks the
// store at most once in [RevisionFor], so it may tell that much later of a change
// that another server or the command line made; of this service's own at once.
// Error: store.ErrNotFound.
func (s *Service) Revision(ctx context.Context, applicationID string) (int, error) {
	now := s.now()
	s.mu.Lock()
	known, ok := s.revisions[applicationID]
	s.mu.Unlock()
	if ok && within(RevisionFor, known.at, now) {
		return known.number, nil
	}
	var application store.Application
	err := s.store.View(ctx, func(tx store.Tx) (err error) {
		application, err = tx.Application(ctx, applicationID)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("settings: %w", err)
	}
	return s.noteRevision(applicationID, application.Revision, now), nil
}

// noteRevision remembers a number that was the newest at a moment and returns the
// newest known: numbers only grow, and a later change may have been noted meanwhile.
func (s *Service) noteRevision(applicationID string, number int, at time.Time) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.revisions[applicationID]; known.number > number && within(RevisionFor, known.at, s.now()) {
		return known.number
	}
	s.revisions[applicationID] = newest{at, number}
	return number
}

// ChangeSettings adds the revision that change makes of the newest one and
// returns its number; where change changes nothing, the newest number. change is
// called again when another change was faster. It must check product names. Rules
// without an id get one.
// Errors: that of change, ErrInvalid, *CallbackError, *setting.RuleError,
// *scorecard.Error, store.ErrNotFound.
func (s *Service) ChangeSettings(ctx context.Context, applicationID string, change func(*setting.Settings) error) (revision int, err error) {
	_, revision, err = s.changeSettings(ctx, applicationID, func(set *setting.Settings, _ int) error { return change(set) })
	return revision, err
}

// ChangeRules puts what change makes of the rules in the place of the newest ones,
// as ChangeSettings does, and returns them with the number of their revision.
// expected is the revision that the caller has seen; 0: any.
// Errors: those of ChangeSettings, ErrStale.
func (s *Service) ChangeRules(ctx context.Context, applicationID string, expected int, change func([]setting.Rule) ([]setting.Rule, error)) ([]setting.Rule, int, error) {
	set, revision, err := s.changeSettings(ctx, applicationID, func(set *setting.Settings, newest int) (err error) {
		if expected != 0 && expected != newest {
			return ErrStale
		}
		set.Rules, err = change(set.Rules)
		return err
	})
	return set.Rules, revision, err
}

// ChangeScorecard puts a partner's scorecard in the place of the newest one, nil for
// that of klaas, as ChangeRules does, and returns the number of the revision.
// Errors: those of ChangeSettings, ErrStale.
func (s *Service) ChangeScorecard(ctx context.Context, applicationID string, expected int, card *scorecard.File) (revision int, err error) {
	_, revision, err = s.changeSettings(ctx, applicationID, func(set *setting.Settings, newest int) error {
		if expected != 0 && expected != newest {
			return ErrStale
		}
		set.Scorecard = card
		return nil
	})
	return revision, err
}

// changeSettings tries again when another change was faster.
func (s *Service) changeSettings(ctx context.Context, applicationID string, change func(set *setting.Settings, newest int) error) (set setting.Settings, revision int, err error) {
	const tries = 5
	for range tries {
		set, revision, err = s.changeOnce(ctx, applicationID, change)
		if !errors.Is(err, store.ErrConflict) {
			break
		}
	}
	if err != nil {
		return setting.Settings{}, 0, fmt.Errorf("change settings: %w", err)
	}
	s.noteRevision(applicationID, revision, s.now())
	return set, revision, nil
}

func (s *Service) changeOnce(ctx context.Context, applicationID string, change func(set *setting.Settings, newest int) error) (set setting.Settings, revision int, err error) {
	err = s.store.Update(ctx, func(tx store.Tx) error {
		old, err := tx.Settings(ctx, applicationID, 0)
		if err != nil {
			return err
		}
		var was []byte
		if set, was, err = s.openSettings(old); err != nil {
			return err
		}
		if err := change(&set, old.Revision); err != nil {
			return err
		}
		set.Rules = withIDs(set.Rules)
		text, err := encode(set)
		if err != nil {
			return err
		}
		if bytes.Equal(text, was) {
			revision = old.Revision
			return nil
		}
		revision = old.Revision + 1
		next, err := s.sealSettings(applicationID, revision, text)
		if err != nil {
			return err
		}
		return tx.InsertSettings(ctx, next)
	})
	return set, revision, err
}

// withIDs returns the rules, each that had no id with one that no other rule had,
// has or will have.
func withIDs(rules []setting.Rule) []setting.Rule {
	rules = slices.Clone(rules)
	for i := range rules {
		if rules[i].ID == "" {
			rules[i].ID = strings.ToLower(rand.Text()[:10]) // 50 bits
		}
	}
	return rules
}

// Revision is one state of an application's settings.
type Revision struct {
	Number    int
	CreatedAt time.Time
	Settings  setting.Settings
}

// Revisions returns at most limit revisions of an application's settings, newest
// first: those before the revision before; 0 begins with the newest. None is no
// error.
func (s *Service) Revisions(ctx context.Context, applicationID string, before, limit int) ([]Revision, error) {
	var stored []store.SettingsRevision
	err := s.store.View(ctx, func(tx store.Tx) (err error) {
		stored, err = tx.ListSettings(ctx, applicationID, before, limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("revisions: %w", err)
	}
	revisions := make([]Revision, len(stored))
	for i, r := range stored {
		set, _, err := s.openSettings(r)
		if err != nil {
			return nil, err
		}
		revisions[i] = Revision{r.Revision, r.CreatedAt, set}
	}
	return revisions, nil
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

// openSettings returns the settings of a revision, and as they were encoded.
func (s *Service) openSettings(r store.SettingsRevision) (set setting.Settings, text []byte, err error) {
	text = r.Body
	if !bytes.HasPrefix(text, []byte("{")) { // else it was stored before settings were sealed
		if text, err = s.keys.OpenSecret(settingsID(r.ApplicationID, r.Revision), r.Body); err != nil {
			return set, nil, fmt.Errorf("settings revision %d: %w", r.Revision, err)
		}
	}
	if err := json.Unmarshal(text, &set); err != nil {
		return set, nil, fmt.Errorf("settings revision %d: %w", r.Revision, err)
	}
	return set, text, nil
}

// sealSettings makes a revision of encoded settings. They are sealed: a rule may
// hold a person's CPF, an address a token.
func (s *Service) sealSettings(applicationID string, revision int, text []byte) (store.SettingsRevision, error) {
	body, err := s.keys.SealSecret(settingsID(applicationID, revision), text)
	if err != nil {
		return store.SettingsRevision{}, fmt.Errorf("settings: %w", err)
	}
	return store.SettingsRevision{ApplicationID: applicationID, Revision: revision, Body: body, CreatedAt: s.now()}, nil
}

// settingsID binds sealed settings to their place: moved to another application
// or revision they do not open.
func settingsID(applicationID string, revision int) string {
	return "settings:" + applicationID + ":" + strconv.Itoa(revision)
}

// encode checks settings and writes them as JSON.
func encode(set setting.Settings) ([]byte, error) {
	if err := check(set); err != nil {
		return nil, err
	}
	text, err := json.Marshal(set)
	if err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	return text, nil
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
	if _, err := setting.ParseRules(set.Rules); err != nil {
		return fmt.Errorf("%w %w", ErrInvalid, err)
	}
	if _, err := set.IntervalFactors.Thousandths(); err != nil {
		return fmt.Errorf("%w %w", ErrInvalid, err)
	}
	if set.Scorecard != nil {
		if _, err := scorecard.Parse(set.Scorecard); err != nil {
			return fmt.Errorf("%w scorecard: %w", ErrInvalid, err)
		}
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
