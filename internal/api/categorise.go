package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/openklaas/klaas/internal/categorise"
	"github.com/openklaas/klaas/internal/classify"
	"github.com/openklaas/klaas/openfinance"
	"github.com/openklaas/klaas/taxonomy"
)

// DefaultCategoriseLimit is the most transactions of one categorisation call
// unless Config says otherwise.
const DefaultCategoriseLimit = 10_000

// CategoryPath is where transactions are posted for their categories.
const CategoryPath = "/klaas/transaction/v2/category"

// CategoryRequest is the body of the categorisation call.
type CategoryRequest struct {
	UUID               string         `json:"uuid" doc:"Your id of the end user. It is not kept" example:"124eed4"`
	InstitutionCode    string         `json:"institutionCode" doc:"COMPE code, ISPB or CNPJ of the institution. Unknown: 404" example:"208"`
	TransactionSource  string         `json:"transactionSource" enum:"checking,creditcard" doc:"One source a call"`
	TaxID              string         `json:"taxId,omitempty" doc:"CPF or CNPJ of the account holder: tells transfers to oneself, and a company's account from a person's"`
	TransactionDetails []CategoryLine `json:"transactionDetails" doc:"The transactions. The answer has every key of each as it was sent, known or not"`
}

// CategoryLine is one transaction of the categorisation call.
type CategoryLine struct {
	TransactionID    string  `json:"transactionId,omitempty" doc:"Echoed, not read"`
	TransactionDate  string  `json:"transactionDate,omitempty" doc:"YYYY-MM-DD"`
	TransactionName  string  `json:"transactionName" doc:"The text of the statement line, at most 1000 characters" example:"Netflix.com"`
	Amount           float64 `json:"amount,omitempty" doc:"A number; a text such as 1234.50 and {amount, currency} are read as well"`
	CreditDebitType  string  `json:"creditDebitType,omitempty" enum:"CREDITO,DEBITO" doc:"Goes before the sign of amount. Without it a negative amount is a debit; else both are tried and the surer counts"`
	TransactionType  string  `json:"transactionType,omitempty" doc:"Of an account or of a card, as Open Finance Brasil lists them" example:"OUTROS"`
	PartieCnpjCpf    string  `json:"partieCnpjCpf,omitempty" doc:"CPF or CNPJ of the counterparty"`
	PartiePersonType string  `json:"partiePersonType,omitempty" enum:"PESSOA_NATURAL,PESSOA_JURIDICA"`
	PayeeMCC         int     `json:"payeeMCC,omitempty" doc:"Merchant category code of a card line"`
	FeeType          string  `json:"feeType,omitempty" doc:"Of a card line"`
	OtherCreditsType string  `json:"otherCreditsType,omitempty" doc:"Of a card line"`
}

// CategoryAnswer is the answer: the request with every transaction categorised.
type CategoryAnswer struct {
	TransactionDetails []Categorised `json:"transactionDetails" doc:"In the order of the request; beside these keys each has its own"`
}

// Categorised is what the answer adds to a transaction. A key of the same name
// that was sent is replaced. Keys of which nothing is known are left out.
type Categorised struct {
	Category      string `json:"category,omitempty" doc:"Level 1, in Portuguese" example:"Estilo de vida"`
	Subcategory   string `json:"subcategory,omitempty" doc:"Level 2"`
	ThirdCategory string `json:"thirdCategory,omitempty" doc:"Level 3"`

	Code           string              `json:"code,omitempty" doc:"With explain: the category, six digits" example:"040102"`
	Direction      string              `json:"direction,omitempty" enum:"credit,debit" doc:"With explain: the one that was used"`
	Tier           string              `json:"tier,omitempty" doc:"With explain: the step that decided: partner, ledger, structure, vocabulary, merchant, model; none for Outros › Outros › Outros"`
	Rule           string              `json:"rule,omitempty" doc:"With explain: the rule or table entry that decided"`
	Matched        string              `json:"matched,omitempty" doc:"With explain: the part of the normalised text that decided"`
	Confidence     float64             `json:"confidence,omitempty" doc:"With explain: 0 to 1, three decimals"`
	RunnerUp       string              `json:"runnerUp,omitempty" doc:"With explain: the code of the next best answer"`
	Merchant       string              `json:"merchant,omitempty" doc:"With explain: the shop or payee, cleaned"`
	Brand          string              `json:"brand,omitempty" doc:"With explain: the merchant's display name, where it is known"`
	CNPJ           string              `json:"cnpj,omitempty" doc:"With explain: of the brand's head office, where it is known"`
	SettlementType string              `json:"settlementType,omitempty" doc:"With explain, of an account: such as PIX"`
	Counterparty   *CategoryParty      `json:"counterparty,omitempty" doc:"With explain: the other side of a transfer, as far as it is told"`
	Instalment     *CategoryInstalment `json:"instalment,omitempty" doc:"With explain: which payment of how many"`
	Channel        string              `json:"channel,omitempty" enum:"app,internet,atm,branch,lottery,online,present,qr,automatic,phone" doc:"With explain: where it was ordered, where the text says so"`
	Error          *CategoryProblem    `json:"error,omitempty" doc:"With partial: why this transaction has no category"`
}

