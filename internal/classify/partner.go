package classify

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/bits"
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"

	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/setting"
)

// Rules are a partner's own rules, ready to be asked: the first that matches
// decides. Nil is no rules. It is safe for concurrent use.
//
// Nearly every rule asks for a text that nearly no movement has. So each text
// that a rule cannot match without is noted by three bytes of it, its gram. One
// pass over a movement's text finds the grams that stand in it; only their rules,
// and those without a gram, are asked in full.
type Rules struct {
	list []partnerRule // those that are on, in order

	sides    [2][3]ruleSet // rules by direction and source
	gramless ruleSet       // rules that are asked of every text
	parties  ruleSet       // rules that need a counterparty's document
	codes    ruleSet       // rules that need a merchant code
	grams    map[gram]ruleSet
	seen     [1 << 10]uint64 // a bit for every hash of a gram, so that most of a text needs no look at the map
}

// ruleSet is a set of rules by their place.
type ruleSet [(setting.MaxRules + 63) / 64]uint64

func (s *ruleSet) add(i int) { s[i/64] |= 1 << (i % 64) }

type partnerRule struct {
	setting.ParsedRule
	pattern *regexp.Regexp
	id      string // partner/ and the rule's own
}

// CompileRules makes rules ready. Those that are off are checked and left out.
// Error: *setting.RuleError.
func CompileRules(rules []setting.Rule) (*Rules, error) {
	parsed, err := setting.ParseRules(rules)
	if err != nil {
		return nil, err
	}
	r := &Rules{grams: make(map[gram]ruleSet)}
	rare := newRarity()
	var needed [][]string // by rule: texts of which one must stand in a text that matches
	for _, p := range parsed {
		if p.Off {
			continue
		}
		rule := partnerRule{ParsedRule: p, id: "partner/" + p.ID}
		if p.Test == setting.TextMatches {
			if rule.pattern, err = regexp.Compile(p.Pattern.String()); err != nil {
				return nil, fmt.Errorf("rule %s: %w", p.ID, err) // it was parsed, so it compiles
			}
		}
		texts := rule.needs()
		for _, text := range texts {
			rare.count(text)
		}
		r.list, needed = append(r.list, rule), append(needed, texts)
	}
	for i := range r.list {
		r.index(i, needed[i], rare)
	}
	return r, nil
}

// index notes where the rule at i is to be asked.
func (r *Rules) index(i int, texts []string, rare *rarity) {
	rule := &r.list[i]
	for source, account := range [...]string{"checking", "savings", "card"} {
		if rule.Account != "" && rule.Account != account {
			continue
		}
		if rule.Credit {
			r.sides[side(true)][source].add(i)
		}
		if rule.Debit {
			r.sides[side(false)][source].add(i)
		}
	}
	if rule.Counterparty != "" {
		r.parties.add(i)
	}
	if rule.MCC != nil {
		r.codes.add(i)
	}
	if len(texts) == 0 {
		r.gramless.add(i)
	}
	for _, text := range texts {
		g := rare.best(text)
		set := r.grams[g]
		set.add(i)
		r.grams[g] = set
		h := g.hash()
		r.seen[h/64] |= 1 << (h % 64)
	}
}

// overrule puts the answer of the first rule that matches in the place of what was
// decided, which becomes the runner-up.
func (r *Rules) overrule(v *verdict, e *entry) {
	if r == nil || len(r.list) == 0 || v.only != 0 && v.only&TierSet(ledger.TierPartner) == 0 {
		return
	}
	candidates := r.candidates(e)
	for word, left := range candidates {
		for ; left != 0; left &= left - 1 {
			rule := &r.list[word*64+bits.TrailingZeros64(left)]
			matched, ok := rule.matches(e)
			if !ok {
				continue
			}
			other := v.Code
			if other == rule.Code {
				other = v.RunnerUp
			}
			v.Decision = ledger.Decision{
				Code: rule.Code, RunnerUp: other, Tier: ledger.TierPartner, Confidence: 1000, Rule: rule.id, Matched: matched,
			}
			return
		}
	}
}

// candidates returns the rules that may match.
func (r *Rules) candidates(e *entry) ruleSet {
	set := r.gramless
	for i := 0; i+3 <= len(e.Text); i++ {
		g := gram{e.Text[i], e.Text[i+1], e.Text[i+2]}
		h := g.hash()
		if r.seen[h/64]&(1<<(h%64)) == 0 {
			continue
		}
		found := r.grams[g]
		for word := range set {
			set[word] |= found[word]
		}
	}
	var source int
	switch e.Source {
	case Savings:
		source = 1
	case Card:
		source = 2
	}
	side := &r.sides[side(e.Credit)][source]
	for word := range set {
		set[word] &= side[word]
		if e.Partie == "" && e.root[0] == 0 {
			set[word] &^= r.parties[word]
		}
		if e.MCC <= 0 {
			set[word] &^= r.codes[word]
		}
	}
	return set
}

