package seal_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/bench"
	"github.com/openklaas/klaas/internal/seal"
)

func newKeyset(t testing.TB) *seal.Keyset {
	t.Helper()
	k, err := seal.Generate()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func newDataKey(t testing.TB, k *seal.Keyset, id string) (*seal.DataKey, []byte) {
	t.Helper()
	key, wrapped, err := k.NewDataKey(id)
	if err != nil {
		t.Fatal(err)
	}
	return key, wrapped
}

func TestRoundTrip(t *testing.T) {
	k := newKeyset(t)
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.String().Draw(t, "id")
		purpose := rapid.String().Draw(t, "purpose")
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		key, wrapped, err := k.NewDataKey(id)
		if err != nil {
			t.Fatal(err)
		}
		sealed, err := key.Seal(purpose, plain)
		if err != nil {
			t.Fatal(err)
		}
		again, err := k.DataKey(id, wrapped)
		if err != nil {
			t.Fatal(err)
		}
		opened, err := again.Open(purpose, sealed)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(opened, plain) {
			t.Fatalf("opened %d bytes that differ from the %d sealed", len(opened), len(plain))
		}
	})
}

func TestCompresses(t *testing.T) {
	key, _ := newDataKey(t, newKeyset(t), "id")
	plain := bytes.Repeat([]byte(`{"amount":"10.00","currency":"BRL"}`), 1000)
	sealed, err := key.Seal("userdata", plain)
	if err != nil {
		t.Fatal(err)
	}
	if len(sealed) > len(plain)/20 {
		t.Errorf("%d bytes became %d", len(plain), len(sealed))
	}
	if bytes.Contains(sealed, []byte("BRL")) {
		t.Error("the plain text shows")
	}
	again, err := key.Seal("userdata", plain)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(sealed, again) {
		t.Error("sealing twice gives the same bytes")
	}
}

func TestOpenFails(t *testing.T) {
	k, foreign := newKeyset(t), newKeyset(t)
	key, wrapped := newDataKey(t, k, "submission")
	other, _ := newDataKey(t, k, "submission")
	sealed, err := key.Seal("userdata", []byte("plain"))
	if err != nil {
		t.Fatal(err)
	}
	secret, err := k.SealSecret("secret", []byte("plain"))
	if err != nil {
		t.Fatal(err)
	}
	open := func(purpose string, sealed []byte) func() error {
		return func() error { _, err := key.Open(purpose, sealed); return err }
	}
	unwrap := func(k *seal.Keyset, id string, wrapped []byte) func() error {
		return func() error { _, err := k.DataKey(id, wrapped); return err }
	}
	reveal := func(k *seal.Keyset, id string, sealed []byte) func() error {
		return func() error { _, err := k.OpenSecret(id, sealed); return err }
	}
	for name, try := range map[string]func() error{
		"another purpose":                 open("problems", sealed),
		"another data key":                func() error { _, err := other.Open("userdata", sealed); return err },
		"nothing":                         open("userdata", nil),
		"cut":                             open("userdata", sealed[:len(sealed)-1]),
		"longer":                          open("userdata", append(bytes.Clone(sealed), 0)),
		"a key of another submission":     unwrap(k, "other", wrapped),
		"a key of another keyset":         unwrap(foreign, "submission", wrapped),
		"an erased key":                   unwrap(k, "submission", nil),
		"a secret as a key":               unwrap(k, "secret", secret),
		"a key as a secret":               reveal(k, "submission", wrapped),
		"a secret of something else":      reveal(k, "other", secret),
		"a secret sealed by someone else": reveal(foreign, "secret", secret),
	} {
		if err := try(); !errors.Is(err, seal.ErrSealed) {
			t.Errorf("%s: error is %v, want ErrSealed", name, err)
		}
	}
	for i := range sealed {
		changed := bytes.Clone(sealed)
		changed[i] ^= 1
		if _, err := key.Open("userdata", changed); !errors.Is(err, seal.ErrSealed) {
			t.Errorf("byte %d changed: error is %v, want ErrSealed", i, err)
		}
	}
	for i := range wrapped {
		changed := bytes.Clone(wrapped)
		changed[i] ^= 1
		if _, err := k.DataKey("submission", changed); !errors.Is(err, seal.ErrSealed) {
			t.Errorf("byte %d of the wrapped key changed: error is %v, want ErrSealed", i, err)
		}
	}
}

