package clean_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/clean"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/openfinance"
)

func cleaned(t *testing.T, doc *openfinance.Document, o clean.Options) (*ledger.Ledger, []openfinance.Problem) {
	t.Helper()
	if o.Day == 0 {
		o.Day = calendar.Of(2025, 3, 31)
	}
	l, problems := clean.Clean(doc, o)
	if err := ledger.Check(l); err != nil {
		t.Fatalf("the ledger is broken: %v", err)
	}
	return l, problems
}

func TestPerson(t *testing.T) {
	personal := []openfinance.PersonalIdentification{{CPF: "52998224725", CivilName: "Maria"}, {CPF: "11144477735", CivilName: "Ana"}}
	business := []openfinance.BusinessIdentification{{CNPJ: "12ABC34501DE35", CompanyName: "Maria Bolos"}}
	for name, c := range map[string]struct {
		doc  openfinance.Document
		want ledger.Person
	}{
		"the first personal identification": {
			openfinance.Document{PersonalIdentifications: personal, Request: openfinance.Request{TaxID: "11144477735"}},
			ledger.Person{CPF: "52998224725", CivilName: "Maria"},
		},
		"a company": {
			openfinance.Document{BusinessIdentifications: business},
			ledger.Person{CNPJ: "12ABC34501DE35", CompanyName: "Maria Bolos"},
		},
		"an entrepreneur is both": {
			openfinance.Document{PersonalIdentifications: personal, BusinessIdentifications: business},
			ledger.Person{CPF: "52998224725", CivilName: "Maria", CNPJ: "12ABC34501DE35", CompanyName: "Maria Bolos"},
		},
		"the request names a person": {
			openfinance.Document{PersonalIdentifications: []openfinance.PersonalIdentification{{CivilName: "Maria"}}, Request: openfinance.Request{TaxID: "52998224725"}},
			ledger.Person{CPF: "52998224725", CivilName: "Maria"},
		},
		"the request names a company": {
			openfinance.Document{Request: openfinance.Request{TaxID: "12ABC34501DE35"}},
			ledger.Person{CNPJ: "12ABC34501DE35"},
		},
		"nobody": {},
	} {
		t.Run(name, func(t *testing.T) {
			l, _ := cleaned(t, &c.doc, clean.Options{})
			if l.Person != c.want {
				t.Errorf("the person is %+v, want %+v", l.Person, c.want)
			}
		})
	}
}

func TestInstitutions(t *testing.T) {
	doc := &openfinance.Document{
		Accounts: []openfinance.Account{
			{CompanyCNPJ: "60701190000104", CompeCode: "341", BrandName: "Itaú", Type: "CONTA_DEPOSITO_A_VISTA"},
			{CompanyCNPJ: "21128159000166", CompeCode: "999", BrandName: "Banco X", Type: "CONTA_POUPANCA"},
			{CompanyCNPJ: "60701190999999", CompeCode: "341", BrandName: "Itaú Uniclass", Type: "CONTA_PAGAMENTO_PRE_PAGA"},
			{BrandName: "Carteira Á", Type: "CONTA_PAGAMENTO_PRE_PAGA"},
			{BrandName: "carteira a", Type: "CONTA_PAGAMENTO_PRE_PAGA"},
		},
		CreditCards: []openfinance.CreditCard{
			{CompanyCNPJ: "18236120000158", BrandName: "Nubank"},
			{CompanyCNPJ: "60701190000104", BrandName: "Itaú Cartões"},
			{CompanyCNPJ: "99999999000199", BrandName: "Cartão Y"},
		},
	}
	l, problems := cleaned(t, doc, clean.Options{})
	want := []ledger.Institution{
		{Root: "60701190", CNPJ: "60701190000104", Code: "341", BrandName: "Itaú", BacenName: "ITAÚ UNIBANCO S.A.", Accounts: []int32{0, 2}, Cards: []int32{1}},
		{Root: "21128159", CNPJ: "21128159000166", Code: "999", BrandName: "Banco X", BacenName: "Banco X", Accounts: []int32{1}},
		{BrandName: "Carteira Á", BacenName: "Carteira Á", Accounts: []int32{3, 4}},
		{Root: "18236120", CNPJ: "18236120000158", Code: "260", BrandName: "Nubank", BacenName: "NU PAGAMENTOS S.A. - INSTITUIÇÃO DE PAGAMENTO", Cards: []int32{0}},
		{Root: "99999999", CNPJ: "99999999000199", Code: "99999999000199", BrandName: "Cartão Y", BacenName: "Cartão Y", Cards: []int32{2}},
	}
	if diff := cmp.Diff(want, l.Institutions); diff != "" {
		t.Errorf("institutions (−want +got):\n%s", diff)
	}
	if len(problems) > 0 {
		t.Errorf("problems: %v", problems)
	}
	kinds := []ledger.AccountKind{ledger.Checking, ledger.Savings, ledger.Prepaid, ledger.Prepaid, ledger.Prepaid}
	for i, want := range kinds {
		if got := l.Accounts[i].Kind; got != want {
			t.Errorf("account %d is of kind %d, want %d", i, got, want)
		}
	}
}

