package klaas_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/openfinance"
)

// bigReport bounds a report of a document of n bytes. Every record may stand in
// a report once, with the keys that are ours around it; the rest is the fixed
// part of the report.
func bigReport(n int) int { return 256<<10 + 64*n }

// FuzzAnalyze makes every report of any bytes: it ends without a panic, fails
// only in the ways that are told, the same bytes give the same reports, and the
// reports are JSON of bounded size.
func FuzzAnalyze(f *testing.F) {
	f.Add(sample(f))
	f.Add(business(sample(f)))
	official, err := filepath.Glob("openfinance/testdata/official/*.json")
	if err != nil || len(official) < 30 {
		f.Fatalf("%d official examples, %v", len(official), err)
	}
	for _, file := range official {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	cases, err := os.ReadFile("openfinance/testdata/cases.txt")
	if err != nil {
		f.Fatal(err)
	}
	for line := range bytes.Lines(cases) {
		if line[0] == '{' {
			f.Add(bytes.TrimSuffix(line, []byte("\n")))
		}
	}
	o := options()
	o.Settings.AllowAnonymous = true
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) > 1<<16 {
			t.Skip("a longer document shows nothing that a short one does not")
		}
		analysis, err := klaas.Analyze(body, o)
		var syntax *openfinance.SyntaxError
		var invalid *openfinance.InvalidError
		switch {
		case errors.As(err, &syntax), errors.As(err, &invalid):
			return
		case err != nil:
			t.Fatalf("it fails in a way that is not told: %v", err)
		case len(analysis.Reports) == 0:
			t.Fatal("it gives no report")
		}
		again, err := klaas.Analyze(body, o)
		if err != nil || len(again.Reports) != len(analysis.Reports) {
			t.Fatalf("two analyses differ: %d and %d reports, %v", len(analysis.Reports), len(again.Reports), err)
		}
		for i, r := range analysis.Reports {
			if !json.Valid(r.Body) {
				t.Fatalf("%s %s is not JSON", r.Product, r.Version)
			}
			if len(r.Body) > bigReport(len(body)) {
				t.Fatalf("%s %s has %d bytes of a document of %d", r.Product, r.Version, len(r.Body), len(body))
			}
			if r.Code < 200 || r.Code >= 6000 {
				t.Fatalf("%s %s has the code %d", r.Product, r.Version, r.Code)
			}
			// V1.1 encrypts tax ids, each time with another nonce.
			if r.Version == "V1" && !bytes.Equal(r.Body, again.Reports[i].Body) {
				t.Fatalf("two reports %s differ", r.Product)
			}
		}
	})
}
