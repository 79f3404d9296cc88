package producttest

import (
	"bytes"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/report"
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
