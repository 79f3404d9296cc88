package openfinance

import (
	"strings"
	"time"

	"github.com/openklaas/klaas/internal/calendar"
)

// instantOf returns a date-time whose date is known to be real in the form of
// RFC 3339. It is as sent wherever it has that form; a blank for the T, small
// letters, an offset without colon and a missing offset (UTC) are mended.
func instantOf(s string) (string, bool) {
	const upToSeconds = len("2006-01-02T15:04:05")
	if len(s) < upToSeconds || !clock(s[11:upToSeconds]) {
		return "", false
	}
	mended := s[10] != 'T'
	if mended && s[10] != 't' && s[10] != ' ' {
		return "", false
	}
	end := upToSeconds
	if end < len(s) && s[end] == '.' {
		end++
		first := end
		for end < len(s) && s[end] >= '0' && s[end] <= '9' {
			end++
		}
		if end == first || end-first > 9 {
			return "", false
		}
	}
	offset := s[end:]
	switch {
	case offset == "Z":
	case offset == "" || offset == "z":
		offset, mended = "Z", true
	case len(offset) == 5 && strings.IndexByte("+-", offset[0]) >= 0 && digits(offset[1:]):
		offset, mended = offset[:3]+":"+offset[3:], true
	}
	if offset != "Z" && !zone(offset) {
		return "", false
	}
	if !mended {
		return s, true
	}
	return s[:10] + "T" + s[11:end] + offset, true
}

// clock reports whether s is a time of day, hh:mm:ss.
func clock(s string) bool {
	return s[2] == ':' && s[5] == ':' &&
		digits(s[0:2]) && digits(s[3:5]) && digits(s[6:8]) &&
		s[0:2] < "24" && s[3:5] < "60" && s[6:8] < "60"
}

// zone reports whether s is an offset, ±hh:mm.
func zone(s string) bool {
	return len(s) == 6 && strings.IndexByte("+-", s[0]) >= 0 && s[3] == ':' &&
		digits(s[1:3]) && digits(s[4:6]) && s[1:3] < "24" && s[4:6] < "60"
}

// dayOf returns the day of a time that [instantOf] returned.
func dayOf(instant string) string {
	rest := instant[len("2006-01-02T"):]
	if strings.Trim(rest, "0.:") == "Z" {
		return instant[:10]
	}
	at, err := time.Parse(time.RFC3339, instant)
	if err != nil {
		return instant[:10]
	}
	return calendar.SaoPaulo(at).String()
}
