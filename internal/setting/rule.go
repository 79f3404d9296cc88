package setting

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/text"
	"github.com/openklaas/klaas/taxonomy"
)

// The limits of an application's rules.
const (
	MaxRules    = 500
	MaxPatterns = 100 // rules with a regular expression

	maxID      = 40
	maxName    = 100  // characters
	maxText    = 200  // characters of a text condition
	maxProgram = 500  // instructions of a regular expression, once compiled
	maxWork    = 5000 // instructions of all regular expressions together: each costs time for every letter of a text
	maxRanges  = 100  // merchant codes and ranges of one rule
	maxMCC     = 9999 // merchant codes have four digits
)

// Rule gives movements the category that a partner wants. All of its conditions
// must hold, and it has one at least. Of an application's rules the first that
// matches decides, before anything else is asked.
//
// Texts are compared in normal form: no accents, upper case, single blanks. At
// most one of the five conditions on the text is given.
type Rule struct {
	ID   string `json:"id,omitempty" doc:"Lower-case letters, digits and hyphens, at most 40; made when it is left out. Decisions name it as partner/<id>"`
	Name string `json:"name,omitempty" doc:"For people; at most 100 characters"`
	Off  bool   `json:"off,omitempty" doc:"The rule is kept but not asked"`
	Code string `json:"code" doc:"The category: six digits" example:"050401"`

	Contains   string `json:"contains,omitempty" doc:"The text contains this, also inside a word"`
	Equals     string `json:"equals,omitempty" doc:"The text is this"`
	StartsWith string `json:"startsWith,omitempty" doc:"The text starts with this"`
	EndsWith   string `json:"endsWith,omitempty" doc:"The text ends with this"`
	Matches    string `json:"matches,omitempty" doc:"A regular expression (RE2) that matches anywhere in the text; without regard to case and accents"`

	Direction    string   `json:"direction,omitempty" enum:"credit,debit" doc:"Default: every direction that the category allows"`
	Account      string   `json:"account,omitempty" enum:"checking,savings,card" doc:"What the movement is of; checking has prepaid accounts too"`
	Min          Decimal  `json:"min,omitempty" doc:"The amount in BRL, without sign, is at least this"`
	Max          Decimal  `json:"max,omitempty" doc:"The amount in BRL, without sign, is at most this"`
	Counterparty string   `json:"counterparty,omitempty" doc:"CPF or CNPJ of the counterparty; the first 8 characters of a CNPJ stand for all branches"`
	MCC          []string `json:"mcc,omitempty" doc:"Merchant category codes and ranges of them, such as 5411 or 5811-5814; one must fit"`
}

// Decimal is a decimal number as it was sent. JSON has it as a text; a number is
// read as well.
type Decimal string

// UnmarshalJSON reads a text or a number.
func (d *Decimal) UnmarshalJSON(b []byte) error {
	var n json.Number // also takes a text that is a number
	if err := json.Unmarshal(b, &n); err == nil {
		*d = Decimal(n)
		return nil
	}
	return json.Unmarshal(b, (*string)(d))
}

// RuleError says what is wrong with a list of rules. It repeats no value.
type RuleError struct {
	Faults []RuleFault // one at least, in the order of the list
}

// RuleFault is one fault of a list of rules.
type RuleFault struct {
	Path    string // such as rules[3].matches
	Message string // what is wrong and how to mend it
}

func (e *RuleError) Error() string {
	message := e.Faults[0].Path + ": " + e.Faults[0].Message
	if n := len(e.Faults) - 1; n > 0 {
		message += " (and " + strconv.Itoa(n) + " more)"
	}
	return message
}

// TextTest is how a condition on the text is asked.
type TextTest uint8

// The conditions on the text.
const (
	AnyText TextTest = iota
	TextContains
	TextEquals
	TextStartsWith
	TextEndsWith
	TextMatches
)

// ParsedRule is a sound rule, ready to be asked.
type ParsedRule struct {
	ID            string
	Off           bool
	Code          taxonomy.Code
	Credit, Debit bool // the directions that it applies to; the category allows them

	Test    TextTest
	Text    string         // normalised; of a TextMatches the pattern
	Pattern *syntax.Regexp // of a TextMatches: fits normalised texts as they are

	Account      string       // "" for every kind
	Amount       bool         // the amount must lie from Min to Max
	Min, Max     money.Amount //
	Counterparty string       // bare: 8, 11 or 14 characters; "" for any
	MCC          []MCCRange   // nil for any
}

// MCCRange is a range of merchant category codes, ends included.
type MCCRange struct{ From, To int32 }

