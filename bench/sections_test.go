package bench_test

import (
	"github.com/openklaas/klaas/bench/plain"
	"github.com/openklaas/klaas/openfinance"
)

// each converts every item of a list; nil for an empty one.
func each[T, U any](list []T, convert func(*T) U) []U {
	var all []U
	for i := range list {
		all = append(all, convert(&list[i]))
	}
	return all
}

func contract(c *openfinance.Contract) plain.Contract {
	s, p := c.Schedule, c.Payments
	return plain.Contract{
		ContractID: c.ContractID, BrandName: c.BrandName, CompanyCnpj: c.CompanyCNPJ, ContractNumber: c.Number, IpocCode: c.IpocCode, ProductName: c.ProductName,
		ProductType: c.ProductType, ProductSubType: c.ProductSubType, ProductSubTypeCategory: c.ProductSubTypeCategory,
		ContractDate: c.ContractDate, DisbursementDates: c.DisbursementDates, SettlementDate: c.SettlementDate, ContractAmount: c.Amount, Currency: c.Currency,
		DueDate: c.DueDate, InstalmentPeriodicity: c.InstalmentPeriodicity, InstalmentPeriodicityAdditionalInfo: c.InstalmentPeriodicityAdditionalInfo,
		FirstInstalmentDueDate: c.FirstInstalmentDue, Cet: c.CET, AmortizationScheduled: c.AmortizationScheduled,
		AmortizationScheduledAdditionalInfo: c.AmortizationScheduledAdditionalInfo, CnpjConsignee: c.ConsigneeCNPJ,
		NextInstalmentAmount: c.NextInstalmentAmount, HasInsuranceContracted: c.HasInsurance == openfinance.True,
		InterestRates: each(c.InterestRates, func(r *openfinance.InterestRate) plain.InterestRate {
			return plain.InterestRate{
				TaxType: r.TaxType, InterestRateType: r.InterestRateType, TaxPeriodicity: r.TaxPeriodicity, Calculation: r.Calculation,
				ReferentialRateIndexerType: r.IndexerType, ReferentialRateIndexerSubType: r.IndexerSubType,
				PreFixedRate: r.PreFixedRate, PostFixedRate: r.PostFixedRate, AdditionalInfo: r.AdditionalInfo,
			}
		}),
		ContractedFees: each(c.Fees, func(f *openfinance.ContractFee) plain.ContractFee {
			return plain.ContractFee{FeeName: f.Name, FeeCode: f.Code, FeeChargeType: f.ChargeType, FeeCharge: f.Charge, FeeAmount: f.Amount, FeeRate: f.Rate}
		}),
		ContractedFinanceCharges: each(c.FinanceCharges, func(f *openfinance.ContractCharge) plain.ContractCharge {
			return plain.ContractCharge{ChargeType: f.Type, ChargeAdditionalInfo: f.AdditionalInfo, ChargeRate: f.Rate}
		}),
		Warranties: each(c.Warranties, func(w *openfinance.Warranty) plain.Warranty {
			return plain.Warranty{Currency: w.Currency, WarrantyType: w.Type, WarrantySubType: w.SubType, WarrantyAmount: w.Amount}
		}),
		ScheduledInstalments: plain.Schedule{
			TypeNumberOfInstalments: s.TotalUnit, TotalNumberOfInstalments: int(s.Total), TypeContractRemaining: s.RemainingUnit,
			ContractRemainingNumber: int(s.Remaining), PaidInstalments: int(s.Paid), DueInstalments: int(s.Due), PastDueInstalments: int(s.PastDue),
			BalloonPayments: each(s.BalloonPayments, func(b *openfinance.BalloonPayment) plain.BalloonPayment {
				return plain.BalloonPayment{DueDate: b.DueDate, Amount: plain.Money(b.Amount)}
			}),
		},
		Payments: plain.ContractPayments{PaidInstalments: int(p.PaidInstalments), ContractOutstandingBalance: p.OutstandingBalance, Releases: each(p.Releases, release)},
	}
}

