package calendar_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/calendar"
)

func TestDaysAgreeWithPackageTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int32Range(-719162, 2932896).Draw(t, "day") // years 1 to 9999
		day := calendar.Day(n)
		want := time.Unix(int64(n)*86400, 0).UTC()
		if got := day.String(); got != want.Format(time.DateOnly) {
			t.Fatalf("day %d is %s, want %s", n, got, want.Format(time.DateOnly))
		}
		back, ok := calendar.ParseDay(day.String())
		if !ok || back != day {
			t.Fatalf("%s read back as %d, %v", day, back, ok)
		}
		if got := calendar.Of(want.Date()); got != day {
			t.Fatalf("Of(%s) = %d", want, got)
		}
	})
}

func TestOnlyRealDatesAreDays(t *testing.T) {
	for _, text := range []string{"", "2021-02-30", "2021-02-29", "2021-13-01", "2021-00-10", "2021-1-1", "0000-01-01", "2021/01/01", "2021-01-01T00:00:00Z", "20a1-01-01"} {
		if day, ok := calendar.ParseDay(text); ok || day != calendar.None {
			t.Errorf("ParseDay(%q) = %d, %v", text, day, ok)
		}
	}
	if _, ok := calendar.ParseDay("2024-02-29"); !ok {
		t.Error("29 February of a leap year is a day")
	}
}

func TestSaoPauloKnowsSummerTime(t *testing.T) {
	for instant, want := range map[string]string{
		"2021-05-01T02:59:59Z": "2021-04-30", // UTC−3
		"2021-05-01T03:00:00Z": "2021-05-01",
		"2019-01-01T01:59:59Z": "2018-12-31", // summer time, UTC−2
		"2019-01-01T02:00:00Z": "2019-01-01",
	} {
		at, err := time.Parse(time.RFC3339, instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := calendar.SaoPaulo(at).String(); got != want {
			t.Errorf("%s falls on %s, want %s", instant, got, want)
		}
	}
}

func TestMonths(t *testing.T) {
	day := func(s string) calendar.Day {
		d, ok := calendar.ParseDay(s)
		if !ok {
			t.Fatalf("%s is no date", s)
		}
		return d
	}
	for _, c := range []struct {
		from string
		n    int
		want string
	}{{"2021-01-31", 1, "2021-02-28"}, {"2020-01-31", 1, "2020-02-29"}, {"2021-12-15", 1, "2022-01-15"}, {"2021-03-31", -1, "2021-02-28"}} {
		if got := day(c.from).AddMonths(c.n).String(); got != c.want {
			t.Errorf("%s and %d months is %s, want %s", c.from, c.n, got, c.want)
		}
	}
	for _, c := range []struct {
		a, b string
		want int
	}{{"2021-01-05", "2021-03-04", 1}, {"2021-01-05", "2021-03-05", 2}, {"2021-01-05", "2021-01-31", 0}, {"2020-12-31", "2021-01-30", 0}} {
		if got := calendar.WholeMonths(day(c.a), day(c.b)); got != c.want {
			t.Errorf("whole months from %s to %s: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestIsNear(t *testing.T) {
	day, _ := calendar.ParseDay("2026-01-03")
	tests := []struct {
		dayOfMonth, month int
		near              bool
	}{{3, 1, true}, {28, 12, true}, {13, 1, true}, {14, 1, false}, {3, 10, false}, {3, 13, false}, {0, 1, false}}
	for _, test := range tests {
		if day.IsNear(test.dayOfMonth, test.month, 10) != test.near {
			t.Errorf("%02d/%02d: not %v", test.dayOfMonth, test.month, test.near)
		}
	}
	if calendar.None.IsNear(1, 1, 10) {
		t.Error("no day is near a date")
	}
}
