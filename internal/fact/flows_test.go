package fact_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/openfinance"
	"github.com/openklaas/klaas/taxonomy"
)

// move is one entry of a made-up checking account.
type move struct {
	day      string
	amount   money.Amount // negative for a debit, in reais
	code     taxonomy.Code
	role     ledger.Role
	reversed money.Amount
	at       string // time of day hh:mm; "" for none
}

// flowsOf returns the facts of one checking account as of 2025-06-30.
func flowsOf(t testing.TB, list ...move) *fact.Facts {
	t.Helper()
	l := &ledger.Ledger{Document: &openfinance.Document{}, Day: calendar.Of(2025, 6, 30)}
	for _, m := range list {
		day, ok := calendar.ParseDay(m.day)
		if !ok {
			t.Fatalf("%q is no day", m.day)
		}
		x := ledger.Movement{
			Entry: &openfinance.Transaction{}, ID: fmt.Sprint(len(l.Movements)), Day: day, Direction: ledger.Credit,
			Amount: m.amount.Abs() * money.Scale, Role: m.role, Reversed: m.reversed * money.Scale,
			Decision: ledger.Decision{Code: m.code},
		}
		if m.amount < 0 {
			x.Direction = ledger.Debit
		}
		if m.at != "" {
			var hour, minute int64
			if _, err := fmt.Sscanf(m.at, "%d:%d", &hour, &minute); err != nil {
				t.Fatal(err)
			}
			x.Timed, x.Instant = true, (int64(day)*24*60+hour*60+minute)*60_000
		}
		l.Movements = append(l.Movements, x)
	}
	l.Institutions = []ledger.Institution{{Root: "00000000", Accounts: []int32{0}}}
	l.Accounts = []ledger.Account{{Source: &openfinance.Account{}, End: int32(len(l.Movements))}}
	return fact.New(l)
}

var classNames = map[fact.Class]string{
	fact.CashInflow: "cash", fact.CashOutflow: "cash", fact.InvestmentReturn: "investment return", fact.Investment: "investment",
	fact.GrossInflow: "gross", fact.GrossOutflow: "gross", fact.OwnTransferIn: "own", fact.OwnTransferOut: "own",
	fact.ReversalIn: "reversal", fact.ReversalOut: "reversal", fact.LoanInflow: "loan", fact.LoanOutflow: "loan",
	fact.RealInflow: "real", fact.RealOutflow: "real", fact.ConsumptionOutflow: "consumption", fact.CoverOutflow: "cover",
	fact.OperatingInflow: "operating", fact.TransferIn: "transfer", fact.TransferOut: "transfer", fact.CardRepayment: "card",
	fact.ATMWithdrawal: "atm", fact.FinancialExpenses: "financial", fact.NonFinancialExpenses: "non-financial",
	fact.InsuranceInflow: "insurance", fact.InsuranceOutflow: "insurance", fact.BrokerApplication: "broker", fact.BrokerRedemption: "broker",
	fact.GamblingOut: "gambling", fact.GamblingIn: "gambling",
}

