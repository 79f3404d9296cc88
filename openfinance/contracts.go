package openfinance

import "math"

// This file holds the table of the four OFB credit APIs (loans, financings,
// invoice-financings, unarranged-accounts-overdraft), versions 1.0 to the
// previews of 2.6. They have one shape.

var contractTable = func() *table[Contract] {
	t := newTable(
		id("contractId", func(c *Contract) *string { return &c.ContractID }),
		id("ipocCode", func(c *Contract) *string { return &c.IpocCode }),
		id("contractNumber", func(c *Contract) *string { return &c.Number }),
		text("brandName", func(c *Contract) *string { return &c.BrandName }),
		cnpj("companyCnpj", func(c *Contract) *string { return &c.CompanyCNPJ }),
		text("productName", func(c *Contract) *string { return &c.ProductName }),
		enum("productType", func(c *Contract) *string { return &c.ProductType }),
		enum("productSubType", func(c *Contract) *string { return &c.ProductSubType }),
		enum("productSubTypeCategory", func(c *Contract) *string { return &c.ProductSubTypeCategory }),
		date("contractDate", func(c *Contract) *string { return &c.ContractDate }),
		dates("disbursementDates", func(c *Contract) *[]string { return &c.DisbursementDates }).or("disbursementDate"),
		date("settlementDate", func(c *Contract) *string { return &c.SettlementDate }),
		date("dueDate", func(c *Contract) *string { return &c.DueDate }),
		date("firstInstalmentDueDate", func(c *Contract) *string { return &c.FirstInstalmentDue }),
		plain("contractAmount", func(c *Contract) (*string, *string) { return &c.Amount, &c.Currency }),
		currency("currency", func(c *Contract) *string { return &c.Currency }),
		plain("nextInstalmentAmount", func(c *Contract) (*string, *string) { return &c.NextInstalmentAmount, &c.Currency }),
		enum("instalmentPeriodicity", func(c *Contract) *string { return &c.InstalmentPeriodicity }),
		text("instalmentPeriodicityAdditionalInfo", func(c *Contract) *string { return &c.InstalmentPeriodicityAdditionalInfo }),
		enum("amortizationScheduled", func(c *Contract) *string { return &c.AmortizationScheduled }),
		text("amortizationScheduledAdditionalInfo", func(c *Contract) *string { return &c.AmortizationScheduledAdditionalInfo }),
		rate("CET", func(c *Contract) *string { return &c.CET }),
		truth("hasInsuranceContracted", func(c *Contract) *Bool { return &c.HasInsurance }),
		cnpj("cnpjConsignee", func(c *Contract) *string { return &c.ConsigneeCNPJ }),
		records("interestRates", interestRateTable, func(c *Contract) *[]InterestRate { return &c.InterestRates }).also("interestRate"),
		records("contractedFees", contractFeeTable, func(c *Contract) *[]ContractFee { return &c.Fees }).also("contractedFee"),
		records("contractedFinanceCharges", contractChargeTable, func(c *Contract) *[]ContractCharge { return &c.FinanceCharges }).also("contractedFinanceCharge"),
		records("warranties", warrantyTable, func(c *Contract) *[]Warranty { return &c.Warranties }).also("warranty"),
		optional("scheduled-instalments", scheduleTable, func(c *Contract) **InstalmentSchedule { return &c.Schedule }).also("scheduled-instalment"),
		optional("payments", contractPaymentsTable, func(c *Contract) **ContractPayments { return &c.Payments }).also("payment"),
	)
	t.settle = func(r *reader, c *Contract) {
		if c.ContractID == "" && c.IpocCode == "" && c.Number == "" {
			r.leaveOut("contractId", "is missing, as are ipocCode and contractNumber: send one of them")
			return
		}
		if !instalmentsAddUp(c) {
			r.warn(spot{key: "scheduled-instalments"}, "has instalments that do not add up to totalNumberOfInstalments, kept as sent: check paidInstalments, dueInstalments and pastDueInstalments")
		}
		if !paidAgree(c) {
			r.warn(spot{key: "payments"}, "has other paidInstalments than scheduled-instalments, kept as sent: check which of the two is right")
		}
	}
	return t
}()

