package fact_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/sandbox"
)

// monthly returns payments on the days of one month after the other, given as days
// of month with an amount: "5 10, 5 10, 7 12". Months begin with that of from; a part
// without a day is a month without a payment.
func monthly(t testing.TB, from, text, list string) []payment {
	t.Helper()
	first := day(t, from+"-01")
	var payments []payment
	for i, part := range strings.Split(list, ",") {
		var on int
		var amount float64
		if _, err := fmt.Sscan(part, &on, &amount); err == nil {
			payments = append(payments, payment{day: (first.AddMonths(i) + day(t, "2025-01-01") - day(t, "2025-01-01")).String()[:8] + fmt.Sprintf("%02d", on), amount: amount, text: text})
		}
	}
	return payments
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
	join := func(lists ...[]payment) (all []payment) {
		for _, list := range lists {
			all = append(all, list...)
		}
		return all
	}
	netflix := monthly(t, "2025-01", "NETFLIX", "12 -44.9, 12 -44.9, 12 -44.9, 12 -44.9, 12 -44.9, 12 -44.9")
	for _, c := range []struct {
		name string
		list []payment
		want string
	}{
		{"a subscription", netflix, "out 6 × MONTHLY of 44.90, NETFLIX"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := groupsOf(paymentsOf(t, "2025-06-30", join(c.list)...)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// A payment two slots after the last one was listed twice, and those of one day came
// by amount.
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
