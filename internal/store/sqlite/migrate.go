package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/openklaas/klaas/internal/store/internal/sqlstore"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

func (d *database) migrations() (*sqlstore.Migrations, error) {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	return sqlstore.NewMigrations(goose.DialectSQLite3, d.writer, files, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
		migrator, target, err := sqlstore.Queue(riversqlite.New(nil))
		if err != nil {
			return err
		}
		_, err = migrator.MigrateTx(ctx, tx, rivermigrate.DirectionUp, target)
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
	migrations, err := d.migrations()
	if err != nil {
		return err
	}
	return migrations.Up(ctx)
}

func (d *database) Version(ctx context.Context) (applied, known int64, err error) {
	if d.closed.Load() {
		return 0, 0, errClosed
	}
	migrations, err := d.migrations()
	if err != nil {
		return 0, 0, err
	}
	var begun bool
	if err := d.reader.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'migrations')`).Scan(&begun); err != nil {
		return 0, 0, mapped(err)
	}
	if !begun {
		return 0, migrations.Known(), nil
	}
	if err := d.reader.QueryRowContext(ctx, sqlstore.Applied).Scan(&applied); err != nil {
		return 0, 0, mapped(err)
	}
	return applied, migrations.Known(), nil
}
