package financialinsights

import (
	"fmt"
	"slices"

	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/product/spec"
)

// firstWindows are those of the first versions; the others came with V2.
var firstWindows = []int{30, 60, 90, 180}

// windows calls write for every window that the version has, with the key of the
// figure.
func (b *body) windows(figure string, write func(key string, n int)) {
	for _, n := range fact.Windows {
		if b.v2 || slices.Contains(firstWindows, n) {
			write(fmt.Sprintf("%sLast%dDays", figure, n), n)
		}
	}
}

func (b *body) cashflow() {
	b.balance("checkingAccountBalance", b.facts.CheckingBalance(b.company), b.Optional)
	b.balance("savingsAccountBalance", b.facts.SavingsBalance(b.company), b.orNull)
	b.windows("avgDailyBalance", b.averageBalance)
	b.windows("inflow", func(key string, n int) { b.sum(key, fact.CashInflow, n) })
	b.windows("outflow", b.outflow)
	if !b.v2 {
		return
	}
	b.windows("realInflow", func(key string, n int) { b.sum(key, fact.RealInflow, n) })
	b.windows("realOutflow", func(key string, n int) { b.sum(key, fact.RealOutflow, n) })
	b.windows("negativeBalanceDays", b.negativeDays)
	b.speed()
	b.cover()
}

// balance writes what accounts hold; write decides what is written for what cannot
// be known.
func (b *body) balance(key string, a fact.Balance, write func(string, spec.FigureKind, fact.Figure)) {
	write(key, spec.Added, a.Figure)
	if a.Known && !a.IsReliable {
		b.Unreliable(key)
	}
}

func (b *body) averageBalance(key string, n int) {
	a := b.facts.CoveredAverage(b.company, n)
	b.orNull(key, spec.Computed, a.Figure)
	if a.Known && !a.IsReliable {
		b.Unreliable(key)
	}
}

func (b *body) sum(key string, c fact.Class, n int) {
	if !b.known {
		b.Unknown(key)
		return
	}
	b.Money(key, b.flows.Last(c, n).Amount, b.flows.Behind(c, b.flows.LastDays(n)))
}

// outflow writes what went out as a negative number.
func (b *body) outflow(key string, n int) {
	if !b.known {
		b.Unknown(key)
		return
	}
	b.Money(key, -b.flows.Last(fact.CashOutflow, n).Amount, b.flows.Where(b.flows.LastDays(n), func(e *fact.Flow) (fact.Item, bool) {
		return fact.Item{Index: e.Movement, Amount: e.Signed()}, e.Classes.Has(fact.CashOutflow)
	}))
}

func (b *body) negativeDays(key string, n int) {
	balances := b.facts.DailyBalances(b.company)
	days := balances.Covered(b.flows.LastDays(n))
	negative, known := balances.NegativeDays(days)
	if !known {
		b.Null(key)
		return
	}
	b.Days(key, negative, b.facts.BalanceBehind(b.company, days))
	if !balances.Invested.IsReliable(days.First) {
		b.Unreliable(key)
	}
}

// speed writes how fast a salary is spent. A company has none.
func (b *body) speed() {
	if b.company {
		return
	}
	s := b.facts.HoursToSpendIncome(false)
	b.orNull("hoursToSpendIncome", spec.Computed, fact.Figure{Known: s.Known, Amount: s.Hours, Behind: s.Behind})
}

// cover writes how many months the balances last, and the full months behind it.
func (b *body) cover() {
	const key = "monthsOfCover"
	c := b.facts.Cover(b.company)
	b.Ratio(key, c.Months, c.Behind)
	if c.Months.Known && !c.IsReliable {
		b.Unreliable(key)
	}
	if !b.known {
		b.Null("monthsUsed")
		return
	}
	b.Days("monthsUsed", b.flows.FullMonths(fact.CoverMonths), b.flows.OldestEntry())
}
