package clean

import (
	"time"

	"github.com/openklaas/klaas/internal/calendar"
)

// moment is a written date or date-time.
type moment struct {
	written calendar.Day // the date as it is written
	millis  int64        // Unix milliseconds; 0 unless timed
	timed   bool         // it has a time of day
}

// day returns the day in São Paulo.
func (m moment) day() calendar.Day {
	if m.timed {
		return calendar.SaoPaulo(time.UnixMilli(m.millis))
	}
	return m.written
}

// parseMoment reads YYYY-MM-DD, or a date-time as RFC 3339 writes it. A time of
// exactly 00:00:00Z is how institutions without a time send a bare date: it is no
// time, and the written date stands.
func parseMoment(s string) (moment, bool) {
	if len(s) < dateLength {
		return moment{}, false
	}
	day, ok := calendar.ParseDay(s[:dateLength])
	if !ok {
		return moment{}, false
	}
	if len(s) == dateLength {
		return moment{written: day}, true
	}
	millis, zone, ok := parseClock(s[dateLength:])
	if !ok {
		return moment{}, false
	}
	offset, ok := parseZone(zone)
	if !ok {
		return moment{}, false
	}
	if millis == 0 && offset == 0 {
		return moment{written: day}, true
	}
	millis += int64(day)*millisPerDay - offset
	return moment{written: day, millis: millis, timed: true}, true
}

const (
	dateLength  = len("2006-01-02")
	clockLength = len("T15:04:05")

	millisPerMinute = 60_000
	millisPerHour   = 60 * millisPerMinute
	millisPerDay    = 24 * millisPerHour
)

// parseClock reads THH:MM:SS with or without a fraction and returns what
// follows. Digits past the millisecond are cut off; a leap second is the second
// after it.
func parseClock(s string) (millis int64, rest string, ok bool) {
	if len(s) < clockLength || s[0] != 'T' || s[3] != ':' || s[6] != ':' {
		return 0, "", false
	}
	h, okH := pair(s[1:], 23)
	m, okM := pair(s[4:], 59)
	sec, okS := pair(s[7:], 60)
	if !okH || !okM || !okS {
		return 0, "", false
	}
	millis, s = h*millisPerHour+m*millisPerMinute+sec*1000, s[clockLength:]
	if s == "" || s[0] != '.' {
		return millis, s, true
	}
	i, unit := 1, int64(100)
	for ; i < len(s) && '0' <= s[i] && s[i] <= '9'; i++ {
		millis += int64(s[i]-'0') * unit
		unit /= 10
	}
	return millis, s[i:], i > 1
}

// parseZone reads Z or ±HH:MM as an offset from UTC.
func parseZone(s string) (millis int64, ok bool) {
	if s == "Z" {
		return 0, true
	}
	if len(s) != len("-03:00") || (s[0] != '+' && s[0] != '-') || s[3] != ':' {
		return 0, false
	}
	h, okH := pair(s[1:], 23)
	m, okM := pair(s[4:], 59)
	millis = h*millisPerHour + m*millisPerMinute
	if s[0] == '-' {
		millis = -millis
	}
	return millis, okH && okM
}

// pair reads the two digits that s begins with, at most most.
func pair(s string, most int64) (n int64, ok bool) {
	a, b := s[0]-'0', s[1]-'0'
	n = int64(a)*10 + int64(b)
	return n, a <= 9 && b <= 9 && n <= most
}
