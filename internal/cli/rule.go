package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/openklaas/klaas/internal/categorise"
	"github.com/openklaas/klaas/internal/server"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/taxonomy"
)

type ruleCommand struct {
	Add     ruleAddCommand     `cmd:"" help:"Add a rule; prints its id."`
	List    ruleListCommand    `cmd:"" help:"List the rules of an application in the order in which they are asked."`
	Show    ruleShowCommand    `cmd:"" help:"Print a rule as JSON."`
	Remove  ruleRemoveCommand  `cmd:"" help:"Remove a rule."`
	On      ruleOnCommand      `cmd:"" help:"Ask a rule again that was off."`
	Off     ruleOffCommand     `cmd:"" help:"Keep a rule, but do not ask it."`
	Move    ruleMoveCommand    `cmd:"" help:"Change when a rule is asked: the first that matches decides."`
	Import  ruleImportCommand  `cmd:"" help:"Replace all rules by those of a JSON file, as klaas rule list --json prints them."`
	History ruleHistoryCommand `cmd:"" help:"List what changed, newest first."`
	Test    ruleTestCommand    `cmd:"" help:"Show what a rule would change in a file of movements; stores nothing."`
}

// rulesOf names the application whose rules a command is about.
type rulesOf struct {
	storeFlags
	App string `required:"" help:"Id or name of the application."`
}

// ruleFlags are a rule as flags.
type ruleFlags struct {
	From string `help:"Read the rule from a JSON file; - is standard input. The other flags are then left away." placeholder:"FILE"`

	Code         string   `help:"The category: six digits, see klaas taxonomy." placeholder:"CODE"`
	Name         string   `help:"A name for people." placeholder:"NAME"`
	Contains     string   `help:"The text contains this, also inside a word. Case and accents do not matter." placeholder:"TEXT"`
	Equals       string   `help:"The text is this." placeholder:"TEXT"`
	StartsWith   string   `help:"The text starts with this." placeholder:"TEXT"`
	EndsWith     string   `help:"The text ends with this." placeholder:"TEXT"`
	Matches      string   `help:"A regular expression (RE2) that matches anywhere in the text." placeholder:"REGEXP"`
	Direction    string   `help:"credit or debit. Default: every direction that the category allows." placeholder:"SIDE"`
	Account      string   `help:"checking, savings or card." placeholder:"KIND"`
	Min          string   `help:"The amount in BRL is at least this." placeholder:"AMOUNT"`
	Max          string   `help:"The amount in BRL is at most this." placeholder:"AMOUNT"`
	Counterparty string   `help:"CNPJ of the counterparty, or its first 8 characters for all branches. A CPF only with --from." placeholder:"CNPJ"`
	MCC          []string `name:"mcc" help:"Merchant category codes and ranges such as 5811-5814." placeholder:"MCC"`
}

// rule returns the rule of the flags or of the file, checked but for its id.
func (f *ruleFlags) rule(p *program) (setting.Rule, error) {
	r := setting.Rule{
		Name: f.Name, Code: f.Code, Contains: f.Contains, Equals: f.Equals, StartsWith: f.StartsWith, EndsWith: f.EndsWith, Matches: f.Matches,
		Direction: f.Direction, Account: f.Account, Min: setting.Decimal(f.Min), Max: setting.Decimal(f.Max), Counterparty: f.Counterparty, MCC: f.MCC,
	}
	switch {
	case f.From != "" && !reflect.DeepEqual(r, setting.Rule{}):
		return r, usagef("--from has the whole rule: leave the other flags of the rule away")
	case f.From != "":
		if err := p.readJSON(f.From, &r); err != nil {
			return r, usagef("%s: not a rule: %v", name(f.From), err)
		}
	case len(categorise.Bare(f.Counterparty)) == 11:
		return r, usagef("a CPF does not belong among the arguments, where others can read it: put the rule into a file and give it with --from")
	}
	alone := r
	if alone.ID == "" {
		alone.ID = "new"
	}
	if _, err := setting.ParseRules([]setting.Rule{alone}); err != nil {
		text := strings.TrimPrefix(err.Error(), "rules[0]")
		return r, usagef("the rule: %s", strings.TrimLeft(text, ".: "))
	}
	return r, nil
}

