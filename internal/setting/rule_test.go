package setting_test

import (
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/internal/text"
)

// rule returns a sound rule that a test spoils.
func rule(change func(*setting.Rule)) []setting.Rule {
	r := setting.Rule{ID: "r1", Code: "040102", Contains: "netflix"}
	change(&r)
	return []setting.Rule{r}
}

func TestFaults(t *testing.T) {
	const marker = "SECRETVALUE"
	long := strings.Repeat("x", 201)
	for name, c := range map[string]struct {
		rules []setting.Rule
		path  string
		says  string
	}{
		"no id":             {rule(func(r *setting.Rule) { r.ID = "" }), "rules[0].id", "1 to 40"},
		"id in capitals":    {rule(func(r *setting.Rule) { r.ID = marker }), "rules[0].id", "lower-case"},
		"long name":         {rule(func(r *setting.Rule) { r.Name = long }), "rules[0].name", "100 characters"},
		"no category":       {rule(func(r *setting.Rule) { r.Code = "" }), "rules[0].code", "six digits"},
		"unknown category":  {rule(func(r *setting.Rule) { r.Code = "999999" }), "rules[0].code", "klaas taxonomy"},
		"unknown direction": {rule(func(r *setting.Rule) { r.Direction = marker }), "rules[0].direction", "neither credit nor debit"},
		"wrong direction":   {rule(func(r *setting.Rule) { r.Direction = "credit" }), "rules[0].direction", "not that of the category"},
		"two texts":         {rule(func(r *setting.Rule) { r.Equals = marker }), "rules[0].equals", "another condition on the text"},
		"empty text":        {rule(func(r *setting.Rule) { r.Contains = " \u0301 " }), "rules[0].contains", "nothing but blanks"},
		"no Unicode":        {rule(func(r *setting.Rule) { r.Contains = "a\ufffdb" }), "rules[0].contains", "cannot be printed"},
		"a control":         {rule(func(r *setting.Rule) { r.Contains = "a\x00b" }), "rules[0].contains", "cannot be printed"},
		"long text":         {rule(func(r *setting.Rule) { r.Contains = long }), "rules[0].contains", "200 characters"},
		"bad expression":    {rule(func(r *setting.Rule) { r.Contains, r.Matches = "", marker+"(" }), "rules[0].matches", "missing closing )"},
		"look-ahead":        {rule(func(r *setting.Rule) { r.Contains, r.Matches = "", "(?="+marker+")" }), "rules[0].matches", "RE2"},
		"large expression":  {rule(func(r *setting.Rule) { r.Contains, r.Matches = "", "(a{30}){30}" }), "rules[0].matches", "too large"},
		"unknown account":   {rule(func(r *setting.Rule) { r.Account = marker }), "rules[0].account", "checking, savings and card"},
		"comma":             {rule(func(r *setting.Rule) { r.Min = "12,50" }), "rules[0].min", "comma"},
		"negative":          {rule(func(r *setting.Rule) { r.Max = "-1" }), "rules[0].max", "negative"},
		"min over max":      {rule(func(r *setting.Rule) { r.Min, r.Max = "2", "1" }), "rules[0].max", "less than min"},
		"document":          {rule(func(r *setting.Rule) { r.Counterparty = "123" }), "rules[0].counterparty", "11 digits"},
		"letters in a CPF":  {rule(func(r *setting.Rule) { r.Counterparty = "5299822472X" }), "rules[0].counterparty", "11 digits"},
		"merchant code":     {rule(func(r *setting.Rule) { r.MCC = []string{"5411", "5814-5811"} }), "rules[0].mcc[1]", "a range such as"},
		"five digits":       {rule(func(r *setting.Rule) { r.MCC = []string{"54110"} }), "rules[0].mcc[0]", "merchant category code"},
		"no condition":      {rule(func(r *setting.Rule) { r.Contains = "" }), "rules[0]", "has no condition"},
		"same id":           {append(rule(func(*setting.Rule) {}), rule(func(*setting.Rule) {})...), "rules[1].id", "another rule's"},
		"much work":         {manyPatterns(15, ".{0,100}.{0,90}"), "rules", "too large together"},
		"too many":          {make([]setting.Rule, setting.MaxRules+1), "rules", "500"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := setting.ParseRules(c.rules)
			var fault *setting.RuleError
			if !errors.As(err, &fault) {
				t.Fatalf("error is %v", err)
			}
			if len(fault.Faults) != 1 || fault.Faults[0].Path != c.path || !strings.Contains(fault.Faults[0].Message, c.says) {
				t.Errorf("faults are %+v", fault.Faults)
			}
			if strings.Contains(err.Error(), marker) {
				t.Errorf("%v repeats a value", err)
			}
		})
	}
}

