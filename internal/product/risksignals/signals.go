package risksignals

import (
	"slices"

	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/money"
)

// reading is the value of a signal.
type reading struct {
	known    bool
	value    money.Amount // a count is in units of money.Scale
	behind   fact.Evidence
	months   months
	decided  bool       // the level does not follow from the value alone:
	level    fact.Level // it is this one
	doubtful bool       // it rests on balances older than a broken check point
}

func readingOf(r fact.Ratio, behind fact.Evidence) reading {
	return reading{known: r.Known, value: r.Value, behind: behind}
}

func counted(n int, behind fact.Evidence) reading {
	return reading{known: true, value: money.Amount(n) * money.Scale, behind: behind}
}

func (r reading) ratio() fact.Ratio { return fact.Ratio{Known: r.known, Value: r.value} }

// in adds the months, of the last 6, with an entry or bill behind a reading.
func (r reading) in(b *body, t fact.Traces) reading {
	t = t.In(b.flows.LastMonths(monthsAsked))
	r.months = months{known: true, count: t.Months(), behind: b.facts.Union(t.Behind())}
	return r
}

// months are in how many months a signal is present.
type months struct {
	known    bool
	count    int
	behind   fact.Evidence
	doubtful bool // as of a reading
}

// readers read the values of the signals.
var readers = map[string]func(*body) reading{
	"BETTING": func(b *body) reading {
		g := b.betting
		r := reading{known: true, value: g.PerMonth.Amount, behind: g.PerMonth.Behind, decided: true, level: g.Level}
		return r.in(b, g.Out)
	},
	"OVERDRAFT": func(b *body) reading {
		t := b.interestMonths()
		return counted(t.Months(), t.Behind()).in(b, t)
	},
	"NEGATIVE_BALANCE": (*body).negativeShare,
	"RETURNED_CHEQUES": func(b *body) reading { return b.ofHalfYear(b.risks.ReturnedCheques) },
	"LATE_PAYMENT":     func(b *body) reading { return b.ofHalfYear(b.bills.late) },
	"MINIMUM_PAYMENT":  func(b *body) reading { return b.ofMonths(b.bills.minimum) },
	"REVOLVING":        func(b *body) reading { return b.ofMonths(b.bills.revolving) },
	"RENEGOTIATION":    func(b *body) reading { return b.ofHalfYear(b.risks.Renegotiation) },
	"PAST_DUE": func(b *body) reading {
		f := b.debts.instalments
		return reading{known: f.Known, value: f.Amount, behind: f.Behind}
	},
	"NEW_CREDIT":    func(b *body) reading { return b.creditShare().in(b, b.risks.Loans) },
	"CASH_ADVANCE":  func(b *body) reading { return b.ofHalfYear(b.bills.taken) },
	"INCOME_LOSS":   (*body).incomeDrop,
	"CONCENTRATION": (*body).largestPayer,
	"QUICK_SPENDING": func(b *body) reading {
		return reading{known: b.speed.Known, value: b.speed.Hours, behind: b.speed.Behind}.in(b, b.salaries())
	},
	"COURT_FREEZE": func(b *body) reading {
		t := b.risks.CourtFreezes
		return counted(len(t), t.Behind()).in(b, t)
	},
	"CASH_INTENSITY": func(b *body) reading { return b.cashIntensity().in(b, b.risks.Cash) },
}

// ofHalfYear counts the traces of 180 days.
func (b *body) ofHalfYear(t fact.Traces) reading {
	recent := t.In(b.flows.LastDays(halfYear))
	return counted(len(recent), recent.Behind()).in(b, t)
}

// ofMonths counts the months, of the last 6, with a trace.
func (b *body) ofMonths(t fact.Traces) reading {
	t = t.In(b.flows.LastMonths(monthsAsked))
	return counted(t.Months(), b.facts.Union(t.Behind())).in(b, t)
}

// negativeShare is of the covered days of 90; its months are those with a negative
// day.
func (b *body) negativeShare() reading {
	n := b.facts.NegativeDays(b.company, quarter)
	if !n.Known {
		return reading{}
	}
	r := readingOf(n.Share, n.Behind)
	r.doubtful = !n.IsReliable
	balances := b.facts.DailyBalances(b.company)
	days := balances.Covered(b.flows.LastMonths(monthsAsked))
	r.months = months{known: true, behind: b.facts.BalanceBehind(b.company, days), doubtful: !balances.Invested.IsReliable(days.First)}
	for before := range monthsAsked {
		if days, _ := balances.NegativeDays(balances.Covered(b.flows.MonthRange(before))); days > 0 {
			r.months.count++
		}
	}
	return r
}

// incomeDrop is 1 where a salary or pension stopped, else by what part income fell.
func (b *body) incomeDrop() reading {
	r := readingOf(b.income.drop, b.income.dropBehind)
	if b.income.detected {
		r = counted(1, b.income.behind)
	}
	return r.in(b, b.incomeTraces(func(e *fact.IncomeEntry) bool { return e.Class != fact.NotIncome }))
}

// largestPayer is the share of the largest payer; a person's verified one is 0.
func (b *body) largestPayer() reading {
	p := &b.paid
	r := readingOf(p.Top1, p.behind)
	if !r.known {
		return r
	}
	if !b.company && b.isVerified(p.Largest) {
		r.value = 0
	}
	var t fact.Traces
	for item := range p.behind {
		if who, named := b.facts.Stream(item.Index); named && who.Party == p.Largest && item.Amount > 0 {
			t = append(t, fact.Trace{Item: item, Day: b.facts.Ledger.Movements[item.Index].Day})
		}
	}
	return r.in(b, t)
}

// table is every signal in the order of reports.
var table = mustSignals(signalsFile)

func (b *body) signals() {
	shown := make([]*signal, 0, len(table))
	for i := range table {
		if slices.Contains(table[i].kinds, b.Input.Kind) {
			shown = append(shown, &table[i])
		}
	}
	b.List("signals", len(shown), func(i int) { b.signal(shown[i]) })
}

func (b *body) signal(s *signal) {
	var r reading
	if b.has(s.needs) {
		r = s.read(b)
	}
	level := fact.UnknownLevel
	if r.known {
		level = s.level(r.value)
		if r.decided {
			level = r.level
		}
		level = level.Sure(b.sure)
	}
	b.Field("code", s.code)
	b.Field("level", level.String())
	b.Ratio("value", r.ratio(), r.behind)
	if s.needs == contracts && b.debts.present && !r.known {
		b.NotAsOf("value")
	}
	if r.doubtful {
		b.Unreliable("value")
	}
	b.Field("threshold", s.threshold(level))
	if !r.known || !r.months.known {
		b.Null("monthsPresent")
		return
	}
	b.Days("monthsPresent", r.months.count, r.months.behind)
	if r.months.doubtful {
		b.Unreliable("monthsPresent")
	}
}

// has reports whether what a signal needs is there.
func (b *body) has(needs string) bool {
	switch needs {
	case cards:
		return b.cards
	case contracts:
		return b.debts.instalments.Known
	}
	return b.known
}