// Every class of an entry, with the amount where it is not all of it.
func TestClasses(t *testing.T) {
	for _, c := range []struct {
		name string
		move move
		want string
	}{
		{"salary", move{amount: 100, code: 10101}, "cash, gross, real, operating"},
		{"dividend", move{amount: 100, code: 10401}, "cash, investment return"},
		{"redemption at a broker", move{amount: 100, code: 10506}, "cash, investment return, broker"},
		{"application", move{amount: -100, code: 50301}, "cash, investment"},
		{"application at a broker", move{amount: -100, code: 50308}, "cash, investment, broker"},
		{"own transfer in", move{amount: 100, code: 20104, role: ledger.RoleOwnTransfer}, "cash, gross, own"},
		{"own transfer out", move{amount: -100, code: 20204, role: ledger.RoleOwnTransfer}, "cash, gross, own, non-financial"},
		{"invested money is no own transfer", move{amount: -100, code: 50302, role: ledger.RoleOwnTransfer}, "cash, investment"},
		{"redeemed money is no own transfer", move{amount: 100, code: 10501, role: ledger.RoleOwnTransfer}, "cash, investment return"},
		{"transfer to others", move{amount: -100, code: 20102}, "cash, gross, real, consumption, cover, transfer, non-financial"},
		{"transfer from others", move{amount: 100, code: 20401}, "cash, gross, real, operating, transfer"},
		{"refund", move{amount: 100, code: 20601, role: ledger.RoleReversal}, "cash, gross, reversal"},
		{"refunded in full", move{amount: -100, code: 40101, role: ledger.RoleReversed, reversed: 100}, "cash, gross, reversal, non-financial"},
		{"refunded in part", move{amount: -100, code: 40101, role: ledger.RoleReversed, reversed: 30}, "cash, gross, reversal 30, real 70, consumption 70, cover 70, non-financial"},
		{"a transfer refunded in part", move{amount: -100, code: 20102, role: ledger.RoleReversed, reversed: 30}, "cash, gross, reversal 30, real 70, consumption 70, cover 70, transfer 70, non-financial"},
		{"loan paid out", move{amount: 100, code: 50208}, "cash, gross, loan"},
		{"instalment of a loan", move{amount: -100, code: 50202}, "cash, gross, loan, cover, non-financial"},
		{"a loan's instalment refunded in part stays whole", move{amount: -100, code: 50203, role: ledger.RoleReversed, reversed: 30}, "cash, gross, reversal 30, loan, cover, non-financial"},
		{"a bill of a card elsewhere", move{amount: -100, code: 60201}, "cash, gross, real, consumption, cover, card"},
		{"a bill of a card in the document", move{amount: -100, code: 60201, role: ledger.RoleBillPayment}, "cash, gross, real, cover, card"},
		{"withdrawal", move{amount: -100, code: 20701}, "cash, gross, real, consumption, cover, atm, non-financial"},
		{"interest", move{amount: -100, code: 50402}, "cash, gross, real, consumption, cover, financial, non-financial"},
		{"insurance premium", move{amount: -100, code: 50601}, "cash, gross, real, consumption, cover, financial, non-financial, insurance"},
		{"insurance pay-out", move{amount: 100, code: 10606}, "cash, gross, real, insurance"},
		{"tax refund", move{amount: 100, code: 70204}, "cash, gross, real"},
		{"a company's own money", move{amount: 100, code: 90101}, "cash, gross, real"},
		{"bet", move{amount: -100, code: 41201}, "cash, gross, real, consumption, cover, non-financial, gambling"},
		{"won", move{amount: 100, code: 41201}, "cash, gross, real, operating, gambling"},
		{"lottery", move{amount: -100, code: 41202}, "cash, gross, real, consumption, cover, non-financial"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.move.day = "2025-06-10"
			e := flowsOf(t, c.move).Flows(false).Entries[0]
			var got []string
			for class := range fact.GamblingIn + 1 {
				if !e.Classes.Has(class) {
					continue
				}
				name := classNames[class]
				if a := e.In(class); a != e.Amount {
					name += fmt.Sprint(" ", int64(a/money.Scale))
				}
				got = append(got, name)
			}
			if g := strings.Join(got, ", "); g != c.want {
				t.Errorf("%s\nwant %s", g, c.want)
			}
		})
	}
}

