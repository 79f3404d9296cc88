package cli

import (
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/openklaas/klaas/internal/accuracy"
	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/categorise"
	"github.com/openklaas/klaas/internal/classify"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
)

type accuracyCommand struct {
	File string `arg:"" optional:"" help:"Labelled lines (CSV with description and label; may have amount, date, source, bank, type, mcc, counterparty, label_accept, part): measures the categories. Without: measures the ledger and the facts on people made up." type:"path" placeholder:"FILE.csv"`

	Labels    string   `help:"Which codes count as right for a label: CSV with label,codes. Default: 30 coarse labels." placeholder:"FILE.csv" type:"path"`
	Part      []string `help:"Only the lines whose column part says one of these." placeholder:"NAME"`
	By        string   `help:"The column by which groups are told apart." placeholder:"COLUMN"`
	Baselines bool     `help:"Also measure the most common label, the vocabulary alone and the model alone."`
	Curve     string   `help:"Also draw how right the surest answers are, as SVG." placeholder:"FILE.svg" type:"path"`

	People int    `help:"How many people to make up." default:"200" placeholder:"N"`
	Seed   uint64 `help:"The same seed gives the same people. The rules were made on seeds below 1000." default:"5000" placeholder:"S"`
	End    string `help:"Last day of their history." default:"2026-06-30" placeholder:"YYYY-MM-DD"`

	Misses bool `help:"Also print what was wrong: the first disagreements of each figure, or every line."`
	JSON   bool `name:"json" help:"Print JSON."`
}

// Run measures the categories on labelled lines, or the ledger and the facts on
// people whose truth is known.
func (c *accuracyCommand) Run(p *program) error {
	if c.File != "" {
		return c.categories(p)
	}
	return c.people(p)
}

func (c *accuracyCommand) people(p *program) error {
	end, ok := calendar.ParseDay(c.End)
	if !ok {
		return usagef("--end is not a date: use YYYY-MM-DD")
	}
	if c.People < 1 {
		return usagef("--people must be at least 1")
	}
	began := time.Now()
	result, err := accuracy.Ledger(c.People, c.Seed, end)
	if err != nil {
		return err
	}
	facts, err := accuracy.Facts(c.People, c.Seed, end)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.json(peopleResult{result, facts})
	}
	rows := [][]string{{"FIGURE", "TRUE", "FOUND", "PRECISION", "RECALL"}}
	for i := range result.Figures {
		f := &result.Figures[i]
		rows = append(rows, []string{
			f.Name, fmt.Sprint(f.True), fmt.Sprint(f.Said), percent(f.Precision()), percent(f.Recall()),
		})
	}
	if err := p.table(rows); err != nil {
		return err
	}
	if err := p.rates(facts); err != nil {
		return err
	}
	if c.Misses {
		rows = [][]string{{"FIGURE", "PERSONA", "N", "WHERE", "SAID", "TRUE"}}
		for _, m := range slices.Concat(result.Misses, facts.Misses) {
			rows = append(rows, []string{m.Figure, m.Persona, fmt.Sprint(m.N), m.Path, m.Said, m.True})
		}
		if err := p.table(rows); err != nil {
			return err
		}
	}
	p.note("%d people, %d movements, seed %d, in %v", result.People, result.Movements, c.Seed, time.Since(began).Round(time.Millisecond))
	return nil
}

// peopleResult is what --json prints of people made up.
type peopleResult struct {
	*accuracy.LedgerResult
	Facts *accuracy.FactsResult
}

// rates prints how right the facts are.
func (p *program) rates(r *accuracy.FactsResult) error {
	rows := [][]string{{"FACT", "OF", "VALUE", "95 % INTERVAL"}}
	for _, rate := range r.Rates {
		low, high := rate.Interval()
		rows = append(rows, []string{
			rate.Name, fmt.Sprintf("%d of %d", rate.Part, rate.Whole), percent(rate.Value()), percent(low) + " – " + percent(high),
		})
	}
	for _, errors := range []struct {
		name string
		*accuracy.Errors
	}{{"monthly income", &r.MonthlyIncome}, {"– against all that was earned", &r.EarnedIncome}} {
		rows = append(rows,
			[]string{errors.name + ": median error", fmt.Sprint(errors.Number, " people"), ofTenThousand(errors.Median), ""},
			[]string{errors.name + ": error of nine in ten at most", fmt.Sprint(errors.Number, " people"), ofTenThousand(errors.Ninetieth), ""})
	}
	return p.table(rows)
}

func ofTenThousand(share money.Amount) string { return fmt.Sprintf("%d.%02d %%", share/100, share%100) }

// categoriesResult is what --json prints.
type categoriesResult struct {
	*accuracy.Score
	Baselines []accuracy.Part `json:",omitempty"`
}

func (c *accuracyCommand) categories(p *program) error {
	labels, lines, err := c.labelled()
	if err != nil {
		return err
	}
	classifier := classify.New()
	score, cases := accuracy.Categories(categorise.New(classifier, classify.Options{}), labels, lines)
	result := categoriesResult{Score: score}
	if c.Baselines {
		result.Baselines = baselines(classifier, labels, lines, score)
	}
	if c.Curve != "" {
		if err := c.draw(score); err != nil {
			return err
		}
	}
	if c.JSON {
		return p.json(result)
	}
	if err := p.score(&result); err != nil {
		return err
	}
	if c.Misses {
		rows := [][]string{{"DESCRIPTION", "LABEL", "GOT", "TIER", "CONFIDENCE"}}
		for i := range cases {
			if k := &cases[i]; !k.Right(labels) {
				rows = append(rows, []string{lines[i].Line.Description, k.Label, k.Code.String(), k.Tier.String(), perMille(k.Confidence)})
			}
		}
		return p.table(rows)
	}
	return nil
}

