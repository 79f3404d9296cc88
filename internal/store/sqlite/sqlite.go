// Package sqlite keeps the store in one SQLite file, for a server that runs alone.
//
// [Open] gives one writer connection, on which transactions begin IMMEDIATE and
// commits reach the disk (WAL, synchronous=FULL), and a pool of readers, which
// never wait for the writer. A server opens with [Options.Exclusive], which
// refuses a second server on the same directory; administrative commands open
// without it, also while a server runs, and wait for the writer's turn.
package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/openklaas/klaas/internal/store"
	"github.com/openklaas/klaas/internal/store/internal/sqlstore"
)

// FileName is the name of the database inside its directory.
const FileName = "klaas.db"

// Options are the choices of [Open]. The zero value is for administrative commands.
type Options struct {
	// Exclusive holds the directory's lock file until Close, so that no second
	// server can start on it. Default: false, which neither takes nor minds it.
	Exclusive bool
	// Readers is how many transactions can read at once. Default: the number of
	// processors, at least 4. Each costs a few MiB of cache.
	Readers int
	// Wait is how long a write waits for the turn of another process, such as an
	// administrative command; then it is unavailable. Default: 5 s. The end of a
	// context does not shorten it.
	Wait time.Duration
}

// InUseError says that another server holds the directory.
type InUseError struct {
	Dir     string
	Process string // its process number, "" when not known
}

func (e *InUseError) Error() string {
	holder := "another klaas server"
	if e.Process != "" {
		holder += " (process " + e.Process + ")"
	}
	return fmt.Sprintf("%s uses %s: stop it, or give this one another --data directory", holder, e.Dir)
}

var errClosed = errors.New("the database is closed")

type database struct {
	dir    string
	wait   time.Duration
	writer *sql.DB
	reader *sql.DB
	lock   *os.File // nil: not exclusive
	closed atomic.Bool
	probe  sqlstore.Probe
}

// Open opens dir/klaas.db and makes both when they are not there. The tables come
// with Migrate. Error: *InUseError when Exclusive and another server is there.
func Open(ctx context.Context, dir string, o Options) (_ store.Store, err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	db := &database{dir: dir}
	defer func() {
		if err != nil {
			_ = db.Close() // the cause is err
		}
	}()
	if o.Exclusive {
		db.lock, err = lockServer(dir)
		if err != nil {
			return nil, err
		}
	}
	path := filepath.Join(dir, FileName)
	if err := create(path); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if o.Wait <= 0 {
		o.Wait = 5 * time.Second
	}
	db.wait = o.Wait
	db.writer, err = connect(ctx, path, 1, db.writing())
	if err != nil {
		return nil, err
	}
	if o.Readers <= 0 {
		o.Readers = max(4, runtime.NumCPU())
	}
	db.reader, err = connect(ctx, path, o.Readers, url.Values{
		"mode":        {"ro"},
		"_query_only": {"on"},
		"_pragma":     {db.busyTimeout(), "cache_size(-8192)"},
	})
	if err != nil {
		return nil, err
	}
	return db, nil
}

// create makes a new file for its owner only, where SQLite would let everyone read.
// A file that is there is not touched: closing it would drop the locks that other
// connections of this process have on it.
func create(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return file.Close()
}

// writing returns the parameters of a connection that writes.
func (d *database) writing() url.Values {
	return url.Values{
		"_txlock": {"immediate"},
		"_pragma": {
			d.busyTimeout(),
			"journal_mode(wal)",
			"synchronous(full)",
			"foreign_keys(on)",
			"secure_delete(on)",
			"cache_size(-65536)",            // 64 MiB
			"journal_size_limit(268435456)", // the WAL shrinks to this after a burst
		},
	}
}

func (d *database) busyTimeout() string {
	return fmt.Sprintf("busy_timeout(%d)", d.wait.Milliseconds())
}

// connect opens a pool of exactly size connections, which are kept.
func connect(ctx context.Context, path string, size int, parameters url.Values) (*sql.DB, error) {
	name := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + parameters.Encode()
	pool, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	pool.SetMaxOpenConns(size)
	pool.SetMaxIdleConns(size)
	if err := pool.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), pool.Close())
	}
	return pool, nil
}

