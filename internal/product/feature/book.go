package feature

import (
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/holding"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/openfinance"
)

// Book computes the features of one person or company. It belongs to one analysis
// and is not safe for concurrent use.
type Book struct {
	facts   *fact.Facts
	company bool
	version spec.Version

	flows    *fact.Flows
	income   []fact.IncomeEntry // of a person; none of a company
	checking []int32            // accounts that count
	savings  []int32
	cards    []int32

	features *catalogue
	sums     []periodSums // by flow.at; nil: not yet filled
	recent   lastSample
}

// New returns the features of the person or company. The income and the kinds of
// flows are those of V1; the version chooses the income that betting is a share of.
func New(f *fact.Facts, company bool, version spec.Version) *Book {
	b := &Book{facts: f, company: company, version: version, flows: f.Flows(company), features: load()}
	if !company {
		b.income = f.Income(false).Entries
	}
	for i := range f.Ledger.Accounts {
		switch a := &f.Ledger.Accounts[i]; {
		case a.Company != company || a.Share == ledger.ShareNone:
		case a.Kind.IsChecking():
			b.checking = append(b.checking, int32(i))
		default:
			b.savings = append(b.savings, int32(i))
		}
	}
	for i := range f.Ledger.Cards {
		if f.Ledger.Cards[i].Company == company {
			b.cards = append(b.cards, int32(i))
		}
	}
	return b
}

// Cards returns the number of card accounts.
func (b *Book) Cards() int { return len(b.cards) }

// Value is the value of a label.
type Value struct {
	Known      bool
	NotAsOf    bool // it is not known because the reporting day is older than the data
	Unreliable bool // it uses balances older than a broken check point
	Exact      bool // Amount has 4 decimals, else 2
	Amount     money.Amount
	Kind       spec.FigureKind
	Behind     fact.Evidence
}

// Value computes a label.
func (b *Book) Value(l *Label) Value {
	f := l.Feature
	switch {
	case !b.has(f.Needs):
		return Value{}
	case f.figure != nil:
		return f.figure(b, l.Window)
	case l.Statistic <= PerPeriod:
		return b.flowValue(f.flow, l.Statistic, l.Window)
	}
	return b.sampled(f, l.Window).statistic(l.Statistic)
}

// has reports whether the document has what a feature needs.
func (b *Book) has(n Need) bool {
	doc := b.facts.Ledger.Document
	switch n {
	case Checking:
		return len(b.checking) > 0
	case Cards:
		return b.facts.HasCards()
	case Savings:
		return len(b.savings) > 0
	case Credit:
		return b.facts.ContractSummary(b.company).Present
	case Investments:
		for _, kind := range holding.AllKinds() {
			if doc.Has(kind.Section()) {
				return true
			}
		}
		return false
	}
	return true
}

func (b *Book) flowValue(f *flow, s Statistic, w Window) Value {
	sum := b.last(f, w)
	v := Value{Known: true, Behind: b.behind(f, w)}
	switch s {
	case Sum:
		v.Amount, v.Kind = sum.Amount, spec.Added
	case Count:
		v.Amount = count(sum.Entries)
		if f.source != ofLateCharges { // A bill may have several.
			v.Kind = spec.Counted
		}
	default:
		n := 0
		for p := range w.Days / periodDays {
			if b.period(f, p).Entries > 0 {
				n++
			}
		}
		switch {
		case s == Periods:
			v.Known, v.Amount = n > 0, count(n)
		case n > 0:
			v.Amount = fact.Average(sum.Amount, n)
		}
	}
	return v
}

func count(n int) money.Amount { return money.Amount(n) * money.Scale }

// figure returns a fact as a value.
func figure(f fact.Figure, kind spec.FigureKind) Value {
	return Value{Known: f.Known, Amount: f.Amount, Kind: kind, Behind: f.Behind}
}

// ratio returns a ratio as a value.
func ratio(r fact.Ratio, behind fact.Evidence) Value {
	return Value{Known: r.Known, Exact: true, Amount: r.Value, Behind: behind}
}

// monthly returns an amount of an average month as a value.
func (b *Book) monthly(f fact.Figure) Value { return b.overMonths(figure(f, spec.Computed)) }

// overMonths adds what tells how many full months a value is over: no label says it.
func (b *Book) overMonths(v Value) Value {
	if v.Known {
		v.Behind = b.facts.WithMonths(b.company, v.Behind)
	}
	return v
}

// notAsOf is the value of what has no history.
func notAsOf() Value { return Value{NotAsOf: true} }

// listed returns the evidence of a list.
func listed(items []fact.Item) fact.Evidence {
	return func(yield func(fact.Item) bool) {
		for _, item := range items {
			if !yield(item) {
				return
			}
		}
	}
}

// items returns one item of a kind for each index.
func items(kind fact.ItemKind, indices []int32) fact.Evidence {
	return func(yield func(fact.Item) bool) {
		for _, i := range indices {
			if !yield(fact.Item{Kind: kind, Index: i}) {
				return
			}
		}
	}
}

// reais returns an amount as received; known is false when it is absent, unreadable
// or in another currency.
func reais(m openfinance.Money) (a money.Amount, known bool) {
	a, err := money.Parse(m.Amount)
	return a, err == nil && (m.Currency == "" || m.Currency == "BRL")
}
