package holding

import (
	"testing"

	"github.com/openklaas/klaas/openfinance"
)

func TestTimesOfPositions(t *testing.T) {
	for name, c := range map[string]struct {
		date, time        string
		wantDay, wantTime string
	}{
		"nothing":                       {"", "", "", ""},
		"a date":                        {"2025-01-30", "", "2025-01-30", "2025-01-30T00:00:00Z"},
		"a time":                        {"", "2025-01-30T17:32:00Z", "2025-01-30", "2025-01-30T17:32:00Z"},
		"a time of the day before":      {"", "2025-01-31T02:59:59.999Z", "2025-01-30", "2025-01-31T02:59:59.999Z"},
		"a time with its own zone":      {"", "2025-01-30T23:00:00-03:00", "2025-01-30", "2025-01-30T23:00:00-03:00"},
		"a time that is no time":        {"", "2025-01-31T00:00:00.000Z", "2025-01-31", "2025-01-31T00:00:00.000Z"},
		"midnight of another zone":      {"", "2025-01-31T00:00:00-05:00", "2025-01-31", "2025-01-31T00:00:00-05:00"},
		"both":                          {"2025-01-29", "2025-01-30T17:32:00Z", "2025-01-29", "2025-01-30T17:32:00Z"},
		"a time that nothing can parse": {"", "2025-01-30Tx", "2025-01-30", "2025-01-30Tx"},
	} {
		t.Run(name, func(t *testing.T) {
			b := &openfinance.InvestmentBalance{ReferenceDate: c.date, ReferenceDateTime: c.time}
			if got := day(b); got != c.wantDay {
				t.Errorf("the day is %q, not %q", got, c.wantDay)
			}
			if got := instant(b); got != c.wantTime {
				t.Errorf("the time is %q, not %q", got, c.wantTime)
			}
		})
	}
}

// The newest position is the first, whichever way its time is written.
func TestPositionsAreNewestFirst(t *testing.T) {
	list := []openfinance.InvestmentBalance{
		{Quantity: "unknown"},
		{Quantity: "third", ReferenceDate: "2025-01-30"},
		{Quantity: "first", ReferenceDateTime: "2025-01-30T23:00:00-03:00"},
		{Quantity: "second", ReferenceDateTime: "2025-01-31T01:00:00Z"},
		{Quantity: "fourth", ReferenceDate: "2025-01-30"},
	}
	var got string
	for _, b := range positions(list) {
		got += b.Quantity + " "
	}
	if want := "first second third fourth unknown "; got != want {
		t.Errorf("the order is %s, not %s", got, want)
	}
}
