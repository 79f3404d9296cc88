package fact

import (
	"cmp"
	"slices"

	"github.com/openklaas/klaas/internal/bets"
	"github.com/openklaas/klaas/internal/ledger"
)

// BettingOperator is a counterparty of stakes.
type BettingOperator struct {
	Name     string // of a licensed operator its company; else the text of the newest stake
	CNPJ     string // of the counterparty, else of the licensed operator; "" when there is none
	Licensed bool   // by its CNPJ, or by the company, brand or domain in a text
	Stakes   Traces
}

// Operators returns the counterparties of the stakes of a range of days: the largest
// sum first, then by name. Stakes that name nobody are of one.
func (f *Facts) Operators(b *Betting, r Range) []BettingOperator {
	var list []BettingOperator
	place := make(map[Stream]int)
	for _, t := range b.Out.In(r) {
		who, _ := f.Stream(t.Item.Index)
		at, known := place[who]
		if !known {
			at = len(list)
			place[who] = at
			list = append(list, BettingOperator{})
		}
		list[at].Stakes = append(list[at].Stakes, t)
	}
	for i := range list {
		list[i].identify(f.Ledger)
	}
	slices.SortFunc(list, func(x, y BettingOperator) int {
		return cmp.Or(
			cmp.Compare(y.Stakes.Sum().Amount, x.Stakes.Sum().Amount), cmp.Compare(x.Name, y.Name),
			cmp.Compare(x.CNPJ, y.CNPJ), cmp.Compare(len(y.Stakes), len(x.Stakes)),
		)
	})
	return list
}

// identify finds the name and the CNPJ. Of stakes at one moment the order of the
// document does not matter.
func (o *BettingOperator) identify(l *ledger.Ledger) {
	newest := make([]*ledger.Movement, len(o.Stakes))
	for i, t := range o.Stakes {
		newest[i] = &l.Movements[t.Item.Index]
	}
	slices.SortStableFunc(newest, func(x, y *ledger.Movement) int {
		return cmp.Or(
			cmp.Compare(y.Day, x.Day), cmp.Compare(y.Instant, x.Instant),
			cmp.Compare(x.SentName(), y.SentName()), cmp.Compare(x.PartieTaxID(), y.PartieTaxID()),
		)
	})
	o.Name = newest[0].SentName()
	var licensed *bets.Operator
	asked := make(map[string]bool) // texts: most stakes have the same one
	for _, m := range newest {
		id := bareTaxID(m.PartieTaxID())
		if len(id) != cnpjLength {
			id = ""
		}
		o.CNPJ = cmp.Or(o.CNPJ, id)
		if licensed == nil {
			licensed = bets.ByCNPJ(id)
		}
		if licensed == nil && !asked[m.Text] {
			asked[m.Text] = true
			licensed = bets.Named(m.Text)
		}
	}
	if licensed != nil {
		o.Name, o.CNPJ, o.Licensed = licensed.Company, cmp.Or(o.CNPJ, licensed.CNPJ), true
	}
}
