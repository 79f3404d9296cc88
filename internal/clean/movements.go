package clean

import (
	"fmt"
	"time"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/text"
	"github.com/openklaas/klaas/openfinance"
)

// addMovements writes down every entry of the document as a counted movement,
// in document order: account by account (transactions, then
// transactions-current), then card by card (the lines under bills, then
// transactions, then transactions-current). Each gets its exact amount, which is
// never negative, its direction, phase, day, time and texts, and an id.
func addMovements(l *ledger.Ledger) []openfinance.Problem {
	doc := l.Document
	w := writer{l: l}
	l.Movements = make([]ledger.Movement, 0, countEntries(doc))
	for i := range doc.Accounts {
		a := &doc.Accounts[i]
		w.holder, w.section, w.source = int32(i), openfinance.SectionAccounts, ledger.AccountHistory
		l.Accounts[i].First = int32(len(l.Movements))
		w.entries(a.Transactions, "transactions")
		w.source = ledger.AccountCurrent
		w.entries(a.TransactionsCurrent, "transactions-current")
		l.Accounts[i].End = int32(len(l.Movements))
		w.warnForeign()
		nameIDless(l.Movements[l.Accounts[i].First:], a.AccountID)
	}
	for i := range doc.CreditCards {
		c := &doc.CreditCards[i]
		w.holder, w.section, w.source = int32(i), openfinance.SectionCreditCardsAccounts, ledger.BillLines
		l.Cards[i].First = int32(len(l.Movements))
		for b := range c.Bills {
			w.lines(c.Bills[b].Transactions, fmt.Sprintf("bills[%d].transactions", b))
		}
		w.source = ledger.CardHistory
		w.lines(c.Transactions, "transactions")
		w.source = ledger.CardCurrent
		w.lines(c.TransactionsCurrent, "transactions-current")
		l.Cards[i].End = int32(len(l.Movements))
		nameIDless(l.Movements[l.Cards[i].First:], c.CreditCardAccountID)
	}
	return w.problems
}

func countEntries(doc *openfinance.Document) int {
	n := 0
	for i := range doc.Accounts {
		n += len(doc.Accounts[i].Transactions) + len(doc.Accounts[i].TransactionsCurrent)
	}
	for i := range doc.CreditCards {
		c := &doc.CreditCards[i]
		n += len(c.Transactions) + len(c.TransactionsCurrent)
		for b := range c.Bills {
			n += len(c.Bills[b].Transactions)
		}
	}
	return n
}

// writer writes down the entries of one list after the other.
type writer struct {
	l        *ledger.Ledger
	holder   int32
	source   ledger.Source
	section  string
	foreign  bool // the account has entries in another currency
	texts    text.Room
	problems []openfinance.Problem
}

func (w *writer) entries(list []openfinance.Transaction, key string) {
	for i := range list {
		t := &list[i]
		m := w.next()
		if !w.fill(m, t.Amount, t.CreditDebitType, t.Date, t.DateTime) {
			w.drop()
			w.leaveOut(key, i)
			continue
		}
		m.Entry, m.ID, m.Phase = t, t.TransactionID, phase(t.CompletedAuthorised)
		w.tell(m, t.Name)
	}
}

func (w *writer) lines(list []openfinance.CardTransaction, key string) {
	for i := range list {
		t := &list[i]
		m := w.next()
		if !w.fill(m, t.BrazilianAmount, t.CreditDebitType, t.Date, t.DateTime) {
			w.drop()
			w.leaveOut(key, i)
			continue
		}
		m.Line, m.ID = t, t.TransactionID
		m.Posted = postDay(t)
		if m.Posted != calendar.None && t.ChargeNumber > 1 {
			m.Day = m.Posted
		}
		w.tell(m, t.Name)
	}
}

// next returns the movement behind the last, to be written in place: the ledger
// has room for all of them.
func (w *writer) next() *ledger.Movement {
	n := len(w.l.Movements)
	w.l.Movements = w.l.Movements[:n+1]
	return &w.l.Movements[n]
}

