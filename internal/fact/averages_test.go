package fact_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/producttest"
)

// averageDay is the reporting day of these tests.
var averageDay = calendar.Of(2025, 6, 30)

// account returns a checking account with the balance of averageDay and rows such as
// "2025-06-11 -300.00".
func account(id, balance string, rows ...string) string {
	var entries []string
	for i, row := range rows {
		day, amount, _ := strings.Cut(row, " ")
		direction := "CREDITO"
		if strings.HasPrefix(amount, "-") {
			amount, direction = amount[1:], "DEBITO"
		}
		entries = append(entries, fmt.Sprintf(`{"transactionId": "%s%d", "transactionDate": "%s", "transactionName": "PIX", "type": "PIX",
			"transactionAmount": {"amount": "%s", "currency": "BRL"}, "creditDebitType": "%s"}`, id, i, day, amount, direction))
	}
	return fmt.Sprintf(`{"accountId": "%s", "brandName": "Banco", "companyCnpj": "00000000000191", "type": "CONTA_DEPOSITO_A_VISTA",
		"balances": {"availableAmount": {"amount": "%s", "currency": "BRL"}, "updateDateTime": "2025-06-30T15:00:00Z"},
		"transactions": [%s]}`, id, balance, strings.Join(entries, ","))
}

func accountsOf(t testing.TB, accounts ...string) *fact.Facts {
	t.Helper()
	return producttest.FactsOf(t, []byte(`{"taxId": "52998224725", "accounts": [`+strings.Join(accounts, ",")+`]}`), averageDay)
}

// "Covered average: mean over the days of the window that are covered. Back-filled
// average: mean over the N calendar days ending at D; days before the first entry
// carry the opening balance."
func TestAverages(t *testing.T) {
	for _, c := range []struct {
		name        string
		accounts    []string
		covered     string // of 30 days; "" for unknown
		backfilled  string // of the first account
		coveredYear string
	}{
		// 10 days of 400.00, then 10 of 100.00; 100.00 before them.
		{"half covered", []string{account("a", "100.00", "2025-06-11 300.00", "2025-06-21 -300.00")}, "250.00", "200.00", "250.00"},
		{"before the window", []string{account("a", "100.00", "2025-05-31 300.00", "2025-06-16 -300.00")}, "250.00", "250.00", "254.84"},
		{"several entries a day, below zero", []string{account("a", "-10.00", "2025-06-30 5.00", "2025-06-30 -45.00")}, "-10.00", "28.67", "-10.00"},
		{"one entry on the reporting day", []string{account("a", "7.01", "2025-06-30 7.00")}, "7.01", "0.24", "7.01"},
		{
			"an account counts with its opening balance before its first entry, one without entries with what it holds",
			[]string{account("a", "10.00", "2025-06-21 10.00"), account("b", "50.00", "2025-06-26 -50.00"), account("c", "1.00")},
			// 5 days of 10 + 100 + 1, 5 of 10 + 50 + 1
			"86.00", "3.33", "86.00",
		},
		{"rounded once, away from zero", []string{account("a", "-0.01", "2025-06-29 -0.02", "2025-06-30 0.01")}, "-0.02", "0.00", "-0.02"},
		{"no entry", []string{account("a", "10.00")}, "", "10.00", ""},
		{"no balance", []string{strings.Replace(account("a", "10.00", "2025-06-21 10.00"), `"balances"`, `"ignored"`, 1)}, "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := accountsOf(t, c.accounts...)
			check := func(what, want string, got money.Amount, known bool) {
				if want == "" != !known || known && got.String() != want {
					t.Errorf("the %s average is %s, %t, want %q", what, got, known, want)
				}
			}
			month, year := f.CoveredAverage(false, 30), f.CoveredAverage(false, 360)
			check("covered", c.covered, month.Amount, month.Known)
			check("covered year's", c.coveredYear, year.Amount, year.Known)
			backfilled, known := f.BackfilledAverage(0, 30)
			check("back-filled", c.backfilled, backfilled, known)
			if company := f.CoveredAverage(true, 30); company.Known {
				t.Error("the company has the person's average")
			}
		})
	}
}

