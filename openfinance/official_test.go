package openfinance_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas/openfinance"
)

// official returns the example bodies of all versions by API and version, such
// as loans-2.5.0.
func official(t testing.TB) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob("testdata/official/*.json")
	if err != nil || len(files) != 30 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	bodies := map[string][]byte{}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		bodies[strings.TrimSuffix(filepath.Base(file), ".json")] = body
	}
	return bodies
}

// TestOfficialExamples reads the example bodies of all versions, in their
// envelopes, bare, and in envelopes around each record: nothing is left out, the
// only reservations are the check digits that the examples fail and a fee rate of
// v1 that is a percentage, and all three read the same.
func TestOfficialExamples(t *testing.T) {
	for name, body := range official(t) {
		t.Run(name, func(t *testing.T) {
			var value any
			if err := json.Unmarshal(body, &value); err != nil {
				t.Fatal(err)
			}
			doc := readExample(t, body)
			for shape, change := range map[string]func(any) any{"bare": bare, "wrapped": wrapped} {
				changed, err := json.Marshal(change(value))
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(doc, readExample(t, changed)); diff != "" {
					t.Errorf("%s reads otherwise than with the envelopes (-envelopes +%s):\n%s", shape, shape, diff)
				}
			}
		})
	}
}

func readExample(t *testing.T, body []byte) *openfinance.Document {
	t.Helper()
	doc, problems := read(t, string(body))
	for _, p := range problems.List {
		if !strings.Contains(p.Message, "check digits") && !strings.HasSuffix(p.Path, "feeRate") {
			t.Errorf("%s: %s", p.Path, p.Message)
		}
	}
	for section, s := range doc.Sections {
		if s.Records == 0 || s.LeftOut > 0 {
			t.Errorf("%s has %d records and %d left out", section, s.Records, s.LeftOut)
		}
	}
	return doc
}

// bare takes every envelope away.
func bare(value any) any {
	switch v := value.(type) {
	case map[string]any:
		if v["links"] != nil && v["meta"] != nil {
			return bare(v["data"])
		}
		for key, member := range v {
			v[key] = bare(member)
		}
	case []any:
		for i := range v {
			v[i] = bare(v[i])
		}
	}
	return value
}

// wrapped puts every object in a list into an envelope of its own.
func wrapped(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key, member := range v {
			v[key] = wrapped(member)
		}
	case []any:
		for i := range v {
			if _, isObject := v[i].(map[string]any); isObject {
				v[i] = map[string]any{"meta": map[string]any{}, "data": wrapped(v[i]), "links": map[string]any{}}
			}
		}
	}
	return value
}

// newest are the newest versions of the APIs. Cards have two, each with a field
// that the other has not.
var newest = []string{
	"accounts-2.5.0-rc.1", "credit-cards-2.4.0-rc.1", "credit-cards-3.0.0-beta.1", "customers-2.3.0",
	"loans-2.6.0-beta.1", "financings-2.4.0", "invoice-financings-2.4.0", "unarranged-accounts-overdraft-2.5.0",
	"bank-fixed-incomes-1.1.0", "credit-fixed-incomes-1.1.0", "variable-incomes-1.3.0", "treasure-titles-1.1.0", "funds-1.1.0",
	"exchanges-1.1.0-beta.1",
}

// TestNewestExamplesFillEveryField makes sure that no key of the tables is
// misspelt and no field forgotten: what a type holds, some example fills.
// TestOfficialExamplesHoldNoUnknownKey is the other direction.
func TestNewestExamplesFillEveryField(t *testing.T) {
	elsewhere := []string{ // fields of older versions, or not of Open Finance Brasil
		"Transaction.Date", "CardTransaction.LineName", "OtherDocument.IssueDate",
		"PersonalIdentification.CompanyCNPJ", "BusinessIdentification.CompanyCNPJ",
		"PersonalQualification.BrandName", "BusinessQualification.BrandName", "BusinessQualification.CompanyCNPJ",
		"FinancialRelation.BrandName", "FinancialRelation.CompanyCNPJ", "BrokerNote.BrokerNoteID",
		"Document.Request",
	}
	bodies := official(t)
	filled := map[string]bool{}
	for _, name := range newest {
		doc, _ := read(t, string(bodies[name]))
		fill(reflect.ValueOf(doc), filled)
	}
	for _, field := range slices.Sorted(maps.Keys(filled)) {
		if filled[field] == slices.Contains(elsewhere, field) {
			t.Errorf("%s: filled is %v", field, filled[field])
		}
	}
	if len(filled) < 300 {
		t.Errorf("only %d fields were looked at", len(filled))
	}
}

// fill notes of every field of every struct in v whether it holds something.
func fill(v reflect.Value, filled map[string]bool) {
	switch v.Kind() {
	case reflect.Pointer:
		fill(v.Elem(), filled)
	case reflect.Slice:
		for i := range v.Len() {
			fill(v.Index(i), filled)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Field(i)
			name := v.Type().Name() + "." + v.Type().Field(i).Name
			absent := f.IsZero() || f.Kind() == reflect.Int32 && f.Int() == openfinance.AbsentCount
			filled[name] = filled[name] || !absent
			if !f.IsZero() && f.Kind() != reflect.Map {
				fill(f, filled)
			}
		}
	}
}
