package openfinance

// Section names, as they stand in problems, report messages and the documentation.
const (
	SectionAccounts               = "accounts"
	SectionCreditCardsAccounts    = "creditCardsAccounts"
	SectionPersonalIdentification = "personalCustomerIdentification"
	SectionPersonalQualification  = "personalCustomerQualification"
	SectionPersonalRelation       = "personalCustomerFinancialRelation"
	SectionBusinessIdentification = "businessCustomerIdentification"
	SectionBusinessQualification  = "businessCustomerQualification"
	SectionBusinessRelation       = "businessCustomerFinancialRelation"
	SectionLoans                  = "loans"
	SectionFinancings             = "financings"
	SectionInvoiceFinancings      = "invoiceFinancings"
	SectionUnarrangedOverdraft    = "unarrangedAccountsOverdraft"
	SectionBankFixedIncomes       = "bankFixedIncomes"
	SectionCreditFixedIncomes     = "creditFixedIncomes"
	SectionVariableIncomes        = "variableIncomes"
	SectionTreasureTitles         = "treasureTitles"
	SectionFunds                  = "funds"
	SectionExchanges              = "exchanges"
	maxSections                   = 18
)

// Document is one person's or company's userdata: every section that was sent,
// in the order sent. Absent texts are "", absent money has Amount "", absent
// lists are nil. A section that was absent altogether is not in Sections; a
// present but empty one is.
type Document struct {
	Request  Request
	Sections map[string]*Section // by section name; only sections present in the document

	Accounts                []Account
	CreditCards             []CreditCard
	PersonalIdentifications []PersonalIdentification
	BusinessIdentifications []BusinessIdentification
	PersonalQualifications  []PersonalQualification
	BusinessQualifications  []BusinessQualification
	PersonalRelations       []FinancialRelation
	BusinessRelations       []FinancialRelation

	Loans               []Contract
	Financings          []Contract
	InvoiceFinancings   []Contract
	UnarrangedOverdraft []Contract

	BankFixedIncomes   []Investment
	CreditFixedIncomes []Investment
	VariableIncomes    []Investment
	TreasureTitles     []Investment
	Funds              []Investment

	Exchanges []Exchange
}

// Section tells what was found of one section.
type Section struct {
	Records int // records read, at any depth: accounts, movements, bills, addresses…
	LeftOut int // records left out as unreadable, at any depth
}

// Has reports whether a section was present, empty or not.
func (d *Document) Has(section string) bool { return d.Sections[section] != nil }

// Request holds the top-level keys of a userdata document that speak to klaas
// and not of the person. All are optional.
type Request struct {
	ReferenceDate string            // YYYY-MM-DD, a real date; "" when absent
	TaxID         string            // 11 or 14 characters without punctuation
	Products      []string          // as sent, not resolved
	CallbackURL   map[string]string // productsCallbackURL: product name, "all" or "other" to URL
	ExternalInfo  []byte            // as JSON.stringify(JSON.parse(…)) would write it; nil when absent
}

// Money is an amount of money as it was sent. The decimals are kept. An amount
// sent as a JSON number is its shortest decimal text with at least two decimals.
type Money struct {
	Amount   string // decimal text; "" when absent
	Currency string // ISO 4217; "" when absent
}

// Present reports whether there is an amount.
func (m Money) Present() bool { return m.Amount != "" }

// Price is what one unit costs: of a title, a quota, a currency. It may have more
// decimals than money (2 to 15), so it stays the text that was sent.
type Price struct {
	Amount   string // decimal text; "" when absent
	Currency string // ISO 4217; "" when absent
}

// Present reports whether there is an amount.
func (p Price) Present() bool { return p.Amount != "" }

