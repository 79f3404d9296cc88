package fact_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/text"
	"github.com/openklaas/klaas/openfinance"
	"github.com/openklaas/klaas/taxonomy"
)

// payment is one entry of a made-up checking account with a counterparty.
type payment struct {
	day    string
	amount float64 // in reais, negative for a debit
	text   string
	taxID  string
	code   taxonomy.Code
	role   ledger.Role
	back   float64 // of it came back
}

// failer is a test of Go or of rapid.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// paymentsOf returns the facts of one checking account as of a day.
func paymentsOf(t failer, on string, list ...payment) *fact.Facts {
	t.Helper()
	l := &ledger.Ledger{Document: &openfinance.Document{}, Day: day(t, on)}
	for _, p := range list {
		m := ledger.Movement{
			Entry: &openfinance.Transaction{Name: p.text, PartieCnpjCpf: p.taxID}, ID: fmt.Sprint(len(l.Movements)), Day: day(t, p.day),
			Direction: ledger.Credit, Amount: reais(p.amount).Abs(), Text: text.Normalise(p.text), Role: p.role, Reversed: reais(p.back),
			Decision: ledger.Decision{Code: p.code},
		}
		m.Name = text.Name(m.Text)
		if p.amount < 0 {
			m.Direction = ledger.Debit
		}
		l.Movements = append(l.Movements, m)
	}
	l.Institutions = []ledger.Institution{{Root: "00000000", Accounts: []int32{0}}}
	l.Accounts = []ledger.Account{{Source: &openfinance.Account{}, End: int32(len(l.Movements))}}
	return fact.New(l)
}

func day(t failer, s string) calendar.Day {
	t.Helper()
	d, ok := calendar.ParseDay(s)
	if !ok {
		t.Fatalf("%q is no day", s)
	}
	return d
}

func reais(amount float64) money.Amount {
	a, err := money.Parse(fmt.Sprintf("%.4f", amount))
	if err != nil {
		panic(err)
	}
	return a
}

// A stream is a direction and a counterparty key: the document (of a CNPJ its root),
// else the normalised name. A name of generic words alone is in no stream, and an
// entry with a document and one without are never one stream.
func TestStream(t *testing.T) {
	f := paymentsOf(t, "2025-06-30",
		payment{day: "2025-01-05", amount: 10, text: "PIX RECEBIDO ANA", taxID: "11222333000181"},
		payment{day: "2025-01-06", amount: 10, text: "Outro texto", taxID: "11.222.333/0002-62"},
		payment{day: "2025-01-07", amount: -10, text: "PIX ENVIADO ANA", taxID: "11222333000181"},
		payment{day: "2025-01-08", amount: 10, text: "PIX RECEBIDO ANA"},
		payment{day: "2025-01-09", amount: 10, text: "Pix  recebido Ana 09/01"},
		payment{day: "2025-01-10", amount: 10, text: "PIX RECEBIDO ANA", taxID: "00000000000000"},
		payment{day: "2025-01-11", amount: 10, text: "PIX RECEBIDO"},
		payment{day: "2025-01-12", amount: 10, text: "PIX RECEBIDO", taxID: "99900000191"},
	)
	root := fact.Stream{Direction: ledger.Credit, Party: fact.Party{ByDocument: true, Key: "11222333"}}
	sent := fact.Stream{Direction: ledger.Debit, Party: root.Party}
	name := fact.Stream{Direction: ledger.Credit, Party: fact.Party{Key: "PIX RECEBIDO ANA"}}
	person := fact.Stream{Direction: ledger.Credit, Party: fact.Party{ByDocument: true, Key: "99900000191"}}
	for i, want := range []fact.Stream{root, root, sent, name, name, name, {}, person} {
		got, ok := f.Stream(int32(i))
		if got != want || ok != (want != fact.Stream{}) {
			t.Errorf("movement %d is in %+v, %v, want %+v", i, got, ok, want)
		}
	}
}

// Recurrent at D: entries with age < 180, neither own transfer nor reversal, fall in
// at least 3 distinct calendar months (days covered < 90: at least 2).
func TestRecurrent(t *testing.T) {
	const d = "2025-06-30" // 2025-01-02 has the age 179, 2025-01-01 the age 180
	ana := func(days string, change func(*payment)) []payment {
		var list []payment
		for s := range strings.FieldsSeq(days) {
			p := payment{day: s, amount: 10, text: "ANA", back: 0}
			if change != nil {
				change(&p)
			}
			list = append(list, p)
		}
		return list
	}
	old := payment{day: "2024-06-01", amount: 1, text: "OUTRA"}
	for _, c := range []struct {
		name string
		list []payment
		want bool
	}{
		{"three months", append(ana("2025-04-02 2025-05-02 2025-06-02", nil), old), true},
		{"months with a gap", append(ana("2025-02-02 2025-04-02 2025-06-02", nil), old), true},
		{"two months", append(ana("2025-05-02 2025-05-20 2025-06-02 2025-06-03", nil), old), false},
		{"two months where 61 days are covered", ana("2025-05-01 2025-06-02", nil), true},
		{"two months where 89 days are covered", append(ana("2025-05-01 2025-06-02", nil), payment{day: "2025-04-03", amount: 1, text: "X"}), true},
		{"two months where 90 days are covered", append(ana("2025-05-01 2025-06-02", nil), payment{day: "2025-04-02", amount: 1, text: "X"}), false},
		{"the third at an age of 179", append(ana("2025-01-02 2025-05-02 2025-06-02", nil), old), true},
		{"the third at an age of 180", append(ana("2025-01-01 2025-05-02 2025-06-02", nil), old), false},
		{"own transfers", append(ana("2025-04-02 2025-05-02 2025-06-02", func(p *payment) { p.role = ledger.RoleOwnTransfer }), old), false},
		{"reversals", append(ana("2025-04-02 2025-05-02 2025-06-02", func(p *payment) { p.role = ledger.RoleReversal }), old), false},
		{"all came back", append(ana("2025-04-02 2025-05-02 2025-06-02", func(p *payment) { p.role, p.back = ledger.RoleReversed, 10 }), old), false},
		{"some came back", append(ana("2025-04-02 2025-05-02 2025-06-02", func(p *payment) { p.role, p.back = ledger.RoleReversed, 9.99 }), old), true},
		{"nobody", append(ana("2025-04-02 2025-05-02 2025-06-02", func(p *payment) { p.text = "PIX RECEBIDO" }), old), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := paymentsOf(t, d, c.list...)
			all := make([]int32, len(c.list))
			for i := range all {
				all[i] = int32(i)
			}
			got := f.Recurrent(false, all)
			if got[fact.Stream{Direction: ledger.Credit, Party: fact.Party{Key: "ANA"}}] != c.want || len(got) > 1 {
				t.Errorf("recurrent are %v", got)
			}
			slices.Reverse(all)
			if again := f.Recurrent(false, all); len(again) != len(got) {
				t.Errorf("in another order %v", again)
			}
		})
	}
}
