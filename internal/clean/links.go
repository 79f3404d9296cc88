package clean

import (
	"cmp"
	"slices"

	"github.com/openklaas/klaas/internal/ledger"
)

// addLinks adds links to the ledger and puts all in their order: by kind, then
// From, then To.
func addLinks(l *ledger.Ledger, links []ledger.Link) {
	if len(links) == 0 {
		return
	}
	l.Links = append(l.Links, links...)
	slices.SortStableFunc(l.Links, func(a, b ledger.Link) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
}

// exists reports whether a movement takes part in roles: it counts, it is
// effective, it is in BRL, and it is written up to the reporting day.
func exists(l *ledger.Ledger, m *ledger.Movement) bool {
	return m.Standing == ledger.Counted && m.Phase == ledger.Effective && !m.Foreign && m.Written <= l.Day
}

// free reports whether a movement exists and has no role yet: a step never takes
// away a role that an earlier one gave.
func free(l *ledger.Ledger, m *ledger.Movement) bool {
	return m.Role == ledger.RoleNone && exists(l, m)
}

func setRole(m *ledger.Movement, role ledger.Role, reason string) {
	m.Role, m.RoleReason = role, reason
}
