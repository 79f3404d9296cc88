package api

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openklaas/klaas/internal/product"
)

const schemaPrefix = "#/components/schemas/"

// describe returns the OpenAPI 3.1 document of the operations.
func (a *api) describe() ([]byte, error) {
	registry := huma.NewMapRegistry(schemaPrefix, huma.DefaultSchemaNamer)
	doc := &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info: &huma.Info{
			Title: "klaas", Version: a.Version,
			Description: "Open Finance analytics for Brazil. Every answer that is not a success has the body ErrorBody. The reports come by webhook.",
			License:     &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"},
		},
		Components: &huma.Components{Schemas: registry, SecuritySchemes: map[string]*huma.SecurityScheme{}},
	}
	for _, pair := range pairs {
		if strings.Contains(pair.code, "-") {
			continue
		}
		for _, name := range []string{pair.code, pair.token} {
			doc.Components.SecuritySchemes[name] = &huma.SecurityScheme{
				Type: "apiKey", In: "header", Name: name,
				Description: "Also spelt " + strings.ReplaceAll(name, "_", "-"),
			}
		}
		doc.Security = append(doc.Security, map[string][]string{pair.code: {}, pair.token: {}})
	}
	for _, t := range tags {
		doc.Tags = append(doc.Tags, &huma.Tag{Name: t.name, Description: t.about.EN})
	}

	problem := schemaOf(registry, ErrorBody{})
	registry.Map()["Userdata"] = userdataSchema()
	registry.Map()["Report"] = reportSchema()
	registry.Map()["LegacyReport"] = legacyReportSchema()
	for i := range a.operations {
		o := &a.operations[i]
		for n, path := range append([]string{o.path}, o.aliases...) {
			described := describeOperation(o, registry, problem)
			described.Path = path
			if n > 0 {
				described.OperationID += strconv.Itoa(n + 1)
			}
			doc.AddOperation(described)
		}
	}
	doc.Webhooks = map[string]*huma.PathItem{"report": {Post: webhook()}}
	for _, s := range registry.Map() {
		opened(s)
	}
	return json.MarshalIndent(doc, "", " ")
}

func describeOperation(o *operation, registry huma.Registry, problem *huma.Schema) *huma.Operation {
	described := &huma.Operation{
		Method: o.method, OperationID: o.id, Tags: []string{o.tag},
		Summary: o.title.EN, Description: o.about.EN + "\n\n" + o.about.PT,
		Responses: map[string]*huma.Response{},
	}
	if o.open {
		described.Security = []map[string][]string{}
	}
	for _, p := range o.parameters {
		described.Parameters = append(described.Parameters, &huma.Param{
			Name: p.name, In: p.in, Required: p.required, Description: p.about.EN, Schema: &huma.Schema{Type: p.kind},
		})
	}
	if o.takesDocument {
		described.RequestBody = &huma.RequestBody{
			Required: true, Description: "The userdata document",
			Content: map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Ref: schemaPrefix + "Userdata"}}},
		}
	}
	if o.body != nil {
		described.RequestBody = &huma.RequestBody{
			Required: true,
			Content:  map[string]*huma.MediaType{"application/json": {Schema: schemaOf(registry, o.body), Example: o.body}},
		}
	}
	described.Responses["200"] = &huma.Response{
		Description: o.means.EN,
		Content:     map[string]*huma.MediaType{o.mediaType(): {Schema: o.answerSchema(registry)}},
	}
	for _, s := range o.failuresOf() {
		described.Responses[strconv.Itoa(s.code)] = &huma.Response{
			Description: s.about.EN, Headers: failureHeaders(s.code),
			Content: map[string]*huma.MediaType{"application/json": {Schema: problem}},
		}
	}
	return described
}

func (o *operation) mediaType() string {
	if o.media == "" {
		return "application/json"
	}
	return o.media
}

func (o *operation) answerSchema(registry huma.Registry) *huma.Schema {
	switch {
	case o.answer != nil:
		return schemaOf(registry, o.answer)
	case o.id == "getReport":
		return &huma.Schema{Ref: schemaPrefix + "Report"}
	case o.media == "text/html":
		return &huma.Schema{Type: huma.TypeString}
	}
	return &huma.Schema{Type: huma.TypeObject}
}

func failureHeaders(code int) map[string]*huma.Param {
	text := &huma.Schema{Type: huma.TypeString}
	switch code {
	case 401:
		return map[string]*huma.Param{"WWW-Authenticate": {Description: "The headers that carry credentials", Schema: text}}
	case 503:
		return map[string]*huma.Param{"Retry-After": {Description: "Seconds", Schema: &huma.Schema{Type: huma.TypeInteger}}}
	}
	return nil
}

func schemaOf(registry huma.Registry, value any) *huma.Schema {
	return registry.Schema(reflect.TypeOf(value), true, "")
}

// opened lets answers have keys that this version does not know, so that a
// client written against it goes on working, and says that lists are never null.
func opened(s *huma.Schema) {
	s.AdditionalProperties = nil
	for _, property := range s.Properties {
		if property.Type == huma.TypeArray {
			property.Nullable = false
		}
	}
}

