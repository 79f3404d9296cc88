// Package pages writes docs/products from the descriptors of the products: one
// page each, an index, and the JSON Schema of every report.
//
// [Files] gives all of them; go generate writes them, and a test compares. A page
// tells what a descriptor, a field table and the cases of a product's testdata
// hold. What they cannot tell, such as formulas, stands in a file doc.md of the
// product's folder and is put into the page as it is.
package pages

//go:generate go run gen.go

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/product"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/report"
)

// Files returns the files of docs/products by their path below it. folders is
// where the products' folders are: internal/product.
func Files(folders string) (map[string][]byte, error) {
	files := make(map[string][]byte)
	index := bytes.NewBufferString(indexHead)
	for _, p := range product.All() {
		page, err := newPage(folders, p)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Folder(), err)
		}
		files[pageName(p)] = page
		fmt.Fprintf(index, "| [%s](%s) | %s | %s | %s |\n", p.Title.EN, pageName(p), codes(fullNames(p)), versions(p), p.Purpose.EN)
		for _, k := range p.Kinds {
			for _, v := range p.Versions {
				files[schemaName(p, k, v)] = append(report.Schema(p, k, v, false), '\n')
			}
		}
	}
	files["README.md"] = index.Bytes()
	return files, nil
}

const indexHead = `# Products

Every report that klaas makes. The envelope around the body, the codes, the versions and the encryption of tax ids are told in [reports.md](../reports.md). The JSON Schemas in ` + "`schema/`" + ` are those that ` + "`GET /klaas/v1/products/{name}/schema`" + ` answers to an application without the setting ` + "`strictShape`" + `. All of these files are written by ` + "`go generate ./internal/product/pages`" + `.

| Product | Names | Versions | Purpose |
|---|---|---|---|
`

func pageName(p *spec.Product) string {
	if p.Legacy != nil {
		return "legacy_" + p.Name + ".md"
	}
	return p.Name + ".md"
}

func schemaName(p *spec.Product, k spec.Kind, v spec.Version) string {
	return filepath.Join("schema", p.FullName(k)+"."+string(v)+".json")
}

func fullNames(p *spec.Product) []string {
	names := make([]string, len(p.Kinds))
	for i, k := range p.Kinds {
		names[i] = p.FullName(k)
	}
	return names
}

func versions(p *spec.Product) string {
	texts := make([]string, len(p.Versions))
	for i, v := range p.Versions {
		texts[i] = string(v)
	}
	return strings.Join(texts, ", ")
}

// codes writes texts as code, with commas between.
func codes(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = "`" + text + "`"
	}
	return strings.Join(quoted, ", ")
}

// page writes one page.
type page struct {
	bytes.Buffer
	p *spec.Product
}

func newPage(folders string, p *spec.Product) ([]byte, error) {
	w := &page{p: p}
	fmt.Fprintf(w, "# %s\n\n%s.\n\n", p.Title.EN, p.Purpose.EN)
	w.facts()
	if err := w.missing(); err != nil {
		return nil, err
	}
	if err := w.notes(filepath.Join(folders, p.Folder(), "doc.md")); err != nil {
		return nil, err
	}
	w.fields()
	if err := w.example(filepath.Join(folders, p.Folder(), "testdata")); err != nil {
		return nil, err
	}
	return w.Bytes(), nil
}

// facts writes the descriptor.
func (w *page) facts() {
	p, row := w.p, w.row
	w.WriteString("| | |\n|---|---|\n")
	row("In Portuguese", p.Title.PT+": "+p.Purpose.PT)
	row("Names", codes(fullNames(p)))
	var others []string
	for _, k := range p.Kinds {
		others = append(others, p.OtherNames(k)...)
	}
	row("Names accepted on input, too", codes(others))
	row("Versions", w.versions())
	row("Body", w.bodyKeys())
	row("Reports", w.reports())
	w.sections()
	var schemas []string
	for _, k := range p.Kinds {
		for _, v := range p.Versions {
			name := schemaName(p, k, v)
			schemas = append(schemas, fmt.Sprintf("[%s %s](%s)", p.FullName(k), v, filepath.ToSlash(name)))
		}
	}
	row("JSON Schema", strings.Join(schemas, ", "))
}

