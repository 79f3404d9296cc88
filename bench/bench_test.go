package bench_test

import (
	"bytes"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/openklaas/klaas/bench"
	"github.com/openklaas/klaas/bench/plain"
	"github.com/openklaas/klaas/openfinance"
)

func TestDocumentIsTheSameEveryTimeAndReadsWithoutProblem(t *testing.T) {
	body := bench.Document(bench.Movements)
	if !bytes.Equal(body, bench.Document(bench.Movements)) {
		t.Fatal("the same number of movements gave other bytes")
	}
	if len(body) < 2_800_000 || len(body) > 3_000_000 {
		t.Errorf("the bench document has %d bytes, want about 2.9 MB", len(body))
	}
	doc, problems, err := openfinance.Read(body)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems.List {
		t.Errorf("%s: %s", p.Path, p.Message)
	}
	if len(doc.Accounts) != 5 || len(doc.CreditCards) != 2 {
		t.Errorf("%d accounts and %d cards, want 5 and 2", len(doc.Accounts), len(doc.CreditCards))
	}
	movements := 0
	for _, a := range doc.Accounts {
		movements += len(a.Transactions)
	}
	for _, c := range doc.CreditCards {
		movements += len(c.Transactions)
	}
	if movements != bench.Movements {
		t.Errorf("%d movements, want %d", movements, bench.Movements)
	}
	contracts, holdings := 0, 0
	for _, section := range [][]openfinance.Contract{doc.Loans, doc.Financings, doc.InvoiceFinancings, doc.UnarrangedOverdraft} {
		contracts += len(section)
	}
	for _, section := range [][]openfinance.Investment{doc.BankFixedIncomes, doc.CreditFixedIncomes, doc.VariableIncomes, doc.TreasureTitles, doc.Funds} {
		holdings += len(section)
	}
	if contracts != bench.Contracts || holdings != bench.Holdings {
		t.Errorf("%d contracts and %d holdings, want %d and %d", contracts, holdings, bench.Contracts, bench.Holdings)
	}
}

// TestReadGivesWhatUnmarshalGives holds the reader against the JSON package.
func TestReadGivesWhatUnmarshalGives(t *testing.T) {
	body := bench.Document(500)
	want, err := plain.Unmarshal(body)
	if err != nil {
		t.Fatal(err)
	}
	doc, _, err := openfinance.Read(body)
	if err != nil {
		t.Fatal(err)
	}
	got := plain.Document{
		PersonalCustomerIdentification: want.PersonalCustomerIdentification,
		Loans:                          each(doc.Loans, contract),
		Financings:                     each(doc.Financings, contract),
		InvoiceFinancings:              each(doc.InvoiceFinancings, contract),
		UnarrangedAccountsOverdraft:    each(doc.UnarrangedOverdraft, contract),
		BankFixedIncomes:               each(doc.BankFixedIncomes, fixedIncome),
		CreditFixedIncomes:             each(doc.CreditFixedIncomes, fixedIncome),
		VariableIncomes:                each(doc.VariableIncomes, variableIncome),
		TreasureTitles:                 each(doc.TreasureTitles, fixedIncome),
		Funds:                          each(doc.Funds, fund),
	}
	for _, a := range doc.Accounts {
		got.Accounts = append(got.Accounts, plain.Account{
			AccountID: a.AccountID, BrandName: a.BrandName, CompanyCnpj: a.CompanyCNPJ, CompeCode: a.CompeCode, BranchCode: a.BranchCode,
			Number: a.Number, CheckDigit: a.CheckDigit, Type: a.Type, Subtype: a.Subtype, Currency: a.Currency,
			Balances: plain.Balances{
				AvailableAmount: plain.Money(a.Balances.Available), BlockedAmount: plain.Money(a.Balances.Blocked),
				AutomaticallyInvestedAmount: plain.Money(a.Balances.AutomaticallyInvested), UpdateDateTime: a.Balances.UpdateDateTime,
			},
			Transactions: entries(a.Transactions), TransactionsCurrent: entries(a.TransactionsCurrent),
		})
		if o := a.OverdraftLimits; o != nil {
			got.Accounts[len(got.Accounts)-1].OverdraftLimits = plain.Overdraft{
				OverdraftContractedLimit: plain.Money(o.Contracted), OverdraftUsedLimit: plain.Money(o.Used), UnarrangedOverdraftAmount: plain.Money(o.Unarranged),
			}
		}
	}
	for _, c := range doc.CreditCards {
		card := plain.Card{
			CreditCardAccountID: c.CreditCardAccountID, BrandName: c.BrandName, CompanyCnpj: c.CompanyCNPJ, Name: c.Name,
			ProductType: c.ProductType, ProductAdditionalInfo: c.ProductAdditionalInfo, CreditCardNetwork: c.Network, NetworkAdditionalInfo: c.NetworkAdditionalInfo,
		}
		for _, p := range c.PaymentMethods {
			card.PaymentMethod = append(card.PaymentMethod, plain.PaymentMethod{IdentificationNumber: p.IdentificationNumber, IsMultipleCreditCard: p.IsMultiple == openfinance.True})
		}
		for _, l := range c.Limits {
			card.Limits = append(card.Limits, plain.Limit{
				CreditLineLimitType: l.LineLimitType, ConsolidationType: l.ConsolidationType, IdentificationNumber: l.IdentificationNumber, LineName: l.LineName,
				LineNameAdditionalInfo: l.LineNameAdditionalInfo, IsLimitFlexible: l.IsFlexible == openfinance.True,
				LimitAmount: plain.Money(l.Limit), UsedAmount: plain.Money(l.Used), AvailableAmount: plain.Money(l.Available),
			})
		}
		for _, b := range c.Bills {
			bill := plain.Bill{
				BillID: b.BillID, DueDate: b.DueDate, BillTotalAmount: plain.Money(b.Total), BillMinimumAmount: plain.Money(b.Minimum), IsInstalment: b.IsInstalment == openfinance.True,
			}
			for _, f := range b.FinanceCharges {
				bill.FinanceCharges = append(bill.FinanceCharges, plain.Charge{Type: f.Type, AdditionalInfo: f.AdditionalInfo, Amount: f.Amount.Amount, Currency: f.Amount.Currency})
			}
			for _, p := range b.Payments {
				bill.Payments = append(bill.Payments, plain.Payment{ValueType: p.ValueType, PaymentDate: p.PaymentDate, PaymentMode: p.PaymentMode, Amount: p.Amount.Amount, Currency: p.Amount.Currency})
			}
			card.Bills = append(card.Bills, bill)
		}
		for _, l := range c.Transactions {
			card.Transactions = append(card.Transactions, line(l))
		}
		got.CreditCardsAccounts = append(got.CreditCardsAccounts, card)
	}
	for i := range want.CreditCardsAccounts {
		for j := range want.CreditCardsAccounts[i].Transactions {
			// The reader takes the official dummy for absent.
			if l := &want.CreditCardsAccounts[i].Transactions[j]; l.BillPostDate == "0001-01-01" {
				l.BillPostDate = ""
			}
		}
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-unmarshalled +read):\n%s", diff)
	}
}

