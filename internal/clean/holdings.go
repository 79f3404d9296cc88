package clean

import (
	"cmp"
	"slices"
	"strings"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/openfinance"
)

// listHoldings lists the investments of all sections, where they are held and
// whose they are, with their movements: each real one once, newest first. In a
// replay movements after D do not exist, nor do holdings with a purchase date
// after D. One without a purchase date (variable income, funds) stays, as its
// movements reach back a year only and cannot tell when it was first bought.
func listHoldings(l *ledger.Ledger, _ Options) {
	doc := l.Document
	h := newHolders(l)
	for kind, list := range [...][]openfinance.Investment{
		ledger.BankFixedIncome: doc.BankFixedIncomes, ledger.CreditFixedIncome: doc.CreditFixedIncomes,
		ledger.VariableIncome: doc.VariableIncomes, ledger.TreasureTitle: doc.TreasureTitles, ledger.Fund: doc.Funds,
	} {
		for i := range list {
			source := &list[i]
			if l.Replay && dayOfBill(source.PurchaseDate) > l.Day {
				continue
			}
			where := h.institution(source.CompanyCNPJ, "", source.BrandName)
			l.Institutions[where].Holdings = append(l.Institutions[where].Holdings, int32(len(l.Holdings)))
			l.Holdings = append(l.Holdings, ledger.Holding{
				Source: source, Kind: ledger.HoldingKind(kind),
				Institution: where, Company: h.company.holds(source.CompanyCNPJ, source.BrandName),
				Newest: newestDeals(l, source),
			})
		}
	}
}

// newestDeals returns the movements of a holding that exist at D. The dates are
// YYYY-MM-DD, so their texts sort as the days do.
func newestDeals(l *ledger.Ledger, source *openfinance.Investment) []*openfinance.InvestmentTransaction {
	deals := realDeals(source.Transactions, source.TransactionsCurrent)
	if l.Replay {
		deals = slices.DeleteFunc(deals, func(m *openfinance.InvestmentTransaction) bool { return dayOfBill(m.Date) > l.Day })
	}
	slices.Reverse(deals)
	slices.SortStableFunc(deals, func(a, b *openfinance.InvestmentTransaction) int { return strings.Compare(b.Date, a.Date) })
	return deals
}

// realDeals returns the movements of two lists in document order, by the first
// two rules for duplicates: of equal ids the first stays; of what that did not
// match, the n-th of the second list with equal day, direction, type and amount
// is the n-th of the first. Two equal movements of one list stay two.
func realDeals(history, current []openfinance.InvestmentTransaction) []*openfinance.InvestmentTransaction {
	if len(history)+len(current) == 0 {
		return nil
	}
	deals := make([]*openfinance.InvestmentTransaction, 0, len(history)+len(current))
	byID := make(map[string]int) // index into deals
	matched := make(map[int]bool)
	add := func(list []openfinance.InvestmentTransaction) {
		for i := range list {
			m := &list[i]
			if first, known := byID[m.TransactionID]; known && m.TransactionID != "" {
				matched[first] = true
				continue
			}
			byID[m.TransactionID] = len(deals)
			deals = append(deals, m)
		}
	}
	add(history)
	split := len(deals)
	add(current)
	twins := make(map[dealKey]int) // of the first list, not yet matched
	for i, m := range deals[:split] {
		if !matched[i] {
			twins[keyOfDeal(m)]++
		}
	}
	kept := deals[:split]
	for i, m := range deals[split:] {
		if key := keyOfDeal(m); !matched[split+i] && twins[key] > 0 {
			twins[key]--
			continue
		}
		kept = append(kept, m)
	}
	return kept
}

// dealKey is what two movements of a holding must share to be one.
type dealKey struct {
	day              calendar.Day
	direction, named string
	amount           money.Amount
}

func keyOfDeal(m *openfinance.InvestmentTransaction) dealKey {
	written := cmp.Or(m.Value.Amount, m.Gross.Amount, m.Net.Amount)
	amount, err := money.Parse(written)
	if err != nil {
		return dealKey{day: dayOfBill(m.Date), direction: m.Type, named: m.TransactionType + written}
	}
	return dealKey{day: dayOfBill(m.Date), direction: m.Type, named: m.TransactionType, amount: amount}
}
