package plaintest

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/taxonomy"
)

type object = map[string]any

const severance, otherRemuneration taxonomy.Code = 10108, 10109

var drawnRoles = []ledger.Role{
	ledger.RoleNone, ledger.RoleNone, ledger.RoleNone, ledger.RoleNone, ledger.RoleNone, ledger.RoleNone, ledger.RoleOwnTransfer,
	ledger.RoleReversal, ledger.RoleReversed, ledger.RoleSweep, ledger.RoleBillPayment, ledger.RoleContract,
}

// randomFacts are those of a person or company with any streams, days, categories
// and roles, and of a day on or before that of the data.
func randomFacts(t testing.TB, r *rapid.T) (f *fact.Facts, company bool) {
	p := &person{T: r, company: rapid.IntRange(0, 3).Draw(r, "company") == 0, codes: make(map[string]taxonomy.Code)}
	day := today
	if rapid.IntRange(0, 3).Draw(r, "replay") == 0 {
		day -= calendar.Day(rapid.IntRange(1, 200).Draw(r, "ago"))
	}
	text, err := json.Marshal(p.document())
	if err != nil {
		r.Fatal(err)
	}
	r.Log(string(text))
	f = producttest.FactsOf(t, text, day)
	for i := range f.Ledger.Accounts {
		f.Ledger.Accounts[i].Share = rapid.SampledFrom([]ledger.Share{
			ledger.ShareWhole, ledger.ShareWhole, ledger.ShareWhole, ledger.ShareHalf, ledger.ShareNone,
		}).Draw(r, "share")
	}
	for i := range f.Ledger.Movements {
		m := &f.Ledger.Movements[i]
		if code, drawn := p.codes[m.ID]; drawn {
			m.Decision.Code = code
		}
		m.Role, m.Reversed = rapid.SampledFrom(drawnRoles).Draw(r, "role"), 0
		if m.Role == ledger.RoleBillPayment && m.Direction == ledger.Credit {
			m.Role = ledger.RoleNone
		}
		if m.Role == ledger.RoleReversed {
			m.Reversed = money.Amount(rapid.Int64Range(1, max(1, int64(m.Amount)/100)).Draw(r, "reversed")) * 100
			m.Reversed = min(m.Reversed, m.Amount)
		}
		r.Log(m.ID, m.Decision.Code, m.Role, m.Reversed)
	}
	return f, p.company
}

// person draws the parts of a document.
type person struct {
	*rapid.T
	company bool
	codes   map[string]taxonomy.Code // by transactionId
	rows    int
}

func (p *person) one(label string, from ...string) string {
	return rapid.SampledFrom(from).Draw(p.T, label)
}

func (p *person) upTo(n int, label string) int { return rapid.IntRange(0, n).Draw(p.T, label) }

func (p *person) oneIn(n int, label string) bool { return p.upTo(n-1, label) == n-1 }

func (p *person) cents(label string) string {
	cents := rapid.SampledFrom([]int{1, 5, 100, 999, 12_345, 80_000, 500_000, 23_456_789}).Draw(p.T, label) * (1 + p.upTo(8, "times"))
	return fmt.Sprintf("%d.%02d", cents/100, cents%100)
}

func reais(amount string) object { return object{"amount": amount, "currency": "BRL"} }

func (p *person) money(label string) object { return reais(p.cents(label)) }

// age of a row: often at the edge of a window.
func (p *person) age() int {
	return rapid.OneOf(rapid.SampledFrom([]int{0, 29, 30, 59, 60, 89, 90, 119, 120, 179, 180, 359, 360}), rapid.IntRange(-5, 500)).Draw(p.T, "age")
}

func daysAgo(n int) string { return (today - calendar.Day(n)).String() }

