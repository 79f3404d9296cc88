package text

import (
	"strconv"
	"strings"
)

// MaxInstalments is the most that Open Finance Brasil allows; a greater number
// is no count of instalments.
const MaxInstalments = 999

// Instalment is one payment of several, as a text tells it: Number of Count.
type Instalment struct {
	Number, Count int32
	From, To      int // where it stands in the text
	// Word says that the word PARC or PARCELA tells it. Without, two numbers at
	// the end of the text do, which may be something else.
	Word bool
	// Dated says that the two numbers could be a day and a month as well: 03/10.
	Dated bool
}

// FindInstalment reads the mark of an instalment in a normalised text: PARC
// 03/10, PARCELA 3 DE 10, - PARCELA 3/10 anywhere, else 3/10 at its end, also in
// brackets. A count below 2 or a number above its count is no mark.
func FindInstalment(normalised string) (Instalment, bool) {
	if at := strings.Index(normalised, "PARC"); at >= 0 && (at == 0 || !isWord(normalised[at-1])) {
		if found, ok := instalmentAt(normalised, at); ok {
			return found, true
		}
	}
	return instalmentAtEnd(normalised)
}

// instalmentAt reads what follows PARC: ELA or ELAS, blanks and points, a number,
// a slash or DE, a number.
func instalmentAt(text string, at int) (Instalment, bool) {
	s := strings.TrimPrefix(strings.TrimPrefix(text[at+len("PARC"):], "ELA"), "S")
	number, s, ok := leadingNumber(strings.TrimLeft(s, " .:"))
	if !ok {
		return Instalment{}, false
	}
	s = strings.TrimLeft(s, " ")
	rest, slash := strings.CutPrefix(s, "/")
	if !slash {
		if rest, ok = strings.CutPrefix(s, "DE"); !ok {
			return Instalment{}, false
		}
	}
	count, s, ok := leadingNumber(strings.TrimLeft(rest, " "))
	return Instalment{Number: number, Count: count, From: at, To: len(text) - len(s), Word: true}, ok && isInstalment(number, count)
}

func instalmentAtEnd(text string) (Instalment, bool) {
	s := strings.TrimRight(text, ") ")
	slash := strings.LastIndexByte(s, '/')
	if slash < 0 {
		return Instalment{}, false
	}
	count, rest, ok := leadingNumber(s[slash+1:])
	if !ok || rest != "" {
		return Instalment{}, false
	}
	start := slash
	for start > 0 && isDigit(s[start-1]) {
		start--
	}
	number, _, ok := leadingNumber(s[start:slash])
	if !ok || start == 0 || s[start-1] == '/' || isWord(s[start-1]) || !isInstalment(number, count) {
		return Instalment{}, false
	}
	dated := slash-start == 2 && len(s)-slash-1 == 2 && number <= 31 && count <= 12
	return Instalment{Number: number, Count: count, From: start, To: len(s), Dated: dated}, true
}

func isInstalment(number, count int32) bool {
	return number >= 1 && count >= 2 && number <= count && count <= MaxInstalments
}

func leadingNumber(s string) (n int32, rest string, ok bool) {
	i := 0
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	if i == 0 || i > 3 {
		return 0, s, false
	}
	value, _ := strconv.Atoi(s[:i]) // three digits at most
	return int32(value), s[i:], true
}
