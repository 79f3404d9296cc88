// Package klaas turns one person's Open Finance Brasil data into reports.
//
// [Analyze] is the whole pipeline as a pure function of the document's bytes,
// the settings, the reporting day and the ids. The server, the command line and
// this library give the same bytes for the same input.
//
//	read      bytes      → openfinance.Document and its problems
//	clean     Document   → ledger: exact money, São Paulo days, each real once
//	classify  ledger     → a category and its reason on every movement
//	facts     ledger     → figures that several products share, computed once
//	products  facts      → the body of each report
//	report    body       → the envelope around it: the bytes that are signed
//
// It does not keep anything, does not read the clock unless [Options] leaves the
// time open, and does not send anything.
package klaas

import (
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/classify"
	"github.com/openklaas/klaas/internal/clean"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/report"
	"github.com/openklaas/klaas/internal/scorecard"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/openfinance"
	"github.com/openklaas/klaas/taxonomy"
)

// Settings are the choices that shape reports. The zero value is the default.
type Settings = setting.Settings

// ProductChoice is a product that is switched on, with the versions to make.
type ProductChoice = setting.ProductChoice

// Rule gives movements the category that a partner wants.
type Rule = setting.Rule

// Scorecard is a partner's own bands and points of the score.
type Scorecard = scorecard.File

// ScorecardBand is one row of a [Scorecard].
type ScorecardBand = scorecard.Band

// Options are everything that an analysis depends on beside the document.
type Options struct {
	// Settings of the application. Their products are made, narrowed by the
	// document's own "products" where it has that key.
	Settings Settings
	// Products are names to make instead of those of Settings; "all" is every
	// product that fits the document's kind, but for the legacy ones, which are
	// "legacy".
	Products []string
	// Versions are the versions of Products. Default: the first of each, V1 for all
	// but some legacy ones.
	Versions []string
	// AsOf is a reporting day YYYY-MM-DD in place of the document's
	// referenceDate. Without both it is the day of Received.
	AsOf string
	// Received is when the document came. Default: ReportTime.
	Received time.Time
	// ReportTime stands in every report. Default: the time of the call.
	ReportTime time.Time
	// RequestID stands in every report. Default: a UUIDv5 of the document.
	RequestID string
	// SecretKey encrypts the tax ids of version V1.1, which fails without it.
	SecretKey string
}

// Report is one finished report.
type Report struct {
	ID      string // productReportId: a UUIDv5 of request id, product, version and part
	Product string // such as pf_checking_account
	Version string // such as V1
	Part    int    // from 1; more than 1 where a product makes one report per institution
	Code    int    // 200, 204, 5002, …; of a legacy product 200, 202, 404 or 405
	Message string
	Body    []byte // the bytes that are signed, sent and stored
}

// Analysis is what became of a document.
type Analysis struct {
	RequestID    string
	ReferenceDay string // the reporting day, YYYY-MM-DD
	Reports      []Report
	Problems     openfinance.Problems
	NotSent      []string // products of Settings that do not fit the document's kind
	// CallbackURL is the document's productsCallbackURL: product name, "all" or
	// "other" to URL; nil when it has none.
	CallbackURL map[string]string
}

// Analyze makes the reports of one document.
//
// It fails with an [*openfinance.SyntaxError] for bytes that are not JSON, an
// [*openfinance.InvalidError] for a document that is unusable as a whole, or an
// [*OptionError] for options that cannot be met. Smaller faults are in
// Analysis.Problems and in the codes of the reports.
func Analyze(userdata []byte, o Options) (*Analysis, error) {
	o = o.withDefaults(userdata)
	book, problems, err := understand(userdata, &o)
	if err != nil {
		return nil, err
	}
	orders, notSent, err := choose(book.Document, book, &o)
	if err != nil {
		return nil, err
	}
	a := &Analysis{
		RequestID: o.RequestID, ReferenceDay: book.Day.String(), Problems: *problems, NotSent: notSent,
		CallbackURL: book.Document.Request.CallbackURL,
	}
	m, err := newMaker(book, &o)
	if err != nil {
		return nil, err
	}
	for _, order := range orders {
		a.Reports = append(a.Reports, m.reports(order)...)
	}
	return a, nil
}

