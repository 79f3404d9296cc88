package clean

import (
	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
)

// chainBalances computes the balance after every effective entry of an account
// that came with balances, along the printed order.
//
// The anchor: availableAmount is the balance after the first effective entry,
// newest first, that is not later than balances.updateDateTime (without one: the
// first of all). An entry without time is not later when its day is at most the
// day of the update. From there back: balance(older) = balance(newer) − signed
// amount(newer), and forward in the same way. Where every entry is later, the
// anchor lies before the oldest. Entries in another currency than the balance
// have no place in its chain, so such an account has none; nor has a balance
// beyond the range of amounts.
func chainBalances(l *ledger.Ledger, _ Options) {
	var chain []int32
	for i := range l.Accounts {
		a := &l.Accounts[i]
		a.Anchor, a.BalanceDay = -1, calendar.None
		if a.Source.Balances == nil {
			continue
		}
		if update, ok := parseMoment(a.Source.Balances.UpdateDateTime); ok {
			a.BalanceDay = update.day()
		}
		available := a.Source.Balances.Available
		anchor, err := money.Parse(available.Amount)
		if err != nil {
			continue
		}
		chain = chain[:0]
		oneCurrency := true
		for _, at := range a.Newest {
			if m := &l.Movements[at]; m.Phase == ledger.Effective {
				chain = append(chain, at)
				oneCurrency = oneCurrency && currency(m.Entry.Amount) == currency(available)
			}
		}
		if oneCurrency {
			a.Anchor = chainAccount(l, chain, anchor, a.Source.Balances.UpdateDateTime)
		}
	}
}

// chainAccount gives the movements of a chain, newest first, their balances and
// returns the one that the anchor is the balance after; -1 when it lies before
// all.
func chainAccount(l *ledger.Ledger, chain []int32, anchor money.Amount, updateDateTime string) (at int32) {
	update, known := parseMoment(updateDateTime)
	start := 0
	for known && start < len(chain) && isLater(&l.Movements[chain[start]], update) {
		start++
	}
	balance, exact := anchor, true
	for i := start; i < len(chain) && exact; i++ {
		m := &l.Movements[chain[i]]
		m.Balance, m.HasBalance = balance, true
		balance, exact = money.Add(balance, -m.Signed())
	}
	balance, exact = anchor, true
	for i := start - 1; i >= 0 && exact; i-- {
		m := &l.Movements[chain[i]]
		if balance, exact = money.Add(balance, m.Signed()); exact {
			m.Balance, m.HasBalance = balance, true
		}
	}
	if start == len(chain) {
		return -1
	}
	return chain[start]
}

// isLater reports whether an entry came after the update of the balances.
func isLater(m *ledger.Movement, update moment) bool {
	if m.Timed && update.timed {
		return m.Instant > update.millis
	}
	return m.Day > update.day()
}

// collectionDay returns C: the newest day of any balances.updateDateTime;
// without any, the newest day of an effective account entry or a bill payment;
// None when there is neither.
func collectionDay(l *ledger.Ledger) calendar.Day {
	newest := calendar.None
	for i := range l.Accounts {
		newest = max(newest, l.Accounts[i].BalanceDay)
	}
	if newest != calendar.None {
		return newest
	}
	for i := range l.Movements {
		m := &l.Movements[i]
		if m.Entry != nil && m.Phase == ledger.Effective && m.Standing != ledger.BalanceLine {
			newest = max(newest, m.Day)
		}
	}
	for i := range l.Cards {
		for b := range l.Cards[i].Source.Bills {
			for _, p := range l.Cards[i].Source.Bills[b].Payments {
				if paid, ok := parseMoment(p.PaymentDate); ok {
					newest = max(newest, paid.day())
				}
			}
		}
	}
	return newest
}