// readJSON reads a file, or standard input, that is one JSON value of a form.
func (p *program) readJSON(file string, to any) error {
	text, err := p.document(file)
	if err != nil {
		return err
	}
	return strictly(text, to)
}

// strictly reads one JSON value of a form. A key that the form lacks is an error: it
// may be a condition that was misspelt.
func strictly(text []byte, to any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more follows the first value")
	}
	return nil
}

// rules returns the application's rules and their revision.
func (c *rulesOf) rules(ctx context.Context, base *server.Base) ([]setting.Rule, int, error) {
	app, err := application(ctx, base, c.App)
	if err != nil {
		return nil, 0, err
	}
	settings, revision, err := base.Accounts.Settings(ctx, app.ID, 0)
	return settings.Rules, revision, err
}

// change changes the rules and tells the revision.
func (c *rulesOf) change(ctx context.Context, p *program, change func([]setting.Rule) ([]setting.Rule, error)) (rules []setting.Rule, err error) {
	err = p.administer(ctx, func(base *server.Base) error {
		app, err := application(ctx, base, c.App)
		if err != nil {
			return err
		}
		var revision int
		rules, revision, err = base.Accounts.ChangeRules(ctx, app.ID, 0, change)
		if err != nil {
			return err
		}
		p.note("revision %d", revision)
		return nil
	})
	return rules, err
}

// find returns the place of a rule.
func find(rules []setting.Rule, id string) (int, error) {
	i := slices.IndexFunc(rules, func(r setting.Rule) bool { return r.ID == id })
	if i < 0 {
		return 0, usagef("there is no rule with the id %s: klaas rule list shows them", id)
	}
	return i, nil
}

type ruleAddCommand struct {
	rulesOf
	ruleFlags
	Before string `help:"Ask it before this rule. Default: after all others." placeholder:"ID" xor:"place"`
	First  bool   `help:"Ask it before all others." xor:"place"`
}

