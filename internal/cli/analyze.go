package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/openfinance"
)

type analyzeCommand struct {
	Files []string `arg:"" name:"FILE" help:"Userdata documents; - is standard input."`

	Product       []string `help:"Products to make; all is every product that fits the document, but for the legacy ones, which are legacy. Default: those of --settings, else all." placeholder:"NAME"`
	Versions      []string `help:"Versions to make of --product: V1, V1.1 or V2, of those that klaas products lists. Default: the first of each." placeholder:"V"`
	AsOf          string   `help:"Reporting day, in place of the document's referenceDate." placeholder:"YYYY-MM-DD"`
	Settings      string   `help:"Settings of the application as JSON, as klaas app show prints them." placeholder:"FILE" type:"existingfile"`
	RequestID     string   `name:"request-id" help:"Request id of the reports. Default: made from the document." placeholder:"ID"`
	ReportTime    string   `help:"Time of the reports, such as 2026-01-31T12:00:00Z. Default: now." placeholder:"TIME"`
	SecretKeyFile string   `help:"File with the application's secret key, for V1.1. Also KLAAS_SECRET_KEY." placeholder:"FILE" type:"existingfile"`
	Explain       string   `help:"Print, in place of reports, why: ledger tells of each entry whether it counts, its role, what it belongs to and its category; the JSON pointer of a figure, such as /cashFlow/summary/last30Days/cashInflow, tells its formula and everything behind it; that of an object, such as /cashFlow, lists the figures inside." placeholder:"ledger|POINTER" default:""`
	JSON          bool     `name:"json" help:"With --explain: print JSON, one object a line."`
	Out           string   `help:"Directory for the reports, one file each, and index.json. Default: all on standard output, one a line." placeholder:"DIR"`
}

// Run makes the reports of every file. A document that cannot be used does not
// keep the others from being analysed. A file that cannot be read is a slip of
// the caller's: it is told before anything is made or an earlier result touched.
func (c *analyzeCommand) Run(ctx context.Context, p *program) error {
	options, err := c.options()
	if err != nil {
		return err
	}
	if err := readable(c.Files); err != nil {
		return err
	}
	if c.Explain != "" {
		return c.explain(p, options)
	}
	out, err := c.target(p)
	if err != nil {
		return err
	}
	bar := progress(p.Err, len(c.Files))
	var unusable error
	faults := 0
	for _, file := range c.Files {
		if err := ctx.Err(); err != nil {
			return errors.New("interrupted; the result is not complete")
		}
		analysis, err := c.analyze(p, file, options)
		var syntax *openfinance.SyntaxError
		var refused *openfinance.InvalidError
		switch {
		case errors.As(err, &syntax), errors.As(err, &refused):
			unusable = invalidInput{"a document could not be used"}
			faults++
			tell(p, file, err)
		case err != nil:
			return fmt.Errorf("%s: %w", name(file), err)
		default:
			tellProblems(p, file, analysis)
			if err := out.add(file, analysis); err != nil {
				return err
			}
		}
		if err := bar.Add(1); err != nil {
			return err
		}
	}
	if faults > 1 {
		unusable = invalidInput{fmt.Sprintf("%d documents could not be used", faults)}
	}
	return errors.Join(out.close(), unusable)
}

// errFault says that klaas broke. What it broke with may hold data, so it is not told.
var errFault = errors.New("a fault of klaas, not of the document: please report it with a document that shows it")

func (c *analyzeCommand) analyze(p *program, file string, options klaas.Options) (a *klaas.Analysis, err error) {
	document, err := p.document(file)
	if err != nil {
		return nil, err
	}
	defer func() {
		if recover() != nil {
			err = errFault
		}
	}()
	return klaas.Analyze(document, options)
}

// document reads a file, or standard input when it is named -.
func (p *program) document(file string) ([]byte, error) {
	if file == "-" {
		return io.ReadAll(p.In)
	}
	return os.ReadFile(file)
}

// readable returns an error when one of the files cannot be opened, is a
// directory, or when standard input is named twice.
func readable(files []string) error {
	input := false
	for _, file := range files {
		if file == "-" {
			if input {
				return usagef("- is named twice: standard input can be read once")
			}
			input = true
			continue
		}
		f, err := os.Open(file)
		if err != nil {
			return err
		}
		info, err := f.Stat()
		if err = errors.Join(err, f.Close()); err != nil {
			return err
		}
		if info.IsDir() {
			return usagef("%s is a directory: name its files", file)
		}
	}
	return nil
}

