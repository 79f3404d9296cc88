package fact_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/openfinance"
)

func anyIncome(*fact.IncomeEntry) bool { return true }

// What must add up, on random people: kinds and classes to totals, payers and
// entries of nobody to kinds, accounts to the person, and the evidence of a sum to
// the sum.
func TestIncomeAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := earner(t, people(t)...)
		for _, v2 := range []bool{false, true} {
			in := f.Income(v2)
			for _, n := range fact.Windows {
				kinds, streams, earned := money.Amount(0), money.Amount(0), in.Verified().Last(n).Amount+in.Estimated().Last(n).Amount
				for k := range fact.IncomeKinds {
					kinds += in.OfKind(fact.IncomeKind(k)).Last(n).Amount
				}
				for i := range in.Streams {
					streams += in.OfStream(int32(i)).Last(n).Amount
				}
				nobody := in.Part(func(e *fact.IncomeEntry) bool { return e.Stream < 0 }).Last(n).Amount
				all := in.Part(anyIncome).Last(n)
				if kinds != all.Amount || streams+nobody != all.Amount {
					t.Fatalf("%d days have %s, kinds %s, streams %s", n, all.Amount, kinds, streams+nobody)
				}
				if total := in.Totalled().Last(n).Amount; v2 && total != earned || !v2 && total != all.Amount {
					t.Fatalf("the total of %d days is %s; all %s, verified and estimated %s", n, total, all.Amount, earned)
				}
				inOrder(t, f, all.Behind)
				if sum := all.Behind.Sum().Amount; sum != all.Amount {
					t.Fatalf("the evidence of %d days adds up to %s, not %s", n, sum, all.Amount)
				}
			}
			months := money.Amount(0)
			for _, sum := range in.Totalled().Months(6) {
				months += sum
			}
			inOrder(t, f, in.Totalled().MonthsBehind(6))
			if sum := in.Totalled().MonthsBehind(6).Sum().Amount; sum != months {
				t.Fatalf("the evidence of 6 months adds up to %s, not %s", sum, months)
			}
		}
	})
}

// inOrder checks that items are newest first, each once.
func inOrder(t *rapid.T, f *fact.Facts, behind fact.Evidence) {
	t.Helper()
	last := int32(-1)
	for item := range behind {
		if last >= 0 && !f.Ledger.Newer(last, item.Index) {
			t.Fatalf("%d stands before %d", last, item.Index)
		}
		last = item.Index
	}
}

// Legacy reports are of one account: its entries, with the streams that are found on
// all of them.
func TestIncomeOfOneAccount(t *testing.T) {
	f := earner(t, opening, pay{day: "2025-04-10", amount: 800, code: 10701, name: "BRUNO"}, pay{day: "2025-05-10 2025-06-10", amount: 700, code: 10701, name: "BRUNO"})
	l := f.Ledger
	l.Accounts = []ledger.Account{{Source: &openfinance.Account{}, End: 2}, {Source: &openfinance.Account{}, First: 2, End: 4}}
	l.Institutions[0].Accounts = []int32{0, 1}
	l.Movements[2].Holder, l.Movements[3].Holder = 1, 1
	in := fact.New(l).Income(false)
	for account, want := range []string{"800: 1=800", "1400: 2=700 3=700"} {
		of := in.Part(func(e *fact.IncomeEntry) bool { return l.Movements[e.Flow.Movement].Holder == int32(account) })
		if got := figure(of.Last(180)); got != want {
			t.Errorf("account %d: %s, want %s", account, got, want)
		}
	}
}

