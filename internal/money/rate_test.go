package money_test

import (
	"fmt"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/money"
)

func TestMonthlyRate(t *testing.T) {
	for yearly, want := range map[string]string{
		"0.290000":  "0.021447", // the pair of the specification
		"0.29":      "0.021447",
		"0":         "0.000000",
		"0.000000":  "0.000000",
		"0.126825":  "0.010000", // 1 % a month
		"0.000005":  "0.000000",
		"0.000006":  "0.000000", // 0.00000049999…: below the half
		"0.0000061": "0.000001", // 0.00000050833…: above it
		"4095":      "1.000000", // 2^12 − 1, exact
		"4095.0001": "1.000000",
		"29.000000": "0.327680",
		"-0.120000": "-0.010596",
		"-1":        "-1.000000",
		"-1.000001": "",
		"":          "",
		"0.2184031498506391512000000000000000000000": "0.016598",
		"9999999999999999999999999999999999999999":   "2153.434690",
	} {
		if got := money.MonthlyRate(yearly); got != want {
			t.Errorf("MonthlyRate(%q) = %q, want %q", yearly, got, want)
		}
	}
}

// The rounded rate is the nearest one: half a millionth less, raised to the 12th
// power, is not above the yearly growth, and half a millionth more is.
func TestMonthlyRateIsTheNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.IntRange(0, 30).Draw(t, "whole")
		millionths := rapid.IntRange(0, 999_999).Draw(t, "millionths")
		yearly := fmt.Sprintf("%d.%06d", whole, millionths)
		if rapid.Bool().Draw(t, "negative") {
			yearly = fmt.Sprintf("-0.%06d", millionths)
		}
		monthly := money.MonthlyRate(yearly)
		growth := new(big.Rat).Add(fraction(t, yearly), big.NewRat(1, 1))
		half := big.NewRat(1, 2_000_000)
		month := new(big.Rat).Add(fraction(t, monthly), big.NewRat(1, 1))
		low, high := new(big.Rat).Sub(month, half), new(big.Rat).Add(month, half)
		if low.Sign() > 0 && twelfthPower(low).Cmp(growth) > 0 || twelfthPower(high).Cmp(growth) <= 0 {
			t.Fatalf("%s a month is not the nearest to %s a year", monthly, yearly)
		}
	})
}

func fraction(t *rapid.T, decimal string) *big.Rat {
	r, ok := new(big.Rat).SetString(decimal)
	if !ok {
		t.Fatalf("%q is no decimal", decimal)
	}
	return r
}

func twelfthPower(r *big.Rat) *big.Rat {
	p := big.NewRat(1, 1)
	for range 12 {
		p.Mul(p, r)
	}
	return p
}

func BenchmarkMonthlyRate(b *testing.B) {
	for b.Loop() {
		money.MonthlyRate("0.290000")
	}
}
