package fact

import (
	"math/big"

	"github.com/openklaas/klaas/internal/ledger"
)

// averageCoverDays is the window of the balance of [Facts.AverageCover].
const averageCoverDays = 90

// AverageCover returns the covered average balance of 90 days ÷ the average monthly
// cover outflow of the newest 6 full months. It is unknown where the daily balances
// are, without a full month, and where nothing went out.
func (f *Facts) AverageCover(company bool) Cover {
	flows, b := f.Flows(company), f.DailyBalances(company)
	out, n := Sum{}, flows.FullMonths(CoverMonths)
	for before := 1; before <= n; before++ {
		month := flows.Month(CoverOutflow, before)
		out = out.Add(month.Amount, month.Entries)
	}
	days := b.Covered(flows.LastDays(averageCoverDays))
	if b.Available == nil || days.IsEmpty() || out.Amount == 0 {
		return Cover{}
	}
	held := b.Available.sum(days, ledger.ShareWhole)
	whole := big.NewInt(int64(out.Amount))
	return Cover{
		Months:     ratioOf(held.Mul(held, big.NewInt(int64(n))), whole.Mul(whole, big.NewInt(int64(days.Days())))),
		Behind:     f.Union(f.BalanceBehind(company, days), flows.Behind(CoverOutflow, flows.NewestMonths(CoverMonths))),
		IsReliable: b.Available.IsReliable(days.First),
	}
}
