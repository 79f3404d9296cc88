package openfinance

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// known is what a field of a table says about itself.
type known struct {
	key       string
	spellings []string
	kind      kind
	essential bool
	inner     any
}

func (t *table[T]) known() []known {
	var all []known
	for _, f := range t.fields {
		all = append(all, known{f.keys[0], append(slices.Clone(f.keys), f.aliases...), f.kind, f.essential, f.inner})
	}
	return all
}

func fieldsOf(inner any) []known {
	if t, ok := inner.(interface{ known() []known }); ok {
		return t.known()
	}
	return nil
}

// complete holds what makes a record of each list readable, by the path of the list.
var complete = map[string]map[string]any{
	"transaction": {
		"creditDebitType": "CREDITO", "transactionAmount": "1.00", "brazilianAmount": "1.00", "transactionDate": "2021-01-07",
		"type": "ENTRADA", "transactionGrossValue": "1.00", "transactionNetValue": "1.00", // of an investment
	},
	"bill":                        {"dueDate": "2021-05-21"},
	"loans":                       {"contractId": "1", "ipocCode": "2"},
	"financings":                  {"contractId": "1", "ipocCode": "2"},
	"invoiceFinancings":           {"contractId": "1", "ipocCode": "2"},
	"unarrangedAccountsOverdraft": {"contractId": "1", "ipocCode": "2"},
	"releases":                    {"paidDate": "2021-05-21", "paidAmount": "1.00"},
	"bankFixedIncomes":            {"investmentId": "1"},
	"creditFixedIncomes":          {"investmentId": "1"},
	"variableIncomes":             {"investmentId": "1"},
	"treasureTitles":              {"investmentId": "1"},
	"funds":                       {"investmentId": "1"},
	"exchanges":                   {"operationId": "1"},
}

func completeRecord(list string) map[string]any {
	for prefix, record := range complete {
		if strings.HasPrefix(list, prefix) {
			return maps.Clone(record)
		}
	}
	return map[string]any{}
}

// wrong are values of each JSON type, and the kinds that accept them.
var wrong = []struct {
	name   string
	value  any
	accept []kind
}{
	{"null", nil, []kind{kindText, kindName, kindCode, kindTaxID, kindCurrency, kindAmount, kindRate, kindMoney, kindDate, kindTime, kindTruth, kindWhole, kindInstalment, kindObject, kindRecords, kindTexts, kindNames, kindRequest}},
	{"number", json.Number("12345.678"), []kind{kindText, kindName, kindNames, kindCode, kindAmount, kindMoney}},
	{"text", "§", []kind{kindText, kindName, kindNames, kindCode, kindInstalment}},
	{"true", true, []kind{kindTruth}},
	{"list", []any{"§"}, []kind{kindNames}},
	{"list of lists", []any{[]any{1}}, nil},
	{"object", map[string]any{"§": "§"}, []kind{kindObject, kindMoney, kindRecords}},
}

// TestEveryWrongTypeInEveryField walks the tables: whatever stands in a field,
// the document is read, an ignorable field costs itself, an essential one its
// record, and no message holds the value.
func TestEveryWrongTypeInEveryField(t *testing.T) {
	fields := 0
	var walk func(path []string, list []known)
	walk = func(path []string, list []known) {
		for _, f := range list {
			fields++
			here := append(slices.Clone(path), f.key)
			if len(path) > 0 { // the sections themselves are told in cases.txt
				for _, w := range wrong {
					checkWrong(t, here, f, w.name, w.value, slices.Contains(w.accept, f.kind))
				}
			}
			switch f.kind {
			case kindRecords:
				walk(append(here, "[]"), fieldsOf(f.inner))
			case kindObject:
				walk(here, fieldsOf(f.inner))
			}
		}
	}
	walk(nil, documentTable.known())
	if fields < 450 {
		t.Fatalf("only %d fields were walked", fields)
	}
}

func checkWrong(t *testing.T, path []string, f known, name string, value any, accepted bool) {
	t.Helper()
	body, err := json.Marshal(wrap(path, value))
	if err != nil {
		t.Fatal(err)
	}
	doc, problems, err := Read(body)
	if err != nil {
		t.Errorf("%s as %s: %v\n%s", strings.Join(path, "."), name, err, body)
		return
	}
	leftOut, warned := 0, 0
	for _, p := range problems.List {
		if strings.Contains(p.Path+p.Message, "§") || strings.Contains(p.Message, "12345") {
			t.Errorf("%s: a message holds the value: %s: %s", body, p.Path, p.Message)
		}
		if p.Severity == LeftOut {
			leftOut++
		} else {
			warned++
		}
	}
	counted := 0
	for _, s := range doc.Sections {
		counted += s.LeftOut
	}
	at := strings.Join(path, ".") + " as " + name
	switch {
	case value == nil && f.essential:
		// The value is absent: another key of the record may stand for it.
	case accepted && f.kind == kindMoney && f.essential, accepted && f.kind == kindName && f.essential:
		// A number is an amount; an object without amount and a text that is no direction are not.
	case accepted && (f.kind != kindRecords) && (leftOut > 0 || warned > 0):
		t.Errorf("%s: %v\n%s", at, problems.List, body)
	case accepted:
	case f.essential && (leftOut == 0 || counted != 1):
		t.Errorf("%s: the record was not left out: %v\n%s", at, problems.List, body)
	case !f.essential && f.kind != kindRecords && (warned == 0 || leftOut > 0):
		t.Errorf("%s: the field was not ignored with a warning: %v\n%s", at, problems.List, body)
	case f.kind == kindRecords && leftOut == 0:
		t.Errorf("%s: nothing was left out: %v\n%s", at, problems.List, body)
	}
}

