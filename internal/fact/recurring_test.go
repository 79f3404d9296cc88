package fact_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/sandbox"
	"github.com/openklaas/klaas/openfinance"
)

// dated returns payments of one text, given as "2025-01-12 -44.9, 2025-02-12 -44.9".
func dated(text, list string) (payments []payment) {
	for part := range strings.SplitSeq(list, ",") {
		p := payment{text: text}
		if _, err := fmt.Sscan(part, &p.day, &p.amount); err != nil {
			panic(err)
		}
		payments = append(payments, p)
	}
	return payments
}

// spread returns payments of one amount on days so many days apart.
func spread(text, first string, amount float64, gaps ...int) []payment {
	d, _ := calendar.ParseDay(first)
	payments := []payment{{day: first, amount: amount, text: text}}
	for _, gap := range gaps {
		d += calendar.Day(gap)
		payments = append(payments, payment{day: d.String(), amount: amount, text: text})
	}
	return payments
}

// with returns payments changed.
func with(list []payment, change func(*payment)) []payment {
	list = slices.Clone(list)
	for i := range list {
		change(&list[i])
	}
	return list
}

func groupsOf(f *fact.Facts) string {
	var list []string
	for _, g := range f.RecurringGroups(false) {
		side := "out"
		if g.Direction == ledger.Credit {
			side = "in"
		}
		list = append(list, fmt.Sprintf("%s %d × %s of %s, %s", side, g.Count, g.Pace.Rhythm, g.Average, f.Ledger.Movements[g.Movements[0]].SentName()))
	}
	return strings.Join(list, "; ")
}

