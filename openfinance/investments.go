package openfinance

// This file holds the table of the five OFB investment APIs: bank-fixed-incomes,
// credit-fixed-incomes, variable-incomes, treasure-titles and funds, all their
// versions. Where they name one thing differently, the names are spellings of
// one field.

var investmentTable = func() *table[Investment] {
	t := newTable(
		id("investmentId", func(i *Investment) *string { return &i.InvestmentID }).must(),
		text("brandName", func(i *Investment) *string { return &i.BrandName }),
		cnpj("companyCnpj", func(i *Investment) *string { return &i.CompanyCNPJ }),
		enum("investmentType", func(i *Investment) *string { return &i.Type }),
		text("name", func(i *Investment) *string { return &i.Name }).or("productName"),
		id("ticker", func(i *Investment) *string { return &i.Ticker }),
		id("isinCode", func(i *Investment) *string { return &i.ISIN }),
		id("clearingCode", func(i *Investment) *string { return &i.ClearingCode }),
		cnpj("issuerInstitutionCnpjNumber", func(i *Investment) *string { return &i.IssuerCNPJ }),
		cnpj("debtorCnpjNumber", func(i *Investment) *string { return &i.DebtorCNPJ }),
		text("debtorName", func(i *Investment) *string { return &i.DebtorName }),
		cnpj("cnpjNumber", func(i *Investment) *string { return &i.FundCNPJ }),
		enum("anbimaCategory", func(i *Investment) *string { return &i.AnbimaCategory }),
		text("anbimaClass", func(i *Investment) *string { return &i.AnbimaClass }),
		text("anbimaSubclass", func(i *Investment) *string { return &i.AnbimaSubclass }),
		enum("taxExemptProduct", func(i *Investment) *string { return &i.TaxExempt }),
		enum("voucherPaymentIndicator", func(i *Investment) *string { return &i.VoucherPaymentIndicator }),
		enum("voucherPaymentPeriodicity", func(i *Investment) *string { return &i.VoucherPaymentPeriodicity }),
		text("voucherPaymentPeriodicityAdditionalInfo", func(i *Investment) *string { return &i.VoucherPaymentAdditional }),
		optional("remuneration", remunerationTable, func(i *Investment) **Remuneration { return &i.Remuneration }),
		price("issueUnitPrice", func(i *Investment) *Price { return &i.IssueUnitPrice }),
		currency("issueUnitPriceCurrency", func(i *Investment) *string { return &i.IssueUnitPrice.Currency }),
		date("issueDate", func(i *Investment) *string { return &i.IssueDate }),
		date("dueDate", func(i *Investment) *string { return &i.DueDate }),
		date("purchaseDate", func(i *Investment) *string { return &i.PurchaseDate }),
		date("gracePeriodDate", func(i *Investment) *string { return &i.GracePeriodDate }),
		records("balances", investmentBalanceTable, func(i *Investment) *[]InvestmentBalance { return &i.Balances }).also("balance"),
		movements("transactions", investmentTransactionTable, deals, func(i *Investment) *[]InvestmentTransaction { return &i.Transactions }).also("transaction"),
		movements("transactions-current", investmentTransactionTable, deals, func(i *Investment) *[]InvestmentTransaction { return &i.TransactionsCurrent }).also("transaction-current"),
		records("broker-notes", brokerNoteTable, func(i *Investment) *[]BrokerNote { return &i.BrokerNotes }).also("broker-note"),
	)
	t.settle = func(r *reader, i *Investment) {
		if i.InvestmentID == "" {
			r.leaveOut("investmentId", "is missing: send the id that the institution gives")
		}
	}
	return t
}()

var remunerationTable = func() *table[Remuneration] {
	t := newTable(
		rate("preFixedRate", func(m *Remuneration) *string { return &m.PreFixedRate }),
		rate("postFixedIndexerPercentage", func(m *Remuneration) *string { return &m.PostFixedIndexerPercentage }),
		enum("rateType", func(m *Remuneration) *string { return &m.RateType }),
		enum("ratePeriodicity", func(m *Remuneration) *string { return &m.RatePeriodicity }),
		enum("calculation", func(m *Remuneration) *string { return &m.Calculation }),
		enum("indexer", func(m *Remuneration) *string { return &m.Indexer }),
		text("indexerAdditionalInfo", func(m *Remuneration) *string { return &m.IndexerAdditionalInfo }),
	)
	t.nothing = isBlank
	return t
}()

