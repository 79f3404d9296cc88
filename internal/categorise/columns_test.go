package categorise

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas/internal/classify"
)

func TestParseAmount(t *testing.T) {
	tests := []struct{ text, want string }{
		{"1234.56", "1234.56"}, {"-1234.5", "-1234.50"}, {"1.234,56", "1234.56"}, {"1,234.56", "1234.56"}, {"1234,56", "1234.56"},
		{"-0,5", "-0.50"}, {"1.234.567", "1234567.00"}, {"1,234,567", "1234567.00"}, {"1.234.567,8", "1234567.80"}, {"12", "12.00"},
		{"R$ 1.234,56", "1234.56"}, {"-R$ 10,00", "-10.00"}, {"R$\u00a0-10,00", "-10.00"}, {"10,00-", "-10.00"}, {"\u221210,00", "-10.00"}, {"+5", "5.00"},
		{"0.125", "0.13"}, {"0,125", "0.13"}, {"1234.567", "1234.57"}, {"100.0000", "100.00"},
		{"1.234", ""}, {"1,234", ""}, {"-12.345", ""}, {"1.23,45.6", ""}, {"12.34,56", ""}, {"1,23,456", ""}, {"1.2.3", ""},
		{"", ""}, {"abc", ""}, {"1e5", ""}, {",5", ""}, {"5,", ""}, {"--5", ""}, {"99999999999999999999", ""},
	}
	for _, test := range tests {
		got, err := ParseAmount(test.text)
		if (err != nil) != (test.want == "") || err == nil && got.String() != test.want {
			t.Errorf("%q: %s, %v", test.text, got, err)
		}
	}
}

func TestColumns(t *testing.T) {
	tests := []struct {
		column, value string
		want          Line
		fails         bool
	}{
		{"Description", " Netflix ", Line{Description: "Netflix"}, false},
		{"transactionName", "Transfer\xeancia", Line{Description: "Transferência"}, false},
		{"description", " ", Line{}, true},
		{"amount", "-1,50", Line{Amount: -15000, Direction: Debit}, false},
		{"amount", "1,50", Line{Amount: 15000, Direction: Credit}, false},
		{"amount", "", Line{}, false},
		{"amount", "x", Line{}, true},
		{"credit_debit_type", "Débito", Line{Direction: Debit}, false},
		{"direction", "credit", Line{Direction: Credit}, false},
		{"direction", "in", Line{}, true},
		{"date", "2026-03-30", Line{Date: day("2026-03-30")}, false},
		{"Transaction-Date", "2026-03-30T10:00:00Z", Line{Date: day("2026-03-30")}, false},
		{"date", "30/03/2026", Line{Date: day("2026-03-30")}, false},
		{"date", "30 mar", Line{}, false},
		{"source", "creditcard", Line{Source: classify.Card}, false},
		{"account_kind", "credit_card", Line{Source: classify.Card}, false},
		{"source", "card", Line{Source: classify.Card}, false},
		{"source", "Savings", Line{Source: classify.Savings}, false},
		{"source", "wallet", Line{}, true},
		{"type", "pix", Line{Type: "PIX"}, false},
		{"mcc", "5411", Line{MCC: 5411}, false},
		{"mcc", "54110", Line{}, true},
		{"counterparty", "11.222.333/0001-81", Line{Partie: "11222333000181"}, false},
		{"counterparty", "Ana", Line{}, false},
		{"bank", "0260", Line{Institution: "18236120"}, false},
		{"institution", "a bank", Line{}, false},
		{"label", "x", Line{}, false},
	}
	for _, test := range tests {
		var got Line
		err := ColumnOf(test.column).Set(&got, test.value)
		if (err != nil) != test.fails {
			t.Errorf("%s = %q: %v", test.column, test.value, err)
		} else if diff := cmp.Diff(test.want, got); err == nil && diff != "" {
			t.Errorf("%s = %q: %s", test.column, test.value, diff)
		}
	}
}

// The direction of its own column goes before the sign, whichever comes first.
func TestDirectionBeforeSign(t *testing.T) {
	for _, order := range [][]Column{{ColumnAmount, ColumnDirection}, {ColumnDirection, ColumnAmount}} {
		var l Line
		for _, c := range order {
			value := map[Column]string{ColumnAmount: "-5", ColumnDirection: "CREDITO"}[c]
			if err := c.Set(&l, value); err != nil {
				t.Fatal(err)
			}
		}
		if l.Direction != Credit {
			t.Errorf("%v: %+v", order, l)
		}
	}
}
