package feature

import (
	"fmt"
	"strings"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/taxonomy"
)

// flow is a set of entries whose amounts are added up.
type flow struct {
	source source
	at     int // of its sums in a Book; those of a class stand in fact.Flows

	class     fact.Class
	selection fact.Selection
	kinds     kindSet // of income or liabilities
	classes   kindSet // of income
}

type source uint8

const (
	ofClass source = iota
	ofCodes
	ofIncome
	ofLiabilities
	ofLateCharges
)

// kindSet is a set of small numbers: kinds or classes.
type kindSet uint32

func (s kindSet) has(n uint8) bool { return s&(1<<n) != 0 }
func (s kindSet) isOne() bool      { return s != 0 && s&(s-1) == 0 }

const allKinds = ^kindSet(0)

// flowIndex tells which flows an entry belongs to, so that one pass fills all.
type flowIndex struct {
	sums        int // flows with sums in a Book
	codes       []codeFlow
	byCode      []uint16   // by taxonomy.Code: into lists
	lists       [][]uint16 // into codes; the first is of codes that no flow has
	income      []*flow
	liabilities []*flow
	late        []*flow
}

// codeFlow is a flow of category codes.
type codeFlow struct {
	at    int
	cards bool
	takes [2]bool // by ledger.Direction
}

var classes = map[string]fact.Class{
	"cash_inflow": fact.CashInflow, "cash_outflow": fact.CashOutflow,
	"gross_inflow": fact.GrossInflow, "gross_outflow": fact.GrossOutflow,
	"real_inflow": fact.RealInflow, "real_outflow": fact.RealOutflow,
	"loan_inflow": fact.LoanInflow, "loan_outflow": fact.LoanOutflow,
	"investment": fact.Investment, "investment_return": fact.InvestmentReturn,
	"own_transfer_in": fact.OwnTransferIn, "own_transfer_out": fact.OwnTransferOut,
	"transfer_in": fact.TransferIn, "transfer_out": fact.TransferOut,
	"card_repayment": fact.CardRepayment, "atm_withdrawal": fact.ATMWithdrawal,
	"financial_expenses": fact.FinancialExpenses, "non_financial_expenses": fact.NonFinancialExpenses,
	"insurance_inflow": fact.InsuranceInflow, "insurance_outflow": fact.InsuranceOutflow,
	"broker_application": fact.BrokerApplication, "broker_redemption": fact.BrokerRedemption,
	"gambling_out": fact.GamblingOut, "gambling_in": fact.GamblingIn, "operating_inflow": fact.OperatingInflow,
}

// add reads what a flow is made of, as the table of features writes it:
//
//	class cash_inflow
//	debits+cards 0304              see fact.ParseSelection
//	income REGULAR_SALARY BONUS    kinds of V1; none: all
//	income verified                classes
//	liabilities MORTGAGE           kinds; none: all
//	late charges
func (x *flowIndex) add(text string) (*flow, error) {
	f := &flow{at: x.sums, kinds: allKinds, classes: allKinds}
	of, rest, _ := strings.Cut(text, " ")
	var err error
	switch of {
	case "class":
		var known bool
		if f.class, known = classes[rest]; !known {
			return nil, fmt.Errorf("no flow class is called %q", rest)
		}
		return f, nil
	case "income":
		f.source = ofIncome
		x.income = append(x.income, f)
		err = f.readIncome(strings.Fields(rest))
	case "liabilities":
		f.source = ofLiabilities
		x.liabilities = append(x.liabilities, f)
		f.kinds, err = setOf(strings.Fields(rest), fact.LiabilityKinds, func(i int) string { return fact.LiabilityKind(i).String() })
	case "late":
		f.source = ofLateCharges
		x.late = append(x.late, f)
	default:
		f.source = ofCodes
		if f.selection, err = fact.ParseSelection(text); err == nil {
			x.addCodes(f)
		}
	}
	x.sums++
	return f, err
}

// readIncome reads kinds, which are in capitals, or classes.
func (f *flow) readIncome(words []string) (err error) {
	if len(words) > 0 && words[0] != strings.ToUpper(words[0]) {
		f.classes, err = setOf(words, int(fact.FinancialIncome)+1, func(i int) string { return strings.ToLower(fact.IncomeClass(i).String()) })
		return err
	}
	f.kinds, err = setOf(words, fact.IncomeKinds, func(i int) string { return fact.IncomeKind(i).String() })
	return err
}

// setOf returns the set of the names; all for none.
func setOf(names []string, n int, name func(int) string) (kindSet, error) {
	if len(names) == 0 {
		return allKinds, nil
	}
	var s kindSet
	for _, want := range names {
		before := s
		for i := range n {
			if name(i) == want {
				s |= 1 << i
			}
		}
		if s == before {
			return 0, fmt.Errorf("no kind is called %q", want)
		}
	}
	return s, nil
}

// addCodes puts a flow into the list of each of its codes.
func (x *flowIndex) addCodes(f *flow) {
	if x.byCode == nil {
		all := taxonomy.All()
		x.lists = make([][]uint16, 1, len(all)+1)
		for _, c := range all {
			x.byCode = append(x.byCode, make([]uint16, max(0, int(c.Code)+1-len(x.byCode)))...)
			x.byCode[c.Code] = uint16(len(x.lists))
			x.lists = append(x.lists, nil)
		}
	}
	of := codeFlow{at: f.at, cards: f.selection.Cards}
	of.takes[ledger.Credit] = f.selection.Side != fact.Debits
	of.takes[ledger.Debit] = f.selection.Side != fact.Credits
	for _, c := range taxonomy.All() {
		if f.selection.Codes.Has(c.Code) {
			list := &x.lists[x.byCode[c.Code]]
			*list = append(*list, uint16(len(x.codes)))
		}
	}
	x.codes = append(x.codes, of)
}

