package ledger

import (
	"cmp"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/openfinance"
)

// ContractKind is the section that a contract stood in.
type ContractKind uint8

// The kinds.
const (
	Loan ContractKind = iota
	Financing
	InvoiceFinancing
	UnarrangedOverdraft
)

// Section returns the name of the section.
func (k ContractKind) Section() string {
	return [...]string{
		Loan:                openfinance.SectionLoans,
		Financing:           openfinance.SectionFinancings,
		InvoiceFinancing:    openfinance.SectionInvoiceFinancings,
		UnarrangedOverdraft: openfinance.SectionUnarrangedOverdraft,
	}[k]
}

// Contract is a credit contract with the movements that belong to it.
type Contract struct {
	Source      *openfinance.Contract // in a replay without the payments after D
	Kind        ContractKind
	Institution int32
	Company     bool // as of an account
	// Same is the index of the first contract with the same ipocCode: the same
	// operation shown by two brands, to be counted once. -1 for the first one,
	// which holds the movements of all.
	Same         int32
	Disbursement int32 // the credit that paid it out; -1 when unknown
	Instalments  []ContractInstalment
}

// ContractInstalment is a payment of a contract from an account.
type ContractInstalment struct {
	Movement int32
	Release  *openfinance.Release // nil when the contract does not list it
	Day      calendar.Day
	Amount   money.Amount
}

// IsRevolving reports whether the contract is a line of credit without
// instalments, such as an overdraft, which the limits of an account show again.
func (c *Contract) IsRevolving() bool {
	switch c.Source.ProductSubType {
	case "CHEQUE_ESPECIAL", "CONTA_GARANTIDA", "CAPITAL_GIRO_TETO_ROTATIVO", "ADIANTAMENTO_A_DEPOSITANTES":
		return true
	}
	return c.Kind == UnarrangedOverdraft
}

// ID returns the contract's id, else its ipocCode, else its number.
func (c *Contract) ID() string {
	return cmp.Or(c.Source.ContractID, c.Source.IpocCode, c.Source.Number)
}
