package demo

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/openklaas/klaas/internal/calendar"
)

// The person of the demo is made up. Her CPF is the one that examples use
// everywhere (123.456.789-09: its check digits are right), and so are those of
// the people she pays. Shops, utilities and banks bear real names because a
// classifier is to be seen at work.
const (
	personName  = "Marina Exemplo Duarte"
	personCPF   = "12345678909"
	bankOfBR    = "00000000000191"
	nuPayments  = "18236120000158"
	mercadoPago = "10573521000191"
)

// party is the other side of a movement.
type party struct {
	taxID  string
	compe  string
	branch string
	number string
	digit  string
}

var (
	nobody   = party{}
	employer = party{taxID: "11222333000181", compe: "001", branch: "1234", number: "00112233", digit: "4"}
	client   = party{taxID: "11444777000161", compe: "341", branch: "0456", number: "00778899", digit: "1"}
	brother  = party{taxID: "11144477735", compe: "104", branch: "0789", number: "00445566", digit: "7"}
	friend   = party{taxID: "52998224725", compe: "077", branch: "0001", number: "09988776", digit: "5"}
	cleaner  = party{taxID: "98765432100", compe: "323", branch: "", number: "05544332", digit: "2"}
	ownBB    = party{taxID: personCPF, compe: "001", branch: "1234", number: "00567890", digit: "1"}
	ownNu    = party{taxID: personCPF, compe: "260", branch: "0001", number: "08765432", digit: "0"}
	ownMP    = party{taxID: personCPF, compe: "323", branch: "", number: "02345678", digit: "9"}
)

// habit is an account movement that comes back every month.
type habit struct {
	account int
	day     int  // of the month; 0: the fifth business day
	months  uint // bit m set: in calendar month m only; 0: in every month
	credit  bool
	kind    string // the type of Open Finance Brasil
	cents   int64
	spread  int64 // per cent up or down
	text    string
	other   party
}

// The accounts, by their place in the document.
const (
	bb = iota
	savings
	nu
	wallet
)

const (
	january  = 1 << 1
	march    = 1 << 3
	may      = 1 << 5
	november = 1 << 11
	december = 1 << 12
	odd      = 1<<1 | 1<<3 | 1<<5 | 1<<7 | 1<<9 | 1<<11
	quarters = 1<<2 | 1<<5 | 1<<8 | 1<<11
)

