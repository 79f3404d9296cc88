package clean_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/openklaas/klaas/bench"
	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/clean"
	"github.com/openklaas/klaas/openfinance"
)

// BenchmarkClean shows that time grows with the number of movements: the ns per
// movement stay about the same from one size to the next.
func BenchmarkClean(b *testing.B) {
	for _, n := range []int{500, 5_000, 50_000, 200_000} {
		doc := benchDocument(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				clean.Clean(doc, clean.Options{Day: benchDay})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/movement")
		})
	}
}

// BenchmarkCleanBenchDocument is the share of cleaning in the budget of reading
// and cleaning the document of package bench.
func BenchmarkCleanBenchDocument(b *testing.B) {
	doc, _, err := openfinance.Read(bench.Document(bench.Movements))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		clean.Clean(doc, clean.Options{Day: benchDay})
	}
}

// BenchmarkHostile has only equal movements, a pending one for every effective
// one, and as many bills as lines.
func BenchmarkHostile(b *testing.B) {
	for _, n := range []int{5_000, 50_000} {
		doc := hostileDocument(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				clean.Clean(doc, clean.Options{Day: benchDay})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/movement")
		})
	}
}

// BenchmarkHostileTransfers has transfers of one amount between two accounts, a
// few or all of them on one day, and as many refunds of purchases of one amount
// at one shop.
func BenchmarkHostileTransfers(b *testing.B) {
	for _, days := range []int{1, 30, 4000} {
		for _, n := range []int{5_000, 50_000, 200_000} {
			doc := hostileTransfers(n, days)
			b.Run(fmt.Sprintf("%d-days/%d", days, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					clean.Clean(doc, clean.Options{Day: benchDay})
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/movement")
			})
		}
	}
}

// BenchmarkHostileContracts has contracts whose payments are all of one amount
// within a month, and as many debits.
func BenchmarkHostileContracts(b *testing.B) {
	for _, n := range []int{5_000, 50_000} {
		doc := contractsOfFewAmounts(rand.New(rand.NewPCG(1, 1)), n/5, n, 1)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				clean.Clean(doc, clean.Options{Day: benchDay})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/movement")
		})
	}
}

func hostileTransfers(n, days int) *openfinance.Document {
	doc := &openfinance.Document{
		PersonalIdentifications: []openfinance.PersonalIdentification{{CPF: "52998224725", CivilName: "Maria Aparecida Souza Lima"}},
		Accounts:                make([]openfinance.Account, 2),
		CreditCards:             make([]openfinance.CreditCard, 1),
	}
	card := &doc.CreditCards[0]
	for i := range n / 4 {
		day := (benchDay - calendar.Day(i%days)).String()
		t := openfinance.Transaction{
			TransactionID: fmt.Sprint("t", i), CreditDebitType: "DEBITO", Name: "PIX ENVIADO", Type: "PIX", Date: day, Amount: brl("1.00"),
			PartieCnpjCpf: "52998224725",
		}
		doc.Accounts[0].Transactions = append(doc.Accounts[0].Transactions, t)
		t.CreditDebitType, t.PartieCnpjCpf = "CREDITO", ""
		doc.Accounts[1].Transactions = append(doc.Accounts[1].Transactions, t)
		line := openfinance.CardTransaction{
			TransactionID: fmt.Sprint("l", i), CreditDebitType: "DEBITO", Name: "LOJA AZUL", Date: day, BrazilianAmount: brl("1.00"), PayeeMCC: -1,
		}
		card.Transactions = append(card.Transactions, line)
		line.TransactionID, line.CreditDebitType, line.TransactionType = fmt.Sprint("r", i), "CREDITO", "ESTORNO"
		card.Transactions = append(card.Transactions, line)
	}
	return doc
}

var benchDay = calendar.Of(2025, 3, 31)