// ParseRules reads and checks a list of rules. Error: *RuleError with every fault.
func ParseRules(rules []Rule) ([]ParsedRule, error) {
	c := &checker{}
	if len(rules) > MaxRules {
		c.fault("", "are more than %d: an application has at most so many", MaxRules)
		return nil, &RuleError{c.faults}
	}
	parsed := make([]ParsedRule, len(rules))
	ids := make(map[string]bool, len(rules))
	patterns := 0
	for i := range rules {
		c.at = "rules[" + strconv.Itoa(i) + "]"
		parsed[i] = c.rule(&rules[i])
		if rules[i].ID != "" && ids[rules[i].ID] {
			c.fault("id", "is another rule's: give each its own, or leave it out")
		}
		ids[rules[i].ID] = true
		if rules[i].Matches == "" {
			continue
		}
		if patterns++; patterns == MaxPatterns+1 {
			c.fault("matches", "is one regular expression too many: an application has at most %d; use contains, startsWith or endsWith", MaxPatterns)
		}
	}
	if c.work > maxWork {
		c.at = ""
		c.fault("", "have regular expressions that are too large together: use fewer or smaller repetitions, or contains, startsWith or endsWith")
	}
	if len(c.faults) > 0 {
		return nil, &RuleError{c.faults}
	}
	return parsed, nil
}

// checker collects the faults of a list of rules.
type checker struct {
	at     string // the rule that is being read; "" is the list
	work   int    // instructions of the regular expressions
	faults []RuleFault
}

func (c *checker) fault(field, message string, args ...any) {
	path := c.at
	switch {
	case path == "":
		path = "rules"
	case field != "":
		path += "." + field
	}
	c.faults = append(c.faults, RuleFault{path, fmt.Sprintf(message, args...)})
}

func (c *checker) rule(r *Rule) ParsedRule {
	p := ParsedRule{ID: r.ID, Off: r.Off, Account: r.Account}
	if !isID(r.ID) {
		c.fault("id", "is not 1 to %d lower-case letters, digits and hyphens", maxID)
	}
	if utf8.RuneCountInString(r.Name) > maxName || !printable(r.Name) {
		c.fault("name", "is longer than %d characters or holds some that cannot be printed", maxName)
	}
	c.category(r, &p)
	c.text(r, &p)
	switch r.Account {
	case "", "checking", "savings", "card":
	default:
		c.fault("account", "is not one of checking, savings and card")
	}
	c.amounts(r, &p)
	c.counterparty(r, &p)
	c.mcc(r, &p)
	if p.Test == AnyText && r.Direction == "" && r.Account == "" && r.Min == "" && r.Max == "" && r.Counterparty == "" && len(r.MCC) == 0 {
		c.fault("", "has no condition: give one of contains, equals, startsWith, endsWith, matches, direction, account, min, max, counterparty, mcc")
	}
	return p
}

func isID(id string) bool {
	return id != "" && len(id) <= maxID && !strings.ContainsFunc(id, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-'
	})
}

// printable refuses U+FFFD too: it stands where a text was no Unicode, which no
// statement will match.
func printable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r == utf8.RuneError || unicode.IsControl(r) })
}

// category reads the category and the directions that the rule applies to: those
// that it asks for and the category allows.
func (c *checker) category(r *Rule, p *ParsedRule) {
	var direction taxonomy.Direction
	switch r.Direction {
	case "credit":
		direction = taxonomy.Credits
	case "debit":
		direction = taxonomy.Debits
	case "":
		direction = taxonomy.Both
	default:
		c.fault("direction", "is neither credit nor debit")
		return
	}
	code, ok := taxonomy.ParseCode(r.Code)
	category, known := taxonomy.Lookup(code)
	if !ok || !known {
		c.fault("code", "is no category: use six digits that klaas taxonomy or GET /klaas/v1/taxonomy lists")
		return
	}
	p.Code = code
	p.Credit = direction.Allows(true) && category.Direction.Allows(true)
	p.Debit = direction.Allows(false) && category.Direction.Allows(false)
	if !p.Credit && !p.Debit {
		c.fault("direction", "is not that of the category, which holds the other one alone: choose another category, or leave direction out")
	}
}

func (c *checker) text(r *Rule, p *ParsedRule) {
	given := 0
	for _, condition := range []struct {
		test  TextTest
		field string
		text  string
	}{
		{TextContains, "contains", r.Contains}, {TextEquals, "equals", r.Equals}, {TextStartsWith, "startsWith", r.StartsWith},
		{TextEndsWith, "endsWith", r.EndsWith}, {TextMatches, "matches", r.Matches},
	} {
		if condition.text == "" {
			continue
		}
		if given++; given == 2 {
			c.fault(condition.field, "stands beside another condition on the text: a rule has one of contains, equals, startsWith, endsWith and matches")
		}
		p.Test = condition.test
		if utf8.RuneCountInString(condition.text) > maxText || !printable(condition.text) {
			c.fault(condition.field, "is longer than %d characters or holds some that cannot be printed", maxText)
			continue
		}
		if p.Test != TextMatches {
			if p.Text = text.Normalise(condition.text); p.Text == "" {
				c.fault(condition.field, "holds nothing but blanks and accents")
			}
			continue
		}
		p.Text = condition.text
		tree, size, err := pattern(condition.text)
		if err != nil {
			c.fault(condition.field, "%v", err)
		}
		p.Pattern = tree
		c.work += size
	}
}

