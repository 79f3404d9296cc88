//go:build unix

package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// lockServer holds dir/klaas.lock for one server. The lock ends with the process,
// however it ends; the file stays and holds the process number for the message.
func lockServer(dir string) (*os.File, error) {
	file, err := flock(filepath.Join(dir, "klaas.lock"))
	if errors.Is(err, syscall.EWOULDBLOCK) {
		holder, _ := io.ReadAll(io.LimitReader(file, 20)) // for the message only
		return nil, errors.Join(&InUseError{Dir: dir, Process: strings.TrimSpace(string(holder))}, file.Close())
	}
	if err != nil {
		return nil, fmt.Errorf("lock data directory: %w", err)
	}
	if err := file.Truncate(0); err != nil {
		return nil, errors.Join(fmt.Errorf("lock data directory: %w", err), file.Close())
	}
	if _, err := file.WriteString(strconv.Itoa(os.Getpid()) + "\n"); err != nil {
		return nil, errors.Join(fmt.Errorf("lock data directory: %w", err), file.Close())
	}
	return file, nil
}

// lockMigration holds dir/migrate.lock, waiting for another process's migration.
func lockMigration(ctx context.Context, dir string) (*os.File, error) {
	for {
		file, err := flock(filepath.Join(dir, "migrate.lock"))
		if err == nil {
			return file, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("lock migrations: %w", err)
		}
		if err := file.Close(); err != nil {
			return nil, fmt.Errorf("lock migrations: %w", err)
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for another process's migration: %w", ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// flock opens and locks a file. With EWOULDBLOCK it returns the open file too.
func flock(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil || errors.Is(err, syscall.EWOULDBLOCK) {
		return file, err
	}
	return nil, errors.Join(err, file.Close())
}
