package classify

import "testing"

func TestCNPJ(t *testing.T) {
	for brand, want := range map[string]string{"Netflix": "13590585000199", "Deezer": "", "": "", "no such brand": ""} {
		if got := CNPJ(brand); got != want {
			t.Errorf("%q: %q", brand, got)
		}
	}
	for brand, cnpj := range shared().offices {
		if len(cnpj) != 14 {
			t.Errorf("%s: %q is no CNPJ", brand, cnpj)
		}
	}
}
