package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/categorise"
	"github.com/openklaas/klaas/internal/classify"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/server"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/openfinance"
)

type ruleTestCommand struct {
	storeFlags
	ruleFlags
	App      string `help:"Id or name of the application among whose rules it is tried. Default: it is tried alone, without a database." placeholder:"APP"`
	First    bool   `help:"Try it before the application's other rules. Default: after them; a rule with the id of another, in its place."`
	File     string `required:"" help:"The movements: a userdata document (JSON), or lines as klaas categorize reads them (CSV with a header, or NDJSON); - is standard input." placeholder:"FILE"`
	Format   string `enum:"userdata,csv,ndjson," default:"" help:"userdata, csv or ndjson. Default: as the name of the file ends." placeholder:"FORM"`
	AsOf     string `help:"Reporting day of a document. Default: as klaas analyze." placeholder:"YYYY-MM-DD"`
	Examples int    `default:"5" help:"How many changed movements are shown." placeholder:"N"`
	JSON     bool   `name:"json" help:"Print JSON."`
}

// preview is what a rule would change.
type preview struct {
	Movements int              `json:"movements"`
	Decided   int              `json:"decided"` // by the rule
	Changed   int              `json:"changed"`
	Changes   []previewChange  `json:"changes"` // most frequent first
	Examples  []previewExample `json:"examples"`

	rule string // as decisions name it
	most int    // how many examples are kept
	kept map[[2]string]int
}

type previewChange struct {
	From     string `json:"from"`
	FromName string `json:"fromName"`
	To       string `json:"to"`
	ToName   string `json:"toName"`
	Count    int    `json:"count"`
}

type previewExample struct {
	Path   string `json:"path"` // in a document; else the line
	Text   string `json:"text"` // as sent
	Amount string `json:"amount,omitempty"`
	From   string `json:"from"`
	To     string `json:"to"`
	By     string `json:"by"` // what decides now
}

// Run compares every movement without the rule and with it.
func (c *ruleTestCommand) Run(ctx context.Context, p *program) error {
	if c.Examples < 0 {
		return usagef("--examples is a number: 0 or more")
	}
	if c.File == "-" && c.From == "-" {
		return usagef("standard input cannot be both: give --file or --from a file")
	}
	format, err := c.format()
	if err != nil {
		return err
	}
	rule, err := c.rule(p)
	if err != nil {
		return err
	}
	var settings setting.Settings
	if c.App != "" {
		err := p.administer(ctx, func(base *server.Base) error {
			app, err := application(ctx, base, c.App)
			if err != nil {
				return err
			}
			settings, _, err = base.Accounts.Settings(ctx, app.ID, 0)
			return err
		})
		if err != nil {
			return err
		}
	}
	with := settings
	var place int
	with.Rules, place = setting.Try(settings.Rules, rule, c.First)
	v := &preview{rule: "partner/" + with.Rules[place].ID, most: c.Examples, kept: map[[2]string]int{}, Changes: []previewChange{}, Examples: []previewExample{}}
	if format == "userdata" {
		err = c.document(p, v, settings, with)
	} else {
		err = c.lines(p, v, format, settings.Rules, with.Rules)
	}
	if err != nil {
		return err
	}
	return v.print(p, c.JSON)
}

func (c *ruleTestCommand) format() (string, error) {
	if c.Format != "" {
		return c.Format, nil
	}
	switch extension(c.File) {
	case ".json":
		return "userdata", nil
	case ".csv":
		return "csv", nil
	case ".ndjson", ".jsonl":
		return "ndjson", nil
	}
	return "", usagef("say what the file is: --format userdata, csv or ndjson")
}

// document compares the counted movements of a document.
func (c *ruleTestCommand) document(p *program, v *preview, without, with setting.Settings) error {
	text, err := p.document(c.File)
	if err != nil {
		return err
	}
	var explained [2][]klaas.Explained
	for i, settings := range []setting.Settings{without, with} {
		settings.AllowAnonymous = true
		explained[i], err = klaas.Explain(text, klaas.Options{Settings: settings, AsOf: c.AsOf})
		var syntax *openfinance.SyntaxError
		var refused *openfinance.InvalidError
		if errors.As(err, &syntax) || errors.As(err, &refused) {
			tell(p, c.File, err)
			return invalidInput{"the document could not be used"}
		}
		if err != nil {
			return err
		}
	}
	for i := range explained[0] {
		before, after := &explained[0][i], &explained[1][i]
		if before.Standing != "counted" {
			continue
		}
		amount := before.Amount
		if before.Direction == "debit" {
			amount = "-" + amount
		}
		by := before.Rule
		if by == "" {
			by = before.Tier
		}
		v.add(after.Rule, previewExample{before.Path, before.Text, amount, before.Code, after.Code, by})
	}
	return nil
}

