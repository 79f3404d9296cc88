package openfinance_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas/openfinance"
)

func usd(amount string) openfinance.Money {
	return openfinance.Money{Amount: amount, Currency: "USD"}
}

func brl(amount string) openfinance.Money {
	return openfinance.Money{Amount: amount, Currency: "BRL"}
}

func demo(t testing.TB) []byte {
	t.Helper()
	body, err := os.ReadFile("testdata/demo-userdata.json")
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// TestDemo compares every field of the published sample.
func TestDemo(t *testing.T) {
	doc, problems, err := openfinance.Read(demo(t))
	if err != nil {
		t.Fatal(err)
	}
	thousand := brl("1000.0400")
	want := &openfinance.Document{
		Sections: map[string]*openfinance.Section{
			"accounts":                       {Records: 2},
			"creditCardsAccounts":            {Records: 7},
			"personalCustomerIdentification": {Records: 8},
		},
		Accounts: []openfinance.Account{{
			AccountID: "92792126019929279212650822221989319252576", BrandName: "Banco do Brasil", CompanyCNPJ: "21128159000166",
			CompeCode: "001", BranchCode: "6272", Number: "94088392", CheckDigit: "4", Type: "CONTA_DEPOSITO_A_VISTA",
			Balances:        &openfinance.Balances{Available: thousand, Blocked: thousand, AutomaticallyInvested: thousand},
			OverdraftLimits: &openfinance.OverdraftLimits{Contracted: thousand, Used: thousand, Unarranged: thousand},
			Transactions: []openfinance.Transaction{{
				TransactionID: "TXpRMU9UQTROMWhZV2xSU1FUazJSMDl", CompletedAuthorised: "TRANSACAO_EFETIVADA", CreditDebitType: "DEBITO",
				Name: "TRANSFCWAR5TXHCX5I9IDBHML8082N8NEO30M6LNNG7ANAYIJYRM00ZBZPU8", Type: "PIX", Amount: thousand, Date: "2021-01-07",
				PartieCnpjCpf: "43908445778", PartiePersonType: "PESSOA_NATURAL", PartieCompeCode: "001", PartieBranchCode: "6272",
				PartieNumber: "67890854360", PartieCheckDigit: "4",
			}},
		}},
		CreditCards: []openfinance.CreditCard{{
			CreditCardAccountID: "XXZTR3459087", BrandName: "Banco do Brasil", CompanyCNPJ: "21128159000166", Name: "Cartão Universitário",
			ProductType: "OUTROS", Network: "VISA", NetworkAdditionalInfo: "AURA CARD",
			PaymentMethods: []openfinance.PaymentMethod{{IdentificationNumber: "4453", IsMultiple: openfinance.True}},
			Limits: []openfinance.CardLimit{{
				LineLimitType: "LIMITE_CREDITO_TOTAL", ConsolidationType: "CONSOLIDADO", IdentificationNumber: "4453", LineName: "CREDITO_A_VISTA",
				LineNameAdditionalInfo: "Informações adicionais e complementares.", IsFlexible: openfinance.True,
				Limit: thousand, Used: thousand, Available: thousand,
			}},
			Bills: []openfinance.Bill{{
				BillID: "3459087XXZTR", DueDate: "2021-05-21", Total: thousand, Minimum: thousand, IsInstalment: openfinance.False,
				FinanceCharges: []openfinance.FinanceCharge{{Type: "JUROS_REMUNERATORIOS_ATRASO_PAGAMENTO_FATURA", AdditionalInfo: "Informações Adicionais", Amount: brl("100000.0400")}},
				Payments:       []openfinance.BillPayment{{ValueType: "VALOR_PAGAMENTO_FATURA_PARCELADO", PaymentDate: "2021-05-21", PaymentMode: "DEBITO_CONTA_CORRENTE", Amount: thousand}},
			}},
			Transactions: []openfinance.CardTransaction{{
				TransactionID: "TXpRMU9UQTROMWhZV2xSU1FUazJSMDl", IdentificationNumber: "4453", Name: "PGTO", BillID: "MTU0OTU1NjI2NTk4OTRmc2ZhZDRmc2Q1NmZkM",
				CreditDebitType: "DEBITO", TransactionType: "CASHBACK", PaymentType: "A_VISTA", FeeType: "ANUIDADE", OtherCreditsType: "CREDITO_ROTATIVO",
				ChargeIdentificator: "1", ChargeNumber: 12, BrazilianAmount: thousand, Amount: thousand, Date: "2021-05-21", BillPostDate: "2021-05-21", PayeeMCC: 5137,
			}},
		}},
		PersonalIdentifications: []openfinance.PersonalIdentification{{
			UpdateDateTime: "2021-05-21T08:30:00Z", PersonalID: "578-psd-71md6971kjh-2d414", BrandName: "Organização A",
			CivilName: "Juan Kaique Cláudio Fernandes", SocialName: "Jaqueline de Freitas", BirthDate: "1989-03-23",
			MaritalStatusCode: "OUTRO", MaritalStatusAdditionalInfo: "Amasiado", Sex: "FEMININO",
			CompaniesCNPJ: []string{"01773247000103", "01773247000563"}, CPF: "25872252137",
			Passport:                &openfinance.Passport{Number: "75253468744594820620", Country: "CAN", ExpirationDate: "2021-05-21", IssueDate: "2021-05-21"},
			OtherDocuments:          []openfinance.OtherDocument{{Type: "CNH", TypeAdditionalInfo: "CREA-RJ", Number: "15291908", CheckDigit: "P", AdditionalInfo: "SSP/SP", ExpirationDate: "2021-05-21"}},
			HasBrazilianNationality: openfinance.False,
			Nationalities: []openfinance.Nationality{{OtherNationalitiesInfo: "CAN", Documents: []openfinance.NationalityDocument{{
				Type: "SOCIAL SEC", Number: "423929299", ExpirationDate: "2021-05-21", IssueDate: "2021-05-21", Country: "Brasil", AdditionalInfo: "Informações adicionais."}}}},
			Filiations: []openfinance.Filiation{{Type: "PAI", CivilName: "Marcelo Cláudio Fernandes"}},
			Contacts: openfinance.Contacts{
				PostalAddresses: []openfinance.PostalAddress{{IsMain: openfinance.True, Address: "Av Naburo Ykesaki, 1270", AdditionalInfo: "Fundos", DistrictName: "Centro",
					TownName: "Marília", IBGETownCode: "3550308", CountrySubDivision: "SP", PostCode: "17500001", Country: "Brasil", CountryCode: "BRA",
					Latitude: "-23.5475000", Longitude: "-46.6361100"}},
				Phones: []openfinance.Phone{{IsMain: openfinance.True, Type: "FIXO", AdditionalInfo: "Informações adicionais.", CountryCallingCode: "55", AreaCode: "19", Number: "29875132", PhoneExtension: "932"}},
				Emails: []openfinance.Email{{IsMain: openfinance.True, Email: "abcd@br.inter.net"}},
			},
		}},
	}
	if diff := cmp.Diff(want, doc); diff != "" {
		t.Errorf("document (-want +got):\n%s", diff)
	}
	const badDigits = "has wrong check digits, kept as sent: check its source"
	wantProblems := []openfinance.Problem{
		{Path: "accounts[0].transactions[0].partieCnpjCpf", Message: badDigits, Severity: openfinance.Warning, Section: "accounts"},
		{Path: "personalCustomerIdentification[0].companiesCnpj[1]", Message: badDigits, Severity: openfinance.Warning, Section: "personalCustomerIdentification"},
	}
	if diff := cmp.Diff(wantProblems, problems.List); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

// A bill that says that it has no payment is another thing than one that does not
// tell, or whose payments cannot be read.
func TestPaymentsThatAreNoneAreTold(t *testing.T) {
	for text, want := range map[string]bool{
		`"payments": []`:        true,
		`"payments": null`:      false,
		`"isInstalment": false`: false,
		`"payments": ["soon"]`:  false,
		`"payments": [null]`:    false,
	} {
		d, _, err := openfinance.Read([]byte(`{"creditCardsAccounts": [{"creditCardAccountId": "c", "bills": [{"billId": "b", "dueDate": "2025-05-19", ` + text + `}]}]}`))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if payments := d.CreditCards[0].Bills[0].Payments; len(payments) > 0 || (payments != nil) != want {
			t.Errorf("%s: payments are %#v", text, payments)
		}
	}
}
