package openfinance

// documentTable is the top level of a userdata document: the sections and the
// keys of the request.
var documentTable = newTable(append(sectionFields, requestFields...)...)

// sectionFields are the sections with the spellings that transmitters use.
var sectionFields = []field[Document]{
	section(SectionAccounts, accountTable, func(d *Document) *[]Account { return &d.Accounts }).
		also("account"),
	section(SectionCreditCardsAccounts, creditCardTable, func(d *Document) *[]CreditCard { return &d.CreditCards }).
		also("creditCardsAccount", "creditCardAccounts", "creditCardAccount", "creditCards", "creditCard"),
	section(SectionPersonalIdentification, personalTable, func(d *Document) *[]PersonalIdentification { return &d.PersonalIdentifications }).
		also("personalCustomerIdentifications", "personalIdentification", "personalIdentifications"),
	section(SectionPersonalQualification, personalQualificationTable, func(d *Document) *[]PersonalQualification { return &d.PersonalQualifications }).
		also("personalCustomerQualifications", "personalQualification", "personalQualifications"),
	section(SectionPersonalRelation, relationTable, func(d *Document) *[]FinancialRelation { return &d.PersonalRelations }).
		also("personalCustomerFinancialRelations", "personalCustomerRelation", "personalCustomerRelations",
			"personalFinancialRelation", "personalFinancialRelations"),
	section(SectionBusinessIdentification, businessTable, func(d *Document) *[]BusinessIdentification { return &d.BusinessIdentifications }).
		also("businessCustomerIdentifications", "businessIdentification", "businessIdentifications"),
	section(SectionBusinessQualification, businessQualificationTable, func(d *Document) *[]BusinessQualification { return &d.BusinessQualifications }).
		also("businessCustomerQualifications", "businessQualification", "businessQualifications"),
	section(SectionBusinessRelation, relationTable, func(d *Document) *[]FinancialRelation { return &d.BusinessRelations }).
		also("businessCustomerFinancialRelations", "businessCustomerRelation", "businessCustomerRelations",
			"businessFinancialRelation", "businessFinancialRelations"),
	section(SectionLoans, contractTable, func(d *Document) *[]Contract { return &d.Loans }).
		also("loan"),
	section(SectionFinancings, contractTable, func(d *Document) *[]Contract { return &d.Financings }).
		also("financing"),
	section(SectionInvoiceFinancings, contractTable, func(d *Document) *[]Contract { return &d.InvoiceFinancings }).
		also("invoiceFinancing"),
	section(SectionUnarrangedOverdraft, contractTable, func(d *Document) *[]Contract { return &d.UnarrangedOverdraft }).
		also("unarrangedAccountOverdraft", "unarrangedAccountsOverdrafts", "unarrangedAccountOverdrafts"),
	section(SectionBankFixedIncomes, investmentTable, func(d *Document) *[]Investment { return &d.BankFixedIncomes }).
		also("bankFixedIncome"),
	section(SectionCreditFixedIncomes, investmentTable, func(d *Document) *[]Investment { return &d.CreditFixedIncomes }).
		also("creditFixedIncome"),
	section(SectionVariableIncomes, investmentTable, func(d *Document) *[]Investment { return &d.VariableIncomes }).
		also("variableIncome"),
	section(SectionTreasureTitles, investmentTable, func(d *Document) *[]Investment { return &d.TreasureTitles }).
		also("treasureTitle"),
	section(SectionFunds, investmentTable, func(d *Document) *[]Investment { return &d.Funds }).
		also("fund"),
	section(SectionExchanges, exchangeTable, func(d *Document) *[]Exchange { return &d.Exchanges }).
		also("exchange"),
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
		var list pile[T]
		inner.records(r, &list)
		list.moveTo(to(d))
		r.pop()
		r.section, r.count = "", nil
		return true
	}}
}
