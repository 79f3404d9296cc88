package risksignals

import (
	_ "embed" // the table of signals
	"fmt"
	"slices"
	"strings"

	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/spec"
)

//go:embed signals.tsv
var signalsFile string

// signal is a row of the table of signals.
type signal struct {
	code  string
	kinds []spec.Kind
	needs string      // checking, cards or contracts
	bands [bands]band // from low to high
	read  func(*body) reading
}

// What a signal may need.
const (
	checking  = "checking"  // a checking account
	cards     = "cards"     // the section of cards
	contracts = "contracts" // a credit section, and a day on which what contracts owe is known
)

// bands is how many there are: low, medium, high.
const bands = 3

// levels are the levels of the bands.
var levels = [bands]fact.Level{fact.Low, fact.Medium, fact.High}

// band is where a level begins.
type band struct {
	text  string // as reports write it; "" for no band
	sign  string // ≥, > or ≤; "" where another figure decides
	limit money.Amount
}

// holds reports whether a value is in the band or beyond it.
func (b *band) holds(value money.Amount) bool {
	switch b.sign {
	case "≥":
		return value >= b.limit
	case ">":
		return value > b.limit
	case "≤":
		return value <= b.limit
	}
	return false
}

// level returns the level of a value: the highest band that holds.
func (s *signal) level(value money.Amount) fact.Level {
	for i := len(s.bands) - 1; i >= 0; i-- {
		if s.bands[i].holds(value) {
			return levels[i]
		}
	}
	return fact.NoLevel
}

// threshold returns the text of the band of a level, "" for none.
func (s *signal) threshold(level fact.Level) string {
	if i := slices.Index(levels[:], level); i >= 0 {
		return s.bands[i].text
	}
	return ""
}

// mustSignals reads the table and panics on a fault in it.
func mustSignals(tsv string) []signal {
	signals, err := parseSignals(tsv)
	if err != nil {
		panic("risksignals: " + err.Error())
	}
	return signals
}

func parseSignals(tsv string) ([]signal, error) {
	var list []signal
	for line := range strings.Lines(tsv) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if line[0] == '#' || cells[0] == "code" {
			continue
		}
		s, err := parseSignal(cells)
		if err != nil {
			return nil, fmt.Errorf("the signal %s: %w", cells[0], err)
		}
		list = append(list, s)
	}
	return list, nil
}

func parseSignal(cells []string) (signal, error) {
	const columns = 6
	if len(cells) != columns {
		return signal{}, fmt.Errorf("it has %d columns, not %d", len(cells), columns)
	}
	s := signal{code: cells[0], needs: cells[2], read: readers[cells[0]]}
	if s.read == nil {
		return s, fmt.Errorf("nothing reads it")
	}
	if !slices.Contains([]string{checking, cards, contracts}, s.needs) {
		return s, fmt.Errorf("it needs none of %s, %s and %s", checking, cards, contracts)
	}
	for kind := range strings.FieldsSeq(cells[1]) {
		switch kind {
		case "pf":
			s.kinds = append(s.kinds, spec.PF)
		case "pj":
			s.kinds = append(s.kinds, spec.PJ)
		default:
			return s, fmt.Errorf("a kind is pf or pj")
		}
	}
	for i := range s.bands {
		var err error
		if s.bands[i], err = parseBand(cells[columns-bands+i]); err != nil {
			return s, err
		}
	}
	return s, nil
}

// parseBand reads "≥ 0.10". Of a text with more than that the level is decided
// elsewhere.
func parseBand(text string) (band, error) {
	if text == "–" {
		return band{}, nil
	}
	sign, number, _ := strings.Cut(text, " ")
	if strings.Contains(number, " ") {
		return band{text: text}, nil
	}
	limit, err := money.Parse(number)
	if err != nil || sign != "≥" && sign != ">" && sign != "≤" {
		return band{}, fmt.Errorf("%q is no threshold", text)
	}
	return band{text, sign, limit}, nil
}
