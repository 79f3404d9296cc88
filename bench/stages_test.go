package bench_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/bench"
	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/classify"
	"github.com/openklaas/klaas/internal/clean"
	"github.com/openklaas/klaas/internal/config"
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/report"
	"github.com/openklaas/klaas/internal/server"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/openfinance"
)

// reportingDay is the day after the document's newest.
var reportingDay = calendar.SaoPaulo(bench.LastDay.Add(36 * time.Hour))

func cleaned(b *testing.B, body []byte) *ledger.Ledger {
	b.Helper()
	doc, _, err := openfinance.Read(body)
	if err != nil {
		b.Fatal(err)
	}
	book, _ := clean.Clean(doc, clean.Options{Day: reportingDay, Asked: true})
	return book
}

func BenchmarkReadClean(b *testing.B) {
	body := bench.Document(bench.Movements)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		cleaned(b, body)
	}
}

func BenchmarkClassify(b *testing.B) {
	body := bench.Document(bench.Movements)
	classifier := classify.New()
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		book := cleaned(b, body) // Nothing is left of an earlier decision.
		b.StartTimer()
		classifier.Classify(book, classify.Options{})
	}
	b.ReportMetric(float64(bench.Movements)*float64(b.N)/b.Elapsed().Seconds(), "movements/s")
	b.ReportMetric(100*asked(classifier, cleaned(b, body)), "%asked-model")
}

// asked returns the share of movements for which the model is asked, as far as
// each tells by itself.
func asked(c *classify.Classifier, book *ledger.Ledger) float64 {
	run, n := c.Start(classify.Options{}), 0
	for i := range book.Movements {
		m := &book.Movements[i]
		in := classify.Entry{
			Text: m.Text, Credit: m.Direction == ledger.Credit, Amount: m.Amount, Source: classify.Card, Holder: book.Person.CPF, Role: m.Role,
		}
		if m.Line != nil {
			in.Type, in.Detail, in.MCC = m.Line.TransactionType, m.Line.FeeType, m.Line.PayeeMCC
		} else {
			in.Source, in.Type = classify.Checking, m.Entry.Type
			in.Partie, in.PartieKind = m.Entry.PartieCnpjCpf, m.Entry.PartiePersonType
			if book.Accounts[m.Holder].Kind == ledger.Savings {
				in.Source = classify.Savings
			}
		}
		if run.AsksModel(&in) {
			n++
		}
	}
	return float64(n) / float64(len(book.Movements))
}

// statements are the statement, categorised and legacy products of a person.
func statements() []*spec.Product {
	return slices.DeleteFunc(product.All(), func(p *spec.Product) bool {
		return p.Analytic || !slices.Contains(p.Kinds, spec.PF)
	})
}

func classified(b *testing.B, body []byte) *ledger.Ledger {
	b.Helper()
	book := cleaned(b, body)
	classify.New().Classify(book, classify.Options{})
	return book
}

// written writes the body of a report in V1 about all institutions and returns its length.
func written(p *spec.Product, facts *fact.Facts) int {
	w := encode.NewWriter(make([]byte, 0, 4096))
	p.Write(w, &spec.Input{
		Facts: facts, Kind: spec.PF, Version: spec.V1, Settings: &setting.Settings{}, Institution: -1,
		Seal: func(taxID string) string { return taxID },
	})
	return w.Len()
}

// BenchmarkStatements writes all statement, categorised and legacy products of one
// analysis, from a classified ledger.
func BenchmarkStatements(b *testing.B) { benchmarkTogether(b, statements()) }

// BenchmarkAnalytic writes all analytic products of one analysis, with the facts
// that they share.
func BenchmarkAnalytic(b *testing.B) {
	benchmarkTogether(b, slices.DeleteFunc(product.All(), func(p *spec.Product) bool {
		return !p.Analytic || !slices.Contains(p.Kinds, spec.PF)
	}))
}

// BenchmarkEvidence composes the analytic reports of one analysis in V2, which name
// the entries behind every figure.
func BenchmarkEvidence(b *testing.B) {
	body := bench.Document(bench.Movements)
	book := classified(b, body)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		facts := fact.New(book)
		n = 0
		for _, p := range product.All() {
			if !p.Analytic || !slices.Contains(p.Kinds, spec.PF) || !slices.Contains(p.Versions, spec.V2) {
				continue
			}
			n += len(report.Compose(p, &spec.Input{
				Facts: facts, Kind: spec.PF, Version: spec.V2, Settings: &setting.Settings{}, Institution: -1,
				Seal: func(taxID string) string { return taxID },
			}, report.Head{Code: 200}))
		}
	}
	b.ReportMetric(float64(n), "written-B")
}

func benchmarkTogether(b *testing.B, products []*spec.Product) {
	b.Helper()
	body := bench.Document(bench.Movements)
	book := classified(b, body)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		facts := fact.New(book)
		n = 0
		for _, p := range products {
			n += written(p, facts)
		}
	}
	b.ReportMetric(float64(n), "written-B")
}

// BenchmarkProduct writes each of these products alone, so that nothing is there
// of what products share.
func BenchmarkProduct(b *testing.B) {
	book := classified(b, bench.Document(bench.Movements))
	for _, p := range statements() {
		b.Run(p.FullName(spec.PF), func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				n = written(p, fact.New(book))
			}
			b.SetBytes(int64(n))
			b.ReportMetric(float64(n), "written-B")
		})
	}
}

