package report

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/product/spec"
)

// Figures are the computed numbers of one report.
type Figures struct {
	Notes *spec.Notes
	root  json.RawMessage // {bodyKey: body}
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
	return &Figures{Notes: noted.Notes, root: w.Bytes()}
}

// At returns the value that a JSON pointer (RFC 6901) into the report leads to. ok
// is false when it leads nowhere.
func (f *Figures) At(pointer string) (value json.RawMessage, ok bool) {
	value = f.root
	if pointer == "" {
		return value, true
	}
	steps, rooted := strings.CutPrefix(pointer, "/")
	if !rooted {
		return nil, false
	}
	for step := range strings.SplitSeq(steps, "/") {
		step = strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~")
		switch {
		case bytes.HasPrefix(value, []byte("{")):
			var members map[string]json.RawMessage
			if json.Unmarshal(value, &members) != nil {
				return nil, false
			}
			if value, ok = members[step]; !ok {
				return nil, false
			}
		case bytes.HasPrefix(value, []byte("[")):
			var items []json.RawMessage
			n, err := strconv.Atoi(step)
			if err != nil || strconv.Itoa(n) != step || json.Unmarshal(value, &items) != nil || n < 0 || n >= len(items) {
				return nil, false
			}
			value = items[n]
		default:
			return nil, false
		}
	}
	return value, true
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
