package fact_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/openfinance"
	"github.com/openklaas/klaas/taxonomy"
)

// debit is an outgoing payment of a made-up checking account.
type debit struct {
	move
	name string // normalised name and text
	to   string // counterparty's document
}

// debitsOf returns the facts of one checking account, of a person or company, as of
// 2025-06-30.
func debitsOf(t testing.TB, company bool, list ...debit) *fact.Facts {
	t.Helper()
	moves := make([]move, len(list))
	for i := range list {
		moves[i] = list[i].move
	}
	f := flowsOf(t, moves...)
	f.Ledger.Accounts[0].Company = company
	for i := range list {
		m := &f.Ledger.Movements[i]
		m.Name, m.Text = list[i].name, list[i].name
		m.Entry = &openfinance.Transaction{PartieCnpjCpf: list[i].to}
	}
	return f
}

// monthlyDebits are payments of April, May and June.
func monthlyDebits(amount money.Amount, code taxonomy.Code, name, to string) []debit {
	var list []debit
	for _, month := range []string{"04", "05", "06"} {
		list = append(list, debit{move{day: "2025-" + month + "-10", amount: amount, code: code}, name, to})
	}
	return list
}

// newestLiability writes the newest liability: its kind and amount.
func newestLiability(f *fact.Facts, company bool) string {
	entries := f.Liabilities(company)
	if len(entries) == 0 {
		return ""
	}
	return fmt.Sprint(entries[0].Kind, " ", entries[0].Amount)
}

// "Each entry is in the first kind that fits … PJ uses all; PF the first six."
func TestLiabilityKinds(t *testing.T) {
	const lender = "77666555000144"
	once := func(code taxonomy.Code, name string) []debit {
		return []debit{{move{day: "2025-06-10", amount: -100, code: code}, name, ""}}
	}
	for _, c := range []struct {
		name            string
		debits          []debit
		person, company string
	}{
		{"bill of a card", once(60201, "X"), "CREDIT_CARD 100.00", "CREDIT_CARD 100.00"},
		{"bill in instalments", once(60204, "X"), "CREDIT_CARD 100.00", "CREDIT_CARD 100.00"},
		{"vehicle", once(50201, "X"), "MORTGAGE 100.00", "MORTGAGE 100.00"},
		{"home", once(50204, "X"), "MORTGAGE 100.00", "MORTGAGE 100.00"},
		{"student loan", once(50205, "X"), "STUDENT_LOAN 100.00", "STUDENT_LOAN 100.00"},
		{"loan", once(50202, "X"), "BANK_LOAN 100.00", "BANK_LOAN 100.00"},
		{"renegotiation", once(50207, "X"), "BANK_LOAN 100.00", "BANK_LOAN 100.00"},
		{"a loan paid out is a credit", []debit{{move{day: "2025-06-10", amount: 100, code: 50202}, "X", ""}}, "", ""},
		{"light", once(30102, "X"), "UTILITIES_RENTAL 100.00", "UTILITIES_RENTAL 100.00"},
		{"rent", once(30201, "X"), "UTILITIES_RENTAL 100.00", "UTILITIES_RENTAL 100.00"},
		{"condominium is none", once(30202, "X"), "", ""},
		{"market is none", once(30301, "X"), "", ""},
		{"insurance is none", once(50601, "X"), "", ""},
		{"one PIX", once(20102, "BRUNO ALVES"), "", ""},
		{"a PIX every month", monthlyDebits(-100, 20102, "BRUNO ALVES", "11144477735"), "OTHER_RECURRENT 100.00", "OTHER_RECURRENT 100.00"},
		{"a boleto every month, by name", monthlyDebits(-100, 21001, "ESCOLA SOL", ""), "OTHER_RECURRENT 100.00", "OTHER_RECURRENT 100.00"},
		{"cash every month is none", monthlyDebits(-100, 20701, "SAQUE BANCO24H", ""), "", ""},
		{"a PIX in two of many months", monthlyDebits(-100, 20102, "BRUNO ALVES", "11144477735")[1:], "OTHER_RECURRENT 100.00", "OTHER_RECURRENT 100.00"},
		{"discounted titles, by text", once(60101, "DESC TITULOS 01"), "", "RECEIVABLES_DISCOUNT 100.00"},
		{"what a discount text says goes before tax", once(80301, "DESCONTO DUPLICATA"), "", "RECEIVABLES_DISCOUNT 100.00"},
		{"a recurrent transfer goes before its text", monthlyDebits(-100, 20102, "ANTECIPACAO RIO", lender), "OTHER_RECURRENT 100.00", "OTHER_RECURRENT 100.00"},
		{"the lender of discounted titles", []debit{{move{day: "2025-06-10", amount: -100, code: 20103}, "RIO", lender}}, "", "RECEIVABLES_DISCOUNT 100.00"},
		{"overdraft", once(50402, "X"), "", "OVERDRAFT 100.00"},
		{"unarranged overdraft", once(50403, "X"), "", "OVERDRAFT 100.00"},
		{"taxes of companies", once(80301, "X"), "", "TAX 100.00"},
		{"taxes of people are none", once(40601, "X"), "", ""},
		{"wages", once(80201, "X"), "", "PAYROLL 100.00"},
		{"a supplier once", once(80101, "MOINHO"), "", ""},
		{"a supplier every month", monthlyDebits(-100, 80101, "MOINHO", ""), "", "SUPPLIER_RECURRENT 100.00"},
		{"own transfer", []debit{{move{day: "2025-06-10", amount: -100, code: 30201, role: ledger.RoleOwnTransfer}, "X", ""}}, "", ""},
		{"came back", []debit{{move{day: "2025-06-10", amount: -100, code: 30201, role: ledger.RoleReversed, reversed: 100}, "X", ""}}, "", ""},
		{"came back in part", []debit{{move{day: "2025-06-10", amount: -100, code: 50203, role: ledger.RoleReversed, reversed: 30}, "X", ""}}, "BANK_LOAN 70.00", "BANK_LOAN 70.00"},
		{"older than the window", []debit{{move{day: "2023-06-10", amount: -100, code: 30201}, "X", ""}}, "UTILITIES_RENTAL 100.00", "UTILITIES_RENTAL 100.00"},
		{"after the day", []debit{{move{day: "2025-07-01", amount: -100, code: 30201}, "X", ""}}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			for company, want := range map[bool]string{false: c.person, true: c.company} {
				f := debitsOf(t, company, c.debits...)
				f.Ledger.Contracts = []ledger.Contract{{Source: &openfinance.Contract{CompanyCNPJ: lender}, Kind: ledger.InvoiceFinancing, Company: company, Same: -1}}
				if got := newestLiability(f, company); got != want {
					t.Errorf("company %t: %q, want %q", company, got, want)
				}
				if len(f.Liabilities(!company)) > 0 {
					t.Errorf("company %t: the other one has its liabilities", company)
				}
			}
		})
	}
}

