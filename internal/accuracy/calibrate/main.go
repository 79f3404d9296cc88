// Command calibrate fits how sure the classifier's tables are to how often they
// were right on the calibration part of the labelled lines, and writes
// data/calibration.tsv of package classify. Run it by make calibration.
//
// The calibration part is of the development data, but no table was made by looking
// at it: on lines that tables were tuned on they are right more often than on any
// others. Before it writes, it tells what the fit is worth on lines that it was not
// fitted on: the lines of each bank are judged by the steps of all other banks.
package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/openklaas/klaas/internal/accuracy"
	"github.com/openklaas/klaas/internal/categorise"
	"github.com/openklaas/klaas/internal/classify"
	"github.com/openklaas/klaas/internal/ledger"
)

// The tiers whose confidences are judgements. The ledger and the structure have no
// labelled lines; the model is calibrated where it is trained.
var tiers = []ledger.Tier{ledger.TierVocabulary, ledger.TierMerchant}

const (
	labelled = "internal/accuracy/testdata/lines.csv"
	table    = "internal/classify/data/calibration.tsv"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "calibrate:", err)
		os.Exit(1)
	}
}

func run() error {
	labels := accuracy.CommonLabels()
	f, err := os.Open(labelled)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	lines, err := accuracy.ReadLabelled(f, labels, "bank")
	if err != nil {
		return fmt.Errorf("%s: %w", labelled, err)
	}
	lines = slices.DeleteFunc(lines, func(l accuracy.Labelled) bool { return l.Part != "calibration" })
	raw := categorise.New(classify.Shared(), classify.Options{Raw: true})
	before, cases := accuracy.Categories(raw, labels, lines)
	after := accuracy.ScoreCases(labels, accuracy.CrossCalibrate(labels, cases, tiers...))
	fmt.Printf("%d lines of the calibration part; decisions at 0.9 and more:\n", len(lines))
	fmt.Printf("  as the tables say: %s\n", top(before))
	fmt.Printf("  fitted crosswise:  %s\n", top(after))
	return write(accuracy.Calibrate(labels, cases, tiers...))
}

func top(s *accuracy.Score) string {
	return fmt.Sprintf("%.1f %% of the lines, %.1f %% of them right", 100*s.All.Top.Value(), 100*s.All.TopRight.Value())
}

func write(steps []accuracy.Step) error {
	old, err := os.ReadFile(table)
	if err != nil {
		return err
	}
	var b strings.Builder
	for line := range strings.Lines(string(old)) {
		b.WriteString(line)
		if !strings.HasPrefix(line, "#") {
			break
		}
	}
	for _, s := range steps {
		fmt.Fprintf(&b, "%s\t%d\t%d\t%d\n", s.Tier, s.From, s.Confidence, s.Rows)
		fmt.Printf("  %-10s from %3d: %3d (%d lines)\n", s.Tier, s.From, s.Confidence, s.Rows)
	}
	return os.WriteFile(table, []byte(b.String()), 0o644)
}