// labelled reads the labels and the lines that are asked for.
func (c *accuracyCommand) labelled() (*accuracy.Labels, []accuracy.Labelled, error) {
	labels := accuracy.CommonLabels()
	if c.Labels != "" {
		f, err := os.Open(c.Labels)
		if err != nil {
			return nil, nil, err
		}
		defer func() { _ = f.Close() }()
		if labels, err = accuracy.ReadLabels(f); err != nil {
			return nil, nil, invalidInput{c.Labels + ": " + err.Error()}
		}
	}
	f, err := os.Open(c.File)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = f.Close() }()
	lines, err := accuracy.ReadLabelled(f, labels, c.By)
	if err != nil {
		return nil, nil, invalidInput{c.File + ": " + err.Error()}
	}
	if len(c.Part) > 0 {
		lines = slices.DeleteFunc(lines, func(l accuracy.Labelled) bool { return !slices.Contains(c.Part, l.Part) })
	}
	if len(lines) == 0 {
		return nil, nil, invalidInput{c.File + ": no line is left to measure"}
	}
	return labels, lines, nil
}

func (c *accuracyCommand) draw(score *accuracy.Score) error {
	f, err := os.Create(c.Curve)
	if err != nil {
		return err
	}
	if err := accuracy.WriteCurve(f, "Categories: how right the surest answers are", score.Curve); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

func baselines(classifier *classify.Classifier, labels *accuracy.Labels, lines []accuracy.Labelled, whole *accuracy.Score) []accuracy.Part {
	parts := []accuracy.Part{whole.Majority}
	for _, tier := range []ledger.Tier{ledger.TierVocabulary, ledger.TierModel} {
		alone := classify.Options{Only: classify.TierSet(tier)}
		score, _ := accuracy.Categories(categorise.New(classifier, alone), labels, lines)
		score.All.Name = tier.String() + " alone"
		parts = append(parts, score.All)
	}
	return parts
}

// score prints a score for reading.
func (p *program) score(r *categoriesResult) error {
	mean := func(name string, m *accuracy.Mean) []string {
		return []string{name, fmt.Sprint(m.Labels, " labels"), percent(m.Value), percent(m.Low) + " – " + percent(m.High)}
	}
	share := func(name string, s accuracy.Share) []string {
		low, high := s.Interval()
		return []string{name, fmt.Sprintf("%d of %d", s.Part, s.Whole), percent(s.Value()), percent(low) + " – " + percent(high)}
	}
	tables := [][][]string{{
		{"FIGURE", "OF", "VALUE", "95 % INTERVAL"},
		share("accuracy (an abstention is wrong)", r.All.Accuracy),
		share("coverage", r.All.Coverage),
		share("precision when answered", r.All.Precision),
		mean(fmt.Sprintf("macro-F1, labels of %d lines and more", accuracy.CommonRows), &r.MacroF1),
		mean("macro-F1, rarer labels", &r.RareF1),
		share("confidence 0.9 and more: coverage", r.All.Top),
		share("confidence 0.9 and more: precision", r.All.TopRight),
	}}
	parts := func(title string, list []accuracy.Part) [][]string {
		rows := [][]string{{title, "LINES", "ACCURACY", "95 % INTERVAL", "COVERAGE", "PRECISION", "≥ 0.9", "PRECISION ≥ 0.9"}}
		for _, q := range list {
			low, high := q.Accuracy.Interval()
			rows = append(rows, []string{
				q.Name, fmt.Sprint(q.Accuracy.Whole), percent(q.Accuracy.Value()), percent(low) + " – " + percent(high), percent(q.Coverage.Value()),
				percent(q.Precision.Value()), percent(q.Top.Value()), percent(q.TopRight.Value()),
			})
		}
		return rows
	}
	if r.Baselines != nil {
		tables = append(tables, parts("BASELINE", r.Baselines))
	}
	tables = append(tables, parts("TIER", r.Tiers))
	if len(r.Groups) > 1 {
		tables = append(tables, parts("GROUP", r.Groups))
	}
	rows := [][]string{{"LABEL", "LINES", "PRECISION", "RECALL", "F1"}}
	for i := range r.Labels {
		l := &r.Labels[i]
		rows = append(rows, []string{l.Label, fmt.Sprint(l.Rows), percent(l.Precision.Value()), percent(l.Recall.Value()), percent(l.F1())})
	}
	tables = append(tables, rows)
	rows = [][]string{{"CONFIDENCE FROM", "ANSWERED", "RIGHT"}}
	for i, point := range r.Curve {
		if i+1 == len(r.Curve) || point.Confidence/50 != r.Curve[i+1].Confidence/50 {
			rows = append(rows, []string{perMille(point.Confidence), percent(point.Answered.Value()), percent(point.Right.Value())})
		}
	}
	for i, table := range append(tables, rows) {
		if i > 0 {
			if _, err := fmt.Fprintln(p.Out); err != nil {
				return err
			}
		}
		if err := p.table(table); err != nil {
			return err
		}
	}
	return nil
}

func perMille(confidence uint16) string { return fmt.Sprintf("%.3f", float64(confidence)/1000) }

// percent is rounded down, so that only all is 100 %.
func percent(share float64) string { return fmt.Sprintf("%.1f %%", float64(int(share*1000))/10) }