// matches reports whether all conditions of the rule hold but those of direction
// and account, and the text that matched.
func (r *partnerRule) matches(e *entry) (matched string, ok bool) {
	if r.Amount && (e.Amount == 0 || e.Amount < r.Min || e.Amount > r.Max) {
		return "", false
	}
	if r.Counterparty != "" && !r.isCounterparty(e) {
		return "", false
	}
	if r.MCC != nil && !r.hasCode(e.MCC) {
		return "", false
	}
	switch r.Test {
	case setting.TextContains:
		return r.Text, strings.Contains(e.Text, r.Text)
	case setting.TextEquals:
		return r.Text, e.Text == r.Text
	case setting.TextStartsWith:
		return r.Text, strings.HasPrefix(e.Text, r.Text)
	case setting.TextEndsWith:
		return r.Text, strings.HasSuffix(e.Text, r.Text)
	case setting.TextMatches:
		if !r.pattern.MatchString(e.Text) { // allocates nothing, as finding does
			return "", false
		}
		at := r.pattern.FindStringIndex(e.Text)
		return e.Text[at[0]:at[1]], true
	}
	return "", true
}

// isCounterparty compares the counterparty's document; of a company whose
// document stands in the text alone, its root.
func (r *partnerRule) isCounterparty(e *entry) bool {
	if len(r.Counterparty) != 8 {
		return e.Partie == r.Counterparty
	}
	if e.Partie == "" {
		return string(e.root[:]) == r.Counterparty
	}
	return len(e.Partie) == 14 && e.Partie[:8] == r.Counterparty
}

func (r *partnerRule) hasCode(mcc int32) bool {
	for _, codes := range r.MCC {
		if codes.From <= mcc && mcc <= codes.To {
			return true
		}
	}
	return false
}

// gram is three neighbouring bytes of a text.
type gram [3]byte

func (g gram) hash() uint32 {
	return (uint32(g[0])<<16 | uint32(g[1])<<8 | uint32(g[2])) * 0x9e3779b1 >> 16
}

// needs returns texts of which one must stand in every text that the rule
// matches, each long enough for a gram; nil when nothing is known.
func (r *partnerRule) needs() []string {
	texts := []string{r.Text}
	switch r.Test {
	case setting.AnyText:
		return nil
	case setting.TextMatches:
		texts = required(r.Pattern.Simplify())
	}
	for _, text := range texts {
		if len(text) < len(gram{}) {
			return nil
		}
	}
	return texts
}

// maxRequired is how many alternatives of a regular expression are noted.
const maxRequired = 16

// required returns texts of which one must stand in every text that a simplified
// regular expression matches; nil when nothing is known.
func required(tree *syntax.Regexp) []string {
	switch tree.Op {
	case syntax.OpLiteral:
		if tree.Flags&syntax.FoldCase == 0 {
			return []string{string(tree.Rune)}
		}
	case syntax.OpCapture, syntax.OpPlus:
		return required(tree.Sub[0])
	case syntax.OpConcat:
		var best []string
		for _, sub := range tree.Sub {
			if texts := required(sub); shortest(texts) > shortest(best) {
				best = texts
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, sub := range tree.Sub {
			texts := required(sub)
			if texts == nil || len(all)+len(texts) > maxRequired {
				return nil
			}
			all = append(all, texts...)
		}
		return all
	}
	return nil
}

func shortest(texts []string) int {
	if len(texts) == 0 {
		return 0
	}
	n := len(texts[0])
	for _, text := range texts {
		n = min(n, len(text))
	}
	return n
}

// rarity tells which part of a text tells most: how many rules and common words
// have each gram.
type rarity struct{ counts map[gram]int }

// commonWords stand in so many statement texts that their grams find nothing out.
const commonWords = "PIX ENVIADO RECEBIDO TRANSFERENCIA TRANSF PAGAMENTO PAGTO PAG COMPRA CARTAO DEBITO CREDITO BOLETO TED DOC SAQUE TARIFA " +
	"DEPOSITO ELETRONICO INTERNET BANCO CONTA AGENCIA COMERCIO SERVICOS SUPERMERCADO LTDA SILVA SANTOS OLIVEIRA SOUZA PARA COM "

func newRarity() *rarity {
	r := &rarity{map[gram]int{}}
	r.weigh(commonWords, 1000)
	return r
}

func (r *rarity) count(text string) { r.weigh(text, 1) }

func (r *rarity) weigh(text string, weight int) {
	for i := 0; i+3 <= len(text); i++ {
		r.counts[gram([]byte(text[i:i+3]))] += weight
	}
}

// best returns the rarest gram of a text.
func (r *rarity) best(text string) gram {
	best := gram([]byte(text[:3]))
	for i := 1; i+3 <= len(text); i++ {
		if g := gram([]byte(text[i : i+3])); r.counts[g] < r.counts[best] {
			best = g
		}
	}
	return best
}

// RuleCache remembers compiled rules, so that applications that come again cost
// nothing. The zero value is ready and safe for concurrent use.
type RuleCache struct {
	mu    sync.Mutex
	known map[[sha256.Size]byte]*Rules
}

// maxCached is how many lists of rules a cache remembers.
const maxCached = 64

// Compile is [CompileRules]; nil for no rules.
func (c *RuleCache) Compile(rules []setting.Rule) (*Rules, error) {
	if len(rules) == 0 {
		return nil, nil
	}
	text, err := json.Marshal(rules)
	if err != nil {
		return nil, fmt.Errorf("rules: %w", err) // they hold texts alone, so they encode
	}
	key := sha256.Sum256(text)
	c.mu.Lock()
	r := c.known[key]
	c.mu.Unlock()
	if r != nil {
		return r, nil
	}
	if r, err = CompileRules(rules); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil || len(c.known) >= maxCached {
		c.known = make(map[[sha256.Size]byte]*Rules, maxCached)
	}
	c.known[key] = r
	return r, nil
}
