package classify

import (
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/text"
	"github.com/openklaas/klaas/taxonomy"
)

// Shops that no table knows are read by how their names are made.
func TestModelReadsNames(t *testing.T) {
	for _, c := range []struct {
		m    movement
		code taxonomy.Code
	}{
		{movement{text: "MULTIDROGAZUL", card: true}, 30401},
		{movement{text: "PAG*POLOSORVETES", card: true}, 40303},
		{movement{text: "PIX QRS POLOSORVETES 10/03", ofbType: "PIX", person: "PESSOA_JURIDICA"}, 40303},
		{movement{text: "COMPRA CARTAO DEB MC 12/05 MULTIDROGAZUL", ofbType: "CARTAO"}, 30401},
	} {
		d := decide(t, c.m)
		if d.Code != c.code || d.Tier != ledger.TierModel || !strings.HasPrefix(d.Rule, "model/") || d.Matched == "" {
			t.Errorf("%q: %+v, want %s by the model", c.m.text, d, c.code)
		}
		check(t, c.m, d)
	}
}

// What other evidence tells is not for the model, however sure it is.
func TestModelOverrulesNothing(t *testing.T) {
	const name = "MULTIDROGAZUL"
	for _, m := range []movement{
		{text: "PIX ENVIADO " + name, ofbType: "PIX", partie: otherCPF},
		{text: "PIX ENVIADO " + name, ofbType: "PIX", person: "PESSOA_NATURAL"},
		{text: "PIX ENVIADO " + name, ofbType: "PIX", partie: ownCPF},
		{text: "PIX RECEBIDO " + name, ofbType: "PIX", credit: true},
		{text: "PIX ENVIADO " + name, ofbType: "PIX", role: ledger.RoleOwnTransfer},
		{text: "SALARIO " + name, credit: true},
		{text: "IOF " + name},
		{text: "TARIFA " + name, ofbType: "TARIFA_SERVICOS_AVULSOS"},
		{text: "NETFLIX " + name, card: true},
		{text: "SAQUE " + name, ofbType: "SAQUE"},
		{text: name, card: true, mcc: 5812},
		{text: "PIX ENVIADO MARIA DA SILVA", ofbType: "PIX"},
		{text: "PIX QRS JOSE PEREIRA SOUZA", ofbType: "PIX"},
	} {
		d := decide(t, m)
		if d.Tier == ledger.TierModel {
			t.Errorf("%q (%s): %+v", m.text, m.ofbType, d)
		}
	}
}

// Whatever the movement, what the model says is allowed, and it is silent on betting.
func TestModelIsSoundEverywhere(t *testing.T) {
	texts := []string{"MULTIDROGAZUL", "BETSPORTMAX", "CASSINO BETOES", "POLOSORVETES LTDA", "PIX QRS HAMBURGUERIALAGOA", "CONTRIB ASSOCIATIVA MENSAL", "CREDITO FOLHINHA", "RESGATINHO APLICADO", "MP*ODONTOVITAL"}
	for _, s := range texts {
		for _, ofbType := range allTypes {
			for bits := range 32 {
				m := movement{text: s, ofbType: ofbType, credit: bits&1 > 0, company: bits&2 > 0, savings: bits&4 > 0, card: bits&8 > 0}
				if bits&16 > 0 {
					m.partie = "11222333000181"
				}
				d := decide(t, m)
				check(t, m, d)
				if d.Tier == ledger.TierModel && (d.Code == betting || d.RunnerUp == betting) {
					t.Errorf("%q: %+v", s, d)
				}
			}
		}
	}
}

// Tiers can be measured one by one.
func TestModelAlone(t *testing.T) {
	in := Entry{Text: text.Normalise("PIX QRS FARMACIA DO POVO"), Source: Checking, Type: "PIX"}
	if d := shared().Start(Options{Only: TierSet(ledger.TierModel)}).Decide(&in); d.Tier != ledger.TierModel || d.Code != 30401 {
		t.Errorf("the model alone: %+v", d)
	}
	in.Text = "MULTIDROGAZUL"
	if d := shared().Start(Options{Only: TierSet(ledger.TierVocabulary, ledger.TierMerchant)}).Decide(&in); d.Tier == ledger.TierModel {
		t.Errorf("without the model: %+v", d)
	}
}

// Bank, branch and account behind a document say nothing of the counterparty.
func TestBeforeDocument(t *testing.T) {
	for in, want := range map[string]string{
		"":    "",
		"A-B": "A-B",
		"BAR DO ZE - 12.345.678/0001-90 - BANCO X (1) AGENCIA: 2": "BAR DO ZE - ",
		"ANA - •••.123.456-•• - BANCO X":                          "ANA - ",
		"ANA ***.123.456-** BANCO":                                "ANA ",
	} {
		if got := beforeDocument(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
