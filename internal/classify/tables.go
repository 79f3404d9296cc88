package classify

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/openklaas/klaas/internal/bets"
	"github.com/openklaas/klaas/internal/classify/model"
	"github.com/openklaas/klaas/internal/text"
	"github.com/openklaas/klaas/taxonomy"
)

//go:embed data
var data embed.FS

// Versions names the contents of the rule tables, of the model and of the
// merchant tables that this program decides by. Each is a hash of the data: two
// programs with the same three decide alike.
func Versions() (rules, learnt, tables string) {
	v := versions()
	return v.rules, model.Load().Version(), v.tables
}

type versionPair struct{ rules, tables string }

var versions = sync.OnceValue(func() versionPair {
	licensed := bets.Hash()
	return versionPair{
		rules:  hashOf(licensed[:], slices.Concat(files("vocabulary"), []string{"types.tsv", "company.tsv", "roots.tsv", "forms.tsv", "banks.tsv", "calibration.tsv"})...),
		tables: hashOf(nil, slices.Concat(files("merchants"), []string{"trades.tsv", "names.tsv"})...),
	}
})

func hashOf(beside []byte, names ...string) string {
	h := sha256.New()
	h.Write(beside)
	for _, name := range names {
		h.Write(read(name))
	}
	return hex.EncodeToString(h.Sum(nil)[:6])
}

// files returns the tables of a folder in the order of their names.
func files(folder string) []string {
	names, err := fs.Glob(data, "data/"+folder+"/*.tsv")
	if err != nil {
		panic("classify: " + err.Error())
	}
	for i := range names {
		names[i] = strings.TrimPrefix(names[i], "data/")
	}
	return names
}

func read(name string) []byte {
	b, err := fs.ReadFile(data, "data/"+name)
	if err != nil {
		panic("classify: " + err.Error())
	}
	return b
}

// table is an embedded file of tab-separated columns. Lines that begin with #
// are remarks; the first other line names the columns.
type table struct {
	name    string
	columns []string
	rows    [][]string
}

func open(name string) *table { return parse(name, string(read(name))) }

func parse(name, content string) *table {
	t := &table{name: name}
	for line := range strings.Lines(content) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		fields := strings.Split(line, "\t")
		if t.columns == nil {
			t.columns = fields
			continue
		}
		if len(fields) > len(t.columns) {
			panic(fmt.Sprintf("classify: %s: too many columns: %s", name, line))
		}
		// Editors cut blanks at the end of a line.
		for len(fields) < len(t.columns) {
			fields = append(fields, "")
		}
		t.rows = append(t.rows, fields)
	}
	return t
}

// get returns the column of a row by its name.
func (t *table) get(row []string, column string) string {
	i := slices.Index(t.columns, column)
	if i < 0 {
		panic("classify: " + t.name + " has no column " + column)
	}
	return strings.TrimSpace(row[i])
}

