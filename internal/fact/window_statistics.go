package fact

import (
	"math/big"

	"github.com/openklaas/klaas/internal/money"
)

// leastMonths is how many full months volatility and trend need.
const leastMonths = 3

// Ratio is a share, a volatility or a trend with 4 decimals, half up, exact.
type Ratio struct {
	Known bool
	Value money.Amount // in 1/10,000
}

// Series returns the sums of a class over the newest k full months, oldest first.
func (f *Flows) Series(c Class, k int) []money.Amount {
	n := f.FullMonths(k)
	list := make([]money.Amount, n)
	for i := range list {
		list[i] = f.months[c][n-i].Amount
	}
	return list
}

// Volatility is the coefficient of variation of monthly amounts: their population
// standard deviation ÷ their mean. It is unknown for fewer than 3 months or a mean
// of 0.
func Volatility(amounts []money.Amount) Ratio {
	n, sum, squares := big.NewInt(int64(len(amounts))), new(big.Int), new(big.Int)
	for _, a := range amounts {
		x := big.NewInt(int64(a))
		sum.Add(sum, x)
		squares.Add(squares, x.Mul(x, x))
	}
	if len(amounts) < leastMonths || sum.Sign() == 0 {
		return Ratio{}
	}
	// cv = √(n × Σx² − (Σx)²) ÷ Σx. With q = ⌊√(4 × 10⁸ × (n × Σx² − (Σx)²))⌋, twice
	// the root in 1/10,000, the rounded ratio is ⌊(q + Σx) ÷ 2Σx⌋.
	squares.Mul(squares, n).Sub(squares, new(big.Int).Mul(sum, sum))
	squares.Mul(squares, big.NewInt(4*money.Scale*money.Scale)).Sqrt(squares)
	squares.Add(squares, sum).Quo(squares, sum.Lsh(sum, 1))
	return Ratio{true, money.Amount(squares.Int64())}
}

// Trend is the slope of the least-squares line through monthly amounts, oldest
// first, over x = 0, 1, 2 … ÷ their mean: 0.05 grows by 5 % of the mean a month. It
// is unknown for fewer than 3 months or a mean of 0.
func Trend(amounts []money.Amount) Ratio {
	sum, weighted := new(big.Int), new(big.Int)
	n, sumX, sumXX := int64(len(amounts)), int64(0), int64(0)
	for i, a := range amounts {
		x, y := int64(i), big.NewInt(int64(a))
		sum.Add(sum, y)
		weighted.Add(weighted, y.Mul(y, big.NewInt(x)))
		sumX += x
		sumXX += x * x
	}
	if n < leastMonths || sum.Sign() == 0 {
		return Ratio{}
	}
	// slope ÷ mean = n × (n × Σxy − Σx × Σy) ÷ ((n × Σx² − (Σx)²) × Σy)
	slope := weighted.Mul(weighted, big.NewInt(n))
	slope.Sub(slope, new(big.Int).Mul(sum, big.NewInt(sumX))).Mul(slope, big.NewInt(n))
	below := new(big.Int).Mul(sum, big.NewInt(n*sumXX-sumX*sumX))
	return ratioOf(slope, below)
}

// ratioOf returns part ÷ whole with 4 decimals, half away from zero; whole is not 0.
func ratioOf(part, whole *big.Int) Ratio {
	return Ratio{true, money.Amount(nearest(new(big.Int).Mul(part, big.NewInt(money.Scale)), whole).Int64())}
}

// nearest returns a ÷ b as the nearest whole number, half away from zero.
func nearest(a, b *big.Int) *big.Int {
	under := new(big.Int).Abs(b)
	n := new(big.Int).Abs(a)
	n.Lsh(n, 1).Add(n, under).Quo(n, under.Lsh(under, 1))
	if a.Sign()*b.Sign() < 0 {
		n.Neg(n)
	}
	return n
}