func (c *analyzeCommand) options() (klaas.Options, error) {
	o := klaas.Options{Products: c.Product, Versions: c.Versions, AsOf: c.AsOf, RequestID: c.RequestID, SecretKey: os.Getenv("KLAAS_SECRET_KEY")}
	if c.RequestID != "" && len(c.Files) > 1 {
		return o, usagef("--request-id is for one FILE: reports of several documents must not share their ids")
	}
	if c.Settings != "" {
		text, err := os.ReadFile(c.Settings)
		if err != nil {
			return o, err
		}
		if o.Settings, err = readSettings(text); err != nil {
			return o, usagef("%s: %v", c.Settings, err)
		}
	}
	if len(o.Products) == 0 && len(o.Settings.Products) == 0 {
		o.Products = []string{"all"}
	}
	if len(o.Versions) > 0 && len(o.Products) == 0 {
		return o, usagef("--versions needs --product: the settings say which versions their products have")
	}
	if c.SecretKeyFile != "" {
		text, err := os.ReadFile(c.SecretKeyFile)
		if err != nil {
			return o, err
		}
		o.SecretKey = strings.TrimSpace(string(text))
	}
	if c.ReportTime != "" {
		t, err := time.Parse(time.RFC3339, c.ReportTime)
		if err != nil {
			if t, err = time.Parse("2006-01-02T15:04:05", c.ReportTime); err != nil {
				return o, usagef("--report-time is not a time such as 2026-01-31T12:00:00Z")
			}
		}
		o.ReportTime = t.UTC()
	}
	return o, c.checkAsOf(o.ReportTime)
}

// checkAsOf returns an error when --as-of cannot be the reporting day of any
// document that is reported at a time; the zero time is now.
func (c *analyzeCommand) checkAsOf(reported time.Time) error {
	if c.AsOf == "" {
		return nil
	}
	day, ok := calendar.ParseDay(c.AsOf)
	if !ok {
		return usagef("--as-of is not a date: use YYYY-MM-DD")
	}
	if reported.IsZero() {
		reported = time.Now()
	}
	if day > calendar.SaoPaulo(reported) {
		return usagef("--as-of is after the day of the reports in São Paulo: give that day or an earlier one")
	}
	return nil
}

// readSettings reads an application's settings and refuses unknown keys.
func readSettings(text []byte) (klaas.Settings, error) {
	var s klaas.Settings
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return s, fmt.Errorf("not the settings of an application: %w", err)
	}
	if d.More() {
		return s, errors.New("not the settings of an application: more follows the first object")
	}
	return s, nil
}

// name is what messages call an input.
func name(file string) string {
	if file == "-" {
		return "standard input"
	}
	return file
}

// tell prints why a document cannot be used, every fault on a line.
func tell(p *program, file string, err error) {
	var refused *openfinance.InvalidError
	if !errors.As(err, &refused) {
		p.note("%s: %v", name(file), err)
		return
	}
	for _, fault := range refused.Problems {
		p.note("%s: %s", name(file), describe(fault))
	}
}

// shownProblems is how many problems of a document are printed.
const shownProblems = 10

func tellProblems(p *program, file string, a *klaas.Analysis) {
	for i, problem := range a.Problems.List {
		if i == shownProblems {
			p.note("%s: and %d more problems", name(file), a.Problems.Total-i)
			return
		}
		p.note("%s: %s: %s", name(file), problem.Severity, describe(problem))
	}
}

func describe(problem openfinance.Problem) string {
	if problem.Path == "" {
		return problem.Message
	}
	return problem.Path + ": " + problem.Message
}

func progress(w io.Writer, files int) *progressbar.ProgressBar {
	return progressbar.NewOptions(files,
		progressbar.OptionSetWriter(w), progressbar.OptionSetDescription("documents"), progressbar.OptionShowCount(),
		progressbar.OptionClearOnFinish(), progressbar.OptionSetVisibility(files > 1 && onTerminal(w)))
}

// output takes the reports of one document after the other.
type output interface {
	add(file string, a *klaas.Analysis) error
	close() error
}

