package classify

import (
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/text"
)

// Statement texts bank by bank and kind by kind; see the head of the file.
func TestStatements(t *testing.T) {
	banks := bankRoots()
	for _, r := range testRows(t, "testdata/statements.tsv") {
		m := movement{
			credit: r.get("dir") == "C", card: r.get("source") == "card", savings: r.get("source") == "savings",
			bank: banks[r.get("bank")],
		}
		for _, s := range r.list("texts") {
			m.text = s
			if d := decide(t, m); d.Code.String() != r.get("code") {
				t.Errorf("%s %s: %q is %s by %s (%d)", r.get("dir"), r.get("code"), s, d.Code, d.Rule, d.Confidence)
			}
		}
	}
}

// How sure a transfer is follows from what the text says of the other side.
func TestTransfersAreAsSureAsTheirText(t *testing.T) {
	rising := []movement{
		{text: "PIX QRS XYZWK"},                                         // a purchase as likely
		{text: "PIX ENVIADO XYZWK"},                                     // a name that is no known one
		{text: "PIX RECEBIDO XYZWK", credit: true},                      // received from it
		{text: "PIX ENVIADO MARIA"},                                     // a shop may bear it
		{text: "PIX ENVIADO MARIA OLIVEIRA"},                            // a person's full name
		{text: "PIX ENVIADO - 03/04"},                                   // nobody is named
		{text: "PIX - XYZWK - •••.123.456-•• - NU AGENCIA: 1 CONTA: 2"}, // a CPF
	}
	last := uint16(0)
	for _, m := range rising {
		m.ofbType = "OUTROS"
		got := confidenceOfTables(t, m)
		if got <= last {
			t.Errorf("%q has confidence %d, not above %d", m.text, got, last)
		}
		last = got
	}
}

// confidenceOfTables returns the confidence that the tables alone give.
func confidenceOfTables(t *testing.T, m movement) uint16 {
	t.Helper()
	r := shared().Start(Options{Raw: true, Only: TierSet(vocabulary, structure)})
	return r.Decide(&Entry{Text: text.Normalise(m.text), Credit: m.credit, Source: Checking, Type: m.ofbType, Holder: ownCPF}).Confidence
}

func TestForms(t *testing.T) {
	f := forms{"A": {"A1", "A2"}, "B": {"B1"}}
	for _, tt := range []struct{ in, want string }{
		{"X", "X"}, {"{A} X", "A1 X|A2 X"}, {"{A?} X", "X|A1 X|A2 X"}, {"{B} {A}", "B1 A1|B1 A2"}, {"X {B?}", "X |X B1"},
	} {
		if got := strings.Join(f.expand(tt.in), "|"); got != tt.want {
			t.Errorf("%s stands for %s, want %s", tt.in, got, tt.want)
		}
	}
}