var investmentBalanceTable = func() *table[InvestmentBalance] {
	day := func(b *InvestmentBalance) *string { return &b.ReferenceDate }
	instant := func(b *InvestmentBalance) *string { return &b.ReferenceDateTime }
	t := newTable(
		dated("referenceDateTime", day, instant, false),
		dated("referenceDate", day, instant, true),
		quantity("quantity", func(b *InvestmentBalance) *string { return &b.Quantity }).or("quotaQuantity"),
		price("updatedUnitPrice", func(b *InvestmentBalance) *Price { return &b.UnitPrice }).or("closingPrice", "quotaGrossPriceValue"),
		currency("updatedUnitPriceCurrency", func(b *InvestmentBalance) *string { return &b.UnitPrice.Currency }).or("closingPriceCurrency", "quotaGrossPriceValueCurrency"),
		price("purchaseUnitPrice", func(b *InvestmentBalance) *Price { return &b.PurchaseUnitPrice }),
		currency("purchaseUnitPriceCurrency", func(b *InvestmentBalance) *string { return &b.PurchaseUnitPrice.Currency }),
		quantity("priceFactor", func(b *InvestmentBalance) *string { return &b.PriceFactor }),
		cash("grossAmount", func(b *InvestmentBalance) *Money { return &b.Gross }),
		currency("grossAmountCurrency", func(b *InvestmentBalance) *string { return &b.Gross.Currency }),
		cash("netAmount", func(b *InvestmentBalance) *Money { return &b.Net }),
		currency("netAmountCurrency", func(b *InvestmentBalance) *string { return &b.Net.Currency }),
		cash("incomeTax", func(b *InvestmentBalance) *Money { return &b.IncomeTax }).or("incomeTaxProvision"),
		currency("incomeTaxCurrency", func(b *InvestmentBalance) *string { return &b.IncomeTax.Currency }).or("incomeTaxProvisionCurrency"),
		cash("financialTransactionTax", func(b *InvestmentBalance) *Money { return &b.FinancialTransactionTax }).or("financialTransactionTaxProvision"),
		currency("financialTransactionTaxCurrency", func(b *InvestmentBalance) *string { return &b.FinancialTransactionTax.Currency }).or("financialTransactionTaxProvisionCurrency"),
		cash("blockedBalance", func(b *InvestmentBalance) *Money { return &b.Blocked }).or("blockedAmount"),
		currency("blockedBalanceCurrency", func(b *InvestmentBalance) *string { return &b.Blocked.Currency }).or("blockedAmountCurrency"),
		cash("fine", func(b *InvestmentBalance) *Money { return &b.Fine }),
		currency("fineCurrency", func(b *InvestmentBalance) *string { return &b.Fine.Currency }),
		cash("latePayment", func(b *InvestmentBalance) *Money { return &b.LatePayment }),
		currency("latePaymentCurrency", func(b *InvestmentBalance) *string { return &b.LatePayment.Currency }),
		rate("preFixedRate", func(b *InvestmentBalance) *string { return &b.PreFixedRate }),
		rate("postFixedIndexerPercentage", func(b *InvestmentBalance) *string { return &b.PostFixedIndexerPercentage }),
	)
	t.nothing = isBlank
	return t
}()

var investmentTransactionTable = func() *table[InvestmentTransaction] {
	t := newTable(
		id("transactionId", func(m *InvestmentTransaction) *string { return &m.TransactionID }),
		enum("type", func(m *InvestmentTransaction) *string { return &m.Type }).must(),
		enum("transactionType", func(m *InvestmentTransaction) *string { return &m.TransactionType }),
		text("transactionTypeAdditionalInfo", func(m *InvestmentTransaction) *string { return &m.AdditionalInfo }),
		date("transactionDate", func(m *InvestmentTransaction) *string { return &m.Date }).or("transactionConversionDate").must(),
		quantity("transactionQuantity", func(m *InvestmentTransaction) *string { return &m.Quantity }).or("transactionQuotaQuantity"),
		price("transactionUnitPrice", func(m *InvestmentTransaction) *Price { return &m.UnitPrice }).or("transactionQuotaPrice"),
		currency("transactionUnitPriceCurrency", func(m *InvestmentTransaction) *string { return &m.UnitPrice.Currency }).or("transactionQuotaPriceCurrency"),
		quantity("priceFactor", func(m *InvestmentTransaction) *string { return &m.PriceFactor }),
		cash("transactionGrossValue", func(m *InvestmentTransaction) *Money { return &m.Gross }),
		currency("transactionGrossValueCurrency", func(m *InvestmentTransaction) *string { return &m.Gross.Currency }),
		cash("transactionNetValue", func(m *InvestmentTransaction) *Money { return &m.Net }),
		currency("transactionNetValueCurrency", func(m *InvestmentTransaction) *string { return &m.Net.Currency }),
		cash("transactionValue", func(m *InvestmentTransaction) *Money { return &m.Value }),
		currency("transactionValueCurrency", func(m *InvestmentTransaction) *string { return &m.Value.Currency }),
		cash("incomeTax", func(m *InvestmentTransaction) *Money { return &m.IncomeTax }),
		currency("incomeTaxCurrency", func(m *InvestmentTransaction) *string { return &m.IncomeTax.Currency }),
		cash("financialTransactionTax", func(m *InvestmentTransaction) *Money { return &m.FinancialTransactionTax }),
		currency("financialTransactionTaxCurrency", func(m *InvestmentTransaction) *string { return &m.FinancialTransactionTax.Currency }),
		cash("transactionExitFee", func(m *InvestmentTransaction) *Money { return &m.ExitFee }),
		currency("transactionExitFeeCurrency", func(m *InvestmentTransaction) *string { return &m.ExitFee.Currency }),
		rate("remunerationTransactionRate", func(m *InvestmentTransaction) *string { return &m.RemunerationRate }),
		rate("indexerPercentage", func(m *InvestmentTransaction) *string { return &m.IndexerPercentage }),
		id("brokerNoteId", func(m *InvestmentTransaction) *string { return &m.BrokerNoteID }),
	)
	t.settle = settleInvestmentTransaction
	return t
}()

