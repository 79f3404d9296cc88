package income

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/product/spec"
)

// streams writes the kinds with an entry in the last 180 days.
func (b *body) streams() {
	kinds, _ := b.income.Kinds(recentDays)
	b.List("incomeStreams", len(kinds), func(i int) { b.stream(kinds[i]) })
}

func (b *body) stream(kind fact.IncomeKind) {
	p := b.income.OfKind(kind)
	name := kind.LegacyText()
	if b.isV2() {
		name = kind.String()
	}
	b.Field("incomeStreamType", name)
	b.incomeDays(kind, p)
	b.entries(p)
	if !b.isV2() {
		return
	}
	b.Field("class", classOf(p))
	b.Optional("totalLast90Days", spec.Added, p.Last(90))
	b.Optional("totalLast180Days", spec.Added, p.Last(recentDays))
	b.Days("monthsWithIncome", b.monthsWith(p), p.Paid(recentDays))
	payers := b.payers(kind)
	b.List("payers", len(payers), func(i int) { b.payer(&payers[i]) })
}

// incomeDays writes the days of month on which the regular salary comes, as texts.
func (b *body) incomeDays(kind fact.IncomeKind, p *fact.IncomePart) {
	b.Key("incomeDays")
	b.OpenArray()
	if kind == fact.RegularSalary {
		for _, day := range p.SalaryDays() {
			if day == 0 {
				b.String("")
				continue
			}
			b.String(strconv.Itoa(day))
		}
	}
	b.CloseArray()
}

// entries writes a list that is one figure: the rows are the evidence of it.
func (b *body) entries(p *fact.IncomePart) {
	const key = "incomeTransactions"
	list := slices.Collect(p.Entries(recentDays))
	b.List(key, len(list), func(i int) {
		m := &b.facts.Ledger.Movements[list[i].Flow.Movement]
		b.Field("transactionDate", m.Day.String())
		b.Number("transactionAmount", list[i].Amount)
		b.Field("transactionName", m.Entry.Name)
		if b.isV2() {
			b.Field("transactionId", m.ID)
			b.Field("institutionCode", b.facts.Ledger.Institutions[list[i].Flow.Institution].Code)
		}
	})
	b.NoteList(key, false, p.Paid(recentDays))
}

// classOf returns the class of the entries in 180 days, MIXED for several.
func classOf(p *fact.IncomePart) string {
	class := ""
	for e := range p.Entries(recentDays) {
		switch {
		case class == "":
			class = e.Class.String()
		case class != e.Class.String():
			return "MIXED"
		}
	}
	return class
}

// monthsWith returns in how many calendar months the entries of 180 days fall.
func (b *body) monthsWith(p *fact.IncomePart) int {
	months, last := 0, -1
	for e := range p.Entries(recentDays) { // newest first
		month := (b.facts.Ledger.Day - calendar.Day(e.Flow.Age)).MonthIndex()
		if month != last {
			months, last = months+1, month
		}
	}
	return months
}

// payer is one stream of a kind with an entry in the last 180 days.
type payer struct {
	*fact.IncomeStream
	part   *fact.IncomePart
	recent fact.Figure // sum of 180 days
	newest *fact.IncomeEntry
}

// payers returns the payers of a kind by falling sum of 180 days, then by newest
// entry.
func (b *body) payers(kind fact.IncomeKind) []payer {
	var list []payer
	for i := range b.income.Streams { // by newest entry
		s := &b.income.Streams[i]
		newest := &b.income.Entries[s.Entries[0]]
		if s.Kind != kind || newest.Flow.Age >= recentDays {
			continue
		}
		part := b.income.OfStream(int32(i))
		list = append(list, payer{s, part, part.Last(recentDays), newest})
	}
	slices.SortStableFunc(list, func(x, y payer) int { return cmp.Compare(y.recent.Amount, x.recent.Amount) })
	return list
}

func (b *body) payer(p *payer) {
	m := &b.facts.Ledger.Movements[p.newest.Flow.Movement]
	whole := p.part.Paid(fact.WholeRecord)
	b.Field("name", m.Entry.Name)
	b.Field("cnpjCpf", b.Input.Seal(m.PartieTaxID()))
	b.Field("class", p.Class.String())
	b.Days("monthsWithIncome", b.monthsWith(p.part), p.part.Paid(recentDays))
	b.Optional("averageMonthly", spec.Computed, p.Average)
	b.Field("lastDate", m.Day.String())
	b.Bool("recurrent", p.Recurrent)
	b.fullMonths("monthsUsed", averageMonths)
	b.Field("rhythm", p.Pace.Rhythm.String())
	b.Ratio("regularity", p.Pace.Regularity, whole)
	b.payDays(p.Pace.PayDays, whole)
	b.day("nextExpectedDate", p.Pace.Next)
	b.day("stoppedOn", p.Pace.StoppedOn)
	b.nextAmount(&p.Pace, whole)
}

// payDays writes a list that is one figure.
func (b *body) payDays(days []int, behind fact.Evidence) {
	const key = "payDays"
	b.Key(key)
	b.OpenArray()
	for _, day := range days {
		b.Raw([]byte(strconv.Itoa(day)))
	}
	b.CloseArray()
	b.NoteList(key, len(days) == 0, behind)
}

func (b *body) day(key string, day calendar.Day) {
	if day == calendar.None {
		b.Null(key)
		return
	}
	b.Field(key, day.String())
}

// nextAmount writes an object that is one figure.
func (b *body) nextAmount(p *fact.Pace, behind fact.Evidence) {
	const key = "nextExpectedAmount"
	if p.Next == calendar.None {
		b.Null(key)
		return
	}
	b.Object(key, func() {
		b.Number("amount", p.Amount)
		if !p.HasInterval {
			b.Null("low")
			b.Null("high")
			return
		}
		b.Number("low", p.Low)
		b.Number("high", p.High)
	})
	b.NoteList(key, false, behind)
}
