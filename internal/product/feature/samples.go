package feature

import (
	"math"
	"math/big"
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/institution"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/text"
	"github.com/openklaas/klaas/openfinance"
)

// sample is a value by account, card, bill or entry, of which statistics are taken.
type sample struct {
	values  []money.Amount
	behind  fact.Evidence
	notAsOf bool
}

// lastSample is the sample that was asked for last: labels take all statistics of
// one before they go on.
type lastSample struct {
	feature *Feature
	window  Window
	sample  sample
}

// sampled returns the sample of a feature; of a flow the amounts of its entries.
func (b *Book) sampled(f *Feature, w Window) *sample {
	if b.recent.feature == f && b.recent.window == w {
		return &b.recent.sample
	}
	b.recent = lastSample{feature: f, window: w}
	s := &b.recent.sample
	if f.sample != nil {
		*s = f.sample(b, w)
		return s
	}
	s.behind = b.behind(f.flow, w)
	for item := range s.behind {
		s.values = append(s.values, item.Amount)
	}
	return s
}

// statistic takes one of the statistics [Max] to [Variation]; it is unknown for no
// value.
func (s *sample) statistic(of Statistic) Value {
	n := len(s.values)
	if n == 0 {
		return Value{NotAsOf: s.notAsOf}
	}
	v := Value{Known: true, Kind: spec.Computed, Behind: s.behind}
	switch of {
	case Max:
		v.Amount = slices.Max(s.values)
	case Min:
		v.Amount = slices.Min(s.values)
	case Mean:
		v.Amount = mean(s.values)
	case Median:
		sorted := slices.Sorted(slices.Values(s.values))
		v.Amount = mean(sorted[(n-1)/2 : n/2+1])
	case Deviation:
		v.Amount = deviation(s.values)
	case Variation:
		v.Amount, v.Exact = variation(s.values), true
	}
	return v
}

// moments returns Σx and n × Σx² − (Σx)², which is n² × the variance, exactly.
func moments(values []money.Amount) (sum, spread *big.Int) {
	sum, spread = new(big.Int), new(big.Int)
	for _, v := range values {
		x := big.NewInt(int64(v))
		sum.Add(sum, x)
		spread.Add(spread, x.Mul(x, x))
	}
	spread.Mul(spread, big.NewInt(int64(len(values))))
	return sum, spread.Sub(spread, new(big.Int).Mul(sum, sum))
}

const cent = money.Scale / 100

// mean is Σx ÷ n with 2 decimals, half away from zero.
func mean(values []money.Amount) money.Amount {
	sum, _ := moments(values)
	negative := sum.Sign() < 0
	sum.Abs(sum)
	a := cent * roundedQuotient(sum, int64(len(values)*cent))
	if negative {
		return -a
	}
	return a
}

// deviation is √(Σ(x − mean)² ÷ n) with 2 decimals, half up.
func deviation(values []money.Amount) money.Amount {
	_, spread := moments(values)
	// √spread ÷ n in cents: with q = ⌊√(4 × spread)⌋, twice the root, the rounded
	// number is ⌊(q + n × cent) ÷ (2 × n × cent)⌋.
	spread.Lsh(spread, 2).Sqrt(spread)
	unit := big.NewInt(int64(len(values)) * cent)
	return cent * held(spread.Add(spread, unit).Quo(spread, unit.Lsh(unit, 1)))
}

// variation is deviation ÷ mean with 4 decimals, half away from zero; 0 for a mean
// of 0.
func variation(values []money.Amount) money.Amount {
	sum, spread := moments(values)
	if sum.Sign() == 0 {
		return 0
	}
	negative := sum.Sign() < 0
	sum.Abs(sum)
	// √spread ÷ Σx in 1/10,000, rounded as in deviation.
	spread.Mul(spread, big.NewInt(4*money.Scale*money.Scale)).Sqrt(spread)
	spread.Add(spread, sum)
	a := held(spread.Quo(spread, sum.Lsh(sum, 1)))
	if negative {
		return -a
	}
	return a
}

// roundedQuotient returns a ÷ b as the nearest whole number, half up; a is not
// negative.
func roundedQuotient(a *big.Int, b int64) money.Amount {
	whole := big.NewInt(b)
	a.Lsh(a, 1).Add(a, whole)
	return held(a.Quo(a, whole.Lsh(whole, 1)))
}

