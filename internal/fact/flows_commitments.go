package fact

import (
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/openfinance"
)

// Commitments are the instalments to come by month, from the month of the
// reporting day to the last one with an instalment.
type Commitments struct {
	Cards     bool // the document has the section of cards
	Contracts bool // it has a credit section, and what contracts owe is known on the reporting day
	NotAsOf   bool // it has one, but the reporting day is older than what contracts owe
	First     int  // month of the reporting day, as calendar.Day.MonthIndex counts
	Months    []Commitment
}

// Commitment is what falls due in one month.
type Commitment struct {
	Card, Contract Sum
	card, contract []Item
}

// CardBehind returns the evidence of Card: the lines that the instalments are
// known from.
func (c *Commitment) CardBehind() Evidence { return listed(c.card) }

// ContractBehind returns the evidence of Contract.
func (c *Commitment) ContractBehind() Evidence { return listed(c.contract) }

func listed(items []Item) Evidence {
	return func(yield func(Item) bool) {
		for _, item := range items {
			if !yield(item) {
				return
			}
		}
	}
}

// maxCommitmentMonths is how many months ahead are told.
const maxCommitmentMonths = 24

// Commitments returns the instalments to come of the person or company: of card
// purchases, and of open contracts that are no revolving credit.
func (f *Facts) Commitments(company bool) Commitments {
	which := whose(company)
	if f.commitments[which] == nil {
		c := f.newCommitments(company)
		f.commitments[which] = &c
	}
	return *f.commitments[which]
}

func (f *Facts) newCommitments(company bool) Commitments {
	l := f.Ledger
	c := Commitments{
		Cards: f.HasCards(), Contracts: slices.ContainsFunc(creditSections[:], l.Document.Has), First: l.Day.MonthIndex(),
	}
	if l.Replay {
		c.NotAsOf, c.Contracts = c.Contracts, false
	}
	for i := range l.Plans {
		if p := &l.Plans[i]; l.Cards[p.Card].Company == company && !p.Debt {
			c.addPlan(l, p)
		}
	}
	if c.Contracts {
		for _, i := range openContracts(l, company) {
			c.addContract(l, i)
		}
	}
	for i := range c.Months {
		slices.SortStableFunc(c.Months[i].card, func(x, y Item) int { return byAge(l, x.Index, y.Index) })
	}
	return c
}

// month returns the place of a month, nil when it is not told.
func (c *Commitments) month(month int) *Commitment {
	at := month - c.First
	if at < 0 || at >= maxCommitmentMonths {
		return nil
	}
	for len(c.Months) <= at {
		c.Months = append(c.Months, Commitment{})
	}
	return &c.Months[at]
}

// addPlan adds the instalments of a purchase that are on a bill due after the
// reporting day, or on none yet. Those of one month that one line tells are one item.
func (c *Commitments) addPlan(l *ledger.Ledger, p *ledger.Plan) {
	newest := p.Whole
	if n := len(p.Lines); n > 0 {
		newest = p.Lines[n-1].Movement
	}
	for number := int32(1); number <= p.Count; number++ {
		in := p.At(l, number)
		if in.State == ledger.InstalmentPaid {
			continue
		}
		if in.Month >= c.First+maxCommitmentMonths {
			return // Those after it fall due later still.
		}
		m := c.month(max(in.Month, c.First))
		m.Card = m.Card.Add(in.Amount, 1)
		line := in.Movement
		if line < 0 {
			line = newest
		}
		m.card = addItem(m.card, Item{Index: line, Amount: in.Amount})
	}
}

// addContract adds the instalments of an open contract: as many as are due, of one
// amount, one per period, and the balloon payments.
func (c *Commitments) addContract(l *ledger.Ledger, index int32) {
	k := &l.Contracts[index]
	schedule := k.Source.Schedule
	if k.IsRevolving() || schedule == nil || !inReais(k.Source.Currency) {
		return
	}
	add := func(day calendar.Day, amount money.Amount) {
		if m := c.month(day.MonthIndex()); m != nil {
			m.Contract = m.Contract.Add(amount, 1)
			m.contract = addItem(m.contract, Item{Kind: ContractItem, Index: index, Amount: amount})
		}
	}
	if amount := InstalmentOf(k); amount > 0 {
		next := firstInstalment(k.Source, l.Day)
		for number := range min(schedule.Due, maxInstalments) {
			day := next(int(number))
			if day.MonthIndex() >= c.First+maxCommitmentMonths {
				break
			}
			add(day, amount)
		}
	}
	for i := range schedule.BalloonPayments {
		b := &schedule.BalloonPayments[i]
		day, known := calendar.ParseDay(b.DueDate)
		amount, err := money.Parse(b.Amount.Amount)
		if known && err == nil && amount > 0 && day > l.Day && inReais(b.Amount.Currency) {
			add(day, amount)
		}
	}
}

// addItem adds to the last item where it is the same.
func addItem(items []Item, item Item) []Item {
	if n := len(items); n > 0 && items[n-1].Kind == item.Kind && items[n-1].Index == item.Index && items[n-1].Bill == item.Bill {
		items[n-1].Amount, _ = money.Add(items[n-1].Amount, item.Amount)
		return items
	}
	return append(items, item)
}

func inReais(currency string) bool { return currency == "" || currency == "BRL" }

// firstInstalment returns the day of each instalment to come, numbered from 0. The
// first one falls in the month of d when the day of month of firstInstalmentDueDate
// (else of dueDate) is after that of d, else, or when none is known, in the next
// month; a first instalment that lies ahead is not moved before its date.
func firstInstalment(c *openfinance.Contract, d calendar.Day) func(n int) calendar.Day {
	due, known := calendar.ParseDay(c.FirstInstalmentDue)
	if known && due > d {
		return rhythm(c.InstalmentPeriodicity, due)
	}
	if !known {
		due, known = calendar.ParseDay(c.DueDate)
	}
	date := dayOfMonth(d)
	month := d - calendar.Day(date) + 1 // the first of the month
	if !known {
		return rhythm(c.InstalmentPeriodicity, month.AddMonths(1))
	}
	on := dayOfMonth(due)
	if on <= date {
		month = month.AddMonths(1)
	}
	return rhythm(c.InstalmentPeriodicity, min(month+calendar.Day(on)-1, month.AddMonths(1)-1))
}

// rhythm returns the days of a periodicity from the first one on.
func rhythm(periodicity string, first calendar.Day) func(n int) calendar.Day {
	p, known := periodicities[periodicity]
	if !known {
		p.months = 1
	}
	return func(n int) calendar.Day { return first.AddMonths(n*p.months) + calendar.Day(n*p.days) }
}

// periodicities are the periods between instalments. All others are a month.
//
//nolint:misspell // The words are Portuguese.
var periodicities = map[string]struct{ months, days int }{
	"SEMANAL":    {days: 7},
	"QUINZENAL":  {days: 15},
	"BIMESTRAL":  {months: 2},
	"TRIMESTRAL": {months: 3},
	"SEMESTRAL":  {months: 6},
	"ANUAL":      {months: 12},
}
