package openfinance

// This file holds the tables of OFB customers: identification of persons and companies, versions 1.0 to the previews of 2.3.

var personalTable = func() *table[PersonalIdentification] {
	documents := newTable(
		cpf("cpfNumber", func(p *PersonalIdentification) *string { return &p.CPF }),
		optional("passport", passportTable, func(p *PersonalIdentification) **Passport { return &p.Passport }),
		passportField(id[Passport], "passportNumber", func(p *Passport) *string { return &p.Number }),
		passportField(id[Passport], "passportCountry", func(p *Passport) *string { return &p.Country }),
		passportField(date[Passport], "passportExpirationDate", func(p *Passport) *string { return &p.ExpirationDate }),
		passportField(date[Passport], "passportIssueDate", func(p *Passport) *string { return &p.IssueDate }),
	)
	return newTable(
		instant("updateDateTime", func(p *PersonalIdentification) *string { return &p.UpdateDateTime }),
		id("personalId", func(p *PersonalIdentification) *string { return &p.PersonalID }),
		text("brandName", func(p *PersonalIdentification) *string { return &p.BrandName }),
		institutionOrCompanies(
			func(p *PersonalIdentification) *string { return &p.CompanyCNPJ },
			func(p *PersonalIdentification) *[]string { return &p.CompaniesCNPJ }),
		text("civilName", func(p *PersonalIdentification) *string { return &p.CivilName }),
		text("socialName", func(p *PersonalIdentification) *string { return &p.SocialName }),
		date("birthDate", func(p *PersonalIdentification) *string { return &p.BirthDate }),
		enum("maritalStatusCode", func(p *PersonalIdentification) *string { return &p.MaritalStatusCode }),
		text("maritalStatusAdditionalInfo", func(p *PersonalIdentification) *string { return &p.MaritalStatusAdditionalInfo }),
		enum("sex", func(p *PersonalIdentification) *string { return &p.Sex }),
		cnpjs("companiesCnpj", func(p *PersonalIdentification) *[]string { return &p.CompaniesCNPJ }),
		flat("documents", documents).also("document"),
		records("otherDocuments", otherDocumentTable, func(p *PersonalIdentification) *[]OtherDocument { return &p.OtherDocuments }).also("otherDocument"),
		truth("hasBrazilianNationality", func(p *PersonalIdentification) *Bool { return &p.HasBrazilianNationality }),
		records("nationality", nationalityTable, func(p *PersonalIdentification) *[]Nationality { return &p.Nationalities }).also("nationalities"),
		records("filiation", filiationTable, func(p *PersonalIdentification) *[]Filiation { return &p.Filiations }).also("filiations"),
		object("contacts", contactsTable, func(p *PersonalIdentification) *Contacts { return &p.Contacts }).also("contact"),
	)
}()

var passportTable = newTable(
	id("number", func(p *Passport) *string { return &p.Number }),
	id("country", func(p *Passport) *string { return &p.Country }),
	date("expirationDate", func(p *Passport) *string { return &p.ExpirationDate }),
	date("issueDate", func(p *Passport) *string { return &p.IssueDate }),
)

// passportField is a field of the passport as v1 sent it, beside the CPF.
func passportField(as func(string, func(*Passport) *string) field[Passport], key string, to func(*Passport) *string) field[PersonalIdentification] {
	f := as(key, to)
	return field[PersonalIdentification]{keys: f.keys, kind: f.kind, read: func(r *reader, at spot, p *PersonalIdentification) bool {
		var read Passport
		if !f.read(r, at, &read) {
			return false
		}
		if p.Passport == nil {
			p.Passport = new(Passport)
		}
		*to(p.Passport) = *to(&read)
		return true
	}}
}

