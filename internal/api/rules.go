package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/openklaas/klaas/internal/account"
	"github.com/openklaas/klaas/internal/categorise"
	"github.com/openklaas/klaas/internal/classify"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/scorecard"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/openfinance"
	"github.com/openklaas/klaas/taxonomy"
)

// RuleList is the application's own rules.
type RuleList struct {
	Revision int            `json:"revision,omitempty" doc:"The revision of the application's settings; in a request: the one that was seen, as in If-Match"`
	Rules    []setting.Rule `json:"rules" doc:"In the order in which they are asked: the first that matches decides. At most 500"`
}

// RuleTest is a rule and the lines to try it on.
type RuleTest struct {
	Rule    setting.Rule `json:"rule" doc:"A new rule, or one with the id of a rule, in whose place it is tried"`
	First   bool         `json:"first,omitempty" doc:"A new rule is asked before the others; default: after them"`
	Entries []RuleEntry  `json:"entries" doc:"At most 10000"`
}

// RuleEntry is one line of a statement.
type RuleEntry struct {
	Description  string          `json:"description" doc:"The text as the bank wrote it"`
	Amount       setting.Decimal `json:"amount,omitempty" doc:"In BRL; where direction is absent, negative is a debit and positive a credit"`
	Direction    string          `json:"direction,omitempty" enum:"credit,debit" doc:"Default: as the sign of amount tells, else the surer of both"`
	Account      string          `json:"account,omitempty" enum:"checking,savings,card" doc:"Default: checking"`
	Type         string          `json:"type,omitempty" doc:"The type of an account entry or the transactionType of a card line, as Open Finance has it"`
	MCC          int32           `json:"mcc,omitempty" doc:"The merchant category code of a card line"`
	Counterparty string          `json:"counterparty,omitempty" doc:"CPF or CNPJ of the counterparty"`
}

// RuleTestResult tells what a rule would change.
type RuleTestResult struct {
	Changed int          `json:"changed" doc:"How many entries would have another category"`
	Entries []RuleEffect `json:"entries" doc:"In the order of the request"`
}

// RuleEffect is what one entry is without the rule and with it.
type RuleEffect struct {
	Changed bool    `json:"changed" doc:"Whether the category would be another"`
	Without Decided `json:"without"`
	With    Decided `json:"with"`
}

// Decided is a category and why.
type Decided struct {
	Code       string `json:"code" doc:"Six digits"`
	Name       Text   `json:"name" doc:"The names of the three levels"`
	Tier       string `json:"tier" enum:"none,partner,ledger,structure,vocabulary,merchant,model"`
	Rule       string `json:"rule,omitempty" doc:"What decided; of a partner's rule partner/<id>"`
	Matched    string `json:"matched,omitempty" doc:"The part of the normalised text that decided"`
	Confidence int    `json:"confidence" doc:"Per mille"`
}

// maxTested is how many entries a rule is tried on at once.
const maxTested = 10_000

// Examples of bodies: in the OpenAPI document.
var (
	exampleRule  = setting.Rule{ID: "aluguel", Name: "Aluguel", Code: "030201", Contains: "imobiliaria horizonte", Direction: "debit", Min: "1000.00"}
	exampleRules = RuleList{Rules: []setting.Rule{exampleRule}}
	exampleTest  = RuleTest{Rule: exampleRule, Entries: []RuleEntry{{Description: "PIX ENVIADO IMOBILIARIA HORIZONTE", Amount: "-1850.00", Type: "PIX"}}}
)

// listRules is GET of the application's rules.
func listRules(a *api, c *call) error {
	settings, revision, err := a.Accounts.Settings(c.req.Context(), c.principal.ApplicationID, 0)
	if err != nil {
		return err
	}
	writeRules(c, settings.Rules, revision)
	return nil
}

func writeRules(c *call, rules []setting.Rule, revision int) {
	c.Header().Set("ETag", `"`+strconv.Itoa(revision)+`"`)
	writeJSON(c, http.StatusOK, RuleList{Revision: revision, Rules: append([]setting.Rule{}, rules...)})
}

