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

// liabilityCode gives the categories from first to last a kind.
type liabilityCode struct {
	kind        LiabilityKind
	company     bool // of companies alone
	recurrent   bool // only entries of streams that are recurrent in the kind
	first, last taxonomy.Code
}

var liabilityCodes = []liabilityCode{
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
	candidates := f.liabilityCandidates(company)
	recurrent, discounts := f.recurrentIn(company, candidates), discountsOf(f.Ledger, company)
	entries := make([]LiabilityEntry, 0, len(candidates))
	for _, c := range candidates {
		r := c.rule
		if r != nil && r.recurrent {
			if stream, known := f.Stream(c.flow.Movement); !known || !recurrent[r.kind][stream] {
				r = nil
			}
		}
		entry := LiabilityEntry{Flow: c.flow, Amount: c.flow.Amount - c.flow.Returned}
		switch {
		case company && (r == nil || r.kind > ReceivablesDiscountLiability) && discounts.has(&f.Ledger.Movements[c.flow.Movement]):
			entry.Kind = ReceivablesDiscountLiability
		case r != nil:
			entry.Kind = r.kind
		default:
			continue
		}
		entries = append(entries, entry)
	}
	return entries
}

// liability is a debit that may serve an obligation.
type liability struct {
	flow *Flow
	rule *liabilityCode // what its category says; nil for nothing
}

// liabilityCandidates returns the debits that may be of a kind, newest first: of a
// person those whose category is of one, of a company all, as texts and lenders may
// tell.
func (f *Facts) liabilityCandidates(company bool) []liability {
	flows := f.Flows(company)
	var list []liability
	for i := range flows.Entries {
		e := &flows.Entries[i]
		m := &f.Ledger.Movements[e.Movement]
		if m.Direction != ledger.Debit || m.Foreign || IsOwnTransfer(m) || isWhollyReversal(m) {
			continue
		}
		if rule := liabilityRule(m.Decision.Code, company); rule != nil || company {
			list = append(list, liability{e, rule})
		}
	}
	return list
}

// recurrentIn returns by kind the streams that are recurrent in it.
func (f *Facts) recurrentIn(company bool, candidates []liability) (recurrent [LiabilityKinds]map[Stream]bool) {
	var movements [LiabilityKinds][]int32
	for _, c := range candidates {
		if c.rule != nil && c.rule.recurrent {
			movements[c.rule.kind] = append(movements[c.rule.kind], c.flow.Movement)
		}
	}
	for kind, list := range movements {
		if len(list) > 0 {
			recurrent[kind] = f.Recurrent(company, list)
		}
	}
	return recurrent
}

// liabilityRule returns what a category says of a debit, nil when it is of no kind.
func liabilityRule(code taxonomy.Code, company bool) *liabilityCode {
	for i := range liabilityCodes {
		if r := &liabilityCodes[i]; r.first <= code && code <= r.last && (company || !r.company) {
			return r
		}
	}
	return nil
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
