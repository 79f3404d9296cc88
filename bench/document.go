// Package bench makes the document that the project's speed is measured on and
// holds the benchmarks of the whole road. [Document] is the start.
//
// The document is realistic where it matters for speed: the habits of five
// banks' statement texts, a long tail of shops and people that no table knows,
// the counterparties, card lines in instalments and bills of one year, contracts
// with what was paid of them, and holdings with their movements. It is not a
// truth to score against.
package bench

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/openklaas/klaas/bench/plain"
)

// Movements is the size of the bench document of the published figures.
const Movements = 5000

// LastDay is the newest day of the document. Its history is one year.
var LastDay = time.Date(2025, time.June, 30, 0, 0, 0, 0, time.UTC)

const (
	historyDays = 365
	seed        = 20250630
	cardShare   = 30 // of 100 movements
)

// Document returns a userdata document with the given number of movements over
// five accounts and two cards, and with contracts and holdings, whose payments and
// movements come beside. The same number gives the same bytes. The newest week of
// the first account stands a second time under transactions-current.
func Document(movements int) []byte {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, uint64(movements)))}
	body, err := plain.Marshal(g.document(movements))
	if err != nil {
		panic("bench: " + err.Error()) // The structs are plain and always marshal.
	}
	return body
}

type generator struct {
	*rand.Rand
	holder string // CPF of the person
	ids    int
}

func (g *generator) document(movements int) plain.Document {
	g.holder = g.cpf()
	name := g.fullName()
	onCards := movements * cardShare / 100
	doc := plain.Document{PersonalCustomerIdentification: []plain.Person{g.person(name)}}
	shares := []int{40, 30, 15, 10, 5} // of 100 account movements, bank by bank
	left := movements - onCards
	for i, bank := range banks {
		n := (movements - onCards) * shares[i] / 100
		if i == len(banks)-1 {
			n = left
		}
		left -= n
		doc.Accounts = append(doc.Accounts, g.account(bank, n))
	}
	first := &doc.Accounts[0]
	week := LastDay.AddDate(0, 0, -6).Format(time.DateOnly)
	for _, t := range first.Transactions {
		if t.TransactionDateTime >= week {
			first.TransactionsCurrent = append(first.TransactionsCurrent, t)
		}
	}
	doc.CreditCardsAccounts = []plain.Card{
		g.card(banks[1], "Nubank Ultravioleta", "MASTERCARD", "BLACK", onCards*2/3),
		g.card(banks[0], "Itaú Personnalité Visa", "VISA", "INFINITE", onCards-onCards*2/3),
	}
	g.contracts(&doc, movements)
	g.holdings(&doc, movements)
	return doc
}

func (g *generator) account(bank bank, n int) plain.Account {
	a := plain.Account{
		AccountID: g.id(), BrandName: bank.name, CompanyCnpj: bank.cnpj, CompeCode: bank.compe, BranchCode: g.digits(4),
		Number: g.digits(10), CheckDigit: g.digits(1), Type: bank.account, Subtype: "INDIVIDUAL", Currency: "BRL",
		Balances: plain.Balances{
			AvailableAmount: g.money(10, 9000), BlockedAmount: reais(0), AutomaticallyInvestedAmount: g.money(0, 20000),
			UpdateDateTime: LastDay.Add(11 * time.Hour).Format(time.RFC3339),
		},
		Transactions: make([]plain.Transaction, n),
	}
	if bank.account == "CONTA_DEPOSITO_A_VISTA" {
		a.OverdraftLimits = plain.Overdraft{OverdraftContractedLimit: reais(500000), OverdraftUsedLimit: g.money(0, 3000), UnarrangedOverdraftAmount: reais(0)}
	}
	for i := range a.Transactions {
		a.Transactions[i] = g.transaction(bank, g.moment(i, n))
	}
	slices.SortStableFunc(a.Transactions, func(x, y plain.Transaction) int {
		return strings.Compare(y.TransactionDateTime, x.TransactionDateTime) // newest first, as institutions send them
	})
	return a
}

