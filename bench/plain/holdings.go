package plain

// FixedIncome is OFB bank-fixed-incomes, credit-fixed-incomes and
// treasure-titles 1.x, with the sub-resources merged in.
type FixedIncome struct {
	InvestmentID                string                `json:"investmentId"`
	BrandName                   string                `json:"brandName"`
	CompanyCnpj                 string                `json:"companyCnpj"`
	IssuerInstitutionCnpjNumber string                `json:"issuerInstitutionCnpjNumber,omitzero"`
	IsinCode                    string                `json:"isinCode,omitzero"`
	InvestmentType              string                `json:"investmentType,omitzero"`
	ProductName                 string                `json:"productName,omitzero"`
	DebtorCnpjNumber            string                `json:"debtorCnpjNumber,omitzero"`
	DebtorName                  string                `json:"debtorName,omitzero"`
	TaxExemptProduct            string                `json:"taxExemptProduct,omitzero"`
	Remuneration                Remuneration          `json:"remuneration"`
	IssueUnitPrice              Money                 `json:"issueUnitPrice,omitzero"`
	IssueDate                   string                `json:"issueDate,omitzero"`
	DueDate                     string                `json:"dueDate"`
	PurchaseDate                string                `json:"purchaseDate"`
	GracePeriodDate             string                `json:"gracePeriodDate,omitzero"`
	VoucherPaymentIndicator     string                `json:"voucherPaymentIndicator,omitzero"`
	VoucherPaymentPeriodicity   string                `json:"voucherPaymentPeriodicity,omitzero"`
	ClearingCode                string                `json:"clearingCode,omitzero"`
	Balances                    FixedIncomeBalance    `json:"balances"`
	Transactions                []FixedIncomeMovement `json:"transactions"`
}

// Remuneration is how a fixed income pays.
type Remuneration struct {
	PreFixedRate               string `json:"preFixedRate,omitzero"`
	PostFixedIndexerPercentage string `json:"postFixedIndexerPercentage,omitzero"`
	RateType                   string `json:"rateType,omitzero"`
	RatePeriodicity            string `json:"ratePeriodicity,omitzero"`
	Calculation                string `json:"calculation,omitzero"`
	Indexer                    string `json:"indexer"`
}

// FixedIncomeBalance is the position of a fixed income.
type FixedIncomeBalance struct {
	ReferenceDateTime          string `json:"referenceDateTime"`
	Quantity                   string `json:"quantity"`
	UpdatedUnitPrice           Money  `json:"updatedUnitPrice"`
	GrossAmount                Money  `json:"grossAmount"`
	NetAmount                  Money  `json:"netAmount"`
	IncomeTax                  Money  `json:"incomeTax"`
	FinancialTransactionTax    Money  `json:"financialTransactionTax"`
	BlockedBalance             Money  `json:"blockedBalance"`
	PurchaseUnitPrice          Money  `json:"purchaseUnitPrice"`
	PreFixedRate               string `json:"preFixedRate,omitzero"`
	PostFixedIndexerPercentage string `json:"postFixedIndexerPercentage,omitzero"`
}

// FixedIncomeMovement is a movement of a fixed income.
type FixedIncomeMovement struct {
	TransactionID                 string `json:"transactionId"`
	Type                          string `json:"type"`
	TransactionType               string `json:"transactionType"`
	TransactionTypeAdditionalInfo string `json:"transactionTypeAdditionalInfo,omitzero"`
	TransactionDate               string `json:"transactionDate"`
	TransactionUnitPrice          Money  `json:"transactionUnitPrice"`
	TransactionQuantity           string `json:"transactionQuantity"`
	TransactionGrossValue         Money  `json:"transactionGrossValue"`
	IncomeTax                     Money  `json:"incomeTax"`
	FinancialTransactionTax       Money  `json:"financialTransactionTax"`
	TransactionNetValue           Money  `json:"transactionNetValue"`
	RemunerationTransactionRate   string `json:"remunerationTransactionRate,omitzero"`
	IndexerPercentage             string `json:"indexerPercentage,omitzero"`
}

// VariableIncome is OFB variable-incomes 1.x.
type VariableIncome struct {
	InvestmentID                string                  `json:"investmentId"`
	BrandName                   string                  `json:"brandName"`
	CompanyCnpj                 string                  `json:"companyCnpj"`
	IssuerInstitutionCnpjNumber string                  `json:"issuerInstitutionCnpjNumber"`
	IsinCode                    string                  `json:"isinCode"`
	Ticker                      string                  `json:"ticker"`
	Balances                    []VariableIncomeBalance `json:"balances"`
	Transactions                []Deal                  `json:"transactions"`
	BrokerNotes                 []BrokerNote            `json:"broker-notes"`
}

