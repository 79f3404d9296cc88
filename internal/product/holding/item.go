package holding

import (
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
	"github.com/openklaas/klaas/openfinance"
)

// item writes one holding. Each kind has its own keys in its own order, as the
// five interfaces of Open Finance Brasil have.
type item struct {
	w  *encode.Writer
	in *spec.Input
	h  *ledger.Holding
	s  *openfinance.Investment
}

func (i item) write() {
	switch i.h.Kind {
	case ledger.BankFixedIncome:
		i.bankFixedIncome()
	case ledger.CreditFixedIncome:
		i.creditFixedIncome()
	case ledger.VariableIncome:
		i.variableIncome()
	case ledger.TreasureTitle:
		i.treasureTitle()
	case ledger.Fund:
		i.fund()
	}
	if !i.in.Strict() {
		i.origin()
	}
}

// origin writes our keys at the end: the holding's id and who keeps it.
func (i item) origin() {
	i.w.FieldIf("investmentId", i.s.InvestmentID)
	i.w.FieldIf("brandName", i.s.BrandName)
	i.w.FieldIf("companyCnpj", i.s.CompanyCNPJ)
}

func (i item) object(key string, members func()) {
	i.w.Key(key)
	i.w.OpenObject()
	members()
	i.w.CloseObject()
}

func (i item) money(key string, m openfinance.Money) { statement.Money(i.w, key, m) }

// price writes what one unit costs, with all its decimals, or nothing.
func (i item) price(key string, p openfinance.Price) { i.money(key, openfinance.Money(p)) }

// remuneration writes how a fixed income pays; {} when nothing tells.
func (i item) remuneration(members func(*openfinance.Remuneration)) {
	i.object("remuneration", func() {
		if r := i.s.Remuneration; r != nil {
			i.w.FieldIf("preFixedRate", r.PreFixedRate)
			i.w.FieldIf("postFixedIndexerPercentage", r.PostFixedIndexerPercentage)
			members(r)
			i.w.Field("indexer", r.Indexer)
			i.w.FieldIf("indexerAdditionalInfo", r.IndexerAdditionalInfo)
		}
	})
}

// position writes the newest position as balances; {} when there is none.
func (i item) position(members func(*openfinance.InvestmentBalance)) {
	i.object("balances", func() {
		if newest := positions(i.s.Balances); len(newest) > 0 {
			members(newest[0])
		}
	})
}

// movements writes the movements, or nothing where the institution sent none;
// [] where it sent an empty list.
func (i item) movements(members func(*openfinance.InvestmentTransaction)) {
	if i.s.Transactions != nil || i.s.TransactionsCurrent != nil {
		i.allMovements(members)
	}
}

// allMovements writes the movements, newest first, beginning with the keys that
// all kinds share.
func (i item) allMovements(members func(*openfinance.InvestmentTransaction)) {
	i.w.Key("transactions")
	i.w.OpenArray()
	for _, m := range i.h.Newest {
		i.w.OpenObject()
		i.w.Field("type", m.Type)
		i.w.Field("transactionType", m.TransactionType)
		i.w.FieldIf("transactionTypeAdditionalInfo", m.AdditionalInfo)
		members(m)
		i.w.CloseObject()
	}
	i.w.CloseArray()
}

func (i item) bankFixedIncome() {
	i.object("productIdentification", func() {
		i.w.Field("issuerInstitutionCnpjNumber", i.s.IssuerCNPJ)
		i.w.FieldIf("isinCode", i.s.ISIN)
		i.w.Field("investmentType", i.s.Type)
		i.remuneration(func(r *openfinance.Remuneration) {
			i.w.Field("rateType", r.RateType)
			i.w.Field("ratePeriodicity", r.RatePeriodicity)
			i.w.Field("calculation", r.Calculation)
		})
		i.price("issueUnitPrice", i.s.IssueUnitPrice)
		i.w.Field("dueDate", i.s.DueDate)
		i.w.Field("issueDate", i.s.IssueDate)
		i.w.Field("purchaseDate", i.s.PurchaseDate)
		i.w.Field("gracePeriodDate", i.s.GracePeriodDate)
		i.w.FieldIf("clearingCode", i.s.ClearingCode)
	})
	i.position(func(b *openfinance.InvestmentBalance) {
		i.w.Field("referenceDateTime", instant(b))
		i.w.Field("quantity", b.Quantity)
		i.price("updatedUnitPrice", b.UnitPrice)
		i.amounts(b)
		i.price("purchaseUnitPrice", b.PurchaseUnitPrice)
		i.w.FieldIf("preFixedRate", b.PreFixedRate)
		i.w.FieldIf("postFixedIndexerPercentage", b.PostFixedIndexerPercentage)
	})
	i.movements(func(m *openfinance.InvestmentTransaction) {
		i.w.Field("transactionDate", m.Date)
		i.price("transactionUnitPrice", m.UnitPrice)
		i.w.Field("transactionQuantity", m.Quantity)
		i.values(m)
		i.w.FieldIf("remunerationTransactionRate", m.RemunerationRate)
		i.w.FieldIf("indexerPercentage", m.IndexerPercentage)
		i.w.Field("transactionId", m.TransactionID)
	})
}

