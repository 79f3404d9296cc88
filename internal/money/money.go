// Package money holds exact amounts of money.
//
// An [Amount] counts 1/10,000 of a currency unit in an int64, so sums are
// exact and the same on every machine. Start with [Parse]. Sums of squares and
// products do not fit and use math/big where they are needed; quantities and
// unit prices of investments keep their source text and never come here.
package money

import (
	"errors"
	"math"
	"strconv"
)

// Amount is an amount of money in 1/10,000 of the currency unit: 12.50 BRL is 125,000.
type Amount int64

// Scale is the number of Amount units in one currency unit.
const Scale = 10_000

// Errors of [Parse]. Their texts tell the shape of the fault, never the value.
var (
	ErrSyntax = errors.New("is not an amount: use digits, a point and 2 to 4 decimals, such as 1234.50")
	ErrComma  = errors.New("is not an amount (it has a comma): use a point and 2 to 4 decimals")
	ErrRange  = errors.New("is an amount beyond 920,000,000,000,000.00: send an amount of at most 15 digits in that range")
)

const maxWhole = 920_000_000_000_000

// Parse reads a plain decimal: an optional sign, digits, and optionally a point
// and decimals. Decimals past the fourth are rounded half away from zero.
// It fails with [ErrSyntax], [ErrComma] or [ErrRange].
func Parse(s string) (Amount, error) {
	i, negative := 0, false
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		negative = s[i] == '-'
		i++
	}
	start := i
	var whole int64
	for ; i < len(s) && isDigit(s[i]); i++ {
		if whole > maxWhole {
			return 0, rangeOrSyntax(s[i:])
		}
		whole = whole*10 + int64(s[i]-'0')
	}
	if i == start {
		return 0, syntax(s)
	}
	if whole > maxWhole {
		return 0, rangeOrSyntax(s[i:])
	}
	var fraction int64
	if i < len(s) && s[i] == '.' {
		i++
		first := i
		for ; i < len(s) && isDigit(s[i]); i++ {
			switch {
			case i-first < 4:
				fraction = fraction*10 + int64(s[i]-'0')
			case i-first == 4 && s[i] >= '5':
				fraction++
			}
		}
		if i == first {
			return 0, ErrSyntax
		}
		for n := i - first; n < 4; n++ {
			fraction *= 10
		}
	}
	if i != len(s) {
		return 0, syntax(s)
	}
	a := Amount(whole*Scale + fraction)
	if negative {
		a = -a
	}
	return a, nil
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func syntax(s string) error {
	for i := 0; i < len(s); i++ {
		if s[i] == ',' {
			return ErrComma
		}
	}
	return ErrSyntax
}

func rangeOrSyntax(rest string) error {
	for i := 0; i < len(rest); i++ {
		if !isDigit(rest[i]) && rest[i] != '.' {
			return syntax(rest)
		}
	}
	return ErrRange
}

// Add returns a + b, held at the ends of the range instead of wrapping round,
// and whether it was exact.
func Add(a, b Amount) (Amount, bool) {
	sum := a + b
	if (b > 0 && sum < a) || (b < 0 && sum > a) {
		if b > 0 {
			return math.MaxInt64, false
		}
		return math.MinInt64, false
	}
	return sum, true
}

// Abs returns the amount without its sign.
func (a Amount) Abs() Amount {
	if a < 0 {
		return -a
	}
	return a
}

// Half returns half the amount, rounded half away from zero.
func (a Amount) Half() Amount {
	if a < 0 {
		return (a - 1) / 2
	}
	return (a + 1) / 2
}

// Append2 appends the amount with two decimals, rounded half away from zero.
// Zero has no sign.
func (a Amount) Append2(dst []byte) []byte {
	const cent = Scale / 100
	cents := int64(a) / cent
	rest := int64(a) % cent
	if rest >= cent/2 {
		cents++
	} else if rest <= -cent/2 {
		cents--
	}
	if cents < 0 {
		dst = append(dst, '-')
		cents = -cents
	}
	dst = strconv.AppendInt(dst, cents/100, 10)
	return append(dst, '.', byte('0'+cents%100/10), byte('0'+cents%10))
}

// String returns the amount with two decimals.
func (a Amount) String() string { return string(a.Append2(nil)) }
