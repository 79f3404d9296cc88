package bench_test

import (
	"testing"
	"time"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/sandbox"
)

// BenchmarkPeople analyses made-up people, one of each persona in turn, with
// every product of theirs: the mix that a server meets.
func BenchmarkPeople(b *testing.B) {
	var people [][]byte
	for n, persona := range sandbox.Personas() {
		people = append(people, sandbox.Generate(persona, 1, n, calendar.Of(2026, time.June, 30)).Userdata)
	}
	next, bytes := 0, 0
	for b.Loop() {
		userdata := people[next%len(people)]
		next++
		bytes += len(userdata)
		if _, err := klaas.Analyze(userdata, klaas.Options{Products: []string{"all"}, ReportTime: time.Date(2026, time.July, 1, 12, 0, 0, 0, time.UTC)}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(next)/b.Elapsed().Seconds(), "people/s")
	b.ReportMetric(float64(bytes)/float64(next), "bytes/person")
}