// moment spreads the i-th of n movements over the year.
func (g *generator) moment(i, n int) time.Time {
	day := LastDay.AddDate(0, 0, -(i * historyDays / max(n, 1)))
	if g.IntN(6) == 0 {
		return day // a bare date
	}
	return day.Add(time.Duration(g.IntN(24*3600*1000)) * time.Millisecond)
}

func (g *generator) transaction(bank bank, at time.Time) plain.Transaction {
	h := bank.habits[g.weighted(bank.habits)]
	t := plain.Transaction{
		TransactionID: g.id(), CompletedAuthorisedPaymentType: "TRANSACAO_EFETIVADA", CreditDebitType: h.direction, Type: h.rail,
		TransactionAmount: g.money(h.from, h.to), TransactionDateTime: at.Format("2006-01-02T15:04:05.000Z"),
	}
	t.TransactionName = g.fill(h.text, at)
	switch h.party {
	case somebody:
		t.PartieCnpjCpf, t.PartiePersonType = g.cpf(), "PESSOA_NATURAL"
	case company:
		t.PartieCnpjCpf, t.PartiePersonType = g.cnpj(), "PESSOA_JURIDICA"
	case self:
		t.PartieCnpjCpf, t.PartiePersonType = g.holder, "PESSOA_NATURAL"
	}
	if h.party != nobody && g.IntN(3) > 0 {
		t.PartieCompeCode, t.PartieBranchCode = pick(g, banks).compe, g.digits(4)
		t.PartieNumber, t.PartieCheckDigit = g.digits(9), g.digits(1)
	}
	return t
}

func (g *generator) weighted(habits []habit) int {
	total := 0
	for _, h := range habits {
		total += h.weight
	}
	at := g.IntN(total)
	for i, h := range habits {
		if at -= h.weight; at < 0 {
			return i
		}
	}
	return len(habits) - 1
}

// card makes a card account whose lines fall on twelve closed bills and an open one.
func (g *generator) card(bank bank, name, network, product string, n int) plain.Card {
	number := g.digits(4)
	c := plain.Card{
		CreditCardAccountID: g.id(), BrandName: bank.name, CompanyCnpj: bank.cnpj, Name: name, ProductType: product, CreditCardNetwork: network,
		PaymentMethod: []plain.PaymentMethod{{IdentificationNumber: number}, {IdentificationNumber: g.digits(4), IsMultipleCreditCard: true}},
		Limits: []plain.Limit{
			{CreditLineLimitType: "LIMITE_CREDITO_TOTAL", ConsolidationType: "CONSOLIDADO", IdentificationNumber: number,
				LimitAmount: reais(2500000), UsedAmount: reais(712345), AvailableAmount: reais(1787655)},
			{CreditLineLimitType: "LIMITE_CREDITO_MODALIDADE_OPERACAO", ConsolidationType: "INDIVIDUAL", IdentificationNumber: number, LineName: "SAQUE_CREDITO_BRASIL",
				LimitAmount: reais(250000), UsedAmount: reais(0), AvailableAmount: reais(250000)},
		},
	}
	closing := time.Date(LastDay.Year(), LastDay.Month(), 3, 0, 0, 0, 0, time.UTC)
	var totals [13]int // in cents; 0 is the open bill
	var ids [13]string
	for i := 1; i < len(ids); i++ {
		ids[i] = g.id()
	}
	for len(c.Transactions) < n {
		at := g.moment(len(c.Transactions), n)
		for _, line := range g.purchase(at, number) {
			if len(c.Transactions) == n {
				break
			}
			age := int(closing.Sub(at).Hours()/24/30) + 1 - (line.ChargeIdentificator - 1)
			if at.After(closing) {
				age = 1 - line.ChargeIdentificator
			}
			if line.ChargeIdentificator == 0 {
				age = min(age, 12)
			}
			if age > 0 && age < len(ids) {
				line.BillID = ids[age]
				line.BillPostDate = closing.AddDate(0, 1-age, 0).Format(time.DateOnly)
				totals[age] += centsOf(line.BrazilianAmount)
			} else {
				line.BillPostDate = "0001-01-01"
			}
			c.Transactions = append(c.Transactions, line)
		}
	}
	for i := 1; i < len(ids); i++ {
		due := closing.AddDate(0, 1-i, 7)
		bill := plain.Bill{
			BillID: ids[i], DueDate: due.Format(time.DateOnly), BillTotalAmount: reais(totals[i]), BillMinimumAmount: reais(totals[i] * 15 / 100), IsInstalment: i%4 == 0,
			Payments: []plain.Payment{{ValueType: "VALOR_PAGAMENTO_FATURA_REALIZADO", PaymentDate: due.Format(time.DateOnly), PaymentMode: "DEBITO_CONTA_CORRENTE", Amount: reais(totals[i]).Amount, Currency: "BRL"}},
		}
		if i%5 == 0 {
			bill.FinanceCharges = []plain.Charge{
				{Type: "JUROS_REMUNERATORIOS_ATRASO_PAGAMENTO_FATURA", Amount: g.money(5, 90).Amount, Currency: "BRL"},
				{Type: "IOF", Amount: g.money(1, 9).Amount, Currency: "BRL"},
			}
		}
		c.Bills = append(c.Bills, bill)
	}
	return c
}

