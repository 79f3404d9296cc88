package statement

import (
	"strings"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/openfinance"
)

// CreditCards writes the cards of a report. It spells the limit "limit"; the
// plural that integrators know from the categorised products is added as ours.
func CreditCards(w *encode.Writer, in *spec.Input) {
	writeCards(w, in, Plain(), func(c *ledger.Card) {
		if !in.Strict() {
			w.Bool("isActive", IsActive(in.Facts.Ledger, c))
		}
		writeLimit(w, "limit", c)
		if !in.Strict() {
			writeLimit(w, "limits", c)
		}
	})
}

// CategorizedCreditCards returns the writer of a product that adds keys to every
// line. It spells the limit "limits".
func CategorizedCreditCards(keys Keys) func(*encode.Writer, *spec.Input) {
	return func(w *encode.Writer, in *spec.Input) {
		writeCards(w, in, keys, func(c *ledger.Card) {
			w.Bool("isActive", IsActive(in.Facts.Ledger, c))
			writeLimit(w, "limits", c)
		})
	}
}

// writeCards writes the cards; state writes the keys between the payment methods
// and the bills, in which the products differ.
func writeCards(w *encode.Writer, in *spec.Input, keys Keys, state func(*ledger.Card)) {
	b := bills{in: in, w: w, lines: newEntries(w, in, keys)}
	all := Cards(in)
	size := 0
	for _, c := range all {
		size += b.bytes(c)
	}
	w.Grow(size)
	w.OpenArray()
	for _, c := range all {
		s := c.Source
		w.OpenObject()
		w.Field("brandName", s.BrandName)
		w.Field("bacenName", c.BacenName)
		w.Field("companyCnpj", s.CompanyCNPJ)
		w.Field("civilName", Holder(in))
		w.Field("name", s.Name)
		w.Field("productType", s.ProductType)
		w.Field("creditCardNetwork", s.Network)
		writePaymentMethods(w, s.PaymentMethods)
		state(c)
		b.open(c.Open)
		b.closed(c.Closed)
		w.CloseObject()
	}
	w.CloseArray()
}

func writePaymentMethods(w *encode.Writer, methods []openfinance.PaymentMethod) {
	w.Key("paymentMethods")
	w.OpenArray()
	for i := range methods {
		w.OpenObject()
		w.Field("identificationNumber", methods[i].IdentificationNumber)
		boolIf(w, "isMultipleCreditCard", methods[i].IsMultiple)
		w.CloseObject()
	}
	w.CloseArray()
}

// CardNumber returns the last four digits of the first card of a card account.
func CardNumber(c *openfinance.CreditCard) string {
	if len(c.PaymentMethods) == 0 {
		return ""
	}
	const digits = 4
	number := c.PaymentMethods[0].IdentificationNumber
	if len(number) <= digits || strings.Trim(number, "0123456789") != "" {
		return number
	}
	return number[len(number)-digits:]
}

func boolIf(w *encode.Writer, key string, b openfinance.Bool) {
	if b != openfinance.Absent {
		w.Bool(key, b == openfinance.True)
	}
}

// activeDays is the age below which a bill or line shows that a card is in use.
const activeDays = 90

// IsActive reports whether a card is in use: a bill (by its due day) or a line
// younger than 90 days, days to come included, or a limit in use.
func IsActive(l *ledger.Ledger, c *ledger.Card) bool {
	recent := func(d calendar.Day) bool { return d != calendar.None && l.Day-d < activeDays }
	for i := range c.Closed {
		if recent(c.Closed[i].DueDay) {
			return true
		}
	}
	for i := c.First; i < c.End; i++ {
		if m := &l.Movements[i]; m.Standing == ledger.Counted && recent(m.Day) {
			return true
		}
	}
	limit := fact.MainLimit(c.Source.Limits)
	if limit == nil {
		return false
	}
	used, err := money.Parse(limit.Used.Amount)
	return err == nil && used > 0
}

