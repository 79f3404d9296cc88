package institution_test

import (
	"testing"

	"github.com/openklaas/klaas/internal/institution"
)

func TestFind(t *testing.T) {
	for _, c := range []struct {
		how   string
		find  func(string) (institution.Bank, bool)
		key   string
		compe string // "" when nothing may be found
	}{
		{"COMPE", institution.ByCompe, "001", "001"},
		{"COMPE", institution.ByCompe, "260", "260"},
		{"COMPE without zeros", institution.ByCompe, "1", ""},
		{"COMPE", institution.ByCompe, "", ""},
		{"whole CNPJ", institution.ByCNPJ, "60701190000104", "341"},
		{"another branch of the company", institution.ByCNPJ, "60701190123456", "341"},
		{"unknown CNPJ", institution.ByCNPJ, "21128159000166", ""},
		{"part of a CNPJ", institution.ByCNPJ, "6070119", ""},
		{"no CNPJ", institution.ByCNPJ, "", ""},
	} {
		b, ok := c.find(c.key)
		if b.Compe != c.compe || ok != (c.compe != "") {
			t.Errorf("%s %q: found %q, %v, want %q", c.how, c.key, b.Compe, ok, c.compe)
		}
	}
}

func TestNames(t *testing.T) {
	b, _ := institution.ByCompe("001")
	want := institution.Bank{Compe: "001", ISPB: "00000000", CNPJ: "00000000000191",
		LongName: "Banco do Brasil S.A.", ShortName: "BCO DO BRASIL S.A."}
	if b != want {
		t.Errorf("001 is %+v, want %+v", b, want)
	}
}
