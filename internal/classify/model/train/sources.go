package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/openklaas/klaas/internal/classify/model"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/text"
	"github.com/openklaas/klaas/taxonomy"
)

// recipe changes when the same data gives another model: with the features, the
// printing of names or the learning.
const recipe = "3"

// item is one labelled text.
type item struct {
	text    string
	codes   []taxonomy.Code // any of them is right
	context model.Context
	group   string // the shop or phrase: never learnt and judged in one fold
	family  string // the file, as figures are told
	shop    bool   // a bare name: learnt as statements print it
	judged  bool   // one of those that tell how good the model is
}

// corpus is all that training reads.
type corpus struct {
	items  []item
	habits habits
	forms  map[string][]string // spellings of words in the vocabulary, see ../../data/forms.tsv
	hash   [sha256.Size]byte
}

// sourceFiles lists what is read, in a fixed order. Root is internal/classify.
func sourceFiles(root string) ([]string, error) {
	var files []string
	for _, pattern := range []string{
		"../bets/operators.csv", "data/forms.tsv", "data/names.tsv", "data/trades.tsv", "data/types.tsv",
		"data/merchants/*.tsv", "data/vocabulary/*.tsv", "training/*.tsv",
		"../accuracy/testdata/transactions.csv", "../accuracy/data/labels.csv",
	} {
		found, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		if err != nil {
			return nil, err
		}
		files = append(files, found...)
	}
	return files, nil
}

// hashSources returns the hash of all that a model follows from.
func hashSources(root string) (hash [sha256.Size]byte, err error) {
	files, err := sourceFiles(root)
	if err != nil {
		return hash, err
	}
	h := sha256.New()
	h.Write([]byte(recipe))
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			return hash, err
		}
		name, err := filepath.Rel(root, file)
		if err != nil {
			return hash, err
		}
		h.Write([]byte(filepath.ToSlash(name)))
		h.Write(binary.BigEndian.AppendUint64([]byte{0}, uint64(len(b))))
		h.Write(b)
	}
	return [sha256.Size]byte(h.Sum(nil)), nil
}

