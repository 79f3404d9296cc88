package clean_test

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/clean"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/openfinance"
)

// The documents of the properties lie in the spring of 2025 and hold few names
// and amounts, so that equal entries are many.

var firstDay = calendar.Of(2025, 2, 20)

func drawDay(t *rapid.T, label string) calendar.Day {
	return firstDay + calendar.Day(rapid.IntRange(0, 60).Draw(t, label))
}

// drawDocument makes a document of every trap at once: twins, entries in two
// lists under one or two ids or none, pending and future entries, balance lines,
// bills with and without closing dates, running plans.
func drawDocument(t *rapid.T) *openfinance.Document {
	doc := &openfinance.Document{}
	for a := range rapid.IntRange(0, 3).Draw(t, "accounts") {
		account := openfinance.Account{AccountID: fmt.Sprint("account-", a), Type: "CONTA_DEPOSITO_A_VISTA"}
		if rapid.Bool().Draw(t, "has balances") {
			account.Balances = &openfinance.Balances{Available: brl("100.00"), UpdateDateTime: drawDay(t, "update").String() + "T12:00:00Z"}
		}
		account.Transactions = rapid.SliceOfN(rapid.Custom(drawEntry), 0, 12).Draw(t, "history")
		account.TransactionsCurrent = again(t, account.Transactions, rapid.Custom(drawEntry), func(e *openfinance.Transaction) *string { return &e.TransactionID })
		doc.Accounts = append(doc.Accounts, account)
	}
	for c := range rapid.IntRange(0, 2).Draw(t, "cards") {
		card := openfinance.CreditCard{CreditCardAccountID: fmt.Sprint("card-", c)}
		for b := range rapid.IntRange(0, 3).Draw(t, "bills") {
			bill := openfinance.Bill{BillID: fmt.Sprint("bill-", b), DueDate: firstDay.AddMonths(b).String(), Total: brl("10.00")}
			if rapid.Bool().Draw(t, "has closing date") {
				bill.ClosingDate = (firstDay.AddMonths(b) - 10).String()
			}
			bill.Transactions = rapid.SliceOfN(rapid.Custom(drawLine), 0, 4).Draw(t, "under bill")
			bill.Payments = []openfinance.BillPayment{{PaymentDate: drawDay(t, "paid").String(), Amount: brl("1.00")}}
			card.Bills = append(card.Bills, bill)
			card.Transactions = append(card.Transactions, bill.Transactions...)
		}
		card.Transactions = again(t, card.Transactions, rapid.Custom(drawLine), func(l *openfinance.CardTransaction) *string { return &l.TransactionID })
		doc.CreditCards = append(doc.CreditCards, card)
	}
	return doc
}

func drawEntry(t *rapid.T) openfinance.Transaction {
	day := drawDay(t, "day")
	e := openfinance.Transaction{
		TransactionID:   rapid.SampledFrom([]string{"", "a", "b", "c", "d", "e", "f"}).Draw(t, "id"),
		CreditDebitType: rapid.SampledFrom([]string{"CREDITO", "DEBITO"}).Draw(t, "direction"),
		Name:            rapid.SampledFrom([]string{"CAFE", "CAFE 12", "PIX JOAO", "SALDO DO DIA", "PAGAMENTO DE FATURA", "ESTORNO CAFE", "PIX ENVIADO", "RENDE FACIL"}).Draw(t, "name"),
		Amount:          brl(rapid.SampledFrom([]string{"1.00", "2.00", "0.00"}).Draw(t, "amount")),
		Type:            "PIX",
		Date:            day.String(),
	}
	if rapid.Bool().Draw(t, "timed") {
		e.DateTime = fmt.Sprintf("%sT%02d:00:00Z", day, rapid.IntRange(10, 14).Draw(t, "hour"))
	}
	if rapid.IntRange(0, 3).Draw(t, "phase") == 0 {
		e.CompletedAuthorised = rapid.SampledFrom([]string{"LANCAMENTO_FUTURO", "TRANSACAO_PROCESSANDO"}).Draw(t, "not effective")
	}
	return e
}

