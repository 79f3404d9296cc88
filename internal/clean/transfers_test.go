package clean_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/clean"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/openfinance"
)

const (
	ownCPF   = "52998224725"
	otherCPF = "11144477735"
	ownName  = "Maria Aparecida Souza Lima"
)

var accountNumbers = []string{"111111", "222222", "333333"}

// drawLegs makes a person with three accounts at three banks and transfers of
// few amounts and days, so that many could be one.
func drawLegs(t *rapid.T) *openfinance.Document {
	doc := &openfinance.Document{
		PersonalIdentifications: []openfinance.PersonalIdentification{{CPF: ownCPF, CivilName: ownName}},
	}
	banks := []struct{ compe, cnpj string }{{"001", "00000000000191"}, {"341", "60701190000104"}, {"260", "18236120000158"}}
	n := 0
	for i, bank := range banks {
		account := openfinance.Account{
			AccountID: fmt.Sprint("account-", i), Type: rapid.SampledFrom([]string{"CONTA_DEPOSITO_A_VISTA", "CONTA_POUPANCA"}).Draw(t, "account type"),
			CompeCode: bank.compe, CompanyCNPJ: bank.cnpj, Number: accountNumbers[i],
		}
		for range rapid.IntRange(0, 8).Draw(t, "entries") {
			n++
			e := drawLeg(t)
			e.TransactionID = fmt.Sprint("leg-", n)
			account.Transactions = append(account.Transactions, e)
		}
		doc.Accounts = append(doc.Accounts, account)
	}
	return doc
}

func drawLeg(t *rapid.T) openfinance.Transaction {
	day := firstDay + calendar.Day(rapid.IntRange(0, 4).Draw(t, "day"))
	e := openfinance.Transaction{
		CreditDebitType: rapid.SampledFrom([]string{"CREDITO", "DEBITO"}).Draw(t, "direction"),
		Amount:          brl(rapid.SampledFrom([]string{"50.00", "50.00", "73.21"}).Draw(t, "amount")),
		Type:            rapid.SampledFrom([]string{"PIX", "PIX", "TED", "OUTROS", "BOLETO", "CARTAO"}).Draw(t, "type"),
		Name: rapid.SampledFrom([]string{
			"PIX", "PIX ENVIADO MARIA APARECIDA SOUZA LIMA", "PIX MARIA A", "PIX JOAO PEREIRA", "TED MESMA TITULARIDADE",
			"TRANSF ENTRE CONTAS", "DEV PIX", "TRANSF P/ POUPANCA", "PADARIA", "RENDE FACIL", "SALARIO",
		}).Draw(t, "name"),
		Date:          day.String(),
		PartieCnpjCpf: rapid.SampledFrom([]string{"", "", ownCPF, otherCPF}).Draw(t, "partie"),
	}
	if rapid.Bool().Draw(t, "timed") {
		e.DateTime = fmt.Sprintf("%sT1%d:00:0%dZ", day, rapid.IntRange(2, 4).Draw(t, "hour"), rapid.IntRange(0, 9).Draw(t, "second"))
	}
	if rapid.IntRange(0, 3).Draw(t, "names the account") == 0 {
		e.PartieNumber = rapid.SampledFrom(append(accountNumbers, "999999")).Draw(t, "number")
	}
	return e
}

// roles tells the role of each leg and the pairs, without order.
func roles(l *ledger.Ledger) []string {
	var told []string
	for i := range l.Movements {
		m := &l.Movements[i]
		told = append(told, fmt.Sprint(m.ID, " ", m.Role, " ", m.RoleReason, " ", m.Reversed))
	}
	for _, link := range l.Links {
		told = append(told, fmt.Sprint(link.Kind, l.Movements[link.From].ID, l.Movements[link.To].ID, link.Reason))
	}
	slices.Sort(told)
	return told
}

var lateDay = clean.Options{Day: firstDay + 60}

func TestOwnTransfersCarryNobodyElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, _ := clean.Clean(drawLegs(t), lateDay)
		if err := ledger.Check(l); err != nil {
			t.Fatal(err)
		}
		for i := range l.Movements {
			m := &l.Movements[i]
			if m.Role == ledger.RoleOwnTransfer && m.Entry.PartieCnpjCpf == otherCPF {
				t.Fatalf("an entry with somebody else's document is an own transfer: %s", m.RoleReason)
			}
			if m.Role == ledger.RoleOwnTransfer && (m.Entry.Type == "BOLETO" || m.Entry.Type == "CARTAO") {
				t.Fatalf("a %s is an own transfer: %s", m.Entry.Type, m.RoleReason)
			}
		}
	})
}

