package fact

import (
	"fmt"
	"strings"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/taxonomy"
)

// Selection chooses movements by direction and category, roles not looked at:
// entries of checking accounts, and where it says so the debit lines of cards.
type Selection struct {
	Side  Side
	Cards bool // the debit lines of open and closed card bills are added
	Codes Codes
}

// Side is the directions of the entries that a selection takes.
type Side uint8

// The sides. Amounts are positive on each.
const (
	Debits Side = iota
	Credits
	BothSides
)

func (s Side) has(d ledger.Direction) bool {
	return s == BothSides || (s == Credits) == (d == ledger.Credit)
}

// Takes reports whether an entry of a checking account is in the selection.
func (s *Selection) Takes(m *ledger.Movement) bool {
	return s.Side.has(m.Direction) && s.Codes.Has(m.Decision.Code)
}

// Codes is a set of categories.
type Codes struct{ in, without []codeRange }

type codeRange struct{ first, last taxonomy.Code }

// Has reports whether a category is in the set.
func (c *Codes) Has(code taxonomy.Code) bool { return among(c.in, code) && !among(c.without, code) }

func among(ranges []codeRange, code taxonomy.Code) bool {
	for _, r := range ranges {
		if r.first <= code && code <= r.last {
			return true
		}
	}
	return false
}

// ParseSelection reads a selection as tables write it: the side (debits, credits,
// entries for both; debits+cards adds the debit lines of cards), then codes of any
// level, ranges of codes, and after the word without those that are not in it:
//
//	debits 030501-030503
//	debits+cards 0406 030202 040904
//	debits 0506 without 050602 050603
func ParseSelection(text string) (Selection, error) {
	words := strings.Fields(text)
	if len(words) < 2 {
		return Selection{}, fmt.Errorf("the selection %q has no codes", text)
	}
	var s Selection
	switch words[0] {
	case "debits":
	case "debits+cards":
		s.Cards = true
	case "credits":
		s.Side = Credits
	case "entries":
		s.Side = BothSides
	default:
		return s, fmt.Errorf("the side of the selection %q is none of debits, debits+cards, credits, entries", text)
	}
	list := &s.Codes.in
	for _, word := range words[1:] {
		if word == "without" {
			list = &s.Codes.without
			continue
		}
		r, ok := parseCodes(word)
		if !ok {
			return s, fmt.Errorf("%q in the selection %q is no code of 2, 4 or 6 digits, nor a range of them", word, text)
		}
		*list = append(*list, r)
	}
	return s, nil
}

// MustSelect is [ParseSelection] of a text in the program.
func MustSelect(text string) Selection {
	s, err := ParseSelection(text)
	if err != nil {
		panic("fact: " + err.Error())
	}
	return s
}

// parseCodes reads a code of any level, or two with a - between: all codes below
// them.
func parseCodes(word string) (r codeRange, ok bool) {
	from, to, isRange := strings.Cut(word, "-")
	if !isRange {
		to = from
	}
	var whole bool
	if r.first, _, ok = levelCode(from); !ok {
		return r, false
	}
	_, r.last, whole = levelCode(to)
	return r, whole && r.first <= r.last
}

// levelCode returns the first and the last code below one of 2, 4 or 6 digits.
func levelCode(digits string) (first, last taxonomy.Code, ok bool) {
	if n := len(digits); n != 2 && n != 4 && n != 6 {
		return 0, 0, false
	}
	const none, all = "000000", "999999"
	first, ok = taxonomy.ParseCode(digits + none[len(digits):])
	last, _ = taxonomy.ParseCode(digits + all[len(digits):])
	return first, last, ok
}

// Chosen returns the movements of a selection in a range of days, newest first,
// each with the amount that counts of it. Their sum is [Evidence.Sum].
func (f *Facts) Chosen(company bool, s *Selection, r Range) Evidence {
	return func(yield func(Item) bool) {
		var lines []CardLine
		if s.Cards {
			lines = f.CardLines(company)
		}
		flows := f.Flows(company)
		for e := range flows.In(r) {
			m := &f.Ledger.Movements[e.Movement]
			if !s.Takes(m) {
				continue
			}
			for len(lines) > 0 && f.Ledger.Newer(lines[0].Movement, e.Movement) {
				if i, ok := f.chosenLine(s, &lines[0], r); ok && !yield(i) {
					return
				}
				lines = lines[1:]
			}
			if !yield(Item{Index: e.Movement, Amount: e.Amount}) {
				return
			}
		}
		for at := range lines {
			if i, ok := f.chosenLine(s, &lines[at], r); ok && !yield(i) {
				return
			}
		}
	}
}

func (f *Facts) chosenLine(s *Selection, line *CardLine, r Range) (Item, bool) {
	m := &f.Ledger.Movements[line.Movement]
	day := f.Ledger.Day - calendar.Day(line.Age)
	ok := m.Direction == ledger.Debit && r.First <= day && day <= r.Last && s.Codes.Has(m.Decision.Code)
	return Item{Index: line.Movement, Amount: line.Amount}, ok
}

// Sum returns the amounts of the items added up, and their number.
func (e Evidence) Sum() Sum {
	var s Sum
	if e == nil {
		return s
	}
	for item := range e {
		s = s.Add(item.Amount, 1)
	}
	return s
}
