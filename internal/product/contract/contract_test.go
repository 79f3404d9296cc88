package contract_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/product/contract"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/setting"
)

// loans is a document with n loans of 24 payments each.
func loans(n int) []byte {
	var doc bytes.Buffer
	doc.WriteString(`{"taxId":"12345678909","loans":[`)
	for i := range n {
		if i > 0 {
			doc.WriteByte(',')
		}
		payment := `{"paymentId":"p","isOverParcelPayment":false,"instalmentId":"i","paidDate":"2025-01-15","currency":"BRL","paidAmount":"25.5000"}`
		fmt.Fprintf(&doc, `{"contractId":"c%d","brandName":"Banco %d","companyCnpj":"%08d000199","productType":"EMPRESTIMOS","ipocCode":"i%d","contractNumber":"7",
			"contractDate":"2023-01-05","contractAmount":"1000.0400","currency":"BRL","instalmentPeriodicity":"MENSAL","CET":"0.29%04d","amortizationScheduled":"PRICE",
			"payments":{"paidInstalments":24,"contractOutstandingBalance":"600.0000","releases":[%s]}}`,
			i, i%3, i%3, i, i, strings.Repeat(payment+",", 23)+payment)
	}
	doc.WriteString(`]}`)
	return doc.Bytes()
}

// The reports of the institutions hold each contract once.
func TestInstitutionsShareTheContracts(t *testing.T) {
	in := spec.Input{Facts: producttest.Facts(t, loans(7)), Version: spec.V1, Settings: &setting.Settings{}, Institution: -1}
	write := contract.Write(contract.AllKinds()...)
	text := func() string {
		var w encode.Writer
		write(&w, &in)
		return string(w.Bytes())
	}
	whole := text()
	if n := len(in.Facts.Ledger.Institutions); n != 3 {
		t.Fatalf("there are %d institutions, not 3", n)
	}
	var parts strings.Builder
	for in.Institution = range in.Facts.Ledger.Institutions {
		parts.WriteString(text())
	}
	for i := range 7 {
		id := fmt.Sprintf(`"contractId":"c%d"`, i)
		if strings.Count(whole, id) != 1 || strings.Count(parts.String(), id) != 1 {
			t.Errorf("contract %d is not once in the whole and once in the parts", i)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	book := producttest.Facts(b, loans(40)).Ledger
	write := contract.Write(contract.AllKinds()...)
	b.ReportAllocs()
	for b.Loop() {
		var w encode.Writer
		write(&w, &spec.Input{Facts: fact.New(book), Version: spec.V1, Settings: &setting.Settings{}, Institution: -1})
		b.SetBytes(int64(w.Len()))
	}
}
