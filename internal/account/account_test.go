package account_test

import (
	"context"
	"encoding/base64"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"golang.org/x/sync/errgroup"

	"github.com/openklaas/klaas/internal/account"
	"github.com/openklaas/klaas/internal/seal"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/internal/store"
	"github.com/openklaas/klaas/internal/store/postgres"
	"github.com/openklaas/klaas/internal/store/postgres/pgtest"
	"github.com/openklaas/klaas/internal/store/sqlite"
)

// bench is a service over a fresh database with a clock that the test moves.
type bench struct {
	*account.Service
	store store.Store
	keys  *seal.Keyset
	time  time.Time
}

func newBench(t testing.TB) *bench {
	t.Helper()
	s, err := sqlite.Open(t.Context(), t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return over(t, s)
}

func over(t testing.TB, s store.Store) *bench {
	t.Helper()
	t.Cleanup(func() { noError(t, s.Close()) })
	noError(t, s.Migrate(t.Context()))
	keys, err := seal.Generate()
	noError(t, err)
	b := &bench{store: s, keys: keys, time: time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)}
	b.Service = b.server()
	return b
}

// server is another server on the same database.
func (b *bench) server() *account.Service {
	s := account.New(b.store, b.keys)
	s.Now = func() time.Time { return b.time }
	return s
}

func (b *bench) application(t testing.TB) account.Created {
	t.Helper()
	partner, err := b.CreatePartner(t.Context(), "Banco Exemplo")
	noError(t, err)
	created, err := b.CreateApplication(t.Context(), partner.ID, "app", account.Production, setting.Settings{})
	noError(t, err)
	return created
}

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

func TestAuthenticate(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	own, other := b.application(t), b.application(t)
	for _, c := range []account.Created{own, other} {
		p, err := b.Authenticate(ctx, c.Code, c.Token)
		noError(t, err)
		if want := (account.Principal{ApplicationID: c.Application.ID, PartnerID: c.Application.PartnerID}); p != want {
			t.Errorf("principal is %+v, want %+v", p, want)
		}
	}
	for name, c := range map[string][2]string{
		"another's token":     {own.Code, other.Token},
		"another's code":      {other.Code, own.Token},
		"no token":            {own.Code, ""},
		"no code":             {"", own.Token},
		"a token cut":         {own.Code, own.Token[:len(own.Token)-1]},
		"a token longer":      {own.Code, own.Token + "A"},
		"the secret as token": {own.Code, own.Secret},
		"a code with a NUL":   {own.Code + "\x00", own.Token},
		"a code not UTF-8":    {"\xff", own.Token},
		"a long code":         {strings.Repeat("a", 100_000), own.Token},
	} {
		_, err := b.Authenticate(ctx, c[0], c[1])
		wantError(t, name, err, account.ErrUnauthorised)
	}
}

func TestCreatedIsRandomAndRecognisable(t *testing.T) {
	b := newBench(t)
	one, two := b.application(t), b.application(t)
	for name, c := range map[string]struct {
		prefix, one, two string
		bits             int
	}{
		"code":   {"kp_", one.Code, two.Code, 0},
		"token":  {"klaas_pt_", one.Token, two.Token, 256},
		"secret": {"klaas_sk_", one.Secret, two.Secret, 256},
	} {
		if c.one == c.two {
			t.Errorf("two applications have one %s", name)
		}
		rest, ok := strings.CutPrefix(c.one, c.prefix)
		if !ok {
			t.Errorf("the %s does not begin with %s", name, c.prefix)
		}
		if c.bits == 0 {
			continue
		}
		raw, err := base64.RawURLEncoding.DecodeString(rest)
		if err != nil || len(raw)*8 != c.bits {
			t.Errorf("the %s has %d bits (%v), want %d", name, len(raw)*8, err, c.bits)
		}
	}
	// Nothing that was shown lies in the database as it was shown.
	noError(t, b.store.View(t.Context(), func(tx store.Tx) error {
		credentials, err := tx.ListCredentials(t.Context(), one.Application.ID)
		secrets, err2 := tx.LiveSecrets(t.Context(), one.Application.ID, b.time)
		if len(credentials) != 1 || len(secrets) != 1 {
			t.Fatalf("%d credentials and %d secrets, want one of each", len(credentials), len(secrets))
		}
		if strings.Contains(string(credentials[0].Hash), one.Token) || strings.Contains(string(secrets[0].Sealed), one.Secret) {
			t.Error("a token or secret is stored in clear")
		}
		return errors.Join(err, err2)
	}))
}

