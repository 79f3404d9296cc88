// Package postgres keeps the store in a PostgreSQL database, which several
// servers and workers share.
//
// [Open] gives a pool of connections on which every commit is durable, whatever
// the server's default. Updates run at READ COMMITTED and lock the rows that they
// decide on; views are one snapshot (REPEATABLE READ). Works with PostgreSQL 13
// and later.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/puddle/v2"

	"github.com/openklaas/klaas/internal/store"
	"github.com/openklaas/klaas/internal/store/internal/sqlstore"
)

// Options are the choices of [Open].
type Options struct {
	// MaxConns is how many connections this process opens at most; the queue keeps
	// one of them to listen. Default: pool_max_conns of the URL, else 16. The
	// server's max_connections must be enough for all processes.
	MaxConns int
}

var errClosed = errors.New("the database is closed")

type database struct {
	pool   *pgxpool.Pool
	closed atomic.Bool
	probe  sqlstore.Probe
}

// Open connects to the database that a URL or a key=value text names. The tables
// come with Migrate. Its errors never hold the password.
func Open(ctx context.Context, url string, o Options) (store.Store, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		// The cause can quote the URL.
		return nil, errors.New("database: is not a PostgreSQL address: use postgres://user:password@host:5432/name")
	}
	switch {
	case o.MaxConns > 0:
		config.MaxConns = int32(min(o.MaxConns, 1<<15))
	case !strings.Contains(url, "pool_max_conns"):
		config.MaxConns = 16
	}
	if config.ConnConfig.RuntimeParams["application_name"] == "" {
		config.ConnConfig.RuntimeParams["application_name"] = "klaas"
	}
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = 5 * time.Second
	}
	config.AfterConnect = func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, `SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`)
		return err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("open database: %w", err)
	}
	return &database{pool: pool}, nil
}

func (d *database) Dialect() string { return "postgres" }

func (d *database) Raw() any { return d.pool }

func (d *database) View(ctx context.Context, f func(store.Tx) error) error {
	return d.run(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, f)
}

func (d *database) Update(ctx context.Context, f func(store.Tx) error) error {
	return d.run(ctx, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, f)
}

// finish is how long the end of a transaction may take when the caller has gone.
const finish = 10 * time.Second

func (d *database) run(ctx context.Context, o pgx.TxOptions, f func(store.Tx) error) (err error) {
	if d.closed.Load() {
		return errClosed
	}
	raw, err := d.pool.BeginTx(ctx, o)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	// A caller who goes away between our COMMIT and the answer to it would leave
	// the outcome unknown, so the end does not hang on its context.
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), finish)
	defer cancel()
	defer raw.Rollback(end) // nothing to do after Commit, nothing to add to an error
	if err := f(&tx{Tx: sqlstore.New(statements{raw}, raw, " FOR UPDATE")}); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	if err := raw.Commit(end); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// Ping commits a write, as a full disk or a standby shows itself only then.
func (d *database) Ping(ctx context.Context) error {
	if d.closed.Load() {
		return errClosed
	}
	return d.probe.Check(ctx, d)
}

// passing are the error codes and classes that can pass without a change here.
var passing = []string{
	"08",    // connection
	"40",    // serialisation, deadlock
	"53",    // disk full, out of memory, too many connections
	"57P",   // shutting down, starting
	"58",    // input and output
	"55P03", // lock not available
	"25006", // read-only: a standby after a failover
}

func (d *database) Unavailable(err error) bool {
	var fault *pgconn.PgError
	if errors.As(err, &fault) {
		for _, code := range passing {
			if strings.HasPrefix(fault.Code, code) {
				return true
			}
		}
		return false
	}
	var connecting *pgconn.ConnectError
	var network net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return false // the caller went away
	case errors.As(err, &connecting), errors.As(err, &network):
		return true
	case errors.Is(err, errClosed), errors.Is(err, puddle.ErrClosedPool), errors.Is(err, net.ErrClosed),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, context.DeadlineExceeded):
		return true
	}
	return pgconn.SafeToRetry(err)
}

// Close waits until every connection is given back.
func (d *database) Close() error {
	if !d.closed.Swap(true) {
		d.pool.Close()
	}
	return nil
}

// tx is one transaction.
type tx struct{ *sqlstore.Tx }

// orphanLock is an advisory lock: two processes that free orphans at once would
// each judge by leases older than the other's work.
const orphanLock = 0x6b6c6161735f6f72 // "klaas_or"

// FreeOrphans implements store.Processes. The last entry of attempted_by is the
// client that took the job.
func (t *tx) FreeOrphans(ctx context.Context, now time.Time, everyone bool) (int64, error) {
	if _, err := t.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(orphanLock)); err != nil {
		return 0, err
	}
	freed, err := t.Exec(ctx, `UPDATE river_job SET state = 'available', attempt = greatest(attempt - 1, 0), scheduled_at = $1
		WHERE state = 'running' AND ($2 OR NOT EXISTS (
			SELECT 1 FROM processes p WHERE p.id = river_job.attempted_by[array_upper(river_job.attempted_by, 1)] AND p.lease_until > $3))`,
		now, everyone, now.UnixMicro())
	if err != nil {
		return 0, err
	}
	return freed, t.RemoveLapsed(ctx, now)
}

// statements runs the shared SQL on a pgx transaction.
type statements struct{ tx pgx.Tx }

func (s statements) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	tag, err := s.tx.Exec(ctx, query, args...)
	if err != nil {
		return 0, mapped(err)
	}
	return tag.RowsAffected(), nil
}

func (s statements) Query(ctx context.Context, query string, args ...any) (sqlstore.Rows, error) {
	found, err := s.tx.Query(ctx, query, args...)
	if err != nil {
		return nil, mapped(err)
	}
	return rows{found}, nil
}

// rows are pgx rows with the errors of this package.
type rows struct{ pgx.Rows }

func (r rows) Close() error {
	r.Rows.Close()
	return r.Err()
}

func (r rows) Err() error {
	if err := r.Rows.Err(); err != nil {
		return mapped(err)
	}
	return nil
}

// mapped turns a broken foreign key into store.ErrNotFound.
func mapped(err error) error {
	var fault *pgconn.PgError
	if errors.As(err, &fault) && fault.Code == "23503" {
		return fmt.Errorf("%w: %w", store.ErrNotFound, err)
	}
	return fmt.Errorf("database: %w", err)
}
