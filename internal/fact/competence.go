package fact

import "github.com/openklaas/klaas/internal/calendar"

// CompetenceMonths returns the month that each payment of one payer and kind is
// meant for, as [calendar.Day.MonthIndex] counts months: wages fall on the last
// days of a month in one year and on the first of the next in another, as
// weekends move them.
//
// A stream with at least as many payments on days 1–7 as on days 25–31 is low:
// its payment on day 25 or later belongs to the following month when that month
// has no payment on days 1–10. Any other is high: its payment on day 5 or before
// belongs to the month before when that has none on days 21–31. All others
// belong to their calendar month.
func CompetenceMonths(days []calendar.Day) []int {
	type part struct {
		month int
		early bool // days 1–10, else 21–31
	}
	paid := make(map[part]bool)
	early, late := 0, 0
	for _, day := range days {
		month, date := day.MonthIndex(), dayOfMonth(day)
		switch {
		case date <= 10:
			paid[part{month, true}] = true
		case date >= 21:
			paid[part{month, false}] = true
		}
		switch {
		case date <= 7:
			early++
		case date >= 25:
			late++
		}
	}
	low := early >= late
	months := make([]int, len(days))
	for i, day := range days {
		month, date := day.MonthIndex(), dayOfMonth(day)
		switch {
		case low && date >= 25 && !paid[part{month + 1, true}]:
			month++
		case !low && date <= 5 && !paid[part{month - 1, false}]:
			month--
		}
		months[i] = month
	}
	return months
}

func dayOfMonth(day calendar.Day) int {
	_, _, date := day.Date()
	return date
}
