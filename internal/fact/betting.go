package fact

import (
	"github.com/openklaas/klaas/internal/money"
)

// Level says how strongly a signal speaks.
type Level uint8

// The levels.
const (
	UnknownLevel Level = iota
	NoLevel
	Low
	Medium
	High
)

var levelNames = [...]string{"UNKNOWN", "NONE", "LOW", "MEDIUM", "HIGH"}

// String returns the name that reports write.
func (l Level) String() string { return levelNames[l] }

// Sure returns the level, but unknown in place of none and low where too little is
// known to say that nothing is wrong.
func (l Level) Sure(known bool) Level {
	if !known && l < Medium {
		return UnknownLevel
	}
	return l
}

// Betting is what a person or company stakes at betting houses: the debits in 041201
// of checking accounts and cards, and what comes back to checking accounts. Lotteries
// are not part of it. Every figure is unknown without a checking account.
type Betting struct {
	Known         bool
	Out           Traces // stakes, of any age
	In            Traces // credits of checking accounts, of any age
	Lottery       Traces // debits in 041202, beside
	PerMonth      Figure // stakes of the last 90 days ÷ 3, 2 decimals
	ShareOfIncome Ratio  // what they add up to ÷ income of the last 90 days
	ShareBehind   Evidence
	Trend         Ratio // of the monthly amounts out
	TrendBehind   Evidence
	Credit        bool // credit followed a stake of the last 180 days within 30 days
	CreditBehind  Evidence
	Level         Level
}

const (
	bettingDays    = 90
	creditDays     = 180 // in which credit after betting is looked for
	creditWithin   = 30  // days after a stake in which credit follows it
	trendMonths    = 12
	monthsOf90Days = 3
)

// The bands of the level: the first that holds from high down.
const (
	highPerMonth   = 10 * money.Scale
	mediumPerMonth = 3 * money.Scale
	highShare      = money.Scale / 10 // 0.10
	mediumShare    = money.Scale / 50 // 0.02
)

// Betting returns the betting of the person or company. The share of income takes
// the income of V1 or V2; a company's is its operating inflow.
func (f *Facts) Betting(company, v2 bool) *Betting {
	which := &f.betting[whose(company)][whose(v2)]
	if *which == nil {
		*which = f.newBetting(company, v2)
	}
	return *which
}

func (f *Facts) newBetting(company, v2 bool) *Betting {
	flows, r := f.Flows(company), f.Risks(company)
	b := &Betting{Known: f.HasChecking(company), Out: r.Bets, In: r.Winnings, Lottery: r.Lottery}
	if !b.Known {
		return b
	}
	recent := b.Out.In(flows.LastDays(bettingDays))
	out := recent.Sum()
	b.PerMonth = Figure{Known: true, Amount: Average(money.Amount(out.Entries)*money.Scale, monthsOf90Days), Behind: recent.Behind()}
	if income := f.denominator(company, v2, bettingDays); income.Known {
		b.ShareOfIncome = Quotient(out.Amount, income.Amount)
		b.ShareBehind = f.Union(recent.Behind(), income.Behind)
	}
	b.Trend = Trend(flows.MonthsOf(b.Out, trendMonths))
	b.TrendBehind = f.WithMonths(company, b.Out.In(flows.NewestMonths(trendMonths)).Behind())
	stakes, credit := creditAfter(b.Out, r.CreditCosts, flows.LastDays(creditDays))
	b.Credit, b.CreditBehind = len(stakes) > 0, f.Union(stakes.Behind(), credit.Behind())
	b.Level = b.level().Sure(f.Sufficiency(company).Level(0) != Insufficient)
	return b
}

// level returns what the figures say: HIGH for 10 stakes a month, or a share of 0.10,
// or 3 stakes a month with credit after betting; MEDIUM for 3 a month, or a share of
// 0.02; LOW for any stake in 90 days.
func (b *Betting) level() Level {
	often := b.PerMonth.Amount >= mediumPerMonth
	switch share := b.ShareOfIncome.Value; {
	case b.PerMonth.Amount == 0:
		return NoLevel
	case b.PerMonth.Amount >= highPerMonth, share >= highShare, often && b.Credit:
		return High
	case often, share >= mediumShare:
		return Medium
	}
	return Low
}

// denominator returns the income of the last n days that shares are of: of a
// person by the rules of V1 or V2, of a company its operating inflow.
func (f *Facts) denominator(company, v2 bool, n int) Figure {
	if !company {
		return f.Income(v2).Total(n)
	}
	flows := f.Flows(true)
	return Figure{
		Known: f.HasChecking(true), Amount: flows.Last(OperatingInflow, n).Amount, Behind: flows.Behind(OperatingInflow, flows.LastDays(n)),
	}
}

// creditAfter returns the stakes of a range of days that credit followed on the same
// day or up to 30 days later, and that credit.
func creditAfter(bets, credits Traces, days Range) (followed, following Traces) {
	bets, credits = bets.In(days), credits.In(days)
	for _, b := range bets {
		if len(credits.In(Range{b.Day, b.Day + creditWithin})) > 0 {
			followed = append(followed, b)
		}
	}
	for _, c := range credits {
		if len(bets.In(Range{c.Day - creditWithin, c.Day})) > 0 {
			following = append(following, c)
		}
	}
	return followed, following
}
