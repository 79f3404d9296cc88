// Package legacyidentity is the report identity in the envelope of 2022: a
// person's name, contacts and address as an institution holds them.
package legacyidentity

import (
	_ "embed" // the field table
	"strings"

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/product/identity"
	"github.com/openklaas/klaas/internal/product/legacy"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/openfinance"
)

//go:embed fields.tsv
var fields string

// Product returns the descriptor. Like the current product it makes one report
// per identification record.
func Product() *spec.Product {
	current := identity.Product()
	return &spec.Product{
		Order:          1080,
		Name:           "identity",
		Kinds:          []spec.Kind{spec.PF},
		BodyKey:        "identity",
		Versions:       []spec.Version{spec.V1, spec.V11},
		Title:          spec.Text{PT: "Cadastro (formato de 2022)", EN: "Identity (format of 2022)"},
		Purpose:        spec.Text{PT: "Nome, contatos e endereço que a instituição mantém, no envelope de 2022", EN: "Name, contacts and address held by an institution, in the envelope of 2022"},
		PerInstitution: true,
		Sections:       current.Sections,
		Permissions:    current.Permissions,
		Fields:         spec.MustFields(fields),
		Write:          write,
		Parts:          current.Parts,
		Legacy:         &spec.Legacy{Institution: keeper},
	}
}

// keeper returns the institution that keeps the record. One without account,
// card or contract in the document has its place after those that have.
func keeper(in *spec.Input) (code string, place int) {
	_, home, _, ok := identity.Person(in)
	switch {
	case !ok:
		return "", 1
	case home.At >= 0:
		return home.Code(), home.At + 1
	}
	return home.Code(), len(in.Facts.Ledger.Institutions) + in.Part + 1
}

func write(w *encode.Writer, in *spec.Input) {
	w.OpenObject()
	if p, home, relation, ok := identity.Person(in); ok {
		legacy.Bank(w, legacy.Speller(in), home.Brand, home.BacenName(), home.Compe)
		agency, account := accountOf(home, relation)
		w.Field("agency_number", agency)
		w.Field("account_number", account)
		w.Field("cpf_verified", p.CPF)
		w.Field("name", p.CivilName)
		w.Field("cellphone", cellphone(p.Contacts.Phones))
		w.Field("email", email(p.Contacts.Emails))
		writeAddress(w, p.Contacts.PostalAddresses)
	}
	w.CloseObject()
}

// accountOf returns branch and number of the first account that the relation
// names, else of the first in the document there.
func accountOf(home *identity.Home, relation *openfinance.FinancialRelation) (agency, account string) {
	if len(relation.Accounts) > 0 {
		a := &relation.Accounts[0]
		return a.BranchCode, legacy.AccountNumber(a.Number, a.CheckDigit)
	}
	if len(home.Accounts) > 0 {
		a := home.Accounts[0].Source
		return a.BranchCode, legacy.AccountNumber(a.Number, a.CheckDigit)
	}
	return "", ""
}

// cellphone returns area code and number of the main mobile phone, else of the first.
func cellphone(phones []openfinance.Phone) string {
	found := ""
	for i := range phones {
		if p := &phones[i]; p.Type == "MOVEL" && (found == "" || p.IsMain == openfinance.True) {
			found = p.AreaCode + p.Number
		}
	}
	return found
}

func email(emails []openfinance.Email) string {
	i := identity.MainOf(len(emails), func(i int) openfinance.Bool { return emails[i].IsMain })
	if i < 0 {
		return ""
	}
	return emails[i].Email
}

func writeAddress(w *encode.Writer, addresses []openfinance.PostalAddress) {
	a := new(openfinance.PostalAddress)
	if i := identity.MainOf(len(addresses), func(i int) openfinance.Bool { return addresses[i].IsMain }); i >= 0 {
		a = &addresses[i]
	}
	complement := a.AdditionalInfo
	if complement == "" {
		complement = "n/a"
	}
	w.Key("correspondenceAddress")
	w.OpenObject()
	w.Field("postcode", a.PostCode)
	w.Field("address", a.Address)
	w.Field("address_number", trailingNumber(a.Address))
	w.Field("neighborhood", a.DistrictName)
	w.Field("complement", complement)
	w.Field("city", a.TownName)
	w.Field("state", a.CountrySubDivision)
	w.Field("country", a.Country)
	w.CloseObject()
}

// trailingNumber returns the number at the end of an address, "" when there is
// none: 17 of "Rua A, 17".
func trailingNumber(address string) string {
	address = strings.TrimSpace(address)
	before := strings.TrimRight(address, "0123456789")
	if before != "" && !strings.ContainsAny(before[len(before)-1:], " ,.") {
		return ""
	}
	return address[len(before):]
}
