package fact_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/openfinance"
	"github.com/openklaas/klaas/taxonomy"
)

const (
	bet     taxonomy.Code = 41201
	purse   taxonomy.Code = 10101
	grocery taxonomy.Code = 30301
)

// reportingDay is that of flowsOf.
var reportingDay = calendar.Of(2025, 6, 30)

// ago returns the day with an age.
func ago(days int) string { return (reportingDay - calendar.Day(days)).String() }

// history is enough of it to say that nothing is wrong.
func history() []move {
	list := make([]move, 0, 12)
	for i := range cap(list) {
		list = append(list, move{day: ago(200 - i), amount: -1, code: grocery})
	}
	return list
}

// stakes are n bets of an amount on the newest days.
func stakes(n int, amount money.Amount) []move {
	list := make([]move, n)
	for i := range list {
		list[i] = move{day: ago(i % 90), amount: -amount, code: bet}
	}
	return list
}

func earned(amount money.Amount) move { return move{day: ago(5), amount: amount, code: purse} }

// "NONE: no betting debit in 90 days. HIGH: ≥ 10 debits a month, or share ≥ 0.10, or
// (≥ 3 a month and creditAfterBetting). MEDIUM: ≥ 3 a month, or share ≥ 0.02. LOW:
// else. NONE or LOW becomes UNKNOWN when data sufficiency is INSUFFICIENT; MEDIUM and
// HIGH stand."
func TestBettingLevel(t *testing.T) {
	loan := move{day: ago(0), amount: 100, code: 50208}
	for _, c := range []struct {
		name string
		list []move
		want fact.Level
	}{
		{"nothing", history(), fact.NoLevel},
		{"90 days ago", append(history(), move{day: ago(90), amount: -9, code: bet}), fact.NoLevel},
		{"89 days ago", append(history(), move{day: ago(89), amount: -9, code: bet}), fact.Low},
		{"a lottery", append(history(), move{day: ago(1), amount: -9, code: 41202}), fact.NoLevel},
		{"what was won", append(history(), move{day: ago(1), amount: 9, code: bet}), fact.NoLevel},
		{"8 in 90 days are 2.67 a month", append(history(), stakes(8, 1)...), fact.Low},
		{"9 are 3 a month", append(history(), stakes(9, 1)...), fact.Medium},
		{"29 are 9.67", append(history(), stakes(29, 1)...), fact.Medium},
		{"30 are 10", append(history(), stakes(30, 1)...), fact.High},
		{"9 with credit", append(append(history(), stakes(9, 1)...), loan), fact.High},
		{"8 with credit", append(append(history(), stakes(8, 1)...), loan), fact.Low},
		{"a share of 0.0199", append(append(history(), stakes(1, 199)...), earned(10_000)), fact.Low},
		{"a share of 0.02", append(append(history(), stakes(1, 200)...), earned(10_000)), fact.Medium},
		{"a share of 0.0999", append(append(history(), stakes(1, 999)...), earned(10_000)), fact.Medium},
		{"a share of 0.10", append(append(history(), stakes(1, 1000)...), earned(10_000)), fact.High},
		{"no income, no share", append(history(), stakes(1, 1000)...), fact.Low},
		{"little history, nothing", []move{{day: ago(3), amount: -1, code: grocery}}, fact.UnknownLevel},
		{"little history, a stake", stakes(1, 1), fact.UnknownLevel},
		{"little history, often", stakes(9, 1), fact.Medium},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := flowsOf(t, c.list...).Betting(false, false).Level; got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestBettingWithoutACheckingAccount(t *testing.T) {
	f := fact.New(&ledger.Ledger{Document: &openfinance.Document{}, Day: reportingDay})
	addLines(f.Ledger, line{ago(1), 50, bet})
	b := f.Betting(false, false)
	if b.Known || b.PerMonth.Known || b.ShareOfIncome.Known || b.Trend.Known || b.Level != fact.UnknownLevel {
		t.Errorf("got %+v", b)
	}
}

// line is a debit line of a card.
type line struct {
	day    string
	amount money.Amount
	code   taxonomy.Code
}

func addLines(l *ledger.Ledger, list ...line) {
	card := ledger.Card{Source: &openfinance.CreditCard{CreditCardAccountID: "c"}, First: int32(len(l.Movements))}
	for _, x := range list {
		day, _ := calendar.ParseDay(x.day)
		l.Movements = append(l.Movements, ledger.Movement{
			Line: &openfinance.CardTransaction{}, ID: fmt.Sprint(len(l.Movements)), Day: day, Direction: ledger.Debit,
			Amount: x.amount * money.Scale, Source: ledger.CardHistory, Decision: ledger.Decision{Code: x.code},
		})
	}
	card.End = int32(len(l.Movements))
	l.Cards = append(l.Cards, card)
}

// "Card debits are added in gambling.* amounts and counts out", and what comes in is
// of checking accounts alone.
func TestBettingWithCards(t *testing.T) {
	f := flowsOf(t, move{day: ago(10), amount: -20, code: bet}, move{day: ago(3), amount: 7, code: bet}, move{day: ago(5), amount: -4, code: 41202})
	addLines(f.Ledger, line{ago(2), 30, bet}, line{ago(20), 5, bet}, line{ago(4), 6, 41202}, line{ago(1), 99, grocery})
	b := f.Betting(false, false)
	var order []int32
	for item := range b.Out.Behind() {
		order = append(order, item.Index)
	}
	got := []money.Amount{b.Out.Sum().Amount, b.In.Sum().Amount, b.Lottery.Sum().Amount, b.PerMonth.Amount}
	want := []money.Amount{55 * money.Scale, 7 * money.Scale, 10 * money.Scale, money.Scale}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int32{3, 0, 4}, order); diff != "" {
		t.Errorf("the stakes are not newest first: %s", diff)
	}
}

// "In 180 days a betting debit followed, on the same day or up to 30 days later, by a
// loan_inflow entry or a debit in 050402, 050403 or 050404 on checking or card."
func TestCreditAfterBetting(t *testing.T) {
	stake := func(age int) move { return move{day: ago(age), amount: -1, code: bet} }
	for _, c := range []struct {
		name  string
		list  []move
		lines []line
		want  bool
	}{
		{"a loan on the same day", []move{stake(50), {day: ago(50), amount: 9, code: 50208}}, nil, true},
		{"30 days later", []move{stake(50), {day: ago(20), amount: 9, code: 50209}}, nil, true},
		{"31 days later", []move{stake(50), {day: ago(19), amount: 9, code: 50208}}, nil, false},
		{"the day before", []move{stake(50), {day: ago(51), amount: 9, code: 50208}}, nil, false},
		{"a stake 179 days ago", []move{stake(179), {day: ago(179), amount: 9, code: 50208}}, nil, true},
		{"a stake 180 days ago", []move{stake(180), {day: ago(179), amount: 9, code: 50208}}, nil, false},
		{"overdraft interest", []move{stake(50), {day: ago(49), amount: -9, code: 50402}}, nil, true},
		{"unarranged overdraft", []move{stake(50), {day: ago(49), amount: -9, code: 50403}}, nil, true},
		{"a fine", []move{stake(50), {day: ago(49), amount: -9, code: 50404}}, nil, true},
		{"a tax on transactions", []move{stake(50), {day: ago(49), amount: -9, code: 50401}}, nil, false},
		{"interest that came back", []move{stake(50), {day: ago(49), amount: 9, code: 50402}}, nil, false},
		{"an instalment paid", []move{stake(50), {day: ago(49), amount: -9, code: 50202}}, nil, false},
		{"a fine on a card", []move{stake(50)}, []line{{ago(49), 9, 50404}}, true},
		{"a stake by card", []move{{day: ago(40), amount: 9, code: 50208}}, []line{{ago(50), 9, bet}}, true},
		{"what was won", []move{{day: ago(50), amount: 1, code: bet}, {day: ago(49), amount: 9, code: 50208}}, nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := flowsOf(t, c.list...)
			addLines(f.Ledger, c.lines...)
			b := f.Betting(false, false)
			n := 0
			for range b.CreditBehind {
				n++
			}
			if b.Credit != c.want || (n == 2) != c.want {
				t.Errorf("%v with %d items, want %v", b.Credit, n, c.want)
			}
		})
	}
}

