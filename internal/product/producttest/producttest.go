// Package producttest is the suite that every product passes without code of its
// own.
//
// [Run] writes a product from documents that are usual, mixed, empty and
// hostile, in every kind, version, shape and split, and checks what must hold of
// all products:
//
//   - the same input gives the same bytes, twice and whatever was written before;
//   - accounts, sections and days in another order give the same report (the
//     order inside a day is information);
//   - the bytes are JSON that JSON.stringify(JSON.parse(bytes)) writes again;
//   - no key is missing, none is extra, the order is that of the field table, and
//     types are right; every field of the table is written from some document;
//   - the whole report matches its published schema, and that has the fields of
//     the table, all, no others, in their order;
//   - parts add up to totals, and balances to the movements between them;
//   - every figure of an analytic product has its evidence: movements, accounts and
//     contracts of the document, each once, newest first, which add up to it where
//     it is a sum.
//
// [Cases] compares a product with the cases of its testdata folder, which an
// analyst can read and add.
package producttest

import (
	"bytes"
	"embed"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/classify"
	"github.com/openklaas/klaas/internal/clean"
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/report"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/openfinance"
)

//go:embed testdata/*.json
var testdata embed.FS

// document is one userdata of the suite.
type document struct {
	name string
	body []byte
}

func documents(t *testing.T) []document {
	t.Helper()
	entries, err := testdata.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	var all []document
	for _, e := range entries {
		body, err := testdata.ReadFile(path.Join("testdata", e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, document{strings.TrimSuffix(e.Name(), ".json"), body})
	}
	return all
}

// Day is the reporting day of the suite.
var Day = calendar.Of(2025, 1, 31)

// Facts reads, cleans and classifies a userdata document as of [Day].
func Facts(t testing.TB, body []byte) *fact.Facts {
	t.Helper()
	return facts(t, body, clean.Options{Day: Day, Asked: true})
}

// FactsOf is [Facts] as of another day.
func FactsOf(t testing.TB, body []byte, day calendar.Day) *fact.Facts {
	t.Helper()
	return facts(t, body, clean.Options{Day: day, Asked: true})
}

var classifier = sync.OnceValue(classify.New)

func facts(t testing.TB, body []byte, o clean.Options) *fact.Facts {
	t.Helper()
	doc, _, err := openfinance.Read(body)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	book, _ := clean.Clean(doc, o)
	classifier().Classify(book, classify.Options{})
	return fact.New(book)
}

// seal stands for the encryption of V1.1: visible, and the same for equal values.
func seal(taxID string) string {
	if taxID == "" {
		return ""
	}
	return "sealed(" + taxID + ")"
}

func write(p *spec.Product, in *spec.Input) []byte {
	in.Seal = func(taxID string) string { return taxID }
	if p.Encrypts(in.Version) {
		in.Seal = seal
	}
	var w encode.Writer
	p.Write(&w, in)
	return w.Bytes()
}

// variant is one way to write a product.
type variant struct {
	name string
	in   spec.Input
}

// variants returns every kind, version and shape of a product over facts, whole,
// by institution, and by part.
func variants(p *spec.Product, f *fact.Facts) []variant {
	var all []variant
	add := func(name string, in spec.Input) { all = append(all, variant{name, in}) }
	for _, kind := range p.Kinds {
		for _, version := range p.Versions {
			for shape, settings := range map[string]*setting.Settings{
				"": {}, " strict": {StrictShape: true}, " company tree, no parties": {CompanyTree: true, OmitPartieInV11: true},
			} {
				name := p.FullName(kind) + " " + string(version) + shape
				in := spec.Input{Facts: f, Kind: kind, Version: version, Settings: settings, Institution: -1}
				add(name, in)
				if p.Analytic {
					continue // Figures are of the person or company, never of one institution.
				}
				if p.Parts != nil {
					for part := 1; part < p.Parts(&in); part++ {
						in.Part = part
						add(name+" part", in)
					}
					continue
				}
				for i := range f.Ledger.Institutions {
					in.Institution = i
					add(name+" institution", in)
				}
			}
		}
	}
	return all
}

// Run checks a product.
func Run(t *testing.T, p *spec.Product) {
	t.Helper()
	checkDescriptor(t, p)
	checkEmptyBody(t, p)
	checkSchemas(t, p)
	var written [][]byte
	seen := make(map[*spec.Field]bool)
	published := schemas{product: p}
	for _, d := range documents(t) {
		t.Run(d.name, func(t *testing.T) {
			again := Facts(t, d.body)
			for _, v := range variants(p, Facts(t, d.body)) {
				body := write(p, &v.in)
				written = append(written, body)
				for name, facts := range map[string]*fact.Facts{
					"a second time": v.in.Facts, "read again": again, "alone": fact.New(again.Ledger),
				} {
					other := v.in
					other.Facts = facts
					if got := write(p, &other); !bytes.Equal(body, got) {
						t.Errorf("%s: %s it is %s, not %s", v.name, name, got, body)
					}
				}
				for _, fault := range check(p, &v.in, body, seen) {
					t.Errorf("%s: %s\nin %s", v.name, fault, body)
				}
				checkTotals(t, v, body)
				if p.Analytic {
					for _, fault := range CheckEvidence(p, v.in) {
						t.Errorf("%s: %s", v.name, fault)
					}
				}
				published.check(t, v, 0)
				published.check(t, v, report.CodeInternal)
			}
			checkOrder(t, p, d)
		})
	}
	checkNode(t, written)
	checkSeen(t, p, seen)
}

// checkSeen checks that every field was written from some document: a field that
// the code forgot would be missed nowhere else when it is optional.
func checkSeen(t *testing.T, p *spec.Product, seen map[*spec.Field]bool) {
	t.Helper()
	for i := range p.Fields {
		if !seen[&p.Fields[i]] {
			t.Errorf("no document of the suite gives %s (row %d of the field table)", p.Fields[i].Path, i+2)
		}
	}
}

// checkDescriptor checks that nothing is missing of what others derive from a
// descriptor.
func checkDescriptor(t *testing.T, p *spec.Product) {
	t.Helper()
	for name, missing := range map[string]bool{
		"Order": p.Order == 0, "Name": p.Name == "", "Kinds": len(p.Kinds) == 0, "BodyKey": p.BodyKey == "",
		"Versions": len(p.Versions) == 0, "Title": p.Title.PT == "" || p.Title.EN == "",
		"Purpose": p.Purpose.PT == "" || p.Purpose.EN == "", "Sections": p.Sections == nil,
		"Permissions": len(p.Permissions) == 0, "Fields": len(p.Fields) == 0, "Write": p.Write == nil,
		"Legacy.BodyKeyV2": p.Legacy != nil && slices.Contains(p.Versions, spec.V2) && p.Legacy.BodyKeyV2 == "",
		"Legacy.Lists":     p.Legacy != nil && p.Parts == nil && p.Legacy.Lists == nil,
		"PerInstitution":   p.Legacy != nil && !p.PerInstitution,
	} {
		if missing {
			t.Errorf("the descriptor lacks %s", name)
		}
	}
	for i := range p.Fields {
		f := &p.Fields[i]
		for _, version := range p.Versions {
			key := p.BodyKeyOf(version)
			if (f.Versions == nil || slices.Contains(f.Versions, version)) &&
				f.Path != key && !strings.HasPrefix(f.Path, key+".") && !strings.HasPrefix(f.Path, key+"[].") {
				t.Errorf("the field %s is not below %s", f.Path, key)
			}
		}
		if f.Meaning == "" {
			t.Errorf("the field %s has no meaning", f.Path)
		}
		for j := range p.Fields[:i] {
			if g := &p.Fields[j]; g.Path == f.Path && overlap(p, f, g) {
				t.Errorf("the field %s stands twice", f.Path)
			}
		}
	}
}

func overlap(p *spec.Product, f, g *spec.Field) bool {
	for _, k := range p.Kinds {
		for _, v := range p.Versions {
			if f.Applies(k, v) && g.Applies(k, v) {
				return true
			}
		}
	}
	return false
}

// checkEmptyBody checks the body of a report that could not be made.
func checkEmptyBody(t *testing.T, p *spec.Product) {
	t.Helper()
	for _, kind := range p.Kinds {
		for _, version := range p.Versions {
			in := spec.Input{Kind: kind, Version: version, Settings: &setting.Settings{}, Institution: -1}
			body := p.EmptyBody(&in)
			for _, fault := range Check(p, &in, body) {
				t.Errorf("the empty body of %s %s: %s\nin %s", p.FullName(kind), version, fault, body)
			}
		}
	}
}

// checkOrder writes the product from the same document in another order.
func checkOrder(t *testing.T, p *spec.Product, d document) {
	t.Helper()
	days := variants(p, Facts(t, reorder(t, d.body, shuffleDays)))
	holders := variants(p, Facts(t, reorder(t, d.body, shuffleHolders)))
	for i, v := range variants(p, Facts(t, d.body)) {
		body := write(p, &v.in)
		if other := write(p, &find(days, v, i).in); !bytes.Equal(body, other) {
			t.Errorf("%s: days in another order change it:\n%s", v.name, cmp.Diff(string(body), string(other)))
		}
		if v.in.Institution >= 0 || p.Legacy != nil && p.Legacy.NamesFirst {
			continue // Institutions are numbered in the order of appearance.
		}
		if diff := cmp.Diff(unordered(t, body), unordered(t, write(p, &find(holders, v, i).in))); diff != "" {
			t.Errorf("%s: accounts in another order change it:\n%s", v.name, diff)
		}
	}
}

// find returns the variant with the same name and place.
func find(all []variant, like variant, i int) *variant {
	for n := range all {
		v := &all[n]
		if v.name == like.name && v.in.Institution == like.in.Institution && v.in.Part == like.in.Part {
			return v
		}
	}
	return &all[i]
}
