package fact_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/openfinance"
)

// sinceJanuary is an account whose oldest entry makes January to May of 2025 the
// five full months of June.
func sinceJanuary(entries ...string) string {
	first := entryJSON("first", "2025-01-02", "CREDITO", "DEPOSITO", "1.00")
	return `{"accountId": "a", "brandName": "Banco", "companyCnpj": "60701190000104", "type": "CONTA_DEPOSITO_A_VISTA", "transactions": [` +
		strings.Join(append(entries, first), ",") + `]}`
}

func entryJSON(id, day, direction, name, amount string) string {
	return fmt.Sprintf(`{"transactionId": "%s", "transactionDate": "%s", "creditDebitType": "%s", "transactionName": "%s", "type": "OUTROS",
		"transactionAmount": {"amount": "%s", "currency": "BRL"}}`, id, day, direction, name, amount)
}

// debtsOf returns the facts of a person with accounts and cards as of 2025-06-30.
func debtsOf(t *testing.T, accounts, cards []string) *fact.Facts {
	t.Helper()
	text := `{"taxId": "52998224725", "accounts": [` + strings.Join(accounts, ",") + `]`
	if cards != nil {
		text += `, "creditCardsAccounts": [` + strings.Join(cards, ",") + `]`
	}
	return producttest.FactsOf(t, []byte(text+"}"), calendar.Of(2025, 6, 30))
}

// "cardDebt = (a) instalments that fall in the month after that of D + (b) average
// monthly, newest 6 full months, of revolving and bill-instalment cost."
func TestCardDebt(t *testing.T) {
	credit := func(id, day, kind string) string {
		return strings.Replace(lineJSON(id, day, "X", "50.00", "DEBITO", ""), `"transactionType"`, `"otherCreditsType": "`+kind+`", "transactionType"`, 1)
	}
	tennis := strings.Replace(lineJSON("t", "2025-06-05", "TENIS PARC 01/03", "40.00", "DEBITO", ""), `"transactionType"`, `"chargeIdentificator": "1", "chargeNumber": 3, "transactionType"`, 1)
	interest := func(id, closed, due string) string {
		return billJSON(id, closed, due, chargesJSON(chargeJSON(revolvingIn, "60.00"), chargeJSON("IOF", "5.00"), chargeJSON("MULTA_ATRASO_PAGAMENTO_FATURA", "9.00"), chargeJSON(revolvingIn, "1.00")))
	}
	const parcelled = "PARCELAMENTO DE FATURA"
	for _, c := range []struct {
		name            string
		accounts, cards []string
		want            string
	}{
		{"no section of cards", []string{sinceJanuary()}, nil, "unknown"},
		{"no card", []string{sinceJanuary()}, []string{}, "0.00 of"},
		{"an instalment in July", []string{sinceJanuary()}, []string{cardJSON("c", nil, tennis)}, "40.00 of t 40.00"},
		{"no full month", nil, []string{cardJSON("c", []string{interest("b", "2025-05-10", "2025-05-17")}, tennis)}, "40.00 of t 40.00"},
		{"interest of bills of the five months, no tax, no fine", []string{sinceJanuary()}, []string{cardJSON("c", []string{
			interest("b1", "2024-12-10", "2024-12-17"), interest("b2", "2024-12-27", "2025-01-03"), interest("b3", "2025-05-20", "2025-05-27"), interest("b4", "2025-05-26", "2025-06-02"),
		})}, "24.40 of bill:b3 61.00 bill:b2 61.00"},
		{"revolving credit", []string{sinceJanuary()}, []string{cardJSON("c", nil, credit("l", "2025-05-05", "CREDITO_ROTATIVO"))}, "10.00 of l 50.00"},
		{"a bill in instalments", []string{sinceJanuary()}, []string{cardJSON("c", nil, credit("l", "2025-05-05", "PARCELAMENTO_FATURA"))}, "10.00 of l 50.00"},
		{"another credit of the card", []string{sinceJanuary()}, []string{cardJSON("c", nil, credit("l", "2025-05-05", "EMPRESTIMO"))}, "0.00 of"},
		{"this month is not full", []string{sinceJanuary()}, []string{cardJSON("c", nil, credit("l", "2025-06-05", "CREDITO_ROTATIVO"))}, "0.00 of"},
		{"a bill in instalments paid from an account, of a card elsewhere", []string{sinceJanuary(entryJSON("e", "2025-05-05", "DEBITO", parcelled, "50.00"))},
			[]string{}, "10.00 of e 50.00"},
		{"of a card in the document its lines tell", []string{strings.Replace(sinceJanuary(entryJSON("e", "2025-05-05", "DEBITO", parcelled, "50.00")), "60701190000104", "00000000000191", 1)},
			[]string{cardJSON("c", nil)}, "0.00 of"},
		{"all of it, rounded once", []string{sinceJanuary()}, []string{cardJSON("c", []string{interest("b", "2025-05-10", "2025-05-17")}, tennis, credit("l", "2025-05-05", "CREDITO_ROTATIVO"))},
			"62.20 of bill:b 61.00 t 40.00 l 50.00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := debtsOf(t, c.accounts, c.cards)
			if got := itemised(f, f.Debt(false).CardDebt); got != c.want {
				t.Errorf("card debt is %s,\nwant %s", got, c.want)
			}
		})
	}
}

