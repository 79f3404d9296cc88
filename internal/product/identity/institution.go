package identity

import (
	"cmp"
	"slices"
	"strings"

	"github.com/openklaas/klaas/internal/institution"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/statement"
	"github.com/openklaas/klaas/openfinance"
)

// Home is the institution that keeps a record.
type Home struct {
	Brand, CNPJ, Compe string
	Accounts           []*ledger.Account // the customer's there
	At                 int               // index in Ledger.Institutions; -1 when the document has nothing from there
}

// Code is the COMPE code, else the CNPJ.
func (h *Home) Code() string { return cmp.Or(h.Compe, h.CNPJ) }

// BacenName is the institution's name at the Central Bank: by COMPE code, then
// by CNPJ, else the brand name.
func (h *Home) BacenName() string {
	if bank, ok := institution.ByCompe(h.Compe); ok {
		return bank.LongName
	}
	if bank, ok := institution.ByCNPJ(h.CNPJ); ok {
		return bank.LongName
	}
	return h.Brand
}

func (r *record) home(brand, cnpj string, companies []string) *Home {
	if cnpj == "" {
		cnpj = keeper(r.in.Facts.Ledger, brand, companies)
	}
	h := &Home{Brand: brand, CNPJ: cnpj, Accounts: r.accountsAt(cnpj, brand)}
	h.At = slices.IndexFunc(r.in.Facts.Ledger.Institutions, func(n ledger.Institution) bool {
		return n.Root != "" && n.Root == institution.Root(cnpj)
	})
	if bank, ok := institution.ByCNPJ(cnpj); ok {
		h.Compe = bank.Compe
	}
	if len(h.Accounts) > 0 && h.Accounts[0].Source.CompeCode != "" {
		h.Compe = h.Accounts[0].Source.CompeCode
	}
	return h
}

// institution writes who keeps the record, since when, and the customer's
// accounts there: those of the financial relations, else those of the document.
func (r *record) institution(h *Home, relation *openfinance.FinancialRelation) {
	r.w.Field("brandName", h.Brand)
	r.w.Field("bacenName", h.BacenName())
	r.w.Field("compeCode", h.Compe)
	r.w.Field("companyCnpj", h.CNPJ)
	if r.in.Company() {
		r.w.Field("startDate", relation.StartDate)
	} else {
		r.w.FieldIf("startDate", relation.StartDate)
	}
	r.w.Key("accounts")
	r.w.OpenArray()
	for i := range relation.Accounts {
		a := &relation.Accounts[i]
		r.account(a.BranchCode, a.Number, a.CheckDigit, a.Type, a.Subtype)
	}
	if len(relation.Accounts) == 0 {
		for _, a := range h.Accounts {
			r.account(a.Source.BranchCode, a.Source.Number, a.Source.CheckDigit, a.Source.Type, a.Source.Subtype)
		}
	}
	r.w.CloseArray()
}

func (r *record) account(branch, number, checkDigit, kind, subtype string) {
	r.w.OpenObject()
	r.w.FieldIf("branchCode", branch)
	r.w.Field("number", number)
	r.w.Field("checkDigit", checkDigit)
	r.w.Field("type", kind)
	if !r.in.Company() {
		r.w.Field("subtype", subtype)
	}
	r.w.CloseObject()
}

// source is what a qualification or relation says of the institution it is from.
type source struct{ cnpj, compe, brand string }

// is reports whether that is h. A CNPJ decides, then a COMPE code, then the brand.
func (s source) is(h *Home) bool {
	switch {
	case s.cnpj != "" && h.CNPJ != "":
		return institution.Root(s.cnpj) == institution.Root(h.CNPJ)
	case s.compe != "" && h.Compe != "":
		return s.compe == h.Compe
	}
	return s.brand != "" && strings.EqualFold(s.brand, h.Brand)
}

// sibling returns which of n qualifications or relations belongs to the
// identification record that is written, -1 for none. One belongs to one. Of
// several it is the first from the same institution; where none says whence it
// is, and there are as many as identifications, the one in the same place.
func (r *record) sibling(h *Home, n int, from func(i int) source) int {
	identifications := parts(r.in)
	if n == 1 && identifications == 1 {
		return 0
	}
	silent := true
	for i := range n {
		s := from(i)
		if s.is(h) {
			return i
		}
		silent = silent && s == source{}
	}
	if silent && n == identifications {
		return r.in.Part
	}
	return -1
}

// relation returns the financial relation with the institution, an empty one for none.
func (r *record) relation(h *Home, all []openfinance.FinancialRelation) *openfinance.FinancialRelation {
	i := r.sibling(h, len(all), func(i int) source {
		s := source{cnpj: all[i].CompanyCNPJ, brand: all[i].BrandName}
		if len(all[i].Accounts) > 0 {
			s.compe = all[i].Accounts[0].CompeCode
		}
		return s
	})
	if i < 0 {
		return new(openfinance.FinancialRelation)
	}
	return &all[i]
}

// keeper returns the CNPJ of the institution that keeps a record without one of
// its own: of the companies that answer for the registration the one with
// something in the document, else the one that is a known bank; else the
// institution of the same brand. A document with one record and one institution
// has the record from there, however its brand is spelt. "" when none or several
// fit.
func keeper(l *ledger.Ledger, brand string, companies []string) string {
	for _, company := range companies {
		for i := range l.Institutions {
			if root := l.Institutions[i].Root; root != "" && root == institution.Root(company) {
				return company
			}
		}
	}
	for _, company := range companies {
		if _, known := institution.ByCNPJ(company); known {
			return company
		}
	}
	at := keepers(l)
	records := len(l.Document.PersonalIdentifications) + len(l.Document.BusinessIdentifications)
	if records == 1 && len(at) == 1 {
		return at[0].CNPJ
	}
	var found []string
	for _, n := range at {
		if brand == "" || hasBrand(l, n, brand) {
			found = append(found, n.CNPJ)
		}
	}
	if len(found) != 1 {
		return ""
	}
	return found[0]
}

// keepers returns the institutions that may keep a record: those with accounts or
// cards, or where there are none, those with contracts or holdings.
func keepers(l *ledger.Ledger) []*ledger.Institution {
	var all, banks []*ledger.Institution
	for i := range l.Institutions {
		n := &l.Institutions[i]
		all = append(all, n)
		if len(n.Accounts)+len(n.Cards) > 0 {
			banks = append(banks, n)
		}
	}
	if banks == nil {
		return all
	}
	return banks
}

func hasBrand(l *ledger.Ledger, n *ledger.Institution, brand string) bool {
	for _, i := range n.Accounts {
		if l.Accounts[i].Source.BrandName == brand {
			return true
		}
	}
	for _, i := range n.Cards {
		if l.Cards[i].Source.BrandName == brand {
			return true
		}
	}
	return n.BrandName == brand // of its first account or card, else contract or holding
}

// accountsAt returns the customer's accounts with the root of the CNPJ, or of
// the brand when the CNPJ is unknown.
func (r *record) accountsAt(cnpj, brand string) []*ledger.Account {
	var kept []*ledger.Account
	root := institution.Root(cnpj)
	for _, a := range statement.Accounts(r.in) {
		if root != "" && institution.Root(a.Source.CompanyCNPJ) == root || root == "" && brand != "" && a.Source.BrandName == brand {
			kept = append(kept, a)
		}
	}
	return kept
}
