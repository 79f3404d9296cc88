package classify

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/internal/text"
	"github.com/openklaas/klaas/taxonomy"
)

func compile(t testing.TB, rules ...setting.Rule) *Rules {
	t.Helper()
	for i := range rules {
		if rules[i].ID == "" {
			rules[i].ID = fmt.Sprintf("r%d", i)
		}
	}
	r, err := CompileRules(rules)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Each condition decides what it should and nothing else.
func TestPartnerRuleConditions(t *testing.T) {
	const reais = money.Scale
	debit := Entry{Text: text.Normalise("Pix enviado Padaria São João 12.345.678/0001-90"), Source: Checking, Amount: 25 * reais}
	card := Entry{Text: "PADARIA*SAO JOAO", Source: Card, Amount: 25 * reais, MCC: 5462}
	with := func(e Entry, change func(*Entry)) *Entry { change(&e); return &e }
	for _, c := range []struct {
		name    string
		rule    setting.Rule
		entry   *Entry
		matched string // "-": the rule must not decide
	}{
		{"contains", setting.Rule{Contains: "são joão"}, &debit, "SAO JOAO"},
		{"contains inside a word", setting.Rule{Contains: "adari"}, &debit, "ADARI"},
		{"contains two letters", setting.Rule{Contains: "jo"}, &debit, "JO"},
		{"contains another", setting.Rule{Contains: "sao jose"}, &debit, "-"},
		{"equals", setting.Rule{Equals: " Padaria*São  João "}, &card, "PADARIA*SAO JOAO"},
		{"equals a part", setting.Rule{Equals: "padaria"}, &card, "-"},
		{"starts", setting.Rule{StartsWith: "padaria"}, &card, "PADARIA"},
		{"starts later", setting.Rule{StartsWith: "padaria"}, &debit, "-"},
		{"ends", setting.Rule{EndsWith: "joão"}, &card, "SAO JOAO"[4:]},
		{"ends earlier", setting.Rule{EndsWith: "joão"}, &debit, "-"},
		{"matches", setting.Rule{Matches: `padaria.s[aã]o \w+`}, &card, "PADARIA*SAO JOAO"},
		{"matches with alternatives", setting.Rule{Matches: `^(açougue|padaria)\b`}, &card, "PADARIA"},
		{"matches not", setting.Rule{Matches: `^padaria$`}, &card, "-"},
		{"matches with a class", setting.Rule{Matches: `[p]adaria`}, &card, "PADARIA"},
		{"credit", setting.Rule{Code: "060101", Direction: "credit"}, &debit, "-"},
		{"debit", setting.Rule{Code: "060101", Direction: "debit"}, &debit, ""},
		{"the category's side", setting.Rule{Contains: "padaria"}, with(debit, func(e *Entry) { e.Credit = true }), "-"},
		{"checking", setting.Rule{Account: "checking"}, &debit, ""},
		{"savings", setting.Rule{Account: "savings"}, &debit, "-"},
		{"savings of savings", setting.Rule{Account: "savings"}, with(debit, func(e *Entry) { e.Source = Savings }), ""},
		{"card", setting.Rule{Account: "card"}, &card, ""},
		{"min", setting.Rule{Min: "25"}, &debit, ""},
		{"below min", setting.Rule{Min: "25.01"}, &debit, "-"},
		{"max", setting.Rule{Max: "25.00"}, &debit, ""},
		{"above max", setting.Rule{Max: "24.9999"}, &debit, "-"},
		{"unknown amount", setting.Rule{Max: "100"}, with(debit, func(e *Entry) { e.Amount = 0 }), "-"},
		{"root in the text", setting.Rule{Counterparty: "12.345.678"}, &debit, ""},
		{"whole CNPJ that is not sent", setting.Rule{Counterparty: "12.345.678/0001-90"}, &debit, "-"},
		{"CNPJ", setting.Rule{Counterparty: "98.765.432/0001-90"}, with(debit, func(e *Entry) { e.Partie = "98765432000190" }), ""},
		{"root", setting.Rule{Counterparty: "98765432"}, with(debit, func(e *Entry) { e.Partie = "98765432000190" }), ""},
		{"root against a CPF", setting.Rule{Counterparty: "98765432"}, with(debit, func(e *Entry) { e.Partie = "98765432100" }), "-"},
		{"CPF", setting.Rule{Counterparty: "111.444.777-35"}, with(debit, func(e *Entry) { e.Partie = otherCPF }), ""},
		{"merchant code", setting.Rule{MCC: []string{"5411", "5460-5470"}}, &card, ""},
		{"another merchant code", setting.Rule{MCC: []string{"5411", "5463-5470"}}, &card, "-"},
		{"no merchant code", setting.Rule{MCC: []string{"1-9999"}}, with(card, func(e *Entry) { e.MCC = -1 }), "-"},
		{"all must hold", setting.Rule{Contains: "padaria", Account: "card", Min: "26"}, &card, "-"},
		{"off", setting.Rule{Contains: "padaria", Off: true}, &card, "-"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.rule.Code == "" {
				c.rule.Code = "030201" // debits alone
			}
			d := shared().Start(Options{Rules: compile(t, c.rule)}).Decide(c.entry)
			if c.matched == "-" {
				if d.Tier == ledger.TierPartner {
					t.Errorf("it decided %+v", d)
				}
				return
			}
			if d.Tier != ledger.TierPartner || d.Rule != "partner/r0" || d.Matched != c.matched || d.Confidence != 1000 || d.Code.String() != c.rule.Code {
				t.Errorf("decision is %+v", d)
			}
		})
	}
}

