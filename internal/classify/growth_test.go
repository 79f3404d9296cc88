package classify

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/openklaas/klaas/taxonomy"
)

// BenchmarkMerchants tells what a movement costs with the tables as they are and
// with merchants added until there are 100,000 names: the time must not grow with
// the number of merchants, only with the memory that they take.
func BenchmarkMerchants(b *testing.B) {
	own := 0
	for i := range shared().phrases.rows {
		if shared().phrases.rows[i].kind == brandPhrase {
			own++
		}
	}
	for _, names := range []int{own, 100_000} {
		b.Run(fmt.Sprint(names), func(b *testing.B) {
			c := withMerchants(names - own)
			l := benchLedger(5000)
			for b.Loop() {
				c.Classify(l, Options{})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(l.Movements)), "ns/movement")
		})
	}
}

// withMerchants returns a classifier with so many more names, of two or three
// words each.
func withMerchants(more int) *Classifier {
	c := *shared()
	random := rand.New(rand.NewPCG(7, 11))
	syllables := []string{"BA", "CO", "DI", "FER", "GAS", "LU", "MAR", "NI", "PRO", "RE", "SAN", "TO", "VI", "XA", "ZE"}
	word := func() string {
		var w strings.Builder
		for range 2 + random.IntN(3) {
			w.WriteString(syllables[random.IntN(len(syllables))])
		}
		return w.String()
	}
	rows := append([]phrase(nil), c.phrases.rows...)
	for range more {
		name := word() + " " + word()
		if random.IntN(2) == 0 {
			name += " " + word()
		}
		rows = append(rows, phrase{
			words: name, kind: brandPhrase, sources: parseSources(""), rule: "merchant/" + slug(name), brand: name,
			debit: evidence{code: taxonomy.Code(30301), confidence: 940}, precision: precision(50, name),
		})
	}
	c.phrases = newPhraseTable(rows)
	return &c
}

// BenchmarkMemory tells how much memory the tables and the model hold.
func BenchmarkMemory(b *testing.B) {
	var before, after runtime.MemStats
	for b.Loop() {
		runtime.GC()
		runtime.ReadMemStats(&before)
		c := New()
		runtime.GC()
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(c)
	}
	b.ReportMetric(float64(int64(after.HeapAlloc)-int64(before.HeapAlloc))/(1<<20), "MiB-held")
}
