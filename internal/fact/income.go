package fact

import (
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/taxonomy"
)

// IncomeKind is a kind of income, in the order of reports.
type IncomeKind uint8

// The kinds.
const (
	RegularSalary        IncomeKind = iota // 010101, 010103
	Bonus                                  // 010102, 010104
	RetirementPension                      // 010301, 010302
	GovernmentSupport                      // 010303–010305
	SponsorshipPension                     // 010306
	BusinessIncome                         // 0102, 010107
	OtherRemuneration                      // 010105, 010106, 010108, 010109
	OtherRecurrentIncome                   // 0107 and 0108 when recurrent; in V2 also recurrent transfers from other people
	InvestmentDividend                     // 0104
	InvestmentRedemption                   // 0105 without sweeps
	IncomeKinds          int        = iota
)

var incomeKindNames = [IncomeKinds]struct{ name, legacy string }{
	RegularSalary:        {"REGULAR_SALARY", "Regular salary"},
	Bonus:                {"BONUS", "Bonus"},
	RetirementPension:    {"RETIREMENT_PENSION", "Retirement pension"},
	GovernmentSupport:    {"GOVERNMENT_SUPPORT", "Government support"},
	SponsorshipPension:   {"SPONSORSHIP_PENSION", "Sponsorship pension"},
	BusinessIncome:       {"BUSINESS_INCOME", "Business income"},
	OtherRemuneration:    {"OTHER_REMUNERATION", "Other remuneration"},
	OtherRecurrentIncome: {"OTHER_RECURRENT_INCOME", "Other recurrent income"},
	InvestmentDividend:   {"INVESTMENT_DIVIDEND", "Investment dividend"},
	InvestmentRedemption: {"INVESTMENT_REDEMPTION", "Investment redemption"},
}

// String returns the name that reports write, such as REGULAR_SALARY.
func (k IncomeKind) String() string { return incomeKindNames[k].name }

// LegacyText returns the name of the first versions, such as "Regular salary".
func (k IncomeKind) LegacyText() string { return incomeKindNames[k].legacy }

// IncomeClass says how sure an income is.
type IncomeClass uint8

// The classes.
const (
	NotIncome       IncomeClass = iota // shown, but in no total of V2: redemptions, severance, unemployment insurance, FGTS
	VerifiedIncome                     // the payer is proven by structure
	EstimatedIncome                    // a text or a category says so
	FinancialIncome                    // dividends: estimated in totals, never recurrent
)

var incomeClassNames = [...]string{"NOT_INCOME", "VERIFIED", "ESTIMATED", "FINANCIAL"}

// String returns the name that reports write, such as VERIFIED.
func (c IncomeClass) String() string { return incomeClassNames[c] }

// incomeCodes are the kind and class of the codes from first to last. What may be
// verified is estimated until its payer is proven.
var incomeCodes = [...]struct {
	first, last taxonomy.Code
	kind        IncomeKind
	class       IncomeClass
}{
	{salary, salary, RegularSalary, EstimatedIncome},
	{portedSalary, portedSalary, RegularSalary, EstimatedIncome},
	{10102, 10102, Bonus, EstimatedIncome},
	{10104, 10104, Bonus, EstimatedIncome},
	{10301, 10302, RetirementPension, EstimatedIncome},
	{10303, 10303, GovernmentSupport, EstimatedIncome},
	{10304, 10305, GovernmentSupport, NotIncome},
	{10306, 10306, SponsorshipPension, EstimatedIncome},
	{10200, 10299, BusinessIncome, EstimatedIncome},
	{10107, 10107, BusinessIncome, EstimatedIncome},
	{10105, 10106, OtherRemuneration, EstimatedIncome},
	{severance, severance, OtherRemuneration, NotIncome},
	{10109, 10109, OtherRemuneration, EstimatedIncome},
	{10700, 10899, OtherRecurrentIncome, EstimatedIncome},
	{10400, 10499, InvestmentDividend, FinancialIncome},
	{10500, 10599, InvestmentRedemption, NotIncome},
}

// severance is paid when work ends.
const severance taxonomy.Code = 10108

// Transfers from other people that may be income: 0201–0204.
const firstTransfer, lastTransfer taxonomy.Code = 20100, 20499

// IncomeEntry is a credit of a checking account that is of a kind of income.
type IncomeEntry struct {
	Flow      *Flow
	Kind      IncomeKind
	Class     IncomeClass
	Net       bool         // a transfer from other people: what went back to them is taken off
	Recurrent bool         // its stream is recurrent at D inside its kind
	Stream    int32        // index into Income.Streams; −1: of none
	Month     int          // as calendar.Day.MonthIndex counts: the competence month of a verified entry, else the calendar month
	Amount    money.Amount // what counts of it: without what came back to its payer
}

