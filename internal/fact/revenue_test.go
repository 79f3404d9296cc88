package fact_test

import (
	"fmt"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/taxonomy"
)

// receipt is a credit of a company's account, by whom.
type receipt struct {
	day    string
	amount money.Amount // in reais
	code   taxonomy.Code
	payer  string // "" names nobody
}

// revenueOf returns the facts of a company with one checking account as of 2025-06-30.
func revenueOf(t testing.TB, list []receipt) *fact.Facts {
	t.Helper()
	moves := make([]move, len(list))
	for i, r := range list {
		moves[i] = move{day: r.day, amount: r.amount, code: r.code}
	}
	f := flowsOf(t, moves...)
	f.Ledger.Accounts[0].Company = true
	for i, r := range list {
		f.Ledger.Movements[i].Name = r.payer
	}
	return f
}

// "First match: CARD_ACQUIRER (070104), MARKETPLACE (070105), EXPORT (070107),
// RECURRING (070106, or a stream recurrent at D), BOLETO (070103), PIX_CUSTOMER
// (070101), TED_CUSTOMER (070102), OTHER".
func TestRevenueTypes(t *testing.T) {
	thrice := func(code taxonomy.Code) []receipt {
		return []receipt{{"2025-04-10", 1, code, "PADARIA SOL"}, {"2025-05-10", 1, code, "PADARIA SOL"}, {"2025-06-10", 1, code, "PADARIA SOL"}}
	}
	for _, c := range []struct {
		code            taxonomy.Code
		once, recurrent string
	}{
		{70104, "CARD_ACQUIRER", "CARD_ACQUIRER"},
		{70105, "MARKETPLACE", "MARKETPLACE"},
		{70107, "EXPORT", "EXPORT"},
		{70106, "RECURRING", "RECURRING"},
		{70103, "BOLETO", "RECURRING"},
		{70101, "PIX_CUSTOMER", "RECURRING"},
		{70102, "TED_CUSTOMER", "RECURRING"},
		{70201, "OTHER", "RECURRING"},
		{60101, "OTHER", "RECURRING"},
	} {
		for _, r := range []struct {
			list []receipt
			want string
		}{{thrice(c.code)[2:], c.once}, {thrice(c.code), c.recurrent}} {
			f := revenueOf(t, append(r.list, receipt{"2024-07-01", 1, 70101, "OLDEST"}))
			for _, e := range f.Revenue().Entries[:len(r.list)] {
				if got := e.Type.String(); got != r.want {
					t.Errorf("%d of %d receipts is %s, want %s", c.code, len(r.list), got, r.want)
				}
			}
		}
	}
}

// Receipts of an acquirer do not make the others of the same payer recurrent.
func TestRecurrenceIsOfTheReceiptsThatItDecides(t *testing.T) {
	f := revenueOf(t, []receipt{
		{"2024-07-01", 1, 70101, "OLDEST"}, {"2025-04-10", 1, 70104, "PADARIA SOL"}, {"2025-05-10", 1, 70104, "PADARIA SOL"}, {"2025-06-10", 1, 70101, "PADARIA SOL"},
	})
	if got := f.Revenue().Entries[0].Type; got != fact.PIXCustomer {
		t.Errorf("the receipt is %s", got)
	}
}

