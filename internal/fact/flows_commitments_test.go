package fact_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/openfinance"
)

// commitmentsOf returns the instalments to come as of 2025-06-15, in words.
func commitmentsOf(l *ledger.Ledger) string {
	l.Day = calendar.Of(2025, 6, 15)
	c := fact.New(l).Commitments(false)
	var months []string
	for i := range c.Months {
		m := &c.Months[i]
		day := calendar.Of(2025, 6, 1).AddMonths(i)
		months = append(months, fmt.Sprintf("%s %d×%s", day.String()[:7], m.Card.Entries+m.Contract.Entries, (m.Card.Amount+m.Contract.Amount).String()))
	}
	return strings.Join(months, ", ")
}

func TestContractInstalments(t *testing.T) {
	schedule := func(due int32) *openfinance.InstalmentSchedule { return &openfinance.InstalmentSchedule{Due: due} }
	for _, c := range []struct {
		name     string
		contract openfinance.Contract
		want     string
	}{
		{"later this month", openfinance.Contract{NextInstalmentAmount: "10.00", FirstInstalmentDue: "2024-01-16", Schedule: schedule(2)},
			"2025-06 1×10.00, 2025-07 1×10.00"},
		{"due today is not to come", openfinance.Contract{NextInstalmentAmount: "10.00", FirstInstalmentDue: "2024-01-15", Schedule: schedule(2)},
			"2025-06 0×0.00, 2025-07 1×10.00, 2025-08 1×10.00"},
		{"by the due date of the contract", openfinance.Contract{NextInstalmentAmount: "10.00", DueDate: "2030-01-20", Schedule: schedule(1)},
			"2025-06 1×10.00"},
		{"unknown day", openfinance.Contract{NextInstalmentAmount: "10.00", Schedule: schedule(1)},
			"2025-06 0×0.00, 2025-07 1×10.00"},
		{"the last day of a short month", openfinance.Contract{NextInstalmentAmount: "10.00", FirstInstalmentDue: "2024-01-31", Schedule: schedule(2)},
			"2025-06 1×10.00, 2025-07 1×10.00"},
		{"the first one lies ahead", openfinance.Contract{NextInstalmentAmount: "10.00", FirstInstalmentDue: "2025-08-20", Schedule: schedule(1)},
			"2025-06 0×0.00, 2025-07 0×0.00, 2025-08 1×10.00"},
		{"weekly", openfinance.Contract{NextInstalmentAmount: "10.00", FirstInstalmentDue: "2024-01-16", InstalmentPeriodicity: "SEMANAL", Schedule: schedule(4)},
			"2025-06 3×30.00, 2025-07 1×10.00"},
		{"every quarter", openfinance.Contract{NextInstalmentAmount: "10.00", FirstInstalmentDue: "2024-01-16", InstalmentPeriodicity: "TRIMESTRAL", Schedule: schedule(2)},
			"2025-06 1×10.00, 2025-07 0×0.00, 2025-08 0×0.00, 2025-09 1×10.00"},
		{"as the newest payment that was an instalment", openfinance.Contract{FirstInstalmentDue: "2024-01-16", Schedule: schedule(1), Payments: &openfinance.ContractPayments{
			OutstandingBalance: "500.00",
			Releases: []openfinance.Release{
				{PaidDate: "2025-03-16", Amount: "11.00"}, {PaidDate: "2025-04-16", Amount: "12.00"}, {PaidDate: "2025-05-16", Amount: "99.00", IsOverParcel: openfinance.True},
			}}}, "2025-06 1×12.00"},
		{"paid off, but not settled", openfinance.Contract{FirstInstalmentDue: "2024-01-16", Schedule: schedule(2), Payments: &openfinance.ContractPayments{
			OutstandingBalance: "0.00", Releases: []openfinance.Release{{PaidDate: "2025-03-10", Amount: "290.40"}},
		}}, ""},
		{"by the Price formula", openfinance.Contract{CET: "0.126825", FirstInstalmentDue: "2024-01-16", Schedule: schedule(12), Payments: &openfinance.ContractPayments{OutstandingBalance: "10000.00"}},
			"2025-06 1×888.49, " + monthsFrom(7, 11, "1×888.49")},
		{"without a cost the balance by the number", openfinance.Contract{FirstInstalmentDue: "2024-01-16", Schedule: schedule(3), Payments: &openfinance.ContractPayments{OutstandingBalance: "100.00"}},
			"2025-06 1×33.33, 2025-07 1×33.33, 2025-08 1×33.33"},
		{"no number of instalments", openfinance.Contract{FirstInstalmentDue: "2024-01-16", Schedule: schedule(0), Payments: &openfinance.ContractPayments{OutstandingBalance: "100.00"}}, ""},
		{"nothing known", openfinance.Contract{FirstInstalmentDue: "2024-01-16"}, ""},
		{"a balloon payment beside", openfinance.Contract{NextInstalmentAmount: "10.00", FirstInstalmentDue: "2024-01-16", Schedule: &openfinance.InstalmentSchedule{Due: 1, BalloonPayments: []openfinance.BalloonPayment{
			{DueDate: "2025-06-15", Amount: openfinance.Money{Amount: "7.00"}}, {DueDate: "2025-06-30", Amount: openfinance.Money{Amount: "90.00"}},
		}}}, "2025-06 2×100.00"},
		{"settled", openfinance.Contract{NextInstalmentAmount: "10.00", SettlementDate: "2025-01-01", Schedule: schedule(2)}, ""},
		{"revolving", openfinance.Contract{NextInstalmentAmount: "10.00", ProductSubType: "CHEQUE_ESPECIAL", Schedule: schedule(2)}, ""},
		{"another currency", openfinance.Contract{NextInstalmentAmount: "10.00", Currency: "USD", Schedule: schedule(2)}, ""},
		{"at most 24 months", openfinance.Contract{NextInstalmentAmount: "10.00", FirstInstalmentDue: "2024-01-16", Schedule: schedule(420)},
			"2025-06 1×10.00, " + monthsFrom(7, 23, "1×10.00")},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc := &openfinance.Document{Sections: map[string]*openfinance.Section{openfinance.SectionLoans: {Records: 1}}}
			l := &ledger.Ledger{Document: doc, Contracts: []ledger.Contract{{Source: &c.contract, Same: -1}}}
			if got := commitmentsOf(l); got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
			if l.Contracts[0].Same = 0; commitmentsOf(l) != "" {
				t.Error("an operation that another brand shows is counted again")
			}
		})
	}
}