// rhythmOf is the periodicity of instalments of which there is one to a unit of
// the total.
//
//nolint:misspell // The words are Portuguese.
var rhythmOf = map[string]string{"SEMANA": "SEMANAL", "MES": "MENSAL", "ANO": "ANUAL"}

// instalmentsAddUp reports whether paid and due instalments are the total, with or
// without those past due, which some transmitters count as due. A total that is
// told in another unit than the instalments come in says nothing of their number.
func instalmentsAddUp(c *Contract) bool {
	s := c.Schedule
	if s == nil || s.Total == AbsentCount || s.Paid == AbsentCount || s.Due == AbsentCount {
		return true
	}
	rhythm, same := rhythmOf[s.TotalUnit]
	if !same || rhythm != c.InstalmentPeriodicity {
		return true
	}
	sum := int64(s.Paid) + int64(s.Due)
	return sum == int64(s.Total) || sum+int64(max(s.PastDue, 0)) == int64(s.Total)
}

// paidAgree reports whether both sub-resources tell as many paid instalments.
func paidAgree(c *Contract) bool {
	if c.Schedule == nil || c.Payments == nil || c.Schedule.Paid == AbsentCount || c.Payments.PaidInstalments == AbsentCount {
		return true
	}
	return c.Schedule.Paid == c.Payments.PaidInstalments
}

var interestRateTable = func() *table[InterestRate] {
	t := newTable(
		enum("taxType", func(i *InterestRate) *string { return &i.TaxType }),
		enum("interestRateType", func(i *InterestRate) *string { return &i.InterestRateType }),
		enum("taxPeriodicity", func(i *InterestRate) *string { return &i.TaxPeriodicity }),
		enum("calculation", func(i *InterestRate) *string { return &i.Calculation }),
		enum("referentialRateIndexerType", func(i *InterestRate) *string { return &i.IndexerType }),
		enum("referentialRateIndexerSubType", func(i *InterestRate) *string { return &i.IndexerSubType }),
		text("referentialRateIndexerAdditionalInfo", func(i *InterestRate) *string { return &i.IndexerAdditionalInfo }),
		rate("preFixedRate", func(i *InterestRate) *string { return &i.PreFixedRate }),
		rate("postFixedRate", func(i *InterestRate) *string { return &i.PostFixedRate }),
		text("additionalInfo", func(i *InterestRate) *string { return &i.AdditionalInfo }),
	)
	t.nothing = isBlank
	return t
}()

var contractFeeTable = func() *table[ContractFee] {
	t := newTable(
		text("feeName", func(f *ContractFee) *string { return &f.Name }),
		text("feeCode", func(f *ContractFee) *string { return &f.Code }),
		enum("feeChargeType", func(f *ContractFee) *string { return &f.ChargeType }),
		enum("feeCharge", func(f *ContractFee) *string { return &f.Charge }),
		plain("feeAmount", func(f *ContractFee) (*string, *string) { return &f.Amount, nil }),
		rate("feeRate", func(f *ContractFee) *string { return &f.Rate }),
	)
	t.nothing = isBlank
	return t
}()

var contractChargeTable = func() *table[ContractCharge] {
	t := newTable(
		label("chargeType", func(c *ContractCharge) *string { return &c.Type }),
		text("chargeAdditionalInfo", func(c *ContractCharge) *string { return &c.AdditionalInfo }),
		rate("chargeRate", func(c *ContractCharge) *string { return &c.Rate }),
	)
	t.nothing = isBlank
	return t
}()

var warrantyTable = func() *table[Warranty] {
	t := newTable(
		enum("warrantyType", func(w *Warranty) *string { return &w.Type }),
		label("warrantySubType", func(w *Warranty) *string { return &w.SubType }),
		plain("warrantyAmount", func(w *Warranty) (*string, *string) { return &w.Amount, &w.Currency }),
		currency("currency", func(w *Warranty) *string { return &w.Currency }),
	)
	// v1 said SEM_TIPO_GARANTIA in a row of its own, with an amount of zero.
	t.nothing = func(w *Warranty) bool {
		return w.Type == "" && isSentinel(w.SubType) && isZero(w.Amount) || isBlank(w)
	}
	return t
}()

