package accuracy

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas/internal/ledger"
)

// many returns cases of one tier and confidence of which so many are right.
func many(group string, tier ledger.Tier, confidence uint16, rows, right int) []Case {
	var cases []Case
	for i := range rows {
		c := Case{Group: group, Label: "groceries", Code: 30301, Tier: tier, Confidence: confidence}
		if i >= right {
			c.Code = 40301
		}
		cases = append(cases, c)
	}
	return cases
}

// Steps rise, and weigh the lines against what the tables say: worked out by hand
// with 10 lines of prior.
func TestCalibrationSteps(t *testing.T) {
	var cases []Case
	cases = append(cases, many("a", ledger.TierMerchant, 600, 48, 29)...)  // (29+6)/58
	cases = append(cases, many("a", ledger.TierMerchant, 700, 30, 10)...)  // (10+7)/40 does not rise: 52/98 together
	cases = append(cases, many("b", ledger.TierMerchant, 800, 8, 8)...)    // (8+8)/18
	cases = append(cases, many("b", ledger.TierMerchant, 900, 90, 90)...)  // (90+9)/100
	cases = append(cases, many("b", ledger.TierVocabulary, 500, 5, 5)...)  // (5+5)/15
	cases = append(cases, many("b", ledger.TierStructure, 500, 50, 50)...) // not asked for
	labels := CommonLabels()
	steps := Calibrate(labels, cases, ledger.TierVocabulary, ledger.TierMerchant)
	want := []Step{
		{ledger.TierVocabulary, 500, 667, 5},
		{ledger.TierMerchant, 600, 531, 78},
		{ledger.TierMerchant, 800, 889, 8},
		{ledger.TierMerchant, 900, 990, 90},
	}
	if diff := cmp.Diff(steps, want); diff != "" {
		t.Error(diff)
	}
	calibrated := Recalibrate(cases, steps)
	for i, confidence := range map[int]uint16{0: 531, 48: 531, 78: 889, 100: 990, 176: 667, 181: 500} {
		if calibrated[i].Confidence != confidence {
			t.Errorf("case %d has %d, not %d", i, calibrated[i].Confidence, confidence)
		}
	}
	if cases[0].Confidence != 600 {
		t.Error("the cases themselves changed")
	}
	// Crosswise, group a knows only what b tells, and the other way round.
	crossed := CrossCalibrate(labels, cases, ledger.TierMerchant)
	if len(crossed) != len(cases) || crossed[0].Confidence != 600 || crossed[78].Confidence != 531 {
		t.Errorf("crosswise: %+v and %+v", crossed[0], crossed[78])
	}
}