// A partner's rule comes before betting and roles, and the waterfall's own
// answer is the runner-up.
func TestPartnerRulesComeFirst(t *testing.T) {
	rules := compile(t, setting.Rule{Code: "060101", Contains: "netflix"}, setting.Rule{Code: "060101", Contains: "bet365"}, setting.Rule{Code: "060101", Contains: "entre contas"},
		setting.Rule{Code: "060101", Contains: "multidrogazul"}, setting.Rule{Code: "030201", Contains: "netflix"})
	for _, e := range []Entry{
		{Text: "NETFLIX.COM", Source: Card},
		{Text: "PIX ENVIADO BET365", Source: Checking, Type: "PIX"},
		{Text: "ENTRE CONTAS", Source: Checking, Role: ledger.RoleOwnTransfer, Type: "TED"},
		{Text: "MULTIDROGAZUL", Source: Card}, // by the model
	} {
		without := shared().Start(Options{}).Decide(&e)
		d := shared().Start(Options{Rules: rules}).Decide(&e)
		if d.Tier != ledger.TierPartner || d.Code != taxonomy.Other || d.RunnerUp != without.Code || without.Code == taxonomy.Other {
			t.Errorf("%s: with %+v, without %+v", e.Text, d, without)
		}
	}
	silent := shared().Start(Options{Rules: rules, Only: TierSet(ledger.TierMerchant)})
	if d := silent.Decide(&Entry{Text: "NETFLIX.COM", Source: Card}); d.Tier != ledger.TierMerchant {
		t.Errorf("a tier that was not asked decided: %+v", d)
	}
}

// pieces make texts and rules that meet often.
var pieces = []string{"PIX", "ENVIADO", "PADARIA", "SAO", "JOAO", "UBER", "99", "*", "IFD", "A", "TRIP", "LTDA", "ç", "12.345.678/0001-90"}

func drawWords(t *rapid.T, most int, name string) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, most).Draw(t, name), rapid.SampledFrom([]string{" ", ""}).Draw(t, "blank"))
}

func drawRule(t *rapid.T) setting.Rule {
	categories := taxonomy.All()
	r := setting.Rule{Code: rapid.SampledFrom(categories).Draw(t, "category").Code.String(), Off: rapid.IntRange(0, 9).Draw(t, "off") == 0}
	piece := drawWords(t, 2, "condition")
	switch rapid.IntRange(0, 6).Draw(t, "test") {
	case 0:
		r.Equals = piece
	case 1:
		r.StartsWith = piece
	case 2:
		r.EndsWith = piece
	case 3:
		r.Matches = rapid.SampledFrom([]string{"", "^", ".*", "(?:X|%)?", "[A-Z]{2} "}).Draw(t, "before") +
			"(?:" + strings.ReplaceAll(regexp.QuoteMeta(piece), " ", `\s`) + ")" +
			rapid.SampledFrom([]string{"", "$", "|UBER", "|.", "+", "{0}", "{2}", "?", "*", "? UBER", "* PADARIA"}).Draw(t, "behind")
	case 4:
		r.Account = rapid.SampledFrom([]string{"checking", "savings", "card"}).Draw(t, "account")
	case 5:
		r.Counterparty = rapid.SampledFrom([]string{"12345678", "12345678000190", otherCPF}).Draw(t, "party")
	default:
		r.Contains = piece
	}
	if rapid.IntRange(0, 3).Draw(t, "bounded") == 0 {
		r.Min = setting.Decimal(fmt.Sprint(rapid.IntRange(0, 3).Draw(t, "min")))
	}
	if rapid.IntRange(0, 5).Draw(t, "coded") == 0 {
		r.MCC = []string{"5411-5499"}
	}
	return r
}

