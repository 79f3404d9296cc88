// Package scorecard is the model behind the credit score: which variables it asks,
// the points of each, and the reasons that it gives.
//
// It is an expert scorecard: people chose its bands and points. They were not fitted
// on outcomes, and the score is no probability of default.
//
// Begin with [Own], the model that klaas ships, or [Parse] for bands and points of a
// partner, then [Card.Score]. The variables and what they mean are those of
// variables.tsv, the reasons those of reasons.tsv, the bands of klaas those of
// p1.0.json, which has the form of a partner's file. The package knows no ledger:
// values are given to it.
package scorecard

import (
	_ "embed" // the tables
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"sync"

	"github.com/openklaas/klaas/internal/money"
)

//go:embed variables.tsv
var variablesTSV string

//go:embed reasons.tsv
var reasonsTSV string

//go:embed p1.0.json
var ownJSON []byte

// The score: base + points, held within 0 and most.
const (
	base = 500
	most = 1000
)

// Variable is what the score asks about a person.
type Variable struct {
	Code string // R01 to R14
	// Values are those of a variable that is a text, in rising order; none of a
	// number.
	Values       []string
	HighIsBetter bool // points never fall as the value rises; else they never rise
	EN, PT       string
	Positive     Text // the reason where it has points above 0
	Negative     Text // the reason where it has points below 0
}

// IsText reports whether the variable is a text, else it is a number.
func (v *Variable) IsText() bool { return len(v.Values) > 0 }

// Text is a text in both languages.
type Text struct{ PT, EN string }

// Count is the number of variables.
const Count = 14

// variables are read once: they never change.
var variables = sync.OnceValue(func() []Variable {
	list, err := readVariables(variablesTSV, reasonsTSV)
	if err != nil {
		panic("scorecard: " + err.Error())
	}
	return list
})

// Variables returns the variables in the order of their codes.
func Variables() []Variable { return slices.Clone(variables()) }

// Value is what a variable is for a person.
type Value struct {
	Known  bool         // else there is no input: 0 points
	Number money.Amount // of a number, with up to 4 decimals
	Text   string       // of a text
}

// Card is a sound model, ready to be asked.
type Card struct {
	Version string
	bands   [Count][]band
}

// band gives points to the values below a limit, or at it.
type band struct {
	when    string // as it was written
	points  int
	all     bool         // the else band
	limit   money.Amount // of a number
	atLimit bool         // the limit itself is in the band
	text    string       // of a text
	isLimit bool
}

func (b *band) has(v *Value) bool {
	switch {
	case b.all:
		return true
	case !b.isLimit:
		return v.Text == b.text
	}
	return v.Number < b.limit || b.atLimit && v.Number == b.limit
}

// Rows returns the rows of the variable at i in words, such as "< 90: -30, else: +30".
func (c *Card) Rows(i int) string {
	rows := make([]string, len(c.bands[i]))
	for k, b := range c.bands[i] {
		rows[k] = b.when + ": " + signed(b.points)
	}
	return strings.Join(rows, ", ")
}

func signed(points int) string {
	if points == 0 {
		return "0"
	}
	return fmt.Sprintf("%+d", points)
}

// Score is what a card gives.
type Score struct {
	Score  int        // 0 to 1000
	Points [Count]int // of each variable
	Inputs int        // variables with input
}

// Score returns clamp(500 + Σ points, 0, 1000). A variable without input has 0
// points; of its bands the first that holds counts.
func (c *Card) Score(values *[Count]Value) Score {
	s := Score{Score: base}
	for i := range values {
		if !values[i].Known {
			continue
		}
		s.Inputs++
		bands := c.bands[i]
		if at := slices.IndexFunc(bands, func(b band) bool { return b.has(&values[i]) }); at >= 0 {
			s.Points[i] = bands[at].points
			s.Score += bands[at].points
		}
	}
	s.Score = min(most, max(0, s.Score))
	return s
}

// riskBands are the bands of the score: below the first limit that is above it.
var riskBands = []struct {
	below int
	name  string
}{
	{300, "VERY_HIGH_RISK"}, {450, "HIGH_RISK"}, {600, "MEDIUM_RISK"}, {750, "LOW_RISK"}, {most + 1, "VERY_LOW_RISK"},
}

// Band returns the band of risk, such as MEDIUM_RISK.
func (s *Score) Band() string {
	for _, b := range riskBands {
		if s.Score < b.below {
			return b.name
		}
	}
	return riskBands[len(riskBands)-1].name
}

