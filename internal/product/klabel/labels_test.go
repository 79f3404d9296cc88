package klabel_test

import (
	_ "embed"
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/product/klabel"
)

// published is the list of codes and names as models know it.
//
//go:embed testdata/published.csv
var published string

func TestTheLabelsAreThePublishedOnes(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(published), "\n")[1:]
	labels := klabel.Labels()
	if len(labels) != len(lines) || len(labels) != 540 {
		t.Fatalf("there are %d labels, %d are published", len(labels), len(lines))
	}
	for i, line := range lines {
		if got := labels[i].Code + "," + labels[i].Name; got != line {
			t.Errorf("label %d is %s, published is %s", i+1, got, line)
		}
	}
}
