package fact

import (
	"iter"
	"math/big"
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
)

// CoveredAverage returns the mean of the end-of-day sums of all checking accounts
// over the days of the last n that are covered, with 2 decimals; n is one of
// [Windows]. It is unknown where the daily balances are.
func (f *Facts) CoveredAverage(company bool, n int) Balance {
	which := whose(company)
	if f.averages[which] == nil {
		f.averages[which] = f.coveredAverages(company)
	}
	return f.averages[which][slices.Index(Windows[:], n)]
}

// coveredAverages adds up from window to window: each has the days of the one before.
func (f *Facts) coveredAverages(company bool) *[len(Windows)]Balance {
	all, d := new([len(Windows)]Balance), f.Ledger.Day
	b := f.DailyBalances(company)
	s := b.Available
	if s == nil {
		return all
	}
	sum, added := new(big.Int), d+1
	for i, n := range Windows {
		days := b.Covered(Range{d - calendar.Day(n) + 1, d})
		sum.Add(sum, s.sum(Range{days.First, added - 1}, ledger.ShareWhole))
		added = days.First
		all[i] = Balance{
			Figure:     Figure{Known: true, Amount: mean(sum, days.Days()), Behind: f.BalanceBehind(company, days)},
			IsReliable: s.IsReliable(days.First),
		}
	}
	return all
}

// BackfilledAverage returns the mean of the end-of-day balances of one account over
// the last n days, with 2 decimals: days before its first entry carry the opening
// balance. It is the average of the legacy reports; known is false for an account
// without balances.
func (f *Facts) BackfilledAverage(account, n int) (_ money.Amount, known bool) {
	s := f.AccountBalances(account).Available
	if s == nil {
		return 0, false
	}
	d := f.Ledger.Day
	return mean(s.sum(Range{d - calendar.Day(n) + 1, d}, f.Ledger.Accounts[account].Share), n), true
}

func mean(sum *big.Int, n int) money.Amount { return cents(sum, big.NewInt(int64(n))) }

// sum adds up what counts of the balances at the end of the days of a range.
func (s *Series) sum(r Range, share ledger.Share) *big.Int {
	sum, part, n := new(big.Int), new(big.Int), new(big.Int)
	for balance, days := range s.stretches(r) {
		part.SetInt64(int64(share.Of(balance)))
		sum.Add(sum, part.Mul(part, n.SetInt64(int64(days))))
	}
	return sum
}

// stretches lists the balances of a range of days, newest first, each with the number
// of days in a row that end with it.
func (s *Series) stretches(r Range) iter.Seq2[money.Amount, int] {
	return func(yield func(money.Amount, int) bool) {
		next := len(s.changes)
		for last := r.Last; last >= r.First; {
			for next > 0 && s.changes[next-1].day > last {
				next--
			}
			balance, from := s.opening, r.First
			if next > 0 {
				balance, from = s.changes[next-1].balance, max(r.First, s.changes[next-1].day)
			}
			if !yield(balance, int(last-from)+1) {
				return
			}
			last = from - 1
		}
	}
}
