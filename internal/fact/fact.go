// Package fact holds what several products share, computed from the ledger once
// and lazily: figures, and the encoded entries and items that products repeat.
//
// Start with [New]. A [Facts] belongs to one analysis and is not safe for
// concurrent use. It reads the ledger only; it does not know how it was made.
package fact

import "github.com/openklaas/klaas/internal/ledger"

// Facts are the shared figures of one ledger.
type Facts struct {
	Ledger *ledger.Ledger
	// IntervalFactors are the factors of the interval around an expected payment in
	// 1/1,000, for 3 to 12 payments; nil: those of an 80 % interval. They are set
	// before anything is asked.
	IntervalFactors []int64

	entries     entries
	contracts   [2]Items // with our extra keys, and strict
	holdings    [2]Items
	labels      [2][]Label // without and with the company tree
	frequencies map[FrequencyScope]*Frequencies

	accountBalances []*AccountBalances
	dailyBalances   [2]*DailyBalances // of the person and of the company
	averages        [2]*[len(Windows)]Balance
	sufficiency     [2]*Sufficiency
	flows           [2]*Flows
	income          [2]*Income // by the rules of V1 and of V2
	monthlyIncome   *MonthlyIncome
	chains          [2][]chained
	cards           [2]*cardFacts
	commitments     [2]*Commitments
	liabilities     [2][]LiabilityEntry
	flowsByAccount  [2]byAccount
	debtsByAccount  [2]byAccount // of liabilities
	debts           [2]*Debt
	revenue         *Revenue // of the company
	streams         *streams
	recurring       [2][]RecurringGroup
	risks           [2]*Risks
	gig             *Gig           // of the person
	betting         [2][2]*Betting // each with the income of V1 and of V2
}

// whose is the place of the person's figures, or of the company's.
func whose(company bool) int {
	if company {
		return 1
	}
	return 0
}

// New returns the facts of a classified ledger.
func New(l *ledger.Ledger) *Facts { return &Facts{Ledger: l} }