//nolint:misspell // Portuguese.
var (
	banks   = []string{"00000000000191", "60701190000104", "18236120000158"}
	brands  = []string{"Banco do Brasil", "Itaú Personnalité", "Nubank"}
	parties = []string{"", "", "52998224725", "11144477735", "11222333000181", "29979036000140", "60701190000104", "17895646000187", "45997418000153"}
	// Names of payers with and without a document differ, and only those with one pay
	// severance: recurring groups take the two for one where one name has one document.
	documented = []string{"TED BIA SILVA", "SALARIO ACME", "IFOOD REPASSE", "CINEMA", "DESC TITULOS", "ALUGUEL CASA"}
	unknown    = []string{"PIX ANA SILVA", "PIX", "JOAO SOUZA", "BOLETO LUZ", "UBER VIAGEM", "PARC 3/10 LOJA"}
	periods    = []string{"SEMANAL", "QUINZENAL", "MENSAL", "BIMESTRAL", "TRIMESTRAL", "SEMESTRAL", "ANUAL", "OUTROS", "SEM_PERIODICIDADE_REGULAR"}
	popular    = []string{"010101", "010102", "010103", "010106", "010108", "010301", "010303", "010304", "010401", "010502", "010505", "010701", "010801", "020101", "020102", "020103", "020202", "050208", "070101", "070103", "070104", "041201", "010306", "010105", "010203", "010606", "020801"}
	outgoing   = []string{"020101", "020102", "020103", "021001", "030101", "030201", "050202", "050204", "050205", "050207", "050302", "050305", "050402", "050403", "050404", "060201", "060204", "041201", "041202", "080101", "080201", "080301", "080401", "080306", "020701", "020902", "050401", "040901", "060401", "040102", "030301"}
)

// code draws a category that a row of a direction may have: one that formulas name,
// or now and then any.
func (p *person) code(credit bool) taxonomy.Code {
	list := outgoing
	if credit {
		list = popular
	}
	if !p.oneIn(4, "any") {
		code, _ := taxonomy.ParseCode(p.one("category", list...))
		return code
	}
	all := slices.DeleteFunc(taxonomy.All(), func(c taxonomy.Category) bool { return !c.Direction.Allows(credit) })
	return rapid.SampledFrom(all).Draw(p.T, "category").Code
}

func (p *person) document() object {
	d := object{}
	if p.company {
		d["businessCustomerIdentification"] = []any{object{"companyName": "EMPRESA LTDA", "cnpjNumber": "45997418000153"}}
		if p.oneIn(2, "declares") {
			d["businessCustomerQualification"] = object{"informedRevenue": object{"frequency": p.one("frequency", periods...), "amount": p.money("revenue"), "year": 2024}}
		}
	} else {
		d["personalCustomerIdentification"] = []any{object{
			"civilName": p.one("name", "MARIA DA SILVA", "JO DE SOUZA", "LI"), "documents": object{"cpfNumber": "12345678909"},
			"companiesCnpj": []string{p.one("own company", "11222333000181", "99888777000166")},
		}}
		if p.oneIn(2, "related") {
			d["personalCustomerFinancialRelation"] = object{
				"startDate":         daysAgo(p.upTo(2000, "since")) + "T12:00:00Z",
				"paychecksBankLink": []any{object{"employerName": "ACME", "employerCnpjCpf": p.one("employer", parties[4:]...), "paycheckBankCnpj": banks[0], "paycheckBankIspb": "00000000", "accountOpeningDate": "2020-01-01"}},
			}
		}
		if p.oneIn(2, "declares") {
			d["personalCustomerQualification"] = object{"informedIncome": object{
				"frequency": p.one("frequency", periods...), "amount": p.money("income"), "date": "2024-05-01",
			}}
		}
	}
	if !p.oneIn(12, "no accounts") {
		d["accounts"] = p.accounts()
	}
	if !p.oneIn(4, "no cards") {
		d["creditCardsAccounts"] = p.cards()
	}
	for _, section := range []string{"loans", "financings", "invoiceFinancings"} {
		if p.oneIn(3, section) {
			d[section] = p.contracts(section)
		}
	}
	if p.oneIn(4, "funds") {
		d["funds"] = []any{object{"investmentId": "f", "brandName": "Fundo", "companyCnpj": banks[0], "name": "Fundo", "cnpjNumber": "00822055000187", "anbimaCategory": "RENDA_FIXA",
			"balances": object{"referenceDate": daysAgo(3), "grossAmount": p.money("gross")}}}
	}
	return d
}

