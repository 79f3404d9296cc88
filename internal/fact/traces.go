package fact

import (
	"slices"
	"sort"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/taxonomy"
)

// Trace is a movement, or a closed bill, that tells of a risk.
type Trace struct {
	Item Item
	Day  calendar.Day // of a bill the due day
}

// Traces are traces of one kind, newest first.
type Traces []Trace

// In returns the traces of a range of days.
func (t Traces) In(r Range) Traces {
	first := sort.Search(len(t), func(i int) bool { return t[i].Day <= r.Last })
	end := sort.Search(len(t), func(i int) bool { return t[i].Day < r.First })
	return t[first:max(first, end)]
}

// Sum returns what the traces add up to, and their number.
func (t Traces) Sum() Sum {
	var s Sum
	for i := range t {
		s = s.Add(t[i].Item.Amount, 1)
	}
	return s
}

// Months returns in how many calendar months the traces lie.
func (t Traces) Months() int {
	n, last := 0, -1
	for i := range t {
		if month := t[i].Day.MonthIndex(); n == 0 || month != last {
			n, last = n+1, month
		}
	}
	return n
}

// Days returns on how many days the traces lie.
func (t Traces) Days() int {
	n, last := 0, calendar.None
	for i := range t {
		if n == 0 || t[i].Day != last {
			n, last = n+1, t[i].Day
		}
	}
	return n
}

// Behind returns the traces as evidence.
func (t Traces) Behind() Evidence {
	return func(yield func(Item) bool) {
		for i := range t {
			if !yield(t[i].Item) {
				return
			}
		}
	}
}

// TakenOff returns the traces as evidence that takes their amounts off.
func (t Traces) TakenOff() Evidence {
	return func(yield func(Item) bool) {
		for i := range t {
			item := t[i].Item
			item.Amount = -item.Amount
			if !yield(item) {
				return
			}
		}
	}
}

// Risks are the traces that a person or company leaves in the whole record. All
// but those of cards are of checking accounts; roles are not looked at.
type Risks struct {
	Bets              Traces // debits in 041201, checking and card
	Winnings          Traces // credits in 041201, checking
	Lottery           Traces // debits in 041202, checking and card
	OverdraftInterest Traces // debits in 050402 and 050403
	LateInterest      Traces // debits in 050404
	ReturnedCheques   Traces // 020902, both directions
	Renegotiation     Traces // debits in 050207
	Loans             Traces // loan inflow
	CourtFreezes      Traces // 0604, both directions
	Severance         Traces // credits in 010108
	Cash              Traces // ATM withdrawals and credits in 020801
	CreditCosts       Traces // loan inflow, and debits in 050402–050404 on checking or card
}

// The categories of the traces.
const (
	onlineBetting     taxonomy.Code = 41201
	lottery           taxonomy.Code = 41202
	overdraftInterest taxonomy.Code = 50402 // the first cost of credit: 050403 is of unarranged overdraft, lateCharge the last one
	returnedCheque    taxonomy.Code = 20902
	renegotiation     taxonomy.Code = 50207
	courtFreezeGroup                = 604
	cashDeposit       taxonomy.Code = 20801
)

// Risks returns the traces of the person or company.
func (f *Facts) Risks(company bool) *Risks {
	which := whose(company)
	if f.risks[which] == nil {
		f.risks[which] = f.newRisks(company)
	}
	return f.risks[which]
}

func (f *Facts) newRisks(company bool) *Risks {
	r, l := new(Risks), f.Ledger
	flows := f.Flows(company)
	for i := range flows.Entries {
		e := &flows.Entries[i]
		r.add(e, l.Movements[e.Movement].Decision.Code, Trace{Item{Index: e.Movement, Amount: e.Amount}, flows.dayOf(i)})
	}
	lines := f.CardLines(company)
	for i := range lines {
		if m := &l.Movements[lines[i].Movement]; m.Direction == ledger.Debit {
			r.addLine(m.Decision.Code, Trace{Item{Index: lines[i].Movement, Amount: lines[i].Amount}, m.Day})
		}
	}
	for _, t := range []Traces{r.Bets, r.Lottery, r.CreditCosts} {
		slices.SortFunc(t, func(x, y Trace) int { return byAge(l, x.Item.Index, y.Item.Index) })
	}
	return r
}