func TestRecurringGroups(t *testing.T) {
	subscription := dated("NETFLIX", "2025-01-12 -44.9, 2025-02-12 -44.9, 2025-03-12 -44.9, 2025-04-12 -44.9, 2025-05-12 -44.9, 2025-06-12 -44.9")
	const found = "out 6 × MONTHLY of 44.90, NETFLIX"
	oneOff := dated("NETFLIX", "2025-01-03 -19, 2025-02-20 -230, 2025-02-25 -75.5, 2025-04-01 -12.3, 2025-05-28 -310.2, 2025-06-19 -99")
	for _, c := range []struct {
		name string
		list [][]payment
		want string
	}{
		{"one a month", [][]payment{subscription}, found},
		{"beside other entries of the counterparty", [][]payment{subscription, oneOff}, found},
		{"other entries alone", [][]payment{oneOff}, ""},
		{"credits", [][]payment{with(subscription, func(p *payment) { p.amount = 44.9 })}, "in 6 × MONTHLY of 44.90, NETFLIX"},
		{"days moved by weekends", [][]payment{dated("ALUGUEL LAR", "2025-01-06 -900, 2025-02-05 -900, 2025-03-07 -900, 2025-04-07 -900, 2025-05-05 -900, 2025-06-05 -900")},
			"out 6 × MONTHLY of 900.00, ALUGUEL LAR"},
		{"over the end of months", [][]payment{dated("ESCOLA", "2025-01-31 -900, 2025-02-28 -900, 2025-04-01 -900, 2025-04-30 -900, 2025-06-02 -900")},
			"out 5 × MONTHLY of 900.00, ESCOLA"},
		{"a price that rose by half", [][]payment{dated("ACADEMIA", "2024-12-08 -80, 2025-01-08 -80, 2025-02-08 -80, 2025-03-08 -120, 2025-04-08 -120, 2025-05-08 -120, 2025-06-08 -120")},
			"out 7 × MONTHLY of 106.67, ACADEMIA"},
		{"a price that rose for the last one", [][]payment{dated("ACADEMIA", "2025-02-08 -80, 2025-03-08 -80, 2025-04-08 -80, 2025-05-08 -80, 2025-06-08 -120")},
			"out 5 × MONTHLY of 88.00, ACADEMIA"},
		{"amounts that vary, on one day", [][]payment{dated("ENEL", "2025-01-15 -88.1, 2025-02-15 -140.2, 2025-03-15 -97.3, 2025-04-15 -201.4, 2025-05-15 -64.5, 2025-06-15 -132.6")},
			"out 6 × MONTHLY of 120.68, ENEL"},
		{"a month left out", [][]payment{dated("NETFLIX", "2025-01-12 -44.9, 2025-02-12 -44.9, 2025-04-12 -44.9, 2025-05-12 -44.9, 2025-06-12 -44.9")},
			"out 5 × MONTHLY of 44.90, NETFLIX"},
		{"three are enough", [][]payment{dated("NETFLIX", "2025-04-12 -44.9, 2025-05-12 -44.9, 2025-06-12 -44.9")}, "out 3 × MONTHLY of 44.90, NETFLIX"},
		{"two are not", [][]payment{dated("NETFLIX", "2025-05-12 -44.9, 2025-06-12 -44.9")}, ""},
		{"three of any amount and day are not", [][]payment{dated("MERCADO", "2025-04-02 -44.9, 2025-05-09 -131, 2025-06-05 -12")}, ""},
		{"weekly", [][]payment{spread("FEIRA", "2025-05-03", -60, 7, 7, 8, 6, 7, 7)}, "out 7 × WEEKLY of 60.00, FEIRA"},
		{"every 14 days", [][]payment{spread("DIARISTA", "2025-03-03", -180, 14, 14, 14, 14, 14, 14)}, "out 7 × FORTNIGHTLY of 180.00, DIARISTA"},
		{"on the 5th and the 20th", [][]payment{dated("DIARISTA", "2025-03-05 -180, 2025-03-20 -180, 2025-04-05 -180, 2025-04-20 -180, 2025-05-05 -180, 2025-05-20 -180, 2025-06-05 -180, 2025-06-20 -180")},
			"out 8 × FORTNIGHTLY of 180.00, DIARISTA"},
		{"yearly", [][]payment{dated("SEGURO AUTO", "2024-05-10 -1800, 2025-05-12 -1850")}, "out 2 × YEARLY of 1825.00, SEGURO AUTO"},
		{"wage and advance of one payer", [][]payment{
			with(dated("SALARIO", "2025-01-07 3000, 2025-02-07 3000, 2025-03-07 3000, 2025-04-07 3000, 2025-05-08 3000, 2025-06-06 3000"), func(p *payment) { p.taxID = "11222333000181" }),
			with(dated("ADIANTAMENTO", "2025-01-20 2000, 2025-02-20 2000, 2025-03-20 2000, 2025-04-17 2000, 2025-05-20 2000, 2025-06-20 2000"), func(p *payment) { p.taxID = "11222333000262" }),
		}, "in 6 × MONTHLY of 3000.00, SALARIO; in 6 × MONTHLY of 2000.00, ADIANTAMENTO"},
		{"by other ways each month", [][]payment{
			dated("PAG BOLETO IMOBILIARIA CENTRAL", "2025-01-10 -900, 2025-03-10 -900, 2025-04-10 -900"),
			dated("PIX ENVIADO IMOBILIARIA CE", "2025-02-10 -900, 2025-05-12 -900, 2025-06-10 -900"),
		}, "out 6 × MONTHLY of 900.00, PIX ENVIADO IMOBILIARIA CE"},
		{"the document told in some months", [][]payment{
			with(dated("PIX ENVIADO ANA LIMA", "2025-01-10 -900, 2025-03-10 -900, 2025-04-10 -900"), func(p *payment) { p.taxID = "99900000191" }),
			dated("PIX ENVIADO ANA LIMA", "2025-02-10 -900, 2025-05-12 -900, 2025-06-10 -900"),
		}, "out 6 × MONTHLY of 900.00, PIX ENVIADO ANA LIMA"},
		{"two people of one text", [][]payment{
			with(dated("ENVIO PIX", "2025-01-10 -900, 2025-02-10 -900, 2025-03-10 -900, 2025-04-10 -900"), func(p *payment) { p.taxID = "99900000191" }),
			with(dated("ENVIO PIX", "2025-01-10 -70, 2025-02-10 -70, 2025-03-10 -70, 2025-04-10 -70"), func(p *payment) { p.taxID = "99900000272" }),
		}, "out 4 × MONTHLY of 900.00, ENVIO PIX; out 4 × MONTHLY of 70.00, ENVIO PIX"},
		{"two of one day are one occurrence", [][]payment{subscription, dated("NETFLIX", "2025-06-12 -44.9")}, "out 6 × MONTHLY of 52.38, NETFLIX"},
		{"what came back in part counts with the rest", [][]payment{with(subscription, func(p *payment) {
			if p.day == "2025-06-12" {
				p.role, p.back = ledger.RoleReversed, 40
			}
		})}, "out 6 × MONTHLY of 38.23, NETFLIX"},
		{"own transfers", [][]payment{with(subscription, func(p *payment) { p.role = ledger.RoleOwnTransfer })}, ""},
		{"reversals", [][]payment{with(subscription, func(p *payment) { p.role = ledger.RoleReversal })}, ""},
		{"all came back", [][]payment{with(subscription, func(p *payment) { p.role, p.back = ledger.RoleReversed, 44.9 })}, ""},
		{"sweeps", [][]payment{with(subscription, func(p *payment) { p.code = 50305 })}, ""},
		{"investments", [][]payment{with(subscription, func(p *payment) { p.code = 50301 })}, ""},
		{"payments of card bills", [][]payment{with(subscription, func(p *payment) { p.code = 60201 })}, ""},
		{"purchases in instalments", [][]payment{with(subscription, func(p *payment) { p.role = ledger.RoleInstalment })}, ""},
		{"instalments of a loan", [][]payment{with(subscription, func(p *payment) { p.role = ledger.RoleContract })}, found},
		{"after the reporting day", [][]payment{with(subscription, func(p *payment) { p.day = "2026" + p.day[4:] })}, ""},
		{"debits first, then the larger, then by name", [][]payment{
			with(subscription, func(p *payment) { p.text, p.amount = "YIELD", 500 }),
			with(subscription, func(p *payment) { p.text = "B" }), with(subscription, func(p *payment) { p.text = "A" }),
			with(subscription, func(p *payment) { p.text, p.amount = "C", -45 }),
		}, "out 6 × MONTHLY of 45.00, C; out 6 × MONTHLY of 44.90, A; out 6 × MONTHLY of 44.90, B; in 6 × MONTHLY of 500.00, YIELD"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := paymentsOf(t, "2025-06-30", slices.Concat(c.list...)...)
			if got := groupsOf(f); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// Checking and card together, of the person and of the company apart.
func TestRecurringGroupsOfAccountsAndCards(t *testing.T) {
	f := paymentsOf(t, "2025-06-30", dated("NETFLIX", "2025-01-12 -44.9, 2025-02-12 -44.9, 2025-03-12 -44.9, 2025-04-12 -44.9, 2025-05-12 -44.9, 2025-06-12 -44.9")...)
	l := f.Ledger
	l.Accounts[0].End = 2
	l.Cards = []ledger.Card{{Source: &openfinance.CreditCard{}, First: 2, End: 6}}
	if got, want := groupsOf(fact.New(l)), "out 6 × MONTHLY of 44.90, NETFLIX"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	l.Cards[0].Company = true
	of := fact.New(l)
	if person, company := of.RecurringGroups(false), of.RecurringGroups(true); len(person) != 0 || len(company) != 1 || company[0].Count != 4 {
		t.Errorf("the person has %d, the company %v", len(person), company)
	}
	l.Cards[0].Company = false
	l.Accounts[0].Share = ledger.ShareHalf
	if got, want := groupsOf(fact.New(l)), "out 6 × MONTHLY of 37.42, NETFLIX"; got != want {
		t.Errorf("half a joint account: got %s, want %s", got, want)
	}
	l.Accounts[0].Kind = ledger.Savings
	if got, want := groupsOf(fact.New(l)), "out 4 × MONTHLY of 44.90, NETFLIX"; got != want {
		t.Errorf("savings: got %s, want %s", got, want)
	}
}

// A wage whose payer paid severance has stopped; the month that a verified wage is
// meant for tells the next one.
func TestPaceOfARecurringGroup(t *testing.T) {
	wages := with(dated("SALARIO", "2025-01-31 3000, 2025-02-28 3000, 2025-03-31 3000, 2025-04-30 3000, 2025-06-02 3000"), func(p *payment) {
		p.taxID, p.code = "11222333000181", 10101
	})
	next := func(list []payment) string {
		groups := paymentsOf(t, "2025-06-10", list...).RecurringGroups(false)
		if len(groups) != 1 {
			t.Fatalf("%d groups", len(groups))
		}
		return told(groups[0].Pace)
	}
	const running = "MONTHLY 1.0000 [31] next 2025-06-30 3000.00 [3000.00, 3000.00] stopped -"
	if got := next(wages); got != running {
		t.Errorf("got  %s\nwant %s", got, running)
	}
	severance := payment{day: "2025-06-05", amount: 9000, text: "RESCISAO", taxID: "11222333000181", code: 10108}
	const stopped = "MONTHLY 1.0000 [31] next - - [-, -] stopped 2025-06-02"
	if got := next(append(wages, severance)); got != stopped {
		t.Errorf("got  %s\nwant %s", got, stopped)
	}
}

// The order of a document tells nothing, and no movement is in two groups.
func TestRecurringGroupsDoNotDependOnOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SampledFrom([]string{"NETFLIX", "PIX ENVIADO ANA", "PAG BOLETO ANA", "IMOBILIARIA CENTRAL", "IMOBILIARIA CE", "ENVIO PIX"})
		amounts := rapid.SampledFrom([]float64{-10, -10.5, -44.9, -100, -101, 44.9})
		list := make([]payment, rapid.IntRange(0, 60).Draw(t, "n"))
		for i := range list {
			list[i] = payment{
				day:  (calendar.Of(2024, 1, 1) + calendar.Day(rapid.IntRange(0, 540).Draw(t, "day"))).String(),
				text: names.Draw(t, "text"), amount: amounts.Draw(t, "amount"),
				taxID: rapid.SampledFrom([]string{"", "", "11222333000181", "99900000191"}).Draw(t, "document"),
			}
		}
		first := paymentsOf(t, "2025-06-30", list...)
		seen := make(map[int32]bool)
		for _, g := range first.RecurringGroups(false) {
			if g.Pace.Rhythm == fact.Irregular || g.Count < 2 || len(g.Movements) < g.Count {
				t.Fatalf("%+v", g)
			}
			for _, m := range g.Movements {
				if seen[m] {
					t.Fatalf("movement %d is in two groups", m)
				}
				seen[m] = true
			}
		}
		shuffled := slices.Clone(list)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if one, other := groupsOf(first), groupsOf(paymentsOf(t, "2025-06-30", shuffled...)); one != other {
			t.Fatalf("%s\nthen %s", one, other)
		}
	})
}