func (i item) creditFixedIncome() {
	i.object("productIdentification", func() {
		i.w.FieldIf("issuerInstitutionCnpjNumber", i.s.IssuerCNPJ)
		i.w.FieldIf("isinCode", i.s.ISIN)
		i.w.Field("investmentType", i.s.Type)
		i.w.FieldIf("debtorCnpjNumber", i.s.DebtorCNPJ)
		i.w.FieldIf("debtorName", i.s.DebtorName)
		i.w.Field("taxExemptProduct", i.s.TaxExempt)
		i.remuneration(func(r *openfinance.Remuneration) {
			i.w.FieldIf("rateType", r.RateType)
			i.w.FieldIf("ratePeriodicity", r.RatePeriodicity)
			i.w.FieldIf("calculation", r.Calculation)
		})
		i.price("issueUnitPrice", i.s.IssueUnitPrice)
		i.w.Field("issueDate", i.s.IssueDate)
		i.w.Field("dueDate", i.s.DueDate)
		i.vouchers()
		i.w.FieldIf("clearingCode", i.s.ClearingCode)
		i.w.Field("purchaseDate", i.s.PurchaseDate)
		i.w.FieldIf("gracePeriodDate", i.s.GracePeriodDate)
	})
	i.position(func(b *openfinance.InvestmentBalance) {
		i.w.Field("referenceDateTime", instant(b))
		i.price("updatedUnitPrice", b.UnitPrice)
		i.w.Field("quantity", b.Quantity)
		i.amounts(b)
		i.price("purchaseUnitPrice", b.PurchaseUnitPrice)
		i.w.FieldIf("preFixedRate", b.PreFixedRate)
		i.w.FieldIf("postFixedIndexerPercentage", b.PostFixedIndexerPercentage)
		i.money("fine", b.Fine)
		i.money("latePayment", b.LatePayment)
	})
	i.movements(func(m *openfinance.InvestmentTransaction) {
		i.w.Field("transactionDate", m.Date)
		i.price("transactionUnitPrice", m.UnitPrice)
		i.w.FieldIf("transactionQuantity", m.Quantity)
		i.values(m)
		i.w.FieldIf("remunerationTransactionRate", m.RemunerationRate)
		i.w.FieldIf("indexerPercentage", m.IndexerPercentage)
		i.w.Field("transactionId", m.TransactionID)
	})
}

// variableIncome writes every position, as institutions of the older interface
// send one for each date; today's send one.
func (i item) variableIncome() {
	i.object("productIdentification", func() {
		i.w.FieldIf("issuerInstitutionCnpjNumber", i.s.IssuerCNPJ)
		i.w.Field("isinCode", i.s.ISIN)
		i.w.Field("ticker", i.s.Ticker)
	})
	i.w.Key("balances")
	i.w.OpenArray()
	for _, b := range positions(i.s.Balances) {
		i.w.OpenObject()
		i.w.Field("referenceDate", day(b))
		i.w.Field("priceFactor", b.PriceFactor)
		i.money("grossAmount", b.Gross)
		i.money("blockedBalance", b.Blocked)
		i.w.Field("quantity", b.Quantity)
		i.price("closingPrice", b.UnitPrice)
		i.w.CloseObject()
	}
	i.w.CloseArray()
	i.allMovements(func(m *openfinance.InvestmentTransaction) {
		i.w.Field("transactionDate", m.Date)
		i.w.FieldIf("priceFactor", m.PriceFactor)
		i.price("transactionUnitPrice", m.UnitPrice)
		i.w.FieldIf("transactionQuantity", m.Quantity)
		i.money("transactionValue", m.Value)
		i.w.Field("transactionId", m.TransactionID)
		i.w.FieldIf("brokerNoteId", m.BrokerNoteID)
	})
	if !i.in.Strict() {
		i.brokerNotes()
	}
}

