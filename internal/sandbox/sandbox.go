package sandbox

import (
	"fmt"
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
)

// Person is one made-up person or company: the document that their banks send
// and the truth beside it.
type Person struct {
	Name     string
	Persona  string
	Userdata []byte // a userdata document, JSON
	Truth    Truth
}

// Personas returns the names of all personas, sorted.
func Personas() []string {
	var names []string
	for name := range library() {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// About returns what a persona is, in one sentence; "" when there is none of the name.
func About(persona string) string {
	p := library()[persona]
	if p == nil {
		return ""
	}
	return p.About
}

// Generate makes the n-th person of a persona, whose history ends with day end.
// It panics when there is no such persona: ask [Personas].
func Generate(persona string, seed uint64, n int, end calendar.Day) Person {
	if library()[persona] == nil {
		panic(fmt.Sprintf("sandbox: there is no persona %q", persona))
	}
	l := newLife(persona, seed, n, end)
	l.live()
	var statements []*statement
	for _, a := range l.accounts {
		if !a.outside {
			statements = append(statements, l.tell(a))
		}
	}
	var cards []*cardStatement
	for _, c := range l.cards {
		if !c.outside {
			cards = append(cards, l.tellCard(c))
		}
	}
	truth := l.truth(statements, cards)
	truth.Persona, truth.Seed, truth.N, truth.End = persona, seed, n, end.String()
	return Person{Name: l.self.name, Persona: persona, Userdata: l.userdata(statements, cards), Truth: truth}
}