// "debtCommitment = loan part + cardDebt (null counts as 0). Loan part =
// max(average monthly of the loan kinds, contracts.monthlyInstalments), with what is
// known of the two; neither known: null."
func TestDebtCommitment(t *testing.T) {
	paid := []debit{
		{move{day: "2025-04-02", amount: -60, code: 50203}, "A", ""}, // April and May are full
		{move{day: "2025-05-10", amount: -40, code: 50402}, "B", ""}, // of companies
		{move{day: "2025-05-11", amount: -300, code: 60201}, "C", ""},
		{move{day: "2025-06-10", amount: -900, code: 50203}, "D", ""},
	}
	owed := &openfinance.Contract{ContractID: "k", NextInstalmentAmount: "45.00"}
	for _, c := range []struct {
		name             string
		company, loans   bool
		next             string
		debits           []debit
		replay           bool
		want, livingWant string
	}{
		{"paid, nothing known of contracts", false, false, "", paid, false, "30.00 of 0 60.00", "0.00 of"},
		{"of a company interest of overdrafts too", true, false, "", paid, false, "50.00 of 1 40.00 0 60.00", "0.00 of"},
		{"contracts take more", false, true, "45.00", paid, false, "45.00 of contract:k 45.00 0 60.00", "0.00 of"},
		{"more was paid", false, true, "20.00", paid, false, "30.00 of contract:k 20.00 0 60.00", "0.00 of"},
		{"no full month", false, true, "45.00", paid[3:], false, "45.00 of contract:k 45.00", "unknown"},
		{"neither known", false, false, "", paid[3:], false, "unknown", "unknown"},
		{"an older day knows what was paid", false, true, "45.00", paid, true, "30.00 of 0 60.00", "0.00 of"},
		{"an older day without a full month", false, true, "45.00", paid[3:], true, "unknown", "unknown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := debitsOf(t, c.company, c.debits...)
			f.Ledger.Replay = c.replay
			if c.loans {
				owed.NextInstalmentAmount = c.next
				f.Ledger.Document.Sections = map[string]*openfinance.Section{openfinance.SectionLoans: {}}
				f.Ledger.Contracts = []ledger.Contract{{Source: owed, Same: -1, Company: c.company}}
			}
			d := f.Debt(c.company)
			if got := itemised(f, d.DebtCommitment); got != c.want {
				t.Errorf("debt takes %s,\nwant %s", got, c.want)
			}
			if got := itemised(f, d.LivingCommitment); got != c.livingWant {
				t.Errorf("living takes %s,\nwant %s", got, c.livingWant)
			}
			if known := d.DebtCommitment.Known && d.LivingCommitment.Known; d.MonthlyCommitment.Known != known {
				t.Errorf("both together are %+v", d.MonthlyCommitment)
			}
		})
	}
}