// The id and the purpose are told apart even when their joined text is the same.
func TestIDAndPurposeDoNotRunTogether(t *testing.T) {
	k := newKeyset(t)
	key, _ := newDataKey(t, k, "a")
	sealed, err := key.Seal("report:1", []byte("plain"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := key.Open("report:", sealed); !errors.Is(err, seal.ErrSealed) {
		t.Errorf("opened as another report: %v", err)
	}
}

func TestSecret(t *testing.T) {
	k := newKeyset(t)
	sealed, err := k.SealSecret("id", []byte("klaas_sk_1"))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := k.OpenSecret("id", sealed)
	if err != nil || string(plain) != "klaas_sk_1" {
		t.Errorf("opened %q, %v", plain, err)
	}
}

// TestDigestIsOfTheTextAsItIs checks that nothing of a text is passed over, as it
// is of a tax id.
func TestDigestIsOfTheTextAsItIs(t *testing.T) {
	k, other := newKeyset(t), newKeyset(t)
	texts := []string{"", "1-23", "12-3", "123", "12-3 ", "a", "A", "\xff", "\xfe", "é", "\x00"}
	seen := map[string]bool{string(k.Hash("123")): true, string(k.Digest("another use", "123")): true, string(other.Digest("use", "123")): true}
	for _, text := range texts {
		digest := k.Digest("use", text)
		if len(digest) != seal.HashSize || seen[string(digest)] {
			t.Errorf("%q: %d bytes, or the digest of another text", text, len(digest))
		}
		seen[string(digest)] = true
		if !bytes.Equal(digest, k.Digest("use", text)) {
			t.Errorf("%q: the digest is not the same twice", text)
		}
	}
}

func TestHash(t *testing.T) {
	k, other := newKeyset(t), newKeyset(t)
	hash := k.Hash("12345678909")
	if len(hash) != seal.HashSize {
		t.Errorf("%d bytes, want %d", len(hash), seal.HashSize)
	}
	for _, same := range []string{"12345678909", "123.456.789-09", " 123 456 789 09 "} {
		if !bytes.Equal(k.Hash(same), hash) {
			t.Errorf("%q has another hash", same)
		}
	}
	if !bytes.Equal(k.Hash("12.abc.345/01de-35"), k.Hash("12ABC34501DE35")) {
		t.Error("the case of a CNPJ's letters changes the hash")
	}
	for _, different := range []string{"12345678908", "2345678909", ""} {
		if bytes.Equal(k.Hash(different), hash) {
			t.Errorf("%q has the same hash", different)
		}
	}
	if bytes.Equal(other.Hash("12345678909"), hash) {
		t.Error("another keyset gives the same hash")
	}
}

func TestFile(t *testing.T) {
	k := newKeyset(t)
	path := filepath.Join(t.TempDir(), "klaas.keyset")
	if err := k.Save(path); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode(); mode != 0o600 {
		t.Errorf("mode is %v, want 0600", mode)
	}
	if err := newKeyset(t).Save(path); !errors.Is(err, os.ErrExist) {
		t.Errorf("saved over a keyset: %v", err)
	}
	loaded, err := seal.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	key, wrapped := newDataKey(t, k, "id")
	sealed, err := key.Seal("userdata", []byte("plain"))
	if err != nil {
		t.Fatal(err)
	}
	again, err := loaded.DataKey("id", wrapped)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := again.Open("userdata", sealed); err != nil || string(plain) != "plain" {
		t.Errorf("opened %q, %v", plain, err)
	}
	if !bytes.Equal(k.Hash("1"), loaded.Hash("1")) {
		t.Error("the loaded keyset hashes differently")
	}
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(files) != 1 {
		t.Errorf("%d files are left, want the keyset alone (%v)", len(files), err)
	}
}

func TestLoadFails(t *testing.T) {
	if _, err := seal.Load(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	k := newKeyset(t)
	path := filepath.Join(t.TempDir(), "keyset")
	if err := k.Save(path); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"empty":      "",
		"no JSON":    "MARKER",
		"no keys":    "{}",
		"null":       "null",
		"cut":        string(good[:len(good)/2]),
		"wrong keys": strings.Replace(string(good), `"aead"`, `"MARKER"`, 1),
		"wrong type": strings.ReplaceAll(string(good), "SYMMETRIC", "MARKER"),
	} {
		bad := filepath.Join(t.TempDir(), "keyset")
		if err := os.WriteFile(bad, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := seal.Load(bad)
		if !errors.Is(err, seal.ErrKeyset) {
			t.Errorf("%s: error is %v, want ErrKeyset", name, err)
			continue
		}
		if strings.Contains(err.Error(), "MARKER") {
			t.Errorf("%s: the error holds a piece of the file: %v", name, err)
		}
	}
}

// The bench document: 5,000 movements, about 2.4 MB.
func BenchmarkSeal(b *testing.B) {
	key, _ := newDataKey(b, newKeyset(b), "id")
	document := bench.Document(5000)
	sealed, err := key.Seal("userdata", document)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("seal", func(b *testing.B) {
		b.SetBytes(int64(len(document)))
		for b.Loop() {
			if _, err := key.Seal("userdata", document); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(len(document))/float64(len(sealed)), "ratio")
	})
	b.Run("open", func(b *testing.B) {
		b.SetBytes(int64(len(document)))
		for b.Loop() {
			if _, err := key.Open("userdata", sealed); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func TestConcurrentUse(t *testing.T) {
	k := newKeyset(t)
	key, wrapped := newDataKey(t, k, "id")
	var clients sync.WaitGroup
	for i := range 8 {
		clients.Go(func() {
			plain := bytes.Repeat([]byte{byte(i), 'x'}, 10_000)
			for range 20 {
				sealed, err := key.Seal("userdata", plain)
				if err != nil {
					t.Error(err)
					return
				}
				own, err := k.DataKey("id", wrapped)
				if err != nil {
					t.Error(err)
					return
				}
				if opened, err := own.Open("userdata", sealed); err != nil || !bytes.Equal(opened, plain) {
					t.Errorf("client %d opened something else (%v)", i, err)
					return
				}
			}
		})
	}
	clients.Wait()
}
