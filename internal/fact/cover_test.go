package fact_test

import (
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/producttest"
)

// "monthsOfCover: checking + savings balance (no savings account: 0) ÷ average monthly
// cover_outflow, newest 6 full months".
func TestCover(t *testing.T) {
	savings := strings.Replace(account("s", "50.00"), "CONTA_DEPOSITO_A_VISTA", "CONTA_POUPANCA", 1)
	for _, c := range []struct {
		name     string
		accounts []string
		want     string // "" for unknown
		behind   string
	}{
		// 300.00 in 3 full months, of which only two have an outflow.
		{
			"the mean has months without entries, the balance all accounts", []string{account("a", "100.00", "2025-03-02 500.00", "2025-04-10 -200.00", "2025-05-10 -100.00", "2025-06-10 -70.00"), savings},
			"1.5000", "[account:a=100.00 account:s=50.00 a2=100.00 a1=200.00]",
		},
		{"below zero", []string{account("a", "-100.00", "2025-05-01 -300.00")}, "-0.3333", "[account:a=-100.00 a0=300.00]"},
		{"no full month", []string{account("a", "100.00", "2025-06-02 -300.00")}, "", ""},
		{"nothing goes out", []string{account("a", "100.00", "2025-03-02 300.00")}, "", ""},
		{"no balance", []string{strings.Replace(account("a", "10.00", "2025-03-02 -1.00"), `"balances"`, `"ignored"`, 1), savings}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := accountsOf(t, c.accounts...)
			got := f.Cover(false)
			if got.Months.Known != (c.want != "") {
				t.Fatalf("known is %t", got.Months.Known)
			}
			if !got.Months.Known {
				return
			}
			if ratio := ratioText(got.Months); ratio != c.want {
				t.Errorf("it is %s, want %s", ratio, c.want)
			}
			if behind := ids(f, got.Behind); behind != c.behind || !got.IsReliable {
				t.Errorf("behind it is %s, reliable %t, want %s", behind, got.IsReliable, c.behind)
			}
		})
	}
}

// On an older day the balance walks back through later entries, and a movement that
// both the balance and the outflow rest on is there once.
func TestCoverOnAnOlderDay(t *testing.T) {
	f := producttest.FactsOf(t, []byte(`{"taxId": "52998224725", "accounts": [`+
		account("a", "70.00", "2025-03-02 500.00", "2025-04-10 -300.00", "2025-06-10 -30.00")+`]}`), calendar.Of(2025, 5, 31))
	got := f.Cover(false)
	if ratioText(got.Months) != "0.6667" { // 100 ÷ (300 ÷ 2)
		t.Errorf("it is %s", ratioText(got.Months))
	}
	if behind := ids(f, got.Behind); behind != "[account:a=70.00 a2=30.00 a1=300.00]" {
		t.Errorf("behind it is %s", behind)
	}
	if b := f.CheckingBalance(false); b.Amount.String() != "100.00" || ids(f, b.Behind) != "[account:a=70.00 a2=30.00]" {
		t.Errorf("the balance is %s of %s", b.Amount, ids(f, b.Behind))
	}
}

func TestOverdraft(t *testing.T) {
	limited := func(id, limits string) string {
		return strings.Replace(account(id, "1.00"), `"transactions"`, `"overdraft-limits": {`+limits+`}, "transactions"`, 1)
	}
	f := accountsOf(t,
		limited("a", `"overdraftContractedLimit": {"amount": "1000.00", "currency": "BRL"}, "overdraftUsedLimit": {"amount": "0.00", "currency": "BRL"}`),
		limited("b", `"overdraftContractedLimit": {"amount": "500.01", "currency": "BRL"}, "unarrangedOverdraftAmount": {"amount": "7.00", "currency": "USD"}`),
		account("c", "1.00"))
	f.Ledger.Accounts[1].Share = ledger.ShareHalf
	o := f.Overdraft(false)
	if o.Contracted.Amount.String() != "1250.01" || ids(f, o.Contracted.Behind) != "[account:a=1000.00 account:b=250.01]" {
		t.Errorf("the limit is %s of %s", o.Contracted.Amount, ids(f, o.Contracted.Behind))
	}
	if !o.Used.Known || o.Used.Amount != 0 {
		t.Errorf("a limit that is not used is %+v", o.Used)
	}
	if o.Unarranged.Known {
		t.Errorf("an amount in dollars gives %s", o.Unarranged.Amount)
	}
	if f.Overdraft(true).Contracted.Known {
		t.Error("the company has the person's limit")
	}
}
