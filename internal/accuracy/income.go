package accuracy

import (
	"fmt"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/sandbox"
	"github.com/openklaas/klaas/taxonomy"
)

// salaries compares the rows that are regular salary. A wage that comes as a plain
// Pix is one in the truth; where nothing tells it, it must count as income all the
// same.
func (m *factsMeasure) salaries(facts *fact.Facts) {
	salary, earned := make(map[int32]bool), make(map[int32]bool)
	in := facts.Income(true)
	for i := range in.Entries {
		e := &in.Entries[i]
		salary[e.Flow.Movement] = e.Kind == fact.RegularSalary
		earned[e.Flow.Movement] = e.Class != fact.NotIncome
	}
	for i := range m.subject.Truth.Rows {
		row, at := &m.subject.Truth.Rows[i], int32(i)
		if row.Standing != sandbox.StandingCounted {
			continue
		}
		text := m.book.Movements[i].Text
		wrong := func() (path, said, want string) { return row.Path, text, row.Kind }
		truly := row.Income == fact.RegularSalary.String()
		if salary[at] {
			m.ask(salariesRight, truly, wrong)
		}
		if truly {
			m.ask(salariesFound, salary[at], wrong)
			m.ask(salariesEarned, earned[at], wrong)
		}
	}
}

// monthlyIncome compares the monthly income with that by the same formula from the
// true roles and categories, and with what was truly earned.
func (m *factsMeasure) monthlyIncome(facts *fact.Facts, end calendar.Day) {
	said := facts.MonthlyIncome()
	truth := fact.New(m.trueBook(end)).MonthlyIncome()
	if m.result.MonthlyIncome.add(said.Figure, truth.Figure) > 0 {
		m.miss(incomeError, func() (path, a, b string) { return "", said.Amount.String(), truth.Amount.String() })
	}
	if said.Months > 0 && m.subject.Truth.CNPJ == "" { // The truth does not tell a company's income from its owner's.
		m.result.EarnedIncome.add(said.Figure, fact.Figure{Known: true, Amount: m.earned(end, said.Months)})
	}
}

// earned returns the mean of what the truth says was earned for the newest months
// before that of the end.
func (m *factsMeasure) earned(end calendar.Day, months int) (sum money.Amount) {
	for i := range m.subject.Truth.Incomes {
		in := &m.subject.Truth.Incomes[i]
		first, _ := calendar.ParseDay(in.Month + "-01")
		if before := end.MonthIndex() - first.MonthIndex(); before < 1 || before > months {
			continue
		}
		for kind, n := range in.Competence {
			if kind != fact.InvestmentDividend.String() && kind != fact.InvestmentRedemption.String() {
				sum += cents(n)
			}
		}
	}
	return fact.Average(sum, months)
}

// trueCodes are categories of true income, by its kind.
var trueCodes = map[string]taxonomy.Code{
	fact.RegularSalary.String(): 10101, fact.Bonus.String(): 10104, fact.RetirementPension.String(): 10301, fact.GovernmentSupport.String(): 10303,
	fact.OtherRemuneration.String(): 10105, fact.BusinessIncome.String(): 10201, fact.OtherRecurrentIncome.String(): 10701,
	fact.InvestmentDividend.String(): 10401, fact.InvestmentRedemption.String(): 10501,
}

const sent taxonomy.Code = 20102 // by somebody: credits that are no income

var trueRoles = map[string]ledger.Role{
	sandbox.RoleNone: ledger.RoleNone, sandbox.RoleOwnTransfer: ledger.RoleOwnTransfer, sandbox.RoleReversal: ledger.RoleReversal,
	sandbox.RoleReversed: ledger.RoleReversed, sandbox.RoleSweep: ledger.RoleSweep, sandbox.RoleBillPayment: ledger.RoleBillPayment,
	sandbox.RoleInstalment: ledger.RoleInstalment, sandbox.RoleContract: ledger.RoleContract,
}

// trueBook returns the ledger of the subject with the true roles, and the true
// categories of what is income.
func (m *factsMeasure) trueBook(end calendar.Day) *ledger.Ledger {
	book := m.asOf(end)
	for i := range m.subject.Truth.Rows {
		row, movement := &m.subject.Truth.Rows[i], &book.Movements[i]
		if row.Standing != sandbox.StandingCounted {
			continue
		}
		movement.Role = trueRoles[row.Role]
		movement.Reversed = cents(row.Reversed)
		code, earned := trueCodes[row.Income]
		switch {
		case earned:
			movement.Decision.Code = code
		case movement.Direction == ledger.Credit && movement.Decision.Code.Top() == trueCodes[fact.RegularSalary.String()].Top():
			movement.Decision.Code = sent
		}
	}
	return book
}

func cents(n int64) money.Amount { return money.Amount(n) * (money.Scale / 100) }

// monthsBack are how many months before the end the next income is asked for.
var monthsBack = [...]int{1, 2, 3, 4, 5, 6}

// incomeStream tells a stream of income again on another day.
type incomeStream struct {
	kind   fact.IncomeKind
	stream fact.Stream
}

// nextIncome goes back to earlier days, on which nothing later is known, and looks
// whether the next true payment of each running stream lies in its 80 % interval.
func (m *factsMeasure) nextIncome(facts *fact.Facts, end calendar.Day) {
	in := facts.Income(true)
	later := make(map[incomeStream]*fact.IncomeStream)
	for i := range in.Streams {
		s := &in.Streams[i]
		later[incomeStream{s.Kind, s.Stream}] = s
	}
	for _, months := range monthsBack {
		day := end.AddMonths(-months)
		past := fact.New(m.asOf(day)).Income(true)
		for i := range past.Streams {
			s := &past.Streams[i]
			if now := later[incomeStream{s.Kind, s.Stream}]; now != nil && s.Pace.HasInterval {
				if paid, known := m.nextPaid(in, now, day); known {
					m.interval(s, day, paid)
				}
			}
		}
	}
}

// nextPaid returns what a stream truly paid on its first day after another one.
func (m *factsMeasure) nextPaid(in *fact.Income, s *fact.IncomeStream, after calendar.Day) (paid money.Amount, known bool) {
	first := calendar.None
	for i := len(s.Entries) - 1; i >= 0; i-- { // oldest first
		at := in.Entries[s.Entries[i]].Flow.Movement
		row, day := &m.subject.Truth.Rows[at], m.book.Movements[at].Day
		if day <= after || row.Standing != sandbox.StandingCounted || row.Income == "" {
			continue
		}
		if first == calendar.None {
			first = day
		}
		if day == first {
			paid += cents(row.Cents)
		}
	}
	return paid, first != calendar.None
}

func (m *factsMeasure) interval(s *fact.IncomeStream, day calendar.Day, paid money.Amount) {
	rate := otherIntervals
	switch s.Kind {
	case fact.RegularSalary, fact.RetirementPension, fact.GovernmentSupport, fact.SponsorshipPension:
		rate = workIntervals
	case fact.InvestmentDividend, fact.InvestmentRedemption:
		rate = returnIntervals
	}
	p := &s.Pace
	holds := p.Low <= paid && paid <= p.High
	wrong := func() (path, said, want string) {
		return day.String(), fmt.Sprintf("%s, %s: %s to %s", s.Kind, p.Rhythm, p.Low, p.High), paid.String()
	}
	m.ask(rate, holds, wrong)
	m.ask(intervals, holds, wrong)
}
