package accuracy

import (
	"os"
	"slices"
	"testing"

	"github.com/openklaas/klaas/internal/categorise"
	"github.com/openklaas/klaas/internal/classify"
)

// The floors guard what has been reached on each part of the labelled lines.
// docs/accuracy.md says what the figures are worth.
func TestFloorsOfTheCategories(t *testing.T) {
	labels := CommonLabels()
	c := categorise.New(classify.Shared(), classify.Options{})
	for _, floor := range []struct {
		file, part                                  string
		accuracy, coverage, precision, top, topTrue float64
	}{
		{"lines.csv", "development", 0.95, 0.98, 0.955, 0.80, 0.975},
		{"lines.csv", "calibration", 0.88, 0.96, 0.91, 0.75, 0.96},
		{"lines.csv", "held-out", 0.91, 0.97, 0.935, 0.79, 0.965},
		{"transactions.csv", "development", 0.93, 0.95, 0.97, 0.70, 0.98},
		{"transactions.csv", "held-out", 0.82, 0.91, 0.89, 0.65, 0.97},
	} {
		t.Run(floor.file+" "+floor.part, func(t *testing.T) {
			f, err := os.Open("testdata/" + floor.file)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = f.Close() }()
			lines, err := ReadLabelled(f, labels, "")
			if err != nil {
				t.Fatal(err)
			}
			lines = slices.DeleteFunc(lines, func(l Labelled) bool { return l.Part != floor.part })
			score, _ := Categories(c, labels, lines)
			for _, figure := range []struct {
				name  string
				share Share
				floor float64
			}{
				{"accuracy", score.All.Accuracy, floor.accuracy},
				{"coverage", score.All.Coverage, floor.coverage},
				{"precision when answered", score.All.Precision, floor.precision},
				{"coverage of the top band", score.All.Top, floor.top},
				{"precision of the top band", score.All.TopRight, floor.topTrue},
			} {
				if figure.share.Value() < figure.floor {
					t.Errorf("%s is %.3f (%d of %d), below its floor of %.3f", figure.name, figure.share.Value(), figure.share.Part, figure.share.Whole, figure.floor)
				}
			}
		})
	}
}