// In texts, {d} is the day and month as dd/mm and {n} an instalment number.
var habits = []habit{
	{bb, 0, 0, true, "FOLHA_PAGAMENTO", 523000, 0, "Recebimento de Proventos 11222333000181 OFICINA EXEMPLO LTDA", employer},
	{bb, 28, november, true, "FOLHA_PAGAMENTO", 261500, 0, "Recebimento de Proventos 13 SALARIO 1A PARCELA OFICINA EXEMPLO LTDA", employer},
	{bb, 19, december, true, "FOLHA_PAGAMENTO", 209200, 0, "Recebimento de Proventos 13 SALARIO 2A PARCELA OFICINA EXEMPLO LTDA", employer},
	{bb, 9, 0, false, "PIX", 245000, 0, "Pix - Enviado {d} 08:12 MARINA EXEMPLO DUARTE", ownNu},
	{nu, 9, 0, true, "PIX", 245000, 0, "Transferência recebida pelo Pix - MARINA EXEMPLO DUARTE - •••.456.789-•• - BCO DO BRASIL S.A. (0001) Agência: 1234 Conta: 567890-1", ownBB},
	{bb, 10, 0, false, "BOLETO", 185000, 0, "Pagamento de Boleto ALUGUEL QUINTOANDAR", nobody},
	{bb, 8, 0, false, "OPERACAO_CREDITO", 41237, 0, "BB Crédito Parcela {n}/24", nobody},
	{bb, 12, 0, false, "CONVENIO_ARRECADACAO", 14890, 22, "Pagto conta luz ENEL SAO PAULO", nobody},
	{bb, 13, 0, false, "CONVENIO_ARRECADACAO", 7240, 15, "Pagto conta água SABESP", nobody},
	{bb, 15, 0, false, "CONVENIO_ARRECADACAO", 4830, 20, "Pagto conta gás COMGAS", nobody},
	{bb, 15, 0, false, "CONVENIO_ARRECADACAO", 11990, 0, "Pagto conta telefone VIVO", nobody},
	{bb, 20, january, false, "CONVENIO_ARRECADACAO", 131200, 0, "Pagto IPVA SEFAZ SP", nobody},
	{bb, 1, 0, false, "PACOTE_TARIFA_SERVICOS", 3290, 0, "Tarifa Pacote de Serviços", nobody},
	{bb, 16, odd, false, "SAQUE", 15000, 0, "Saque Banco24Horas {d}", nobody},
	{bb, 17, 0, false, "CARTAO", 4680, 40, "Compra com Cartão {d} 18:22 PADARIA BOM GOSTO", nobody},
	{bb, 23, 0, false, "CARTAO", 6320, 40, "Compra com Cartão {d} 12:47 HORTIFRUTI DO BAIRRO", nobody},
	{bb, 21, 0, false, "TRANSFERENCIA_MESMA_INSTITUICAO", 20000, 0, "Transferência enviada Poupança {d}", ownBB},
	{savings, 21, 0, true, "TRANSFERENCIA_MESMA_INSTITUICAO", 20000, 0, "Transferência recebida {d}", ownBB},
	{savings, 18, january, false, "TRANSFERENCIA_MESMA_INSTITUICAO", 80000, 0, "Transferência enviada {d}", ownBB},
	{bb, 18, january, true, "TRANSFERENCIA_MESMA_INSTITUICAO", 80000, 0, "Transferência recebida Poupança {d}", ownBB},
	{savings, 24, 0, true, "RENDIMENTO_APLIC_FINANCEIRA", 2870, 12, "Juros Poupança", nobody},

	{nu, 3, 0, false, "CARTAO", 11840, 30, "Compra no débito - SUPERMERCADO DIA", nobody},
	{nu, 11, 0, false, "CARTAO", 14260, 30, "Compra no débito - ASSAI ATACADISTA", nobody},
	{nu, 19, 0, false, "CARTAO", 9310, 30, "Compra no débito - CARREFOUR BAIRRO", nobody},
	{nu, 26, 0, false, "CARTAO", 10490, 30, "Compra no débito - PAO DE ACUCAR", nobody},
	{nu, 14, 0, false, "PIX", 16000, 0, "Transferência enviada pelo Pix - JOANA MODELO PIRES - •••.654.321-•• - MERCADO PAGO (0323) Agência: 1 Conta: 5544332-2", cleaner},
	{nu, 22, odd, false, "PIX", 7500, 35, "Transferência enviada pelo Pix - RUI TESTE CAMARGO - •••.982.247-•• - BANCO INTER (0077) Agência: 1 Conta: 9988776-5", friend},
	{nu, 25, 0, true, "PIX", 6200, 40, "Transferência recebida pelo Pix - PAULO EXEMPLO DUARTE - •••.444.777-•• - CAIXA ECONOMICA FEDERAL (0104) Agência: 789 Conta: 445566-7", brother},
	{nu, 27, quarters, true, "PIX", 72000, 15, "Transferência recebida pelo Pix - ESTUDIO FICTICIO LTDA - 11.444.777/0001-61 - ITAÚ UNIBANCO S.A. (0341) Agência: 456 Conta: 778899-1", client},
	{nu, 12, 0, false, "OUTROS", 30000, 0, "Aplicação RDB", nobody},
	{nu, 18, quarters, true, "RESGATE_APLIC_FINANCEIRA", 45000, 0, "Resgate RDB", nobody},
	{nu, 13, 0, false, "PIX", 25000, 0, "Transferência enviada pelo Pix - MARINA EXEMPLO DUARTE - •••.456.789-•• - MERCADO PAGO (0323) Agência: 1 Conta: 2345678-9", ownMP},
	{wallet, 13, 0, true, "PIX", 25000, 0, "Transferência Pix recebida MARINA EXEMPLO DUARTE", ownNu},

	{wallet, 2, 0, false, "OUTROS", 5000, 0, "Recarga BILHETE UNICO", nobody},
	{wallet, 16, 0, false, "OUTROS", 5000, 0, "Recarga BILHETE UNICO", nobody},
	{wallet, 7, 0, false, "PIX", 3170, 35, "Pagamento com QR Pix FEIRA LIVRE DA VILA", nobody},
	{wallet, 15, 0, false, "PIX", 2490, 30, "Pagamento com QR Pix BANCA DE JORNAL CENTRAL", nobody},
	{wallet, 24, 0, false, "PIX", 4150, 35, "Pagamento com QR Pix LANCHONETE DA PRACA", nobody},
	{wallet, 28, 0, true, "RENDIMENTO_APLIC_FINANCEIRA", 118, 20, "Rendimentos", nobody},
	{wallet, 6, may, true, "OUTROS", 18900, 0, "Liberação de dinheiro venda de usados", nobody},
}

