// Package classify gives every movement of a ledger its category, with the
// reason for it.
//
// Make a [Classifier] once with [New] and call [Classifier.Classify] for each
// ledger. It fills in the Decision of every movement: the code, the tier and
// rule that decided, the text that matched, how sure it is, and the next best
// answer. It never guesses: a movement of which nothing is known becomes
// Outros › Outros › Outros with confidence 0. The same ledger always gets the
// same decisions; no float takes part in one. A code always allows the
// movement's direction.
//
// # The waterfall
//
// Evidence is asked in a fixed order and the first that answers decides. There
// are two rounds, because a statement tells two things: what the money was for,
// and by which rail it went. The first round asks only for the purpose:
//
//  1. Betting: the operator's CNPJ, the merchant code, its name in the text.
//     Figures on betting have one definition and it knows no exception, so it
//     is asked before all else.
//  2. Ledger: roles such as own transfer and sweep. They rest on several
//     movements together and see more than any single one shows.
//  3. Structure: the counterparty's tax id where it is the holder's own, and
//     the fields that Open Finance defines (type, fee type, credit type). A
//     transmitter's own system filled them in. A type that leaves a short list
//     open (a fee: which one?) lets the text choose from that list only.
//  4. Vocabulary: the words of banks for wages, taxes, fees, loans and
//     investments. They stand before merchants because they say what was done
//     with the merchant: the IOF on a purchase is no purchase.
//  5. Merchants by name. They stand before the merchant code of a card line,
//     although that is structure, as acquirers give many small sellers a
//     default and marketplaces hide the seller behind their own.
//  6. The merchant category code, unless it is one that says little.
//  7. Words of a trade (PADARIA, POSTO): less sure than a name or a code.
//
// Only then the second round asks for the rail, so that a PIX whose text names
// a merchant has the merchant's category, and a bare PIX to a person is PIX
// Pessoa Física: the counterparty's document or name tells a person from a
// company; a company of which nothing else is known is the last resort and the
// least sure. A person's name is never taken for a shop: to a CPF no merchant
// is asked.
//
// # Companies
//
// Movements of a company's accounts get codes of the company tree where one
// follows (data/company.tsv); taxonomy.Printed turns them into what a report
// prints.
//
// # Data
//
// Phrases, merchants and types are tables in data/, read once by [New]; each
// row has an example or is one. [Versions] names their contents.
package classify

import (
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/openfinance"
	"github.com/openklaas/klaas/taxonomy"
)

// Classifier decides categories. It is safe for concurrent use.
type Classifier struct {
	phrases *phraseTable
	types   typeTable
	roots   map[string]root // by the first 8 characters of a CNPJ
	company map[companyKey]taxonomy.Code
	banks   map[string]bankSet // by the first 8 characters of a CNPJ
}

// New reads the embedded tables. They are tested; a fault in them panics.
func New() *Classifier { return load() }

// Classify fills in the Decision of every movement of l, whatever its standing.
func (c *Classifier) Classify(l *ledger.Ledger) {
	var s scratch
	var e entry
	for i := range l.Accounts {
		a := &l.Accounts[i]
		e = entry{source: sourceChecking, company: a.Company, own: l.Person.TaxID(a.Company)}
		if a.Kind == ledger.Savings {
			e.source = sourceSavings
		}
		e.bank = c.bank(l, a.Institution)
		e.owners = owners(l, a.Company)
		for j := a.First; j < a.End; j++ {
			m := &l.Movements[j]
			e.fill(m)
			if t := m.Entry; t != nil {
				e.ofbType, e.partie, e.person = t.Type, t.PartieCnpjCpf, t.PartiePersonType
			}
			m.Decision = c.decide(&e, &s)
		}
	}
	for i := range l.Cards {
		card := &l.Cards[i]
		e = entry{source: sourceCard, company: card.Company, own: l.Person.TaxID(card.Company)}
		e.bank = c.bank(l, card.Institution)
		for j := card.First; j < card.End; j++ {
			m := &l.Movements[j]
			e.fill(m)
			e.mcc = -1
			if t := m.Line; t != nil {
				e.ofbType, e.mcc = t.TransactionType, t.PayeeMCC
				e.detail = t.FeeType
				if e.detail == "" {
					e.detail = t.OtherCreditsType
				}
			}
			m.Decision = c.decide(&e, &s)
		}
	}
}

// bank returns the bank whose own phrases apply at an institution.
func (c *Classifier) bank(l *ledger.Ledger, institution int32) bankSet {
	if institution < 0 || int(institution) >= len(l.Institutions) {
		return 0
	}
	return c.banks[l.Institutions[institution].Root]
}

// owners returns the parties of the company of the document: their movements
// with the company's accounts are no revenue.
func owners(l *ledger.Ledger, company bool) []openfinance.Party {
	if !company || l.Document == nil || len(l.Document.BusinessIdentifications) == 0 {
		return nil
	}
	return l.Document.BusinessIdentifications[0].Parties
}

// Sources of a movement, as bits: phrases name those that they apply to.
const (
	sourceChecking uint8 = 1 << iota
	sourceSavings
	sourceCard
)

// entry is what the waterfall knows of a movement.
type entry struct {
	text    string // normalised
	credit  bool
	source  uint8
	bank    bankSet
	company bool
	own     string              // the holder's tax id
	owners  []openfinance.Party // of the holder, when it is a company

	ofbType string // type of an account entry, transactionType of a card line
	detail  string // of a card line: its fee type, else its credit type
	mcc     int32  // -1 when absent
	partie  string // the counterparty's tax id
	person  string // partiePersonType
	role    ledger.Role

	rule    *typeRule // of the type; nil when it tells nothing
	root    [8]byte   // the CNPJ root that the text shows, where partie is absent
	ownText bool      // the document in the text is the holder's
}

// fill takes over what account entries and card lines have in common.
func (e *entry) fill(m *ledger.Movement) {
	e.text, e.credit, e.role = m.Text, m.Direction == ledger.Credit, m.Role
	e.ofbType, e.detail, e.mcc, e.partie, e.person = "", "", -1, "", ""
	e.root, e.ownText = [8]byte{}, false
}
