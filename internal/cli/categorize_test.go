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