// purchase is something bought with the card every month.
type purchase struct {
	day      int
	months   uint
	cents    int64
	spread   int64
	text     string
	mcc      int
	charges  int   // in so many instalments, the first in the first month of months
	dollars  int64 // cents of a price in US dollars
	returned uint  // months in which it is sent back a week later
}

var purchases = []purchase{
	{day: 1, cents: 5590, text: "NETFLIX.COM", mcc: 4899},
	{day: 5, cents: 2190, text: "SPOTIFY", mcc: 5815},
	{day: 6, cents: 9990, text: "SMARTFIT", mcc: 7997},
	{day: 4, cents: 5420, spread: 35, text: "IFD*IFOOD", mcc: 5812},
	{day: 11, cents: 4870, spread: 35, text: "IFD*IFOOD", mcc: 5812},
	{day: 18, cents: 6130, spread: 35, text: "IFD*IFOOD", mcc: 5812},
	{day: 25, cents: 5760, spread: 35, text: "IFD*RESTAURANTE SABOR", mcc: 5812},
	{day: 3, cents: 2140, spread: 45, text: "UBER *TRIP", mcc: 4121},
	{day: 8, cents: 1870, spread: 45, text: "UBER *TRIP", mcc: 4121},
	{day: 14, cents: 2490, spread: 45, text: "UBER *TRIP", mcc: 4121},
	{day: 21, cents: 2210, spread: 45, text: "99* POP 99", mcc: 4121},
	{day: 27, cents: 1980, spread: 45, text: "UBER *TRIP", mcc: 4121},
	{day: 7, cents: 17250, spread: 12, text: "POSTO IPIRANGA", mcc: 5541},
	{day: 22, cents: 16480, spread: 12, text: "AUTO POSTO SHELL", mcc: 5541},
	{day: 10, cents: 7640, spread: 40, text: "DROGASIL", mcc: 5912},
	{day: 13, cents: 8850, spread: 30, text: "CANTINA DO NONO", mcc: 5812},
	{day: 20, cents: 7720, spread: 30, text: "BAR DA ESQUINA", mcc: 5813},
	{day: 16, months: odd, cents: 11970, spread: 30, text: "AMAZON MARKETPLACE", mcc: 5399, returned: march},
	{day: 24, months: quarters, cents: 15900, spread: 20, text: "LOJAS RENNER", mcc: 5651},
	{day: 9, months: may, cents: 8990, text: "PETZ", mcc: 5995},
	{day: 12, months: 1 << 2, cents: 12450, text: "MAGAZINE LUIZA", mcc: 5722, charges: 10},
	{day: 17, months: 1 << 8, cents: 18990, text: "LATAM AIRLINES", mcc: 3246, charges: 6},
	{day: 2, cents: 11384, text: "OPENAI *CHATGPT SUBSCR", mcc: 5734, dollars: 2000},
}

// The bill closes on one day of the month and is due on another.
const (
	closingDay = 3
	dueDay     = 10
	cardLimit  = 800000
)

// movement is a row of an account or of the card, on its way to JSON.
type movement struct {
	day    calendar.Day
	credit bool
	cents  int64
	object object
}

