package fact

import (
	"cmp"
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/openfinance"
	"github.com/openklaas/klaas/taxonomy"
)

// CardLine is a counted line of an open or closed bill, dated up to the reporting
// day, each once.
type CardLine struct {
	Movement int32
	Card     int32
	Age      int32
	Amount   money.Amount // 0 in another currency than BRL
}

// BillFact is a closed bill with what its payment tells.
type BillFact struct {
	Card, Bill int32        // Ledger.Cards[Card].Closed[Bill]
	DueDay     calendar.Day // None when unknown
	Late       bool         // first paid after the limit day, or with a late charge, or unpaid
	Minimum    bool         // the payments are over 0, at most 1.10 × the minimum, and less than the total
	Revolving  bool         // it has a finance charge for revolving credit
}

// Item returns the bill as evidence that adds an amount.
func (b *BillFact) Item(amount money.Amount) Item {
	return Item{Kind: BillItem, Index: b.Card, Bill: b.Bill, Amount: amount}
}

// LateCharge is one late charge of a card: a line 050404, or where its bill has no
// such line a finance charge of the bill other than IOF.
type LateCharge struct {
	Card   int32
	Item   Item         // the line, or the bill: several charges of a bill have the same one
	Day    calendar.Day // of the line, else the due day; None or after D: in no window
	Amount money.Amount
}

// cardFacts are the facts of the cards of the person or company.
type cardFacts struct {
	lines   []CardLine
	bills   []BillFact
	charges []LateCharge
}

// HasCards reports whether the document has the section of cards. Without it card
// figures are unknown; with it and no card they are 0.
func (f *Facts) HasCards() bool { return f.Ledger.Document.Has(openfinance.SectionCreditCardsAccounts) }

// CardLines returns the lines of the cards of the person or company, newest first.
func (f *Facts) CardLines(company bool) []CardLine { return f.cardFacts(company).lines }

// Bills returns the closed bills of the person's or company's cards, newest due
// day first, then by card.
func (f *Facts) Bills(company bool) []BillFact { return f.cardFacts(company).bills }

// LateCharges returns the late charges of all cards, those that bills state first,
// in the order of [Facts.Bills], then the lines, newest first.
func (f *Facts) LateCharges(company bool) []LateCharge { return f.cardFacts(company).charges }

// LateChargesBehind returns the evidence of some late charges, which are in the
// order of [Facts.LateCharges]: the charges of one bill are one item.
func LateChargesBehind(charges []LateCharge) Evidence {
	var items []Item
	for i := range charges {
		item := charges[i].Item
		item.Amount = charges[i].Amount
		items = addItem(items, item)
	}
	return listed(items)
}

func (f *Facts) cardFacts(company bool) *cardFacts {
	which := whose(company)
	if f.cards[which] == nil {
		f.cards[which] = f.newCardFacts(company)
	}
	return f.cards[which]
}

// lateCharge is the category of late interest and fines.
const lateCharge taxonomy.Code = 50404

func (f *Facts) newCardFacts(company bool) *cardFacts {
	l, c := f.Ledger, new(cardFacts)
	for i := range l.Cards {
		card := &l.Cards[i]
		if card.Company != company {
			continue
		}
		for at := card.First; at < card.End; at++ {
			m := &l.Movements[at]
			if m.Standing != ledger.Counted || m.Day > l.Day {
				continue
			}
			line := CardLine{Movement: at, Card: int32(i), Age: int32(l.Day - m.Day)}
			if !m.Foreign {
				line.Amount = m.Amount
			}
			c.lines = append(c.lines, line)
		}
		for k := range card.Closed {
			c.bills = append(c.bills, billFact(l, int32(i), int32(k)))
		}
	}
	slices.SortFunc(c.lines, func(x, y CardLine) int { return byAge(l, x.Movement, y.Movement) })
	slices.SortStableFunc(c.bills, func(x, y BillFact) int {
		return cmp.Or(cmp.Compare(y.DueDay, x.DueDay), cmp.Compare(x.Card, y.Card))
	})
	c.readCharges(l)
	return c
}

// readCharges lists the late charges: of bills without a line of them those that
// the bill states, and all lines, also those of open bills.
func (c *cardFacts) readCharges(l *ledger.Ledger) {
	for i := range c.bills {
		b := &c.bills[i]
		bill := &l.Cards[b.Card].Closed[b.Bill]
		if hasLateLine(l, bill) {
			continue
		}
		for k := range bill.Source.FinanceCharges {
			if amount := lateFinanceCharge(&bill.Source.FinanceCharges[k]); amount > 0 {
				c.charges = append(c.charges, LateCharge{Card: b.Card, Item: b.Item(amount), Day: b.DueDay, Amount: amount})
			}
		}
	}
	for i := range c.lines {
		line := &c.lines[i]
		if m := &l.Movements[line.Movement]; isLateLine(m) {
			c.charges = append(c.charges, LateCharge{
				Card: line.Card, Item: Item{Index: line.Movement, Amount: line.Amount}, Day: m.Day, Amount: line.Amount,
			})
		}
	}
}

