package money

import (
	"math/big"
	"strings"
)

// MonthlyRate returns (1 + yearly)^(1/12) − 1 of a yearly rate, both fractions as
// decimal texts: "0.290000" gives "0.021447". The result has 6 decimals, exactly
// rounded half up. (A rate that lies halfway between two has at least 84 decimals,
// more than are read of one.) It is "" where there is no rate, or one below −1,
// which has no root.
func MonthlyRate(yearly string) string {
	digits, decimals, ok := scaled(yearly)
	if !ok {
		return ""
	}
	one := power(10, decimals)
	growth := digits.Add(digits, one) // 1 + yearly, times 10^decimals
	if growth.Sign() < 0 {
		return ""
	}
	// The 12th root is asked for in half units of the sixth decimal: twice the
	// rounded result is that or, rounding half up, one more.
	growth.Mul(growth, halfUnits)
	growth.Quo(growth, one)
	halves := twelfthRoot(growth).Int64()
	return sixDecimals((halves+1)/2 - unit)
}

// unit is 1 with six decimals.
const unit = 1_000_000

// halfUnits is what 1 weighs below the root, so that the root counts half units.
var halfUnits = power(2*unit, 12)

// scaled reads a decimal as digits ÷ 10^decimals.
func scaled(s string) (digits *big.Int, decimals int64, ok bool) {
	whole, fraction, _ := strings.Cut(s, ".")
	digits, ok = new(big.Int).SetString(whole+fraction, 10)
	return digits, int64(len(fraction)), ok
}

func power(base, exponent int64) *big.Int {
	return new(big.Int).Exp(big.NewInt(base), big.NewInt(exponent), nil)
}

// twelfthRoot returns the whole part of the 12th root of n ≥ 0. The whole part of
// a root of a root may be taken at each step: no whole number lies between them.
func twelfthRoot(n *big.Int) *big.Int {
	n.Sqrt(n)
	n.Sqrt(n)
	return cubeRoot(n)
}

// cubeRoot returns the whole part of the cube root of n ≥ 0, by Newton's method
// from above.
func cubeRoot(n *big.Int) *big.Int {
	three := big.NewInt(3)
	root := new(big.Int).Lsh(big.NewInt(1), uint(n.BitLen()+2)/3) // ≥ the root
	next := new(big.Int)
	for root.Sign() > 0 {
		next.Mul(root, root)
		next.Quo(n, next)
		next.Add(next, root)
		next.Add(next, root)
		next.Quo(next, three) // (2 × root + n ÷ root²) ÷ 3
		if next.Cmp(root) >= 0 {
			break
		}
		root, next = next, root
	}
	return root
}

// sixDecimals writes millionths as a decimal.
func sixDecimals(n int64) string {
	text := big.NewInt(n)
	sign := ""
	if text.Sign() < 0 {
		sign = "-"
		text.Neg(text)
	}
	digits := text.String()
	if missing := 7 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	point := len(digits) - 6
	return sign + digits[:point] + "." + digits[point:]
}
