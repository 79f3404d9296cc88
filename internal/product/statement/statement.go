// Package statement writes what the statement products share: account headers,
// entries, cards with their bills, and the keys that categorised products add.
//
// It is no product. A product's descriptor names one of [CheckingAccounts],
// [SavingsAccounts], [CreditCards] and [CategorizedCreditCards] as its Write,
// with the [Keys] that it adds to every entry. Amounts, texts and dates are
// printed as they were received; nothing is computed here but what the ledger
// already tells.
package statement

import (
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/openfinance"
)

// Versions are those of every statement product.
func Versions() []spec.Version { return []spec.Version{spec.V1, spec.V11} }

// BothKinds are the kinds of every statement product.
func BothKinds() []spec.Kind { return []spec.Kind{spec.PF, spec.PJ} }

// AccountSections are the sections of products about accounts.
func AccountSections(spec.Kind) spec.Sections {
	return spec.Sections{Required: []string{openfinance.SectionAccounts}}
}

// CardSections are the sections of products about cards.
func CardSections(spec.Kind) spec.Sections {
	return spec.Sections{Required: []string{openfinance.SectionCreditCardsAccounts}}
}

// Listed is a kind of contract or holding, which a section of the document lists.
type Listed interface{ Section() string }

// SectionsOf are the names of the sections that list these kinds.
func SectionsOf[K Listed](kinds ...K) []string {
	names := make([]string, len(kinds))
	for i, kind := range kinds {
		names[i] = kind.Section()
	}
	return names
}

// ListSections returns the sections of a product that lists these kinds beside the
// customer's accounts.
func ListSections[K Listed](kinds ...K) func(spec.Kind) spec.Sections {
	return func(spec.Kind) spec.Sections {
		return spec.Sections{Required: SectionsOf(kinds...), Further: []string{openfinance.SectionAccounts}}
	}
}

// AccountPermissions are the permission groups of products about accounts.
func AccountPermissions() []spec.Permission {
	return []spec.Permission{{Group: "ACCOUNTS_ALL", Sections: []string{openfinance.SectionAccounts}}}
}

// CardPermissions are the permission groups of products about cards.
func CardPermissions() []spec.Permission {
	return []spec.Permission{{Group: "CREDIT_CARDS_ALL", Sections: []string{openfinance.SectionCreditCardsAccounts}}}
}

// Keys are what a product adds to the entries of its reports.
type Keys struct {
	size    int // usual bytes an entry
	prepare func(*spec.Input) appendKeys
}

// appendKeys writes the added keys of a movement into its open object.
type appendKeys func(w *encode.Writer, movement int32)

// Plain adds nothing.
func Plain() Keys { return Keys{0, none} }

func none(*spec.Input) appendKeys { return func(*encode.Writer, int32) {} }

// Accounts returns the accounts that a report is about, in document order.
func Accounts(in *spec.Input) []*ledger.Account {
	l := in.Facts.Ledger
	var accounts []*ledger.Account
	take := func(a *ledger.Account) {
		if a.Company == in.Company() {
			accounts = append(accounts, a)
		}
	}
	if in.Institution >= 0 {
		for _, i := range l.Institutions[in.Institution].Accounts {
			take(&l.Accounts[i])
		}
		return accounts
	}
	for i := range l.Accounts {
		take(&l.Accounts[i])
	}
	return accounts
}

// Cards returns the cards that a report is about, in document order.
func Cards(in *spec.Input) []*ledger.Card {
	l := in.Facts.Ledger
	var found []*ledger.Card
	take := func(c *ledger.Card) {
		if c.Company == in.Company() {
			found = append(found, c)
		}
	}
	if in.Institution >= 0 {
		for _, i := range l.Institutions[in.Institution].Cards {
			take(&l.Cards[i])
		}
		return found
	}
	for i := range l.Cards {
		take(&l.Cards[i])
	}
	return found
}

// Holder returns the name of the person or company that a report is about.
func Holder(in *spec.Input) string {
	if in.Company() {
		return in.Facts.Ledger.Person.CompanyName
	}
	return in.Facts.Ledger.Person.CivilName
}

// Subtype returns the subtype of an account as a report shows it: that of a
// company's account is always INDIVIDUAL.
func Subtype(in *spec.Input, a *openfinance.Account) string {
	if in.Company() {
		return "INDIVIDUAL"
	}
	return a.Subtype
}

// Money writes an amount of money as it was received, or nothing when there is none.
func Money(w *encode.Writer, key string, m openfinance.Money) {
	if m.Present() {
		w.Money(key, m.Amount, m.Currency)
	}
}

// headSize is about how long an account, card or bill is without its entries. With
// the length of the entries it makes room for a whole report at once: growing
// would move megabytes.
const headSize = 1024

// entries writes transactionDetails.
type entries struct {
	in     *spec.Input
	w      *encode.Writer
	size   int
	append appendKeys
}

func newEntries(w *encode.Writer, in *spec.Input, keys Keys) entries {
	return entries{in, w, keys.size, keys.prepare(in)}
}

// bytes returns about how long the entries of a list become.
func (e *entries) bytes(movements []int32) int {
	n := 0
	for _, m := range movements {
		n += e.in.Facts.EntryLen(m) + e.size + len("{},")
	}
	return n
}

func (e *entries) write(movements []int32) {
	e.w.Key("transactionDetails")
	e.w.OpenArray()
	for _, m := range movements {
		e.w.OpenObject()
		e.members(m)
		e.append(e.w, m)
		e.w.CloseObject()
	}
	e.w.CloseArray()
}

// members writes the members that every product repeats. Version V1.1 encrypts
// the counterparty's tax id; the original amount of a card line is ours.
func (e *entries) members(movement int32) {
	m := &e.in.Facts.Ledger.Movements[movement]
	taxID, card := m.PartieTaxID(), m.Line != nil
	sealed := !card && e.in.Version == spec.V11 && taxID != ""
	if !sealed && !(card && e.in.Strict()) {
		e.in.Facts.WriteEntry(e.w, movement)
		return
	}
	encoded := e.in.Facts.Entry(movement)
	e.w.Members(encoded.Before())
	if sealed && !e.in.Settings.OmitPartieInV11 {
		e.w.Field("partieCnpjCpf", e.in.Seal(taxID))
	}
	e.w.Members(encoded.After())
}
