package contract

import (
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
	"github.com/openklaas/klaas/openfinance"
)

// item writes one contract. The four kinds have one shape; loans have a few keys
// more, and an advance to a depositor may have no cost to tell.
type item struct {
	w    *encode.Writer
	in   *spec.Input
	c    *openfinance.Contract
	kind ledger.ContractKind
}

func (i item) isLoan() bool { return i.kind == ledger.Loan }

func (i item) write() {
	i.terms()
	i.warranties()
	i.interestRates()
	i.fees()
	i.financeCharges()
	i.schedule()
	i.payments()
	if i.isLoan() {
		i.w.FieldIf("nextInstalmentAmount", i.c.NextInstalmentAmount)
	}
	i.w.FieldIf("instalmentPeriodicityAdditionalInfo", i.c.InstalmentPeriodicityAdditionalInfo)
	i.w.FieldIf("amortizationScheduledAdditionalInfo", i.c.AmortizationScheduledAdditionalInfo)
	truth(i.w, "hasInsuranceContracted", i.c.HasInsurance)
	if !i.in.Strict() {
		i.w.FieldIf("contractId", i.c.ContractID)
		i.w.FieldIf("productName", i.c.ProductName)
		i.w.FieldIf("brandName", i.c.BrandName)
		i.w.FieldIf("companyCnpj", i.c.CompanyCNPJ)
	}
}

func (i item) terms() {
	w, c := i.w, i.c
	w.Field("productType", c.ProductType)
	w.Field("productSubType", c.ProductSubType)
	if i.isLoan() && !i.in.Strict() {
		w.FieldIf("productSubTypeCategory", c.ProductSubTypeCategory)
	}
	w.Field("ipocCode", c.IpocCode)
	w.Field("contractNumber", c.Number)
	w.Field("contractDate", c.ContractDate)
	w.FieldIf("settlementDate", c.SettlementDate)
	i.disbursements()
	w.Field("contractAmount", c.Amount)
	w.Field("currency", c.Currency)
	if c.Payments != nil {
		w.Field("contractOutstandingBalance", c.Payments.OutstandingBalance)
	}
	w.FieldIf("dueDate", c.DueDate)
	w.Field("instalmentPeriodicity", c.InstalmentPeriodicity)
	w.FieldIf("firstInstalmentDueDate", c.FirstInstalmentDue)
	i.cost()
	w.Field("amortizationScheduled", c.AmortizationScheduled)
	if i.isLoan() {
		w.FieldIf("cnpjConsignee", c.ConsigneeCNPJ)
	}
}

func (i item) disbursements() {
	if len(i.c.DisbursementDates) == 0 {
		return
	}
	i.w.Key("disbursementDates")
	i.w.OpenArray()
	for _, day := range i.c.DisbursementDates {
		i.w.String(day)
	}
	i.w.CloseArray()
}

// cost writes the total effective cost a year and a month.
func (i item) cost() {
	yearly, monthly := i.c.CET, money.MonthlyRate(i.c.CET)
	if i.kind == ledger.UnarrangedOverdraft {
		i.w.FieldIf("cetYearlyRate", yearly)
		i.w.FieldIf("cetMonthlyRate", monthly)
		return
	}
	i.w.Field("cetYearlyRate", yearly)
	i.w.Field("cetMonthlyRate", monthly)
}

func (i item) warranties() {
	list(i.w, "warranties", i.c.Warranties, func(w *encode.Writer, g *openfinance.Warranty) {
		w.Field("warrantyType", g.Type)
		w.Field("warrantySubType", g.SubType)
		w.Field("warrantyAmount", g.Amount)
		w.Field("currency", g.Currency)
	})
}

func (i item) interestRates() {
	list(i.w, "interestRates", i.c.InterestRates, func(w *encode.Writer, r *openfinance.InterestRate) {
		w.Field("taxType", r.TaxType)
		w.Field("interestRateType", r.InterestRateType)
		w.Field("taxPeriodicity", r.TaxPeriodicity)
		w.Field("calculation", r.Calculation)
		w.Field("referentialRateIndexerType", r.IndexerType)
		w.FieldIf("referentialRateIndexerSubType", r.IndexerSubType)
		w.FieldIf("referentialRateIndexerAdditionalInfo", r.IndexerAdditionalInfo)
		w.FieldIf("preFixedRate", r.PreFixedRate)
		w.FieldIf("postFixedRate", r.PostFixedRate)
		w.FieldIf("additionalInfo", r.AdditionalInfo)
	})
}

