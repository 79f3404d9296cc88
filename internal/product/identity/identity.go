// Package identity gives back the registration data that an institution holds of
// a person or company: one report per identification record of the document.
// Nothing is computed.
package identity

import (
	_ "embed" // the field table

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/institution"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
	"github.com/openklaas/klaas/openfinance"
)

//go:embed fields.tsv
var fields string

// Product returns the descriptor.
func Product() *spec.Product {
	return &spec.Product{
		Order:    220,
		Name:     "identity",
		Kinds:    statement.BothKinds(),
		BodyKey:  "identity",
		Versions: statement.Versions(),
		Title:    spec.Text{PT: "Cadastro", EN: "Identity"},
		Purpose: spec.Text{
			PT: "Dados cadastrais que a instituição mantém (KYC)",
			EN: "Registration data held by an institution (KYC)",
		},
		PerInstitution: true,
		Sections:       sections,
		Permissions:    permissions(),
		Fields:         spec.MustFields(fields),
		Write:          write,
		Parts:          parts,
		Keeper:         keptBy,
	}
}

func sections(k spec.Kind) spec.Sections {
	if k == spec.PJ {
		return spec.Sections{
			Required: []string{openfinance.SectionBusinessIdentification},
			Further: []string{
				openfinance.SectionBusinessQualification, openfinance.SectionBusinessRelation, openfinance.SectionAccounts,
			},
			EmptyIsAbsent: true,
		}
	}
	return spec.Sections{
		Required: []string{openfinance.SectionPersonalIdentification},
		Further: []string{
			openfinance.SectionPersonalQualification, openfinance.SectionPersonalRelation, openfinance.SectionAccounts,
		},
		EmptyIsAbsent: true,
	}
}

func permissions() []spec.Permission {
	registration := spec.Permission{Group: "REGISTRATION_ALL", Sections: []string{
		openfinance.SectionPersonalIdentification, openfinance.SectionPersonalQualification, openfinance.SectionPersonalRelation,
		openfinance.SectionBusinessIdentification, openfinance.SectionBusinessQualification, openfinance.SectionBusinessRelation,
	}}
	return append([]spec.Permission{registration}, statement.AccountPermissions()...)
}

// parts is the number of identification records, in document order.
func parts(in *spec.Input) int {
	if in.Company() {
		return len(in.Facts.Ledger.Document.BusinessIdentifications)
	}
	return len(in.Facts.Ledger.Document.PersonalIdentifications)
}

// keptBy returns the institution that keeps the record, nil when that is unknown.
// It holds nothing else where the document has nothing from there.
func keptBy(in *spec.Input) *ledger.Institution {
	r, doc := record{in: in}, in.Facts.Ledger.Document
	var h *Home
	switch {
	case in.Part >= parts(in):
		return nil
	case in.Company():
		b := &doc.BusinessIdentifications[in.Part]
		h = r.home(b.BrandName, b.CompanyCNPJ, b.CompaniesCNPJ)
	default:
		p := &doc.PersonalIdentifications[in.Part]
		h = r.home(p.BrandName, p.CompanyCNPJ, p.CompaniesCNPJ)
	}
	if h.At >= 0 {
		return &in.Facts.Ledger.Institutions[h.At]
	}
	if h.CNPJ == "" {
		return nil
	}
	return &ledger.Institution{Root: institution.Root(h.CNPJ), CNPJ: h.CNPJ, Code: h.Code(), BrandName: h.Brand, BacenName: h.BacenName()}
}

func write(w *encode.Writer, in *spec.Input) {
	r := record{w, in}
	w.OpenObject()
	switch doc := in.Facts.Ledger.Document; {
	case in.Part >= parts(in):
	case in.Company():
		r.company(doc, &doc.BusinessIdentifications[in.Part])
	default:
		r.person(doc, &doc.PersonalIdentifications[in.Part])
	}
	w.CloseObject()
}

// Person returns a person's record that in is about, the institution that keeps
// it and the financial relation there, an empty one for none. ok is false
// without a record.
func Person(in *spec.Input) (p *openfinance.PersonalIdentification, h *Home, relation *openfinance.FinancialRelation, ok bool) {
	doc := in.Facts.Ledger.Document
	if in.Part >= len(doc.PersonalIdentifications) {
		return nil, nil, nil, false
	}
	r := record{in: in}
	p = &doc.PersonalIdentifications[in.Part]
	h = r.home(p.BrandName, p.CompanyCNPJ, p.CompaniesCNPJ)
	return p, h, r.relation(h, doc.PersonalRelations), true
}

// record writes one identification record.
type record struct {
	w  *encode.Writer
	in *spec.Input
}

func (r *record) person(doc *openfinance.Document, p *openfinance.PersonalIdentification) {
	h := r.home(p.BrandName, p.CompanyCNPJ, p.CompaniesCNPJ)
	relation := r.relation(h, doc.PersonalRelations)
	qualification := r.personalQualification(h, doc.PersonalQualifications)
	r.institution(h, relation)
	r.w.Field("cpfNumber", r.in.Seal(p.CPF))
	if p.Passport != nil {
		r.passport(p.Passport)
	}
	r.personalDocuments(p.OtherDocuments)
	r.w.Field("civilName", p.CivilName)
	r.w.Field("birthDate", p.BirthDate)
	r.extra("socialName", p.SocialName)
	r.w.FieldIf("sex", p.Sex)
	r.w.FieldIf("nationality", nationality(p))
	r.w.FieldIf("maritalStatusCode", p.MaritalStatusCode)
	r.w.FieldIf("occupation", qualification.OccupationDescription)
	r.told("informedIncome", qualification.InformedIncome)
	r.told("informedPatrimony", qualification.InformedPatrimony)
	r.filiations(p.Filiations)
	r.mainContacts(&p.Contacts)
	if r.in.Strict() {
		return
	}
	r.texts("companiesCnpj", p.CompaniesCNPJ)
	r.allContacts(&p.Contacts)
	r.texts("productsServicesType", relation.ProductsServicesTypes)
	list(r.w, "procurators", len(relation.Procurators), func(i int) { r.procurator("cpfNumber", &relation.Procurators[i]) })
	r.salaries(relation)
}

