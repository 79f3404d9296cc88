package cashflow

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/taxonomy"
)

// maxMonthsBefore is how many months before that of the reporting day are told.
const maxMonthsBefore = 12

// months writes the months from that of the oldest entry on, oldest first.
func (b *body) months() {
	n := 0
	if covered := &b.flows.Coverage; covered.Entries > 0 {
		n = 1 + min(maxMonthsBefore, b.month()-covered.First.MonthIndex())
	}
	b.List("months", n, func(i int) {
		before := n - 1 - i
		days := b.flows.MonthRange(before)
		b.Field("month", monthName(b.month()-before))
		b.Bool("isPartial", before == 0 || before > b.flows.Coverage.Months)
		b.balance("openingBalance", days.First-1)
		b.balance("closingBalance", days.Last)
		in, out := b.flows.Month(fact.CashInflow, before), b.flows.Month(fact.CashOutflow, before)
		b.sum("cashInflow", fact.CashInflow, in, days)
		b.sum("cashOutflow", fact.CashOutflow, out, days)
		b.sum("realInflow", fact.RealInflow, b.flows.Month(fact.RealInflow, before), days)
		b.sum("realOutflow", fact.RealOutflow, b.flows.Month(fact.RealOutflow, before), days)
		b.net("netCashFlow", in, out, days)
		b.groups(byCategory, days)
		b.groups(bySettlementType, days)
	})
}

func (b *body) month() int { return b.facts.Ledger.Day.MonthIndex() }

// monthName returns YYYY-MM of a month as calendar.Day.MonthIndex counts.
func monthName(index int) string { return fmt.Sprintf("%04d-%02d", index/12, index%12+1) }

// group is what the entries of a month are told by: a category of level 2, or a
// settlement type.
type group struct {
	category   uint32 // four digits
	settlement string
}

// row is one group of a month.
type row struct {
	group           group
	names           [2]string // category and subcategory, or the settlement type
	credits, debits fact.Sum
}

func (r *row) turnover() money.Amount { return r.credits.Add(r.debits.Amount, 0).Amount }

// grouping is one way to tell the entries of a month.
type grouping struct {
	key   string
	keys  []string // of the names
	of    func(fact.Label) group
	names func(fact.Label) [2]string
}

var byCategory = grouping{
	key:  "byCategory",
	keys: []string{"category", "subcategory"},
	of:   func(l fact.Label) group { return group{category: l.Code.Group()} },
	names: func(l fact.Label) [2]string {
		c, _ := taxonomy.Lookup(l.Code)
		return [2]string{c.Level1.PT, c.Level2.PT}
	},
}

var bySettlementType = grouping{
	key:   "bySettlementType",
	keys:  []string{"settlementType"},
	of:    func(l fact.Label) group { return group{settlement: l.Settlement} },
	names: func(l fact.Label) [2]string { return [2]string{l.Settlement} },
}

// groups writes the entries of a month by group: credits and debits, the largest
// turnover first, then by name.
func (b *body) groups(g grouping, days fact.Range) {
	labels := b.facts.Labels(b.Input.Settings.CompanyTree)
	var rows []row
	place := make(map[group]int)
	for e := range b.flows.In(days) {
		label := labels[e.Movement]
		at, known := place[g.of(label)]
		if !known {
			at = len(rows)
			place[g.of(label)] = at
			rows = append(rows, row{group: g.of(label), names: g.names(label)})
		}
		if e.Classes.Has(fact.CashInflow) {
			rows[at].credits = rows[at].credits.Add(e.Amount, 1)
		} else {
			rows[at].debits = rows[at].debits.Add(e.Amount, 1)
		}
	}
	slices.SortFunc(rows, func(x, y row) int {
		return cmp.Or(cmp.Compare(y.turnover(), x.turnover()), cmp.Compare(x.names[0], y.names[0]), cmp.Compare(x.names[1], y.names[1]))
	})
	b.List(g.key, len(rows), func(i int) {
		r := &rows[i]
		behind := func(classes ...fact.Class) fact.Evidence {
			return b.flows.Where(days, func(e *fact.Flow) (fact.Item, bool) {
				return fact.Item{Index: e.Movement, Amount: e.Amount}, e.Classes.HasAny(classes...) && g.of(labels[e.Movement]) == r.group
			})
		}
		for n, key := range g.keys {
			b.Field(key, r.names[n])
		}
		b.Money("creditAmount", r.credits.Amount, behind(fact.CashInflow))
		b.Money("debitAmount", r.debits.Amount, behind(fact.CashOutflow))
		b.Count("transactionCount", r.credits.Entries+r.debits.Entries, behind(fact.CashInflow, fact.CashOutflow))
	})
}
