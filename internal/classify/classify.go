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
// A partner's own [Rules] come before all else: the first that matches decides, and
// what would have been decided without it is the runner-up. They change categories
// alone, not the roles of a ledger, and figures that are made of roles stay as they
// are.
//
// Evidence is asked in a fixed order and the first that answers decides. There
// are two rounds, because a statement tells two things: what the money was for,
// and by which rail it went. The first round asks only for the purpose:
//
//  1. Betting: the operator's CNPJ, the merchant code, its name in the text.
//     Figures on betting have one definition and it knows no exception but a
//     partner's rule, so it is asked first.
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
// Last, where only the rail is known, or a word that many trades share, the model
// (package model) reads how the name is made. It decides when it is sure enough
// for the case, never for money in whose rail is known, and never on betting.
//
// # Wages by transfer
//
// When all movements of a person's accounts are decided, transfers from the
// employer that the document names, and from companies that pay like one, become
// wages; see payers.go for what counts.
//
// # Companies
//
// Movements of a company's accounts get codes of the company tree where one
// follows (data/company.tsv); taxonomy.Printed turns them into what a report
// prints.
//
// # Data
//
// Phrases (data/vocabulary), merchants (data/merchants), trades and types are tables,
// read once by [New]; each
// row has an example or is one. [Versions] names their contents.
package classify

import (
	"sync"

	"github.com/openklaas/klaas/internal/classify/model"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
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
	offices map[string]string  // CNPJ of a brand's head office
	model   *model.Model

	calibration calibration
}

// New reads the embedded tables and the model. They are tested; a fault in them panics.
func New() *Classifier { return load() }

// Shared returns the classifier that a whole program shares, made when it is
// first asked for.
var Shared = sync.OnceValue(New)

// Options change how a [Run] decides. The zero value is the whole waterfall
// without rules of a partner.
type Options struct {
	// Rules are the partner's own; nil for none.
	Rules *Rules
	// Raw keeps the confidences that the tables were written with. Calibration
	// is fitted to them.
	Raw bool
	// Only, when it names any tier, keeps all others silent. Measurements of a
	// single tier use it.
	Only Tiers
}

// Tiers is a set of tiers.
type Tiers uint16

// TierSet returns the set of the tiers.
func TierSet(tiers ...ledger.Tier) Tiers {
	var set Tiers
	for _, t := range tiers {
		set |= 1 << t
	}
	return set
}

// Entry is one line of a statement, as far as it is known. Absent fields are
// zero.
type Entry struct {
	Text        string       // normalised: the result of text.Normalise
	Credit      bool         // money in
	Amount      money.Amount // in BRL without sign; 0 when unknown
	Source      Source
	Institution string // of the statement: the first 8 characters of its CNPJ
	Company     bool   // the account is a company's
	Holder      string // the account holder's CPF or CNPJ, bare
	Type        string // type of an account entry, transactionType of a card line
	Detail      string // of a card line: its fee type, else its credit type
	MCC         int32  // merchant category code
	Partie      string // the counterparty's CPF or CNPJ, bare
	PartieKind  string // partiePersonType
	Role        ledger.Role
}

// Source says what kind of statement an entry is from. Sources are bits: tables
// name those that they apply to.
type Source uint8

// The sources.
const (
	Checking Source = 1 << iota
	Savings
	Card
)

// Classify fills in the Decision of every movement of l, whatever its standing.
func (c *Classifier) Classify(l *ledger.Ledger, o Options) {
	r := c.Start(o)
	p := newPayers(l)
	wages := o.Only == 0 || o.Only&TierSet(ledger.TierStructure) != 0
	for i := range l.Accounts {
		a := &l.Accounts[i]
		in := Entry{Source: Checking, Company: a.Company, Holder: l.Person.TaxID(a.Company), Institution: root8(l, a.Institution)}
		if a.Kind == ledger.Savings {
			in.Source = Savings
		}
		r.owners = owners(l, a.Company)
		for j := a.First; j < a.End; j++ {
			m := &l.Movements[j]
			in.fill(m)
			if t := m.Entry; t != nil {
				in.Type, in.Partie, in.PartieKind = t.Type, t.PartieCnpjCpf, t.PartiePersonType
			}
			m.Decision = r.Decide(&in)
			if wages && !a.Company {
				p.see(r, m, j)
			}
		}
	}
	p.settle(l)
	r.owners = nil
	for i := range l.Cards {
		card := &l.Cards[i]
		in := Entry{Source: Card, Company: card.Company, Holder: l.Person.TaxID(card.Company), Institution: root8(l, card.Institution)}
		for j := card.First; j < card.End; j++ {
			m := &l.Movements[j]
			in.fill(m)
			if t := m.Line; t != nil {
				in.Type, in.MCC = t.TransactionType, t.PayeeMCC
				in.Detail = t.FeeType
				if in.Detail == "" {
					in.Detail = t.OtherCreditsType
				}
			}
			m.Decision = r.Decide(&in)
		}
	}
}

// fill takes over what account entries and card lines have in common.
func (e *Entry) fill(m *ledger.Movement) {
	e.Text, e.Credit, e.Amount, e.Role = m.Text, m.Direction == ledger.Credit, m.Amount, m.Role
	if m.Foreign {
		e.Amount = 0
	}
	e.Type, e.Detail, e.MCC, e.Partie, e.PartieKind = "", "", 0, "", ""
}

// root8 returns the CNPJ root of an institution of the ledger.
func root8(l *ledger.Ledger, institution int32) string {
	if institution < 0 || int(institution) >= len(l.Institutions) {
		return ""
	}
	return l.Institutions[institution].Root
}

// owners returns the parties of the company of the document: their movements
// with the company's accounts are no revenue.
func owners(l *ledger.Ledger, company bool) []openfinance.Party {
	if !company || l.Document == nil || len(l.Document.BusinessIdentifications) == 0 {
		return nil
	}
	return l.Document.BusinessIdentifications[0].Parties
}

// Run decides one entry after another without allocating. It is for one
// goroutine.
type Run struct {
	c      *Classifier
	o      Options
	owners []openfinance.Party // of the holder, when it is a company
	e      entry
	s      scratch
}

// Start returns a run with the options.
func (c *Classifier) Start(o Options) *Run { return &Run{c: c, o: o} }

// Decide decides the category of one entry.
func (r *Run) Decide(in *Entry) ledger.Decision {
	r.e = entry{Entry: *in, bank: r.c.banks[in.Institution], owners: r.owners}
	return r.c.decide(&r.e, &r.s, &r.o)
}

// entry is what the waterfall knows of a movement.
type entry struct {
	Entry
	bank   bankSet
	owners []openfinance.Party // of the holder, when it is a company

	rule    *typeRule // of the type; nil when it tells nothing
	root    [8]byte   // the CNPJ root that the text shows, where Partie is absent
	person  string    // PartieKind, or what the text tells in its place
	ownText bool      // the document in the text is the holder's
}
