package accuracy

import (
	"fmt"
	"slices"

	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/sandbox"
)

// mostOf reports whether a part is at least four in five of a whole.
func mostOf(part, whole int) bool { return 5*part >= 4*whole }

// groups compares the recurring groups with the series of the truth. A group is right
// when most of its rows belong to series of its rhythm and of one kind: banks write
// the wages of several people alike. A series is found when one right group has most
// of its rows. Most is four in five. Of series that the truth leaves open nothing is
// asked.
func (m *factsMeasure) groups(facts *fact.Facts) {
	truth := &m.subject.Truth
	seriesOf := make(map[int]int) // by real movement
	for i := range truth.Series {
		for _, real := range truth.Series[i].Reals {
			seriesOf[real] = i
		}
	}
	found := make([]bool, len(truth.Series))
	for _, company := range []bool{false, true} {
		for _, g := range facts.RecurringGroups(company) {
			rows, kinds := make(map[int]int), make(map[string]int) // by series and by kind
			most, open := 0, 0
			for _, at := range g.Movements {
				i, ok := seriesOf[truth.Rows[at].Real]
				if !ok || truth.Series[i].Rhythm != g.Pace.Rhythm.String() {
					continue
				}
				s := &truth.Series[i]
				rows[i]++
				kinds[s.Kind]++
				most = max(most, kinds[s.Kind])
				if s.Open {
					open++
				}
			}
			right := mostOf(most, len(g.Movements))
			for i, n := range rows {
				found[i] = found[i] || right && mostOf(n, len(truth.Series[i].Reals))
			}
			if right && mostOf(open, len(g.Movements)) {
				continue
			}
			m.ask(groupsRight, right, func() (path, said, want string) {
				newest := g.Movements[0]
				return truth.Rows[newest].Path, fmt.Sprintf("%d × %s: %s", g.Count, g.Pace.Rhythm, m.book.Movements[newest].Text), "no such"
			})
		}
	}
	for i := range truth.Series {
		if s := &truth.Series[i]; !s.Open {
			m.ask(seriesFound, found[i], func() (path, said, want string) {
				path, texts := m.told(s)
				return path, "no such", fmt.Sprintf("%d × %s, %s: %q", len(s.Reals), s.Rhythm, s.Kind, texts)
			})
		}
	}
}

// told returns the place of the first row of a series, and its texts.
func (m *factsMeasure) told(s *sandbox.Series) (path string, texts []string) {
	for i := range m.subject.Truth.Rows {
		row := &m.subject.Truth.Rows[i]
		if row.Standing != sandbox.StandingCounted || !slices.Contains(s.Reals, row.Real) {
			continue
		}
		if path == "" {
			path = row.Path
		}
		if text := m.book.Movements[i].Text; !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return path, texts
}
