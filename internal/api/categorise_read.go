package api

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/categorise"
	"github.com/openklaas/klaas/internal/classify"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/openfinance"
)

// transactionDetails is the list of a categorisation call, in the request and in
// the answer.
const transactionDetails = "transactionDetails"

// maxName is the longest text of a transaction, in characters. Open Finance
// allows 200.
const maxName = 1000

// span is a part of the body.
type span struct{ from, to int }

// sentLine is one entry of the list: where it stands in the body and what it says.
type sentLine struct {
	categorise.Line
	members span   // from its first member to its last, without the braces
	kept    []span // the members to echo, where some have names that the answer takes
	emptied bool   // none is to be echoed
	faults  span   // its faults: faults[from:to] of the call
}

// lineReader reads the body of a categorisation call. It is used again and again.
type lineReader struct {
	dec    *jsontext.Decoder
	text   string // the body
	limit  int    // the most entries
	answer func(name string) bool

	lines   []sentLine
	faults  []Fault
	list    span // the list in the body
	whole   span // the object in the body
	unknown bool // the institution is not known

	members []span // of the entry that is read
}

// read reads the body. Errors: *openfinance.SyntaxError; a failure when there are
// more entries than limit. Other faults are in r.faults; those of an entry are its
// own, so that the others can be answered.
func (r *lineReader) read(body []byte, limit int, answer func(name string) bool) (err error) {
	r.text, r.limit, r.answer = string(body), limit, answer
	r.lines, r.faults, r.list, r.whole, r.unknown = r.lines[:0], nil, span{}, span{}, false
	if r.dec == nil {
		r.dec = new(jsontext.Decoder)
	}
	r.dec.Reset(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true))
	defer func() { r.dec.Reset(bytes.NewReader(nil)) }()
	err = r.request()
	if err == nil {
		if _, err = r.dec.ReadToken(); errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			return &openfinance.SyntaxError{Offset: r.dec.InputOffset(), Reason: "something follows the end of the document"}
		}
	}
	var known *failure
	if errors.As(err, &known) {
		return err
	}
	return openfinance.NewSyntaxError(err, r.dec.InputOffset(), len(body))
}

func (r *lineReader) fault(path, message string) {
	r.faults = append(r.faults, Fault{Path: path, Message: message})
}

// head are the fields beside the list.
type head struct {
	institution, holder string
	source              classify.Source
}

func (r *lineReader) request() error {
	if kind := r.dec.PeekKind(); kind != '{' {
		if _, err := r.dec.ReadValue(); err != nil {
			return err
		}
		r.fault("", "the body must be an object with uuid, institutionCode, transactionSource and "+transactionDetails)
		return nil
	}
	var h head
	seen := fieldSet(0)
	r.whole.from = -1
	err := r.object(func(name string, from int) error {
		if r.whole.from < 0 {
			r.whole.from = from
		}
		field := headFields[name]
		if field != 0 && !seen.add(field) {
			r.fault(name, standsTwice)
			return r.dec.SkipValue()
		}
		if name == transactionDetails {
			return r.readList()
		}
		return r.headField(&h, name)
	})
	if err != nil {
		return err
	}
	r.whole.to = int(r.dec.InputOffset())
	for _, name := range [...]string{"uuid", "institutionCode", "transactionSource", transactionDetails} {
		if !seen.has(headFields[name]) {
			r.fault(name, "is missing")
		}
	}
	for i := range r.lines {
		r.lines[i].Source, r.lines[i].Institution = h.source, h.institution
		r.lines[i].Holder, r.lines[i].Company = h.holder, len(h.holder) == 14
	}
	return nil
}

const standsTwice = "stands twice: send it once"

// fieldSet is a set of known fields, which are single bits.
type fieldSet uint32

func (s *fieldSet) add(field fieldSet) bool {
	fresh := *s&field == 0
	*s |= field
	return fresh
}

func (s *fieldSet) has(field fieldSet) bool { return *s&field != 0 }

func bits(names ...string) map[string]fieldSet {
	set := make(map[string]fieldSet, len(names))
	for i, name := range names {
		set[name] = 1 << i
	}
	return set
}

var (
	headFields = bits("uuid", "institutionCode", "transactionSource", transactionDetails, "taxId")
	lineFields = bits("transactionName", "amount", "creditDebitType", "transactionDate", "transactionType",
		"partieCnpjCpf", "partiePersonType", "payeeMCC", "feeType", "otherCreditsType")
)