// held returns a number that is not negative, at most the largest amount.
func held(n *big.Int) money.Amount {
	if !n.IsInt64() {
		return math.MaxInt64
	}
	return money.Amount(n.Int64())
}

// samples are the features that are samples, by name.
var samples = map[string]func(*Book, Window) sample{
	"transaction_age_of_checking_account": func(b *Book, _ Window) sample { return b.ages(b.accountRecord, calendar.WholeMonths) },
	"relation_age_of_checking_account":    func(b *Book, _ Window) sample { return b.ages(b.accountRelation, calendar.WholeMonths) },
	"record_age_of_checking_account":      func(b *Book, _ Window) sample { return b.ages(b.accountStart, daysBetween) },
	"transaction_age_of_card":             func(b *Book, _ Window) sample { return b.cardAges() },
	"relation_age_of_card":                func(*Book, Window) sample { return sample{} },
	"overdraft_limit":                     func(b *Book, _ Window) sample { return b.overdraftLimits() },
	"card_limit":                          func(b *Book, _ Window) sample { return b.cardLimits() },
	"bill_amount":                         (*Book).billAmounts,
	"lines_of_bill":                       (*Book).billLines,
	"largest_debit_of_bill":               (*Book).largestDebits,
}

func daysBetween(a, b calendar.Day) int { return int(b - a) }

// start is the day from which something is known, with what tells it.
type start struct {
	day  calendar.Day // None: nothing tells
	item fact.Item
}

// ages returns how long ago the checking accounts start.
func (b *Book) ages(of func(account int32) start, age func(from, to calendar.Day) int) sample {
	starts := make([]start, len(b.checking))
	for i, account := range b.checking {
		starts[i] = of(account)
	}
	return b.agesSince(starts, age)
}

func (b *Book) cardAges() sample {
	starts := make([]start, len(b.cards))
	for i, card := range b.cards {
		c := &b.facts.Ledger.Cards[card]
		starts[i] = b.oldest(c.First, c.End)
	}
	return b.agesSince(starts, calendar.WholeMonths)
}

func (b *Book) agesSince(starts []start, age func(from, to calendar.Day) int) sample {
	var s sample
	var behind []fact.Item
	for _, from := range starts {
		if from.day != calendar.None {
			s.values = append(s.values, count(age(from.day, b.facts.Ledger.Day)))
			behind = append(behind, from.item)
		}
	}
	s.behind = b.facts.Union(listed(behind))
	return s
}

// accountRecord is the oldest effective entry of an account.
func (b *Book) accountRecord(account int32) start {
	a := &b.facts.Ledger.Accounts[account]
	return b.oldest(a.First, a.End)
}

// oldest returns the day of the oldest effective movement up to the reporting day,
// of several the one that is printed last.
func (b *Book) oldest(first, end int32) start {
	l, oldest := b.facts.Ledger, int32(-1)
	for at := first; at < end; at++ {
		m := &l.Movements[at]
		if m.Standing == ledger.Counted && m.Phase == ledger.Effective && m.Day <= l.Day && (oldest < 0 || l.Newer(oldest, at)) {
			oldest = at
		}
	}
	if oldest < 0 {
		return start{day: calendar.None}
	}
	return start{l.Movements[oldest].Day, fact.Item{Index: oldest}}
}

// accountRelation is since when the person is a customer of an account's institution:
// the oldest start of the financial relations with it. A relation is with an
// institution of its CNPJ root, else of its brand; in a document with one
// institution all are with that one.
func (b *Book) accountRelation(account int32) start {
	l := b.facts.Ledger
	relations := l.Document.PersonalRelations
	if b.company {
		relations = l.Document.BusinessRelations
	}
	in := &l.Institutions[l.Accounts[account].Institution]
	of := start{calendar.None, fact.Item{Kind: fact.AccountItem, Index: account}}
	for _, same := range []func(*openfinance.FinancialRelation) bool{
		func(r *openfinance.FinancialRelation) bool {
			return in.Root != "" && institution.Root(r.CompanyCNPJ) == in.Root
		},
		func(r *openfinance.FinancialRelation) bool {
			return in.BrandName != "" && text.Normalise(r.BrandName) == text.Normalise(in.BrandName)
		},
		func(*openfinance.FinancialRelation) bool { return len(l.Institutions) == 1 },
	} {
		for i := range relations {
			day := dayOf(relations[i].StartDate)
			if day != calendar.None && day <= l.Day && (of.day == calendar.None || day < of.day) && same(&relations[i]) {
				of.day = day
			}
		}
		if of.day != calendar.None {
			break
		}
	}
	return of
}

