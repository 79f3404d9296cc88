package cli

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/openklaas/klaas/internal/categorise"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/openfinance"
)

// longestRow is how long a row of CSV and a line of NDJSON may be.
const longestRow = 1 << 20

// rowError says which row is wrong, and what is.
type rowError struct {
	line   int
	column string // "" when it is about the whole row
	reason string
}

func (e rowError) Error() string {
	if e.column == "" {
		return fmt.Sprintf("line %d: %s", e.line, e.reason)
	}
	return fmt.Sprintf("line %d, column %s: %s", e.line, e.column, e.reason)
}

// errTooLong is the reason of a row that is longer than longestRow.
var errTooLong = fmt.Errorf("is longer than %d bytes", longestRow)

// extension returns what the name of a file of lines ends with, in lower case,
// whether it is packed or not.
func extension(file string) string {
	return filepath.Ext(strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(file), ".gz"), ".zst"))
}

// unpacked undoes gzip and zstd, which are told by how the file begins.
func unpacked(r io.Reader) (plain io.Reader, stop func(), err error) {
	in := bufio.NewReader(r)
	magic, _ := in.Peek(4) // a shorter file is neither
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(in)
		return packed{z}, func() {}, err
	case bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, nil, err
		}
		return packed{z}, z.Close, nil
	}
	return in, func() {}, nil
}

// packed tells what cannot be unpacked as invalid input.
type packed struct{ io.Reader }

func (r packed) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		err = invalidInput{"the file is packed and broken: " + err.Error()}
	}
	return n, err
}

// csvRows reads statement lines from CSV. Quotes may stand anywhere in a row of one
// line, as texts of banks hold them: Pix enviado: "Cp :18236120-ANA". A row of
// several lines must be quoted well, or one quote would swallow all that follows.
type csvRows struct {
	records *csv.Reader
	in      *rowReader
	head    []string            // the names of the columns
	columns []categorise.Column // what they tell
	line    int                 // where the next row begins
}

// rowReader remembers what was read since a row began.
type rowReader struct {
	in   io.Reader
	row  bytes.Buffer
	from int64 // where the row begins in the file
}

func (r *rowReader) Read(b []byte) (int, error) {
	if r.row.Len() > longestRow {
		return 0, errTooLong
	}
	n, err := r.in.Read(b)
	r.row.Write(b[:n])
	return n, err
}

// taken returns the row that ends at an offset of the file.
func (r *rowReader) taken(to int64) []byte {
	row := r.row.Next(int(to - r.from))
	r.from = to
	return row
}

// readCSV reads the header. Errors are rowError, or those of the file.
func readCSV(in *bufio.Reader) (*csvRows, error) {
	if mark, _ := in.Peek(3); string(mark) == "\ufeff" {
		_, _ = in.Discard(3) // it is there
	}
	raw := &rowReader{in: in}
	r := &csvRows{records: csv.NewReader(raw), in: raw, line: 1}
	r.records.Comma = delimiter(in)
	r.records.LazyQuotes = true
	r.records.ReuseRecord = true
	head, err := r.read()
	if errors.Is(err, io.EOF) {
		return nil, rowError{line: 1, reason: "it is empty: the first line names the columns"}
	}
	if err != nil {
		return nil, err
	}
	r.head = slices.Clone(head)
	r.columns, err = columnsOf(head)
	return r, err
}

// next reads a row into l and returns its values, which hold until the next call.
// Errors: io.EOF behind the last row; rowError.
func (r *csvRows) next(l *categorise.Line) ([]string, error) {
	record, err := r.read()
	if err != nil {
		return nil, err
	}
	for i, value := range record {
		if fault := r.columns[i].Set(l, value); fault != nil {
			line, _ := r.records.FieldPos(i)
			return nil, rowError{line, r.head[i], fault.Error()}
		}
	}
	return record, nil
}

func (r *csvRows) read() ([]string, error) {
	record, err := r.records.Read()
	var broken *csv.ParseError
	switch {
	case errors.Is(err, csv.ErrFieldCount) && errors.As(err, &broken):
		return nil, rowError{line: broken.Line, reason: "has another number of columns than the header"}
	case errors.As(err, &broken):
		return nil, rowError{line: broken.Line, reason: broken.Err.Error()}
	case errors.Is(err, errTooLong):
		return nil, rowError{line: r.line, reason: errTooLong.Error() + ": is there a quote that nothing closes?"}
	case err != nil:
		return nil, err
	}
	row := r.in.taken(r.records.InputOffset())
	r.line += bytes.Count(row, []byte("\n"))
	if bytes.IndexByte(bytes.Trim(row, "\r\n"), '\n') >= 0 {
		strict := csv.NewReader(bytes.NewReader(row))
		strict.Comma = r.records.Comma
		if _, err := strict.Read(); err != nil {
			line, _ := r.records.FieldPos(0)
			return nil, rowError{line: line, reason: "runs over several lines and is not quoted well: is there a quote that nothing closes?"}
		}
	}
	return record, nil
}