// CategoryParty is a counterparty.
type CategoryParty struct {
	Name     string `json:"name,omitempty"`
	Document string `json:"document,omitempty" doc:"CPF or CNPJ; of a masked CPF what the text shows: ***.123.456-**"`
}

// CategoryInstalment is one payment of several.
type CategoryInstalment struct {
	Number int `json:"number,omitempty" doc:"Left out when only the total is known"`
	Total  int `json:"total"`
}

// CategoryProblem says what is wrong with one transaction.
type CategoryProblem struct {
	Message string  `json:"message" doc:"The first fault"`
	Errors  []Fault `json:"errors" doc:"Every fault"`
}

// exampleCategory is the example of a call.
var exampleCategory = CategoryRequest{
	UUID: "124eed4", InstitutionCode: "208", TransactionSource: "checking",
	TransactionDetails: []CategoryLine{{
		TransactionID: "9f1c5b0e", TransactionDate: "2026-03-30", TransactionName: "PIX ENVIADO IFOOD.COM AGENCIA DE RESTAURANTES",
		Amount: 58.9, CreditDebitType: "DEBITO", TransactionType: "PIX",
	}},
}

// The keys that an answer adds to an entry, by mode.
var (
	plainKeys   = bits("category", "subcategory", "thirdCategory")
	explainKeys = bits("category", "subcategory", "thirdCategory", "code", "direction", "tier", "rule", "matched", "confidence",
		"runnerUp", "merchant", "brand", "cnpj", "settlementType", "counterparty", "instalment", "channel")
)

// categoriseLines is POST of transactions. Nothing of it is stored.
func categoriseLines(a *api, c *call) error {
	explain, err := wanted(c.req, "explain")
	if err != nil {
		return err
	}
	partial, err := wanted(c.req, "partial")
	if err != nil {
		return err
	}
	body, hold, err := a.readJSON(c, c.req)
	if err != nil {
		return err
	}
	defer hold.Release()
	w := lineWriters.Get().(*lineWriter)
	defer w.putBack()
	w.explain = explain
	keys := plainKeys
	if explain {
		keys = explainKeys
	}
	answers := func(name string) bool { return keys[name] != 0 || partial && name == "error" }
	if err := w.read(body, a.CategoriseLimit, answers); err != nil {
		return err
	}
	if err := w.refuse(partial); err != nil {
		return err
	}
	application, err := a.categoriser(c.req.Context(), c.principal.ApplicationID)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.req.Context(), categoriseTime)
	defer cancel()
	if !w.write(ctx, application) {
		if c.req.Context().Err() != nil {
			return nil // the caller has gone away
		}
		return &failure{status: http.StatusRequestEntityTooLarge, message: fmt.Sprintf("the call takes longer than %v: "+
			"send fewer transactions a call, or simpler regular expressions in the rules", categoriseTime)}
	}
	writeBytes(c, http.StatusOK, "application/json", w.out)
	return nil
}

// categoriseTime is how long one call may keep a core: no partner's rules and
// texts may take the server from the others.
const categoriseTime = 10 * time.Second

// wanted reads a query parameter that is true or false.
func wanted(r *http.Request, name string) (bool, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return false, badRequest(name, "cannot be read: the query is malformed")
	}
	if !query.Has(name) {
		return false, nil
	}
	yes, err := strconv.ParseBool(query.Get(name))
	if err != nil {
		return false, badRequest(name, "must be true or false")
	}
	return yes, nil
}

