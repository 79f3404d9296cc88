package accuracy

import (
	"fmt"
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/classify"
	"github.com/openklaas/klaas/internal/clean"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/sandbox"
	"github.com/openklaas/klaas/openfinance"
)

// FactsResult is what Facts measured.
type FactsResult struct {
	People int
	Rates  []Rate
	// MonthlyIncome is how far the monthly income of a person is from what the same
	// formula gives with the true roles and categories.
	MonthlyIncome Errors
	// EarnedIncome is how far it is from what the truth adds up for the same months,
	// regular or not: all income but dividends and redemptions. Of people without a
	// company.
	EarnedIncome Errors
	Misses       []Miss // the first of each rate
}

// Rate is how much of something is right.
type Rate struct {
	Name string
	Share
}

// Errors are relative errors, in 1/10,000. Where the truth is 0 and klaas says more,
// or one of both is unknown, the error is 10,000.
type Errors struct {
	Number            int
	Median, Ninetieth money.Amount // at least a half, and nine tenths, are no larger
	list              []money.Amount
}

func (e *Errors) add(said, truth fact.Figure) (off money.Amount) {
	switch {
	case said.Known == truth.Known && said.Amount == truth.Amount:
	case said.Known && truth.Known && truth.Amount != 0:
		off = (said.Amount - truth.Amount).Abs() * money.Scale / truth.Amount
	default:
		off = money.Scale
	}
	e.list = append(e.list, off)
	return off
}

func (e *Errors) finish() {
	slices.Sort(e.list)
	if e.Number = len(e.list); e.Number > 0 {
		e.Median, e.Ninetieth = e.list[e.Number/2], e.list[e.Number*9/10]
	}
}

// The rates, in the order in which they are printed.
const (
	groupsRight     = "recurring groups, precision"
	seriesFound     = "recurring groups, recall"
	salariesRight   = "salaries, precision"
	salariesFound   = "salaries, recall"
	salariesEarned  = "salaries that count as income"
	intervals       = "80 % intervals of the next income"
	workIntervals   = "– of wages, pensions and benefits"
	otherIntervals  = "– of other income but dividends"
	returnIntervals = "– of dividends and yields"
)

var rateNames = []string{
	groupsRight, seriesFound, salariesRight, salariesFound, salariesEarned, intervals, workIntervals, otherIntervals, returnIntervals,
}

// incomeError is the name of misses of the monthly income.
const incomeError = "monthly income"

// Facts measures facts on the people of [Ledger], with klaas's own roles and
// categories.
func Facts(people int, seed uint64, end calendar.Day) (*FactsResult, error) {
	m := factsMeasure{rates: make(map[string]*Share), kept: make(map[string]int), result: FactsResult{People: people}}
	for _, name := range rateNames {
		m.rates[name] = &Share{}
	}
	personas := sandbox.Personas()
	for n := range people {
		person := sandbox.Generate(personas[n%len(personas)], seed, n, end)
		if err := m.person(&person, end); err != nil {
			return nil, fmt.Errorf("person %d, %s: %w", n, person.Persona, err)
		}
	}
	for _, name := range rateNames {
		m.result.Rates = append(m.result.Rates, Rate{name, *m.rates[name]})
	}
	m.result.MonthlyIncome.finish()
	m.result.EarnedIncome.finish()
	return &m.result, nil
}

// factsMeasure gathers the rates of all people.
type factsMeasure struct {
	rates  map[string]*Share
	kept   map[string]int
	result FactsResult

	subject *sandbox.Person
	doc     *openfinance.Document
	book    *ledger.Ledger
}

func (m *factsMeasure) person(p *sandbox.Person, end calendar.Day) (err error) {
	m.subject = p
	if m.doc, _, err = openfinance.Read(p.Userdata); err != nil {
		return err
	}
	m.book = m.asOf(end)
	if len(m.book.Movements) != len(p.Truth.Rows) {
		return fmt.Errorf("the document has %d rows and the ledger %d", len(p.Truth.Rows), len(m.book.Movements))
	}
	facts := fact.New(m.book)
	m.groups(facts)
	if p.Truth.CPF != "" { // Income is a person's.
		m.salaries(facts)
		m.monthlyIncome(facts, end)
		m.nextIncome(facts, end)
	}
	return nil
}

// asOf returns the classified ledger of the subject as of a day.
func (m *factsMeasure) asOf(day calendar.Day) *ledger.Ledger {
	book, _ := clean.Clean(m.doc, clean.Options{Day: day})
	classify.Shared().Classify(book, classify.Options{})
	return book
}

// ask counts one question of a rate; where the answer is wrong, miss tells it.
func (m *factsMeasure) ask(rate string, right bool, miss func() (path, said, want string)) {
	m.rates[rate].Whole++
	if right {
		m.rates[rate].Part++
		return
	}
	m.miss(rate, miss)
}

func (m *factsMeasure) miss(name string, miss func() (path, said, want string)) {
	if m.kept[name]++; m.kept[name] <= missesKept {
		path, said, want := miss()
		m.result.Misses = append(m.result.Misses, Miss{
			Figure: name, Persona: m.subject.Persona, N: m.subject.Truth.N, Path: path, Said: said, True: want,
		})
	}
}