// Account is one item of OFB accounts with its sub-resources.
type Account struct {
	AccountID       string
	BrandName       string
	CompanyCNPJ     string // 14 characters, upper case, no punctuation
	CompeCode       string // 3 digits
	BranchCode      string
	Number          string
	CheckDigit      string
	Type            string // CONTA_DEPOSITO_A_VISTA, CONTA_POUPANCA, CONTA_PAGAMENTO_PRE_PAGA
	Subtype         string // INDIVIDUAL, CONJUNTA_SIMPLES, CONJUNTA_SOLIDARIA
	Currency        string
	Balances        *Balances
	OverdraftLimits *OverdraftLimits

	Transactions        []Transaction
	TransactionsCurrent []Transaction // the last seven days; overlaps Transactions
}

// Balances is OFB AccountBalancesData.
type Balances struct {
	Available             Money
	Blocked               Money
	AutomaticallyInvested Money
	UpdateDateTime        string
}

// OverdraftLimits is OFB AccountOverdraftLimitsData.
type OverdraftLimits struct {
	Contracted Money
	Used       Money
	Unarranged Money
}

// Transaction is OFB AccountTransactionsData. Amount is never signed: the
// direction is CreditDebitType.
type Transaction struct {
	TransactionID       string
	CompletedAuthorised string // completedAuthorisedPaymentType
	CreditDebitType     string // CREDITO, DEBITO
	Name                string // transactionName
	Type                string
	Amount              Money  // transactionAmount
	Date                string // transactionDate, YYYY-MM-DD
	DateTime            string // transactionDateTime, RFC 3339, as sent where it has that form
	PartieCnpjCpf       string
	PartiePersonType    string
	PartieCompeCode     string
	PartieBranchCode    string
	PartieNumber        string
	PartieCheckDigit    string
}

// CreditCard is one item of OFB credit-cards-accounts with its sub-resources.
type CreditCard struct {
	CreditCardAccountID   string
	BrandName             string
	CompanyCNPJ           string
	Name                  string
	ProductType           string
	ProductAdditionalInfo string
	Network               string // creditCardNetwork
	NetworkAdditionalInfo string
	PaymentMethods        []PaymentMethod
	Limits                []CardLimit
	Bills                 []Bill

	Transactions        []CardTransaction
	TransactionsCurrent []CardTransaction
}

// PaymentMethod is one plastic or virtual card of a card account.
type PaymentMethod struct {
	IdentificationNumber string
	IsMultiple           Bool // isMultipleCreditCard
}

// Bool is a truth value that may be absent.
type Bool uint8

// Values of [Bool].
const (
	Absent Bool = iota
	False
	True
)

// CardLimit is one row of OFB CreditCardAccountsLimitsData.
type CardLimit struct {
	LineLimitType          string // creditLineLimitType
	ConsolidationType      string
	IdentificationNumber   string
	LineName               string
	LineNameAdditionalInfo string
	IsFlexible             Bool // isLimitFlexible
	Limit                  Money
	LimitAmountReason      string
	Used                   Money
	Available              Money
	Customized             Money // customizedLimitAmount
}

// Bill is one closed bill of a card with the lines nested under it.
type Bill struct {
	BillID         string
	DueDate        string // YYYY-MM-DD
	ClosingDate    string // billClosingDate, preview 2.4.0
	Total          Money  // may be negative: the customer has credit
	Minimum        Money
	IsInstalment   Bool
	FinanceCharges []FinanceCharge
	Payments       []BillPayment
	Transactions   []CardTransaction
}

// FinanceCharge is a charge on a bill.
type FinanceCharge struct {
	Type           string
	AdditionalInfo string
	Amount         Money
}

// BillPayment is a payment of a bill.
type BillPayment struct {
	ValueType   string
	PaymentDate string
	PaymentMode string
	Amount      Money
}

