package text_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/text"
)

func TestSigns(t *testing.T) {
	for _, c := range []struct {
		in   string
		want text.Sign
	}{
		{"", 0},
		{"MARIA APARECIDA DOS SANTOS", 0},
		{"PIX ENVIADO JOAO", text.SaysPix},
		{"PIXEL STORE", 0},
		{"TED MESMA TITULARIDADE", text.SaysTed | text.SaysSameHolder},
		{"DEB.TRANSF.CONTAS MESMA TIT", text.SaysTransfer | text.SaysSameHolder},
		{"TRANSFERENCIA ENTRE CONTAS", text.SaysTransfer | text.SaysInternal},
		{"TRANSF SALDO C/SAL P/CC", text.SaysTransfer | text.SaysPortability},
		{"PORTABILIDADE DE CREDITO", 0}, // a loan that moves, no wage
		{"SISPAG SALARIOS", text.SaysSalary},
		{"BB RENDE FACIL", text.SaysSweep},
		{"APLIC.INVEST FACIL", text.SaysSweep | text.SaysInvestment},
		{"RES APLIC AUT MAIS", text.SaysSweep | text.SaysInvestment},
		{"REND PAGO APLIC AUT MAIS", text.SaysSweep | text.SaysInvestment | text.SaysYield},
		{"REMUNERACAO APLICACAO AUTOMATICA", text.SaysSweep | text.SaysInvestment | text.SaysYield},
		{"IRRF S/RESGATE", text.SaysInvestment | text.SaysTax},
		{"RESGATE RDB", text.SaysInvestment | text.SaysRDB},
		{"DINHEIRO GUARDADO", text.SaysPot},
		{"ESTORNO - COMPRA NO DEBITO - LOJA", text.SaysRefund | text.SaysPurchase},
		{"EST LOJA", text.SaysRefund},
		{"CRED PIX QR COD EST", text.SaysPix | text.SaysPurchase}, // EST is the static code
		{"DEV TR TED", text.SaysRefund | text.SaysTed},
		{"JOAO DEV", 0},
		{"CH DEVOLVIDO 00365", text.SaysCheque | text.SaysRefund},
		{"CARTAO CREDITO", text.SaysCardBill},
		{"TRANSF P/ POUPANCA", text.SaysTransfer | text.SaysSavings},
		{"RESG POUP", text.SaysInvestment | text.SaysSavings},
		{"MORA CREDITO PESSOAL", text.SaysCharge | text.SaysLoan},
		{"PIX ENVIADO JOSE MORA", text.SaysPix}, // a family name
		{"ESTORNO10/03", text.SaysRefund},
	} {
		if got := text.Signs(c.in); got != c.want {
			t.Errorf("Signs(%q) = %b, want %b", c.in, got, c.want)
		}
	}
}

func TestSignsOfPartsAreSignsOfTheWhole(t *testing.T) {
	piece := rapid.SampledFrom([]string{"PIX", "TED", "MESMA TIT", "DEV PIX", "JOAO", "10/03", "RESGATE AUT", "º", "•••", "Ç"})
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Normalise(piece.Draw(t, "a")), text.Normalise(piece.Draw(t, "b"))
		if whole := text.Signs(a + " " + b); whole&text.Signs(a) != text.Signs(a) {
			t.Fatalf("Signs(%q + %q) = %b lacks some of %b", a, b, whole, text.Signs(a))
		}
	})
}

func BenchmarkSigns(b *testing.B) {
	normal := make([]string, len(statement))
	for i, s := range statement {
		normal[i] = text.Normalise(s)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		text.Signs(normal[i%len(normal)])
	}
}
