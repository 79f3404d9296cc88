// Package plain is the denominator of every speed figure of the project: the
// time that [Unmarshal] takes for the same bytes.
//
// It is frozen. Its structs are the plainest that hold a userdata document of
// accounts, cards, contracts, holdings and one person: strings, booleans,
// numbers, slices and structs, no pointers and no methods, so that the JSON
// package does nothing but read. It has every key that the bench document has, as
// one that it lacks would be skipped, which is cheaper. A change here moves every
// ratio: it comes with a new bench document only, and docs/performance.md says so.
package plain

import "github.com/go-json-experiment/json"

// Unmarshal reads a userdata document with the JSON package alone.
func Unmarshal(body []byte) (Document, error) {
	var d Document
	err := json.Unmarshal(body, &d)
	return d, err
}

// Marshal writes a document; absent fields are left out.
func Marshal(d Document) ([]byte, error) {
	return json.Marshal(d, json.Deterministic(true))
}

// Document is a userdata document.
type Document struct {
	Accounts                       []Account `json:"accounts,omitzero"`
	CreditCardsAccounts            []Card    `json:"creditCardsAccounts,omitzero"`
	PersonalCustomerIdentification []Person  `json:"personalCustomerIdentification,omitzero"`

	Loans                       []Contract `json:"loans,omitzero"`
	Financings                  []Contract `json:"financings,omitzero"`
	InvoiceFinancings           []Contract `json:"invoiceFinancings,omitzero"`
	UnarrangedAccountsOverdraft []Contract `json:"unarrangedAccountsOverdraft,omitzero"`

	BankFixedIncomes   []FixedIncome    `json:"bankFixedIncomes,omitzero"`
	CreditFixedIncomes []FixedIncome    `json:"creditFixedIncomes,omitzero"`
	VariableIncomes    []VariableIncome `json:"variableIncomes,omitzero"`
	TreasureTitles     []FixedIncome    `json:"treasureTitles,omitzero"`
	Funds              []Fund           `json:"funds,omitzero"`
}

// Money is OFB {amount, currency}.
type Money struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

// Account is OFB accounts 2.x.
type Account struct {
	AccountID           string        `json:"accountId"`
	BrandName           string        `json:"brandName"`
	CompanyCnpj         string        `json:"companyCnpj"`
	CompeCode           string        `json:"compeCode"`
	BranchCode          string        `json:"branchCode,omitzero"`
	Number              string        `json:"number"`
	CheckDigit          string        `json:"checkDigit"`
	Type                string        `json:"type"`
	Subtype             string        `json:"subtype"`
	Currency            string        `json:"currency"`
	Balances            Balances      `json:"balances"`
	OverdraftLimits     Overdraft     `json:"overdraft-limits,omitzero"`
	Transactions        []Transaction `json:"transactions"`
	TransactionsCurrent []Transaction `json:"transactions-current,omitzero"`
}

// Balances is OFB balances.
type Balances struct {
	AvailableAmount             Money  `json:"availableAmount"`
	BlockedAmount               Money  `json:"blockedAmount"`
	AutomaticallyInvestedAmount Money  `json:"automaticallyInvestedAmount"`
	UpdateDateTime              string `json:"updateDateTime"`
}

// Overdraft is OFB overdraft-limits.
type Overdraft struct {
	OverdraftContractedLimit  Money `json:"overdraftContractedLimit"`
	OverdraftUsedLimit        Money `json:"overdraftUsedLimit"`
	UnarrangedOverdraftAmount Money `json:"unarrangedOverdraftAmount"`
}

// Transaction is OFB account transactions.
type Transaction struct {
	TransactionID                  string `json:"transactionId"`
	CompletedAuthorisedPaymentType string `json:"completedAuthorisedPaymentType"`
	CreditDebitType                string `json:"creditDebitType"`
	TransactionName                string `json:"transactionName"`
	Type                           string `json:"type"`
	TransactionAmount              Money  `json:"transactionAmount"`
	TransactionDateTime            string `json:"transactionDateTime"`
	PartieCnpjCpf                  string `json:"partieCnpjCpf,omitzero"`
	PartiePersonType               string `json:"partiePersonType,omitzero"`
	PartieCompeCode                string `json:"partieCompeCode,omitzero"`
	PartieBranchCode               string `json:"partieBranchCode,omitzero"`
	PartieNumber                   string `json:"partieNumber,omitzero"`
	PartieCheckDigit               string `json:"partieCheckDigit,omitzero"`
}

// Card is OFB credit-cards-accounts 2.x.
type Card struct {
	CreditCardAccountID   string            `json:"creditCardAccountId"`
	BrandName             string            `json:"brandName"`
	CompanyCnpj           string            `json:"companyCnpj"`
	Name                  string            `json:"name"`
	ProductType           string            `json:"productType"`
	ProductAdditionalInfo string            `json:"productAdditionalInfo,omitzero"`
	CreditCardNetwork     string            `json:"creditCardNetwork"`
	NetworkAdditionalInfo string            `json:"networkAdditionalInfo,omitzero"`
	PaymentMethod         []PaymentMethod   `json:"paymentMethod"`
	Limits                []Limit           `json:"limits"`
	Bills                 []Bill            `json:"bills"`
	Transactions          []CardTransaction `json:"transactions"`
}

// PaymentMethod is a card of the account.
type PaymentMethod struct {
	IdentificationNumber string `json:"identificationNumber"`
	IsMultipleCreditCard bool   `json:"isMultipleCreditCard"`
}