// object is a JSON object; encoding/json writes its keys sorted, so that the
// same day gives the same bytes.
type object = map[string]any

// Userdata returns the demo person's document with the twelve months that end
// on day last. The same day gives the same bytes.
func Userdata(last calendar.Day) []byte {
	b := &builder{
		first:  last.AddMonths(-12) + 1,
		last:   last,
		random: rand.New(rand.NewPCG(20210107, 1)), //nolint:gosec // The same person every time is the point.
	}
	b.card()
	b.accounts()
	document := object{
		"accounts":                       b.accountObjects(),
		"creditCardsAccounts":            []object{b.cardObject()},
		"personalCustomerIdentification": []object{identification(last)},
	}
	text, err := json.Marshal(document)
	if err != nil {
		panic("demo: the person holds only texts, numbers and lists: " + err.Error())
	}
	return text
}

type builder struct {
	first, last calendar.Day
	random      *rand.Rand
	rows        [4][]movement
	opening     [4]int64
	cardRows    []movement
	bills       []object
	openBill    int64
}

// vary returns cents, up to spread per cent more or less.
func (b *builder) vary(cents, spread int64) int64 {
	if spread == 0 {
		return cents
	}
	return cents + cents*(b.random.Int64N(2*spread+1)-spread)/100 + b.random.Int64N(10)
}

// moment is a time of the day that is the same day in São Paulo and in UTC.
func (b *builder) moment(day calendar.Day) string {
	return fmt.Sprintf("%sT%02d:%02d:%02d.%03dZ", day, 11+b.random.IntN(12), b.random.IntN(60), b.random.IntN(60), b.random.IntN(1000))
}

// charge is what paying a bill late costs.
type charge struct {
	kind, text string
	cents      int64
}

// lateBill is which bill of the window is paid four days late.
const lateBill = 4

// card makes the card's rows and bills, cycle by cycle. The first cycle begins
// before the window, for the first bill in it holds older purchases.
func (b *builder) card() {
	var late []charge
	from := closing(b.first.AddMonths(-1)) + 1
	for number := 1; from <= b.last; number++ {
		to := closing(from)
		rows := b.bought(from, min(to, b.last))
		if paid := from + dueDay - closingDay + 3; paid <= b.last {
			for _, c := range late {
				rows = append(rows, b.cardRow(paid, false, c.cents, c.text, "OUTROS", 0))
			}
		}
		b.openBill = owed(rows)
		if to <= b.last {
			late = b.bill(number, to, rows, late)
		}
		b.cardRows = append(b.cardRows, rows...)
		from = to + 1
	}
}

// closing returns the first closing day from a day on.
func closing(day calendar.Day) calendar.Day {
	for {
		if _, _, dom := day.Date(); dom == closingDay {
			return day
		}
		day++
	}
}

// owed is what the rows of a cycle add up to.
func owed(rows []movement) (cents int64) {
	for _, row := range rows {
		cents -= signed(row)
	}
	return cents
}

// bill closes a cycle, pays what it adds up to, and returns what that costs more.
func (b *builder) bill(number int, closed calendar.Day, rows []movement, charges []charge) []charge {
	id, total := "demo-bill-"+closed.String()[:7], owed(rows)
	for _, row := range rows {
		row.object["billId"], row.object["billPostDate"] = id, closed.String()
	}
	due := closed + dueDay - closingDay
	paid := due
	var late []charge
	if number == lateBill {
		paid = due + 4
		late = []charge{
			{"MULTA_ATRASO_PAGAMENTO_FATURA", "Multa de atraso", total * 2 / 100},
			{"JUROS_MORA_ATRASO_PAGAMENTO_FATURA", "Juros de mora", total * 4 / 3000},
			{"IOF", "IOF de atraso", total*38/10000 + total*4*82/1000000},
		}
	}
	financeCharges, payments := []object{}, []object{}
	for _, c := range charges {
		financeCharges = append(financeCharges, object{"type": c.kind, "additionalInfo": c.text, "amount": decimal(c.cents), "currency": "BRL"})
	}
	if paid <= b.last {
		payments = append(payments, object{
			"paymentMode": "DEBITO_CONTA_CORRENTE", "valueType": "VALOR_PAGAMENTO_FATURA_REALIZADO",
			"amount": decimal(total), "currency": "BRL", "paymentDate": paid.String(),
		})
		b.cardRows = append(b.cardRows, b.cardRow(paid, true, total, "Pagamento recebido", "PAGAMENTO", 0))
		b.rows[nu] = append(b.rows[nu], b.accountRow(paid, habit{kind: "OUTROS", cents: total, text: "Pagamento de fatura"}, 0))
	}
	b.bills = append(b.bills, object{
		"billId": id, "dueDate": due.String(), "isInstalment": false, "billTotalAmount": reais(total),
		"billMinimumAmount": reais(total * 15 / 100), "financeCharges": financeCharges, "payments": payments,
	})
	return late
}