// The figures are those of the plain formulas.
func TestRevenueFigures(t *testing.T) {
	day := calendar.Of(2025, 6, 30)
	codes := []taxonomy.Code{70101, 70102, 70103, 70104, 70106, 70201, 60101, 90101, 50208, 10606, 10603, 70204, 10401}
	earned := codes[:7]
	rapid.Check(t, func(r *rapid.T) {
		var list []receipt
		for range rapid.IntRange(0, 40).Draw(r, "receipts") {
			list = append(list, receipt{
				(day - calendar.Day(rapid.OneOf(rapid.IntRange(0, 500), rapid.SampledFrom([]int{179, 180, 359, 360})).Draw(r, "age"))).String(),
				money.Amount(rapid.IntRange(1, 5000).Draw(r, "amount")), rapid.SampledFrom(codes).Draw(r, "code"),
				rapid.SampledFrom([]string{"", "ANA SOUZA", "BRUNO ALVES", "CARLA DIAS", "HOTEL MAR", "LOJA SOL", "PADARIA LUA", "BAR AZUL"}).Draw(r, "payer"),
			})
		}
		f := revenueOf(t, list)
		got, flows := f.Revenue(), f.Flows(true)

		total, year := new(big.Rat), new(big.Rat)
		payers, months := make(map[string]*big.Rat), make(map[int]*big.Rat)
		for _, x := range list {
			at, _ := calendar.ParseDay(x.day)
			if !slices.Contains(earned, x.code) {
				continue
			}
			amount := big.NewRat(int64(x.amount), 1)
			before := day.MonthIndex() - at.MonthIndex()
			if months[before] == nil {
				months[before] = new(big.Rat)
			}
			months[before].Add(months[before], amount)
			if day-at < 360 {
				year.Add(year, amount)
			}
			if day-at < 180 {
				total.Add(total, amount)
				if x.payer != "" {
					if payers[x.payer] == nil {
						payers[x.payer] = new(big.Rat)
					}
					payers[x.payer].Add(payers[x.payer], amount)
				}
			}
		}

		average := func(k int) string {
			n := min(k, flows.Coverage.Months)
			if n == 0 {
				return "null"
			}
			sum := new(big.Rat)
			for before := 1; before <= n; before++ {
				if months[before] != nil {
					sum.Add(sum, months[before])
				}
			}
			return sum.Quo(sum, big.NewRat(int64(n), 1)).FloatString(2)
		}
		for _, k := range []int{3, 6, 12} {
			if a := figureText(got.Average(k)); a != average(k) {
				r.Errorf("average of %d months is %s, want %s", k, a, average(k))
			}
		}
		annual := year.FloatString(2)
		if flows.Coverage.Days < 360 {
			annual = average(12)
			if n := min(12, flows.Coverage.Months); n > 0 {
				sum := new(big.Rat)
				for before := 1; before <= n; before++ {
					if months[before] != nil {
						sum.Add(sum, months[before])
					}
				}
				annual = sum.Mul(sum, big.NewRat(12, int64(n))).FloatString(2)
			}
		}
		a := got.Annualised()
		if text := figureText(a.Figure); text != annual {
			r.Errorf("a year is %s, want %s", text, annual)
		}

		var shares []*big.Rat
		for _, p := range payers {
			shares = append(shares, p)
		}
		slices.SortFunc(shares, func(x, y *big.Rat) int { return y.Cmp(x) })
		top := func(n int) string {
			sum := new(big.Rat)
			for _, s := range shares[:min(n, len(shares))] {
				sum.Add(sum, s)
			}
			if total.Sign() == 0 {
				return "null"
			}
			return sum.Quo(sum, total).FloatString(4)
		}
		c := got.Concentration
		squares, want := new(big.Rat), "null"
		if total.Sign() > 0 {
			for _, s := range shares {
				share := new(big.Rat).Quo(s, total)
				squares.Add(squares, share.Mul(share, share))
			}
			want = squares.FloatString(4)
		}
		told := fmt.Sprint(c.Payers, ratioText(c.Top1), ratioText(c.Top5), ratioText(c.Top10), ratioText(c.Herfindahl))
		if plain := fmt.Sprint(len(payers), top(1), top(5), top(10), want); told != plain {
			r.Errorf("concentration is %s, want %s", told, plain)
		}

		s := got.Stability()
		zero, peak := 0, 0
		at := func(before int) *big.Rat {
			if months[before] == nil {
				return new(big.Rat)
			}
			return months[before]
		}
		for before := 1; before <= min(12, flows.Coverage.Months); before++ {
			if at(before).Sign() == 0 {
				zero++
			}
			if peak == 0 || at(before).Cmp(at(peak)) > 0 {
				peak = before
			}
		}
		if s.Zero != zero || s.Peak != peak || s.Months != min(12, flows.Coverage.Months) {
			r.Errorf("stability is %+v, want %d months without revenue and the peak %d before", s, zero, peak)
		}
	})
}

func figureText(f fact.Figure) string {
	if !f.Known {
		return "null"
	}
	return new(big.Rat).SetFrac64(int64(f.Amount), money.Scale).FloatString(2)
}

func ratioText(r fact.Ratio) string {
	if !r.Known {
		return "null"
	}
	return new(big.Rat).SetFrac64(int64(r.Value), money.Scale).FloatString(4)
}

// A company without a checking account has no figure, not zero.
func TestRevenueIsUnknownWithoutAccount(t *testing.T) {
	f := fact.New(&ledger.Ledger{Day: calendar.Of(2025, 6, 30)})
	r := f.Revenue()
	if a := r.Annualised(); r.Known || r.Average(6).Known || a.Known || r.Stability().Volatility.Known || r.Concentration.Top1.Known {
		t.Errorf("revenue is %+v", r)
	}
}
