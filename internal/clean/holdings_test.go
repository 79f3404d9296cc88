package clean_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/clean"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/openfinance"
)

// deal is a movement of a holding: a purchase of 10.00.
func deal(id, day string) openfinance.InvestmentTransaction {
	return openfinance.InvestmentTransaction{
		TransactionID: id, Type: "ENTRADA", TransactionType: "APLICACAO", Date: day,
		Gross: openfinance.Money{Amount: "10.00", Currency: "BRL"},
	}
}

func TestMovementsOfAHolding(t *testing.T) {
	sold := deal("", "2025-01-02")
	sold.Type = "SAIDA"
	longer := deal("", "2025-01-02")
	longer.Gross.Amount = "10.0000"
	other := deal("", "2025-01-02")
	other.Gross.Amount = "10.01"
	plain := deal("", "2025-01-02")
	type deals []openfinance.InvestmentTransaction
	for name, c := range map[string]struct {
		history, current deals
		want             []string // id and day, as printed
	}{
		"none":                           {nil, nil, nil},
		"newest first":                   {deals{deal("a", "2025-01-01"), deal("b", "2025-01-03"), deal("c", "2025-01-02")}, nil, []string{"b 2025-01-03", "c 2025-01-02", "a 2025-01-01"}},
		"inside a day the last one sent": {deals{deal("a", "2025-01-01"), deal("b", "2025-01-01")}, nil, []string{"b 2025-01-01", "a 2025-01-01"}},
		"one id in two lists":            {deals{deal("a", "2025-01-01"), deal("b", "2025-01-02")}, deals{deal("b", "2025-01-02"), deal("c", "2025-01-03")}, []string{"c 2025-01-03", "b 2025-01-02", "a 2025-01-01"}},
		"one id twice in a list":         {deals{deal("a", "2025-01-01"), deal("a", "2025-01-01")}, nil, []string{"a 2025-01-01"}},
		"equal ones of one list":         {deals{plain, plain}, nil, []string{" 2025-01-02", " 2025-01-02"}},
		"equal ones of two lists":        {deals{plain, plain}, deals{longer}, []string{" 2025-01-02", " 2025-01-02"}},
		"one more in the second list":    {deals{plain}, deals{plain, longer}, []string{" 2025-01-02", " 2025-01-02"}},
		"an id in one list only":         {deals{plain}, deals{deal("a", "2025-01-02")}, []string{" 2025-01-02"}},
		"different ids of one movement":  {deals{deal("a", "2025-01-02")}, deals{deal("b", "2025-01-02")}, []string{"a 2025-01-02"}},
		"another direction":              {deals{plain}, deals{sold}, []string{" 2025-01-02", " 2025-01-02"}},
		"another amount":                 {deals{plain}, deals{other}, []string{" 2025-01-02", " 2025-01-02"}},
		"a matched id takes no other":    {deals{deal("a", "2025-01-02")}, deals{deal("a", "2025-01-02"), deal("b", "2025-01-02")}, []string{"b 2025-01-02", "a 2025-01-02"}},
	} {
		t.Run(name, func(t *testing.T) {
			l, _ := cleaned(t, &openfinance.Document{Funds: []openfinance.Investment{
				{InvestmentID: "f", Transactions: c.history, TransactionsCurrent: c.current},
			}}, clean.Options{})
			var got []string
			for _, m := range l.Holdings[0].Newest {
				got = append(got, m.TransactionID+" "+m.Date)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("movements (−want +got):\n%s", diff)
			}
		})
	}
}

