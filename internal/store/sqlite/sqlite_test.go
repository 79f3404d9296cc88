package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/openklaas/klaas/internal/store"
	"github.com/openklaas/klaas/internal/store/sqlite"
	"github.com/openklaas/klaas/internal/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) func() store.Store {
		dir := t.TempDir()
		return func() store.Store { return open(t, dir, sqlite.Options{Exclusive: true}) }
	})
}

func BenchmarkStore(b *testing.B) {
	storetest.Benchmark(b, open(b, b.TempDir(), sqlite.Options{Exclusive: true}))
}

func open(t testing.TB, dir string, o sqlite.Options) store.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), dir, o)
	noError(t, err)
	return s
}

func migrated(t testing.TB, dir string, o sqlite.Options) store.Store {
	t.Helper()
	s := open(t, dir, o)
	t.Cleanup(func() { noError(t, s.Close()) })
	noError(t, s.Migrate(t.Context()))
	return s
}

func noError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func insertPartner(t testing.TB, s store.Store, id string) error {
	return s.Update(t.Context(), func(tx store.Tx) error {
		return tx.InsertPartner(t.Context(), store.Partner{ID: id, CreatedAt: time.Now()})
	})
}

func TestSecondServerIsRefused(t *testing.T) {
	dir := t.TempDir()
	server := migrated(t, dir, sqlite.Options{Exclusive: true})
	_, err := sqlite.Open(t.Context(), dir, sqlite.Options{Exclusive: true})
	var used *sqlite.InUseError
	if !errors.As(err, &used) || used.Process != strconv.Itoa(os.Getpid()) {
		t.Fatalf("error is %v, want one that names this process", err)
	}
	if !strings.Contains(err.Error(), "--data") {
		t.Errorf("%q does not say what to do", err)
	}
	// An administrative command works beside the server and sees what it does.
	command := migrated(t, dir, sqlite.Options{})
	noError(t, insertPartner(t, command, "by the command"))
	noError(t, insertPartner(t, server, "by the server"))
	for _, s := range []store.Store{command, server} {
		noError(t, s.View(t.Context(), func(tx store.Tx) error {
			list, err := tx.ListPartners(t.Context())
			if len(list) != 2 {
				t.Errorf("%d partners, want 2", len(list))
			}
			return err
		}))
	}
	noError(t, server.Close())
	next := open(t, dir, sqlite.Options{Exclusive: true})
	noError(t, next.Close())
}

func TestFilesAreTheOwnersOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a directory with ?, #, % and é")
	s := migrated(t, dir, sqlite.Options{Exclusive: true})
	noError(t, insertPartner(t, s, "p"))
	files, err := os.ReadDir(dir)
	noError(t, err)
	names := map[string]bool{}
	for _, f := range files {
		info, err := f.Info()
		noError(t, err)
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("%s has mode %v, want 0600", f.Name(), mode)
		}
		names[f.Name()] = true
	}
	if !names[sqlite.FileName] || !names[sqlite.FileName+"-wal"] {
		t.Errorf("the directory holds %v", names)
	}
	info, err := os.Stat(dir)
	noError(t, err)
	if mode := info.Mode().Perm(); mode != 0o700 {
		t.Errorf("the directory has mode %v, want 0700", mode)
	}
}

// The promises that rest on the connection's settings.
func TestWriterIsSafe(t *testing.T) {
	s := migrated(t, t.TempDir(), sqlite.Options{})
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "secure_delete": "1", "foreign_keys": "1",
	} {
		var got string
		noError(t, s.Raw().(*sql.DB).QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got))
		if got != want {
			t.Errorf("%s is %s, want %s", pragma, got, want)
		}
	}
}

func TestDeletedBytesAreGone(t *testing.T) {
	dir := t.TempDir()
	s := migrated(t, dir, sqlite.Options{})
	marker := []byte("MARKER of what was deleted")
	noError(t, s.Update(t.Context(), func(tx store.Tx) error {
		return tx.InsertPartner(t.Context(), store.Partner{ID: "p", Name: string(marker), CreatedAt: time.Now()})
	}))
	raw := s.Raw().(*sql.DB)
	checkpoint := func() []byte {
		_, err := raw.ExecContext(t.Context(), `PRAGMA wal_checkpoint(TRUNCATE)`)
		noError(t, err)
		file, err := os.ReadFile(filepath.Join(dir, sqlite.FileName))
		noError(t, err)
		return file
	}
	if !bytes.Contains(checkpoint(), marker) {
		t.Fatal("the marker is not in the file to begin with")
	}
	_, err := raw.ExecContext(t.Context(), `DELETE FROM partners`)
	noError(t, err)
	if bytes.Contains(checkpoint(), marker) {
		t.Error("the deleted marker is still in the file")
	}
}