// Which pairs are made does not depend on the order of accounts, or of entries
// whose days or times tell their order.
func TestPairsDoNotDependOnOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := drawLegs(t)
		want, _ := clean.Clean(doc, lateDay)
		other := *doc
		other.Accounts = permuted(t, slices.Clone(doc.Accounts))
		for i := range other.Accounts {
			rank := dayRanks(t)
			a := &other.Accounts[i]
			a.Transactions = slices.Clone(a.Transactions)
			slices.SortStableFunc(a.Transactions, func(x, y openfinance.Transaction) int { return rank[x.Date] - rank[y.Date] })
		}
		got, _ := clean.Clean(&other, lateDay)
		if !slices.Equal(roles(want), roles(got)) {
			t.Fatalf("roles change with the order:\n%s\n\n%s", strings.Join(roles(want), "\n"), strings.Join(roles(got), "\n"))
		}
	})
}

// Transfers that really happened, each with an amount of its own, are all found
// and rightly paired, whatever payments of others stand beside them.
func TestRealTransfersAreFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := drawLegs(t)
		n := rapid.IntRange(1, 6).Draw(t, "transfers")
		for i := range n {
			from := rapid.IntRange(0, 2).Draw(t, "from")
			to := (from + rapid.IntRange(1, 2).Draw(t, "to")) % 3
			day := firstDay + calendar.Day(rapid.IntRange(0, 30).Draw(t, "day"))
			kind := rapid.SampledFrom([]string{"PIX", "TED"}).Draw(t, "rail")
			leg := func(direction, partie, name, id string) openfinance.Transaction {
				return openfinance.Transaction{
					TransactionID: fmt.Sprint(id, i), CreditDebitType: direction, Name: name, Type: kind,
					Amount: brl(fmt.Sprintf("%d.17", 1000+i)), Date: day.String(), PartieCnpjCpf: partie,
				}
			}
			known := rapid.SampledFrom([][2]string{{ownCPF, ownCPF}, {ownCPF, ""}, {"", ownCPF}}).Draw(t, "who tells")
			doc.Accounts[from].Transactions = append(doc.Accounts[from].Transactions, leg("DEBITO", known[0], kind, "from-"))
			doc.Accounts[to].Transactions = append(doc.Accounts[to].Transactions, leg("CREDITO", known[1], kind, "to-"))
		}
		l, _ := clean.Clean(doc, lateDay)
		found := 0
		for _, link := range l.Links {
			if from, real := strings.CutPrefix(l.Movements[link.From].ID, "from-"); real {
				if l.Movements[link.To].ID != "to-"+from {
					t.Fatal("a real transfer is paired with another leg")
				}
				found++
			}
		}
		if found != n {
			t.Fatalf("%d of %d transfers are found", found, n)
		}
	})
}

// What came later tells nothing about an older day.
func TestRolesOfAnOlderDayDoNotKnowLaterEntries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := drawLegs(t)
		doc.Accounts[0].Balances = &openfinance.Balances{Available: brl("1.00"), UpdateDateTime: (firstDay + 90).String() + "T12:00:00Z"}
		o := clean.Options{Day: firstDay + calendar.Day(rapid.IntRange(0, 4).Draw(t, "reporting day")), Asked: true}
		want, _ := clean.Clean(doc, o)
		short := *doc
		short.Accounts = slices.Clone(doc.Accounts)
		for i := range short.Accounts {
			a := &short.Accounts[i]
			a.Transactions = slices.DeleteFunc(slices.Clone(a.Transactions), func(e openfinance.Transaction) bool { return e.Date > o.Day.String() })
		}
		got, _ := clean.Clean(&short, o)
		exists := func(told []string) []string {
			return slices.DeleteFunc(told, func(s string) bool { return strings.Contains(s, " none  ") })
		}
		if a, b := exists(roles(want)), exists(roles(got)); !slices.Equal(a, b) {
			t.Fatalf("roles change with later entries:\n%s\n\n%s", strings.Join(a, "\n"), strings.Join(b, "\n"))
		}
	})
}
