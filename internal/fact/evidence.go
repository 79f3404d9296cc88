package fact

import (
	"cmp"
	"iter"
	"slices"
	"strconv"

	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
)

// Item is one thing of the ledger that a figure rests on.
type Item struct {
	Kind  ItemKind
	Index int32 // into the list of the kind; of a BillItem the card
	Bill  int32 // of a BillItem: into the card's closed bills
	// Amount is what the item adds to an additive figure: an account of which half
	// counts adds half, a payment that came back in part adds the rest.
	Amount money.Amount
}

// ItemKind says which list of the ledger an item is in.
type ItemKind uint8

// The kinds.
const (
	MovementItem ItemKind = iota // Ledger.Movements
	AccountItem                  // Ledger.Accounts
	CardItem                     // Ledger.Cards
	BillItem                     // Ledger.Cards, Card.Closed
	ContractItem                 // Ledger.Contracts
	HoldingItem                  // Ledger.Holdings
)

// Evidence lists the items behind a figure: accounts, cards and contracts first,
// then movements, newest first. It is no list but the choice that made the figure,
// made again when somebody asks: a person has a thousand figures over the same
// movements. nil is the evidence of nothing.
type Evidence iter.Seq[Item]

// ID returns the id of an item as reports write it.
func (i *Item) ID(f *Facts) string {
	l := f.Ledger
	switch i.Kind {
	case AccountItem:
		return "account:" + orPlace(l.Accounts[i.Index].Source.AccountID, i.Index)
	case CardItem:
		return "card:" + orPlace(l.Cards[i.Index].Source.CreditCardAccountID, i.Index)
	case BillItem:
		return "bill:" + billID(&l.Cards[i.Index], &l.Cards[i.Index].Closed[i.Bill])
	case ContractItem:
		return "contract:" + l.Contracts[i.Index].ID()
	case HoldingItem:
		return "holding:" + l.Holdings[i.Index].Source.InvestmentID
	}
	return l.Movements[i.Index].ID
}

// orPlace returns an id, for an account or card that was sent without one its place
// in the document, from 1: so two of them are two.
func orPlace(id string, index int32) string {
	if id != "" {
		return id
	}
	return "#" + strconv.Itoa(int(index)+1)
}

// billID returns the id of a bill, for one without the card's with the due day.
func billID(c *ledger.Card, b *ledger.Bill) string {
	if b.Source.BillID != "" {
		return b.Source.BillID
	}
	return c.Source.CreditCardAccountID + ":" + b.DueDay.String()
}

// Join lists the items of several evidences one after the other.
func Join(parts ...Evidence) Evidence {
	return func(yield func(Item) bool) {
		for _, part := range parts {
			if part == nil {
				continue
			}
			for item := range part {
				if !yield(item) {
					return
				}
			}
		}
	}
}

// Union lists the items of several evidences in the order of one: a movement that is
// in several of them once.
func (f *Facts) Union(parts ...Evidence) Evidence {
	return func(yield func(Item) bool) {
		var items []Item
		Join(parts...)(func(i Item) bool { items = append(items, i); return true })
		slices.SortStableFunc(items, func(x, y Item) int {
			if x.Kind != MovementItem || y.Kind != MovementItem {
				return cmp.Compare(fromMovement(x), fromMovement(y))
			}
			return byAge(f.Ledger, x.Index, y.Index)
		})
		for i := range items {
			if m := &items[i]; i > 0 && m.Kind == MovementItem && m.Index == items[i-1].Index && items[i-1].Kind == MovementItem {
				continue
			}
			if !yield(items[i]) {
				return
			}
		}
	}
}

// WithMonths returns evidence and the oldest entry of the checking accounts, which
// tells how many full months a figure is over where no count of them stands beside it.
func (f *Facts) WithMonths(company bool, behind Evidence) Evidence {
	return f.Union(behind, f.Flows(company).OldestEntry())
}

// fromMovement is 1 for a movement, which stands behind all else.
func fromMovement(i Item) int {
	if i.Kind == MovementItem {
		return 1
	}
	return 0
}
