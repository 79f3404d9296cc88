package fact_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/product/producttest"
)

// useOf returns the use of one card as of 2025-06-30, in words.
func useOf(t *testing.T, card string) (*fact.Facts, string) {
	t.Helper()
	f := producttest.FactsOf(t, []byte(`{"taxId": "52998224725", "creditCardsAccounts": [`+card+`]}`), averageDay)
	uses := f.CardUses(false)
	if len(uses) != 1 || len(f.CardUses(true)) != 0 {
		t.Fatalf("%d cards of the person, %d of the company", len(uses), len(f.CardUses(true)))
	}
	return f, inWords(f, &uses[0])
}

func inWords(f *fact.Facts, u *fact.CardUse) string {
	figure := func(g fact.Figure) string {
		if !g.Known {
			return "unknown"
		}
		return g.Amount.String() + " " + ids(f, g.Behind)
	}
	return strings.Join([]string{
		"limit " + figure(u.Limit), fmt.Sprint("covered ", u.Covered, " ", ids(f, u.Oldest)), "closed " + ids(f, u.Closed),
		"open " + figure(u.Open), "newest " + figure(u.Newest), "average " + figure(u.Average3),
		"late " + ids(f, u.Late), "in parts " + ids(f, u.InParts),
	}, "\n")
}

// ids lists the ids of evidence with their amounts.
func ids(f *fact.Facts, behind fact.Evidence) string {
	if behind == nil {
		return "[]"
	}
	var all []string
	for item := range behind {
		text := item.ID(f)
		if item.Amount != 0 {
			text += "=" + item.Amount.String()
		}
		all = append(all, text)
	}
	return "[" + strings.Join(all, " ") + "]"
}

func cardBill(id, due, total, more string) string {
	return fmt.Sprintf(`{"billId": "%s", "dueDate": "%s", "billTotalAmount": {"amount": "%s", "currency": "BRL"}%s}`, id, due, total, more)
}

func cardLine(id, day, amount, more string) string {
	return fmt.Sprintf(`{"transactionId": "%s", "transactionDate": "%s", "brazilianAmount": {"amount": "%s", "currency": "BRL"}, "creditDebitType": "DEBITO", "transactionType": "PAGAMENTO", "transactionName": "LOJA AZUL"%s}`, id, day, amount, more)
}

const cardHead = `{"creditCardAccountId": "c", "brandName": "Banco", "companyCnpj": "00000000000191", "name": "Card"`

// "openBillBalance: openStatement.billTotalAmount, positive; no open bill: 0" and
// "lastClosedBill: of the closed bill with the newest dueDate", "mean of the up to 3
// newest by dueDate; no bill: null". The relations are those of published samples.
func TestCardUses(t *testing.T) {
	paid := `, "payments": [{"valueType": "VALOR_PAGAMENTO_FATURA_REALIZADO", "paymentDate": "%s", "paymentMode": "PIX", "amount": "%s", "currency": "BRL"}]`
	onTime := func(day, amount string) string { return fmt.Sprintf(paid, day, amount) }
	for _, c := range []struct{ name, card, want string }{
		{
			"nothing but a card", cardHead + `}`, `
limit unknown
covered 0 []
closed []
open 0.00 []
newest unknown
average unknown
late []
in parts []`,
		},
		{
			"four bills: the newest, the mean of three, and the lines since", cardHead + `, "bills": [` + strings.Join([]string{
				cardBill("b3", "2025-04-10", "30.01", onTime("2025-04-10", "30.01")), cardBill("b5", "2025-06-10", "50.00", onTime("2025-06-10", "50.00")),
				cardBill("b2", "2025-03-10", "9000.00", onTime("2025-03-10", "9000.00")), cardBill("b4", "2025-05-12", "40.00", onTime("2025-05-12", "40.00")),
			}, ",") + `], "transactions": [` + strings.Join([]string{
				cardLine("t1", "2025-05-28", "50.00", `, "billPostDate": "2025-06-02"`), cardLine("t2", "2025-06-20", "12.34", ""),
				cardLine("t3", "2025-06-21", "1.00", ""), cardLine("t4", "2025-07-02", "7.00", ""),
				strings.Replace(cardLine("t5", "2025-06-22", "5.00", ""), "DEBITO", "CREDITO", 1),
			}, ",") + `], "limits": [{"creditLineLimitType": "LIMITE_CREDITO_TOTAL", "consolidationType": "CONSOLIDADO", "limitAmount": {"amount": "5000.00", "currency": "BRL"}}]}`, `
limit 5000.00 [card:c=5000.00]
covered 34 [t1=50.00]
closed [bill:b5 bill:b4 bill:b3 bill:b2]
open 13.34 [t3=1.00 t2=12.34]
newest 50.00 [bill:b5=50.00]
average 40.00 [bill:b5=50.00 bill:b4=40.00 bill:b3=30.01]
late []
in parts []`,
		},
		{
			"without bills the lines of 60 days are open", cardHead + `, "transactions": [` +
				cardLine("t1", "2025-05-02", "1.00", "") + "," + cardLine("t2", "2025-05-01", "2.00", "") + `]}`, `
limit unknown
covered 61 [t2=2.00]
closed []
open 1.00 [t1=1.00]
newest unknown
average unknown
late []
in parts []`,
		},
		{
			"paid late, and in instalments", cardHead + `, "bills": [` +
				cardBill("b4", "2025-05-12", "40.00", strings.Replace(onTime("2025-05-14", "40.00"), "REALIZADO", "PARCELADO", 1)) + "," +
				cardBill("b5", "2025-06-10", "50.00", onTime("2025-06-10", "50.00")) + `], "transactions": [` +
				cardLine("t1", "2025-06-20", "9.00", `, "otherCreditsType": "PARCELAMENTO_FATURA"`) + `]}`, `
limit unknown
covered 11 [t1=9.00]
closed [bill:b5 bill:b4]
open 9.00 [t1=9.00]
newest 50.00 [bill:b5=50.00]
average 45.00 [bill:b5=50.00 bill:b4=40.00]
late [bill:b4]
in parts [bill:b4 t1=9.00]`,
		},
		{
			"a bill without a total is not known, and in no mean", cardHead + `, "bills": [{"billId": "b5", "dueDate": "2025-06-10"},` +
				cardBill("b4", "2025-05-12", "40.00", onTime("2025-05-12", "40.00")) + `]}`, `
limit unknown
covered 0 []
closed [bill:b5 bill:b4]
open 0.00 []
newest unknown
average 40.00 [bill:b4=40.00]
late []
in parts []`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, got := useOf(t, c.card)
			if diff := cmp.Diff(strings.TrimSpace(c.want), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A late charge on the open bill tells a late payment, too.
func TestALateChargeOnTheOpenBillIsALatePayment(t *testing.T) {
	f, _ := useOf(t, cardHead+`, "transactions": [`+cardLine("t1", "2025-06-20", "3.00", "")+`]}`)
	f.Ledger.Movements[0].Decision.Code = 50404
	if u := fact.New(f.Ledger).CardUses(false)[0]; ids(f, u.Late) != "[t1=3.00]" {
		t.Errorf("late is %s", ids(f, u.Late))
	}
}
