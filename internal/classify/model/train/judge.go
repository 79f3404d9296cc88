package main

import (
	"cmp"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"slices"
	"sync"

	"github.com/openklaas/klaas/internal/classify"
	"github.com/openklaas/klaas/internal/classify/model"
	"github.com/openklaas/klaas/taxonomy"
)

// folds is into how many parts the groups are split: each part is judged by a
// model that learnt from the others.
const folds = 5

// verdict is what a model said of an item that it had not learnt.
type verdict struct {
	item    item
	code    taxonomy.Code
	margin  int32
	right   bool // the category
	near    bool // its level-2 group
	reaches bool // the classifier knows so little of it that it asks the model
}

// written reports whether the text was written for training; others are names of
// real shops.
func (v *verdict) written() bool { return v.item.family == "shops" || v.item.family == "lines" }

func fold(group string) int {
	h := fnv.New32a()
	h.Write([]byte(group))
	return int(h.Sum32() % folds)
}

// crossValidate judges every judged item by a model that knows neither its group
// nor its text. Texts are judged as the classifier shows them: without words of
// the rail, whole and cut.
func crossValidate(c *corpus, l *labels) ([]verdict, error) {
	var parts [folds][]verdict
	var errs [folds]error
	var wg sync.WaitGroup
	for f := range folds {
		wg.Go(func() { parts[f], errs[f] = judgeFold(c, l, f) })
	}
	wg.Wait()
	return slices.Concat(parts[:]...), errors.Join(errs[:]...)
}

func judgeFold(c *corpus, l *labels, f int) ([]verdict, error) {
	held := make(map[string]bool)
	for i := range c.items {
		if it := &c.items[i]; it.judged && fold(it.group) == f {
			held[letters(it.text)] = true
		}
	}
	var learnt, judged []item
	for _, it := range c.items {
		switch {
		case it.judged && fold(it.group) == f:
			judged = append(judged, it)
		case !it.shop && !it.judged || !held[letters(it.text)]:
			learnt = append(learnt, it)
		}
	}
	m, err := build(quantise(l, learn(l, l.examples(learnt, &c.habits))))
	if err != nil {
		return nil, err
	}
	var all []verdict
	var q model.Query
	run := classify.New().Start(classify.Options{})
	for _, it := range judged {
		for _, v := range c.habits.judgedAs(it) {
			q.Reset(v.context)
			q.Add(v.text)
			a := m.Answer(&q)
			all = append(all, verdict{
				item: v, code: a.Code, margin: a.Margin,
				right:   slices.Contains(v.codes, a.Code),
				near:    slices.ContainsFunc(v.codes, func(code taxonomy.Code) bool { return code.Group() == a.Code.Group() }),
				reaches: run.AsksModel(entry(v)),
			})
		}
	}
	return all, nil
}

// entry is an item as the classifier meets it.
func entry(it item) *classify.Entry {
	e := &classify.Entry{Text: it.text, Credit: it.context.Credit, Amount: it.context.Amount, Source: classify.Checking, Type: it.context.Type}
	switch it.context.Source {
	case model.Card:
		e.Source = classify.Card
	case model.Savings:
		e.Source = classify.Savings
	}
	return e
}

// judgedAs returns a shop's name on a card line and on an account line cut.
func (h *habits) judgedAs(it item) []item {
	if !it.shop {
		return []item{it}
	}
	whole, cut := it, it
	whole.context.Source = model.Card
	cut.context.Source, cut.context.Type = model.Checking, "PIX"
	cut.text = h.cut(throw("judged"+it.text), it.text)
	return []item{whole, cut}
}

// build makes the model of its parts.
func build(p *model.Parts) (*model.Model, error) {
	file, err := model.Encode(p)
	if err != nil {
		return nil, err
	}
	return model.Read(file)
}

// Calibration. A step of the table holds at least stepSize verdicts; the top band
// begins where all verdicts above it are right often enough.
const (
	stepSize   = 60
	topBand    = 900
	topIsRight = 0.975
)

