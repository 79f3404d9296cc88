package fact_test

import (
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/openfinance"
)

func TestEntry(t *testing.T) {
	day := calendar.Of(2025, 1, 7)
	for _, c := range []struct {
		name          string
		m             ledger.Movement
		all           string
		before, after string // of the member that depends on version or settings
	}{
		{
			"an account entry with everything",
			ledger.Movement{
				ID: "id", Direction: ledger.Debit, Written: day, Day: day, Balance: 1_000_000, HasBalance: true,
				Entry: &openfinance.Transaction{
					CompletedAuthorised: "LANCAMENTO_FUTURO", Name: "PIX \"ENVIADO\"", Type: "PIX",
					Amount: openfinance.Money{Amount: "-10.0400", Currency: "BRL"},
					Date:   "2025-01-07", DateTime: "2025-01-07T12:29:03.374Z",
					PartieCnpjCpf: "00000000000", PartiePersonType: "PESSOA_NATURAL", PartieCompeCode: "001",
					PartieBranchCode: "6272", PartieNumber: "67890854", PartieCheckDigit: "4",
				},
			},
			`"transactionDate":"2025-01-07","transactionDateTime":"2025-01-07T12:29:03.374Z","transactionId":"id",` +
				`"completedAuthorisedPaymentType":"LANCAMENTO_FUTURO","creditDebitType":"DEBITO",` +
				`"transactionAmount":{"amount":"10.0400","currency":"BRL"},"transactionName":"PIX \"ENVIADO\"",` +
				`"partieCnpjCpf":"00000000000",` +
				`"partiePersonType":"PESSOA_NATURAL","partieCompeCode":"001","partieBranchCode":"6272",` +
				`"partieNumber":"67890854","partieCheckDigit":"4","postTransactionBalance":"100.00","type":"PIX"`,
			`"transactionName":"PIX \"ENVIADO\""`, `"partiePersonType":"PESSOA_NATURAL"`,
		},
		{
			"an account entry with as little as there can be",
			ledger.Movement{
				ID: "synt-1", Direction: ledger.Credit, Written: day, Day: day,
				Entry: &openfinance.Transaction{Amount: openfinance.Money{Amount: "-0.00"}, DateTime: "2025-01-07"},
			},
			`"transactionDate":"2025-01-07","transactionId":"synt-1",` +
				`"completedAuthorisedPaymentType":"TRANSACAO_EFETIVADA","creditDebitType":"CREDITO",` +
				`"transactionAmount":{"amount":"0.00","currency":"BRL"},"transactionName":"","type":"OUTROS"`,
			`"transactionName":""`, `"type":"OUTROS"`,
		},
		{
			"a card line with everything, printed with its written day",
			ledger.Movement{
				ID: "id", Direction: ledger.Debit, Written: day, Day: day + 60,
				Line: &openfinance.CardTransaction{
					IdentificationNumber: "4453", Name: "LOJA", TransactionType: "PAGAMENTO", PaymentType: "A_PRAZO",
					FeeType: "SMS", OtherCreditsType: "OUTROS", ChargeIdentificator: "1", ChargeNumber: 10,
					BrazilianAmount: openfinance.Money{Amount: "60.00", Currency: "BRL"},
					Amount:          openfinance.Money{Amount: "10.00", Currency: "USD"},
					DateTime:        "2025-01-07T10:00:00Z", BillPostDate: "2025-01-10", PayeeMCC: 5137,
				},
			},
			`"transactionDate":"2025-01-07","transactionDateTime":"2025-01-07T10:00:00Z",` +
				`"brazilianAmount":{"amount":"60.00","currency":"BRL"},` +
				`"amount":{"amount":"10.00","currency":"USD"},` +
				`"transactionName":"LOJA","identificationNumber":"4453","transactionId":"id","transactionType":"PAGAMENTO",` +
				`"billPostDate":"2025-01-10","creditDebitType":"DEBITO","feeType":"SMS","otherCreditsType":"OUTROS",` +
				`"payeeMCC":5137,"paymentType":"A_PRAZO","chargeIdentificator":"1","chargeNumber":10`,
			`"brazilianAmount":{"amount":"60.00","currency":"BRL"}`, `"transactionName":"LOJA"`,
		},
		{
			"a card line with as little as there can be; code 0 is a code",
			ledger.Movement{ID: "id", Direction: ledger.Credit, Written: day, Day: day, Line: &openfinance.CardTransaction{}},
			`"transactionDate":"2025-01-07","transactionName":"","identificationNumber":"","transactionId":"id",` +
				`"transactionType":"","billPostDate":"","creditDebitType":"CREDITO","payeeMCC":0`,
			`"transactionDate":"2025-01-07"`, `"transactionName":""`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := fact.New(&ledger.Ledger{Movements: []ledger.Movement{{}, c.m}})
			e := f.Entry(1)
			if got := string(e.All()); got != c.all {
				t.Errorf("got  %s\nwant %s", got, c.all)
			}
			if got := string(e.Before()); !strings.HasPrefix(c.all, got) || !strings.HasSuffix(got, c.before) {
				t.Errorf("before: %s", got)
			}
			if got := string(e.After()); !strings.HasSuffix(c.all, got) || !strings.HasPrefix(got, c.after) {
				t.Errorf("after: %s", got)
			}
			if f.Entry(1) != e {
				t.Error("the second call encodes it again")
			}
			for name, facts := range map[string]*fact.Facts{"first": fact.New(f.Ledger), "again": f} {
				var w encode.Writer
				w.OpenObject()
				facts.WriteEntry(&w, 1)
				w.CloseObject()
				if got := string(w.Bytes()); got != "{"+c.all+"}" {
					t.Errorf("written %s: %s", name, got)
				}
				if e := facts.Entry(1); string(e.All()) != c.all || !strings.HasSuffix(string(e.Before()), c.before) || !strings.HasPrefix(string(e.After()), c.after) {
					t.Errorf("written %s it is kept as %s", name, e.All())
				}
			}
		})
	}
}

// Entries share blocks, or the report that was first to list them: one that is
// longer than a block, and those around it, keep their text.
func TestEntriesDoNotOverwriteEachOther(t *testing.T) {
	l := &ledger.Ledger{}
	for i := range 3000 {
		name := strings.Repeat("x", 1+i%300)
		if i == 1500 {
			name = strings.Repeat("long", 100_000)
		}
		l.Movements = append(l.Movements, ledger.Movement{Entry: &openfinance.Transaction{Name: name}})
	}
	f := fact.New(l)
	var report encode.Writer // it grows, so its beginning moves
	for i := range l.Movements {
		if i%2 == 0 {
			f.Entry(int32(i))
		} else {
			f.WriteEntry(&report, int32(i))
		}
	}
	for i := range l.Movements {
		want := `"transactionName":"` + l.Movements[i].Entry.Name + `","type":"OUTROS"`
		if got := string(f.Entry(int32(i)).All()); !strings.HasSuffix(got, want) {
			t.Fatalf("entry %d lost its text", i)
		}
	}
}
