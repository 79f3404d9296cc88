package classify

import "testing"

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
