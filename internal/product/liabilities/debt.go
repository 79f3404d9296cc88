package liabilities

import (
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/taxonomy"
)

// contracts writes what open contracts owe. Of an older day their number alone is
// known.
func (b *body) contracts() {
	const key = "contracts"
	c := b.facts.ContractSummary(b.company)
	if !c.Present {
		b.Null(key)
		return
	}
	b.Object(key, func() {
		b.Optional("contractCount", spec.Counted, c.Count)
		for _, owed := range []struct {
			key    string
			figure fact.Figure
		}{
			{"outstandingBalance", c.Owed},
			{"monthlyInstalments", c.Monthly},
			{"pastDueContracts", c.PastDueContracts},
			{"pastDueInstalments", c.PastDueInstalments},
		} {
			b.Optional(owed.key, spec.Added, owed.figure)
			if c.NotAsOf {
				b.NotAsOf(owed.key)
			}
		}
	})
}

func (b *body) debt() {
	d := b.facts.Debt(b.company)
	b.Optional("cardDebt", spec.Computed, d.CardDebt)
	b.Optional("debtCommitment", spec.Computed, d.DebtCommitment)
	b.Optional("livingCommitment", spec.Computed, d.LivingCommitment)
	b.Optional("monthlyCommitment", spec.Computed, d.MonthlyCommitment)
	b.count("monthsUsed", d.Months, b.flows.OldestEntry())
	b.Object("recurringExpenses", b.recurring)
	b.Ratio("debtToIncomeRatio", d.DebtToIncome, d.DebtToIncomeBehind)
	b.Optional("repaymentCapacity", spec.Computed, d.RepaymentCapacity)
}

// recurring writes what is paid again and again, on accounts and cards.
func (b *body) recurring() {
	var r fact.RecurringExpenses
	if b.known {
		r = b.facts.RecurringExpenses(b.company)
	}
	labels := b.facts.Labels(b.Input.Settings.CompanyTree)
	b.Optional("averageMonthly", spec.Computed, r.Average)
	b.count("monthsUsed", r.Months, b.flows.OldestEntry())
	b.List("streams", len(r.Streams), func(i int) {
		s := &r.Streams[i]
		newest := &b.facts.Ledger.Movements[s.Newest]
		category, _ := taxonomy.Lookup(labels[s.Newest].Code)
		b.Field("name", newest.Name)
		b.Field("category", category.Level2.PT)
		b.Optional("averageMonthly", spec.Computed, s.Average)
		b.Days("monthsPresent", s.MonthsPresent, s.Present)
		b.Field("lastDate", newest.Day.String())
	})
}
