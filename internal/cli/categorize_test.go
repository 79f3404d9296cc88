package cli

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

const statement = "description,amount\nNetflix.com,-55.90\n"

func categorize(t *testing.T, in io.Reader, args ...string) (code int, out, messages string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = Run(t.Context(), append([]string{"categorize"}, args...), Streams{In: in, Out: &stdout, Err: &stderr})
	return code, stdout.String(), stderr.String()
}

func TestCategorizeExitCodes(t *testing.T) {
	for _, test := range []struct {
		text string
		code int
	}{
		{statement, done},
		{"description,amount\nNetflix.com,1.234\n", invalid},
		{"{\"description\":5}\n", done},
		{"{\"description\":[]}\n", invalid},
		{"{", invalid},
		{"", invalid},
	} {
		if code, _, messages := categorize(t, strings.NewReader(test.text), "-"); code != test.code {
			t.Errorf("%q: exit code %d: %s", test.text, code, messages)
		}
	}
	if code, _, _ := categorize(t, nil); code != usage {
		t.Errorf("no file: exit code %d", code)
	}
	if code, _, _ := categorize(t, nil, filepath.Join(t.TempDir(), "none.csv")); code != failed {
		t.Errorf("no such file: exit code %d", code)
	}
}

func TestCategorizePacked(t *testing.T) {
	_, want, _ := categorize(t, strings.NewReader(statement), "-")
	var zipped, zstded bytes.Buffer
	g := gzip.NewWriter(&zipped)
	io.WriteString(g, statement)
	g.Close()
	z, _ := zstd.NewWriter(&zstded)
	io.WriteString(z, statement)
	z.Close()
	for name, b := range map[string][]byte{"lines.csv.gz": zipped.Bytes(), "lines.csv.zst": zstded.Bytes()} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if code, out, messages := categorize(t, nil, path); code != done || out != want || want == "" {
			t.Errorf("%s: exit code %d: %s%s", name, code, out, messages)
		}
		if code, _, messages := categorize(t, bytes.NewReader(b[:len(b)-3]), "-"); code != invalid || !strings.Contains(messages, "packed and broken") {
			t.Errorf("%s, cut: exit code %d: %s", name, code, messages)
		}
	}
}

// endless repeats a row, and fails the test when more of it is read than could lie
// in buffers before any row was written.
type endless struct {
	t       *testing.T
	row     string
	left    int
	written *int
	read    int
}

func (e *endless) Read(b []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	e.left--
	if e.read += len(e.row); e.read > 1<<20 && *e.written == 0 {
		e.t.Error("a MiB was read before anything was written")
		e.left = 0
	}
	return copy(b, e.row), nil
}

type counter struct{ n int }

func (c *counter) Write(b []byte) (int, error) { c.n += len(b); return len(b), nil }

// Rows are written while others are still to come.
func TestCategorizeStreams(t *testing.T) {
	for head, row := range map[string]string{"description,amount\n": "Netflix.com,-55.90\n", "": "{\"description\":\"Netflix.com\"}\n"} {
		var out counter
		rows := &endless{t: t, row: row, left: 100_000, written: &out.n}
		code := Run(t.Context(), []string{"categorize", "-"}, Streams{In: io.MultiReader(strings.NewReader(head), rows), Out: &out, Err: io.Discard})
		if code != done || out.n < rows.read {
			t.Errorf("exit code %d, %d bytes of %d", code, out.n, rows.read)
		}
	}
}

// A quote that nothing closes must not swallow the rows behind it.
func TestCategorizeQuotes(t *testing.T) {
	const head = "amount,description\n"
	for _, test := range []struct {
		rows    string
		code    int
		written int // rows
		says    string
	}{
		{"-1,PIX \"A\n-2,B\n", done, 2, ""},
		{"-1,\"Pix enviado: \"Cp :18236120-ANA\"\n-2,B\n", done, 2, ""},
		{"-1,\"IFOOD\r\n LANCHES \"\"A\"\"\"\r\n-2,B\r\n", done, 2, ""},
		{"-1,A\n-2,\"B\n-3,C\n-4,D\n", invalid, 1, "line 3: runs over several lines and is not quoted well"},
		{"-1,A\n\n-2,\"B\n-3,\"C\"\n-4,D\n", invalid, 1, "line 4: runs over several lines and is not quoted well"},
		{"-1,A\n-2,\"B\n" + strings.Repeat("-3,C\n", 1<<19), invalid, 1, "line 3: is longer than 1048576 bytes: is there a quote"},
	} {
		code, out, messages := categorize(t, strings.NewReader(head+test.rows), "-", "--format", "csv")
		if code != test.code || !strings.Contains(messages, test.says) {
			t.Errorf("%.40q: exit code %d: %s", test.rows, code, messages)
		}
		if n := strings.Count(out, "\n-"); n != test.written {
			t.Errorf("%.40q: %d rows: %s", test.rows, n, out)
		}
	}
}

// A condition that is misspelt is a fault, as over HTTP: the rule would match too much.
func TestCategorizeRefusesUnknownConditions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rules.json")
	if err := os.WriteFile(path, []byte(`[{"id":"a","code":"030201","contains":"netflix","directoin":"credit"}]`), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, messages := categorize(t, strings.NewReader(statement), "-", "--rules", path); code != invalid || out != "" || !strings.Contains(messages, "rules[0]") {
		t.Errorf("exit code %d: %s%s", code, out, messages)
	}
}

// What klaas categorize reads, klaas rule test reads too.
func TestRuleTestReadsWhatCategorizeReads(t *testing.T) {
	var zipped bytes.Buffer
	g := gzip.NewWriter(&zipped)
	io.WriteString(g, statement)
	g.Close()
	for name, text := range map[string]string{
		"lines.csv.gz": zipped.String(), "lines.ndjson": "\ufeff{\"description\":\"Netflix.com\",\"amount\":-55.9}\n",
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var out, messages bytes.Buffer
		code := Run(t.Context(), []string{"rule", "test", "--code", "030201", "--contains", "netflix", "--file", path}, Streams{Out: &out, Err: &messages})
		if code != done || !strings.HasPrefix(out.String(), "1 movements, 1 decided by the rule") {
			t.Errorf("%s: exit code %d: %s%s", name, code, out.String(), messages.String())
		}
	}
}