// refuse returns what makes the call unusable: with partial only what is not of
// one entry.
func (r *lineReader) refuse(partial bool) error {
	faults := r.faults
	if partial {
		faults = r.headFaults()
	}
	if len(faults) > 0 {
		problems := make([]openfinance.Problem, len(faults))
		for i, f := range faults {
			problems[i] = openfinance.Problem{Path: f.Path, Message: f.Message}
		}
		return &failure{status: http.StatusUnprocessableEntity, message: summary(problems), faults: faults}
	}
	if r.unknown {
		return &failure{
			status: http.StatusNotFound, message: "institutionCode names no institution that klaas knows",
			faults: []Fault{{Path: "institutionCode", Message: "is unknown: send the COMPE code, the ISPB or the CNPJ of the institution"}},
		}
	}
	return nil
}

// headFaults returns the faults that are not of one entry.
func (r *lineReader) headFaults() []Fault {
	var faults []Fault
	next := 0
	for i := range r.lines {
		faults = append(faults, r.faults[next:r.lines[i].faults.from]...)
		next = r.lines[i].faults.to
	}
	return append(faults, r.faults[next:]...)
}

// lineWriter answers categorisation calls, one after another.
type lineWriter struct {
	lineReader
	explain bool
	out     []byte
}

var lineWriters = sync.Pool{New: func() any { return new(lineWriter) }}

// maxPooled is the largest buffer that is kept for the next call.
const maxPooled = 1 << 20

// putBack keeps the memory for the next call, without what was sent.
func (w *lineWriter) putBack() {
	if cap(w.out) > maxPooled || cap(w.lines) > DefaultCategoriseLimit {
		return
	}
	clear(w.lines)
	clear(w.out)
	w.text, w.faults = "", nil
	lineWriters.Put(w)
}

// write makes the answer: the body as it was sent, with the list categorised.
// It reports whether it came to the end before ctx did.
func (w *lineWriter) write(ctx context.Context, application *applicationLines) bool {
	run := application.runs.Get().(*categorise.Run)
	defer application.runs.Put(run)
	w.out = append(w.out[:0], '{')
	w.out = append(w.out, w.text[w.whole.from:w.list.from]...)
	w.out = append(w.out, '[')
	for i := range w.lines {
		if ctx.Err() != nil {
			return false
		}
		if i > 0 {
			w.out = append(w.out, ',')
		}
		w.line(&w.lines[i], run, application.companyTree)
	}
	w.out = append(w.out, ']')
	w.out = append(w.out, w.text[w.list.to:w.whole.to]...)
	return true
}

// line writes one entry: what was sent, then what is added.
func (w *lineWriter) line(l *sentLine, run *categorise.Run, companyTree bool) {
	w.out = append(w.out, '{')
	switch {
	case l.emptied:
	case l.kept != nil:
		for i, m := range l.kept {
			if i > 0 {
				w.out = append(w.out, ',')
			}
			w.out = append(w.out, w.text[m.from:m.to]...)
		}
		w.out = append(w.out, ',')
	default:
		w.out = append(w.out, w.text[l.members.from:l.members.to]...)
		w.out = append(w.out, ',')
	}
	if faults := w.faults[l.faults.from:l.faults.to]; len(faults) > 0 {
		w.problem(faults)
	} else {
		result := run.One(&l.Line)
		code := result.Code(companyTree)
		w.out = append(w.out, categoryNames()[code]...)
		if w.explain {
			w.explanation(&l.Line, &result, code)
		}
	}
	w.out = append(w.out, '}')
}

func (w *lineWriter) problem(faults []Fault) {
	w.out = append(w.out, `"error":{"message":`...)
	w.quote(faults[0].Message)
	w.out = append(w.out, `,"errors":[`...)
	for i, f := range faults {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		w.out = append(w.out, `{"path":`...)
		w.quote(f.Path)
		w.out = append(w.out, `,"message":`...)
		w.quote(f.Message)
		w.out = append(w.out, '}')
	}
	w.out = append(w.out, "]}"...)
}

