package fact

import (
	"math/big"

	"github.com/openklaas/klaas/internal/money"
)

// Figure is an amount that may be unknown, with what is behind it.
type Figure struct {
	Known  bool
	Amount money.Amount
	Behind Evidence
}

// Average returns the mean of n amounts from their sum: 2 decimals, half up, away
// from zero for negative ones. n is not 0.
func Average(sum money.Amount, n int) money.Amount {
	return cents(big.NewInt(int64(sum)), big.NewInt(int64(n)))
}

// cents returns part ÷ whole with 2 decimals, half away from zero; whole is not 0.
func cents(part, whole *big.Int) money.Amount {
	const cent = money.Scale / 100
	return cent * money.Amount(nearest(part, new(big.Int).Mul(whole, big.NewInt(cent))).Int64())
}

// Quotient returns part ÷ whole with 4 decimals, unknown for a whole of 0.
func Quotient(part, whole money.Amount) Ratio {
	if whole == 0 {
		return Ratio{}
	}
	return ratioOf(big.NewInt(int64(part)), big.NewInt(int64(whole)))
}
