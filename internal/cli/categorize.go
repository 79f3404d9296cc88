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
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/schollz/progressbar/v3"

	"github.com/openklaas/klaas/internal/categorise"
	"github.com/openklaas/klaas/internal/classify"
	"github.com/openklaas/klaas/internal/setting"
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

func (c *categorizeCommand) rules() (*classify.Rules, error) {
	if c.Rules == "" {
		return nil, nil
	}
	text, err := os.ReadFile(c.Rules)
	if err != nil {
		return nil, err
	}
	var settings struct {
		Rules []json.RawMessage `json:"rules"`
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
	list := make([]setting.Rule, len(settings.Rules))
	for i, text := range settings.Rules {
		if err := strictly(text, &list[i]); err != nil {
			return nil, invalidInput{fmt.Sprintf("%s: rules[%d]: %v", c.Rules, i, err)}
		}
	}
	rules, err := classify.CompileRules(list)
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

// isNDJSON tells the format: as asked, else by the name, else by how it begins.
func (c *categorizeCommand) isNDJSON(in *bufio.Reader) bool {
	if c.Format != "" {
		return c.Format == "ndjson"
	}
	switch extension(c.File) {
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
	rows, err := readCSV(in)
	if err != nil {
		return err
	}
	var kept []int // the columns that are written again
	for i, name := range rows.head {
		if !slices.Contains(addedColumns, name) {
			kept = append(kept, i)
		}
	}
	w := csv.NewWriter(out)
	w.Comma = rows.records.Comma
	row := make([]string, 0, len(rows.head)+len(addedColumns))
	write := func(values []string, added []string) error {
		row = row[:0]
		for _, i := range kept {
			row = append(row, values[i])
		}
		return w.Write(append(row, added...))
	}
	err = write(rows.head, addedColumns)
	for err == nil && ctx.Err() == nil {
		var l categorise.Line
		var record []string
		if record, err = rows.next(&l); err == nil {
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
	return err
}

var errInterrupted = errors.New("interrupted; the rows are not complete")

// categorizeNDJSON writes each object with the keys that the answer adds.
func categorizeNDJSON(ctx context.Context, in *bufio.Reader, out io.Writer, run *categorise.Run) error {
	var dec jsontext.Decoder
	var row []byte
	return eachObject(in, func(at int, line []byte) (err error) {
		if ctx.Err() != nil {
			return errInterrupted
		}
		var l categorise.Line
		row = append(row[:0], '{')
		if row, err = readObject(row, &l, at, line, &dec); err != nil {
			return err
		}
		for i, value := range decide(run, &l) {
			if i > 0 {
				row = append(row, ',')
			}
			row = append(row, '"')
			row = append(row, addedColumns[i]...)
			row = append(row, '"', ':')
			if addedColumns[i] == "confidence" {
				row = append(row, value...)
				continue
			}
			row, _ = jsontext.AppendQuote(row, value) // broken characters become U+FFFD
		}
		_, err = out.Write(append(row, '}', '\n'))
		return err
	})
}