// explanation writes why, and what else the line tells.
func (w *lineWriter) explanation(l *categorise.Line, r *categorise.Result, code taxonomy.Code) {
	d := r.Details(l)
	direction := "debit"
	if r.Direction == categorise.Credit {
		direction = "credit"
	}
	w.told("code", code.String())
	w.told("direction", direction)
	w.told("tier", r.Decision.Tier.String())
	w.told("rule", r.Decision.Rule)
	w.told("matched", r.Decision.Matched)
	w.out = append(w.out, `,"confidence":`...)
	w.out = appendConfidence(w.out, r.Decision.Confidence)
	if r.Decision.RunnerUp != 0 {
		w.told("runnerUp", r.Decision.RunnerUp.String())
	}
	w.told("merchant", d.Merchant)
	w.told("brand", d.Brand)
	w.told("cnpj", d.CNPJ)
	w.told("settlementType", d.Settlement)
	if d.Counterparty != (categorise.Counterparty{}) {
		w.out = append(w.out, `,"counterparty":`...)
		at := len(w.out)
		w.told("name", d.Counterparty.Name)
		w.told("document", d.Counterparty.Document)
		w.out[at] = '{' // in the place of the first comma
		w.out = append(w.out, '}')
	}
	if d.Instalments > 0 {
		w.out = append(w.out, `,"instalment":{`...)
		if d.Instalment > 0 {
			w.out = append(w.out, `"number":`...)
			w.out = strconv.AppendInt(w.out, int64(d.Instalment), 10)
			w.out = append(w.out, ',')
		}
		w.out = append(w.out, `"total":`...)
		w.out = strconv.AppendInt(w.out, int64(d.Instalments), 10)
		w.out = append(w.out, '}')
	}
	w.told("channel", d.Channel)
}

// told writes a member with a comma before it, unless nothing is known.
func (w *lineWriter) told(key, value string) {
	if value == "" {
		return
	}
	w.out = append(w.out, ',', '"')
	w.out = append(w.out, key...)
	w.out = append(w.out, '"', ':')
	w.quote(value)
}

func (w *lineWriter) quote(s string) {
	w.out, _ = jsontext.AppendQuote(w.out, s) // broken characters become U+FFFD
}

// appendConfidence appends per mille as a fraction with three decimals.
func appendConfidence(dst []byte, perMille uint16) []byte {
	return append(dst, byte('0'+perMille/1000), '.', byte('0'+perMille/100%10), byte('0'+perMille/10%10), byte('0'+perMille%10))
}

// categoryNames are the three names of every category as members of an object.
var categoryNames = sync.OnceValue(func() map[taxonomy.Code]string {
	names := make(map[taxonomy.Code]string)
	for _, c := range taxonomy.All() {
		w := lineWriter{}
		w.told("category", c.Level1.PT)
		w.told("subcategory", c.Level2.PT)
		w.told("thirdCategory", c.Level3.PT)
		names[c.Code] = string(w.out[1:])
	}
	return names
})

// applicationLines categorises under the settings of one application.
type applicationLines struct {
	revision    int // of the settings
	companyTree bool
	runs        sync.Pool // of *categorise.Run
}

func newLines(revision int, rules *classify.Rules, companyTree bool) *applicationLines {
	c := categorise.New(classify.Shared(), classify.Options{Rules: rules})
	return &applicationLines{revision: revision, companyTree: companyTree, runs: sync.Pool{New: func() any { return c.Start() }}}
}

// categorisers remembers what settings of applications come to, so that rules are
// compiled once a revision.
type categorisers struct {
	mu   sync.Mutex
	byID map[string]*applicationLines
}

// maxCategorisers is how many applications are remembered.
const maxCategorisers = 256

// categoriser returns the categoriser of an application. A rule counts from the
// next call on, at most account.RevisionFor late where another process changed it.
func (a *api) categoriser(ctx context.Context, applicationID string) (*applicationLines, error) {
	revision, err := a.Accounts.Revision(ctx, applicationID)
	if err != nil {
		return nil, err
	}
	a.lines.mu.Lock()
	known := a.lines.byID[applicationID]
	a.lines.mu.Unlock()
	if known != nil && known.revision == revision {
		return known, nil
	}
	set, _, err := a.Accounts.Settings(ctx, applicationID, revision)
	if err != nil {
		return nil, err
	}
	rules, err := classify.CompileRules(set.Rules)
	if err != nil {
		return nil, errors.Join(errors.New("the rules of an application do not compile"), err)
	}
	made := newLines(revision, rules, set.CompanyTree)
	a.lines.mu.Lock()
	defer a.lines.mu.Unlock()
	if a.lines.byID == nil || len(a.lines.byID) >= maxCategorisers {
		a.lines.byID = make(map[string]*applicationLines)
	}
	a.lines.byID[applicationID] = made
	return made, nil
}
