package openfinance_test

import (
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
			[]string{`{"businessCustomerIdentification":[{"parties":[{"shareholding":"0.510000"}]}]}`}},
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
