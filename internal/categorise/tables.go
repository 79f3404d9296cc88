package categorise

import (
	"embed"
	"strings"
	"sync"
)

//go:embed data
var data embed.FS

// leadKind says what stands behind the words with which a bank begins a text.
type leadKind uint8

const (
	none leadKind = iota
	transfer
	purchase
	quoted // of a card: the shop stands in quotes
	skip
)

var leadKinds = map[string]leadKind{"transfer": transfer, "purchase": purchase, "quoted": quoted, "skip": skip}

// longestLead is the most words of a lead.
const longestLead = 6

type tableSet struct {
	leads    map[string]leadKind
	channels []channelRow
	towns    map[string]bool
	longest  int             // the length of the longest town
	words    map[string]bool // those of banks: they name nobody
}

type channelRow struct{ words, channel string }

// tables are read once, when details are first asked for.
var tables = sync.OnceValue(func() *tableSet {
	t := &tableSet{leads: make(map[string]leadKind), towns: make(map[string]bool), words: make(map[string]bool)}
	for _, r := range rows("leads.tsv") {
		t.leads[r[0]] = leadKinds[r[1]]
	}
	for _, r := range rows("channels.tsv") {
		t.channels = append(t.channels, channelRow{r[0], r[1]})
	}
	for _, r := range rows("towns.txt") {
		t.towns[r[0]] = true
		t.longest = max(t.longest, len(r[0]))
	}
	for _, r := range rows("words.txt") {
		t.words[r[0]] = true
	}
	return t
})

// rows returns the lines of a table without remarks and, in a .tsv, without the
// line that names its columns.
func rows(name string) [][]string {
	b, err := data.ReadFile("data/" + name)
	if err != nil {
		panic("categorise: " + err.Error())
	}
	var list [][]string
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimRight(line, "\n"); line != "" && line[0] != '#' {
			list = append(list, strings.Split(line, "\t"))
		}
	}
	if strings.HasSuffix(name, ".tsv") {
		return list[1:]
	}
	return list
}

// leadOf returns what kind of words a text begins with, and where they end:
// behind them, and behind dates, times and numbers of banks and branches. A card
// line begins with the shop, but for a few words before a shop in quotes.
func leadOf(s string, card bool) (kind leadKind, end int) {
	t := tables()
	if card {
		if found, behind := t.lead(s, 0); found == quoted && strings.HasPrefix(s[behind:], " \"") {
			return quoted, behind
		}
		return none, 0
	}
	for at := 0; ; {
		from, to := nextWord(s, at)
		if from == to {
			return kind, end
		}
		found, behind := t.lead(s, from)
		switch {
		case kind == none && (found == transfer || found == purchase):
			kind, end = found, behind
		case kind != none && found == skip:
			end = behind
		case kind != none && isMarginal(s, from, to):
			end = to
		default:
			return kind, end
		}
		at = end
	}
}

// namesNobody reports whether a text has nothing but words of banks.
func (t *tableSet) namesNobody(s string) bool {
	for from, to := nextWord(s, 0); from < to; from, to = nextWord(s, to) {
		if !t.words[s[from:to]] {
			return false
		}
	}
	return true
}

// isMarginal reports whether a word is part of a date or time, or the number of a
// bank, branch or account.
func isMarginal(s string, from, to int) bool {
	if !onlyDigits(s[from:to]) {
		return false
	}
	joins := func(i int) bool { return i >= 0 && i < len(s) && strings.IndexByte("/:.-", s[i]) >= 0 }
	return to-from >= 3 || joins(to) || joins(from-1)
}

// lead returns the longest lead that begins at a word.
func (t *tableSet) lead(s string, from int) (kind leadKind, end int) {
	var room [64]byte
	key := room[:0]
	for at, words := from, 0; words < longestLead; words++ {
		wordFrom, wordTo := nextWord(s, at)
		if wordFrom == wordTo {
			break
		}
		if words > 0 {
			key = append(key, ' ')
		}
		key = append(key, s[wordFrom:wordTo]...)
		if k, ok := t.leads[string(key)]; ok {
			kind, end = k, wordTo
		}
		at = wordTo
	}
	return kind, end
}

// nextWord returns the next run of letters and digits, or an empty one.
func nextWord(s string, at int) (from, to int) {
	for at < len(s) && !isWord(s[at]) {
		at++
	}
	from = at
	for at < len(s) && isWord(s[at]) {
		at++
	}
	return from, at
}

// isWord counts bytes of letters that normalisation left as they were.
func isWord(c byte) bool { return isDigit(c) || isUpper(c) || c >= 0x80 }

// channel returns the channel that a text tells, "" when it tells none.
func channel(s string) string {
	t := tables()
	for i := range t.channels {
		if hasWords(s, t.channels[i].words) {
			return t.channels[i].channel
		}
	}
	return ""
}

// hasWords reports whether words stand in s one after another, whatever signs
// lie between them.
func hasWords(s, words string) bool {
	first, _, _ := strings.Cut(words, " ")
	for at := 0; ; {
		i := strings.Index(s[at:], first)
		if i < 0 {
			return false
		}
		at += i
		if (at == 0 || !isWord(s[at-1])) && standsAt(s[at:], words) {
			return true
		}
		at++
	}
}

func standsAt(s, words string) bool {
	for i := range len(words) {
		if words[i] == ' ' {
			rest := strings.TrimLeft(s, " -./:")
			if len(rest) == len(s) {
				return false
			}
			s = rest
			continue
		}
		if s == "" || s[0] != words[i] {
			return false
		}
		s = s[1:]
	}
	return s == "" || !isWord(s[0])
}
