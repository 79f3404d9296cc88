package openfinance_test

import (
	"errors"
	"fmt"

	"github.com/openklaas/klaas/openfinance"
)

func ExampleRead() {
	doc, problems, err := openfinance.Read([]byte(`{
		"accounts": [{
			"brandName": "Banco do Brasil",
			"transactions": [
				{"transactionName": "Pix - Recebido", "creditDebitType": "CREDITO", "transactionDate": "2021-01-07",
					"transactionAmount": {"amount": "1000.0400", "currency": "BRL"}},
				{"transactionName": "Pix - Enviado", "creditDebitType": "DEBITO", "transactionDate": "2021-01-08",
					"transactionAmount": {"amount": "12,50", "currency": "BRL"}}
			]
		}]
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, t := range doc.Accounts[0].Transactions {
		fmt.Println(t.Date, t.CreditDebitType, t.Amount.Amount, t.Name)
	}
	for _, p := range problems.List {
		fmt.Println(p.Severity, p.Path)
		fmt.Println(" ", p.Message)
	}
	// Output:
	// 2021-01-07 CREDITO 1000.0400 Pix - Recebido
	// left_out accounts[0].transactions[1].transactionAmount.amount
	//   is not an amount (it has a comma): use a point and 2 to 4 decimals
}

func ExampleRead_invalid() {
	_, _, err := openfinance.Read([]byte(`{"referenceDate": "2021-02-30", "products": "all"}`))
	var invalid *openfinance.InvalidError
	if errors.As(err, &invalid) {
		for _, p := range invalid.Problems {
			fmt.Println(p.Path, p.Message)
		}
	}
	// Output:
	// referenceDate is not a real date: send YYYY-MM-DD
	// products is not a list of texts: send a list of product names
}
