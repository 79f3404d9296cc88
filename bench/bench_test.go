package bench_test

import (
	"bytes"
	"testing"

	"github.com/openklaas/klaas/bench"
	"github.com/openklaas/klaas/bench/plain"
	"github.com/openklaas/klaas/openfinance"
)

func TestDocumentIsTheSameEveryTimeAndReadsWithoutProblem(t *testing.T) {
	body := bench.Document(bench.Movements)
	if !bytes.Equal(body, bench.Document(bench.Movements)) {
		t.Fatal("the same number of movements gave other bytes")
	}
	if len(body) < 2_300_000 || len(body) > 2_600_000 {
		t.Errorf("the bench document has %d bytes, want about 2.4 MB", len(body))
	}
	doc, problems, err := openfinance.Read(body)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems.List {
		t.Errorf("%s: %s", p.Path, p.Message)
	}
	if len(doc.Accounts) != 5 || len(doc.CreditCards) != 2 {
		t.Errorf("%d accounts and %d cards, want 5 and 2", len(doc.Accounts), len(doc.CreditCards))
	}
	movements := 0
	for _, a := range doc.Accounts {
		movements += len(a.Transactions)
	}
	for _, c := range doc.CreditCards {
		movements += len(c.Transactions)
	}
	if movements != bench.Movements {
		t.Errorf("%d movements, want %d", movements, bench.Movements)
	}
}

// BenchmarkPlain is the denominator of every ratio.
func BenchmarkPlain(b *testing.B) {
	body := bench.Document(bench.Movements)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := plain.Unmarshal(body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	body := bench.Document(bench.Movements)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := openfinance.Read(body); err != nil {
			b.Fatal(err)
		}
	}
}