// replaceRules is PUT of all rules. Nothing changes unless every rule is sound.
func replaceRules(a *api, c *call) error {
	body, hold, err := a.readJSON(c, c.req)
	if err != nil {
		return err
	}
	defer hold.Release()
	var list struct {
		Revision int               `json:"revision"`
		Rules    []json.RawMessage `json:"rules"`
	}
	if err := readBody(body, &list); err != nil {
		return err
	}
	if list.Rules == nil {
		return unusable(Fault{"rules", "is missing: send a list, [] for no rules"})
	}
	if len(list.Rules) > setting.MaxRules {
		return unusable(Fault{"rules", fmt.Sprintf("are more than %d: an application has at most so many", setting.MaxRules)})
	}
	rules := make([]setting.Rule, len(list.Rules))
	var wrong []Fault
	for i, text := range list.Rules {
		if fault := strictly(text, &rules[i]); fault != nil {
			wrong = append(wrong, under("rules["+strconv.Itoa(i)+"]", *fault))
		}
	}
	if len(wrong) > 0 {
		return unusable(wrong...)
	}
	seen, err := seenRevision(c.req.Header.Get("If-Match"), list.Revision)
	if err != nil {
		return err
	}
	rules, revision, err := a.Accounts.ChangeRules(c.req.Context(), c.principal.ApplicationID, seen,
		func([]setting.Rule) ([]setting.Rule, error) { return rules, nil })
	if err != nil {
		return settingFailure(err)
	}
	writeRules(c, rules, revision)
	return nil
}

// seenRevision returns the revision that a change rests on; 0 for any.
func seenRevision(match string, inBody int) (int, error) {
	match = strings.TrimSpace(match)
	if match == "" || match == "*" {
		return inBody, nil
	}
	n, err := strconv.Atoi(strings.Trim(strings.TrimPrefix(match, "W/"), `"`))
	if err != nil || n < 1 {
		return 0, badRequest("If-Match", `must be one ETag as GET gives it, such as "7"`)
	}
	return n, nil
}

// testRule is POST of a rule to try: nothing is stored.
func testRule(a *api, c *call) error {
	body, hold, err := a.readJSON(c, c.req)
	if err != nil {
		return err
	}
	defer hold.Release()
	var raw struct {
		Rule    json.RawMessage   `json:"rule"`
		First   bool              `json:"first"`
		Entries []json.RawMessage `json:"entries"`
	}
	if err := readBody(body, &raw); err != nil {
		return err
	}
	if len(raw.Entries) > maxTested {
		return &failure{
			status: http.StatusRequestEntityTooLarge, message: fmt.Sprintf("entries are more than %d: send fewer at once", maxTested),
			faults: []Fault{{"entries", fmt.Sprintf("are more than %d", maxTested)}},
		}
	}
	rule := setting.Rule{}
	var wrong []Fault
	if raw.Rule == nil {
		wrong = append(wrong, Fault{"rule", "is missing: send a rule"})
	} else if fault := strictly(raw.Rule, &rule); fault != nil {
		wrong = append(wrong, under("rule", *fault))
	}
	lines := make([]categorise.Line, len(raw.Entries))
	for i, text := range raw.Entries {
		var entry RuleEntry
		fault := strictly(text, &entry)
		if fault == nil {
			lines[i], fault = entry.line()
		}
		if fault != nil {
			wrong = append(wrong, under("entries["+strconv.Itoa(i)+"]", *fault))
		}
	}
	if len(wrong) > 0 {
		return unusable(wrong...)
	}
	settings, _, err := a.Accounts.Settings(c.req.Context(), c.principal.ApplicationID, 0)
	if err != nil {
		return err
	}
	without, err := classify.CompileRules(settings.Rules)
	if err != nil {
		return err
	}
	rules, place := setting.Try(settings.Rules, rule, raw.First)
	with, err := classify.CompileRules(rules)
	if err != nil {
		return settingFailure(ofOne(err, place))
	}
	writeJSON(c, http.StatusOK, effects(lines, without, with))
	return nil
}

// ofOne returns an error about a list as one about the rule at place, which was
// sent alone.
func ofOne(err error, place int) error {
	var fault *setting.RuleError
	if !errors.As(err, &fault) {
		return err
	}
	alone := &setting.RuleError{Faults: slices.Clone(fault.Faults)}
	for i, f := range alone.Faults {
		alone.Faults[i].Path = strings.Replace(f.Path, "rules["+strconv.Itoa(place)+"]", "rule", 1)
	}
	return alone
}

func effects(lines []categorise.Line, without, with *classify.Rules) RuleTestResult {
	old := categorise.New(classify.Shared(), classify.Options{Rules: without}).Start()
	fresh := categorise.New(classify.Shared(), classify.Options{Rules: with}).Start()
	result := RuleTestResult{Entries: make([]RuleEffect, len(lines))}
	for i := range lines {
		e := &result.Entries[i]
		before, after := old.One(&lines[i]), fresh.One(&lines[i])
		e.Changed = before.Decision.Code != after.Decision.Code
		e.Without, e.With = decided(&before), decided(&after)
		if e.Changed {
			result.Changed++
		}
	}
	return result
}