// add enters an entry of a checking account.
func (r *Risks) add(e *Flow, code taxonomy.Code, t Trace) {
	out := e.Classes.Has(CashOutflow)
	switch {
	case code == onlineBetting && out:
		r.Bets = append(r.Bets, t)
	case code == onlineBetting:
		r.Winnings = append(r.Winnings, t)
	case code == lottery && out:
		r.Lottery = append(r.Lottery, t)
	case code == returnedCheque:
		r.ReturnedCheques = append(r.ReturnedCheques, t)
	case code.Group() == courtFreezeGroup:
		r.CourtFreezes = append(r.CourtFreezes, t)
	case code == renegotiation && out:
		r.Renegotiation = append(r.Renegotiation, t)
	case code == severance && !out:
		r.Severance = append(r.Severance, t)
	case code == cashDeposit && !out, e.Classes.Has(ATMWithdrawal):
		r.Cash = append(r.Cash, t)
	case e.Classes.Has(LoanInflow):
		r.Loans = append(r.Loans, t)
		r.CreditCosts = append(r.CreditCosts, t)
	case overdraftInterest <= code && code <= lateCharge && out:
		r.CreditCosts = append(r.CreditCosts, t)
		if code == lateCharge {
			r.LateInterest = append(r.LateInterest, t)
		} else {
			r.OverdraftInterest = append(r.OverdraftInterest, t)
		}
	}
}

// addLine enters a debit line of a card.
func (r *Risks) addLine(code taxonomy.Code, t Trace) {
	switch {
	case code == onlineBetting:
		r.Bets = append(r.Bets, t)
	case code == lottery:
		r.Lottery = append(r.Lottery, t)
	case overdraftInterest <= code && code <= lateCharge:
		r.CreditCosts = append(r.CreditCosts, t)
	}
}

// LastMonths returns the days of the last k calendar months: that of the reporting
// day, up to it, and the k − 1 before.
func (f *Flows) LastMonths(k int) Range { return Range{f.MonthRange(k - 1).First, f.day} }

// MonthsOf returns the sums of traces over the newest k full months, oldest first.
func (f *Flows) MonthsOf(t Traces, k int) []money.Amount {
	n := f.FullMonths(k)
	sums := make([]money.Amount, n)
	for i := range sums {
		sums[i] = t.In(f.MonthRange(n - i)).Sum().Amount
	}
	return sums
}

// AverageOf returns the mean of traces over the newest k full months, unknown
// without one.
func (f *Flows) AverageOf(t Traces, k int) Figure {
	n := f.FullMonths(k)
	if n == 0 {
		return Figure{}
	}
	t = t.In(f.NewestMonths(k))
	return Figure{Known: true, Amount: Average(t.Sum().Amount, n), Behind: t.Behind()}
}

// NegativeDays are the days of a window that ended below zero.
type NegativeDays struct {
	Known      bool // the daily balances can be told
	Days       int
	Covered    int   // days of the window that are covered
	Share      Ratio // Days ÷ Covered
	Range      Range // the covered days
	IsReliable bool
	Behind     Evidence
}

// NegativeDays returns those of the last n days of the person or company.
func (f *Facts) NegativeDays(company bool, n int) NegativeDays {
	b := f.DailyBalances(company)
	r := b.Covered(f.Flows(company).LastDays(n))
	days, known := b.NegativeDays(r)
	if !known {
		return NegativeDays{}
	}
	return NegativeDays{
		Known: true, Days: days, Covered: r.Days(), Share: Quotient(money.Amount(days), money.Amount(r.Days())),
		Range: r, IsReliable: b.Invested.IsReliable(r.First), Behind: f.BalanceBehind(company, r),
	}
}
