package openfinance_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/openklaas/klaas/openfinance"
)

func TestNestingBeyondTheLimitIsASyntaxError(t *testing.T) {
	for _, body := range []string{
		strings.Repeat("[", 10_000),
		strings.Repeat(`{"data":`, 10_000),
		`{"accounts":` + strings.Repeat("[", 10_000),
		`{"accounts":[{"unknown":` + strings.Repeat(`[{"a":`, 5_000),
		`{"externalInfo":` + strings.Repeat(`{"a":`, 10_000),
		`{"loans":` + strings.Repeat(`{"data":[`, 10_000),
		`{"accounts":[{"number":` + strings.Repeat("[", 10_000),
	} {
		_, _, err := openfinance.Read([]byte(body))
		var syntax *openfinance.SyntaxError
		if !errors.As(err, &syntax) || !strings.Contains(syntax.Reason, "nested deeper than 64") {
			t.Errorf("%.40s…: %v", body, err)
			continue
		}
		if inside := strings.Count(body[:syntax.Offset], "[") + strings.Count(body[:syntax.Offset], "{"); inside != openfinance.MaxDepth {
			t.Errorf("%.40s…: byte %d is inside %d levels", body, syntax.Offset, inside)
		}
	}
	depth := openfinance.MaxDepth - 1
	if _, _, err := openfinance.Read([]byte(`{"accounts":` + strings.Repeat("[", depth) + strings.Repeat("]", depth) + `}`)); err != nil {
		t.Errorf("%d levels: %v", openfinance.MaxDepth, err)
	}
}

func TestBrokenCharactersAreReplaced(t *testing.T) {
	doc, problems := read(t, "\xef\xbb\xbf{\"accounts\":[{\"brandName\":\"Ita\xfa\",\"number\":\"\\u0031\\ud83d\\ude00\",\"\xff\":1}]}")
	if got := doc.Accounts[0].BrandName; got != "Ita\uFFFD" {
		t.Errorf("brandName is %q", got)
	}
	if got := doc.Accounts[0].Number; got != "1😀" {
		t.Errorf("number is %q", got)
	}
	if len(problems.List) != 1 || problems.List[0].Path != "accounts[0].brandName" || problems.List[0].Severity != openfinance.Warning {
		t.Errorf("problems: %v", problems.List)
	}
}

func TestOffsetsCountTheByteOrderMark(t *testing.T) {
	_, _, err := openfinance.Read([]byte("\xef\xbb\xbf{]"))
	var syntax *openfinance.SyntaxError
	if !errors.As(err, &syntax) || syntax.Offset != 4 {
		t.Errorf("got %v", err)
	}
}

// TestTruncationIsAlwaysASyntaxError cuts samples of two versions at every byte.
func TestTruncationIsAlwaysASyntaxError(t *testing.T) {
	for _, file := range []string{"official/accounts-1.0.3", "official/credit-cards-1.0.4", "official/loans-2.5.0"} {
		body, err := os.ReadFile("testdata/" + file + ".json")
		if err != nil {
			t.Fatal(err)
		}
		body = bytes.TrimSpace(body)
		for n := range len(body) {
			_, _, err := openfinance.Read(body[:n])
			var syntax *openfinance.SyntaxError
			if !errors.As(err, &syntax) || syntax.Offset > int64(n) {
				t.Fatalf("%s cut at %d: %v", file, n, err)
			}
		}
	}
}

func TestSyntaxErrorsHoldNothingOfTheBody(t *testing.T) {
	for _, body := range []string{"§", `{"a":§}`, `{"a":"\§"}`, `{"a":"\ud800\u00Q1"}`, "{\"a\":\"\x01\"}", `{"a" § 1}`, `{"a":1 § }`, `{"a":tr§}`, `{"a":-§}`} {
		_, _, err := openfinance.Read([]byte(body))
		var syntax *openfinance.SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%s: %v", body, err)
			continue
		}
		if strings.ContainsAny(syntax.Reason, "§Q\x01") || strings.Contains(syntax.Reason, "x01") || strings.Contains(syntax.Reason, "xc2") {
			t.Errorf("%s: the reason holds the input: %s", body, syntax.Reason)
		}
	}
}