func TestTokensExpireAndAreRevoked(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	created := b.application(t)
	second, err := b.AddToken(ctx, created.Application.ID, b.time.Add(time.Hour))
	noError(t, err)
	if second.Code != created.Code {
		t.Errorf("the second token has another code")
	}
	far := b.server()
	try := func(s *account.Service, token string) error {
		_, err := s.Authenticate(ctx, created.Code, token)
		return err
	}
	noError(t, try(b.Service, created.Token))
	noError(t, try(b.Service, second.Token))
	noError(t, try(far, second.Token))

	b.time = b.time.Add(time.Hour - time.Microsecond)
	noError(t, try(b.Service, second.Token))
	b.time = b.time.Add(time.Microsecond)
	wantError(t, "expired", try(b.Service, second.Token), account.ErrUnauthorised)
	noError(t, try(b.Service, created.Token))

	third, err := b.AddToken(ctx, created.Application.ID, time.Time{})
	noError(t, err)
	noError(t, try(b.Service, third.Token)) // at once, though the code was cached
	b.time = b.time.Add(account.CacheFor)
	noError(t, try(far, third.Token))
	noError(t, b.RevokeToken(ctx, created.Application.ID, third.ID))
	wantError(t, "revoked here", try(b.Service, third.Token), account.ErrUnauthorised)
	b.time = b.time.Add(account.CacheFor)
	wantError(t, "revoked on another server", try(far, third.Token), account.ErrUnauthorised)
	noError(t, try(far, created.Token))

	other := b.application(t)
	wantError(t, "revoke another's", b.RevokeToken(ctx, other.Application.ID, second.ID), store.ErrNotFound)
	_, err = b.AddToken(ctx, "unknown", time.Time{})
	wantError(t, "token of no application", err, store.ErrNotFound)
}

// The last credential of a code goes: a server that knew it must forget it.
func TestLastTokenRevoked(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	created := b.application(t)
	var id string
	noError(t, b.store.View(ctx, func(tx store.Tx) error {
		list, err := tx.ListCredentials(ctx, created.Application.ID)
		id = list[0].ID
		return err
	}))
	far := b.server()
	_, err := far.Authenticate(ctx, created.Code, created.Token)
	noError(t, err)
	noError(t, b.RevokeToken(ctx, created.Application.ID, id))
	b.time = b.time.Add(account.CacheFor)
	_, err = far.Authenticate(ctx, created.Code, created.Token)
	wantError(t, "revoked", err, account.ErrUnauthorised)
	b.time = b.time.Add(-account.CacheFor) // a clock set back does not bring it back
	_, err = far.Authenticate(ctx, created.Code, created.Token)
	wantError(t, "revoked, clock set back", err, account.ErrUnauthorised)
}

func TestAuthenticateTellsALostDatabase(t *testing.T) {
	b := newBench(t)
	created := b.application(t)
	noError(t, b.store.Close())
	_, err := b.server().Authenticate(t.Context(), created.Code, created.Token)
	if errors.Is(err, account.ErrUnauthorised) || !b.store.Unavailable(err) {
		t.Errorf("error is %v, want one of the store", err)
	}
}

func TestSecretsRotate(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	created := b.application(t)
	app := created.Application.ID
	live := func() []string {
		t.Helper()
		keys, err := b.SigningKeys(ctx, app, b.time)
		noError(t, err)
		var texts []string
		for _, k := range keys {
			texts = append(texts, k.Key)
		}
		return texts
	}
	same := func(what string, want ...string) {
		t.Helper()
		if d := cmp.Diff(want, live()); d != "" {
			t.Errorf("%s: live keys (-want +got):\n%s", what, d)
		}
	}
	same("at first", created.Secret)
	second, err := b.RotateSecret(ctx, app, time.Hour)
	noError(t, err)
	same("while the first rotates", second.Key, created.Secret)
	b.time = b.time.Add(time.Minute)
	third, err := b.RotateSecret(ctx, app, 30*time.Minute)
	noError(t, err)
	same("rotated again", third.Key, second.Key)
	b.time = b.time.Add(30 * time.Minute)
	same("after the overlap", third.Key)
	fourth, err := b.RotateSecret(ctx, app, 0)
	noError(t, err)
	same("without overlap", fourth.Key)

	// A submission that pinned the second key can still use it.
	pinned, err := b.SigningKey(ctx, app, second.ID)
	noError(t, err)
	if pinned != second {
		t.Error("a retired key came back changed")
	}
	_, err = b.SigningKey(ctx, b.application(t).Application.ID, second.ID)
	wantError(t, "another's key", err, store.ErrNotFound)
	_, err = b.SigningKeys(ctx, "unknown", b.time)
	wantError(t, "keys of no application", err, store.ErrNotFound)
	_, err = b.RotateSecret(ctx, "unknown", 0)
	wantError(t, "rotation of no application", err, store.ErrNotFound)
	_, err = b.RotateSecret(ctx, app, -1)
	wantError(t, "negative overlap", err, account.ErrInvalid)
}