// settleInvestmentTransaction asks for what a movement of a holding cannot be without.
func settleInvestmentTransaction(r *reader, m *InvestmentTransaction) {
	switch m.Type {
	case "ENTRADA", "SAIDA":
	case "":
		r.leaveOut("type", "is missing: send ENTRADA or SAIDA")
	default:
		r.leaveOut("type", "is no direction: send ENTRADA or SAIDA")
	}
	if m.Date == "" {
		r.leaveOut("transactionDate", "is missing: send YYYY-MM-DD")
	}
	if !m.Gross.Present() && !m.Net.Present() && !m.Value.Present() {
		r.leaveOut("transactionGrossValue", "is missing, as are transactionNetValue and transactionValue: send {amount, currency}")
	}
}

var brokerNoteTable = func() *table[BrokerNote] {
	t := newTable(
		id("brokerNoteId", func(n *BrokerNote) *string { return &n.BrokerNoteID }),
		id("brokerNoteNumber", func(n *BrokerNote) *string { return &n.Number }),
		cash("grossValue", func(n *BrokerNote) *Money { return &n.GrossValue }),
		currency("grossValueCurrency", func(n *BrokerNote) *string { return &n.GrossValue.Currency }),
		cash("brokerageFee", func(n *BrokerNote) *Money { return &n.BrokerageFee }),
		currency("brokerageFeeCurrency", func(n *BrokerNote) *string { return &n.BrokerageFee.Currency }),
		cash("clearingSettlementFee", func(n *BrokerNote) *Money { return &n.ClearingSettlementFee }),
		currency("clearingSettlementFeeCurrency", func(n *BrokerNote) *string { return &n.ClearingSettlementFee.Currency }),
		cash("clearingRegistrationFee", func(n *BrokerNote) *Money { return &n.ClearingRegistrationFee }),
		currency("clearingRegistrationFeeCurrency", func(n *BrokerNote) *string { return &n.ClearingRegistrationFee.Currency }),
		cash("stockExchangeAssetTradeNoticeFee", func(n *BrokerNote) *Money { return &n.StockExchangeAssetTradeNoticeFee }),
		currency("stockExchangeAssetTradeNoticeFeeCurrency", func(n *BrokerNote) *string { return &n.StockExchangeAssetTradeNoticeFee.Currency }),
		cash("stockExchangeFee", func(n *BrokerNote) *Money { return &n.StockExchangeFee }),
		currency("stockExchangeFeeCurrency", func(n *BrokerNote) *string { return &n.StockExchangeFee.Currency }),
		cash("clearingCustodyFee", func(n *BrokerNote) *Money { return &n.ClearingCustodyFee }),
		currency("clearingCustodyFeeCurrency", func(n *BrokerNote) *string { return &n.ClearingCustodyFee.Currency }),
		cash("taxes", func(n *BrokerNote) *Money { return &n.Taxes }),
		currency("taxesCurrency", func(n *BrokerNote) *string { return &n.Taxes.Currency }),
		cash("incomeTax", func(n *BrokerNote) *Money { return &n.IncomeTax }),
		currency("incomeTaxCurrency", func(n *BrokerNote) *string { return &n.IncomeTax.Currency }),
		cash("netValue", func(n *BrokerNote) *Money { return &n.NetValue }),
		currency("netValueCurrency", func(n *BrokerNote) *string { return &n.NetValue.Currency }),
	)
	t.nothing = isBlank
	return t
}()
