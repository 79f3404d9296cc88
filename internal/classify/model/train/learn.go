package main

import (
	"cmp"
	"math"
	"runtime"
	"slices"

	"github.com/openklaas/klaas/internal/classify/model"
	"github.com/openklaas/klaas/taxonomy"
)

// How a model is learnt. Multinomial logistic regression by stochastic gradient:
// each example's features have the length 1 together, the step falls to 0.
const (
	rowBits   = 18
	epochs    = 5
	firstStep = 4.0
	leastPush = 0.01 // a class whose probability is off by less is not moved: weights stay few
	leastKept = 0.2  // weights below are dropped, as far as the scale of their class keeps them at all
)

// example is an item ready to be learnt.
type example struct {
	rows    []uint32
	targets []int // classes
	credit  bool
}

// labels are the classes of a model. Categories with too few groups are learnt
// as the best known category of their level-2 group.
type labels struct {
	codes []taxonomy.Code
	of    map[taxonomy.Code]int
	from  [2]int // of the classes for money out, for money in
	end   [2]int
}

// allows reports whether a class may hold a direction.
func (l *labels) allows(class int, credit bool) bool {
	return l.from[side(credit)] <= class && class < l.end[side(credit)]
}

// The directions of categories, in the order of classes.
const (
	onlyDebits = iota
	bothSides
	onlyCredits
)

func sides(code taxonomy.Code) int {
	category, _ := taxonomy.Lookup(code)
	switch category.Direction {
	case taxonomy.Debits:
		return onlyDebits
	case taxonomy.Credits:
		return onlyCredits
	}
	return bothSides
}

// leastGroups is how many shops or phrases a class needs.
const leastGroups = 4

func newLabels(items []item) *labels {
	groups := make(map[taxonomy.Code]map[string]bool)
	for i := range items {
		if len(items[i].codes) != 1 {
			continue
		}
		code := items[i].codes[0]
		if groups[code] == nil {
			groups[code] = make(map[string]bool)
		}
		groups[code][items[i].group+"/"+items[i].text] = true
	}
	l := &labels{of: make(map[taxonomy.Code]int)}
	for code, g := range groups {
		if len(g) >= leastGroups {
			l.codes = append(l.codes, code)
		}
	}
	// The classes of a direction stand together, so that learning passes over the others.
	slices.SortFunc(l.codes, func(a, b taxonomy.Code) int {
		return cmp.Or(cmp.Compare(sides(a), sides(b)), cmp.Compare(a, b))
	})
	for i, code := range l.codes {
		switch sides(code) {
		case onlyDebits:
			l.from[1], l.end[0] = i+1, i+1
		case bothSides:
			l.end[0] = i + 1
		}
	}
	l.end[0], l.end[1] = max(l.end[0], l.from[1]), len(l.codes)
	best := make(map[uint32]int) // by level-2 group
	for i, code := range l.codes {
		l.of[code] = i
		b, ok := best[code.Group()]
		if !ok || len(groups[code]) > len(groups[l.codes[b]]) {
			best[code.Group()] = i
		}
	}
	for code := range groups {
		if _, ok := l.of[code]; ok {
			continue
		}
		if b, ok := best[code.Group()]; ok {
			l.of[code] = b
		}
	}
	return l
}

func side(credit bool) int {
	if credit {
		return 1
	}
	return 0
}

// examples turns items into what is learnt, each as statements print it.
func (l *labels) examples(items []item, h *habits) []example {
	var all []example
	var q model.Query
	for i := range items {
		for _, v := range h.print(items[i]) {
			e := example{credit: v.context.Credit}
			for _, code := range v.codes {
				if t, ok := l.of[code]; ok && l.allows(t, e.credit) {
					e.targets = append(e.targets, t)
				}
			}
			if len(e.targets) == 0 {
				continue
			}
			q.Reset(v.context)
			q.Add(v.text)
			for _, hash := range q.Hashes() {
				e.rows = append(e.rows, hash>>(32-rowBits))
			}
			all = append(all, e)
		}
	}
	return all
}

// learners keeps models that are learnt at the same time, and their memory, to one
// for each processor.
var learners = make(chan struct{}, runtime.GOMAXPROCS(0))