// A library that nobody here wrote takes the Standard Webhooks form, and its key
// is the secretKey's text.
func TestStandardSecret(t *testing.T) {
	key := account.SigningKey{Key: "klaas_sk_+/ü"}
	if got, want := key.StandardSecret(), "whsec_a2xhYXNfc2tfKy/DvA=="; got != want {
		t.Errorf("standard secret is %s, want %s", got, want)
	}
	theirs, err := standardwebhooks.NewWebhook(key.StandardSecret())
	noError(t, err)
	ours, err := standardwebhooks.NewWebhookRaw([]byte(key.Key))
	noError(t, err)
	at := time.Unix(1_740_716_924, 0)
	a, err := theirs.Sign("id", at, []byte("{}"))
	noError(t, err)
	z, err := ours.Sign("id", at, []byte("{}"))
	noError(t, err)
	if a != z {
		t.Error("the key is not the bytes of the secretKey's text")
	}
}

func TestSettings(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	partner, err := b.CreatePartner(ctx, "Banco Exemplo")
	noError(t, err)
	first := setting.Settings{Products: []setting.ProductChoice{{Name: "pf_balance", Versions: []string{"V1", "V1.1"}}}, CallbackURL: map[string]string{"all": "https://hooks.example/klaas"}}
	created, err := b.CreateApplication(ctx, partner.ID, "app", account.Sandbox, first)
	noError(t, err)
	app := created.Application.ID

	revision, err := b.ChangeSettings(ctx, app, func(s *setting.Settings) error { s.StrictShape = true; return nil })
	noError(t, err)
	second := first
	second.StrictShape = true
	for asked, want := range map[int]struct {
		set      setting.Settings
		revision int
	}{0: {second, 2}, 1: {first, 1}, 2: {second, 2}} {
		set, got, err := b.Settings(ctx, app, asked)
		noError(t, err)
		if d := cmp.Diff(want.set, set); d != "" || got != want.revision || revision != 2 {
			t.Errorf("revision %d is %d (-want +got):\n%s", asked, got, d)
		}
	}
	same, err := b.ChangeSettings(ctx, app, func(*setting.Settings) error { return nil })
	noError(t, err)
	if same != 2 {
		t.Errorf("no change made revision %d", same)
	}
	cause := errors.New("unknown product")
	var callback *account.CallbackError
	for name, c := range map[string]struct {
		change func(*setting.Settings) error
		is     func(error) bool
	}{
		"a failed change":  {func(s *setting.Settings) error { s.EmptyLinks = true; return cause }, func(err error) bool { return errors.Is(err, cause) }},
		"a bad callback":   {func(s *setting.Settings) error { s.CallbackURL["other"] = "https://x.example"; return nil }, func(err error) bool { return errors.As(err, &callback) }},
		"a bad policy":     {func(s *setting.Settings) error { s.JointAccounts = "third"; return nil }, func(err error) bool { return errors.Is(err, account.ErrInvalid) }},
		"a bad day number": {func(s *setting.Settings) error { s.HistoryDays = -1; return nil }, func(err error) bool { return errors.Is(err, account.ErrInvalid) }},
	} {
		if _, err := b.ChangeSettings(ctx, app, c.change); !c.is(err) {
			t.Errorf("%s: error is %v", name, err)
		}
	}
	if _, newest, err := b.Settings(ctx, app, 0); newest != 2 || err != nil {
		t.Errorf("failed changes made revision %d (%v)", newest, err)
	}
	_, _, err = b.Settings(ctx, app, 3)
	wantError(t, "revision 3", err, store.ErrNotFound)
	_, err = b.ChangeSettings(ctx, "unknown", func(*setting.Settings) error { return nil })
	wantError(t, "settings of no application", err, store.ErrNotFound)
}

