package creditrisk_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/product/creditrisk"
	"github.com/openklaas/klaas/internal/product/spec"
)

func TestCountOfLabels(t *testing.T) {
	for kind, want := range map[spec.Kind]int{spec.PF: 848, spec.PJ: 595} {
		if got := len(creditrisk.Labels(kind)); got != want {
			t.Errorf("%s has %d labels, want %d", kind.Prefix(), got, want)
		}
	}
}

// The codes of the published page, and how ours are made: base, window, count twins.
func TestCodesOfLabels(t *testing.T) {
	names := make(map[string]string)
	for _, kind := range []spec.Kind{spec.PF, spec.PJ} {
		for _, l := range creditrisk.Labels(kind) {
			if names[l.Code] != "" {
				t.Errorf("%s stands twice", l.Code)
			}
			names[l.Code] = l.Name
		}
	}
	for code, want := range map[string]string{
		"F000007": "Longest checking account age",
		"F000009": "Checking account balance",
		"F000010": "Checking account daily average balance last 30 days",
		"F000011": "Checking account daily average balance last 60 days",
		"F000012": "Checking account daily average balance last 90 days",
		"F000013": "Checking account daily average balance last 120 days",
		"F000014": "Checking account daily average balance last 180 days",
		"F000015": "Checking account daily average balance last 360 days",
		"F000016": "Highest overdraft limit",
		"P000011": "Cash inflow last 30 days",
		"P000016": "Cash inflow last 360 days",
		"P005011": "Cash inflow transaction count last 30 days",
		"J005016": "Cash inflow transaction count last 360 days",
		"P000033": "Net cash flow last 90 days",
		"P001300": "Covered days",
		"P001560": "Betting share of income",
		"J001736": "Checking account daily average balance last 360 days",
		"J001600": "Top customer share",
	} {
		if names[code] != want {
			t.Errorf("%s is %q, want %q", code, names[code], want)
		}
	}
	for _, code := range []string{"F000008", "F000017", "P005031", "P001570", "J000431", "J001560", "P001736", "P000010"} {
		if names[code] != "" {
			t.Errorf("%s is %q, but there is no such label", code, names[code])
		}
	}
}

// Klavi's codes first, then ours ascending by base: the sums, then their counts.
func TestOrderOfLabels(t *testing.T) {
	for _, kind := range []spec.Kind{spec.PF, spec.PJ} {
		var codes []string
		for _, l := range creditrisk.Labels(kind) {
			codes = append(codes, l.Code)
		}
		if kind == spec.PF && !slices.IsSorted(codes[:9]) {
			t.Errorf("the first codes are %v", codes[:9])
		}
		if kind == spec.PF {
			codes = codes[9:]
		}
		last := ""
		for _, code := range codes {
			key := sortKey(code)
			if key <= last {
				t.Errorf("%s stands too late", code)
			}
			last = key
		}
	}
}

// sortKey brings the counts, whose bases are 500 higher, behind their sums.
func sortKey(code string) string {
	base := code[1:6]
	if twin, isCount := strings.CutPrefix(base, "005"); isCount {
		return "000" + twin + "+" + code[6:]
	}
	if twin, isCount := strings.CutPrefix(base, "006"); isCount {
		return "001" + twin + "+" + code[6:]
	}
	return base + " " + code[6:]
}
