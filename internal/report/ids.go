package report

import (
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/openfinance"
)

// ids returns the ids of what an institution holds in these sections of the
// person or company that the report is about. A contract without an id of its
// own is named by its ipocCode, else by its number.
func ids(in *spec.Input, institution *ledger.Institution, sections []string) []string {
	l, company := in.Facts.Ledger, in.Company()
	var found []string
	for _, section := range sections {
		switch section {
		case openfinance.SectionAccounts:
			for _, i := range institution.Accounts {
				if a := &l.Accounts[i]; a.Company == company {
					found = append(found, a.Source.AccountID)
				}
			}
		case openfinance.SectionCreditCardsAccounts:
			for _, i := range institution.Cards {
				if c := &l.Cards[i]; c.Company == company {
					found = append(found, c.Source.CreditCardAccountID)
				}
			}
		}
		for _, i := range institution.Contracts {
			if c := &l.Contracts[i]; c.Company == company && c.Kind.Section() == section {
				found = append(found, c.ID())
			}
		}
		for _, i := range institution.Holdings {
			if h := &l.Holdings[i]; h.Company == company && h.Kind.Section() == section {
				found = append(found, h.Source.InvestmentID)
			}
		}
	}
	return found
}