// list splits the column at |.
func (t *table) list(row []string, column string) []string {
	s := t.get(row, column)
	if s == "" {
		return nil
	}
	parts := strings.Split(s, "|")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

func (t *table) number(row []string, column string, otherwise int) int {
	s := t.get(row, column)
	if s == "" {
		return otherwise
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		panic(fmt.Sprintf("classify: %s: %s: %v", t.name, column, err))
	}
	return n
}

// code returns a category of the tree, 0 when the column is empty.
func (t *table) code(row []string, column string) taxonomy.Code {
	s := t.get(row, column)
	if s == "" {
		return 0
	}
	code, ok := taxonomy.ParseCode(s)
	if ok {
		_, ok = taxonomy.Lookup(code)
	}
	if !ok {
		panic(fmt.Sprintf("classify: %s: %s is no category", t.name, s))
	}
	return code
}

// bankSet is a set of banks whose statements have words of their own.
type bankSet uint32

// load builds the classifier from the tables.
func load() *Classifier {
	c := &Classifier{roots: make(map[string]root), banks: make(map[string]bankSet), offices: make(map[string]string), model: model.Load()}
	banks := make(map[string]bankSet)
	for i, row := range openRows("banks.tsv") {
		banks[row.get("bank")] = 1 << i
		for _, r := range row.list("roots") {
			c.banks[r] = 1 << i
		}
	}
	c.types = loadTypes()
	c.company = loadCompany()

	rows := loadBetting(make([]phrase, 0, 1<<16), c.roots)
	f := loadForms()
	for _, name := range files("vocabulary") {
		rows = loadVocabulary(rows, name, banks, f)
	}
	for _, name := range files("merchants") {
		rows = loadMerchants(rows, name, c.roots, c.offices)
	}
	rows = loadTrades(rows)
	rows = loadNames(rows)
	loadRoots(c.roots)
	c.phrases = newPhraseTable(rows)
	c.calibration = loadCalibration()
	return c
}

// record is one row of a table.
type record struct {
	*table
	fields []string
}

func (r record) get(column string) string    { return r.table.get(r.fields, column) }
func (r record) list(column string) []string { return r.table.list(r.fields, column) }
func (r record) number(column string, otherwise int) int {
	return r.table.number(r.fields, column, otherwise)
}
func (r record) code(column string) taxonomy.Code { return r.table.code(r.fields, column) }

// company returns the category for companies of a merchant, 0 in a table without.
func (r record) company() taxonomy.Code {
	if !slices.Contains(r.columns, "company") {
		return 0
	}
	return r.code("company")
}

func openRows(name string) []record { return open(name).records() }

func (t *table) records() []record {
	rows := make([]record, len(t.rows))
	for i := range t.rows {
		rows[i] = record{t, t.rows[i]}
	}
	return rows
}

// words returns a phrase as it stands in normalised texts: its words with
// single blanks between them.
func words(s string) string {
	if isWords(s) {
		return s
	}
	s = text.Normalise(s)
	parts := make([]string, 0, 4)
	for _, w := range splitWords(s, nil) {
		parts = append(parts, s[w.from:w.to])
	}
	return strings.Join(parts, " ")
}

// isWords reports whether s is words of A–Z and digits with single blanks between
// them, as most of the tables are.
func isWords(s string) bool {
	blank := true
	for i := range len(s) {
		switch c := s[i]; {
		case 'A' <= c && c <= 'Z', isDigit(c):
			blank = false
		case c == ' ' && !blank:
			blank = true
		default:
			return false
		}
	}
	return !blank
}

// slug returns a phrase as part of a rule id.
func slug(s string) string { return strings.ReplaceAll(strings.ToLower(words(s)), " ", "-") }

// parseSources reads the column that says where a phrase applies.
func parseSources(s string) Source {
	switch s {
	case "", "*":
		return Checking | Savings | Card
	case "account":
		return Checking | Savings
	case "checking":
		return Checking
	case "savings":
		return Savings
	case "card":
		return Card
	}
	panic("classify: " + s + " is no source")
}

// precision orders phrases of a kind: by priority, then by length.
func precision(priority int, words string) int { return priority<<10 + min(len(words), 1<<10-1) }

// aim puts a category on the sides of a phrase that dir names and that the
// category allows.
func (p *phrase) aim(dir string, e evidence) {
	cat, _ := taxonomy.Lookup(e.code)
	p.forCompany = cat.Company
	if dir != "D" && cat.Direction.Allows(true) {
		p.credit = e
	}
	if dir != "C" && cat.Direction.Allows(false) {
		p.debit = e
	}
}

// forms are the spellings of shortened words by the name that phrases use.
type forms map[string][]string

func loadForms() forms {
	f := make(forms)
	for _, r := range openRows("forms.tsv") {
		f[r.get("form")] = r.list("words")
	}
	return f
}

// expand returns the phrases for which one with names of forms stands.
func (f forms) expand(s string) []string {
	from, to := strings.IndexByte(s, '{'), strings.IndexByte(s, '}')
	if from < 0 {
		return []string{s}
	}
	name, optional := strings.CutSuffix(s[from+1:to], "?")
	spellings, ok := f[name]
	if !ok {
		panic("classify: " + s + " names no form")
	}
	var all []string
	if optional {
		all = f.expand(s[:from] + strings.TrimPrefix(s[to+1:], " "))
	}
	for _, w := range spellings {
		all = append(all, f.expand(s[:from]+w+s[to+1:])...)
	}
	return all
}

// expandAll expands each of a list.
func (f forms) expandAll(list []string) []string {
	var all []string
	for _, s := range list {
		all = append(all, f.expand(s)...)
	}
	return all
}

func loadVocabulary(rows []phrase, name string, banks map[string]bankSet, f forms) []phrase {
	for _, r := range openRows(name) {
		kinds := map[string]kind{"purpose": purposePhrase, "rail": railPhrase, "block": blockPhrase}
		k, ok := kinds[r.get("stage")]
		if !ok {
			panic("classify: " + name + ": " + r.get("id") + " has no stage")
		}
		var set bankSet
		for _, b := range r.list("bank") {
			bit, ok := banks[b]
			if !ok {
				panic("classify: " + name + ": " + b + " is no bank")
			}
			set |= bit
		}
		e := evidence{code: r.code("code"), company: r.code("company"), confidence: uint16(r.number("confidence", 0))}
		e.bare = uint16(r.number("bare", 0))
		for _, w := range f.expandAll(r.list("phrase")) {
			p := phrase{
				words: words(w), kind: k, stem: strings.HasSuffix(w, "%"), guarded: strings.HasPrefix(w, "^"),
				sources: parseSources(r.get("source")), banks: set, rule: "vocabulary/" + r.get("id"),
			}
			p.precision = precision(r.number("priority", 50), p.words)
			if k != blockPhrase {
				p.aim(r.get("dir"), e)
			}
			rows = append(rows, p)
		}
	}
	return rows
}

// loadMerchants reads a table of brands. A credit from a merchant is no
// purchase: it has a category only where the table says so.
func loadMerchants(rows []phrase, name string, roots map[string]root, offices map[string]string) []phrase {
	for _, r := range openRows(name) {
		display := r.get("name")
		debit := evidence{code: r.code("code"), company: r.company(), confidence: 940}
		credit := evidence{code: r.code("credit"), confidence: 850}
		names := r.list("aliases")
		if !strings.Contains(r.get("flags"), "alias-only") {
			names = append([]string{display}, names...)
		}
		rule := "merchant/" + slug(display)
		p := phrase{
			kind: brandPhrase, sources: parseSources(""), guarded: strings.Contains(r.get("flags"), "guard"),
			rule: rule, brand: display, credit: credit, debit: debit,
		}
		if p.guarded {
			p.debit.confidence = 860
		}
		for _, n := range names {
			p.words, p.stem = words(n), strings.HasSuffix(n, "%")
			p.precision = precision(50, p.words)
			rows = append(rows, p)
			// Many a statement drops the blanks: CASASBAHIA.
			if len(p.words) >= joinedLength && strings.Contains(p.words, " ") {
				p.words, p.stem = strings.ReplaceAll(p.words, " ", ""), false
				p.precision = precision(50, p.words)
				rows = append(rows, p)
			}
		}
		for _, cnpj := range r.list("cnpj") {
			if offices[display] == "" {
				offices[display] = cnpj
			}
			roots[cnpj[:8]] = root{rule: rule, brand: display, credit: credit, debit: debit, merchant: true}
		}
	}
	return rows
}

// joinedLength keeps short joined names from being ordinary words.
const joinedLength = 9

func loadTrades(rows []phrase) []phrase {
	for _, r := range openRows("trades.tsv") {
		for _, w := range r.list("words") {
			p := phrase{
				words: words(w), kind: tradePhrase, stem: strings.HasSuffix(w, "%"), sources: parseSources(""),
				rule: "merchant/trade-" + r.get("id"), weak: r.number("priority", 50) < 50,
				debit: evidence{code: r.code("code"), confidence: uint16(r.number("confidence", 700))},
			}
			// Of two trades the first counts, not the longer: PECAS E ACESSORIOS.
			p.precision = precision(r.number("priority", 50), "")
			rows = append(rows, p)
		}
	}
	return rows
}

func loadNames(rows []phrase) []phrase {
	kinds := map[string]kind{"person": personWord, "family": familyWord, "payer": payerWord, "company": companyWord, "surname": companyWord, "acquirer": acquirerPhrase}
	for _, r := range openRows("names.tsv") {
		k := kinds[r.get("kind")]
		for w := range strings.FieldsSeq(r.get("words")) {
			p := phrase{words: words(w), kind: k, sources: parseSources(""), weak: r.get("kind") == "surname"}
			if k == acquirerPhrase {
				p.debit = evidence{code: acquirer, confidence: 500}
				p.rule = "vocabulary/acquirer-" + slug(w)
			}
			p.precision = precision(50, p.words)
			rows = append(rows, p)
		}
	}
	return rows
}

// loadBetting makes the phrases of the licensed betting operators and enters
// their CNPJ roots.
func loadBetting(rows []phrase, roots map[string]root) []phrase {
	bet := evidence{code: betting, confidence: 980}
	for _, o := range bets.Operators() {
		roots[o.CNPJ[:8]] = root{rule: "structure/betting-operator", credit: bet, debit: bet, betting: true}
	}
	for _, n := range bets.Names() {
		p := phrase{words: n.Words, kind: betPhrase, sources: parseSources(""), rule: bettingRule(n), brand: n.Brand, credit: bet, debit: bet}
		p.precision = precision(50, p.words)
		rows = append(rows, p)
	}
	return rows
}

func bettingRule(n bets.Name) string {
	switch n.Kind {
	case bets.Company:
		return "vocabulary/betting-company-" + slug(n.Words)
	case bets.Domain:
		return "vocabulary/betting-domain"
	case bets.BrandAndBet:
		return "vocabulary/betting-" + slug(n.Brand) + "-bet"
	}
	return "vocabulary/betting-" + slug(n.Brand)
}