func (d *database) Dialect() string { return "sqlite" }

func (d *database) Raw() any { return d.writer }

func (d *database) View(ctx context.Context, f func(store.Tx) error) error {
	return d.run(ctx, d.reader, &sql.TxOptions{ReadOnly: true}, f)
}

func (d *database) Update(ctx context.Context, f func(store.Tx) error) error {
	return d.run(ctx, d.writer, nil, f)
}

func (d *database) run(ctx context.Context, pool *sql.DB, o *sql.TxOptions, f func(store.Tx) error) error {
	if d.closed.Load() {
		return errClosed
	}
	raw, err := pool.BeginTx(ctx, o)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer raw.Rollback() // nothing to do after Commit, nothing to add to an error
	if err := f(&tx{Tx: sqlstore.New(statements{raw}, raw, "")}); err != nil {
		return err
	}
	if err := raw.Commit(); err != nil {
		// database/sql rolls back by itself when the context ends.
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// Ping commits a write, as a full or read-only disk shows itself only then.
func (d *database) Ping(ctx context.Context) error {
	if d.closed.Load() {
		return errClosed
	}
	return d.probe.Check(ctx, d)
}

func (d *database) Unavailable(err error) bool {
	var fault *sqlite.Error
	if errors.As(err, &fault) {
		switch fault.Code() & 0xff { // the rest says why
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY,
			sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN:
			return true
		}
		return false
	}
	return errors.Is(err, errClosed) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, context.DeadlineExceeded)
}

func (d *database) Close() error {
	if d.closed.Swap(true) {
		return nil
	}
	var errs []error
	if d.reader != nil {
		errs = append(errs, d.reader.Close())
	}
	if d.writer != nil {
		errs = append(errs, d.writer.Close())
	}
	if d.lock != nil {
		errs = append(errs, d.lock.Close())
	}
	return errors.Join(errs...)
}

// tx is one transaction.
type tx struct{ *sqlstore.Tx }

// queueTime is how the queue's tables keep a time.
const queueTime = "2006-01-02 15:04:05.000"

// FreeOrphans implements store.Processes. The last entry of attempted_by is the
// client that took the job.
func (t *tx) FreeOrphans(ctx context.Context, now time.Time, everyone bool) (int64, error) {
	freed, err := t.Exec(ctx, `UPDATE river_job SET state = 'available', attempt = max(attempt - 1, 0), scheduled_at = $1
		WHERE state = 'running' AND ($2 OR NOT EXISTS (
			SELECT 1 FROM processes p WHERE p.id = river_job.attempted_by ->> -1 AND p.lease_until > $3))`,
		now.UTC().Format(queueTime), everyone, now.UnixMicro())
	if err != nil {
		return 0, err
	}
	return freed, t.RemoveLapsed(ctx, now)
}

// statements runs the shared SQL on a database/sql transaction.
type statements struct{ tx *sql.Tx }

// numbered turns $1 into SQLite's ?1, because a $1 is a name there, counted anew.
func numbered(query string) string { return strings.ReplaceAll(query, "$", "?") }

func (s statements) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	result, err := s.tx.ExecContext(ctx, numbered(query), args...)
	if err != nil {
		return 0, mapped(err)
	}
	return result.RowsAffected()
}

func (s statements) Query(ctx context.Context, query string, args ...any) (sqlstore.Rows, error) {
	rows, err := s.tx.QueryContext(ctx, numbered(query), args...) //nolint:rowserrcheck // the shared SQL checks it
	if err != nil {
		return nil, mapped(err)
	}
	return rows, nil
}

// mapped turns a broken foreign key into store.ErrNotFound.
func mapped(err error) error {
	var fault *sqlite.Error
	if errors.As(err, &fault) && fault.Code() == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY {
		return fmt.Errorf("%w: %w", store.ErrNotFound, err)
	}
	return fmt.Errorf("database: %w", err)
}
