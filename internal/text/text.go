// Package text brings statement texts into the two forms that klaas compares.
//
// [Normalise] gives the normalised text (no accents, upper case, single blanks)
// that rules and models match on. [Name] gives the normalised name, the key by
// which transactions of one counterparty are grouped, from a normalised text.
// Both are idempotent: what they return, they return unchanged. Both run on
// every movement, so they give back the input itself, or a part of it, where
// they can; such a result shares memory with the input.
//
// The rules are those of the reports' documentation (normalised text and
// normalised name); the classifier's own reading of texts is not here.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Room keeps the results of many calls together: thousands of short texts share a
// few blocks of memory. The zero value is ready; nil gives each text its own.
type Room struct {
	block strings.Builder
}

// blockSize is how many bytes of texts share a block.
const blockSize = 16 << 10

func (room *Room) keep(b []byte) string {
	if room == nil || len(b) > blockSize/4 {
		return string(b)
	}
	if room.block.Cap()-room.block.Len() < len(b) {
		room.block = strings.Builder{}
		room.block.Grow(blockSize)
	}
	from := room.block.Len()
	room.block.Write(b)
	return room.block.String()[from:]
}

// Normalise returns s in Unicode NFD without accents (marks of category Mn), in
// upper case, runs of blanks as one space, trimmed.
func Normalise(s string) string { return (*Room)(nil).Normalise(s) }

// Normalise is [Normalise] with its results in the room.
func (room *Room) Normalise(s string) string {
	n := normalPrefix(s)
	if n == len(s) {
		return s
	}
	for i := n; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return room.normaliseUnicode(s)
		}
	}
	return room.normaliseASCII(s, n)
}

// normalPrefix returns how many first bytes of s are normal as they stand and
// not followed by anything that could change them.
func normalPrefix(s string) int {
	last := byte(' ') // a blank at the start is not normal
	for i := 0; i < len(s); i++ {
		c := s[i]
		if asciiFold[c] != c || (c == ' ' && last == ' ') {
			return i
		}
		last = c
	}
	if len(s) > 0 && last == ' ' {
		return len(s) - 1
	}
	return len(s)
}

// asciiFold maps a byte of ASCII to its upper case and blanks to a space. Other
// bytes map to 0, which no byte but NUL equals, so they are never "normal".
var asciiFold = func() (t [256]byte) {
	for c := range utf8.RuneSelf {
		t[c] = byte(unicode.ToUpper(rune(c)))
		if unicode.IsSpace(rune(c)) {
			t[c] = ' '
		}
	}
	return t
}()

func (room *Room) normaliseASCII(s string, normal int) string {
	var stack [stackSize]byte
	b := append(stack[:0], s[:normal]...)
	for i := normal; i < len(s); i++ {
		b = appendFolded(b, asciiFold[s[i]])
	}
	return room.keep(trimBlank(b))
}

// stackSize holds nearly every statement text, which has at most 200 characters.
const stackSize = 256

// appendFolded appends c but no blank at the start or after another blank.
func appendFolded(b []byte, c byte) []byte {
	if c == ' ' && (len(b) == 0 || b[len(b)-1] == ' ') {
		return b
	}
	return append(b, c)
}

func trimBlank(b []byte) []byte {
	if n := len(b); n > 0 && b[n-1] == ' ' {
		return b[:n-1]
	}
	return b
}

// Statement texts hold hardly any runes but those of the Latin blocks and of
// General Punctuation (such as the bullets that mask a CPF). None of them is a
// combining mark, so a text of such runes alone is in canonical order and can be
// folded rune by rune.
const (
	latinEnd         = 0x300
	punctuationFirst = 0x2000
	punctuationEnd   = 0x2070
)

// latinFold and punctuationFold are fold of every rune of those blocks.
var (
	latinFold       = foldTable(0, latinEnd)
	punctuationFold = foldTable(punctuationFirst, punctuationEnd)
)

func foldTable(first, end rune) []rune {
	t := make([]rune, 0, end-first)
	for r := first; r < end; r++ {
		t = append(t, []rune(fold(string(r)))...)
	}
	return t
}

// fold decomposes, drops accents, raises and turns blanks into spaces, one for one.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return unicode.ToUpper(r)
	}, norm.NFD.String(s))
}

func (room *Room) normaliseUnicode(s string) string {
	var stack [stackSize]byte
	b := stack[:0]
	for _, r := range s {
		switch {
		case r < latinEnd:
			r = latinFold[r]
		case r >= punctuationFirst && r < punctuationEnd:
			r = punctuationFold[r-punctuationFirst]
		default:
			return normaliseAny(s)
		}
		if r < utf8.RuneSelf {
			b = appendFolded(b, byte(r))
			continue
		}
		b = utf8.AppendRune(b, r)
	}
	return room.keep(trimBlank(b))
}

// normaliseAny is Normalise for any text.
func normaliseAny(s string) string {
	return strings.Join(strings.Fields(fold(s)), " ")
}