func TestSectionsUnderAnyKeyInAnyEnvelope(t *testing.T) {
	// Each record has the ids without which one of some section is none.
	const ids = `"contractId":"1","investmentId":"1","operationId":"1"`
	for _, section := range []string{
		"loans", "Loan", "financings", "invoice-financings", "invoiceFinancing", "unarranged_accounts_overdraft", "unarrangedAccountOverdraft",
		"bankFixedIncomes", "creditFixedIncomes", "variableIncomes", "treasureTitles", "funds", "exchanges", "personalCustomerQualifications",
		"personalCustomerRelation", "personalFinancialRelations", "businessCustomerQualification", "businessCustomerFinancialRelations",
		"accounts", "CREDIT_CARDS_ACCOUNTS", "personalCustomerIdentifications", "businessIdentification",
	} {
		for content, records := range map[string]int{
			`[]`: 0, `{§}`: 1, `[{§,"x":[{§}]},{§}]`: 2, `[[{§}],[{§},[{§}]]]`: 3, `{"data":{§,"x":1},"links":{},"meta":{}}`: 1,
			`{"links":{},"data":[{§},{§}],"meta":{}}`: 2, `[{"data":[{§},{§}],"meta":{}},{"data":[{§}]}]`: 3, `{"data":{"data":[{§},{§}]}}`: 2,
			`{"links":{}}`: 0, `{"data":{"data":{"data":{§,"x":1}}},"meta":{}}`: 1, `{"data":{"meta":{}}}`: 0,
		} {
			content = strings.ReplaceAll(content, "§", ids)
			doc, problems := read(t, `{"data":{"`+section+`":`+content+`},"meta":{}}`)
			silent(t, problems)
			if len(doc.Sections) != 1 {
				t.Errorf("%s: %d sections", section, len(doc.Sections))
			}
			for name, s := range doc.Sections {
				if s.Records != records || s.LeftOut != 0 {
					t.Errorf("%s: %s: %d records and %d left out, want %d and 0", name, content, s.Records, s.LeftOut, records)
				}
			}
		}
	}
}

func TestRequestKeys(t *testing.T) {
	doc, problems := read(t, `{"reference_date":"2021-05-31","TaxID":"258.722.521-37","products":["pf_income","all"],
		"productsCallbackUrl":{"all":"https://example.com/"},"externalInfo":{"a":1},"accounts":null,"funds":[]}`)
	silent(t, problems)
	got := fmt.Sprintf("%s %s %v %v %s", doc.Request.ReferenceDate, doc.Request.TaxID, doc.Request.Products, doc.Request.CallbackURL, doc.Request.ExternalInfo)
	if want := `2021-05-31 25872252137 [pf_income all] map[all:https://example.com/] {"a":1}`; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if doc.Has("accounts") || !doc.Has("funds") {
		t.Errorf("sections: %v", doc.Sections)
	}
}

func TestProblemsAreBounded(t *testing.T) {
	const records = 3000
	body := `{"accounts":[` + strings.Repeat(`{"type":1.5e1,"currency":1},`, records) + strings.Repeat(`{},`, records) + strings.Repeat(`1,`, records) + `{}]}`
	doc, problems := read(t, body)
	if problems.Total != 2*records || len(problems.List) != openfinance.MaxProblems {
		t.Errorf("%d problems, %d kept", problems.Total, len(problems.List))
	}
	if s := doc.Sections["accounts"]; s.LeftOut != records || s.Records != 2*records+1 {
		t.Errorf("%+v", *s)
	}
	leftOut := 0
	for _, p := range problems.List {
		if p.Severity == openfinance.LeftOut {
			leftOut++
		}
	}
	if leftOut < openfinance.MaxProblems/2 {
		t.Errorf("warnings crowded out what was left out: %d of %d", leftOut, len(problems.List))
	}
}

// TestHostileRecordsTakeBoundedMemory sends a million of the smallest records.
func TestHostileRecordsTakeBoundedMemory(t *testing.T) {
	for _, unit := range []string{`{}`, `{"bills":[{"dueDate":"2021-01-01"}]}`, `{"limits":[{},{},{},{}]}`} {
		n := 3_000_000 / len(unit)
		body := []byte(`{"creditCardsAccounts":[` + strings.Repeat(unit+",", n) + `{}]}`)
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		doc, _, _ := openfinance.Read(body)
		runtime.GC()
		runtime.ReadMemStats(&after)
		if held := int64(after.HeapAlloc) - int64(before.HeapAlloc); held > 16*int64(len(body)) {
			t.Errorf("%s: %d bytes of document hold %d bytes", unit, len(body), held)
		}
		runtime.KeepAlive(doc)
	}
}
