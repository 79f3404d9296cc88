package pgtest_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/openklaas/klaas/internal/store/postgres/pgtest"
)

func TestDatabasesAreSeparate(t *testing.T) {
	ctx := t.Context()
	for range 2 {
		conn, err := pgx.Connect(ctx, pgtest.URL(t))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(ctx, `CREATE TABLE only_here (id int)`); err != nil {
			t.Error(err)
		}
		if err := conn.Close(ctx); err != nil {
			t.Error(err)
		}
	}
}

// A killed test leaves no cluster behind. The test is its own child.
func TestClusterEndsWithItsProcess(t *testing.T) {
	const child = "KLAAS_PGTEST_CHILD"
	if os.Getenv(child) != "" {
		fmt.Println(pgtest.URL(t))
		time.Sleep(time.Minute) // until it is killed
		return
	}
	pgtest.URL(t) // skips where there is none
	if os.Getenv("KLAAS_TEST_POSTGRES") != "" {
		t.Skip("the server of KLAAS_TEST_POSTGRES is not ours to end")
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestClusterEndsWithItsProcess$")
	cmd.Env = append(os.Environ(), child+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatal("the child printed no address")
	}
	server := lines.Text()
	conn, err := pgx.Connect(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Error("the child ended well")
	}
	deadline := time.Now().Add(20 * time.Second)
	for conn.Ping(t.Context()) == nil {
		if time.Now().After(deadline) {
			t.Fatal("the cluster outlives its process")
		}
		time.Sleep(20 * time.Millisecond)
	}
	if again, err := pgx.Connect(t.Context(), server); err == nil {
		t.Errorf("the cluster takes connections again: %v", again.Close(t.Context()))
	}
}
