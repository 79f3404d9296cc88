package product_test

import (
	"testing"
	"time"

	"github.com/openklaas/klaas/bench"
	"github.com/openklaas/klaas/bench/plain"
	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/product"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/setting"
)

// BenchmarkPlain is the denominator of the ratios.
func BenchmarkPlain(b *testing.B) {
	body := bench.Document(bench.Movements)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if _, err := plain.Unmarshal(body); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkStatements writes every statement and categorised product of a person
// in V1, each into a buffer of its own, from a classified ledger.
func BenchmarkStatements(b *testing.B) {
	benchmark(b, spec.V1, product.All())
}

// BenchmarkEach writes each product alone.
func BenchmarkEach(b *testing.B) {
	for _, p := range product.All() {
		b.Run(p.Folder(), func(b *testing.B) { benchmark(b, spec.V1, []*spec.Product{p}) })
	}
}

func benchmark(b *testing.B, version spec.Version, products []*spec.Product) {
	book := producttest.FactsOf(b, bench.Document(bench.Movements), calendar.SaoPaulo(bench.LastDay.Add(24*time.Hour))).Ledger
	b.ReportAllocs()
	written := 0
	for b.Loop() {
		facts := fact.New(book)
		written = 0
		for _, p := range products {
			w := encode.NewWriter(make([]byte, 0, 4096))
			p.Write(w, &spec.Input{
				Facts: facts, Kind: spec.PF, Version: version, Settings: &setting.Settings{}, Institution: -1,
				Seal: func(taxID string) string { return taxID },
			})
			written += w.Len()
		}
	}
	b.SetBytes(int64(written))
	b.ReportMetric(float64(written), "written-B")
}