// A debit in 0602 pays the bill of a card in the document also without the ledger's
// role: by the institution, or by an equal payment at most 5 days away.
func TestBillPaymentsByRule(t *testing.T) {
	for _, c := range []struct {
		name    string
		root    string       // of the card's institution
		day     string       // of the card's credit line
		amount  money.Amount // of it
		is      bool
		present bool
	}{
		{"no card", "", "", 0, false, false},
		{"a card of the same institution", "00000000", "2025-01-01", 1, true, true},
		{"a card elsewhere", "11111111", "2025-01-01", 1, false, true},
		{"an equal payment on the day", "11111111", "2025-06-10", 100, true, true},
		{"an equal payment 5 days later", "11111111", "2025-06-15", 100, true, true},
		{"an equal payment 6 days later", "11111111", "2025-06-16", 100, false, true},
		{"an equal payment 5 days before", "11111111", "2025-06-05", 100, true, true},
		{"an equal payment 6 days before", "11111111", "2025-06-04", 100, false, true},
		{"another payment on the day", "11111111", "2025-06-10", 99, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := flowsOf(t, move{day: "2025-06-10", amount: -100, code: 60201})
			if l := f.Ledger; c.present {
				day, _ := calendar.ParseDay(c.day)
				l.Movements = append(l.Movements, ledger.Movement{
					Line: &openfinance.CardTransaction{}, Source: ledger.CardHistory, Day: day, Direction: ledger.Credit, Amount: c.amount * money.Scale,
				})
				l.Cards = []ledger.Card{{Source: &openfinance.CreditCard{}, First: 1, End: 2}}
				if c.root == l.Institutions[0].Root {
					l.Institutions[0].Cards = []int32{0}
				} else {
					l.Institutions = append(l.Institutions, ledger.Institution{Root: c.root, Cards: []int32{0}})
				}
			}
			if got := !f.Flows(false).Entries[0].Classes.Has(fact.ConsumptionOutflow); got != c.is {
				t.Errorf("it pays a bill in the document: %v, want %v", got, c.is)
			}
		})
	}
}

// Windows end strictly before their length: the published sums of 60 and 90 days
// exclude the boundary.
func TestWindowsExcludeTheirBoundary(t *testing.T) {
	f := flowsOf(t,
		move{day: "2025-07-01", amount: 1}, // after the day: in nothing
		move{day: "2025-06-30", amount: 2}, move{day: "2025-06-01", amount: 4}, move{day: "2025-05-31", amount: 8},
		move{day: "2025-05-02", amount: 16}, move{day: "2025-05-01", amount: 32}, move{day: "2025-04-02", amount: 64},
		move{day: "2025-04-01", amount: 128}, move{day: "2024-07-06", amount: 256}, move{day: "2024-07-05", amount: 512},
	).Flows(false)
	for n, want := range map[int]money.Amount{30: 6, 60: 30, 90: 126, 120: 254, 180: 254, 360: 510} {
		if got := f.Last(fact.CashInflow, n).Amount / money.Scale; got != want {
			t.Errorf("the last %d days have %d, want %d", n, got, want)
		}
	}
	if got := f.All(fact.CashInflow); got != (fact.Sum{Amount: 1022 * money.Scale, Entries: 9}) {
		t.Errorf("the whole record has %v", got)
	}
	if got := f.Period(fact.CashInflow, 1).Amount / money.Scale; got != 24 {
		t.Errorf("the second period of 30 days has %d, want 24", got)
	}
}

func TestFullMonths(t *testing.T) {
	for _, c := range []struct {
		oldest string
		k      int
		want   string
	}{
		{"2025-04-05", 6, "2025-04-01 2025-05-31 2"},
		{"2025-04-06", 6, "2025-05-01 2025-05-31 1"},
		{"2025-05-06", 6, "2025-07-01 2025-06-30 0"},
		{"2025-06-01", 6, "2025-07-01 2025-06-30 0"},
		{"2020-01-01", 12, "2024-06-01 2025-05-31 12"},
		{"2020-01-01", 3, "2025-03-01 2025-05-31 3"},
	} {
		f := flowsOf(t, move{day: c.oldest, amount: 1}).Flows(false)
		r := f.NewestMonths(c.k)
		if got := fmt.Sprint(r.First, r.Last, f.FullMonths(c.k)); got != c.want {
			t.Errorf("oldest entry %s, newest %d: %s, want %s", c.oldest, c.k, got, c.want)
		}
	}
}