// A statement line that tells another balance makes its day and older ones unreliable.
func TestAverageOverABrokenCheckPointIsNotReliable(t *testing.T) {
	row := account("a", "100.00", "2025-01-01 1.00", "2025-05-10 999.00", "2025-06-21 10.00")
	f := accountsOf(t, strings.Replace(row, `"transactionDate": "2025-05-10", "transactionName": "PIX"`, `"transactionDate": "2025-05-10", "transactionName": "SALDO DO DIA"`, 1))
	for n, want := range map[int]bool{30: true, 60: false, 360: false} {
		if got := f.CoveredAverage(false, n); !got.Known || got.IsReliable != want {
			t.Errorf("over %d days: %+v, want reliable %t", n, got, want)
		}
	}
}

// Day by day, the averages are what the end-of-day balances say.
func TestAveragesAreThoseOfTheDays(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		amount := rapid.Custom(func(r *rapid.T) string {
			return money.Amount(rapid.SampledFrom([]int64{1, -1, 99, 12_345, -700_001, 9_000_000_000_000}).Draw(r, "cents") * 100).String()
		})
		var accounts []string
		for a := range rapid.IntRange(1, 3).Draw(r, "accounts") {
			var rows []string
			for range rapid.IntRange(0, 12).Draw(r, "entries") {
				day := averageDay - calendar.Day(rapid.IntRange(0, 400).Draw(r, "age"))
				rows = append(rows, day.String()+" "+amount.Draw(r, "amount"))
			}
			accounts = append(accounts, account(string(rune('a'+a)), amount.Draw(r, "balance"), rows...))
		}
		f := accountsOf(t, accounts...)
		f.Ledger.Accounts[0].Share = rapid.SampledFrom([]ledger.Share{ledger.ShareWhole, ledger.ShareHalf}).Draw(r, "share")
		for _, n := range fact.Windows {
			daily := f.DailyBalances(false).Available
			sum, days, negative, backfilled := new(big.Int), 0, 0, new(big.Int)
			for day := averageDay - calendar.Day(n) + 1; day <= averageDay; day++ {
				own := f.Ledger.Accounts[0].Share.Of(f.AccountBalances(0).Available.At(day))
				backfilled.Add(backfilled, big.NewInt(int64(own)))
				if daily != nil && day >= daily.First {
					sum.Add(sum, big.NewInt(int64(daily.At(day))))
					days++
					if daily.At(day) < 0 {
						negative++
					}
				}
			}
			got := f.CoveredAverage(false, n)
			if got.Known != (days > 0) {
				r.Fatalf("%d days: the average is known: %t", n, got.Known)
			}
			if days > 0 && got.Amount != nearestCent(sum, days) {
				r.Errorf("%d days: the covered average is %s, day by day %s", n, got.Amount, nearestCent(sum, days))
			}
			if got, _ := f.DailyBalances(false).NegativeDays(f.Flows(false).LastDays(n)); got != negative {
				r.Errorf("%d days: %d are negative, day by day %d", n, got, negative)
			}
			if got, _ := f.BackfilledAverage(0, n); got != nearestCent(backfilled, n) {
				r.Errorf("%d days: the back-filled average is %s, day by day %s", n, got, nearestCent(backfilled, n))
			}
		}
	})
}

// nearestCent returns sum ÷ n with 2 decimals by the text of a big fraction, which
// rounds half away from zero.
func nearestCent(sum *big.Int, n int) money.Amount {
	mean := new(big.Rat).SetFrac(sum, big.NewInt(int64(n)*money.Scale))
	a, err := money.Parse(mean.FloatString(2))
	if err != nil {
		panic(err)
	}
	return a
}
