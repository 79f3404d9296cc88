package bench

import (
	"fmt"
	"time"

	"github.com/openklaas/klaas/bench/plain"
)

// Contracts is how many contracts of credit the bench document of the published
// figures has. A document of another size has them in proportion, and one of each
// kind at least.
const Contracts = 40

// credit is one kind of contract that people have.
type credit struct {
	share       int // of the contracts of a document, in percent
	section     func(*plain.Document) *[]plain.Contract
	name        string
	kind, sub   string
	from, to    int    // whole reais
	months      int    // of the longest; 0: without instalments
	warranty    string // "" for none
	warrantySub string
}

var credits = []credit{
	{20, loans, "Crédito pessoal", "EMPRESTIMOS", "CREDITO_PESSOAL_SEM_CONSIGNACAO", 1000, 30000, 36, "", ""},
	{20, loans, "Crédito consignado", "EMPRESTIMOS", "CREDITO_PESSOAL_COM_CONSIGNACAO", 2000, 60000, 96, "", ""},
	{20, financings, "Financiamento de veículo", "FINANCIAMENTOS", "AQUISICAO_BENS_VEICULOS_AUTOMOTORES", 20000, 120000, 60, "ALIENACAO_FIDUCIARIA", "VEICULOS"},
	{10, financings, "Financiamento imobiliário", "FINANCIAMENTOS_IMOBILIARIOS", "FINANCIAMENTO_HABITACIONAL_SFH", 150000, 600000, 420, "ALIENACAO_FIDUCIARIA", "IMOVEIS"},
	{15, invoiceFinancings, "Antecipação de recebíveis", "DIREITOS_CREDITORIOS_DESCONTADOS", "ANTECIPACAO_FATURA_CARTAO_CREDITO", 500, 20000, 12, "CESSAO_DIREITOS_CREDITORIOS", "FATURA_CARTAO_CREDITO"},
	{15, overdrafts, "Adiantamento a depositante", "ADIANTAMENTO_A_DEPOSITANTES", "ADIANTAMENTO_A_DEPOSITANTES", 50, 2000, 0, "", ""},
}

func loans(d *plain.Document) *[]plain.Contract             { return &d.Loans }
func financings(d *plain.Document) *[]plain.Contract        { return &d.Financings }
func invoiceFinancings(d *plain.Document) *[]plain.Contract { return &d.InvoiceFinancings }
func overdrafts(d *plain.Document) *[]plain.Contract        { return &d.UnarrangedAccountsOverdraft }

func (g *generator) contracts(doc *plain.Document, movements int) {
	for _, c := range credits {
		section := c.section(doc)
		for range max(1, Contracts*movements/Movements*c.share/100) {
			*section = append(*section, g.contract(c))
		}
	}
}

func (g *generator) contract(c credit) plain.Contract {
	bank := pick(g, banks)
	begun := LastDay.AddDate(0, 0, -30-g.IntN(3*historyDays))
	number := g.digits(12)
	amount := g.money(c.from, c.to)
	p := plain.Contract{
		ContractID: g.id(), BrandName: bank.name, CompanyCnpj: bank.cnpj, ContractNumber: number, IpocCode: bank.cnpj[:8] + "0201" + g.holder + number,
		ProductName: c.name, ProductType: c.kind, ProductSubType: c.sub, ContractDate: begun.Format(time.DateOnly),
		DisbursementDates: []string{begun.Format(time.DateOnly)}, ContractAmount: amount.Amount, Currency: amount.Currency,
		InstalmentPeriodicity: "SEM_PERIODICIDADE_REGULAR", Cet: g.fraction(90, 900), AmortizationScheduled: "PRICE",
		InterestRates: []plain.InterestRate{{
			TaxType: "EFETIVA", InterestRateType: "COMPOSTOS", TaxPeriodicity: "AM", Calculation: "30/360",
			ReferentialRateIndexerType: "PRE_FIXADO", PreFixedRate: g.fraction(8, 80),
		}},
		ContractedFees: []plain.ContractFee{
			{FeeName: "Tarifa de cadastro", FeeCode: "CADASTRO", FeeChargeType: "UNICA", FeeCharge: "FIXO", FeeAmount: g.money(20, 900).Amount},
			{FeeName: "Tarifa de avaliação", FeeCode: "AVALIACAO_BEM", FeeChargeType: "UNICA", FeeCharge: "PERCENTUAL", FeeRate: g.fraction(1, 20)},
		},
		ContractedFinanceCharges: []plain.ContractCharge{
			{ChargeType: "JUROS_MORA_ATRASO", ChargeRate: "0.010000"}, {ChargeType: "MULTA_ATRASO_PAGAMENTO", ChargeRate: "0.020000"},
			{ChargeType: "IOF_CONTRATACAO", ChargeAdditionalInfo: "Sobre o valor liberado", ChargeRate: "0.003800"},
		},
	}
	if c.sub == "CREDITO_PESSOAL_COM_CONSIGNACAO" {
		p.ProductSubTypeCategory, p.CnpjConsignee = "INSS", "29979036000140"
	}
	if c.warranty != "" {
		p.Warranties = append(p.Warranties, plain.Warranty{Currency: "BRL", WarrantyType: c.warranty, WarrantySubType: c.warrantySub, WarrantyAmount: amount.Amount})
	}
	if c.months == 0 {
		p.ScheduledInstalments = plain.Schedule{TypeNumberOfInstalments: "SEM_PRAZO_TOTAL", TypeContractRemaining: "SEM_PRAZO_REMANESCENTE"}
		p.Payments.ContractOutstandingBalance = amount.Amount
		p.Payments.Releases = g.releases(LastDay, 1+g.IntN(3), amount)
		return p
	}
	g.instalments(&p, begun, 6+g.IntN(c.months-5), centsOf(amount))
	return p
}

