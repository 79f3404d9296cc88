package clean_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/clean"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/openfinance"
)

// The habits of transmitters.
const (
	monthByMonth = iota // every instalment has a line on a day of its own
	purchaseDay         // every instalment has a line under the day of the purchase
	fullPrice           // one line with the whole price
)

// bought is a purchase that really happened.
type bought struct {
	shop    string
	day     calendar.Day
	amounts []money.Amount // in cents
}

const oneCent = money.Scale / 100

// TestPlansAreWhatWasBought makes a year of bills of a card on which little but
// instalments was bought, under each habit, and reads the plans back.
func TestPlansAreWhatWasBought(t *testing.T) {
	for habit, name := range []string{"month by month", "purchase day", "full price"} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				const cycles = 8
				firstClosing := calendar.Of(2025, 1, rapid.IntRange(1, 20).Draw(t, "closing day"))
				closing := func(cycle int) calendar.Day { return firstClosing.AddMonths(cycle) }
				cycleOf := func(day calendar.Day) int {
					cycle := 0
					for day > closing(cycle) {
						cycle++
					}
					return cycle
				}
				var all []bought
				for i := range rapid.IntRange(1, 5).Draw(t, "purchases") {
					b := bought{shop: fmt.Sprint("LOJA ", string(rune('A'+i))), day: closing(0) + calendar.Day(rapid.IntRange(1, 120).Draw(t, "day"))}
					count := rapid.IntRange(2, 10).Draw(t, "count")
					price := rapid.IntRange(1000, 99999).Draw(t, "cents")
					for k := range count {
						part := price / count
						if k == count-1 {
							part = price - part*(count-1)
						}
						b.amounts = append(b.amounts, money.Amount(part)*oneCent)
					}
					all = append(all, b)
				}
				card := openfinance.CreditCard{CreditCardAccountID: "card"}
				totals := make([]money.Amount, cycles)
				id := func(cycle int) string { return fmt.Sprint("bill-", cycle) }
				line := func(b *bought, day calendar.Day, cycle, number int, amount money.Amount) {
					l := openfinance.CardTransaction{
						Date: day.String(), CreditDebitType: "DEBITO", Name: b.shop, TransactionType: "PAGAMENTO", PayeeMCC: -1,
						BrazilianAmount: brl(amount.String()), ChargeIdentificator: fmt.Sprint(number), ChargeNumber: int32(len(b.amounts)),
					}
					if cycle < cycles {
						l.BillID = id(cycle)
					}
					card.Transactions = append(card.Transactions, l)
				}
				for i := range all {
					b := &all[i]
					first, price := cycleOf(b.day), money.Amount(0)
					for k, amount := range b.amounts {
						price += amount
						cycle := first + k
						if cycle < cycles {
							totals[cycle] += amount
						}
						switch {
						case habit == fullPrice || cycle > cycles:
						case habit == purchaseDay:
							line(b, b.day, cycle, k+1, amount)
						default:
							line(b, b.day.AddMonths(k), cycle, k+1, amount)
						}
					}
					if habit == fullPrice {
						line(b, b.day, first, 1, price)
					}
				}
				for cycle := range cycles {
					card.Bills = append(card.Bills, openfinance.Bill{
						BillID: id(cycle), ClosingDate: closing(cycle).String(), DueDate: (closing(cycle) + 7).String(), Total: brl(totals[cycle].String()),
					})
				}
				day := closing(cycles-1) + 8
				l, _ := clean.Clean(&openfinance.Document{CreditCards: []openfinance.CreditCard{card}}, clean.Options{Day: day})
				if err := ledger.Check(l); err != nil {
					t.Fatal(err)
				}
				checkBought(t, l, all, func(b *bought, k int) int { return (closing(cycleOf(b.day)+k) + 7).MonthIndex() })
			})
		})
	}
}