func (i item) fees() {
	list(i.w, "contractedFees", i.c.Fees, func(w *encode.Writer, f *openfinance.ContractFee) {
		w.Field("feeName", f.Name)
		w.Field("feeCode", f.Code)
		w.Field("feeChargeType", f.ChargeType)
		w.Field("feeCharge", f.Charge)
		w.FieldIf("feeAmount", f.Amount)
		w.FieldIf("feeRate", f.Rate)
	})
}

func (i item) financeCharges() {
	list(i.w, "contractedFinanceCharges", i.c.FinanceCharges, func(w *encode.Writer, c *openfinance.ContractCharge) {
		w.Field("chargeType", c.Type)
		w.FieldIf("chargeAdditionalInfo", c.AdditionalInfo)
		w.FieldIf("chargeRate", c.Rate)
	})
}

func (i item) schedule() {
	s := i.c.Schedule
	if s == nil {
		return
	}
	w := i.w
	w.Key("scheduledInstalments")
	w.OpenObject()
	w.Field("typeNumberOfInstalments", s.TotalUnit)
	count(w, "totalNumberOfInstalments", s.Total)
	w.FieldIf("typeContractRemaining", s.RemainingUnit)
	count(w, "contractRemainingNumber", s.Remaining)
	count(w, "paidInstalments", s.Paid)
	count(w, "dueInstalments", s.Due)
	count(w, "pastDueInstalments", s.PastDue)
	if len(s.BalloonPayments) > 0 {
		list(w, "balloonPayments", s.BalloonPayments, func(w *encode.Writer, b *openfinance.BalloonPayment) {
			w.Field("dueDate", b.DueDate)
			statement.Money(w, "amount", b.Amount)
		})
	}
	w.CloseObject()
}

func (i item) payments() {
	p := i.c.Payments
	if p == nil {
		return
	}
	i.w.Key("payments")
	i.w.OpenObject()
	count(i.w, "paidInstalments", p.PaidInstalments)
	list(i.w, "releases", p.Releases, release)
	if i.isLoan() {
		i.w.FieldIf("lastUpdatedContractOutstandingBalance", p.LastUpdated)
		i.w.FieldIf("totalRemainingAmount", p.TotalRemaining)
	}
	i.w.CloseObject()
}

func release(w *encode.Writer, r *openfinance.Release) {
	w.Field("paymentId", r.PaymentID)
	truth(w, "isOverParcelPayment", r.IsOverParcel)
	w.FieldIf("instalmentId", r.InstalmentID)
	w.Field("paidDate", r.PaidDate)
	w.Field("currency", r.Currency)
	w.Field("paidAmount", r.Amount)
	if len(r.OverFees) == 0 && len(r.OverCharges) == 0 {
		return
	}
	w.Key("overParcel")
	w.OpenObject()
	list(w, "fees", r.OverFees, func(w *encode.Writer, f *openfinance.OverParcelFee) {
		w.Field("feeName", f.Name)
		w.Field("feeCode", f.Code)
		w.Field("feeAmount", f.Amount)
	})
	list(w, "charges", r.OverCharges, func(w *encode.Writer, c *openfinance.OverParcelCharge) {
		w.Field("chargeType", c.Type)
		w.FieldIf("chargeAdditionalInfo", c.AdditionalInfo)
		w.Field("chargeAmount", c.Amount)
	})
	w.CloseObject()
}

// list writes a list of objects.
func list[T any](w *encode.Writer, key string, items []T, members func(*encode.Writer, *T)) {
	w.Key(key)
	w.OpenArray()
	for i := range items {
		w.OpenObject()
		members(w, &items[i])
		w.CloseObject()
	}
	w.CloseArray()
}

// count writes a number, or nothing where it was not sent.
func count(w *encode.Writer, key string, n int32) {
	if n != openfinance.AbsentCount {
		w.Int(key, int64(n))
	}
}

// truth writes a truth value, or nothing where it was not sent.
func truth(w *encode.Writer, key string, b openfinance.Bool) {
	if b != openfinance.Absent {
		w.Bool(key, b == openfinance.True)
	}
}
