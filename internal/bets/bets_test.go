package bets_test

import (
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/bets"
	"github.com/openklaas/klaas/internal/text"
)

func TestNamed(t *testing.T) {
	for said, company := range map[string]string{
		"PIX ENVIADO KAIZEN GAMING BRASIL LTDA": "KAIZEN GAMING BRASIL LTDA",
		"PIX KAIZEN GAMING BR":                  "KAIZEN GAMING BRASIL LTDA",
		"PIX TRANSF KAIZEN GAMI23/03":           "KAIZEN GAMING BRASIL LTDA",
		"PIX ENVIADO BETANO":                    "KAIZEN GAMING BRASIL LTDA",
		"PAG*BETANO.BET.BR":                     "KAIZEN GAMING BRASIL LTDA",
		"VERA BET":                              "ANA GAMING BRASIL S.A.",
		"WWW VERA.BET.BR":                       "ANA GAMING BRASIL S.A.",
		"PIX VERA":                              "", // a short brand
		"PIX SUPER":                             "", // an ordinary word
		"BETANOS":                               "", // no whole word
		"PIX NOVACASA.BET.BR":                   "", // a domain that nobody was licensed for
		"SORTE ONLINE":                          "", // a lottery shop
		"":                                      "",
	} {
		got := bets.Named(text.Normalise(said))
		if company == "" && got != nil {
			t.Errorf("%q names %s", said, got.Company)
		}
		if company != "" && (got == nil || got.Company != company) {
			t.Errorf("%q names %v, want %s", said, got, company)
		}
	}
}

// Every operator is found by its CNPJ, its company and its domains, whatever the
// branch.
func TestEveryOperator(t *testing.T) {
	if len(bets.Operators()) < 80 {
		t.Fatalf("the list has %d operators", len(bets.Operators()))
	}
	for i := range bets.Operators() {
		o := &bets.Operators()[i]
		if got := bets.ByCNPJ(o.CNPJ[:8] + "000299"); got != o {
			t.Errorf("%s is not found by its root", o.Company)
		}
		for _, said := range append([]string{o.Company}, o.Domains...) {
			if got := bets.Named(text.Normalise("PIX " + said + " X")); got != o {
				t.Errorf("%s is not found by %q but %v", o.Company, said, got)
			}
		}
		if len(o.CNPJ) != 14 || strings.Trim(o.CNPJ, "0123456789") != "" {
			t.Errorf("%s has the CNPJ %s", o.Company, o.CNPJ)
		}
	}
	if bets.ByCNPJ("00000000000191") != nil || bets.ByCNPJ("") != nil {
		t.Error("a bank is an operator")
	}
}