func entries(list []openfinance.Transaction) []plain.Transaction {
	var out []plain.Transaction
	for _, t := range list {
		at := t.DateTime
		if at == "" {
			at = t.Date
		}
		out = append(out, plain.Transaction{
			TransactionID: t.TransactionID, CompletedAuthorisedPaymentType: t.CompletedAuthorised, CreditDebitType: t.CreditDebitType, TransactionName: t.Name, Type: t.Type,
			TransactionAmount: plain.Money(t.Amount), TransactionDateTime: at,
			PartieCnpjCpf: t.PartieCnpjCpf, PartiePersonType: t.PartiePersonType, PartieCompeCode: t.PartieCompeCode,
			PartieBranchCode: t.PartieBranchCode, PartieNumber: t.PartieNumber, PartieCheckDigit: t.PartieCheckDigit,
		})
	}
	return out
}

func line(t openfinance.CardTransaction) plain.CardTransaction {
	number, _ := strconv.Atoi(t.ChargeIdentificator) // "" is 0, absent in both
	return plain.CardTransaction{
		TransactionID: t.TransactionID, IdentificationNumber: t.IdentificationNumber, TransactionName: t.Name, BillID: t.BillID, CreditDebitType: t.CreditDebitType,
		TransactionType: t.TransactionType, TransactionalAdditionalInfo: t.TransactionalAdditionalInfo, PaymentType: t.PaymentType, FeeType: t.FeeType, OtherCreditsType: t.OtherCreditsType,
		ChargeIdentificator: number, ChargeNumber: int(t.ChargeNumber), BrazilianAmount: plain.Money(t.BrazilianAmount), Amount: plain.Money(t.Amount),
		TransactionDateTime: t.DateTime, BillPostDate: t.BillPostDate, PayeeMCC: max(0, int(t.PayeeMCC)),
	}
}

// BenchmarkPlain is the denominator of every ratio.
func BenchmarkPlain(b *testing.B) {
	body := bench.Document(bench.Movements)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := plain.Unmarshal(body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	body := bench.Document(bench.Movements)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := openfinance.Read(body); err != nil {
			b.Fatal(err)
		}
	}
}