// monthsFrom writes n months of 2025 and after with the same instalments.
func monthsFrom(month, n int, text string) string {
	var list []string
	for i := range n {
		list = append(list, calendar.Of(2025, 1, 1).AddMonths(month - 1 + i).String()[:7]+" "+text)
	}
	return strings.Join(list, ", ")
}

func TestCardInstalments(t *testing.T) {
	june := calendar.Of(2025, 6, 1).MonthIndex()
	line := ledger.Movement{Line: &openfinance.CardTransaction{}, ID: "l", Amount: 30 * money.Scale}
	plan := ledger.Plan{
		Count: 4, Whole: -1, Lines: []ledger.PlanLine{
			{Number: 1, Movement: 0, Month: june - 1, State: ledger.InstalmentPaid}, {Number: 2, Movement: 1, Month: june, State: ledger.InstalmentOnBill},
		},
		Next: 3, NextMonth: june + 1, Each: 30 * money.Scale, OddNumber: 4, Odd: 31 * money.Scale,
	}
	l := &ledger.Ledger{
		Document: &openfinance.Document{Sections: map[string]*openfinance.Section{openfinance.SectionCreditCardsAccounts: {Records: 1}}},
		Cards:    []ledger.Card{{Source: &openfinance.CreditCard{}, End: 2}}, Movements: []ledger.Movement{line, line}, Plans: []ledger.Plan{plan},
	}
	if got, want := commitmentsOf(l), "2025-06 1×30.00, 2025-07 1×30.00, 2025-08 1×31.00"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if l.Plans[0].Debt = true; commitmentsOf(l) != "" {
		t.Error("a bill paid in instalments is no card purchase")
	}
}

// In a replay nothing tells what contracts owed.
func TestCommitmentsOfAnOlderDay(t *testing.T) {
	doc := &openfinance.Document{Sections: map[string]*openfinance.Section{openfinance.SectionLoans: {Records: 1}}}
	contract := openfinance.Contract{NextInstalmentAmount: "10.00", Schedule: &openfinance.InstalmentSchedule{Due: 2}}
	l := &ledger.Ledger{Document: doc, Day: calendar.Of(2025, 6, 15), Replay: true, Contracts: []ledger.Contract{{Source: &contract, Same: -1}}}
	if c := fact.New(l).Commitments(false); !c.NotAsOf || c.Contracts || len(c.Months) > 0 {
		t.Errorf("the commitments are %+v", c)
	}
}
