package fact

import (
	"math/bits"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/taxonomy"
)

// Sufficiency tells how much the data of a person or company can say
// (dataSufficiency). What depends on a product, its sections and
// its pointers, is not here: [Sufficiency.Level] is given the missing sections.
type Sufficiency struct {
	Coverage Coverage // over all checking accounts
	Holders  []HolderSufficiency

	checking     bool // there is a checking account
	Stale        bool // a checking account has a stale balance
	Unclassified Share
}

// HolderSufficiency is the same of one account or card.
type HolderSufficiency struct {
	Account, Card int // index into the ledger; the other is −1
	Coverage      Coverage
	BalanceDay    calendar.Day // of the reported balance; calendar.None when unknown
	Stale         bool
	ReliableFrom  calendar.Day // calendar.None when no check point is broken
}

// Share is a part of entries that counts in two ways: by number and by amount.
type Share struct {
	Entries, OfEntries int
	Amount, OfAmount   money.Amount
}

// The levels of data sufficiency.
const (
	Insufficient = "INSUFFICIENT"
	Limited      = "LIMITED"
	Full         = "FULL"
)

// Limits of the levels.
const (
	leastDays    = 30 // below: insufficient
	leastEntries = 10
	limitedDays  = 90 // below: limited
)

// Level returns how much the data can say when as many required sections are
// missing: INSUFFICIENT without a checking account, with fewer than 30 covered
// days or 10 entries; LIMITED with fewer than 90 days, more than 0.30 of the
// amount unclassified, a stale balance or a required section missing; else FULL.
func (s *Sufficiency) Level(missingRequired int) string {
	switch u := &s.Unclassified; {
	case !s.checking || s.Coverage.Days < leastDays || s.Coverage.Entries < leastEntries:
		return Insufficient
	case s.Coverage.Days < limitedDays || s.Stale || missingRequired > 0, moreThanThreeTenths(u.Amount, u.OfAmount):
		return Limited
	}
	return Full
}

// moreThanThreeTenths reports whether part ÷ whole is over 0.30, exactly.
func moreThanThreeTenths(part, whole money.Amount) bool {
	// 10 × part > 3 × whole, without leaving the range of amounts.
	high1, low1 := bits.Mul64(uint64(part), 10)
	high2, low2 := bits.Mul64(uint64(whole), 3)
	return high1 > high2 || high1 == high2 && low1 > low2
}

// Ages from which a balance is stale.
const (
	staleBalanceDays = 5  // older than this many days before the reporting day
	staleEntryDays   = 30 // where the day of the balance is unknown: of the newest entry
)

// Sufficiency returns the data sufficiency of the person or company: accounts,
// then cards, in document order.
func (f *Facts) Sufficiency(company bool) *Sufficiency {
	which := 0
	if company {
		which = 1
	}
	if f.sufficiency[which] != nil {
		return f.sufficiency[which]
	}
	s := &Sufficiency{Coverage: f.Coverage(company)}
	for i := range f.Ledger.Accounts {
		a := &f.Ledger.Accounts[i]
		if a.Company != company {
			continue
		}
		h := f.accountSufficiency(i)
		s.Holders = append(s.Holders, h)
		if countsChecking(a, company) {
			s.checking = true
			s.Stale = s.Stale || h.Stale
			s.Unclassified.addAccount(f.Ledger, a)
		}
	}
	for i := range f.Ledger.Cards {
		if f.Ledger.Cards[i].Company == company {
			s.Holders = append(s.Holders, HolderSufficiency{
				Account: -1, Card: i, Coverage: f.CardCoverage(i), BalanceDay: calendar.None, ReliableFrom: calendar.None,
			})
		}
	}
	f.sufficiency[which] = s
	return s
}

func (f *Facts) accountSufficiency(account int) HolderSufficiency {
	a := &f.Ledger.Accounts[account]
	h := HolderSufficiency{
		Account: account, Card: -1, Coverage: f.AccountCoverage(account), BalanceDay: a.BalanceDay, ReliableFrom: calendar.None,
	}
	if b := f.AccountBalances(account); b.Available != nil {
		h.ReliableFrom = b.Available.ReliableFrom
	}
	switch d := f.Ledger.Day; {
	case h.BalanceDay != calendar.None:
		h.Stale = d-h.BalanceDay > staleBalanceDays
	case h.Coverage.Entries > 0:
		h.Stale = d-h.Coverage.Last > staleEntryDays
	}
	return h
}

// addAccount adds the effective entries of an account up to the reporting day
// and those of them that no rule could classify.
func (s *Share) addAccount(l *ledger.Ledger, a *ledger.Account) {
	for at := a.First; at < a.End; at++ {
		m := &l.Movements[at]
		if m.Standing != ledger.Counted || m.Phase != ledger.Effective || m.Day > l.Day {
			continue
		}
		amount := a.Share.Of(m.Amount)
		if m.Foreign {
			amount = 0
		}
		s.OfEntries++
		s.OfAmount, _ = money.Add(s.OfAmount, amount)
		if m.Decision.Code == taxonomy.Other {
			s.Entries++
			s.Amount, _ = money.Add(s.Amount, amount)
		}
	}
}
