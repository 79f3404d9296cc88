package accuracy

import (
	"cmp"
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/taxonomy"
)

// Labels says which categories count as right for a label. Labels may be coarser
// than the tree: a label stands for all codes that begin with one of its own.
type Labels struct{ rows []labelRow }

type labelRow struct {
	name      string
	codes     []string // beginnings of codes: 2, 4 or 6 digits
	direction string   // C or D where the label is one direction of its codes; else ""
}

//go:embed data/labels.csv
var commonLabels string

// CommonLabels returns the 30 coarse labels that klaas measures itself by.
func CommonLabels() *Labels {
	labels, err := ReadLabels(strings.NewReader(commonLabels))
	if err != nil {
		panic("accuracy: data/labels.csv: " + err.Error())
	}
	return labels
}

// ReadLabels reads a mapping: CSV with the columns label, codes (beginnings of
// codes, blanks between them) and, where two labels share codes, direction (C or
// D).
func ReadLabels(r io.Reader) (*Labels, error) {
	in := csv.NewReader(r)
	in.FieldsPerRecord = -1
	rows, err := in.ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) > 0 {
		rows[0][0] = strings.TrimPrefix(rows[0][0], "\ufeff")
	}
	if len(rows) == 0 || len(rows[0]) < 2 || rows[0][0] != "label" || rows[0][1] != "codes" {
		return nil, fmt.Errorf("line 1: the columns must be label,codes and, if needed, direction")
	}
	var labels Labels
	for i, row := range rows[1:] {
		if len(row) < 2 || strings.TrimSpace(row[1]) == "" {
			return nil, fmt.Errorf("line %d: codes are missing", i+2)
		}
		l := labelRow{name: row[0], codes: strings.Fields(row[1])}
		for _, code := range l.codes {
			if !isPrefix(code) {
				return nil, fmt.Errorf("line %d: codes: no category begins so: use 2, 4 or 6 digits of klaas taxonomy", i+2)
			}
		}
		if len(row) > 2 {
			l.direction = row[2]
		}
		if l.direction != "" && l.direction != "C" && l.direction != "D" {
			return nil, fmt.Errorf("line %d: direction: use C, D or nothing", i+2)
		}
		labels.rows = append(labels.rows, l)
	}
	return &labels, nil
}

func isPrefix(code string) bool {
	return slices.ContainsFunc(taxonomy.All(), func(c taxonomy.Category) bool {
		return len(code) >= 2 && strings.HasPrefix(c.Code.String(), code)
	})
}

// Has reports whether a label is known: one of the mapping, or a code.
func (l *Labels) Has(label string) bool { return l.codes(label) != nil }

// codes returns the beginnings of the codes that a label stands for.
func (l *Labels) codes(label string) []string {
	for i := range l.rows {
		if l.rows[i].name == label {
			return l.rows[i].codes
		}
	}
	if isPrefix(label) {
		return []string{label}
	}
	return nil
}

// accepts reports whether a code is right for a label.
func (l *Labels) accepts(label string, code taxonomy.Code) bool {
	text := code.String()
	return slices.ContainsFunc(l.codes(label), func(p string) bool { return strings.HasPrefix(text, p) })
}

// nearest returns the label that a code stands for: the one that names most of
// its digits, of equals the one of the direction.
func (l *Labels) nearest(code taxonomy.Code, credit bool) string {
	text, direction := code.String(), "D"
	if credit {
		direction = "C"
	}
	best, most := "", 0
	for i := range l.rows {
		row := &l.rows[i]
		if row.direction != "" && row.direction != direction {
			continue
		}
		for _, p := range row.codes {
			if len(p) > most && strings.HasPrefix(text, p) {
				best, most = row.name, len(p)
			}
		}
	}
	if best == "" {
		return text
	}
	return best
}

// Case is a labelled line and what was decided of it.
type Case struct {
	Group      string   // where it comes from, such as the bank
	Label      string   // what it is
	Accept     []string // the labels that count as right; empty: Label alone
	Credit     bool
	Code       taxonomy.Code
	Tier       ledger.Tier // TierNone: an abstention, which is wrong whatever the label
	Confidence uint16      // per mille
}