// accountStart is the oldest entry of an account, or an older start of the relation.
func (b *Book) accountStart(account int32) start {
	record, relation := b.accountRecord(account), b.accountRelation(account)
	if record.day == calendar.None || relation.day != calendar.None && relation.day < record.day {
		return relation
	}
	return record
}

// overdraftLimits are the contracted limits of the checking accounts.
func (b *Book) overdraftLimits() sample {
	var s sample
	var behind []fact.Item
	for _, i := range b.checking {
		a := &b.facts.Ledger.Accounts[i]
		if a.Source.OverdraftLimits == nil {
			continue
		}
		if limit, known := reais(a.Source.OverdraftLimits.Contracted); known {
			s.values = append(s.values, a.Share.Of(limit))
			behind = append(behind, fact.Item{Kind: fact.AccountItem, Index: i, Amount: a.Share.Of(limit)})
		}
	}
	return b.asOf(s, behind)
}

// cardLimits are the limits of the cards, each by its one row.
func (b *Book) cardLimits() sample {
	var s sample
	var behind []fact.Item
	for _, i := range b.cards {
		row := fact.MainLimit(b.facts.Ledger.Cards[i].Source.Limits)
		if row == nil {
			continue
		}
		if limit, known := reais(row.Limit); known {
			s.values = append(s.values, limit)
			behind = append(behind, fact.Item{Kind: fact.CardItem, Index: i, Amount: limit})
		}
	}
	return b.asOf(s, behind)
}

// asOf returns a sample of what has no history: nothing on an older day.
func (b *Book) asOf(s sample, behind []fact.Item) sample {
	if b.facts.Ledger.Replay && len(s.values) > 0 {
		return sample{notAsOf: true}
	}
	s.behind = listed(behind)
	return s
}

// bills visits the newest closed bills of every card.
func (b *Book) bills(w Window, visit func(item fact.Item, bill *ledger.Bill)) {
	for _, i := range b.cards {
		closed := b.facts.Ledger.Cards[i].Closed
		for k := range closed[:min(w.Bills, len(closed))] {
			visit(fact.Item{Kind: fact.BillItem, Index: i, Bill: int32(k)}, &closed[k])
		}
	}
}

// billAmounts are the totals of bills; one that is not in reais is left out.
func (b *Book) billAmounts(w Window) sample {
	var s sample
	var behind []fact.Item
	b.bills(w, func(item fact.Item, bill *ledger.Bill) {
		if total, known := reais(bill.Source.Total); known {
			item.Amount = total
			s.values = append(s.values, total)
			behind = append(behind, item)
		}
	})
	s.behind = listed(behind)
	return s
}

// billLines are the numbers of lines of bills.
func (b *Book) billLines(w Window) sample {
	return b.ofLines(w, func(lines []int32) money.Amount { return count(len(lines)) })
}

// largestDebits are the largest debit lines of bills.
func (b *Book) largestDebits(w Window) sample {
	l := b.facts.Ledger
	return b.ofLines(w, func(lines []int32) (largest money.Amount) {
		for _, at := range lines {
			if m := &l.Movements[at]; m.Direction == ledger.Debit && !m.Foreign {
				largest = max(largest, m.Amount)
			}
		}
		return largest
	})
}

// ofLines returns a value by bill, made from its lines up to the reporting day.
func (b *Book) ofLines(w Window, value func(lines []int32) money.Amount) sample {
	var s sample
	var bills, lines []fact.Item
	l := b.facts.Ledger
	b.bills(w, func(item fact.Item, bill *ledger.Bill) {
		var of []int32
		for _, at := range bill.Lines {
			if m := &l.Movements[at]; m.Standing == ledger.Counted && m.Day <= l.Day {
				of = append(of, at)
				lines = append(lines, fact.Item{Index: at, Amount: m.Amount})
			}
		}
		s.values = append(s.values, value(of))
		bills = append(bills, item)
	})
	s.behind = b.facts.Union(listed(bills), listed(lines))
	return s
}
