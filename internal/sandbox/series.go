package sandbox

import (
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
)

// series is what repeats by a plan with one counterparty.
type series struct {
	kind, rhythm string
	rows         []*movement
}

// The rhythms of a [Series].
const (
	Weekly  = "WEEKLY"
	Monthly = "MONTHLY"
	Yearly  = "YEARLY"
)

// newSeries begins a series; nil, which takes any movement and tells nothing, when
// there is no rhythm.
func (l *life) newSeries(kind, rhythm string) *series {
	if rhythm == "" {
		return nil
	}
	s := &series{kind: kind, rhythm: rhythm}
	l.series = append(l.series, s)
	return s
}

func (s *series) add(m *movement) {
	if s != nil {
		s.rows = append(s.rows, m)
	}
}

// rhythm returns how often something happens; "" when at random, or at times of a
// year that are not its only ones.
func (w when) rhythm() string {
	switch {
	case w.Weekday > 0:
		return Weekly
	case w.Business == 0 && len(w.Day) == 0:
		return ""
	case len(w.Months) == 1:
		return Yearly
	}
	return Monthly
}

// keeps are what it takes to keep a rhythm: so many days, and so many days from one
// to the next in the middle of all.
var keeps = map[string]struct{ days, least, most int }{
	Weekly:  {3, 6, 8},
	Monthly: {3, 26, 35},
	Yearly:  {2, 350, 380},
}

// truth returns the series as the document tells it.
func (s *series) truth(r *reckoning) Series {
	t := Series{Kind: s.kind, Rhythm: s.rhythm, Open: true}
	var days []calendar.Day
	for _, m := range s.rows {
		undone := m.role == RoleReversed && r.reversed(m) >= -m.cents
		if r.real(m) > 0 && m.phase == effective && !undone {
			t.Reals = append(t.Reals, m.real)
			days = append(days, m.day)
		}
	}
	slices.Sort(days)
	days = slices.Compact(days)
	keep := keeps[s.rhythm]
	if len(days) < keep.days {
		return t
	}
	gaps := make([]int, len(days)-1)
	for i := range gaps {
		gaps[i] = int(days[i+1] - days[i])
	}
	slices.Sort(gaps)
	twice := gaps[(len(gaps)-1)/2] + gaps[len(gaps)/2]
	t.Open = twice < 2*keep.least || twice > 2*keep.most
	return t
}
