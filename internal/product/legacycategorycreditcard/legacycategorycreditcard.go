// Package legacycategorycreditcard is the report category_creditcard in the
// envelope of 2022: a person's cards with their bills and categorised lines.
package legacycategorycreditcard

import (
	_ "embed" // the field table
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/legacy"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
	"github.com/openklaas/klaas/openfinance"
)

//go:embed fields.tsv
var fields string

// Product returns the descriptor.
func Product() *spec.Product {
	return &spec.Product{
		Order:          1020,
		Name:           "category_creditcard",
		Kinds:          []spec.Kind{spec.PF},
		BodyKey:        "Category_creditcard",
		Versions:       []spec.Version{spec.V1, spec.V2},
		Title:          spec.Text{PT: "Cartão categorizado (formato de 2022)", EN: "Categorised credit card (format of 2022)"},
		Purpose:        spec.Text{PT: "Cartões com limite, faturas e categoria em cada lançamento, no envelope de 2022", EN: "Cards with limit, bills and category on every line, in the envelope of 2022"},
		PerInstitution: true,
		Sections:       statement.CardSections,
		Permissions:    statement.CardPermissions(),
		Fields:         spec.MustFields(fields),
		Write:          write,
		Legacy: &spec.Legacy{
			BodyKeyV2: "categoryCreditcard",
			Lists:     func(in *spec.Input) bool { return len(statement.Cards(in)) > 0 },
		},
	}
}

const (
	closedBills = 6  // the newest that are listed
	unbilled    = 60 // of a card without bills: the age in days from which lines are on no open bill
)

// vip are the product types of the two highest ranks.
var vip = []string{"BLACK", "INFINITE", "NANQUIM", "PLATINUM", "GRAFITE"}

func write(w *encode.Writer, in *spec.Input) {
	key := legacy.Speller(in)
	b := bills{w: w, ledger: in.Facts.Ledger, key: key, category: legacy.Categories(in)}
	cards := statement.Cards(in)
	w.Grow(size(cards))
	w.OpenArray()
	for _, c := range cards {
		s := c.Source
		w.OpenObject()
		legacy.Bank(w, key, s.BrandName, c.BacenName, b.ledger.Institutions[c.Institution].Code)
		w.Field(key("card_last4num", "cardLast4num"), statement.CardNumber(s))
		w.Field(key("cpf_verified", "cpfVerified"), legacy.TaxID(in))
		w.Field(key("holder_name", "holderName"), statement.Holder(in))
		w.Field(key("card_type", "cardType"), s.Name)
		b.limits(c)
		// Open Finance does not tell from which account a card is paid.
		w.Field(key("agency_number", "agencyNumber"), "")
		w.Field(key("bank_account", "bankAccount"), "")
		legacy.Number01(w, key("is_active", "isActive"), statement.IsActive(b.ledger, c))
		legacy.Number01(w, key("is_vip", "isVip"), slices.Contains(vip, s.ProductType))
		b.open(c)
		b.closed(listed(c))
		w.CloseObject()
	}
	w.CloseArray()
}

// listed returns the closed bills of a card that the report lists.
func listed(c *ledger.Card) []ledger.Bill { return c.Closed[:min(len(c.Closed), closedBills)] }

// About how long a card is without its bills, a bill without its lines, and a
// line: they make room for a whole report at once.
const (
	cardSize = 512
	billSize = 256
	lineSize = 224
)

func size(cards []*ledger.Card) int {
	n := 0
	for _, c := range cards {
		n += cardSize + billSize
		if c.Open != nil {
			n += lineSize * (len(c.Open.Lines) - len(c.Open.Announced))
		}
		for i := range listed(c) {
			n += billSize + lineSize*len(c.Closed[i].Lines)
		}
	}
	return n
}

// bills writes the bills of cards.
type bills struct {
	w        *encode.Writer
	ledger   *ledger.Ledger
	key      func(snake, camel string) string
	category func(w *encode.Writer, movement int32)
}

func (b *bills) limits(c *ledger.Card) {
	var total, available money.Amount
	var totalKnown, availableKnown bool
	if limit := fact.MainLimit(c.Source.Limits); limit != nil {
		total, totalKnown = legacy.Reais(limit.Limit)
		available, availableKnown = legacy.Reais(statement.Available(limit))
	}
	legacy.Number(b.w, b.key("credit_limit", "creditLimit"), total, totalKnown)
	legacy.Number(b.w, b.key("available_limit", "availableLimit"), available, availableKnown)
}