// of returns the flows of a code.
func (x *flowIndex) of(code taxonomy.Code) []uint16 {
	if int(code) >= len(x.byCode) {
		return nil
	}
	return x.lists[x.byCode[code]]
}

const (
	periodDays = 30
	periods    = 13 // 12 of 30 days, and one of all older entries
)

// periodSums are the sums of a flow by period of 30 days, the newest first.
type periodSums [periods]fact.Sum

func (s *periodSums) add(age int32, amount money.Amount) {
	p := &s[min(age/periodDays, periods-1)]
	*p = p.Add(amount, 1)
}

// fill adds every entry once to all flows that have it.
func (b *Book) fill() []periodSums {
	x := &b.features.flows
	sums := make([]periodSums, x.sums)
	l := b.facts.Ledger
	for i := range b.flows.Entries {
		e := &b.flows.Entries[i]
		m := &l.Movements[e.Movement]
		for _, at := range x.of(m.Decision.Code) {
			if c := &x.codes[at]; c.takes[m.Direction] {
				sums[c.at].add(e.Age, e.Amount)
			}
		}
	}
	lines := b.facts.CardLines(b.company)
	for i := range lines {
		line := &lines[i]
		m := &l.Movements[line.Movement]
		if m.Direction != ledger.Debit {
			continue
		}
		for _, at := range x.of(m.Decision.Code) {
			if c := &x.codes[at]; c.cards {
				sums[c.at].add(line.Age, line.Amount)
			}
		}
	}
	b.fillKinds(x, sums)
	return sums
}

// fillKinds adds the entries that have a kind, and the late charges.
func (b *Book) fillKinds(x *flowIndex, sums []periodSums) {
	for i := range b.income {
		for _, f := range x.income {
			if e := &b.income[i]; f.hasIncome(e) {
				sums[f.at].add(e.Flow.Age, e.Amount)
			}
		}
	}
	liabilities := b.facts.Liabilities(b.company)
	for i := range liabilities {
		for _, f := range x.liabilities {
			if e := &liabilities[i]; f.kinds.has(uint8(e.Kind)) {
				sums[f.at].add(e.Flow.Age, e.Amount)
			}
		}
	}
	day := b.facts.Ledger.Day
	charges := b.facts.LateCharges(b.company)
	for i := range charges {
		if c := &charges[i]; c.Day != calendar.None && c.Day <= day {
			for _, f := range x.late {
				sums[f.at].add(int32(day-c.Day), c.Amount)
			}
		}
	}
}

func (f *flow) hasIncome(e *fact.IncomeEntry) bool {
	return f.kinds.has(uint8(e.Kind)) && f.classes.has(uint8(e.Class))
}

// period returns the sum of a flow over one period of 30 days.
func (b *Book) period(f *flow, period int) fact.Sum {
	if f.source == ofClass {
		return b.flows.Period(f.class, period)
	}
	if b.sums == nil {
		b.sums = b.fill()
	}
	return b.sums[f.at][period]
}

// last returns the sum of a flow over a window of days.
func (b *Book) last(f *flow, w Window) fact.Sum {
	n := periods
	if w.Days > 0 {
		n = w.Days / periodDays
	}
	var sum fact.Sum
	for p := range n {
		part := b.period(f, p)
		sum = sum.Add(part.Amount, part.Entries)
	}
	return sum
}

// behind returns the evidence of the sum of a flow over a window of days.
func (b *Book) behind(f *flow, w Window) fact.Evidence {
	days := w.days(b.flows)
	switch f.source {
	case ofClass:
		return b.flows.Behind(f.class, days)
	case ofCodes:
		return b.facts.Chosen(b.company, &f.selection, days)
	case ofIncome:
		return b.incomeBehind(f, days)
	case ofLiabilities:
		return b.liabilitiesBehind(f, days)
	}
	return b.lateChargesBehind(days)
}

func (b *Book) incomeBehind(f *flow, days fact.Range) fact.Evidence {
	return func(yield func(fact.Item) bool) {
		for i := range b.income {
			e := &b.income[i]
			if b.isIn(days, e.Flow.Age) && f.hasIncome(e) && !yield(fact.Item{Index: e.Flow.Movement, Amount: e.Amount}) {
				return
			}
		}
	}
}

func (b *Book) liabilitiesBehind(f *flow, days fact.Range) fact.Evidence {
	return func(yield func(fact.Item) bool) {
		entries := b.facts.Liabilities(b.company)
		for i := range entries {
			e := &entries[i]
			if b.isIn(days, e.Flow.Age) && f.kinds.has(uint8(e.Kind)) && !yield(e.Item()) {
				return
			}
		}
	}
}

func (b *Book) lateChargesBehind(days fact.Range) fact.Evidence {
	var in []fact.LateCharge
	for _, c := range b.facts.LateCharges(b.company) {
		if c.Day != calendar.None && days.First <= c.Day && c.Day <= days.Last {
			in = append(in, c)
		}
	}
	return fact.LateChargesBehind(in)
}

func (b *Book) isIn(days fact.Range, age int32) bool {
	day := b.facts.Ledger.Day - calendar.Day(age)
	return days.First <= day && day <= days.Last
}
