// Package klabel lists the 540 numeric features of klaas's oldest feature list for
// credit models. Their codes, names and order are a contract with models that were
// fitted on them, so misspelt names stay. Package creditrisk is the successor.
package klabel

import (
	_ "embed" // the tables of fields and labels
	"fmt"
	"strings"
	"sync"

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/analytic"
	"github.com/openklaas/klaas/internal/product/feature"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
	"github.com/openklaas/klaas/openfinance"
)

//go:embed fields.tsv
var fields string

//go:embed labels.tsv
var table string

const bodyKey = "kLabel"

// Unknown is the value of a label that cannot be computed.
const Unknown = -999_999

// Product returns the descriptor.
func Product() *spec.Product {
	return &spec.Product{
		Order:    290,
		Name:     "k_label",
		Kinds:    []spec.Kind{spec.PF},
		BodyKey:  bodyKey,
		Versions: []spec.Version{spec.V1, spec.V11},
		Title:    spec.Text{PT: "K label", EN: "K label"},
		Purpose: spec.Text{
			PT: "540 atributos numéricos para modelos de crédito",
			EN: "540 numeric features for credit models",
		},
		Analytic: true,
		Sections: func(spec.Kind) spec.Sections {
			return spec.Sections{
				Required: []string{openfinance.SectionAccounts, openfinance.SectionCreditCardsAccounts},
				Further:  []string{openfinance.SectionPersonalRelation},
			}
		},
		Permissions: append(statement.AccountPermissions(), statement.CardPermissions()...),
		Fields:      spec.MustFields(fields),
		Write:       write,
	}
}

// Labels returns the 540 labels in their order. The slice is shared.
func Labels() []feature.Label { return load() }

var load = sync.OnceValue(func() []feature.Label {
	labels, err := read(table)
	if err != nil {
		panic("klabel: " + err.Error())
	}
	return labels
})

// read makes the labels of a table: of each row, for each of its windows all of its
// statistics, numbered from its first code on. A * in the name is the statistic.
func read(table string) ([]feature.Label, error) {
	const columns = "first\tname\tstatistics\twindows\tfeature"
	lines := strings.Split(strings.TrimRight(table, "\n"), "\n")
	if lines[0] != columns {
		return nil, fmt.Errorf("line 1: the columns are not %s", columns)
	}
	var labels []feature.Label
	for i, line := range lines[1:] {
		cells := strings.Split(line, "\t")
		if len(cells) != strings.Count(columns, "\t")+1 || cells[0] != code(len(labels)) {
			return nil, fmt.Errorf("line %d: it has other columns, or its first label is not %s", i+2, code(len(labels)))
		}
		for window := range strings.FieldsSeq(cells[3]) {
			for statistic := range strings.FieldsSeq(cells[2]) {
				name := strings.Replace(cells[1], "*", statistic, 1) + "." + window
				l, err := feature.NewLabel(code(len(labels)), name, cells[4], statistic, window)
				if err != nil {
					return nil, fmt.Errorf("line %d: %w", i+2, err)
				}
				labels = append(labels, l)
			}
		}
	}
	return labels, nil
}

func code(i int) string { return fmt.Sprintf("K%05d", i+1) }

func write(e *encode.Writer, in *spec.Input) {
	w, labels := analytic.New(e, in, bodyKey), Labels()
	book := feature.New(in.Facts, in.Company(), in.Version)
	e.OpenObject()
	w.Info()
	w.List("labelDetails", len(labels), func(i int) {
		const key = "labelValue"
		l := &labels[i]
		w.Field("labelCode", l.Code)
		w.Field("labelName", l.Name)
		v := Value(book, l)
		if v.Known {
			v.Write(w, key, l)
			return
		}
		w.Stated(key, Unknown*money.Scale)
		w.Formula(l)
		if v.NotAsOf {
			w.NotAsOf(key)
		}
	})
	e.CloseObject()
}

// Value returns the value of a label. Without a card no label of cards is known but
// their number, whether the section is there or not.
func Value(book *feature.Book, l *feature.Label) feature.Value {
	if l.Feature.Needs != feature.Cards || book.Cards() > 0 {
		return book.Value(l)
	}
	return feature.Value{Known: l.Feature.Name == "cards"}
}
