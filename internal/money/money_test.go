package money_test

import (
	"errors"
	"fmt"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/money"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]money.Amount{
		"0": 0, "-0.00": 0, "12.50": 125_000, "12.5": 125_000, "1000.0400": 10_000_400, "-3.1": -31_000, "+7": 70_000,
		"0.00005": 1, "0.00004": 0, "-0.00005": -1, "1.99995": 20_000,
		"920000000000000.0000": 9_200_000_000_000_000_000,
	} {
		got, err := money.Parse(text)
		if err != nil || got != want {
			t.Errorf("Parse(%q) = %d, %v; want %d", text, got, err, want)
		}
	}
	for text, want := range map[string]error{
		"": money.ErrSyntax, "-": money.ErrSyntax, "1.": money.ErrSyntax, ".5": money.ErrSyntax, "1e3": money.ErrSyntax,
		"R$ 1": money.ErrSyntax, "1 000.00": money.ErrSyntax, "12,50": money.ErrComma, "1.234,50": money.ErrComma,
		"1234567890123456": money.ErrRange, "9999999999999999999999999.00": money.ErrRange,
		"99999999999999999999x": money.ErrSyntax,
	} {
		if _, err := money.Parse(text); !errors.Is(err, want) {
			t.Errorf("Parse(%q) fails with %v, want %v", text, err, want)
		}
	}
}

func TestTwoDecimalsRoundHalfAwayFromZero(t *testing.T) {
	for amount, want := range map[money.Amount]string{
		0: "0.00", 118_250: "11.83", 118_249: "11.82", -50: "-0.01", -49: "0.00", 9_999_950: "1000.00", 5: "0.00",
	} {
		if got := amount.String(); got != want {
			t.Errorf("%d prints as %s, want %s", amount, got, want)
		}
	}
}

func TestParseAgreesWithRationalNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.Int64Range(0, 900_000_000_000_000).Draw(t, "whole")
		decimals := rapid.StringMatching(`[0-9]{1,8}`).Draw(t, "decimals")
		text := fmt.Sprintf("%d.%s", whole, decimals)
		got, err := money.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		exact, _ := new(big.Rat).SetString(text)
		exact.Mul(exact, big.NewRat(money.Scale, 1)).Sub(exact, big.NewRat(int64(got), 1))
		if exact.Abs(exact).Cmp(big.NewRat(1, 2)) > 0 {
			t.Fatalf("Parse(%s) = %d is off by more than half a unit", text, got)
		}
	})
}

func TestAddHoldsAtTheEnds(t *testing.T) {
	const top = money.Amount(1<<63 - 1)
	if sum, exact := money.Add(top, 1); sum != top || exact {
		t.Errorf("top + 1 = %d, %v", sum, exact)
	}
	if sum, exact := money.Add(2, 3); sum != 5 || !exact {
		t.Errorf("2 + 3 = %d, %v", sum, exact)
	}
}