// learn returns the weights, a row of classes for each of the 2^rowBits rows. Every
// product is rounded by a conversion of its own, so that no machine joins it with
// a sum: the result is the same on all.
func learn(l *labels, examples []example) []float32 {
	learners <- struct{}{}
	defer func() { <-learners }()
	n := len(l.codes)
	weights := make([]float32, n<<rowBits)
	scores := make([]float32, n)
	shares := make([]float64, n)
	order := make([]int, len(examples))
	for i := range order {
		order[i] = i
	}
	d := throw("order of examples")
	steps := float64(epochs * len(examples))
	done := 0.0
	for range epochs {
		for i := len(order) - 1; i > 0; i-- {
			j := d.next(i + 1)
			order[i], order[j] = order[j], order[i]
		}
		for _, at := range order {
			e := &examples[at]
			from, end := l.from[side(e.credit)], l.end[side(e.credit)]
			score, share := scores[from:end], shares[from:end]
			clear(score)
			for _, row := range e.rows {
				for c, w := range weights[int(row)*n+from:][:len(score)] {
					score[c] += w
				}
			}
			norm := 1 / math.Sqrt(float64(len(e.rows)))
			probabilities(share, score, norm)
			rate := float64(firstStep * float64(1-done/steps) * norm)
			done++
			push(weights, e, share, rate, n, from)
		}
	}
	return weights
}

// probabilities turns scores into shares.
func probabilities(share []float64, score []float32, norm float64) {
	most := math.Inf(-1)
	for c, s := range score {
		share[c] = float64(float64(s) * norm)
		most = max(most, share[c])
	}
	sum := 0.0
	for c := range share {
		share[c] = exp(share[c] - most)
		sum += share[c]
	}
	for c := range share {
		share[c] /= sum
	}
}

// push moves the weights of an example's features towards its targets: of several
// each in proportion to what the model believes already. The shares are those of
// the classes from the given one on.
func push(weights []float32, e *example, share []float64, rate float64, n, from int) {
	believed := 0.0
	for _, t := range e.targets {
		believed += share[t-from]
	}
	believed = max(believed, 1e-9)
	for c, p := range share {
		off := -p
		if slices.Contains(e.targets, c+from) {
			off = p/believed - p
		}
		if off > -leastPush && off < leastPush {
			continue
		}
		change := float32(rate * off)
		for _, row := range e.rows {
			weights[int(row)*n+from+c] += change
		}
	}
}

// exp is e^x for x ≤ 0, the same on every machine.
func exp(x float64) float64 {
	if x < -40 {
		return 0
	}
	// x = k ln 2 + r with |r| ≤ ln 2 / 2; e^r by its series.
	k := math.Floor(float64(x*math.Log2E) + 0.5)
	r := x - float64(k*math.Ln2)
	term, sum := 1.0, 1.0
	for i := 1.0; i < 14; i++ {
		term = float64(term*r) / i
		sum += term
	}
	return math.Ldexp(sum, int(k))
}

// quantise turns weights into bytes with one scale for each class.
func quantise(l *labels, weights []float32) *model.Parts {
	n := len(l.codes)
	most := make([]float64, n)
	for i, w := range weights {
		most[i%n] = max(most[i%n], math.Abs(float64(w)))
	}
	p := &model.Parts{Bits: rowBits, Classes: l.codes, Scales: make([]uint32, n), Rows: make([][]int8, 1<<rowBits)}
	for c := range p.Scales {
		p.Scales[c] = max(1, uint32(math.Round(float64(most[c]/127*(1<<model.ScaleBits)))))
	}
	for row := range p.Rows {
		for c, w := range weights[row*n:][:n] {
			if w > -leastKept && w < leastKept {
				continue
			}
			b := math.Round(float64(w) * (1 << model.ScaleBits) / float64(p.Scales[c]))
			if b == 0 {
				continue
			}
			if p.Rows[row] == nil {
				p.Rows[row] = make([]int8, n)
			}
			p.Rows[row][c] = int8(max(-127, min(127, b)))
		}
	}
	return p
}