// CardTransaction is OFB CreditCardsAccountsTransaction.
type CardTransaction struct {
	TransactionID               string
	IdentificationNumber        string
	Name                        string // transactionName
	BillID                      string
	CreditDebitType             string
	TransactionType             string
	TransactionalAdditionalInfo string
	PaymentType                 string
	FeeType                     string
	FeeTypeAdditionalInfo       string
	OtherCreditsType            string
	OtherCreditsAdditionalInfo  string
	LineName                    string // v1
	ChargeIdentificator         string // the number of this instalment, digits only; "" when absent or not a number
	ChargeNumber                int32  // instalments in all; 0 when absent
	BrazilianAmount             Money
	Amount                      Money // original currency
	Date                        string
	DateTime                    string
	BillPostDate                string // "" when absent or the dummy 0001-01-01
	PayeeMCC                    int32  // -1 when absent
}

// PersonalIdentification is OFB PersonalIdentificationData.
type PersonalIdentification struct {
	UpdateDateTime              string
	PersonalID                  string
	BrandName                   string
	CompanyCNPJ                 string // not in OFB; read where a transmitter adds it
	CivilName                   string
	SocialName                  string
	BirthDate                   string
	MaritalStatusCode           string
	MaritalStatusAdditionalInfo string
	Sex                         string
	CompaniesCNPJ               []string
	CPF                         string // documents.cpfNumber, 11 digits
	Passport                    *Passport
	OtherDocuments              []OtherDocument
	HasBrazilianNationality     Bool
	Nationalities               []Nationality
	Filiations                  []Filiation
	Contacts                    Contacts
}

// Passport is documents.passport.
type Passport struct {
	Number         string
	Country        string
	ExpirationDate string
	IssueDate      string
}

// OtherDocument is an item of otherDocuments, of a person or a company.
type OtherDocument struct {
	Type               string
	TypeAdditionalInfo string
	Number             string
	CheckDigit         string
	AdditionalInfo     string
	Country            string // companies
	IssueDate          string
	ExpirationDate     string
}

// Nationality is an item of nationality.
type Nationality struct {
	OtherNationalitiesInfo string
	Documents              []NationalityDocument
}

// NationalityDocument is a foreign document.
type NationalityDocument struct {
	Type           string
	Number         string
	ExpirationDate string
	IssueDate      string
	Country        string
	AdditionalInfo string
}

// Filiation is a parent.
type Filiation struct {
	Type       string // MAE, PAI
	CivilName  string
	SocialName string
}

// Contacts are the addresses, phones and e-mails of a person or company.
type Contacts struct {
	PostalAddresses []PostalAddress
	Phones          []Phone
	Emails          []Email
}

// PostalAddress is an item of contacts.postalAddresses.
type PostalAddress struct {
	IsMain             Bool
	Address            string
	AdditionalInfo     string
	DistrictName       string
	TownName           string
	IBGETownCode       string
	CountrySubDivision string
	PostCode           string
	Country            string
	CountryCode        string
	Latitude           string // geographicCoordinates
	Longitude          string
}

// Phone is an item of contacts.phones.
type Phone struct {
	IsMain             Bool
	Type               string // FIXO, MOVEL, OUTRO
	AdditionalInfo     string
	CountryCallingCode string
	AreaCode           string
	Number             string
	PhoneExtension     string
}

// Email is an item of contacts.emails.
type Email struct {
	IsMain Bool
	Email  string
}

// BusinessIdentification is OFB BusinessIdentificationData.
type BusinessIdentification struct {
	UpdateDateTime    string
	BusinessID        string
	BrandName         string
	CompanyCNPJ       string // the institution's, where a transmitter adds it
	CompanyName       string
	TradeName         string
	IncorporationDate string // RFC 3339, or a bare date where that was sent
	CNPJ              string // cnpjNumber: the company itself
	CompaniesCNPJ     []string
	OtherDocuments    []OtherDocument
	Parties           []Party
	Contacts          Contacts
}

