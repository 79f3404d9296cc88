package risksignals

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/spec"
)

func signalOf(t *testing.T, code string) *signal {
	t.Helper()
	for i := range table {
		if table[i].code == code {
			return &table[i]
		}
	}
	t.Fatalf("there is no signal %s", code)
	return nil
}

// The table of the specification, boundary by boundary: "value is compared from HIGH
// down, the first that holds; else NONE".
func TestBands(t *testing.T) {
	for code, c := range map[string]string{
		"OVERDRAFT":        "0 NONE, 1 LOW, 2 MEDIUM, 4 MEDIUM, 5 HIGH, 6 HIGH",
		"NEGATIVE_BALANCE": "0 NONE, 0.0001 LOW, 0.0999 LOW, 0.10 MEDIUM, 0.3299 MEDIUM, 0.33 HIGH, 1 HIGH",
		"RETURNED_CHEQUES": "0 NONE, 1 MEDIUM, 2 HIGH, 9 HIGH",
		"LATE_PAYMENT":     "0 NONE, 1 MEDIUM, 2 MEDIUM, 3 HIGH",
		"MINIMUM_PAYMENT":  "0 NONE, 1 LOW, 2 MEDIUM, 3 MEDIUM, 4 HIGH",
		"REVOLVING":        "0 NONE, 1 LOW, 2 MEDIUM, 3 MEDIUM, 4 HIGH",
		"RENEGOTIATION":    "0 NONE, 1 MEDIUM, 3 MEDIUM, 4 HIGH",
		"PAST_DUE":         "0 NONE, 1 HIGH",
		"NEW_CREDIT":       "0 NONE, 0.0001 LOW, 0.0999 LOW, 0.10 MEDIUM, 0.2999 MEDIUM, 0.30 HIGH",
		"CASH_ADVANCE":     "0 NONE, 1 LOW, 2 MEDIUM, 3 MEDIUM, 4 HIGH",
		"INCOME_LOSS":      "-0.5 NONE, 0 NONE, 0.1499 NONE, 0.15 LOW, 0.2999 LOW, 0.30 MEDIUM, 0.4999 MEDIUM, 0.50 HIGH, 1 HIGH",
		"CONCENTRATION":    "0 NONE, 0.5999 NONE, 0.60 LOW, 0.7999 LOW, 0.80 MEDIUM, 0.9499 MEDIUM, 0.95 HIGH, 1 HIGH",
		"QUICK_SPENDING":   "0 HIGH, 24 HIGH, 24.01 MEDIUM, 72 MEDIUM, 72.01 LOW, 168 LOW, 168.01 NONE, 720 NONE",
		"COURT_FREEZE":     "0 NONE, 1 HIGH",
		"CASH_INTENSITY":   "0 NONE, 0.1999 NONE, 0.20 LOW, 0.3999 LOW, 0.40 MEDIUM, 1 MEDIUM",
	} {
		s := signalOf(t, code)
		for _, pair := range strings.Split(c, ", ") {
			number, want, _ := strings.Cut(pair, " ")
			value, err := money.Parse(number)
			if err != nil {
				t.Fatal(err)
			}
			if got := s.level(value).String(); got != want {
				t.Errorf("%s %s is %s, want %s", code, number, got, want)
			}
		}
	}
}

// A worse value is never a lower level: a larger one, of QUICK_SPENDING a smaller.
func TestLevelsAreMonotone(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := &table[rapid.IntRange(0, len(table)-1).Draw(r, "signal")]
		value := rapid.OneOf(rapid.Int64Range(-20_000, 60_000), rapid.Int64Range(0, 3_000_000))
		better, worse := money.Amount(value.Draw(r, "one")), money.Amount(value.Draw(r, "other"))
		if (better > worse) != (s.code == "QUICK_SPENDING") {
			better, worse = worse, better
		}
		if s.level(better) > s.level(worse) {
			r.Fatalf("%s: %s is %s, %s is %s", s.code, better, s.level(better), worse, s.level(worse))
		}
	})
}

// The threshold is the text of the band reached, as in the table.
func TestThresholds(t *testing.T) {
	for _, c := range []struct {
		code  string
		level fact.Level
		want  string
	}{
		{"BETTING", fact.Low, "> 0"},
		{"BETTING", fact.Medium, "≥ 3, or share ≥ 0.02"},
		{"BETTING", fact.High, "≥ 10, or share ≥ 0.10, or ≥ 3 with credit after betting"},
		{"QUICK_SPENDING", fact.High, "≤ 24"},
		{"CASH_INTENSITY", fact.Medium, "≥ 0.40"},
		{"OVERDRAFT", fact.NoLevel, ""},
		{"OVERDRAFT", fact.UnknownLevel, ""},
	} {
		if got := signalOf(t, c.code).threshold(c.level); got != c.want {
			t.Errorf("%s of %s is %q, want %q", c.level, c.code, got, c.want)
		}
	}
}

// Every signal has a reader and every reader a signal; a company lacks two.
func TestTheTableIsWhole(t *testing.T) {
	companies := 0
	for i := range table {
		for _, kind := range table[i].kinds {
			if kind == spec.PJ {
				companies++
			}
		}
	}
	if len(table) != len(readers) || len(table) != 16 || companies != 14 {
		t.Errorf("%d signals, %d of companies, %d readers", len(table), companies, len(readers))
	}
}

func TestFaultsInTheTable(t *testing.T) {
	for name, row := range map[string]string{
		"nothing reads it":  "X\tpf\tchecking\t–\t–\t≥ 1",
		"columns":           "OVERDRAFT\tpf\tchecking\t–\t–",
		"pf or pj":          "OVERDRAFT\tpx\tchecking\t–\t–\t≥ 1",
		"needs none of":     "OVERDRAFT\tpf\tmoney\t–\t–\t≥ 1",
		"is no threshold":   "OVERDRAFT\tpf\tchecking\t–\t–\t= 1",
		`"≥ " is no`:        "OVERDRAFT\tpf\tchecking\t–\t–\t≥ ",
		"\"1\" is no thres": "OVERDRAFT\tpf\tchecking\t–\t1\t≥ 1",
	} {
		if _, err := parseSignals(row); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%q gives %v, which does not tell %q", row, err, name)
		}
	}
}
