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
	"github.com/openklaas/klaas/openfinance"
)

// owing returns the facts of a person with contracts as of 2025-06-30.
func owing(contracts ...openfinance.Contract) *fact.Facts {
	l := &ledger.Ledger{
		Document: &openfinance.Document{Sections: map[string]*openfinance.Section{openfinance.SectionLoans: {}}}, Day: calendar.Of(2025, 6, 30),
	}
	for i := range contracts {
		if contracts[i].ContractID == "" {
			contracts[i].ContractID = fmt.Sprint(i)
		}
		l.Contracts = append(l.Contracts, ledger.Contract{Source: &contracts[i], Same: -1})
	}
	return fact.New(l)
}

// itemised writes a figure with the items behind it.
func itemised(f *fact.Facts, x fact.Figure) string {
	if !x.Known {
		return "unknown"
	}
	words := []string{x.Amount.String(), "of"}
	if x.Behind != nil {
		for item := range x.Behind {
			words = append(words, item.ID(f)+" "+item.Amount.String())
		}
	}
	return strings.Join(words, " ")
}

// "contracts.monthlyInstalments per contract: … × months of the periodicity;
// revolving products: 0."
func TestMonthlyInstalments(t *testing.T) {
	every := func(periodicity string) openfinance.Contract {
		return openfinance.Contract{NextInstalmentAmount: "100.00", InstalmentPeriodicity: periodicity}
	}
	owes := func(balance string, due int32) openfinance.Contract {
		return openfinance.Contract{
			InstalmentPeriodicity: "TRIMESTRAL", Schedule: &openfinance.InstalmentSchedule{Due: due}, Payments: &openfinance.ContractPayments{OutstandingBalance: balance},
		}
	}
	for _, c := range []struct {
		name      string
		contracts []openfinance.Contract
		want      string
	}{
		{"weekly", []openfinance.Contract{every("SEMANAL")}, "428.57 of contract:0 428.57"},
		{"fortnightly", []openfinance.Contract{every("QUINZENAL")}, "200.00 of contract:0 200.00"},
		{"monthly", []openfinance.Contract{every("MENSAL")}, "100.00 of contract:0 100.00"},
		{"every two months", []openfinance.Contract{every("BIMESTRAL")}, "50.00 of contract:0 50.00"},
		{"quarterly", []openfinance.Contract{every("TRIMESTRAL")}, "33.33 of contract:0 33.33"},
		{"half-yearly", []openfinance.Contract{every("SEMESTRAL")}, "16.67 of contract:0 16.67"},
		{"yearly", []openfinance.Contract{every("ANUAL")}, "8.33 of contract:0 8.33"}, //nolint:misspell // Portuguese.
		{"no regular periods", []openfinance.Contract{every("SEM_PERIODICIDADE_REGULAR")}, "100.00 of contract:0 100.00"},
		{"rounded once, the last one takes the rest", []openfinance.Contract{every("TRIMESTRAL"), every("TRIMESTRAL"), every("TRIMESTRAL")},
			"100.00 of contract:0 33.33 contract:1 33.33 contract:2 33.34"},
		{"also of what is divided before", []openfinance.Contract{owes("100.00", 7), owes("600.00", 7)}, "33.33 of contract:0 4.76 contract:1 28.57"},
		{"a sum that ends in half a cent", []openfinance.Contract{{NextInstalmentAmount: "0.01", InstalmentPeriodicity: "QUINZENAL"}, owes("0.01", 2), owes("0.01", 1)},
			"0.03 of contract:0 0.02 contract:1 0.00 contract:2 0.01"},
		{"a balance without a number of instalments", []openfinance.Contract{owes("100.00", 0)}, "0.00 of"},
		{"an overdraft", []openfinance.Contract{{NextInstalmentAmount: "100.00", ProductSubType: "CHEQUE_ESPECIAL"}}, "0.00 of"},
		{"a guaranteed account", []openfinance.Contract{{NextInstalmentAmount: "100.00", ProductSubType: "CONTA_GARANTIDA"}}, "0.00 of"},
		{"another currency", []openfinance.Contract{{NextInstalmentAmount: "100.00", Currency: "USD"}}, "0.00 of"},
		{"settled", []openfinance.Contract{{NextInstalmentAmount: "100.00", SettlementDate: "2025-01-10"}}, "0.00 of"},
		{"nothing known", []openfinance.Contract{{}}, "0.00 of"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := owing(c.contracts...)
			if got := itemised(f, f.ContractSummary(false).Monthly); got != c.want {
				t.Errorf("monthly instalments are %s,\nwant %s", got, c.want)
			}
		})
	}
}

