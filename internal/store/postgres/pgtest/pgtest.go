// Package pgtest gives tests a real PostgreSQL.
//
// [URL] returns an empty database of the test's own. The first call in a process
// starts a temporary cluster, which ends with the process, however that ends: a
// shell watches over it, and the end of the process closes the shell's standard
// input. KLAAS_TEST_POSTGRES names a server to use instead. Without PostgreSQL
// the test is skipped; with KLAAS_REQUIRE_POSTGRES=1 it fails.
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// errMissing says that there is no PostgreSQL on this machine.
var errMissing = errors.New("PostgreSQL is not installed (initdb and postgres on the PATH or under /usr/lib/postgresql): apt-get install postgresql")

// URL returns the address of a new, empty database, which goes with the test.
func URL(t testing.TB) string {
	t.Helper()
	server, err := cluster()
	if errors.Is(err, errMissing) && os.Getenv("KLAAS_REQUIRE_POSTGRES") == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	name := "klaas_test_" + uuid.NewString()[:8]
	if err := administrate(server, `CREATE DATABASE `+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := administrate(server, `DROP DATABASE `+name+` WITH (FORCE)`); err != nil {
			t.Error(err)
		}
	})
	address, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	address.Path = "/" + name
	return address.String()
}

func administrate(server, statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return fmt.Errorf("test database: %w", err)
	}
	if _, err := conn.Exec(ctx, statement); err != nil {
		err = fmt.Errorf("test database: %w", err)
		return errors.Join(err, conn.Close(ctx))
	}
	return conn.Close(ctx)
}

// cluster returns the address of this process's server.
var cluster = sync.OnceValues(func() (string, error) {
	if server := os.Getenv("KLAAS_TEST_POSTGRES"); server != "" {
		return server, nil
	}
	bin, err := find()
	if err != nil {
		return "", err
	}
	return start(bin)
})

// find returns the directory of initdb and postgres, the newest version's.
func find() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(path), nil
		}
	}
	var newest string
	var version float64
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // a bad pattern is its only error
	for _, path := range found {
		v, err := strconv.ParseFloat(filepath.Base(filepath.Dir(filepath.Dir(path))), 64)
		if err == nil && v > version {
			newest, version = filepath.Dir(path), v
		}
	}
	if newest == "" {
		return "", errMissing
	}
	return newest, nil
}

// watchdog makes the cluster and runs it until its standard input ends: with the
// test process. Its arguments are the directories of programs and data, and the port.
const watchdog = `
bin=$1 dir=$2 port=$3
trap '' INT TERM HUP
"$bin/initdb" -D "$dir/data" -U klaas -A trust -E UTF8 --locale=C --no-sync >"$dir/log" 2>&1 || exit 1
# A test cluster may be lost; only speed matters.
"$bin/postgres" -D "$dir/data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories="$dir" \
	-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=200 \
	-c shared_buffers=64MB -c logging_collector=off >>"$dir/log" 2>&1 </dev/null &
cat >/dev/null
kill -QUIT $!
wait $!
rm -rf "$dir"
`

func start(bin string) (string, error) {
	dir, err := os.MkdirTemp("", "klaas-pg-")
	if err != nil {
		return "", fmt.Errorf("test cluster: %w", err)
	}
	port, err := freePort()
	if err != nil {
		return "", err
	}
	cmd := exec.Command("/bin/sh", "-c", watchdog, "sh", bin, dir, strconv.Itoa(port))
	cmd.Dir = dir
	// A group of its own, so that an interrupt at the terminal leaves the watchdog
	// to do its work.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if os.Geteuid() == 0 { // postgres refuses to run as root
		owner, err := unprivileged()
		if err != nil {
			return "", err
		}
		cmd.SysProcAttr.Credential = owner
		if err := os.Chown(dir, int(owner.Uid), int(owner.Gid)); err != nil {
			return "", fmt.Errorf("test cluster: %w", err)
		}
	}
	// The pipe stays open until this process ends.
	if _, err := cmd.StdinPipe(); err != nil {
		return "", fmt.Errorf("test cluster: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return "", fmt.Errorf("test cluster: %w", err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait() // the log says why
	}()

	server := fmt.Sprintf("postgres://klaas@127.0.0.1:%d/postgres?sslmode=disable", port)
	for deadline := time.Now().Add(time.Minute); ; {
		err := administrate(server, `SELECT 1`)
		if err == nil {
			return server, nil
		}
		select {
		case <-ended:
			return "", fmt.Errorf("test cluster ended: %s", tail(dir))
		case <-time.After(50 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return "", fmt.Errorf("test cluster does not answer: %w: %s", err, tail(dir))
		}
	}
}

// tail returns what the cluster has said.
func tail(dir string) string {
	text, err := os.ReadFile(filepath.Join(dir, "log"))
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-2000):])
}

func unprivileged() (*syscall.Credential, error) {
	for _, name := range []string{"postgres", "nobody"} {
		account, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(account.Uid, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("test cluster: user %s: %w", name, err)
		}
		gid, err := strconv.ParseUint(account.Gid, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("test cluster: user %s: %w", name, err)
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("test cluster: PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody")
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("test cluster: %w", err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}
