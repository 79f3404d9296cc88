// Package plaintest compares the products with the plain formulas, on made-up lives
// and on people that no life is like.
//
// A product's test calls [Agree], which writes its reports of many people in every
// kind and version, asks package plain for the same figures, and tells every pointer
// at which they differ, or that one of them lacks, and every fault of the evidence. What the plain formulas take from
// the ledger is in question.go, the random people are in people.go.
package plaintest

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/fact/plain"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/sandbox"
	"github.com/openklaas/klaas/internal/setting"
)

var seeds = flag.Int("seeds", 0, "how many seeds of each persona are compared; 0: some personas of one seed")

// Formulas are those of one report.
type Formulas func(plain.Question) map[string]string

// Agree checks that a product and the plain formulas give the same figures. Pointers
// that hold one of the parts are left to other tests, as are the head of a report
// and the institutions of its accounts.
func Agree(t *testing.T, p *spec.Product, formulas Formulas, elsewhere ...string) {
	t.Helper()
	elsewhere = append(elsewhere, "/personalInfo", "/businessInfo", "/institutionCode")
	t.Run("made-up lives", func(t *testing.T) {
		for _, life := range lives() {
			t.Run(life.String(), func(t *testing.T) {
				person := sandbox.Generate(life.persona, life.seed, 1, today)
				f := producttest.FactsOf(t, person.Userdata, today-life.ago)
				kind := spec.PF
				if person.Truth.CPF == "" {
					kind = spec.PJ
				}
				if slices.Contains(p.Kinds, kind) {
					compare(t, p, f, kind, formulas, elsewhere)
				}
			})
		}
	})
	t.Run("random people", func(t *testing.T) {
		rapid.Check(t, func(r *rapid.T) {
			f, company := randomFacts(t, r)
			kind := spec.PF
			if company {
				kind = spec.PJ
			}
			if !slices.Contains(p.Kinds, kind) {
				kind = p.Kinds[0] // Nothing of the document is theirs.
			}
			compare(r, p, f, kind, formulas, elsewhere)
		})
	})
}

// life is a made-up person, looked at on the last day or some days before.
type life struct {
	persona string
	seed    uint64
	ago     calendar.Day
}

func (l life) String() string { return fmt.Sprint(l.persona, " ", l.seed, " −", int(l.ago)) }

// lives are those that are compared.
func lives() (list []life) {
	if *seeds == 0 {
		return []life{
			{"over-indebted", 4711, 0}, {"over-indebted", 4711, 47}, {"mei", 4711, 0}, {"household", 4711, 47},
			{"trading-company", 4711, 0}, {"services-company", 4711, 47}, {"bettor", 4711, 0}, {"driver", 4711, 0},
		}
	}
	for _, persona := range sandbox.Personas() {
		for seed := range uint64(*seeds) {
			list = append(list, life{persona, 4711 + seed, 0}, life{persona, 4711 + seed, calendar.Day(20 + 30*seed)})
		}
	}
	return list
}

// compare fails with every pointer at which a report and the plain formulas differ.
func compare(t rapid.TB, p *spec.Product, f *fact.Facts, kind spec.Kind, formulas Formulas, elsewhere []string) {
	t.Helper()
	q := question(f, kind == spec.PJ)
	for _, version := range p.Versions {
		if version == spec.V11 {
			continue // V1 but for tax ids.
		}
		in := spec.Input{Kind: kind, Facts: f, Version: version, Settings: &setting.Settings{}, Institution: -1}
		in.Seal = func(taxID string) string { return taxID }
		var w encode.Writer
		p.Write(&w, &in)
		got := producttest.Flat(t, w.Bytes())
		q.Version = string(version)
		for _, fault := range producttest.CheckEvidence(p, in) {
			t.Error(fault)
		}
		if diff := differences(got, formulas(q), elsewhere); diff != "" {
			t.Errorf("%s %s as of %s:\n%s", p.FullName(kind), version, f.Ledger.Day, diff)
		}
	}
}

// differences tells the first of them.
func differences(got, want map[string]string, elsewhere []string) string {
	var list []string
	isElsewhere := func(pointer string) bool {
		return slices.ContainsFunc(elsewhere, func(part string) bool { return strings.Contains(pointer, part) })
	}
	for _, pointer := range slices.Sorted(maps.Keys(want)) {
		if have, is := got[pointer]; !is {
			list = append(list, fmt.Sprintf("%s is not there, the plain formula gives %s", pointer, want[pointer]))
		} else if have != want[pointer] && want[pointer] != plain.Untold {
			list = append(list, fmt.Sprintf("%s is %s, the plain formula gives %s", pointer, have, want[pointer]))
		}
	}
	for _, pointer := range slices.Sorted(maps.Keys(got)) {
		if _, known := want[pointer]; !known && !isElsewhere(pointer) {
			list = append(list, fmt.Sprintf("%s is %s, the plain formulas do not have it", pointer, got[pointer]))
		}
	}
	if more := len(list) - 20; more > 0 {
		list = append(list[:20], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(list, "\n")
}

var today = calendar.Of(2025, 3, 31)
