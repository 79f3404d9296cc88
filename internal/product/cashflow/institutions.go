package cashflow

import (
	"fmt"

	"github.com/openklaas/klaas/internal/fact"
)

var institutionWindows = [...]int{30, 90, 180}

var institutionSums = [...]struct {
	key   string
	class fact.Class
}{
	{"cashInflow", fact.CashInflow},
	{"cashOutflow", fact.CashOutflow},
	{"realInflow", fact.RealInflow},
	{"realOutflow", fact.RealOutflow},
}

// held are the flows of one institution.
type held struct {
	windows [len(institutionWindows)]shares
	entries []*fact.Flow // newest first
}

// shares are the flows of one institution in one window.
type shares struct {
	sums    [len(institutionSums)]fact.Sum
	entries int
}

// institutions writes the flows by institution, which add up to the summary.
func (b *body) institutions() {
	l := b.facts.Ledger
	var list []int32
	for i := range l.Institutions {
		if b.facts.HasCheckingAt(b.company, i) {
			list = append(list, int32(i))
		}
	}
	flows := b.byInstitution()
	b.List("byInstitution", len(list), func(i int) {
		at := list[i]
		b.Field("companyCnpj", l.Institutions[at].CNPJ)
		b.Field("brandName", l.Institutions[at].BrandName)
		b.available(at)
		for w, n := range institutionWindows {
			b.institutionWindow(&flows[at], n, &flows[at].windows[w])
		}
	})
}

// byInstitution parts the flows by institution and adds them up, in one pass.
func (b *body) byInstitution() []held {
	all := make([]held, len(b.facts.Ledger.Institutions))
	for i := range b.flows.Entries {
		e := &b.flows.Entries[i]
		all[e.Institution].entries = append(all[e.Institution].entries, e)
		for w, n := range institutionWindows {
			if int(e.Age) >= n {
				continue
			}
			s := &all[e.Institution].windows[w]
			s.entries++
			for k := range institutionSums {
				if c := institutionSums[k].class; e.Classes.Has(c) {
					s.sums[k] = s.sums[k].Add(e.In(c), 1)
				}
			}
		}
	}
	return all
}

func (b *body) institutionWindow(h *held, n int, s *shares) {
	suffix := fmt.Sprintf("Last%dDays", n)
	for k := range institutionSums {
		c := institutionSums[k].class
		b.Money(institutionSums[k].key+suffix, s.sums[k].Amount, h.last(n, func(e *fact.Flow) (fact.Item, bool) {
			return fact.Item{Index: e.Movement, Amount: e.In(c)}, e.Classes.Has(c)
		}))
	}
	b.Count("transactionCount"+suffix, s.entries, h.last(n, func(e *fact.Flow) (fact.Item, bool) {
		return fact.Item{Index: e.Movement, Amount: e.Amount}, true
	}))
}

// last lists the entries of the last n days that item takes. A person may have
// thousands of institutions: none looks at the entries of another.
func (h *held) last(n int, item func(*fact.Flow) (fact.Item, bool)) fact.Evidence {
	return func(yield func(fact.Item) bool) {
		for _, e := range h.entries {
			if int(e.Age) >= n {
				return
			}
			if i, ok := item(e); ok && !yield(i) {
				return
			}
		}
	}
}

func (b *body) available(institution int32) {
	const key = "availableAmount"
	a := b.facts.BalanceAt(b.company, institution)
	if !a.Known {
		b.Null(key)
		return
	}
	b.Money(key, a.Amount, a.Behind)
	if !a.IsReliable {
		b.Unreliable(key)
	}
}
