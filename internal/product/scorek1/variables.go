package scorek1

import (
	"slices"

	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/scorecard"
)

// input is what one variable is for a person.
type input struct {
	value    scorecard.Value
	whole    bool // a number that is a count
	reliable bool // it uses no balance older than a broken check point
	monthly  bool // it is over full months, and which they are is not behind it
	behind   fact.Evidence
}

// variables are the inputs of a score in the order of their codes.
type variables [scorecard.Count]input

func (v *variables) values() *[scorecard.Count]scorecard.Value {
	var list [scorecard.Count]scorecard.Value
	for i := range v {
		list[i] = v[i].value
	}
	return &list
}

// reliable reports whether no input uses balances older than a broken check point.
func (v *variables) reliable() bool {
	return !slices.ContainsFunc(v[:], func(in input) bool { return in.value.Known && !in.reliable })
}

// Windows of the variables.
const (
	halfYear         = 180 // days
	overdraftMonths  = 6
	newCreditDays    = 90
	volatilityMonths = 12
)

// inputs returns the variables of a person. What is not known is no input.
func inputs(f *fact.Facts) variables {
	flows, risks := f.Flows(false), f.Risks(false)
	income := f.MonthlyIncome()
	months, monthsBehind := f.IncomeMonths(volatilityMonths)
	debt, cover, negative, betting := f.Debt(false), f.AverageCover(false), f.NegativeDays(false, halfYear), f.Betting(false, true)
	recent := flows.LastDays(halfYear)
	days, year := flows.LastDays(newCreditDays), flows.LastMonths(overdraftMonths)
	loans, inflow := flows.Last(fact.LoanInflow, newCreditDays), flows.Last(fact.CashInflow, newCreditDays)
	return variables{
		monthly(amount(income.Figure)),                                                              // R01
		text(income.Basis, income.Behind),                                                           // R02
		monthly(ratio(fact.Volatility(months), monthsBehind)),                                       // R03
		monthly(ratio(debt.DebtToIncome, debt.DebtToIncomeBehind)),                                  // R04
		monthly(unsure(ratio(cover.Months, cover.Behind), cover.IsReliable)),                        // R05
		unsure(ratio(negative.Share, negative.Behind), negative.IsReliable),                         // R06
		count(risks.OverdraftInterest.In(year).Months(), risks.OverdraftInterest.In(year).Behind()), // R07
		count(len(risks.ReturnedCheques.In(recent)), risks.ReturnedCheques.In(recent).Behind()),     // R08
		lateBills(f, recent), // R09
		pastDue(f),           // R10
		count(len(risks.Renegotiation.In(recent)), risks.Renegotiation.In(recent).Behind()),    // R11
		text(betting.Level.String(), bettingBehind(betting)),                                   // R12
		count(flows.Coverage.Days, flows.OldestEntry()),                                        // R13
		ratio(fact.Quotient(loans.Amount, inflow.Amount), flows.Behind(fact.CashInflow, days)), // R14
	}
}

func amount(f fact.Figure) input {
	return input{value: scorecard.Value{Known: f.Known, Number: f.Amount}, reliable: true, behind: f.Behind}
}

func ratio(r fact.Ratio, behind fact.Evidence) input {
	return input{value: scorecard.Value{Known: r.Known, Number: r.Value}, reliable: true, behind: behind}
}

func unsure(in input, reliable bool) input {
	in.reliable = reliable
	return in
}

func monthly(in input) input {
	in.monthly = true
	return in
}

func count(n int, behind fact.Evidence) input {
	return input{value: scorecard.Value{Known: true, Number: money.Amount(n) * money.Scale}, whole: true, reliable: true, behind: behind}
}

// unknownText is what a text variable says that has no input.
const unknownText = "UNKNOWN"

func text(value string, behind fact.Evidence) input {
	return input{value: scorecard.Value{Known: value != unknownText, Text: value}, reliable: true, behind: behind}
}

