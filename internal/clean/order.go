package clean

import (
	"cmp"
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
)

// putNewestFirst lists the counted movements of each account in the order in
// which reports print them.
func putNewestFirst(l *ledger.Ledger, _ Options) {
	var s sorter
	for i := range l.Accounts {
		a := &l.Accounts[i]
		newest := make([]int32, 0, a.End-a.First)
		for at := a.First; at < a.End; at++ {
			if l.Movements[at].Standing == ledger.Counted {
				newest = append(newest, at)
			}
		}
		s.newestFirst(l, newest)
		a.Newest = newest
	}
}

// restrictHistory takes the entries of age ≥ HistoryDays out of what reports
// print. Future entries have a negative age and stay.
func restrictHistory(l *ledger.Ledger, o Options) {
	if o.HistoryDays <= 0 {
		return
	}
	for i := range l.Accounts {
		a := &l.Accounts[i]
		a.Newest = slices.DeleteFunc(a.Newest, func(at int32) bool {
			return int(l.Day-l.Movements[at].Day) >= o.HistoryDays
		})
	}
}

// sorter puts movements in printed order. It keeps its buffer.
type sorter struct {
	keys []orderKey
}

type orderKey struct {
	day     calendar.Day
	at      int32
	instant int64
	timed   bool
}

// newestFirst sorts indices into the ledger's movements: by day, newest first;
// inside a day those with a time by time, newest first, before those without;
// equal or missing times in reverse document order.
func (s *sorter) newestFirst(l *ledger.Ledger, list []int32) {
	s.keys = slices.Grow(s.keys[:0], len(list))
	for _, at := range list {
		m := &l.Movements[at]
		s.keys = append(s.keys, orderKey{day: m.Day, at: at, instant: m.Instant, timed: m.Timed})
	}
	slices.SortFunc(s.keys, newer)
	for i := range s.keys {
		list[i] = s.keys[i].at
	}
}

func newer(a, b orderKey) int {
	switch {
	case a.day != b.day:
		return cmp.Compare(b.day, a.day)
	case a.timed != b.timed:
		if a.timed {
			return -1
		}
		return 1
	case a.instant != b.instant:
		return cmp.Compare(b.instant, a.instant)
	}
	return cmp.Compare(b.at, a.at)
}
