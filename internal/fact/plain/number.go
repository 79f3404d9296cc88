package plain

import (
	"math/big"
	"slices"
	"strings"
)

func add(x, y *big.Rat) *big.Rat { return new(big.Rat).Add(x, y) }
func sub(x, y *big.Rat) *big.Rat { return new(big.Rat).Sub(x, y) }
func mul(x, y *big.Rat) *big.Rat { return new(big.Rat).Mul(x, y) }

// ratio is nil where one side is unknown or the lower one 0.
func ratio(x, y *big.Rat) *big.Rat {
	if x == nil || y == nil || y.Sign() == 0 {
		return nil
	}
	return new(big.Rat).Quo(x, y)
}

func total(list []*big.Rat) *big.Rat {
	sum := new(big.Rat)
	for _, x := range list {
		sum.Add(sum, x)
	}
	return sum
}

// mean is nil of nothing.
func mean(list []*big.Rat) *big.Rat { return ratio(total(list), whole(len(list))) }

func sorted(list []*big.Rat) []*big.Rat {
	list = slices.Clone(list)
	slices.SortFunc(list, (*big.Rat).Cmp)
	return list
}

// median is the mean of the middle two; nil of nothing.
func median(list []*big.Rat) *big.Rat {
	if len(list) == 0 {
		return nil
	}
	list = sorted(list)
	return mean([]*big.Rat{list[(len(list)-1)/2], list[len(list)/2]})
}

func least(x, y *big.Rat) *big.Rat {
	if x.Cmp(y) < 0 {
		return x
	}
	return y
}

func most(x, y *big.Rat) *big.Rat {
	if x.Cmp(y) > 0 {
		return x
	}
	return y
}

func squares(list []*big.Rat) *big.Rat {
	sum := new(big.Rat)
	for _, x := range list {
		d := sub(x, mean(list))
		sum.Add(sum, mul(d, d))
	}
	return sum
}

// squareRoot is exact where the root is a fraction; else it has 400 bits, as near as
// no rounding tells.
func squareRoot(v *big.Rat) *big.Rat {
	above, below := new(big.Int).Sqrt(v.Num()), new(big.Int).Sqrt(v.Denom())
	if exact := new(big.Rat).SetFrac(above, below); mul(exact, exact).Cmp(v) == 0 {
		return exact
	}
	f := new(big.Float).SetPrec(400).SetRat(v)
	r, _ := f.Sqrt(f).Rat(nil)
	return r
}

// deviation is the population standard deviation.
func deviation(list []*big.Rat) *big.Rat {
	return squareRoot(new(big.Rat).Quo(squares(list), whole(len(list))))
}

// cv is the coefficient of variation: 0 when the mean is 0.
func cv(list []*big.Rat) *big.Rat {
	if v := ratio(deviation(list), mean(list)); v != nil {
		return v
	}
	return new(big.Rat)
}

// volatility and trend need 3 months and a mean.
func volatility(list []*big.Rat) *big.Rat {
	if len(list) < 3 || mean(list).Sign() == 0 {
		return nil
	}
	return cv(list)
}

// trend is Σ (x − mean x)(y − mean y) ÷ Σ (x − mean x)², ÷ mean y.
func trend(list []*big.Rat) *big.Rat {
	if len(list) < 3 || mean(list).Sign() == 0 {
		return nil
	}
	middle := big.NewRat(int64(len(list)-1), 2)
	above, below := new(big.Rat), new(big.Rat)
	for i, y := range list {
		dx, dy := sub(whole(i), middle), sub(y, mean(list))
		above.Add(above, mul(dx, dy))
		below.Add(below, mul(dx, dx))
	}
	return ratio(above, mul(below, mean(list)))
}

// shares are the parts of the largest 1, 5 and 10 in the whole, and the sum of the
// squares of all; nil of a whole of 0.
func shares(parts []*big.Rat, of *big.Rat) (top1, top5, top10, herfindahl *big.Rat) {
	list := sorted(parts)
	slices.Reverse(list)
	top := func(n int) *big.Rat { return ratio(total(list[:min(n, len(list))]), of) }
	sum := new(big.Rat)
	for _, x := range list {
		sum.Add(sum, mul(x, x))
	}
	return top(1), top(5), top(10), ratio(sum, mul(of, of))
}

// printed is an amount as reports print it: figures that are made of others are made
// of them as they stand there.
func printed(v *big.Rat) *big.Rat { return asPrinted(v, 2) }

func asPrinted(v *big.Rat, decimals int) *big.Rat {
	if v == nil {
		return nil
	}
	return number(Decimal(v, decimals))
}

// Decimal writes a number with at most so many decimals, half up, away from zero
// for negative numbers, as JSON has it.
func Decimal(v *big.Rat, decimals int) string {
	scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil))
	scaled := mul(new(big.Rat).Abs(v), scale)
	scaled.Add(scaled, big.NewRat(1, 2))
	units := new(big.Int).Quo(scaled.Num(), scaled.Denom())
	if v.Sign() < 0 {
		units.Neg(units)
	}
	text := new(big.Rat).Quo(new(big.Rat).SetInt(units), scale).FloatString(decimals)
	if strings.Contains(text, ".") {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	return text
}