func drawEntry(t *rapid.T) Entry {
	return Entry{
		Text:   text.Normalise(drawWords(t, 6, "text")),
		Credit: rapid.Bool().Draw(t, "credit"),
		Amount: money.Amount(rapid.IntRange(0, 4).Draw(t, "amount")) * money.Scale,
		Source: rapid.SampledFrom([]Source{Checking, Savings, Card}).Draw(t, "source"),
		MCC:    rapid.SampledFrom([]int32{-1, 0, 5411, 5812}).Draw(t, "mcc"),
		Partie: rapid.SampledFrom([]string{"", "", otherCPF, "12345678000190", "99345678000190"}).Draw(t, "partie"),
	}
}

// However rules are found, the first of them that holds decides, and its
// category allows the direction.
func TestPartnerRulesFindTheFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.Custom(drawRule), 1, 70).Draw(t, "rules")
		for i := range list {
			list[i].ID = fmt.Sprintf("r%d", i)
		}
		rules, err := CompileRules(list)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := setting.ParseRules(list)
		if err != nil {
			t.Fatal(err)
		}
		run := shared().Start(Options{Rules: rules})
		for range 10 {
			in := drawEntry(t)
			want := ""
			for i := range parsed {
				if plainly(&parsed[i], &in) {
					want = "partner/" + parsed[i].ID
					break
				}
			}
			d := run.Decide(&in)
			if got := d.Rule; want != "" && got != want || want == "" && d.Tier == ledger.TierPartner {
				t.Fatalf("%+v was decided by %q, want %q", in, got, want)
			}
			if category, _ := taxonomy.Lookup(d.Code); !category.Direction.Allows(in.Credit) {
				t.Fatalf("%+v got %s, which does not allow its direction", in, d.Code)
			}
		}
	})
}

// plainly is what a rule means, without any haste.
func plainly(r *setting.ParsedRule, in *Entry) bool {
	e := entry{Entry: *in}
	e.readDocument()
	text := map[setting.TextTest]func() bool{
		setting.AnyText:        func() bool { return true },
		setting.TextContains:   func() bool { return strings.Contains(e.Text, r.Text) },
		setting.TextEquals:     func() bool { return e.Text == r.Text },
		setting.TextStartsWith: func() bool { return strings.HasPrefix(e.Text, r.Text) },
		setting.TextEndsWith:   func() bool { return strings.HasSuffix(e.Text, r.Text) },
		setting.TextMatches: func() bool {
			return regexp.MustCompile("(?i)" + strings.ReplaceAll(r.Text, "ç", "c")).MatchString(e.Text)
		},
	}
	party := e.Partie
	if len(r.Counterparty) == 8 {
		switch {
		case party == "" && e.root[0] != 0:
			party = string(e.root[:])
		case len(party) == 14:
			party = party[:8]
		}
	}
	code := r.MCC == nil
	for _, m := range r.MCC {
		code = code || in.MCC > 0 && m.From <= in.MCC && in.MCC <= m.To
	}
	account := map[Source]string{Checking: "checking", Savings: "savings", Card: "card"}[in.Source]
	return !r.Off && (in.Credit && r.Credit || !in.Credit && r.Debit) && (r.Account == "" || r.Account == account) &&
		(!r.Amount || in.Amount > 0 && r.Min <= in.Amount && in.Amount <= r.Max) &&
		(r.Counterparty == "" || r.Counterparty == party) && code && text[r.Test]()
}

