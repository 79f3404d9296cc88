package fact

import (
	"iter"
	"math"
	"math/big"
	"slices"

	"github.com/openklaas/klaas/internal/money"
)

// IncomePart is some of the income, such as one kind or one payer, of which sums,
// averages and their evidence are asked.
type IncomePart struct {
	in        *Income
	entries   []int32 // into Income.Entries, newest first
	exchanges []int32 // into Income.Streams: their transfers count less what went back
}

// Part returns the income that take chooses. Of the transfers of one payer it
// chooses all or none.
func (in *Income) Part(take func(*IncomeEntry) bool) *IncomePart {
	p := &IncomePart{in: in}
	for i := range in.Entries {
		if take(&in.Entries[i]) {
			p.add(int32(i))
		}
	}
	return p
}

// OfKind returns the income of one kind in the part.
func (p *IncomePart) OfKind(k IncomeKind) *IncomePart {
	of := &IncomePart{in: p.in}
	for _, i := range p.entries {
		if p.in.Entries[i].Kind == k {
			of.add(i)
		}
	}
	return of
}

func (p *IncomePart) add(entry int32) {
	p.entries = append(p.entries, entry)
	if e := &p.in.Entries[entry]; e.Net && p.in.Streams[e.Stream].net[0] == entry {
		p.exchanges = append(p.exchanges, e.Stream)
	}
}

// OfKind returns the income of one kind.
func (in *Income) OfKind(k IncomeKind) *IncomePart {
	return in.Part(func(e *IncomeEntry) bool { return e.Kind == k })
}

// OfStream returns the income of one payer inside one kind.
func (in *Income) OfStream(stream int32) *IncomePart {
	p := &IncomePart{in: in, entries: in.Streams[stream].Entries}
	if len(in.Streams[stream].net) > 0 {
		p.exchanges = []int32{stream}
	}
	return p
}

// Totalled returns what the printed totals add up: in V1 all kinds, in V2 what is
// income.
func (in *Income) Totalled() *IncomePart {
	return in.Part(func(e *IncomeEntry) bool { return !in.v2 || e.Class != NotIncome })
}

// Verified returns the income of class verified.
func (in *Income) Verified() *IncomePart {
	return in.Part(func(e *IncomeEntry) bool { return e.Class == VerifiedIncome })
}

// Estimated returns the income of the classes estimated and financial, recurrent or
// not.
func (in *Income) Estimated() *IncomePart {
	return in.Part(func(e *IncomeEntry) bool { return e.Class == EstimatedIncome || e.Class == FinancialIncome })
}

// recurrentEstimated returns the part of the estimated income that comes again.
func (in *Income) recurrentEstimated() *IncomePart {
	return in.Part(func(e *IncomeEntry) bool { return e.Class == EstimatedIncome && e.Recurrent })
}

// lasting returns the verified income and the recurrent part of the estimated one.
func (in *Income) lasting() *IncomePart {
	return in.Part(func(e *IncomeEntry) bool {
		return e.Class == VerifiedIncome || e.Class == EstimatedIncome && e.Recurrent
	})
}

// earned returns verified and estimated income.
func (in *Income) earned() *IncomePart {
	return in.Part(func(e *IncomeEntry) bool { return e.Class != NotIncome })
}

// Total returns the `income` of the last n days as a denominator: in V1 all kinds
// without redemptions, in V2 verified and estimated.
func (in *Income) Total(n int) Figure {
	if in.v2 {
		return in.earned().Last(n)
	}
	return in.Part(func(e *IncomeEntry) bool { return e.Kind != InvestmentRedemption }).Last(n)
}

// span chooses entries by their age in days or by their month, both ends included.
type span struct {
	byMonth     bool
	first, last int
}

func lastDays(n int) span           { return span{first: 0, last: n - 1} }
func monthSpan(month int) span      { return span{true, month, month} }
func (s span) contains(at int) bool { return s.first <= at && at <= s.last }

func (s span) has(e *IncomeEntry) bool {
	if s.byMonth {
		return s.contains(e.Month)
	}
	return s.contains(int(e.Flow.Age))
}

func (s span) hasFlow(f *Flows, e *Flow) bool {
	if s.byMonth {
		return s.contains(f.dayOfEntry(e).MonthIndex())
	}
	return s.contains(int(e.Age))
}

// Entries lists the entries of an age below n days, newest first.
func (p *IncomePart) Entries(n int) iter.Seq[*IncomeEntry] {
	return func(yield func(*IncomeEntry) bool) {
		for _, i := range p.entries {
			if e := &p.in.Entries[i]; int(e.Flow.Age) >= n || !yield(e) {
				return
			}
		}
	}
}

// Paid returns the evidence of what follows from the entries themselves, such as
// days: the entries of an age below n days with all of their amounts.
func (p *IncomePart) Paid(n int) Evidence {
	return func(yield func(Item) bool) {
		for e := range p.Entries(n) {
			if !yield(Item{Index: e.Flow.Movement, Amount: e.Amount}) {
				return
			}
		}
	}
}