func drawLine(t *rapid.T) openfinance.CardTransaction {
	l := openfinance.CardTransaction{
		TransactionID:   rapid.SampledFrom([]string{"", "", "a", "b", "c"}).Draw(t, "id"),
		BillID:          rapid.SampledFrom([]string{"", "", "bill-0", "bill-1", "bill-9"}).Draw(t, "bill"),
		CreditDebitType: rapid.SampledFrom([]string{"CREDITO", "DEBITO"}).Draw(t, "direction"),
		Name:            rapid.SampledFrom([]string{"LOJA", "MERCADO", "LOJA 2/3", "PAGAMENTO RECEBIDO", "PARCELAMENTO DE FATURA", "ESTORNO LOJA"}).Draw(t, "name"),
		BrazilianAmount: brl(rapid.SampledFrom([]string{"1.00", "2.00"}).Draw(t, "amount")),
		TransactionType: "PAGAMENTO",
		Date:            drawDay(t, "day").String(),
		PayeeMCC:        -1,
	}
	if rapid.Bool().Draw(t, "posted") {
		l.BillPostDate = drawDay(t, "post day").String()
	}
	if rapid.Bool().Draw(t, "in instalments") {
		l.ChargeNumber = 3
		l.ChargeIdentificator = rapid.SampledFrom([]string{"", "1", "2", "3"}).Draw(t, "number")
	}
	return l
}

// again returns some rows of a list a second time, under their own, another or
// no id, and some rows of its own.
func again[R any](t *rapid.T, list []R, fresh *rapid.Generator[R], id func(*R) *string) []R {
	var second []R
	for i := range list {
		row := list[i]
		switch rapid.IntRange(0, 4).Draw(t, "again") {
		case 0:
			second = append(second, row)
		case 1:
			*id(&row) = ""
			second = append(second, row)
		case 2:
			*id(&row) = fmt.Sprint("new-", i)
			second = append(second, row)
		}
	}
	return append(second, rapid.SliceOfN(fresh, 0, 3).Draw(t, "fresh")...)
}

func drawOptions(t *rapid.T) clean.Options {
	return clean.Options{
		Day:         drawDay(t, "reporting day"),
		Asked:       rapid.Bool().Draw(t, "asked"),
		HistoryDays: rapid.SampledFrom([]int{0, 0, 10}).Draw(t, "history days"),
	}
}

func TestInvariantsHoldAfterEveryStep(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		clean.CleanStepwise(drawDocument(t), drawOptions(t), func(step string, l *ledger.Ledger) {
			if err := ledger.Check(l); err != nil && step != "movements" {
				t.Fatalf("after %q: %v", step, err)
			}
		})
	})
}

func TestSameDocumentSameLedger(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc, o := drawDocument(t), drawOptions(t)
		first, _ := clean.Clean(doc, o)
		second, _ := clean.Clean(doc, o)
		if !reflect.DeepEqual(first, second) {
			t.Fatal("two ledgers of one document differ")
		}
	})
}

func TestDuplicatesTwiceChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, _ := clean.Clean(drawDocument(t), drawOptions(t))
		before := slices.Clone(l.Movements)
		clean.MarkDuplicates(l)
		if !reflect.DeepEqual(before, l.Movements) {
			t.Fatal("a second run told other duplicates")
		}
	})
}

