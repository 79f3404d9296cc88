package clean

import (
	"fmt"
	"strings"

	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/openfinance"
)

// future warns of balances, contracts, payments of contracts, and of purchases,
// positions and movements of holdings that are dated after the reporting day.
// Reports print them as received. In a replay later dates are what is expected.
func future(l *ledger.Ledger) []openfinance.Problem {
	if l.Replay {
		return nil
	}
	f := futureDates{l: l, told: make(map[string]bool)}
	doc := l.Document
	for i := range doc.Accounts {
		if b := doc.Accounts[i].Balances; b != nil && f.later(b.UpdateDateTime) {
			f.warn(openfinance.SectionAccounts, "%s[%d].balances.updateDateTime", i)
		}
	}
	f.contracts(openfinance.SectionLoans, doc.Loans)
	f.contracts(openfinance.SectionFinancings, doc.Financings)
	f.contracts(openfinance.SectionInvoiceFinancings, doc.InvoiceFinancings)
	f.contracts(openfinance.SectionUnarrangedOverdraft, doc.UnarrangedOverdraft)
	f.holdings(openfinance.SectionBankFixedIncomes, "transactionDate", doc.BankFixedIncomes)
	f.holdings(openfinance.SectionCreditFixedIncomes, "transactionDate", doc.CreditFixedIncomes)
	f.holdings(openfinance.SectionVariableIncomes, "transactionDate", doc.VariableIncomes)
	f.holdings(openfinance.SectionTreasureTitles, "transactionDate", doc.TreasureTitles)
	f.holdings(openfinance.SectionFunds, "transactionConversionDate", doc.Funds)
	return f.problems
}

type futureDates struct {
	l        *ledger.Ledger
	told     map[string]bool // by path
	problems []openfinance.Problem
}

// later reports whether a date or date-time lies after the reporting day.
func (f *futureDates) later(date string) bool {
	m, ok := parseMoment(date)
	return ok && m.day() > f.l.Day
}

// warn notes the place that a format makes of a section and indices. Where
// records of the section were left out, the place of those after them is not
// known any more: the path then has [] for each index, once. More problems than
// are kept of a document are not made.
func (f *futureDates) warn(section, format string, indices ...any) {
	if len(f.problems) == openfinance.MaxProblems {
		return
	}
	if s := f.l.Document.Sections[section]; s != nil && s.LeftOut > 0 {
		format, indices = strings.ReplaceAll(format, "[%d]", "[]"), nil
	}
	path := fmt.Sprintf(format, append([]any{section}, indices...)...)
	if f.told[path] {
		return
	}
	f.told[path] = true
	f.problems = append(f.problems, openfinance.Problem{
		Path:     path,
		Message:  "lies after the reporting day, kept as sent: check it at its source, or send referenceDate with the day the data was collected",
		Severity: openfinance.Warning,
		Section:  section,
	})
}

func (f *futureDates) contracts(section string, list []openfinance.Contract) {
	for i := range list {
		c := &list[i]
		if f.later(c.ContractDate) {
			f.warn(section, "%s[%d].contractDate", i)
		}
		if c.Payments == nil {
			continue
		}
		if f.later(c.Payments.LastUpdated) {
			f.warn(section, "%s[%d].payments.lastUpdatedContractOutstandingBalance", i)
		}
		for k := range c.Payments.Releases {
			if f.later(c.Payments.Releases[k].PaidDate) {
				f.warn(section, "%s[%d].payments.releases[%d].paidDate", i, k)
			}
		}
	}
}

// holdings looks at the holdings of a section, whose movements have their date
// under a key.
func (f *futureDates) holdings(section, key string, list []openfinance.Investment) {
	for i := range list {
		h := &list[i]
		if f.later(h.PurchaseDate) {
			f.warn(section, "%s[%d].purchaseDate", i)
		}
		for k := range h.Balances {
			b := &h.Balances[k]
			switch {
			case f.later(b.ReferenceDate):
				f.warn(section, "%s[%d].balances[%d].referenceDate", i, k)
			case f.later(b.ReferenceDateTime):
				f.warn(section, "%s[%d].balances[%d].referenceDateTime", i, k)
			}
		}
		for k := range h.Transactions {
			if f.later(h.Transactions[k].Date) {
				f.warn(section, "%s[%d].transactions[%d]."+key, i, k)
			}
		}
		for k := range h.TransactionsCurrent {
			if f.later(h.TransactionsCurrent[k].Date) {
				f.warn(section, "%s[%d].transactions-current[%d]."+key, i, k)
			}
		}
	}
}