// IncomeStream is one payer inside one kind.
type IncomeStream struct {
	Kind      IncomeKind
	Stream    Stream
	Class     IncomeClass // of its newest entry
	Recurrent bool        // at D
	Entries   []int32     // into Income.Entries, newest first
	Average   Figure      // mean of the newest 6 full months; unknown without one
	Pace      Pace        // V2 alone
	net       []int32     // of Entries: those of which what went back is taken off
	returned  []*Flow     // transfers to the payer, newest first
}

// Income is what a person earned through all checking accounts together, without
// own transfers, reversals and sweeps.
//
// V1 has the ten kinds as they were first published, and all of them make its
// totals. In V2 totals leave out what is not income, recurrent transfers from other
// people are other recurrent income less what went back to them, and such transfers
// from the family stand apart. Entries in another currency than BRL are of no kind:
// what they are worth is not known.
type Income struct {
	Known   bool          // there is a checking account; else every figure is unknown
	Entries []IncomeEntry // newest first, of any age
	Streams []IncomeStream
	Family  *Income // V2: recurrent transfers from the family, in no kind, total or average

	v2        bool
	facts     *Facts
	flows     *Flows
	byAccount byAccount
}

// Income returns the income of the person, by the rules of V1 or V2.
func (f *Facts) Income(v2 bool) *Income {
	which := 0
	if v2 {
		which = 1
	}
	if f.income[which] == nil {
		f.income[which] = f.newIncome(v2)
	}
	return f.income[which]
}

// credit is an entry that may be income.
type credit struct {
	flow   *Flow
	kind   IncomeKind
	class  IncomeClass
	net    bool
	amount money.Amount
}

func (f *Facts) newIncome(v2 bool) *Income {
	in := &Income{Known: f.HasChecking(false), v2: v2, facts: f, flows: f.Flows(false)}
	credits, of := in.credits()
	var recurrent [IncomeKinds + 1]map[Stream]bool // the last one is of transfers
	for kind, movements := range of {
		recurrent[kind] = f.Recurrent(false, movements)
	}
	home := household(nil)
	if v2 {
		in.Family = &Income{Known: in.Known, v2: v2, facts: f, flows: in.flows}
		home = f.household(of[IncomeKinds], recurrent[IncomeKinds])
	}
	own, family := gatherer{in: in}, gatherer{in: in.Family}
	for i := range credits {
		c := &credits[i]
		kind := int(c.kind)
		if c.net {
			kind = IncomeKinds
		}
		s, named := f.Stream(c.flow.Movement)
		isRecurrent := named && recurrent[kind][s]
		switch {
		case c.kind == OtherRecurrentIncome && !isRecurrent:
		case c.net && home[s]:
			family.add(c, s, named, isRecurrent)
		default:
			own.add(c, s, named, isRecurrent)
		}
	}
	in.classify()
	for _, part := range []*Income{in, in.Family} {
		if part != nil {
			part.finish()
		}
	}
	return in
}

// credits returns the credits that may be income, newest first, and their
// movements by kind; those of transfers come last.
func (in *Income) credits() (list []credit, of [IncomeKinds + 1][]int32) {
	for i := range in.flows.Entries {
		e := &in.flows.Entries[i]
		if !e.Classes.Has(CashInflow) || e.Amount == e.Returned || e.Classes.Has(OwnTransferIn) {
			continue
		}
		m := &in.facts.Ledger.Movements[e.Movement]
		if m.Role == ledger.RoleReversal || IsSweep(m) {
			continue
		}
		c := credit{flow: e, amount: e.Amount - e.Returned}
		if !c.file(m.Decision.Code, in.v2) {
			continue
		}
		kind := int(c.kind)
		if c.net {
			kind = IncomeKinds
		}
		list = append(list, c)
		of[kind] = append(of[kind], e.Movement)
	}
	return list, of
}

// file gives the credit its kind and reports whether it has one.
func (c *credit) file(code taxonomy.Code, v2 bool) bool {
	for i := range incomeCodes {
		if r := &incomeCodes[i]; r.first <= code && code <= r.last {
			c.kind, c.class = r.kind, r.class
			return true
		}
	}
	if v2 && firstTransfer <= code && code <= lastTransfer {
		c.kind, c.class, c.net = OtherRecurrentIncome, EstimatedIncome, true
		return true
	}
	return false
}

