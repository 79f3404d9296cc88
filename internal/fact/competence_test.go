package fact_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
)

func TestCompetenceMonths(t *testing.T) {
	for _, c := range []struct {
		name, days, want string
	}{
		{"no payment", "", ""},
		{"the fifth business day", "2025-01-07 2025-02-07 2025-03-10", "2025-01 2025-02 2025-03"},
		{"a low stream that a weekend moves into the month before", "2025-01-02 2025-01-31 2025-03-03", "2025-01 2025-02 2025-03"},
		{"the next month has its own payment", "2025-01-02 2025-01-31 2025-02-03", "2025-01 2025-01 2025-02"},
		{"the next month's payment of day 11 is none of it", "2025-01-02 2025-01-31 2025-02-11", "2025-01 2025-02 2025-02"},
		{"a high stream that a weekend moves into the month after", "2025-01-30 2025-03-03 2025-03-31 2025-04-30", "2025-01 2025-02 2025-03 2025-04"},
		{"the month before has its own payment", "2025-01-30 2025-02-28 2025-03-03 2025-03-31", "2025-01 2025-02 2025-03 2025-03"},
		{"the month before's payment of day 20 is none of it", "2025-01-30 2025-02-20 2025-03-03 2025-03-31", "2025-01 2025-02 2025-02 2025-03"},
		{"as many early as late payments are low", "2025-01-07 2025-02-25", "2025-01 2025-03"},
		{"payments of the middle stay", "2025-01-15 2025-02-20 2025-03-24", "2025-01 2025-02 2025-03"},
		{"over the end of a year", "2024-11-05 2024-12-31 2025-02-05", "2024-11 2025-01 2025-02"},
		{"the last day moved, of a stream of day 24", "2025-01-24 2025-02-24 2025-03-25", "2025-01 2025-02 2025-03"},
		{"two payments of one day", "2025-01-02 2025-01-02 2025-01-31 2025-01-31", "2025-01 2025-01 2025-02 2025-02"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var days []calendar.Day
			for s := range strings.FieldsSeq(c.days) {
				day, ok := calendar.ParseDay(s)
				if !ok {
					t.Fatalf("%q is no day", s)
				}
				days = append(days, day)
			}
			var want []int
			for s := range strings.FieldsSeq(c.want) {
				day, _ := calendar.ParseDay(s + "-01")
				want = append(want, day.MonthIndex())
			}
			if got := fact.CompetenceMonths(days); !slices.Equal(got, want) {
				t.Errorf("months %v, want %v", got, want)
			}
		})
	}
}

// A payment moves by at most one month, only over the edge, and whatever the
// order of payments is.
func TestCompetenceMonthsStayNear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := calendar.Of(2024, 1, 1)
		days := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) calendar.Day {
			return first + calendar.Day(rapid.IntRange(0, 400).Draw(t, "day"))
		}), 1, 20).Draw(t, "days")
		months := fact.CompetenceMonths(days)
		order := rapid.Permutation(indices(len(days))).Draw(t, "order")
		shuffled := make([]calendar.Day, len(days))
		for i, at := range order {
			shuffled[i] = days[at]
		}
		again := fact.CompetenceMonths(shuffled)
		for i, at := range order {
			if again[i] != months[at] {
				t.Fatalf("payment of %s moves with the order", days[at])
			}
		}
		for i, day := range days {
			_, _, date := day.Date()
			switch moved := months[i] - day.MonthIndex(); {
			case moved == 0:
			case moved == 1 && date >= 25:
			case moved == -1 && date <= 5:
			default:
				t.Fatalf("payment of %s moves by %d months", day, moved)
			}
		}
	})
}

func indices(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}