func (r *record) company(doc *openfinance.Document, b *openfinance.BusinessIdentification) {
	h := r.home(b.BrandName, b.CompanyCNPJ, b.CompaniesCNPJ)
	relation := r.relation(h, doc.BusinessRelations)
	qualification := r.businessQualification(h, doc.BusinessQualifications)
	r.institution(h, relation)
	r.w.Field("cnpjNumber", r.in.Seal(b.CNPJ))
	r.w.Field("companyName", b.CompanyName)
	r.w.FieldIf("tradeName", b.TradeName)
	r.w.Field("incorporationDate", b.IncorporationDate)
	r.companyDocuments(b.OtherDocuments)
	r.parties(b.Parties)
	r.economicActivities(qualification.EconomicActivities)
	r.told("informedRevenue", qualification.InformedRevenue)
	r.told("informedPatrimony", qualification.InformedPatrimony)
	r.mainContacts(&b.Contacts)
	r.allContacts(&b.Contacts)
	r.textList("productsServicesType", relation.ProductsServicesTypes)
	r.procurators(relation.Procurators)
	if !r.in.Strict() {
		r.texts("companiesCnpj", b.CompaniesCNPJ)
	}
}

// extra writes a text that is ours.
func (r *record) extra(key, value string) {
	if !r.in.Strict() {
		r.w.FieldIf(key, value)
	}
}

// texts writes a list of texts, or nothing when there are none.
func (r *record) texts(key string, values []string) {
	if len(values) > 0 {
		r.textList(key, values)
	}
}

// textList writes a required list of texts.
func (r *record) textList(key string, values []string) {
	r.w.Key(key)
	r.w.OpenArray()
	for _, value := range values {
		r.w.String(value)
	}
	r.w.CloseArray()
}

func nationality(p *openfinance.PersonalIdentification) string {
	if p.HasBrazilianNationality == openfinance.True {
		return "BRASIL"
	}
	if len(p.Nationalities) == 0 {
		return ""
	}
	return p.Nationalities[0].OtherNationalitiesInfo
}

func (r *record) passport(p *openfinance.Passport) {
	r.w.Key("passport")
	r.w.OpenObject()
	r.w.Field("number", p.Number)
	r.w.Field("country", p.Country)
	r.w.FieldIf("expirationDate", p.ExpirationDate)
	r.w.FieldIf("issueDate", p.IssueDate)
	r.w.CloseObject()
}

func (r *record) personalDocuments(documents []openfinance.OtherDocument) {
	r.w.Key("otherDocuments")
	r.w.OpenArray()
	for i := range documents {
		d := &documents[i]
		r.w.OpenObject()
		r.w.Field("type", d.Type)
		r.w.Field("number", d.Number)
		r.w.FieldIf("checkDigit", d.CheckDigit)
		r.w.FieldIf("additionalInfo", d.AdditionalInfo)
		r.w.FieldIf("issueDate", d.IssueDate)
		r.w.FieldIf("expirationDate", d.ExpirationDate)
		r.extra("typeAdditionalInfo", d.TypeAdditionalInfo)
		r.w.CloseObject()
	}
	r.w.CloseArray()
}

func (r *record) filiations(filiations []openfinance.Filiation) {
	r.w.Key("filiations")
	r.w.OpenArray()
	for i := range filiations {
		r.w.OpenObject()
		r.w.Field("type", filiations[i].Type)
		r.w.Field("civilName", filiations[i].CivilName)
		r.w.CloseObject()
	}
	r.w.CloseArray()
}

func (r *record) companyDocuments(documents []openfinance.OtherDocument) {
	r.w.Key("otherDocuments")
	r.w.OpenArray()
	for i := range documents {
		d := &documents[i]
		r.w.OpenObject()
		r.w.Field("type", d.Type)
		r.w.Field("number", d.Number)
		r.w.Field("country", d.Country)
		r.w.FieldIf("expirationDate", d.ExpirationDate)
		r.w.CloseObject()
	}
	r.w.CloseArray()
}

func (r *record) parties(parties []openfinance.Party) {
	r.w.Key("parties")
	r.w.OpenArray()
	for i := range parties {
		p := &parties[i]
		r.w.OpenObject()
		r.w.Field("personType", p.PersonType)
		r.w.Field("type", p.Type)
		r.w.FieldIf("civilName", p.CivilName)
		r.w.FieldIf("socialName", p.SocialName)
		r.w.FieldIf("companyName", p.CompanyName)
		r.w.FieldIf("tradeName", p.TradeName)
		r.w.FieldIf("startDate", p.StartDate)
		r.w.FieldIf("shareholding", p.Shareholding)
		r.w.Field("documentType", p.DocumentType)
		r.w.Field("documentNumber", r.in.Seal(p.DocumentNumber))
		r.w.FieldIf("documentAdditionalInfo", p.DocumentAdditionalInfo)
		r.w.FieldIf("documentCountry", p.DocumentCountry)
		r.w.FieldIf("documentExpirationDate", p.DocumentExpirationDate)
		r.w.FieldIf("documentIssueDate", p.DocumentIssueDate)
		r.w.CloseObject()
	}
	r.w.CloseArray()
}