// sections returns the lists of a document that products read, in the order of the
// catalogue.
func sections() []string {
	var list []string
	for _, p := range product.All() {
		for _, k := range p.Kinds {
			read := p.Sections(k)
			for _, section := range slices.Concat(read.Required, read.Further) {
				if !slices.Contains(list, section) {
					list = append(list, section)
				}
			}
		}
	}
	return list
}

func userdataSchema() *huma.Schema {
	text := func(about string) *huma.Schema { return &huma.Schema{Type: huma.TypeString, Description: about} }
	s := &huma.Schema{
		Type: huma.TypeObject,
		Description: "One person's or company's data. Keys are matched without regard to case, _, - and blanks; unknown keys are passed over; " +
			"a section may also come in the Open Finance envelope {data, links, meta}.",
		Properties: map[string]*huma.Schema{
			"referenceDate":       {Type: huma.TypeString, Format: "date", Description: "The reporting day, today in São Paulo at the latest. Default: the day of receipt"},
			"taxId":               text("CPF or CNPJ, where no identification record has it"),
			"products":            {Type: huma.TypeArray, Items: text("a product or all"), Description: "Narrows the products that are switched on for the application"},
			"productsCallbackURL": {Type: huma.TypeObject, AdditionalProperties: &huma.Schema{Type: huma.TypeString, Format: "uri"}, Description: `{"all": url}, or product names with an optional "other"`},
			"externalInfo":        {Type: huma.TypeObject, Description: "Given back in every report as JSON.stringify(JSON.parse(…)) would"},
		},
	}
	for _, section := range sections() {
		s.Properties[section] = &huma.Schema{
			Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeObject},
			Description: "Records as Open Finance Brasil sends them, with their everything below them inside",
		}
	}
	return s
}

// reportSchema describes what all reports share but for the legacy ones; GET
// /klaas/v1/products/{name}/schema has the whole of each.
func reportSchema() *huma.Schema {
	text := func(about string) *huma.Schema { return &huma.Schema{Type: huma.TypeString, Description: about} }
	name := text("the product")
	for _, p := range product.All() {
		for _, kind := range p.Kinds {
			if p.Legacy == nil {
				name.Enum = append(name.Enum, p.FullName(kind))
			}
		}
	}
	return &huma.Schema{
		Type:        huma.TypeObject,
		Description: "The envelope of every report but the legacy ones. The product's own key and its shape: GET /klaas/v1/products/{name}/schema",
		Properties: map[string]*huma.Schema{
			"code":              {Type: huma.TypeInteger, Description: "200, 204 (partial), 205, 5000 to 5299"},
			"message":           text("what the code means here"),
			"requestId":         text("the submission"),
			"productName":       name,
			"productVersion":    {Type: huma.TypeString, Enum: []any{"V1", "V1.1", "V2"}},
			"productReportId":   {Type: huma.TypeString, Format: "uuid"},
			"productReportTime": text("UTC, YYYY-MM-DDTHH:MM:SS"),
			"enquiryCpf":        text("the CPF, or the CNPJ of a company; encrypted in V1.1"),
			"links":             {Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeObject}},
			"externalInfo":      {Type: huma.TypeObject, Description: "what the request sent"},
		},
		Required: []string{"code", "message", "requestId", "productName", "productVersion", "productReportId", "productReportTime", "enquiryCpf", "links", "externalInfo"},
	}
}

// legacyReportSchema describes what the reports of legacy products share.
func legacyReportSchema() *huma.Schema {
	text := func(about string) *huma.Schema { return &huma.Schema{Type: huma.TypeString, Description: about} }
	return &huma.Schema{
		Type: huma.TypeObject,
		Description: "The envelope of the reports of legacy products, such as category_checking. Version V2 spells the keys in camelCase. " +
			"What lies in data: GET /klaas/v1/products/{name}/schema",
		Properties: map[string]*huma.Schema{
			"code": {Type: huma.TypeInteger, Description: "200, 202 (partial), 404 (failed), 405 (no account of the kind)"},
			"msg":  text("what the code means"),
			"data": {Type: huma.TypeObject, Description: "the submission, the report and its body"},
		},
		Required: []string{"code", "msg", "data"},
	}
}

func webhook() *huma.Operation {
	header := func(name, about string) *huma.Param {
		return &huma.Param{Name: name, In: "header", Required: true, Description: about, Schema: &huma.Schema{Type: huma.TypeString}}
	}
	return &huma.Operation{
		OperationID: "report", Summary: "A report, sent to the partner",
		Description: "Sent until an answer from 200 to 299 comes within 10 seconds, for 96 hours. The same webhook-id may come more than once.",
		Security:    []map[string][]string{},
		Parameters: []*huma.Param{
			header("X-Klavi-Signature", "lower-case hex HMAC-SHA-256 of the body under the application's secret"),
			header("X-Klavi-Timestamp", "Unix seconds of this attempt"),
			header("webhook-id", "the productReportId: the same in every attempt"),
			header("webhook-timestamp", "Unix seconds of this attempt"),
			header("webhook-signature", "Standard Webhooks signatures, separated by blanks"),
		},
		RequestBody: &huma.RequestBody{
			Required: true,
			Content: map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{
				AnyOf: []*huma.Schema{{Ref: schemaPrefix + "Report"}, {Ref: schemaPrefix + "LegacyReport"}},
			}}},
		},
		Responses: map[string]*huma.Response{"2XX": {Description: "The report has arrived"}},
	}
}
