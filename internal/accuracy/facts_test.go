package accuracy_test

import (
	"slices"
	"testing"
	"time"

	"github.com/openklaas/klaas/internal/accuracy"
	"github.com/openklaas/klaas/internal/calendar"
)

// The floors stand a little below what was measured on people that no rule was made
// on. docs/accuracy.md has the figures.
var factFloors = map[string]float64{
	"recurring groups, precision":       0.95,
	"recurring groups, recall":          0.94,
	"salaries, precision":               0.98,
	"salaries, recall":                  0.98,
	"salaries that count as income":     0.99,
	"80 % intervals of the next income": 0.73,
	"– of wages, pensions and benefits": 0.90,
	"– of other income but dividends":   0.78,
	"– of dividends and yields":         0.50,
}

func TestTheFactsAreAsAccurateAsDocumented(t *testing.T) {
	result, err := accuracy.Facts(63, 5000, calendar.Of(2026, time.June, 30))
	if err != nil {
		t.Fatal(err)
	}
	for _, rate := range result.Rates {
		floor, ok := factFloors[rate.Name]
		switch {
		case !ok:
			t.Errorf("%s has no floor", rate.Name)
		case rate.Whole < 20:
			t.Errorf("%s was asked %d times", rate.Name, rate.Whole)
		case rate.Value() < floor:
			t.Errorf("%s: %.3f, %d of %d", rate.Name, rate.Value(), rate.Part, rate.Whole)
		}
	}
	if e := result.MonthlyIncome; e.Number < 40 || e.Median > 300 {
		t.Errorf("the median error of the monthly income of %d people is %d of 10,000", e.Number, e.Median)
	}
}

func TestMeasuringFactsTwiceGivesTheSame(t *testing.T) {
	end := calendar.Of(2026, time.June, 30)
	first, err := accuracy.Facts(21, 7, end)
	if err != nil {
		t.Fatal(err)
	}
	second, err := accuracy.Facts(21, 7, end)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(first.Rates, second.Rates) || !slices.Equal(first.Misses, second.Misses) {
		t.Errorf("%+v, then %+v", first, second)
	}
}
