package clean_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/clean"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/openfinance"
)

// Many contracts ask for the same few amounts within days of each other: each of
// their payments gets the open debit that is nearest in days, of two the older
// one, as a search through all of them would choose it.
func TestEveryPaymentOfAContractTakesTheNearestOpenDebit(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 5))
		doc := contractsOfFewAmounts(r, 1+r.IntN(12), r.IntN(60), 3)
		l, _ := clean.Clean(doc, clean.Options{Day: benchDay, Asked: true})
		taken := make(map[int32]bool)
		for i := range l.Contracts {
			contract := &l.Contracts[i]
			var want, got []int32
			for k := range contract.Source.Payments.Releases {
				if at := nearestDebit(l, &contract.Source.Payments.Releases[k], taken); at >= 0 {
					taken[at] = true
					want = append(want, at)
				}
			}
			for _, instalment := range contract.Instalments {
				got = append(got, instalment.Movement)
			}
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Fatalf("seed %d: contract %d has the debits %v, not %v", seed, i, got, want)
			}
		}
	}
}

// nearestDebit searches all entries, which lie in the order of the document.
func nearestDebit(l *ledger.Ledger, release *openfinance.Release, taken map[int32]bool) int32 {
	day, _ := calendar.ParseDay(release.PaidDate)
	found, away := int32(-1), calendar.Day(6)
	for i := range l.Movements {
		m := &l.Movements[i]
		if taken[int32(i)] || m.Amount.String() != release.Amount {
			continue
		}
		d := max(m.Day-day, day-m.Day)
		if d < away || found >= 0 && d == away && m.Day < l.Movements[found].Day {
			found, away = int32(i), d
		}
	}
	return found
}

// contractsOfFewAmounts returns loans with payments, and debits that tell of a
// loan, over 40 days.
func contractsOfFewAmounts(r *rand.Rand, contracts, debits, amounts int) *openfinance.Document {
	date := func() string { return (benchDay - calendar.Day(r.IntN(40))).String() }
	amount := func() string { return fmt.Sprintf("%d.00", 100+r.IntN(amounts)) }
	doc := &openfinance.Document{
		PersonalIdentifications: []openfinance.PersonalIdentification{{CPF: "52998224725", CivilName: "Maria Aparecida Souza Lima"}},
		Accounts:                []openfinance.Account{{AccountID: "a", Type: "CONTA_DEPOSITO_A_VISTA", Currency: "BRL"}},
	}
	for i := range contracts {
		contract := openfinance.Contract{ContractID: fmt.Sprint("c", i), Amount: "9000.00", Payments: &openfinance.ContractPayments{}}
		for range 5 {
			contract.Payments.Releases = append(contract.Payments.Releases, openfinance.Release{PaidDate: date(), Amount: amount()})
		}
		doc.Loans = append(doc.Loans, contract)
	}
	for i := range debits {
		doc.Accounts[0].Transactions = append(doc.Accounts[0].Transactions, openfinance.Transaction{
			TransactionID: fmt.Sprint("t", i), CreditDebitType: "DEBITO", Type: "OPERACAO_CREDITO",
			Name: "PARCELA EMPRESTIMO", Amount: brl(amount()), Date: date(),
		})
	}
	return doc
}