// readCorpus reads every source.
func readCorpus(root string) (*corpus, error) {
	files, err := sourceFiles(root)
	if err != nil {
		return nil, err
	}
	c := &corpus{forms: make(map[string][]string)}
	if c.hash, err = hashSources(root); err != nil {
		return nil, err
	}
	for _, file := range files {
		name, err := filepath.Rel(root, file)
		if err != nil {
			return nil, err
		}
		name = filepath.ToSlash(name)
		if err := c.read(root, name); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	c.people()
	return c, nil
}

func (c *corpus) read(root, name string) error {
	path := filepath.Join(root, filepath.FromSlash(name))
	base := filepath.Base(name)
	switch base {
	case "operators.csv":
		return c.readBetting(path)
	case "transactions.csv":
		return c.readDevelopment(path, filepath.Join(root, "../accuracy/data/labels.csv"))
	case "labels.csv":
		return nil // read with what it belongs to
	}
	rows, err := readTable(path)
	if err != nil {
		return err
	}
	for _, r := range rows {
		switch {
		case base == "forms.tsv":
			c.forms[r["form"]] = r.list("words")
		case base == "names.tsv":
			c.habits.readNames(r)
		case base == "habits.tsv":
			err = c.habits.read(r)
		case base == "trades.tsv":
			err = c.readTrade(r)
		case base == "types.tsv":
			err = c.readType(r)
		case strings.HasPrefix(name, "data/merchants/"):
			err = c.readMerchant(r)
		case strings.HasPrefix(name, "data/vocabulary/"):
			err = c.readPhrase(r)
		case base == "brands.tsv":
			err = c.readTraining(r, "name", "brands", true, false)
		case base == "cnae.tsv":
			err = c.readTraining(r, "text", "cnae", false, false)
		case strings.HasPrefix(base, "shops"):
			err = c.readTraining(r, "text", "shops", true, true)
		default:
			err = c.readTraining(r, "text", "lines", false, true)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// record is a row of a tab-separated table by column.
type record map[string]string

// list splits a column at | and takes the marks of the tables off.
func (r record) list(column string) []string {
	var parts []string
	for p := range strings.SplitSeq(r[column], "|") {
		if p = strings.Trim(strings.TrimSpace(p), "^%"); p != "" {
			parts = append(parts, p)
		}
	}
	return parts
}

// readTable reads a table whose first line that is no remark names the columns.
func readTable(path string) ([]record, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var columns []string
	var rows []record
	for line := range strings.Lines(string(b)) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		fields := strings.Split(line, "\t")
		if columns == nil {
			columns = fields
			continue
		}
		if len(fields) > len(columns) {
			return nil, fmt.Errorf("too many columns: %s", line)
		}
		r := make(record, len(columns))
		for i, f := range fields {
			r[columns[i]] = f
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// parse reads a category; false when it is none of a person, which no model answers.
func parse(s string) (taxonomy.Code, bool, error) {
	if s = strings.TrimSpace(s); s == "" {
		return 0, false, nil
	}
	code, ok := taxonomy.ParseCode(s)
	if !ok {
		return 0, false, fmt.Errorf("%q is no category", s)
	}
	category, ok := taxonomy.Lookup(code)
	if !ok {
		return 0, false, fmt.Errorf("%s is no category", s)
	}
	return code, !category.Company && code != taxonomy.Other, nil
}

// add enters an item for each side that dir and the category allow.
func (c *corpus) add(it item, code taxonomy.Code, dir string) {
	category, _ := taxonomy.Lookup(code)
	it.text = text.Normalise(it.text)
	it.codes = []taxonomy.Code{code}
	for _, credit := range []bool{false, true} {
		if credit && dir == "D" || !credit && dir == "C" || !category.Direction.Allows(credit) {
			continue
		}
		it.context.Credit = credit
		c.items = append(c.items, it)
	}
}

// letters returns a name without all that is no letter: the key of a group.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 'A' || r > 'Z' {
			return -1
		}
		return r
	}, text.Normalise(s))
}

func (c *corpus) readMerchant(r record) error {
	names := r.list("aliases")
	if !strings.Contains(r["flags"], "alias-only") {
		names = append([]string{strings.TrimSpace(r["name"])}, names...)
	}
	for _, side := range []struct{ column, dir string }{{"code", "D"}, {"credit", "C"}} {
		code, ok, err := parse(r[side.column])
		if err != nil {
			return err
		}
		for i, n := range names {
			if ok {
				c.add(item{text: n, group: letters(r["name"]), family: "merchants", shop: i == 0 && side.dir == "D", judged: i == 0 && side.dir == "D"}, code, side.dir)
			}
		}
	}
	return nil
}

func (c *corpus) readTrade(r record) error {
	code, ok, err := parse(r["code"])
	if err != nil || !ok {
		return err
	}
	for _, w := range r.list("words") {
		c.add(item{text: w, group: "trade " + r["id"], family: "trades"}, code, "D")
	}
	return nil
}

func (c *corpus) readPhrase(r record) error {
	code, ok, err := parse(r["code"])
	if err != nil || !ok || r["stage"] == "block" {
		return err
	}
	texts := r.list("example")
	for _, phrase := range r.list("phrase") {
		spellings, err := c.spell(phrase)
		if err != nil {
			return err
		}
		texts = append(texts, spellings...)
	}
	for _, s := range texts {
		for _, source := range sources(r["source"]) {
			c.add(item{text: s, group: "phrase " + r["id"], family: "vocabulary", context: model.Context{Source: source}}, code, r["dir"])
		}
	}
	return nil
}

// spellings is in how many ways a phrase with names of forms is learnt.
const spellings = 4

// spell returns a phrase in some of the ways in which its words are written.
func (c *corpus) spell(phrase string) ([]string, error) {
	if !strings.Contains(phrase, "{") {
		return []string{phrase}, nil
	}
	d := throw(phrase)
	all := make([]string, spellings)
	for i := range all {
		s := phrase
		for {
			before, rest, found := strings.Cut(s, "{")
			if !found {
				break
			}
			name, after, _ := strings.Cut(rest, "}")
			name, optional := strings.CutSuffix(name, "?")
			words, ok := c.forms[name]
			if !ok {
				return nil, fmt.Errorf("%q names no form", phrase)
			}
			word := pick(d, words)
			if optional && d.next(3) == 0 {
				word = ""
			}
			s = before + word + after
		}
		all[i] = s
	}
	return all, nil
}

func (c *corpus) readType(r record) error {
	code, ok, err := parse(r["code"])
	if err != nil || !ok {
		return err
	}
	source := model.Checking
	if r["source"] == "card" {
		source = model.Card
	}
	c.add(item{group: "type " + r["type"], family: "types", context: model.Context{Source: source, Type: r["type"]}}, code, r["dir"])
	return nil
}

// readTraining reads a row of ../../training.
func (c *corpus) readTraining(r record, column, family string, shop, judged bool) error {
	code, ok, err := parse(r["code"])
	if err != nil {
		return err
	}
	if strings.TrimSpace(r[column]) == "" {
		return fmt.Errorf("a row of %s has no text", r["code"])
	}
	if !ok {
		return nil
	}
	context := model.Context{Type: r["type"]}
	if s := r["amount"]; s != "" {
		if context.Amount, err = amount(s); err != nil {
			return err
		}
	}
	for _, source := range sources(r["source"]) {
		context.Source = source
		c.add(item{text: r[column], group: letters(r[column]), family: family, shop: shop, judged: judged, context: context}, code, r["direction"])
		if shop {
			break // printing gives it the sources of its variants
		}
	}
	return nil
}

// sources returns the kinds of statement of a column.
func sources(s string) []model.Source {
	switch s {
	case "account":
		return []model.Source{model.Checking}
	case "checking":
		return []model.Source{model.Checking}
	case "savings":
		return []model.Source{model.Savings}
	case "card":
		return []model.Source{model.Card}
	}
	return []model.Source{model.Checking, model.Card}
}

// amount reads reais with a point and drops the sign.
func amount(s string) (money.Amount, error) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0, err
	}
	return money.Amount(max(f, -f) * money.Scale), nil
}