// Count returns the number of entries of an age below n days.
func (p *IncomePart) Count(n int) int {
	count := 0
	for range p.Entries(n) {
		count++
	}
	return count
}

// Last returns the sum over the last n days.
func (p *IncomePart) Last(n int) Figure { return p.figure(lastDays(n)) }

// All returns the sum over the whole record.
func (p *IncomePart) All() Figure { return p.figure(lastDays(WholeRecord)) }

// WholeRecord is a number of days that every entry is younger than.
const WholeRecord = math.MaxInt32

// Month returns the sum of a month, as calendar.Day.MonthIndex counts them:
// verified entries count in their competence month.
func (p *IncomePart) Month(month int) Figure { return p.figure(monthSpan(month)) }

func (p *IncomePart) figure(s span) Figure {
	if !p.in.Known {
		return Figure{}
	}
	return Figure{true, p.sum(s), p.behind(s)}
}

// Months returns the sums of the newest k full months, oldest first.
func (p *IncomePart) Months(k int) []money.Amount {
	spans := p.in.fullMonths(k)
	sums := make([]money.Amount, len(spans))
	for i, s := range spans {
		sums[i] = p.sum(s)
	}
	return sums
}

// MonthsBehind returns the evidence of the sums of the newest k full months.
func (p *IncomePart) MonthsBehind(k int) Evidence { return p.behind(p.in.fullMonths(k)...) }

// Average returns the mean of the newest k full months, unknown without one.
func (p *IncomePart) Average(k int) Figure {
	months := p.Months(k)
	if !p.in.Known || len(months) == 0 {
		return Figure{}
	}
	return Figure{true, Average(added(months), len(months)), p.MonthsBehind(k)}
}

// Median returns the median of the newest k full months, unknown without one.
func (p *IncomePart) Median(k int) Figure {
	months := p.Months(k)
	n := len(months)
	if !p.in.Known || n == 0 {
		return Figure{}
	}
	slices.Sort(months)
	twice := new(big.Int).Add(big.NewInt(int64(months[(n-1)/2])), big.NewInt(int64(months[n/2])))
	return Figure{true, cents(twice, big.NewInt(2)), p.MonthsBehind(k)}
}

// fullMonths returns the newest k full months, oldest first.
func (in *Income) fullMonths(k int) []span {
	n, this := in.flows.FullMonths(k), in.flows.day.MonthIndex()
	spans := make([]span, n)
	for i := range spans {
		spans[i] = monthSpan(this - n + i)
	}
	return spans
}

func added(amounts []money.Amount) (sum money.Amount) {
	for _, a := range amounts {
		sum, _ = money.Add(sum, a)
	}
	return sum
}

// sum adds up the entries of a span, and of the transfers of each payer what is
// left after what went back: max(0, credits − debits).
func (p *IncomePart) sum(s span) money.Amount {
	var sum money.Amount
	for _, i := range p.entries {
		if e := &p.in.Entries[i]; !e.Net && s.has(e) {
			sum, _ = money.Add(sum, e.Amount)
		}
	}
	for _, stream := range p.exchanges {
		sum, _ = money.Add(sum, max(0, p.in.left(stream, s)))
	}
	return sum
}

// left returns the transfers of a payer in a span less what went back.
func (in *Income) left(stream int32, s span) money.Amount {
	var left money.Amount
	for _, i := range in.Streams[stream].net {
		if e := &in.Entries[i]; s.has(e) {
			left, _ = money.Add(left, e.Amount)
		}
	}
	for _, e := range in.Streams[stream].returned {
		if s.hasFlow(in.flows, e) {
			left, _ = money.Add(left, -e.In(TransferOut))
		}
	}
	return left
}

// behind returns the evidence of the sums of spans, newest first: of transfers the
// credits and the negative debits, of a payer to whom all went back nothing.
func (p *IncomePart) behind(spans ...span) Evidence {
	return func(yield func(Item) bool) {
		l := p.in.facts.Ledger
		counts, returned := p.exchanged(spans)
		for _, i := range p.entries {
			e := &p.in.Entries[i]
			at := slices.IndexFunc(spans, func(s span) bool { return s.has(e) })
			if at < 0 || e.Net && counts[e.Stream]>>at&1 == 0 {
				continue
			}
			for len(returned) > 0 && l.Newer(returned[0].Index, e.Flow.Movement) {
				if !yield(returned[0]) {
					return
				}
				returned = returned[1:]
			}
			if !yield(Item{Index: e.Flow.Movement, Amount: e.Amount}) {
				return
			}
		}
		listed(returned)(yield)
	}
}

// exchanged returns by stream the set of spans in which something is left of its
// transfers, and what went back in them, newest first.
func (p *IncomePart) exchanged(spans []span) (counts map[int32]uint, returned []Item) {
	counts = make(map[int32]uint, len(p.exchanges))
	for _, stream := range p.exchanges {
		for at, s := range spans {
			if p.in.left(stream, s) <= 0 {
				continue
			}
			counts[stream] |= 1 << at
			for _, e := range p.in.Streams[stream].returned {
				if s.hasFlow(p.in.flows, e) {
					returned = append(returned, Item{Index: e.Movement, Amount: -e.In(TransferOut)})
				}
			}
		}
	}
	slices.SortFunc(returned, func(x, y Item) int { return byAge(p.in.facts.Ledger, x.Index, y.Index) })
	return counts, returned
}