func (p *person) accounts() []any {
	accounts := make([]any, 0)
	n := p.upTo(4, "accounts")
	for i := range n {
		bank := p.upTo(2, "bank")
		a := object{
			"accountId": fmt.Sprint("a", i), "brandName": brands[bank], "companyCnpj": banks[bank],
			"type": p.one("type", "CONTA_DEPOSITO_A_VISTA", "CONTA_DEPOSITO_A_VISTA", "CONTA_PAGAMENTO_PRE_PAGA", "CONTA_POUPANCA"),
		}
		if !p.oneIn(6, "no balances") {
			sign := p.one("sign", "", "", "-")
			a["balances"] = object{
				"availableAmount": reais(sign + p.cents("available")), "blockedAmount": reais("0.00"), "automaticallyInvestedAmount": p.money("invested"),
				"updateDateTime": daysAgo(p.upTo(3, "told")) + p.one("moment", "T00:00:00Z", "T15:30:00Z"),
			}
		}
		if p.oneIn(2, "limits") {
			a["overdraftLimits"] = object{"overdraftContractedLimit": p.money("contracted"), "overdraftUsedLimit": p.money("used"), "unarrangedOverdraftAmount": p.money("unarranged")}
		}
		rows := make([]any, 0)
		for range p.upTo(5, "streams") {
			rows = append(rows, p.stream()...)
		}
		for range p.upTo(6, "single rows") {
			rows = append(rows, p.row(p.age(), p.payer(p.oneIn(2, "credit"))))
		}
		if p.oneIn(3, "told") {
			line := p.row(1+p.upTo(400, "told age"), p.payer(p.oneIn(2, "credit")))
			line["transactionName"] = p.one("balance line", "SALDO DO DIA", "SALDO FINAL", "S A L D O", "SALDO ANTERIOR", "SALDO INICIAL")
			delete(line, "partieCnpjCpf")
			rows = append(rows, line)
		}
		a["transactions"] = rows
		accounts = append(accounts, a)
	}
	return accounts
}

// payer is who pays or is paid, for what and how.
type payer struct {
	name, taxID, kind, amount string
	credit                    bool
	code                      taxonomy.Code
}

func (p *person) payer(credit bool) payer {
	taxID, names := p.one("party", parties...), documented
	if taxID == "" {
		names = unknown
	}
	return payer{
		name: p.one("text", names...), taxID: taxID, amount: p.cents("amount"), credit: credit, code: p.code(credit),
		kind: p.one("type", "PIX", "BOLETO", "OUTROS", "FOLHA_PAGAMENTO"),
	}
}

// stream are rows of one payer that keep a rhythm, more or less.
func (p *person) stream() (rows []any) {
	who := p.payer(p.oneIn(2, "credit"))
	if who.credit && p.oneIn(2, "wage") {
		who.code, _ = taxonomy.ParseCode(p.one("wage", "010101", "010103", "010301", "010303"))
		who.kind = p.one("type", "PIX", "PIX", "FOLHA_PAGAMENTO")
		who.name, who.taxID = p.one("text", documented...), p.one("party", parties[4:]...)
	}
	steady := p.oneIn(2, "steady")
	for _, age := range p.ages(1 + p.upTo(12, "payments")) {
		if !steady {
			who.amount = p.cents("amount")
		}
		rows = append(rows, p.row(age, who))
	}
	return rows
}

// ages are those of n rows, newest first: about one day of each month, or gaps that
// are alike, often at the edges of a rhythm.
func (p *person) ages(n int) (list []int) {
	loose := p.upTo(3, "loose")
	moved := func() int { return p.upTo(2*loose, "moved") - loose }
	if p.oneIn(2, "by month") {
		on := rapid.SampledFrom([]int{1, 4, 5, 6, 8, 15, 21, 25, 27, 30}).Draw(p.T, "day of month")
		from := p.upTo(3, "months ago")
		for k := range n {
			first := (today - 30).AddMonths(-from - k) // today is the 31st
			list = append(list, max(0, int(today-first)-on+1+moved()))
		}
		return list
	}
	gap := rapid.SampledFrom([]int{1, 5, 6, 7, 8, 9, 13, 15, 16, 17, 25, 26, 30, 30, 31, 35, 36, 60, 349, 350, 365, 380, 381}).Draw(p.T, "gap")
	age := p.upTo(100, "newest")
	for range n {
		list = append(list, age)
		age = max(0, age+gap+moved())
	}
	return list
}