// A full disk is played by a limit on the file's pages.
func TestFullDiskIsUnavailable(t *testing.T) {
	s := migrated(t, t.TempDir(), sqlite.Options{})
	raw := s.Raw().(*sql.DB)
	var pages int
	noError(t, raw.QueryRowContext(t.Context(), `PRAGMA page_count`).Scan(&pages))
	_, err := raw.ExecContext(t.Context(), `PRAGMA max_page_count = `+strconv.Itoa(pages+2))
	noError(t, err)
	err = s.Update(t.Context(), func(tx store.Tx) error {
		return tx.InsertPartner(t.Context(), store.Partner{ID: "p", Name: strings.Repeat("x", 100_000), CreatedAt: time.Now()})
	})
	if err == nil || !s.Unavailable(err) {
		t.Fatalf("a full disk gives %v", err)
	}
	_, err = raw.ExecContext(t.Context(), `PRAGMA max_page_count = 1000000`)
	noError(t, err)
	noError(t, insertPartner(t, s, "p"))
}

// A server that is killed leaves the file and its WAL as they are at that moment.
func TestKilledServerLosesNothing(t *testing.T) {
	dir, copied := t.TempDir(), t.TempDir()
	s := migrated(t, dir, sqlite.Options{Exclusive: true})
	noError(t, insertPartner(t, s, "committed"))
	noError(t, s.Update(t.Context(), func(tx store.Tx) error {
		noError(t, tx.InsertPartner(t.Context(), store.Partner{ID: "in the middle", CreatedAt: time.Now()}))
		for _, name := range []string{sqlite.FileName, sqlite.FileName + "-wal"} {
			file, err := os.ReadFile(filepath.Join(dir, name))
			noError(t, err)
			noError(t, os.WriteFile(filepath.Join(copied, name), file, 0o600))
		}
		return nil
	}))
	again := migrated(t, copied, sqlite.Options{Exclusive: true})
	noError(t, again.View(t.Context(), func(tx store.Tx) error {
		list, err := tx.ListPartners(t.Context())
		if len(list) != 1 || list[0].ID != "committed" {
			t.Errorf("after the kill there is %v", list)
		}
		return err
	}))
}

// A statement that runs into its deadline is told from a fault of the database.
func TestDeadlineInAStatement(t *testing.T) {
	s := migrated(t, t.TempDir(), sqlite.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := s.Update(ctx, func(tx store.Tx) error {
		_, err := tx.Raw().(*sql.Tx).ExecContext(ctx, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n`)
		return err
	})
	if !errors.Is(err, context.DeadlineExceeded) || !s.Unavailable(err) {
		t.Errorf("error is %v", err)
	}
	noError(t, insertPartner(t, s, "p"))
}

func TestBusyIsUnavailable(t *testing.T) {
	dir := t.TempDir()
	s, other := migrated(t, dir, sqlite.Options{Wait: 50 * time.Millisecond}), migrated(t, dir, sqlite.Options{})
	noError(t, other.Update(t.Context(), func(store.Tx) error {
		err := s.Update(t.Context(), func(store.Tx) error { return nil })
		if err == nil || !s.Unavailable(err) {
			t.Errorf("while another process writes: %v", err)
		}
		// Readers do not wait.
		return s.View(t.Context(), func(tx store.Tx) error {
			_, err := tx.ListPartners(t.Context())
			return err
		})
	}))
	noError(t, insertPartner(t, s, "p"))
}

func TestMigrationsAtOnce(t *testing.T) {
	dir := t.TempDir()
	const processes = 3
	results := make(chan error, processes)
	for range processes {
		s := open(t, dir, sqlite.Options{})
		t.Cleanup(func() { noError(t, s.Close()) })
		go func() { results <- s.Migrate(t.Context()) }()
	}
	for range processes {
		noError(t, <-results)
	}
}

func TestNewerDatabaseIsLeftAlone(t *testing.T) {
	s := migrated(t, t.TempDir(), sqlite.Options{})
	_, err := s.Raw().(*sql.DB).ExecContext(t.Context(), `INSERT INTO migrations (version_id, is_applied) VALUES (9999, true)`)
	noError(t, err)
	if err := s.Migrate(t.Context()); err == nil || !strings.Contains(err.Error(), "newer klaas") {
		t.Errorf("error is %v, want one that says what to do", err)
	}
	if applied, known, err := s.Version(t.Context()); applied != 9999 || known >= applied || err != nil {
		t.Errorf("version is %d of %d (%v)", applied, known, err)
	}
}

func TestOpenFails(t *testing.T) {
	dir := t.TempDir()
	noError(t, os.WriteFile(filepath.Join(dir, sqlite.FileName), bytes.Repeat([]byte("no database "), 1000), 0o600))
	if s, err := sqlite.Open(t.Context(), dir, sqlite.Options{}); err == nil {
		t.Errorf("a file that is no database was opened (%v)", s.Close())
	}
	if s, err := sqlite.Open(t.Context(), filepath.Join(dir, sqlite.FileName), sqlite.Options{}); err == nil {
		t.Errorf("a file was taken for a directory (%v)", s.Close())
	}
}
