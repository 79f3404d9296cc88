package fact_test

import (
	"testing"

	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/money"
)

// The published sample is 23.65 ÷ 2 = 11.83.
func TestAverageRoundsOnceAndAwayFromZero(t *testing.T) {
	for _, c := range []struct {
		sum  money.Amount
		n    int
		want string
	}{
		{236_500, 2, "11.83"}, {-236_500, 2, "-11.83"}, {-100, 2, "-0.01"}, {100, 3, "0.00"}, {0, 7, "0.00"}, {149, 1, "0.01"}, {150, 1, "0.02"}, {1_000_000, 3, "33.33"},
	} {
		if got := fact.Average(c.sum, c.n); got.String() != c.want {
			t.Errorf("%s ÷ %d is %s, want %s", c.sum, c.n, got, c.want)
		}
	}
}

func TestQuotient(t *testing.T) {
	if q := fact.Quotient(1, 0); q.Known {
		t.Error("a ratio to 0 is known")
	}
	if q := fact.Quotient(2, 3); !q.Known || q.Value != 6667 {
		t.Errorf("2 ÷ 3 is %v, want 0.6667", q)
	}
	if q := fact.Quotient(-1, 3); q.Value != -3333 {
		t.Errorf("−1 ÷ 3 is %v, want −0.3333", q)
	}
}
