// Package sqlstore is the SQL that SQLite and PostgreSQL share.
//
// [Tx] implements store.Tx over a [DB], which is one transaction of either
// driver. Placeholders are $1, $2 …; moments are integers, microseconds since
// 1970 in UTC, because those are exact and ordered in both databases. What the
// two say differently stands in their own packages.
package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/openklaas/klaas/internal/store"
)

// DB runs statements in one transaction. Its errors are those of package store
// or wrapped errors of the database; a broken foreign key is store.ErrNotFound.
type DB interface {
	// Exec returns how many rows it changed.
	Exec(ctx context.Context, query string, args ...any) (int64, error)
	Query(ctx context.Context, query string, args ...any) (Rows, error)
}

// Rows are the rows of a query.
type Rows interface {
	Next() bool
	Scan(into ...any) error
	Err() error
	Close() error
}

// Tx is one transaction. It lacks FreeOrphans, which reads the queue's own table.
type Tx struct {
	DB

	raw  any
	lock string
}

// New returns the Tx over db. raw is what Tx.Raw gives; lock ends a query whose
// row shall be held until the transaction ends.
func New(db DB, raw any, lock string) *Tx {
	return &Tx{DB: db, raw: raw, lock: lock}
}

// Raw returns the driver's own transaction.
func (t *Tx) Raw() any { return t.raw }

// insert adds one row. ErrConflict when the id or key exists; the insert then
// left the transaction usable, which a failed statement would not on PostgreSQL.
func (t *Tx) insert(ctx context.Context, query string, args ...any) error {
	added, err := t.Exec(ctx, query+" ON CONFLICT DO NOTHING", args...)
	if err != nil {
		return err
	}
	if added == 0 {
		return store.ErrConflict
	}
	return nil
}

// change updates one row. ErrNotFound when there is none.
func (t *Tx) change(ctx context.Context, query string, args ...any) error {
	changed, err := t.Exec(ctx, query, args...)
	if err != nil {
		return err
	}
	if changed == 0 {
		return store.ErrNotFound
	}
	return nil
}

// one returns the only row of a query. ErrNotFound when there is none.
func one[T any](ctx context.Context, t *Tx, scan func(Rows) (T, error), query string, args ...any) (T, error) {
	list, err := all(ctx, t, scan, query, args...)
	if err != nil || len(list) == 0 {
		var none T
		if err == nil {
			err = store.ErrNotFound
		}
		return none, err
	}
	return list[0], nil
}

// all returns every row of a query, nil when there is none.
func all[T any](ctx context.Context, t *Tx, scan func(Rows) (T, error), query string, args ...any) (list []T, err error) {
	rows, err := t.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() {
		if closing := rows.Close(); err == nil {
			err = closing
		}
	}()
	for rows.Next() {
		row, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, row)
	}
	return list, rows.Err()
}

// value scans a row of one column.
func value[T any](r Rows) (v T, err error) {
	err = r.Scan(&v)
	return v, err
}

// moment returns how a time is kept: microseconds, NULL for the zero time.
func moment(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

// into returns a scanner that reads back what moment kept.
func into(t *time.Time) sql.Scanner { return (*instant)(t) }

type instant time.Time

func (i *instant) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*i = instant{}
	case int64:
		*i = instant(time.UnixMicro(v).UTC())
	default:
		return fmt.Errorf("a moment is kept as %T", src)
	}
	return nil
}