// TestEachRealMovementOnce takes real movements with true twins among them, and
// sends the newest a second time in transactions-current.
func TestEachRealMovementOnce(t *testing.T) {
	for _, ids := range []string{"the same ids", "no ids", "new ids"} {
		t.Run(ids, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				var account openfinance.Account
				account.Type = "CONTA_DEPOSITO_A_VISTA"
				for i := range rapid.IntRange(0, 30).Draw(t, "movements") {
					e := openfinance.Transaction{
						TransactionID: fmt.Sprint("history-", i), CreditDebitType: "DEBITO", Name: rapid.SampledFrom([]string{"CAFE", "PAO"}).Draw(t, "name"),
						Amount: brl("1.00"), Date: (firstDay + calendar.Day(rapid.IntRange(0, 10).Draw(t, "day"))).String(),
					}
					if ids == "no ids" {
						e.TransactionID = ""
					}
					account.Transactions = append(account.Transactions, e)
					if day, _ := calendar.ParseDay(e.Date); day < firstDay+5 {
						continue
					}
					if ids == "new ids" {
						e.TransactionID = fmt.Sprint("current-", i)
					}
					account.TransactionsCurrent = append(account.TransactionsCurrent, e)
				}
				l, _ := clean.Clean(&openfinance.Document{Accounts: []openfinance.Account{account}}, clean.Options{Day: firstDay + 20})
				if got, want := len(l.Accounts[0].Newest), len(account.Transactions); got != want {
					t.Fatalf("%d movements count, %d are real", got, want)
				}
				for _, at := range l.Accounts[0].Newest {
					if l.Movements[at].Source != ledger.AccountHistory {
						t.Fatalf("movement %d of the second list counts", at)
					}
				}
			})
		})
	}
}

// figures tells all that counts in a ledger, without order: of accounts the
// effective entries with their balances, of cards the bills with their lines.
func figures(l *ledger.Ledger, balances bool) []string {
	var f []string
	for i := range l.Accounts {
		for _, at := range l.Accounts[i].Newest {
			m := &l.Movements[at]
			if m.Phase != ledger.Effective {
				continue
			}
			row := fmt.Sprint(l.Accounts[i].Source.AccountID, m.Day, m.Signed(), m.Text, m.Role, m.Reversed)
			if balances {
				row += fmt.Sprint(m.HasBalance, m.Balance)
			}
			f = append(f, row)
		}
	}
	for i := range l.Cards {
		c := &l.Cards[i]
		if c.Open == nil {
			continue
		}
		f = append(f, fmt.Sprint(c.Source.CreditCardAccountID, "open", c.Open.BillingDay, c.Open.DueDay, c.Open.Total))
		f = append(f, lineFigures(l, c.Source.CreditCardAccountID+"open", c.Open.Lines)...)
		for b := range c.Closed {
			bill := &c.Closed[b]
			f = append(f, fmt.Sprint(c.Source.CreditCardAccountID, bill.Source.BillID, bill.BillingDay, bill.Total, bill.Source.Payments))
			f = append(f, lineFigures(l, c.Source.CreditCardAccountID+bill.Source.BillID, bill.Lines)...)
		}
	}
	f = append(f, planFigures(l)...)
	facts := fact.New(l)
	for i := range l.Accounts {
		f = append(f, fmt.Sprint(l.Accounts[i].Source.AccountID, facts.AccountCoverage(i)))
	}
	f = append(f, fmt.Sprint(facts.Coverage(false)))
	if balances {
		f = append(f, seriesFigures(l, facts)...)
	}
	slices.Sort(f)
	return f
}

// planFigures tells every instalment of every plan.
func planFigures(l *ledger.Ledger) []string {
	var f []string
	for i := range l.Plans {
		p := &l.Plans[i]
		plan := fmt.Sprint("plan", l.Cards[p.Card].Source.CreditCardAccountID, p.Name, p.Count, p.Price, p.Whole >= 0)
		for n := range p.Count {
			in := p.At(l, n+1)
			plan += fmt.Sprint(in.Number, in.Amount, in.Month, in.State, in.Movement >= 0)
		}
		f = append(f, plan)
	}
	return f
}

// seriesFigures tells the end of each day of the person.
func seriesFigures(l *ledger.Ledger, facts *fact.Facts) []string {
	var f []string
	b := facts.DailyBalances(false)
	if b.Available == nil {
		return nil
	}
	for d := b.Available.First - 1; d <= l.Day; d++ {
		f = append(f, fmt.Sprint("end of ", d, b.Available.At(d), b.Invested.At(d), b.Available.IsReliable(d)))
	}
	return f
}

func lineFigures(l *ledger.Ledger, bill string, lines []int32) []string {
	var f []string
	for _, at := range lines {
		m := &l.Movements[at]
		f = append(f, fmt.Sprint(bill, m.Day, m.Written, m.Signed(), m.Text, m.Line.ChargeIdentificator, m.Role, m.Reversed))
	}
	return f
}