// object reads the members of an object; the decoder stands before its brace.
// member gets the name of each and where it begins, and reads the value.
func (r *lineReader) object(member func(name string, from int) error) error {
	if _, err := r.dec.ReadToken(); err != nil {
		return err
	}
	for r.dec.PeekKind() != '}' {
		raw, err := r.dec.ReadValue()
		if err != nil {
			return err
		}
		to := int(r.dec.InputOffset())
		if err := member(r.unquoted(raw, to), to-len(raw)); err != nil {
			return err
		}
	}
	_, err := r.dec.ReadToken()
	return err
}

// unquoted returns the text of a JSON string that ends at to.
func (r *lineReader) unquoted(raw []byte, to int) string {
	if bytes.IndexByte(raw, '\\') < 0 {
		return r.text[to-len(raw)+1 : to-1]
	}
	text, err := jsontext.AppendUnquote(make([]byte, 0, len(raw)), raw)
	if err != nil {
		panic("api: a string that was read does not unquote") // the decoder has checked it
	}
	return string(text)
}

// value reads a value and returns its kind and, of a string or number, its text.
func (r *lineReader) value() (kind jsontext.Kind, text string, err error) {
	kind = r.dec.PeekKind()
	raw, err := r.dec.ReadValue()
	if err != nil {
		return 0, "", err
	}
	to := int(r.dec.InputOffset())
	switch kind {
	case '"':
		text = r.unquoted(raw, to)
	case '0':
		text = r.text[to-len(raw) : to]
	}
	return kind, text, nil
}

// headField reads a field beside the list.
func (r *lineReader) headField(h *head, name string) error {
	kind, text, err := r.value()
	if err != nil {
		return err
	}
	switch name {
	case "uuid":
		if kind != '"' || text == "" {
			r.fault(name, "must be a text: your id of the end user")
		}
	case "institutionCode":
		root, known := categorise.Institution(text)
		switch {
		case kind != '"' && kind != '0' || text == "":
			r.fault(name, "must be a text: the COMPE code, ISPB or CNPJ of the institution")
		case !known:
			r.unknown = true
		}
		h.institution = root
	case "transactionSource":
		switch text {
		case "checking":
			h.source = classify.Checking
		case "creditcard":
			h.source = classify.Card
		default:
			r.fault(name, "must be checking or creditcard")
		}
	case "taxId":
		var ok bool
		if h.holder, ok = taxID(kind, text); !ok {
			r.fault(name, notTaxID)
		}
	}
	return nil
}

const notTaxID = "is neither a CPF (11 digits) nor a CNPJ (14 characters): send it in full, or leave it out"

// taxID reads an optional tax id.
func taxID(kind jsontext.Kind, text string) (string, bool) {
	switch {
	case kind == 'n', kind == '"' && (text == "" || text == "NA"):
		return "", true
	case kind != '"':
		return "", false
	}
	return categorise.TaxID(text)
}

func (r *lineReader) readList() error {
	if r.dec.PeekKind() != '[' {
		r.fault(transactionDetails, "must be a list of transactions")
		return r.dec.SkipValue()
	}
	if _, err := r.dec.ReadToken(); err != nil {
		return err
	}
	r.list.from = int(r.dec.InputOffset()) - 1
	for r.dec.PeekKind() != ']' {
		if len(r.lines) == r.limit {
			return &failure{
				status: http.StatusRequestEntityTooLarge,
				message: fmt.Sprintf("%s has more than %d transactions, the most that this server takes in one call: send them in several",
					transactionDetails, r.limit),
				faults: []Fault{{Path: transactionDetails, Message: fmt.Sprintf("has more than %d transactions", r.limit)}},
			}
		}
		if err := r.entry(); err != nil {
			return err
		}
	}
	_, err := r.dec.ReadToken()
	r.list.to = int(r.dec.InputOffset())
	return err
}

// entry reads one transaction.
func (r *lineReader) entry() error {
	r.lines = append(r.lines, sentLine{})
	l := &r.lines[len(r.lines)-1]
	l.faults.from = len(r.faults)
	defer func() { l.faults.to = len(r.faults) }()
	if r.dec.PeekKind() != '{' {
		r.lineFault("", "must be an object")
		l.emptied = true
		return r.dec.SkipValue()
	}
	r.members = r.members[:0]
	seen, taken := fieldSet(0), false
	err := r.object(func(name string, from int) error {
		field := lineFields[name]
		if err := r.member(l, name, field, &seen); err != nil {
			return err
		}
		if field == 0 && r.answer(name) { // the answer takes no name of a field that is read
			taken = true
			return nil
		}
		r.members = append(r.members, span{from, int(r.dec.InputOffset())})
		return nil
	})
	if err != nil {
		return err
	}
	if !seen.has(lineFields["transactionName"]) {
		r.lineFault("transactionName", "is missing")
	}
	n := len(r.members)
	if n == 0 {
		l.emptied = true
		return nil
	}
	l.members = span{r.members[0].from, r.members[n-1].to}
	if taken {
		l.kept = append([]span(nil), r.members...)
	}
	return nil
}