// Of a joint account half counts, of an account without BRL nothing is known.
func TestIncomeAmounts(t *testing.T) {
	f := earner(t, opening, pay{day: "2025-06-10", amount: 101, code: 10101, name: "ACME"}, pay{day: "2025-06-11", amount: 50, code: 10101, name: "ACME"},
		pay{day: "2025-06-12", amount: 100, code: 10101, name: "ACME", role: ledger.RoleReversed, reversed: 40})
	f.Ledger.Accounts[0].Share = ledger.ShareHalf
	f.Ledger.Movements[2].Foreign = true
	if got, want := figure(f.Income(true).Total(30)), "80.50: 1=50.50 3=30"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestSalaryDays(t *testing.T) {
	for _, c := range []struct {
		name, days string
		want       [2]int
	}{
		{"no salary", "", [2]int{}},
		{"one", "2025-06-05", [2]int{5}},
		{"two as frequent, the newer first", "2025-05-05 2025-05-20 2025-06-05 2025-06-20", [2]int{20, 5}},
		{"the more frequent first", "2025-04-05 2025-05-05 2025-06-05 2025-06-20", [2]int{5, 20}},
		{"of three the two newest", "2025-06-01 2025-06-02 2025-06-03", [2]int{3, 2}},
		{"older than 180 days", "2024-12-31 2025-01-01 2025-01-02", [2]int{2}},
	} {
		in := earner(t, opening, pay{day: c.days, amount: 100, code: 10101, name: "ACME"}).Income(false)
		if got := in.OfKind(fact.RegularSalary).SalaryDays(); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// A verified salary counts in the month that it is meant for.
func TestCompetenceMonthOfIncome(t *testing.T) {
	f := earner(t, opening, pay{day: "2025-01-30 2025-03-03 2025-03-31 2025-04-30 2025-05-30", amount: 100, code: 10101, name: "ACME", document: employer},
		pay{day: "2025-01-30 2025-03-03 2025-03-31 2025-04-30 2025-05-30", amount: 10, code: 10105, name: "ACME", document: thirdRoot})
	in := f.Income(true)
	sums := func(p *fact.IncomePart) string {
		var list []string
		for _, sum := range p.Months(12) {
			list = append(list, short(sum))
		}
		return strings.Join(list, " ")
	}
	if got, want := sums(in.Verified()), "100 100 100 100 100"; got != want {
		t.Errorf("verified %s, want %s", got, want)
	}
	if got, want := sums(in.Estimated()), "10 0 20 10 10"; got != want {
		t.Errorf("estimated %s, want %s", got, want)
	}
	if got, want := figure(in.Verified().Median(3)), "100: 3=100 4=100 5=100"; got != want {
		t.Errorf("median %s, want %s", got, want)
	}
}

func TestMonthlyIncome(t *testing.T) {
	wage := pay{day: monthsOf(5), amount: 700, code: 10101, name: "ACME", document: employer}
	rent := pay{day: monthsOf(10), amount: 300, code: 10701, name: "BRUNO"}
	for _, c := range []struct {
		name string
		list []pay
		want string // monthly income, recurrent estimated, verified, estimated, months, basis
	}{
		{"no full month", []pay{{day: "2025-06-05", amount: 700, code: 10101, name: "ACME", document: employer}}, "unknown unknown unknown unknown 0 UNKNOWN"},
		{"nothing", []pay{opening}, "0 0 0 0 5 NONE"},
		{"verified", []pay{opening, wage}, "700 0 700 0 5 VERIFIED"},
		{"70 % verified", []pay{opening, wage, rent}, "1000 300 700 300 5 VERIFIED"},
		{"less", []pay{opening, wage, {day: monthsOf(10), amount: 301, code: 10701, name: "BRUNO"}}, "1001 301 700 301 5 MIXED"},
		{"estimated", []pay{opening, rent}, "300 300 0 300 5 ESTIMATED"},
		{"one-off and financial income is in no monthly income", []pay{
			opening, {day: "2025-04-05", amount: 1000, code: 10105, name: "CARLA"}, {day: monthsOf(15), amount: 50, code: 10401, name: "PETR"},
		}, "0 0 0 250 5 NONE"},
		{"rounded once", []pay{opening, {day: monthsOf(5), amount: 1, code: 10101, name: "ACME", document: employer},
			{day: "2025-02-06", amount: 1, code: 10101, name: "ACME", document: employer}, {day: "2025-02-20 2025-03-20 2025-04-20 2025-04-21", amount: 1, code: 10701, name: "BRUNO"}},
			"2 0.80 1.20 0.80 5 MIXED"},
	} {
		m := earner(t, c.list...).MonthlyIncome()
		got := fmt.Sprint(known(m.Figure), " ", short(m.RecurrentEstimated.Amount), " ", known(m.Verified), " ", known(m.Estimated), " ", m.Months, " ", m.Basis)
		if !m.RecurrentEstimated.Known {
			got = strings.Replace(got, " 0 ", " unknown ", 1)
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// Averages, stability and totals of a person without a checking account are not
// known, and nothing fails.
func TestIncomeWithoutAccounts(t *testing.T) {
	f := fact.New(&ledger.Ledger{Document: &openfinance.Document{}, Day: calendar.Of(2025, 6, 30)})
	in, m, s := f.Income(true), f.MonthlyIncome(), f.IncomeStability()
	if in.Known || in.Total(30).Known || in.Verified().Average(6).Known || in.Verified().Median(6).Known || m.Known || m.Basis != "UNKNOWN" {
		t.Errorf("something is known: %+v %+v", in, m)
	}
	if s.Volatility.Known || s.Trend.Known || s.Without != 0 || s.Months != 0 {
		t.Errorf("stability is %+v", s)
	}
	for range s.WithoutBehind {
		t.Error("nothing has evidence")
	}
	if _, known := f.Employer(); known {
		t.Error("there is an employer")
	}
	if _, known := f.InformedIncome(); known {
		t.Error("there is an informed income")
	}
}

func TestIncomeStability(t *testing.T) {
	f := earner(t, opening, pay{day: "2025-01-10 2025-02-10 2025-04-10", amount: 100, code: 10101, name: "ACME"})
	s := f.IncomeStability()
	if got, want := fmt.Sprint(int64(s.Volatility.Value), int64(s.Trend.Value), s.Without, s.Months), "8165 -3333 2 5"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := s.WithoutBehind.Sum().Entries; got != 4 {
		t.Errorf("%d entries behind the months without income, want 3 and the oldest one", got)
	}
	f = earner(t, pay{day: "2025-01-03 2025-02-10 2025-04-10", amount: 100, code: 10101, name: "ACME"})
	if got := f.IncomeStability().WithoutBehind.Sum().Entries; got != 3 {
		t.Errorf("%d entries behind the months without income, want 3: the oldest is one of them", got)
	}
}

// Severance of the payer ends a stream unless another payment follows.
func TestStoppedIncome(t *testing.T) {
	wages := "2025-02-05 2025-03-05 2025-04-04 2025-05-05 2025-06-05"
	for _, c := range []struct {
		name, wages, severance, document, want string
	}{
		{"running", wages, "", "", ""},
		{"severance after the last", wages, "2025-06-20", employer, "2025-06-05"},
		{"severance before the last", wages, "2025-05-20", employer, ""},
		{"severance of another payer", wages, "2025-06-20", thirdRoot, ""},
		{"overdue by 15 days", "2025-02-15 2025-03-15 2025-04-15 2025-05-15", "", "", ""},
		{"overdue by 16 days", "2025-02-14 2025-03-14 2025-04-14 2025-05-14", "", "", "2025-05-14"},
	} {
		list := []pay{opening, {day: c.wages, amount: 700, code: 10101, name: "ACME", document: employer}}
		if c.severance != "" {
			list = append(list, pay{day: c.severance, amount: 5000, code: 10108, name: "RESCISAO", document: c.document})
		}
		in := earner(t, list...).Income(true)
		for i := range in.Streams {
			if s := &in.Streams[i]; s.Kind == fact.RegularSalary && s.Pace.StoppedOn.String() != c.want {
				t.Errorf("%s: stopped on %q, want %q", c.name, s.Pace.StoppedOn, c.want)
			}
		}
	}
}

func TestEmployer(t *testing.T) {
	link := func(name, document, date string) openfinance.SalaryLink {
		return openfinance.SalaryLink{EmployerName: name, EmployerCnpjCpf: document, Date: date}
	}
	salaries := []pay{
		{day: "2025-05-05 2025-06-05", amount: 700, code: 10101, name: "ACME", document: employer},
		{day: "2025-05-07 2025-06-07", amount: 900, code: 10101, name: "TERCEIRA", document: thirdRoot},
		{day: "2024-09-07 2024-10-07 2024-11-07 2024-12-07", amount: 900, code: 10101, name: "ANTIGA", document: ownFirm},
	}
	for _, c := range []struct {
		name                     string
		paychecks, portabilities []openfinance.SalaryLink
		salaries                 []pay
		replay                   bool
		want                     fact.Employer
	}{
		{name: "nothing"},
		{name: "most salaries in 180 days, of equal ones the newest", salaries: salaries, want: fact.Employer{Name: "TERCEIRA", Document: thirdRoot}},
		{name: "the newest paycheck link", salaries: salaries, paychecks: []openfinance.SalaryLink{link("A", "1", "2020-01-01"), link("B", "2", "2024-01-01"), link("C", "3", "2021-01-01")},
			portabilities: []openfinance.SalaryLink{link("P", "9", "2025-01-01")}, want: fact.Employer{Name: "B", Document: "2", Registered: true}},
		{name: "a portability where no paycheck link names anybody", paychecks: []openfinance.SalaryLink{link("", "", "2025-01-01")},
			portabilities: []openfinance.SalaryLink{link("P", "", "2024-01-01"), link("Q", "7", "2024-01-01T00:00:00Z")}, want: fact.Employer{Name: "P", Registered: true}},
		{name: "later links do not exist on an older day", replay: true, paychecks: []openfinance.SalaryLink{link("A", "1", "2025-06-30"), link("B", "2", "2025-07-01")},
			want: fact.Employer{Name: "A", Document: "1", Registered: true}},
	} {
		f := earner(t, append([]pay{{day: "2024-08-01", amount: 1, code: 60101, name: "ABERTURA"}}, c.salaries...)...)
		f.Ledger.Replay = c.replay
		f.Ledger.Document.PersonalRelations = []openfinance.FinancialRelation{{PortabilitiesReceived: c.portabilities}, {PaychecksBankLinks: c.paychecks}}
		got, known := f.Employer()
		if got != c.want || known != (c.want != fact.Employer{}) {
			t.Errorf("%s: %+v (%v), want %+v", c.name, got, known, c.want)
		}
	}
}

func TestInformedIncome(t *testing.T) {
	informed := func(frequency, amount, currency, date string) *openfinance.Informed {
		return &openfinance.Informed{Frequency: frequency, Amount: openfinance.Money{Amount: amount, Currency: currency}, Date: date}
	}
	for _, c := range []struct {
		name   string
		told   []*openfinance.Informed
		replay bool
		want   string // amount, monthly, ratio in 1/10,000; the monthly income is 700
	}{
		{"daily", []*openfinance.Informed{informed("DIARIA", "10.00", "BRL", "")}, false, "10 300 4286"},
		{"weekly", []*openfinance.Informed{informed("SEMANAL", "100.00", "BRL", "")}, false, "100 428.57 6122"},
		{"fortnightly", []*openfinance.Informed{informed("QUINZENAL", "100.00", "BRL", "")}, false, "100 200 2857"},
		{"monthly", []*openfinance.Informed{informed("MENSAL", "1400.00", "BRL", "")}, false, "1400 1400 20000"},
		{"every two months", []*openfinance.Informed{informed("BIMESTRAL", "100.00", "BRL", "")}, false, "100 50 714"},
		{"every three months", []*openfinance.Informed{informed("TRIMESTRAL", "100.00", "BRL", "")}, false, "100 33.33 476"},
		{"twice a year", []*openfinance.Informed{informed("SEMESTRAL", "100.00", "BRL", "")}, false, "100 16.67 238"},
		{"yearly", []*openfinance.Informed{informed("ANUAL", "100.00", "BRL", "")}, false, "100 8.33 119"}, //nolint:misspell // Portuguese.
		{"otherwise", []*openfinance.Informed{informed("OUTROS", "100.00", "BRL", "")}, false, "100 unknown unknown"},
		{"another currency", []*openfinance.Informed{informed("MENSAL", "100.00", "USD", "")}, false, "100 unknown unknown"},
		{"no amount", []*openfinance.Informed{informed("SEM_FREQUENCIA_RENDA_INFORMADA", "", "", "")}, false, "unknown unknown unknown"},
		{"the newest", []*openfinance.Informed{nil, informed("MENSAL", "1.00", "BRL", "2020-01-01"), informed("MENSAL", "2.00", "BRL", "2024-01-01"), informed("MENSAL", "3.00", "BRL", "")}, false, "2 2 29"},
		{"told later than an older day", []*openfinance.Informed{informed("MENSAL", "1.00", "BRL", "2025-07-01"), informed("MENSAL", "2.00", "BRL", "2024-01-01")}, true, "2 2 29"},
	} {
		f := earner(t, opening, pay{day: monthsOf(5), amount: 700, code: 10101, name: "ACME", document: employer})
		f.Ledger.Replay = c.replay
		for _, told := range c.told {
			f.Ledger.Document.PersonalQualifications = append(f.Ledger.Document.PersonalQualifications, openfinance.PersonalQualification{InformedIncome: told})
		}
		in, _ := f.InformedIncome()
		ratio := "unknown"
		if in.Ratio.Known {
			ratio = fmt.Sprint(int64(in.Ratio.Value))
		}
		if got := known(in.Amount) + " " + known(in.Monthly) + " " + ratio; got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