// lateBills counts the late bills with a due day in a range; without a card there is
// no input. Where none is late the cards are behind it.
func lateBills(f *fact.Facts, days fact.Range) input {
	var cards []fact.Item
	for i := range f.Ledger.Cards {
		if !f.Ledger.Cards[i].Company {
			cards = append(cards, fact.Item{Kind: fact.CardItem, Index: int32(i)})
		}
	}
	if len(cards) == 0 {
		return input{}
	}
	var late []fact.Item
	for _, b := range f.Bills(false) {
		if b.Late && days.First <= b.DueDay && b.DueDay <= days.Last {
			late = append(late, b.Item(0))
		}
	}
	if len(late) == 0 {
		return count(0, items(cards))
	}
	return count(len(late), items(late))
}

// pastDue counts the instalments past due of open contracts; without one there is no
// input.
func pastDue(f *fact.Facts) input {
	s := f.ContractSummary(false)
	if !s.Count.Known || s.Count.Amount == 0 || !s.PastDueInstalments.Known {
		return input{}
	}
	in := amount(s.PastDueInstalments)
	in.whole, in.behind = true, s.Count.Behind
	return in
}

func bettingBehind(b *fact.Betting) fact.Evidence {
	return fact.Join(b.PerMonth.Behind, b.ShareBehind, b.CreditBehind)
}

func items(list []fact.Item) fact.Evidence { return fact.Evidence(slices.Values(list)) }

// checking lists the checking accounts, which are behind figures that tell of an
// absence.
func checking(f *fact.Facts) fact.Evidence {
	return func(yield func(fact.Item) bool) {
		for i := range f.Ledger.Accounts {
			a := &f.Ledger.Accounts[i]
			if a.Kind.IsChecking() && !a.Company && a.Share != ledger.ShareNone && !yield(fact.Item{Kind: fact.AccountItem, Index: int32(i)}) {
				return
			}
		}
	}
}

// orAccounts is the evidence of points: what is behind the value, in order and each
// item once; where nothing is, as of an absence, the checking accounts.
func orAccounts(f *fact.Facts, behind fact.Evidence) fact.Evidence {
	return func(yield func(fact.Item) bool) {
		list := once(f, behind)
		if len(list) == 0 {
			list = once(f, checking(f))
		}
		items(list)(yield)
	}
}

// behind is the evidence of the score: that of all its inputs.
func (v *variables) behind(f *fact.Facts) fact.Evidence {
	return func(yield func(fact.Item) bool) {
		all := []fact.Evidence{checking(f)}
		for i := range v {
			if v[i].value.Known {
				all = append(all, v[i].behind)
			}
		}
		items(once(f, fact.Join(all...)))(yield)
	}
}

// once returns the items of evidence in its order, each once: movements newest first,
// behind all else.
func once(f *fact.Facts, behind fact.Evidence) []fact.Item {
	if behind == nil {
		return nil
	}
	var others, movements []fact.Item
	seen := make([]bool, len(f.Ledger.Movements))
	for item := range behind {
		item.Amount = 0 // Nothing adds up here.
		switch {
		case item.Kind != fact.MovementItem:
			if !slices.Contains(others, item) {
				others = append(others, item)
			}
		case !seen[item.Index]:
			seen[item.Index] = true
			movements = append(movements, item)
		}
	}
	slices.SortFunc(movements, func(x, y fact.Item) int {
		if f.Ledger.Newer(x.Index, y.Index) {
			return -1
		}
		return 1
	})
	return append(others, movements...)
}

// everything is the evidence of the confidence: what tells which variables have
// input, and every entry of the checking accounts.
func everything(f *fact.Facts) fact.Evidence {
	flows := f.Flows(false)
	entries := flows.Where(flows.Whole(), func(e *fact.Flow) (fact.Item, bool) { return fact.Item{Index: e.Movement}, true })
	var held []fact.Item
	for i := range f.Ledger.Cards {
		if !f.Ledger.Cards[i].Company {
			held = append(held, fact.Item{Kind: fact.CardItem, Index: int32(i)})
		}
	}
	return fact.Join(checking(f), items(held), f.ContractSummary(false).Count.Behind, entries)
}