// Party is a partner or administrator of a company.
type Party struct {
	PersonType             string
	Type                   string // SOCIO, ADMINISTRADOR
	CivilName              string
	SocialName             string
	CompanyName            string
	TradeName              string
	StartDate              string // RFC 3339, or a bare date where that was sent
	Shareholding           string // fraction, as sent
	DocumentType           string
	DocumentNumber         string
	DocumentAdditionalInfo string
	DocumentCountry        string
	DocumentExpirationDate string
	DocumentIssueDate      string
}

// Contract is one item of the four OFB credit APIs (loans, financings,
// invoice-financings and unarranged-accounts-overdraft) with its terms and
// sub-resources merged into it. It has at least one of ContractID, IpocCode and
// Number.
//
// Money in contracts is a plain decimal text as sent: its currency is that of
// the record it stands in, else of the contract. Rates are fractions
// ("0.290000" is 29 %), as sent; one sent as a JSON number has six decimals.
type Contract struct {
	ContractID  string
	IpocCode    string // the same operation in every institution that shows it
	Number      string // contractNumber
	BrandName   string
	CompanyCNPJ string

	ProductName            string
	ProductType            string
	ProductSubType         string
	ProductSubTypeCategory string // loans 2.5

	ContractDate         string   // YYYY-MM-DD, as all dates here
	DisbursementDates    []string // of v1 a list of one
	SettlementDate       string   // "" while the contract runs
	DueDate              string
	FirstInstalmentDue   string // firstInstalmentDueDate
	Amount               string // contractAmount; zero is usual for revolving credit
	Currency             string
	NextInstalmentAmount string // loans 2.5

	InstalmentPeriodicity               string
	InstalmentPeriodicityAdditionalInfo string
	AmortizationScheduled               string
	AmortizationScheduledAdditionalInfo string
	CET                                 string // total effective cost a year
	HasInsurance                        Bool   // hasInsuranceContracted
	ConsigneeCNPJ                       string // cnpjConsignee: who deducts the instalments from the pay

	InterestRates  []InterestRate
	Fees           []ContractFee    // contractedFees
	FinanceCharges []ContractCharge // contractedFinanceCharges
	Warranties     []Warranty
	Schedule       *InstalmentSchedule // scheduled-instalments; nil when absent
	Payments       *ContractPayments   // nil when absent
}

// InterestRate is an item of a contract's interestRates.
type InterestRate struct {
	TaxType               string // NOMINAL, EFETIVA
	InterestRateType      string // SIMPLES, COMPOSTO
	TaxPeriodicity        string // AM a month, AA a year
	Calculation           string // 21/252, 30/360, 30/365
	IndexerType           string // referentialRateIndexerType
	IndexerSubType        string // referentialRateIndexerSubType
	IndexerAdditionalInfo string // referentialRateIndexerAdditionalInfo
	PreFixedRate          string
	PostFixedRate         string
	AdditionalInfo        string
}

// ContractFee is an item of contractedFees.
type ContractFee struct {
	Name       string // feeName
	Code       string // feeCode
	ChargeType string // feeChargeType: UNICA, POR_PARCELA
	Charge     string // feeCharge: MINIMO, MAXIMO, FIXO, PERCENTUAL
	Amount     string // feeAmount
	Rate       string // feeRate
}

// ContractCharge is an item of contractedFinanceCharges.
type ContractCharge struct {
	Type           string // chargeType; SEM_ENCARGO is a value of its own here
	AdditionalInfo string // chargeAdditionalInfo
	Rate           string // chargeRate
}

// Warranty is an item of a contract's warranties.
type Warranty struct {
	Type     string // warrantyType
	SubType  string // warrantySubType
	Amount   string // warrantyAmount
	Currency string
}

// AbsentCount is the value of a count that was not sent.
const AbsentCount = -1

