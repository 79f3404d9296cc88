package flow_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/flow"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/internal/store/postgres/pgtest"
)

// BenchmarkLatency measures, on an idle server, the time from the commit of an
// accepted document to the start of the first attempt of its last report: 28
// reports of 100 KB whose analysis takes no time. What the analysis takes comes
// on top.
func BenchmarkLatency(b *testing.B) {
	for _, database := range []string{"sqlite", "postgres"} {
		b.Run(database, func(b *testing.B) {
			address := ""
			if database == "postgres" {
				address = pgtest.URL(b)
			}
			w := newWorld(b, address)
			r := w.receiver(nil)
			w.settings(setting.Settings{CallbackURL: map[string]string{"all": r.server.URL}})
			const reports = 28
			filling := strings.Repeat(`0123456789`, 10_000)
			w.start(flow.Config{Analyze: func(_ []byte, o klaas.Options) (*klaas.Analysis, error) {
				a := &klaas.Analysis{}
				for i := range reports {
					made := report(o.RequestID, "pf_balance", i+1)
					made.Body = append(made.Body, filling...)
					a.Reports = append(a.Reports, made)
				}
				return a, nil
			}})
			var took []time.Duration
			for b.Loop() {
				id := w.submit(nil)
				accepted := time.Now()
				r.await(reports)
				took = append(took, time.Since(accepted))
				w.settled(id, reports)
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-p50")
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "ms-p95")
		})
	}
}