// Open contracts: "no settlementDate, equal ipocCode counted once".
func TestContractSummary(t *testing.T) {
	contract := openfinance.Contract{
		Schedule: &openfinance.InstalmentSchedule{PastDue: 2}, Payments: &openfinance.ContractPayments{OutstandingBalance: "500.25"},
	}
	settled, overdraft, foreign, later := contract, contract, contract, contract
	settled.SettlementDate = "2025-01-10"
	later.SettlementDate = "2025-07-01"
	overdraft.ProductSubType, overdraft.Schedule = "CHEQUE_ESPECIAL", nil
	foreign.Currency, foreign.Schedule = "USD", &openfinance.InstalmentSchedule{}
	f := owing(contract, settled, overdraft, foreign, contract, later)
	f.Ledger.Contracts[4].Same = 0
	s := f.ContractSummary(false)
	for _, c := range []struct {
		name   string
		figure fact.Figure
		want   string
	}{
		{"the number", s.Count, "3.00 of contract:0 1.00 contract:2 1.00 contract:3 1.00"},
		{"the balance", s.Owed, "1000.50 of contract:0 500.25 contract:2 500.25"},
		{"those in arrears", s.PastDueContracts, "1.00 of contract:0 1.00"},
		{"their instalments", s.PastDueInstalments, "2.00 of contract:0 2.00"},
	} {
		if got := itemised(f, c.figure); got != c.want {
			t.Errorf("%s is %s,\nwant %s", c.name, got, c.want)
		}
	}
	if got := itemised(f, f.ContractSummary(true).Count); got != "0.00 of" {
		t.Errorf("a company has the contracts of a person: %s", got)
	}
	f.Ledger.Replay = true
	s = f.ContractSummary(false)
	if got, want := itemised(f, s.Count), "4.00 of contract:0 1.00 contract:2 1.00 contract:3 1.00 contract:5 1.00"; got != want {
		t.Errorf("of an older day the number is %s, want %s: one was settled later", got, want)
	}
	if !s.NotAsOf || s.Owed.Known || s.Monthly.Known || s.PastDueContracts.Known || s.PastDueInstalments.Known {
		t.Errorf("an older day knows what contracts owed: %+v", s)
	}
	f.Ledger.Document.Sections = nil
	if s := f.ContractSummary(false); s.Present || s.NotAsOf || s.Count.Known {
		t.Errorf("without a credit section there is a summary: %+v", s)
	}
}

// The sum is exact, rounded once, and its items add up to it.
func TestMonthlyInstalmentsAreExact(t *testing.T) {
	months := map[string]*big.Rat{
		"SEMANAL": big.NewRat(30, 7), "QUINZENAL": big.NewRat(2, 1), "MENSAL": big.NewRat(1, 1), "BIMESTRAL": big.NewRat(1, 2), "TRIMESTRAL": big.NewRat(1, 3), "SEMESTRAL": big.NewRat(1, 6),
	}
	rapid.Check(t, func(t *rapid.T) {
		var contracts []openfinance.Contract
		want := new(big.Rat)
		for range rapid.IntRange(0, 8).Draw(t, "contracts") {
			periodicity := rapid.SampledFrom([]string{"SEMANAL", "QUINZENAL", "MENSAL", "BIMESTRAL", "TRIMESTRAL", "SEMESTRAL"}).Draw(t, "periodicity")
			cents, due := rapid.Int64Range(1, 10_000_000).Draw(t, "cents"), rapid.Int64Range(1, 40).Draw(t, "due")
			contracts = append(contracts, openfinance.Contract{
				InstalmentPeriodicity: periodicity, Schedule: &openfinance.InstalmentSchedule{Due: int32(due)},
				Payments: &openfinance.ContractPayments{OutstandingBalance: fmt.Sprintf("%d.%02d", cents/100, cents%100)},
			})
			want.Add(want, new(big.Rat).Mul(big.NewRat(cents, 100*due), months[periodicity]))
		}
		f := owing(contracts...)
		got := f.ContractSummary(false).Monthly
		if want := want.FloatString(2); got.Amount.String() != want {
			t.Fatalf("%s a month, want %s", got.Amount, want)
		}
		var sum money.Amount
		for item := range got.Behind {
			sum += item.Amount
		}
		if sum != got.Amount {
			t.Fatalf("the items add up to %s, not %s", sum, got.Amount)
		}
	})
}
