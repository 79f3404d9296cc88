package classify

import (
	"reflect"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/text"
	"github.com/openklaas/klaas/openfinance"
	"github.com/openklaas/klaas/taxonomy"
)

// check fails when a decision is not sound whatever the movement.
func check(t *testing.T, m movement, d ledger.Decision) {
	t.Helper()
	cat, ok := taxonomy.Lookup(d.Code)
	switch {
	case !ok:
		t.Errorf("%q: %s is no category", m.text, d.Code)
	case !cat.Direction.Allows(m.credit):
		t.Errorf("%q (credit %v) is %s by %s, a category of %s", m.text, m.credit, d.Code, d.Rule, cat.Direction)
	case cat.Company && !m.company:
		t.Errorf("%q of a person is %s by %s", m.text, d.Code, d.Rule)
	case d.Confidence > 1000:
		t.Errorf("%q: confidence %d", m.text, d.Confidence)
	case d.RunnerUp == d.Code:
		t.Errorf("%q: %s is its own runner-up", m.text, d.Code)
	case !strings.Contains(text.Normalise(m.text), d.Matched):
		t.Errorf("%q: the matched %q is not in the text", m.text, d.Matched)
	case (d.Tier == ledger.TierNone) != (d.Rule == "" && d.Confidence == 0):
		t.Errorf("%q: tier %s with rule %q", m.text, d.Tier, d.Rule)
	case d.Tier == ledger.TierNone && d.Code != taxonomy.Other:
		t.Errorf("%q: nothing decided, yet %s", m.text, d.Code)
	}
	if d.RunnerUp != 0 {
		if r, ok := taxonomy.Lookup(d.RunnerUp); !ok || !r.Direction.Allows(m.credit) {
			t.Errorf("%q: runner-up %s", m.text, d.RunnerUp)
		}
	}
}

var allTypes = []string{
	"", "TED", "DOC", "PIX", "TRANSFERENCIA_MESMA_INSTITUICAO", "BOLETO", "CONVENIO_ARRECADACAO", "PACOTE_TARIFA_SERVICOS",
	"TARIFA_SERVICOS_AVULSOS", "FOLHA_PAGAMENTO", "DEPOSITO", "SAQUE", "CARTAO", "ENCARGOS_JUROS_CHEQUE_ESPECIAL",
	"RENDIMENTO_APLIC_FINANCEIRA", "PORTABILIDADE_SALARIO", "RESGATE_APLIC_FINANCEIRA", "OPERACAO_CREDITO", "OUTROS",
	"PAGAMENTO", "TARIFA", "OPERACOES_CREDITO_CONTRATADAS_CARTAO", "ESTORNO", "CASHBACK", "PAGAMENTO_FATURA", "SOMETHING_NEW",
}

// Every combination of type, direction, source, counterparty, role and holder
// gets a sound decision, with texts that other tiers would decide.
func TestEveryCombinationIsSound(t *testing.T) {
	texts := []string{"", "XYZ", "NETFLIX", "PADARIA SOL", "IOF", "SALARIO", "BETANO", "ESTORNO", "CIELO", "PIX ENVIADO JOSE", "DAS SIMPLES NACIONAL", "PAG*XYZ", "SISPAG SALARIOS"}
	parties := []string{"", ownCPF, otherCPF, ownCNPJ, "11222333000181", "29979036000140", "00360305000104", "14380200000121", "123"}
	for _, s := range texts {
		for _, ofbType := range allTypes {
			for _, partie := range parties {
				for bits := range 16 {
					m := movement{text: s, ofbType: ofbType, partie: partie, credit: bits&1 > 0, company: bits&2 > 0, savings: bits&4 > 0, card: bits&8 > 0}
					if m.card {
						m.mcc = 5411
					}
					check(t, m, decide(t, m))
				}
			}
		}
		for role := ledger.RoleNone; role <= ledger.RoleContract; role++ {
			for _, credit := range []bool{false, true} {
				m := movement{text: s, role: role, credit: credit}
				check(t, m, decide(t, m))
			}
		}
	}
	for mcc := int32(-1); mcc < 10_000; mcc++ {
		for _, credit := range []bool{false, true} {
			m := movement{card: true, mcc: mcc, credit: credit}
			check(t, m, decide(t, m))
		}
	}
}

