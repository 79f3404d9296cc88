package demo

import (
	"encoding/json"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/product"
	"github.com/openklaas/klaas/internal/product/spec"
)

// What the demo prints is what the reports say, and nothing of it is missing.
func TestTheFiguresOfThePersonAreShown(t *testing.T) {
	day := calendar.Of(2026, time.January, 31)
	person := Person(day)
	var names []string
	for _, p := range product.All() {
		if p.Analytic && p.Kinds[0] == spec.PF && slices.Contains(p.Versions, spec.V2) {
			names = append(names, p.FullName(spec.PF))
		}
	}
	analysis, err := klaas.Analyze(person.Userdata, klaas.Options{
		Products: names, Versions: []string{"V2"}, ReportTime: time.Date(2026, time.November, 1, 12, 0, 0, 0, time.UTC), AsOf: day.String(),
	})
	if err != nil {
		t.Fatal(err)
	}
	var f figures
	for _, r := range analysis.Reports {
		if err := f.read(r.Body); err != nil {
			t.Fatal(r.Product, err)
		}
	}
	var out strings.Builder
	if err := f.show(&out, person.Name); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`^` + regexp.QuoteMeta(person.Name) + `, 360 days, \d+ movements, data full`,
		`monthly income +R\$ [\d.]+,\d\d  verified`, `regular salary +R\$ [\d.]+,\d\d .* next on 2026-02-\d\d, between R\$`,
		`debt +R\$ [\d.]+,\d\d  \d+\.\d % of the income`, `left to repay with +R\$`,
		`balance +R\$ .* covers \d+\.\d months`, `2026-01 in +R\$ [\d.]+,\d\d  █+`, `score +\d+  of 1000, [a-z ]+risk, confidence`,
		`\n +[+]\d+  [A-Z]`, `signals +(low|medium|high)  overall, which`, `monthly +-R\$ [\d.]+,\d\d  .*, next on 20`,
	} {
		if !regexp.MustCompile(want).MatchString(out.String()) {
			t.Errorf("nothing looks like %s", want)
		}
	}
	if strings.Contains(out.String(), "–") || strings.Contains(out.String(), "unknown") || t.Failed() {
		t.Errorf("something is missing:\n%s", out.String())
	}
}

func TestAmountsAreWrittenAsInBrazil(t *testing.T) {
	for number, want := range map[string]string{
		"": "–", "0": "R$ 0,00", "-0.5": "-R$ 0,50", "999.9": "R$ 999,90", "1000": "R$ 1.000,00", "-1234567.89": "-R$ 1.234.567,89",
	} {
		if got := reais(json.Number(number)); got != want {
			t.Errorf("%s is written %s, want %s", number, got, want)
		}
	}
	if got := bar("5", big.NewRat(10, 1), '█'); got != strings.Repeat("█", barWidth/2) {
		t.Errorf("half of the largest is %q", got)
	}
}
