package fact

import (
	"iter"
	"math/big"

	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/taxonomy"
)

// RevenueType is where revenue of a company comes from, in the order of reports.
type RevenueType uint8

// The types. A receipt has the first that fits.
const (
	CardAcquirer     RevenueType = iota // 070104
	Marketplace                         // 070105
	Export                              // 070107
	RecurringRevenue                    // 070106, or of a stream that is recurrent at D
	BoletoRevenue                       // 070103
	PIXCustomer                         // 070101
	TEDCustomer                         // 070102
	OtherRevenue
	RevenueTypes int = iota
)

var revenueTypeNames = [RevenueTypes]string{
	"CARD_ACQUIRER", "MARKETPLACE", "EXPORT", "RECURRING", "BOLETO", "PIX_CUSTOMER", "TED_CUSTOMER", "OTHER",
}

// String returns the name that reports write, such as CARD_ACQUIRER.
func (t RevenueType) String() string { return revenueTypeNames[t] }

// revenueTypes are the types that the category decides.
var revenueTypes = map[taxonomy.Code]RevenueType{
	70104: CardAcquirer, 70105: Marketplace, 70107: Export, 70106: RecurringRevenue, 70103: BoletoRevenue, 70101: PIXCustomer, 70102: TEDCustomer,
}

// RevenueEntry is one receipt of the operating inflow.
type RevenueEntry struct {
	Flow   *Flow
	Type   RevenueType
	Amount money.Amount // what counts of it: less what went back
}

// Revenue is the operating inflow of a company through its checking accounts.
type Revenue struct {
	Known         bool           // there is a checking account; else nothing below is known
	Entries       []RevenueEntry // newest first, of any age
	Concentration Concentration  // of the last 180 days

	flows *Flows
}

// RevenueDays is the window of sources, their receipts and payers.
const RevenueDays = 180

// Revenue returns the revenue of the company.
func (f *Facts) Revenue() *Revenue {
	if f.revenue == nil {
		f.revenue = f.newRevenue()
	}
	return f.revenue
}

func (f *Facts) newRevenue() *Revenue {
	r := &Revenue{Known: f.HasChecking(true), flows: f.Flows(true)}
	var movements []int32 // that recurrence decides
	for e := range r.flows.In(r.flows.Whole()) {
		if !e.Classes.Has(OperatingInflow) {
			continue
		}
		kind, known := revenueTypes[f.Ledger.Movements[e.Movement].Decision.Code]
		if !known {
			kind = OtherRevenue
		}
		if kind > Export {
			movements = append(movements, e.Movement)
		}
		r.Entries = append(r.Entries, RevenueEntry{Flow: e, Type: kind, Amount: e.In(OperatingInflow)})
	}
	recurrent := f.Recurrent(true, movements)
	for i := range r.Entries {
		e := &r.Entries[i]
		if e.Type <= RecurringRevenue {
			continue
		}
		if s, named := f.Stream(e.Flow.Movement); named && recurrent[s] {
			e.Type = RecurringRevenue
		}
	}
	r.Concentration = f.ConcentrationOf(r.last(RevenueDays))
	return r
}

func (r *Revenue) last(days int32) iter.Seq2[int32, money.Amount] {
	return func(yield func(int32, money.Amount) bool) {
		for i := range r.Entries {
			if e := &r.Entries[i]; e.Flow.Age >= days || !yield(e.Flow.Movement, e.Amount) {
				return
			}
		}
	}
}

// Average returns the mean of the newest k full months, unknown without one.
func (r *Revenue) Average(k int) Figure {
	n := r.flows.FullMonths(k)
	if !r.Known || n == 0 {
		return Figure{}
	}
	days := r.flows.NewestMonths(k)
	return Figure{true, Average(r.months(n), n), r.flows.Behind(OperatingInflow, days)}
}

// months returns the revenue of the newest n full months.
func (r *Revenue) months(n int) money.Amount {
	var sum Sum
	for before := 1; before <= n; before++ {
		month := r.flows.Month(OperatingInflow, before)
		sum = sum.Add(month.Amount, month.Entries)
	}
	return sum.Amount
}