// brokerNotes writes the costs of the deals, or nothing where none are known.
func (i item) brokerNotes() {
	if len(i.s.BrokerNotes) == 0 {
		return
	}
	i.w.Key("brokerNotes")
	i.w.OpenArray()
	for k := range i.s.BrokerNotes {
		n := &i.s.BrokerNotes[k]
		i.w.OpenObject()
		i.w.FieldIf("brokerNoteId", n.BrokerNoteID)
		i.w.Field("brokerNoteNumber", n.Number)
		i.money("grossValue", n.GrossValue)
		i.money("brokerageFee", n.BrokerageFee)
		i.money("clearingSettlementFee", n.ClearingSettlementFee)
		i.money("clearingRegistrationFee", n.ClearingRegistrationFee)
		i.money("stockExchangeAssetTradeNoticeFee", n.StockExchangeAssetTradeNoticeFee)
		i.money("stockExchangeFee", n.StockExchangeFee)
		i.money("clearingCustodyFee", n.ClearingCustodyFee)
		i.money("taxes", n.Taxes)
		i.money("incomeTax", n.IncomeTax)
		i.money("netValue", n.NetValue)
		i.w.CloseObject()
	}
	i.w.CloseArray()
}

func (i item) treasureTitle() {
	i.object("productIdentification", func() {
		i.w.Field("isinCode", i.s.ISIN)
		i.w.Field("productName", i.s.Name)
		i.remuneration(func(r *openfinance.Remuneration) {
			i.w.Field("ratePeriodicity", r.RatePeriodicity)
			i.w.Field("calculation", r.Calculation)
		})
		i.w.Field("dueDate", i.s.DueDate)
		i.w.Field("purchaseDate", i.s.PurchaseDate)
		i.vouchers()
	})
	i.position(func(b *openfinance.InvestmentBalance) {
		i.w.Field("referenceDateTime", instant(b))
		i.price("updatedUnitPrice", b.UnitPrice)
		i.amounts(b)
		i.price("purchaseUnitPrice", b.PurchaseUnitPrice)
		i.w.Field("quantity", b.Quantity)
	})
	i.movements(func(m *openfinance.InvestmentTransaction) {
		i.w.Field("transactionDate", m.Date)
		i.price("transactionUnitPrice", m.UnitPrice)
		i.w.Field("transactionQuantity", m.Quantity)
		i.values(m)
		i.w.FieldIf("remunerationTransactionRate", m.RemunerationRate)
		i.w.Field("transactionId", m.TransactionID)
	})
}

func (i item) fund() {
	i.object("productIdentification", func() {
		i.w.Field("name", i.s.Name)
		i.w.Field("cnpjNumber", i.s.FundCNPJ)
		i.w.FieldIf("isinCode", i.s.ISIN)
		i.w.FieldIf("anbimaCategory", i.s.AnbimaCategory)
		i.w.FieldIf("anbimaClass", i.s.AnbimaClass)
		i.w.FieldIf("anbimaSubclass", i.s.AnbimaSubclass)
	})
	i.position(func(b *openfinance.InvestmentBalance) {
		i.w.Field("referenceDate", day(b))
		i.money("grossAmount", b.Gross)
		i.money("netAmount", b.Net)
		i.money("incomeTaxProvision", b.IncomeTax)
		i.money("financialTransactionTaxProvision", b.FinancialTransactionTax)
		i.money("blockedAmount", b.Blocked)
		i.w.Field("quotaQuantity", b.Quantity)
		i.price("quotaGrossPriceValue", b.UnitPrice)
	})
	i.movements(func(m *openfinance.InvestmentTransaction) {
		i.w.Field("transactionConversionDate", m.Date)
		i.price("transactionQuotaPrice", m.UnitPrice)
		i.w.Field("transactionQuotaQuantity", m.Quantity)
		i.money("transactionValue", m.Value)
		i.money("transactionGrossValue", m.Gross)
		i.money("incomeTax", m.IncomeTax)
		i.money("financialTransactionTax", m.FinancialTransactionTax)
		i.money("transactionExitFee", m.ExitFee)
		i.money("transactionNetValue", m.Net)
		i.w.Field("transactionId", m.TransactionID)
	})
}

// vouchers writes whether and how often a title pays coupons.
func (i item) vouchers() {
	i.w.Field("voucherPaymentIndicator", i.s.VoucherPaymentIndicator)
	i.w.FieldIf("voucherPaymentPeriodicity", i.s.VoucherPaymentPeriodicity)
	i.w.FieldIf("voucherPaymentPeriodicityAdditionalInfo", i.s.VoucherPaymentAdditional)
}

// amounts writes what a fixed income is worth.
func (i item) amounts(b *openfinance.InvestmentBalance) {
	i.money("grossAmount", b.Gross)
	i.money("netAmount", b.Net)
	i.money("incomeTax", b.IncomeTax)
	i.money("financialTransactionTax", b.FinancialTransactionTax)
	i.money("blockedBalance", b.Blocked)
}

// values writes what a movement of a fixed income was worth.
func (i item) values(m *openfinance.InvestmentTransaction) {
	i.money("transactionGrossValue", m.Gross)
	i.money("incomeTax", m.IncomeTax)
	i.money("financialTransactionTax", m.FinancialTransactionTax)
	i.money("transactionNetValue", m.Net)
}
