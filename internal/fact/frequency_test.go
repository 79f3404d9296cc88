package fact_test

import (
	"testing"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/openfinance"
	"github.com/openklaas/klaas/taxonomy"
)

// entry is a movement of account 0 unless it says otherwise.
type entry struct {
	day    string
	name   string
	taxID  string
	credit bool
	phase  ledger.Phase
	code   taxonomy.Code // 0: Other
}

// accounts makes a ledger of 2025-03-31 with one account per list of entries.
func accounts(t *testing.T, kinds []ledger.AccountKind, lists ...[]entry) *ledger.Ledger {
	t.Helper()
	l := &ledger.Ledger{Day: calendar.Of(2025, 3, 31)}
	for i, list := range lists {
		a := ledger.Account{Source: &openfinance.Account{}, Kind: kinds[i], Institution: int32(i), First: int32(len(l.Movements))}
		for _, e := range list {
			day, ok := calendar.ParseDay(e.day)
			if !ok {
				t.Fatalf("%s is no day", e.day)
			}
			m := ledger.Movement{
				Entry: &openfinance.Transaction{PartieCnpjCpf: e.taxID, Name: e.name},
				Day:   day, Written: day, Name: e.name, Text: e.name, Phase: e.phase, Direction: ledger.Debit,
				Decision: ledger.Decision{Code: e.code},
			}
			if e.credit {
				m.Direction = ledger.Credit
			}
			if e.code == 0 {
				m.Decision.Code = taxonomy.Other
			}
			a.Newest = append(a.Newest, int32(len(l.Movements)))
			l.Movements = append(l.Movements, m)
		}
		a.End = int32(len(l.Movements))
		l.Accounts = append(l.Accounts, a)
	}
	return l
}

func TestFrequencies(t *testing.T) {
	const (
		salary  taxonomy.Code = 10101
		netflix               = "NETFLIX"
	)
	checking := []ledger.AccountKind{ledger.Checking, ledger.Prepaid}
	for _, c := range []struct {
		name  string
		kinds []ledger.AccountKind
		lists [][]entry
		scope fact.FrequencyScope
		want  []fact.Frequency // by entry, account after account
	}{
		{
			"the published example", checking[:1],
			[][]entry{{{day: "2025-01-05", name: netflix}, {day: "2025-02-05", name: netflix}, {day: "2025-03-04", name: netflix}}},
			fact.FrequencyScope{},
			[]fact.Frequency{{3, 1, 3}, {3, 1, 3}, {3, 1, 3}},
		},
		{
			"alone", checking[:1],
			[][]entry{{{day: "2025-01-05", name: netflix}}},
			fact.FrequencyScope{},
			[]fact.Frequency{{1, 0, 1}},
		},
		{
			"all accounts of the report together, twice in one month", checking,
			[][]entry{
				{{day: "2025-03-20", name: netflix}, {day: "2025-01-20", name: netflix}},
				{{day: "2025-03-21", name: netflix}, {day: "2025-01-19", name: netflix}},
			},
			fact.FrequencyScope{},
			[]fact.Frequency{{4, 2, 2}, {4, 2, 2}, {4, 2, 2}, {4, 2, 2}},
		},
		{
			"a report of its own for every institution", checking,
			[][]entry{{{day: "2025-03-20", name: netflix}}, {{day: "2025-02-20", name: netflix}}},
			fact.FrequencyScope{ByInstitution: true},
			[]fact.Frequency{{1, 0, 1}, {1, 0, 1}},
		},
		{
			"savings have a report of their own", []ledger.AccountKind{ledger.Checking, ledger.Savings},
			[][]entry{{{day: "2025-03-20", name: netflix}}, {{day: "2025-02-20", name: netflix}}},
			fact.FrequencyScope{},
			[]fact.Frequency{{1, 0, 1}, {1, 0, 1}},
		},
		{
			"direction, category and counterparty tell groups apart", checking[:1],
			[][]entry{{
				{day: "2025-03-20", name: netflix},
				{day: "2025-03-20", name: netflix, credit: true},
				{day: "2025-03-20", name: netflix, credit: true, code: salary},
				{day: "2025-03-20", name: netflix, taxID: "52998224725"},
				{day: "2025-03-20", name: "OTHER NAME", taxID: "529.982.247-25"},
			}},
			fact.FrequencyScope{},
			[]fact.Frequency{{1, 0, 1}, {1, 0, 1}, {1, 0, 1}, {2, 0, 1}, {2, 0, 1}},
		},
		{
			"a CNPJ with letters in any case", checking[:1],
			[][]entry{{{day: "2025-03-01", name: "A", taxID: "12.ABC.345/01DE-35"}, {day: "2025-02-01", name: "B", taxID: "12abc34501de35"}}},
			fact.FrequencyScope{},
			[]fact.Frequency{{2, 1, 2}, {2, 1, 2}},
		},
		{
			"pending, future and later rows are not counted, but have the values of their group", checking[:1],
			[][]entry{{
				{day: "2025-04-05", name: netflix},
				{day: "2025-03-31", name: netflix, phase: ledger.Pending},
				{day: "2025-03-05", name: netflix},
				{day: "2025-02-05", name: netflix},
				{day: "2025-04-10", name: "RENT", phase: ledger.Future},
				{day: "2025-03-10", name: "RENT", phase: ledger.Future},
			}},
			fact.FrequencyScope{},
			[]fact.Frequency{{2, 1, 2}, {2, 1, 2}, {2, 1, 2}, {2, 1, 2}, {1, 0, 1}, {1, 0, 1}},
		},
		{
			"the printed category counts: two company codes printed as one", checking[:1],
			[][]entry{{{day: "2025-03-20", name: netflix, code: 80101}, {day: "2025-03-20", name: netflix, code: 80102}}},
			fact.FrequencyScope{},
			[]fact.Frequency{{2, 0, 1}, {2, 0, 1}},
		},
		{
			"with the company tree they are two", checking[:1],
			[][]entry{{{day: "2025-03-20", name: netflix, code: 80101}, {day: "2025-03-20", name: netflix, code: 80102}}},
			fact.FrequencyScope{CompanyTree: true},
			[]fact.Frequency{{1, 0, 1}, {1, 0, 1}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			frequencies := fact.New(accounts(t, c.kinds, c.lists...)).Frequencies(c.scope)
			for i, want := range c.want {
				if got := frequencies.Of(int32(i)); got != want {
					t.Errorf("entry %d has %v, want %v", i, got, want)
				}
			}
		})
	}
}

