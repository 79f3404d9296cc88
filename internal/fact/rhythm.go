package fact

import (
	"cmp"
	"math"
	"math/big"
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/money"
)

// Rhythm says how often payments of a stream come.
type Rhythm uint8

// The rhythms.
const (
	Irregular Rhythm = iota
	Weekly
	Fortnightly
	Monthly
	Yearly
)

var rhythmNames = [...]string{"IRREGULAR", "WEEKLY", "FORTNIGHTLY", "MONTHLY", "YEARLY"}

// String returns the name that reports write, such as MONTHLY.
func (r Rhythm) String() string { return rhythmNames[r] }

// beat is what a rhythm is made of, in days.
type beat struct {
	least, most int // the median gap, both ends included
	occurrences int // at least so many
	nominal     int // gap
	tolerance   int // around the nominal gap
	stop        int // after the expected day, the stream has stopped
}

// beats are by rhythm. Gaps of days between are irregular.
var beats = [...]beat{
	Weekly:      {least: 6, most: 8, occurrences: 3, nominal: 7, tolerance: 2, stop: 7},
	Fortnightly: {least: 13, most: 16, occurrences: 3, nominal: 15, tolerance: 3, stop: 10},
	Monthly:     {least: 26, most: 35, occurrences: 3, nominal: 30, tolerance: 5, stop: 15},
	Yearly:      {least: 350, most: 380, occurrences: 2, nominal: 365, tolerance: 20, stop: 45},
}

// monthlyShort is how many monthly occurrences are enough where few days are
// covered.
const monthlyShort = 2

// intervalFactors are the factors t of the 80 % interval in 1/1,000, for 3 to 12
// amounts: the 90 % quantiles of Student's distribution with n − 1 degrees of
// freedom.
var intervalFactors = [...]int64{1886, 1638, 1533, 1476, 1440, 1415, 1397, 1383, 1372, 1363}

const (
	leastForInterval = 3
	newestAmounts    = 12 // of the interval and of regularity
	newestForMedian  = 6
)

// Occurrence is what a stream paid on one day.
type Occurrence struct {
	Day    calendar.Day
	Month  int // competence month as calendar.Day.MonthIndex counts, else the calendar month
	Amount money.Amount
}

// Pace is what the rhythm of a stream tells.
type Pace struct {
	Rhythm      Rhythm
	Regularity  Ratio        // unknown for fewer than 2 occurrences
	PayDays     []int        // up to two days of month, the more frequent first
	Next        calendar.Day // expected; None when irregular or stopped
	Amount      money.Amount // expected at Next
	HasInterval bool         // Low and High are known
	Low, High   money.Amount // 80 % interval around Amount
	StoppedOn   calendar.Day // None while it runs
}

// Pace returns the pace of occurrences, oldest first, one a day. ended: a notice of
// termination by the same payer came on that day, calendar.None without one.
//
// The rhythm is that of the median gap between occurrences of the whole record.
// Regularity is half the share of gaps within the tolerance of the rhythm and half
// max(0, 1 − cv of the newest 12 amounts). The expected amount is the median of the
// newest 6 amounts; its interval is mean ± t × s × √(1 + 1/n) over the newest n ≤ 12
// amounts, made to hold it.
func (f *Facts) Pace(company bool, occurrences []Occurrence, ended calendar.Day) Pace {
	short := f.Flows(company).Coverage.Days < shortCoverage
	return paceOf(occurrences, ended, f.Ledger.Day, short, f.factors())
}

// factors returns the factors of the interval in 1/1,000.
func (f *Facts) factors() []int64 {
	if f.IntervalFactors != nil {
		return f.IntervalFactors
	}
	return intervalFactors[:]
}