// InstalmentSchedule is OFB scheduled-instalments. Counts are [AbsentCount] when
// they were not sent.
type InstalmentSchedule struct {
	TotalUnit       string // typeNumberOfInstalments, the unit of Total: DIA, SEMANA, MES, ANO, SEM_PRAZO_TOTAL
	Total           int32  // totalNumberOfInstalments
	RemainingUnit   string // typeContractRemaining, the unit of Remaining: …, SEM_PRAZO_REMANESCENTE
	Remaining       int32  // contractRemainingNumber
	Paid            int32  // paidInstalments
	Due             int32  // dueInstalments
	PastDue         int32  // pastDueInstalments
	BalloonPayments []BalloonPayment
}

// BalloonPayment is an instalment out of the regular row.
type BalloonPayment struct {
	DueDate string
	Amount  Money // the one object {amount, currency} of the contract APIs
}

// ContractPayments is OFB payments of a contract.
type ContractPayments struct {
	PaidInstalments    int32  // [AbsentCount] when not sent
	OutstandingBalance string // contractOutstandingBalance
	LastUpdated        string // lastUpdatedContractOutstandingBalance, RFC 3339; loans 2.5
	TotalRemaining     string // totalRemainingAmount; loans 2.5
	Releases           []Release
}

// Release is one payment of a contract. It has an amount and a date.
type Release struct {
	PaymentID    string
	InstalmentID string
	IsOverParcel Bool // isOverParcelPayment: paid beside the regular instalments
	PaidDate     string
	Amount       string // paidAmount; may be negative
	Currency     string
	OverFees     []OverParcelFee    // overParcel.fees
	OverCharges  []OverParcelCharge // overParcel.charges
}

// OverParcelFee is a fee paid beside the instalments.
type OverParcelFee struct {
	Name   string // feeName
	Code   string // feeCode
	Amount string // feeAmount
}

// OverParcelCharge is a charge paid beside the instalments.
type OverParcelCharge struct {
	Type           string // chargeType
	AdditionalInfo string // chargeAdditionalInfo
	Amount         string // chargeAmount
}

// PersonalQualification is OFB PersonalQualificationData.
type PersonalQualification struct {
	UpdateDateTime        string
	BrandName             string // not in OFB; read where a transmitter adds it
	CompanyCNPJ           string // the institution's
	OccupationCode        string // RECEITA_FEDERAL, CBO, OUTRO: the list that OccupationDescription is a code of
	OccupationDescription string
	EmployerName          string // preview 2.3
	EmployerCnpjCpf       string // preview 2.3
	InformedIncome        *Informed
	InformedPatrimony     *Informed
}

// BusinessQualification is OFB BusinessQualificationData.
type BusinessQualification struct {
	UpdateDateTime     string
	BrandName          string // not in OFB; read where a transmitter adds it
	CompanyCNPJ        string // not in OFB; the institution's, read where a transmitter adds it
	EconomicActivities []EconomicActivity
	InformedRevenue    *Informed
	InformedPatrimony  *Informed
}

// Informed is an amount as the customer told it: income, revenue or assets.
type Informed struct {
	Frequency               string // DIARIA, SEMANAL … OUTROS; "" for assets
	FrequencyAdditionalInfo string // companies
	Amount                  Money
	Date                    string // YYYY-MM-DD: a person's income, a company's assets
	Year                    int32  // a person's assets, a company's revenue; 0 when absent
}

// EconomicActivity is an item of economicActivities.
type EconomicActivity struct {
	Code   string // CNAE, 7 digits
	IsMain Bool
}

// FinancialRelation is OFB PersonalFinancialRelationData or
// BusinessFinancialRelationData: what binds a customer to an institution.
type FinancialRelation struct {
	UpdateDateTime                     string
	BrandName                          string // not in OFB; read where a transmitter adds it
	CompanyCNPJ                        string // not in OFB; the institution's, read where a transmitter adds it
	StartDate                          string // customer since, RFC 3339, or a bare date where that was sent
	ProductsServicesTypes              []string
	ProductsServicesTypeAdditionalInfo string
	Procurators                        []Procurator
	Accounts                           []RelationAccount
	PortabilitiesReceived              []SalaryLink // persons since 2.1
	PaychecksBankLinks                 []SalaryLink // paychecksBankLink; persons since 2.1
}

