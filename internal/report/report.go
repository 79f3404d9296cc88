// Package report puts the envelope around a product's body.
//
// [Compose] gives the bytes of one report: the bytes that are signed, stored,
// pushed and pulled. They equal JSON.stringify(JSON.parse(bytes)). [Outcome]
// says which report code the sections of a document allow, [Schema] is the JSON
// Schema of a report. The keys and their order are those of the published
// envelope, or for a legacy product those of the envelope of 2022; what each
// holds is told in docs/reports.md.
package report

import (
	"bytes"
	"sync"
	"time"

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/spec"
)

// Head is what one report tells beside its body.
type Head struct {
	Code      int
	Message   string
	RequestID string
	ReportID  string // a UUID
	Time      time.Time
	TaxID     string // plain; sealed here in V1.1
	External  []byte // canonical JSON object; nil: {}
	Engine    Engine
}

// Compose writes one report of a product. Where head.Code is from 5000 to 5099, or
// that of a failed legacy report, the body is the product's empty skeleton and
// the ledger is not looked at.
func Compose(p *spec.Product, in *spec.Input, head Head) []byte {
	if p.Legacy != nil {
		return composeLegacy(p, in, head)
	}
	if !p.Analytic || !in.Extended(p) || isFailure(head.Code) {
		w := encode.NewWriter(make([]byte, 0, 1024))
		compose(w, p, in, &head)
		return w.Bytes()
	}
	w := drafts.Get().(*encode.Writer)
	defer drafts.Put(w)
	w.Reset()
	compose(w, p, in, &head)
	return bytes.Clone(w.Bytes())
}

// drafts are writers for reports with evidence. That is most of such a report, and how
// long it gets is not known before: in a buffer of its own a report of megabytes
// would be moved a dozen times while it grows, and keep what is too much.
var drafts = sync.Pool{New: func() any { return new(encode.Writer) }}

func compose(w *encode.Writer, p *spec.Product, in *spec.Input, head *Head) {
	failed := isFailure(head.Code)
	w.OpenObject()
	w.Int("code", int64(head.Code))
	w.Field("message", head.Message)
	w.Field("requestId", head.RequestID)
	w.Field("productName", p.FullName(in.Kind))
	w.Field("productVersion", string(in.Version))
	w.Field("productReportId", head.ReportID)
	w.Field("productReportTime", head.Time.UTC().Format("2006-01-02T15:04:05"))
	taxID := in.Seal(head.TaxID)
	w.Field("enquiryCpf", taxID)
	if in.Kind == spec.PJ && !in.Strict() {
		w.Field("enquiryCnpj", taxID)
	}
	w.Key("links")
	if failed {
		w.Raw([]byte("[]"))
	} else {
		writeLinks(w, p, in, head.RequestID)
	}
	w.Key(p.BodyKey)
	if failed {
		w.Raw(p.EmptyBody(in))
	} else {
		in = withNotes(p, in)
		p.Write(w, in)
	}
	if !failed && in.Extended(p) {
		writeExtensions(w, p, in, &head.Engine)
	}
	w.Key("externalInfo")
	if head.External == nil {
		w.Raw([]byte("{}"))
	} else {
		w.Raw(head.External)
	}
	w.CloseObject()
}

// writeLinks writes one synthetic link per institution that the report is about:
// there is no link or consent in a userdata document, so both ids are the request's.
func writeLinks(w *encode.Writer, p *spec.Product, in *spec.Input, requestID string) {
	w.OpenArray()
	if !in.Settings.EmptyLinks {
		for _, institution := range linked(p, in) {
			writeLink(w, p, in, institution, requestID)
		}
	}
	w.CloseArray()
}

// linked returns the institution that a report is about, else all of the document.
func linked(p *spec.Product, in *spec.Input) []*ledger.Institution {
	all := in.Facts.Ledger.Institutions
	if in.Institution >= 0 {
		return []*ledger.Institution{&all[in.Institution]}
	}
	if p.Keeper != nil {
		if keeper := p.Keeper(in); keeper != nil {
			return []*ledger.Institution{keeper}
		}
	}
	institutions := make([]*ledger.Institution, len(all))
	for i := range all {
		institutions[i] = &all[i]
	}
	return institutions
}

func writeLink(w *encode.Writer, p *spec.Product, in *spec.Input, institution *ledger.Institution, requestID string) {
	w.OpenObject()
	w.Field("linkId", requestID)
	w.Field("institutionCode", institution.Code)
	w.Key("consents")
	w.OpenArray()
	w.OpenObject()
	w.Field("consentId", requestID)
	w.Key("permissions")
	w.OpenObject()
	for _, permission := range p.Permissions {
		granted := false
		for _, section := range permission.Sections {
			granted = granted || in.Facts.Ledger.Document.Has(section)
		}
		w.Key(permission.Group)
		w.OpenObject()
		w.Bool("permissionsGranted", granted)
		held := ids(in, institution, permission.Sections)
		w.Key("accountIds")
		writeTexts(w, held)
		if p.IDsTwice {
			w.Key("accountId")
			writeTexts(w, held)
		}
		w.CloseObject()
	}
	w.CloseObject()
	w.CloseObject()
	w.CloseArray()
	w.CloseObject()
}
