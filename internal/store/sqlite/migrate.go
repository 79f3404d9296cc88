package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/openklaas/klaas/internal/store/internal/sqlstore"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

func migrations(db *sql.DB) (*sqlstore.Migrations, error) {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	// The queue's migrations have transactions of their own; they skip what is
	// done already.
	return sqlstore.NewMigrations(goose.DialectSQLite3, db, files, &goose.GoFunc{RunDB: func(ctx context.Context, db *sql.DB) error {
		migrator, target, err := sqlstore.Queue(riversqlite.New(db))
		if err != nil {
			return err
		}
		_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, target)
		return err
	}})
}

func (d *database) Migrate(ctx context.Context) (err error) {
	if d.closed.Load() {
		return errClosed
	}
	lock, err := lockMigration(ctx, d.dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	// One connection holds the list of migrations, the other runs the queue's.
	db, err := connect(ctx, filepath.Join(d.dir, FileName), 2, d.writing())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	m, err := migrations(db)
	if err != nil {
		return err
	}
	return m.Up(ctx)
}

func (d *database) Version(ctx context.Context) (applied, known int64, err error) {
	if d.closed.Load() {
		return 0, 0, errClosed
	}
	m, err := migrations(d.reader)
	if err != nil {
		return 0, 0, err
	}
	var begun bool
	if err := d.reader.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'migrations')`).Scan(&begun); err != nil {
		return 0, 0, mapped(err)
	}
	if !begun {
		return 0, m.Known(), nil
	}
	if err := d.reader.QueryRowContext(ctx, sqlstore.Applied).Scan(&applied); err != nil {
		return 0, 0, mapped(err)
	}
	return applied, m.Known(), nil
}
