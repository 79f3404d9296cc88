package classify

import (
	"fmt"
	"testing"

	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/text"
	"github.com/openklaas/klaas/openfinance"
)

// benchTexts have the mix of a person's statement: transfers by name, boletos,
// debit purchases, fees, yields, card lines of known and unknown shops.
var benchTexts = []struct{ ofbType, text string }{
	{"PIX", "Transferência enviada pelo Pix - JULIANA SOUZA LIMA - •••.123.456-•• - NU PAGAMENTOS - IP (0260) Agência: 1 Conta: 1234567-8"},
	{"PIX", "PIX TRANSF MARCOS R04/05"}, {"PIX", "PIX QRS IFOOD.COM A04/05"}, {"PIX", "PIX ENVIADO XPTO COMERCIO LTDA"},
	{"CARTAO", "RSHOP-SUPERMERCAD-10/03"}, {"CARTAO", "COMPRA CARTAO DEB MC 12/05 DROGARIA SAO P"}, {"CARTAO", "Compra no débito - Padaria Estrela"},
	{"BOLETO", "PAG BOLETO CONDOMINIO ED SOL"}, {"BOLETO", "INT PAG TIT 237"}, {"CONVENIO_ARRECADACAO", "DA ENEL DISTRIBUICAO SP 12345678"},
	{"TARIFA_SERVICOS_AVULSOS", "TARIFA AVULSA ENVIO PIX"}, {"RENDIMENTO_APLIC_FINANCEIRA", "REND PAGO APLIC AUT MAIS"},
	{"OUTROS", "IOF UTIL LIMITE"}, {"OUTROS", "APLICACAO CONTAMAX"}, {"FOLHA_PAGAMENTO", "SISPAG SALARIOS"}, {"SAQUE", "SAQUE 24H 12345678"},
	{"TED", "TED 341.1234EMPRESA X"}, {"OUTROS", "MERCPAGO*LOJAXYZ 03/10"}, {"PIX", "PIX RECEBIDO ANTONIO CARLOS PEREIRA DA SILVA"},
	{"CARTAO", "Uber *Trip Help.uber.com"},
}

func benchLedger(n int) *ledger.Ledger {
	l := &ledger.Ledger{
		Person:       ledger.Person{CPF: ownCPF},
		Institutions: []ledger.Institution{{Root: "60701190"}},
		Accounts:     []ledger.Account{{End: int32(n)}},
	}
	for i := range n {
		b := benchTexts[i%len(benchTexts)]
		m := ledger.Movement{
			Text:      text.Normalise(b.text),
			Direction: ledger.Debit,
			Entry:     &openfinance.Transaction{Type: b.ofbType},
		}
		if i%5 == 0 {
			m.Entry.PartieCnpjCpf = fmt.Sprintf("%014d", i)
		}
		l.Movements = append(l.Movements, m)
	}
	return l
}

func BenchmarkClassify(b *testing.B) {
	c := New()
	l := benchLedger(5000)
	b.ReportAllocs()
	for b.Loop() {
		c.Classify(l, Options{})
	}
	b.ReportMetric(float64(len(l.Movements))*float64(b.N)/b.Elapsed().Seconds(), "movements/s")
	b.ReportMetric(100*askedShare(c, l), "%asked-model")
}

// askedShare returns the share of movements for which the model is asked.
func askedShare(c *Classifier, l *ledger.Ledger) float64 {
	r, asked := c.Start(Options{}), 0
	for i := range l.Movements {
		m := &l.Movements[i]
		if r.AsksModel(&Entry{Text: m.Text, Source: Checking, Type: m.Entry.Type, Partie: m.Entry.PartieCnpjCpf}) {
			asked++
		}
	}
	return float64(asked) / float64(len(l.Movements))
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		New()
	}
}
