package report

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/product/spec"
)

// Schema returns the JSON Schema (2020-12) of a product's whole report. strict
// leaves out our extra keys, as the setting strictShape does. Keys beyond the
// schema do not occur.
func Schema(p *spec.Product, k spec.Kind, v spec.Version, strict bool) []byte {
	omitExtra := strict && v != spec.V2
	w := encode.NewWriter(nil)
	w.OpenObject()
	w.Field("$schema", "https://json-schema.org/draft/2020-12/schema")
	w.Field("title", p.FullName(k)+" "+string(v))
	w.Field("description", p.Purpose.EN)
	if p.Legacy != nil {
		legacyEnvelope(p, k, v).members(w)
	} else {
		envelope(p, k, v, omitExtra).members(w)
		w.Key("$defs")
		w.OpenObject()
		w.Key("money")
		money().value(w)
		w.CloseObject()
	}
	w.CloseObject()
	var indented bytes.Buffer
	if err := json.Indent(&indented, w.Bytes(), "", "  "); err != nil {
		panic("report: the schema is not JSON: " + err.Error())
	}
	return indented.Bytes()
}

// node is one place of a schema.
type node struct {
	key      string
	kind     string // string, number, boolean, object, array, money, number or string
	required bool
	meaning  string
	enum     []string
	fixed    string // a fixed string
	children []*node
	item     *node // of an array
	open     bool  // an object with any keys
	canEmpty bool  // an object that is {} where its source is absent
	canNull  bool  // a value that may also be null
}

func object(key, meaning string, children ...*node) *node {
	return &node{key: key, kind: "object", required: true, meaning: meaning, children: children}
}

func text(key, meaning string) *node {
	return &node{key: key, kind: "string", required: true, meaning: meaning}
}

func money() *node {
	return object("", "An amount of money: a decimal text and its ISO 4217 currency.", text("amount", ""), text("currency", ""))
}

// envelope is the schema of the keys around the body, which stands in its place.
func envelope(p *spec.Product, k spec.Kind, v spec.Version, omitExtra bool) *node {
	root := object("", "")
	root.children = []*node{
		{key: "code", kind: "number", required: true, meaning: "200 complete, 204 partial, 205 income estimated only, 5000 to 5099 failed, 5101 and 5102 not enough history for a score"},
		text("message", "OK, or what is missing"),
		text("requestId", "id of the call that sent the document"),
		{key: "productName", kind: "string", required: true, fixed: p.FullName(k)},
		{key: "productVersion", kind: "string", required: true, fixed: string(v)},
		text("productReportId", "UUID, unique per report"),
		text("productReportTime", "UTC, YYYY-MM-DDTHH:MM:SS"),
		text("enquiryCpf", "tax id of the person or company; encrypted in V1.1"),
	}
	if k == spec.PJ && !omitExtra {
		root.children = append(root.children, text("enquiryCnpj", "the same value"))
	}
	root.children = append(root.children, links(p))
	root.children = append(root.children, body(p, k, v, omitExtra))
	if !omitExtra {
		root.children = append(root.children, extensions(p)...)
	}
	root.children = append(root.children, &node{
		key: "externalInfo", kind: "object", required: true, open: true, meaning: "what the partner sent, given back",
	})
	return root
}

func links(p *spec.Product) *node {
	permissions := object("permissions", "by permission group")
	for _, permission := range p.Permissions {
		group := object(permission.Group, "",
			&node{key: "permissionsGranted", kind: "boolean", required: true},
			&node{key: "accountIds", kind: "array", required: true, item: text("", "")},
		)
		if p.IDsTwice {
			group.children = append(group.children, &node{key: "accountId", kind: "array", required: true, item: text("", ""), meaning: "the same ids"})
		}
		permissions.children = append(permissions.children, group)
	}
	consent := object("", "", text("consentId", "the requestId"), permissions)
	link := object("", "", text("linkId", "the requestId"), text("institutionCode", "COMPE code, else CNPJ"),
		&node{key: "consents", kind: "array", required: true, item: consent})
	return &node{key: "links", kind: "array", required: true, item: link, meaning: "one per institution of the document"}
}

// body builds the tree of a product's field table.
func body(p *spec.Product, k spec.Kind, v spec.Version, omitExtra bool) *node {
	root := object("", "")
	for i := range p.Fields {
		f := &p.Fields[i]
		if !f.Applies(k, v) || omitExtra && f.Extra() {
			continue
		}
		root.insert(strings.Split(f.Path, "."), f, p.Legacy != nil)
	}
	if len(root.children) != 1 || root.children[0].key != p.BodyKeyOf(v) {
		return &node{key: p.BodyKeyOf(v), kind: "object", required: true, open: true}
	}
	top := root.children[0]
	top.required = true
	top.canEmpty = top.kind == "object"
	return top
}