// institutionOrCompanies is companyCnpj: one CNPJ is that of the institution, a
// list is the v1 spelling of companiesCnpj.
func institutionOrCompanies[T any](institution func(*T) *string, companies func(*T) *[]string) field[T] {
	return field[T]{keys: []string{"companyCnpj"}, kind: kindTexts, list: true, read: func(r *reader, at spot, t *T) bool {
		if r.peek() == '[' {
			return r.texts(at, (*reader).cnpj, companies(t))
		}
		s, found := r.taxID(at, cnpjLength)
		if found {
			*institution(t) = s
		}
		return found
	}}
}

// isBlank reports a record with nothing in it, as v1 sent for "there is none".
func isBlank[T comparable](t *T) bool {
	var blank T
	return *t == blank
}

var otherDocumentTable = func() *table[OtherDocument] {
	t := newTable(
		enum("type", func(d *OtherDocument) *string { return &d.Type }),
		text("typeAdditionalInfo", func(d *OtherDocument) *string { return &d.TypeAdditionalInfo }),
		id("number", func(d *OtherDocument) *string { return &d.Number }),
		id("checkDigit", func(d *OtherDocument) *string { return &d.CheckDigit }),
		text("additionalInfo", func(d *OtherDocument) *string { return &d.AdditionalInfo }),
		id("country", func(d *OtherDocument) *string { return &d.Country }),
		date("issueDate", func(d *OtherDocument) *string { return &d.IssueDate }),
		date("expirationDate", func(d *OtherDocument) *string { return &d.ExpirationDate }),
	)
	t.nothing = isBlank
	return t
}()

var nationalityTable = func() *table[Nationality] {
	document := newTable(
		text("type", func(d *NationalityDocument) *string { return &d.Type }),
		id("number", func(d *NationalityDocument) *string { return &d.Number }),
		date("expirationDate", func(d *NationalityDocument) *string { return &d.ExpirationDate }),
		date("issueDate", func(d *NationalityDocument) *string { return &d.IssueDate }),
		text("country", func(d *NationalityDocument) *string { return &d.Country }),
		text("additionalInfo", func(d *NationalityDocument) *string { return &d.AdditionalInfo }).or("typeAdditionalInfo"),
	)
	document.nothing = isBlank
	t := newTable(
		text("otherNationalitiesInfo", func(n *Nationality) *string { return &n.OtherNationalitiesInfo }),
		records("documents", document, func(n *Nationality) *[]NationalityDocument { return &n.Documents }).also("document"),
	)
	t.nothing = func(n *Nationality) bool { return n.OtherNationalitiesInfo == "" && len(n.Documents) == 0 }
	return t
}()

var filiationTable = func() *table[Filiation] {
	t := newTable(
		enum("type", func(f *Filiation) *string { return &f.Type }),
		text("civilName", func(f *Filiation) *string { return &f.CivilName }),
		text("socialName", func(f *Filiation) *string { return &f.SocialName }),
	)
	t.nothing = isBlank
	return t
}()

var contactsTable = newTable(
	records("postalAddresses", addressTable, func(c *Contacts) *[]PostalAddress { return &c.PostalAddresses }).also("postalAddress"),
	records("phones", phoneTable, func(c *Contacts) *[]Phone { return &c.Phones }).also("phone"),
	records("emails", emailTable, func(c *Contacts) *[]Email { return &c.Emails }).also("email"),
)

var addressTable = func() *table[PostalAddress] {
	coordinates := newTable(
		id("latitude", func(a *PostalAddress) *string { return &a.Latitude }),
		id("longitude", func(a *PostalAddress) *string { return &a.Longitude }),
	)
	t := newTable(
		truth("isMain", func(a *PostalAddress) *Bool { return &a.IsMain }),
		text("address", func(a *PostalAddress) *string { return &a.Address }),
		text("additionalInfo", func(a *PostalAddress) *string { return &a.AdditionalInfo }),
		text("districtName", func(a *PostalAddress) *string { return &a.DistrictName }),
		text("townName", func(a *PostalAddress) *string { return &a.TownName }),
		code("ibgeTownCode", 7, func(a *PostalAddress) *string { return &a.IBGETownCode }),
		enum("countrySubDivision", func(a *PostalAddress) *string { return &a.CountrySubDivision }),
		code("postCode", 8, func(a *PostalAddress) *string { return &a.PostCode }),
		text("country", func(a *PostalAddress) *string { return &a.Country }),
		enum("countryCode", func(a *PostalAddress) *string { return &a.CountryCode }),
		flat("geographicCoordinates", coordinates),
	)
	t.nothing = isBlank
	return t
}()

