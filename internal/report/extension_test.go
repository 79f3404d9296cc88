package report_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/taxonomy"
)

// cashFlowOf returns the cash-flow report of someData in a version.
func cashFlowOf(t *testing.T, version string, settings klaas.Settings) []byte {
	t.Helper()
	a, err := klaas.Analyze([]byte(someData), klaas.Options{
		Settings: settings, Products: []string{"pf_cash_flow"}, Versions: []string{version}, SecretKey: "key",
		ReportTime: time.Date(2025, 3, 31, 12, 0, 0, 0, time.UTC), RequestID: "1",
	})
	if err != nil {
		t.Fatal(err)
	}
	return a.Reports[0].Body
}

func TestEvidenceAndEngine(t *testing.T) {
	body := cashFlowOf(t, "V2", klaas.Settings{})
	var got struct {
		Evidence          map[string][]string `json:"evidence"`
		EvidenceTruncated []string            `json:"evidenceTruncated"`
		DataSufficiency   struct {
			MissingSections, NotAsOf, UnreliableFigures []string
		}
		Engine struct{ Program, Taxonomy, Rules, Model, Tables, SettingsHash string }
	}
	if err := json.Unmarshal(body, &got); err != nil {
		t.Fatal(err)
	}
	for pointer, want := range map[string][]string{
		"/cashFlow/summary/last30Days/cashOutflow":  {"5", "3", "2"},
		"/cashFlow/summary/last90Days/cashInflow":   {"1"},
		"/cashFlow/summary/last30Days/cashInflow":   {}, // a figure of 0
		"/cashFlow/period/daysCovered":              {"1"},
		"/cashFlow/months/2/openingBalance":         {"account:a", "5", "3", "2"},
		"/cashFlow/byInstitution/0/availableAmount": {"account:a"},
		"/cashFlow/stability/inflowVolatility":      nil, // null
	} {
		if diff := cmp.Diff(want, got.Evidence[pointer]); diff != "" {
			t.Errorf("the evidence of %s (−want +got):\n%s", pointer, diff)
		}
	}
	if got.EvidenceTruncated == nil || len(got.EvidenceTruncated) > 0 {
		t.Errorf("evidenceTruncated is %v, want []", got.EvidenceTruncated)
	}
	if want := []string{"loans", "financings", "invoiceFinancings", "unarrangedAccountsOverdraft"}; !slices.Equal(got.DataSufficiency.MissingSections, want) {
		t.Errorf("missingSections is %v, want %v", got.DataSufficiency.MissingSections, want)
	}
	// The statement line of March 5 tells another balance than the entries do.
	unreliable := got.DataSufficiency.UnreliableFigures
	if !slices.Contains(unreliable, "/cashFlow/months/2/openingBalance") || slices.Contains(unreliable, "/cashFlow/months/2/closingBalance") {
		t.Errorf("unreliableFigures is %v", unreliable)
	}
	e := got.Engine
	if e.Taxonomy != taxonomy.Version() || e.Program == "" || e.Rules == "" || e.Model == "" || e.Tables == "" || e.SettingsHash != (&klaas.Settings{}).Hash() {
		t.Errorf("the engine is %+v", e)
	}
	order := []string{`"cashFlow":`, `"evidence":`, `"evidenceTruncated":`, `"dataSufficiency":`, `"engine":`, `"externalInfo":`}
	last := -1
	for _, key := range order {
		at := bytes.LastIndex(body, []byte(key))
		if at < last {
			t.Errorf("%s is out of order", key)
		}
		last = at
	}
}

// The blocks are ours: they are on by default in V2 alone, and never in a strict
// shape.
func TestExtensionBlocksAreChosen(t *testing.T) {
	all := map[string]bool{"all": true}
	for _, c := range []struct {
		version  string
		settings klaas.Settings
		shows    bool
	}{
		{"V1", klaas.Settings{}, false},
		{"V1.1", klaas.Settings{}, false},
		{"V2", klaas.Settings{}, true},
		{"V1", klaas.Settings{Extensions: all}, true},
		{"V1", klaas.Settings{Extensions: all, StrictShape: true}, false},
		{"V2", klaas.Settings{StrictShape: true}, true},
		{"V2", klaas.Settings{Extensions: map[string]bool{"pf_cash_flow": false}}, false},
	} {
		body := cashFlowOf(t, c.version, c.settings)
		for _, key := range []string{`"evidence":`, `"engine":`, `"dataSufficiency":`} {
			if got := bytes.Contains(body, []byte(key)); got != c.shows {
				t.Errorf("%s with %+v has %s: %v, want %v", c.version, c.settings, key, got, c.shows)
			}
		}
	}
}