// benchDocument is a year of five accounts and two cards with n movements in
// all, the last week of each account also in transactions-current.
func benchDocument(n int) *openfinance.Document {
	names := []string{
		"PIX ENVIADO MERCADO SAO JOSE 12345", "Compra no débito - PADARIA PÃO QUENTE", "PAG*JoaoDaSilva",
		"TED 341.0001 EMPRESA DE TRANSPORTES LTDA", "Transferência recebida - MARIA APARECIDA", "RENDE FACIL",
		"IFOOD *IFOOD", "UBER TRIP HELP.UBER.COM", "PAGAMENTO DE BOLETO CONDOMINIO", "CONTA DE LUZ 03/2025",
	}
	doc := &openfinance.Document{}
	each := n / 7
	for a := range 5 {
		account := openfinance.Account{
			AccountID: fmt.Sprint("account-", a), Type: "CONTA_DEPOSITO_A_VISTA", CompanyCNPJ: "60701190000104", CompeCode: "341",
			Balances: &openfinance.Balances{Available: brl("1234.56"), UpdateDateTime: "2025-03-31T10:00:00Z"},
		}
		for i := range each {
			day := benchDay - calendar.Day(i*365/each)
			t := openfinance.Transaction{
				TransactionID: fmt.Sprintf("%08d-%d-aaaa-bbbb-cccc-0123456789ab", i, a), CompletedAuthorised: "TRANSACAO_EFETIVADA",
				CreditDebitType: "DEBITO", Name: names[i%len(names)], Type: "PIX", Date: day.String(),
				DateTime: day.String() + fmt.Sprintf("T%02d:%02d:10.123Z", i%24, i%60), Amount: brl(fmt.Sprintf("%d.%02d", i%997+1, i%100)),
			}
			account.Transactions = append(account.Transactions, t)
			if benchDay-day < 7 {
				account.TransactionsCurrent = append(account.TransactionsCurrent, t)
			}
		}
		doc.Accounts = append(doc.Accounts, account)
	}
	for c := range 2 {
		card := openfinance.CreditCard{CreditCardAccountID: fmt.Sprint("card-", c), CompanyCNPJ: "60701190000104"}
		for month := range 12 {
			card.Bills = append(card.Bills, openfinance.Bill{
				BillID: fmt.Sprint("bill-", month), DueDate: calendar.Of(2025, 3, 20).AddMonths(-month).String(), Total: brl("100.00"),
			})
		}
		for i := range n/2 - each*5/2 {
			day := benchDay - calendar.Day(i*365/each)
			line := openfinance.CardTransaction{
				TransactionID: fmt.Sprintf("%08d-%d-dddd-eeee-ffff-0123456789ab", i, c), CreditDebitType: "DEBITO",
				Name: names[i%len(names)], TransactionType: "PAGAMENTO", Date: day.String(),
				BrazilianAmount: brl(fmt.Sprintf("%d.%02d", i%97+1, i%100)), BillPostDate: (day + 5).String(), PayeeMCC: 5411,
			}
			if i%5 == 0 {
				line.ChargeNumber, line.ChargeIdentificator = 10, fmt.Sprint(i%10+1)
			}
			card.Transactions = append(card.Transactions, line)
		}
		doc.CreditCards = append(doc.CreditCards, card)
	}
	return doc
}

func hostileDocument(n int) *openfinance.Document {
	doc := &openfinance.Document{Accounts: make([]openfinance.Account, 1), CreditCards: make([]openfinance.CreditCard, 1)}
	account, card := &doc.Accounts[0], &doc.CreditCards[0]
	account.Balances = &openfinance.Balances{Available: brl("0.00")}
	for i := range n / 4 {
		t := openfinance.Transaction{CreditDebitType: "DEBITO", Name: "A", Date: "2025-03-30", Amount: brl("1.00")}
		account.Transactions = append(account.Transactions, t)
		t.CompletedAuthorised = "LANCAMENTO_FUTURO"
		account.TransactionsCurrent = append(account.TransactionsCurrent, t)
		t.CompletedAuthorised, t.Type = "TRANSACAO_PROCESSANDO", "OUTROS"
		account.TransactionsCurrent = append(account.TransactionsCurrent, t)
		card.Bills = append(card.Bills, openfinance.Bill{BillID: fmt.Sprint(i), DueDate: (benchDay - calendar.Day(i%5000)).String()})
		card.Transactions = append(card.Transactions, openfinance.CardTransaction{
			CreditDebitType: "DEBITO", Name: "A", Date: "2025-03-30", BrazilianAmount: brl("1.00"),
			ChargeNumber: 10, ChargeIdentificator: fmt.Sprint(i%10 + 1), PayeeMCC: -1,
		})
	}
	return doc
}
