package feature_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/product/creditrisk"
	"github.com/openklaas/klaas/internal/product/klabel"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/setting"
)

// BenchmarkLabels writes all labels of a person beside the facts that other products
// share: what they cost themselves. The two sizes tell the part that grows with the
// movements from the part that does not.
func BenchmarkLabels(b *testing.B) {
	for _, p := range []*spec.Product{klabel.Product(), creditrisk.Product()} {
		for _, n := range []int{1_000, 50_000} {
			b.Run(fmt.Sprintf("%s/%d", p.Name, n), func(b *testing.B) {
				in := spec.Input{
					Facts: producttest.FactsOf(b, manyEntries(n), today), Version: p.Versions[0], Settings: &setting.Settings{}, Institution: -1,
				}
				w := encode.NewWriter(nil)
				p.Write(w, &in)
				b.ReportAllocs()
				for b.Loop() {
					w.Reset()
					p.Write(w, &in)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/movement")
			})
		}
	}
}

// manyEntries is a person with n entries of many categories over a year.
func manyEntries(n int) []byte {
	names := []string{
		"PIX ENVIADO BRUNO ALVES", "MERCADO EXTRA", "DROGASIL FARMACIA", "UBER TRIP", "NETFLIX", "IFOOD", "SAQUE BANCO 24H",
		"CONTA DE LUZ ENEL", "POSTO SHELL", "TARIFA PACOTE SERVICOS", "PIX RECEBIDO CARLA DIAS", "JUROS CHEQUE ESPECIAL",
	}
	var rows strings.Builder
	for i := range n {
		kind := "DEBITO"
		if i%7 == 0 {
			kind = "CREDITO"
		}
		day := today - 1 - day(i*360/n)
		fmt.Fprintf(&rows, `,{"transactionId": "t%d", "transactionDate": %q, "transactionAmount": {"amount": "%d.50", "currency": "BRL"}, "creditDebitType": %q, "transactionName": %q, "type": "OUTROS"}`,
			i, day, 1+i%90, kind, names[i%len(names)])
	}
	return []byte(`{"taxId": "52998224725", "creditCardsAccounts": [], "accounts": [{"accountId": "a", "brandName": "Banco", "companyCnpj": "00000000000191", "type": "CONTA_DEPOSITO_A_VISTA",
		"balances": {"availableAmount": {"amount": "50.00", "currency": "BRL"}, "updateDateTime": "2025-03-31T12:00:00Z"}, "transactions": [` + rows.String()[1:] + `]}]}`)
}