// purchase makes the lines of one purchase: one, or one per instalment.
func (g *generator) purchase(at time.Time, number string) []plain.CardTransaction {
	s := pick(g, shops)
	line := plain.CardTransaction{
		TransactionID: g.id(), IdentificationNumber: number, TransactionName: g.fill(s.text, at), CreditDebitType: "DEBITO",
		TransactionType: "PAGAMENTO", PaymentType: "A_VISTA", BrazilianAmount: g.money(s.from, s.to), TransactionDateTime: at.Format("2006-01-02T15:04:05.000Z"),
		PayeeMCC: s.mcc,
	}
	line.Amount = line.BrazilianAmount
	switch g.IntN(40) {
	case 0:
		line.TransactionName, line.CreditDebitType, line.TransactionType, line.PayeeMCC = "Estorno de \""+line.TransactionName+"\"", "CREDITO", "ESTORNO", 0
	case 1:
		line.TransactionName, line.TransactionType, line.FeeType, line.PayeeMCC = "ANUIDADE DIFERENCIADA", "TARIFA", "ANUIDADE", 0
	case 2:
		line.TransactionName, line.CreditDebitType, line.PaymentType, line.PayeeMCC = "Pagamento recebido", "CREDITO", "", 0
	case 3:
		line.Amount = plain.Money{Amount: reais(centsOf(line.BrazilianAmount) / 6).Amount, Currency: "USD"}
	case 4, 5, 6, 7, 8:
		count := 2 + g.IntN(9)
		lines := make([]plain.CardTransaction, count)
		for i := range lines {
			lines[i] = line
			lines[i].TransactionID = g.id()
			lines[i].TransactionName = fmt.Sprintf("%s %02d/%02d", line.TransactionName, i+1, count)
			lines[i].PaymentType, lines[i].ChargeIdentificator, lines[i].ChargeNumber = "A_PRAZO", i+1, count
		}
		return lines
	}
	return []plain.CardTransaction{line}
}

func (g *generator) person(name string) plain.Person {
	return plain.Person{
		UpdateDateTime: LastDay.Format(time.RFC3339), PersonalID: g.id(), BrandName: banks[0].name, CivilName: name, BirthDate: "1987-09-14",
		MaritalStatusCode: "CASADO", Sex: "FEMININO", CompaniesCnpj: []string{banks[0].cnpj}, Documents: plain.Documents{CpfNumber: g.holder},
		OtherDocuments:          []plain.OtherDocument{{Type: "CNH", Number: g.digits(9), AdditionalInfo: "DETRAN/SP", ExpirationDate: "2029-02-11"}},
		HasBrazilianNationality: true,
		Filiation:               []plain.Filiation{{Type: "MAE", CivilName: g.fullName()}, {Type: "PAI", CivilName: g.fullName()}},
		Contacts: plain.Contacts{
			PostalAddresses: []plain.Address{{IsMain: true, Address: "Rua Augusta, 1200", DistrictName: "Consolação", TownName: "São Paulo", IbgeTownCode: "3550308",
				CountrySubDivision: "SP", PostCode: "01304001", Country: "Brasil", CountryCode: "BRA"}},
			Phones: []plain.Phone{{IsMain: true, Type: "MOVEL", CountryCallingCode: "55", AreaCode: "11", Number: g.digits(9)}},
			Emails: []plain.Email{{IsMain: true, Email: "pessoa@example.com"}},
		},
	}
}

