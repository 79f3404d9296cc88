package scorecard

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/openklaas/klaas/internal/money"
)

// File is a model as partners write it: a version and rows. Every variable has its
// rows together, tried from the first to the last.
type File struct {
	Version string `json:"version" doc:"Stands in reports as scoreDetail.version; at most 40 characters, and not beginning with p, as klaas names its own models" example:"acme-1"`
	Bands   []Band `json:"bands" doc:"The rows of all 14 variables, those of one together"`
}

// Band is one row: the points of a variable within a band of its values.
type Band struct {
	Variable string `json:"variable" doc:"R01 to R14" example:"R01"`
	When     string `json:"when" doc:"Of a number: < or <= and a limit, ascending, else at the end. Of a text: one of its values, or else. The first row that holds counts" example:"< 1500"`
	Points   int    `json:"points" doc:"-1000 to 1000" example:"-40"`
}

// Text returns the file as JSON with a row on each line, as people edit it.
func (f *File) Text() []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "{\n  \"version\": %s,\n  \"bands\": [", quoted(f.Version))
	for i, b := range f.Bands {
		comma := ","
		if i == 0 {
			comma = ""
		}
		fmt.Fprintf(&out, "%s\n    {\"variable\": %s, \"when\": %s, \"points\": %d}", comma, quoted(b.Variable), quoted(b.When), b.Points)
	}
	out.WriteString("\n  ]\n}\n")
	return out.Bytes()
}

// quoted returns a text in JSON, with < as it is.
func quoted(text string) []byte {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil {
		panic("scorecard: a text does not encode: " + err.Error())
	}
	return bytes.TrimSpace(out.Bytes())
}

// Error says what is wrong with a file. It repeats no value of it.
type Error struct {
	Faults []Fault // one at least, in the order of the file
}

// Fault is one fault of a file.
type Fault struct {
	Path    string // such as bands[3].when
	Message string // what is wrong and how to mend it
}

func (e *Error) Error() string {
	message := e.Faults[0].Path + ": " + e.Faults[0].Message
	if n := len(e.Faults) - 1; n > 0 {
		message += " (and " + strconv.Itoa(n) + " more)"
	}
	return message
}

// MaxRows is how many rows a file has at most.
const MaxRows = Count * maxBands

const (
	maxVersion  = 40
	maxPoints   = 1000
	maxBands    = 50 // of one variable
	maxDecimals = 4  // as figures have
	otherwise   = "else"
	ownPrefix   = "p" // of the versions of klaas
)

// Parse checks a partner's file. Error: *Error with every fault.
func Parse(f *File) (*Card, error) {
	c := checker{}
	c.version(f.Version)
	card := c.card(f)
	if len(c.faults) > 0 {
		return nil, &Error{c.faults}
	}
	return card, nil
}

// For returns the card of settings: that of a partner's file, or for nil that of
// klaas. It panics on a file that Parse refuses, as settings are checked before.
func For(f *File) *Card {
	if f == nil {
		return Own()
	}
	card, err := Parse(f)
	if err != nil {
		panic("scorecard: " + err.Error())
	}
	return card
}

type checker struct{ faults []Fault }

func (c *checker) fault(path, format string, args ...any) {
	c.faults = append(c.faults, Fault{path, fmt.Sprintf(format, args...)})
}

func (c *checker) version(version string) {
	printable := utf8.ValidString(version) && !strings.ContainsFunc(version, func(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError })
	switch {
	case strings.TrimSpace(version) == "":
		c.fault("version", "is missing: give it a name of your own, such as acme-1")
	case !printable:
		c.fault("version", "has characters that cannot be printed")
	case utf8.RuneCountInString(version) > maxVersion:
		c.fault("version", "is longer than %d characters", maxVersion)
	case strings.HasPrefix(version, ownPrefix):
		c.fault("version", "begins with p, as versions of klaas do: give it a name of your own, such as acme-1")
	}
}

// card reads the rows, variable by variable.
func (c *checker) card(f *File) *Card {
	card := &Card{Version: f.Version}
	if len(f.Bands) > MaxRows {
		c.fault("bands", "are more than %d: merge some", MaxRows)
		return card
	}
	all := variables()
	var seen [Count]bool
	for first := 0; first < len(f.Bands); {
		end := first + 1
		for end < len(f.Bands) && f.Bands[end].Variable == f.Bands[first].Variable {
			end++
		}
		i := slices.IndexFunc(all, func(v Variable) bool { return v.Code == f.Bands[first].Variable })
		switch {
		case i < 0:
			c.fault(row(first)+".variable", "is none of the variables: use R01 to R%d", Count)
		case seen[i]:
			c.fault(row(first)+".variable", "is %s once more: put all rows of a variable together", all[i].Code)
		case end-first > maxBands:
			c.fault(row(first), "%s has more than %d rows: merge some", all[i].Code, maxBands)
		default:
			card.bands[i] = c.bands(&all[i], f.Bands[first:end], first)
		}
		if i >= 0 {
			seen[i] = true
		}
		first = end
	}
	for i, known := range seen {
		if !known {
			c.fault("bands", "have no row of %s: to leave the variable out, give it the one row %q with 0 points", all[i].Code, otherwise)
		}
	}
	return card
}

