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
	return append(append(statement.AccountPermissions(), statement.CardPermissions()...),
		spec.Permission{Group: "CREDIT_OPERATIONS_ALL", Sections: analytic.CreditSections()},
		spec.Permission{Group: "INVESTMENTS_ALL", Sections: investmentSections()})
}

// Labels returns the labels of a kind in their order. The slice is shared.
func Labels(k spec.Kind) []feature.Label { return load()[k] }

var load = sync.OnceValue(func() map[spec.Kind][]feature.Label {
	labels, err := read(table)
	if err != nil {
		panic("creditrisk: " + err.Error())
	}
	return labels
})

// read makes the labels of a table. A code is the letter of the kind, the base and a
// digit for the window; codes that start with F are Klavi's, and count on from window
// to window.
func read(table string) (map[spec.Kind][]feature.Label, error) {
	const columns = "base\tname\tkinds\twindowed\tcounted\tstatistic\tfeature"
	lines := strings.Split(strings.TrimRight(table, "\n"), "\n")
	if lines[0] != columns {
		return nil, fmt.Errorf("line 1: the columns are not %s", columns)
	}
	labels := make(map[spec.Kind][]feature.Label)
	for i, line := range lines[1:] {
		cells := strings.Split(line, "\t")
		if len(cells) != strings.Count(columns, "\t")+1 {
			return nil, fmt.Errorf("line %d: it has other columns", i+2)
		}
		b := base{number: cells[0], name: cells[1], windowed: cells[3] == "yes", statistic: cells[5], feature: cells[6]}
		for kind, letter := range map[spec.Kind]string{spec.PF: "P", spec.PJ: "J"} {
			if !slices.Contains(strings.Fields(cells[2]), strings.TrimSuffix(kind.Prefix(), "_")) {
				continue
			}
			of, err := b.labels(letter)
			if err == nil && cells[4] == "yes" {
				of, err = b.counted(letter, of)
			}
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", i+2, err)
			}
			labels[kind] = append(labels[kind], of...)
		}
	}
	return labels, nil
}

// base is one row of the table.
type base struct {
	number, name, statistic, feature string
	windowed                         bool
}

// labels returns the label of the whole record, or one for each window.
func (b *base) labels(letter string) ([]feature.Label, error) {
	if !b.windowed {
		l, err := feature.NewLabel(b.code(letter, 0), b.name, b.feature, b.statistic, feature.Window{}.String())
		return []feature.Label{l}, err
	}
	list := make([]feature.Label, len(fact.Windows))
	for i, days := range fact.Windows {
		name := fmt.Sprintf("%s last %d days", b.name, days)
		l, err := feature.NewLabel(b.code(letter, i+1), name, b.feature, b.statistic, feature.Window{Days: days}.String())
		if err != nil {
			return nil, err
		}
		list[i] = l
	}
	return list, nil
}

// countOffset is how far the base of a count is from that of its sum.
const countOffset = 500

// counted adds the twins that count what the labels add up.
func (b *base) counted(letter string, sums []feature.Label) ([]feature.Label, error) {
	number, err := strconv.Atoi(b.number)
	if err != nil {
		return nil, err
	}
	twin := base{fmt.Sprintf("%05d", number+countOffset), b.name + " transaction count", "count", b.feature, b.windowed}
	counts, err := twin.labels(letter)
	return append(sums, counts...), err
}

// code returns the code for a window: 0 the whole record, 1 to 6 those of
// fact.Windows.
func (b *base) code(letter string, window int) string {
	digits, published := strings.CutPrefix(b.number, "F")
	if !published {
		return letter + b.number + strconv.Itoa(window)
	}
	first, err := strconv.Atoi(digits)
	if err != nil {
		return b.number
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
		switch {
		case d.value.Known:
			d.value.Write(w, key)
		default:
			w.Null(key)
			if d.value.NotAsOf {
				w.NotAsOf(key)
			}
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