// fill puts names, shops, dates and numbers into the text of a habit.
func (g *generator) fill(text string, at time.Time) string {
	if !strings.Contains(text, "{") {
		return text
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		text = after
		switch name {
		case "NAME":
			b.WriteString(strings.ToUpper(g.fullName()))
		case "Name":
			b.WriteString(g.fullName())
		case "FIRST":
			b.WriteString(strings.ToUpper(pick(g, firstNames)))
		case "SURNAME":
			b.WriteString(strings.ToUpper(pick(g, surnames)))
		case "SHOP":
			b.WriteString(g.fill(pick(g, shops).text, at))
		case "TOWN":
			b.WriteString(pick(g, towns))
		case "ddmm":
			b.WriteString(at.Format("02/01"))
		case "hhmm":
			b.WriteString(at.Format("15:04"))
		case "CNPJ":
			b.WriteString(g.cnpj())
		case "masked":
			b.WriteString("•••." + g.digits(3) + "." + g.digits(3) + "-••")
		case "ISPB":
			b.WriteString(g.digits(8))
		default: // a run of n: that many digits
			b.WriteString(g.digits(len(name)))
		}
	}
}

func pick[T any](g *generator, list []T) T { return list[g.IntN(len(list))] }

func (g *generator) fullName() string {
	name := pick(g, firstNames) + " " + pick(g, surnames)
	if g.IntN(2) == 0 {
		name += " " + pick(g, []string{"da", "de", "dos"}) + " " + pick(g, surnames)
	}
	return name
}

func (g *generator) id() string {
	g.ids++
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	id := make([]byte, 80) // institutions send up to 100
	for i := range id {
		id[i] = letters[g.IntN(len(letters))]
	}
	return fmt.Sprintf("%s%06d", id, g.ids)
}

func (g *generator) digits(n int) string {
	d := make([]byte, n)
	for i := range d {
		d[i] = byte('0' + g.IntN(10))
	}
	return string(d)
}

func (g *generator) cpf() string  { return withCheckDigits(g.digits(9), 11) }
func (g *generator) cnpj() string { return withCheckDigits(g.digits(8)+"0001", 9) }

// withCheckDigits appends the two digits modulo 11, whose weights run from 2 to top.
func withCheckDigits(id string, top int) string {
	for range 2 {
		sum, weight := 0, 2
		for i := len(id) - 1; i >= 0; i-- {
			sum += int(id[i]-'0') * weight
			if weight++; weight > top {
				weight = 2
			}
		}
		digit := 11 - sum%11
		if digit > 9 {
			digit = 0
		}
		id += string(rune('0' + digit))
	}
	return id
}

// money returns an amount between two whole numbers of reais, often a round one.
func (g *generator) money(from, to int) plain.Money {
	cents := from*100 + g.IntN((to-from)*100+1)
	switch g.IntN(4) {
	case 0:
		cents = max(cents/1000*1000, 100)
	case 1:
		cents = cents/100*100 + 90
	}
	return reais(max(cents, 1))
}

func reais(cents int) plain.Money {
	return plain.Money{Amount: fmt.Sprintf("%d.%02d", cents/100, cents%100), Currency: "BRL"}
}

func centsOf(m plain.Money) int {
	cents := 0
	for i := range len(m.Amount) {
		if m.Amount[i] != '.' {
			cents = cents*10 + int(m.Amount[i]-'0')
		}
	}
	return cents
}
