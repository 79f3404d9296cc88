package clean

import (
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/openfinance"
)

// replay tells the collection day C and, when D was asked for and lies before C,
// shows the document as of D: entries and lines after D do not exist, pending
// and future entries are left out. Duplicates are told anew among what exists,
// so that no entry goes in favour of one that came after D. Balances of the
// chain stay: they were walked through the later entries. The later bills and
// payments are left out by assignBills.
func replay(l *ledger.Ledger, o Options) {
	l.Collected = collectionDay(l)
	l.Replay = o.Asked && l.Collected != calendar.None && l.Day < l.Collected
	if !l.Replay {
		return
	}
	for i := range l.Movements {
		m := &l.Movements[i]
		if m.Standing != ledger.BalanceLine && (m.Day > l.Day || m.Phase != ledger.Effective) {
			m.Standing, m.Original, m.StandingReason = ledger.AfterDay, -1, "after-day/replay"
		}
	}
	markDuplicates(l, o)
	putNewestFirst(l, o)
}

// paidUpTo returns the bill without its payments after a day.
func paidUpTo(b *openfinance.Bill, day calendar.Day) *openfinance.Bill {
	later := func(p openfinance.BillPayment) bool {
		paid, ok := parseMoment(p.PaymentDate)
		return ok && paid.day() > day
	}
	if !slices.ContainsFunc(b.Payments, later) {
		return b
	}
	cut := *b
	cut.Payments = slices.DeleteFunc(slices.Clone(b.Payments), later)
	return &cut
}