func paceOf(occurrences []Occurrence, ended, d calendar.Day, short bool, factors []int64) Pace {
	p := Pace{Next: calendar.None, StoppedOn: calendar.None, Rhythm: rhythmOf(occurrences, short)}
	if len(occurrences) == 0 {
		return p
	}
	p.Regularity = regularity(p.Rhythm, occurrences)
	if p.Rhythm != Irregular && p.Rhythm != Weekly {
		p.PayDays = payDays(occurrences, d)
	}
	last := &occurrences[len(occurrences)-1]
	next := p.expected(last)
	if ended >= last.Day || next != calendar.None && d > next+calendar.Day(beats[p.Rhythm].stop) {
		p.StoppedOn = last.Day
		return p
	}
	if next != calendar.None {
		p.Next = next
		p.expect(occurrences, factors)
	}
	return p
}

// rhythmOf returns the rhythm of occurrences on different days, oldest first.
func rhythmOf(occurrences []Occurrence, short bool) Rhythm {
	n := len(occurrences)
	if n < 2 {
		return Irregular
	}
	gaps := make([]int, n-1)
	for i := range gaps {
		gaps[i] = int(occurrences[i+1].Day - occurrences[i].Day)
	}
	slices.Sort(gaps)
	twice := gaps[(n-2)/2] + gaps[(n-1)/2] // the median gap
	for r := Weekly; r <= Yearly; r++ {
		b := &beats[r]
		least := b.occurrences
		if r == Monthly && short {
			least = monthlyShort
		}
		if 2*b.least <= twice && twice <= 2*b.most && n >= least {
			return r
		}
	}
	return Irregular
}

func regularity(r Rhythm, occurrences []Occurrence) Ratio {
	n := len(occurrences)
	if n < 2 {
		return Ratio{}
	}
	if r == Irregular {
		return Ratio{Known: true}
	}
	kept, b := int64(0), &beats[r]
	for i := 1; i < n; i++ {
		off := int(occurrences[i].Day-occurrences[i-1].Day) - b.nominal
		if -b.tolerance <= off && off <= b.tolerance {
			kept++
		}
	}
	// With g of G gaps kept, the sum S of m amounts and R = m × Σx² − S²:
	// cv = √R ÷ S, and the result in 1/10,000, half up, is
	// ⌊(10,000 × S × (g + G) − 10,000 × G × √R + G × S) ÷ (2 × G × S)⌋.
	gaps := int64(n - 1)
	_, sum, spread := spreadOf(newest(occurrences, newestAmounts))
	if sum.Sign() == 0 { // cv is 0
		sum.SetInt64(1)
	}
	if root := new(big.Int).Mul(sum, sum); spread.Cmp(root) > 0 {
		spread.Set(root) // cv is at most 1
	}
	below := new(big.Int).Mul(sum, big.NewInt(2*gaps))
	above := new(big.Int).Mul(sum, big.NewInt(money.Scale*(kept+gaps)+gaps))
	factor := big.NewInt(money.Scale * gaps)
	above.Sub(above, rootUp(spread.Mul(spread, factor.Mul(factor, factor))))
	return Ratio{true, money.Amount(above.Div(above, below).Int64())}
}

// spreadOf returns the number n of amounts, their sum S, and n × Σx² − S².
func spreadOf(occurrences []Occurrence) (n int64, sum, spread *big.Int) {
	sum, spread = new(big.Int), new(big.Int)
	n = int64(len(occurrences))
	for i := range occurrences {
		x := big.NewInt(int64(occurrences[i].Amount))
		sum.Add(sum, x)
		spread.Add(spread, x.Mul(x, x))
	}
	spread.Mul(spread, big.NewInt(n)).Sub(spread, new(big.Int).Mul(sum, sum))
	return n, sum, spread
}

// rootUp returns ⌈√x⌉ in place of x.
func rootUp(x *big.Int) *big.Int {
	square := new(big.Int).Set(x)
	x.Sqrt(x)
	if new(big.Int).Mul(x, x).Cmp(square) < 0 {
		x.Add(x, big.NewInt(1))
	}
	return x
}

func newest(occurrences []Occurrence, n int) []Occurrence {
	return occurrences[max(0, len(occurrences)-n):]
}

const payDaysAge = 180 // occurrences of an age below it tell the pay days