// maxReasons is how many reasons each list has at most.
const maxReasons = 4

// Reasons returns the variables behind a score, as places in [Variables]: up to four
// with points above 0, most points first, and up to four with points below 0, most
// negative first; equal ones by their code.
func (s *Score) Reasons() (positive, negative []int) {
	for i, points := range s.Points {
		switch {
		case points > 0:
			positive = append(positive, i)
		case points < 0:
			negative = append(negative, i)
		}
	}
	slices.SortStableFunc(positive, func(x, y int) int { return s.Points[y] - s.Points[x] })
	slices.SortStableFunc(negative, func(x, y int) int { return s.Points[x] - s.Points[y] })
	return positive[:min(maxReasons, len(positive))], negative[:min(maxReasons, len(negative))]
}

// Confidence says how much there was to judge by: 0.4 × days covered ÷ 360 + 0.3 ×
// the share of the amount that has a category + 0.3 × the share of the variables
// with input; 4 decimals. Where no amount is known none has a category.
func Confidence(daysCovered int, classified, total money.Amount, inputs int) money.Amount {
	sum := big.NewRat(4*int64(daysCovered), 10*360)
	if total > 0 {
		share := big.NewRat(int64(classified), int64(total))
		sum.Add(sum, share.Mul(share, big.NewRat(3, 10)))
	}
	sum.Add(sum, big.NewRat(3*int64(inputs), 10*Count))
	sum.Mul(sum, big.NewRat(money.Scale, 1))
	half := big.NewRat(1, 2)
	sum.Add(sum, half)
	return money.Amount(new(big.Int).Quo(sum.Num(), sum.Denom()).Int64())
}

// Own returns the model of klaas.
func Own() *Card { return own().card }

// OwnFile returns the model of klaas as a file, which a partner can begin with.
func OwnFile() File { return File{own().file.Version, slices.Clone(own().file.Bands)} }

type parsed struct {
	file File
	card *Card
}

var own = sync.OnceValue(func() parsed {
	var p parsed
	if err := json.Unmarshal(ownJSON, &p.file); err != nil {
		panic("scorecard: " + err.Error())
	}
	c := checker{}
	if p.card = c.card(&p.file); len(c.faults) > 0 {
		panic("scorecard: " + (&Error{c.faults}).Error())
	}
	return p
})

// readVariables reads both tables.
func readVariables(variables, reasons string) ([]Variable, error) {
	rows, err := table(variables, "code\tkind\tbetter\tvalues\ten\tpt")
	if err != nil {
		return nil, err
	}
	var list []Variable
	for _, row := range rows {
		v := Variable{Code: row[0], HighIsBetter: row[2] == "high", Values: strings.Fields(row[3]), EN: row[4], PT: row[5]}
		if (row[1] == "text") != v.IsText() || row[2] != "high" && row[2] != "low" {
			return nil, fmt.Errorf("%s is wrong in the table of variables", v.Code)
		}
		list = append(list, v)
	}
	if rows, err = table(reasons, "code\tlist\tpt\ten"); err != nil {
		return nil, err
	}
	for _, row := range rows {
		i := slices.IndexFunc(list, func(v Variable) bool { return v.Code == row[0] })
		if i < 0 {
			return nil, fmt.Errorf("the reason %s has no variable", row[0])
		}
		text := Text{PT: row[2], EN: row[3]}
		if row[1] == "positive" {
			list[i].Positive = text
		} else {
			list[i].Negative = text
		}
	}
	if len(list) != Count || slices.ContainsFunc(list, func(v Variable) bool { return v.Positive == Text{} || v.Negative == Text{} }) {
		return nil, fmt.Errorf("the tables do not have %d variables with two reasons each", Count)
	}
	return list, nil
}

// table reads the rows of a table with a header.
func table(tsv, header string) ([][]string, error) {
	lines := strings.Split(strings.TrimRight(tsv, "\n"), "\n")
	if lines[0] != header {
		return nil, fmt.Errorf("the header is not %q", header)
	}
	columns := strings.Count(header, "\t") + 1
	rows := make([][]string, 0, len(lines))
	for i, line := range lines[1:] {
		cells := strings.Split(line, "\t")
		if len(cells) != columns {
			return nil, fmt.Errorf("line %d has %d columns, not %d", i+2, len(cells), columns)
		}
		rows = append(rows, cells)
	}
	return rows, nil
}
