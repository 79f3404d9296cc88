package receive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/openklaas/klaas/internal/account"
	"github.com/openklaas/klaas/internal/seal"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/internal/store"
	"github.com/openklaas/klaas/internal/store/postgres"
	"github.com/openklaas/klaas/internal/store/postgres/pgtest"
	"github.com/openklaas/klaas/internal/store/sqlite"
	"github.com/openklaas/klaas/openfinance"
)

// received is when the tests play: still 30 January in São Paulo, 31 January in UTC.
var received = time.Date(2026, 1, 31, 2, 30, 0, 123456789, time.UTC)

const cpf = "52998224725"

// doc is a document with further top-level keys.
func doc(more string) []byte {
	if more != "" {
		more = "," + more
	}
	return fmt.Appendf(nil, `{"accounts":[],"taxId":%q%s}`, cpf, more)
}

type queue struct {
	mu     sync.Mutex
	jobs   []string
	nudges int
	during func(ctx context.Context, tx store.Tx, id string) error
}

func (q *queue) Enqueue(ctx context.Context, tx store.Tx, id string) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.during != nil {
		if err := q.during(ctx, tx, id); err != nil {
			return err
		}
	}
	q.jobs = append(q.jobs, id)
	return nil
}

func (q *queue) Accepted() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.nudges++
}

// onBoth runs a test on both databases.
func onBoth(t *testing.T, test func(t *testing.T, r *Receiver, p account.Principal)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		s, err := sqlite.Open(t.Context(), t.TempDir(), sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		r, p := newReceiver(t, s)
		test(t, r, p)
	})
	t.Run("postgres", func(t *testing.T) {
		s, err := postgres.Open(t.Context(), pgtest.URL(t), postgres.Options{})
		if err != nil {
			t.Fatal(err)
		}
		r, p := newReceiver(t, s)
		test(t, r, p)
	})
}