// VariableIncomeBalance is the position of a share.
type VariableIncomeBalance struct {
	ReferenceDate  string `json:"referenceDate"`
	PriceFactor    string `json:"priceFactor"`
	GrossAmount    Money  `json:"grossAmount"`
	BlockedBalance Money  `json:"blockedBalance"`
	Quantity       string `json:"quantity"`
	ClosingPrice   Money  `json:"closingPrice"`
}

// Deal is a movement of a share.
type Deal struct {
	TransactionID                 string `json:"transactionId"`
	Type                          string `json:"type"`
	TransactionType               string `json:"transactionType"`
	TransactionTypeAdditionalInfo string `json:"transactionTypeAdditionalInfo,omitzero"`
	TransactionDate               string `json:"transactionDate"`
	PriceFactor                   string `json:"priceFactor,omitzero"`
	TransactionUnitPrice          Money  `json:"transactionUnitPrice,omitzero"`
	TransactionQuantity           string `json:"transactionQuantity,omitzero"`
	TransactionValue              Money  `json:"transactionValue"`
	BrokerNoteID                  string `json:"brokerNoteId,omitzero"`
}

// BrokerNote is OFB broker-notes.
type BrokerNote struct {
	BrokerNoteID                     string `json:"brokerNoteId"`
	BrokerNoteNumber                 string `json:"brokerNoteNumber"`
	GrossValue                       Money  `json:"grossValue"`
	BrokerageFee                     Money  `json:"brokerageFee"`
	ClearingSettlementFee            Money  `json:"clearingSettlementFee"`
	ClearingRegistrationFee          Money  `json:"clearingRegistrationFee"`
	StockExchangeAssetTradeNoticeFee Money  `json:"stockExchangeAssetTradeNoticeFee"`
	StockExchangeFee                 Money  `json:"stockExchangeFee"`
	ClearingCustodyFee               Money  `json:"clearingCustodyFee"`
	Taxes                            Money  `json:"taxes"`
	IncomeTax                        Money  `json:"incomeTax"`
	NetValue                         Money  `json:"netValue"`
}

// Fund is OFB funds 1.x.
type Fund struct {
	InvestmentID   string         `json:"investmentId"`
	BrandName      string         `json:"brandName"`
	CompanyCnpj    string         `json:"companyCnpj"`
	Name           string         `json:"name"`
	CnpjNumber     string         `json:"cnpjNumber"`
	IsinCode       string         `json:"isinCode,omitzero"`
	AnbimaCategory string         `json:"anbimaCategory"`
	AnbimaClass    string         `json:"anbimaClass,omitzero"`
	AnbimaSubclass string         `json:"anbimaSubclass,omitzero"`
	Balances       FundBalance    `json:"balances"`
	Transactions   []FundMovement `json:"transactions"`
}

// FundBalance is the position in a fund.
type FundBalance struct {
	ReferenceDate                    string `json:"referenceDate"`
	GrossAmount                      Money  `json:"grossAmount"`
	NetAmount                        Money  `json:"netAmount"`
	IncomeTaxProvision               Money  `json:"incomeTaxProvision"`
	FinancialTransactionTaxProvision Money  `json:"financialTransactionTaxProvision"`
	BlockedAmount                    Money  `json:"blockedAmount"`
	QuotaQuantity                    string `json:"quotaQuantity"`
	QuotaGrossPriceValue             Money  `json:"quotaGrossPriceValue"`
}

// FundMovement is a movement of a fund.
type FundMovement struct {
	TransactionID                 string `json:"transactionId"`
	Type                          string `json:"type"`
	TransactionType               string `json:"transactionType"`
	TransactionTypeAdditionalInfo string `json:"transactionTypeAdditionalInfo,omitzero"`
	TransactionConversionDate     string `json:"transactionConversionDate"`
	TransactionQuotaPrice         Money  `json:"transactionQuotaPrice"`
	TransactionQuotaQuantity      string `json:"transactionQuotaQuantity"`
	TransactionValue              Money  `json:"transactionValue,omitzero"`
	TransactionGrossValue         Money  `json:"transactionGrossValue"`
	IncomeTax                     Money  `json:"incomeTax"`
	FinancialTransactionTax       Money  `json:"financialTransactionTax"`
	TransactionExitFee            Money  `json:"transactionExitFee"`
	TransactionNetValue           Money  `json:"transactionNetValue"`
}