// RevenueMonths is the number of full months that averages of a year and the
// stability use at most.
const RevenueMonths = 12

// Annualised is the revenue of a year.
type Annualised struct {
	Figure
	Summed bool // it is the sum of 360 days, all of them covered; else 12 × the average month

	part, whole *big.Int // exact
}

// Annualised returns the sum of 360 days when all of them are covered, else 12 ×
// the average of the newest 12 full months; unknown without one.
func (r *Revenue) Annualised() Annualised {
	n := r.flows.FullMonths(RevenueMonths)
	a := Annualised{Summed: r.flows.Coverage.Days == maxDaysCovered}
	days := r.flows.LastDays(maxDaysCovered)
	switch {
	case !r.Known || n == 0 && !a.Summed:
		return Annualised{}
	case a.Summed:
		a.part, a.whole = big.NewInt(int64(r.flows.Last(OperatingInflow, maxDaysCovered).Amount)), big.NewInt(1)
	default:
		days = r.flows.NewestMonths(RevenueMonths)
		a.part, a.whole = big.NewInt(int64(r.months(n))), big.NewInt(int64(n))
		a.part.Mul(a.part, big.NewInt(RevenueMonths))
	}
	a.Figure = Figure{true, cents(a.part, a.whole), r.flows.Behind(OperatingInflow, days)}
	return a
}

// RevenueStability tells how revenue changes from month to month, over the newest
// 12 full months.
type RevenueStability struct {
	Volatility, Trend Ratio
	Zero              int // months without revenue
	Peak              int // the month with most revenue, the newest of equal ones: how many before that of D; 0: there is no full month
	Months            int // full months used
	Behind            Evidence
}

// Stability returns it; its ratios are unknown for fewer than 3 months.
func (r *Revenue) Stability() RevenueStability {
	amounts := r.flows.Series(OperatingInflow, RevenueMonths)
	s := RevenueStability{
		Volatility: Volatility(amounts), Trend: Trend(amounts), Months: len(amounts),
		Behind: r.flows.Behind(OperatingInflow, r.flows.NewestMonths(RevenueMonths)),
	}
	var most money.Amount
	for before := 1; before <= s.Months; before++ {
		amount := r.flows.Month(OperatingInflow, before).Amount
		if amount == 0 {
			s.Zero++
		}
		if before == 1 || amount > most {
			s.Peak, most = before, amount
		}
	}
	return s
}

// perYear are how often the frequencies of the registration data come in a year of
// 12 months of 30 days: times ÷ parts.
//
//nolint:misspell // The words are Portuguese.
var perYear = map[string]struct{ times, parts int64 }{
	"DIARIA": {360, 1}, "SEMANAL": {360, 7}, "QUINZENAL": {24, 1}, "MENSAL": {12, 1},
	"BIMESTRAL": {6, 1}, "TRIMESTRAL": {4, 1}, "SEMESTRAL": {2, 1}, "ANUAL": {1, 1},
}

// AnnualAmount returns what an amount of the registration data makes in a year by
// its frequency; false: the frequency does not tell.
func AnnualAmount(amount money.Amount, frequency string) (money.Amount, bool) {
	part, whole, ok := annual(amount, frequency)
	if !ok {
		return 0, false
	}
	return cents(part, whole), true
}

func annual(amount money.Amount, frequency string) (part, whole *big.Int, ok bool) {
	per, ok := perYear[frequency]
	part = big.NewInt(int64(amount))
	return part.Mul(part, big.NewInt(per.times)), big.NewInt(per.parts), ok
}

// RatioOf returns an amount of the registration data, taken for a year, ÷ the
// annualised revenue.
func (a *Annualised) RatioOf(amount money.Amount, frequency string) Ratio {
	part, whole, ok := annual(amount, frequency)
	if !ok || !a.Known || a.part.Sign() == 0 {
		return Ratio{}
	}
	return ratioOf(part.Mul(part, a.whole), whole.Mul(whole, a.part))
}
