package categorise

import (
	"testing"

	"github.com/openklaas/klaas/internal/classify"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
)

var classifier = classify.New()

func TestOne(t *testing.T) {
	const reais = money.Scale
	tests := []struct {
		name       string
		line       Line
		direction  Direction
		code       string
		confidence uint16 // at least
		settlement string
	}{
		{"a brand on a card", Line{Description: "Netflix.com", Amount: -50 * reais, Source: classify.Card}, Debit, "040102", 900, ""},
		{"a given direction goes before the sign", Line{Description: "PIX RECEBIDO ANA SOUZA", Amount: -50 * reais, Direction: Credit}, Credit, "020102", 600, "PIX"},
		{"a sign", Line{Description: "PIX ANA SOUZA", Amount: -50 * reais}, Debit, "020102", 600, "PIX"},
		{"nothing known is a debit", Line{Description: "XYZW QQQ"}, Debit, "060101", 0, "OUTROS"},
		{"wages come in", Line{Description: "CRED SALARIO MENSAL", Amount: 5000 * reais}, Credit, "010101", 900, "OUTROS"},
		{"a fee goes out", Line{Description: "IOF UTIL LIMITE", Amount: 3 * reais}, Debit, "050401", 900, "OUTROS"},
		{"the holder's own account", Line{Description: "TED 341", Type: "TED", Direction: Debit, Holder: "52998224725", Partie: "52998224725"}, Debit, "020204", 900, "TED"},
		{"a merchant code", Line{Description: "QWERTYX", MCC: 5912, Source: classify.Card, Direction: Debit}, Debit, "", 800, ""},
	}
	run := New(classifier, classify.Options{}).Start()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := run.One(&test.line)
			if got.Direction != test.direction || got.Settlement != test.settlement || got.Decision.Confidence < test.confidence ||
				(test.code != "" && got.Decision.Code.String() != test.code) {
				t.Errorf("got %+v", got)
			}
			if code := got.Code(true); code != got.Decision.Code {
				t.Errorf("%s is printed as %s", got.Decision.Code, code)
			}
		})
	}
}

// What a company buys is printed in a person's tree unless the company tree is on.
func TestCode(t *testing.T) {
	r := Result{Decision: ledger.Decision{Code: 70103}, Settlement: "PIX", partie: "11222333000181"}
	if r.Code(true) != 70103 || r.Code(false) == 70103 {
		t.Errorf("printed as %s, with the company tree as %s", r.Code(false), r.Code(true))
	}
}

func TestInstitution(t *testing.T) {
	tests := []struct {
		code, root string
		known      bool
	}{
		{"001", "00000000", true}, {"1", "00000000", true}, {"0260", "18236120", true}, {"33", "90400888", true},
		{"18236120", "18236120", true}, {"60.701.190/0001-04", "60701190", true}, {"12ABC34501DE35", "12ABC345", true},
		{"", "", false}, {"000", "", false}, {"2600", "", false}, {"99999999", "", false}, {"Nubank", "", false}, {"12345678901", "", false},
		{"xxxxxxxxxxxxxx", "", false}, {"ÇÇÇÇÇÇÇ", "", false},
	}
	for _, test := range tests {
		if root, known := Institution(test.code); root != test.root || known != test.known {
			t.Errorf("Institution(%q) = %q, %v", test.code, root, known)
		}
	}
}

func TestSigned(t *testing.T) {
	if Signed(-1) != Debit || Signed(1) != Credit || Signed(0) != Unknown {
		t.Error("a sign tells another direction")
	}
}

// A text that is normal already is decided without allocating.
func TestOneAllocatesNothing(t *testing.T) {
	run := New(classifier, classify.Options{}).Start()
	line := Line{Description: "COMPRA CARTAO DEB MC 12/05 DROGARIA SAO P", Amount: 12, Source: classify.Checking}
	if n := testing.AllocsPerRun(100, func() { run.One(&line) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkOne(b *testing.B) {
	run := New(classifier, classify.Options{}).Start()
	line := Line{Description: "COMPRA CARTAO DEB MC 12/05 DROGARIA SAO P", Direction: Debit}
	b.ReportAllocs()
	for b.Loop() {
		run.One(&line)
	}
}