// A server learns of a change that another one made within RevisionFor, of its
// own at once.
func TestRevision(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	app := b.application(t).Application.ID
	other := b.server()
	change := func(s *account.Service) {
		t.Helper()
		_, err := s.ChangeSettings(ctx, app, func(s *setting.Settings) error { s.HistoryDays++; return nil })
		noError(t, err)
	}
	want := func(when string, s *account.Service, revision int) {
		t.Helper()
		if got, err := s.Revision(ctx, app); got != revision || err != nil {
			t.Errorf("%s: revision %d, want %d (%v)", when, got, revision, err)
		}
	}
	want("at first", other, 1)
	change(b.Service)
	want("own change", b.Service, 2)
	want("another's change", other, 1)
	b.time = b.time.Add(account.RevisionFor)
	want("another's change, later", other, 2)
	change(other)
	change(b.Service)
	want("both changed", b.Service, 4)
	want("both changed", other, 3)
	b.time = b.time.Add(-time.Hour) // a clock that was set back
	want("clock set back", other, 4)
	_, err := b.Revision(ctx, "unknown")
	wantError(t, "revision of no application", err, store.ErrNotFound)
}

// Changes at once all happen, one after the other, on both databases.
func TestChangesAtOnce(t *testing.T) {
	for name, open := range map[string]func(t *testing.T) (store.Store, error){
		"sqlite": func(t *testing.T) (store.Store, error) {
			return sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "new"), sqlite.Options{})
		},
		"postgres": func(t *testing.T) (store.Store, error) {
			return postgres.Open(t.Context(), pgtest.URL(t), postgres.Options{})
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := open(t)
			noError(t, err)
			b := over(t, s)
			app := b.application(t).Application.ID
			const changes = 4 // fewer than ChangeSettings tries
			group, ctx := errgroup.WithContext(context.WithoutCancel(t.Context()))
			for range changes {
				group.Go(func() error {
					_, err := b.ChangeSettings(ctx, app, func(s *setting.Settings) error { s.HistoryDays++; return nil })
					return err
				})
			}
			noError(t, group.Wait())
			set, revision, err := b.Settings(t.Context(), app, 0)
			noError(t, err)
			if set.HistoryDays != changes || revision != changes+1 {
				t.Errorf("%d changes gave %d at revision %d", changes, set.HistoryDays, revision)
			}
		})
	}
}

func TestCreateFails(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	for _, name := range []string{"", " \t", "a\nb", "\xff", strings.Repeat("á", 201)} {
		_, err := b.CreatePartner(ctx, name)
		wantError(t, "partner name", err, account.ErrInvalid)
	}
	partner, err := b.CreatePartner(ctx, strings.Repeat("á", 200))
	noError(t, err)
	_, err = b.CreateApplication(ctx, partner.ID, "", account.Production, setting.Settings{})
	wantError(t, "application name", err, account.ErrInvalid)
	_, err = b.CreateApplication(ctx, partner.ID, "app", "test", setting.Settings{})
	wantError(t, "environment", err, account.ErrInvalid)
	_, err = b.CreateApplication(ctx, "unknown", "app", account.Production, setting.Settings{})
	wantError(t, "no partner", err, store.ErrNotFound)
	_, err = b.CreateApplication(ctx, partner.ID, "app", account.Production, setting.Settings{CallbackURL: map[string]string{"all": "nowhere"}})
	var callback *account.CallbackError
	if !errors.As(err, &callback) {
		t.Errorf("callback: error is %v", err)
	}
	noError(t, b.store.View(ctx, func(tx store.Tx) error {
		list, err := tx.ListApplications(ctx, "")
		if len(list) != 0 {
			t.Errorf("failed calls left %d applications", len(list))
		}
		return err
	}))
}