// MonthlyIncome is the monthly income over the newest 6 full months.
type MonthlyIncome struct {
	Figure                    // verified average + recurrent part of the estimated one; unknown without a full month
	RecurrentEstimated Figure // that part
	Verified           Figure // verified average
	Estimated          Figure // average of all estimated entries, recurrent or not
	Months             int    // full months used
	Basis              string // VERIFIED, MIXED, ESTIMATED, NONE, UNKNOWN
}

const incomeMonths = 6

// MonthlyIncome returns the monthly income of the person by the rules of V2.
func (f *Facts) MonthlyIncome() MonthlyIncome {
	if f.monthlyIncome == nil {
		f.monthlyIncome = f.Income(true).monthly()
	}
	return *f.monthlyIncome
}

func (in *Income) monthly() *MonthlyIncome {
	verified, estimated, recurrent := in.Verified(), in.Estimated(), in.recurrentEstimated()
	both := in.lasting()
	return &MonthlyIncome{
		Figure:             both.Average(incomeMonths),
		RecurrentEstimated: recurrent.Average(incomeMonths),
		Verified:           verified.Average(incomeMonths),
		Estimated:          estimated.Average(incomeMonths),
		Months:             in.flows.FullMonths(incomeMonths),
		Basis:              basis(in.Known, verified.Months(incomeMonths), both.Months(incomeMonths)),
	}
}

// basis tells what monthly income rests on: VERIFIED from 70 % of it on.
func basis(known bool, verified, all []money.Amount) string {
	if !known || len(all) == 0 {
		return "UNKNOWN"
	}
	part, whole := big.NewInt(int64(added(verified))), big.NewInt(int64(added(all)))
	tenth := func(x *big.Int, n int64) *big.Int { return new(big.Int).Mul(x, big.NewInt(n)) }
	switch {
	case Average(added(all), len(all)) == 0:
		return "NONE"
	case tenth(part, 10).Cmp(tenth(whole, 7)) >= 0:
		return "VERIFIED"
	case part.Sign() > 0:
		return "MIXED"
	}
	return "ESTIMATED"
}

// IncomeMonths returns verified + estimated income (V2) of the newest k full
// months, oldest first, and what is behind it. [Volatility] and [Trend] take it.
func (f *Facts) IncomeMonths(k int) ([]money.Amount, Evidence) {
	p := f.Income(true).earned()
	return p.Months(k), p.MonthsBehind(k)
}

// IncomeStability tells how verified + estimated income (V2) changes from month to
// month, over the newest 12 full months.
type IncomeStability struct {
	Volatility, Trend Ratio
	Without           int // months without income
	Months            int // full months used
	Behind            Evidence
	WithoutBehind     Evidence // also the oldest entry, which tells how many months there are
}

const stabilityMonths = 12

// IncomeStability returns it; its ratios are unknown for fewer than 3 months.
func (f *Facts) IncomeStability() IncomeStability {
	amounts, behind := f.IncomeMonths(stabilityMonths)
	s := IncomeStability{Volatility: Volatility(amounts), Trend: Trend(amounts), Months: len(amounts), Behind: behind}
	for _, a := range amounts {
		if a == 0 {
			s.Without++
		}
	}
	s.WithoutBehind = f.WithMonths(false, behind)
	return s
}

// SalaryDays returns the two most frequent days of month of the entries in 180 days,
// the more frequent first, of equal ones the one with the newer entry; 0 where there
// is none.
func (p *IncomePart) SalaryDays() (days [2]int) {
	var count, newest [32]int
	for e := range p.Entries(recurrentDays) {
		date := dayOfMonth(p.in.flows.dayOfEntry(e.Flow))
		if count[date] == 0 {
			newest[date] = -int(e.Flow.Age)
		}
		count[date]++
	}
	for i := range days {
		for date := 1; date < len(count); date++ {
			best := days[i]
			if date != days[0] && (count[date] > count[best] || count[date] == count[best] && count[date] > 0 && newest[date] > newest[best]) {
				days[i] = date
			}
		}
	}
	return days
}

// Kinds returns the kinds with an entry in the last n days, in their order, with
// the newest entry of each behind them.
func (in *Income) Kinds(n int) ([]IncomeKind, Evidence) {
	var found [IncomeKinds]bool
	var items []Item
	for i := range in.Entries {
		e := &in.Entries[i]
		if int(e.Flow.Age) >= n {
			break
		}
		if !found[e.Kind] {
			found[e.Kind] = true
			items = append(items, Item{Index: e.Flow.Movement, Amount: e.Amount})
		}
	}
	var kinds []IncomeKind
	for k, is := range found {
		if is {
			kinds = append(kinds, IncomeKind(k))
		}
	}
	return kinds, listed(items)
}