// calibrate makes the table from margins to permille: the share of right verdicts
// by margin, never falling (pool adjacent violators). Names written for training
// are easier than real ones, and there are more of them: each of the two kinds
// counts for half.
func calibrate(verdicts []verdict) []model.Step {
	v := slices.DeleteFunc(slices.Clone(verdicts), func(v verdict) bool { return !v.reaches })
	slices.SortStableFunc(v, func(a, b verdict) int { return cmp.Compare(a.margin, b.margin) })
	written := 0
	for _, x := range v {
		if x.written() {
			written++
		}
	}
	type pool struct {
		margin        int32
		right, all, n int
	}
	var pools []pool
	for at := 0; at < len(v); {
		p := pool{margin: v[at].margin}
		for at < len(v) && (p.n < stepSize || v[at].margin == v[at-1].margin) {
			weight := max(1, written)
			if v[at].written() {
				weight = max(1, len(v)-written)
			}
			p.n++
			p.all += weight
			if v[at].right {
				p.right += weight
			}
			at++
		}
		pools = append(pools, p)
		for k := len(pools) - 1; k > 0 && pools[k-1].right*pools[k].all >= pools[k].right*pools[k-1].all; k-- {
			pools[k-1].right += pools[k].right
			pools[k-1].all += pools[k].all
			pools = pools[:k]
		}
	}
	// Where the answers of a step and of all above it are right in topIsRight of
	// the cases, the top band begins.
	top := len(pools)
	for k, right, n := len(pools)-1, 0, 0; k >= 0; k-- {
		right, n = right+pools[k].right, n+pools[k].all
		if float64(right) >= topIsRight*float64(n) {
			top = k
		}
	}
	var steps []model.Step
	for k, p := range pools {
		permille := uint16(p.right * 1000 / p.all)
		if k < top {
			permille = min(permille, topBand-1)
		} else {
			permille = max(permille, topBand)
		}
		steps = append(steps, model.Step{Margin: max(p.margin, 0), Permille: min(permille, 990)})
	}
	if len(steps) > 0 {
		steps[0].Margin = 0
	}
	return steps
}

// report prints what cross-validation found.
func report(w io.Writer, verdicts []verdict, steps []model.Step) {
	fmt.Fprintf(w, "\ncross-validation, %d folds by shop: answers on texts that the model has not seen\n", folds)
	fmt.Fprintf(w, "%-14s %7s %10s %10s\n", "texts", "lines", "category", "level 2")
	families := []string{"shops", "lines", "merchants", "development"}
	tell := func(name string, of func(verdict) bool) {
		var n, right, near int
		for _, v := range verdicts {
			if !of(v) {
				continue
			}
			n++
			if v.right {
				right++
			}
			if v.near {
				near++
			}
		}
		if n > 0 {
			fmt.Fprintf(w, "%-14s %7d %9.1f%% %9.1f%%\n", name, n, percent(right, n), percent(near, n))
		}
	}
	for _, f := range families {
		tell(f, func(v verdict) bool { return v.item.family == f })
	}
	tell("all", func(verdict) bool { return true })
	tell("model asked", func(v verdict) bool { return v.reaches })

	fmt.Fprintf(w, "\ncalibration, on lines for which the classifier asks the model\n%8s %8s %8s %8s %10s\n", "margin", "said", "lines", "right", "and above")
	for k, s := range steps {
		var n, right, above, aboveRight int
		for _, v := range verdicts {
			if !v.reaches || v.margin < s.Margin {
				continue
			}
			inside := k == len(steps)-1 || v.margin < steps[k+1].Margin
			above++
			if inside {
				n++
			}
			if v.right {
				aboveRight++
				if inside {
					right++
				}
			}
		}
		fmt.Fprintf(w, "%8d %8d %8d %7.1f%% %9.1f%%\n", s.Margin, s.Permille, n, percent(right, n), percent(aboveRight, above))
	}

	fmt.Fprintf(w, "\nlines for which the classifier asks the model: answered, and of these right\n%8s", "least")
	for _, f := range families {
		fmt.Fprintf(w, " %18s", f)
	}
	fmt.Fprintf(w, " %18s", "all")
	fmt.Fprintln(w)
	for _, least := range []uint16{0, 400, 500, 550, 600, 650, 700, 750, 800, 850, 900} {
		fmt.Fprintf(w, "%8d", least)
		for _, f := range append(families, "") {
			var n, answered, right int
			for _, v := range verdicts {
				if !v.reaches || f != "" && v.item.family != f {
					continue
				}
				n++
				if said(steps, v.margin) < least {
					continue
				}
				answered++
				if v.right {
					right++
				}
			}
			fmt.Fprintf(w, "   %6.1f%%  %6.1f%%", percent(answered, n), percent(right, answered))
		}
		fmt.Fprintln(w)
	}
}

func said(steps []model.Step, margin int32) uint16 {
	p := uint16(0)
	for _, s := range steps {
		if margin >= s.Margin {
			p = s.Permille
		}
	}
	return p
}

func percent(n, of int) float64 {
	if of == 0 {
		return math.NaN()
	}
	return 100 * float64(n) / float64(of)
}