// bought returns what is bought, and sent back, on the days from one to another.
func (b *builder) bought(from, to calendar.Day) []movement {
	var rows []movement
	for day := from; day <= to; day++ {
		_, month, dom := day.Date()
		for _, p := range purchases {
			if dom != p.day {
				continue
			}
			number := 0
			if p.charges > 0 {
				if number = instalment(p.months, int(month)); number > p.charges {
					continue
				}
			} else if p.months != 0 && p.months>>month&1 == 0 {
				continue
			}
			row := b.purchase(day, p, number)
			rows = append(rows, row)
			if p.returned>>month&1 == 1 && day+7 <= to {
				rows = append(rows, b.cardRow(day+7, true, row.cents, "Estorno - "+p.text, "ESTORNO", p.mcc))
			}
		}
	}
	return rows
}

// instalment returns which instalment falls into a month when the first falls
// into the month whose bit is set: 1 to 12.
func instalment(first uint, month int) int {
	for back := range 12 {
		if first>>((month-1-back+12)%12+1)&1 == 1 {
			return back + 1
		}
	}
	return 0
}

func (b *builder) purchase(day calendar.Day, p purchase, number int) movement {
	text := p.text
	if number > 0 {
		text = fmt.Sprintf("%s - Parcela %d/%d", p.text, number, p.charges)
	}
	row := b.cardRow(day, false, b.vary(p.cents, p.spread), text, "PAGAMENTO", p.mcc)
	row.object["paymentType"] = "A_VISTA"
	if number > 0 {
		row.object["paymentType"] = "A_PRAZO"
		row.object["chargeIdentificator"] = number
		row.object["chargeNumber"] = p.charges
	}
	if p.dollars > 0 {
		row.object["amount"] = object{"amount": decimal(p.dollars), "currency": "USD"}
	}
	return row
}

func (b *builder) cardRow(day calendar.Day, credit bool, cents int64, text, kind string, mcc int) movement {
	o := object{
		"transactionId":       fmt.Sprintf("demo-card-%s-%08x", day, b.random.Uint32()),
		"transactionDateTime": b.moment(day), "transactionName": text, "transactionType": kind,
		"creditDebitType": direction(credit), "brazilianAmount": reais(cents), "amount": reais(cents),
		"identificationNumber": "4321", "billPostDate": "0001-01-01",
	}
	if mcc > 0 {
		o["payeeMCC"] = mcc
	}
	return movement{day, credit, cents, o}
}

