package bench

import (
	"fmt"
	"time"

	"github.com/openklaas/klaas/bench/plain"
)

// Holdings is how many holdings the bench document of the published figures has.
// A document of another size has them in proportion, and one of each kind at least.
const Holdings = 60

// The shares of the kinds of holdings, in percent.
const (
	bankShare     = 35
	creditShare   = 15
	variableShare = 20
	treasureShare = 15
	fundShare     = 15
)

func (g *generator) holdings(doc *plain.Document, movements int) {
	count := func(share int) int { return max(1, Holdings*movements/Movements*share/100) }
	for range count(bankShare) {
		doc.BankFixedIncomes = append(doc.BankFixedIncomes, g.bankFixedIncome())
	}
	for range count(creditShare) {
		doc.CreditFixedIncomes = append(doc.CreditFixedIncomes, g.creditFixedIncome())
	}
	for range count(variableShare) {
		doc.VariableIncomes = append(doc.VariableIncomes, g.variableIncome())
	}
	for range count(treasureShare) {
		doc.TreasureTitles = append(doc.TreasureTitles, g.treasureTitle())
	}
	for range count(fundShare) {
		doc.Funds = append(doc.Funds, g.fund())
	}
}

func (g *generator) bankFixedIncome() plain.FixedIncome {
	f := g.fixedIncome("CDI", "")
	f.IssuerInstitutionCnpjNumber, f.InvestmentType = f.CompanyCnpj, pick(g, []string{"CDB", "CDB", "RDB", "LCI", "LCA"})
	f.ClearingCode = f.InvestmentType + g.digits(8)
	f.GracePeriodDate, f.IssueDate, f.IssueUnitPrice = f.PurchaseDate, f.PurchaseDate, plain.Money{Amount: "1000.00", Currency: "BRL"}
	return f
}

func (g *generator) creditFixedIncome() plain.FixedIncome {
	f := g.fixedIncome("IPCA", g.fraction(40, 90))
	f.IssuerInstitutionCnpjNumber, f.InvestmentType = g.cnpj(), pick(g, []string{"DEBENTURES", "CRI", "CRA"})
	f.DebtorCnpjNumber, f.DebtorName, f.TaxExemptProduct = g.cnpj(), pick(g, surnames)+" Participações S.A.", "SIM"
	f.VoucherPaymentIndicator, f.VoucherPaymentPeriodicity = "SIM", "SEMESTRAL"
	f.IssueDate, f.IssueUnitPrice = f.PurchaseDate, plain.Money{Amount: "1000.00000000", Currency: "BRL"}
	return f
}

func (g *generator) treasureTitle() plain.FixedIncome {
	f := g.fixedIncome("SELIC", g.fraction(0, 3))
	f.ProductName = "Tesouro Selic " + f.DueDate[:4]
	f.VoucherPaymentIndicator = "NAO"
	return f
}

// fixedIncome is what the three kinds of fixed incomes share.
func (g *generator) fixedIncome(indexer, preFixed string) plain.FixedIncome {
	bank := pick(g, banks)
	bought := LastDay.AddDate(0, 0, -g.IntN(3*historyDays))
	gross := g.money(500, 50000)
	f := plain.FixedIncome{
		InvestmentID: g.id(), BrandName: bank.name, CompanyCnpj: bank.cnpj, IsinCode: "BR" + g.digits(10),
		Remuneration: plain.Remuneration{
			PreFixedRate: preFixed, PostFixedIndexerPercentage: g.fraction(850, 1250),
			RateType: "LINEAR", RatePeriodicity: "MENSAL", Calculation: "DIAS_UTEIS", Indexer: indexer,
		},
		PurchaseDate: bought.Format(time.DateOnly), DueDate: bought.AddDate(1+g.IntN(6), 0, 0).Format(time.DateOnly),
		Balances: plain.FixedIncomeBalance{
			ReferenceDateTime: LastDay.Add(18 * time.Hour).Format(time.RFC3339), Quantity: g.quantity(), UpdatedUnitPrice: g.price(), GrossAmount: gross,
			NetAmount: part(gross, 97), IncomeTax: part(gross, 3), FinancialTransactionTax: reais(0), BlockedBalance: reais(0), PurchaseUnitPrice: g.price(),
			PreFixedRate: preFixed, PostFixedIndexerPercentage: g.fraction(850, 1250),
		},
	}
	for _, day := range g.deals() {
		value := g.money(100, 9000)
		m := plain.FixedIncomeMovement{
			TransactionID: g.id(), Type: "ENTRADA", TransactionType: "APLICACAO", TransactionDate: day, TransactionUnitPrice: g.price(), TransactionQuantity: g.quantity(),
			TransactionGrossValue: value, IncomeTax: reais(0), FinancialTransactionTax: reais(0), TransactionNetValue: value,
		}
		if g.IntN(3) == 0 {
			m.Type, m.TransactionType, m.IncomeTax, m.TransactionNetValue = "SAIDA", "RESGATE", part(value, 4), part(value, 96)
			m.RemunerationTransactionRate, m.IndexerPercentage = preFixed, g.fraction(850, 1250)
		}
		f.Transactions = append(f.Transactions, m)
	}
	return f
}