func (c *checker) amounts(r *Rule, p *ParsedRule) {
	p.Max = 1<<63 - 1
	for _, bound := range []struct {
		field string
		text  Decimal
		to    *money.Amount
	}{{"min", r.Min, &p.Min}, {"max", r.Max, &p.Max}} {
		if bound.text == "" {
			continue
		}
		p.Amount = true
		amount, err := money.Parse(string(bound.text))
		switch {
		case err != nil:
			c.fault(bound.field, "%v", err)
			return
		case amount < 0:
			c.fault(bound.field, "is negative: amounts have no sign here, use direction")
			return
		}
		*bound.to = amount
	}
	if p.Min > p.Max {
		c.fault("max", "is less than min")
	}
}

// counterparty reads a tax id. Its check digits do not matter: a document whose
// digits are wrong is a document all the same.
func (c *checker) counterparty(r *Rule, p *ParsedRule) {
	if r.Counterparty == "" {
		return
	}
	bare := strings.ToUpper(strings.NewReplacer(".", "", "-", "", "/", "", " ", "").Replace(r.Counterparty))
	digits := strings.Trim(bare, "0123456789") == ""
	sound := !strings.ContainsFunc(bare, func(r rune) bool { return (r < '0' || r > '9') && (r < 'A' || r > 'Z') })
	switch {
	case sound && (len(bare) == 8 || len(bare) == 14), len(bare) == 11 && digits:
		p.Counterparty = bare
	default:
		c.fault("counterparty", "is neither a CPF (11 digits) nor a CNPJ (14 characters) nor the first 8 characters of one")
	}
}

func (c *checker) mcc(r *Rule, p *ParsedRule) {
	if len(r.MCC) > maxRanges {
		c.fault("mcc", "has more than %d entries: use ranges such as 5811-5814", maxRanges)
		return
	}
	for i, entry := range r.MCC {
		first, last, isRange := strings.Cut(entry, "-")
		if !isRange {
			last = first
		}
		from, ok := merchantCode(first)
		to, ok2 := merchantCode(last)
		if !ok || !ok2 || from > to {
			c.fault("mcc["+strconv.Itoa(i)+"]", "is neither a merchant category code such as 5411 nor a range such as 5811-5814")
			continue
		}
		p.MCC = append(p.MCC, MCCRange{from, to})
	}
}

// merchantCode reads four digits; leading zeros may be left out.
func merchantCode(s string) (int32, bool) {
	n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 16)
	return int32(n), err == nil && n > 0 && n <= maxMCC
}

// pattern reads a regular expression so that it fits normalised texts: without
// regard to case, and without accents, and tells how many instructions it has. The
// error holds nothing of the expression.
func pattern(source string) (tree *syntax.Regexp, size int, err error) {
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(source))
	tree, err = syntax.Parse(plain, syntax.Perl|syntax.FoldCase)
	if err != nil {
		var fault *syntax.Error
		if errors.As(err, &fault) {
			return nil, 0, fmt.Errorf("is no regular expression of the RE2 kind: %s", fault.Code)
		}
		return nil, 0, errors.New("is no regular expression of the RE2 kind")
	}
	raise(tree)
	program, err := syntax.Compile(tree.Simplify())
	if err != nil || len(program.Inst) > maxProgram {
		return nil, 0, errors.New("is too large: use fewer or smaller repetitions")
	}
	return tree, len(program.Inst), nil
}

// raise writes letters that match in both cases as capitals. Normalised texts
// have no others of ASCII, and plain letters are found faster.
func raise(tree *syntax.Regexp) {
	if tree.Op == syntax.OpLiteral && tree.Flags&syntax.FoldCase != 0 &&
		!slices.ContainsFunc(tree.Rune, func(r rune) bool { return r >= utf8.RuneSelf }) {
		tree.Flags &^= syntax.FoldCase
		for i, r := range tree.Rune {
			tree.Rune[i] = unicode.ToUpper(r)
		}
	}
	for _, sub := range tree.Sub {
		raise(sub)
	}
}

// Try returns a copy of a list with one more rule, and its place: that of the
// rule with the same id, else at the end, or before all others when first. Without
// an id it is called "new".
func Try(rules []Rule, r Rule, first bool) (with []Rule, place int) {
	if r.ID == "" {
		r.ID = "new"
	}
	with = slices.Clone(rules)
	if place = slices.IndexFunc(with, func(old Rule) bool { return old.ID == r.ID }); place >= 0 {
		with[place] = r
		return with, place
	}
	if first {
		return slices.Insert(with, 0, r), 0
	}
	return append(with, r), len(with)
}
