package ledger

import "github.com/openklaas/klaas/openfinance"

// HoldingKind is the section that a holding stood in.
type HoldingKind uint8

// The kinds.
const (
	BankFixedIncome HoldingKind = iota
	CreditFixedIncome
	VariableIncome
	TreasureTitle
	Fund
)

// Section returns the name of the section.
func (k HoldingKind) Section() string {
	return [...]string{
		BankFixedIncome:   openfinance.SectionBankFixedIncomes,
		CreditFixedIncome: openfinance.SectionCreditFixedIncomes,
		VariableIncome:    openfinance.SectionVariableIncomes,
		TreasureTitle:     openfinance.SectionTreasureTitles,
		Fund:              openfinance.SectionFunds,
	}[k]
}

// Holding is an investment with its movements. Its positions are as received,
// whatever the reporting day.
type Holding struct {
	Source      *openfinance.Investment
	Kind        HoldingKind
	Institution int32
	Company     bool // as of an account
	// Newest are the movements, each real one once, newest first; inside a day in
	// reverse document order. In a replay those up to D.
	Newest []*openfinance.InvestmentTransaction
}
