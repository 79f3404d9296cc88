package classify

import (
	"math/bits"

	"github.com/openklaas/klaas/taxonomy"
)

// kind says what a phrase is evidence of.
type kind uint8

const (
	purposePhrase  kind = iota // what the money was for
	railPhrase                 // only how it went: asked after merchants
	betPhrase                  // a licensed betting operator
	brandPhrase                // a named merchant
	tradePhrase                // a generic word of a trade
	acquirerPhrase             // an acquirer's or wallet's prefix that hides the shop
	personWord                 // a common first name
	familyWord                 // a common family name: many a company has one too
	payerWord                  // names companies that pay people, but no wages
	companyWord                // a legal form or a word of company names
	blockPhrase                // hides shorter phrases inside it
	kinds
)

// phrase is one row of a table: words in sequence and what they tell.
type phrase struct {
	words      string // single blanks between words
	kind       kind
	stem       bool // a word that begins so matches too
	guarded    bool // also an ordinary word or name: see namesShop
	weak       bool // of a trade or company word: many a family name or shop name has the word too
	forCompany bool // speaks of companies' accounts alone
	sources    Source
	banks      bankSet // 0: every bank
	rule       string
	brand      string
	credit     evidence // for money in; code 0 when the phrase says nothing of it
	debit      evidence // for money out
	precision  int      // priority, then length: of two phrases of a kind the greater tells more
	next       int32    // further row of the same words; -1 at the end
}

// evidence is a category with its weight.
type evidence struct {
	code       taxonomy.Code
	company    taxonomy.Code // for a company's movement; 0 when the same
	confidence uint16
	bare       uint16 // of a rail, when nothing else stands in the text; 0 when the same
}

// word is a run of letters and digits of a text.
type word struct {
	from, to int
	hash     uint64
}

// isWordByte reports whether c belongs to a word. Bytes of letters that
// normalisation could not reduce to A–Z count, so that no word begins or ends
// inside one.
func isWordByte(c byte) bool { return wordBytes[c] }

var wordBytes = func() (t [256]bool) {
	for c := range 256 {
		t[c] = '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || c >= 0x80
	}
	return t
}()

const (
	hashBasis = 14695981039346656037
	hashPrime = 1099511628211
)

// maxWords is how many words of a text are looked at: more than Open Finance's 200
// characters hold. Hits are compared with one another, so without a bound a text of
// megabytes would take hours.
const maxWords = 500

// splitWords appends the words of text to words, at most [maxWords]. Old cores glue
// the day to a cut name (SHOP07/04): the two digits before a slash are a word of
// their own then.
func splitWords(text string, words []word) []word {
	for i := 0; i < len(text) && len(words) < maxWords; {
		if !isWordByte(text[i]) {
			i++
			continue
		}
		from, h := i, uint64(hashBasis)
		for i < len(text) && isWordByte(text[i]) {
			if i > from && gluedDay(text, i) {
				break
			}
			h = (h ^ uint64(text[i])) * hashPrime
			i++
		}
		words = append(words, word{from, i, h})
	}
	return words
}