// Procurator is a representative of a customer.
type Procurator struct {
	Type       string // REPRESENTANTE_LEGAL, PROCURADOR
	CnpjCpf    string // cpfNumber of a person's, cnpjCpfNumber of a company's
	CivilName  string
	SocialName string
}

// RelationAccount is an account as the financial relations show it.
type RelationAccount struct {
	CompeCode  string // 3 digits
	BranchCode string
	Number     string
	CheckDigit string
	Type       string
	Subtype    string // persons
}

// SalaryLink ties a salary to the bank that keeps the salary account: of
// portabilitiesReceived the bank that it comes from, of paychecksBankLink this one.
type SalaryLink struct {
	EmployerName    string
	EmployerCnpjCpf string
	BankCNPJ        string // paycheckBankDetainerCnpj, paycheckBankCnpj
	BankISPB        string // paycheckBankDetainerIspb, paycheckBankIspb; 8 characters
	Date            string // portabilityApprovalDate, accountOpeningDate
}

// Investment is one holding of the five OFB investment APIs with its product,
// positions and movements merged into it. What the APIs name differently has one
// name here; fields of other APIs are absent. It has an InvestmentID.
//
// Quantities are decimal texts as sent, of 2 to 10 decimals. Rates are fractions
// as in [Contract]: "1.100000" of an indexer is 110 % of it.
type Investment struct {
	InvestmentID string
	BrandName    string
	CompanyCNPJ  string

	Type                      string // investmentType: CDB, RDB, LCI, LCA; DEBENTURES, CRI, CRA
	Name                      string // productName of a treasury title, name of a fund
	Ticker                    string // variable income
	ISIN                      string // isinCode
	ClearingCode              string
	IssuerCNPJ                string // issuerInstitutionCnpjNumber
	DebtorCNPJ                string // debtorCnpjNumber
	DebtorName                string
	FundCNPJ                  string // cnpjNumber
	AnbimaCategory            string // RENDA_FIXA, ACOES, MULTIMERCADO, CAMBIAL
	AnbimaClass               string
	AnbimaSubclass            string
	TaxExempt                 string // taxExemptProduct: SIM, NAO
	VoucherPaymentIndicator   string // SIM, NAO: whether it pays coupons
	VoucherPaymentPeriodicity string
	VoucherPaymentAdditional  string // voucherPaymentPeriodicityAdditionalInfo
	Remuneration              *Remuneration
	IssueUnitPrice            Price
	IssueDate                 string
	DueDate                   string
	PurchaseDate              string
	GracePeriodDate           string // liquid from this day on

	Balances            []InvestmentBalance     // one; of variable income up to 1.2.1 one for each date
	Transactions        []InvestmentTransaction // nil where no list was sent, empty where an empty one was
	TransactionsCurrent []InvestmentTransaction // the last seven days; overlaps Transactions
	BrokerNotes         []BrokerNote            // variable income
}

// Remuneration is how a fixed income pays.
type Remuneration struct {
	PreFixedRate               string
	PostFixedIndexerPercentage string
	RateType                   string // LINEAR …
	RatePeriodicity            string // MENSAL, DIARIO …
	Calculation                string // DIAS_UTEIS, DIAS_CORRIDOS
	Indexer                    string // CDI, IPCA, SELIC, PRE_FIXADO …
	IndexerAdditionalInfo      string
}

// InvestmentBalance is a position. A closed one stays listed for a while, with zeros.
type InvestmentBalance struct {
	ReferenceDate              string // referenceDate: variable income, funds
	ReferenceDateTime          string // referenceDateTime: the others; RFC 3339
	Quantity                   string // quantity, quotaQuantity
	UnitPrice                  Price  // updatedUnitPrice, closingPrice, quotaGrossPriceValue
	PurchaseUnitPrice          Price
	PriceFactor                string // variable income: closingPrice is for so many units
	Gross                      Money  // grossAmount
	Net                        Money  // netAmount; variable income has none
	IncomeTax                  Money  // incomeTax, incomeTaxProvision
	FinancialTransactionTax    Money  // financialTransactionTax, financialTransactionTaxProvision: IOF
	Blocked                    Money  // blockedBalance, blockedAmount
	Fine                       Money
	LatePayment                Money
	PreFixedRate               string
	PostFixedIndexerPercentage string
}