// understand reads, cleans and classifies a document.
func understand(userdata []byte, o *Options) (*ledger.Ledger, *openfinance.Problems, error) {
	doc, problems, err := openfinance.Read(userdata)
	if err != nil {
		return nil, nil, err
	}
	day, asked, err := reportingDay(doc, o)
	if err != nil {
		return nil, nil, err
	}
	book, found := clean.Clean(doc, clean.Options{
		Day: day, Asked: asked, Joint: o.Settings.JointAccounts, HistoryDays: o.Settings.HistoryDays,
	})
	for _, problem := range found {
		problems.Add(problem)
	}
	if err := checkPerson(book, o); err != nil {
		return nil, nil, err
	}
	rules, err := compiled.Compile(o.Settings.Rules)
	if err != nil {
		return nil, nil, &OptionError{"Settings", err.Error()}
	}
	if card := o.Settings.Scorecard; card != nil {
		if _, err := scorecard.Parse(card); err != nil {
			return nil, nil, &OptionError{"Settings", "scorecard: " + err.Error()}
		}
	}
	classify.Shared().Classify(book, classify.Options{Rules: rules})
	return book, problems, nil
}

// Failure makes the reports that say that a document could not be analysed:
// every product of the options that may fit it, with an empty body and a code
// from 5000 to 5299. It needs no readable document.
func Failure(userdata []byte, o Options, code int) (*Analysis, error) {
	o = o.withDefaults(userdata)
	book := identify(userdata)
	orders, notSent, err := choose(book.Document, book, &o)
	if err != nil {
		return nil, err
	}
	a := &Analysis{RequestID: o.RequestID, NotSent: notSent, CallbackURL: book.Document.Request.CallbackURL}
	m := maker{facts: fact.New(book), options: &o}
	for _, order := range orders {
		order.code = code
		a.Reports = append(a.Reports, m.reports(order)...)
	}
	return a, nil
}

// identify reads no more of a document than whose it is. What made the analysis
// fail may be in here too, so a panic means: unknown.
func identify(userdata []byte) (book *ledger.Ledger) {
	unknown := &ledger.Ledger{Document: &openfinance.Document{}}
	defer func() {
		if recover() != nil {
			book = unknown
		}
	}()
	doc, _, err := openfinance.Read(userdata)
	if err != nil {
		return unknown
	}
	return &ledger.Ledger{Document: doc, Person: clean.Person(doc)}
}

// Load makes the tables ready that the first analysis would else wait for.
func Load() { classify.Shared() }

// compiled remembers the rules of the applications that were asked for last.
var compiled classify.RuleCache

// namespace makes the ids of requests and reports that nobody gave.
var namespace = uuid.MustParse("6f1d8d0c-3e0b-5c0e-9a63-5d1f1b7a9c55")

func (o Options) withDefaults(userdata []byte) Options {
	if o.ReportTime.IsZero() {
		o.ReportTime = time.Now()
	}
	if o.Received.IsZero() {
		o.Received = o.ReportTime
	}
	if o.RequestID == "" {
		o.RequestID = uuid.NewSHA1(namespace, userdata).String()
	}
	return o
}

// reportingDay returns the day D of the reports and whether somebody asked for it.
func reportingDay(doc *openfinance.Document, o *Options) (day calendar.Day, asked bool, err error) {
	received := calendar.SaoPaulo(o.Received)
	text, path := o.AsOf, "as-of"
	if text == "" {
		text, path = doc.Request.ReferenceDate, "referenceDate"
	}
	if text == "" {
		return received, false, nil
	}
	day, ok := calendar.ParseDay(text)
	switch {
	case !ok:
		return 0, false, invalid(path, "is not a date: use YYYY-MM-DD")
	case day > received:
		return 0, false, invalid(path, "lies after the day of receipt: use that day or an earlier one")
	}
	return day, true, nil
}

func checkPerson(book *ledger.Ledger, o *Options) error {
	if book.Person.CPF == "" && book.Person.CNPJ == "" && !o.Settings.AllowAnonymous {
		return invalid("taxId", "the document names nobody: send personalCustomerIdentification[0].documents.cpfNumber, "+
			"businessCustomerIdentification[0].cnpjNumber or taxId")
	}
	return nil
}

func invalid(path, message string) error {
	return &openfinance.InvalidError{Problems: []openfinance.Problem{
		{Path: path, Message: message, Severity: openfinance.Rejected},
	}}
}

