package openfinance

// This file holds the tables of OFB exchanges, versions 1.0 to the previews of 1.1.

var exchangeTable = func() *table[Exchange] {
	t := newTable(append([]field[Exchange]{
		id("operationId", func(e *Exchange) *string { return &e.OperationID }).must(),
		text("brandName", func(e *Exchange) *string { return &e.BrandName }),
		cnpj("companyCnpj", func(e *Exchange) *string { return &e.CompanyCNPJ }),
		cnpj("authorizedInstitutionCnpjNumber", func(e *Exchange) *string { return &e.InstitutionCNPJ }),
		text("authorizedInstitutionName", func(e *Exchange) *string { return &e.InstitutionName }),
		cnpj("intermediaryInstitutionCnpjNumber", func(e *Exchange) *string { return &e.IntermediaryCNPJ }),
		text("intermediaryInstitutionName", func(e *Exchange) *string { return &e.IntermediaryName }),
		id("operationNumber", func(e *Exchange) *string { return &e.Number }),
		enum("operationType", func(e *Exchange) *string { return &e.Type }),
		instant("operationDate", func(e *Exchange) *string { return &e.Date }),
		records("events", exchangeEventTable, func(e *Exchange) *[]ExchangeEvent { return &e.Events }).also("event"),
	}, exchangeTerms(func(e *Exchange) *ExchangeTerms { return &e.ExchangeTerms })...)...)
	t.settle = func(r *reader, e *Exchange) {
		if e.OperationID == "" {
			r.leaveOut("operationId", "is missing: send the id that the institution gives")
		}
	}
	return t
}()

var exchangeEventTable = func() *table[ExchangeEvent] {
	partie := newTable(
		id("relationshipCode", func(p *ForeignPartie) *string { return &p.RelationshipCode }),
		text("foreignPartieName", func(p *ForeignPartie) *string { return &p.Name }),
		enum("foreignPartieCountryCode", func(p *ForeignPartie) *string { return &p.CountryCode }),
	)
	t := newTable(append([]field[ExchangeEvent]{
		id("eventSequenceNumber", func(e *ExchangeEvent) *string { return &e.SequenceNumber }),
		id("eventType", func(e *ExchangeEvent) *string { return &e.Type }),
		instant("eventDate", func(e *ExchangeEvent) *string { return &e.Date }),
		object("foreignPartie", partie, func(e *ExchangeEvent) *ForeignPartie { return &e.Partie }),
	}, exchangeTerms(func(e *ExchangeEvent) *ExchangeTerms { return &e.ExchangeTerms })...)...)
	t.nothing = isBlank
	return t
}()

// exchangeTerms are the fields that an operation and its events share.
func exchangeTerms[T any](of func(*T) *ExchangeTerms) []field[T] {
	return []field[T]{
		date("dueDate", func(t *T) *string { return &of(t).DueDate }),
		price("localCurrencyOperationTax", func(t *T) *Price { return &of(t).Rate }),
		cash("localCurrencyOperationValue", func(t *T) *Money { return &of(t).Local }),
		cash("foreignOperationValue", func(t *T) *Money { return &of(t).Foreign }),
		cash("operationOutstandingBalance", func(t *T) *Money { return &of(t).OutstandingBalance }),
		price("vetAmount", func(t *T) *Price { return &of(t).VET }),
		rate("localCurrencyAdvancePercentage", func(t *T) *string { return &of(t).AdvancePercentage }),
		enum("deliveryForeignCurrency", func(t *T) *string { return &of(t).DeliveryForeignCurrency }),
		code("operationCategoryCode", 5, func(t *T) *string { return &of(t).CategoryCode }),
	}
}