func writeLimit(w *encode.Writer, key string, c *ledger.Card) {
	limit := fact.MainLimit(c.Source.Limits)
	if limit == nil {
		return
	}
	w.Key(key)
	w.OpenObject()
	boolIf(w, "isLimitFlexible", limit.IsFlexible)
	if limit.Limit.Present() {
		w.Key("limitAmount")
		w.OpenObject()
		w.MoneyMembers(limit.Limit.Amount, limit.Limit.Currency)
		w.Field("limitAmountReason", limit.LimitAmountReason)
		w.CloseObject()
	}
	Money(w, "usedAmount", limit.Used)
	Money(w, "availableAmount", Available(limit))
	w.CloseObject()
}

// Available returns what is left of a limit: as received, else limit − used.
func Available(l *openfinance.CardLimit) openfinance.Money {
	if l.Available.Present() {
		return l.Available
	}
	limit, limitErr := money.Parse(l.Limit.Amount)
	used, usedErr := money.Parse(l.Used.Amount)
	if limitErr != nil || usedErr != nil {
		return openfinance.Money{}
	}
	return openfinance.Money{Amount: (limit - used).String(), Currency: l.Limit.Currency}
}

// bills writes the bills of a card.
type bills struct {
	in    *spec.Input
	w     *encode.Writer
	lines entries
}

// bytes returns about how long a card becomes.
func (b *bills) bytes(c *ledger.Card) int {
	n := headSize
	if c.Open != nil {
		n += headSize + b.lines.bytes(c.Open.Lines)
	}
	for i := range c.Closed {
		n += headSize + b.lines.bytes(c.Closed[i].Lines)
	}
	return n
}

func (b *bills) open(bill *ledger.Bill) {
	if bill == nil {
		return
	}
	b.w.Key("openStatement")
	b.w.OpenObject()
	b.dates(bill)
	b.w.Money("billTotalAmount", bill.Total.String(), "BRL")
	b.lines.write(bill.Lines)
	b.w.CloseObject()
}

func (b *bills) closed(closed []ledger.Bill) {
	b.w.Key("closedStatements")
	b.w.OpenArray()
	for i := range closed {
		bill := &closed[i]
		b.w.OpenObject()
		b.dates(bill)
		Money(b.w, "billMinimumAmount", bill.Source.Minimum)
		Money(b.w, "billTotalAmount", bill.Source.Total)
		b.lines.write(bill.Lines)
		if !b.in.Strict() {
			b.more(bill.Source)
		}
		b.w.CloseObject()
	}
	b.w.CloseArray()
}

func (b *bills) dates(bill *ledger.Bill) {
	due := bill.DueDay.String()
	month := due
	if due != "" {
		month = due[:len("2006-01")]
	}
	b.w.Field("billMonth", month)
	b.w.Field("billingDate", bill.BillingDay.String())
	b.w.Field("dueDate", due)
}

// more writes the keys of a closed bill that are ours: what Open Finance Brasil
// tells beyond the published shape.
func (b *bills) more(bill *openfinance.Bill) {
	b.w.FieldIf("billId", bill.BillID)
	boolIf(b.w, "isInstalment", bill.IsInstalment)
	b.charges(bill.FinanceCharges)
	b.payments(bill.Payments)
}

func (b *bills) charges(charges []openfinance.FinanceCharge) {
	if len(charges) == 0 {
		return
	}
	b.w.Key("financeCharges")
	b.w.OpenArray()
	for i := range charges {
		b.w.OpenObject()
		b.w.Field("type", charges[i].Type)
		b.w.FieldIf("additionalInfo", charges[i].AdditionalInfo)
		flatMoney(b.w, charges[i].Amount)
		b.w.CloseObject()
	}
	b.w.CloseArray()
}

func (b *bills) payments(payments []openfinance.BillPayment) {
	if len(payments) == 0 {
		return
	}
	b.w.Key("payments")
	b.w.OpenArray()
	for i := range payments {
		b.w.OpenObject()
		b.w.Field("valueType", payments[i].ValueType)
		b.w.Field("paymentDate", payments[i].PaymentDate)
		b.w.Field("paymentMode", payments[i].PaymentMode)
		flatMoney(b.w, payments[i].Amount)
		b.w.CloseObject()
	}
	b.w.CloseArray()
}

// flatMoney writes amount and currency into the open object.
func flatMoney(w *encode.Writer, m openfinance.Money) {
	if m.Present() {
		w.MoneyMembers(m.Amount, m.Currency)
	}
}