// Share is a part of a whole.
type Share struct{ Part, Whole int }

// Value returns the share; 0 of nothing.
func (s Share) Value() float64 {
	if s.Whole == 0 {
		return 0
	}
	return float64(s.Part) / float64(s.Whole)
}

// Interval returns the 95 % confidence interval of a share after Wilson; 0 and 1
// of nothing.
func (s Share) Interval() (low, high float64) {
	if s.Whole == 0 {
		return 0, 1
	}
	const z = 1.959964
	n, p := float64(s.Whole), s.Value()
	centre, reach := p+z*z/(2*n), z*math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return max(0, (centre-reach)/(1+z*z/n)), min(1, (centre+reach)/(1+z*z/n))
}

// TopBand is the confidence, per mille, from which a decision is said to be sure.
const TopBand = 900

// CommonRows is the number of rows from which a label counts in the main macro-F1.
const CommonRows = 20

// Part is how a part of the cases fared.
type Part struct {
	Name      string
	Accuracy  Share // right answers of all; an abstention is no answer
	Coverage  Share // answers of all
	Precision Share // right answers of the answers
	Top       Share // answers of the top band of all
	TopRight  Share // right answers of the top band of its answers
}

func (p *Part) add(c *Case, right bool) {
	answered := c.Tier != ledger.TierNone
	count := func(s *Share, part bool) {
		s.Whole++
		if part {
			s.Part++
		}
	}
	top := answered && c.Confidence >= TopBand
	count(&p.Accuracy, right)
	count(&p.Coverage, answered)
	count(&p.Top, top)
	if answered {
		count(&p.Precision, right)
	}
	if top {
		count(&p.TopRight, right)
	}
}

// LabelScore is how one label fared.
type LabelScore struct {
	Label     string
	Rows      int   // lines that have the label
	Precision Share // of the answers that mean the label, those that are right
	Recall    Share // of the lines that have the label, those that were found
}

// F1 is the harmonic mean of precision and recall.
func (l *LabelScore) F1() float64 {
	p, r := l.Precision.Value(), l.Recall.Value()
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}

// Point says how many cases were answered with a confidence or more, and how many
// of these are right.
type Point struct {
	Confidence uint16 // per mille
	Answered   Share  // of all cases
	Right      Share  // of the answers
}

// Score is how well the cases were decided.
type Score struct {
	All      Part
	MacroF1  Mean // over labels of at least CommonRows lines
	RareF1   Mean // over the other labels that occur
	Tiers    []Part
	Groups   []Part
	Labels   []LabelScore // by number of lines, most first
	Curve    []Point      // by confidence, greatest first
	Majority Part         // had every line got the label that is most common here
}

// Mean is an average over labels with its 95 % interval from 1,000 resamples.
type Mean struct {
	Labels           int
	Value, Low, High float64
}

// ScoreCases compares decisions with labels.
func ScoreCases(labels *Labels, cases []Case) *Score {
	s := &Score{All: Part{Name: "all"}}
	marks := make([]mark, len(cases))
	tiers, groups := map[string]*Part{}, map[string]*Part{}
	for i := range cases {
		c := &cases[i]
		marks[i] = labels.mark(c)
		s.All.add(c, marks[i].right)
		part(tiers, c.Tier.String()).add(c, marks[i].right)
		part(groups, c.Group).add(c, marks[i].right)
	}
	s.Tiers, s.Groups = sorted(tiers), sorted(groups)
	s.Labels = labelScores(marks)
	s.MacroF1, s.RareF1 = macroF1(marks)
	s.Curve = curve(cases, marks)
	if len(s.Labels) > 0 {
		s.Majority.Name = "always " + s.Labels[0].Label
		for i := range cases {
			c := cases[i]
			c.Tier, c.Confidence = ledger.TierModel, 0
			s.Majority.add(&c, accepted(&c, s.Labels[0].Label))
		}
	}
	return s
}

// Right reports whether a case was answered with a code that counts as right.
func (c *Case) Right(labels *Labels) bool { return labels.mark(c).right }