func newReceiver(t testing.TB, s store.Store) (*Receiver, account.Principal) {
	t.Helper()
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	keys, err := seal.Generate()
	if err != nil {
		t.Fatal(err)
	}
	accounts := account.New(s, keys)
	partner, err := accounts.CreatePartner(t.Context(), "partner")
	if err != nil {
		t.Fatal(err)
	}
	created, err := accounts.CreateApplication(t.Context(), partner.ID, "application", account.Production, setting.Settings{
		Products: []setting.ProductChoice{{Name: "pf_checking_account"}, {Name: "pf_balance"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	r := &Receiver{Store: s, Keys: keys, Accounts: accounts, Queue: &queue{}, Now: func() time.Time { return received }}
	return r, account.Principal{ApplicationID: created.Application.ID, PartnerID: partner.ID}
}

func stored(t *testing.T, r *Receiver, p account.Principal) []store.Submission {
	t.Helper()
	var list []store.Submission
	err := r.Store.View(t.Context(), func(tx store.Tx) (err error) {
		list, err = tx.ListSubmissions(t.Context(), p.ApplicationID, time.Time{}, 100)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestAccept(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Receiver, p account.Principal) {
		body := doc("")
		receipt, err := r.Accept(t.Context(), p, body, "")
		if err != nil {
			t.Fatal(err)
		}
		if uuid.MustParse(receipt.RequestID).Version() != 4 {
			t.Errorf("requestId %s is no random UUID", receipt.RequestID)
		}
		if diff := cmp.Diff(Receipt{RequestID: receipt.RequestID}, receipt); diff != "" {
			t.Error(diff)
		}
		var s store.Submission
		err = r.Store.View(t.Context(), func(tx store.Tx) (err error) {
			s, err = tx.SubmissionForWork(t.Context(), receipt.RequestID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if s.ReferenceDay != "2026-01-30" || !s.ReceivedAt.Equal(received.Truncate(time.Microsecond)) || s.SettingsRevision != 1 || s.SecretID == "" || s.Size != len(body) {
			t.Errorf("stored: %+v", s)
		}
		if !cmp.Equal(s.TaxHash, r.Keys.Hash(cpf)) {
			t.Error("the tax id is not findable by its hash")
		}
		if bytes.Contains(s.Userdata, []byte(cpf)) {
			t.Error("the document is readable in the database")
		}
		if q := r.Queue.(*queue); !cmp.Equal(q.jobs, []string{s.ID}) || q.nudges != 1 {
			t.Errorf("jobs %v, nudges %d", q.jobs, q.nudges)
		}
	})
}

// TestAcceptIsOneTransaction makes the queue fail after the submission was inserted.
func TestAcceptIsOneTransaction(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Receiver, p account.Principal) {
		q := r.Queue.(*queue)
		q.during = func(ctx context.Context, tx store.Tx, id string) error {
			if _, err := tx.Submission(ctx, p.ApplicationID, id); err != nil {
				t.Errorf("the job's transaction does not see its submission: %v", err)
			}
			return errors.New("no")
		}
		if _, err := r.Accept(t.Context(), p, doc(""), "key"); err == nil {
			t.Error("Accept promised what it could not keep")
		}
		if n := len(stored(t, r, p)); n != 0 || q.nudges != 0 {
			t.Errorf("%d submissions are stored, %d nudges", n, q.nudges)
		}
		q.during = nil
		if receipt, err := r.Accept(t.Context(), p, doc(""), "key"); err != nil || receipt.Replayed {
			t.Errorf("the key of a failed call was kept: %+v %v", receipt, err)
		}
	})
}

func TestIdempotency(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Receiver, p account.Principal) {
		accept := func(body []byte, key string) (Receipt, error) {
			return r.Accept(t.Context(), p, body, key)
		}
		first, err := accept(doc(""), "key "+cpf)
		if err != nil {
			t.Fatal(err)
		}
		again, err := accept(doc(""), "key "+cpf)
		if err != nil || again != (Receipt{RequestID: first.RequestID, Replayed: true}) {
			t.Errorf("again: %+v %v, first %+v", again, err, first)
		}
		if _, err := accept(doc(`"referenceDate":"2026-01-01"`), "key "+cpf); !errors.Is(err, ErrKeyReused) {
			t.Errorf("another body: %v", err)
		}
		if other, err := accept(doc(""), "another key"); err != nil || other.RequestID == first.RequestID {
			t.Errorf("another key: %+v %v", other, err)
		}
		// An answer that was given stays, even when the settings or the day would
		// now refuse the document.
		_, err = r.Accounts.ChangeSettings(t.Context(), p.ApplicationID, func(s *setting.Settings) error { s.Products = nil; return nil })
		if err != nil {
			t.Fatal(err)
		}
		narrowed := doc(`"products":["pf_balance"]`)
		if _, err := accept(narrowed, "third"); err == nil {
			t.Error("a product was accepted that is not switched on")
		}
		if again, err := accept(doc(""), "key "+cpf); err != nil || again.RequestID != first.RequestID {
			t.Errorf("after a change of settings: %+v %v", again, err)
		}
		r.Now = func() time.Time { return received.Add(KeyLife - time.Second) }
		if again, err := accept(doc(""), "key "+cpf); err != nil || again.RequestID != first.RequestID {
			t.Errorf("just before a day has passed: %+v %v", again, err)
		}
		r.Now = func() time.Time { return received.Add(KeyLife + time.Second) }
		if later, err := accept(doc(""), "key "+cpf); err != nil || later.RequestID == first.RequestID {
			t.Errorf("after a day: %+v %v", later, err)
		}
	})
}

func TestSameKeyConcurrently(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Receiver, p account.Principal) {
		const callers = 12
		receipts := make([]Receipt, callers)
		var all sync.WaitGroup
		for i := range callers {
			all.Go(func() {
				var err error
				if receipts[i], err = r.Accept(context.Background(), p, doc(""), "key"); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		fresh := 0
		for _, receipt := range receipts {
			if receipt.RequestID != receipts[0].RequestID {
				t.Errorf("two submissions: %+v", receipts)
				break
			}
			if !receipt.Replayed {
				fresh++
			}
		}
		if n := len(stored(t, r, p)); n != 1 || fresh != 1 || len(r.Queue.(*queue).jobs) != 1 {
			t.Errorf("%d submissions, %d fresh answers, jobs %v", n, fresh, r.Queue.(*queue).jobs)
		}
	})
}

// TestKeyedBodiesThatDiffer lets two bodies race for one key: one wins, the
// other hears of it.
func TestKeyedBodiesThatDiffer(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Receiver, p account.Principal) {
		errs := make([]error, 8)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() {
				_, errs[i] = r.Accept(context.Background(), p, doc(fmt.Sprintf(`"note":%d`, i)), "key")
			})
		}
		all.Wait()
		won := 0
		for _, err := range errs {
			switch {
			case err == nil:
				won++
			case !errors.Is(err, ErrKeyReused):
				t.Error(err)
			}
		}
		if n := len(stored(t, r, p)); won != 1 || n != 1 {
			t.Errorf("%d calls won, %d submissions", won, n)
		}
	})
}

func TestDatabaseGone(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Receiver, p account.Principal) {
		if err := r.Store.Close(); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"", "key"} {
			if _, err := r.Accept(t.Context(), p, doc(""), key); !errors.Is(err, ErrUnavailable) {
				t.Errorf("key %q: %v", key, err)
			}
		}
	})
}

