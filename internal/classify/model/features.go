package model

import "github.com/openklaas/klaas/internal/money"

// Source says what kind of statement a line is from.
type Source uint8

// The sources. Any is for training texts that tell none.
const (
	Any Source = iota
	Checking
	Savings
	Card
)

// Context is what is known of a line beside its text.
type Context struct {
	Credit bool // money in
	Source Source
	Type   string       // the Open Finance type; "" when unknown
	Amount money.Amount // without sign; 0 when unknown
}

// Query collects the features of one line. Use it for one line after another.
type Query struct {
	context  Context
	features []uint32
	words    []wordSpan
	last     uint32                // hash of the word before; 0 for none
	score    [maxClasses + 1]int32 // by class
}

// wordSpan is a word of the text and its features.
type wordSpan struct {
	text     string
	from, to int32 // features[from:to]
}

// Limits that keep hostile texts cheap: what comes later is not read.
const (
	maxFeatures = 400
	maxWord     = 24
	maxClasses  = 255
)

// Kinds of features have hashes of their own.
const (
	wordSeed    uint32 = 0x811C9DC5
	pairSeed    uint32 = 0x1F83D9AB
	firstSeed   uint32 = 0x5BE0CD19
	beginSeed   uint32 = 0x9B05688C
	runSeed     uint32 = 0x510E527F
	contextSeed uint32 = 0x3C6EF372
)

const hashPrime = 16777619

// Reset begins a new line.
func (q *Query) Reset(c Context) {
	q.context, q.last = c, 0
	q.features, q.words = q.features[:0], q.words[:0]
	side := byte('D')
	if c.Credit {
		side = 'C'
	}
	source := byte('0') + byte(c.Source)
	q.fact(side, 0, 0)
	if c.Source != Any {
		q.fact(side, source, 0)
	}
	if c.Amount > 0 {
		q.fact(side, 'A', band(c.Amount))
	}
	if c.Type != "" {
		h := contextSeed ^ uint32(side)
		for i := range len(c.Type) {
			h = (h ^ uint32(c.Type[i])) * hashPrime
		}
		q.add(h)
	}
}

// fact enters what three bytes tell.
func (q *Query) fact(a, b, c byte) {
	h := (contextSeed ^ uint32(a)) * hashPrime
	h = (h ^ uint32(b)) * hashPrime
	q.add((h ^ uint32(c)) * hashPrime)
}

// bands are amounts in reais at which another band begins.
var bands = [...]money.Amount{10, 30, 80, 200, 500, 1500, 5000}

func band(a money.Amount) byte {
	n := byte(0)
	for int(n) < len(bands) && a >= bands[n]*money.Scale {
		n++
	}
	return n
}

// add enters a feature by its hash, whose low bits are mixed.
func (q *Query) add(h uint32) {
	h ^= h >> 15
	h *= 0x2C1B3C6D
	h ^= h >> 12
	q.features = append(q.features, h)
}

// Add enters a normalised text, or a part of one. A word is a run of letters:
// digits are days, numbers of shops and of cards.
func (q *Query) Add(text string) {
	for i := 0; i < len(text) && len(q.features) < maxFeatures; {
		if !isLetter(text[i]) {
			i++
			continue
		}
		from := i
		for i < len(text) && isLetter(text[i]) {
			i++
		}
		q.word(text[from:i])
	}
}

// Hashes returns the features of the line, valid until the next Reset. Training
// learns a weight for each row hash >> (32 - bits).
func (q *Query) Hashes() []uint32 { return q.features }

// shortName is how many letters of words are too few to tell anything: initials
// and codes.
const shortName = 3

// HasName reports whether the texts entered had enough letters to be a name.
func (q *Query) HasName() bool {
	letters := 0
	for _, w := range q.words {
		letters += len(w.text)
	}
	return letters > shortName
}

// isLetter reports whether a byte belongs to a word; bytes of letters that
// normalisation could not reduce to A–Z do.
func isLetter(c byte) bool { return 'A' <= c && c <= 'Z' || c >= 0x80 }

// formal reports whether a word is a letter or a legal form: it tells nothing of
// what a company does.
func formal(w string) bool {
	switch w {
	case "LTDA", "LIMITADA", "ME", "MEI", "EPP", "EIRELI", "SA", "CIA":
		return true
	}
	return len(w) < 2
}

func (q *Query) word(w string) {
	if formal(w) {
		return
	}
	from := int32(len(q.features))
	whole := wordSeed
	n := min(len(w), maxWord)
	begin := beginSeed
	for i := range n {
		c := uint32(w[i])
		whole = (whole ^ c) * hashPrime
		begin = (begin ^ c) * hashPrime
		if i >= shortBegin-1 && i < longBegin && i < n-1 {
			q.add(begin)
		}
	}
	q.add(whole)
	if q.last == 0 {
		q.add(whole ^ firstSeed)
	} else {
		q.add((q.last^pairSeed)*hashPrime ^ whole)
	}
	q.last = whole
	q.runs(w[:n])
	q.words = append(q.words, wordSpan{w, from, int32(len(q.features))})
}

// Beginnings of words, as names are cut.
const (
	shortBegin = 4
	longBegin  = 8
)

// Runs of letters inside the boundaries of a word, which count as letters.
const (
	shortRun = 3
	longRun  = 5
)

func (q *Query) runs(w string) {
	at := func(i int) uint32 {
		switch {
		case i < 0:
			return '^'
		case i == len(w):
			return '$'
		}
		return uint32(w[i])
	}
	for from := -1; from < len(w); from++ {
		h := runSeed
		for i := from; i <= len(w) && i < from+longRun; i++ {
			h = (h ^ at(i)) * hashPrime
			if i-from+1 >= shortRun {
				q.add(h)
			}
		}
	}
}
