package text

import "testing"

func TestFindInstalment(t *testing.T) {
	tests := []struct {
		text          string
		number, count int32
		mark          string
		word, dated   bool
	}{
		{"LOJA PARC 03/10", 3, 10, "PARC 03/10", true, false},
		{"PARCELA 3 DE 10 LOJA", 3, 10, "PARCELA 3 DE 10", true, false},
		{"LOJA - PARCELA 3/10", 3, 10, "PARCELA 3/10", true, false},
		{"LOJA PARC.: 1 / 3", 1, 3, "PARC.: 1 / 3", true, false},
		{"PARCELAS 2/4", 2, 4, "PARCELAS 2/4", true, false},
		{"LOJA 3/10", 3, 10, "3/10", false, false},
		{"LOJA (3/10)", 3, 10, "3/10", false, false},
		{"LOJA 03/10", 3, 10, "03/10", false, true},
		{"LOJA 10/18", 10, 18, "10/18", false, false},
		{"LOJA 10/03", 0, 0, "", false, false},
		{"LOJA 01/01", 0, 0, "", false, false},
		{"LOJA 1/1000", 0, 0, "", false, false},
		{"LOJA 05/03/24", 0, 0, "", false, false},
		{"LOJA07/12", 0, 0, "", false, false},
		{"3/10", 0, 0, "", false, false},
		{"XPARC 3/10 LOJA", 0, 0, "", false, false},
		{"PARCERIA 5", 0, 0, "", false, false},
		{"", 0, 0, "", false, false},
	}
	for _, test := range tests {
		got, ok := FindInstalment(test.text)
		if ok != (test.count > 0) {
			t.Errorf("%q: found %v", test.text, ok)
			continue
		}
		if ok && (got.Number != test.number || got.Count != test.count || test.text[got.From:got.To] != test.mark || got.Word != test.word || got.Dated != test.dated) {
			t.Errorf("%q: %+v", test.text, got)
		}
	}
}
