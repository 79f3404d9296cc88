package postgres

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/openklaas/klaas/internal/store/internal/sqlstore"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrationLock is the advisory lock of a migration; other processes wait.
const migrationLock = 0x6b6c6161735f6d69 // "klaas_mi"

// withMigrations gives f the migrations while a database/sql view of the pool is open.
func (d *database) withMigrations(f func(*sqlstore.Migrations) error) (err error) {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	db := stdlib.OpenDBFromPool(d.pool)
	defer func() { err = errors.Join(err, db.Close()) }()
	// The queue's migrations need transactions of their own (an enum value cannot
	// be used in the one that adds it); they skip what is done already.
	migrations, err := sqlstore.NewMigrations(goose.DialectPostgres, db, files, &goose.GoFunc{RunDB: func(ctx context.Context, _ *sql.DB) error {
		migrator, target, err := sqlstore.Queue(riverpgxv5.New(d.pool))
		if err != nil {
			return err
		}
		_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, target)
		return err
	}})
	if err != nil {
		return err
	}
	return f(migrations)
}

func (d *database) Migrate(ctx context.Context) (err error) {
	if d.closed.Load() {
		return errClosed
	}
	// The lock lives in a connection of its own, so that waiting takes none of the
	// pool's; the end of the connection ends the lock.
	conn, err := pgx.ConnectConfig(ctx, d.pool.Config().ConnConfig)
	if err != nil {
		return fmt.Errorf("lock migrations: %w", err)
	}
	defer func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), finish)
		defer cancel()
		err = errors.Join(err, conn.Close(end))
	}()
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, int64(migrationLock)); err != nil {
		return fmt.Errorf("lock migrations: %w", err)
	}
	return d.withMigrations(func(m *sqlstore.Migrations) error { return m.Up(ctx) })
}

func (d *database) Version(ctx context.Context) (applied, known int64, err error) {
	if d.closed.Load() {
		return 0, 0, errClosed
	}
	err = d.withMigrations(func(m *sqlstore.Migrations) error {
		known = m.Known()
		return nil
	})
	if err != nil {
		return 0, 0, err
	}
	var begun bool
	if err := d.pool.QueryRow(ctx, `SELECT to_regclass('migrations') IS NOT NULL`).Scan(&begun); err != nil {
		return 0, 0, mapped(err)
	}
	if !begun {
		return 0, known, nil
	}
	if err := d.pool.QueryRow(ctx, sqlstore.Applied).Scan(&applied); err != nil {
		return 0, 0, mapped(err)
	}
	return applied, known, nil
}