// columnsOf returns what the columns of a header tell.
func columnsOf(head []string) ([]categorise.Column, error) {
	columns := make([]categorise.Column, len(head))
	seen := make(map[categorise.Column]string)
	for i, name := range head {
		column := categorise.ColumnOf(name)
		if other, twice := seen[column]; twice && column != categorise.NoColumn {
			return nil, rowError{1, name, "tells the same as the column " + other + ": keep one"}
		}
		seen[column] = name
		columns[i] = column
	}
	if _, ok := seen[categorise.ColumnDescription]; !ok {
		return nil, rowError{1, "description", "is missing"}
	}
	return columns, nil
}

// delimiter tells what stands between the columns: what the header has most of.
func delimiter(in *bufio.Reader) rune {
	head, _ := in.Peek(4 << 10) // less when the file is shorter
	if i := bytes.IndexByte(head, '\n'); i >= 0 {
		head = head[:i]
	}
	best, most := ',', 0
	for _, comma := range ",;\t" {
		if n := bytes.Count(head, []byte(string(comma))); n > most {
			best, most = comma, n
		}
	}
	return best
}

// eachObject calls do for every line of NDJSON that is not blank. Errors: rowError,
// those of the file and of do.
func eachObject(in io.Reader, do func(at int, line []byte) error) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 64<<10), longestRow)
	at := 0
	for lines.Scan() {
		at++
		line := lines.Bytes()
		if at == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		if err := do(at, line); err != nil {
			return err
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return rowError{line: at + 1, reason: errTooLong.Error()}
	}
	return lines.Err()
}

// readObject reads a line of NDJSON into l and appends to dst its members as they
// were sent, a comma behind each, but for those whose names the answer takes.
func readObject(dst []byte, l *categorise.Line, at int, line []byte, dec *jsontext.Decoder) ([]byte, error) {
	dec.Reset(bytes.NewBuffer(line), jsontext.AllowDuplicateNames(true))
	if dec.PeekKind() != '{' {
		return nil, rowError{line: at, reason: "is not a JSON object"}
	}
	broken := func(err error) error {
		fault := openfinance.NewSyntaxError(err, dec.InputOffset(), len(line))
		return rowError{line: at, reason: fmt.Sprintf("is not valid JSON at byte %d: %s", fault.Offset, fault.Reason)}
	}
	if _, err := dec.ReadToken(); err != nil {
		return nil, broken(err)
	}
	seen := make(map[categorise.Column]bool, 8)
	for dec.PeekKind() != '}' {
		raw, err := dec.ReadValue()
		if err != nil {
			return nil, broken(err)
		}
		from := int(dec.InputOffset()) - len(raw)
		key := unquote(raw)
		kind := dec.PeekKind()
		if raw, err = dec.ReadValue(); err != nil {
			return nil, broken(err)
		}
		column := categorise.ColumnOf(key)
		if column != categorise.NoColumn && kind != 'n' {
			if seen[column] {
				return nil, rowError{at, key, "tells the same as another key: keep one"}
			}
			seen[column] = true
			if err := setJSON(l, column, kind, raw); err != nil {
				return nil, rowError{at, key, err.Error()}
			}
		}
		if !slices.Contains(addedColumns, key) {
			dst = append(dst, line[from:dec.InputOffset()]...)
			dst = append(dst, ',')
		}
	}
	if _, err := dec.ReadToken(); err != nil {
		return nil, broken(err)
	}
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, rowError{line: at, reason: "has something behind its object: one object a line"}
	}
	if !seen[categorise.ColumnDescription] {
		return nil, rowError{at, "description", "is missing"}
	}
	return dst, nil
}

// setJSON takes over a value of an object. A number is as JSON writes it: 1.234
// are no thousands.
func setJSON(l *categorise.Line, column categorise.Column, kind jsontext.Kind, raw []byte) (err error) {
	switch {
	case kind == '"':
		return column.Set(l, unquote(raw))
	case kind != '0':
		return errors.New("must be a text or a number")
	case column != categorise.ColumnAmount:
		return column.Set(l, string(raw))
	}
	if l.Amount, err = money.Parse(string(raw)); err == nil && l.Direction == categorise.Unknown {
		l.Direction = categorise.Signed(l.Amount)
	}
	return err
}

// unquote returns the text of a JSON string that the decoder has checked.
func unquote(raw []byte) string {
	text, _ := jsontext.AppendUnquote(nil, raw)
	return string(text)
}
