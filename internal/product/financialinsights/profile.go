package financialinsights

import (
	"slices"

	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/product/spec"
)

// Trace is a figure of the financial profile: what entries of some categories amount
// to, or whether there are any.
type Trace struct {
	Key       string
	Legacy    string // its key in the legacy report; "": that has it not
	Selection fact.Selection
	Days      int // the window; 0: see Months
	Months    int // so many of the newest full months; 0, too: the whole record
	InMonths  int // of Months that have an entry at least
	IsFlag    bool

	v2    bool
	kinds []spec.Kind // nil: both
}

var (
	personal = []spec.Kind{spec.PF}
	business = []spec.Kind{spec.PJ}
)

// halfYear is the window of most of them.
const halfYear = 180

// Traces are the figures of the financial profile in order.
var Traces = []Trace{
	{Key: "overdraftInterest", Legacy: "overdraft_interest", Selection: fact.MustSelect("debits 050402"), Days: halfYear},
	{Key: "additionalOverdraftInterest", Legacy: "additional_overdraft_interest", Selection: fact.MustSelect("debits 050403"), Days: halfYear},
	{Key: "atmWithdrawal", Legacy: "atm_withdrawal", Selection: fact.MustSelect("debits 0207"), Days: halfYear},
	{Key: "iof", Legacy: "iof", Selection: fact.MustSelect("debits+cards 050401"), Days: halfYear},
	{Key: "hasInss", Legacy: "has_inss", Selection: fact.MustSelect("credits 010301"), Days: halfYear, IsFlag: true, kinds: personal},
	{Key: "hasSeverance", Legacy: "has_severance", Selection: fact.MustSelect("credits 010108"), Days: halfYear, IsFlag: true, kinds: personal},
	{Key: "hasReturnedCheque", Legacy: "has_returned_cheque", Selection: fact.MustSelect("entries 020902"), Days: halfYear, IsFlag: true},
	{Key: "hasIptuPayment", Legacy: "has_iptu_payment", Selection: fact.MustSelect("debits 030202"), IsFlag: true}, // yearly taxes
	{Key: "hasIpvaPayment", Legacy: "has_ipva_payment", Selection: fact.MustSelect("debits 040904"), IsFlag: true},
	{Key: "hasPayroll", Selection: fact.MustSelect("debits 0802"), Months: 3, InMonths: 2, IsFlag: true, v2: true, kinds: business},
	{Key: "hasTaxPayments", Selection: fact.MustSelect("debits 0803"), Days: 90, IsFlag: true, v2: true, kinds: business},
	{Key: "hasTaxInstalmentPlan", Selection: fact.MustSelect("debits 080306"), Days: 360, IsFlag: true, v2: true, kinds: business},
	{Key: "hasCourtFreeze", Selection: fact.MustSelect("entries 0604"), IsFlag: true, v2: true},
}

// OfAccount returns what the entries of one checking account amount to, and their
// number; card debits are of no account.
func (t *Trace) OfAccount(f *fact.Facts, account int32) (sum fact.Sum) {
	days := t.within(f.Flows(f.Ledger.Accounts[account].Company))
	for e := range f.FlowsOf(account) {
		m := &f.Ledger.Movements[e.Movement]
		if m.Day < days.First {
			break
		}
		if m.Day <= days.Last && t.Selection.Takes(m) {
			sum = sum.Add(e.Amount, 1)
		}
	}
	return sum
}

// within returns the days of the window.
func (t *Trace) within(flows *fact.Flows) fact.Range {
	switch {
	case t.Days > 0:
		return flows.LastDays(t.Days)
	case t.Months > 0:
		return flows.NewestMonths(t.Months)
	}
	return flows.Whole()
}

// isThere reports whether entries are enough for a flag.
func (t *Trace) isThere(f *fact.Facts, entries fact.Evidence) bool {
	months := make(map[int]bool)
	for item := range entries {
		if t.InMonths == 0 {
			return true
		}
		months[f.Ledger.Movements[item.Index].Day.MonthIndex()] = true
	}
	return t.InMonths > 0 && len(months) >= t.InMonths
}

func (b *body) profile() {
	for i := range Traces {
		t := &Traces[i]
		if t.v2 && !b.v2 || t.kinds != nil && !slices.Contains(t.kinds, b.Input.Kind) {
			continue
		}
		behind := b.facts.Chosen(b.company, &t.Selection, t.within(b.flows))
		switch {
		case t.IsFlag && b.known:
			b.Flag(t.Key, t.isThere(b.facts, behind), behind)
		case t.IsFlag:
			b.UnknownFlag(t.Key)
		case b.known:
			b.Money(t.Key, behind.Sum().Amount, behind)
		default:
			b.Unknown(t.Key)
		}
	}
}
