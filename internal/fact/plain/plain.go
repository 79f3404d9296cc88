// Package plain computes the figures of the analytic products a second time,
// slowly and in the plainest way, for tests alone.
//
// It is written from the published formulas and knows nothing of the code that it
// judges: it imports openfinance and taxonomy, reads the document itself, and takes
// from the ledger what the formulas take from it: which rows count, their roles,
// names and categories, the bill that a card line is on, the plans of instalments.
// Amounts are rational numbers and every figure is a loop over all rows. Each
// function, such as [Income], gives the numbers and texts of one report by JSON
// pointer into its body.
package plain

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/openklaas/klaas/openfinance"
	"github.com/openklaas/klaas/taxonomy"
)

// Question is what figures are asked of: a document as a ledger sees it, of a
// person or of a company.
type Question struct {
	Document *openfinance.Document
	Name     string // civil name of the person, normalised as texts are
	Day      string // the reporting day, YYYY-MM-DD
	Version  string // V1, V2
	Replay   bool
	Company  bool
	Accounts []Account // those of the person or company that count
	Entries  []Entry   // in document order
	Told     []Told    // statement lines that tell a balance
	Cards    []Card
	Lines    []Line // in document order
	Plans    []Plan
	// Contracts are all of the person or company, in document order.
	Contracts []Contract
	Holdings  []*openfinance.Investment
	Groups    [][]Member // recurring groups

	PublicPayers map[string]bool // by root
	Platforms    []Platform
}

// Account is a deposit or payment account.
type Account struct {
	Source  *openfinance.Account
	Savings bool
	Half    bool // half of its money counts
}

// Entry is an effective row of an account, of any day, that is no balance line and
// no duplicate.
type Entry struct {
	Account     int // index into Question.Accounts
	Transaction *openfinance.Transaction
	ID          string
	Text, Name  string // normalised
	Code        taxonomy.Code
	Role        string // "", own-transfer, reversal, reversed, sweep, bill-payment, …
	Reversed    string // of a reversed one: what came back, decimal
}

// Told is a statement line of an account that tells a balance.
type Told struct {
	Account     int // index into Question.Accounts
	Transaction *openfinance.Transaction
	Name        string // normalised
}

// Card is a card account with its bills.
type Card struct {
	Source *openfinance.CreditCard
	Closed []Bill // newest due day first
	Open   *Bill
}

// Bill is a bill of a card.
type Bill struct {
	Source             *openfinance.Bill // nil for the open one
	BillingDay, DueDay string            // "" when unknown
	Lines              []int             // indices into Question.Lines
	Total              string            // of the open one
}

// Line is a card line on a bill.
type Line struct {
	Card        int // index into Question.Cards
	Transaction *openfinance.CardTransaction
	ID          string
	Day         string // in windows and sums
	Text, Name  string
	Code        taxonomy.Code
	Role        string
	Reversed    string
}

// Plan is a card purchase in instalments: those that are not paid.
type Plan struct{ Instalments []Instalment }

// Instalment is one that is on a bill to be paid, or on none yet.
type Instalment struct {
	Month  int // year × 12 + month − 1
	Amount string
}

// Contract is a credit contract.
type Contract struct {
	Source    *openfinance.Contract
	Invoices  bool // of the section invoiceFinancings
	Revolving bool
	Again     bool // another contract before it is the same operation
}

// Member is a row of a recurring group.
type Member struct {
	Card  bool
	Index int // into Question.Lines, else Question.Entries
}

// Platform is a row of the table of gig platforms.
type Platform struct {
	Name, Kind string
	Roots      []string // of CNPJs
	Words      []string // normalised, each tells the platform
}

// row is an entry or card line with what follows from it.
type row struct {
	Entry
	card         bool
	line         *openfinance.CardTransaction
	at           int // place among the entries or lines
	day          time.Time
	time         time.Time // zero when it has none
	month        int       // of the day
	amount, rest *big.Rat  // rest is without what came back
	foreign      bool      // in another currency: it counts 0
	credit       bool
	digits       string // of the code
	category     string // printed, level 1 and 2 with a bar between
	settlement   string
	pays         bool   // it pays the bill of a card in the document
	document     string // of the counterparty, without punctuation
	party        string // counterparty key, "" for none
}