func TestUnknownAccountTypeIsCheckingWithAWarning(t *testing.T) {
	doc := &openfinance.Document{Accounts: []openfinance.Account{{Type: "CONTA_POUPANCA"}, {Type: "CONTA_NOVA"}}}
	l, problems := cleaned(t, doc, clean.Options{})
	if l.Accounts[0].Kind != ledger.Savings || l.Accounts[1].Kind != ledger.Checking {
		t.Errorf("kinds %d and %d, want savings and checking", l.Accounts[0].Kind, l.Accounts[1].Kind)
	}
	if len(problems) != 1 || problems[0].Path != "accounts[1].type" || problems[0].Severity != openfinance.Warning {
		t.Errorf("problems %v, want one warning at accounts[1].type", problems)
	}
}

func TestHolder(t *testing.T) {
	personal := openfinance.PersonalIdentification{CPF: "52998224725", BrandName: "Banco A"}
	business := openfinance.BusinessIdentification{CNPJ: "12ABC34501DE35", BrandName: "Banco B"}
	accounts := []openfinance.Account{
		{BrandName: "BANCO A", CompanyCNPJ: "11111111000191"},
		{BrandName: "Banco B", CompanyCNPJ: "22222222000191"},
		{BrandName: "Banco C", CompanyCNPJ: "33333333000191"},
	}
	cards := []openfinance.CreditCard{{BrandName: "Banco B", CompanyCNPJ: "22222222000191"}}
	people := []openfinance.PersonalIdentification{personal}
	companies := []openfinance.BusinessIdentification{business}
	for name, c := range map[string]struct {
		doc  openfinance.Document
		want [4]bool // are the accounts, and the card, the company's?
	}{
		"a person":     {openfinance.Document{PersonalIdentifications: people}, [4]bool{}},
		"a company":    {openfinance.Document{BusinessIdentifications: companies}, [4]bool{true, true, true, true}},
		"a company by": {openfinance.Document{Request: openfinance.Request{TaxID: "12ABC34501DE35"}}, [4]bool{true, true, true, true}},
		"both: the company where only the company was identified": {
			openfinance.Document{PersonalIdentifications: people, BusinessIdentifications: companies},
			[4]bool{false, true, false, true},
		},
		"both at one bank: the person": {
			openfinance.Document{
				PersonalIdentifications: append(people, openfinance.PersonalIdentification{BrandName: "Banco B"}),
				BusinessIdentifications: companies,
			},
			[4]bool{},
		},
		"both: by the institution's CNPJ": {
			openfinance.Document{
				PersonalIdentifications: people,
				BusinessIdentifications: []openfinance.BusinessIdentification{{CNPJ: "12ABC34501DE35", CompanyCNPJ: "33333333000272"}},
			},
			[4]bool{false, false, true, false},
		},
		"nobody": {openfinance.Document{}, [4]bool{}},
	} {
		t.Run(name, func(t *testing.T) {
			doc := c.doc
			doc.Accounts, doc.CreditCards = accounts, cards
			for i := range doc.Accounts {
				doc.Accounts[i].Type = "CONTA_DEPOSITO_A_VISTA"
			}
			l, _ := cleaned(t, &doc, clean.Options{})
			got := [4]bool{l.Accounts[0].Company, l.Accounts[1].Company, l.Accounts[2].Company, l.Cards[0].Company}
			if got != c.want {
				t.Errorf("the company's are %v, want %v", got, c.want)
			}
		})
	}
}