var scheduleTable = func() *table[InstalmentSchedule] {
	balloon := newTable(
		date("dueDate", func(b *BalloonPayment) *string { return &b.DueDate }),
		cash("amount", func(b *BalloonPayment) *Money { return &b.Amount }),
		currency("currency", func(b *BalloonPayment) *string { return &b.Amount.Currency }),
	)
	balloon.nothing = isBlank
	t := newTable(
		enum("typeNumberOfInstalments", func(s *InstalmentSchedule) *string { return &s.TotalUnit }),
		whole("totalNumberOfInstalments", math.MaxInt32, func(s *InstalmentSchedule) *int32 { return &s.Total }),
		enum("typeContractRemaining", func(s *InstalmentSchedule) *string { return &s.RemainingUnit }),
		whole("contractRemainingNumber", math.MaxInt32, func(s *InstalmentSchedule) *int32 { return &s.Remaining }),
		whole("paidInstalments", math.MaxInt32, func(s *InstalmentSchedule) *int32 { return &s.Paid }),
		whole("dueInstalments", math.MaxInt32, func(s *InstalmentSchedule) *int32 { return &s.Due }),
		whole("pastDueInstalments", math.MaxInt32, func(s *InstalmentSchedule) *int32 { return &s.PastDue }),
		records("balloonPayments", balloon, func(s *InstalmentSchedule) *[]BalloonPayment { return &s.BalloonPayments }).also("balloonPayment"),
	)
	t.absent = func(s *InstalmentSchedule) {
		s.Total, s.Remaining = AbsentCount, AbsentCount
		s.Paid, s.Due, s.PastDue = AbsentCount, AbsentCount, AbsentCount
	}
	return t
}()

var contractPaymentsTable = func() *table[ContractPayments] {
	t := newTable(
		whole("paidInstalments", math.MaxInt32, func(p *ContractPayments) *int32 { return &p.PaidInstalments }),
		plain("contractOutstandingBalance", func(p *ContractPayments) (*string, *string) { return &p.OutstandingBalance, nil }),
		instant("lastUpdatedContractOutstandingBalance", func(p *ContractPayments) *string { return &p.LastUpdated }),
		plain("totalRemainingAmount", func(p *ContractPayments) (*string, *string) { return &p.TotalRemaining, nil }),
		movements("releases", releaseTable, releases, func(p *ContractPayments) *[]Release { return &p.Releases }).also("release"),
	)
	t.absent = func(p *ContractPayments) { p.PaidInstalments = AbsentCount }
	return t
}()

var releaseTable = func() *table[Release] {
	fee := newTable(
		text("feeName", func(f *OverParcelFee) *string { return &f.Name }),
		text("feeCode", func(f *OverParcelFee) *string { return &f.Code }),
		plain("feeAmount", func(f *OverParcelFee) (*string, *string) { return &f.Amount, nil }),
	)
	fee.nothing = isBlank
	charge := newTable(
		label("chargeType", func(c *OverParcelCharge) *string { return &c.Type }),
		text("chargeAdditionalInfo", func(c *OverParcelCharge) *string { return &c.AdditionalInfo }),
		plain("chargeAmount", func(c *OverParcelCharge) (*string, *string) { return &c.Amount, nil }),
	)
	charge.nothing = isBlank
	beside := newTable(
		records("fees", fee, func(r *Release) *[]OverParcelFee { return &r.OverFees }).also("fee"),
		records("charges", charge, func(r *Release) *[]OverParcelCharge { return &r.OverCharges }).also("charge"),
	)
	t := newTable(
		id("paymentId", func(p *Release) *string { return &p.PaymentID }),
		id("instalmentId", func(p *Release) *string { return &p.InstalmentID }),
		truth("isOverParcelPayment", func(p *Release) *Bool { return &p.IsOverParcel }),
		date("paidDate", func(p *Release) *string { return &p.PaidDate }).must(),
		plain("paidAmount", func(p *Release) (*string, *string) { return &p.Amount, &p.Currency }).must(),
		currency("currency", func(p *Release) *string { return &p.Currency }),
		flat("overParcel", beside),
	)
	t.settle = func(r *reader, p *Release) {
		if p.PaidDate == "" {
			r.leaveOut("paidDate", "is missing: send YYYY-MM-DD")
		}
		if p.Amount == "" {
			r.leaveOut("paidAmount", "is missing: send a text of digits, a point and 2 to 4 decimals")
		}
	}
	return t
}()
