package categorise

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/classify"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/text"
	"github.com/openklaas/klaas/openfinance"
)

// Every lead finds the name in its own example.
func TestLeads(t *testing.T) {
	seen := make(map[string]bool)
	for _, r := range rows("leads.tsv") {
		if len(r) != 4 || leadKinds[r[1]] == none || seen[r[0]] || strings.Count(r[0], " ") >= longestLead {
			t.Errorf("%v: is no row of four columns with a known kind, or comes twice", r)
			continue
		}
		seen[r[0]] = true
		s := text.Normalise(r[2])
		if !hasWords(s, r[0]) {
			t.Errorf("%s: not in its example", r[0])
		}
		kind, start := leadOf(s, r[1] == "quoted")
		if kind == none || leadKinds[r[1]] != skip && kind != leadKinds[r[1]] {
			t.Errorf("%s: kind %d", r[2], kind)
		}
		name := cleanName(behindLead(s, start, findDocument(s, start, kind == transfer), kind), "")
		if name != r[3] {
			t.Errorf("%s: %q, want %q", r[2], name, r[3])
		}
	}
}

// Every row of the channels decides its own example.
func TestChannels(t *testing.T) {
	for _, r := range rows("channels.tsv") {
		if s := text.Normalise(r[2]); !hasWords(s, r[0]) || channel(s) != r[1] {
			t.Errorf("%s: %q by %s", r[2], channel(s), r[0])
		}
	}
	for _, s := range []string{"PIX ENVIADO ANA", "COMPRA NO DEBITO - LOJA INTEGRAL", "TRANSFERENCIA - AGENCIA: 1 CONTA: 2", ""} {
		if c := channel(s); c != "" {
			t.Errorf("%s: %s", s, c)
		}
	}
}

func TestListsAreNormalised(t *testing.T) {
	for _, list := range []map[string]bool{tables().towns, tables().words} {
		for s := range list {
			if text.Normalise(s) != s {
				t.Errorf("%s is not normalised", s)
			}
		}
	}
}

func TestDetails(t *testing.T) {
	const card = classify.Card
	tests := []struct {
		line Line
		want Details
	}{
		{
			Line{Description: "Netflix.com", Source: card},
			Details{Merchant: "NETFLIX.COM", Brand: "Netflix", CNPJ: "13590585000199"},
		},
		{Line{Description: "Pag*Restaurantevojoao", Source: card}, Details{Merchant: "RESTAURANTEVOJOAO"}},
		{Line{Description: "PADARIA DO ZE SAO PAULO BRA", Source: card}, Details{Merchant: "PADARIA DO ZE"}},
		{Line{Description: "DROGARIA SAO PAULO SAO PAULO BR", Source: card}, Details{Merchant: "DROGARIA SAO PAULO", Brand: "Drogaria São Paulo"}},
		{Line{Description: "MERCPAGO*LOJAXYZ 03/10", Source: card}, Details{Merchant: "LOJAXYZ", Instalment: 3, Instalments: 10}},
		{Line{Description: "LOJAXYZ 03/10", Source: card, Date: day("2026-10-04")}, Details{Merchant: "LOJAXYZ"}},
		{Line{Description: "MOVEIS AZUIS - Parcela 3/10", Source: card}, Details{Merchant: "MOVEIS AZUIS", Instalment: 3, Instalments: 10}},
		{Line{Description: "MOVEIS AZUIS PARC 03/10 CAMPINAS BRA", Source: card}, Details{Merchant: "MOVEIS AZUIS", Instalment: 3, Instalments: 10}},
		{Line{Description: "Uber *Trip Help.uber.com", Source: card}, Details{Merchant: "UBER TRIP HELP.UBER.COM", Brand: "Uber", CNPJ: "17895646000187"}},
		{Line{Description: "Zzkq *Eyr58ej2f2", Source: card}, Details{Merchant: "ZZKQ"}},
		{Line{Description: "Zzkq*12345678901", Source: card}, Details{Merchant: "ZZKQ"}},
		{Line{Description: `IOF de "Zzkq Azul"`, Source: card}, Details{Merchant: "ZZKQ AZUL"}},
		{Line{Description: "IOF de rotativo", Source: card}, Details{}},
		{Line{Description: "da Ilha Pastelaria", Source: card}, Details{Merchant: "DA ILHA PASTELARIA"}},
		{Line{Description: "Pagamento recebido", Source: card, Direction: Credit}, Details{}},
		{
			Line{Description: "Transferência enviada pelo Pix - ANA SOUZA LIMA - •••.123.456-•• - NU PAGAMENTOS - IP (0260) Agência: 1 Conta: 1234567-8"},
			Details{Settlement: "PIX", Counterparty: Counterparty{"ANA SOUZA LIMA", "***.123.456-**"}},
		},
		{
			Line{Description: "TRANSFERENCIA PIX DES: ANA SOUZA ***.123.456-** 12/03"},
			Details{Settlement: "PIX", Counterparty: Counterparty{"ANA SOUZA", "***.123.456-**"}},
		},
		{
			Line{Description: "PIX ENVIADO BRUNO ALVES 52998224725"},
			Details{Settlement: "PIX", Counterparty: Counterparty{"BRUNO ALVES", "52998224725"}},
		},
		{
			Line{Description: "PIX RECEBIDO BRUNO ALVES 529.982.247-25", Direction: Credit},
			Details{Settlement: "PIX", Counterparty: Counterparty{"BRUNO ALVES", "52998224725"}},
		},
		{
			Line{Description: "PIX ENVIADO BRUNO ALVES", Partie: "11144477735"},
			Details{Settlement: "PIX", Counterparty: Counterparty{"BRUNO ALVES", "11144477735"}},
		},
		{
			Line{Description: "Transferência recebida pelo Pix - PADARIA ESTRELA LTDA - 11.222.333/0001-81 - BANCO", Direction: Credit},
			Details{Settlement: "PIX", Counterparty: Counterparty{"PADARIA ESTRELA LTDA", "11222333000181"}},
		},
		{
			Line{Description: "PIX QRS PADARIA SOL04/05"},
			Details{Settlement: "PIX", Merchant: "PADARIA SOL", Channel: "qr"},
		},
		{Line{Description: "COMPRA CARTAO DEB MC 12/05 PADARIA SOL"}, Details{Settlement: "CARTAO_DEBITO", Merchant: "PADARIA SOL"}},
		{Line{Description: "SAQUE 24H 12345678"}, Details{Settlement: "SAQUE", Channel: "atm"}},
		{Line{Description: "PAGAMENTO FATURA CARTAO"}, Details{Settlement: "OUTROS"}},
		{Line{Description: "IOF UTIL LIMITE"}, Details{Settlement: "OUTROS"}},
		{Line{Description: ""}, Details{Settlement: "OUTROS"}},
	}
	run := New(classifier, classify.Options{}).Start()
	for _, test := range tests {
		t.Run(test.line.Description, func(t *testing.T) {
			if test.line.Direction == Unknown {
				test.line.Direction = Debit
			}
			r := run.One(&test.line)
			if diff := cmp.Diff(test.want, r.Details(&test.line)); diff != "" {
				t.Errorf("%+v\n%s", r.Decision, diff)
			}
		})
	}
}