// mark is a case with the label that its decision means.
type mark struct {
	is, said string // said is "" for an abstention
	right    bool
}

func (l *Labels) mark(c *Case) mark {
	m := mark{is: c.Label}
	if c.Tier == ledger.TierNone {
		return m
	}
	m.right = slices.ContainsFunc(accept(c), func(label string) bool { return l.accepts(label, c.Code) })
	m.said = c.Label
	if !m.right {
		m.said = l.nearest(c.Code, c.Credit)
	}
	return m
}

func accept(c *Case) []string {
	if len(c.Accept) == 0 {
		return []string{c.Label}
	}
	return c.Accept
}

func accepted(c *Case, label string) bool { return slices.Contains(accept(c), label) }

func part(parts map[string]*Part, name string) *Part {
	if parts[name] == nil {
		parts[name] = &Part{Name: name}
	}
	return parts[name]
}

func sorted(parts map[string]*Part) []Part {
	var list []Part
	for _, p := range parts {
		list = append(list, *p)
	}
	slices.SortFunc(list, func(a, b Part) int {
		return cmp.Or(cmp.Compare(b.Accuracy.Whole, a.Accuracy.Whole), strings.Compare(a.Name, b.Name))
	})
	return list
}

func labelScores(marks []mark) []LabelScore {
	scores := map[string]*LabelScore{}
	of := func(label string) *LabelScore {
		if scores[label] == nil {
			scores[label] = &LabelScore{Label: label}
		}
		return scores[label]
	}
	for _, m := range marks {
		is := of(m.is)
		is.Rows++
		is.Recall.Whole++
		if m.said != "" {
			of(m.said).Precision.Whole++
		}
		if m.right {
			is.Recall.Part++
			is.Precision.Part++
		}
	}
	var list []LabelScore
	for _, s := range scores {
		list = append(list, *s)
	}
	slices.SortFunc(list, func(a, b LabelScore) int {
		return cmp.Or(cmp.Compare(b.Rows, a.Rows), strings.Compare(a.Label, b.Label))
	})
	return list
}

// macroF1 returns the mean F1 of the common and of the rare labels. A label that
// was only said, never true, is in neither.
func macroF1(marks []mark) (common, rare Mean) {
	isCommon := map[string]bool{}
	for _, s := range labelScores(marks) {
		isCommon[s.Label] = s.Rows >= CommonRows
	}
	mean := func(sample []mark) (c, r float64, nc, nr int) {
		for _, s := range labelScores(sample) {
			switch {
			case s.Rows == 0:
			case isCommon[s.Label]:
				c, nc = c+s.F1(), nc+1
			default:
				r, nr = r+s.F1(), nr+1
			}
		}
		return c / float64(max(nc, 1)), r / float64(max(nr, 1)), nc, nr
	}
	common.Value, rare.Value, common.Labels, rare.Labels = mean(marks)

	const resamples = 1000
	random := rand.New(rand.NewPCG(1, 2))
	sample := make([]mark, len(marks))
	commons, rares := make([]float64, resamples), make([]float64, resamples)
	for i := range resamples {
		for j := range sample {
			sample[j] = marks[random.IntN(len(marks))]
		}
		commons[i], rares[i], _, _ = mean(sample)
	}
	interval := func(m *Mean, values []float64) {
		slices.Sort(values)
		m.Low, m.High = values[resamples*25/1000], values[resamples*975/1000-1]
	}
	interval(&common, commons)
	interval(&rare, rares)
	return common, rare
}

func curve(cases []Case, marks []mark) []Point {
	order := make([]int, 0, len(cases))
	for i := range cases {
		if cases[i].Tier != ledger.TierNone {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(cases[b].Confidence, cases[a].Confidence) })
	var points []Point
	right := 0
	for n, i := range order {
		if marks[i].right {
			right++
		}
		if n+1 < len(order) && cases[order[n+1]].Confidence == cases[i].Confidence {
			continue
		}
		points = append(points, Point{cases[i].Confidence, Share{n + 1, len(cases)}, Share{right, n + 1}})
	}
	return points
}