func monthOf(day time.Time) int { return day.Year()*12 + int(day.Month()) - 1 }

func date(s string) time.Time {
	day, _ := time.Parse(time.DateOnly, s)
	return day
}

// number reads a decimal, nil when there is none.
func number(s string) *big.Rat {
	v, ok := new(big.Rat).SetString(s)
	if !ok {
		return nil
	}
	return v
}

func reais(m openfinance.Money) *big.Rat {
	if m.Currency != "" && m.Currency != "BRL" {
		return nil
	}
	return number(m.Amount)
}

func half(v *big.Rat) *big.Rat { return new(big.Rat).Mul(v, big.NewRat(1, 2)) }

func whole(n int) *big.Rat { return big.NewRat(int64(n), 1) }

func (q *Question) entry(at int) row {
	e := q.Entries[at]
	t := e.Transaction
	r := row{Entry: e, at: at, digits: e.Code.String(), credit: t.CreditDebitType == "CREDITO", amount: new(big.Rat), rest: new(big.Rat)}
	r.day, r.time = dayAndTime(t.Date, t.DateTime)
	r.month = monthOf(r.day)
	r.foreign = currency(t.Amount) != "BRL"
	if amount := reais(t.Amount); amount != nil {
		r.amount = amount
		r.rest = new(big.Rat).Set(amount)
		if e.Role == "reversed" {
			r.rest.Sub(r.rest, number(e.Reversed))
		}
		if q.Accounts[e.Account].Half {
			r.amount, r.rest = half(r.amount), half(r.rest)
		}
	}
	r.document = document(t.PartieCnpjCpf)
	r.party = party(r.document, e.Name)
	r.settlement = taxonomy.SettlementType(t.Type, e.Text)
	r.category = levels(taxonomy.Printed(e.Code, r.settlement, r.document, false))
	return r
}

func (q *Question) cardLine(at int) row {
	l := q.Lines[at]
	t := l.Transaction
	r := row{
		Entry: Entry{ID: l.ID, Text: l.Text, Name: l.Name, Code: l.Code, Role: l.Role, Reversed: l.Reversed},
		card:  true, line: t, at: at, day: date(l.Day), digits: l.Code.String(), credit: t.CreditDebitType == "CREDITO",
		amount: new(big.Rat), rest: new(big.Rat), party: party("", l.Name),
	}
	r.Account = l.Card
	_, r.time = dayAndTime(t.Date, t.DateTime)
	r.month = monthOf(r.day)
	r.foreign = currency(t.BrazilianAmount) != "BRL"
	if amount := reais(t.BrazilianAmount); amount != nil {
		r.amount = amount
		r.rest = new(big.Rat).Set(amount)
		if l.Role == "reversed" {
			r.rest.Sub(r.rest, number(l.Reversed))
		}
	}
	r.settlement = taxonomy.SettlementType("", l.Text)
	r.category = levels(taxonomy.Printed(l.Code, r.settlement, "", false))
	return r
}

func levels(c taxonomy.Code) string {
	printed, _ := taxonomy.Lookup(c)
	return printed.Level1.PT + "|" + printed.Level2.PT
}

var saoPaulo = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("America/Sao_Paulo")
	if err != nil {
		panic(err)
	}
	return zone
})

// dayAndTime: the written date, else that of the moment in São Paulo; midnight UTC
// is no time.
func dayAndTime(written, moment string) (day, instant time.Time) {
	if at, err := time.Parse(time.RFC3339, moment); err == nil {
		if utc := at.UTC(); !strings.HasSuffix(moment, "Z") || utc.Hour()+utc.Minute()+utc.Second()+utc.Nanosecond() > 0 {
			day, instant = date(at.In(saoPaulo()).Format(time.DateOnly)), at
		} else {
			day = date(moment[:10])
		}
	}
	if written != "" {
		day = date(written)
	}
	return day, instant
}

func document(taxID string) string {
	return strings.ToUpper(strings.NewReplacer(".", "", "-", "", "/", "", " ", "").Replace(taxID))
}

// party is the counterparty key of a stream: the document, of a CNPJ its root; else
// the normalised name, unless it has generic words alone.
func party(document, name string) string {
	switch {
	case len(document) == 14:
		return "document " + document[:8]
	case document != "":
		return "document " + document
	case slices.ContainsFunc(strings.Fields(name), func(w string) bool { return !slices.Contains(generic, w) }):
		return "name " + name
	}
	return ""
}

