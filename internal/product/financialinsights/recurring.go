package financialinsights

import (
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/taxonomy"
)

// averaged is how many of the newest occurrences the average of a group has.
const averaged = 6

var directions = [...]string{ledger.Credit: "CREDITO", ledger.Debit: "DEBITO"}

// recurring writes the groups of payments that keep a rhythm and have not stopped.
func (b *body) recurring() {
	groups := slices.Clone(b.facts.RecurringGroups(b.company))
	groups = slices.DeleteFunc(groups, func(g fact.RecurringGroup) bool { return g.Pace.StoppedOn != calendar.None })
	labels := b.facts.Labels(b.Input.Settings.CompanyTree)
	b.List("recurring", len(groups), func(i int) {
		g := &groups[i]
		newest := &b.facts.Ledger.Movements[g.Movements[0]]
		category, _ := taxonomy.Lookup(labels[g.Movements[0]].Code)
		all := b.movements(g.Movements)
		b.Field("name", newest.SentName())
		b.Field("cnpjCpf", b.Input.Seal(newest.PartieTaxID()))
		b.Field("category", category.Level2.PT)
		b.Field("direction", directions[g.Direction])
		b.Field("rhythm", g.Pace.Rhythm.String())
		b.Ratio("regularity", g.Pace.Regularity, all)
		b.Figure("averageAmount", g.Average, b.movements(b.newest(g.Movements)))
		b.Days("occurrences", g.Count, all)
		b.Field("lastDate", newest.Day.String())
		b.Field("nextExpectedDate", g.Pace.Next.String())
	})
}

// newest returns the movements of the occurrences that the average has. Movements of
// one day are one occurrence.
func (b *body) newest(movements []int32) []int32 {
	occurrences, day := 0, calendar.None
	for i, at := range movements {
		if d := b.facts.Ledger.Movements[at].Day; d != day {
			if occurrences++; occurrences > averaged {
				return movements[:i]
			}
			day = d
		}
	}
	return movements
}

func (b *body) movements(list []int32) fact.Evidence {
	return func(yield func(fact.Item) bool) {
		for _, at := range list {
			if !yield(fact.Item{Index: at}) {
				return
			}
		}
	}
}
