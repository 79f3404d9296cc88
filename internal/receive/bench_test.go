package receive

import (
	"context"
	"database/sql"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/openklaas/klaas/bench"
	"github.com/openklaas/klaas/internal/account"
	"github.com/openklaas/klaas/internal/store"
	"github.com/openklaas/klaas/internal/store/sqlite"
	"github.com/openklaas/klaas/openfinance"
)

const clients = 8

// perSecond runs f from eight clients b.N times in all.
func perSecond(b *testing.B, f func() error) {
	b.Helper()
	work := make(chan struct{}, b.N)
	for range b.N {
		work <- struct{}{}
	}
	close(work)
	b.ResetTimer()
	start := time.Now()
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			for range work {
				if err := f(); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "docs/s")
}

// BenchmarkAccept is how many documents eight clients can have accepted, with
// the workers paused. Beside it, BenchmarkBareCommit: the raw bodies, one durable
// commit each.
func BenchmarkAccept(b *testing.B) {
	r, p := benchReceiver(b)
	body := bench.Document(5000)
	b.SetBytes(int64(len(body)))
	perSecond(b, func() error {
		_, err := r.Accept(context.Background(), p, body, "")
		return err
	})
}

func BenchmarkBareCommit(b *testing.B) {
	r, _ := benchReceiver(b)
	body := bench.Document(5000)
	db := r.Store.Raw().(*sql.DB)
	if _, err := db.ExecContext(b.Context(), "CREATE TABLE bare (id INTEGER PRIMARY KEY, body BLOB NOT NULL)"); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(body)))
	perSecond(b, func() error {
		tx, err := db.BeginTx(context.Background(), nil)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }()
		if _, err := tx.ExecContext(context.Background(), "INSERT INTO bare (body) VALUES (?)", body); err != nil {
			return err
		}
		return tx.Commit()
	})
}

func benchReceiver(b *testing.B) (*Receiver, account.Principal) {
	b.Helper()
	s, err := sqlite.Open(b.Context(), b.TempDir(), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	r, p := newReceiver(b, s)
	r.Now = time.Now
	return r, p
}

// TestCostPerByte checks the figure by which the budget counts memory: what is
// alive over the size of the document when it has been read, and when its sealed
// copy is on the way to the disk.
func TestCostPerByte(t *testing.T) {
	s, err := sqlite.Open(t.Context(), t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, p := newReceiver(t, s)
	empty := alive()
	body := bench.Document(20_000)
	perByte := func() float64 { return (float64(alive()) - float64(empty)) / float64(len(body)) }

	doc, problems, err := openfinance.Read(body)
	if err != nil {
		t.Fatal(err)
	}
	read := perByte()
	runtime.KeepAlive(doc)
	runtime.KeepAlive(problems)

	var stored float64
	r.Queue.(*queue).during = func(context.Context, store.Tx, string) error {
		stored = perByte()
		return nil
	}
	if _, err := r.Accept(t.Context(), p, body, ""); err != nil {
		t.Fatal(err)
	}
	t.Logf("for each byte of a document of %d: %.2f alive when read, %.2f when stored", len(body), read, stored)
	if max(read, stored) > costPerByte {
		t.Errorf("the budget counts %d bytes for each", costPerByte)
	}
}

func alive() uint64 {
	runtime.GC()
	runtime.GC() // the first one only empties the pools
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
