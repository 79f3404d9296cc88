package clean

import (
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/openfinance"
)

// CleanStepwise is Clean with a look at the ledger after every step.
func CleanStepwise(doc *openfinance.Document, o Options, after func(step string, l *ledger.Ledger)) {
	l := &ledger.Ledger{Document: doc, Person: Person(doc), Day: o.Day}
	addHolders(l, o)
	addMovements(l)
	after("movements", l)
	for _, s := range steps {
		s.run(l, o)
		after(s.name, l)
	}
}

// MarkDuplicates is the step of that name.
func MarkDuplicates(l *ledger.Ledger) { markDuplicates(l, Options{}) }
