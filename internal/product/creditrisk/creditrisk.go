// Package creditrisk lists coded features for credit models: flows, income,
// obligations, spending, balances, cards, contracts and ratios, most of them over
// six windows.
package creditrisk

import (
	_ "embed" // the tables of fields and labels
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/product/analytic"
	"github.com/openklaas/klaas/internal/product/feature"
	"github.com/openklaas/klaas/internal/product/holding"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
	"github.com/openklaas/klaas/openfinance"
)

//go:embed fields.tsv
var fields string

//go:embed bases.tsv
var table string

const bodyKey = "creditRisk"

// Product returns the descriptor.
func Product() *spec.Product {
	return &spec.Product{
		Order:    240,
		Name:     "credit_risk",
		Kinds:    statement.BothKinds(),
		BodyKey:  bodyKey,
		Versions: analytic.Versions(),
		Title:    spec.Text{PT: "Risco de crédito", EN: "Credit risk"},
		Purpose: spec.Text{
			PT: "Lista de atributos com código para modelos de crédito",
			EN: "List of coded features for credit models",
		},
		Analytic:    true,
		Sections:    sections,
		Permissions: permissions(),
		Fields:      spec.MustFields(fields),
		Write:       write,
	}
}

func sections(k spec.Kind) spec.Sections {
	relation := openfinance.SectionPersonalRelation
	if k == spec.PJ {
		relation = openfinance.SectionBusinessRelation
	}
	return spec.Sections{
		Required: []string{openfinance.SectionAccounts, openfinance.SectionCreditCardsAccounts},
		Further:  append(append(analytic.CreditSections(), investmentSections()...), relation),
	}
}

func investmentSections() []string { return statement.SectionsOf(holding.AllKinds()...) }

func permissions() []spec.Permission {
	return append(analytic.Permissions(), spec.Permission{Group: "INVESTMENTS_ALL", Sections: investmentSections()})
}

// Base is one feature with its labels: one of the whole record, or one for each
// window, and behind these those that count what they add up.
type Base struct {
	Number, Name string
	Labels       map[spec.Kind][]feature.Label // of each kind that has the feature
}

// Bases returns all features in the order of the list, those with published codes
// first. The slice is shared.
func Bases() []Base { return load().bases }

// Labels returns the labels of a kind in their order. The slice is shared.
func Labels(k spec.Kind) []feature.Label { return load().labels[k] }

type list struct {
	bases  []Base
	labels map[spec.Kind][]feature.Label
}

var load = sync.OnceValue(func() *list {
	l, err := read(table)
	if err != nil {
		panic("creditrisk: " + err.Error())
	}
	return l
})

var letters = map[spec.Kind]string{spec.PF: "P", spec.PJ: "J"}

func read(table string) (*list, error) {
	const columns = "base\tname\tkinds\twindowed\tcounted\tstatistic\tfeature"
	lines := strings.Split(strings.TrimRight(table, "\n"), "\n")
	if lines[0] != columns {
		return nil, fmt.Errorf("line 1: the columns are not %s", columns)
	}
	l := &list{labels: make(map[spec.Kind][]feature.Label)}
	for i, line := range lines[1:] {
		cells := strings.Split(line, "\t")
		if len(cells) != strings.Count(columns, "\t")+1 {
			return nil, fmt.Errorf("line %d: it has other columns", i+2)
		}
		r := row{number: cells[0], name: cells[1], windowed: cells[3] == "yes", counted: cells[4] == "yes", statistic: cells[5], feature: cells[6]}
		b := Base{Number: r.number, Name: r.name, Labels: make(map[spec.Kind][]feature.Label)}
		for kind, letter := range letters {
			if !slices.Contains(strings.Fields(cells[2]), strings.TrimSuffix(kind.Prefix(), "_")) {
				continue
			}
			labels, err := r.labels(letter)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", i+2, err)
			}
			b.Labels[kind] = labels
			l.labels[kind] = append(l.labels[kind], labels...)
		}
		l.bases = append(l.bases, b)
	}
	return l, nil
}

// row is one row of the table of features.
type row struct {
	number, name, statistic, feature string
	windowed, counted                bool
}

// countOffset is how far the base of a count is from that of its sum.
const countOffset = 500

func (r *row) labels(letter string) ([]feature.Label, error) {
	if !r.windowed {
		l, err := feature.NewLabel(r.code(letter, 0), r.name, r.feature, r.statistic, feature.Window{}.String())
		return []feature.Label{l}, err
	}
	var labels []feature.Label
	for i, days := range fact.Windows {
		name := fmt.Sprintf("%s last %d days", r.name, days)
		l, err := feature.NewLabel(r.code(letter, i+1), name, r.feature, r.statistic, feature.Window{Days: days}.String())
		if err != nil {
			return nil, err
		}
		labels = append(labels, l)
	}
	if !r.counted {
		return labels, nil
	}
	number, err := strconv.Atoi(r.number)
	if err != nil {
		return nil, err
	}
	twin := row{number: fmt.Sprintf("%05d", number+countOffset), name: r.name + " transaction count", statistic: "count", feature: r.feature, windowed: true}
	counts, err := twin.labels(letter)
	return append(labels, counts...), err
}

// code returns the code for a window: 0 the whole record, 1 to 6 those of
// fact.Windows. It is the letter of the kind, the base and the digit of the window;
// codes that start with F are published, and count on from window to window.
func (r *row) code(letter string, window int) string {
	digits, published := strings.CutPrefix(r.number, "F")
	if !published {
		return letter + r.number + strconv.Itoa(window)
	}
	first, err := strconv.Atoi(digits)
	if err != nil {
		return r.number
	}
	return fmt.Sprintf("F%06d", first+max(0, window-1))
}

// detail is a label with its value.
type detail struct {
	label *feature.Label
	value feature.Value
}

func write(e *encode.Writer, in *spec.Input) {
	w := analytic.New(e, in, bodyKey)
	details := compute(in)
	e.OpenObject()
	w.Info()
	w.List("labelDetails", len(details), func(i int) {
		const key = "labelValue"
		d := &details[i]
		w.Field("labelCode", d.label.Code)
		w.Field("labelName", d.label.Name)
		if d.value.Known {
			d.value.Write(w, key, d.label)
			return
		}
		w.Null(key)
		if d.value.NotAsOf {
			w.NotAsOf(key)
		}
	})
	e.CloseObject()
}

// compute returns the labels that are written: in V1 and V1.1 those that are known.
func compute(in *spec.Input) []detail {
	labels := Labels(in.Kind)
	book := feature.New(in.Facts, in.Company(), in.Version)
	details := make([]detail, 0, len(labels))
	for i := range labels {
		v := book.Value(&labels[i])
		if v.Known || in.Version == spec.V2 {
			details = append(details, detail{&labels[i], v})
		}
	}
	return details
}
