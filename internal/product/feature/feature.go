// Package feature computes numbers for models: a feature, such as what came into
// the checking accounts, in a statistic, over a window.
//
// The features are data, features.tsv: each has its name, what it is made of, what
// it needs of the document, and its meaning in words. Most are flows: entries of a
// class, of category codes, of kinds of income or of obligations. A [Book] fills all
// flows of a person or company in one pass over the entries, by period of 30 days,
// so a label costs no pass of its own. The others are samples (a value by account,
// card or bill, of which statistics are taken) and single figures.
//
// A product lists [Label]s and writes the [Value] that [Book.Value] gives for each.
// What a value that cannot be known looks like is the product's choice.
package feature

import (
	_ "embed" // the table of features
	"fmt"
	"strings"
	"sync"

	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/product/spec"
)

//go:embed features.tsv
var table string

// Feature is one thing that is measured.
type Feature struct {
	Name    string
	Needs   Need
	Meaning spec.Text
	Unknown spec.Text // when it cannot be known although what it needs is there; empty: never

	flow   *flow
	sample func(*Book, Window) sample
	figure func(*Book, Window) Value
}

// Need is what a document must have for a feature to be known.
type Need uint8

// The needs.
const (
	Nothing     Need = iota
	Checking         // a checking account
	Cards            // the section of cards, with or without a card
	Savings          // a savings account
	Credit           // a section of credit contracts
	Investments      // a section of investments
)

var needs = map[string]Need{
	"": Nothing, "checking": Checking, "cards": Cards, "savings": Savings, "credit": Credit, "investments": Investments,
}

// Statistic is how a feature is made one number.
type Statistic uint8

// The statistics. The first four are of flows. Max to Variation are of the values of
// a sample, or of the amounts of the entries of a flow. Single is of figures.
const (
	Sum       Statistic = iota
	Count               // number of entries
	Periods             // periods of 30 days with an entry; unknown for none
	PerPeriod           // sum ÷ periods; 0 for none
	Max
	Min
	Mean
	Median    // the mean of the middle two
	Deviation // population standard deviation
	Variation // deviation ÷ mean, 0 for a mean of 0
	Single
)

var statistics = map[string]Statistic{
	"sum": Sum, "count": Count, "periods": Periods, "per_period": PerPeriod,
	"max": Max, "min": Min, "avg": Mean, "med": Median, "std": Deviation, "cv": Variation, "single": Single,
}

// fits reports whether a statistic can be taken of the feature.
func (f *Feature) fits(s Statistic) bool {
	switch {
	case f.figure != nil:
		return s == Single
	case f.sample != nil:
		return Max <= s && s <= Variation
	}
	return s <= Variation
}

// catalogue is the table of features, read once.
type catalogue struct {
	features []Feature
	byName   map[string]*Feature
	flows    flowIndex
}

var load = sync.OnceValue(func() *catalogue {
	c, err := read(table)
	if err != nil {
		panic("feature: " + err.Error())
	}
	return c
})

const tableColumns = "feature\tof\tneeds\ten\tpt\tunknown_en\tunknown_pt"

func read(table string) (*catalogue, error) {
	lines := strings.Split(strings.TrimRight(table, "\n"), "\n")
	if lines[0] != tableColumns {
		return nil, fmt.Errorf("line 1: the columns are not %s", tableColumns)
	}
	c := &catalogue{features: make([]Feature, len(lines)-1), byName: make(map[string]*Feature)}
	for i, line := range lines[1:] {
		f := &c.features[i]
		if err := f.read(strings.Split(line, "\t"), &c.flows); err != nil {
			return nil, fmt.Errorf("line %d: %w", i+2, err)
		}
		if c.byName[f.Name] != nil {
			return nil, fmt.Errorf("line %d: the feature stands twice", i+2)
		}
		c.byName[f.Name] = f
	}
	return c, nil
}

func (f *Feature) read(cells []string, index *flowIndex) error {
	if columns := strings.Count(tableColumns, "\t") + 1; len(cells) != columns {
		return fmt.Errorf("it has %d columns, not %d", len(cells), columns)
	}
	need, known := needs[cells[2]]
	if !known {
		return fmt.Errorf("nothing known is called %q", cells[2])
	}
	f.Name, f.Needs = cells[0], need
	f.Meaning, f.Unknown = spec.Text{EN: cells[3], PT: cells[4]}, spec.Text{EN: cells[5], PT: cells[6]}
	switch cells[1] {
	case "sample":
		f.sample = samples[f.Name]
	case "figure":
		f.figure = figures[f.Name]
	default:
		flow, err := index.add(cells[1])
		f.flow = flow
		return err
	}
	if f.sample == nil && f.figure == nil {
		return fmt.Errorf("no code computes the %s %s", cells[1], f.Name)
	}
	return nil
}

// Window is the part of the record that a feature is taken over. The zero value is
// all of it.
type Window struct {
	Days    int  // the entries of an age below it; one of fact.Windows
	Bills   int  // the newest closed bills of every card
	Payroll bool // the newest calendar month with a salary
}

// ParseWindow reads full_record_period, last_period, last_90_days or
// last_3_bill_month.
func ParseWindow(text string) (Window, error) {
	windows := []Window{{}, {Payroll: true}, {Bills: 1}, {Bills: 2}, {Bills: 3}}
	for _, days := range fact.Windows {
		windows = append(windows, Window{Days: days})
	}
	for _, w := range windows {
		if w.String() == text {
			return w, nil
		}
	}
	return Window{}, fmt.Errorf("no window is called %q", text)
}

// String returns the window as [ParseWindow] reads it.
func (w Window) String() string {
	switch {
	case w.Days > 0:
		return fmt.Sprintf("last_%d_days", w.Days)
	case w.Bills > 0:
		return fmt.Sprintf("last_%d_bill_month", w.Bills)
	case w.Payroll:
		return "last_period"
	}
	return "full_record_period"
}

// days returns the days of the window.
func (w Window) days(f *fact.Flows) fact.Range {
	if w.Days > 0 {
		return f.LastDays(w.Days)
	}
	return f.Whole()
}

// Label is a number with a code and a name.
type Label struct {
	Code, Name string
	Feature    *Feature
	Statistic  Statistic
	Window     Window
}

// NewLabel returns the label of a feature in a statistic (sum, count, periods,
// per_period, max, min, avg, med, std, cv, single) over a window.
func NewLabel(code, name, feature, statistic, window string) (Label, error) {
	l := Label{Code: code, Name: name, Feature: load().byName[feature]}
	if l.Feature == nil {
		return l, fmt.Errorf("%s: no feature is called %q", code, feature)
	}
	var known bool
	if l.Statistic, known = statistics[statistic]; !known || !l.Feature.fits(l.Statistic) {
		return l, fmt.Errorf("%s: %s has no statistic %q", code, feature, statistic)
	}
	var err error
	if l.Window, err = ParseWindow(window); err != nil {
		return l, fmt.Errorf("%s: %w", code, err)
	}
	return l, nil
}
