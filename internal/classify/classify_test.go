package classify

import (
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/text"
	"github.com/openklaas/klaas/openfinance"
	"github.com/openklaas/klaas/taxonomy"
)

var shared = sync.OnceValue(New)

const (
	ownCPF   = "52998224725"
	otherCPF = "11144477735"
	ownCNPJ  = "12ABC34501DE35"
)

// movement is a case in the words of the field.
type movement struct {
	text, ofbType, detail string
	credit                bool
	card, savings         bool
	company               bool
	partie, person        string
	mcc                   int32 // 0: absent
	bank                  string
	role                  ledger.Role
}

// decide classifies one movement through the public door.
func decide(t testing.TB, m movement) ledger.Decision {
	t.Helper()
	l := ledger.Ledger{
		Person:       ledger.Person{CPF: ownCPF, CNPJ: ownCNPJ},
		Institutions: []ledger.Institution{{Root: m.bank}},
		Movements:    []ledger.Movement{{Text: text.Normalise(m.text), Direction: ledger.Debit, Role: m.role}},
	}
	x := &l.Movements[0]
	if m.credit {
		x.Direction = ledger.Credit
	}
	if m.card {
		if m.mcc == 0 {
			m.mcc = -1
		}
		x.Line = &openfinance.CardTransaction{TransactionType: m.ofbType, PayeeMCC: m.mcc}
		if strings.HasPrefix(m.ofbType, "OPERACOES") {
			x.Line.OtherCreditsType = m.detail
		} else {
			x.Line.FeeType = m.detail
		}
		l.Cards = []ledger.Card{{End: 1, Company: m.company}}
	} else {
		x.Entry = &openfinance.Transaction{Type: m.ofbType, PartieCnpjCpf: m.partie, PartiePersonType: m.person}
		a := ledger.Account{End: 1, Company: m.company}
		if m.savings {
			a.Kind = ledger.Savings
		}
		l.Accounts = []ledger.Account{a}
	}
	shared().Classify(&l, Options{})
	return x.Decision
}

// Every row of the vocabulary decides its own examples and each of its variants.
func TestVocabularyRows(t *testing.T) {
	banks, f := bankRoots(), loadForms()
	for _, r := range vocabularyRows() {
		if r.get("stage") == "block" {
			continue
		}
		id := "vocabulary/" + r.get("id")
		code := r.code("code")
		cat, ok := taxonomy.Lookup(code)
		if !ok {
			t.Fatalf("%s: no category", id)
		}
		if r.get("example") == "" {
			t.Errorf("%s has no example", id)
		}
		for _, credit := range []bool{true, false} {
			if dir := r.get("dir"); credit && dir == "D" || !credit && dir == "C" || !cat.Direction.Allows(credit) {
				continue
			}
			m := movement{credit: credit, card: r.get("source") == "card", savings: r.get("source") == "savings", company: cat.Company}
			if b := r.list("bank"); len(b) > 0 {
				m.bank = banks[b[0]]
			}
			for _, s := range append(f.expandAll(r.list("phrase")), r.list("example")...) {
				m.text = strings.Trim(s, "^%")
				d := decide(t, m)
				if d.Rule != id && d.Rule != "vocabulary/person-name" && d.Rule != "vocabulary/company-name" {
					t.Errorf("%q (credit %v) is decided by %s, not by %s", s, credit, d.Rule, id)
					continue
				}
				if d.Rule == id && d.Matched == "" {
					t.Errorf("%s does not tell what matched", id)
				}
			}
		}
	}
}

func vocabularyRows() []record {
	var rows []record
	for _, name := range files("vocabulary") {
		rows = append(rows, openRows(name)...)
	}
	return rows
}

// bankRoots returns a CNPJ root of each bank that tables name.
func bankRoots() map[string]string {
	banks := map[string]string{}
	for _, r := range openRows("banks.tsv") {
		banks[r.get("bank")] = r.list("roots")[0]
	}
	return banks
}

// testRows reads a table of the form of the embedded ones.
func testRows(t *testing.T, path string) []record {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return parse(path, string(b)).records()
}
