package fact_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/producttest"
)

// cardsOf returns the facts of a document with the given cards as of a day.
func cardsOf(t testing.TB, day string, cards ...string) *fact.Facts {
	t.Helper()
	d, ok := calendar.ParseDay(day)
	if !ok {
		t.Fatalf("%q is no day", day)
	}
	return producttest.FactsOf(t, []byte(`{"taxId": "52998224725", "creditCardsAccounts": [`+strings.Join(cards, ",")+`]}`), d)
}

// cardJSON is a card with bills and lines.
func cardJSON(id string, bills []string, lines ...string) string {
	return fmt.Sprintf(`{"creditCardAccountId": "%s", "brandName": "Banco", "companyCnpj": "00000000000191", "name": "Card", "bills": [%s], "transactions": [%s]}`,
		id, strings.Join(bills, ","), strings.Join(lines, ","))
}

// billJSON is a bill of 1000.00, minimum 150.00, with other members.
func billJSON(id, closed, due string, members ...string) string {
	return fmt.Sprintf(`{"billId": "%s", "billClosingDate": "%s", "dueDate": "%s", "billTotalAmount": {"amount": "1000.00", "currency": "BRL"},
		"billMinimumAmount": {"amount": "150.00", "currency": "BRL"}%s}`, id, closed, due, strings.Join(append([]string{""}, members...), ", "))
}

func paymentsJSON(list ...string) string { return `"payments": [` + strings.Join(list, ",") + `]` }

func billPayment(day, mode, amount string) string {
	return fmt.Sprintf(`{"valueType": "OUTRO_VALOR_PAGO_FATURA", "paymentDate": "%s", "paymentMode": "%s", "amount": {"amount": "%s", "currency": "BRL"}}`, day, mode, amount)
}

func chargesJSON(list ...string) string { return `"financeCharges": [` + strings.Join(list, ",") + `]` }

func chargeJSON(kind, amount string) string {
	return fmt.Sprintf(`{"type": "%s", "amount": {"amount": "%s", "currency": "BRL"}}`, kind, amount)
}

// lineJSON is a card line; on is the bill that it names, if any.
func lineJSON(id, day, name, amount, direction, on string) string {
	return fmt.Sprintf(`{"transactionId": "%s", "transactionDate": "%s", "billPostDate": "%s", "billId": "%s", "transactionName": "%s",
		"brazilianAmount": {"amount": "%s", "currency": "BRL"}, "creditDebitType": "%s", "transactionType": "OUTROS"}`, id, day, day, on, name, amount, direction)
}

const (
	fineText    = "MULTA POR ATRASO"
	revolvingIn = "JUROS_REMUNERATORIOS_ATRASO_PAGAMENTO_FATURA"
	onTime      = "DEBITO_CONTA_CORRENTE"
)