// Payments of one day are in the order of reports, too, and none is listed twice.
func TestRecurringGroupsListEachMovementOnceNewestFirst(t *testing.T) {
	for _, persona := range sandbox.Personas() {
		p := sandbox.Generate(persona, 4711, 2, averageDay)
		for _, age := range []calendar.Day{0, 75, 150} {
			f := producttest.FactsOf(t, p.Userdata, averageDay-age)
			for _, g := range f.RecurringGroups(p.Truth.CPF == "") {
				for i := 1; i < len(g.Movements); i++ {
					if at := g.Movements[i]; at == g.Movements[i-1] || !f.Ledger.Newer(g.Movements[i-1], at) {
						t.Fatalf("%s, %d days ago: %s stands after itself or an older one", persona, age, f.Ledger.Movements[at].SentName())
					}
				}
			}
		}
	}
}

// A payroll that a bank tells with one text is one group, two subscriptions of one shop
// and day are two.
func TestRecurringGroupsOfOneTextAndDay(t *testing.T) {
	for _, c := range []struct {
		payments int
		apart    float64
		groups   int
	}{{2, 1000, 2}, {100, 50, 1}} {
		var list []payment
		for i := range c.payments {
			for month := range 6 {
				list = append(list, payment{day: calendar.Of(2025, 1, 7).AddMonths(month).String(), amount: -1000 - c.apart*float64(i), text: "SISPAG SALARIOS"})
			}
		}
		groups := paymentsOf(t, "2025-06-30", list...).RecurringGroups(false)
		for _, g := range groups {
			if g.Count != 6 || len(g.Movements) != 6*c.payments/c.groups || g.Pace.Rhythm != fact.Monthly {
				t.Errorf("%d payments a day: %+v", c.payments, g)
			}
		}
		if len(groups) != c.groups {
			t.Errorf("%d payments a day: %d groups", c.payments, len(groups))
		}
	}
}

// The time grows with the number of movements, however they lie among counterparties.
func BenchmarkRecurringGroups(b *testing.B) {
	for _, c := range []struct {
		movements, parties int
		payroll            bool
	}{{1_000, 50, false}, {50_000, 1, false}, {50_000, 1, true}, {200_000, 1_000, false}} {
		b.Run(fmt.Sprintf("%d of %d, payroll %v", c.movements, c.parties, c.payroll), func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, 2))
			list := make([]payment, c.movements)
			for i := range list {
				party := r.IntN(c.parties)
				list[i] = payment{
					day: (calendar.Of(2023, 7, 1) + calendar.Day(r.IntN(730))).String(), amount: -float64(1+r.IntN(100_000)) / 100,
					text: fmt.Sprintf("LOJA %c%c%cX", 'A'+party%26, 'A'+party/26%26, 'A'+party/26/26),
				}
				if c.payroll {
					list[i].day = calendar.Of(2023, 7, 5).AddMonths(i % 24).String()
					list[i].amount = -float64(1_000 + i/24*50)
				}
			}
			l := paymentsOf(b, "2025-06-30", list...).Ledger
			for b.Loop() {
				fact.New(l).RecurringGroups(false)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*c.movements), "ns/movement")
		})
	}
}