func (p *person) row(age int, who payer) object {
	p.rows++
	id := fmt.Sprint("r", p.rows)
	p.codes[id] = who.code
	if who.taxID == "" && who.code == severance {
		p.codes[id] = otherRemuneration
	}
	row := object{
		"transactionId": id, "transactionAmount": reais(who.amount), "transactionDate": daysAgo(age), "type": who.kind,
		"creditDebitType": map[bool]string{true: "CREDITO", false: "DEBITO"}[who.credit], "transactionName": who.name,
	}
	switch len(who.taxID) {
	case 11:
		row["partieCnpjCpf"] = who.taxID
		if p.oneIn(3, "kind untold") {
			break
		}
		row["partiePersonType"] = "PESSOA_NATURAL"
	case 14:
		row["partieCnpjCpf"], row["partiePersonType"] = who.taxID, "PESSOA_JURIDICA"
	}
	if p.oneIn(2, "timed") {
		row["transactionDateTime"] = fmt.Sprintf("%sT%02d:%02d:00Z", daysAgo(age), 3+p.upTo(20, "hour"), p.upTo(59, "minute"))
	}
	if p.oneIn(60, "foreign") {
		row["transactionAmount"] = object{"amount": who.amount, "currency": "USD"}
	}
	return row
}

func (p *person) cards() []any {
	cards := make([]any, 0)
	for c := range p.upTo(2, "cards") {
		bank := p.upTo(2, "issuer")
		card := object{
			"creditCardAccountId": fmt.Sprint("c", c), "brandName": brands[bank], "companyCnpj": banks[bank], "name": "Cartão",
			"productType": p.one("product", "BLACK", "GOLD", "CLASSIC_NACIONAL", "OUTROS"), "creditCardNetwork": "VISA",
			"paymentMethod": []any{object{"identificationNumber": fmt.Sprint("445", c), "isMultipleCreditCard": false}},
		}
		limits := make([]any, 0)
		for range p.upTo(2, "limit rows") {
			limits = append(limits, object{
				"creditLineLimitType": p.one("line", "LIMITE_CREDITO_TOTAL", "LIMITE_CREDITO_MODALIDADE_OPERACAO"),
				"consolidationType":   p.one("consolidation", "CONSOLIDADO", "INDIVIDUAL"), "isLimitFlexible": false,
				"identificationNumber": "4453", "limitAmount": p.money("limit"), "usedAmount": p.money("used"),
			})
		}
		card["limits"] = limits
		bills := make([]any, 0)
		var ids []string
		for k := range p.upTo(7, "bills") {
			id := fmt.Sprint("b", c, "-", k)
			ids = append(ids, id)
			bills = append(bills, p.bill(id, 10+30*k+p.upTo(3, "moved")))
		}
		card["bills"] = bills
		lines := make([]any, 0)
		for range p.upTo(15, "lines") {
			lines = append(lines, p.line(ids))
		}
		card["transactions"] = lines
		cards = append(cards, card)
	}
	return cards
}

func (p *person) bill(id string, due int) object {
	b := object{
		"billId": id, "dueDate": daysAgo(due), "billTotalAmount": p.money("total"), "billMinimumAmount": p.money("minimum"), "isInstalment": false,
	}
	if p.oneIn(10, "credit balance") {
		b["billTotalAmount"] = reais("-12.34")
	}
	payments, charges := make([]any, 0), make([]any, 0)
	paid := p.cents("paid")
	if p.oneIn(3, "about the minimum") {
		b["billMinimumAmount"], b["billTotalAmount"] = reais("100.00"), reais("500.00")
		paid = p.one("paid", "109.99", "110.00", "110.01", "500.00")
	}
	for range p.upTo(2, "payments") {
		payments = append(payments, object{
			"valueType":   p.one("value", "VALOR_PAGAMENTO_FATURA_PARCELADO", "VALOR_PAGAMENTO_FATURA_REALIZADO", "OUTRO_VALOR_PAGO_FATURA"),
			"paymentDate": daysAgo(due - p.upTo(8, "after") + 3), "paymentMode": p.one("mode", "PIX", "BOLETO_BANCARIO"),
			"amount": paid, "currency": "BRL",
		})
	}
	if p.oneIn(4, "charged") {
		charges = append(charges, object{
			"type":           p.one("charge", "JUROS_REMUNERATORIOS_ATRASO_PAGAMENTO_FATURA", "MULTA_ATRASO_PAGAMENTO_FATURA", "IOF"),
			"additionalInfo": "", "amount": p.cents("charge amount"), "currency": "BRL",
		})
	}
	if !p.oneIn(4, "untold") {
		b["payments"] = payments
	}
	b["financeCharges"] = charges
	return b
}

