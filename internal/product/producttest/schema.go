package producttest

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/report"
	"github.com/openklaas/klaas/internal/setting"
)

// schemas are the compiled schemas of one product.
type schemas struct {
	product  *spec.Product
	compiled map[schemaKey]*jsonschema.Schema
}

type schemaKey struct {
	kind    spec.Kind
	version spec.Version
	strict  bool
}

// check checks a whole report, made from in, against the published schema with a
// validator that is not ours. A failure is a code of 5000 or more, or 0.
func (s *schemas) check(t *testing.T, v variant, failure int) {
	t.Helper()
	in := v.in
	code, message := report.Outcome(s.product, &in, failure)
	body := report.Compose(s.product, &in, report.Head{
		Code: code, Message: message, RequestID: "r", ReportID: "00000000-0000-0000-0000-000000000000",
		Time: time.Unix(0, 0), TaxID: "12345678909",
	})
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		t.Errorf("%s: the report is not JSON: %v", v.name, err)
		return
	}
	schema := s.of(t, schemaKey{in.Kind, in.Version, in.Settings.StrictShape})
	if err := schema.Validate(value); err != nil {
		t.Errorf("%s: the report does not match its schema: %v", v.name, err)
	}
}

func (s *schemas) of(t *testing.T, key schemaKey) *jsonschema.Schema {
	t.Helper()
	if found := s.compiled[key]; found != nil {
		return found
	}
	text := report.Schema(s.product, key.kind, key.version, key.strict)
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("the schema is not JSON: %v", err)
	}
	const url = "report.json"
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(url, document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(url)
	if err != nil {
		t.Fatalf("the schema is no schema: %v", err)
	}
	if s.compiled == nil {
		s.compiled = make(map[schemaKey]*jsonschema.Schema)
	}
	s.compiled[key] = schema
	return schema
}

// checkSchemas walks every schema of a product along its field table: no field
// is missing, none is extra, the order is kept, and types are right.
func checkSchemas(t *testing.T, p *spec.Product) {
	t.Helper()
	for _, kind := range p.Kinds {
		for _, version := range p.Versions {
			for _, strict := range []bool{false, true} {
				in := spec.Input{Kind: kind, Version: version, Settings: &setting.Settings{StrictShape: strict}}
				schema, err := parse(report.Schema(p, kind, version, strict))
				if err != nil {
					t.Errorf("the schema of %s %s is not JSON: %v", p.FullName(kind), version, err)
					continue
				}
				root, body := table(p, &in), schema.member("properties")
				if p.Legacy != nil {
					body = body.member("data").member("properties")
				}
				if body = body.member(root.key); body == nil {
					t.Errorf("the schema of %s %s lacks %s", p.FullName(kind), version, root.key)
					continue
				}
				var c schemaChecker
				c.complete = p.Legacy != nil
				c.value(root, body, root.key)
				for _, fault := range c.faults {
					t.Errorf("the schema of %s %s: %s", p.FullName(kind), version, fault)
				}
			}
		}
	}
}

// schemaChecker compares a schema with a field table.
type schemaChecker struct{ checker }

func (c *schemaChecker) value(n *node, schema *value, path string) {
	switch n.field.Type {
	case "object":
		c.object(n, schema, path)
	case "array":
		c.is(schema, n.field, path)
		items := schema.member("items")
		switch {
		case items == nil:
			c.fault(path, "tells nothing of its items")
		case len(n.children) > 0:
			c.object(n, items, path+"[]")
		case n.field.Numbers:
			c.is(items, &spec.Field{Type: "number"}, path+"[]")
		default:
			c.is(items, &spec.Field{Type: "string"}, path+"[]")
		}
	case "money":
		c.money(n, schema, path)
	default:
		c.is(schema, n.field, path)
	}
}

// is checks the type of a field, and that it may be null where the table says so.
func (c *schemaChecker) is(schema *value, f *spec.Field, path string) {
	want := strings.Split(f.Type, " or ")
	if f.Null {
		want = append(want, "null")
	}
	var got []string
	if types := schema.member("type"); types != nil && types.kind == '[' {
		for _, t := range types.members {
			got = append(got, t.text)
		}
	} else if types != nil {
		got = []string{types.text}
	} else if either := schema.member("anyOf"); either != nil {
		for _, one := range either.members {
			if t := one.member("type"); t != nil {
				got = append(got, t.text)
			}
		}
	}
	if !slices.Equal(got, want) {
		c.fault(path, "is %s in the schema, not %s", strings.Join(got, " or "), strings.Join(want, " or "))
	}
}

func (c *schemaChecker) object(n *node, schema *value, path string) {
	f := n.field
	if f.Type != "object" { // an item of an array
		f = &spec.Field{Type: "object"}
	}
	c.is(schema, f, path)
	if closed := schema.member("additionalProperties"); closed == nil || closed.kind != 'f' {
		c.fault(path, "may have other keys")
	}
	want := make([]string, len(n.children))
	for i, child := range n.children {
		want[i] = child.key
	}
	properties := schema.member("properties")
	if properties == nil || !slices.Equal(properties.keys, want) {
		c.fault(path, "does not have the keys %s in this order", strings.Join(want, ", "))
		return
	}
	required := requiredKeys(schema)
	for i, child := range n.children {
		c.value(child, properties.members[i], path+"."+child.key)
		named := slices.Contains(required, child.key)
		if always := c.complete || alwaysWritten(child.field); !named && child.field.Required && always || named && !child.field.Required {
			c.fault(path+"."+child.key, "is required in one of schema and field table")
		}
	}
}

// requiredKeys returns the keys that an object must have, unless it may be {}.
func requiredKeys(schema *value) []string {
	required := schema.member("required")
	if choices := schema.member("anyOf"); choices != nil {
		required = choices.members[len(choices.members)-1].member("required")
	}
	var keys []string
	if required != nil {
		for _, key := range required.members {
			keys = append(keys, key.text)
		}
	}
	return keys
}

func (c *schemaChecker) money(n *node, schema *value, path string) {
	if len(n.children) == 0 {
		if ref := schema.member("$ref"); ref == nil || ref.text != "#/$defs/money" {
			c.fault(path, "is no money in the schema")
		}
		return
	}
	want := []string{"amount", "currency"}
	for _, child := range n.children {
		want = append(want, child.key)
	}
	if properties := schema.member("properties"); properties == nil || !slices.Equal(properties.keys, want) {
		c.fault(path, "is no money with the keys %v in the schema", want)
	}
}