// kinds returns whose reports a document can give. A document without any tax id
// is a person's.
func kinds(p *ledger.Person) []spec.Kind {
	var fit []spec.Kind
	if p.CPF != "" || p.CNPJ == "" {
		fit = append(fit, spec.PF)
	}
	if p.CNPJ != "" {
		fit = append(fit, spec.PJ)
	}
	return fit
}

// order is one product to be made, in one version.
type order struct {
	product *spec.Product
	kind    spec.Kind
	version spec.Version
	code    int // 0: whatever the document allows; 5xxx: an empty report
}

// maker makes the reports of one analysis.
type maker struct {
	facts   *fact.Facts
	options *Options
	engine  report.Engine
}

// newMaker returns the maker of the reports of a ledger.
func newMaker(book *ledger.Ledger, o *Options) (*maker, error) {
	factors, err := o.Settings.IntervalFactors.Thousandths()
	if err != nil {
		return nil, &OptionError{"Settings", err.Error()}
	}
	facts := fact.New(book)
	facts.IntervalFactors = factors
	return &maker{facts: facts, options: o, engine: engine(&o.Settings)}, nil
}

// reports makes the reports of an order: one, or one per institution.
func (m *maker) reports(o order) []Report {
	inputs := m.inputs(o)
	reports := make([]Report, len(inputs))
	for i, in := range inputs {
		reports[i] = m.report(o, in)
	}
	return reports
}

// inputs returns what each report of an order is made from.
func (m *maker) inputs(o order) []spec.Input {
	in := spec.Input{
		Facts: m.facts, Kind: o.kind, Version: o.version, Settings: &m.options.Settings, Institution: -1,
	}
	split := m.options.Settings.SplitByInstitution && !o.product.Analytic
	switch {
	case o.code != 0:
	case o.product.PerInstitution && o.product.Parts != nil:
		inputs := make([]spec.Input, max(1, o.product.Parts(&in)))
		for i := range inputs {
			inputs[i] = in
			inputs[i].Part = i
		}
		return inputs
	case o.product.PerInstitution || split:
		return m.perInstitution(o, in)
	}
	return []spec.Input{in}
}

// perInstitution returns an input for each institution where the person or
// company holds something, of a legacy product something that it lists, and an
// empty one where there is none.
func (m *maker) perInstitution(o order, in spec.Input) []spec.Input {
	var inputs []spec.Input
	for i := range m.facts.Ledger.Institutions {
		in.Institution, in.Part = i, len(inputs)
		if !m.facts.Ledger.Holds(i, in.Company()) || o.product.Legacy != nil && !o.product.Legacy.Lists(&in) {
			continue
		}
		inputs = append(inputs, in)
	}
	if inputs == nil {
		in.Institution = -1
		inputs = append(inputs, in)
	}
	return inputs
}

func (m *maker) report(o order, in spec.Input) Report {
	book := m.facts.Ledger
	r := Report{Product: o.product.FullName(o.kind), Version: string(o.version), Part: in.Part + 1}
	r.ID = reportID(m.options.RequestID, r.Product, r.Version, r.Part)
	r.Code, r.Message = report.Outcome(o.product, &in, o.code)
	in.Seal = func(taxID string) string { return taxID }
	if o.product.Encrypts(o.version) {
		in.Seal = report.SealTaxIDs(m.options.SecretKey, r.ID)
	}
	r.Body = report.Compose(o.product, &in, report.Head{
		Code: r.Code, Message: r.Message,
		RequestID: m.options.RequestID, ReportID: r.ID, Time: m.options.ReportTime,
		TaxID:    enquired(&book.Person, o.kind),
		External: book.Document.Request.ExternalInfo,
		Engine:   m.engine,
	})
	return r
}

// engine names what makes the reports.
func engine(s *Settings) report.Engine {
	rules, model, tables := classify.Versions()
	return report.Engine{
		Program: Version(), Taxonomy: taxonomy.Version(), Rules: rules, Model: model, Tables: tables, Settings: s.Hash(),
	}
}

// enquired returns the tax id that a report is about. A report of the wrong kind
// shows the one that the document has.
func enquired(p *ledger.Person, k spec.Kind) string {
	if id := p.TaxID(k == spec.PJ); id != "" {
		return id
	}
	return p.TaxID(k != spec.PJ)
}

// reportID is the same whenever the same report is made for the same request.
func reportID(requestID, product, version string, part int) string {
	text := requestID + "|" + product + "|" + version + "|" + strconv.Itoa(part)
	return uuid.NewSHA1(namespace, []byte(text)).String()
}