// Of a company the income is the operating inflow of an average month; what
// remains may be less than nothing.
func TestDebtOfACompany(t *testing.T) {
	list := append(monthlyDebits(-100, 80201, "FOLHA", ""), // of April to June
		debit{move{day: "2025-04-01", amount: 150, code: 70101}, "CLIENTE", ""},
		debit{move{day: "2025-05-01", amount: 151, code: 70101}, "CLIENTE", ""},
		debit{move{day: "2025-05-02", amount: 500, code: 90101}, "SOCIO", ""},
		debit{move{day: "2025-05-20", amount: -200, code: 50203}, "BANCO", ""},
	)
	f := debitsOf(t, true, list...)
	d := f.Debt(true)
	for _, c := range []struct {
		name   string
		figure fact.Figure
		want   string
	}{
		{"income", d.Income, "150.50 of 4 151.00 3 150.00"},
		{"debt", d.DebtCommitment, "100.00 of 6 200.00"},
		{"living", d.LivingCommitment, "100.00 of 1 100.00 0 100.00"},
		{"both", d.MonthlyCommitment, "200.00 of 6 200.00 1 100.00 0 100.00"},
		{"what is left", d.RepaymentCapacity, "-49.50 of 6 200.00 1 100.00 4 151.00 0 100.00 3 150.00"},
	} {
		if got := itemised(f, c.figure); got != c.want {
			t.Errorf("%s is %s,\nwant %s", c.name, got, c.want)
		}
	}
	if want := (fact.Ratio{Known: true, Value: 6645}); d.DebtToIncome != want || d.Months != 2 {
		t.Errorf("the ratio is %+v over %d months", d.DebtToIncome, d.Months)
	}
}

// "Debit streams of checking and card recurrent at D, any category except 0503,
// 0602, own transfers, reversals", by falling average.
func TestRecurringExpenses(t *testing.T) {
	list := slices.Concat(
		monthlyDebits(-30, 30301, "MERCADO", ""),
		monthlyDebits(-90, 50301, "APLICACAO", ""),
		monthlyDebits(-90, 60201, "FATURA", ""),
		monthlyDebits(-50, 40101, "ACADEMIA", "11222333000181"),
		[]debit{
			{move{day: "2025-04-01", amount: -7, code: 40101}, "BAR", ""},
			{move{day: "2025-05-03", amount: -20, code: 40101, role: ledger.RoleReversed, reversed: 5}, "ACADEMIA FILIAL", "11222333000262"},
			{move{day: "2025-05-04", amount: -20, code: 40101, role: ledger.RoleOwnTransfer}, "MERCADO", ""},
		},
	)
	f := debitsOf(t, false, list...)
	// The same market by card in May, a line of June that came back, and one to come.
	for i, day := range []calendar.Day{calendar.Of(2025, 5, 20), calendar.Of(2025, 6, 20), calendar.Of(2025, 7, 20)} {
		m := f.Ledger.Movements[0]
		m.ID, m.Day, m.Entry, m.Line = fmt.Sprint("card", i), day, nil, &openfinance.CardTransaction{}
		if i == 1 {
			m.Role, m.Reversed = ledger.RoleReversed, m.Amount
		}
		f.Ledger.Movements = append(f.Ledger.Movements, m)
	}
	n := int32(len(f.Ledger.Movements))
	f.Ledger.Cards = []ledger.Card{{Source: &openfinance.CreditCard{}, First: n - 3, End: n}}
	r := f.RecurringExpenses(false)
	var got []string
	for i := range r.Streams {
		s := &r.Streams[i]
		newest := &f.Ledger.Movements[s.Newest]
		got = append(got, fmt.Sprintf("%s until %s in %d months: %s", newest.Name, newest.Day, s.MonthsPresent, itemised(f, s.Average)))
	}
	want := []string{
		"ACADEMIA until 2025-06-10 in 3 months: 57.50 of 10 50.00 13 15.00 9 50.00",
		"MERCADO until 2025-06-10 in 3 months: 45.00 of card0 30.00 1 30.00 0 30.00",
	}
	if !slices.Equal(got, want) {
		t.Errorf("recurring expenses are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if got, want := itemised(f, r.Average), "102.50 of card0 30.00 10 50.00 1 30.00 13 15.00 9 50.00 0 30.00"; got != want || r.Months != 2 {
		t.Errorf("over %d months together they are %s,\nwant %s", r.Months, got, want)
	}
}