// TestOrderOfAccountsAndDaysChangesNoFigure: the order inside a day is
// information, all other order is not. Every entry has an id of its own, as
// rule 1 lets document order decide between entries that differ under one id.
func TestOrderOfAccountsAndDaysChangesNoFigure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc, o := drawDocument(t), drawOptions(t)
		ownIDs(doc)
		want, _ := clean.Clean(doc, o)
		other := *doc
		other.Accounts = permuted(t, slices.Clone(doc.Accounts))
		for i := range other.Accounts {
			a := &other.Accounts[i]
			rank := dayRanks(t)
			byDay := func(x, y openfinance.Transaction) int { return cmp.Compare(rank[x.Date], rank[y.Date]) }
			a.Transactions = slices.Clone(a.Transactions)
			a.TransactionsCurrent = slices.Clone(a.TransactionsCurrent)
			slices.SortStableFunc(a.Transactions, byDay)
			slices.SortStableFunc(a.TransactionsCurrent, byDay)
		}
		other.CreditCards = permuted(t, slices.Clone(doc.CreditCards))
		for i := range other.CreditCards {
			c := &other.CreditCards[i]
			rank := dayRanks(t)
			c.Transactions = slices.Clone(c.Transactions)
			slices.SortStableFunc(c.Transactions, func(x, y openfinance.CardTransaction) int { return cmp.Compare(rank[x.Date], rank[y.Date]) })
		}
		got, _ := clean.Clean(&other, o)
		if !slices.Equal(figures(want, true), figures(got, true)) {
			t.Fatalf("figures change with the order:\n%s\n\n%s", strings.Join(figures(want, true), "\n"), strings.Join(figures(got, true), "\n"))
		}
	})
}

func ownIDs(doc *openfinance.Document) {
	n := 0
	own := func(id *string) {
		if *id != "" {
			n++
			*id = fmt.Sprint("own-", n)
		}
	}
	for i := range doc.Accounts {
		a := &doc.Accounts[i]
		for k := range a.Transactions {
			own(&a.Transactions[k].TransactionID)
		}
		for k := range a.TransactionsCurrent {
			own(&a.TransactionsCurrent[k].TransactionID)
		}
	}
	for i := range doc.CreditCards {
		c := &doc.CreditCards[i]
		for b := range c.Bills {
			for k := range c.Bills[b].Transactions {
				own(&c.Bills[b].Transactions[k].TransactionID)
			}
		}
		for k := range c.Transactions {
			own(&c.Transactions[k].TransactionID)
		}
	}
}

func permuted[T any](t *rapid.T, list []T) []T {
	if len(list) == 0 {
		return list
	}
	return rapid.Permutation(list).Draw(t, "permutation")
}

func dayRanks(t *rapid.T) map[string]int {
	var days []string
	for d := range calendar.Day(61) {
		days = append(days, (firstDay + d).String())
	}
	ranks := make(map[string]int)
	for i, day := range rapid.Permutation(days).Draw(t, "days") {
		ranks[day] = i
	}
	return ranks
}

// TestReplayIsAsIfNothingLaterWereSent: deleting every record dated after D,
// the collection day kept, changes no figure but balances.
func TestReplayIsAsIfNothingLaterWereSent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc, o := drawDocument(t), drawOptions(t)
		o.Asked = true
		collected := (firstDay + 90).String() + "T12:00:00Z"
		doc.Accounts = append(doc.Accounts, openfinance.Account{Type: "CONTA_POUPANCA", Balances: &openfinance.Balances{UpdateDateTime: collected}})
		for i := range doc.CreditCards {
			flatten(&doc.CreditCards[i])
		}
		want, _ := clean.Clean(doc, o)
		got, _ := clean.Clean(cut(doc, want, o), o)
		if !want.Replay || !got.Replay {
			t.Fatal("is no replay")
		}
		if !slices.Equal(figures(want, false), figures(got, false)) {
			t.Fatalf("figures change with later records:\n%s\n\n%s", strings.Join(figures(want, false), "\n"), strings.Join(figures(got, false), "\n"))
		}
	})
}

