package api

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the page and its style
	"encoding/base64"
	"html/template"
	"reflect"
	"strings"

	"github.com/openklaas/klaas/internal/product/spec"
)

//go:embed docs.html
var docsHTML string

//go:embed docs.css
var docsCSS string

// chapter is a part of the documentation page.
type chapter struct {
	Name       string
	Title      spec.Text
	Operations []described
}

// described is an operation as the page shows it.
type described struct {
	ID, Method   string
	Paths        []string
	Open         bool
	Title, About spec.Text
	Parameters   []shownParameter
	Document     bool
	Media        string
	Body, Answer []shownField
	Means        spec.Text
	Failures     []shownStatus
}

type shownParameter struct {
	In, Name string
	Required bool
	About    spec.Text
}

type shownStatus struct {
	Code  int
	About spec.Text
}

// shownField is a key of an answer. Depth indents the keys of what it holds.
type shownField struct {
	Name, Kind, About string
	Depth             int
}

// page renders the documentation page. It needs nothing from elsewhere and no
// script; the returned Content-Security-Policy allows its own style alone.
func (a *api) page() (html []byte, policy string, err error) {
	chapters := make([]chapter, len(tags))
	for i, t := range tags {
		chapters[i] = chapter{Name: t.name, Title: t.about}
		for j := range a.operations {
			if o := &a.operations[j]; o.tag == t.name {
				chapters[i].Operations = append(chapters[i].Operations, shown(o))
			}
		}
	}
	t, err := template.New("docs").Funcs(template.FuncMap{
		"indent": func(depth int) string { return strings.Repeat("  ", depth) },
	}).Parse(docsHTML)
	if err != nil {
		return nil, "", err
	}
	var b bytes.Buffer
	err = t.Execute(&b, map[string]any{
		"Style":    template.CSS(docsCSS), //nolint:gosec // our own embedded file
		"Chapters": chapters,
		"Version":  a.Version,
		"MaxBody":  a.MaxBody,
		"Error":    fields(reflect.TypeFor[ErrorBody](), 0),
	})
	if err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256([]byte(docsCSS))
	policy = "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	return b.Bytes(), policy, nil
}

func shown(o *operation) described {
	d := described{
		ID: o.id, Method: o.method, Paths: append([]string{o.path}, o.aliases...), Open: o.open,
		Title: o.title, About: o.about, Document: o.takesDocument, Media: o.mediaType(), Means: o.means,
	}
	for _, p := range o.parameters {
		d.Parameters = append(d.Parameters, shownParameter{p.in, p.name, p.required, p.about})
	}
	for _, s := range o.failuresOf() {
		d.Failures = append(d.Failures, shownStatus{s.code, s.about})
	}
	if o.body != nil {
		d.Body = fields(reflect.TypeOf(o.body), 0)
	}
	if o.answer != nil {
		d.Answer = fields(reflect.TypeOf(o.answer), 0)
	}
	return d
}

// fields lists the keys of an answer type, with those inside it below each.
func fields(t reflect.Type, depth int) []shownField {
	var list []shownField
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			list = append(list, fields(f.Type, depth)...)
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		kind, inner := kindOf(f.Type)
		about := f.Tag.Get("doc")
		if enum := f.Tag.Get("enum"); enum != "" && about == "" {
			about = strings.ReplaceAll(enum, ",", ", ")
		}
		list = append(list, shownField{Name: name, Kind: kind, About: about, Depth: depth})
		if inner != nil {
			list = append(list, fields(inner, depth+1)...)
		}
	}
	return list
}

// kindOf returns a type's JSON name, and the struct whose keys it holds.
func kindOf(t reflect.Type) (name string, inner reflect.Type) {
	switch t.Kind() {
	case reflect.Pointer:
		return kindOf(t.Elem())
	case reflect.Slice:
		item, inner := kindOf(t.Elem())
		return item + "[]", inner
	case reflect.Struct:
		if t.PkgPath() == "time" {
			return "date-time", nil
		}
		return "object", t
	case reflect.Bool:
		return "boolean", nil
	case reflect.Int, reflect.Int64, reflect.Float64:
		return "number", nil
	}
	return "string", nil
}