var phoneTable = func() *table[Phone] {
	t := newTable(
		truth("isMain", func(p *Phone) *Bool { return &p.IsMain }),
		enum("type", func(p *Phone) *string { return &p.Type }),
		text("additionalInfo", func(p *Phone) *string { return &p.AdditionalInfo }),
		id("countryCallingCode", func(p *Phone) *string { return &p.CountryCallingCode }),
		id("areaCode", func(p *Phone) *string { return &p.AreaCode }),
		id("number", func(p *Phone) *string { return &p.Number }),
		id("phoneExtension", func(p *Phone) *string { return &p.PhoneExtension }),
	)
	t.nothing = isBlank
	return t
}()

var emailTable = func() *table[Email] {
	t := newTable(
		truth("isMain", func(e *Email) *Bool { return &e.IsMain }),
		id("email", func(e *Email) *string { return &e.Email }),
	)
	t.nothing = isBlank
	return t
}()

var businessTable = newTable(
	instant("updateDateTime", func(b *BusinessIdentification) *string { return &b.UpdateDateTime }),
	id("businessId", func(b *BusinessIdentification) *string { return &b.BusinessID }),
	text("brandName", func(b *BusinessIdentification) *string { return &b.BrandName }),
	institutionOrCompanies(
		func(b *BusinessIdentification) *string { return &b.CompanyCNPJ },
		func(b *BusinessIdentification) *[]string { return &b.CompaniesCNPJ }),
	text("companyName", func(b *BusinessIdentification) *string { return &b.CompanyName }),
	text("tradeName", func(b *BusinessIdentification) *string { return &b.TradeName }),
	instantOrDate("incorporationDate", func(b *BusinessIdentification) *string { return &b.IncorporationDate }),
	cnpj("cnpjNumber", func(b *BusinessIdentification) *string { return &b.CNPJ }),
	cnpjs("companiesCnpj", func(b *BusinessIdentification) *[]string { return &b.CompaniesCNPJ }).or("companyCnpjNumber"),
	records("otherDocuments", otherDocumentTable, func(b *BusinessIdentification) *[]OtherDocument { return &b.OtherDocuments }).also("otherDocument"),
	records("parties", partyTable, func(b *BusinessIdentification) *[]Party { return &b.Parties }).also("party"),
	object("contacts", contactsTable, func(b *BusinessIdentification) *Contacts { return &b.Contacts }).also("contact"),
)

var partyTable = func() *table[Party] {
	t := newTable(
		enum("personType", func(p *Party) *string { return &p.PersonType }),
		enum("type", func(p *Party) *string { return &p.Type }),
		text("civilName", func(p *Party) *string { return &p.CivilName }),
		text("socialName", func(p *Party) *string { return &p.SocialName }),
		text("companyName", func(p *Party) *string { return &p.CompanyName }),
		text("tradeName", func(p *Party) *string { return &p.TradeName }),
		instantOrDate("startDate", func(p *Party) *string { return &p.StartDate }),
		rate("shareholding", func(p *Party) *string { return &p.Shareholding }),
		enum("documentType", func(p *Party) *string { return &p.DocumentType }),
		id("documentNumber", func(p *Party) *string { return &p.DocumentNumber }),
		text("documentAdditionalInfo", func(p *Party) *string { return &p.DocumentAdditionalInfo }),
		id("documentCountry", func(p *Party) *string { return &p.DocumentCountry }),
		date("documentExpirationDate", func(p *Party) *string { return &p.DocumentExpirationDate }),
		date("documentIssueDate", func(p *Party) *string { return &p.DocumentIssueDate }),
	)
	t.nothing = isBlank
	return t
}()
