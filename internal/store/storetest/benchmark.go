package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"

	"github.com/openklaas/klaas/internal/store"
)

// Benchmark measures what eight clients can have accepted, each submission with its
// job in a durable transaction of its own, beside bare commits of as many bytes. A
// document of 2.4 MB is about 0.5 MB when it is sealed.
func Benchmark(b *testing.B, s store.Store) {
	b.Cleanup(func() { noError(b, s.Close()) })
	noError(b, s.Migrate(b.Context()))
	exec(b, s, `CREATE TABLE bare (id text PRIMARY KEY, body `+map[string]string{"sqlite": "blob", "postgres": "bytea"}[s.Dialect()]+`)`)
	w := newApplication(b, s)
	insert := inserter(b, s)
	for _, size := range []int{2_000, 500_000, 2_400_000} {
		body := make([]byte, size)
		_, _ = rand.Read(body) // sealed bytes do not compress; it never fails
		b.Run(fmt.Sprintf("bare/%d", size), func(b *testing.B) {
			eight(b, size, func(ctx context.Context) error {
				return s.Update(ctx, func(tx store.Tx) error { return bare(ctx, tx, body) })
			})
		})
		b.Run(fmt.Sprintf("accept/%d", size), func(b *testing.B) {
			eight(b, size, func(ctx context.Context) error {
				submission := w.newSubmission(time.Now())
				submission.Userdata = body
				return s.Update(ctx, func(tx store.Tx) error {
					if err := tx.InsertSubmission(ctx, submission); err != nil {
						return err
					}
					return insert(ctx, tx)
				})
			})
		})
	}
}

// eight runs b.N calls by eight clients.
func eight(b *testing.B, size int, call func(ctx context.Context) error) {
	b.SetBytes(int64(size))
	var left atomic.Int64
	left.Store(int64(b.N))
	var clients sync.WaitGroup
	for range 8 {
		clients.Go(func() {
			for left.Add(-1) >= 0 {
				if err := call(b.Context()); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	clients.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
}

func bare(ctx context.Context, tx store.Tx, body []byte) (err error) {
	const statement = `INSERT INTO bare (id, body) VALUES ($1, $2)`
	switch raw := tx.Raw().(type) {
	case *sql.Tx:
		_, err = raw.ExecContext(ctx, strings.ReplaceAll(statement, "$", "?"), id(), body)
	case pgx.Tx:
		_, err = raw.Exec(ctx, statement, id(), body)
	}
	return err
}

// inserter returns how a job is added in a transaction, with one client for all.
func inserter(b *testing.B, s store.Store) func(ctx context.Context, tx store.Tx) error {
	switch raw := s.Raw().(type) {
	case *sql.DB:
		client, err := river.NewClient(riversqlite.New(raw), &river.Config{})
		noError(b, err)
		return func(ctx context.Context, tx store.Tx) error {
			_, err := client.InsertTx(ctx, tx.Raw().(*sql.Tx), testJob{}, nil)
			return err
		}
	case *pgxpool.Pool:
		client, err := river.NewClient(riverpgxv5.New(raw), &river.Config{})
		noError(b, err)
		return func(ctx context.Context, tx store.Tx) error {
			_, err := client.InsertTx(ctx, tx.Raw().(pgx.Tx), testJob{}, nil)
			return err
		}
	default:
		b.Fatalf("Raw is a %T", raw)
		return nil
	}
}
