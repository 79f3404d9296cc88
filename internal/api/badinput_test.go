package api

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/openklaas/klaas/openfinance"
)

// marker stands where a bad input has a value that must not come back.
const marker = "MARKER7q"

// badInput is a row of the table in docs/api.md.
type badInput struct {
	name     string
	status   int
	problems bool
	says     []string
}

func readDoc(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// readBadInputs reads the table of docs/api.md.
func readBadInputs(t *testing.T) []badInput {
	t.Helper()
	_, table, found := strings.Cut(readDoc(t), "\n## Bad input\n")
	if !found {
		t.Fatal("docs/api.md has no chapter Bad input")
	}
	var rows []badInput
	quoted := regexp.MustCompile("`([^`]+)`")
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 7 || !strings.HasPrefix(strings.TrimSpace(cells[1]), "`") {
			continue
		}
		status, err := strconv.Atoi(strings.TrimSpace(cells[3]))
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		row := badInput{name: strings.Trim(strings.TrimSpace(cells[1]), "`"), status: status, problems: strings.TrimSpace(cells[4]) == "some"}
		for _, m := range quoted.FindAllStringSubmatch(cells[5], -1) {
			row.says = append(row.says, m[1])
		}
		if status != http.StatusOK && len(row.says) == 0 {
			t.Errorf("%s: the table does not say what the answer says", row.name)
		}
		rows = append(rows, row)
	}
	return rows
}

// input is what a case sends. Zero fields: POST, the analytics call, the first
// application's headers, one request.
type input struct {
	method, path string
	header       http.Header
	bodies       [][]byte  // one request each, all with the same expected answer
	stream       io.Reader // instead of bodies: a body without announced length
	before       func(w *world)
}

// TestBadInput sends every row of the table in docs/api.md.
func TestBadInput(t *testing.T) {
	rows := readBadInputs(t)
	senders := badInputs()
	names := make([]string, len(rows))
	for i, row := range rows {
		names[i] = row.name
	}
	slices.Sort(names)
	if known := slices.Sorted(maps.Keys(senders)); !slices.Equal(names, known) {
		t.Fatalf("docs/api.md and the test have different cases:\n%v\n%v", names, known)
	}

	w := newWorld(t)
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			w.on(t)
			in := senders[row.name](t)
			if in.before != nil {
				in.before(w)
			}
			if in.method == "" {
				in.method = http.MethodPost
			}
			if in.path == "" {
				in.path = DefaultAnalyticsPath
			}
			header := as(w.app)
			for name, values := range in.header {
				header[name] = values
			}
			if in.stream != nil {
				w.checkBad(row, in, header, in.stream, "stream")
			}
			for i, body := range in.bodies {
				w.checkBad(row, in, header, bytes.NewReader(body), strconv.Itoa(i))
			}
			w.consistent()
		})
	}
	if strings.Contains(w.log.String(), marker) {
		t.Errorf("the log repeats a value of a request")
	}
}

func (w *world) checkBad(row badInput, in input, header http.Header, body io.Reader, which string) {
	w.Helper()
	before := w.queue.count()
	a := w.do(in.method, in.path, header, body)
	if a.status != row.status {
		w.Fatalf("%s: the answer is %d %s, want %d", which, a.status, a.body, row.status)
	}
	for _, text := range row.says {
		if !bytes.Contains(a.body, []byte(text)) {
			w.Errorf("%s: %s does not say %q", which, a.body, text)
		}
	}
	if bytes.Contains(a.body, []byte(marker)) {
		w.Errorf("%s: %s repeats a value", which, a.body)
	}
	added := w.queue.count() - before
	if row.status != http.StatusOK {
		w.problem(a)
		if added != 0 {
			w.Errorf("%s: %d submissions were stored", which, added)
		}
		return
	}
	receipt := decode[Receipt](w, a.body)
	if got := receipt.Problems != nil; got != row.problems {
		w.Errorf("%s: problems: %t, want %t: %s", which, got, row.problems, a.body)
	}
	if added != 1 {
		w.Errorf("%s: %d submissions were stored, want 1", which, added)
	}
	if row.problems && receipt.Problems != nil {
		problems := w.get(receipt.Problems.URL)
		if list := decode[ProblemList](w, problems.body); list.Count != receipt.Problems.Count || len(list.Problems) == 0 {
			w.Errorf("%s: the list of problems is %s, the receipt has %d", which, problems.body, receipt.Problems.Count)
		}
		if bytes.Contains(problems.body, []byte(marker)) {
			w.Errorf("%s: %s repeats a value", which, problems.body)
		}
	}
}

