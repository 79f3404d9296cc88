package clean

import (
	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/openfinance"
)

// maxAge is the age in days up to which the newest movement needs no warning.
const maxAge = 90

// freshness warns when the reporting day does not fit the data: when the newest
// effective movement is older than 90 days, so that the windows of reports are
// empty, or when a replay leaves no movement at all. Card lines count by the day
// they were written, not the day an instalment is billed.
func freshness(l *ledger.Ledger) []openfinance.Problem {
	newest, later := calendar.None, false
	for i := range l.Movements {
		m := &l.Movements[i]
		switch {
		case m.Standing == ledger.AfterDay:
			later = true
		case m.Standing == ledger.Counted && m.Phase == ledger.Effective:
			newest = max(newest, m.Written)
		}
	}
	switch {
	case newest == calendar.None && later:
		return referenceDate("lies before every movement of the document, so nothing is left to report on: send a later day, or leave it out")
	case newest != calendar.None && int(l.Day-newest) > maxAge:
		return referenceDate("the newest movement is more than 90 days older than the reporting day, so figures of the last days are empty: send referenceDate with the day the data was collected")
	}
	return nil
}

func referenceDate(message string) []openfinance.Problem {
	return []openfinance.Problem{{Path: "referenceDate", Message: message, Severity: openfinance.Warning}}
}