// What the published samples show of sums, over entries of any kind.
func TestPublishedRelations(t *testing.T) {
	codes := taxonomy.All()
	rapid.Check(t, func(r *rapid.T) {
		var list []move
		for range rapid.IntRange(0, 30).Draw(r, "entries") {
			amount := money.Amount(rapid.IntRange(1, 5000).Draw(r, "amount"))
			if rapid.Bool().Draw(r, "debit") {
				amount = -amount
			}
			m := move{
				day:    (calendar.Of(2025, 6, 30) - calendar.Day(rapid.IntRange(0, 200).Draw(r, "age"))).String(),
				amount: amount, code: rapid.SampledFrom(codes).Draw(r, "category").Code,
				role: rapid.SampledFrom([]ledger.Role{ledger.RoleNone, ledger.RoleOwnTransfer, ledger.RoleReversal, ledger.RoleSweep}).Draw(r, "role"),
			}
			list = append(list, m)
		}
		f := flowsOf(t, list...).Flows(false)
		for _, n := range fact.Windows {
			sum := func(c fact.Class) money.Amount { return f.Last(c, n).Amount }
			for _, relation := range []struct {
				name        string
				left, right money.Amount
			}{
				{"cash inflow leaves nothing out", sum(fact.CashInflow), sum(fact.GrossInflow) + sum(fact.InvestmentReturn)},
				{"cash outflow leaves nothing out", sum(fact.CashOutflow), sum(fact.GrossOutflow) + sum(fact.Investment)},
				{"non-financial expenses are cash outflow less investment and card repayment, and keep the financial ones",
					sum(fact.NonFinancialExpenses), sum(fact.CashOutflow) - sum(fact.Investment) - sum(fact.CardRepayment)},
			} {
				if relation.left != relation.right {
					r.Fatalf("%d days: %s: %v, not %v", n, relation.name, relation.left, relation.right)
				}
			}
		}
		months := money.Amount(0)
		for before := range 13 {
			months += f.Month(fact.CashInflow, before).Amount
		}
		if months != f.All(fact.CashInflow).Amount {
			r.Fatalf("the months add up to %v, the record to %v", months, f.All(fact.CashInflow).Amount)
		}
	})
}

// The evidence of a sum is its entries, newest first, and adds up to it.
func TestEvidenceOfASum(t *testing.T) {
	f := flowsOf(t,
		move{day: "2025-05-10", amount: -50, code: 40101},
		move{day: "2025-06-20", amount: -100, code: 40101, role: ledger.RoleReversed, reversed: 30},
		move{day: "2025-06-20", amount: 30, code: 20601, role: ledger.RoleReversal},
		move{day: "2025-06-25", amount: -7, code: 40101},
	)
	flows := f.Flows(false)
	var ids []string
	var sum money.Amount
	for item := range flows.Behind(fact.RealOutflow, flows.LastDays(30)) {
		ids = append(ids, item.ID(f))
		sum += item.Amount
	}
	if want := []string{"3", "1"}; !slices.Equal(ids, want) {
		t.Errorf("the evidence is %v, want %v", ids, want)
	}
	if want := flows.Last(fact.RealOutflow, 30).Amount; sum != want || want != 77*money.Scale {
		t.Errorf("it adds up to %v, the sum is %v", sum, want)
	}
}

func TestVolatilityAndTrend(t *testing.T) {
	for _, c := range []struct {
		name              string
		amounts           []money.Amount
		volatility, trend string
	}{
		{"no month", nil, "unknown", "unknown"},
		{"two months", []money.Amount{1, 2}, "unknown", "unknown"},
		{"nothing", []money.Amount{0, 0, 0}, "unknown", "unknown"},
		{"steady", []money.Amount{5, 5, 5}, "0", "0"},
		{"1, 2, 3", []money.Amount{1, 2, 3}, "4082", "5000"},                            // √(2/3) ÷ 2 = 0.40824…; 1 ÷ 2
		{"3, 2, 1", []money.Amount{3, 2, 1}, "4082", "-5000"},                           // the same, falling
		{"only the last", []money.Amount{0, 0, 7}, "14142", "15000"},                    // √2; 3.5 ÷ 2.3333…
		{"a half unit is rounded up", []money.Amount{19_999, 20_000, 20_001}, "0", "1"}, // slope 1 ÷ 20,000 = 0.00005
		{"a half unit is rounded away from zero", []money.Amount{20_001, 20_000, 19_999}, "0", "-1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for i := range c.amounts {
				c.amounts[i] *= 1_000_000_000 // Squares leave the range of 64 bits.
			}
			show := func(r fact.Ratio) string {
				if !r.Known {
					return "unknown"
				}
				return fmt.Sprint(int64(r.Value))
			}
			if got := show(fact.Volatility(c.amounts)); got != c.volatility {
				t.Errorf("the volatility is %s, want %s", got, c.volatility)
			}
			if got := show(fact.Trend(c.amounts)); got != c.trend {
				t.Errorf("the trend is %s, want %s", got, c.trend)
			}
		})
	}
}

