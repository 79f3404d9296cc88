package bench_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/openklaas/klaas/bench"
	"github.com/openklaas/klaas/internal/account"
	"github.com/openklaas/klaas/internal/api"
	"github.com/openklaas/klaas/internal/config"
	"github.com/openklaas/klaas/internal/server"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/openfinance"
)

// callsPerSecond is the load of the categorisation call.
const callsPerSecond = 500

// categoryCall is a call with 100 transactions of the bench document's first account.
func categoryCall(b *testing.B) []byte {
	doc, _, err := openfinance.Read(bench.Document(1500))
	if err != nil {
		b.Fatal(err)
	}
	call := api.CategoryRequest{UUID: "bench", InstitutionCode: "208", TransactionSource: "checking"}
	for i := range doc.Accounts {
		for _, t := range doc.Accounts[i].Transactions {
			if len(call.TransactionDetails) == 100 {
				break
			}
			call.TransactionDetails = append(call.TransactionDetails, api.CategoryLine{
				TransactionID: fmt.Sprintf("%044d", len(call.TransactionDetails)), TransactionDate: "2026-03-30", TransactionName: t.Name,
				Amount: 123.45, CreditDebitType: "DEBITO", TransactionType: t.Type,
			})
		}
	}
	if len(call.TransactionDetails) != 100 {
		b.Fatal("the document has too few transactions")
	}
	body, err := json.Marshal(call)
	if err != nil {
		b.Fatal(err)
	}
	return body
}

// BenchmarkCategoriseCall sends calls of 100 transactions over real HTTP, 500 a
// second whether or not the ones before are answered, and measures each from the
// moment at which it was due.
func BenchmarkCategoriseCall(b *testing.B) {
	s, app := categoriseServer(b)
	defer func() {
		if err := s.Stop(context.Background()); err != nil {
			b.Error(err)
		}
	}()
	body := categoryCall(b)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: callsPerSecond}}
	call := func() error {
		r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, s.URL()+api.CategoryPath, bytes.NewReader(body))
		if err != nil {
			return err
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("partner_code", app.Code)
		r.Header.Set("partner_token", app.Token)
		response, err := client.Do(r)
		if err != nil {
			return err
		}
		defer func() { _ = response.Body.Close() }()
		if n, err := io.Copy(io.Discard, response.Body); err != nil || response.StatusCode != http.StatusOK || n < int64(len(body)) {
			return fmt.Errorf("%s, %d bytes: %w", response.Status, n, err)
		}
		return nil
	}
	for range 50 { // connections and tables
		if err := call(); err != nil {
			b.Fatal(err)
		}
	}
	took := make([]time.Duration, b.N)
	var answers sync.WaitGroup
	b.ResetTimer()
	start := time.Now()
	for i := range took {
		due := start.Add(time.Duration(i) * time.Second / callsPerSecond)
		time.Sleep(time.Until(due))
		answers.Go(func() {
			if err := call(); err != nil {
				b.Error(err)
			}
			took[i] = time.Since(due)
		})
	}
	answers.Wait()
	b.StopTimer()
	client.CloseIdleConnections()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-p50")
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "ms-p95")
}

// categoriseServer starts a server with one application.
func categoriseServer(b *testing.B) (*server.Server, account.Created) {
	b.Helper()
	dir := b.TempDir()
	settings, err := config.Load(config.Sources{NoFile: true, Flags: map[string]string{
		"data": dir, "keyset": filepath.Join(dir, "keyset.json"), "listen": "127.0.0.1:0",
	}})
	if err != nil {
		b.Fatal(err)
	}
	s, err := server.Start(b.Context(), settings, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	partner, err := s.Accounts.CreatePartner(b.Context(), "Bench")
	if err != nil {
		b.Fatal(err)
	}
	app, err := s.Accounts.CreateApplication(b.Context(), partner.ID, "Bench", account.Production, setting.Settings{})
	if err != nil {
		b.Fatal(err)
	}
	return s, app
}
