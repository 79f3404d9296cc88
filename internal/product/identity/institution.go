package identity

import (
	"github.com/openklaas/klaas/internal/institution"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/statement"
)

// institution writes who keeps the record, and the customer's accounts there.
func (r *record) institution(brand, cnpj string, companies []string) {
	if cnpj == "" {
		cnpj = keeper(r.in.Facts.Ledger, brand, companies)
	}
	accounts := r.accountsAt(cnpj, brand)
	compe := ""
	if bank, ok := institution.ByCNPJ(cnpj); ok {
		compe = bank.Compe
	}
	if len(accounts) > 0 && accounts[0].Source.CompeCode != "" {
		compe = accounts[0].Source.CompeCode
	}
	r.w.Field("brandName", brand)
	r.w.Field("bacenName", bacenName(compe, cnpj, brand))
	r.w.Field("compeCode", compe)
	r.w.Field("companyCnpj", cnpj)
	if r.in.Company() {
		r.w.Field("startDate", "")
	}
	r.accounts(accounts)
}

func (r *record) accounts(accounts []*ledger.Account) {
	r.w.Key("accounts")
	r.w.OpenArray()
	for _, a := range accounts {
		r.w.OpenObject()
		r.w.FieldIf("branchCode", a.Source.BranchCode)
		r.w.Field("number", a.Source.Number)
		r.w.Field("checkDigit", a.Source.CheckDigit)
		r.w.Field("type", a.Source.Type)
		if !r.in.Company() {
			r.w.Field("subtype", a.Source.Subtype)
		}
		r.w.CloseObject()
	}
	r.w.CloseArray()
}

// keeper returns the CNPJ of the institution that keeps a record without one of
// its own: of the companies that answer for the registration the one with
// accounts or cards in the document, else the one that is a known bank; else the
// institution with accounts or cards of the same brand. A document with one
// record and one institution has the record from there, however its brand is
// spelt. "" when none or several fit.
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
	records := len(l.Document.PersonalIdentifications) + len(l.Document.BusinessIdentifications)
	if records == 1 && len(l.Institutions) == 1 {
		return l.Institutions[0].CNPJ
	}
	var found []string
	for i := range l.Institutions {
		if n := &l.Institutions[i]; brand == "" || hasBrand(l, n, brand) {
			found = append(found, n.CNPJ)
		}
	}
	if len(found) != 1 {
		return ""
	}
	return found[0]
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
	return false
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

// bacenName is the institution's name at the Central Bank: by COMPE code, then
// by CNPJ, else the brand name.
func bacenName(compe, cnpj, brand string) string {
	if bank, ok := institution.ByCompe(compe); ok {
		return bank.LongName
	}
	if bank, ok := institution.ByCNPJ(cnpj); ok {
		return bank.LongName
	}
	return brand
}