func TestHoursToSpendIncome(t *testing.T) {
	salary := func(day, at string) move { return move{day: day, at: at, amount: 1000, code: 10101} }
	spent := func(day, at string, amount money.Amount) move {
		return move{day: day, at: at, amount: -amount, code: 40101}
	}
	for _, c := range []struct {
		name string
		list []move
		want string
	}{
		{"no salary", []move{spent("2025-06-01", "", 10)}, "unknown"},
		{"one salary", []move{salary("2025-06-01", ""), spent("2025-06-02", "", 900)}, "unknown"},
		{"two days and four days", []move{
			salary("2025-05-01", ""), spent("2025-05-03", "", 900), salary("2025-06-01", ""), spent("2025-06-05", "", 950),
		}, "72.00"},
		{"90 % counts, not less", []move{
			salary("2025-05-01", ""), spent("2025-05-02", "", 899), spent("2025-05-04", "", 1), salary("2025-06-01", ""), spent("2025-06-04", "", 900),
		}, "72.00"},
		{"on the day itself, without times", []move{
			salary("2025-05-01", ""), spent("2025-05-01", "", 900), salary("2025-06-01", ""), spent("2025-06-01", "", 900),
		}, "0.00"},
		{"times tell minutes", []move{
			salary("2025-05-01", "10:00"), spent("2025-05-01", "09:00", 900), spent("2025-05-01", "10:20", 900),
			salary("2025-06-01", "10:00"), spent("2025-06-02", "12:30", 900),
		}, "13.42"}, // (1/3 + 26.5) ÷ 2 = 13.41666…
		{"one of three cut by the next salary", []move{
			salary("2025-04-01", ""), spent("2025-04-02", "", 900), salary("2025-05-01", ""), spent("2025-05-02", "", 10),
			salary("2025-06-01", ""), spent("2025-06-03", "", 900),
		}, "48.00"},
		{"more than half cut", []move{salary("2025-04-01", ""), salary("2025-05-01", ""), salary("2025-06-01", ""), spent("2025-06-03", "", 900)}, "unknown"},
		{"the newest neither spent nor cut is left out", []move{
			salary("2025-04-01", ""), spent("2025-04-02", "", 900), salary("2025-05-01", ""), spent("2025-05-02", "", 900), salary("2025-06-01", ""),
		}, "24.00"},
		{"a salary moved between own accounts is none", []move{
			salary("2025-05-01", ""), spent("2025-05-02", "", 900),
			{day: "2025-06-01", amount: 1000, code: 10103, role: ledger.RoleOwnTransfer}, spent("2025-06-02", "", 900),
		}, "unknown"},
		{"loans and card bills are spent, applications are not", []move{
			salary("2025-05-01", ""), {day: "2025-05-02", amount: -900, code: 50301}, {day: "2025-05-03", amount: -450, code: 50202},
			{day: "2025-05-04", amount: -450, code: 60201, role: ledger.RoleBillPayment}, salary("2025-06-01", ""), spent("2025-06-04", "", 900),
		}, "72.00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := "unknown"
			if s := flowsOf(t, c.list...).HoursToSpendIncome(false); s.Known {
				got = s.Hours.String()
			}
			if got != c.want {
				t.Errorf("%s hours, want %s", got, c.want)
			}
		})
	}
}