// "Late bill: its first payment is after the limit day, or it has a late charge, or
// it is unpaid. Limit day = first business day on or after dueDate, plus one business
// day when that payment is by BOLETO_BANCARIO." "Minimum payment: a closed bill whose
// payments sum to > 0, at most 1.10 × minimum, and less than its total."
func TestBills(t *testing.T) {
	const saturday, monday = "2025-05-17", "2025-05-19"
	due := func(day string, members ...string) []string {
		return []string{billJSON("b", "2025-05-09", day, members...)}
	}
	for _, c := range []struct {
		name  string
		bills []string
		lines []string
		want  string
	}{
		{"paid on the due day", due(monday, paymentsJSON(billPayment(monday, onTime, "1000.00"))), nil, ""},
		{"paid a day late", due(monday, paymentsJSON(billPayment("2025-05-20", "PIX", "1000.00"))), nil, "late"},
		{"a boleto settles on the next business day", due(monday, paymentsJSON(billPayment("2025-05-20", "BOLETO_BANCARIO", "1000.00"))), nil, ""},
		{"a boleto two days late", due(monday, paymentsJSON(billPayment("2025-05-21", "BOLETO_BANCARIO", "1000.00"))), nil, "late"},
		{"due on a Saturday, paid on Monday", due(saturday, paymentsJSON(billPayment(monday, "PIX", "1000.00"))), nil, ""},
		{"due on a Saturday, the boleto settles on Tuesday", due(saturday, paymentsJSON(billPayment("2025-05-20", "BOLETO_BANCARIO", "1000.00"))), nil, ""},
		{"due on a Saturday, paid on Tuesday", due(saturday, paymentsJSON(billPayment("2025-05-20", "PIX", "1000.00"))), nil, "late"},
		{"due on a bank holiday (Corpus Christi, a Thursday)", due("2025-06-19", paymentsJSON(billPayment("2025-06-20", "PIX", "1000.00"))), nil, ""},
		{"the first payment decides", due(monday, paymentsJSON(billPayment("2025-05-28", "PIX", "600.00"), billPayment("2025-05-12", "PIX", "400.00"))), nil, ""},
		{"a fine", due(monday, paymentsJSON(billPayment(monday, "PIX", "1000.00")), chargesJSON(chargeJSON("MULTA_ATRASO_PAGAMENTO_FATURA", "20.00"))), nil, "late"},
		{"the tax is no late charge", due(monday, paymentsJSON(billPayment(monday, "PIX", "1000.00")), chargesJSON(chargeJSON("IOF", "3.00"))), nil, ""},
		{"a charge of nothing is none", due(monday, paymentsJSON(billPayment(monday, "PIX", "1000.00")), chargesJSON(chargeJSON("MULTA_ATRASO_PAGAMENTO_FATURA", "0.00"), chargeJSON(revolvingIn, "0.00"))), nil, ""},
		{"revolving", due(monday, paymentsJSON(billPayment(monday, "PIX", "1000.00")), chargesJSON(chargeJSON(revolvingIn, "9.00"))), nil, "late, revolving"},
		{"a line of late charges", due(monday, paymentsJSON(billPayment(monday, "PIX", "1000.00"))), []string{lineJSON("l", "2025-05-02", fineText, "20.00", "DEBITO", "b")}, "late"},
		{"a line of late charges of another bill", due(monday, paymentsJSON(billPayment(monday, "PIX", "1000.00"))), []string{lineJSON("l", "2025-06-02", fineText, "20.00", "DEBITO", "")}, ""},
		{"unpaid", due(monday, paymentsJSON()), nil, "late"},
		{"nothing tells of payments", due(monday), nil, ""},
		{"unpaid, but the card got a payment since", due(monday, paymentsJSON()), []string{lineJSON("l", "2025-05-18", "PAGAMENTO DE FATURA", "1000.00", "CREDITO", "")}, ""},
		{"unpaid, the payment before it closed was of another bill", due(monday, paymentsJSON()), []string{lineJSON("l", "2025-05-09", "PAGAMENTO DE FATURA", "1000.00", "CREDITO", "")}, "late"},
		{"unpaid for 5 days", due("2025-06-25", paymentsJSON()), nil, ""},
		{"unpaid for 6 days", due("2025-06-24", paymentsJSON()), nil, "late"},
		{"nothing to pay", []string{strings.Replace(billJSON("b", "2025-05-09", monday, paymentsJSON()), "1000.00", "-5.00", 1)}, nil, ""},
		{"the minimum", due(monday, paymentsJSON(billPayment(monday, "PIX", "150.00"))), nil, "minimum"},
		{"1.10 × the minimum in two payments", due(monday, paymentsJSON(billPayment(monday, "PIX", "100.00"), billPayment("2025-05-30", "PIX", "65.00"))), nil, "minimum"},
		{"over 1.10 × the minimum", due(monday, paymentsJSON(billPayment(monday, "PIX", "165.01"))), nil, ""},
		{"the minimum is the total", []string{strings.Replace(billJSON("b", "2025-05-09", monday, paymentsJSON(billPayment(monday, "PIX", "150.00"))), "1000.00", "150.00", 1)}, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := cardsOf(t, "2025-06-30", cardJSON("c", c.bills, c.lines...))
			bills := f.Bills(false)
			if len(bills) != 1 {
				t.Fatalf("there are %d bills", len(bills))
			}
			var got []string
			for word, is := range map[string]bool{"late": bills[0].Late, "minimum": bills[0].Minimum, "revolving": bills[0].Revolving} {
				if is {
					got = append(got, word)
				}
			}
			slices.Sort(got)
			if got := strings.Join(got, ", "); got != c.want {
				t.Errorf("the bill is %q, want %q", got, c.want)
			}
		})
	}
}

// On an older day later payments and bills do not exist, so a bill paid later is
// unpaid.
func TestBillsOfAnOlderDay(t *testing.T) {
	bills := []string{
		billJSON("b", "2025-05-09", "2025-05-19", paymentsJSON(billPayment("2025-06-25", "PIX", "1000.00"))),
		billJSON("later", "2025-06-09", "2025-06-17", paymentsJSON(billPayment("2025-06-17", "PIX", "1000.00"))),
	}
	f := cardsOf(t, "2025-05-25", cardJSON("c", bills))
	if !f.Ledger.Replay {
		t.Fatal("the day is not an older one")
	}
	if list := f.Bills(false); len(list) != 1 || !list[0].Late {
		t.Errorf("the bills are %+v", list)
	}
	if list := cardsOf(t, "2025-05-24", cardJSON("c", bills)).Bills(false); len(list) != 1 || list[0].Late {
		t.Errorf("5 days after the due day the bills are %+v", list)
	}
}