// wrap builds a document with the value at the path, every record on the way
// complete, and enough good records that the section is not rejected.
func wrap(path []string, value any) any {
	if len(path) == 0 {
		return value
	}
	key, rest := path[0], path[1:]
	if len(rest) > 0 && rest[0] == "[]" {
		record := completeRecord(key)
		maps.Copy(record, wrap(rest[1:], value).(map[string]any))
		return map[string]any{key: []any{record, completeRecord(key), completeRecord(key)}}
	}
	return map[string]any{key: wrap(rest, value)}
}

// TestEverySpellingIsFound looks up each spelling as it is and changed in the ways that are forgiven.
func TestEverySpellingIsFound(t *testing.T) {
	var walk func(inner any, list []known)
	walk = func(inner any, list []known) {
		find := inner.(interface {
			find(key []byte) (*keyEntry, bool)
		}).find
		for _, f := range list {
			for _, spelling := range f.spellings {
				for _, sent := range []string{
					spelling, strings.ToUpper(spelling), strings.ToLower(spelling), "_" + spelling + " ",
					strings.Join(strings.Split(spelling, ""), "-"),
				} {
					e, ok := find([]byte(sent))
					if !ok || !slices.Contains(f.spellings, e.key) {
						t.Errorf("%s is not found as %q", spelling, sent)
					}
				}
			}
			if f.inner != nil {
				walk(f.inner, fieldsOf(f.inner))
			}
		}
		for _, sent := range []string{"", "_", "accountIdx", strings.Repeat("x", 1000)} {
			if _, ok := find([]byte(sent)); ok {
				t.Errorf("%q is found", sent)
			}
		}
	}
	walk(documentTable, documentTable.known())
}

func (t *table[T]) find(key []byte) (*keyEntry, bool) { return t.index.find(key) }

// TestOfficialExamplesHoldNoUnknownKey looks up every key of the example bodies.
func TestOfficialExamplesHoldNoUnknownKey(t *testing.T) {
	want := []string{ // what accounts and cards in preview add and nothing uses yet
		"accounts.balances.hasReservedBalance", "accounts.reserved-balances",
		"accounts.transactions-current.codeISPB", "accounts.transactions-current.typeAdditionalInfo",
		"accounts.transactions.codeISPB", "accounts.transactions.typeAdditionalInfo",
		"creditCardsAccounts.transactions-current.billForecastDate", "creditCardsAccounts.transactions.billForecastDate",
	}
	unknown := map[string]bool{}
	files, err := filepath.Glob("testdata/official/*.json")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	keys := 0
	var walk func(path string, inner any, value any)
	walk = func(path string, inner any, value any) {
		switch v := value.(type) {
		case []any:
			for _, item := range v {
				walk(path, inner, item)
			}
		case map[string]any:
			if data, wrapped := v["data"]; wrapped {
				walk(path, inner, data)
				return
			}
			for key, member := range v {
				keys++
				here := strings.TrimPrefix(path+"."+key, ".")
				e, ok := inner.(interface {
					find(key []byte) (*keyEntry, bool)
				}).find([]byte(key))
				if !ok {
					unknown[here] = true
					continue
				}
				walk(here, fieldsOf(inner)[e.field].inner, member)
			}
		}
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var value any
		if err := json.Unmarshal(body, &value); err != nil {
			t.Fatal(err)
		}
		walk("", documentTable, value)
	}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(unknown))); diff != "" {
		t.Errorf("unknown keys (-want +got):\n%s", diff)
	}
	if keys < 2000 {
		t.Errorf("only %d keys were looked up", keys)
	}
}

func TestPlainDecimal(t *testing.T) {
	for number, want := range map[string]string{
		"0": "0.00", "-0": "-0.00", "12": "12.00", "12.5": "12.50", "12.50000": "12.50", "1000.0400": "1000.04", "99.99995": "99.99995",
		"1e3": "1000.00", "1E+3": "1000.00", "12345e-1": "1234.50", "-1.5e-3": "-0.0015", "1e39": "1" + strings.Repeat("0", 39) + ".00", "0e99999": "0.00",
	} {
		if got, ok := plainDecimal(number); !ok || got != want {
			t.Errorf("plainDecimal(%s) = %s, %v, want %s", number, got, ok, want)
		}
	}
	for _, number := range []string{"1e41", "1e-43", "1e99999999999999999999", strings.Repeat("1", 41)} {
		if got, ok := plainDecimal(number); ok {
			t.Errorf("plainDecimal(%s) = %s, want a failure", number, got)
		}
	}
}

func TestCheckDigits(t *testing.T) {
	for id, want := range map[string]bool{
		"25872252137": true, "43908445778": false, "01773247000103": true, "01773247000563": false,
		"12ABC34501DE35": true, // the example of Receita Federal for CNPJs with letters
		"12ABC34501DE36": false, "00000000000191": true,
	} {
		if got := checkDigitsHold(id); got != want {
			t.Errorf("checkDigitsHold(%s) = %v", id, got)
		}
	}
}
