package openfinance

// documentTable is the top level of a userdata document: the sections and the
// keys of the request.
var documentTable = newTable(append(sectionFields, requestFields...)...)

// sectionFields are the sections with the spellings that transmitters use. A
// section without a table of its own yet is opaque: its records are counted.
var sectionFields = []field[Document]{
	section(SectionAccounts, accountTable, func(d *Document) *[]Account { return &d.Accounts }).
		also("account"),
	section(SectionCreditCardsAccounts, creditCardTable, func(d *Document) *[]CreditCard { return &d.CreditCards }).
		also("creditCardsAccount", "creditCardAccounts", "creditCardAccount", "creditCards", "creditCard"),
	section(SectionPersonalIdentification, personalTable, func(d *Document) *[]PersonalIdentification { return &d.PersonalIdentifications }).
		also("personalCustomerIdentifications", "personalIdentification", "personalIdentifications"),
	opaque(SectionPersonalQualification,
		"personalCustomerQualifications", "personalQualification", "personalQualifications"),
	opaque(SectionPersonalRelation,
		"personalCustomerFinancialRelations", "personalCustomerRelation", "personalCustomerRelations",
		"personalFinancialRelation", "personalFinancialRelations"),
	section(SectionBusinessIdentification, businessTable, func(d *Document) *[]BusinessIdentification { return &d.BusinessIdentifications }).
		also("businessCustomerIdentifications", "businessIdentification", "businessIdentifications"),
	opaque(SectionBusinessQualification,
		"businessCustomerQualifications", "businessQualification", "businessQualifications"),
	opaque(SectionBusinessRelation,
		"businessCustomerFinancialRelations", "businessCustomerRelation", "businessCustomerRelations",
		"businessFinancialRelation", "businessFinancialRelations"),
	opaque(SectionLoans, "loan"),
	opaque(SectionFinancings, "financing"),
	opaque(SectionInvoiceFinancings, "invoiceFinancing"),
	opaque(SectionUnarrangedOverdraft,
		"unarrangedAccountOverdraft", "unarrangedAccountsOverdrafts", "unarrangedAccountOverdrafts"),
	opaque(SectionBankFixedIncomes, "bankFixedIncome"),
	opaque(SectionCreditFixedIncomes, "creditFixedIncome"),
	opaque(SectionVariableIncomes, "variableIncome"),
	opaque(SectionTreasureTitles, "treasureTitle"),
	opaque(SectionFunds, "fund"),
	opaque(SectionExchanges, "exchange"),
}

// sectionNames are the names of all sections, in the order of problems.
var sectionNames = func() []string {
	names := make([]string, 0, maxSections)
	for _, f := range sectionFields {
		names = append(names, f.keys[0])
	}
	return names
}()

// section is a list of records at the top level. Problems name it by name,
// whichever spelling was sent.
func section[T any](name string, inner *table[T], to func(*Document) *[]T) field[Document] {
	return field[Document]{keys: []string{name}, kind: kindRecords, list: true, inner: inner, read: func(r *reader, at spot, d *Document) bool {
		if r.peek() == 'n' {
			r.token()
			return false
		}
		if d.Sections[name] == nil {
			d.Sections[name] = new(Section)
		}
		r.section, r.count = name, d.Sections[name]
		r.push(name)
		inner.records(r, to(d))
		r.pop()
		r.section, r.count = "", nil
		return true
	}}
}

// opaque is a section whose records are counted and skipped.
func opaque(name string, aliases ...string) field[Document] {
	inner := newTable[struct{}]()
	return section(name, inner, func(*Document) *[]struct{} { return new([]struct{}) }).also(aliases...)
}