// badInputs are the senders of the cases of docs/api.md.
func badInputs() map[string]func(t *testing.T) input {
	raw := func(body string) func(*testing.T) input {
		return func(*testing.T) input { return input{bodies: [][]byte{[]byte(body)}} }
	}
	set := func(value any, path ...any) func(*testing.T) input {
		return func(t *testing.T) input { return input{bodies: [][]byte{with(t, value, path...)}} }
	}
	headers := func(pairs ...string) func(*testing.T) input {
		return func(t *testing.T) input {
			in := input{header: http.Header{}, bodies: [][]byte{with(t, marker, "note")}}
			for i := 0; i < len(pairs); i += 2 {
				in.header[http.CanonicalHeaderKey(pairs[i])] = nil
				if pairs[i+1] != "" {
					in.header[http.CanonicalHeaderKey(pairs[i])] = []string{pairs[i+1]}
				}
			}
			return in
		}
	}
	replaced := func(from, to string) func(*testing.T) input {
		return func(t *testing.T) input {
			body := with(t, marker+"é", "accounts", 0, "brandName")
			if !bytes.Contains(body, []byte(from)) {
				t.Fatalf("%s is not in the document", from)
			}
			return input{bodies: [][]byte{bytes.Replace(body, []byte(from), []byte(to), 1)}}
		}
	}
	amount := []any{"accounts", 0, "transactions", 0, "transactionAmount", "amount"}
	const large = DefaultMaxBody + 1
	return map[string]func(t *testing.T) input{
		"empty-body":    raw(""),
		"blank-body":    raw(" \r\n\t "),
		"no-json":       raw("cpf=" + marker),
		"array":         raw("[]"),
		"null":          raw("null"),
		"number":        raw("12"),
		"no-section":    raw("{}"),
		"deep-nesting":  raw(`{"accounts":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + "}"),
		"two-documents": raw(`{"accounts":[]}{"` + marker + `":1}`),
		"truncated": func(t *testing.T) input {
			body := with(t, marker, "accounts", 0, "brandName")
			return input{bodies: [][]byte{body[:len(body)/2], body[:len(body)-1]}}
		},
		"unknown-keys-alone": raw(`{"` + marker + `":{"cpf":"` + marker + `"}}`),
		"invalid-utf8":       replaced("é", "\xff\xfe"),
		"lone-surrogate":     replaced("é", `\ud800`),
		"duplicate-key":      replaced(`"brandName":`, `"brandName":"Banco B","brandName":`),
		"duplicate-section":  replaced(`"accounts":`, `"Accounts":[],"accounts":`),

		"too-large": func(*testing.T) input {
			return input{bodies: [][]byte{append([]byte(`{"accounts":[]}`), bytes.Repeat([]byte(" "), large-15)...)}}
		},
		"too-large-unannounced": func(*testing.T) input { return input{stream: io.LimitReader(blanks{}, large)} },
		"gzip-without-end": func(t *testing.T) input {
			in := headers("Content-Encoding", "gzip")(t)
			in.bodies = [][]byte{gzipped(t, io.LimitReader(blanks{}, 2*DefaultMaxBody))}
			return in
		},
		"zstd-without-end": func(t *testing.T) input {
			in := headers("Content-Encoding", "zstd")(t)
			in.bodies = [][]byte{zstded(t, io.LimitReader(blanks{}, 2*DefaultMaxBody))}
			return in
		},
		"gzip-broken": headers("Content-Encoding", "gzip"),
		"gzip-truncated": func(t *testing.T) input {
			in := headers("Content-Encoding", "gzip")(t)
			z := gzipped(t, bytes.NewReader(in.bodies[0]))
			in.bodies = [][]byte{z[:len(z)/2], z[:len(z)-1], z[:4], {}}
			return in
		},
		"zstd-broken":          headers("Content-Encoding", "zstd"),
		"encoding-unknown":     headers("Content-Encoding", "br"),
		"encoding-twice":       headers("Content-Encoding", "gzip, gzip"),
		"content-type-missing": headers("Content-Type", ""),
		"content-type-wrong":   headers("Content-Type", "text/plain"),
		"content-type-form":    headers("Content-Type", "application/x-www-form-urlencoded"),
		"charset-wrong":        headers("Content-Type", "application/json; charset=iso-8859-1"),

		"wrong-types-in-records":      func(t *testing.T) input { return input{bodies: wrongTypes(t)} },
		"wrong-type-of-section":       set(12, "accounts"),
		"wrong-type-of-referenceDate": set(map[string]any{marker: 1}, "referenceDate"),
		"wrong-type-of-products":      set("all", "products"),
		"wrong-type-of-callback":      set([]any{marker}, "productsCallbackURL"),
		"wrong-type-of-externalInfo":  set(marker, "externalInfo"),
		"externalInfo-large-number":   replaced(`{"accounts"`, `{"externalInfo":{"a":9007199254740993},"accounts"`),
		"externalInfo-duplicate-key":  replaced(`{"accounts"`, `{"externalInfo":{"a":1,"a":2},"accounts"`),
		"most-records-unreadable":     set([]any{marker, marker, map[string]any{"accountId": marker}}, "accounts"),
		"amount-comma":                set("12,50", amount...),
		"amount-exponent":             set(jsonNumber("1e3"), amount...),
		"amount-exponent-text":        set("1e3", amount...),
		"amount-minus-zero":           set("-0.00", amount...),
		"amount-16-digits":            set("1234567890123456.00", amount...),
		"amount-huge-exponent":        set(jsonNumber("1e999999999"), amount...),
		"date-unreal":                 set("2021-02-30", "accounts", 0, "transactions", 0, "transactionDate"),
		"referenceDate-unreal":        set("2021-02-30", "referenceDate"),
		"referenceDate-future":        set("2026-01-31", "referenceDate"),
		"many-faults": func(t *testing.T) input {
			doc := person(t)
			doc["referenceDate"], doc["externalInfo"], doc["products"] = marker, marker, marker
			return input{bodies: [][]byte{text(t, doc)}}
		},
		"no-tax-id": set(map[string]any{}, "personalCustomerIdentification", 0, "documents"),
		"tax-id-malformed": func(t *testing.T) input {
			doc := person(t)
			delete(doc, "personalCustomerIdentification")
			doc["taxId"] = marker
			return input{bodies: [][]byte{text(t, doc)}}
		},
		"product-unknown":          set([]any{"pf_checking_account", marker}, "products"),
		"product-not-switched-on":  set([]any{"pf_identity"}, "products"),
		"products-empty":           set([]any{}, "products"),
		"product-of-other-kind":    set([]any{"pj_checking_account"}, "products"),
		"callback-all-and-other":   set(map[string]any{"all": "https://a.example/" + marker, "other": "https://b.example"}, "productsCallbackURL"),
		"callback-unknown-product": set(map[string]any{marker: "https://a.example/"}, "productsCallbackURL"),
		"callback-no-url":          set(map[string]any{"all": marker}, "productsCallbackURL"),
		"callback-other-scheme":    set(map[string]any{"all": "ftp://" + marker + ".example/"}, "productsCallbackURL"),

		"credentials-missing": headers("partner_code", "", "partner_token", ""),
		"credentials-half":    headers("partner_token", ""),
		"credentials-wrong":   headers("partner_token", marker),
		"credentials-unknown": headers("partner_code", marker),
		"idempotency-key-bad": headers("Idempotency-Key", marker+strings.Repeat("k", 256-len(marker))),
		"idempotency-key-reused": func(t *testing.T) input {
			in := headers("Idempotency-Key", marker)(t)
			in.before = func(w *world) { w.accept(text(w, person(w)), "Idempotency-Key", marker) }
			return in
		},
		"wrong-method": func(*testing.T) input { return input{method: http.MethodGet, bodies: [][]byte{nil}} },
		"unknown-route": func(*testing.T) input {
			return input{path: "/klaas/v1/" + marker, bodies: [][]byte{[]byte(marker)}}
		},
	}
}

// jsonNumber is a JSON number as it is written.
type jsonNumber string

func (n jsonNumber) MarshalJSON() ([]byte, error) { return []byte(n), nil }

// blanks is white space without end.
type blanks struct{}

func (blanks) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func gzipped(t testing.TB, r io.Reader) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.Copy(z, r); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zstded(t testing.TB, r io.Reader) []byte {
	t.Helper()
	var b bytes.Buffer
	z, err := zstd.NewWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(z, r); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// wrongTypes returns the official sample, every section's record three times
// over, once for each field with a type that the field cannot have: a truth value
// for a text or number, a text for an object or list. The middle one of three is spoilt,
// so that the section and the person stay readable.
func wrongTypes(t *testing.T) [][]byte {
	t.Helper()
	if _, problems, err := openfinance.Read(text(t, sample(t))); err != nil || problems.Total > 0 {
		t.Fatalf("the sample has faults of its own: %v %+v", err, problems)
	}
	var places [][]any
	doc := sample(t)
	for section := range doc {
		places = append(places, fieldsOf(at(doc, section, 0), []any{section, 1})...)
	}
	if len(places) < 150 {
		t.Fatalf("the sample has %d fields", len(places))
	}
	bodies := make([][]byte, len(places))
	for i, place := range places {
		doc := sample(t)
		for section, records := range doc {
			one := fmt.Appendf(nil, "[%s,%[1]s,%[1]s]", text(t, records.([]any)[0]))
			doc[section] = at(parse(t, `{"l":`+string(one)+"}"), "l")
		}
		parent := at(doc, place[:len(place)-1]...).(map[string]any)
		key := place[len(place)-1].(string)
		switch parent[key].(type) {
		case map[string]any, []any:
			parent[key] = marker
		case bool:
			parent[key] = 12
		default:
			parent[key] = true
		}
		bodies[i] = text(t, doc)
	}
	return bodies
}

// fieldsOf lists the paths of every key inside a value.
func fieldsOf(value any, path []any) [][]any {
	var places [][]any
	switch value := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			place := append(slices.Clone(path), key)
			places = append(places, place)
			places = append(places, fieldsOf(value[key], place)...)
		}
	case []any:
		if len(value) > 0 {
			places = append(places, fieldsOf(value[0], append(slices.Clone(path), 0))...)
		}
	}
	return places
}