// insert puts a field at its place. Steps such as "bills[]" are arrays of objects.
// In a complete body no required key is ever left out.
func (n *node) insert(steps []string, f *spec.Field, complete bool) {
	name, isArray := strings.CutSuffix(steps[0], "[]")
	i := slices.IndexFunc(n.children, func(c *node) bool { return c.key == name })
	if i < 0 {
		n.children = append(n.children, &node{key: name, kind: "object", required: true})
		i = len(n.children) - 1
	}
	child := n.children[i]
	if len(steps) > 1 {
		if isArray {
			child.kind = "array"
			if child.item == nil || child.item.kind != "object" {
				child.item = object("", "")
			}
			child = child.item
		}
		child.insert(steps[1:], f, complete)
		return
	}
	child.kind, child.meaning, child.canNull = f.Type, f.Meaning, f.Null
	child.required = f.Required && (complete || f.Null || alwaysWritten(f.Type) || isComputed(f))
	child.canEmpty = f.Required && f.Type == "object" && !complete
	child.enum = f.Enum
	switch {
	case f.Numbers:
		child.item = &node{kind: "number"}
	case f.Type == "array" && child.item == nil:
		child.item = text("", "")
		child.item.enum, child.enum = f.Enum, nil
	case isArray && f.Type != "array":
		child.item = &node{kind: f.Type, enum: f.Enum}
		child.kind, child.enum = "array", nil
	}
}

// alwaysWritten reports whether a required key of a type is there even when its
// source is absent: as "", [] or {}. An amount, number or boolean without source
// is left out, because a zero would be a statement.
func alwaysWritten(kind string) bool {
	return kind == "string" || kind == "array" || kind == "object"
}

// isComputed reports whether klaas computes a field (evidence P or V), so that it
// always has a value; what it copies from Open Finance Brasil (O) may be absent.
func isComputed(f *spec.Field) bool {
	return strings.ContainsAny(f.Evidence, "PV") && !strings.Contains(f.Evidence, "O")
}

// value writes the schema of one place.
func (n *node) value(w *encode.Writer) {
	w.OpenObject()
	n.members(w)
	w.CloseObject()
}

func (n *node) members(w *encode.Writer) {
	if n.meaning != "" && n.key != "" {
		w.Field("description", n.meaning)
	}
	switch n.kind {
	case "money":
		n.money(w)
	case "array":
		n.writeType(w)
		w.Key("items")
		n.item.value(w)
	case "object":
		n.object(w)
	default:
		n.writeType(w)
		n.values(w)
	}
}

// writeType writes the type, which may be one of several. Some validators take no
// list of types but one with null.
func (n *node) writeType(w *encode.Writer) {
	types := strings.Split(n.kind, " or ")
	several := len(types) > 1
	if n.canNull {
		types = append(types, "null")
	}
	switch {
	case several:
		w.Key("anyOf")
		w.OpenArray()
		for _, name := range types {
			w.OpenObject()
			w.Field("type", name)
			w.CloseObject()
		}
		w.CloseArray()
	case n.canNull:
		w.Key("type")
		writeTexts(w, types)
	default:
		w.Field("type", n.kind)
	}
}

// values writes what a string may be. Institutions send values that no list
// knows, and absent ones are "": so a list is told, not enforced.
func (n *node) values(w *encode.Writer) {
	if n.fixed != "" {
		w.Field("const", n.fixed)
	}
	if len(n.enum) > 0 {
		w.Key("examples")
		w.OpenArray()
		for _, value := range n.enum {
			w.String(value)
		}
		w.CloseArray()
	}
}

func (n *node) money(w *encode.Writer) {
	if len(n.children) == 0 {
		w.Field("$ref", "#/$defs/money")
		return
	}
	more := object("", "", append(money().children, n.children...)...)
	more.members(w)
}

func (n *node) object(w *encode.Writer) {
	n.writeType(w)
	if n.open {
		return
	}
	if n.canEmpty && slices.ContainsFunc(n.children, func(child *node) bool { return child.required }) {
		w.Key("anyOf")
		w.OpenArray()
		w.OpenObject()
		w.Int("maxProperties", 0)
		w.CloseObject()
		w.OpenObject()
		n.requiredKeys(w)
		w.CloseObject()
		w.CloseArray()
	} else {
		n.requiredKeys(w)
	}
	w.Key("properties")
	w.OpenObject()
	for _, child := range n.children {
		w.Key(child.key)
		child.value(w)
	}
	w.CloseObject()
	w.Bool("additionalProperties", false)
}

func (n *node) requiredKeys(w *encode.Writer) {
	w.Key("required")
	w.OpenArray()
	for _, child := range n.children {
		if child.required {
			w.String(child.key)
		}
	}
	w.CloseArray()
}
