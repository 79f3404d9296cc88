package clean

import (
	"strconv"

	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/text"
)

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
	if charges > text.MaxInstalments {
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
	if err != nil || n < 0 || n > text.MaxInstalments {
		return 0
	}
	return n
}

// writtenMark reads the mark in a line's text. Two digits each at its end may be a
// day and a month: near the line's own day they are, unless the line says that it
// is paid over time.
func writtenMark(m *ledger.Movement) (mark, bool) {
	told, ok := text.FindInstalment(m.Text)
	if !ok || !told.Word && m.Line.PaymentType == "A_VISTA" {
		return mark{}, false
	}
	if told.Dated && m.Line.PaymentType != "A_PRAZO" && m.Written.IsNear(int(told.Number), int(told.Count), maxWrittenDate) {
		return mark{}, false
	}
	return mark{told.Number, told.Count, true}, true
}

// maxWrittenDate is how many days a date in a line's text may lie from its day.
const maxWrittenDate = 10

func wordStarts(s string, at int) bool {
	return at == 0 || !isLetterOrDigit(s[at-1])
}

func isLetterOrDigit(c byte) bool { return 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' }