// row writes a fact, if there is one.
func (w *page) row(name, text string) {
	if text != "" {
		fmt.Fprintf(w, "| %s | %s |\n", name, text)
	}
}

// sections writes the sections of the document, once where those of the kinds
// are the same.
func (w *page) sections() {
	kinds, of := w.p.Kinds, func(k spec.Kind) string { return " by `" + w.p.FullName(k) + "`" }
	if len(kinds) == 1 || sameSections(w.p.Sections(kinds[0]), w.p.Sections(kinds[1])) {
		kinds, of = kinds[:1], func(spec.Kind) string { return "" }
	}
	for _, k := range kinds {
		s := w.p.Sections(k)
		w.row("Sections needed"+of(k), codes(s.Required))
		w.row("Sections read where present"+of(k), codes(s.Further))
	}
}

func sameSections(a, b spec.Sections) bool {
	return slices.Equal(a.Required, b.Required) && slices.Equal(a.Further, b.Further)
}

func (w *page) versions() string {
	var texts []string
	for _, v := range w.p.Versions {
		text := "tax ids plain"
		switch {
		case w.p.Encrypts(v):
			text = "tax ids encrypted"
		case w.p.Legacy != nil && v == spec.V2:
			text = "the same with keys in camelCase"
		case w.p.Legacy != nil && v == spec.V11:
			text = "the same"
		case v == spec.V2:
			text = "with our fields and extension blocks"
		}
		texts = append(texts, string(v)+": "+text)
	}
	return strings.Join(texts, "; ")
}

func (w *page) bodyKeys() string {
	text := "`" + w.p.BodyKey + "`"
	if w.p.Legacy == nil {
		return text
	}
	if w.p.Legacy.BodyKeyV2 != "" {
		text += ", V2 `" + w.p.Legacy.BodyKeyV2 + "`"
	}
	return text + ", below `data` in the [legacy envelope](../reports.md#legacy-products)"
}

func (w *page) reports() string {
	switch {
	case w.p.Parts != nil:
		return "one per record"
	case w.p.PerInstitution:
		return "one per institution"
	case w.p.Analytic:
		return "one, of the person or company as a whole"
	}
	return "one with all institutions; one per institution with the setting `splitByInstitution`"
}

// missing writes what klaas answers when the sections are empty or absent.
func (w *page) missing() error {
	k := w.p.Kinds[0]
	required := w.p.Sections(k).Required
	// No product needs exchanges; a document without any section is refused.
	document := map[string]any{"taxId": "52998224725", "exchanges": []any{}}
	if k == spec.PJ {
		document["taxId"] = "11222333000181"
	}
	w.WriteString("\n## Empty or missing input\n\n| Sections needed | code | message | body |\n|---|---|---|---|\n")
	if err := w.answer("absent", document); err != nil {
		return err
	}
	for _, section := range required {
		document[section] = []any{}
	}
	return w.answer("present and empty", document)
}

func (w *page) answer(sections string, document map[string]any) error {
	userdata, err := json.Marshal(document)
	if err != nil {
		return err
	}
	analysis, err := klaas.Analyze(userdata, klaas.Options{
		Products: []string{w.p.FullName(w.p.Kinds[0])}, Versions: []string{string(w.p.Versions[0])}, SecretKey: "unused in V1",
		AsOf: "2025-03-31", // A page must not change with the day on which it is written.
	})
	if err != nil {
		return err
	}
	r := analysis.Reports[0]
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(r.Body, &whole); err != nil {
		return err
	}
	if w.p.Legacy != nil {
		if err := json.Unmarshal(whole["data"], &whole); err != nil {
			return err
		}
	}
	fmt.Fprintf(w, "| %s | %d | `%s` | `%s` |\n", sections, r.Code, r.Message, whole[w.p.BodyKey])
	return nil
}

// notes puts in what no descriptor tells.
func (w *page) notes(file string) error {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\n## How it is made\n\n%s\n", bytes.TrimSpace(text))
	return nil
}

