package calendar

import "time"

// Easter returns Easter Sunday of a year of the Gregorian calendar.
func Easter(year int) Day {
	// The anonymous Gregorian algorithm.
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	f := (b + 8) / 25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return fromCivil(year, n/31, n%31+1)
}

// Days from Easter to the national bank holidays that move with it.
const (
	carnivalMonday  = -48
	carnivalTuesday = -47
	goodFriday      = -2
	corpusChristi   = 60
)

// consciousnessYear is the first year in which 20 November is a holiday
// everywhere (Lei 14.759/2023).
const consciousnessYear = 2024

// IsBankHoliday reports whether a day is a national bank holiday (CMN Resolution
// 4.880/2020). Holidays of states and cities do not count; one that falls on a
// weekend is not moved.
func (d Day) IsBankHoliday() bool {
	year, month, day := d.Date()
	switch month {
	case time.January:
		return day == 1
	case time.February, time.March, time.June:
		return isMovable(d - Easter(year))
	case time.April:
		return day == 21 || isMovable(d-Easter(year))
	case time.May:
		return day == 1 || isMovable(d-Easter(year))
	case time.September:
		return day == 7
	case time.October:
		return day == 12
	case time.November:
		return day == 2 || day == 15 || day == 20 && year >= consciousnessYear
	case time.December:
		return day == 25
	}
	return false
}

func isMovable(fromEaster Day) bool {
	switch fromEaster {
	case carnivalMonday, carnivalTuesday, goodFriday, corpusChristi:
		return true
	}
	return false
}

// Weekday returns the day of the week.
func (d Day) Weekday() time.Weekday {
	// 1970-01-01 was a Thursday.
	return time.Weekday(((int(d)+int(time.Thursday))%7 + 7) % 7)
}

// IsBusinessDay reports whether banks settle on the day: no weekend and no
// national bank holiday.
func (d Day) IsBusinessDay() bool {
	switch d.Weekday() {
	case time.Saturday, time.Sunday:
		return false
	}
	return !d.IsBankHoliday()
}

// BusinessDay returns the first business day on or after d.
func (d Day) BusinessDay() Day {
	for !d.IsBusinessDay() {
		d++
	}
	return d
}

// AddBusinessDays returns the n-th business day after d, or before it where n is
// negative; d itself for 0.
func (d Day) AddBusinessDays(n int) Day {
	step := Day(1)
	if n < 0 {
		step, n = -1, -n
	}
	for n > 0 {
		d += step
		if d.IsBusinessDay() {
			n--
		}
	}
	return d
}
