package accuracy_test

import (
	"testing"
	"time"

	"github.com/openklaas/klaas/internal/accuracy"
	"github.com/openklaas/klaas/internal/calendar"
)

// The floors stand a little below what was measured on people that no rule was
// made on, so that a change which costs accuracy is seen. docs/accuracy.md has
// the figures.
func TestTheLedgerIsAsAccurateAsDocumented(t *testing.T) {
	result, err := accuracy.Ledger(40, 5000, calendar.Of(2026, time.June, 30))
	if err != nil {
		t.Fatal(err)
	}
	if result.Movements < 10_000 {
		t.Errorf("only %d movements", result.Movements)
	}
	for _, f := range result.Figures {
		floor, ok := floors[f.Name]
		switch {
		case !ok:
			t.Errorf("%s has no floor", f.Name)
		case f.True == 0:
			t.Errorf("%s does not occur among the people", f.Name)
		case f.Precision() < floor.precision || f.Recall() < floor.recall:
			t.Errorf("%s: precision %.3f, recall %.3f", f.Name, f.Precision(), f.Recall())
		}
	}
}

var floors = map[string]struct{ precision, recall float64 }{
	"balance lines":        {1, 1},
	"duplicates":           {1, 0.999},
	"own transfers, pairs": {1, 0.995},
	"own transfers, legs":  {1, 0.998},
	"sweeps":               {1, 1},
	"refunds, links":       {0.99, 0.99},
	"bill payments":        {1, 0.997},
	"bill payments, links": {1, 0.999},
	"contract entries":     {1, 1},
	"instalment plans":     {1, 1},
	"end-of-day balances":  {1, 1},
}

func TestMeasuringTwiceGivesTheSame(t *testing.T) {
	end := calendar.Of(2026, time.June, 30)
	first, err := accuracy.Ledger(20, 7, end)
	if err != nil {
		t.Fatal(err)
	}
	second, err := accuracy.Ledger(20, 7, end)
	if err != nil {
		t.Fatal(err)
	}
	for i := range first.Figures {
		if first.Figures[i] != second.Figures[i] {
			t.Errorf("%+v, then %+v", first.Figures[i], second.Figures[i])
		}
	}
}
