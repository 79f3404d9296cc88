package openfinance_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas/openfinance"
)

// read reads a document that must be usable.
func read(t *testing.T, body string) (*openfinance.Document, *openfinance.Problems) {
	t.Helper()
	doc, problems, err := openfinance.Read([]byte(body))
	if err != nil {
		t.Fatalf("%v\n%s", err, body)
	}
	return doc, problems
}

// silent fails when there is a problem.
func silent(t *testing.T, problems *openfinance.Problems) {
	t.Helper()
	for _, p := range problems.List {
		t.Errorf("%s: %s", p.Path, p.Message)
	}
}

// TestEachVersionOfAField has a row for each field that changed its name or type
// between versions of Open Finance Brasil: all forms must read the same.
func TestEachVersionOfAField(t *testing.T) {
	const (
		entry = `{"accounts":[{"transactions":[{"creditDebitType":"CREDITO",`
		line  = `{"creditCardsAccounts":[{"transactions":[{"creditDebitType":"DEBITO",`
		bill  = `{"creditCardsAccounts":[{"bills":[{"dueDate":"2021-05-21",`
	)
	for _, c := range []struct {
		name  string
		want  any
		from  func(d *openfinance.Document) any
		forms []string
	}{
		{"account transaction date", "2021-01-07",
			func(d *openfinance.Document) any { return d.Accounts[0].Transactions[0].Date },
			[]string{
				entry + `"transactionAmount":"1.00","transactionDate":"2021-01-07"}]}]}`,
				entry + `"transactionAmount":"1.00","transactionDateTime":"2021-01-07"}]}]}`,
				entry + `"transactionAmount":"1.00","transactionDate":" 2021-01-07 ","transactionDateTime":"NA"}]}]}`,
			}},
		{"account transaction time", "2021-01-07T12:29:03.374Z",
			func(d *openfinance.Document) any { return d.Accounts[0].Transactions[0].DateTime },
			[]string{
				entry + `"transactionAmount":"1.00","transactionDateTime":"2021-01-07T12:29:03.374Z"}]}]}`,
				entry + `"transactionAmount":"1.00","transactionDate":"2021-01-07","transactionDateTime":"2021-01-07T12:29:03.374Z"}]}]}`,
				entry + `"transactionAmount":"1.00","transactionDate":"2021-01-07T12:29:03.374Z"}]}]}`,
				entry + `"transactionAmount":"1.00","transactionDateTime":"2021-01-07 12:29:03.374"}]}]}`,
				entry + `"transactionAmount":"1.00","transactionDateTime":"2021-01-07t12:29:03.374z"}]}]}`,
			}},
		{"time with an offset", "2021-01-07T12:29:03-03:00",
			func(d *openfinance.Document) any { return d.Accounts[0].Transactions[0].DateTime },
			[]string{
				entry + `"transactionAmount":"1.00","transactionDateTime":"2021-01-07T12:29:03-03:00"}]}]}`,
				entry + `"transactionAmount":"1.00","transactionDateTime":"2021-01-07T12:29:03-0300"}]}]}`,
			}},
		{"account transaction value", brl("1234.50"),
			func(d *openfinance.Document) any { return d.Accounts[0].Transactions[0].Amount },
			[]string{
				entry + `"transactionDate":"2021-01-07","transactionAmount":{"amount":"1234.50","currency":"BRL"}}]}]}`,
				entry + `"transactionDate":"2021-01-07","transactionAmount":{"currency":"brl","amount":1234.5}}]}]}`,
				entry + `"transactionDate":"2021-01-07","amount":1234.50,"transactionCurrency":"BRL"}]}]}`,
				entry + `"transactionDate":"2021-01-07","transactionCurrency":"BRL","amount":12345e-1}]}]}`,
				entry + `"transactionDate":"2021-01-07","amount":"1234.50","currency":"BRL"}]}]}`,
				entry + `"transactionDate":"2021-01-07","transactionAmount":{"data":{"amount":"+1234.50","currency":"BRL"}},"amount":null}]}]}`,
			}},
		{"balances", &openfinance.Balances{Available: brl("-1000.04"), Blocked: brl("0.00"), AutomaticallyInvested: brl("99.9999"), UpdateDateTime: "2021-05-21T00:00:00Z"},
			func(d *openfinance.Document) any { return d.Accounts[0].Balances },
			[]string{
				`{"accounts":[{"balances":{"availableAmount":{"amount":"-1000.04","currency":"BRL"},"blockedAmount":{"amount":"-0.00","currency":"BRL"},"automaticallyInvestedAmount":{"amount":"99.9999","currency":"BRL"},"updateDateTime":"2021-05-21T00:00:00Z"}}]}`,
				`{"accounts":[{"balances":{"availableAmount":-1000.04,"availableAmountCurrency":"BRL","blockedAmount":0,"blockedAmountCurrency":"BRL","automaticallyInvestedAmount":99.9999,"automaticallyInvestedAmountCurrency":"BRL","updateDateTime":"2021-05-21"}}]}`,
				`{"accounts":[{"balances":[{"data":{"availableAmount":-1000.04,"availableAmountCurrency":"BRL","blockedAmount":-0.0,"blockedAmountCurrency":"BRL","automaticallyInvestedAmount":99.9999,"automaticallyInvestedAmountCurrency":"BRL","updateDateTime":"2021-05-21"},"links":{},"meta":{}}]}]}`,
			}},
		{"absent balances", (*openfinance.Balances)(nil),
			func(d *openfinance.Document) any { return d.Accounts[0].Balances },
			[]string{`{"accounts":[{}]}`, `{"accounts":[{"balances":null}]}`, `{"accounts":[{"balances":[]}]}`}},
		{"overdraft limits", &openfinance.OverdraftLimits{Contracted: brl("99.99"), Used: brl("10.00"), Unarranged: brl("1.50")},
			func(d *openfinance.Document) any { return d.Accounts[0].OverdraftLimits },
			[]string{
				`{"accounts":[{"overdraft-limits":{"overdraftContractedLimit":{"amount":"99.99","currency":"BRL"},"overdraftUsedLimit":{"amount":"10.00","currency":"BRL"},"unarrangedOverdraftAmount":{"amount":"1.50","currency":"BRL"}}}]}`,
				`{"accounts":[{"overdraft_limits":{"overdraftContractedLimit":99.99,"overdraftContractedLimitCurrency":"BRL","overdraftUsedLimit":10,"overdraftUsedLimitCurrency":"BRL","unarrangedOverdraftAmount":1.5,"unarrangedOverdraftAmountCurrency":"BRL"}}]}`,
				`{"accounts":[{"overdraftLimits":{"overdraftContractedLimit":99.99,"overdraftContractedLimitCurrency":"BRL","overdraftUsedLimit":10,"overdraftUsedLimitCurrency":"BRL","unarrangedOverdraftAmount":1.5,"unarrangedOverdraftAmountCurrency":"BRL"}}]}`,
				`{"accounts":[{"overdraft limits":{"OverdraftContractedLimit":99.99,"overdraftContractedLimitCurrency":"BRL","overdraftUsedLimit":10,"overdraftUsedLimitCurrency":"BRL","unarrangedOverdraftAmount":1.5,"unarrangedOverdraftAmountCurrency":"BRL"}}]}`,
			}},
		{"bank code", "001",
			func(d *openfinance.Document) any { return d.Accounts[0].CompeCode },
			[]string{`{"accounts":[{"compeCode":"001"}]}`, `{"accounts":[{"compeCode":1}]}`, `{"accounts":[{"compeCode":"1"}]}`, `{"accounts":[{"compe_code":"0001"}]}`}},
		{"account check digit", "",
			func(d *openfinance.Document) any { return d.Accounts[0].CheckDigit },
			[]string{`{"accounts":[{}]}`, `{"accounts":[{"checkDigit":""}]}`, `{"accounts":[{"checkDigit":"NA"}]}`}},
		{"CNPJ with letters", "12ABC34501DE35",
			func(d *openfinance.Document) any { return d.Accounts[0].CompanyCNPJ },
			[]string{`{"accounts":[{"companyCnpj":"12ABC34501DE35"}]}`, `{"accounts":[{"companyCnpj":"12.abc.345/01de-35"}]}`}},
		{"CNPJ as a number", "00000000000191",
			func(d *openfinance.Document) any { return d.Accounts[0].CompanyCNPJ },
			[]string{`{"accounts":[{"companyCnpj":191}]}`, `{"accounts":[{"companyCnpj":"00.000.000/0001-91"}]}`}},
		{"enum in any case", "CONTA_POUPANCA",
			func(d *openfinance.Document) any { return d.Accounts[0].Type },
			[]string{`{"accounts":[{"type":"CONTA_POUPANCA"}]}`, `{"accounts":[{"type":" conta_poupanca "}]}`}},
		{"unknown enum", "CONTA_DO_FUTURO",
			func(d *openfinance.Document) any { return d.Accounts[0].Type },
			[]string{`{"accounts":[{"type":"CONTA_DO_FUTURO"}]}`}},
		{"card transaction date", "2021-05-21",
			func(d *openfinance.Document) any { return d.CreditCards[0].Transactions[0].Date },
			[]string{
				line + `"brazilianAmount":"1.00","transactionDate":"2021-05-21"}]}]}`,
				line + `"brazilianAmount":"1.00","transactionDate":"2021-05-21","transactionDateTime":"2021-05-21T10:00:00Z"}]}]}`,
			}},
		{"card transaction value", []openfinance.Money{brl("60.00"), {Amount: "10.00", Currency: "USD"}},
			func(d *openfinance.Document) any {
				t := d.CreditCards[0].Transactions[0]
				return []openfinance.Money{t.BrazilianAmount, t.Amount}
			},
			[]string{
				line + `"transactionDate":"2021-05-21","brazilianAmount":{"amount":"60.00","currency":"BRL"},"amount":{"amount":"10.00","currency":"USD"}}]}]}`,
				line + `"transactionDate":"2021-05-21","brazilianAmount":60,"amount":10,"currency":"USD"}]}]}`,
			}},
		{"domestic card transaction value", brl("60.00"),
			func(d *openfinance.Document) any { return d.CreditCards[0].Transactions[0].BrazilianAmount },
			[]string{
				line + `"transactionDate":"2021-05-21","brazilianAmount":{"amount":"60.00"}}]}]}`,
				line + `"transactionDate":"2021-05-21","amount":{"amount":"60.00","currency":"BRL"}}]}]}`,
				line + `"transactionDate":"2021-05-21","amount":60,"currency":"BRL"}]}]}`,
			}},
		{"instalment number", "3",
			func(d *openfinance.Document) any { return d.CreditCards[0].Transactions[0].ChargeIdentificator },
			[]string{
				line + `"transactionDate":"2021-05-21","brazilianAmount":"1.00","chargeIdentificator":3}]}]}`,
				line + `"transactionDate":"2021-05-21","brazilianAmount":"1.00","chargeIdentificator":3.0}]}]}`,
				line + `"transactionDate":"2021-05-21","brazilianAmount":"1.00","chargeIdentificator":"3"}]}]}`,
				line + `"transactionDate":"2021-05-21","brazilianAmount":"1.00","chargeIdentificator":"PARCELA_3"}]}]}`,
				line + `"transactionDate":"2021-05-21","brazilianAmount":"1.00","chargeIdentificator":"PARC 03/10"}]}]}`,
			}},
		{"no instalment number", "",
			func(d *openfinance.Document) any { return d.CreditCards[0].Transactions[0].ChargeIdentificator },
			[]string{
				line + `"transactionDate":"2021-05-21","brazilianAmount":"1.00"}]}]}`,
				line + `"transactionDate":"2021-05-21","brazilianAmount":"1.00","chargeIdentificator":0}]}]}`,
				line + `"transactionDate":"2021-05-21","brazilianAmount":"1.00","chargeIdentificator":"UNICA"}]}]}`,
			}},
		{"card transaction line of v1", "CREDITO_A_VISTA",
			func(d *openfinance.Document) any { return d.CreditCards[0].Transactions[0].LineName },
			[]string{line + `"transactionDate":"2021-05-21","brazilianAmount":"1.00","lineName":"CREDITO_A_VISTA"}]}]}`}},
		{"merchant category", int32(742),
			func(d *openfinance.Document) any { return d.CreditCards[0].Transactions[0].PayeeMCC },
			[]string{
				line + `"transactionDate":"2021-05-21","brazilianAmount":"1.00","payeeMCC":742}]}]}`,
				line + `"transactionDate":"2021-05-21","brazilianAmount":"1.00","payeeMCC":"0742"}]}]}`,
			}},
		{"no merchant category", int32(-1),
			func(d *openfinance.Document) any { return d.CreditCards[0].Transactions[0].PayeeMCC },
			[]string{
				line + `"transactionDate":"2021-05-21","brazilianAmount":"1.00"}]}]}`,
				line + `"transactionDate":"2021-05-21","brazilianAmount":"1.00","payeeMCC":null}]}]}`,
			}},
		{"bill post date", "2021-05-21",
			func(d *openfinance.Document) any { return d.CreditCards[0].Transactions[0].BillPostDate },
			[]string{
				line + `"transactionDate":"2021-05-21","brazilianAmount":"1.00","billPostDate":"2021-05-21"}]}]}`,
				line + `"transactionDate":"2021-05-20","brazilianAmount":"1.00","billPostDate":"2021-05-21T00:00:00.000Z"}]}]}`,
				line + `"transactionDate":"2021-05-20","brazilianAmount":"1.00","billPostDate":"2021-05-22T02:59:59Z"}]}]}`, // the 21st in São Paulo
			}},
		{"no bill post date", "",
			func(d *openfinance.Document) any { return d.CreditCards[0].Transactions[0].BillPostDate },
			[]string{
				line + `"transactionDate":"2021-05-21","brazilianAmount":"1.00"}]}]}`,
				line + `"transactionDate":"2021-05-21","brazilianAmount":"1.00","billPostDate":"0001-01-01"}]}]}`,
				line + `"transactionDate":"2021-05-21","brazilianAmount":"1.00","billPostDate":"0001-01-01T00:00:00Z"}]}]}`,
				line + `"transactionDate":"2021-05-21","brazilianAmount":"1.00","billPostDate":"NA"}]}]}`,
			}},
		{"card limits", openfinance.CardLimit{LineLimitType: "LIMITE_CREDITO_TOTAL", Limit: brl("100.00"), Used: brl("7.05"), Available: brl("92.95")},
			func(d *openfinance.Document) any { return d.CreditCards[0].Limits[0] },
			[]string{
				`{"creditCardsAccounts":[{"limits":[{"creditLineLimitType":"LIMITE_CREDITO_TOTAL","limitAmount":{"amount":"100.00","currency":"BRL"},"usedAmount":{"amount":"7.05","currency":"BRL"},"availableAmount":{"amount":"92.95","currency":"BRL"}}]}]}`,
				`{"creditCardsAccounts":[{"limits":[{"creditLineLimitType":"LIMITE_CREDITO_TOTAL","limitAmount":100,"limitAmountCurrency":"BRL","usedAmount":7.05,"usedAmountCurrency":"BRL","availableAmount":92.95,"availableAmountCurrency":"BRL"}]}]}`,
				`{"creditCardsAccounts":[{"limits":{"creditLineLimitType":"LIMITE_CREDITO_TOTAL","limitAmount":100,"limitAmountCurrency":"BRL","usedAmount":7.05,"usedAmountCurrency":"BRL","availableAmount":92.95,"availableAmountCurrency":"BRL"}}]}`,
			}},
		{"customised limit and reason", []string{"50.00", "RISCO"},
			func(d *openfinance.Document) any {
				l := d.CreditCards[0].Limits[0]
				return []string{l.Customized.Amount, l.LimitAmountReason}
			},
			[]string{`{"creditCardsAccounts":[{"limits":[{"limitAmount":{"amount":"100.00","currency":"BRL","limitAmountReason":"RISCO"},"customizedLimitAmount":{"amount":"50.00","currency":"BRL"}}]}]}`}},
		{"bill total and minimum", []openfinance.Money{brl("-100.04"), brl("10.00")},
			func(d *openfinance.Document) any {
				b := d.CreditCards[0].Bills[0]
				return []openfinance.Money{b.Total, b.Minimum}
			},
			[]string{
				bill + `"billTotalAmount":{"amount":"-100.04","currency":"BRL"},"billMinimumAmount":{"amount":"10.00","currency":"BRL"}}]}]}`,
				bill + `"billTotalAmount":-100.04,"billTotalAmountCurrency":"BRL","billMinimumAmount":10,"billMinimumAmountCurrency":"BRL"}]}]}`,
			}},
		{"bill payment, always flat", openfinance.BillPayment{PaymentDate: "2021-05-21", Amount: brl("10.00")},
			func(d *openfinance.Document) any { return d.CreditCards[0].Bills[0].Payments[0] },
			[]string{
				bill + `"payments":[{"paymentDate":"2021-05-21","amount":"10.00","currency":"BRL"}]}]}]}`,
				bill + `"payments":[{"paymentDate":"2021-05-21","amount":10,"currency":"BRL"}]}]}]}`,
				bill + `"payments":[{"paymentDate":"2021-05-21","amount":{"amount":"10.00","currency":"BRL"}}]}]}]}`,
			}},
		{"bill without charges", []openfinance.FinanceCharge(nil),
			func(d *openfinance.Document) any {
				return append([]openfinance.FinanceCharge(nil), d.CreditCards[0].Bills[0].FinanceCharges...)
			},
			[]string{
				bill + `"financeCharges":[]}]}]}`,
				bill + `"financeCharges":[{"type":"SEM_ENCARGO","additionalInfo":"NA","amount":0,"currency":"BRL"}]}]}]}`,
			}},
		{"companies of a person", []string{"01773247000103"},
			func(d *openfinance.Document) any { return d.PersonalIdentifications[0].CompaniesCNPJ },
			[]string{
				`{"personalCustomerIdentification":[{"companiesCnpj":["01773247000103"]}]}`,
				`{"personalCustomerIdentification":[{"companyCnpj":["01773247000103"]}]}`,
				`{"personalCustomerIdentification":[{"companiesCnpj":"01.773.247/0001-03"}]}`,
			}},
		{"institution of a person", "01773247000103",
			func(d *openfinance.Document) any { return d.PersonalIdentifications[0].CompanyCNPJ },
			[]string{`{"personalCustomerIdentification":[{"companyCnpj":"01773247000103"}]}`}},
		{"companies of a company", []string{"01773247000103"},
			func(d *openfinance.Document) any { return d.BusinessIdentifications[0].CompaniesCNPJ },
			[]string{
				`{"businessCustomerIdentification":[{"companiesCnpj":["01773247000103"]}]}`,
				`{"businessCustomerIdentification":[{"companyCnpjNumber":["01773247000103"]}]}`,
			}},
		{"passport", &openfinance.Passport{Number: "75253468", Country: "CAN", ExpirationDate: "2021-05-21", IssueDate: "2020-05-21"},
			func(d *openfinance.Document) any { return d.PersonalIdentifications[0].Passport },
			[]string{
				`{"personalCustomerIdentification":[{"documents":{"passport":{"number":"75253468","country":"CAN","expirationDate":"2021-05-21","issueDate":"2020-05-21"}}}]}`,
				`{"personalCustomerIdentification":[{"documents":{"passportNumber":"75253468","passportCountry":"CAN","passportExpirationDate":"2021-05-21","passportIssueDate":"2020-05-21"}}]}`,
			}},
		{"no passport", (*openfinance.Passport)(nil),
			func(d *openfinance.Document) any { return d.PersonalIdentifications[0].Passport },
			[]string{
				`{"personalCustomerIdentification":[{"documents":{}}]}`,
				`{"personalCustomerIdentification":[{"documents":{"passportNumber":"NA","passportCountry":"NA","passportExpirationDate":"NA","passportIssueDate":"NA"}}]}`,
			}},
		{"nationality document", "Informações",
			func(d *openfinance.Document) any {
				return d.PersonalIdentifications[0].Nationalities[0].Documents[0].AdditionalInfo
			},
			[]string{
				`{"personalCustomerIdentification":[{"nationality":[{"documents":[{"additionalInfo":"Informações"}]}]}]}`,
				`{"personalCustomerIdentification":[{"nationality":[{"documents":[{"typeAdditionalInfo":"Informações"}]}]}]}`,
			}},
		{"no parents and no documents", []int{0, 0},
			func(d *openfinance.Document) any {
				p := d.PersonalIdentifications[0]
				return []int{len(p.Filiations), len(p.OtherDocuments)}
			},
			[]string{
				`{"personalCustomerIdentification":[{}]}`,
				`{"personalCustomerIdentification":[{"filiation":[{"type":"SEM_FILIACAO","civilName":"NA","socialName":"NA"}],"otherDocuments":[{"type":"SEM_OUTROS_DOCUMENTOS","typeAdditionalInfo":"NA","number":"NA","checkDigit":"NA","additionalInfo":"NA","expirationDate":"NA"}]}]}`,
			}},
		{"shareholding", "0.510000",
			func(d *openfinance.Document) any { return d.BusinessIdentifications[0].Parties[0].Shareholding },
			[]string{
				`{"businessCustomerIdentification":[{"parties":[{"shareholding":"0.510000"}]}]}`,
				`{"businessCustomerIdentification":[{"parties":[{"shareholding":0.51}]}]}`,
			}},
		{"shareholding of v1", "0.51",
			func(d *openfinance.Document) any { return d.BusinessIdentifications[0].Parties[0].Shareholding },
			[]string{`{"businessCustomerIdentification":[{"parties":[{"shareholding":" 0.51 "}]}]}`}},
		{"no shareholding", "",
			func(d *openfinance.Document) any { return d.BusinessIdentifications[0].Parties[0].Shareholding },
			[]string{
				`{"businessCustomerIdentification":[{"parties":[{"type":"SOCIO"}]}]}`,
				`{"businessCustomerIdentification":[{"parties":[{"type":"SOCIO","shareholding":"NA"}]}]}`,
			}},
		{"income", &openfinance.Informed{Frequency: "MENSAL", Amount: brl("5000.04"), Date: "2021-05-21"},
			func(d *openfinance.Document) any { return d.PersonalQualifications[0].InformedIncome },
			[]string{
				`{"personalCustomerQualification":[{"informedIncome":{"frequency":"MENSAL","amount":{"amount":"5000.04","currency":"BRL"},"date":"2021-05-21"}}]}`,
				`{"personalCustomerQualifications":{"data":{"informedIncome":{"frequency":"MENSAL","amount":5000.04,"currency":"BRL","date":"2021-05-21T00:00:00Z"}},"links":{},"meta":{}}}`,
			}},
		{"no income", (*openfinance.Informed)(nil),
			func(d *openfinance.Document) any { return d.PersonalQualifications[0].InformedIncome },
			[]string{
				`{"personalCustomerQualification":{}}`,
				`{"personalCustomerQualification":{"informedIncome":{"frequency":"SEM_FREQUENCIA_RENDA_INFORMADA","amount":null,"currency":"NA","date":"NA"}}}`,
			}},
		{"patrimony of a person", &openfinance.Informed{Amount: brl("-1.50"), Year: 2010},
			func(d *openfinance.Document) any { return d.PersonalQualifications[0].InformedPatrimony },
			[]string{
				`{"personalCustomerQualification":{"informedPatrimony":{"amount":{"amount":"-1.50","currency":"BRL"},"year":2010}}}`,
				`{"personalCustomerQualification":{"informedPatrimony":{"amount":-1.5,"currency":"BRL","year":"2010"}}}`,
			}},
		{"revenue", &openfinance.Informed{Frequency: "OUTROS", FrequencyAdditionalInfo: "safra", Amount: brl("100000.04"), Year: 2010},
			func(d *openfinance.Document) any { return d.BusinessQualifications[0].InformedRevenue },
			[]string{
				`{"businessCustomerQualification":{"informedRevenue":{"frequency":"OUTROS","frequencyAdditionalInfo":"safra","amount":{"amount":"100000.04","currency":"BRL"},"year":2010}}}`,
				`{"businessCustomerQualification":{"informedRevenue":{"frequency":"outros","frequencyAdditionalInfo":"safra","amount":100000.04,"currency":"BRL","year":2010}}}`,
			}},
		{"patrimony of a company", &openfinance.Informed{Amount: brl("100000.04"), Date: "2021-05-21"},
			func(d *openfinance.Document) any { return d.BusinessQualifications[0].InformedPatrimony },
			[]string{
				`{"businessCustomerQualification":{"informedPatrimony":{"amount":{"amount":"100000.04","currency":"BRL"},"date":"2021-05-21"}}}`,
				`{"businessCustomerQualification":{"informedPatrimony":{"amount":100000.04,"currency":"BRL","date":"2021-05-21"}}}`,
			}},
		{"CNAE", "0600001",
			func(d *openfinance.Document) any { return d.BusinessQualifications[0].EconomicActivities[0].Code },
			[]string{
				`{"businessCustomerQualification":{"economicActivities":[{"code":"0600001","isMain":true}]}}`,
				`{"businessCustomerQualification":{"economicActivities":[{"code":600001,"isMain":true}]}}`,
			}},
		{"products and services", []string{"SEGURO", "PRODUTO_DO_FUTURO"},
			func(d *openfinance.Document) any { return d.PersonalRelations[0].ProductsServicesTypes },
			[]string{
				`{"personalCustomerFinancialRelation":{"productsServicesType":["SEGURO","PRODUTO_DO_FUTURO"]}}`,
				`{"personalCustomerRelations":[{"data":{"productsServicesType":["seguro",null," PRODUTO_DO_FUTURO "]},"links":{},"meta":{}}]}`,
			}},
		{"procurators", []openfinance.Procurator{{Type: "PROCURADOR", CnpjCpf: "73677831148", CivilName: "Elza"}},
			func(d *openfinance.Document) any {
				return append(d.PersonalRelations, d.BusinessRelations...)[0].Procurators
			},
			[]string{
				`{"personalCustomerFinancialRelation":{"procurators":[{"type":"PROCURADOR","cpfNumber":"73677831148","civilName":"Elza"}]}}`,
				`{"businessCustomerFinancialRelation":{"procurators":[{"type":"PROCURADOR","cnpjCpfNumber":"736.778.311-48","civilName":"Elza","socialName":"NA"}]}}`,
				`{"personalCustomerFinancialRelation":{"procurators":[{"type":"NAO_APLICA","cpfNumber":"NA","civilName":"NA","socialName":"NA"},{"type":"PROCURADOR","cpfNumber":73677831148,"civilName":"Elza"}]}}`,
			}},
		{"account of a relation without a kind", openfinance.RelationAccount{CompeCode: "001", Number: "24550245"},
			func(d *openfinance.Document) any { return d.PersonalRelations[0].Accounts[0] },
			[]string{
				`{"personalCustomerFinancialRelation":{"accounts":[{"compeCode":"001","number":"24550245"}]}}`,
				`{"personalCustomerFinancialRelation":{"accounts":[{"compeCode":1,"branchCode":"NA","number":"24550245","checkDigit":"NA","type":"SEM_TIPO_CONTA","subtype":"SEM_SUB_TIPO_CONTA"}]}}`,
			}},
		{"ISPB with letters", []string{"12ABC345", "12ABC34501DE35"},
			func(d *openfinance.Document) any {
				p := d.PersonalRelations[0].PortabilitiesReceived[0]
				return []string{p.BankISPB, p.BankCNPJ}
			},
			[]string{
				`{"personalCustomerFinancialRelation":{"portabilitiesReceived":[{"paycheckBankDetainerCnpj":"12ABC34501DE35","paycheckBankDetainerIspb":"12ABC345"}]}}`,
				`{"personalCustomerFinancialRelation":{"portabilitiesReceived":[{"paycheckBankDetainerCnpj":"12.abc.345/01de-35","paycheckBankDetainerIspb":" 12abc345"}]}}`,
			}},
		{"ISPB as a number", "00000191",
			func(d *openfinance.Document) any { return d.PersonalRelations[0].PaychecksBankLinks[0].BankISPB },
			[]string{
				`{"personalCustomerFinancialRelation":{"paychecksBankLink":[{"paycheckBankIspb":"00000191"}]}}`,
				`{"personalCustomerFinancialRelation":{"paychecksBankLink":[{"paycheckBankIspb":191}]}}`,
			}},
		{"disbursement", []string{"2018-01-15"},
			func(d *openfinance.Document) any { return d.Loans[0].DisbursementDates },
			[]string{
				`{"loans":[{"contractId":"c","disbursementDates":["2018-01-15"]}]}`,
				`{"loans":[{"contractId":"c","disbursementDates":["NA","2018-01-15T00:00:00Z"]}]}`,
				`{"loans":[{"contractId":"c","disbursementDate":"2018-01-15"}]}`,
			}},
		{"contract money and rates", openfinance.Contract{
			ContractID: "c", Amount: "100000.04", Currency: "BRL", CET: "0.290000",
			InterestRates:  []openfinance.InterestRate{{PreFixedRate: "0.600000", PostFixedRate: "0.000001"}},
			Fees:           []openfinance.ContractFee{{Name: "Cadastro", Amount: "10.50", Rate: "0.062000"}},
			FinanceCharges: []openfinance.ContractCharge{{Type: "SEM_ENCARGO", Rate: "0.070000"}},
			Warranties:     []openfinance.Warranty{{Type: "CAUCAO", SubType: "SEM_SUB_TIPO_GARANTIA", Amount: "1000.04", Currency: "BRL"}},
			Payments: &openfinance.ContractPayments{
				PaidInstalments: openfinance.AbsentCount, OutstandingBalance: "600.00",
				Releases: []openfinance.Release{{
					PaidDate: "2021-05-21", Amount: "-20.50", Currency: "BRL",
					OverFees: []openfinance.OverParcelFee{{Code: "aval", Amount: "1.00"}}, OverCharges: []openfinance.OverParcelCharge{{Type: "SEM_ENCARGO", Amount: "0.00"}},
				}},
			}},
			func(d *openfinance.Document) any {
				return slices.Concat(d.Loans, d.Financings, d.InvoiceFinancings, d.UnarrangedOverdraft)[0]
			},
			[]string{
				`{"loans":[{"contractId":"c","contractAmount":"100000.04","currency":"BRL","CET":"0.290000","interestRates":[{"preFixedRate":"0.600000","postFixedRate":"0.000001"}],"contractedFees":[{"feeName":"Cadastro","feeAmount":"10.50","feeRate":"0.062000"}],"contractedFinanceCharges":[{"chargeType":"SEM_ENCARGO","chargeRate":"0.070000"}],"warranties":{"data":[{"currency":"BRL","warrantyType":"CAUCAO","warrantySubType":"SEM_SUB_TIPO_GARANTIA","warrantyAmount":"1000.04"}],"links":{},"meta":{}},"payments":{"data":{"contractOutstandingBalance":"600.00","releases":[{"paidDate":"2021-05-21","currency":"BRL","paidAmount":"-20.50","overParcel":{"fees":[{"feeCode":"aval","feeAmount":"1.00"}],"charges":[{"chargeType":"SEM_ENCARGO","chargeAmount":"0.00"}]}}]},"links":{},"meta":{}}}]}`,
				`{"financings":[{"contractId":"c","contractAmount":100000.04,"currency":"BRL","CET":0.29,"interestRates":[{"preFixedRate":0.6,"postFixedRate":1e-6}],"contractedFees":[{"feeName":"Cadastro","feeAmount":10.5,"feeRate":0.062}],"contractedFinanceCharges":[{"chargeType":"sem_encargo","chargeAdditionalInfo":"NA","chargeRate":0.07}],"warranties":[{"currency":"BRL","warrantyType":"CAUCAO","warrantySubType":"SEM_SUB_TIPO_GARANTIA","warrantyAmount":1000.04}],"payments":{"contractOutstandingBalance":600,"releases":[{"paidDate":"2021-05-21","currency":"BRL","paidAmount":-20.5,"overParcel":{"fees":[{"feeCode":"aval","feeAmount":1}],"charges":[{"chargeType":"SEM_ENCARGO","chargeAmount":0}]}}]}}]}`,
				`{"Invoice_Financing":{"contractId":"c","contractAmount":{"amount":"100000.04","currency":"BRL"},"CET":"0.290000","interestRate":{"preFixedRate":"0.600000","postFixedRate":"0.000001"},"contractedFee":{"feeName":"Cadastro","feeAmount":{"amount":"10.50","currency":"BRL"},"feeRate":"0.062000"},"contractedFinanceCharge":{"chargeType":"SEM_ENCARGO","chargeRate":"0.070000"},"warranty":{"warrantyType":"CAUCAO","warrantySubType":"SEM_SUB_TIPO_GARANTIA","warrantyAmount":{"amount":"1000.04","currency":"BRL"}},"payment":[{"contractOutstandingBalance":{"amount":"600.00"},"release":{"paidDate":"2021-05-21","paidAmount":{"amount":"-20.50","currency":"BRL"},"overParcel":{"fee":{"feeCode":"aval","feeAmount":"1.00"},"charge":{"chargeType":"SEM_ENCARGO","chargeAmount":"0.00"}}}}]}}`,
			}},
		{"no warranty", 0,
			func(d *openfinance.Document) any { return len(d.Loans[0].Warranties) },
			[]string{
				`{"loans":[{"contractId":"c","warranties":[]}]}`,
				`{"loans":[{"contractId":"c","warranties":[{"currency":"BRL","warrantyType":"SEM_TIPO_GARANTIA","warrantySubType":"SEM_SUB_TIPO_GARANTIA","warrantyAmount":0}]}]}`,
				`{"loans":[{"contractId":"c","warranties":[{"currency":"NA","warrantyType":"NA","warrantySubType":"NA","warrantyAmount":null}]}]}`,
			}},
		{"values of today that begin with SEM", []string{"SEM_PERIODICIDADE_REGULAR", "SEM_SISTEMA_AMORTIZACAO", "SEM_TIPO_INDEXADOR", "SEM_SUB_TIPO_INDEXADOR", "SEM_PRAZO_TOTAL", "SEM_PRAZO_REMANESCENTE"},
			func(d *openfinance.Document) any {
				c := d.Loans[0]
				return []string{c.InstalmentPeriodicity, c.AmortizationScheduled, c.InterestRates[0].IndexerType, c.InterestRates[0].IndexerSubType, c.Schedule.TotalUnit, c.Schedule.RemainingUnit}
			},
			[]string{`{"loans":[{"contractId":"c","instalmentPeriodicity":"SEM_PERIODICIDADE_REGULAR","amortizationScheduled":"SEM_SISTEMA_AMORTIZACAO","interestRates":[{"referentialRateIndexerType":"SEM_TIPO_INDEXADOR","referentialRateIndexerSubType":"SEM_SUB_TIPO_INDEXADOR"}],"scheduled-instalments":{"typeNumberOfInstalments":"SEM_PRAZO_TOTAL","typeContractRemaining":"SEM_PRAZO_REMANESCENTE"}}]}`}},
		{"one rate of two", openfinance.InterestRate{TaxType: "EFETIVA", PostFixedRate: "0.550000"},
			func(d *openfinance.Document) any { return d.Loans[0].InterestRates[0] },
			[]string{
				`{"loans":[{"contractId":"c","interestRates":[{"taxType":"EFETIVA","postFixedRate":"0.550000"}]}]}`,
				`{"loans":[{"contractId":"c","interestRates":[{"taxType":"EFETIVA","preFixedRate":null,"postFixedRate":0.55}]}]}`,
			}},
		{"instalments and balloon payment", &openfinance.InstalmentSchedule{
			TotalUnit: "MES", Total: 60, Remaining: openfinance.AbsentCount, Paid: 24, Due: 36, PastDue: 0,
			BalloonPayments: []openfinance.BalloonPayment{{DueDate: "2021-05-21", Amount: brl("1000.04")}}},
			func(d *openfinance.Document) any { return d.Loans[0].Schedule },
			[]string{
				`{"loans":[{"contractId":"c","scheduled-instalments":{"data":{"typeNumberOfInstalments":"MES","totalNumberOfInstalments":60,"paidInstalments":24,"dueInstalments":36,"pastDueInstalments":0,"balloonPayments":[{"dueDate":"2021-05-21","amount":{"amount":"1000.04","currency":"BRL"}}]},"links":{},"meta":{}}}]}`,
				`{"loans":[{"contractId":"c","scheduledInstalments":{"typeNumberOfInstalments":"MES","totalNumberOfInstalments":60.0,"contractRemainingNumber":null,"paidInstalments":"24","dueInstalments":36,"pastDueInstalments":0,"balloonPayments":[{"dueDate":"2021-05-21","amount":1000.04,"currency":"BRL"},{"dueDate":"NA","amount":null,"currency":"NA"}]}}]}`,
			}},
		{"contract by its other keys", "1",
			func(d *openfinance.Document) any {
				return d.UnarrangedOverdraft[0].IpocCode + d.UnarrangedOverdraft[0].Number
			},
			[]string{`{"unarrangedAccountOverdraft":[{"ipocCode":"1"}]}`, `{"unarrangedAccountsOverdraft":[{"contractNumber":1}]}`}},
		{"position", []openfinance.InvestmentBalance{{ReferenceDate: "2023-01-07", PriceFactor: "100.0005", Gross: brl("1000.04"), Quantity: "-10.00000004", UnitPrice: openfinance.Price{Amount: "1000.00000001", Currency: "BRL"}}},
			func(d *openfinance.Document) any { return d.VariableIncomes[0].Balances },
			[]string{
				`{"variableIncomes":[{"investmentId":"i","balances":{"data":{"referenceDate":"2023-01-07","priceFactor":"100.0005","grossAmount":{"amount":"1000.04","currency":"BRL"},"quantity":"-10.00000004","closingPrice":{"amount":"1000.00000001","currency":"BRL"}},"links":{},"meta":{}}}]}`,
				`{"variableIncomes":[{"investmentId":"i","balances":[{"referenceDate":"2023-01-07","priceFactor":"100.0005","grossAmount":{"amount":"1000.04","currency":"BRL"},"quantity":"-10.00000004","closingPrice":{"amount":"1000.00000001","currency":"BRL"}}]}]}`,
				`{"variableIncomes":[{"investmentId":"i","balances":{"referenceDate":"2023-01-07","priceFactor":100.0005,"grossAmount":{"amount":1000.04,"currency":"BRL"},"quantity":-10.00000004,"closingPrice":{"amount":1000.00000001,"currency":"BRL"}}}]}`,
			}},
		{"positions by date", []string{"2023-01-07", "2023-01-06"},
			func(d *openfinance.Document) any {
				b := d.VariableIncomes[0].Balances
				return []string{b[0].ReferenceDate, b[1].ReferenceDate}
			},
			[]string{`{"variableIncomes":[{"investmentId":"i","balances":{"data":[{"referenceDate":"2023-01-07"},{"referenceDate":"2023-01-06"}],"links":{},"meta":{}}}]}`}},
		{"position under the names of the five APIs", openfinance.InvestmentBalance{
			Quantity: "1.50", UnitPrice: openfinance.Price{Amount: "2.0000000001", Currency: "BRL"}, Blocked: brl("3.00"), IncomeTax: brl("4.00"), FinancialTransactionTax: brl("5.00")},
			func(d *openfinance.Document) any {
				return slices.Concat(d.BankFixedIncomes, d.CreditFixedIncomes, d.TreasureTitles, d.VariableIncomes, d.Funds)[0].Balances[0]
			},
			[]string{
				`{"bankFixedIncomes":[{"investmentId":"i","balances":{"quantity":"1.50","updatedUnitPrice":{"amount":"2.0000000001","currency":"BRL"},"blockedBalance":{"amount":"3.00","currency":"BRL"},"incomeTax":{"amount":"4.00","currency":"BRL"},"financialTransactionTax":{"amount":"5.00","currency":"BRL"}}}]}`,
				`{"variableIncomes":[{"investmentId":"i","balances":{"quantity":1.5,"closingPrice":{"amount":2.0000000001,"currency":"BRL"},"blockedBalance":{"amount":"3.00","currency":"BRL"},"incomeTax":{"amount":"4.00","currency":"BRL"},"financialTransactionTax":{"amount":"5.00","currency":"BRL"}}}]}`,
				`{"fund":{"investmentId":"i","balance":{"quotaQuantity":"1.50","quotaGrossPriceValue":{"amount":"2.0000000001","currency":"BRL"},"blockedAmount":{"amount":"3.00","currency":"BRL"},"incomeTaxProvision":{"amount":"4.00","currency":"BRL"},"financialTransactionTaxProvision":{"amount":"5.00","currency":"BRL"}}}}`,
			}},
		{"movement of a holding", openfinance.InvestmentTransaction{
			Type: "SAIDA", TransactionType: "RESGATE", Date: "2018-02-15", Quantity: "42.25", UnitPrice: openfinance.Price{Amount: "10.000004", Currency: "BRL"}, Gross: brl("1000.04")},
			func(d *openfinance.Document) any {
				i := slices.Concat(d.TreasureTitles, d.Funds)[0]
				return append(i.Transactions, i.TransactionsCurrent...)[0]
			},
			[]string{
				`{"treasureTitles":[{"investmentId":"i","transactions":[{"type":"SAIDA","transactionType":"RESGATE","transactionDate":"2018-02-15","transactionQuantity":"42.25","transactionUnitPrice":{"amount":"10.000004","currency":"BRL"},"transactionGrossValue":{"amount":"1000.04","currency":"BRL"}}]}]}`,
				`{"funds":[{"investmentId":"i","transactions_current":{"data":[{"type":"saida","transactionType":"RESGATE","transactionConversionDate":"2018-02-15","transactionQuotaQuantity":42.25,"transactionQuotaPrice":{"amount":10.000004,"currency":"BRL"},"transactionGrossValue":{"amount":"1000.04","currency":"BRL"}}],"links":{},"meta":{}}}]}`,
			}},
		{"amounts of a holding with their currencies beside them", []any{
			openfinance.Price{Amount: "1.00000412", Currency: "USD"}, usd("1.50"), usd("2.00"), usd("3.00")},
			func(d *openfinance.Document) any {
				i := &slices.Concat(d.BankFixedIncomes, d.Funds, d.VariableIncomes)[0]
				b := i.Balances[0]
				return []any{b.UnitPrice, b.Gross, b.Blocked, append(i.Transactions, i.TransactionsCurrent...)[0].Value}
			},
			[]string{
				`{"bankFixedIncomes":[{"investmentId":"i","balances":{"updatedUnitPrice":1.00000412,"updatedUnitPriceCurrency":"USD","grossAmount":1.5,"grossAmountCurrency":"USD","blockedBalanceCurrency":"USD","blockedBalance":2},"transactions":[{"type":"SAIDA","transactionDate":"2018-02-15","transactionValue":3,"transactionValueCurrency":"USD"}]}]}`,
				`{"funds":[{"investmentId":"i","balances":{"quotaGrossPriceValueCurrency":"USD","quotaGrossPriceValue":1.00000412,"grossAmount":"1.50","grossAmountCurrency":"usd","blockedAmount":2.0,"blockedAmountCurrency":"USD"},"transactions":[{"type":"SAIDA","transactionConversionDate":"2018-02-15","transactionValue":3,"transactionValueCurrency":"USD"}]}]}`,
				`{"variableIncomes":[{"investmentId":"i","balances":{"closingPrice":{"amount":1.00000412,"currency":"USD"},"grossAmount":1.5,"grossAmountCurrency":"USD","blockedBalance":2,"blockedBalanceCurrency":"USD"},"transactions":[{"type":"SAIDA","transactionDate":"2018-02-15","transactionValue":{"amount":"3.00","currency":"USD"}}]}]}`,
			}},
		{"an empty list of movements", true,
			func(d *openfinance.Document) any {
				return d.Funds[0].Transactions != nil && len(d.Funds[0].Transactions) == 0
			},
			[]string{
				`{"funds":[{"investmentId":"i","transactions":[]}]}`,
				`{"funds":[{"investmentId":"i","transactions":{"data":[],"links":{},"meta":{}}}]}`,
			}},
		{"no list of movements", true,
			func(d *openfinance.Document) any { return d.Funds[0].Transactions == nil },
			[]string{
				`{"funds":[{"investmentId":"i"}]}`,
				`{"funds":[{"investmentId":"i","transactions":null}]}`,
			}},
		{"broker notes", []openfinance.BrokerNote{{BrokerNoteID: "n", Number: "1854009930314350", NetValue: brl("-4889.0012")}},
			func(d *openfinance.Document) any { return d.VariableIncomes[0].BrokerNotes },
			[]string{
				`{"variableIncomes":[{"investmentId":"i","broker-notes":{"data":{"brokerNoteId":"n","brokerNoteNumber":"1854009930314350","netValue":{"amount":"-4889.0012","currency":"BRL"}},"links":{},"meta":{}}}]}`,
				`{"variableIncomes":[{"investmentId":"i","brokerNotes":[{"brokerNoteId":"n","brokerNoteNumber":1854009930314350,"netValue":{"amount":"-4889.0012","currency":"BRL"}}]}]}`,
			}},
		{"exchange rate", openfinance.Price{Amount: "5.123456789012345", Currency: "BRL"},
			func(d *openfinance.Document) any { return d.Exchanges[0].Events[0].Rate },
			[]string{
				`{"exchanges":[{"operationId":"o","events":[{"eventType":"2","localCurrencyOperationTax":{"amount":"5.123456789012345","currency":"BRL"}}]}]}`,
				`{"exchanges":[{"operationId":"o","events":{"data":[{"eventType":2,"localCurrencyOperationTax":{"amount":5.123456789012345,"currency":"BRL"}}],"links":{},"meta":{}}}]}`,
			}},
		{"CPF", "25872252137",
			func(d *openfinance.Document) any { return d.PersonalIdentifications[0].CPF },
			[]string{
				`{"personalCustomerIdentification":[{"documents":{"cpfNumber":"25872252137"}}]}`,
				`{"personalCustomerIdentification":[{"documents":{"cpfNumber":"258.722.521-37"}}]}`,
				`{"personalCustomerIdentification":[{"documents":{"cpfNumber":25872252137}}]}`,
				`{"personalCustomerIdentification":{"data":[{"documents":{"cpf_number":"25872252137"}}],"links":{},"meta":{}}}`,
			}},
		{"truth as a text", openfinance.True,
			func(d *openfinance.Document) any { return d.PersonalIdentifications[0].HasBrazilianNationality },
			[]string{`{"personalCustomerIdentification":[{"hasBrazilianNationality":true}]}`, `{"personalCustomerIdentification":[{"hasBrazilianNationality":"True"}]}`}},
	} {
		for _, form := range c.forms {
			t.Run(c.name, func(t *testing.T) {
				doc, problems := read(t, form)
				silent(t, problems)
				if diff := cmp.Diff(c.want, c.from(doc)); diff != "" {
					t.Errorf("%s\n(-want +got):\n%s", form, diff)
				}
			})
		}
	}
}
