package demo_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/demo"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/openfinance"
)

func days(t *testing.T) []calendar.Day {
	t.Helper()
	var list []calendar.Day
	for _, text := range []string{"2026-03-01", "2024-02-29", "2025-12-31", "2025-11-03", "2026-07-14"} {
		day, ok := calendar.ParseDay(text)
		if !ok {
			t.Fatal(text)
		}
		list = append(list, day)
	}
	return list
}

func TestSameDaySamePerson(t *testing.T) {
	day := days(t)[0]
	if !bytes.Equal(demo.Userdata(day), demo.Userdata(day)) {
		t.Error("the same day gives other bytes")
	}
	if bytes.Equal(demo.Userdata(day), demo.Userdata(day+1)) {
		t.Error("another day gives the same bytes")
	}
}

// shape is what the tests look at.
type shape struct {
	Accounts []struct {
		Balances     struct{ AvailableAmount amount }
		Transactions []row
	}
	CreditCardsAccounts []struct {
		Bills []struct {
			BillID, DueDate string
			BillTotalAmount amount
			FinanceCharges  []any
			Payments        []struct{ Amount, PaymentDate string }
		}
		Transactions []row
	}
}

type amount struct{ Amount string }

type row struct {
	TransactionID, TransactionDateTime, CreditDebitType, TransactionName, Type, BillID string
	TransactionAmount, BrazilianAmount                                                 amount
}

func TestPersonIsConsistent(t *testing.T) {
	for _, last := range days(t) {
		text := demo.Userdata(last)
		if _, problems, err := openfinance.Read(text); err != nil || problems.Total > 0 {
			t.Fatalf("%s: %v, problems %+v", last, err, problems)
		}
		var person shape
		if err := json.Unmarshal(text, &person); err != nil {
			t.Fatal(err)
		}
		first := last.AddMonths(-12) + 1
		ids := map[string]bool{}
		var newest calendar.Day
		rows := person.CreditCardsAccounts[0].Transactions
		for _, account := range person.Accounts {
			rows = append(rows, account.Transactions...)
		}
		for _, r := range rows {
			day, ok := calendar.ParseDay(r.TransactionDateTime[:10])
			if !ok || day < first || day > last {
				t.Errorf("%s: a movement on %s", last, r.TransactionDateTime)
			}
			newest = max(newest, day)
			if ids[r.TransactionID] {
				t.Errorf("%s: id %s stands twice", last, r.TransactionID)
			}
			ids[r.TransactionID] = true
			if strings.ContainsAny(r.TransactionName, "{}") {
				t.Errorf("%s: text %q is not filled in", last, r.TransactionName)
			}
		}
		if last-newest > 5 {
			t.Errorf("%s: the newest movement is of %s", last, newest)
		}
		if n := len(rows); n < 600 || n > 1500 {
			t.Errorf("%s: %d movements", last, n)
		}
		for i, account := range person.Accounts {
			if len(account.Transactions) == 0 {
				t.Errorf("%s: account %d is empty", last, i)
			}
			// Walked back from its end, only the account with an overdraft may be below zero.
			balance, floor := parse(t, account.Balances.AvailableAmount), money.Amount(0)
			if i == 0 {
				floor = -3000 * money.Scale
			}
			for _, r := range slices.Backward(account.Transactions) {
				if balance < floor {
					t.Errorf("%s: account %d has %s on %s", last, i, balance, r.TransactionDateTime)
				}
				if a := parse(t, r.TransactionAmount); r.CreditDebitType == "CREDITO" {
					balance -= a
				} else {
					balance += a
				}
			}
		}

		bills := person.CreditCardsAccounts[0].Bills
		if len(bills) < 11 || len(bills) > 13 {
			t.Errorf("%s: %d bills", last, len(bills))
		}
		for i, bill := range bills[1:] { // The first holds purchases from before the window.
			var sum money.Amount
			for _, r := range person.CreditCardsAccounts[0].Transactions {
				if r.BillID != bill.BillID {
					continue
				}
				a := parse(t, r.BrazilianAmount)
				if r.CreditDebitType == "CREDITO" {
					a = -a
				}
				sum += a
			}
			if total := parse(t, bill.BillTotalAmount); sum != total {
				t.Errorf("%s: bill %s is %d, its rows are %d", last, bill.BillID, total, sum)
			}
			if len(bill.Payments) == 0 && i < len(bills)-3 {
				t.Errorf("%s: bill %s is not paid", last, bill.BillID)
			}
		}
	}
}

func parse(t *testing.T, a amount) money.Amount {
	t.Helper()
	parsed, err := money.Parse(a.Amount)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}
