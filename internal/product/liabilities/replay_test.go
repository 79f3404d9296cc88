package liabilities_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/product/liabilities"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/sandbox"
)

// "Deleting every record dated after D changes no figure": entries, lines, bills,
// payments and contracts. The lines of a later bill stay, as lines of no bill.
func TestOlderDayKnowsNothingLater(t *testing.T) {
	day := today - 75
	for _, persona := range sandbox.Personas() {
		t.Run(persona, func(t *testing.T) {
			p := sandbox.Generate(persona, 4711, 2, today)
			company := p.Truth.CPF == ""
			all := figuresOf(t, p.Userdata, day, company)
			cut := figuresOf(t, withoutWhatCameAfter(t, p.Userdata, day), day, company)
			for pointer, want := range all {
				if cut[pointer] != want {
					t.Errorf("%s is %s, without what came later %s", pointer, want, cut[pointer])
				}
			}
			if len(cut) != len(all) {
				t.Errorf("there are %d figures, without what came later %d", len(all), len(cut))
			}
		})
	}
}

func figuresOf(t *testing.T, userdata []byte, day calendar.Day, company bool) map[string]string {
	t.Helper()
	return producttest.Flat(t, producttest.OlderDay(t, liabilities.Product(), userdata, day, company))
}

type object = map[string]any

// withoutWhatCameAfter removes the records dated after a day. Bills that closed
// after it go, their lines move to the card.
func withoutWhatCameAfter(t *testing.T, userdata []byte, day calendar.Day) []byte {
	t.Helper()
	var doc object
	if err := json.Unmarshal(userdata, &doc); err != nil {
		t.Fatal(err)
	}
	removed := 0
	keep := func(holder object, key string, dates ...string) {
		rows, _ := holder[key].([]any)
		if rows == nil {
			return
		}
		kept := make([]any, 0, len(rows))
		for _, row := range rows {
			if dateOf(row.(object), dates...) <= day.String() {
				kept = append(kept, row)
			} else {
				removed++
			}
		}
		holder[key] = kept
	}
	for _, a := range list(doc, "accounts") {
		if balances, ok := a["balances"].(object); ok {
			balances["updateDateTime"] = today.String() + "T12:00:00Z" // the day of collection stays
		}
		keep(a, "transactions", "transactionDate", "transactionDateTime")
		keep(a, "transactions-current", "transactionDate", "transactionDateTime")
	}
	for _, card := range list(doc, "creditCardsAccounts") {
		for _, bill := range list(card, "bills") {
			keep(bill, "payments", "paymentDate")
			if dateOf(bill, "billClosingDate", "billingDate") > day.String() {
				lines, _ := bill["transactions"].([]any)
				rest, _ := card["transactions"].([]any)
				card["transactions"] = append(rest, lines...)
			}
		}
		keep(card, "bills", "billClosingDate", "billingDate")
		for _, holder := range append(list(card, "bills"), card) {
			keep(holder, "transactions", "transactionDate", "transactionDateTime")
			keep(holder, "transactions-current", "transactionDate", "transactionDateTime")
		}
	}
	for _, section := range []string{"loans", "financings", "invoiceFinancings", "unarrangedAccountsOverdraft"} {
		keep(doc, section, "contractDate")
		for _, contract := range list(doc, section) {
			if payments, ok := contract["payments"].(object); ok {
				keep(payments, "releases", "paidDate")
			}
		}
	}
	if removed == 0 {
		t.Fatal("there is nothing to remove")
	}
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func list(holder object, key string) (all []object) {
	rows, _ := holder[key].([]any)
	for _, row := range rows {
		all = append(all, row.(object))
	}
	return all
}

// dateOf returns the first date that a record has, "" for none.
func dateOf(row object, keys ...string) string {
	for _, key := range keys {
		if date, _ := row[key].(string); len(date) >= len("2025-01-31") {
			date, _, _ = strings.Cut(date, "T")
			return date
		}
	}
	return ""
}
