package clean

import (
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/openfinance"
)

// Person tells who a document is about: the first personal and the first
// business identification, which may both be there (an entrepreneur). Where
// neither names a tax id, the one of the request counts: a CPF when it has 11
// characters, a CNPJ when it has 14.
func Person(doc *openfinance.Document) ledger.Person {
	var p ledger.Person
	if len(doc.PersonalIdentifications) > 0 {
		first := &doc.PersonalIdentifications[0]
		p.CPF, p.CivilName = first.CPF, first.CivilName
	}
	if len(doc.BusinessIdentifications) > 0 {
		first := &doc.BusinessIdentifications[0]
		p.CNPJ, p.CompanyName = first.CNPJ, first.CompanyName
	}
	if p.CPF != "" || p.CNPJ != "" {
		return p
	}
	switch id := doc.Request.TaxID; len(id) {
	case 11:
		p.CPF = id
	case 14:
		p.CNPJ = id
	}
	return p
}