// More stakes, or larger ones, are never a lower level.
func TestBettingLevelIsMonotone(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		list := history()
		list = append(list, earned(money.Amount(rapid.IntRange(0, 5000).Draw(r, "income"))))
		last := fact.NoLevel
		for i := range rapid.IntRange(1, 35).Draw(r, "stakes") {
			age := rapid.IntRange(0, 89).Draw(r, "age")
			list = append(list, move{day: ago(age), amount: -money.Amount(rapid.IntRange(1, 100).Draw(r, "amount")), code: bet})
			level := flowsOf(t, list...).Betting(false, rapid.Bool().Draw(r, "V2")).Level
			if level < last {
				r.Fatalf("the stake number %d takes the level from %s to %s", i+1, last, level)
			}
			last = level
		}
	})
}

// The least-squares slope of the monthly amounts out ÷ their mean: 0, 0, 30 gives
// ((0 − 1) × 0 + 0 + 1 × 30) ÷ 2 ÷ 10 = 1.5.
func TestBettingTrend(t *testing.T) {
	f := flowsOf(t, move{day: "2025-03-01", amount: -1, code: grocery}, move{day: "2025-05-20", amount: -30, code: bet}, move{day: "2025-06-20", amount: -500, code: bet})
	if got, want := f.Betting(false, true).Trend, (fact.Ratio{Known: true, Value: 15_000}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	short := flowsOf(t, move{day: "2025-04-06", amount: -1, code: grocery}, move{day: "2025-05-20", amount: -30, code: bet})
	if got := short.Betting(false, true).Trend; got.Known {
		t.Errorf("two full months, or one, have the trend %+v", got)
	}
}

// The share of a company is of its operating inflow: no loan, no own money.
func TestBettingShareOfACompany(t *testing.T) {
	f := flowsOf(t, move{day: ago(3), amount: 1000, code: 70101}, move{day: ago(3), amount: 500, code: 90101}, move{day: ago(3), amount: 800, code: 50208},
		move{day: ago(2), amount: -100, code: bet})
	f.Ledger.Accounts[0].Company = true
	if got, want := f.Betting(true, true).ShareOfIncome, (fact.Ratio{Known: true, Value: 1000}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// "By counterparty key of the betting debits in 90 days, by falling amount, then by
// name: name (company of the operator list; else the text of the newest entry), cnpj,
// authorised (root or brand in the list)."
func TestOperators(t *testing.T) {
	entry := func(id, day, amount, name, party string) string {
		return fmt.Sprintf(`{"transactionId": "%s", "transactionDate": "%s", "transactionAmount": {"amount": "%s", "currency": "BRL"},
			"creditDebitType": "DEBITO", "transactionName": "%s", "type": "PIX", "partieCnpjCpf": "%s"}`, id, day, amount, name, party)
	}
	f := producttest.FactsOf(t, []byte(`{"taxId": "52998224725", "accounts": [{"accountId": "a", "type": "CONTA_DEPOSITO_A_VISTA", "transactions": [`+
		entry("1", "2025-06-20", "50.00", "PIX ENVIADO QUALQUER COISA", "46786961000174")+","+
		entry("2", "2025-06-21", "60.00", "PIX ENVIADO OUTRA COISA", "46786961000255")+","+
		entry("3", "2025-06-22", "80.00", "PIX ENVIADO BETANO", "")+","+
		entry("4", "2025-06-23", "80.00", "PIX ENVIADO CASA.BET.BR 1", "")+","+
		entry("5", "2025-06-24", "10.00", "PIX ENVIADO CASA.BET.BR 2", "")+","+
		entry("6", "2025-06-24", "10.00", "PIX BETNACIONAL INTERMEDIADOR", "19131243000197")+","+
		entry("7", "2025-03-01", "900.00", "PIX ENVIADO BETANO", "")+`]}]}`), reportingDay)
	var got []string
	for _, o := range f.Operators(f.Betting(false, false), f.Flows(false).LastDays(90)) {
		got = append(got, fmt.Sprintf("%s %s %v %s %d", o.Name, o.CNPJ, o.Licensed, o.Stakes.Sum().Amount, len(o.Stakes)))
	}
	want := []string{
		"KAIZEN GAMING BRASIL LTDA 46786961000255 true 110.00 2",
		"PIX ENVIADO CASA.BET.BR 2  false 90.00 2",
		"KAIZEN GAMING BRASIL LTDA 46786961000174 true 80.00 1",
		"NSX BRASIL S.A. 19131243000197 true 10.00 1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