// accounts makes the rows of the accounts day by day. Interest is charged where
// the current account was below zero in the month before.
func (b *builder) accounts() {
	b.opening = [4]int64{190215, 412060, 131500, 31840}
	balance := b.opening[bb]
	var overdrawn int64 // sum of the negative balances of a month's days
	loan := 6
	for day := b.first; day <= b.last; day++ {
		_, month, dom := day.Date()
		today := func(h habit, n int) {
			row := b.accountRow(day, h, n)
			b.rows[h.account] = append(b.rows[h.account], row)
			if h.account == bb {
				balance += signed(row)
			}
		}
		if dom == 1 {
			loan++
			if overdrawn < 0 {
				today(habit{account: bb, kind: "ENCARGOS_JUROS_CHEQUE_ESPECIAL", cents: max(1, -overdrawn*8/3000), text: "Cobrança de Juros"}, 0)
				today(habit{account: bb, kind: "ENCARGOS_JUROS_CHEQUE_ESPECIAL", cents: max(1, -overdrawn*82/1000000), text: "Cobrança de I.O.F."}, 0)
				overdrawn = 0
			}
		}
		for _, h := range habits {
			if h.months != 0 && h.months>>month&1 == 0 {
				continue
			}
			if dom == h.day || h.day == 0 && isFifthBusinessDay(day) {
				today(h, loan)
			}
		}
		overdrawn += min(balance, 0)
	}
}

func (b *builder) accountRow(day calendar.Day, h habit, n int) movement {
	cents := b.vary(h.cents, h.spread)
	o := object{
		"transactionId":                  fmt.Sprintf("demo-%s-%08x", day, b.random.Uint32()),
		"completedAuthorisedPaymentType": "TRANSACAO_EFETIVADA", "creditDebitType": direction(h.credit),
		"transactionName": fill(h.text, day, n), "type": h.kind, "transactionAmount": reais(cents),
		"transactionDateTime": b.moment(day),
	}
	for key, value := range map[string]string{
		"partieCnpjCpf": h.other.taxID, "partieCompeCode": h.other.compe, "partieBranchCode": h.other.branch,
		"partieNumber": h.other.number, "partieCheckDigit": h.other.digit,
	} {
		if value != "" {
			o[key] = value
		}
	}
	switch len(h.other.taxID) {
	case 11:
		o["partiePersonType"] = "PESSOA_NATURAL"
	case 14:
		o["partiePersonType"] = "PESSOA_JURIDICA"
	}
	return movement{day, h.credit, cents, o}
}

func (b *builder) accountObjects() []object {
	var objects []object
	for i, a := range []struct {
		id, brand, compe, cnpj, branch, number, digit, kind string
		invested, overdraft                                 int64
	}{
		bb:      {"demo-bb-checking", "Banco do Brasil", "001", bankOfBR, "1234", "00567890", "1", "CONTA_DEPOSITO_A_VISTA", 0, 300000},
		savings: {"demo-bb-savings", "Banco do Brasil", "001", bankOfBR, "1234", "51567890", "X", "CONTA_POUPANCA", 0, 0},
		nu:      {"demo-nubank", "Nubank", "260", nuPayments, "0001", "08765432", "0", "CONTA_PAGAMENTO_PRE_PAGA", 0, 0},
		wallet:  {"demo-mercado-pago", "Mercado Pago", "323", mercadoPago, "0001", "02345678", "9", "CONTA_PAGAMENTO_PRE_PAGA", 0, 0},
	} {
		balance := b.opening[i]
		for _, row := range b.rows[i] {
			balance += signed(row)
		}
		o := object{
			"accountId": a.id, "brandName": a.brand, "compeCode": a.compe, "companyCnpj": a.cnpj, "branchCode": a.branch,
			"number": a.number, "checkDigit": a.digit, "type": a.kind, "subtype": "INDIVIDUAL", "currency": "BRL",
			"balances": object{
				"availableAmount": reais(balance), "blockedAmount": reais(0), "automaticallyInvestedAmount": reais(a.invested),
				"updateDateTime": b.last.String() + "T23:30:00Z",
			},
			"transactions": rowsBetween(b.rows[i], b.first, b.last),
		}
		if a.overdraft > 0 {
			used := max(0, -balance)
			o["overdraft-limits"] = object{
				"overdraftContractedLimit": reais(a.overdraft), "overdraftUsedLimit": reais(used),
				"unarrangedOverdraftAmount": reais(max(0, used-a.overdraft)),
			}
		}
		objects = append(objects, o)
	}
	return objects
}