func isLateLine(m *ledger.Movement) bool {
	return m.Direction == ledger.Debit && m.Decision.Code == lateCharge
}

func hasLateLine(l *ledger.Ledger, bill *ledger.Bill) bool {
	return slices.ContainsFunc(bill.Lines, func(at int32) bool {
		return isLateLine(&l.Movements[at]) && l.Movements[at].Day <= l.Day
	})
}

// lateFinanceCharge returns the amount of a finance charge other than IOF; 0 when
// it is that tax, or no charge at all: banks list all types, those without a charge
// with an amount of 0.
func lateFinanceCharge(c *openfinance.FinanceCharge) money.Amount {
	if c.Type == "IOF" {
		return 0
	}
	return reais(c.Amount)
}

// reais returns an amount of money in BRL that is over 0, and 0 for any other.
func reais(m openfinance.Money) money.Amount {
	amount, err := money.Parse(m.Amount)
	if err != nil || amount < 0 || !inReais(m.Currency) {
		return 0
	}
	return amount
}

// revolvingInterest is the finance charge of a bill that was not paid in full.
const revolvingInterest = "JUROS_REMUNERATORIOS_ATRASO_PAGAMENTO_FATURA"

func billFact(l *ledger.Ledger, card, index int32) BillFact {
	bill := &l.Cards[card].Closed[index]
	b := BillFact{Card: card, Bill: index, DueDay: bill.DueDay, Late: hasLateLine(l, bill)}
	for i := range bill.Source.FinanceCharges {
		c := &bill.Source.FinanceCharges[i]
		b.Late = b.Late || lateFinanceCharge(c) > 0
		b.Revolving = b.Revolving || c.Type == revolvingInterest && reais(c.Amount) > 0
	}
	b.Late = b.Late || isPaidLate(bill) || isUnpaid(l, card, bill)
	b.Minimum = isMinimum(bill)
	return b
}

// isPaidLate reports whether the first payment that a bill states came after the
// limit day: the first business day on or after the due day, and for a boleto, which
// settles on the next day, one business day more.
func isPaidLate(bill *ledger.Bill) bool {
	first, byBoleto := calendar.None, false
	for i := range bill.Payments { // by day
		p := &bill.Payments[i]
		if p.Stated == nil || first != calendar.None && p.Day > first {
			continue
		}
		first = p.Day
		byBoleto = byBoleto || p.Stated.PaymentMode == "BOLETO_BANCARIO"
	}
	if first == calendar.None || bill.DueDay == calendar.None {
		return false
	}
	limit := bill.DueDay.BusinessDay()
	if byBoleto {
		limit = limit.AddBusinessDays(1)
	}
	return first > limit
}

// graceDays is how many days after the due day the news of a payment may take.
const graceDays = 5

// isUnpaid reports whether a bill over 0, due more than 5 days before D, states
// that it has no payment, and its card got none since it closed.
func isUnpaid(l *ledger.Ledger, card int32, bill *ledger.Bill) bool {
	const billPaid taxonomy.Code = 60202
	stated := bill.Source.Payments
	if bill.Total <= 0 || bill.DueDay == calendar.None || bill.DueDay >= l.Day-graceDays || stated == nil || len(stated) > 0 {
		return false
	}
	for at := l.Cards[card].First; at < l.Cards[card].End; at++ {
		m := &l.Movements[at]
		if m.Standing == ledger.Counted && m.Direction == ledger.Credit && m.Decision.Code == billPaid && m.Day > bill.BillingDay && m.Day <= l.Day {
			return false
		}
	}
	return true
}

// isMinimum reports whether little more than the minimum of a bill was paid: the
// payments that it states sum to more than 0, at most 1.10 × the minimum, and less
// than the total.
func isMinimum(bill *ledger.Bill) bool {
	minimum := reais(bill.Source.Minimum)
	var paid money.Amount
	for i := range bill.Payments {
		if bill.Payments[i].Stated != nil {
			paid, _ = money.Add(paid, bill.Payments[i].Amount)
		}
	}
	return paid > 0 && paid-minimum <= minimum/10 && paid < bill.Total
}
