// Package klaas turns one person's Open Finance Brasil data into reports.
//
// [Analyze] is the whole pipeline as a pure function of the document's bytes,
// the settings, the reporting day and the ids. The server, the command line and
// this library give the same bytes for the same input.
//
//	read      bytes        → openfinance.Document and its problems
//	clean     Document     → ledger: exact money, São Paulo days, each real once
//	classify  ledger       → a category and its reason on every movement
//	facts     ledger       → figures that several products share, computed once
//	products  facts        → the body of each report
//	report    body         → the envelope around it: the bytes that are signed
package klaas

import (
	"time"

	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/openfinance"
)

// Settings are the choices that shape reports. The zero value is the default.
type Settings = setting.Settings

// ProductChoice is a product that is switched on, with the versions to make.
type ProductChoice = setting.ProductChoice

// Options are everything that an analysis depends on beside the document.
type Options struct {
	Settings Settings
	// Products are names to make instead of those of Settings; "all" is every
	// product that fits the document's kind. Versions applies to these names;
	// default V1.
	Products []string
	Versions []string
	// AsOf is the reporting day YYYY-MM-DD, in place of the document's
	// referenceDate. "" and no referenceDate: the day of Received.
	AsOf string
	// Received is when the document came. Default: ReportTime.
	Received time.Time
	// ReportTime stands in every report. Default: the time of the call.
	ReportTime time.Time
	// RequestID stands in every report. Default: a UUIDv5 of the document's hash.
	RequestID string
	// SecretKey encrypts the tax ids of version V1.1. V1.1 fails without it.
	SecretKey string
}

// Report is one finished report.
type Report struct {
	ID      string // productReportId: a UUIDv5 of request id, product, version and part
	Product string // pf_checking_account
	Version string // V1
	Part    int    // from 1; more than 1 where a product makes one report per institution
	Code    int    // 200, 204, …
	Message string
	Body    []byte // the bytes that are signed, sent and stored
}

// Analysis is what became of a document.
type Analysis struct {
	RequestID    string
	TaxID        string // of the person, else of the company; "" when anonymous
	ReferenceDay string // the reporting day
	Reports      []Report
	Problems     openfinance.Problems
	NotSent      []string // products of Settings that do not fit the document's kind
}