// payDays returns the two most frequent days of month, the second only with at
// least 2 occurrences. Of two as frequent, the one with the newer occurrence is
// first.
func payDays(occurrences []Occurrence, d calendar.Day) []int {
	type date struct {
		day, count int
		newest     calendar.Day
	}
	var dates [32]date
	for i := len(occurrences) - 1; i >= 0 && d-occurrences[i].Day < payDaysAge; i-- {
		day := dayOfMonth(occurrences[i].Day)
		found := &dates[day]
		if found.count == 0 {
			found.day, found.newest = day, occurrences[i].Day
		}
		found.count++
	}
	slices.SortFunc(dates[:], func(x, y date) int {
		return cmp.Or(cmp.Compare(y.count, x.count), cmp.Compare(y.newest, x.newest))
	})
	var list []int
	for i, least := range []int{1, 2} {
		if dates[i].count >= least {
			list = append(list, dates[i].day)
		}
	}
	return list
}

// expected returns the day on which the next occurrence after the last is due.
func (p *Pace) expected(last *Occurrence) calendar.Day {
	switch p.Rhythm {
	case Weekly, Fortnightly:
		return last.Day + calendar.Day(beats[p.Rhythm].nominal)
	case Monthly:
		date := dayOfMonth(last.Day)
		if len(p.PayDays) > 0 {
			date = p.PayDays[0]
		}
		first := last.Day - calendar.Day(dayOfMonth(last.Day)) + 1
		first = first.AddMonths(last.Month + 1 - last.Day.MonthIndex())
		return min(first+calendar.Day(date)-1, first.AddMonths(1)-1)
	case Yearly:
		return last.Day.AddMonths(12)
	}
	return calendar.None
}

// expect fills in the next amount and its interval.
func (p *Pace) expect(occurrences []Occurrence, factors []int64) {
	p.Amount = medianAmount(newest(occurrences, newestForMedian))
	n, sum, spread := spreadOf(newest(occurrences, newestAmounts))
	if n < leastForInterval {
		return
	}
	// s² = R ÷ (n × (n − 1)), so t × s × √(1 + 1/n) = t × √(R × (n² − 1)) ÷ (n × (n − 1)).
	// Over 1,000 × n × (n − 1), with t in 1/1,000: mean ± that is (mid ∓ √wide) ÷ below.
	t := factors[n-leastForInterval]
	mid := new(big.Int).Mul(sum, big.NewInt(1000*(n-1)))
	wide := spread.Mul(spread, big.NewInt(t*t*(n*n-1)))
	below := big.NewInt(1000 * n * (n - 1))
	high := new(big.Int).Set(wide)
	high.Sqrt(high).Add(high, mid)
	low := new(big.Int).Sub(mid, rootUp(wide))
	p.HasInterval = true
	p.Low = max(0, min(halfUpCents(low, below), p.Amount))
	p.High = max(halfUpCents(high, below), p.Amount)
}

// halfUpCents returns a ÷ b in whole cents, half up, held at the ends of the range.
// a may stand for any number from a up to below a + 1: all of them round alike.
func halfUpCents(a, b *big.Int) money.Amount {
	const cent = money.Scale / 100
	b = new(big.Int).Mul(b, big.NewInt(2*cent))
	a = new(big.Int).Lsh(a, 1)
	a.Add(a, new(big.Int).Rsh(b, 1)).Div(a, b).Mul(a, big.NewInt(cent))
	switch {
	case a.IsInt64():
		return money.Amount(a.Int64())
	case a.Sign() < 0:
		return math.MinInt64
	}
	return math.MaxInt64
}

// medianAmount returns the median of at least one amount, in cents, half up.
func medianAmount(occurrences []Occurrence) money.Amount {
	amounts := make([]money.Amount, len(occurrences))
	for i := range occurrences {
		amounts[i] = occurrences[i].Amount
	}
	slices.Sort(amounts)
	n := len(amounts)
	twice := new(big.Int).Add(big.NewInt(int64(amounts[(n-1)/2])), big.NewInt(int64(amounts[n/2])))
	return cents(twice, big.NewInt(2))
}