//nolint:misspell // Portuguese.
var generic = strings.Fields(`PAGAMENTO PAGTO PGTO PAG DE DO DA EM NO NA PARA PELO ENTRE BOLETO TITULO TIT COBRANCA ELETRON EFETUADO
	INT OUTRO OUTRA OUTROS BANCO BANCOS IF PIX TED DOC TEF TEV TBI TRANSF TRANSFERENCIA ENVIO ENVIADO ENVIADA RECEBIDO RECEBIDA
	EMITIDO QR QRS CODE DINAMICO ESTATICO DES REM DEB DEBITO CRED CREDITO AUT AUTOMATICO CONTA CONTAS COMPRA CARTAO SAQUE DEPOSITO
	LIQUIDACAO`)

// root is that of the CNPJ of the counterparty, "" for a person or none.
func (r *row) root() string {
	if len(r.document) != 14 {
		return ""
	}
	return r.document[:8]
}

// code reports whether the category begins with one of the digits.
func (r *row) code(prefixes ...string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(r.digits, p) })
}

// hasWords reports whether a text holds words as whole words.
func hasWords(text, words string) bool {
	isWord := func(c byte) bool { return c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' }
	for from := 0; from+len(words) <= len(text); from++ {
		end := from + len(words)
		if text[from:end] == words && (from == 0 || !isWord(text[from-1])) && (end == len(text) || !isWord(text[end])) {
			return true
		}
	}
	return false
}

// newer: day; inside a day those with a time before those without, newest first;
// else reverse document order.
func newer(x, y *row) int {
	switch {
	case !x.day.Equal(y.day):
		return y.day.Compare(x.day)
	case x.time.IsZero() != y.time.IsZero():
		if x.time.IsZero() {
			return 1
		}
		return -1
	case !x.time.Equal(y.time):
		return y.time.Compare(x.time)
	case x.card != y.card: // Cards stand after accounts.
		if x.card {
			return -1
		}
		return 1
	}
	return y.at - x.at
}

// answer collects the figures.
type answer struct {
	q       Question
	today   time.Time
	now     int       // month of today
	oldest  time.Time // zero without an entry
	rows    []row     // of checking accounts, up to today
	lines   []row     // of cards, up to today
	known   bool      // there is a checking account
	zeros   bool      // what cannot be known for want of accounts is 0
	figures map[string]string
	earned  map[bool][]*earning // by V2
	chains  map[[2]int]*chain   // by account; 1 with the invested money
}

func ask(q Question) *answer {
	a := &answer{q: q, figures: make(map[string]string), today: date(q.Day), earned: make(map[bool][]*earning), chains: make(map[[2]int]*chain)}
	a.now = monthOf(a.today)
	for _, account := range q.Accounts {
		a.known = a.known || !account.Savings
	}
	for i := range q.Entries {
		r := q.entry(i)
		r.pays = q.paysBill(&r)
		if q.Accounts[r.Account].Savings || r.day.After(a.today) {
			continue
		}
		a.rows = append(a.rows, r)
		if a.oldest.IsZero() || r.day.Before(a.oldest) {
			a.oldest = r.day
		}
	}
	for i := range q.Lines {
		if r := q.cardLine(i); !r.day.After(a.today) {
			a.lines = append(a.lines, r)
		}
	}
	return a
}

func (a *answer) v2() bool { return a.q.Version == "V2" }

func (a *answer) hasCards() bool { return a.q.Document.Has(openfinance.SectionCreditCardsAccounts) }

func (a *answer) hasCredit() bool {
	return slices.ContainsFunc([]string{
		openfinance.SectionLoans, openfinance.SectionFinancings, openfinance.SectionInvoiceFinancings, openfinance.SectionUnarrangedOverdraft,
	}, a.q.Document.Has)
}

// put writes a figure, null when it is unknown.
func (a *answer) put(pointer string, v *big.Rat, decimals int) {
	a.figures[pointer] = "null"
	if v != nil {
		a.figures[pointer] = Decimal(v, decimals)
	}
}

// putOr0 writes a figure, which the first versions of some products write as 0 when
// it is unknown.
func (a *answer) putOr0(pointer string, v *big.Rat, decimals int) {
	if v == nil && a.zeros {
		v = new(big.Rat)
	}
	a.put(pointer, v, decimals)
}

func (a *answer) text(pointer, s string) { a.figures[pointer] = s }

// flag writes a boolean that rests on accounts.
func (a *answer) flag(pointer string, is bool) {
	a.figures[pointer] = fmt.Sprint(is)
	if !a.known && !a.zeros {
		a.figures[pointer] = "null"
	}
}

func (a *answer) day(pointer string, day time.Time) {
	a.figures[pointer] = "null"
	if !day.IsZero() {
		a.figures[pointer] = day.Format(time.DateOnly)
	}
}

func days(from, to time.Time) int { return int(to.Sub(from).Hours() / 24) }

func (a *answer) age(day time.Time) int { return days(day, a.today) }

// inside: the day lies in the window of the last n days.
func (a *answer) inside(day time.Time, n int) bool { return a.age(day) >= 0 && a.age(day) < n }

func (a *answer) last(n int) func(*row) bool {
	return func(r *row) bool { return a.inside(r.day, n) }
}

func always(*row) bool { return true }

func inMonth(month int) func(*row) bool { return func(r *row) bool { return r.month == month } }

// lastMonths reports whether a month is one of the last k calendar months.
func (a *answer) lastMonths(month, k int) bool { return month <= a.now && month > a.now-k }

func (a *answer) coveredDays() int {
	if len(a.rows) == 0 {
		return 0
	}
	return min(360, a.age(a.oldest)+1)
}

// sum adds up a class over the rows of checking accounts that a test takes. Without
// a checking account nothing can be known.
func (a *answer) sum(c class, takes func(*row) bool) (total, count *big.Rat) {
	return a.sumOver(a.rows, c, takes)
}

// sumBoth is sum with card debits added.
func (a *answer) sumBoth(c class, takes func(*row) bool) (total, count *big.Rat) {
	return a.sumOver(slices.Concat(a.rows, a.lines), c, takes)
}

func (a *answer) sumOver(rows []row, c class, takes func(*row) bool) (total, count *big.Rat) {
	if !a.known {
		return nil, nil
	}
	total, count = new(big.Rat), new(big.Rat)
	for i := range rows {
		r := &rows[i]
		if is, amount := c(&a.q, r); is && takes(r) {
			total.Add(total, amount)
			count.Add(count, whole(1))
		}
	}
	return total, count
}

// monthsWith are the distinct months, of the last k, with a row that a test takes.
func (a *answer) monthsWith(rows []row, k int, takes func(*row) bool) *big.Rat {
	seen := make(map[int]bool)
	for i := range rows {
		if r := &rows[i]; a.lastMonths(r.month, k) && takes(r) {
			seen[r.month] = true
		}
	}
	return whole(len(seen))
}

// isFull: before the month of D, and not before that of the oldest entry, which is
// full itself only when that entry is of day 5 or earlier.
func (a *answer) isFull(month int) bool {
	if month >= a.now || len(a.rows) == 0 {
		return false
	}
	own := monthOf(a.oldest)
	return month > own || month == own && a.oldest.Day() <= 5
}

// fullMonths are the newest k full months, or as many as there are, oldest first.
func (a *answer) fullMonths(k int) (list []int) {
	for month := a.now - 1; a.isFull(month) && len(list) < k; month-- {
		list = append([]int{month}, list...)
	}
	return list
}

// monthsUsed is how many there are.
func (a *answer) monthsUsed(k int) *big.Rat { return a.ifKnown(whole(len(a.fullMonths(k)))) }

// monthly are the sums of a class in the newest k full months.
func (a *answer) monthly(c class, k int) (list []*big.Rat) {
	for _, month := range a.fullMonths(k) {
		total, _ := a.sum(c, inMonth(month))
		list = append(list, total)
	}
	return list
}

// average is the average month over the newest k full months, nil without one.
func (a *answer) average(c class, k int) *big.Rat {
	if !a.known {
		return nil
	}
	return mean(a.monthly(c, k))
}

func monthName(month int) string { return fmt.Sprintf("%04d-%02d", month/12, month%12+1) }
