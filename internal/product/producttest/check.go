package producttest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/openklaas/klaas/internal/product/spec"
)

// value is a JSON value with the order of its keys.
type value struct {
	kind    byte // as jsontext.Kind: { [ " 0 t f n
	text    string
	keys    []string
	members []*value // of an object by key, or the items of an array
}

func (v *value) member(key string) *value {
	if i := slices.Index(v.keys, key); i >= 0 {
		return v.members[i]
	}
	return nil
}

// parse reads one JSON value. Repeated keys and invalid UTF-8 are faults.
func parse(body []byte) (*value, error) {
	d := jsontext.NewDecoder(strings.NewReader(string(body)))
	v, err := parseValue(d)
	if err != nil {
		return nil, err
	}
	if _, err := d.ReadToken(); err == nil {
		return nil, fmt.Errorf("text follows the value")
	}
	return v, nil
}

func parseValue(d *jsontext.Decoder) (*value, error) {
	token, err := d.ReadToken()
	if err != nil {
		return nil, err
	}
	v := &value{kind: byte(token.Kind()), text: token.String()}
	if v.kind != '{' && v.kind != '[' {
		return v, nil
	}
	for d.PeekKind() != '}' && d.PeekKind() != ']' {
		if v.kind == '{' {
			key, err := d.ReadToken()
			if err != nil {
				return nil, err
			}
			v.keys = append(v.keys, key.String())
		}
		member, err := parseValue(d)
		if err != nil {
			return nil, err
		}
		v.members = append(v.members, member)
	}
	_, err = d.ReadToken()
	return v, err
}

// node is one place of a field table.
type node struct {
	field    *spec.Field
	key      string
	children []*node // of an object, or of the items of an array of objects
}

// table returns the tree of the fields that a report made from in shows.
func table(p *spec.Product, in *spec.Input) *node {
	root := &node{}
	for i := range p.Fields {
		f := &p.Fields[i]
		if !in.Shows(f) {
			continue
		}
		at := root
		steps := strings.Split(strings.ReplaceAll(f.Path, "[]", ""), ".")
		for _, step := range steps[:len(steps)-1] {
			if at = at.child(step); at == nil {
				break // The field above is not shown, so this one is not either.
			}
		}
		if at != nil {
			at.children = append(at.children, &node{field: f, key: steps[len(steps)-1]})
		}
	}
	return root.child(p.BodyKeyOf(in.Version))
}

func (n *node) child(key string) *node {
	for _, c := range n.children {
		if c.key == key {
			return c
		}
	}
	return nil
}

// Check walks a body along the field table and returns every fault: not JSON, a
// wrong type, a key that is missing, extra or out of order.
func Check(p *spec.Product, in *spec.Input, body []byte) []string {
	return check(p, in, body, make(map[*spec.Field]bool))
}

// check is [Check], and notes which fields the body has.
func check(p *spec.Product, in *spec.Input, body []byte, seen map[*spec.Field]bool) []string {
	v, err := parse(body)
	if err != nil {
		return []string{"it is not JSON: " + err.Error()}
	}
	root := table(p, in)
	if root == nil {
		return []string{"the field table has no row for " + p.BodyKeyOf(in.Version)}
	}
	c := checker{failed: isFailed(in), complete: p.Legacy != nil, seen: seen}
	c.value(root, v, root.key)
	return c.faults
}

// isFailed reports whether the body is that of a report that could not be made,
// in which required numbers and booleans are null.
func isFailed(in *spec.Input) bool { return in.Facts == nil }

type checker struct {
	faults   []string
	failed   bool
	complete bool // no required key is ever left out
	seen     map[*spec.Field]bool
}

func (c *checker) fault(path, format string, args ...any) {
	c.faults = append(c.faults, path+": "+fmt.Sprintf(format, args...))
}

func (c *checker) value(n *node, v *value, path string) {
	c.seen[n.field] = true
	if v.kind == 'n' && n.field.Null {
		return
	}
	switch n.field.Type {
	case "object":
		c.object(n, v, path)
	case "array":
		if v.kind != '[' {
			c.fault(path, "is no array")
		}
		for i, item := range v.members {
			at := fmt.Sprintf("%s[%d]", path, i)
			if len(n.children) > 0 {
				c.object(n, item, at)
			} else if n.field.Numbers && item.kind != '0' {
				c.fault(at, "is no number")
			} else if !n.field.Numbers && item.kind != '"' {
				c.fault(at, "is no text")
			}
		}
	case "money":
		c.money(n, v, path)
	case "string":
		if v.kind != '"' {
			c.fault(path, "is no text")
		}
	case "number":
		if v.kind != '0' && !c.nulled(v) {
			c.fault(path, "is no number")
		}
	case "number or string":
		if v.kind != '0' && v.kind != '"' {
			c.fault(path, "is neither number nor text")
		}
	case "boolean":
		if v.kind != 't' && v.kind != 'f' && !c.nulled(v) {
			c.fault(path, "is no boolean")
		}
	}
}

// nulled reports whether v stands for a number or boolean that nobody computed.
func (c *checker) nulled(v *value) bool { return c.failed && v.kind == 'n' }

func (c *checker) object(n *node, v *value, path string) {
	if v.kind != '{' {
		c.fault(path, "is no object")
		return
	}
	last := -1
	for i, key := range v.keys {
		at := slices.IndexFunc(n.children, func(child *node) bool { return child.key == key })
		if at < 0 {
			c.fault(path+"."+key, "is not in the field table")
			continue
		}
		if at < last {
			c.fault(path+"."+key, "is out of order")
		}
		last = at
		c.value(n.children[at], v.members[i], path+"."+key)
	}
	if len(v.keys) == 0 && n.field.Type == "object" {
		return // A required object without source is {}.
	}
	for _, child := range n.children {
		if child.field.Required && (c.complete || alwaysWritten(child.field)) && v.member(child.key) == nil {
			c.fault(path+"."+child.key, "is missing")
		}
	}
}

// alwaysWritten reports whether a required field of a type has an empty form.
// Numbers, booleans and money have none, unless they may be null: a zero would be a
// statement. Legacy products write -1.
func alwaysWritten(f *spec.Field) bool {
	return f.Null || f.Type == "string" || f.Type == "array" || f.Type == "object"
}

// money checks amount and currency, and the keys beside them.
func (c *checker) money(n *node, v *value, path string) {
	if v.kind != '{' {
		c.fault(path, "is no object")
		return
	}
	want := []string{"amount", "currency"}
	for _, child := range n.children {
		want = append(want, child.key)
	}
	if !slices.Equal(v.keys, want) {
		c.fault(path, "has the keys %v, not %v", v.keys, want)
		return
	}
	for i, member := range v.members {
		if member.kind != '"' {
			c.fault(path+"."+v.keys[i], "is no text")
		}
	}
	for _, child := range n.children {
		c.seen[child.field] = true
	}
	if amount := v.member("amount").text; !isDecimal(amount) {
		c.fault(path+".amount", "%q is no decimal text, or a zero with a sign", amount)
	}
}

// isDecimal reports whether s is a plain decimal; zero has no sign.
func isDecimal(s string) bool {
	digits := strings.TrimPrefix(s, "-")
	whole, fraction, point := strings.Cut(digits, ".")
	if whole == "" || point && fraction == "" || strings.Trim(whole+fraction, "0123456789") != "" {
		return false
	}
	return digits == s || strings.Trim(digits, "0.") != ""
}
