package classify

import (
	"slices"

	"github.com/openklaas/klaas/internal/ledger"
)

// calibration turns the confidences that the tables of a tier were written with,
// which are judgements, into how often such decisions were right on the
// calibration part of the labelled lines. It keeps their order within a tier.
type calibration map[ledger.Tier][]step

// step holds from a confidence on, up to the next step.
type step struct{ from, confidence uint16 }

func loadCalibration() calibration {
	steps := make(calibration)
	for _, r := range openRows("calibration.tsv") {
		at := slices.Index(tierNames, r.get("tier"))
		if at < 0 {
			panic("classify: calibration.tsv: " + r.get("tier") + " is no tier")
		}
		tier := ledger.Tier(at)
		list := steps[tier]
		s := step{uint16(r.number("from", 0)), uint16(r.number("confidence", 0))}
		if n := len(list); n > 0 && (list[n-1].from >= s.from || list[n-1].confidence > s.confidence) {
			panic("classify: calibration.tsv: the steps of a tier must rise")
		}
		steps[tier] = append(list, s)
	}
	return steps
}

var tierNames = func() []string {
	var names []string
	for t := ledger.TierNone; t <= ledger.TierModel; t++ {
		names = append(names, t.String())
	}
	return names
}()

// apply replaces the confidence of a decision. A tier without steps keeps it.
func (c calibration) apply(d *ledger.Decision) {
	for _, s := range slices.Backward(c[d.Tier]) {
		if d.Confidence >= s.from {
			d.Confidence = s.confidence
			return
		}
	}
}