// gatherer files credits as entries of streams.
type gatherer struct {
	in      *Income
	streams map[kindStream]int32
}

type kindStream struct {
	kind   IncomeKind
	stream Stream
}

func (g *gatherer) add(c *credit, s Stream, named, recurrent bool) {
	in, at := g.in, int32(len(g.in.Entries))
	e := IncomeEntry{
		Flow: c.flow, Kind: c.kind, Class: c.class, Net: c.net, Recurrent: recurrent, Stream: -1,
		Month: in.flows.dayOfEntry(c.flow).MonthIndex(), Amount: c.amount,
	}
	if named {
		e.Stream = g.stream(kindStream{c.kind, s})
		stream := &in.Streams[e.Stream]
		stream.Recurrent = stream.Recurrent || recurrent
		stream.Entries = append(stream.Entries, at)
		if c.net {
			stream.net = append(stream.net, at)
		}
	}
	in.Entries = append(in.Entries, e)
}

func (g *gatherer) stream(key kindStream) int32 {
	id, known := g.streams[key]
	if !known {
		if g.streams == nil {
			g.streams = make(map[kindStream]int32)
		}
		id = int32(len(g.in.Streams))
		g.streams[key] = id
		g.in.Streams = append(g.in.Streams, IncomeStream{Kind: key.kind, Stream: key.stream})
	}
	return id
}

func (f *Flows) dayOfEntry(e *Flow) calendar.Day { return f.day - calendar.Day(e.Age) }

// finish finds what went back to whom, and then the figures of each stream.
func (in *Income) finish() {
	in.findReturned()
	notices := in.notices()
	for i := range in.Streams {
		s := &in.Streams[i]
		s.Class = in.Entries[s.Entries[0]].Class
		in.moveToCompetence(s)
		s.Average = in.OfStream(int32(i)).Average(6)
		if in.v2 {
			ended, told := notices[s.Stream.Party]
			if !told {
				ended = calendar.None
			}
			s.Pace = in.facts.Pace(false, in.occurrences(s), ended)
		}
	}
}

// findReturned finds the transfers in 0201–0205 to those whose transfers are
// income.
func (in *Income) findReturned() {
	payers := make(map[Party]int32)
	for i := range in.Streams {
		if s := &in.Streams[i]; len(s.net) > 0 {
			payers[s.Stream.Party] = int32(i)
		}
	}
	if len(payers) == 0 {
		return
	}
	for i := range in.flows.Entries {
		e := &in.flows.Entries[i]
		if !e.Classes.Has(TransferOut) {
			continue
		}
		if s, named := in.facts.Stream(e.Movement); named {
			if payer, known := payers[s.Party]; known {
				in.Streams[payer].returned = append(in.Streams[payer].returned, e)
			}
		}
	}
}

// notices returns by payer the newest day on which severance was paid.
func (in *Income) notices() map[Party]calendar.Day {
	days := make(map[Party]calendar.Day)
	for i := range in.Streams {
		s := &in.Streams[i]
		if s.Kind != OtherRemuneration {
			continue
		}
		for _, at := range slices.Backward(s.Entries) {
			if e := in.Entries[at].Flow; in.facts.Ledger.Movements[e.Movement].Decision.Code == severance {
				days[s.Stream.Party] = in.flows.dayOfEntry(e)
			}
		}
	}
	return days
}

// moveToCompetence gives the verified entries of a stream their competence month.
func (in *Income) moveToCompetence(s *IncomeStream) {
	isVerified := func(i int32) bool { return in.Entries[i].Class == VerifiedIncome }
	if !slices.ContainsFunc(s.Entries, isVerified) {
		return
	}
	days := make([]calendar.Day, len(s.Entries))
	for at, i := range s.Entries {
		days[at] = in.flows.dayOfEntry(in.Entries[i].Flow)
	}
	for at, month := range CompetenceMonths(days) {
		if i := s.Entries[at]; isVerified(i) {
			in.Entries[i].Month = month
		}
	}
}

// occurrences returns what the stream paid by day, oldest first.
func (in *Income) occurrences(s *IncomeStream) []Occurrence {
	list := make([]Occurrence, 0, len(s.Entries))
	for _, i := range slices.Backward(s.Entries) {
		e := &in.Entries[i]
		day := in.flows.dayOfEntry(e.Flow)
		if n := len(list); n > 0 && list[n-1].Day == day {
			list[n-1].Amount, _ = money.Add(list[n-1].Amount, e.Amount)
			continue
		}
		list = append(list, Occurrence{Day: day, Month: e.Month, Amount: e.Amount})
	}
	return list
}