// Run adds a rule.
func (c *ruleAddCommand) Run(ctx context.Context, p *program) error {
	rule, err := c.rule(p)
	if err != nil {
		return err
	}
	place := 0
	rules, err := c.change(ctx, p, func(old []setting.Rule) (_ []setting.Rule, err error) {
		place, err = placeOf(old, c.Before, c.First)
		if err != nil {
			return nil, err
		}
		return slices.Insert(slices.Clone(old), place, rule), nil
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.Out, rules[place].ID)
	return err
}

// placeOf returns where a rule goes; without a wish behind all others.
func placeOf(rules []setting.Rule, before string, first bool) (int, error) {
	switch {
	case first:
		return 0, nil
	case before != "":
		return find(rules, before)
	}
	return len(rules), nil
}

type ruleListCommand struct {
	rulesOf
	JSON bool `name:"json" help:"Print JSON."`
}

// Run prints the rules.
func (c *ruleListCommand) Run(ctx context.Context, p *program) error {
	return p.administer(ctx, func(base *server.Base) error {
		rules, revision, err := c.rules(ctx, base)
		if err != nil {
			return err
		}
		p.note("revision %d", revision)
		if c.JSON {
			return p.json(append([]setting.Rule{}, rules...))
		}
		rows := [][]string{{"", "ID", "CODE", "CATEGORY", "WHEN", "NAME"}}
		for i := range rules {
			r := &rules[i]
			number := strconv.Itoa(i + 1)
			if r.Off {
				number += " off"
			}
			rows = append(rows, []string{number, r.ID, r.Code, categoryName(r.Code), conditions(r), r.Name})
		}
		return p.table(rows)
	})
}

// categoryName returns the Portuguese name of a code's category.
func categoryName(code string) string {
	c, _ := taxonomy.ParseCode(code)
	category, known := taxonomy.Lookup(c)
	if !known {
		return ""
	}
	return category.Level1.PT + " › " + category.Level2.PT + " › " + category.Level3.PT
}

// conditions tells when a rule matches.
func conditions(r *setting.Rule) string {
	var all []string
	for _, text := range []struct{ how, what string }{
		{"contains", r.Contains}, {"equals", r.Equals}, {"starts with", r.StartsWith}, {"ends with", r.EndsWith}, {"matches", r.Matches},
	} {
		if text.what != "" {
			all = append(all, text.how+" "+strconv.Quote(text.what))
		}
	}
	for _, fact := range []struct{ how, what string }{
		{"", r.Direction}, {"", r.Account}, {"from ", string(r.Min)}, {"to ", string(r.Max)}, {"counterparty ", r.Counterparty}, {"mcc ", strings.Join(r.MCC, " ")},
	} {
		if fact.what != "" {
			all = append(all, fact.how+fact.what)
		}
	}
	return strings.Join(all, ", ")
}

// oneRule names a rule of an application.
type oneRule struct {
	rulesOf
	ID string `arg:"" help:"Id of the rule."`
}

type ruleShowCommand struct{ oneRule }

// Run prints a rule.
func (c *ruleShowCommand) Run(ctx context.Context, p *program) error {
	return p.administer(ctx, func(base *server.Base) error {
		rules, _, err := c.rules(ctx, base)
		if err != nil {
			return err
		}
		i, err := find(rules, c.ID)
		if err != nil {
			return err
		}
		return p.json(rules[i])
	})
}

type ruleRemoveCommand struct{ oneRule }

// Run removes a rule.
func (c *ruleRemoveCommand) Run(ctx context.Context, p *program) error {
	_, err := c.change(ctx, p, func(old []setting.Rule) ([]setting.Rule, error) {
		i, err := find(old, c.ID)
		if err != nil {
			return nil, err
		}
		return slices.Delete(old, i, i+1), nil
	})
	return err
}

type ruleOnCommand struct{ oneRule }

// Run switches a rule on.
func (c *ruleOnCommand) Run(ctx context.Context, p *program) error { return c.turn(ctx, p, false) }

type ruleOffCommand struct{ oneRule }

// Run switches a rule off.
func (c *ruleOffCommand) Run(ctx context.Context, p *program) error { return c.turn(ctx, p, true) }

func (c *oneRule) turn(ctx context.Context, p *program, off bool) error {
	_, err := c.change(ctx, p, func(old []setting.Rule) ([]setting.Rule, error) {
		i, err := find(old, c.ID)
		if err != nil {
			return nil, err
		}
		old[i].Off = off
		return old, nil
	})
	return err
}

type ruleMoveCommand struct {
	oneRule
	Before string `help:"Ask it before this rule." placeholder:"ID" xor:"place" required:""`
	First  bool   `help:"Ask it before all others." xor:"place" required:""`
	Last   bool   `help:"Ask it after all others." xor:"place" required:""`
}

// Run moves a rule.
func (c *ruleMoveCommand) Run(ctx context.Context, p *program) error {
	if c.Before == c.ID {
		return usagef("a rule cannot be moved before itself")
	}
	_, err := c.change(ctx, p, func(old []setting.Rule) ([]setting.Rule, error) {
		i, err := find(old, c.ID)
		if err != nil {
			return nil, err
		}
		rule := old[i]
		rest := slices.Delete(slices.Clone(old), i, i+1)
		place, err := placeOf(rest, c.Before, c.First)
		if err != nil {
			return nil, err
		}
		return slices.Insert(rest, place, rule), nil
	})
	return err
}

type ruleImportCommand struct {
	rulesOf
	File string `arg:"" help:"A JSON list of rules; - is standard input."`
}

// Run replaces all rules.
func (c *ruleImportCommand) Run(ctx context.Context, p *program) error {
	var rules []setting.Rule
	if err := p.readJSON(c.File, &rules); err != nil {
		return usagef("%s: not a list of rules: %v", name(c.File), err)
	}
	if rules == nil {
		return usagef("%s: not a list of rules: write [] for none", name(c.File))
	}
	rules, err := c.change(ctx, p, func([]setting.Rule) ([]setting.Rule, error) { return rules, nil })
	if err != nil {
		return err
	}
	p.note("%d rules", len(rules))
	return nil
}

type ruleHistoryCommand struct {
	rulesOf
	Limit int  `default:"20" help:"How many revisions are listed." placeholder:"N"`
	JSON  bool `name:"json" help:"Print JSON, with the rules of each revision."`
}

// ruleRevision is one revision of the settings as JSON.
type ruleRevision struct {
	Revision  int            `json:"revision"`
	CreatedAt time.Time      `json:"createdAt"`
	Changes   []string       `json:"changes"`
	Rules     []setting.Rule `json:"rules"`
}

// Run prints what each revision changed.
func (c *ruleHistoryCommand) Run(ctx context.Context, p *program) error {
	if c.Limit < 1 {
		return usagef("--limit is a number of revisions: 1 or more")
	}
	return p.administer(ctx, func(base *server.Base) error {
		app, err := application(ctx, base, c.App)
		if err != nil {
			return err
		}
		// One more is read than shown: the last needs the one before it.
		revisions, err := base.Accounts.Revisions(ctx, app.ID, 0, c.Limit+1)
		if err != nil {
			return err
		}
		listed := []ruleRevision{}
		rows := [][]string{{"REVISION", "TIME", "RULES", "CHANGE"}}
		for i, r := range revisions[:min(c.Limit, len(revisions))] {
			var before []setting.Rule
			if i+1 < len(revisions) {
				before = revisions[i+1].Settings.Rules
			}
			changes := ruleChanges(before, r.Settings.Rules)
			listed = append(listed, ruleRevision{r.Number, r.CreatedAt, changes, append([]setting.Rule{}, r.Settings.Rules...)})
			told := strings.Join(changes, ", ")
			if told == "" {
				told = "other settings"
			}
			rows = append(rows, []string{strconv.Itoa(r.Number), r.CreatedAt.Format(time.RFC3339), strconv.Itoa(len(r.Settings.Rules)), told})
		}
		if c.JSON {
			return p.json(listed)
		}
		return p.table(rows)
	})
}

// ruleChanges tells what is other in a list of rules than in the one before it.
func ruleChanges(before, after []setting.Rule) []string {
	changes := []string{}
	old := make(map[string]*setting.Rule, len(before))
	for i := range before {
		old[before[i].ID] = &before[i]
	}
	var stayed []string // of both lists, in the order of after
	for i := range after {
		r := &after[i]
		was := old[r.ID]
		if was == nil {
			changes = append(changes, "added "+r.ID)
			continue
		}
		stayed = append(stayed, r.ID)
		switched := *was
		switched.Off = r.Off
		switch {
		case !reflect.DeepEqual(&switched, r):
			changes = append(changes, "changed "+r.ID)
		case r.Off && !was.Off:
			changes = append(changes, r.ID+" off")
		case !r.Off && was.Off:
			changes = append(changes, r.ID+" on")
		}
	}
	var order []string // the same rules in the order of before
	for i := range before {
		if slices.Contains(stayed, before[i].ID) {
			order = append(order, before[i].ID)
		} else {
			changes = append(changes, "removed "+before[i].ID)
		}
	}
	if !slices.Equal(order, stayed) {
		changes = append(changes, "new order")
	}
	return changes
}