// Lines of open and closed bills are one report.
func TestFrequenciesOfCardLines(t *testing.T) {
	l := &ledger.Ledger{Day: calendar.Of(2025, 3, 31)}
	line := func(day calendar.Day) int32 {
		l.Movements = append(l.Movements, ledger.Movement{
			Line: &openfinance.CardTransaction{}, Day: day, Name: "STORE", Direction: ledger.Debit,
			Decision: ledger.Decision{Code: taxonomy.Other},
		})
		return int32(len(l.Movements) - 1)
	}
	toCome := line(calendar.Of(2025, 4, 20))
	open := line(calendar.Of(2025, 3, 20))
	closed := line(calendar.Of(2025, 2, 20))
	l.Cards = []ledger.Card{{
		Source: &openfinance.CreditCard{},
		Open:   &ledger.Bill{Lines: []int32{toCome, open}, Announced: []int32{toCome}},
		Closed: []ledger.Bill{{Lines: []int32{closed}}},
	}}
	frequencies := fact.New(l).Frequencies(fact.FrequencyScope{})
	for _, i := range []int32{toCome, open, closed} {
		if got, want := frequencies.Of(i), (fact.Frequency{Entries: 2, Months: 1, CalendarMonths: 2}); got != want {
			t.Errorf("line %d has %v, want %v", i, got, want)
		}
	}
}

// Different categories never print the same three names: a group by code is a
// group by printed names.
func TestPrintedNamesTellCategoriesApart(t *testing.T) {
	byNames := make(map[[3]string]taxonomy.Code)
	for _, c := range taxonomy.All() {
		names := [3]string{c.Level1.PT, c.Level2.PT, c.Level3.PT}
		if other, taken := byNames[names]; taken {
			t.Errorf("%s and %s print the same names %v", other, c.Code, names)
		}
		byNames[names] = c.Code
	}
}