func (p *person) line(bills []string) object {
	p.rows++
	id := fmt.Sprint("l", p.rows)
	credit := p.oneIn(6, "credit line")
	p.codes[id] = p.code(credit)
	if p.oneIn(6, "card cost") {
		p.codes[id], _ = taxonomy.ParseCode(p.one("cost", "050404", "060204", "060202", "0207"+"01", "050401"))
	}
	line := object{
		"transactionId": id, "brazilianAmount": p.money("amount"), "transactionDate": daysAgo(p.upTo(260, "line age")),
		"creditDebitType": map[bool]string{true: "CREDITO", false: "DEBITO"}[credit], "transactionName": p.one("shop", "LOJA BOA", "NETFLIX", "SAQUE", "CINEMA"),
		"transactionType": p.one("line type", "PAGAMENTO", "TARIFA", "OUTROS", "OPERACOES_CREDITO_CONTRATADAS_CARTAO"), "identificationNumber": "4453",
		"payeeMCC": rapid.SampledFrom([]int{5411, 6010, 6011, 5812}).Draw(p.T, "MCC"),
	}
	if p.oneIn(5, "fee") {
		line["feeType"] = p.one("fee type", "SAQUE_CARTAO_BRASIL", "ANUIDADE")
	}
	if p.oneIn(6, "other credit") {
		line["otherCreditsType"] = p.one("other", "CREDITO_ROTATIVO", "PARCELAMENTO_FATURA", "OUTROS")
	}
	if len(bills) > 0 && p.oneIn(2, "billed") {
		line["billId"] = rapid.SampledFrom(bills).Draw(p.T, "bill")
	}
	if p.oneIn(4, "instalment") {
		count := 2 + p.upTo(10, "count")
		line["chargeNumber"], line["chargeIdentificator"] = count, fmt.Sprint(1+p.upTo(count-1, "number"))
	}
	return line
}

func (p *person) contracts(section string) []any {
	list := make([]any, 0)
	for i := range p.upTo(3, "contracts") {
		c := object{
			"contractId": fmt.Sprint(section, i), "ipocCode": fmt.Sprint(section, p.upTo(2, "operation")), "contractNumber": fmt.Sprint(section, i),
			"brandName": "Banco", "companyCnpj": p.one("lender", append(banks, "11222333000181")...), "productName": "Crédito",
			"productType":    map[string]string{"loans": "EMPRESTIMOS", "financings": "FINANCIAMENTOS", "invoiceFinancings": "DIREITOS_CREDITORIOS_DESCONTADOS"}[section],
			"productSubType": "CREDITO_PESSOAL_SEM_CONSIGNACAO", "contractDate": "2023-01-05", "contractAmount": "1000.00", "currency": "BRL",
			"dueDate": "2028-01-15", "firstInstalmentDueDate": p.one("first", "2023-02-15", "2023-02-31", "2025-06-20", "2023-02-05"),
			"instalmentPeriodicity": p.one("periodicity", periods...), "CET": p.one("CET", "0.290000", "0.000000", ""),
			"payments": object{"paidInstalments": 2, "contractOutstandingBalance": p.cents("owed"), "releases": []any{}},
		}
		if p.oneIn(4, "settled") {
			c["settlementDate"] = p.one("settlement", "2024-01-01", "2025-03-01")
		}
		if p.oneIn(3, "next") {
			c["nextInstalmentAmount"] = p.cents("next")
		}
		if p.oneIn(3, "released") {
			c["payments"].(object)["releases"] = []any{
				object{"isOverParcelPayment": false, "paidDate": daysAgo(40), "currency": "BRL", "paidAmount": p.cents("paid")},
				object{"isOverParcelPayment": p.oneIn(2, "over"), "paidDate": daysAgo(10), "currency": "BRL", "paidAmount": p.cents("paid")},
			}
		}
		if !p.oneIn(5, "no schedule") {
			c["scheduled-instalments"] = object{
				"typeNumberOfInstalments": "MES", "totalNumberOfInstalments": 60, "typeContractRemaining": "MES", "contractRemainingNumber": 30,
				"paidInstalments": 24, "dueInstalments": p.upTo(40, "due"), "pastDueInstalments": p.upTo(2, "past due"),
				"balloonPayments": []any{object{"dueDate": daysAgo(-p.upTo(400, "ahead")), "amount": p.money("balloon")}},
			}
		}
		list = append(list, c)
	}
	return list
}