func TestValidateCallback(t *testing.T) {
	const ok = "https://hooks.example/klaas?x=1"
	for name, c := range map[string]struct {
		callback map[string]string
		key      string // of the error; "-": none
	}{
		"nothing":                {nil, "-"},
		"all alone":              {map[string]string{"all": ok}, "-"},
		"a product":              {map[string]string{"pf_balance": ok}, "-"},
		"products and other":     {map[string]string{"pf_balance": ok, "pf_income": "http://127.0.0.1:8080", "other": ok}, "-"},
		"other alone":            {map[string]string{"other": ok}, "-"},
		"all and other":          {map[string]string{"all": ok, "other": ok}, "all"},
		"all and a product":      {map[string]string{"all": ok, "pf_balance": ok}, "all"},
		"empty":                  {map[string]string{"all": ""}, "all"},
		"relative":               {map[string]string{"pf_balance": "/hooks"}, "pf_balance"},
		"no scheme":              {map[string]string{"pf_balance": "hooks.example/klaas"}, "pf_balance"},
		"another scheme":         {map[string]string{"pf_balance": "ftp://hooks.example"}, "pf_balance"},
		"script":                 {map[string]string{"pf_balance": "javascript:alert(1)"}, "pf_balance"},
		"no host":                {map[string]string{"other": "https:///klaas"}, "other"},
		"a port without a host":  {map[string]string{"other": "https://:8443"}, "other"},
		"a password":             {map[string]string{"all": "https://user:MARKER@hooks.example"}, "all"},
		"a fragment":             {map[string]string{"all": ok + "#MARKER"}, "all"},
		"a control character":    {map[string]string{"all": "https://hooks.example/MARKER\n"}, "all"},
		"too long":               {map[string]string{"all": "https://hooks.example/" + strings.Repeat("a", 2048)}, "all"},
		"the first key is named": {map[string]string{"pf_b": "MARKER", "pf_a": "MARKER"}, "pf_a"},
	} {
		err := account.ValidateCallback(c.callback)
		var fault *account.CallbackError
		switch {
		case c.key == "-" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.key == "-":
		case !errors.As(err, &fault) || fault.Key != c.key:
			t.Errorf("%s: error is %v, want one about %s", name, err, c.key)
		case strings.Contains(err.Error(), "MARKER"):
			t.Errorf("%s: the error holds the address", name)
		}
	}
}

// TestAddressThatWasGoneCanComeBack checks that a 410, which a proxy may give by
// mistake, does not end an address for ever.
func TestAddressThatWasGoneCanComeBack(t *testing.T) {
	b := newBench(t)
	app, other := b.application(t), b.application(t)
	const address = "https://example.com/reports"
	endpoint := func(applicationID string) (e store.Endpoint) {
		t.Helper()
		noError(t, b.store.Update(t.Context(), func(tx store.Tx) (err error) {
			e, err = tx.EnsureEndpoint(t.Context(), applicationID, address, b.time)
			return err
		}))
		return e
	}
	for _, created := range []account.Created{app, other} {
		e := endpoint(created.Application.ID)
		e.Gone, e.FailingSince, e.LastProbeAt = true, b.time, b.time
		noError(t, b.store.Update(t.Context(), func(tx store.Tx) error { return tx.UpdateEndpoint(t.Context(), e) }))
	}
	for _, want := range []bool{true, false} {
		revived, err := b.ReviveEndpoint(t.Context(), app.Application.ID, address)
		noError(t, err)
		if revived != want {
			t.Errorf("revived: %t, want %t", revived, want)
		}
	}
	if e := endpoint(app.Application.ID); e.Gone || !e.FailingSince.IsZero() || !e.LastProbeAt.IsZero() {
		t.Errorf("the endpoint is %+v", e)
	}
	if !endpoint(other.Application.ID).Gone {
		t.Error("another application's endpoint came back too")
	}
	if revived, err := b.ReviveEndpoint(t.Context(), app.Application.ID, "https://example.com/unknown"); err != nil || revived {
		t.Errorf("an unknown address: %t, %v", revived, err)
	}
}