func FuzzClassify(f *testing.F) {
	for _, b := range benchTexts {
		f.Add(b.text, b.ofbType, false, "")
	}
	for _, s := range []string{"PAG*", "*", "07/04", "A07/04", "\xff\xfe", "É́", strings.Repeat("PIX ", 500), strings.Repeat("A", 5000), ".BET.BR", "BET.BR", "ＰＩＸ"} {
		f.Add(s, "OUTROS", true, "123")
	}
	f.Fuzz(func(t *testing.T, s, ofbType string, credit bool, partie string) {
		m := movement{text: s, ofbType: ofbType, credit: credit, partie: partie}
		d := decide(t, m)
		check(t, m, d)
		if utf8.ValidString(s) && decide(t, m) != d {
			t.Errorf("%q is decided in two ways", s)
		}
		m.card, m.partie = true, ""
		check(t, m, decide(t, m))
	})
}

// A text that was never normalised must not break the classifier.
func TestRawTexts(t *testing.T) {
	for _, s := range []string{"pix enviado josé", "\x00\xff*\x80", "Ã§Ã£", "  ", "\n\t"} {
		l := &ledger.Ledger{
			Accounts:     []ledger.Account{{End: 1}},
			Institutions: []ledger.Institution{{}},
			Movements:    []ledger.Movement{{Text: s, Entry: &openfinance.Transaction{Type: "PIX"}}},
		}
		shared().Classify(l, Options{})
		if l.Movements[0].Decision.Code != taxonomy.PixTransfer {
			t.Errorf("%q: %+v", s, l.Movements[0].Decision)
		}
	}
	var empty ledger.Ledger
	shared().Classify(&empty, Options{})
}

// Two classifiers, many at once, and movements in any order decide alike.
func TestDeterminism(t *testing.T) {
	want := benchLedger(200)
	shared().Classify(want, Options{})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			got := benchLedger(200)
			New().Classify(got, Options{})
			again := benchLedger(200)
			shared().Classify(again, Options{})
			for i := range got.Movements {
				if !reflect.DeepEqual(got.Movements[i].Decision, want.Movements[i].Decision) ||
					!reflect.DeepEqual(again.Movements[i].Decision, want.Movements[i].Decision) {
					t.Errorf("movement %d: %+v and %+v", i, got.Movements[i].Decision, want.Movements[i].Decision)
				}
			}
		})
	}
	wg.Wait()
	rules, model, tables := Versions()
	if rules == "" || tables == "" || model == "" || rules == tables || model == rules || model == tables {
		t.Errorf("versions %q %q %q", rules, model, tables)
	}
}

func TestNothingIsAllocatedPerMovement(t *testing.T) {
	c, l := shared(), benchLedger(2000)
	per := testing.AllocsPerRun(5, func() { c.Classify(l, Options{}) }) / float64(len(l.Movements))
	if per > 0.02 {
		t.Errorf("%.3f allocations for a movement", per)
	}
}

// Every table row can be found by its own words.
func TestEveryPhraseIsFound(t *testing.T) {
	c := shared()
	for i := range c.phrases.rows {
		p := &c.phrases.rows[i]
		if p.words == "" || words(p.words) != p.words {
			t.Errorf("row %d (%s) has the words %q", i, p.rule, p.words)
		}
		if p.kind < personWord && p.rule == "" {
			t.Errorf("%q has no rule id", p.words)
		}
		e := entry{Entry: Entry{Text: p.words, Source: p.sources, Company: true, Credit: p.debit.code == 0}, bank: p.banks}
		found := false
		for _, h := range c.phrases.scan(e.Text, splitWords(e.Text, nil), &e, nil) {
			found = found || c.phrases.rows[h.row].words == p.words
		}
		if !found {
			t.Errorf("%q of %s is never found", p.words, p.rule)
		}
	}
}

// Two names of one table must not lead to two categories.
func TestNamesAreUnambiguous(t *testing.T) {
	seen := map[string]*phrase{}
	for i := range shared().phrases.rows {
		p := &shared().phrases.rows[i]
		if p.kind != brandPhrase && p.kind != tradePhrase {
			continue
		}
		key := p.words
		if p.kind == tradePhrase {
			key = "trade " + key
		}
		if o := seen[key]; o != nil && o.debit.code != p.debit.code {
			t.Errorf("%q is %s by %s and %s by %s", p.words, o.debit.code, o.rule, p.debit.code, p.rule)
		}
		seen[key] = p
	}
}
