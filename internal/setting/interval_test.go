package setting_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/setting"
)

func TestIntervalFactors(t *testing.T) {
	ten := func(first string) setting.IntervalFactors {
		return append(setting.IntervalFactors{json.Number(first)}, slices.Repeat([]json.Number{"1.4"}, 9)...)
	}
	for name, c := range map[string]struct {
		factors setting.IntervalFactors
		first   int64
		says    string
	}{
		"none":              {nil, 0, ""},
		"three decimals":    {ten("1.886"), 1886, ""},
		"a whole number":    {ten("2"), 2000, ""},
		"the largest":       {ten("100"), 100_000, ""},
		"too few":           {ten("1")[:9], 0, "give 10"},
		"zero":              {ten("0"), 0, "intervalFactors[0]"},
		"negative":          {ten("-1"), 0, "intervalFactors[0]"},
		"too large":         {ten("100.001"), 0, "intervalFactors[0]"},
		"too many decimals": {ten("1.8861"), 0, "intervalFactors[0]"},
		"no number":         {ten("x"), 0, "intervalFactors[0]"},
	} {
		got, err := c.factors.Thousandths()
		switch {
		case c.says == "" && (err != nil || len(got) != len(c.factors) || len(got) > 0 && got[0] != c.first):
			t.Errorf("%s: %v, %v", name, got, err)
		case c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)):
			t.Errorf("%s: says %v, want %q", name, err, c.says)
		}
	}
}