const fieldsHead = `
## Fields

In the order of the report. *Required* keys are always written: an absent text as ` + "`\"\"`" + `, a list as ` + "`[]`" + `, an object as ` + "`{}`" + `; %s. A *money* is an object of ` + "`amount`" + `, a decimal text, and ` + "`currency`" + `. *From* tells where the field is known from: **D** Klavi's page of the product, **S** of a sibling, **L** Klavi's documentation of 2022, **I** code of integrators, **O** Open Finance Brasil, **V** verified by sums of a sample, **P** decided by klaas, **X** our addition, which the setting ` + "`strictShape`" + ` leaves out of V1 and V1.1.

| Field | Type | Required | Only in | Meaning | From |
|---|---|---|---|---|---|
`

// fields writes the field table.
func (w *page) fields() {
	absent := "a number, boolean or money without source is left out, as a zero would be a statement"
	if w.p.Legacy != nil {
		absent = "a number that is not available is −1"
	}
	fmt.Fprintf(w, fieldsHead, absent)
	for i := range w.p.Fields {
		f := &w.p.Fields[i]
		required := "no"
		if f.Required {
			required = "yes"
		}
		var only []string
		for _, k := range f.Kinds {
			only = append(only, strings.ToUpper(strings.TrimSuffix(k.Prefix(), "_")))
		}
		for _, v := range f.Versions {
			only = append(only, string(v))
		}
		kind := f.Type
		if f.Numbers {
			kind += " of number"
		}
		if f.Null {
			kind += " or null"
		}
		meaning := f.Meaning
		if len(f.Enum) > 0 {
			meaning += ": " + codes(f.Enum)
		}
		fmt.Fprintf(w, "| `%s` | %s | %s | %s | %s | %s |\n", f.Path, kind, required,
			strings.Join(only, ", "), strings.ReplaceAll(meaning, "|", `\|`), f.Evidence)
	}
}

// example writes the case that shows most of the fields, if there is one in V1;
// of several the shortest, then the first by name.
func (w *page) example(dir string) error {
	names, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil {
		return err
	}
	var best *example
	for _, file := range names {
		e, err := readExample(file)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if best == nil || e.better(best) {
			best = e
		}
	}
	if best == nil {
		return fmt.Errorf("%s has no case", dir)
	}
	fmt.Fprintf(w, "\n## Example\n\nThe body of a report `%s` of a made-up document, from the case [%[2]s](../../internal/product/%[3]s/testdata/%[2]s). %[4]s\n\n```json\n%[5]s\n```\n",
		best.report, best.name, w.p.Folder(), best.about, best.body)
	return nil
}

// example is a case of a product's testdata.
type example struct {
	name, about, report, body string
	fields                    int // how many different ones the body has
}

func readExample(file string) (*example, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	head, _, body, err := producttest.Split(string(text))
	if err != nil {
		return nil, err
	}
	about, asked, _ := strings.Cut(head, "\n\nreport: ")
	report, _, _ := strings.Cut(asked, "\n")
	var value any
	if err := json.Unmarshal([]byte(body), &value); err != nil {
		return nil, err
	}
	paths := make(map[string]bool)
	collect(value, "", paths)
	return &example{filepath.Base(file), strings.Join(strings.Fields(about), " "), report, strings.TrimSpace(body), len(paths)}, nil
}

func (e *example) better(than *example) bool {
	if first, other := e.isV1(), than.isV1(); first != other {
		return first
	}
	return e.fields > than.fields || e.fields == than.fields && len(e.body) < len(than.body)
}

func (e *example) isV1() bool { return strings.HasSuffix(e.report, " "+string(spec.V1)) }

// collect gathers the paths of all fields in a value.
func collect(value any, path string, paths map[string]bool) {
	switch value := value.(type) {
	case map[string]any:
		for key, member := range value {
			paths[path+"."+key] = true
			collect(member, path+"."+key, paths)
		}
	case []any:
		for _, item := range value {
			collect(item, path+"[]", paths)
		}
	}
}
