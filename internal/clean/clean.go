// Package clean turns a document into the ledger: exact money, São Paulo days,
// each real movement once.
//
// Call [Clean]. It first writes down who the person is, what they hold and every
// entry as a movement, and then runs its steps over the ledger one after the
// other. A step is one file, one rule, and a function of the ledger alone; after
// each of them ledger.Check holds. Nothing is deleted: a step gives an entry the
// standing, day, order or bill that the rule says.
//
// Clean decides on what the rules say and nothing more: where a rule does not
// call two entries the same, both stay. It takes O(n log n) time in the number
// of movements.
package clean

import (
	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/openfinance"
)

// Options are what the ledger depends on beside the document.
type Options struct {
	// Day is the reporting day D.
	Day calendar.Day
	// Asked says that D was asked for (a referenceDate, or an as-of day). Only
	// then can it be a replay.
	Asked bool
	// Joint is how the money of joint accounts counts in figures. "" is full.
	Joint setting.JointPolicy
	// HistoryDays restricts the printed account entries to those of age <
	// HistoryDays; 0: all. Balances and figures do not know it.
	HistoryDays int
}

// step is one rule, run over the whole ledger.
type step struct {
	name string
	run  func(*ledger.Ledger, Options)
}

// steps are the rules in their order. An order that matters has its reason here:
// balance lines are no movements, so they must not take part in duplicates; the
// chain of balances runs over all effective entries, so it comes before a replay
// takes the later ones away; bills need the standing of every line; roles are
// given from the surest evidence to the weakest, as a later step never takes a
// role away; restricting the printed history must not shorten the chain, so it
// is last.
var steps = []step{
	{"balance lines", markBalanceLines},
	{"duplicates", markDuplicates},
	{"printed order", putNewestFirst},
	{"balances", chainBalances},
	{"replay", replay},
	{"bills", assignBills},
	{"salary portability", markPortability},
	{"sweeps", markSweeps},
	{"own transfers", markOwnTransfers},
	{"bill payments", payBills},
	{"refunds", linkRefunds},
	{"instalment plans", completePlans},
	{"contracts", linkContracts},
	{"holdings", listHoldings},
	{"history", restrictHistory},
}

// Clean makes the ledger of a document. The ledger points into doc, which must
// not change afterwards. The problems, if any, are warnings about the document
// as a whole; what [openfinance.Read] has read is never left out here. Of a
// document made by hand an entry without readable amount, direction or day is
// left out with a problem.
func Clean(doc *openfinance.Document, o Options) (*ledger.Ledger, []openfinance.Problem) {
	l := &ledger.Ledger{
		Document: doc,
		Person:   Person(doc),
		Day:      o.Day,
	}
	problems := addHolders(l, o)
	problems = append(problems, addMovements(l)...)
	for _, s := range steps {
		s.run(l, o)
	}
	problems = append(problems, freshness(l)...)
	return l, append(problems, future(l)...)
}
