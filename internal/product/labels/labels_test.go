package labels_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas/internal/product/creditrisk"
	"github.com/openklaas/klaas/internal/product/klabel"
	"github.com/openklaas/klaas/internal/product/labels"
	"github.com/openklaas/klaas/internal/product/spec"
)

func TestThePageIsFresh(t *testing.T) {
	got, err := os.ReadFile("../../../docs/labels.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(labels.Page()), "\n"), strings.Split(string(got), "\n")); diff != "" {
		t.Errorf("docs/labels.md is stale: run go generate ./internal/product/labels\n%s", diff)
	}
}

// Every label of every kind is told: its code stands in the page, or its row has the
// codes around it. No row has an empty cell but a code that the other kind has alone.
func TestThePageTellsEveryLabel(t *testing.T) {
	page := string(labels.Page())
	told := make(map[string]bool)
	for _, span := range regexp.MustCompile(`\b([FKPJ]\d+)(?:–([FKPJ]\d+))?`).FindAllStringSubmatch(page, -1) {
		told[span[1]] = true
		first, last := span[1], span[2]
		for last != "" && first != last {
			first = first[:len(first)-1] + string(first[len(first)-1]+1)
			told[first] = true
		}
	}
	for _, l := range append(klabel.Labels(), append(creditrisk.Labels(spec.PF), creditrisk.Labels(spec.PJ)...)...) {
		if !told[l.Code] {
			t.Errorf("%s is not told", l.Code)
		}
	}
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, "| K") && strings.Contains(line, "|  |") {
			t.Errorf("a cell is empty in %s", line)
		}
	}
}