// gluedDay reports whether a day dd/mm begins at text[i], right after a letter.
func gluedDay(text string, i int) bool {
	return isDigit(text[i]) && !isDigit(text[i-1]) && i+4 < len(text) && text[i+2] == '/' &&
		isDigit(text[i+1]) && isDigit(text[i+3]) && isDigit(text[i+4])
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// join makes the key of a word sequence out of that of its beginning.
func join(prefix, wordHash uint64) uint64 {
	h := (prefix ^ wordHash) * 0x9E3779B97F4A7C15
	return h ^ h>>29
}

// phraseTable finds the phrases that begin at a word of a text. Keys are hashes
// of word sequences; each beginning of a phrase is a key too, so a text is
// followed only as far as some phrase goes. Finds are compared with the text.
type phraseTable struct {
	rows  []phrase
	slots []slot // open addressing, a power of two, at most half full
	used  int

	// cuts holds brands and trades without the end of their last word: old cores
	// cut names at 9 to 25 characters. -1 stands for several phrases.
	cuts map[uint64]int32

	stems map[[stemKey]byte][]int32
}

// slot is a key of the table. Row is -1 for a mere beginning.
type slot struct {
	key    uint64
	row    int32
	longer bool // a phrase goes on after these words
	taken  bool
}

// stemKey is the number of letters by which stems are found; a stem is one word
// and longer.
const stemKey = 4

func newPhraseTable(rows []phrase) *phraseTable {
	t := &phraseTable{
		rows:  rows,
		slots: make([]slot, 1<<bits.Len(uint(4*len(rows)))),
		cuts:  make(map[uint64]int32, 2*len(rows)),
		stems: make(map[[stemKey]byte][]int32),
	}
	var words []word
	for i := range rows {
		words = splitWords(rows[i].words, words[:0])
		t.add(int32(i), words)
		t.addCuts(int32(i), words)
	}
	return t
}

// add makes the keys of a row.
func (t *phraseTable) add(row int32, words []word) {
	p := &t.rows[row]
	p.next = -1
	if p.stem {
		if len(p.words) <= stemKey || len(words) > 1 {
			panic("classify: " + p.words + " cannot be a stem")
		}
		key := [stemKey]byte([]byte(p.words))
		t.stems[key] = append(t.stems[key], row)
	}
	var key uint64
	for i, w := range words {
		key = join(key, w.hash)
		s := t.slot(key)
		if i < len(words)-1 {
			s.longer = true
			continue
		}
		// Rows of the same words stay in the order of the tables.
		if s.row < 0 {
			s.row = row
			continue
		}
		last := s.row
		for t.rows[last].next >= 0 {
			last = t.rows[last].next
		}
		t.rows[last].next = row
	}
}

// slot returns the slot of a key and makes it when there is none.
func (t *phraseTable) slot(key uint64) *slot {
	if t.used*2 >= len(t.slots) {
		old := t.slots
		t.slots = make([]slot, 2*len(old))
		for _, s := range old {
			if s.taken {
				*t.free(s.key) = s
			}
		}
	}
	s := t.free(key)
	if !s.taken {
		*s = slot{key: key, row: -1, taken: true}
		t.used++
	}
	return s
}

// free returns the slot that holds a key, or the one where it belongs.
func (t *phraseTable) free(key uint64) *slot {
	mask := uint64(len(t.slots) - 1)
	for i := key & mask; ; i = (i + 1) & mask {
		if s := &t.slots[i]; !s.taken || s.key == key {
			return s
		}
	}
}

const (
	cutTrade  = 5 // of a trade that is one word at least so many letters are left
	cutBrand  = 6 // of a name that is one word
	cutLast   = 3 // of the last of several words; of names three fifths in all
	cutLength = 9 // of a cut text at least so many bytes are left
)

// addCuts makes the keys of a brand or trade that is cut.
func (t *phraseTable) addCuts(row int32, words []word) {
	p := &t.rows[row]
	if p.guarded || p.kind != brandPhrase && p.kind != tradePhrase {
		return
	}
	last := words[len(words)-1]
	var prefix uint64
	for _, w := range words[:len(words)-1] {
		prefix = join(prefix, w.hash)
	}
	least := cutTrade
	switch {
	case len(words) > 1:
		least = cutLast
	case p.kind == brandPhrase:
		least = cutBrand
	}
	if p.kind == brandPhrase {
		least = max(least, len(p.words)*3/5-last.from)
	}
	hash := uint64(hashBasis)
	for i := last.from; i < last.to-1; i++ {
		hash = (hash ^ uint64(p.words[i])) * hashPrime
		if i+1-last.from < least {
			continue
		}
		key := join(prefix, hash)
		other, clash := t.cuts[key]
		switch {
		case !clash:
			t.cuts[key] = row
		case other >= 0 && !t.rows[other].says(p):
			t.cuts[key] = -1
		}
	}
}

// says reports whether two phrases lead to the same categories.
func (p *phrase) says(q *phrase) bool {
	return p.credit.code == q.credit.code && p.debit.code == q.debit.code
}

// hit is a phrase found in a text: words[from:to].
type hit struct {
	row      int32
	from, to int32
	cut      bool // found by a beginning of its last word
}

// scan appends the phrases found in the text to hits, in the order of the text.
// Of the phrases that begin at a word the longest that applies is a hit; one
// that lies inside an earlier hit is none, so MERCADO LIVRE is no MERCADO.
// Betting operators and words of names are hits wherever they stand.
func (t *phraseTable) scan(text string, words []word, e *entry, hits []hit) []hit {
	covered, tail := 0, lastName(text, words)
	for i := range words {
		best := hit{row: -1}
		mask := uint64(len(t.slots) - 1)
		var key uint64
		for j := i; j < len(words); j++ {
			key = join(key, words[j].hash)
			n := key & mask
			for t.slots[n].taken && t.slots[n].key != key {
				n = (n + 1) & mask
			}
			s := &t.slots[n]
			if !s.taken {
				if j == tail {
					if row, ok := t.cut(text, words[i:j+1], key, e); ok {
						best = hit{row, int32(i), int32(j + 1), true}
					}
				}
				break
			}
			for row := s.row; row >= 0; row = t.rows[row].next {
				p := &t.rows[row]
				if !p.applies(e) || !sameWords(p.words, text, words[i:j+1]) {
					continue
				}
				if p.kind == betPhrase || p.kind >= personWord && p.kind <= companyWord {
					hits = append(hits, hit{row, int32(i), int32(j + 1), false})
					continue
				}
				if best.row < 0 || int(best.to) < j+1 {
					best = hit{row, int32(i), int32(j + 1), false}
				}
			}
			if !s.longer {
				break
			}
		}
		if best.row < 0 {
			if row, ok := t.stem(text[words[i].from:words[i].to], e); ok {
				best = hit{row, int32(i), int32(i + 1), false}
			}
		}
		if best.row >= 0 && int(best.to) > covered {
			hits = append(hits, best)
			covered = int(best.to)
		}
	}
	return hits
}

// applies reports whether a phrase speaks of such a movement.
func (p *phrase) applies(e *entry) bool {
	if p.sources&e.Source == 0 || p.banks != 0 && p.banks&e.bank == 0 || p.forCompany && !e.Company {
		return false
	}
	return p.kind == brandPhrase || p.kind > acquirerPhrase || p.of(e).code != 0
}

// of returns what the phrase says of a movement in its direction.
func (p *phrase) of(e *entry) *evidence {
	if e.Credit {
		return &p.credit
	}
	return &p.debit
}

// lastName returns the index of the last word that is no number: behind a cut
// name only days and numbers follow.
func lastName(text string, words []word) int {
	i := len(words) - 1
	for i >= 0 && isNumber(text[words[i].from:words[i].to]) {
		i--
	}
	return i
}

func isNumber(w string) bool {
	for i := range len(w) {
		if !isDigit(w[i]) {
			return false
		}
	}
	return true
}

// cut returns the phrase of which the words are a beginning, as far as the
// last word goes.
func (t *phraseTable) cut(text string, words []word, key uint64, e *entry) (int32, bool) {
	last := words[len(words)-1]
	if last.to < cutLength || last.to-last.from < cutLast {
		return 0, false
	}
	row, ok := t.cuts[key]
	if !ok || row < 0 || !t.rows[row].applies(e) {
		return 0, false
	}
	p := t.rows[row].words
	if n := last.to - words[0].from; n >= len(p) || !sameWords(p[:n], text, words) {
		return 0, false
	}
	return row, true
}

// stem returns the longest stem with which a word begins.
func (t *phraseTable) stem(w string, e *entry) (int32, bool) {
	if len(w) <= stemKey {
		return 0, false
	}
	found := int32(-1)
	for _, row := range t.stems[[stemKey]byte([]byte(w[:stemKey]))] {
		p := &t.rows[row]
		if len(p.words) <= len(w) && w[:len(p.words)] == p.words && p.applies(e) &&
			(found < 0 || len(p.words) > len(t.rows[found].words)) {
			found = row
		}
	}
	return found, found >= 0
}

// sameWords reports whether the words of text are those of phrase.
func sameWords(phrase, text string, words []word) bool {
	at := 0
	for i, w := range words {
		if i > 0 {
			if at >= len(phrase) || phrase[at] != ' ' {
				return false
			}
			at++
		}
		n := w.to - w.from
		if at+n > len(phrase) || phrase[at:at+n] != text[w.from:w.to] {
			return false
		}
		at += n
	}
	return at == len(phrase)
}
