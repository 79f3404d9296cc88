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

// parseMoment reads YYYY-MM-DD, or a date-time as RFC 3339 writes it, with or
// without seconds, fraction and zone; without zone it is UTC, as Open Finance
// says. A time of exactly 00:00:00Z is how institutions without a time send a
// bare date: it is no time, and the written date stands.
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
	if c := s[dateLength]; c != 'T' && c != 't' && c != ' ' {
		return moment{}, false
	}
	millis, rest, ok := parseClock(s[dateLength+1:])
	if !ok {
		return moment{}, false
	}
	offset, ok := parseZone(rest)
	if !ok {
		return moment{}, false
	}
	if millis == 0 && offset == 0 {
		return moment{written: day}, true
	}
	millis += int64(day)*millisPerDay - offset
	return moment{written: day, millis: millis, timed: true}, true
}

const dateLength = len("2006-01-02")

const (
	millisPerMinute = 60_000
	millisPerHour   = 60 * millisPerMinute
	millisPerDay    = 24 * millisPerHour
)

// parseClock reads HH:MM, HH:MM:SS or HH:MM:SS.fff… and returns what follows.
// Digits past the millisecond are cut off; a leap second is the second after it.
func parseClock(s string) (millis int64, rest string, ok bool) {
	h, okH := pair(s, 0, 23)
	m, okM := pair(s, 3, 59)
	if !okH || !okM || s[2] != ':' {
		return 0, "", false
	}
	millis, s = h*millisPerHour+m*millisPerMinute, s[5:]
	if s == "" || s[0] != ':' {
		return millis, s, true
	}
	sec, okS := pair(s, 1, 60)
	if !okS {
		return 0, "", false
	}
	millis, s = millis+sec*1000, s[3:]
	if s == "" || (s[0] != '.' && s[0] != ',') {
		return millis, s, true
	}
	i, unit := 1, int64(100)
	for ; i < len(s) && '0' <= s[i] && s[i] <= '9'; i++ {
		millis += int64(s[i]-'0') * unit
		unit /= 10
	}
	return millis, s[i:], i > 1
}

// parseZone reads nothing, Z, ±HH, ±HHMM or ±HH:MM as an offset from UTC.
func parseZone(s string) (millis int64, ok bool) {
	if s == "" || s == "Z" || s == "z" {
		return 0, true
	}
	if s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	h, okH := pair(s, 1, 23)
	if !okH {
		return 0, false
	}
	m, okM := int64(0), true
	switch len(s) {
	case 3:
	case 5:
		m, okM = pair(s, 3, 59)
	case 6:
		m, okM = pair(s, 4, 59)
		okM = okM && s[3] == ':'
	default:
		okM = false
	}
	millis = h*millisPerHour + m*millisPerMinute
	if s[0] == '-' {
		millis = -millis
	}
	return millis, okM
}

// pair reads two digits at s[at:], at most most.
func pair(s string, at int, most int64) (n int64, ok bool) {
	if len(s) < at+2 {
		return 0, false
	}
	a, b := s[at]-'0', s[at+1]-'0'
	n = int64(a)*10 + int64(b)
	return n, a <= 9 && b <= 9 && n <= most
}
