package setting

import (
	"encoding/json"
	"fmt"

	"github.com/openklaas/klaas/internal/money"
)

// IntervalFactors are the factors t of the interval mean ± t × s × √(1 + 1/n) around
// an expected payment, for n = 3 to 12 payments. They are decimals with at most 3
// decimals; none stand for those of an 80 % interval.
type IntervalFactors []json.Number

const (
	intervals   = 10
	thousandth  = money.Scale / 1000
	mostOfThese = 100
)

// Thousandths returns the factors in 1/1,000, nil for none. The error names what is
// wrong and how to mend it.
func (f IntervalFactors) Thousandths() ([]int64, error) {
	if len(f) == 0 {
		return nil, nil
	}
	if len(f) != intervals {
		return nil, fmt.Errorf("intervalFactors has %d factors: give %d, for 3 to 12 payments, or none", len(f), intervals)
	}
	all := make([]int64, intervals)
	for i, text := range f {
		t, err := money.Parse(text.String())
		if err != nil || t <= 0 || t > mostOfThese*money.Scale || t%thousandth != 0 {
			return nil, fmt.Errorf("intervalFactors[%d]: a factor is a number above 0, at most %d, with at most 3 decimals", i, mostOfThese)
		}
		all[i] = int64(t / thousandth)
	}
	return all, nil
}
