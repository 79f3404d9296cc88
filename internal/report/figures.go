package report

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/product/spec"
)

// Figures are the computed numbers of one report.
type Figures struct {
	Notes *spec.Notes
	root  value // {bodyKey: body}
}

// FiguresOf computes a report of an analytic product with everything that is known
// of its figures, whether the report itself shows that or not.
func FiguresOf(p *spec.Product, in *spec.Input) *Figures {
	noted := *in
	noted.Notes = new(spec.Notes)
	w := encode.NewWriter(nil)
	w.OpenObject()
	w.Key(p.BodyKeyOf(in.Version))
	p.Write(w, &noted)
	w.CloseObject()
	return &Figures{Notes: noted.Notes, root: value{text: w.Bytes()}}
}

// At returns the value that a JSON pointer (RFC 6901) into the report leads to. ok
// is false when it leads nowhere.
func (f *Figures) At(pointer string) (text json.RawMessage, ok bool) {
	at := &f.root
	if pointer == "" {
		return at.text, true
	}
	steps, rooted := strings.CutPrefix(pointer, "/")
	if !rooted {
		return nil, false
	}
	for step := range strings.SplitSeq(steps, "/") {
		if at = at.child(strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~")); at == nil {
			return nil, false
		}
	}
	return at.text, true
}

// value is a JSON value that is read one level deep when somebody first asks for
// what is inside: a report has thousands of pointers, and each would else read it
// from the start.
type value struct {
	text    json.RawMessage
	isRead  bool
	members map[string]*value
	items   []*value
}

// child returns the member of an object or the item of a list, nil for none.
func (v *value) child(step string) *value {
	if !v.isRead {
		v.read()
	}
	if v.items == nil {
		return v.members[step]
	}
	n, err := strconv.Atoi(step)
	if err != nil || strconv.Itoa(n) != step || n < 0 || n >= len(v.items) {
		return nil
	}
	return v.items[n]
}

func (v *value) read() {
	v.isRead = true
	switch v.text[0] {
	case '{':
		var members map[string]json.RawMessage
		if json.Unmarshal(v.text, &members) != nil {
			return
		}
		v.members = make(map[string]*value, len(members))
		for key, text := range members {
			v.members[key] = &value{text: text}
		}
	case '[':
		var items []json.RawMessage
		if json.Unmarshal(v.text, &items) != nil {
			return
		}
		for _, text := range items {
			v.items = append(v.items, &value{text: text})
		}
	}
}

// Noted returns the figure at a pointer, or the list around it that is one figure;
// nil for none.
func (f *Figures) Noted(pointer string) *spec.NotedFigure {
	for at := pointer; at != ""; at = at[:strings.LastIndexByte(at, '/')] {
		for i := range f.Notes.Figures {
			if figure := &f.Notes.Figures[i]; figure.Pointer == at {
				return figure
			}
		}
	}
	return nil
}

// FieldAt returns the row of the field table that describes what a pointer leads
// to; nil for none.
func FieldAt(p *spec.Product, in *spec.Input, pointer string) *spec.Field {
	var path strings.Builder
	for step := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if _, err := strconv.Atoi(step); err == nil {
			path.WriteString("[]")
			continue
		}
		if path.Len() > 0 {
			path.WriteByte('.')
		}
		path.WriteString(step)
	}
	for i := range p.Fields {
		if f := &p.Fields[i]; f.Path == path.String() && in.Shows(f) {
			return f
		}
	}
	return nil
}
