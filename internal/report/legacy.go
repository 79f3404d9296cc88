package report

import (
	"strconv"

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/product/spec"
)

// The codes and messages of reports in the old envelope, as Klavi's first API
// had them.
const (
	codeLegacyPartial   = 202 // where the current report has 204
	codeLegacyFailed    = 404 // where the current report has 5000 and more
	codeLegacyNoAccount = 405 // no account of the kind

	legacyOK        = "ok"
	legacyPartial   = "partial"
	legacyFailed    = "unexpected error"
	legacyNoAccount = "account info is null"
)

func legacyOutcome(p *spec.Product, in *spec.Input, failure int) (code int, message string) {
	if failure != 0 {
		return codeLegacyFailed, legacyFailed
	}
	doc := in.Facts.Ledger.Document
	if code, _ := CodeOf(p, in.Kind, doc); code == CodePartial {
		return codeLegacyPartial, legacyPartial
	}
	if p.Legacy.Lists != nil && !p.Legacy.Lists(in) {
		for _, section := range p.Sections(in.Kind).Required {
			if doc.Sections[section].Records > 0 {
				return codeLegacyNoAccount, legacyNoAccount
			}
		}
	}
	if p.Code != nil {
		if code, message := p.Code(in); code >= CodeInternal {
			return codeLegacyFailed, message
		}
	}
	return CodeOK, legacyOK
}

// composeLegacy writes a report in the old envelope. There is no link, consent
// or connection in a userdata document: the request stands for them, and the
// place of the institution for the one that was connected.
func composeLegacy(p *spec.Product, in *spec.Input, head Head) []byte {
	key := func(snake, camel string) string {
		if in.Version == spec.V2 {
			return camel
		}
		return snake
	}
	failed := head.Code == codeLegacyFailed
	institution, place := "", 1
	switch {
	case failed:
	case p.Legacy.Institution != nil:
		institution, place = p.Legacy.Institution(in)
	case in.Institution >= 0:
		institution, place = in.Facts.Ledger.Institutions[in.Institution].Code, in.Institution+1
	}
	w := encode.NewWriter(make([]byte, 0, 1024))
	w.OpenObject()
	w.Int("code", int64(head.Code))
	w.Field("msg", head.Message)
	w.Field(key("report_time", "reportTime"), head.Time.UTC().Format("2006-01-02 15:04:05"))
	w.Key(key("query_param", "queryParam"))
	w.Raw([]byte("{}"))
	w.Key("data")
	w.OpenObject()
	w.Field(key("enquiry_cpf", "enquiryCpf"), head.TaxID)
	w.Field(key("user_consent", "userConsent"), "Yes")
	w.Field(key("allow_autoupdate", "allowAutoupdate"), "No")
	w.Field(key("connection_key", "connectionKey"), head.RequestID)
	w.Field(key("connection_id", "connectionId"), head.RequestID+"-"+strconv.Itoa(place))
	w.Field(key("institution_id", "institutionId"), institution)
	w.Field(key("report_type", "reportType"), p.Name)
	w.Field(key("report_id", "reportId"), head.ReportID)
	w.Field(key("report_version", "reportVersion"), string(in.Version))
	w.Key(p.BodyKeyOf(in.Version))
	if failed {
		w.Raw(p.EmptyBody(in))
	} else {
		p.Write(w, in)
	}
	w.CloseObject()
	w.CloseObject()
	return w.Bytes()
}

// legacyEnvelope is the schema of the keys around the body of a legacy product.
func legacyEnvelope(p *spec.Product, k spec.Kind, v spec.Version) *node {
	key := func(snake, camel string) string {
		if v == spec.V2 {
			return camel
		}
		return snake
	}
	fixed := func(key, value string) *node { return &node{key: key, kind: "string", required: true, fixed: value} }
	yesNo := func(key string) *node {
		return &node{key: key, kind: "string", required: true, enum: []string{"Yes", "No"}}
	}
	return object("", "",
		&node{key: "code", kind: "number", required: true, meaning: "200 complete, 202 partial, 404 failed, 405 no account of the kind"},
		text("msg", "what the code means"),
		text(key("report_time", "reportTime"), "UTC, YYYY-MM-DD hh:mm:ss"),
		&node{key: key("query_param", "queryParam"), kind: "object", required: true, open: true},
		object("data", "",
			text(key("enquiry_cpf", "enquiryCpf"), "tax id of the person or company, plain"),
			yesNo(key("user_consent", "userConsent")),
			yesNo(key("allow_autoupdate", "allowAutoupdate")),
			text(key("connection_key", "connectionKey"), "id of the call that sent the document"),
			text(key("connection_id", "connectionId"), "the same, and the place of the institution in the document"),
			text(key("institution_id", "institutionId"), "COMPE code, else CNPJ"),
			fixed(key("report_type", "reportType"), p.Name),
			text(key("report_id", "reportId"), "UUID, unique per report"),
			fixed(key("report_version", "reportVersion"), string(v)),
			body(p, k, v, false),
		),
	)
}