// flatten makes nested lines plain lines that name their bill: a line that is
// dated before D outlives a bill that is not.
func flatten(c *openfinance.CreditCard) {
	var lines []openfinance.CardTransaction
	for b := range c.Bills {
		for _, line := range c.Bills[b].Transactions {
			line.BillID = c.Bills[b].BillID
			lines = append(lines, line)
		}
		c.Bills[b].Transactions = nil
	}
	c.Transactions = append(lines, c.Transactions...)
}

// cut deletes what is dated after D: entries, lines and payments by their days,
// and the bills that were closed after D.
func cut(doc *openfinance.Document, replay *ledger.Ledger, o clean.Options) *openfinance.Document {
	after := func(m *ledger.Movement) bool { return m.Standing == ledger.AfterDay && m.Day > o.Day }
	short := *doc
	short.Accounts = slices.Clone(doc.Accounts)
	short.CreditCards = slices.Clone(doc.CreditCards)
	for i := range short.Accounts {
		short.Accounts[i].Transactions, short.Accounts[i].TransactionsCurrent = nil, nil
	}
	for i := range short.CreditCards {
		c := &short.CreditCards[i]
		c.Transactions, c.Bills = nil, nil
		for _, bill := range doc.CreditCards[i].Bills {
			for k := range replay.Cards[i].Closed {
				if closed := replay.Cards[i].Closed[k].Source; closed.BillID == bill.BillID {
					c.Bills = append(c.Bills, *closed)
				}
			}
		}
	}
	for i := range replay.Movements {
		m := &replay.Movements[i]
		switch {
		case after(m):
		case m.Source == ledger.AccountHistory:
			short.Accounts[m.Holder].Transactions = append(short.Accounts[m.Holder].Transactions, *m.Entry)
		case m.Source == ledger.AccountCurrent:
			short.Accounts[m.Holder].TransactionsCurrent = append(short.Accounts[m.Holder].TransactionsCurrent, *m.Entry)
		default:
			short.CreditCards[m.Holder].Transactions = append(short.CreditCards[m.Holder].Transactions, *m.Line)
		}
	}
	return &short
}

// TestEndOfDayFollowsFromTheEntries: from one day to the next the balance of an
// account changes by its effective entries of that day and by nothing else, and
// half of a joint account is half of it.
func TestEndOfDayFollowsFromTheEntries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc, o := drawDocument(t), drawOptions(t)
		o.Asked = false
		l, _ := clean.Clean(doc, o)
		facts := fact.New(l)
		for i := range l.Accounts {
			a := &l.Accounts[i]
			s := facts.AccountBalances(i).Available
			if s == nil {
				if a.Source.Balances != nil {
					t.Fatalf("account %d has balances but no series", i)
				}
				continue
			}
			for d := firstDay; d <= l.Day; d++ {
				var change money.Amount
				for at := a.First; at < a.End; at++ {
					m := &l.Movements[at]
					if m.Standing == ledger.Counted && m.Phase == ledger.Effective && m.Day == d {
						change += m.Signed()
					}
				}
				if s.At(d)-s.At(d-1) != change {
					t.Fatalf("account %d changes by %s on %s, its entries by %s", i, s.At(d)-s.At(d-1), d, change)
				}
			}
		}
		for i := range doc.Accounts {
			doc.Accounts[i].Subtype = "CONJUNTA_SIMPLES"
		}
		o.Joint = setting.JointHalf
		half, _ := clean.Clean(doc, o)
		whole, halved := facts.DailyBalances(false).Available, fact.New(half).DailyBalances(false).Available
		if (whole == nil) != (halved == nil) {
			t.Fatal("half of the balances is none, or the reverse")
		}
		if whole != nil && whole.At(l.Day) != 2*halved.At(l.Day) {
			t.Fatalf("half of %s is %s", whole.At(l.Day), halved.At(l.Day))
		}
	})
}