func release(r *openfinance.Release) plain.Release {
	return plain.Release{
		IsOverParcelPayment: r.IsOverParcel == openfinance.True, PaymentID: r.PaymentID, InstalmentID: r.InstalmentID,
		PaidDate: r.PaidDate, Currency: r.Currency, PaidAmount: r.Amount,
		OverParcel: plain.OverParcel{
			Fees: each(r.OverFees, func(f *openfinance.OverParcelFee) plain.OverParcelFee {
				return plain.OverParcelFee{FeeName: f.Name, FeeCode: f.Code, FeeAmount: f.Amount}
			}),
			Charges: each(r.OverCharges, func(c *openfinance.OverParcelCharge) plain.OverParcelCharge {
				return plain.OverParcelCharge{ChargeType: c.Type, ChargeAdditionalInfo: c.AdditionalInfo, ChargeAmount: c.Amount}
			}),
		},
	}
}

// fixedIncome converts a holding of any of the three sections of fixed incomes.
func fixedIncome(i *openfinance.Investment) plain.FixedIncome {
	r, b := i.Remuneration, i.Balances[0]
	return plain.FixedIncome{
		InvestmentID: i.InvestmentID, BrandName: i.BrandName, CompanyCnpj: i.CompanyCNPJ, IssuerInstitutionCnpjNumber: i.IssuerCNPJ,
		IsinCode: i.ISIN, InvestmentType: i.Type, ProductName: i.Name, DebtorCnpjNumber: i.DebtorCNPJ, DebtorName: i.DebtorName, TaxExemptProduct: i.TaxExempt,
		Remuneration: plain.Remuneration{
			PreFixedRate: r.PreFixedRate, PostFixedIndexerPercentage: r.PostFixedIndexerPercentage, RateType: r.RateType,
			RatePeriodicity: r.RatePeriodicity, Calculation: r.Calculation, Indexer: r.Indexer,
		},
		IssueUnitPrice: plain.Money(i.IssueUnitPrice), IssueDate: i.IssueDate, DueDate: i.DueDate, PurchaseDate: i.PurchaseDate, GracePeriodDate: i.GracePeriodDate,
		VoucherPaymentIndicator: i.VoucherPaymentIndicator, VoucherPaymentPeriodicity: i.VoucherPaymentPeriodicity, ClearingCode: i.ClearingCode,
		Balances: plain.FixedIncomeBalance{
			ReferenceDateTime: b.ReferenceDateTime, Quantity: b.Quantity, UpdatedUnitPrice: plain.Money(b.UnitPrice), GrossAmount: plain.Money(b.Gross),
			NetAmount: plain.Money(b.Net), IncomeTax: plain.Money(b.IncomeTax), FinancialTransactionTax: plain.Money(b.FinancialTransactionTax),
			BlockedBalance: plain.Money(b.Blocked), PurchaseUnitPrice: plain.Money(b.PurchaseUnitPrice),
			PreFixedRate: b.PreFixedRate, PostFixedIndexerPercentage: b.PostFixedIndexerPercentage,
		},
		Transactions: each(i.Transactions, func(m *openfinance.InvestmentTransaction) plain.FixedIncomeMovement {
			return plain.FixedIncomeMovement{
				TransactionID: m.TransactionID, Type: m.Type, TransactionType: m.TransactionType, TransactionTypeAdditionalInfo: m.AdditionalInfo,
				TransactionDate: m.Date, TransactionUnitPrice: plain.Money(m.UnitPrice), TransactionQuantity: m.Quantity,
				TransactionGrossValue: plain.Money(m.Gross), IncomeTax: plain.Money(m.IncomeTax), FinancialTransactionTax: plain.Money(m.FinancialTransactionTax),
				TransactionNetValue: plain.Money(m.Net), RemunerationTransactionRate: m.RemunerationRate, IndexerPercentage: m.IndexerPercentage,
			}
		}),
	}
}