// drop takes the last movement back.
func (w *writer) drop() {
	n := len(w.l.Movements) - 1
	w.l.Movements[n] = ledger.Movement{}
	w.l.Movements = w.l.Movements[:n]
}

// tell sets what the statement text tells.
func (w *writer) tell(m *ledger.Movement, name string) {
	m.Text = w.texts.Normalise(name)
	m.Name = w.texts.Name(m.Text)
	m.Signs = text.Signs(m.Text)
}

// fill sets what entries and lines have in common, and reports whether amount,
// direction and day can be read.
func (w *writer) fill(m *ledger.Movement, amount openfinance.Money, direction, date, dateTime string) bool {
	exact, err := money.Parse(amount.Amount)
	if err != nil {
		return false
	}
	way, ok := parseDirection(direction)
	if !ok {
		return false
	}
	day, at, ok := dayOf(date, dateTime)
	if !ok {
		return false
	}
	m.Holder, m.Source, m.Original = w.holder, w.source, -1
	m.Amount, m.Direction = exact.Abs(), way
	m.Foreign = currency(amount) != brl
	w.foreign = w.foreign || m.Foreign
	m.Day, m.Written = day, day
	m.Timed, m.Instant = at.timed, at.millis
	return true
}

// warnForeign tells once per account that some of its entries are in no sum.
func (w *writer) warnForeign() {
	if !w.foreign {
		return
	}
	w.foreign = false
	w.problems = append(w.problems, openfinance.Problem{
		Path:     fmt.Sprintf("%s[%d].transactions", w.section, w.holder),
		Message:  "has entries in another currency than BRL: they are printed, but are in no figure, as klaas does not convert money",
		Severity: openfinance.Warning,
		Section:  w.section,
	})
}

func (w *writer) leaveOut(key string, i int) {
	w.problems = append(w.problems, openfinance.Problem{
		Path:     fmt.Sprintf("%s[%d].%s[%d]", w.section, w.holder, key, i),
		Message:  "has no readable amount, creditDebitType or date: send all three",
		Severity: openfinance.LeftOut,
		Section:  w.section,
	})
}

// dayOf is the day of an entry: its date, else its date-time in São Paulo. The
// time is that of the date-time, where it has one.
func dayOf(date, dateTime string) (day calendar.Day, at moment, ok bool) {
	at, ok = parseMoment(dateTime)
	if date == "" {
		return at.day(), at, ok
	}
	if ok && date == dateTime[:dateLength] {
		return at.written, at, true // the usual case: no need to read the date
	}
	day, ok = calendar.ParseDay(date)
	return day, at, ok
}

// unposted is the official dummy for "on no bill yet".
var unposted = calendar.Of(1, time.January, 1)

// postDay returns the day a card line was posted to a bill, None when unknown.
func postDay(t *openfinance.CardTransaction) calendar.Day {
	day, ok := calendar.ParseDay(t.BillPostDate)
	if !ok || day == unposted {
		return calendar.None
	}
	return day
}

func parseDirection(creditDebitType string) (ledger.Direction, bool) {
	switch creditDebitType {
	case "CREDITO":
		return ledger.Credit, true
	case "DEBITO":
		return ledger.Debit, true
	}
	return 0, false
}

// phase reads completedAuthorisedPaymentType. Absent or unknown is effective.
func phase(completedAuthorised string) ledger.Phase {
	switch completedAuthorised {
	case "LANCAMENTO_FUTURO":
		return ledger.Future
	case "TRANSACAO_PROCESSANDO":
		return ledger.Pending
	}
	return ledger.Effective
}

const brl = "BRL"

// currency returns an amount's currency; without one it is BRL.
func currency(m openfinance.Money) string {
	if m.Currency == "" {
		return brl
	}
	return m.Currency
}
