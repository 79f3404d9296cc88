package fact

import (
	"slices"
	"strings"

	"github.com/openklaas/klaas/internal/institution"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/taxonomy"
)

// LiabilityKind is a kind of obligation, in the order of reports.
type LiabilityKind uint8

// The kinds. A person has the first six.
const (
	CreditCardLiability LiabilityKind = iota
	MortgageLiability
	StudentLoanLiability
	BankLoanLiability
	UtilitiesRentalLiability
	OtherRecurrentLiability
	ReceivablesDiscountLiability
	OverdraftLiability
	TaxLiability
	PayrollLiability
	SupplierRecurrentLiability
	LiabilityKinds int = iota
)

var liabilityNames = [LiabilityKinds]struct{ name, legacy string }{
	CreditCardLiability:          {"CREDIT_CARD", "Credit card"},
	MortgageLiability:            {"MORTGAGE", "Mortgage"},
	StudentLoanLiability:         {"STUDENT_LOAN", "Student loan"},
	BankLoanLiability:            {"BANK_LOAN", "Bank loan"},
	UtilitiesRentalLiability:     {"UTILITIES_RENTAL", "Utilities rental"},
	OtherRecurrentLiability:      {"OTHER_RECURRENT", "Other recurrent transfer"},
	ReceivablesDiscountLiability: {"RECEIVABLES_DISCOUNT", "RECEIVABLES_DISCOUNT"},
	OverdraftLiability:           {"OVERDRAFT", "OVERDRAFT"},
	TaxLiability:                 {"TAX", "TAX"},
	PayrollLiability:             {"PAYROLL", "PAYROLL"},
	SupplierRecurrentLiability:   {"SUPPLIER_RECURRENT", "SUPPLIER_RECURRENT"},
}

// String returns the name that reports write, such as CREDIT_CARD.
func (k LiabilityKind) String() string { return liabilityNames[k].name }

// LegacyText returns the name of the first versions, such as "Credit card"; of a
// kind that they do not know, its name.
func (k LiabilityKind) LegacyText() string { return liabilityNames[k].legacy }

// LiabilityEntry is a debit that serves an obligation.
type LiabilityEntry struct {
	Flow   *Flow
	Kind   LiabilityKind
	Amount money.Amount // positive: what counts of the entry without what came back
}

// Item returns the entry as evidence.
func (e *LiabilityEntry) Item() Item { return Item{Index: e.Flow.Movement, Amount: e.Amount} }

// liabilityCodes are the categories of the kinds, codes from first to last. Kinds
// that are recurrent have only the entries of streams that are recurrent in them.
var liabilityCodes = []struct {
	kind        LiabilityKind
	company     bool // of companies alone
	recurrent   bool
	first, last taxonomy.Code
}{
	{CreditCardLiability, false, false, 60200, 60299},
	{MortgageLiability, false, false, 50201, 50201},
	{MortgageLiability, false, false, 50204, 50204},
	{StudentLoanLiability, false, false, 50205, 50205},
	{BankLoanLiability, false, false, 50202, 50203},
	{BankLoanLiability, false, false, 50206, 50207},
	{UtilitiesRentalLiability, false, false, 30101, 30105},
	{UtilitiesRentalLiability, false, false, 30201, 30201},
	{OtherRecurrentLiability, false, true, 20100, 20599},
	{OtherRecurrentLiability, false, true, 21000, 21099},
	{OverdraftLiability, true, false, 50402, 50403},
	{TaxLiability, true, false, 80300, 80399},
	{PayrollLiability, true, false, 80200, 80299},
	{SupplierRecurrentLiability, true, true, 80100, 80199},
	{SupplierRecurrentLiability, true, true, 80400, 80799},
}

// Liabilities returns the obligations paid from checking accounts, newest first, of
// any age: debits that are neither own transfer nor reversal, each of the first kind
// that fits. Entries in another currency than BRL are of none: what they are worth is
// not known.
func (f *Facts) Liabilities(company bool) []LiabilityEntry {
	which := whose(company)
	if f.liabilities[which] == nil {
		f.liabilities[which] = f.newLiabilities(company)
	}
	return f.liabilities[which]
}

func (f *Facts) newLiabilities(company bool) []LiabilityEntry {
	l := f.Ledger
	candidates := f.liabilityCandidates(company)
	var recurrent [LiabilityKinds]map[Stream]bool
	for _, kind := range []LiabilityKind{OtherRecurrentLiability, SupplierRecurrentLiability} {
		var movements []int32
		for i := range candidates {
			if c := &candidates[i]; c.byCode && c.Kind == kind {
				movements = append(movements, c.Flow.Movement)
			}
		}
		recurrent[kind] = f.Recurrent(company, movements)
	}
	discounts := discountsOf(l, company)
	entries := make([]LiabilityEntry, 0, len(candidates))
	for i := range candidates {
		c := &candidates[i]
		fits := c.byCode
		if list := recurrent[c.Kind]; fits && list != nil {
			stream, known := f.Stream(c.Flow.Movement)
			fits = known && list[stream]
		}
		discount := company && (!fits || c.Kind > ReceivablesDiscountLiability) && discounts.has(&l.Movements[c.Flow.Movement])
		if discount {
			c.Kind = ReceivablesDiscountLiability
		}
		if fits || discount {
			entries = append(entries, c.LiabilityEntry)
		}
	}
	return entries
}

// liability is a debit that may serve an obligation.
type liability struct {
	LiabilityEntry
	byCode bool // Kind is what its category tells
}

// liabilityCandidates returns the debits that may be of a kind, newest first: of a
// person those whose category is of one, of a company all.
func (f *Facts) liabilityCandidates(company bool) []liability {
	flows := f.Flows(company)
	var list []liability
	for i := range flows.Entries {
		e := &flows.Entries[i]
		m := &f.Ledger.Movements[e.Movement]
		if m.Direction != ledger.Debit || m.Foreign || IsOwnTransfer(m) || isWhollyReversal(m) {
			continue
		}
		kind, byCode := liabilityKind(m.Decision.Code, company)
		if byCode || company {
			list = append(list, liability{LiabilityEntry{e, kind, e.Amount - e.Returned}, byCode})
		}
	}
	return list
}

func liabilityKind(code taxonomy.Code, company bool) (LiabilityKind, bool) {
	for i := range liabilityCodes {
		c := &liabilityCodes[i]
		if c.first <= code && code <= c.last && (company || !c.company) {
			return c.kind, true
		}
	}
	return 0, false
}

// discounts tells which debits repay receivables that were discounted.
type discounts struct {
	lenders map[string]bool // roots of the CNPJ
}

// discountTexts are what the normalised texts of such debits have.
var discountTexts = []string{"ANTECIPACAO", "DESCONTO DUPLICATA", "DESC TITULOS"}

func discountsOf(l *ledger.Ledger, company bool) discounts {
	d := discounts{make(map[string]bool)}
	for i := range l.Contracts {
		k := &l.Contracts[i]
		if root := institution.Root(k.Source.CompanyCNPJ); k.Kind == ledger.InvoiceFinancing && k.Company == company && root != "" {
			d.lenders[root] = true
		}
	}
	return d
}

func (d *discounts) has(m *ledger.Movement) bool {
	if slices.ContainsFunc(discountTexts, func(text string) bool { return strings.Contains(m.Text, text) }) {
		return true
	}
	party := partyOf(m)
	return party.ByDocument && d.lenders[party.Key]
}