func day(s string) calendar.Day {
	d, ok := calendar.ParseDay(s)
	if !ok {
		panic(s)
	}
	return d
}

func TestMovementDetails(t *testing.T) {
	entry := &ledger.Movement{
		Entry: &openfinance.Transaction{Type: "PIX", PartieCnpjCpf: "11144477735"},
		Text:  "PIX ENVIADO ANA SOUZA", Direction: ledger.Debit, Amount: money.Scale,
	}
	want := Details{Settlement: "PIX", Counterparty: Counterparty{"ANA SOUZA", "11144477735"}}
	if diff := cmp.Diff(want, MovementDetails(entry)); diff != "" {
		t.Error(diff)
	}
	for _, test := range []struct {
		text, identificator string
		charges             int32
		number, count       int32
	}{
		{"LOJA", "2", 6, 2, 6}, {"LOJA 3/10", "", 0, 3, 10}, {"LOJA 3/10", "", 1, 0, 0}, {"LOJA", "", 6, 0, 6}, {"LOJA", "9", 6, 0, 6},
	} {
		line := &ledger.Movement{Source: ledger.BillLines, Text: test.text, Line: &openfinance.CardTransaction{}}
		line.Line.ChargeIdentificator, line.Line.ChargeNumber = test.identificator, test.charges
		d := MovementDetails(line)
		if d.Instalment != test.number || d.Instalments != test.count || d.Settlement != "" || d.Merchant != "LOJA" {
			t.Errorf("%+v: %+v", test, d)
		}
	}
}

// Nothing that a partner sends makes the reading of details fail.
func FuzzDetails(f *testing.F) {
	for _, r := range rows("leads.tsv") {
		f.Add(r[2], true)
	}
	f.Add("A .123.456-", false)
	f.Add("\xff•••.123.456-••", false)
	run := New(classifier, classify.Options{}).Start()
	f.Fuzz(func(t *testing.T, s string, card bool) {
		l := Line{Description: s}
		if card {
			l.Source = classify.Card
		}
		r := run.One(&l)
		d := r.Details(&l)
		if d.Instalment > d.Instalments || len(d.Merchant) > len(r.Text)+1 {
			t.Errorf("%+v", d)
		}
	})
}

// A row of a file may be a megabyte; what ends it is taken off word by word.
func TestDetailsOfHugeTextEnd(t *testing.T) {
	l := Line{Description: "LOJA AZUL" + strings.Repeat(" BRA", 1<<18), Source: classify.Card}
	r := New(classify.Shared(), classify.Options{}).Start().One(&l)
	if d := r.Details(&l); d.Merchant != "LOJA AZUL" {
		t.Errorf("the merchant has %d characters", len(d.Merchant))
	}
}
