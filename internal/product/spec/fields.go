package spec

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openklaas/klaas/internal/encode"
)

// columns of a fields.tsv. Lists are separated by blanks; an empty list of kinds
// or versions means all.
var columns = []string{"path", "type", "required", "kinds", "versions", "enum", "evidence", "meaning"}

// MustFields reads an embedded field table and panics on a fault in it.
func MustFields(tsv string) []Field {
	fields, err := ParseFields(tsv)
	if err != nil {
		panic("spec: " + err.Error())
	}
	return fields
}

// ParseFields reads a field table: a header, then one row per field. It fails
// with the number of the line that is wrong.
func ParseFields(tsv string) ([]Field, error) {
	lines := strings.Split(strings.TrimRight(tsv, "\n"), "\n")
	if lines[0] != strings.Join(columns, "\t") {
		return nil, fmt.Errorf("field table, line 1: the header is not %s", strings.Join(columns, ", "))
	}
	fields := make([]Field, 0, len(lines)-1)
	for i, line := range lines[1:] {
		f, err := parseField(strings.Split(line, "\t"))
		if err != nil {
			return nil, fmt.Errorf("field table, line %d: %w", i+2, err)
		}
		fields = append(fields, f)
	}
	return fields, nil
}

var fieldTypes = []string{"string", "number", "boolean", "object", "array", "money", "number or string"}

func parseField(cells []string) (Field, error) {
	if len(cells) != len(columns) {
		return Field{}, fmt.Errorf("it has %d columns, not %d", len(cells), len(columns))
	}
	f := Field{Path: cells[0], Type: cells[1], Required: cells[2] == "yes", Evidence: cells[6], Meaning: cells[7]}
	f.Type, f.Null = strings.CutSuffix(f.Type, " or null")
	if f.Type == "array of number" {
		f.Type, f.Numbers = "array", true
	}
	if !slices.Contains(fieldTypes, f.Type) {
		return f, fmt.Errorf("the type is none of %s", strings.Join(fieldTypes, ", "))
	}
	if cells[2] != "yes" && cells[2] != "no" {
		return f, fmt.Errorf("required is neither yes nor no")
	}
	if strings.Trim(f.Evidence, "DSLIOVPX ") != "" || f.Evidence == "" {
		return f, fmt.Errorf("evidence has letters beside D S L I O V P X")
	}
	for _, kind := range strings.Fields(cells[3]) {
		switch kind {
		case "pf":
			f.Kinds = append(f.Kinds, PF)
		case "pj":
			f.Kinds = append(f.Kinds, PJ)
		default:
			return f, fmt.Errorf("a kind is pf or pj")
		}
	}
	for _, version := range strings.Fields(cells[4]) {
		v := Version(version)
		if v != V1 && v != V11 && v != V2 {
			return f, fmt.Errorf("a version is V1, V1.1 or V2")
		}
		f.Versions = append(f.Versions, v)
	}
	f.Enum = strings.Fields(cells[5])
	return f, nil
}

// EmptyBody returns the body of a report that could not be made (codes 5000 and
// up): p.Empty, else what the field table requires, with "" for texts, [] for
// lists and null for numbers and booleans, but for those of p.Sentinels; money is
// left out.
func (p *Product) EmptyBody(in *Input) []byte {
	if p.Empty != "" {
		return []byte(p.Empty)
	}
	var w encode.Writer
	p.empty(&w, in, p.BodyKeyOf(in.Version))
	return w.Bytes()
}

func (p *Product) empty(w *encode.Writer, in *Input, path string) {
	if i := slices.IndexFunc(p.Fields, func(f Field) bool { return f.Path == path }); p.Fields[i].Type == "array" {
		w.Raw([]byte("[]"))
		return
	}
	w.OpenObject()
	for i := range p.Fields {
		f := &p.Fields[i]
		key, below := strings.CutPrefix(f.Path, path+".")
		if !below || strings.Contains(key, ".") || !f.Required || !in.Shows(f) {
			continue
		}
		switch f.Type {
		case "string":
			w.Field(key, "")
		case "array":
			w.Key(key)
			w.Raw([]byte("[]"))
		case "object":
			w.Key(key)
			p.empty(w, in, f.Path)
		case "number", "boolean":
			if n, known := p.Sentinels[f.Path]; known {
				w.Int(key, n)
			} else {
				w.Null(key)
			}
		}
	}
	w.CloseObject()
}