// Limit is OFB limits.
type Limit struct {
	CreditLineLimitType    string `json:"creditLineLimitType"`
	ConsolidationType      string `json:"consolidationType"`
	IdentificationNumber   string `json:"identificationNumber"`
	LineName               string `json:"lineName,omitzero"`
	LineNameAdditionalInfo string `json:"lineNameAdditionalInfo,omitzero"`
	IsLimitFlexible        bool   `json:"isLimitFlexible"`
	LimitAmount            Money  `json:"limitAmount"`
	UsedAmount             Money  `json:"usedAmount"`
	AvailableAmount        Money  `json:"availableAmount"`
}

// Bill is OFB bills.
type Bill struct {
	BillID            string    `json:"billId"`
	DueDate           string    `json:"dueDate"`
	BillTotalAmount   Money     `json:"billTotalAmount"`
	BillMinimumAmount Money     `json:"billMinimumAmount"`
	IsInstalment      bool      `json:"isInstalment"`
	FinanceCharges    []Charge  `json:"financeCharges,omitzero"`
	Payments          []Payment `json:"payments"`
}

// Charge is a finance charge of a bill.
type Charge struct {
	Type           string `json:"type"`
	AdditionalInfo string `json:"additionalInfo,omitzero"`
	Amount         string `json:"amount"`
	Currency       string `json:"currency"`
}

// Payment is a payment of a bill.
type Payment struct {
	ValueType   string `json:"valueType"`
	PaymentDate string `json:"paymentDate"`
	PaymentMode string `json:"paymentMode"`
	Amount      string `json:"amount"`
	Currency    string `json:"currency"`
}

// CardTransaction is OFB credit card transactions.
type CardTransaction struct {
	TransactionID               string `json:"transactionId"`
	IdentificationNumber        string `json:"identificationNumber"`
	TransactionName             string `json:"transactionName"`
	BillID                      string `json:"billId,omitzero"`
	CreditDebitType             string `json:"creditDebitType"`
	TransactionType             string `json:"transactionType"`
	TransactionalAdditionalInfo string `json:"transactionalAdditionalInfo,omitzero"`
	PaymentType                 string `json:"paymentType,omitzero"`
	FeeType                     string `json:"feeType,omitzero"`
	OtherCreditsType            string `json:"otherCreditsType,omitzero"`
	ChargeIdentificator         int    `json:"chargeIdentificator,omitzero"`
	ChargeNumber                int    `json:"chargeNumber,omitzero"`
	BrazilianAmount             Money  `json:"brazilianAmount"`
	Amount                      Money  `json:"amount"`
	TransactionDateTime         string `json:"transactionDateTime"`
	BillPostDate                string `json:"billPostDate,omitzero"`
	PayeeMCC                    int    `json:"payeeMCC,omitzero"`
}

// Person is OFB personal identifications.
type Person struct {
	UpdateDateTime          string          `json:"updateDateTime"`
	PersonalID              string          `json:"personalId"`
	BrandName               string          `json:"brandName"`
	CivilName               string          `json:"civilName"`
	SocialName              string          `json:"socialName,omitzero"`
	BirthDate               string          `json:"birthDate"`
	MaritalStatusCode       string          `json:"maritalStatusCode,omitzero"`
	Sex                     string          `json:"sex,omitzero"`
	CompaniesCnpj           []string        `json:"companiesCnpj"`
	Documents               Documents       `json:"documents"`
	OtherDocuments          []OtherDocument `json:"otherDocuments,omitzero"`
	HasBrazilianNationality bool            `json:"hasBrazilianNationality"`
	Filiation               []Filiation     `json:"filiation,omitzero"`
	Contacts                Contacts        `json:"contacts"`
}

// Documents holds the CPF.
type Documents struct {
	CpfNumber string `json:"cpfNumber"`
}

// OtherDocument is a document beside the CPF.
type OtherDocument struct {
	Type           string `json:"type"`
	Number         string `json:"number"`
	AdditionalInfo string `json:"additionalInfo,omitzero"`
	ExpirationDate string `json:"expirationDate,omitzero"`
}

// Filiation is a parent.
type Filiation struct {
	Type      string `json:"type"`
	CivilName string `json:"civilName"`
}

// Contacts are addresses, phones and e-mails.
type Contacts struct {
	PostalAddresses []Address `json:"postalAddresses"`
	Phones          []Phone   `json:"phones"`
	Emails          []Email   `json:"emails"`
}

// Address is a postal address.
type Address struct {
	IsMain             bool   `json:"isMain"`
	Address            string `json:"address"`
	DistrictName       string `json:"districtName"`
	TownName           string `json:"townName"`
	IbgeTownCode       string `json:"ibgeTownCode"`
	CountrySubDivision string `json:"countrySubDivision"`
	PostCode           string `json:"postCode"`
	Country            string `json:"country"`
	CountryCode        string `json:"countryCode"`
}

// Phone is a telephone number.
type Phone struct {
	IsMain             bool   `json:"isMain"`
	Type               string `json:"type"`
	CountryCallingCode string `json:"countryCallingCode"`
	AreaCode           string `json:"areaCode"`
	Number             string `json:"number"`
}

// Email is an e-mail address.
type Email struct {
	IsMain bool   `json:"isMain"`
	Email  string `json:"email"`
}
