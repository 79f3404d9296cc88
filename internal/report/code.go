package report

import (
	"strconv"
	"strings"

	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/openfinance"
)

// The report codes that are not computed from sections.
const (
	CodeOK        = 200
	CodePartial   = 204
	CodeInternal  = 5000
	CodeInvalid   = 5001
	CodeWrongKind = 5002
	CodeTimeout   = 5003
)

// isFailure reports whether a code says that a report could not be made: 5000 to
// 5099. Those from 5100 on say what a product found, in a report with a body.
func isFailure(code int) bool { return code >= CodeInternal && code < firstFinding }

const firstFinding = 5100

// Outcome returns the code and message of a report: those of the failure, a code
// of 5000 or more, else (failure 0) the product's own, else what the sections of the
// document allow.
func Outcome(p *spec.Product, in *spec.Input, failure int) (code int, message string) {
	switch {
	case p.Legacy != nil:
		return legacyOutcome(p, in, failure)
	case failure != 0:
		return failure, failureMessage(failure)
	}
	if p.Code != nil {
		if code, message := p.Code(in); code != 0 {
			return code, message
		}
	}
	if p.Analytic && !in.Facts.HasChecking(in.Company()) {
		return codeOf(p, in.Kind, in.Facts.Ledger.Document, "no checking account")
	}
	return CodeOf(p, in.Kind, in.Facts.Ledger.Document)
}

// failureMessage returns the message of a 5xxx code.
func failureMessage(code int) string {
	switch code {
	case CodeInvalid:
		return "INVALID_INPUT"
	case CodeWrongKind:
		return "WRONG_PERSON_KIND"
	case CodeTimeout:
		return "TIMEOUT"
	}
	return "INTERNAL_ERROR"
}

// CodeOf returns, in the terms of the current envelope, 200 and OK, or 204 and
// what is missing: required sections that are absent, or empty where the product
// needs a record, then records of required sections that were left out.
func CodeOf(p *spec.Product, k spec.Kind, doc *openfinance.Document) (code int, message string) {
	return codeOf(p, k, doc, "")
}

// codeOf is [CodeOf] where something of the section accounts is missing; "": it is
// not. Of an absent section nothing more is told.
func codeOf(p *spec.Product, k spec.Kind, doc *openfinance.Document, lack string) (code int, message string) {
	var missing, reasons []string
	sections := p.Sections(k)
	required := sections.Required
	for _, section := range required {
		s := doc.Sections[section]
		if s == nil || sections.EmptyIsAbsent && *s == (openfinance.Section{}) {
			missing = append(missing, section)
		}
	}
	if len(missing) > 0 {
		reasons = append(reasons, "missing section "+strings.Join(missing, ", "))
	}
	if lack != "" && doc.Has(openfinance.SectionAccounts) {
		reasons = append(reasons, lack)
	}
	for _, section := range required {
		if s := doc.Sections[section]; s != nil && s.LeftOut > 0 {
			reasons = append(reasons, leftOut(s.LeftOut, section))
		}
	}
	if len(reasons) == 0 {
		return CodeOK, "OK"
	}
	return CodePartial, "PARTIAL: " + strings.Join(reasons, "; ")
}

func leftOut(n int, section string) string {
	if n == 1 {
		return "1 record left out in " + section
	}
	return strconv.Itoa(n) + " records left out in " + section
}
