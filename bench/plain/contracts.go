package plain

// Contract is OFB loans, financings, invoice-financings and
// unarranged-accounts-overdraft 2.x, with the sub-resources merged in.
type Contract struct {
	ContractID                          string           `json:"contractId"`
	BrandName                           string           `json:"brandName"`
	CompanyCnpj                         string           `json:"companyCnpj"`
	ContractNumber                      string           `json:"contractNumber"`
	IpocCode                            string           `json:"ipocCode"`
	ProductName                         string           `json:"productName"`
	ProductType                         string           `json:"productType"`
	ProductSubType                      string           `json:"productSubType"`
	ProductSubTypeCategory              string           `json:"productSubTypeCategory,omitzero"`
	ContractDate                        string           `json:"contractDate"`
	DisbursementDates                   []string         `json:"disbursementDates,omitzero"`
	SettlementDate                      string           `json:"settlementDate,omitzero"`
	ContractAmount                      string           `json:"contractAmount"`
	Currency                            string           `json:"currency"`
	DueDate                             string           `json:"dueDate,omitzero"`
	InstalmentPeriodicity               string           `json:"instalmentPeriodicity"`
	InstalmentPeriodicityAdditionalInfo string           `json:"instalmentPeriodicityAdditionalInfo,omitzero"`
	FirstInstalmentDueDate              string           `json:"firstInstalmentDueDate,omitzero"`
	Cet                                 string           `json:"CET,omitzero"`
	AmortizationScheduled               string           `json:"amortizationScheduled"`
	AmortizationScheduledAdditionalInfo string           `json:"amortizationScheduledAdditionalInfo,omitzero"`
	CnpjConsignee                       string           `json:"cnpjConsignee,omitzero"`
	NextInstalmentAmount                string           `json:"nextInstalmentAmount,omitzero"`
	HasInsuranceContracted              bool             `json:"hasInsuranceContracted"`
	InterestRates                       []InterestRate   `json:"interestRates"`
	ContractedFees                      []ContractFee    `json:"contractedFees"`
	ContractedFinanceCharges            []ContractCharge `json:"contractedFinanceCharges"`
	Warranties                          []Warranty       `json:"warranties"`
	ScheduledInstalments                Schedule         `json:"scheduled-instalments"`
	Payments                            ContractPayments `json:"payments"`
}

// InterestRate is a rate of a contract.
type InterestRate struct {
	TaxType                       string `json:"taxType"`
	InterestRateType              string `json:"interestRateType"`
	TaxPeriodicity                string `json:"taxPeriodicity"`
	Calculation                   string `json:"calculation"`
	ReferentialRateIndexerType    string `json:"referentialRateIndexerType"`
	ReferentialRateIndexerSubType string `json:"referentialRateIndexerSubType,omitzero"`
	PreFixedRate                  string `json:"preFixedRate,omitzero"`
	PostFixedRate                 string `json:"postFixedRate,omitzero"`
	AdditionalInfo                string `json:"additionalInfo,omitzero"`
}

// ContractFee is a fee of a contract.
type ContractFee struct {
	FeeName       string `json:"feeName"`
	FeeCode       string `json:"feeCode"`
	FeeChargeType string `json:"feeChargeType"`
	FeeCharge     string `json:"feeCharge"`
	FeeAmount     string `json:"feeAmount,omitzero"`
	FeeRate       string `json:"feeRate,omitzero"`
}

// ContractCharge is what late payment of a contract costs.
type ContractCharge struct {
	ChargeType           string `json:"chargeType"`
	ChargeAdditionalInfo string `json:"chargeAdditionalInfo,omitzero"`
	ChargeRate           string `json:"chargeRate,omitzero"`
}

// Warranty is OFB warranties.
type Warranty struct {
	Currency        string `json:"currency"`
	WarrantyType    string `json:"warrantyType"`
	WarrantySubType string `json:"warrantySubType"`
	WarrantyAmount  string `json:"warrantyAmount"`
}

// Schedule is OFB scheduled-instalments.
type Schedule struct {
	TypeNumberOfInstalments  string           `json:"typeNumberOfInstalments"`
	TotalNumberOfInstalments int              `json:"totalNumberOfInstalments"`
	TypeContractRemaining    string           `json:"typeContractRemaining"`
	ContractRemainingNumber  int              `json:"contractRemainingNumber"`
	PaidInstalments          int              `json:"paidInstalments"`
	DueInstalments           int              `json:"dueInstalments"`
	PastDueInstalments       int              `json:"pastDueInstalments"`
	BalloonPayments          []BalloonPayment `json:"balloonPayments,omitzero"`
}

// BalloonPayment is an instalment out of the regular row.
type BalloonPayment struct {
	DueDate string `json:"dueDate"`
	Amount  Money  `json:"amount"`
}

// ContractPayments is OFB payments of a contract.
type ContractPayments struct {
	PaidInstalments            int       `json:"paidInstalments"`
	ContractOutstandingBalance string    `json:"contractOutstandingBalance"`
	Releases                   []Release `json:"releases"`
}

// Release is a payment of a contract.
type Release struct {
	IsOverParcelPayment bool       `json:"isOverParcelPayment"`
	PaymentID           string     `json:"paymentId"`
	InstalmentID        string     `json:"instalmentId,omitzero"`
	PaidDate            string     `json:"paidDate"`
	Currency            string     `json:"currency"`
	PaidAmount          string     `json:"paidAmount"`
	OverParcel          OverParcel `json:"overParcel,omitzero"`
}

// OverParcel is what was paid beside an instalment.
type OverParcel struct {
	Fees    []OverParcelFee    `json:"fees"`
	Charges []OverParcelCharge `json:"charges"`
}

// OverParcelFee is a fee paid beside an instalment.
type OverParcelFee struct {
	FeeName   string `json:"feeName"`
	FeeCode   string `json:"feeCode"`
	FeeAmount string `json:"feeAmount"`
}

// OverParcelCharge is a charge paid beside an instalment.
type OverParcelCharge struct {
	ChargeType           string `json:"chargeType"`
	ChargeAdditionalInfo string `json:"chargeAdditionalInfo,omitzero"`
	ChargeAmount         string `json:"chargeAmount"`
}