// What a regular expression cannot match without is found, and nothing more is
// taken for it.
func TestRequiredTexts(t *testing.T) {
	for pattern, want := range map[string]string{
		`netflix`:                   "NETFLIX",
		`^pix (enviado|recebido) x`: "ENVIADO RECEBIDO",
		`(abc)+de`:                  "ABC",
		`(abc){2,}`:                 "ABC",
		`(abc){0,2}`:                "",
		`(abc)?x`:                   "",
		`(abc)*x`:                   "",
		`abc|.`:                     "",
		`(?:abc|def)|ghi`:           "ABC DEF GHI",
		`a|b`:                       "",
		`øresund`:                   "", // its letters have cases that are not ASCII
		`.*`:                        "",
		`aaa|bbb|ccc|ddd|eee|fff|ggg|hhh|iii|jjj|kkk|lll|mmm|nnn|ooo|ppp|qqq`: "",
	} {
		parsed, err := setting.ParseRules([]setting.Rule{{ID: "r", Code: "060101", Matches: pattern}})
		if err != nil {
			t.Fatal(err)
		}
		rule := partnerRule{ParsedRule: parsed[0]}
		got := rule.needs()
		slices.Sort(got)
		if got := strings.Join(got, " "); got != want {
			t.Errorf("%s needs %q, want %q", pattern, got, want)
		}
	}
}

func TestRuleCache(t *testing.T) {
	var cache RuleCache
	list := []setting.Rule{{ID: "a", Code: "060101", Contains: "x"}}
	first, err := cache.Compile(list)
	if err != nil || first == nil {
		t.Fatal(err)
	}
	if again, _ := cache.Compile([]setting.Rule{{ID: "a", Code: "060101", Contains: "x"}}); again != first {
		t.Error("the same rules were compiled again")
	}
	if other, _ := cache.Compile([]setting.Rule{{ID: "a", Code: "060101", Contains: "y"}}); other == first {
		t.Error("other rules are taken for the same")
	}
	if none, err := cache.Compile(nil); none != nil || err != nil {
		t.Errorf("no rules are %v, %v", none, err)
	}
	if _, err := cache.Compile([]setting.Rule{{ID: "a"}}); err == nil {
		t.Error("unsound rules are taken")
	}
	for i := range 3 * maxCached {
		if _, err := cache.Compile([]setting.Rule{{ID: fmt.Sprintf("a%d", i), Code: "060101", Contains: "x"}}); err != nil {
			t.Fatal(err)
		}
		if len(cache.known) > maxCached {
			t.Fatalf("%d lists are remembered", len(cache.known))
		}
	}
}

// benchRules are n rules as partners write them: names of people and shops,
// documents, a few expressions and merchant codes.
func benchRules(n int) []setting.Rule {
	people := []string{"ANA", "BRUNO", "CARLA", "DIEGO", "ELISA", "FABIO", "GILDA", "HUGO", "IRIS", "JONAS"}
	rules := make([]setting.Rule, n)
	for i := range rules {
		r := setting.Rule{ID: fmt.Sprintf("r%d", i), Code: "060101"}
		name := people[i%10] + " " + people[i/10%10] + fmt.Sprintf("ZINI %d", i/100)
		switch i % 8 {
		case 0:
			r.Matches = `^pix (enviado|recebido) .*` + name
		case 1:
			r.Counterparty = fmt.Sprintf("%08d", 90_000_000+i)
		case 2:
			r.Account, r.MCC = "card", []string{fmt.Sprint(3000 + i)}
		case 3:
			r.StartsWith = "PIX ENVIADO " + name
		case 4:
			r.Equals, r.Direction = "COMPRA CARTAO "+name, "debit"
		default:
			r.Contains, r.Min = name, "10"
		}
		rules[i] = r
	}
	if n > 0 {
		rules[n-1] = setting.Rule{ID: "last", Code: "030201", Contains: "ifood.com"} // one text in twenty
	}
	return rules
}

// BenchmarkPartnerRules tells what rules cost beside BenchmarkPartnerRules/0.
func BenchmarkPartnerRules(b *testing.B) {
	for _, n := range []int{0, 200, 500} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			rules := compile(b, benchRules(n)...)
			l := benchLedger(5000)
			c := shared()
			b.ReportAllocs()
			for b.Loop() {
				c.Classify(l, Options{Rules: rules})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(l.Movements)), "ns/movement")
		})
	}
}

func BenchmarkCompileRules(b *testing.B) {
	list := benchRules(500)
	b.Run("anew", func(b *testing.B) {
		for b.Loop() {
			compile(b, list...)
		}
	})
	b.Run("cached", func(b *testing.B) {
		var cache RuleCache
		for b.Loop() {
			if _, err := cache.Compile(list); err != nil {
				b.Fatal(err)
			}
		}
	})
}
