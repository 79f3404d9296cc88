package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/schollz/progressbar/v3"

	"github.com/openklaas/klaas/internal/categorise"
	"github.com/openklaas/klaas/internal/classify"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/openfinance"
	"github.com/openklaas/klaas/taxonomy"
)

type categorizeCommand struct {
	File   string `arg:"" help:"Statement lines: CSV with a header, or NDJSON. Needs description; reads amount (negative: debit), date, source (checking, savings, creditcard), type, mcc, counterparty, institution. - is standard input; .gz and .zst are unpacked." placeholder:"FILE"`
	Format string `enum:"csv,ndjson," default:"" help:"csv or ndjson, of input and output. Default: as the name of the file ends, else as the file begins." placeholder:"FORM"`
	Rules  string `help:"Own rules that decide before all else: a JSON file with the key rules, such as an application's settings, or a list of rules." placeholder:"FILE" type:"path"`
}

// addedColumns are what every row gets.
var addedColumns = []string{"code", "category", "subcategory", "thirdCategory", "tier", "rule", "confidence", "merchant"}

// Run categorises one row after another.
func (c *categorizeCommand) Run(ctx context.Context, p *program) error {
	rules, err := c.rules()
	if err != nil {
		return err
	}
	source, size, err := c.open(p)
	if err != nil {
		return err
	}
	defer source.Close()
	bar := progressbar.NewOptions64(size,
		progressbar.OptionSetWriter(p.Err), progressbar.OptionSetDescription("categorizing"), progressbar.OptionShowBytes(true),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(), progressbar.OptionSetVisibility(onTerminal(p.Err)))
	plain, stop, err := unpacked(io.TeeReader(source, bar))
	if err != nil {
		return invalidInput{name(c.File) + ": " + err.Error()}
	}
	defer stop()

	in := bufio.NewReaderSize(plain, 64<<10)
	out := bufio.NewWriterSize(p.Out, 64<<10)
	run := categorise.New(classify.Shared(), classify.Options{Rules: rules}).Start()
	if c.isNDJSON(in) {
		err = categorizeNDJSON(ctx, in, out, run)
	} else {
		err = categorizeCSV(ctx, in, out, run)
	}
	// What was written stays valid, whatever came after.
	if flushed := out.Flush(); flushed != nil {
		return flushed
	}
	_ = bar.Finish() // it only draws
	var row rowError
	if errors.As(err, &row) {
		return invalidInput{name(c.File) + ": " + row.Error()}
	}
	return err
}

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

func (c *categorizeCommand) rules() (*classify.Rules, error) {
	if c.Rules == "" {
		return nil, nil
	}
	text, err := os.ReadFile(c.Rules)
	if err != nil {
		return nil, err
	}
	var settings struct {
		Rules []setting.Rule `json:"rules"`
	}
	target := any(&settings)
	if text = bytes.TrimSpace(text); len(text) > 0 && text[0] == '[' {
		target = &settings.Rules
	}
	if err := json.Unmarshal(text, target); err != nil {
		return nil, invalidInput{c.Rules + ": is neither a list of rules nor an object with the key rules"}
	}
	if settings.Rules == nil {
		return nil, invalidInput{c.Rules + ": has no rules"}
	}
	rules, err := classify.CompileRules(settings.Rules)
	if err != nil {
		return nil, invalidInput{c.Rules + ": " + err.Error()}
	}
	return rules, nil
}

// open returns the file and its size, -1 when that is unknown.
func (c *categorizeCommand) open(p *program) (io.ReadCloser, int64, error) {
	if c.File == "-" {
		return io.NopCloser(p.In), -1, nil
	}
	f, err := os.Open(c.File)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return f, -1, nil //nolint:nilerr // the size is for the progress alone
	}
	return f, info.Size(), nil
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

// isNDJSON tells the format: as asked, else by the name, else by how it begins.
func (c *categorizeCommand) isNDJSON(in *bufio.Reader) bool {
	if c.Format != "" {
		return c.Format == "ndjson"
	}
	stem := strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(c.File), ".gz"), ".zst")
	switch filepath.Ext(stem) {
	case ".csv", ".tsv":
		return false
	case ".ndjson", ".jsonl", ".json":
		return true
	}
	begin, _ := in.Peek(1)
	return len(begin) == 1 && begin[0] == '{'
}

// decided are the values of addedColumns.
type decided [8]string

// decide categorises one line.
func decide(run *categorise.Run, l *categorise.Line) decided {
	r := run.One(l)
	code := r.Code(true)
	category, _ := taxonomy.Lookup(code)
	return decided{
		code.String(), category.Level1.PT, category.Level2.PT, category.Level3.PT,
		r.Decision.Tier.String(), r.Decision.Rule, perMille(r.Decision.Confidence), r.Details(l).Merchant,
	}
}

