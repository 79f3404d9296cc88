// Package calendar holds civil days as Brazil counts them.
//
// A [Day] is a date without time or zone. [ParseDay] reads a written date,
// [SaoPaulo] turns an instant into the day it fell on in America/Sao_Paulo. The
// zone's history (summer time until 2019) is embedded in the program.
package calendar

import (
	"time"
	_ "time/tzdata" // The zone must be known on machines without zone files.
)

// Day is a civil date, counted in days since 1970-01-01.
type Day int32

// None is the value for "no day". It is before every real day.
const None Day = -1 << 31

// Of returns the day with the given year, month and day of month, which must be a real date.
func Of(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDay reads YYYY-MM-DD and reports whether it is a real date of the years 1 to 9999.
func ParseDay(s string) (Day, bool) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return None, false
	}
	y, okY := digits(s[0:4])
	m, okM := digits(s[5:7])
	d, okD := digits(s[8:10])
	if !okY || !okM || !okD || y < 1 || m < 1 || m > 12 || d < 1 || d > DaysIn(y, time.Month(m)) {
		return None, false
	}
	return fromCivil(y, m, d), true
}

func digits(s string) (int, bool) {
	n := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// fromCivil is Howard Hinnant's days_from_civil.
func fromCivil(y, m, d int) Day {
	if m <= 2 {
		y--
		m += 12
	}
	era := y / 400
	yoe := y - era*400
	doy := (153*(m-3)+2)/5 + d - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return Day(era*146097 + doe - 719468)
}

// DaysIn returns the number of days of a month.
func DaysIn(year int, month time.Month) int {
	switch month {
	case time.April, time.June, time.September, time.November:
		return 30
	case time.February:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

var saoPaulo = func() *time.Location {
	zone, err := time.LoadLocation("America/Sao_Paulo")
	if err != nil {
		panic("calendar: the embedded zone data lacks America/Sao_Paulo: " + err.Error())
	}
	return zone
}()

// SaoPaulo returns the day of an instant in America/Sao_Paulo.
func SaoPaulo(t time.Time) Day {
	y, m, d := t.In(saoPaulo).Date()
	return fromCivil(y, int(m), d)
}

// Date returns year, month and day of month.
func (d Day) Date() (year int, month time.Month, day int) {
	// Howard Hinnant's civil_from_days.
	z := int(d) + 719468
	era := z / 146097
	if z < 0 {
		era = (z - 146096) / 146097
	}
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	day = doy - (153*mp+2)/5 + 1
	m := mp + 3
	year = yoe + era*400
	if m > 12 {
		m -= 12
		year++
	}
	return year, time.Month(m), day
}

// AddMonths returns the same day of month n months later, or the last day where the month is shorter.
func (d Day) AddMonths(n int) Day {
	y, m, day := d.Date()
	total := y*12 + int(m) - 1 + n
	y, m = total/12, time.Month(total%12+1)
	return fromCivil(y, int(m), min(day, DaysIn(y, m)))
}

// MonthIndex counts calendar months since year 0: equal for two days of one month.
func (d Day) MonthIndex() int {
	y, m, _ := d.Date()
	return y*12 + int(m) - 1
}

// IsNear reports whether a day of month and a month, as texts tell dates without
// their year, are a date at most days from d.
func (d Day) IsNear(dayOfMonth, month, days int) bool {
	if d == None || month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > 31 {
		return false
	}
	_, m, day := d.Date()
	apart := (month-int(m))*30 + dayOfMonth - day
	if apart > 180 {
		apart -= 365
	}
	if apart < -180 {
		apart += 365
	}
	return apart <= days && -apart <= days
}

// WholeMonths returns the whole months from a to b (a not after b): the
// difference in (year, month), minus 1 when b's day of month is the smaller.
func WholeMonths(a, b Day) int {
	_, _, da := a.Date()
	_, _, db := b.Date()
	n := b.MonthIndex() - a.MonthIndex()
	if db < da {
		n--
	}
	return n
}

// Append appends the day as YYYY-MM-DD.
func (d Day) Append(dst []byte) []byte {
	y, m, day := d.Date()
	return append(dst,
		byte('0'+y/1000%10), byte('0'+y/100%10), byte('0'+y/10%10), byte('0'+y%10), '-',
		byte('0'+int(m)/10), byte('0'+int(m)%10), '-',
		byte('0'+day/10), byte('0'+day%10))
}

// String returns the day as YYYY-MM-DD, and "" for [None].
func (d Day) String() string {
	if d == None {
		return ""
	}
	return string(d.Append(nil))
}