// InvestmentTransaction is a movement of a holding. It has a direction, a date
// and at least one of Gross, Net and Value.
type InvestmentTransaction struct {
	TransactionID           string
	Type                    string // ENTRADA, SAIDA
	TransactionType         string // APLICACAO, RESGATE, COMPRA, VENDA, JCP, COME_COTAS …
	AdditionalInfo          string // transactionTypeAdditionalInfo
	Date                    string // transactionDate, transactionConversionDate
	Quantity                string // transactionQuantity, transactionQuotaQuantity
	UnitPrice               Price  // transactionUnitPrice, transactionQuotaPrice
	PriceFactor             string // variable income
	Gross                   Money  // transactionGrossValue
	Net                     Money  // transactionNetValue
	Value                   Money  // transactionValue: variable income, funds
	IncomeTax               Money
	FinancialTransactionTax Money
	ExitFee                 Money  // transactionExitFee: funds
	RemunerationRate        string // remunerationTransactionRate
	IndexerPercentage       string
	BrokerNoteID            string
}

// BrokerNote is OFB broker-notes: the costs of the deals of a day.
type BrokerNote struct {
	BrokerNoteID                     string // read where a transmitter adds it
	Number                           string // brokerNoteNumber
	GrossValue                       Money
	BrokerageFee                     Money
	ClearingSettlementFee            Money
	ClearingRegistrationFee          Money
	StockExchangeAssetTradeNoticeFee Money
	StockExchangeFee                 Money
	ClearingCustodyFee               Money
	Taxes                            Money
	IncomeTax                        Money
	NetValue                         Money
}

// Exchange is one OFB exchanges operation with its events. It has an OperationID.
type Exchange struct {
	OperationID      string
	BrandName        string
	CompanyCNPJ      string
	InstitutionCNPJ  string // authorizedInstitutionCnpjNumber
	InstitutionName  string // authorizedInstitutionName
	IntermediaryCNPJ string // intermediaryInstitutionCnpjNumber
	IntermediaryName string // intermediaryInstitutionName
	Number           string // operationNumber
	Type             string // operationType: COMPRA, VENDA of foreign currency
	Date             string // operationDate, RFC 3339
	ExchangeTerms
	Events []ExchangeEvent
}

// ExchangeTerms are the terms of an operation, or those that an event changed.
type ExchangeTerms struct {
	DueDate                 string
	Rate                    Price  // localCurrencyOperationTax: the exchange rate
	Local                   Money  // localCurrencyOperationValue, BRL
	Foreign                 Money  // foreignOperationValue
	OutstandingBalance      Money  // operationOutstandingBalance
	VET                     Price  // vetAmount: the total effective rate
	AdvancePercentage       string // localCurrencyAdvancePercentage, a fraction
	DeliveryForeignCurrency string
	CategoryCode            string // operationCategoryCode, 5 digits
}

// ExchangeEvent is a change of an operation.
type ExchangeEvent struct {
	SequenceNumber string // eventSequenceNumber
	Type           string // eventType: 1 contract, 2 change, 3 cancellation, 4 settlement, 5 write-off, 6 reinstatement, 9 annulment
	Date           string // eventDate, RFC 3339
	ExchangeTerms
	Partie ForeignPartie
}

// ForeignPartie is the other side of an operation, abroad.
type ForeignPartie struct {
	RelationshipCode string
	Name             string // foreignPartieName
	CountryCode      string // foreignPartieCountryCode, two letters
}