// checkBought holds the plans of a ledger against what was bought. The month in
// which the n-th following bill is due is told by due.
func checkBought(t *rapid.T, l *ledger.Ledger, all []bought, due func(b *bought, n int) int) {
	if len(l.Plans) != len(all) {
		t.Fatalf("%d plans, %d were bought", len(l.Plans), len(all))
	}
	for i := range all {
		b := &all[i]
		at := -1
		for k := range l.Plans {
			line := l.Plans[k].Whole
			if line < 0 {
				line = l.Plans[k].Lines[0].Movement
			}
			if l.Movements[line].Text == b.shop {
				at = k
			}
		}
		if at < 0 || int(l.Plans[at].Count) != len(b.amounts) {
			t.Fatalf("%s has no plan of %d instalments", b.shop, len(b.amounts))
		}
		for k, want := range b.amounts {
			in := l.Plans[at].At(l, int32(k+1))
			// A last instalment that was not sent may differ by the cents.
			sent := in.Movement >= 0 || l.Plans[at].Whole >= 0
			if in.Amount != want && (sent || (in.Amount-want).Abs() >= money.Amount(len(b.amounts))*oneCent) {
				t.Fatalf("instalment %d of %s is %s, want %s", k+1, b.shop, in.Amount, want)
			}
			if in.Month != due(b, k) {
				t.Fatalf("instalment %d of %s falls in month %d, want %d", k+1, b.shop, in.Month, due(b, k))
			}
			state := ledger.InstalmentPaid
			switch open := l.Cards[0].Open.DueDay.MonthIndex(); {
			case in.Month == open && in.State == ledger.InstalmentOnBill, in.Month == open && in.Movement < 0:
				continue
			case in.Month >= open:
				state = ledger.InstalmentToCome
			}
			if in.State != state {
				t.Fatalf("instalment %d of %s has the state %d, want %d", k+1, b.shop, in.State, state)
			}
		}
	}
}

// TestInstalmentMarks reads the texts by which banks tell an instalment.
func TestInstalmentMarks(t *testing.T) {
	for _, c := range []struct {
		text, payment string
		number, count int32 // 0: none
	}{
		{"LOJA - Parcela 3/10", "", 3, 10},
		{"LOJA PARC 03/10", "", 3, 10},
		{"LOJA PARC03/10 SAO PAULO", "", 3, 10},
		{"PARC.3/10 LOJA", "", 3, 10},
		{"LOJA PARCELA 3 DE 10", "", 3, 10},
		{"LOJA Parcela 3 de 10", "A_VISTA", 3, 10},
		{"LOJA 3/10", "", 3, 10},
		{"LOJA (3/10)", "", 3, 10},
		{"LOJA 03/10", "A_PRAZO", 3, 10},
		{"LOJA 03/10", "", 3, 10}, // far from 3 October
		{"LOJA 03/10", "A_VISTA", 0, 0},
		{"LOJA 14/03", "", 0, 0}, // number over count
		{"LOJA 03/03", "", 0, 0}, // a day of March
		{"LOJA 10/12", "A_PRAZO", 10, 12},
		{"LOJA 0/10", "", 0, 0},
		{"LOJA 1/1", "", 0, 0},
		{"LOJA 1/2024", "", 0, 0},
		{"LOJA 01/02/2025", "", 0, 0},
		{"LOJA24/48", "", 0, 0}, // part of a name
		{"ESPARCELA 3/10", "", 3, 10},
		{"LOJA", "", 0, 0},
		{"3/10", "", 0, 0}, // names nothing
		{"PARCELA UNICA", "", 0, 0},
		{"", "", 0, 0},
	} {
		card := openfinance.CreditCard{Transactions: []openfinance.CardTransaction{{
			Date: "2025-03-05", CreditDebitType: "DEBITO", Name: c.text, BrazilianAmount: brl("10.00"), PaymentType: c.payment, PayeeMCC: -1,
		}}}
		l, _ := clean.Clean(&openfinance.Document{CreditCards: []openfinance.CreditCard{card}}, clean.Options{Day: calendar.Of(2025, 3, 31)})
		var number, count int32
		if len(l.Plans) == 1 {
			count = l.Plans[0].Count
			if len(l.Plans[0].Lines) > 0 {
				number = l.Plans[0].Lines[0].Number
			}
		}
		if number != c.number || count != c.count {
			t.Errorf("%q (%s) is %d/%d, want %d/%d", c.text, c.payment, number, count, c.number, c.count)
		}
	}
}