func TestChangeRules(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	app := b.application(t).Application.ID
	add := func(r ...setting.Rule) func([]setting.Rule) ([]setting.Rule, error) {
		return func(old []setting.Rule) ([]setting.Rule, error) { return append(old, r...), nil }
	}
	netflix := setting.Rule{Code: "040102", Contains: "netflix"}
	rules, revision, err := b.ChangeRules(ctx, app, 1, add(netflix, netflix))
	noError(t, err)
	if revision != 2 || len(rules) != 2 || rules[0].ID == "" || rules[0].ID == rules[1].ID {
		t.Errorf("revision %d has %+v", revision, rules)
	}
	stored, _, err := b.Settings(ctx, app, 0)
	noError(t, err)
	if diff := cmp.Diff(rules, stored.Rules); diff != "" {
		t.Errorf("stored (-told +stored):\n%s", diff)
	}
	_, _, err = b.ChangeRules(ctx, app, 1, add(netflix))
	wantError(t, "an old revision", err, account.ErrStale)
	same, revision, err := b.ChangeRules(ctx, app, 2, add())
	noError(t, err)
	if revision != 2 || len(same) != 2 {
		t.Errorf("a change of nothing is revision %d with %+v", revision, same)
	}
	_, _, err = b.ChangeRules(ctx, app, 0, add(setting.Rule{Code: "999999", Contains: "x"}))
	wantError(t, "an unknown category", err, account.ErrInvalid)
	var fault *setting.RuleError
	if !errors.As(err, &fault) || fault.Faults[0].Path != "rules[2].code" {
		t.Errorf("error is %v", err)
	}
	_, _, err = b.ChangeRules(ctx, "00000000-0000-4000-8000-000000000000", 0, add(netflix))
	wantError(t, "no application", err, store.ErrNotFound)

	_, err = b.ChangeSettings(ctx, app, func(s *setting.Settings) error { s.Rules = append(s.Rules, netflix); return nil })
	noError(t, err)
	all, err := b.Revisions(ctx, app, 0, 9)
	noError(t, err)
	for i, n := range []int{3, 2, 0} {
		if all[i].Number != 3-i || len(all[i].Settings.Rules) != n || all[i].CreatedAt.IsZero() {
			t.Errorf("revision %d is %+v", i, all[i])
		}
	}
	if id := all[0].Settings.Rules[2].ID; id == "" {
		t.Error("a rule that came with other settings has no id")
	}
	older, err := b.Revisions(ctx, app, 2, 9)
	noError(t, err)
	if len(older) != 1 || older[0].Number != 1 {
		t.Errorf("before revision 2 there is %+v", older)
	}
}

// Of many who add a rule at once, all succeed.
func TestRulesOfManyAtOnce(t *testing.T) {
	b := newBench(t)
	app := b.application(t).Application.ID
	var group errgroup.Group
	for range 4 {
		group.Go(func() error {
			_, _, err := b.ChangeRules(t.Context(), app, 0, func(old []setting.Rule) ([]setting.Rule, error) {
				return append(old, setting.Rule{Code: "040102", Contains: "netflix"}), nil
			})
			return err
		})
	}
	noError(t, group.Wait())
	set, revision, err := b.Settings(t.Context(), app, 0)
	noError(t, err)
	if revision != 5 || len(set.Rules) != 4 {
		t.Errorf("revision %d has %d rules", revision, len(set.Rules))
	}
}

// The database shows nothing of settings, and they open in their own place alone;
// those that were stored before they were sealed still open.
func TestSettingsAreSealed(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	app := b.application(t).Application.ID
	const cpf = "11144477735"
	add := func(s *setting.Settings) error {
		s.Rules = append(s.Rules, setting.Rule{Code: "040102", Counterparty: cpf})
		return nil
	}
	_, err := b.ChangeSettings(ctx, app, add)
	noError(t, err)
	var stored store.SettingsRevision
	noError(t, b.store.View(ctx, func(tx store.Tx) (err error) {
		stored, err = tx.Settings(ctx, app, 0)
		return err
	}))
	if strings.Contains(string(stored.Body), cpf) || strings.HasPrefix(string(stored.Body), "{") {
		t.Errorf("settings are stored as %q", stored.Body)
	}
	insert := func(body []byte) error {
		stored.Revision++
		stored.Body = body
		return b.store.Update(ctx, func(tx store.Tx) error { return tx.InsertSettings(ctx, stored) })
	}
	noError(t, insert(stored.Body))
	_, _, err = b.Settings(ctx, app, 3)
	wantError(t, "settings of another revision", err, seal.ErrSealed)
	noError(t, insert([]byte(`{"strictShape":true}`)))
	set, revision, err := b.Settings(ctx, app, 0)
	noError(t, err)
	if !set.StrictShape || revision != 4 {
		t.Errorf("plain settings are %+v, revision %d", set, revision)
	}
	_, err = b.ChangeSettings(ctx, app, add)
	noError(t, err)
	if set, _, err = b.Settings(ctx, app, 0); err != nil || !set.StrictShape || len(set.Rules) != 1 {
		t.Errorf("settings are %+v (%v)", set, err)
	}
}