func decided(r *categorise.Result) Decided {
	d := &r.Decision
	category, _ := taxonomy.Lookup(d.Code)
	names := [3]taxonomy.Name{category.Level1, category.Level2, category.Level3}
	return Decided{
		Code: d.Code.String(), Tier: d.Tier.String(), Rule: d.Rule, Matched: d.Matched, Confidence: int(d.Confidence),
		Name: Text{
			PT: names[0].PT + " › " + names[1].PT + " › " + names[2].PT,
			EN: names[0].EN + " › " + names[1].EN + " › " + names[2].EN,
		},
	}
}

// line reads an entry.
func (e *RuleEntry) line() (categorise.Line, *Fault) {
	l := categorise.Line{Description: e.Description, Type: e.Type, MCC: e.MCC}
	if strings.TrimSpace(e.Description) == "" {
		return l, &Fault{"description", "is missing"}
	}
	if e.Amount != "" {
		amount, err := money.Parse(string(e.Amount))
		if err != nil {
			return l, &Fault{"amount", err.Error()}
		}
		l.Amount, l.Direction = amount, categorise.Signed(amount)
	}
	if e.MCC < 0 || e.MCC > 9999 {
		return l, &Fault{"mcc", notMCC}
	}
	if e.Counterparty != "" {
		var ok bool
		if l.Partie, ok = categorise.TaxID(e.Counterparty); !ok {
			return l, &Fault{"counterparty", notTaxID}
		}
	}
	switch e.Direction {
	case "":
	case "credit":
		l.Direction = categorise.Credit
	case "debit":
		l.Direction = categorise.Debit
	default:
		return l, &Fault{"direction", "is neither credit nor debit"}
	}
	switch e.Account {
	case "", "checking":
		l.Source = classify.Checking
	case "savings":
		l.Source = classify.Savings
	case "card":
		l.Source = classify.Card
	default:
		return l, &Fault{"account", "is not one of checking, savings and card"}
	}
	return l, nil
}

// readBody reads a JSON object in which no key stands twice. 400 when it is no
// such JSON, 422 when it is no object with these keys.
func readBody(body []byte, to any) error {
	d := jsontext.NewDecoder(bytes.NewBuffer(body))
	if err := d.SkipValue(); err != nil {
		return openfinance.NewSyntaxError(err, d.InputOffset(), len(body))
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return &openfinance.SyntaxError{Offset: d.InputOffset(), Reason: "something follows the end of the object"}
	}
	if fault := strictly(body, to); fault != nil {
		return unusable(*fault)
	}
	return nil
}

// strictly reads sound JSON and says what does not fit, without any value of it:
// a key that nobody knows may be a condition that was misspelt.
func strictly(text []byte, to any) *Fault {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	err := d.Decode(to)
	var kind *json.UnmarshalTypeError
	switch {
	case err == nil && !bytes.Equal(bytes.TrimSpace(text), []byte("null")):
		return nil
	case errors.As(err, &kind) && kind.Field != "":
		return &Fault{kind.Field, "has the wrong JSON type: GET /docs has the right one"}
	case err != nil && strings.Contains(err.Error(), "unknown field"):
		return &Fault{"", "has a key that is not known here: GET /docs lists those that are"}
	}
	return &Fault{"", "is not what belongs here: GET /docs has the form"}
}

// under puts a fault below a path.
func under(path string, f Fault) Fault {
	if f.Path != "" {
		path += "." + f.Path
	}
	return Fault{path, f.Message}
}

// unusable is a 422 with its faults.
func unusable(list ...Fault) *failure {
	problems := make([]openfinance.Problem, len(list))
	for i, f := range list {
		problems[i] = openfinance.Problem{Path: f.Path, Message: f.Message}
	}
	return &failure{status: http.StatusUnprocessableEntity, message: summary(problems), faults: list}
}

// settingFailure says what is wrong with a change of rules or of the scorecard.
func settingFailure(err error) error {
	var (
		rules *setting.RuleError
		card  *scorecard.Error
		list  []Fault
	)
	switch {
	case errors.As(err, &rules):
		for _, f := range rules.Faults {
			list = append(list, Fault(f))
		}
		return unusable(list...)
	case errors.As(err, &card):
		for _, f := range card.Faults {
			list = append(list, Fault(f))
		}
		return unusable(list...)
	case errors.Is(err, account.ErrStale):
		return &failure{
			status: http.StatusPreconditionFailed, message: "the settings have another revision by now: GET them again and mend those",
			faults: []Fault{{Path: "If-Match", Message: "is not the newest revision"}},
		}
	}
	return err
}