// categorizeCSV writes the rows with the columns that the answer adds behind them.
func categorizeCSV(ctx context.Context, in *bufio.Reader, out io.Writer, run *categorise.Run) error {
	if mark, _ := in.Peek(3); string(mark) == "\ufeff" {
		_, _ = in.Discard(3) // it is there
	}
	records := csv.NewReader(in)
	records.Comma = delimiter(in)
	records.LazyQuotes = true // texts of banks hold quotes: Pix enviado: "Cp :18236120-ANA"
	records.ReuseRecord = true
	head, err := records.Read()
	if errors.Is(err, io.EOF) {
		return rowError{line: 1, reason: "it is empty: the first line names the columns"}
	}
	if err != nil {
		return csvError(err)
	}
	columns, kept, err := layout(head)
	if err != nil {
		return err
	}
	w := csv.NewWriter(out)
	w.Comma = records.Comma
	names := slices.Clone(head)
	row := make([]string, 0, len(head)+len(addedColumns))
	write := func(values []string, added []string) error {
		row = row[:0]
		for _, i := range kept {
			row = append(row, values[i])
		}
		return w.Write(append(row, added...))
	}
	err = write(head, addedColumns)
	for err == nil && ctx.Err() == nil {
		var record []string
		if record, err = records.Read(); err != nil {
			break
		}
		var l categorise.Line
		for i, value := range record {
			if fault := columns[i].Set(&l, value); fault != nil {
				line, _ := records.FieldPos(i)
				err = rowError{line, names[i], fault.Error()}
				break
			}
		}
		if err == nil {
			added := decide(run, &l)
			err = write(record, added[:])
		}
	}
	w.Flush()
	switch {
	case w.Error() != nil:
		return w.Error()
	case errors.Is(err, io.EOF):
		return nil
	case err == nil:
		return errInterrupted
	}
	return csvError(err)
}

var errInterrupted = errors.New("interrupted; the rows are not complete")

// csvError takes over where a CSV file is broken.
func csvError(err error) error {
	var broken *csv.ParseError
	if !errors.As(err, &broken) {
		return err
	}
	reason := broken.Err.Error()
	if errors.Is(err, csv.ErrFieldCount) {
		reason = "has another number of columns than the header"
	}
	return rowError{line: broken.Line, reason: reason}
}

// layout returns what each column of a header tells, and the places of those that
// are written again.
func layout(head []string) (columns []categorise.Column, kept []int, err error) {
	seen := make(map[categorise.Column]string)
	for i, name := range head {
		column := categorise.ColumnOf(name)
		if other, twice := seen[column]; twice && column != categorise.NoColumn {
			return nil, nil, rowError{1, name, "tells the same as the column " + other + ": keep one"}
		}
		seen[column] = name
		columns = append(columns, column)
		if !slices.Contains(addedColumns, name) {
			kept = append(kept, i)
		}
	}
	if _, ok := seen[categorise.ColumnDescription]; !ok {
		return nil, nil, rowError{1, "description", "is missing"}
	}
	return columns, kept, nil
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

// longestObject is how long a line of NDJSON may be.
const longestObject = 1 << 20

// categorizeNDJSON writes each object with the keys that the answer adds.
func categorizeNDJSON(ctx context.Context, in io.Reader, out io.Writer, run *categorise.Run) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 64<<10), longestObject)
	dec := new(jsontext.Decoder)
	var row []byte
	at := 0
	for lines.Scan() && ctx.Err() == nil {
		at++
		line := lines.Bytes()
		if at == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		var err error
		if row, err = categorizeObject(row[:0], at, line, dec, run); err != nil {
			return err
		}
		if _, err := out.Write(row); err != nil {
			return err
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return rowError{line: at + 1, reason: fmt.Sprintf("is longer than %d bytes", longestObject)}
	case err != nil:
		return err
	case ctx.Err() != nil:
		return errInterrupted
	}
	return nil
}

// categorizeObject appends an object as it was sent, with the keys that are added.
func categorizeObject(dst []byte, at int, line []byte, dec *jsontext.Decoder, run *categorise.Run) ([]byte, error) {
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
	dst = append(dst, '{')
	var l categorise.Line
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
			if err := setJSON(&l, column, kind, raw); err != nil {
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
	for i, value := range decide(run, &l) {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, '"')
		dst = append(dst, addedColumns[i]...)
		dst = append(dst, '"', ':')
		if addedColumns[i] == "confidence" {
			dst = append(dst, value...)
			continue
		}
		dst, _ = jsontext.AppendQuote(dst, value) // broken characters become U+FFFD
	}
	return append(dst, '}', '\n'), nil
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