// everything asks for every product of a person, the legacy ones too.
func everything() klaas.Options {
	o := klaas.Options{AsOf: reportingDay.String(), ReportTime: bench.LastDay.AddDate(0, 0, 2), RequestID: "bench"}
	for _, p := range product.All() {
		if slices.Contains(p.Kinds, spec.PF) {
			o.Products = append(o.Products, p.FullName(spec.PF))
		}
	}
	return o
}

// BenchmarkAnalyze is the whole road from bytes to reports.
func BenchmarkAnalyze(b *testing.B) {
	body := bench.Document(bench.Movements)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	written := 0
	for b.Loop() {
		analysis, err := klaas.Analyze(body, everything())
		if err != nil {
			b.Fatal(err)
		}
		written = 0
		for _, r := range analysis.Reports {
			written += len(r.Body)
		}
	}
	b.ReportMetric(float64(written), "written-B")
}

// peakChild names the document that a process of this test analyses once, to
// tell what it took.
const peakChild = "KLAAS_BENCH_PEAK"

func TestMain(m *testing.M) {
	if path := os.Getenv(peakChild); path != "" {
		fmt.Println(peak(path))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// peak returns how much a process grows while it reads and analyses a document,
// over the document's size. Tables are loaded before.
func peak(path string) float64 {
	if _, err := klaas.Analyze(bench.Document(50), everything()); err != nil {
		panic(err)
	}
	debug.FreeOSMemory()
	// The peak so far is forgotten: loading the tables may have taken more.
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		panic(err)
	}
	before := residentKiB("VmRSS:")
	body, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	if _, err := klaas.Analyze(body, everything()); err != nil {
		panic(err)
	}
	return float64(residentKiB("VmHWM:")-before) * 1024 / float64(len(body))
}

// residentKiB reads a line of this process's memory account.
func residentKiB(line string) int64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		panic(err)
	}
	for row := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(row, line); ok {
			n, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			if err != nil {
				panic(err)
			}
			return n
		}
	}
	panic("no line " + line)
}

// BenchmarkPeak measures each time in a fresh process, so that no memory is left from before.
func BenchmarkPeak(b *testing.B) {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		b.Skip("the peak of a process is read from /proc")
	}
	path := filepath.Join(b.TempDir(), "userdata.json")
	if err := os.WriteFile(path, bench.Document(bench.Movements), 0o600); err != nil {
		b.Fatal(err)
	}
	most := 0.0
	for b.Loop() {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), peakChild+"="+path)
		out, err := child.Output()
		if err != nil {
			b.Fatal(err)
		}
		ratio, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
		if err != nil {
			b.Fatal(err)
		}
		most = max(most, ratio)
	}
	b.ReportMetric(most, "peak/size")
}

// BenchmarkLatency is the time from the answer to an accepted document of 1,500
// movements to the start of the last report's first attempt, on an idle server
// with SQLite, over real HTTP.
func BenchmarkLatency(b *testing.B) {
	arrivals := make(chan time.Time, 1024)
	receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { arrivals <- time.Now() }))
	defer receiver.Close()
	dir := b.TempDir()
	settings, err := config.Load(config.Sources{NoFile: true, Flags: map[string]string{
		"data": dir, "keyset": filepath.Join(dir, "keyset.json"), "listen": "127.0.0.1:0",
		"allow-private-webhooks": "true",
	}})
	if err != nil {
		b.Fatal(err)
	}
	s, err := server.Start(b.Context(), settings, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := s.Stop(context.Background()); err != nil {
			b.Error(err)
		}
	}()
	partner, err := s.Accounts.CreatePartner(b.Context(), "Bench")
	if err != nil {
		b.Fatal(err)
	}
	choices := setting.Settings{CallbackURL: map[string]string{"all": receiver.URL}}
	for _, name := range everything().Products {
		choices.Products = append(choices.Products, setting.ProductChoice{Name: name})
	}
	app, err := s.Accounts.CreateApplication(b.Context(), partner.ID, "Bench", "production", choices)
	if err != nil {
		b.Fatal(err)
	}
	body := bench.Document(1500)
	analysis, err := klaas.Analyze(body, klaas.Options{Settings: choices})
	if err != nil {
		b.Fatal(err)
	}
	var took []time.Duration
	for b.Loop() {
		request, err := http.NewRequestWithContext(b.Context(), http.MethodPost, s.URL()+"/klaas/openfinance/v1/analytics", bytes.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("partner_code", app.Code)
		request.Header.Set("partner_token", app.Token)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			b.Fatal(err)
		}
		accepted := time.Now()
		var receipt struct{ RequestID string }
		if err := json.NewDecoder(response.Body).Decode(&receipt); err != nil || response.StatusCode != http.StatusOK {
			b.Fatal(response.Status, err)
		}
		if err := response.Body.Close(); err != nil {
			b.Fatal(err)
		}
		var last time.Time
		for range analysis.Reports {
			select {
			case last = <-arrivals:
			case <-time.After(30 * time.Second):
				b.Fatal("a report did not arrive")
			}
		}
		took = append(took, last.Sub(accepted))
		time.Sleep(100 * time.Millisecond) // Idle again.
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-p50")
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "ms-p95")
}
