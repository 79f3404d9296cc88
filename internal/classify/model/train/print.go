package main

import (
	"fmt"
	"hash/fnv"
	"strings"

	"github.com/openklaas/klaas/internal/classify/model"
	"github.com/openklaas/klaas/internal/text"
)

// habits are how banks print names; see ../../training/habits.tsv.
type habits struct {
	byKind map[string][]habit
	first  []string // first names
}

type habit struct{ text, ofbType, code string }

func (h *habits) read(r record) error {
	if h.byKind == nil {
		h.byKind = make(map[string][]habit)
	}
	switch r["kind"] {
	case "acquirer", "debit", "pix", "form", "town", "country", "surname", "person":
		h.byKind[r["kind"]] = append(h.byKind[r["kind"]], habit{r["text"], r["type"], r["code"]})
		return nil
	}
	return fmt.Errorf("%q is no kind", r["kind"])
}

func (h *habits) readNames(r record) {
	if r["kind"] == "person" {
		h.first = append(h.first, strings.Fields(r["words"])...)
	}
}

// dice are drawn from a text: the same text is always printed alike.
type dice uint64

func throw(s string) *dice {
	h := fnv.New64a()
	h.Write([]byte(s))
	d := dice(h.Sum64())
	return &d
}

// next returns a number below n (splitmix64).
func (d *dice) next(n int) int {
	*d += 0x9E3779B97F4A7C15
	z := uint64(*d)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return int((z ^ z>>31) >> 33 % uint64(n))
}

func pick[T any](d *dice, of []T) T { return of[d.next(len(of))] }

// variants is how many ways a shop's name is learnt in, besides the plain one.
const variants = 3

// print returns an item as statements print it: itself, and a shop's name in
// further ways.
func (h *habits) print(it item) []item {
	if !it.shop {
		return []item{it}
	}
	d := throw(it.text)
	all := []item{it}
	way := d.next(ways)
	for range variants {
		all = append(all, h.variant(d, it, way))
		way = (way + 1) % ways
	}
	return all
}

// ways is how many ways of printing [habits.variant] knows.
const ways = 5

func (h *habits) variant(d *dice, it item, way int) item {
	name := it.text
	it.context.Source = model.Card
	switch way {
	case 0:
		name = h.cut(d, name)
	case 1:
		name = pick(d, h.byKind["acquirer"]).text + h.cut(d, name)
	case 2:
		name += pick(d, h.byKind["town"]).text
		if d.next(2) == 0 {
			name = name[:min(len(name), 22)] + pick(d, h.byKind["country"]).text
		}
		name = name[:min(len(name), 16+d.next(16))]
	case 3:
		bank := pick(d, h.byKind["debit"])
		name = bank.text + h.cut(d, name)
		it.context.Source, it.context.Type = model.Checking, bank.ofbType
	case 4:
		rail := pick(d, h.byKind["pix"])
		name = rail.text + h.dressed(d, name)
		it.context.Source, it.context.Type = model.Checking, rail.ofbType
	}
	it.text = text.Normalise(name)
	return it
}

// cut returns a name as old cores shorten it: whole, at 15 to 25 characters, or
// without blanks.
func (h *habits) cut(d *dice, name string) string {
	switch d.next(4) {
	case 0:
		name = strings.ReplaceAll(name, " ", "")
	case 1:
		return name
	}
	if n := 10 + d.next(16); n < len(name) {
		return name[:n]
	}
	return name
}

// dressed returns a name with its legal form, or with an owner's name.
func (h *habits) dressed(d *dice, name string) string {
	switch d.next(4) {
	case 0:
		return h.owner(d) + " " + name
	case 1:
		return name + " " + h.owner(d)
	case 2:
		return name
	}
	return name + pick(d, h.byKind["form"]).text
}

// owner returns a person's name.
func (h *habits) owner(d *dice) string {
	name := pick(d, h.first)
	for range 1 + d.next(2) {
		name += " " + pick(d, h.byKind["surname"]).text
	}
	return name
}

// peopleLines is how many transfers with people are learnt for each habit, so that
// a person's name is not taken for a shop.
const peopleLines = 60

func (c *corpus) people() {
	for _, habit := range c.habits.byKind["person"] {
		code, ok, err := parse(habit.code)
		if err != nil || !ok {
			continue
		}
		for i := range peopleLines {
			d := throw(fmt.Sprint(habit.text, habit.ofbType, i))
			it := item{text: habit.text + c.habits.owner(d), group: fmt.Sprint("person ", habit.text, i), family: "people"}
			it.context.Source, it.context.Type = model.Checking, habit.ofbType
			c.add(it, code, "*")
		}
	}
}
