package calendar_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/calendar"
)

// The movable holidays of the national bank calendar, as published.
const movable = `
2020 2020-04-12 02-24 02-25 04-10 06-11
2021 2021-04-04 02-15 02-16 04-02 06-03
2022 2022-04-17 02-28 03-01 04-15 06-16
2023 2023-04-09 02-20 02-21 04-07 06-08
2024 2024-03-31 02-12 02-13 03-29 05-30
2025 2025-04-20 03-03 03-04 04-18 06-19
2026 2026-04-05 02-16 02-17 04-03 06-04
2027 2027-03-28 02-08 02-09 03-26 05-27
2028 2028-04-16 02-28 02-29 04-14 06-15
2029 2029-04-01 02-12 02-13 03-30 05-31
2030 2030-04-21 03-04 03-05 04-19 06-20`

func TestBankHolidaysOfEveryYear(t *testing.T) {
	for row := range strings.Lines(strings.TrimSpace(movable)) {
		words := strings.Fields(row)
		year := words[0]
		easter, _ := calendar.ParseDay(words[1])
		y, _, _ := easter.Date()
		if got := calendar.Easter(y); got != easter {
			t.Errorf("Easter of %s is %s, want %s", year, got, easter)
		}
		want := append([]string{"01-01", "04-21", "05-01", "09-07", "10-12", "11-02", "11-15", "12-25"}, words[2:]...)
		if y >= 2024 {
			want = append(want, "11-20")
		}
		slices.Sort(want)
		want = slices.Compact(want)
		var got []string
		for d := calendar.Of(y, time.January, 1); d < calendar.Of(y+1, time.January, 1); d++ {
			if d.IsBankHoliday() {
				got = append(got, strings.TrimPrefix(d.String(), year+"-"))
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("holidays of %s: %v, want %v", year, got, want)
		}
	}
}

func TestBusinessDays(t *testing.T) {
	for _, c := range []struct {
		day, onOrAfter, next, before string
	}{
		{"2025-03-01", "2025-03-05", "2025-03-05", "2025-02-28"}, // Saturday before carnival; Ash Wednesday is one
		{"2025-04-17", "2025-04-17", "2025-04-22", "2025-04-16"}, // Good Friday, Easter, Tiradentes
		{"2023-11-20", "2023-11-20", "2023-11-21", "2023-11-17"}, // no holiday yet
		{"2024-11-20", "2024-11-21", "2024-11-21", "2024-11-19"},
		{"2025-12-24", "2025-12-24", "2025-12-26", "2025-12-23"},
		{"2025-12-31", "2025-12-31", "2026-01-02", "2025-12-30"},
	} {
		day, ok := calendar.ParseDay(c.day)
		if !ok {
			t.Fatalf("%s is no day", c.day)
		}
		got := []string{day.BusinessDay().String(), day.AddBusinessDays(1).String(), day.AddBusinessDays(-1).String()}
		if want := []string{c.onOrAfter, c.next, c.before}; !slices.Equal(got, want) {
			t.Errorf("%s: on or after, next, before are %v, want %v", c.day, got, want)
		}
	}
}

func TestWeekdayAgreesWithTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := calendar.Day(rapid.IntRange(-700_000, 2_900_000).Draw(t, "day"))
		y, m, day := d.Date()
		if got, want := d.Weekday(), time.Date(y, m, day, 0, 0, 0, 0, time.UTC).Weekday(); got != want {
			t.Fatalf("%s is a %s, want %s", d, got, want)
		}
	})
}

func TestBusinessDaysThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := calendar.Day(rapid.IntRange(15_000, 30_000).Draw(t, "day")).BusinessDay()
		n := rapid.IntRange(0, 40).Draw(t, "n")
		if back := d.AddBusinessDays(n).AddBusinessDays(-n); back != d {
			t.Fatalf("%s + %d − %d business days is %s", d, n, n, back)
		}
	})
}
