package risksignals_test

import (
	"testing"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/sandbox"
	"github.com/openklaas/klaas/taxonomy"
)

// Given the true categories, what made-up people stake and what platforms pay them is
// the truth to the cent, whatever rows the document tells twice.
func TestBettingAndGigAreTheTruth(t *testing.T) {
	kinds := map[string]taxonomy.Code{"betting": 41201, "lottery": 41202, "platform": 10106}
	told := make(map[string]int)
	for seed := range uint64(12) {
		for _, persona := range []string{"bettor", "driver", "over-indebted"} {
			p := sandbox.Generate(persona, 9000+seed, 1, today)
			f := producttest.FactsOf(t, p.Userdata, today)
			if len(p.Truth.Rows) != len(f.Ledger.Movements) {
				t.Fatalf("%s %d: %d rows, %d movements", persona, seed, len(p.Truth.Rows), len(f.Ledger.Movements))
			}
			var want, got struct{ stakes, won, lottery, paid money.Amount }
			for i, r := range p.Truth.Rows {
				code, known := kinds[r.Kind]
				m := &f.Ledger.Movements[i]
				if !known {
					if c := m.Decision.Code; c == 41201 || c == 41202 || c == 10106 {
						m.Decision.Code = taxonomy.Other
					}
					continue
				}
				m.Decision.Code = code
				day, _ := calendar.ParseDay(r.Day)
				if r.Standing != sandbox.StandingCounted || day > today {
					continue
				}
				told[r.Kind]++
				amount := money.Amount(r.Cents) * (money.Scale / 100)
				switch age := int(today - day); {
				case code == 41201 && amount < 0 && age < 90:
					want.stakes -= amount
				case code == 41201 && amount > 0 && age < 90:
					want.won += amount
				case code == 41202 && age < 90:
					want.lottery -= amount
				case code == 10106 && age < 180:
					want.paid += amount
				}
			}
			flows, b := f.Flows(false), f.Betting(false, true)
			quarter := flows.LastDays(90)
			got.stakes, got.won = b.Out.In(quarter).Sum().Amount, b.In.In(quarter).Sum().Amount
			got.lottery, got.paid = b.Lottery.In(quarter).Sum().Amount, f.Gig().Paid.In(flows.LastDays(180)).Sum().Amount
			if got != want {
				t.Errorf("%s %d: %+v, the truth is %+v", persona, seed, got, want)
			}
		}
	}
	for kind := range kinds {
		if told[kind] == 0 {
			t.Errorf("no life has %s", kind)
		}
	}
}
