package fact

import "math/big"

// Cover tells how long the money at hand lasts.
type Cover struct {
	Months     Ratio // with 4 decimals
	Behind     Evidence
	IsReliable bool // as of [Balance]
}

// CoverMonths is over how many full months outflows are averaged.
const CoverMonths = 6

// Cover returns the balance of the checking and savings accounts ÷ the average
// monthly cover outflow of the newest 6 full months. It is unknown without a checking
// balance, without a full month, and where nothing went out.
func (f *Facts) Cover(company bool) Cover {
	flows, checking, savings := f.Flows(company), f.CheckingBalance(company), f.SavingsBalance(company)
	sum, n := Sum{}, flows.FullMonths(CoverMonths)
	for before := 1; before <= n; before++ {
		month := flows.Month(CoverOutflow, before)
		sum = sum.Add(month.Amount, month.Entries)
	}
	if !checking.Known || sum.Amount == 0 {
		return Cover{}
	}
	held := new(big.Int).Add(big.NewInt(int64(checking.Amount)), big.NewInt(int64(savings.Amount)))
	return Cover{
		Months:     ratioOf(held.Mul(held, big.NewInt(int64(n))), big.NewInt(int64(sum.Amount))),
		Behind:     f.Union(checking.Behind, savings.Behind, flows.Behind(CoverOutflow, flows.NewestMonths(CoverMonths))),
		IsReliable: checking.IsReliable && savings.IsReliable,
	}
}