func (c *analyzeCommand) target(p *program) (output, error) {
	if c.Out == "" {
		return lines{p.Out}, nil
	}
	return newDirectory(p, c.Out, c.Files)
}

// lines writes one report a line.
type lines struct{ w io.Writer }

func (l lines) add(_ string, a *klaas.Analysis) error {
	for _, r := range a.Reports {
		if _, err := l.w.Write(append(bytes.Clone(r.Body), '\n')); err != nil {
			return err
		}
	}
	return nil
}

func (l lines) close() error { return nil }

// directory writes one file a report, and index.json last. It replaces what an
// earlier run left there, as told by that run's index, and nothing else.
type directory struct {
	p       *program
	path    string
	several bool            // inputs: each in a folder of its own
	earlier map[string]bool // files of the last result
	index   []entry
}

// entry is a line of index.json.
type entry struct {
	File      string `json:"file"`
	Product   string `json:"product"`
	Version   string `json:"version"`
	Part      int    `json:"part"`
	Code      int    `json:"code"`
	Message   string `json:"message"`
	ReportID  string `json:"productReportId"`
	RequestID string `json:"requestId"`
}

const indexName = "index.json"

func newDirectory(p *program, path string, files []string) (*directory, error) {
	d := &directory{p: p, path: path, several: len(files) > 1, earlier: map[string]bool{}, index: []entry{}}
	stems := map[string]string{}
	for _, file := range files {
		if other, taken := stems[stem(file)]; taken && d.several {
			return nil, usagef("%s and %s would share the folder %s: rename one, or use two runs", name(other), name(file), stem(file))
		}
		stems[stem(file)] = file
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(path, indexName))
	switch {
	case errors.Is(err, os.ErrNotExist):
		return d, nil
	case err != nil:
		return nil, err
	}
	var old []entry
	if err := json.Unmarshal(text, &old); err != nil {
		return nil, usagef("%s holds an index.json that is not from klaas analyze: choose another directory", path)
	}
	for _, e := range old {
		if filepath.IsLocal(e.File) {
			d.earlier[filepath.Clean(e.File)] = true
		}
	}
	// Without its index an interrupted run is not taken for a whole one.
	return d, os.Remove(filepath.Join(path, indexName))
}

// stem names the folder of an input.
func stem(file string) string {
	if file == "-" {
		return "stdin"
	}
	base := filepath.Base(file)
	if cut := strings.TrimSuffix(base, filepath.Ext(base)); cut != "" {
		return cut
	}
	return base
}

func (d *directory) add(file string, a *klaas.Analysis) error {
	for _, r := range a.Reports {
		path := r.Product
		if r.Version != "V1" {
			path += "." + r.Version
		}
		if r.Part > 1 {
			path += "." + strconv.Itoa(r.Part)
		}
		path += ".json"
		if d.several {
			path = filepath.Join(stem(file), path)
		}
		if err := d.write(path, r.Body); err != nil {
			return err
		}
		d.index = append(d.index, entry{filepath.ToSlash(path), r.Product, r.Version, r.Part, r.Code, r.Message, r.ID, a.RequestID})
	}
	return nil
}

// write puts a file in its place at once, and never over one that is not ours.
func (d *directory) write(path string, body []byte) error {
	whole := filepath.Join(d.path, path)
	if d.earlier[path] {
		delete(d.earlier, path)
	} else if _, err := os.Lstat(whole); err == nil {
		return fmt.Errorf("%s is there already and not from an earlier result: choose another directory", whole)
	}
	if err := os.MkdirAll(filepath.Dir(whole), 0o700); err != nil {
		return err
	}
	// The reports hold a person's money: nobody else on this machine reads them.
	fresh := whole + ".new"
	if err := os.WriteFile(fresh, body, 0o600); err != nil {
		return err
	}
	return os.Rename(fresh, whole)
}

func (d *directory) close() error {
	for old := range d.earlier {
		if err := os.Remove(filepath.Join(d.path, old)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	text, err := json.MarshalIndent(d.index, "", "  ")
	if err != nil {
		return err
	}
	d.earlier[indexName] = true
	if err := d.write(indexName, append(text, '\n')); err != nil {
		return err
	}
	d.p.note("%d reports in %s", len(d.index), d.path)
	return nil
}