func (b *builder) cardObject() object {
	return object{
		"creditCardAccountId": "demo-nubank-card", "brandName": "Nubank", "companyCnpj": nuPayments, "name": "Cartão Nubank",
		"productType": "GOLD", "creditCardNetwork": "MASTERCARD",
		"paymentMethod": []object{{"identificationNumber": "4321", "isMultipleCreditCard": false}},
		"limits": []object{{
			"creditLineLimitType": "LIMITE_CREDITO_TOTAL", "consolidationType": "CONSOLIDADO", "identificationNumber": "4321",
			"isLimitFlexible": false, "limitAmount": reais(cardLimit), "usedAmount": reais(b.openBill), "availableAmount": reais(cardLimit - b.openBill),
		}},
		"bills":        b.bills,
		"transactions": rowsBetween(b.cardRows, b.first, b.last),
	}
}

func identification(last calendar.Day) object {
	return object{
		"updateDateTime": last.String() + "T12:00:00Z", "personalId": "demo-person", "brandName": "Banco do Brasil",
		"civilName": personName, "birthDate": "1990-08-17", "maritalStatusCode": "SOLTEIRO", "sex": "FEMININO",
		"companiesCnpj": []string{bankOfBR}, "documents": object{"cpfNumber": personCPF},
		"otherDocuments":          []object{{"type": "CNH", "number": "00000000191", "expirationDate": "2030-08-17"}},
		"hasBrazilianNationality": true,
		"filiation":               []object{{"type": "MAE", "civilName": "Helena Exemplo Duarte"}},
		"contacts": object{
			"postalAddresses": []object{{
				"isMain": true, "address": "Rua do Exemplo, 100", "districtName": "Centro", "townName": "São Paulo", "ibgeTownCode": "3550308",
				"countrySubDivision": "SP", "postCode": "01000000", "country": "Brasil", "countryCode": "BRA",
			}},
			"phones": []object{{"isMain": true, "type": "MOVEL", "countryCallingCode": "55", "areaCode": "11", "number": "900000000"}},
			"emails": []object{{"isMain": true, "email": "marina@example.com"}},
		},
	}
}

func rowsBetween(rows []movement, first, last calendar.Day) []object {
	slices.SortStableFunc(rows, func(a, b movement) int { return cmp.Compare(a.day, b.day) })
	objects := []object{}
	for _, row := range rows {
		if row.day >= first && row.day <= last {
			objects = append(objects, row.object)
		}
	}
	return objects
}

// fill puts the day and the instalment number into a text.
func fill(text string, day calendar.Day, number int) string {
	_, month, dom := day.Date()
	return strings.NewReplacer("{d}", fmt.Sprintf("%02d/%02d", dom, month), "{n}", fmt.Sprintf("%02d", number)).Replace(text)
}

// holidays are the bank holidays with a fixed date. The movable ones would move
// few pay days, and do not matter to a made-up employer.
var holidays = map[[2]int]bool{
	{1, 1}: true, {4, 21}: true, {5, 1}: true, {9, 7}: true, {10, 12}: true,
	{11, 2}: true, {11, 15}: true, {11, 20}: true, {12, 25}: true,
}

func isBusinessDay(day calendar.Day) bool {
	_, month, dom := day.Date()
	weekday := time.Weekday((int(day)%7 + 7 + int(time.Thursday)) % 7) // Day 0 was a Thursday.
	return weekday != time.Saturday && weekday != time.Sunday && !holidays[[2]int{int(month), dom}]
}

func isFifthBusinessDay(day calendar.Day) bool {
	_, _, dom := day.Date()
	count := 0
	for back := range calendar.Day(dom) {
		if isBusinessDay(day - back) {
			count++
		}
	}
	return count == 5 && isBusinessDay(day)
}

func signed(m movement) int64 {
	if m.credit {
		return m.cents
	}
	return -m.cents
}

func direction(credit bool) string {
	if credit {
		return "CREDITO"
	}
	return "DEBITO"
}

func decimal(cents int64) string {
	sign := ""
	if cents < 0 {
		sign, cents = "-", -cents
	}
	return fmt.Sprintf("%s%d.%02d", sign, cents/100, cents%100)
}

func reais(cents int64) object {
	return object{"amount": decimal(cents), "currency": "BRL"}
}
