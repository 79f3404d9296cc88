package postgres_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/openklaas/klaas/internal/store"
	"github.com/openklaas/klaas/internal/store/postgres"
	"github.com/openklaas/klaas/internal/store/postgres/pgtest"
	"github.com/openklaas/klaas/internal/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) func() store.Store {
		address := pgtest.URL(t)
		return func() store.Store { return open(t, address) }
	})
}

func BenchmarkStore(b *testing.B) {
	storetest.Benchmark(b, open(b, pgtest.URL(b)))
}

func open(t testing.TB, address string) store.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), address, postgres.Options{})
	noError(t, err)
	return s
}

func migrated(t testing.TB, address string) store.Store {
	t.Helper()
	s := open(t, address)
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

func insertPartner(ctx context.Context, s store.Store, id string) error {
	return s.Update(ctx, func(tx store.Tx) error {
		return tx.InsertPartner(ctx, store.Partner{ID: id, CreatedAt: time.Now()})
	})
}

func TestCommitsAreDurable(t *testing.T) {
	address := pgtest.URL(t)
	s := migrated(t, address)
	raw := s.Raw().(*pgxpool.Pool)
	var name string
	noError(t, raw.QueryRow(t.Context(), `SELECT current_database()`).Scan(&name))
	_, err := raw.Exec(t.Context(), `ALTER DATABASE `+name+` SET synchronous_commit = off`)
	noError(t, err)
	for wish, want := range map[string]string{"": "on", "off": "on", "local": "local"} {
		u, err := url.Parse(address)
		noError(t, err)
		if wish != "" {
			query := u.Query()
			query.Set("synchronous_commit", wish)
			u.RawQuery = query.Encode()
		}
		s := open(t, u.String())
		var got string
		err = s.Raw().(*pgxpool.Pool).QueryRow(t.Context(), `SHOW synchronous_commit`).Scan(&got)
		if got != want || err != nil {
			t.Errorf("asked for %q: synchronous_commit is %s (%v), want %s", wish, got, err, want)
		}
		noError(t, s.Close())
	}
}

// The server ends the connection under a transaction; the next one works again.
func TestLostConnectionIsUnavailable(t *testing.T) {
	address := pgtest.URL(t)
	s, other := migrated(t, address), migrated(t, address)
	err := s.Update(t.Context(), func(tx store.Tx) error {
		_, err := other.Raw().(*pgxpool.Pool).Exec(t.Context(),
			`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
		noError(t, err)
		return tx.InsertPartner(t.Context(), store.Partner{ID: "p", CreatedAt: time.Now()})
	})
	if err == nil || !s.Unavailable(err) {
		t.Fatalf("a lost connection gives %v", err)
	}
	deadline := time.Now().Add(10 * time.Second)
	for err = insertPartner(t.Context(), s, "p"); err != nil; err = insertPartner(t.Context(), s, "p") {
		if !s.Unavailable(err) || time.Now().After(deadline) {
			t.Fatalf("after the loss: %v", err)
		}
	}
}

func TestUnavailable(t *testing.T) {
	s := migrated(t, pgtest.URL(t))
	raw := s.Raw().(*pgxpool.Pool)
	for code, want := range map[string]bool{
		"08006": true, "53100": true, "53300": true, "57P01": true, "57P03": true, "58030": true, "25006": true, "40001": true, "40P01": true, "55P03": true,
		"22P02": false, "23514": false, "42P01": false, "57014": false,
	} {
		_, err := raw.Exec(t.Context(), `DO $$ BEGIN RAISE EXCEPTION 'played' USING ERRCODE = '`+code+`'; END $$`)
		if err == nil || s.Unavailable(err) != want {
			t.Errorf("%s: %v is unavailable: %v, want %v", code, err, s.Unavailable(err), want)
		}
	}
	_, err := postgres.Open(t.Context(), "postgres://klaas:MARKER@127.0.0.1:1/none", postgres.Options{})
	if err == nil || !s.Unavailable(err) || strings.Contains(err.Error(), "MARKER") {
		t.Errorf("nobody listens: %v", err)
	}
}

// A standby, played by a read-only default, takes no writes.
func TestPingOfAReadOnlyServer(t *testing.T) {
	address := pgtest.URL(t)
	s := migrated(t, address)
	raw := s.Raw().(*pgxpool.Pool)
	var name string
	noError(t, raw.QueryRow(t.Context(), `SELECT current_database()`).Scan(&name))
	_, err := raw.Exec(t.Context(), `ALTER DATABASE `+name+` SET default_transaction_read_only = on`)
	noError(t, err)
	standby := open(t, address)
	defer func() { noError(t, standby.Close()) }()
	if err := standby.Ping(t.Context()); err == nil || !standby.Unavailable(err) {
		t.Errorf("a server that takes no writes answers %v", err)
	}
}

func TestOpenFails(t *testing.T) {
	for _, address := range []string{"postgres://klaas:MARKER@host:port/db", "://MARKER", "host='MARKER"} {
		_, err := postgres.Open(t.Context(), address, postgres.Options{})
		if err == nil || strings.Contains(err.Error(), "MARKER") {
			t.Errorf("error is %v", err)
		}
	}
}

func TestMigrationsAtOnce(t *testing.T) {
	address := pgtest.URL(t)
	const processes = 3
	results := make(chan error, processes)
	for range processes {
		s := open(t, address)
		t.Cleanup(func() { noError(t, s.Close()) })
		go func() { results <- s.Migrate(t.Context()) }()
	}
	for range processes {
		noError(t, <-results)
	}
}

// A job that several processes free at once is freed once.
func TestOrphansFreedAtOnce(t *testing.T) {
	s := migrated(t, pgtest.URL(t))
	_, err := s.Raw().(*pgxpool.Pool).Exec(t.Context(), `INSERT INTO river_job (state, attempt, attempted_by, args, kind, max_attempts)
		SELECT 'running', 3, '{living,dead}', '{}', 'k', 25 FROM generate_series(1, 50)`)
	noError(t, err)
	noError(t, s.Update(t.Context(), func(tx store.Tx) error { return tx.Heartbeat(t.Context(), "living", time.Now().Add(time.Hour)) }))
	const processes = 4
	type result struct {
		freed int64
		err   error
	}
	results := make(chan result, processes)
	for range processes {
		go func() {
			var r result
			r.err = s.Update(t.Context(), func(tx store.Tx) (err error) {
				r.freed, err = tx.FreeOrphans(t.Context(), time.Now(), false)
				return err
			})
			results <- r
		}()
	}
	var freed int64
	for range processes {
		r := <-results
		noError(t, r.err)
		freed += r.freed
	}
	var attempts int
	noError(t, s.Raw().(*pgxpool.Pool).QueryRow(t.Context(), `SELECT sum(attempt) FROM river_job WHERE state = 'available'`).Scan(&attempts))
	if freed != 50 || attempts != 100 {
		t.Errorf("%d freed with %d attempts, want 50 with 100", freed, attempts)
	}
}
