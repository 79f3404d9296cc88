package sandbox_test

import (
	"bytes"
	"testing"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/sandbox"
	"github.com/openklaas/klaas/openfinance"
)

var end = calendar.Of(2026, 3, 31)

func TestSameSeedSameBytes(t *testing.T) {
	for _, name := range sandbox.Personas() {
		a, b := sandbox.Generate(name, 7, 3, end), sandbox.Generate(name, 7, 3, end)
		if !bytes.Equal(a.Userdata, b.Userdata) {
			t.Errorf("%s: two runs differ", name)
		}
		if other := sandbox.Generate(name, 8, 3, end); bytes.Equal(a.Userdata, other.Userdata) {
			t.Errorf("%s: two seeds give one person", name)
		}
	}
}

func TestEveryRecordIsRead(t *testing.T) {
	for _, name := range sandbox.Personas() {
		for n := range 10 {
			p := sandbox.Generate(name, 1, n, end)
			doc, problems, err := openfinance.Read(p.Userdata)
			if err != nil {
				t.Fatalf("%s %d: %v", name, n, err)
			}
			for _, problem := range problems.List {
				t.Errorf("%s %d: %s: %s", name, n, problem.Path, problem.Message)
			}
			rows := 0
			for i := range doc.Accounts {
				rows += len(doc.Accounts[i].Transactions) + len(doc.Accounts[i].TransactionsCurrent)
			}
			for i := range doc.CreditCards {
				c := &doc.CreditCards[i]
				rows += len(c.Transactions) + len(c.TransactionsCurrent)
				for b := range c.Bills {
					rows += len(c.Bills[b].Transactions)
				}
			}
			if rows != len(p.Truth.Rows) {
				t.Errorf("%s %d: the document has %d rows, the truth %d", name, n, rows, len(p.Truth.Rows))
			}
		}
	}
}

func TestBalancesAddUp(t *testing.T) {
	for _, name := range sandbox.Personas() {
		for n := range 10 {
			p := sandbox.Generate(name, 2, n, end)
			doc, _, err := openfinance.Read(p.Userdata)
			if err != nil {
				t.Fatal(err)
			}
			for i := range p.Truth.Accounts {
				checkBalances(t, &p, i, &doc.Accounts[i])
			}
		}
	}
}

// checkBalances adds the counted rows of an account to its opening balance.
func checkBalances(t *testing.T, p *sandbox.Person, i int, sent *openfinance.Account) {
	t.Helper()
	a := &p.Truth.Accounts[i]
	from, _ := calendar.ParseDay(a.From)
	reliable, _ := calendar.ParseDay(a.ReliableFrom)
	moved := make([]int64, len(a.EndOfDay))
	for _, row := range p.Truth.Rows {
		if row.Holder == a.ID && row.Standing == sandbox.StandingCounted {
			d, _ := calendar.ParseDay(row.Day)
			moved[d-from] += row.Cents
		}
	}
	last := len(a.EndOfDay) - 1
	if available, err := money.Parse(sent.Balances.Available.Amount); err != nil || int64(available) != a.EndOfDay[last]*100 {
		t.Errorf("%s %d %s: %s is sent as balance, %d cents are there", p.Persona, p.Truth.N, a.ID, sent.Balances.Available.Amount, a.EndOfDay[last])
	}
	balance := a.EndOfDay[last]
	for d := last; d >= int(reliable-from); d-- {
		if balance != a.EndOfDay[d] {
			t.Fatalf("%s %d %s (%s): the balance of %s is %d by its rows and %d in truth", p.Persona, p.Truth.N, a.ID, a.Bank, from+calendar.Day(d), balance, a.EndOfDay[d])
		}
		balance -= moved[d]
	}
	if reliable == from && balance != a.Opening {
		t.Errorf("%s %d %s: opening %d by its rows, %d in truth", p.Persona, p.Truth.N, a.ID, balance, a.Opening)
	}
}