// instalments gives a contract of so many months its schedule and what was paid
// of it, of which institutions list the last two years.
func (g *generator) instalments(p *plain.Contract, begun time.Time, months, cents int) {
	const listed = 24
	age := int(LastDay.Sub(begun).Hours() / 24 / 30)
	paid := min(months, age)
	each := reais(cents/months + cents/100)
	first := begun.AddDate(0, 1, 0)
	p.InstalmentPeriodicity, p.FirstInstalmentDueDate = "MENSAL", first.Format(time.DateOnly)
	p.DueDate = first.AddDate(0, months-1, 0).Format(time.DateOnly)
	p.NextInstalmentAmount = each.Amount
	p.HasInsuranceContracted = g.IntN(2) == 0
	p.ScheduledInstalments = plain.Schedule{
		TypeNumberOfInstalments: "MES", TotalNumberOfInstalments: months, TypeContractRemaining: "MES", ContractRemainingNumber: months - paid,
		PaidInstalments: paid, DueInstalments: months - paid,
	}
	if g.IntN(4) == 0 {
		p.ScheduledInstalments.BalloonPayments = []plain.BalloonPayment{{DueDate: p.DueDate, Amount: g.money(500, 5000)}}
	}
	p.Payments = plain.ContractPayments{
		PaidInstalments: paid, ContractOutstandingBalance: reais(cents / months * (months - paid)).Amount,
		Releases: g.releases(first.AddDate(0, paid-1, 0), min(paid, listed), each),
	}
	if paid == months {
		p.SettlementDate = p.DueDate
	}
}

// releases are n monthly payments of which the newest falls on the day last; one
// in eight was paid late, with what that cost.
func (g *generator) releases(last time.Time, n int, each plain.Money) []plain.Release {
	all := make([]plain.Release, n)
	for i := range all {
		all[i] = plain.Release{
			PaymentID: g.id(), InstalmentID: fmt.Sprintf("%s-%03d", g.digits(20), n-i), PaidDate: last.AddDate(0, -i, 0).Format(time.DateOnly),
			Currency: each.Currency, PaidAmount: each.Amount,
		}
		if g.IntN(8) == 0 {
			all[i].IsOverParcelPayment = true
			all[i].OverParcel = plain.OverParcel{
				Fees:    []plain.OverParcelFee{{FeeName: "Reavaliação periódica do bem", FeeCode: "AVALIACAO_PERIODICA_BEM", FeeAmount: g.money(5, 60).Amount}},
				Charges: []plain.OverParcelCharge{{ChargeType: "JUROS_MORA_ATRASO", ChargeAdditionalInfo: "Pago com atraso", ChargeAmount: g.money(1, 40).Amount}},
			}
		}
	}
	return all
}

// fraction returns a rate between two whole numbers of thousandths, as institutions write it.
func (g *generator) fraction(from, to int) string {
	millionths := from*1000 + g.IntN((to-from)*1000)
	return fmt.Sprintf("%d.%06d", millionths/1_000_000, millionths%1_000_000)
}