// TestRefused is what each unusable document is told.
func TestRefused(t *testing.T) {
	s, err := sqlite.Open(t.Context(), t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, p := newReceiver(t, s)
	long := "https://a.example/" + strings.Repeat("x", maxURL)
	for _, c := range []struct {
		name string
		body string
		want []string // paths of a 422, or code and paths of a 416
	}{
		{"no tax id", `{"accounts":[]}`, []string{"taxId"}},
		{"all faults at once", `{"accounts":[],"referenceDate":"2026-02-30","externalInfo":7,"products":{}}`, []string{"referenceDate", "externalInfo", "products", "taxId"}},
		{"the reader's and ours", `{"accounts":[],"referenceDate":"2026-01-31","externalInfo":7}`, []string{"externalInfo", "referenceDate", "taxId"}},
		{"tomorrow in São Paulo", string(doc(`"referenceDate":"2026-01-31"`)), []string{"referenceDate"}},
		{"422 before 416", string(doc(`"referenceDate":"2026-01-31","products":[]`)), []string{"referenceDate"}},
		{"no object", `[]`, []string{""}},
		{"no section", `{"taxId":"52998224725"}`, []string{""}},
		{"unreadable person", `{"personalCustomerIdentification":[7]}`, []string{"personalCustomerIdentification", "personalCustomerIdentification[0]"}},

		{"no product", string(doc(`"products":[]`)), []string{"4005", "products"}},
		{"unknown products", string(doc(`"products":["pf_balance","x","pf_y"]`)), []string{"4002", "products[1]", "products[2]"}},
		{"product not switched on", string(doc(`"products":["pf_identity"]`)), []string{"4002", "products[0]"}},
		{"two codes", string(doc(`"products":["x"],"productsCallbackURL":{"all":"y"}`)), []string{"4002", "products[0]", "productsCallbackURL"}},
		{"all and other", string(doc(`"productsCallbackURL":{"ALL":"https://a.example","other":"https://a.example"}`)), []string{"4006", "productsCallbackURL"}},
		{"all and a product", string(doc(`"productsCallbackURL":{"all":"https://a.example","pf_balance":"https://a.example"}`)), []string{"4006", "productsCallbackURL"}},
		{"one product twice", string(doc(`"productsCallbackURL":{"PF_BALANCE":"https://a.example","pf_balance":"https://a.example"}`)), []string{"4006", "productsCallbackURL"}},
		{"unknown key", string(doc(`"productsCallbackURL":{"x":"https://a.example"}`)), []string{"4006", "productsCallbackURL"}},
		{"empty address", string(doc(`"productsCallbackURL":{"all":""}`)), []string{"4006", "productsCallbackURL"}},
		{"relative address", string(doc(`"productsCallbackURL":{"all":"/hook"}`)), []string{"4006", "productsCallbackURL"}},
		{"no host", string(doc(`"productsCallbackURL":{"all":"https://:443/"}`)), []string{"4006", "productsCallbackURL"}},
		{"file", string(doc(`"productsCallbackURL":{"all":"file:///etc/passwd"}`)), []string{"4006", "productsCallbackURL"}},
		{"user", string(doc(`"productsCallbackURL":{"all":"https://u:p@a.example/"}`)), []string{"4006", "productsCallbackURL"}},
		{"fragment", string(doc(`"productsCallbackURL":{"all":"https://a.example/#x"}`)), []string{"4006", "productsCallbackURL"}},
		{"control character", string(doc(`"productsCallbackURL":{"all":"https://a.example/\u0000"}`)), []string{"4006", "productsCallbackURL"}},
		{"long address", string(doc(`"productsCallbackURL":{"all":"` + long + `"}`)), []string{"4006", "productsCallbackURL"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := r.Accept(t.Context(), p, []byte(c.body), "key")
			var got []string
			var invalid *openfinance.InvalidError
			var refused *BusinessError
			var faults []openfinance.Problem
			switch {
			case errors.As(err, &invalid):
				faults = invalid.Problems
			case errors.As(err, &refused):
				faults = refused.Faults
				got = append(got, fmt.Sprint(int(refused.Code)))
			default:
				t.Fatalf("the error is %v", err)
			}
			for _, f := range faults {
				got = append(got, f.Path)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
	if n := len(stored(t, r, p)); n != 0 {
		t.Errorf("%d submissions are stored", n)
	}
}

// TestTaken is what is unusual and still usable.
func TestTaken(t *testing.T) {
	s, err := sqlite.Open(t.Context(), t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, p := newReceiver(t, s)
	for name, body := range map[string][]byte{
		"today in São Paulo":     doc(`"referenceDate":"2026-01-30"`),
		"all":                    doc(`"products":["ALL"]`),
		"a product in any case":  doc(`"products":["PF_Balance"]`),
		"a product and other":    doc(`"productsCallbackURL":{"pf_balance":"https://a.example/x?y=z","other":"http://b.example:8080/"}`),
		"a product that is off":  doc(`"productsCallbackURL":{"pf_identity":"https://a.example"}`),
		"no address at all":      doc(`"productsCallbackURL":{}`),
		"no list":                doc(`"products":null`),
		"a company":              []byte(`{"accounts":[],"taxId":"11222333000181"}`),
		"a person by their card": []byte(`{"personalCustomerIdentification":[{"documents":{"cpfNumber":"52998224725"}}]}`),
	} {
		if _, err := r.Accept(t.Context(), p, body, ""); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := r.Accounts.ChangeSettings(t.Context(), p.ApplicationID, func(s *setting.Settings) error { s.AllowAnonymous = true; return nil }); err != nil {
		t.Fatal(err)
	}
	receipt, err := r.Accept(t.Context(), p, []byte(`{"accounts":[]}`), "")
	if err != nil {
		t.Fatalf("anonymous: %v", err)
	}
	if newest := stored(t, r, p); newest[0].SettingsRevision < 1 || len(newest) != 10 {
		t.Errorf("%d stored", len(newest))
	}
	for _, s := range stored(t, r, p) {
		if s.ID == receipt.RequestID && (s.TaxHash != nil || s.SettingsRevision != 2) {
			t.Errorf("anonymous: tax hash %x, revision %d", s.TaxHash, s.SettingsRevision)
		}
	}
}