func manyPatterns(n int, pattern string) []setting.Rule {
	rules := make([]setting.Rule, n)
	for i := range rules {
		rules[i] = setting.Rule{ID: "r" + strconv.Itoa(i), Code: "060101", Matches: pattern}
	}
	return rules
}

func TestTooManyPatterns(t *testing.T) {
	rules := manyPatterns(setting.MaxPatterns+1, "^pix (enviado|recebido) .*fulano")
	if _, err := setting.ParseRules(rules[1:]); err != nil {
		t.Error(err)
	}
	if _, err := setting.ParseRules(rules); err == nil || !strings.Contains(err.Error(), "rules[100].matches") {
		t.Errorf("error is %v", err)
	}
}

// Every fault is told at once.
func TestAllFaults(t *testing.T) {
	_, err := setting.ParseRules(append(rule(func(r *setting.Rule) { r.Account, r.Min = "x", "x" }), rule(func(r *setting.Rule) { r.Code = "x" })...))
	if err == nil || !strings.HasSuffix(err.Error(), "(and 3 more)") {
		t.Errorf("error is %v", err)
	}
}

func TestRuleJSON(t *testing.T) {
	const sent = `[{"id":"a","code":"050401","contains":"iof","min":1.50,"max":"20"},{"id":"b","off":true,"code":"060101","counterparty":"12.ABC.345/01DE-35","mcc":["5411","5811-5814"]}]`
	const kept = `[{"id":"a","code":"050401","contains":"iof","min":"1.50","max":"20"},{"id":"b","off":true,"code":"060101","counterparty":"12.ABC.345/01DE-35","mcc":["5411","5811-5814"]}]`
	var rules []setting.Rule
	if err := json.Unmarshal([]byte(sent), &rules); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(rules)
	if err != nil || string(again) != kept {
		t.Errorf("%s, %v", again, err)
	}
	parsed, err := setting.ParseRules(rules)
	if err != nil {
		t.Fatal(err)
	}
	want := []setting.ParsedRule{
		{ID: "a", Code: 50401, Debit: true, Test: setting.TextContains, Text: "IOF", Amount: true, Min: 1_5000, Max: 20_0000},
		{
			ID: "b", Off: true, Code: 60101, Credit: true, Debit: true, Counterparty: "12ABC34501DE35",
			MCC: []setting.MCCRange{{From: 5411, To: 5411}, {From: 5811, To: 5814}}, Max: 1<<63 - 1,
		},
	}
	if diff := cmp.Diff(want, parsed); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	plain := setting.Settings{}
	with := setting.Settings{Rules: rules}
	if plain.Hash() == with.Hash() {
		t.Error("the hash of settings does not know the rules")
	}
}

// An expression matches a normalised text when it matches it in any case.
func TestPatternKeepsItsMeaning(t *testing.T) {
	pieces := []string{
		"netflix", "PIX", "são", "[a-c]", "[^x]", "[ç-é]", `\d+`, `\s`, "(a|bc)", "(?:x|y)?", "z{2,3}", ".", ".*", "^", "$", "(?-i:PIX)", "ſ", "k", `\pL`, `\bPAG\b`,
	}
	texts := []string{"NETFLIX", "PIX", "pix", "SAO", "são", "A", "B", " ", "12", "X", "ZZ", "Y", "K", "S", "PAG ", "É", "ß", "µ"}
	rapid.Check(t, func(t *rapid.T) {
		source := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 5).Draw(t, "pattern"), "")
		normal := text.Normalise(strings.Join(rapid.SliceOfN(rapid.SampledFrom(texts), 0, 6).Draw(t, "text"), ""))
		parsed, err := setting.ParseRules([]setting.Rule{{ID: "r", Code: "060101", Matches: source}})
		if err != nil {
			t.Fatal(err)
		}
		got := regexp.MustCompile(parsed[0].Pattern.String()).FindStringIndex(normal)
		plain := strings.NewReplacer("ã", "a", "ç", "c", "é", "e").Replace(source)
		want := regexp.MustCompile("(?i)" + plain).FindStringIndex(normal)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q on %q: %s", source, normal, diff)
		}
	})
}