func TestJointAccounts(t *testing.T) {
	for _, c := range []struct {
		subtype string
		policy  setting.JointPolicy
		want    money.Amount // of 10.00
	}{
		{"INDIVIDUAL", setting.JointExclude, 100_000},
		{"", setting.JointExclude, 100_000},
		{"CONJUNTA_SIMPLES", "", 100_000},
		{"CONJUNTA_SOLIDARIA", setting.JointFull, 100_000},
		{"CONJUNTA_SIMPLES", setting.JointHalf, 50_000},
		{"CONJUNTA_SOLIDARIA", setting.JointExclude, 0},
	} {
		doc := &openfinance.Document{Accounts: []openfinance.Account{{
			Type: "CONTA_DEPOSITO_A_VISTA", Subtype: c.subtype,
			Transactions: []openfinance.Transaction{{Amount: brl("10.00"), CreditDebitType: "CREDITO", Date: "2025-03-10", Name: "PIX"}},
		}}}
		l, _ := cleaned(t, doc, clean.Options{Joint: c.policy})
		if l.Movements[0].Amount != 100_000 {
			t.Errorf("%s, %s: the row has %s, want it as received", c.subtype, c.policy, l.Movements[0].Amount)
		}
		if got := l.Accounts[0].Share.Of(l.Movements[0].Amount); got != c.want {
			t.Errorf("%s, %s: %s counts, want %s", c.subtype, c.policy, got, c.want)
		}
	}
}

func TestUnreadableEntriesOfAHandMadeDocument(t *testing.T) {
	good := openfinance.Transaction{Amount: brl("10.00"), CreditDebitType: "DEBITO", Date: "2025-03-10", Name: "PIX"}
	noAmount, noDay, noDirection := good, good, good
	noAmount.Amount.Amount = "12,50"
	noDay.Date = "2025-02-30"
	noDirection.CreditDebitType = ""
	negative := good
	negative.Amount.Amount = "-10.00"
	doc := &openfinance.Document{Accounts: []openfinance.Account{{
		Type: "CONTA_DEPOSITO_A_VISTA", Transactions: []openfinance.Transaction{noAmount, good, noDay, noDirection, negative},
	}}}
	l, problems := cleaned(t, doc, clean.Options{})
	var paths []string
	for _, p := range problems {
		paths = append(paths, p.Path)
	}
	want := []string{"accounts[0].transactions[0]", "accounts[0].transactions[2]", "accounts[0].transactions[3]"}
	if diff := cmp.Diff(want, paths); diff != "" {
		t.Errorf("left out (−want +got):\n%s", diff)
	}
	if len(l.Movements) != 2 || l.Movements[1].Amount != 100_000 || l.Movements[1].Direction != ledger.Debit {
		t.Errorf("movements %+v, want two debits of 10.00", l.Movements)
	}
}

func TestSyntheticID(t *testing.T) {
	doc := &openfinance.Document{Accounts: []openfinance.Account{{
		AccountID: "abc", Type: "CONTA_DEPOSITO_A_VISTA",
		Transactions: []openfinance.Transaction{
			{Amount: brl("10.00"), CreditDebitType: "DEBITO", DateTime: "2025-03-10T01:00:00Z", Name: "Café"},
			{Amount: brl("10.00"), CreditDebitType: "DEBITO", DateTime: "2025-03-10T02:00:00Z", Name: "Café"},
		},
	}}}
	l, _ := cleaned(t, doc, clean.Options{})
	// printf 'abc|2025-03-09|DEBITO|10.00|Café|1' | sha256sum | cut -c1-24, and the same with 2
	want := []string{"synt-cc111c1ab68fd64ac3ceed56", "synt-a6085224fa485d50f09bd00e"}
	for i := range want {
		if got := l.Movements[i].ID; got != want[i] {
			t.Errorf("id %d is %s, want %s", i, got, want[i])
		}
	}
}