// open writes the open bill: bill_amount is what its negative lines add up to.
// Instalments that are only announced are not on it yet.
func (b *bills) open(c *ledger.Card) {
	bill := c.Open
	if bill == nil {
		bill = new(ledger.Bill)
		bill.BillingDay, bill.DueDay = calendar.None, calendar.None
	}
	lines := slices.DeleteFunc(slices.Clone(bill.Lines), func(i int32) bool {
		_, announced := slices.BinarySearch(bill.Announced, i)
		old := len(c.Closed) == 0 && b.ledger.Day-b.ledger.Movements[i].Day >= unbilled
		return announced || old
	})
	b.w.Key(b.key("OpenStatement", "openStatement"))
	b.w.OpenObject()
	legacy.Number(b.w, b.key("bill_amount", "billAmount"), bill.Total, c.Open != nil)
	b.w.Field(b.key("due_date", "dueDate"), bill.DueDay.String())
	b.w.Field(b.key("billing_date", "billingDate"), bill.BillingDay.String())
	b.w.Field(b.key("bill_month", "billMonth"), legacy.Month(bill.DueDay))
	b.lines(lines)
	b.w.CloseObject()
}

func (b *bills) closed(closed []ledger.Bill) {
	b.w.Key(b.key("ClosedStatement", "closedStatement"))
	b.w.OpenArray()
	for i := range closed {
		bill := &closed[i]
		b.w.OpenObject()
		b.w.Field(b.key("billing_date", "billingDate"), bill.BillingDay.String())
		b.w.Field(b.key("bill_month", "billMonth"), legacy.Month(bill.DueDay))
		total, known := legacy.Reais(bill.Source.Total)
		legacy.Number(b.w, b.key("bill_amount", "billAmount"), total, known)
		minimum, known := legacy.Reais(bill.Source.Minimum)
		legacy.Number(b.w, b.key("minimum_payment", "minimumPayment"), minimum, known)
		b.payments(bill.Payments, bill.Source.Payments != nil)
		b.lines(bill.Lines)
		b.w.CloseObject()
	}
	b.w.CloseArray()
}

// payments writes the day of the newest payment and the sum of all. A bill that
// was sent without its payments does not tell whether there were any.
func (b *bills) payments(payments []ledger.Payment, known bool) {
	var sum money.Amount
	newest := calendar.None
	for i := range payments {
		sum, _ = money.Add(sum, payments[i].Amount)
		newest = max(newest, payments[i].Day)
	}
	b.w.Field(b.key("payment_date", "paymentDate"), newest.String())
	legacy.Number(b.w, b.key("payment_amount", "paymentAmount"), sum, known)
}

func (b *bills) lines(lines []int32) {
	b.w.Key(b.key("TransactionDetail", "transactionDetail"))
	b.w.OpenArray()
	for _, i := range lines {
		b.line(i)
	}
	b.w.CloseArray()
}

func (b *bills) line(i int32) {
	m := &b.ledger.Movements[i]
	instalment := m.Line.ChargeIdentificator
	if instalment == "" {
		instalment = "0"
	}
	b.w.OpenObject()
	legacy.Day(b.w, b.key("trans_date", "transDate"), m.Written)
	b.w.Exact(b.key("trans_amount", "transAmount"), m.Signed())
	b.w.Field(b.key("trans_currency", "transCurrency"), currency(m.Line))
	b.w.Field(b.key("trans_description", "transDescription"), m.SentName())
	b.category(b.w, i)
	b.w.Field(b.key("payment_type", "paymentType"), m.Line.PaymentType)
	b.w.Field(b.key("charge_identificator", "chargeIdentificator"), "PARCELA_"+instalment)
	b.w.Int(b.key("charge_number", "chargeNumber"), int64(m.Line.ChargeNumber))
	b.w.CloseObject()
}

// currency is BRL, but for a line that came in another one only: its amount is
// in no sum.
func currency(line *openfinance.CardTransaction) string {
	if line.BrazilianAmount.Currency == "" {
		return "BRL"
	}
	return line.BrazilianAmount.Currency
}
