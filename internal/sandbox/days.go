package sandbox

import (
	"time"

	"github.com/openklaas/klaas/internal/calendar"
)

// fixedHolidays are the national bank holidays with a fixed date (CMN Resolution
// 4.880/2020), as month and day.
var fixedHolidays = [...][2]int{{1, 1}, {4, 21}, {5, 1}, {9, 7}, {10, 12}, {11, 2}, {11, 15}, {12, 25}}

// firstConsciousnessDay is the first year in which 20 November is a national
// holiday (Lei 14.759/2023).
const firstConsciousnessDay = 2024

// isHoliday reports whether a day is a national bank holiday.
func isHoliday(d calendar.Day) bool {
	year, month, dom := d.Date()
	for _, h := range fixedHolidays {
		if int(month) == h[0] && dom == h[1] {
			return true
		}
	}
	if month == time.November && dom == 20 && year >= firstConsciousnessDay {
		return true
	}
	switch d - easter(year) {
	case -48, -47, -2, 60: // Carnival, Good Friday, Corpus Christi
		return true
	}
	return false
}

// easter returns Easter Sunday of the Gregorian calendar.
func easter(y int) calendar.Day {
	a, b, c := y%19, y/100, y%100
	d, e, f := b/4, b%4, (b+8)/25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return calendar.Of(y, time.Month(n/31), n%31+1)
}

func weekday(d calendar.Day) time.Weekday {
	return time.Weekday((int(d)%7 + 7 + int(time.Thursday)) % 7) // Day 0 was a Thursday.
}

// isBusinessDay reports whether banks work on a day.
func isBusinessDay(d calendar.Day) bool {
	w := weekday(d)
	return w != time.Saturday && w != time.Sunday && !isHoliday(d)
}

// businessDayFrom returns the day itself or the next business day.
func businessDayFrom(d calendar.Day) calendar.Day {
	for !isBusinessDay(d) {
		d++
	}
	return d
}

// businessDayUpTo returns the day itself or the business day before.
func businessDayUpTo(d calendar.Day) calendar.Day {
	for !isBusinessDay(d) {
		d--
	}
	return d
}

// monthStart returns the first day of the month with this index.
func monthStart(month int) calendar.Day {
	return calendar.Of(month/12, time.Month(month%12+1), 1)
}

// dayOfMonth returns a day of a month, its last one where the month is shorter.
func dayOfMonth(month, dom int) calendar.Day {
	return min(monthStart(month)+calendar.Day(dom)-1, monthStart(month+1)-1)
}

// nthBusinessDay returns the n-th business day of a month, from its end when n
// is negative.
func nthBusinessDay(month, n int) calendar.Day {
	if n < 0 {
		d := businessDayUpTo(monthStart(month+1) - 1)
		for ; n < -1; n++ {
			d = businessDayUpTo(d - 1)
		}
		return d
	}
	d := businessDayFrom(monthStart(month))
	for ; n > 1; n-- {
		d = businessDayFrom(d + 1)
	}
	return d
}

// monthName returns a month as YYYY-MM.
func monthName(month int) string { return monthStart(month).String()[:7] }
