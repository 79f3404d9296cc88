package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/openklaas/klaas/internal/account"
	"github.com/openklaas/klaas/internal/config"
	"github.com/openklaas/klaas/internal/seal"
	"github.com/openklaas/klaas/internal/store"
	"github.com/openklaas/klaas/internal/store/postgres"
	"github.com/openklaas/klaas/internal/store/sqlite"
)

// Base is the database with its keys, ready for use: what administration needs.
type Base struct {
	Store    store.Store
	Keys     *seal.Keyset
	Accounts *account.Service
}

// Open opens the database that the settings name and brings its tables up to
// date. It may be used beside a running server.
func Open(ctx context.Context, c *config.Config, log *slog.Logger) (*Base, error) {
	return open(ctx, c, log, false)
}

func open(ctx context.Context, c *config.Config, log *slog.Logger, exclusive bool) (_ *Base, err error) {
	b := &Base{}
	if b.Store, err = openStore(ctx, c, exclusive); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.Store.Close())
		}
	}()
	applied, known, err := b.Store.Version(ctx)
	if err != nil {
		return nil, err
	}
	switch {
	case applied > known:
		return nil, fmt.Errorf("the database is of a newer klaas (version %d, this program knows %d): use that program", applied, known)
	case applied < known:
		if err := b.Store.Migrate(ctx); err != nil {
			return nil, fmt.Errorf("migrate the database: %w", err)
		}
		log.LogAttrs(ctx, slog.LevelDebug, "database migrated", slog.Int64("from", applied), slog.Int64("to", known))
	}
	if b.Keys, err = keyset(ctx, b.Store, c.Keyset, log); err != nil {
		return nil, err
	}
	b.Accounts = account.New(b.Store, b.Keys)
	return b, nil
}

func openStore(ctx context.Context, c *config.Config, exclusive bool) (store.Store, error) {
	if c.Database != "" {
		return postgres.Open(ctx, c.Database, postgres.Options{})
	}
	return sqlite.Open(ctx, c.Data, sqlite.Options{Exclusive: exclusive})
}

// keyset loads the keys, or makes them for a database that holds nothing yet.
func keyset(ctx context.Context, s store.Store, path string, log *slog.Logger) (*seal.Keyset, error) {
	keys, err := seal.Load(path)
	if err == nil {
		return keys, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("keyset %s: %w", path, err)
	}
	var used bool
	err = s.View(ctx, func(tx store.Tx) error {
		partners, err := tx.ListPartners(ctx)
		used = len(partners) > 0
		return err
	})
	if err != nil {
		return nil, err
	}
	if used {
		return nil, fmt.Errorf("there is no keyset at %s, but the database was encrypted with one: restore it, or name its place with --keyset", path)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("keyset: %w", err)
	}
	if keys, err = seal.Generate(); err != nil {
		return nil, fmt.Errorf("make a keyset: %w", err)
	}
	if err := keys.Save(path); err != nil {
		return nil, fmt.Errorf("keyset %s: %w", path, err)
	}
	log.LogAttrs(ctx, slog.LevelWarn, "new keyset made: back it up, apart from the data", slog.String("path", path))
	return keys, nil
}

// Close closes the database.
func (b *Base) Close() error { return b.Store.Close() }

// Migrate brings the tables up to date and returns the versions before and after.
func Migrate(ctx context.Context, c *config.Config) (before, after int64, err error) {
	s, err := openStore(ctx, c, false)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if before, _, err = s.Version(ctx); err != nil {
		return 0, 0, err
	}
	if err = s.Migrate(ctx); err != nil {
		return before, before, err
	}
	after, _, err = s.Version(ctx)
	return before, after, err
}

// State is what Examine finds.
type State struct {
	Dialect        string
	Applied, Known int64 // migrations
	Partners       int
	KeysetFault    error // why the keyset does not open what is stored
}

// Examine looks at the database without changing it. Its error is fs.ErrNotExist
// when there is no SQLite database yet.
func Examine(ctx context.Context, c *config.Config) (state State, err error) {
	if c.Database == "" {
		if _, err := os.Stat(filepath.Join(c.Data, sqlite.FileName)); err != nil {
			return state, err
		}
	}
	s, err := openStore(ctx, c, false)
	if err != nil {
		return state, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	state.Dialect = s.Dialect()
	if state.Applied, state.Known, err = s.Version(ctx); err != nil || state.Applied != state.Known {
		return state, err
	}
	var applications []store.Application
	err = s.View(ctx, func(tx store.Tx) error {
		partners, err := tx.ListPartners(ctx)
		if err != nil {
			return err
		}
		state.Partners = len(partners)
		applications, err = tx.ListApplications(ctx, "")
		return err
	})
	if err != nil || len(applications) == 0 {
		return state, err
	}
	keys, err := seal.Load(c.Keyset)
	if err != nil {
		state.KeysetFault = err
		return state, nil
	}
	_, state.KeysetFault = account.New(s, keys).SigningKeys(ctx, applications[0].ID, time.Now())
	return state, nil
}