// "Recurrent at D: at least 3 distinct calendar months (days covered < 90: at least
// 2). Then all its entries of these categories belong to the kind, of any age."
func TestRecurrentLiabilitiesAreOfAnyAge(t *testing.T) {
	old := debit{move{day: "2023-01-10", amount: -5, code: 20102}, "BRUNO ALVES", "11144477735"}
	f := debitsOf(t, false, append(monthlyDebits(-100, 20102, "BRUNO ALVES", "11144477735"), old)...)
	if got := len(f.Liabilities(false)); got != 4 {
		t.Errorf("%d entries, want 4", got)
	}
	two := []debit{old}
	two = append(two, monthlyDebits(-100, 20102, "BRUNO ALVES", "11144477735")[1:]...)
	if got := len(debitsOf(t, false, two...).Liabilities(false)); got != 0 {
		t.Errorf("two months of a long record are %d entries, want none", got)
	}
}

func TestNamesOfLiabilityKinds(t *testing.T) {
	var got []string
	for kind := range fact.LiabilityKind(fact.LiabilityKinds) {
		got = append(got, kind.String()+" = "+kind.LegacyText())
	}
	want := []string{
		"CREDIT_CARD = Credit card", "MORTGAGE = Mortgage", "STUDENT_LOAN = Student loan", "BANK_LOAN = Bank loan",
		"UTILITIES_RENTAL = Utilities rental", "OTHER_RECURRENT = Other recurrent transfer", "RECEIVABLES_DISCOUNT = RECEIVABLES_DISCOUNT",
		"OVERDRAFT = OVERDRAFT", "TAX = TAX", "PAYROLL = PAYROLL", "SUPPLIER_RECURRENT = SUPPLIER_RECURRENT",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the kinds are %q", got)
	}
}
