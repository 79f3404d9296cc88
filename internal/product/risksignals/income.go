package risksignals

import (
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/spec"
)

const averageMonths = 6 // behind an average month; and of those half against half

// incomeRisk is whether a person's income ended or fell.
type incomeRisk struct {
	known      bool // there is a checking account
	detected   bool // a verified salary or pension stopped, and none runs
	stoppedOn  calendar.Day
	lost       fact.Figure // what it paid a month
	behind     fact.Evidence
	drop       fact.Ratio
	dropBehind fact.Evidence
}

func (b *body) readIncome() *incomeRisk {
	in := b.facts.Income(true)
	r := &incomeRisk{known: in.Known, stoppedOn: calendar.None}
	if !in.Known {
		return r
	}
	var last int32
	running := false
	for i := range in.Streams {
		s := &in.Streams[i]
		if s.Class != fact.VerifiedIncome || s.Kind != fact.RegularSalary && s.Kind != fact.RetirementPension {
			continue
		}
		if s.Pace.StoppedOn == calendar.None {
			// Without a rhythm nothing stops; of what is long past none runs either.
			newest := in.Entries[s.Entries[0]].Flow
			running = running || newest.Age < halfYear
			continue
		}
		lost := b.averageBefore(in, int32(i))
		if s.Pace.StoppedOn > r.stoppedOn || s.Pace.StoppedOn == r.stoppedOn && lost.Amount > r.lost.Amount {
			last, r.stoppedOn, r.lost = int32(i), s.Pace.StoppedOn, lost
		}
	}
	r.detected = !running && r.stoppedOn != calendar.None
	if r.detected {
		r.behind = in.OfStream(last).All().Behind
	}
	amounts, behind := b.facts.IncomeMonths(averageMonths)
	if len(amounts) == averageMonths {
		before, after := added(amounts[:averageMonths/2]), added(amounts[averageMonths/2:])
		r.drop, r.dropBehind = fact.Quotient(before-after, before), behind
	}
	return r
}

func added(amounts []money.Amount) (sum money.Amount) {
	for _, a := range amounts {
		sum, _ = money.Add(sum, a)
	}
	return sum
}

// averageBefore returns the average month of a payer as it was when its payments
// stopped: over the up to 6 full months that end with that of the last payment.
func (b *body) averageBefore(in *fact.Income, stream int32) fact.Figure {
	part := in.OfStream(stream)
	today := b.facts.Ledger.Day.MonthIndex()
	newest := in.Entries[in.Streams[stream].Entries[0]].Month
	last := min(newest, today-1)
	first := max(last-averageMonths+1, today-b.flows.Coverage.Months)
	var sum money.Amount
	var behind []fact.Evidence
	for month := first; month <= last; month++ {
		paid := part.Month(month)
		sum, _ = money.Add(sum, paid.Amount)
		behind = append(behind, paid.Behind)
	}
	if last < first {
		return fact.Figure{}
	}
	return fact.Figure{Known: true, Amount: fact.Average(sum, last-first+1), Behind: b.facts.WithMonths(false, fact.Join(behind...))}
}

func (b *body) incomeLoss() {
	r := b.income
	if r.known {
		b.Flag("detected", r.detected, r.behind)
	} else {
		b.UnknownFlag("detected")
	}
	if !r.detected {
		b.Null("stoppedOn")
		b.Null("monthlyAmountLost")
	} else {
		b.Field("stoppedOn", r.stoppedOn.String())
		b.Optional("monthlyAmountLost", spec.Computed, r.lost)
	}
	b.Ratio("dropRatio", r.drop, r.dropBehind)
}

// payers are from whom money comes, 180 days: a person's verified and estimated
// income, a company's operating inflow.
type payers struct {
	known bool
	fact.Concentration
	behind fact.Evidence
}

func (b *body) payers() payers {
	earned := fact.Figure{
		Known: b.known, Amount: b.flows.Last(fact.OperatingInflow, halfYear).Amount,
		Behind: b.flows.Behind(fact.OperatingInflow, b.flows.LastDays(halfYear)),
	}
	if !b.company {
		earned = b.facts.Income(true).Total(halfYear)
	}
	if !earned.Known {
		return payers{}
	}
	return payers{true, b.facts.ConcentrationOf(func(yield func(int32, money.Amount) bool) {
		for item := range earned.Behind {
			if !yield(item.Index, item.Amount) {
				return
			}
		}
	}), earned.Behind}
}

func (b *body) concentration() {
	p := &b.paid
	b.Ratio("topPayerShare", p.Top1, p.behind)
	b.Ratio("herfindahl", p.Herfindahl, p.behind)
	if !p.known {
		b.Unknown("payerCount")
		return
	}
	b.Days("payerCount", p.Payers, p.behind)
}

// isVerified reports whether a payer of the person is verified: its newest payment
// of some kind is.
func (b *body) isVerified(payer fact.Party) bool {
	return slices.ContainsFunc(b.facts.Income(true).Streams, func(s fact.IncomeStream) bool {
		return s.Stream.Party == payer && s.Class == fact.VerifiedIncome
	})
}

const (
	settledDays = 3                 // after a salary its rest is looked at
	littleLeft  = 100 * money.Scale // below it
)

func (b *body) quickSpending() {
	b.Optional("hoursToSpendIncome", spec.Computed, fact.Figure{Known: b.speed.Known, Amount: b.speed.Hours, Behind: b.speed.Behind})
	b.littleLeft()
}

// littleLeft writes the share of the salaries of 180 days after which, three days
// later, less than 100 was left.
func (b *body) littleLeft() {
	const key = "balanceUnder100AfterSalaryShare"
	s := b.facts.DailyBalances(false).Available
	salaries := b.salaries()
	// The newest ones have not been followed for three days yet.
	days := b.flows.LastDays(halfYear)
	salaries = salaries.In(fact.Range{First: days.First, Last: days.Last - settledDays})
	if s == nil || len(salaries) == 0 {
		b.Null(key)
		return
	}
	under := 0
	for _, t := range salaries {
		if s.At(t.Day+settledDays) < littleLeft {
			under++
		}
	}
	read := fact.Range{First: salaries[len(salaries)-1].Day + settledDays, Last: salaries[0].Day + settledDays}
	share := fact.Quotient(money.Amount(under), money.Amount(len(salaries)))
	b.Ratio(key, share, b.facts.Union(b.facts.BalanceBehind(false, read), salaries.Behind()))
	if !s.IsReliable(read.First) {
		b.Unreliable(key)
	}
}

// salaries returns the regular salaries of the person, newest first.
func (b *body) salaries() fact.Traces {
	return b.incomeTraces(func(e *fact.IncomeEntry) bool { return e.Kind == fact.RegularSalary })
}

// incomeTraces returns income entries as traces, newest first.
func (b *body) incomeTraces(take func(*fact.IncomeEntry) bool) fact.Traces {
	in := b.facts.Income(b.v2)
	var t fact.Traces
	for i := range in.Entries {
		if e := &in.Entries[i]; take(e) {
			day := b.facts.Ledger.Movements[e.Flow.Movement].Day
			t = append(t, fact.Trace{Item: fact.Item{Index: e.Flow.Movement, Amount: e.Amount}, Day: day})
		}
	}
	return t
}
