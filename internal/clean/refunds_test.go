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

// drawPurchases makes a card with purchases and refunds of few shops and amounts.
func drawPurchases(t *rapid.T) *openfinance.Document {
	var card openfinance.CreditCard
	for i := range rapid.IntRange(0, 25).Draw(t, "lines") {
		shop := rapid.SampledFrom([]string{"LOJA AZUL", "MERCADO VERDE"}).Draw(t, "shop")
		line := openfinance.CardTransaction{
			TransactionID: fmt.Sprint("line-", i), CreditDebitType: "DEBITO", Name: shop, TransactionType: "PAGAMENTO", PayeeMCC: -1,
			BrazilianAmount: brl(fmt.Sprintf("%d.00", rapid.IntRange(1, 5).Draw(t, "amount")*10)),
			Date:            (firstDay + calendar.Day(rapid.IntRange(0, 50).Draw(t, "day"))).String(),
		}
		switch rapid.IntRange(0, 3).Draw(t, "kind") {
		case 0:
			line.CreditDebitType, line.TransactionType, line.Name = "CREDITO", "ESTORNO", "ESTORNO "+shop
		case 1:
			line.CreditDebitType, line.TransactionType, line.Name = "CREDITO", "CASHBACK", "CASHBACK "+shop
			line.BrazilianAmount = brl("0.50")
		}
		card.Transactions = append(card.Transactions, line)
	}
	return &openfinance.Document{CreditCards: []openfinance.CreditCard{card}}
}

// Every refund has at most one original, of the same shop and not later, and no
// more comes back than was paid.
func TestRefundsNeverExceedTheirOriginals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, _ := clean.Clean(drawPurchases(t), lateDay)
		if err := ledger.Check(l); err != nil {
			t.Fatal(err)
		}
		back := make(map[int32]money.Amount)
		seen := make(map[int32]bool)
		for _, link := range l.Links {
			if link.Kind != ledger.LinkRefund {
				continue
			}
			refund, original := &l.Movements[link.From], &l.Movements[link.To]
			if seen[link.From] {
				t.Fatal("a refund has two originals")
			}
			seen[link.From] = true
			if name := original.Line.Name; refund.Line.Name != "ESTORNO "+name && refund.Line.Name != "CASHBACK "+name {
				t.Fatal("a refund undoes a purchase at another shop")
			}
			if refund.Line.TransactionType == "CASHBACK" {
				continue // the bank's own, on top of what the shop gives back
			}
			if back[link.To] += link.Amount; back[link.To] > original.Amount {
				t.Fatal("more came back than was paid")
			}
		}
		for i := range l.Movements {
			if m := &l.Movements[i]; m.Line.TransactionType == "ESTORNO" && m.Role != ledger.RoleReversal {
				t.Fatal("what says that it is a refund is none")
			}
		}
	})
}

// A whole refund of the only purchase of its amount finds it.
func TestWholeRefundsFindTheirPurchases(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := drawPurchases(t)
		card := &doc.CreditCards[0]
		day := firstDay + calendar.Day(rapid.IntRange(0, 20).Draw(t, "day"))
		later := day + calendar.Day(rapid.IntRange(0, 40).Draw(t, "later"))
		bought := openfinance.CardTransaction{
			TransactionID: "bought", CreditDebitType: "DEBITO", Name: "LOJA AZUL", TransactionType: "PAGAMENTO", PayeeMCC: -1,
			BrazilianAmount: brl("73.21"), Date: day.String(),
		}
		back := bought
		back.TransactionID, back.CreditDebitType, back.Date = "back", "CREDITO", later.String()
		back.Name, back.TransactionType = "EST LOJA AZUL", "ESTORNO"
		card.Transactions = append(card.Transactions, bought, back)
		reversedBefore := false
		l, _ := clean.Clean(doc, clean.Options{Day: firstDay + 120})
		for _, link := range l.Links {
			from, to := l.Movements[link.From].ID, l.Movements[link.To].ID
			if from == "back" && to == "bought" {
				return
			}
			// An earlier refund took a part of it: then it is not whole any more.
			reversedBefore = reversedBefore || to == "bought" && from != "back"
		}
		if !reversedBefore {
			t.Fatal("the refund did not find its purchase")
		}
	})
}