// readBetting reads the brands of licensed operators. The classifier never takes
// the model's word on betting; the category is learnt so that they are not
// learnt, nor guessed, as anything else.
func (c *corpus) readBetting(path string) error {
	rows, err := readCSV(path)
	if err != nil {
		return err
	}
	for _, r := range rows {
		for name := range strings.SplitSeq(r["company"]+";"+r["brands"], ";") {
			c.add(item{text: name, group: letters(r["company"]), family: "betting", shop: true}, 41201, "*")
		}
	}
	return nil
}

// readDevelopment reads the development part of the published card lines. Their
// labels are coarse: any category under the label is right.
func (c *corpus) readDevelopment(path, labelsPath string) error {
	rows, err := readCSV(path)
	if err != nil {
		return err
	}
	prefixes := make(map[string][]string)
	labels, err := readCSV(labelsPath)
	if err != nil {
		return err
	}
	for _, r := range labels {
		prefixes[r["label"]] = strings.Fields(r["codes"])
	}
	held := make(map[string]bool) // shops of the other part
	for _, r := range rows {
		if r["part"] != "development" {
			held[letters(r["description"])] = true
		}
	}
	for _, r := range rows {
		if r["label_accept"] == "*" || held[letters(r["description"])] {
			continue
		}
		it := item{text: text.Normalise(r["description"]), group: letters(r["description"]), family: "development", judged: true}
		it.context.Source = model.Checking
		if r["account_kind"] == "credit_card" {
			it.context.Source = model.Card
		}
		it.context.Credit = r["amount"] != "" && r["amount"][0] != '-' || r["amount"] == "" && r["label"] == "transfer_in"
		if r["amount"] != "" {
			if it.context.Amount, err = amount(r["amount"]); err != nil {
				return err
			}
		}
		for label := range strings.SplitSeq(r["label_accept"], "|") {
			for _, category := range taxonomy.All() {
				if !category.Company && category.Code != taxonomy.Other && category.Direction.Allows(it.context.Credit) &&
					slices.ContainsFunc(prefixes[label], func(p string) bool { return strings.HasPrefix(category.Code.String(), p) }) {
					it.codes = append(it.codes, category.Code)
				}
			}
		}
		slices.SortFunc(it.codes, cmp.Compare[taxonomy.Code])
		it.codes = slices.Compact(it.codes)
		if len(it.codes) > 0 {
			c.items = append(c.items, it)
		}
	}
	return nil
}

func readCSV(path string) ([]record, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	var rows []record
	for _, fields := range records[1:] {
		r := make(record, len(fields))
		for i, f := range fields {
			r[records[0][i]] = f
		}
		rows = append(rows, r)
	}
	return rows, nil
}