// "Late charges of a card: a bill with lines 050404 contributes these, else its
// finance charges other than IOF; age by the line's day, for finance charges by
// dueDate." Lines of the open bill count too.
func TestLateCharges(t *testing.T) {
	f := cardsOf(t, "2025-06-30",
		cardJSON("c", []string{
			billJSON("b1", "2025-04-10", "2025-04-17", chargesJSON(chargeJSON("MULTA_ATRASO_PAGAMENTO_FATURA", "20.00"), chargeJSON("JUROS_MORA_ATRASO_PAGAMENTO_FATURA", "1.50"), chargeJSON("IOF", "3.00"))),
			billJSON("b2", "2025-05-10", "2025-05-19", chargesJSON(chargeJSON("MULTA_ATRASO_PAGAMENTO_FATURA", "20.00"))),
		},
			lineJSON("l1", "2025-05-02", fineText, "22.00", "DEBITO", "b2"),
			lineJSON("l2", "2025-06-20", "JUROS DE MORA", "4.00", "DEBITO", ""),
			lineJSON("l3", "2025-06-21", "MERCADO", "50.00", "DEBITO", ""),
		),
		cardJSON("d", []string{billJSON("b3", "2025-04-10", "2025-04-17", chargesJSON(chargeJSON("OUTROS", "5.00")))}),
	)
	var got []string
	for _, c := range f.LateCharges(false) {
		got = append(got, fmt.Sprint(c.Item.ID(f), " ", c.Day, " ", c.Amount))
	}
	want := []string{"bill:b1 2025-04-17 20.00", "bill:b1 2025-04-17 1.50", "bill:b3 2025-04-17 5.00", "l2 2025-06-20 4.00", "l1 2025-05-02 22.00"}
	if !slices.Equal(got, want) {
		t.Errorf("late charges are %q,\nwant %q", got, want)
	}
	got = nil
	for item := range fact.LateChargesBehind(f.LateCharges(false)) {
		got = append(got, fmt.Sprint(item.ID(f), " ", item.Amount))
	}
	if want := []string{"bill:b1 21.50", "bill:b3 5.00", "l2 4.00", "l1 22.00"}; !slices.Equal(got, want) {
		t.Errorf("behind late charges are %q,\nwant %q", got, want)
	}
}

func TestCardLinesAreNewestFirstUpToTheDay(t *testing.T) {
	f := cardsOf(t, "2025-06-30",
		cardJSON("c", nil, lineJSON("1", "2025-06-01", "MERCADO", "1.00", "DEBITO", ""), lineJSON("2", "2025-07-01", "MERCADO", "2.00", "DEBITO", "")),
		cardJSON("d", nil, strings.Replace(lineJSON("3", "2025-06-15", "SHOP", "3.00", "DEBITO", ""), "BRL", "USD", 1), lineJSON("4", "2025-06-30", "PAGAMENTO", "4.00", "CREDITO", "")),
	)
	var got []string
	for _, l := range f.CardLines(false) {
		got = append(got, fmt.Sprint(f.Ledger.Movements[l.Movement].ID, " ", l.Card, " ", l.Age, " ", l.Amount))
	}
	if want := []string{"4 1 0 4.00", "3 1 15 0.00", "1 0 29 1.00"}; !slices.Equal(got, want) {
		t.Errorf("the lines are %q,\nwant %q", got, want)
	}
	if len(f.CardLines(true)) > 0 || len(f.Bills(true)) > 0 {
		t.Error("the cards of a person are those of a company")
	}
}

// Whatever is paid when: an earlier first payment never makes a bill late, and who
// pays more than 1.10 × the minimum never paid the minimum.
func TestBillsAreMonotone(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		day := calendar.Of(2025, 4, 1) + calendar.Day(rapid.IntRange(0, 60).Draw(r, "day"))
		cents := rapid.IntRange(1, 20_000).Draw(r, "cents")
		amount := money.Amount(cents) * (money.Scale / 100)
		mode := rapid.SampledFrom([]string{"PIX", "BOLETO_BANCARIO"}).Draw(r, "mode")
		of := func(days calendar.Day) fact.BillFact {
			first := billPayment((day - days).String(), mode, amount.String())
			return cardsOf(t, "2025-06-30", cardJSON("c", []string{billJSON("b", "2025-04-10", "2025-04-22", paymentsJSON(first))})).Bills(false)[0]
		}
		b := of(0)
		if of(1).Late && !b.Late {
			r.Errorf("paid on %s it is on time, a day earlier late", day)
		}
		if got, want := b.Minimum, cents <= 16_500; got != want {
			r.Errorf("%s paid: minimum is %t", amount, got)
		}
	})
}