func (g *generator) variableIncome() plain.VariableIncome {
	broker := pick(g, banks)
	v := plain.VariableIncome{
		InvestmentID: g.id(), BrandName: broker.name, CompanyCnpj: broker.cnpj, IssuerInstitutionCnpjNumber: g.cnpj(), IsinCode: "BR" + g.digits(10),
		Ticker: pick(g, []string{"PETR4", "VALE3", "ITUB4", "BBAS3", "WEGE3", "BOVA11", "HGLG11", "MXRF11"}),
		Balances: []plain.VariableIncomeBalance{{
			ReferenceDate: LastDay.Format(time.DateOnly), PriceFactor: "1.0000", GrossAmount: g.money(200, 30000), BlockedBalance: reais(0), Quantity: g.quantity(), ClosingPrice: g.price(),
		}},
	}
	for i, day := range g.deals() {
		d := plain.Deal{TransactionID: g.id(), Type: "ENTRADA", TransactionType: "JCP", TransactionDate: day, TransactionValue: g.money(1, 90)}
		if i%2 == 0 {
			note := g.brokerNote()
			d.TransactionType, d.TransactionValue, d.BrokerNoteID = "COMPRA", note.GrossValue, note.BrokerNoteID
			d.PriceFactor, d.TransactionUnitPrice, d.TransactionQuantity = "1.0000", g.price(), g.quantity()
			v.BrokerNotes = append(v.BrokerNotes, note)
		}
		v.Transactions = append(v.Transactions, d)
	}
	return v
}

func (g *generator) brokerNote() plain.BrokerNote {
	value := g.money(100, 9000)
	return plain.BrokerNote{
		BrokerNoteID: g.id(), BrokerNoteNumber: g.digits(16), GrossValue: value, BrokerageFee: reais(490), ClearingSettlementFee: part(value, 1),
		ClearingRegistrationFee: reais(5), StockExchangeAssetTradeNoticeFee: reais(1), StockExchangeFee: reais(3), ClearingCustodyFee: reais(0),
		Taxes: reais(48), IncomeTax: reais(1), NetValue: part(value, 99),
	}
}

func (g *generator) fund() plain.Fund {
	bank := pick(g, banks)
	gross := g.money(500, 80000)
	f := plain.Fund{
		InvestmentID: g.id(), BrandName: bank.name, CompanyCnpj: bank.cnpj, Name: pick(g, surnames) + " Fundo de Investimento em Cotas de Renda Fixa Referenciado DI",
		CnpjNumber: g.cnpj(), IsinCode: "BR" + g.digits(10), AnbimaCategory: "RENDA_FIXA", AnbimaClass: "Duração baixa", AnbimaSubclass: "Grau de investimento",
		Balances: plain.FundBalance{
			ReferenceDate: LastDay.Format(time.DateOnly), GrossAmount: gross, NetAmount: part(gross, 97), IncomeTaxProvision: part(gross, 3),
			FinancialTransactionTaxProvision: reais(0), BlockedAmount: reais(0), QuotaQuantity: g.quantity(), QuotaGrossPriceValue: g.price(),
		},
	}
	for i, day := range g.deals() {
		value := g.money(100, 9000)
		m := plain.FundMovement{
			TransactionID: g.id(), Type: "ENTRADA", TransactionType: "APLICACAO", TransactionConversionDate: day, TransactionQuotaPrice: g.price(), TransactionQuotaQuantity: g.quantity(),
			TransactionGrossValue: value, IncomeTax: reais(0), FinancialTransactionTax: reais(0), TransactionExitFee: reais(0), TransactionNetValue: value,
		}
		if i%4 == 3 {
			m.Type, m.TransactionType, m.TransactionValue = "SAIDA", "COME_COTAS", part(value, 2)
		}
		f.Transactions = append(f.Transactions, m)
	}
	return f
}

// deals are the days of the movements of one holding, newest first.
func (g *generator) deals() []string {
	days := make([]string, 2+g.IntN(9))
	for i := range days {
		days[i] = LastDay.AddDate(0, 0, -g.IntN(20)-i*historyDays/len(days)).Format(time.DateOnly)
	}
	return days
}

// quantity returns a number of units with many decimals.
func (g *generator) quantity() string {
	return fmt.Sprintf("%d.%08d", 1+g.IntN(2000), g.IntN(100_000_000))
}

// price returns what one unit costs, with more decimals than money has.
func (g *generator) price() plain.Money {
	return plain.Money{Amount: fmt.Sprintf("%d.%08d", 1+g.IntN(2000), g.IntN(100_000_000)), Currency: "BRL"}
}

// part returns so many percent of an amount.
func part(m plain.Money, percent int) plain.Money { return reais(centsOf(m) * percent / 100) }