func row(i int) string { return "bands[" + strconv.Itoa(i) + "]" }

// bands reads the rows of one variable, of which the first is row first of the file.
func (c *checker) bands(v *Variable, rows []Band, first int) []band {
	list := make([]band, 0, len(rows))
	before := len(c.faults)
	for i := range rows {
		at := row(first + i)
		if p := rows[i].Points; p < -maxPoints || p > maxPoints {
			c.fault(at+".points", "of %s lie beyond ±%d", v.Code, maxPoints)
		}
		b := band{points: rows[i].Points}
		if fault := b.read(v, rows[i].When); fault != "" {
			c.fault(at+".when", "%s", fault)
			continue
		}
		if i > 0 && len(list) == i {
			c.follows(v, at, list, &b)
		}
		list = append(list, b)
	}
	if len(c.faults) > before {
		return nil // What follows would repeat them.
	}
	c.complete(v, first+len(rows)-1, list)
	c.monotone(v, first, list)
	return list
}

// read reads the condition of a row and returns what is wrong with it.
func (b *band) read(v *Variable, when string) (fault string) {
	when = strings.TrimSpace(when)
	b.when = when
	switch {
	case when == otherwise:
		b.all = true
		return ""
	case v.IsText():
		if b.text = when; !slices.Contains(v.Values, when) {
			return "of " + v.Code + " is none of its values: use " + strings.Join(v.Values, ", ") + " or " + otherwise
		}
		return ""
	}
	limit, less := strings.CutPrefix(when, "<")
	limit, b.atLimit = strings.CutPrefix(limit, "=")
	limit = strings.TrimSpace(limit)
	amount, err := money.Parse(limit)
	_, decimals, _ := strings.Cut(limit, ".")
	switch {
	case !less:
		return "of " + v.Code + ` begins neither with < nor with <=: write such as "< 1500", or ` + otherwise
	case err != nil, len(decimals) > maxDecimals:
		return "of " + v.Code + " has no limit after the sign: use digits and a point, at most 4 decimals"
	}
	b.limit, b.isLimit = amount, true
	return ""
}

// follows checks a row after those before it.
func (c *checker) follows(v *Variable, at string, before []band, b *band) {
	last := &before[len(before)-1]
	switch {
	case last.all:
		c.fault(at, "of %s comes after its row %s, which has every value: put that one last", v.Code, otherwise)
	case b.all:
	case v.IsText():
		if slices.ContainsFunc(before, func(o band) bool { return o.text == b.text }) {
			c.fault(at+".when", "of %s is a value that an earlier row has: remove one", v.Code)
		}
	case b.limit < last.limit || b.limit == last.limit && (last.atLimit || !b.atLimit):
		c.fault(at+".when", "of %s is not above the limit of the row before: put the rows in ascending order", v.Code)
	}
}

// complete checks that every value has a row.
func (c *checker) complete(v *Variable, last int, list []band) {
	if list[len(list)-1].all {
		return
	}
	for _, value := range v.Values {
		if !slices.ContainsFunc(list, func(b band) bool { return b.text == value }) {
			c.fault(row(last), "is the last row of %s, and %s has none: add a row for it or one with %q", v.Code, value, otherwise)
			return
		}
	}
	if !v.IsText() {
		c.fault(row(last), "is the last row of %s, but values above its limit have none: add one with %q", v.Code, otherwise)
	}
}

// monotone checks that a better value never has fewer points.
func (c *checker) monotone(v *Variable, first int, list []band) {
	type place struct{ row, points int }
	var rising []place // by rising value
	if !v.IsText() {
		for i := range list {
			rising = append(rising, place{i, list[i].points})
		}
	}
	for _, value := range v.Values {
		i := slices.IndexFunc(list, func(b band) bool { return b.all || b.text == value })
		if i < 0 {
			return // It was told that the value has no row.
		}
		rising = append(rising, place{i, list[i].points})
	}
	for i := range rising[1:] {
		worse, better := rising[i], rising[i+1]
		if !v.HighIsBetter {
			worse, better = better, worse
		}
		if better.points < worse.points {
			c.fault(row(first+better.row)+".points", "of %s are fewer than those of %s, which has worse values: a better value never has fewer points", v.Code, row(first+worse.row))
		}
	}
}
