package accuracy

import (
	"cmp"
	"maps"
	"slices"

	"github.com/openklaas/klaas/internal/ledger"
)

// Step is a step of a calibration: decisions of a tier whose tables say From per
// mille and more, up to the next step, were right so often.
type Step struct {
	Tier             ledger.Tier
	From, Confidence uint16 // per mille
	Rows             int    // labelled lines behind it
}

// prior is how many lines the judgement of the tables weighs as much as.
const prior = 10

// Calibrate fits the steps of the tiers to cases whose confidences are those of
// the tables. A step is the share of right decisions among its lines and prior
// further lines that are right as often as the tables say; steps that would not
// rise with the tables' confidence are pooled.
func Calibrate(labels *Labels, cases []Case, tiers ...ledger.Tier) []Step {
	var steps []Step
	for _, tier := range tiers {
		steps = append(steps, fit(labels, cases, tier)...)
	}
	return steps
}

// pool is a run of confidences with how many of its lines were right, those of
// the prior included.
type pool struct {
	from         uint16
	rows         int // without the prior
	lines, right float64
}

func (p pool) share() float64 { return p.right / p.lines }

func fit(labels *Labels, cases []Case, tier ledger.Tier) []Step {
	byConfidence := map[uint16]pool{}
	for i := range cases {
		c := &cases[i]
		if c.Tier != tier {
			continue
		}
		p, ok := byConfidence[c.Confidence]
		if !ok {
			p = pool{from: c.Confidence, lines: prior, right: prior * float64(c.Confidence) / 1000}
		}
		p.rows++
		p.lines++
		if c.Right(labels) {
			p.right++
		}
		byConfidence[c.Confidence] = p
	}
	var pools []pool
	for _, confidence := range slices.Sorted(maps.Keys(byConfidence)) {
		pools = append(pools, byConfidence[confidence])
		for n := len(pools); n > 1 && pools[n-1].share() <= pools[n-2].share(); n = len(pools) {
			last, before := pools[n-1], pools[n-2]
			pools = append(pools[:n-2], pool{before.from, before.rows + last.rows, before.lines + last.lines, before.right + last.right})
		}
	}
	var steps []Step
	for _, p := range pools {
		steps = append(steps, Step{tier, p.from, uint16(p.share()*1000 + 0.5), p.rows})
	}
	return steps
}

// Recalibrate returns cases with the confidences that steps give them.
func Recalibrate(cases []Case, steps []Step) []Case {
	byTier := map[ledger.Tier][]Step{}
	for _, s := range steps {
		byTier[s.Tier] = append(byTier[s.Tier], s)
	}
	out := slices.Clone(cases)
	for i := range out {
		for _, s := range slices.Backward(byTier[out[i].Tier]) {
			if out[i].Confidence >= s.From {
				out[i].Confidence = s.Confidence
				break
			}
		}
	}
	return out
}

// CrossCalibrate returns cases with confidences fitted on the cases of all other
// groups: what a calibration is worth on groups that it was not fitted on.
func CrossCalibrate(labels *Labels, cases []Case, tiers ...ledger.Tier) []Case {
	groups := map[string][]Case{}
	for _, c := range cases {
		groups[c.Group] = append(groups[c.Group], c)
	}
	var out []Case
	for _, name := range slices.SortedFunc(maps.Keys(groups), cmp.Compare) {
		rest := slices.DeleteFunc(slices.Clone(cases), func(c Case) bool { return c.Group == name })
		out = append(out, Recalibrate(groups[name], Calibrate(labels, rest, tiers...))...)
	}
	return out
}