// lines compares single lines, one after the other.
func (c *ruleTestCommand) lines(p *program, v *preview, format string, without, with []setting.Rule) error {
	var runs [2]*categorise.Run
	for i, rules := range [][]setting.Rule{without, with} {
		compiled, err := classify.CompileRules(rules)
		if err != nil {
			return err
		}
		runs[i] = categorise.New(classify.Shared(), classify.Options{Rules: compiled}).Start()
	}
	in := p.In
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	read := csvLines
	if format == "ndjson" {
		read = jsonLines
	}
	plain, stop, err := unpacked(in)
	if err != nil {
		return invalidInput{name(c.File) + ": " + err.Error()}
	}
	defer stop()
	err = read(bufio.NewReader(plain), func(at int, l *categorise.Line) error {
		before, after := runs[0].One(l), runs[1].One(l)
		by := before.Decision.Rule
		if before.Decision.Tier == ledger.TierNone {
			by = before.Decision.Tier.String()
		}
		amount := ""
		if l.Amount != 0 {
			amount = l.Amount.String()
		}
		v.add(after.Decision.Rule, previewExample{
			"line " + strconv.Itoa(at), l.Description, amount, before.Decision.Code.String(), after.Decision.Code.String(), by,
		})
		return nil
	})
	var row rowError
	if errors.As(err, &row) {
		return invalidInput{name(c.File) + ": " + row.Error()}
	}
	return err
}

// add counts one movement.
func (v *preview) add(rule string, e previewExample) {
	v.Movements++
	if rule == v.rule {
		v.Decided++
	}
	if e.From == e.To {
		return
	}
	v.Changed++
	v.kept[[2]string{e.From, e.To}]++
	if len(v.Examples) < v.most {
		v.Examples = append(v.Examples, e)
	}
}

func (v *preview) print(p *program, asJSON bool) error {
	for codes, count := range v.kept {
		v.Changes = append(v.Changes, previewChange{codes[0], categoryName(codes[0]), codes[1], categoryName(codes[1]), count})
	}
	slices.SortFunc(v.Changes, func(a, b previewChange) int {
		return cmp.Or(b.Count-a.Count, strings.Compare(a.From+a.To, b.From+b.To))
	})
	if asJSON {
		return p.json(v)
	}
	if _, err := fmt.Fprintf(p.Out, "%d movements, %d decided by the rule, %d with another category\n", v.Movements, v.Decided, v.Changed); err != nil {
		return err
	}
	if v.Changed == 0 {
		return nil
	}
	rows := [][]string{{"\nCOUNT", "FROM", "TO"}}
	for _, change := range v.Changes {
		rows = append(rows, []string{strconv.Itoa(change.Count), change.From + " " + change.FromName, change.To + " " + change.ToName})
	}
	if err := p.table(rows); err != nil {
		return err
	}
	if len(v.Examples) == 0 {
		return nil
	}
	rows = [][]string{{"\nEXAMPLE", "AMOUNT", "FROM", "BY", "TO", "TEXT"}}
	for _, e := range v.Examples {
		rows = append(rows, []string{e.Path, e.Amount, e.From, e.By, e.To, strings.Join(strings.Fields(e.Text), " ")})
	}
	return p.table(rows)
}

// csvLines calls do for every row after the header, read as klaas categorize does.
func csvLines(in *bufio.Reader, do func(at int, l *categorise.Line) error) error {
	rows, err := readCSV(in)
	if err != nil {
		return err
	}
	for {
		var l categorise.Line
		if _, err := rows.next(&l); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		at, _ := rows.records.FieldPos(0)
		if err := do(at, &l); err != nil {
			return err
		}
	}
}

// jsonLines calls do for every object of NDJSON, read as klaas categorize does.
func jsonLines(in *bufio.Reader, do func(at int, l *categorise.Line) error) error {
	var dec jsontext.Decoder
	var members []byte
	return eachObject(in, func(at int, line []byte) (err error) {
		var l categorise.Line
		if members, err = readObject(members[:0], &l, at, line, &dec); err != nil {
			return err
		}
		return do(at, &l)
	})
}
