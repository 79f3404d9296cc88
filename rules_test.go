package klaas_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas"
)

// A partner's rule changes categories and nothing else that the ledger knows.
func TestRulesChangeCategoriesAlone(t *testing.T) {
	o := options()
	before, err := klaas.Explain(sample(t), o)
	if err != nil {
		t.Fatal(err)
	}
	o.Settings.Rules = []klaas.Rule{{ID: "all", Code: "060101", Matches: "."}}
	after, err := klaas.Explain(sample(t), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(before) == 0 || len(after) != len(before) {
		t.Fatalf("%d entries before, %d after", len(before), len(after))
	}
	for i := range after {
		was, is := before[i], after[i]
		if is.Code != "060101" || is.Tier != "partner" || is.Rule != "partner/all" || is.Confidence != 1000 {
			t.Errorf("%s is %s by %s", is.Path, is.Code, is.Rule)
		}
		if was.Code != is.Code && is.RunnerUp != was.Code {
			t.Errorf("%s was %s, its runner-up is %s", is.Path, was.Code, is.RunnerUp)
		}
		for _, e := range []*klaas.Explained{&was, &is} {
			e.Code, e.Tier, e.Rule, e.Matched, e.Confidence, e.RunnerUp, e.Brand = "", "", "", "", 0, "", ""
		}
		if diff := cmp.Diff(was, is); diff != "" {
			t.Errorf("%s: the rule changed more than the category:\n%s", is.Path, diff)
		}
	}
}

// The same rules give the same bytes, and rules that are off are as none.
func TestRulesAndBytes(t *testing.T) {
	bodies := func(rules []klaas.Rule) []byte {
		t.Helper()
		o := options()
		o.Versions, o.Settings.Rules = []string{"V1"}, rules
		a, err := klaas.Analyze(sample(t), o)
		if err != nil {
			t.Fatal(err)
		}
		var all [][]byte
		for _, r := range a.Reports {
			all = append(all, r.Body)
		}
		return bytes.Join(all, nil)
	}
	rules := func(off bool) []klaas.Rule { return []klaas.Rule{{ID: "all", Code: "060101", Matches: ".", Off: off}} }
	none, on := bodies(nil), bodies(rules(false))
	if bytes.Equal(none, on) {
		t.Error("a rule changes no report")
	}
	if !bytes.Equal(on, bodies(rules(false))) {
		t.Error("the same rules give other bytes")
	}
	if !bytes.Equal(none, bodies(rules(true))) {
		t.Error("a rule that is off changes a report")
	}
}

func TestUnsoundRules(t *testing.T) {
	o := options()
	o.Settings.Rules = []klaas.Rule{{ID: "x", Code: "999999", Contains: "x"}}
	_, err := klaas.Analyze(sample(t), o)
	var option *klaas.OptionError
	if !errors.As(err, &option) || option.Option != "Settings" || !strings.Contains(option.Message, "rules[0].code") {
		t.Errorf("error is %v", err)
	}
}
