package holding

import (
	"slices"
	"strings"
	"time"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/openfinance"
)

// positions returns the positions newest first; of one time in document order.
func positions(list []openfinance.InvestmentBalance) []*openfinance.InvestmentBalance {
	newest := make([]*openfinance.InvestmentBalance, len(list))
	for i := range list {
		newest[i] = &list[i]
	}
	slices.SortStableFunc(newest, func(a, b *openfinance.InvestmentBalance) int {
		return moment(b).Compare(moment(a))
	})
	return newest
}

// NewestPosition returns the position that was taken last, of several the first in
// document order; nil for none.
func NewestPosition(list []openfinance.InvestmentBalance) *openfinance.InvestmentBalance {
	if newest := positions(list); len(newest) > 0 {
		return newest[0]
	}
	return nil
}

// moment is when a position was taken: at the start of a day where no time is
// known, before all others where nothing is.
func moment(b *openfinance.InvestmentBalance) time.Time {
	at, err := time.Parse(time.RFC3339, instant(b))
	if err != nil {
		return time.Time{}
	}
	return at
}

// noTime is how institutions without a time write a bare date as a time.
const noTime = "T00:00:00Z"

// instant is the date-time of a position, from a bare date that of its midnight;
// "" when unknown.
func instant(b *openfinance.InvestmentBalance) string {
	if b.ReferenceDateTime == "" && b.ReferenceDate != "" {
		return b.ReferenceDate + noTime
	}
	return b.ReferenceDateTime
}

// day is the day of a position, from a date-time that in São Paulo, and as it is
// written where the time is no time; "" when unknown.
func day(b *openfinance.InvestmentBalance) string {
	if b.ReferenceDate != "" || b.ReferenceDateTime == "" {
		return b.ReferenceDate
	}
	written, clock, _ := strings.Cut(b.ReferenceDateTime, "T")
	at, err := time.Parse(time.RFC3339, b.ReferenceDateTime)
	if err != nil || strings.Trim(clock, "0:.") == "Z" {
		return written
	}
	return calendar.SaoPaulo(at).String()
}