// lineFault notes a fault of the entry that is read.
func (r *lineReader) lineFault(name, message string) {
	path := transactionDetails + "[" + strconv.Itoa(len(r.lines)-1) + "]"
	if name != "" {
		path += "." + name
	}
	r.fault(path, message)
}

// member reads one member of an entry; field is 0 for one that tells nothing.
func (r *lineReader) member(l *sentLine, name string, field fieldSet, seen *fieldSet) error {
	if field == 0 {
		return r.dec.SkipValue()
	}
	if !seen.add(field) {
		r.lineFault(name, standsTwice)
		return r.dec.SkipValue()
	}
	if name == "amount" {
		return r.amount(l)
	}
	kind, text, err := r.value()
	if err != nil {
		return err
	}
	if message := lineField(l, name, kind, text); message != "" {
		r.lineFault(name, message)
	}
	return nil
}

// lineField takes over a field of an entry and says what is wrong with it, ""
// when nothing is. Null or an empty text is as good as absent, but for the name.
func lineField(l *sentLine, name string, kind jsontext.Kind, text string) string {
	switch {
	case name == "payeeMCC":
		return lineMCC(l, kind, text)
	case name != "transactionName" && (kind == 'n' || kind == '"' && text == ""):
		return ""
	case kind != '"':
		return "must be a text"
	}
	switch name {
	case "transactionName":
		if len(text) > maxName && utf8.RuneCountInString(text) > maxName {
			return fmt.Sprintf("has more than %d characters", maxName)
		}
		l.Description = text
	case "creditDebitType":
		switch strings.ToUpper(text) {
		case "CREDITO":
			l.Direction = categorise.Credit
		case "DEBITO":
			l.Direction = categorise.Debit
		default:
			return "must be CREDITO or DEBITO"
		}
	case "transactionDate":
		day, ok := calendar.ParseDay(text[:min(len(text), len("2006-01-02"))])
		if !ok || len(text) > len("2006-01-02") && text[len("2006-01-02")] != 'T' {
			return "is not a date: use YYYY-MM-DD"
		}
		l.Date = day
	case "transactionType":
		l.Type = text
	case "partieCnpjCpf":
		var ok bool
		if l.Partie, ok = taxID(kind, text); !ok {
			return notTaxID
		}
	case "partiePersonType":
		if text != "PESSOA_NATURAL" && text != "PESSOA_JURIDICA" {
			return "must be PESSOA_NATURAL or PESSOA_JURIDICA"
		}
		l.PartieKind = text
	case "feeType":
		l.Detail = text
	case "otherCreditsType":
		if l.Detail == "" {
			l.Detail = text
		}
	}
	return ""
}

const notMCC = "is not a merchant category code: use 4 digits"

func lineMCC(l *sentLine, kind jsontext.Kind, text string) string {
	if kind == 'n' || kind == '"' && text == "" {
		return ""
	}
	n, err := strconv.ParseUint(text, 10, 31)
	if kind != '"' && kind != '0' || err != nil || n > 9999 {
		return notMCC
	}
	l.MCC = int32(n)
	return ""
}

// amount reads a number, a text, or Open Finance's {amount, currency}. An amount
// in another currency tells its sign alone.
func (r *lineReader) amount(l *sentLine) error {
	if r.dec.PeekKind() != '{' {
		kind, text, err := r.value()
		if err == nil && kind != 'n' && (kind != '"' || text != "") {
			r.setAmount(l, "amount", kind, text)
		}
		return err
	}
	foreign, given := false, false
	err := r.object(func(name string, _ int) error {
		kind, text, err := r.value()
		switch {
		case err != nil:
			return err
		case name == "amount" && given:
			r.lineFault("amount.amount", standsTwice)
		case name == "amount":
			given = true
			r.setAmount(l, "amount.amount", kind, text)
		case name == "currency" && kind == '"':
			foreign = text != "BRL"
		case name == "currency":
			r.lineFault("amount.currency", "must be a text such as BRL")
		}
		return nil
	})
	if err == nil && !given {
		r.lineFault("amount.amount", "is missing")
	}
	if foreign {
		if l.Direction == categorise.Unknown && l.Amount < 0 {
			l.Direction = categorise.Debit
		}
		l.Amount = 0
	}
	return err
}

func (r *lineReader) setAmount(l *sentLine, path string, kind jsontext.Kind, text string) {
	if kind != '"' && kind != '0' {
		r.lineFault(path, "must be a number, or a text such as 1234.50")
		return
	}
	a, err := money.Parse(text)
	if err != nil {
		r.lineFault(path, err.Error())
		return
	}
	l.Amount = a
}
