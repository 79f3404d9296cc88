package fact

import (
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/openfinance"
)

// Overdraft is what the checking accounts may be overdrawn by, and are, as received:
// nothing tells what it was on an older day. A figure is unknown when no account has
// it.
type Overdraft struct {
	Contracted Figure // overdraftContractedLimit
	Used       Figure // overdraftUsedLimit
	Unarranged Figure // unarrangedOverdraftAmount
}

// Overdraft returns the sums over the checking accounts of the person or company.
func (f *Facts) Overdraft(company bool) Overdraft {
	return f.overdraftOf(f.holding(func(a *ledger.Account) bool { return countsChecking(a, company) }))
}

// AccountOverdraft is the same of one account.
func (f *Facts) AccountOverdraft(account int32) Overdraft { return f.overdraftOf([]int32{account}) }

func (f *Facts) overdraftOf(accounts []int32) Overdraft {
	return Overdraft{
		Contracted: f.overdraftSum(accounts, func(o *openfinance.OverdraftLimits) openfinance.Money { return o.Contracted }),
		Used:       f.overdraftSum(accounts, func(o *openfinance.OverdraftLimits) openfinance.Money { return o.Used }),
		Unarranged: f.overdraftSum(accounts, func(o *openfinance.OverdraftLimits) openfinance.Money { return o.Unarranged }),
	}
}

// InUse returns Used ÷ Contracted, and the accounts behind it. It is unknown when one
// of them is, or nothing is contracted.
func (o *Overdraft) InUse() (Ratio, Evidence) {
	if !o.Contracted.Known || !o.Used.Known {
		return Ratio{}, nil
	}
	return Quotient(o.Used.Amount, o.Contracted.Amount), func(yield func(Item) bool) {
		listed := make(map[int32]bool)
		for item := range Join(o.Contracted.Behind, o.Used.Behind) {
			if !listed[item.Index] && !yield(item) {
				return
			}
			listed[item.Index] = true
		}
	}
}

func (f *Facts) overdraftSum(accounts []int32, of func(*openfinance.OverdraftLimits) openfinance.Money) Figure {
	var sum Figure
	var items []Item
	for _, i := range accounts {
		a := &f.Ledger.Accounts[i]
		if a.Source.OverdraftLimits == nil {
			continue
		}
		if amount, known := statedReais(of(a.Source.OverdraftLimits)); known {
			amount = a.Share.Of(amount)
			sum.Known = true
			sum.Amount, _ = money.Add(sum.Amount, amount)
			items = append(items, Item{Kind: AccountItem, Index: i, Amount: amount})
		}
	}
	sum.Behind = listed(items)
	return sum
}

// statedReais returns an amount as received; known is false when it is absent,
// unreadable or in another currency.
func statedReais(m openfinance.Money) (a money.Amount, known bool) {
	a, err := money.Parse(m.Amount)
	return a, err == nil && inReais(m.Currency)
}