func variableIncome(i *openfinance.Investment) plain.VariableIncome {
	return plain.VariableIncome{
		InvestmentID: i.InvestmentID, BrandName: i.BrandName, CompanyCnpj: i.CompanyCNPJ, IssuerInstitutionCnpjNumber: i.IssuerCNPJ, IsinCode: i.ISIN, Ticker: i.Ticker,
		Balances: each(i.Balances, func(b *openfinance.InvestmentBalance) plain.VariableIncomeBalance {
			return plain.VariableIncomeBalance{
				ReferenceDate: b.ReferenceDate, PriceFactor: b.PriceFactor, GrossAmount: plain.Money(b.Gross),
				BlockedBalance: plain.Money(b.Blocked), Quantity: b.Quantity, ClosingPrice: plain.Money(b.UnitPrice),
			}
		}),
		Transactions: each(i.Transactions, func(m *openfinance.InvestmentTransaction) plain.Deal {
			return plain.Deal{
				TransactionID: m.TransactionID, Type: m.Type, TransactionType: m.TransactionType, TransactionTypeAdditionalInfo: m.AdditionalInfo,
				TransactionDate: m.Date, PriceFactor: m.PriceFactor, TransactionUnitPrice: plain.Money(m.UnitPrice), TransactionQuantity: m.Quantity,
				TransactionValue: plain.Money(m.Value), BrokerNoteID: m.BrokerNoteID,
			}
		}),
		BrokerNotes: each(i.BrokerNotes, func(n *openfinance.BrokerNote) plain.BrokerNote {
			return plain.BrokerNote{
				BrokerNoteID: n.BrokerNoteID, BrokerNoteNumber: n.Number, GrossValue: plain.Money(n.GrossValue), BrokerageFee: plain.Money(n.BrokerageFee),
				ClearingSettlementFee: plain.Money(n.ClearingSettlementFee), ClearingRegistrationFee: plain.Money(n.ClearingRegistrationFee),
				StockExchangeAssetTradeNoticeFee: plain.Money(n.StockExchangeAssetTradeNoticeFee), StockExchangeFee: plain.Money(n.StockExchangeFee),
				ClearingCustodyFee: plain.Money(n.ClearingCustodyFee), Taxes: plain.Money(n.Taxes), IncomeTax: plain.Money(n.IncomeTax), NetValue: plain.Money(n.NetValue),
			}
		}),
	}
}

func fund(i *openfinance.Investment) plain.Fund {
	b := i.Balances[0]
	return plain.Fund{
		InvestmentID: i.InvestmentID, BrandName: i.BrandName, CompanyCnpj: i.CompanyCNPJ, Name: i.Name, CnpjNumber: i.FundCNPJ, IsinCode: i.ISIN,
		AnbimaCategory: i.AnbimaCategory, AnbimaClass: i.AnbimaClass, AnbimaSubclass: i.AnbimaSubclass,
		Balances: plain.FundBalance{
			ReferenceDate: b.ReferenceDate, GrossAmount: plain.Money(b.Gross), NetAmount: plain.Money(b.Net), IncomeTaxProvision: plain.Money(b.IncomeTax),
			FinancialTransactionTaxProvision: plain.Money(b.FinancialTransactionTax), BlockedAmount: plain.Money(b.Blocked),
			QuotaQuantity: b.Quantity, QuotaGrossPriceValue: plain.Money(b.UnitPrice),
		},
		Transactions: each(i.Transactions, func(m *openfinance.InvestmentTransaction) plain.FundMovement {
			return plain.FundMovement{
				TransactionID: m.TransactionID, Type: m.Type, TransactionType: m.TransactionType, TransactionTypeAdditionalInfo: m.AdditionalInfo,
				TransactionConversionDate: m.Date, TransactionQuotaPrice: plain.Money(m.UnitPrice), TransactionQuotaQuantity: m.Quantity,
				TransactionValue: plain.Money(m.Value), TransactionGrossValue: plain.Money(m.Gross), IncomeTax: plain.Money(m.IncomeTax),
				FinancialTransactionTax: plain.Money(m.FinancialTransactionTax), TransactionExitFee: plain.Money(m.ExitFee), TransactionNetValue: plain.Money(m.Net),
			}
		}),
	}
}
