package clean

import (
	"strconv"
	"strings"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
)

// maxInstalments is the most that Open Finance Brasil allows; a greater number
// is none.
const maxInstalments = 999

// mark says which instalment of how many a card line is.
type mark struct {
	number, count int32 // number is 0 where only the count is known
	text          bool  // the text alone tells it
}

// instalmentMark returns the mark of a card line: its chargeIdentificator and
// chargeNumber, else the text: PARC 03/10, PARCELA 3 DE 10, - Parcela 3/10, or
// 3/10 at the end, which must be no date. Without a count over 1 there is none.
func instalmentMark(m *ledger.Movement) (mark, bool) {
	charges := m.Line.ChargeNumber
	if charges > maxInstalments {
		return mark{}, false
	}
	if charges > 1 {
		number := instalmentNumber(m)
		if number == 0 {
			if told, ok := writtenMark(m); ok && told.count == charges {
				number = int(told.number)
			}
		}
		if number > int(charges) {
			return mark{}, false
		}
		return mark{number: int32(number), count: charges}, true
	}
	if charges == 1 {
		return mark{}, false
	}
	return writtenMark(m)
}

// instalmentNumber returns the chargeIdentificator, 0 when it is unknown.
func instalmentNumber(m *ledger.Movement) int {
	n, err := strconv.Atoi(m.Line.ChargeIdentificator)
	if err != nil || n < 0 || n > maxInstalments {
		return 0
	}
	return n
}

// writtenMark reads the mark in a line's text.
func writtenMark(m *ledger.Movement) (mark, bool) {
	if at := strings.Index(m.Text, "PARC"); at >= 0 {
		if told, ok := markAfterWord(m.Text[at+len("PARC"):]); ok && wordStarts(m.Text, at) {
			return told, true
		}
	}
	if strings.IndexByte(m.Text, '/') < 0 || m.Line.PaymentType == "A_VISTA" {
		return mark{}, false
	}
	return markAtEnd(m)
}

func wordStarts(s string, at int) bool {
	return at == 0 || !isLetterOrDigit(s[at-1])
}

func isLetterOrDigit(c byte) bool { return 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' }

// markAfterWord reads what follows PARC: ELA or ELAS, blanks and points, a
// number, a slash or DE, a number.
func markAfterWord(s string) (mark, bool) {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "ELA"), "S")
	number, s, ok := leadingNumber(strings.TrimLeft(s, " .:"))
	if !ok {
		return mark{}, false
	}
	s = strings.TrimLeft(s, " ")
	rest, slash := strings.CutPrefix(s, "/")
	if !slash {
		if rest, ok = strings.CutPrefix(s, "DE"); !ok {
			return mark{}, false
		}
	}
	count, _, ok := leadingNumber(strings.TrimLeft(rest, " "))
	return mark{number, count, true}, ok && isMark(number, count)
}

func isMark(number, count int32) bool {
	return number >= 1 && count >= 2 && number <= count && count <= maxInstalments
}

func leadingNumber(s string) (n int32, rest string, ok bool) {
	i := 0
	for i < len(s) && '0' <= s[i] && s[i] <= '9' {
		i++
	}
	if i == 0 || i > 3 {
		return 0, s, false
	}
	value, _ := strconv.Atoi(s[:i]) // three digits at most
	return int32(value), s[i:], true
}

// maxWrittenDate is how many days a date in a line's text may lie from its day.
const maxWrittenDate = 10

// markAtEnd reads n/m that ends the text, also in brackets. Two digits each may
// be a day and a month: near the line's own day they are, unless the line says
// that it is paid over time.
func markAtEnd(m *ledger.Movement) (mark, bool) {
	s := strings.TrimRight(m.Text, ") ")
	slash := strings.LastIndexByte(s, '/')
	if slash < 0 {
		return mark{}, false
	}
	count, rest, ok := leadingNumber(s[slash+1:])
	if !ok || rest != "" {
		return mark{}, false
	}
	start := slash
	for start > 0 && '0' <= s[start-1] && s[start-1] <= '9' {
		start--
	}
	number, _, ok := leadingNumber(s[start:slash])
	if !ok || start == 0 || s[start-1] == '/' || isLetterOrDigit(s[start-1]) || !isMark(number, count) {
		return mark{}, false
	}
	couldBeDate := slash-start == 2 && len(s)-slash-1 == 2
	if couldBeDate && m.Line.PaymentType != "A_PRAZO" && isNear(m.Written, int(number), int(count)) {
		return mark{}, false
	}
	return mark{number, count, true}, true
}

// isNear reports whether a day of month and a month are a date near a day.
func isNear(near calendar.Day, dayOfMonth, month int) bool {
	if month > 12 || dayOfMonth > 31 {
		return false
	}
	_, m, d := near.Date()
	apart := (month-int(m))*30 + dayOfMonth - d
	if apart > 180 {
		apart -= 365
	}
	if apart < -180 {
		apart += 365
	}
	return apart <= maxWrittenDate && -apart <= maxWrittenDate
}
