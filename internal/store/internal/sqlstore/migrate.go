package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivermigrate"
)

// QueueMigration is the migration that brings the queue's tables to QueueVersion.
// It stands in the same history as our own files, so that one number tells all.
// A newer queue with newer tables needs a new migration, not a change of this one.
const (
	QueueMigration = 2
	QueueVersion   = 8
)

// Migrations are a dialect's migrations: its files and the queue's.
type Migrations struct {
	provider *goose.Provider
	known    int64
}

// NewMigrations reads a dialect's migrations. queue is step QueueMigration.
func NewMigrations(dialect goose.Dialect, db *sql.DB, files fs.FS, queue *goose.GoFunc) (*Migrations, error) {
	provider, err := goose.NewProvider(dialect, db, files,
		goose.WithTableName("migrations"),
		goose.WithSlog(slog.New(slog.DiscardHandler)),
		goose.WithDisableGlobalRegistry(true),
		goose.WithGoMigrations(goose.NewGoMigration(QueueMigration, queue, nil)))
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	sources := provider.ListSources()
	return &Migrations{provider: provider, known: sources[len(sources)-1].Version}, nil
}

// Known returns the newest migration that this program knows.
func (m *Migrations) Known() int64 { return m.known }

// Up applies what is missing. A database that is newer than this program is
// left as it is and is an error.
func (m *Migrations) Up(ctx context.Context) error {
	applied, err := m.provider.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if applied > m.known {
		return fmt.Errorf("the database is at migration %d, this program knows %d: use a newer klaas", applied, m.known)
	}
	if _, err := m.provider.Up(ctx); err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	return nil
}

// Applied returns the newest migration in a database whose list of them exists.
const Applied = `SELECT COALESCE(MAX(version_id), 0) FROM migrations WHERE is_applied`

// Queue returns the migrator of the queue's tables.
func Queue[T any](d riverdriver.Driver[T]) (*rivermigrate.Migrator[T], *rivermigrate.MigrateOpts, error) {
	m, err := rivermigrate.New(d, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, nil, fmt.Errorf("queue migrations: %w", err)
	}
	if newest := m.AllVersions(); newest[len(newest)-1].Version != QueueVersion {
		return nil, nil, errors.New("the queue has newer tables than our migrations bring: add a migration")
	}
	return m, &rivermigrate.MigrateOpts{TargetVersion: QueueVersion}, nil
}