func TestInstitutionsOfContractsAndHoldings(t *testing.T) {
	doc := &openfinance.Document{
		PersonalIdentifications: []openfinance.PersonalIdentification{{CPF: "52998224725", BrandName: "Banco A"}},
		BusinessIdentifications: []openfinance.BusinessIdentification{{CNPJ: "12ABC34501DE35", BrandName: "Corretora B"}},
		Accounts:                []openfinance.Account{{CompanyCNPJ: "11111111000191", BrandName: "Banco A"}, {BrandName: "Carteira"}},
		Loans:                   []openfinance.Contract{{ContractID: "l", CompanyCNPJ: "22222222000191", BrandName: "Financeira"}},
		Funds:                   []openfinance.Investment{{InvestmentID: "f", CompanyCNPJ: "33333333000191", BrandName: "Corretora B"}},
		BankFixedIncomes: []openfinance.Investment{
			{InvestmentID: "a", CompanyCNPJ: "11111111000272", BrandName: "Banco A Investimentos"},
			{InvestmentID: "c", BrandName: "CARTEIRA"},
		},
	}
	l, _ := cleaned(t, doc, clean.Options{})
	type held struct {
		Brand                         string
		Accounts, Contracts, Holdings []int32
	}
	var got []held
	for _, in := range l.Institutions {
		got = append(got, held{in.BrandName, in.Accounts, in.Contracts, in.Holdings})
	}
	want := []held{
		{"Banco A", []int32{0}, nil, []int32{0}},
		{"Carteira", []int32{1}, nil, []int32{1}},
		{"Financeira", nil, []int32{0}, nil},
		{"Corretora B", nil, nil, []int32{2}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("institutions (−want +got):\n%s", diff)
	}
	for i, kind := range []ledger.HoldingKind{ledger.BankFixedIncome, ledger.BankFixedIncome, ledger.Fund} {
		if h := l.Holdings[i]; h.Kind != kind || h.Company != (kind == ledger.Fund) {
			t.Errorf("holding %d is of kind %d, the company's: %v", i, h.Kind, h.Company)
		}
	}
	if l.Contracts[0].Company || !l.Holds(3, true) || l.Holds(3, false) || !l.Holds(2, false) || l.Holds(2, true) {
		t.Error("the person has the contract, the company the fund")
	}
}

func TestHoldingsInAReplay(t *testing.T) {
	doc := &openfinance.Document{
		Accounts: []openfinance.Account{{Balances: &openfinance.Balances{UpdateDateTime: "2025-01-31T12:00:00Z"}}},
		TreasureTitles: []openfinance.Investment{
			{InvestmentID: "then", PurchaseDate: "2025-01-10", Transactions: []openfinance.InvestmentTransaction{deal("a", "2025-01-10"), deal("b", "2025-01-11")}},
			{InvestmentID: "later", PurchaseDate: "2025-01-11"},
			{InvestmentID: "unknown", Transactions: []openfinance.InvestmentTransaction{deal("c", "2025-01-11")}},
		},
	}
	for name, c := range map[string]struct {
		asked bool
		want  map[string]int // movements by holding
	}{
		"as of then": {true, map[string]int{"then": 1, "unknown": 0}},
		"today":      {false, map[string]int{"then": 2, "later": 0, "unknown": 1}},
	} {
		t.Run(name, func(t *testing.T) {
			l, _ := cleaned(t, doc, clean.Options{Day: calendar.Of(2025, 1, 10), Asked: c.asked})
			got := make(map[string]int)
			for _, h := range l.Holdings {
				got[h.Source.InvestmentID] = len(h.Newest)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("holdings (−want +got):\n%s", diff)
			}
		})
	}
}

func TestHoldingsInTheFutureAreTold(t *testing.T) {
	doc := &openfinance.Document{
		BankFixedIncomes: []openfinance.Investment{
			{PurchaseDate: "2025-03-31", Balances: []openfinance.InvestmentBalance{{ReferenceDateTime: "2025-04-01T02:59:59Z"}}, Transactions: []openfinance.InvestmentTransaction{deal("a", "2025-03-31")}},
			{PurchaseDate: "2025-04-01", Balances: []openfinance.InvestmentBalance{{ReferenceDateTime: "2025-04-01T03:00:00Z"}}, TransactionsCurrent: []openfinance.InvestmentTransaction{deal("b", "2025-04-01")}},
		},
		Funds: []openfinance.Investment{
			{Balances: []openfinance.InvestmentBalance{{}, {ReferenceDate: "2025-04-01"}}, Transactions: []openfinance.InvestmentTransaction{deal("c", "2025-03-01"), deal("d", "2025-04-02")}},
		},
	}
	_, problems := cleaned(t, doc, clean.Options{})
	var got []string
	for _, p := range problems {
		got = append(got, p.Path)
	}
	want := []string{
		"bankFixedIncomes[1].purchaseDate", "bankFixedIncomes[1].balances[0].referenceDateTime", "bankFixedIncomes[1].transactions-current[0].transactionDate",
		"funds[0].balances[1].referenceDate", "funds[0].transactions[1].transactionConversionDate",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (−want +got):\n%s", diff)
	}
}
