package ledger

import (
	"fmt"

	"github.com/openklaas/klaas/internal/money"
)

// checkRoles holds what roles and links promise to each other:
//
//   - only a movement that counts and is effective has a role, and a role has a
//     reason;
//   - something came back of a RoleReversed and of nothing else;
//   - an own transfer ties a debit to a credit of equal amount in another
//     account, both of this role, each in one link;
//   - a refund ties a reversal to an original of the same account or card, of
//     the other direction and not later; it is no more than the original, but
//     where it undoes the plan that the original begins. The refunds of a reversed
//     original add up to what came back, or with a cashback to more than all of it;
//   - a sweep ties two sweeps of one account.
func checkRoles(l *Ledger) error {
	for i := range l.Movements {
		m := &l.Movements[i]
		switch {
		case m.Role == RoleNone:
		case m.Standing != Counted || m.Phase != Effective:
			return fmt.Errorf("movement %d has a role but does not count or is not effective", i)
		case m.RoleReason == "":
			return fmt.Errorf("movement %d has a role without a reason", i)
		}
		if (m.Role == RoleReversed) != (m.Reversed > 0) {
			return fmt.Errorf("movement %d is reversed by nothing, or has no such role", i)
		}
	}
	partners := make(map[int32]bool)
	refunded := make(map[int32]money.Amount)
	begins := make(map[int32]bool) // a plan
	for i := range l.Plans {
		p := &l.Plans[i]
		begins[p.Whole] = true
		if len(p.Lines) > 0 {
			begins[p.Lines[0].Movement] = true
		}
	}
	for i, link := range l.Links {
		var err error
		from, to := &l.Movements[link.From], &l.Movements[link.To]
		switch link.Kind {
		case LinkOwnTransfer:
			if partners[link.From] || partners[link.To] {
				return fmt.Errorf("link %d ties a leg that has a partner", i)
			}
			partners[link.From], partners[link.To] = true, true
			err = checkOwnTransfer(l, link, from, to)
		case LinkRefund:
			refunded[link.To] += link.Amount
			err = checkRefund(link, from, to, begins[link.To])
		case LinkSweep:
			if from.Role != RoleSweep || to.Role != RoleSweep || !sameHolder(from, to) {
				err = fmt.Errorf("does not tie two sweeps of one account")
			}
		}
		if err != nil {
			return fmt.Errorf("link %d %w", i, err)
		}
	}
	for i := range l.Movements {
		if m := &l.Movements[i]; m.Role == RoleReversed && min(refunded[int32(i)], m.Amount) != m.Reversed {
			return fmt.Errorf("the refunds of movement %d are not what came back", i)
		}
	}
	return nil
}

func checkOwnTransfer(l *Ledger, link Link, from, to *Movement) error {
	switch {
	case from.Entry == nil || to.Entry == nil || from.Holder == to.Holder:
		return fmt.Errorf("does not tie two accounts")
	case from.Role != RoleOwnTransfer || to.Role != RoleOwnTransfer:
		return fmt.Errorf("ties something else than own transfers")
	case from.Direction != Debit || to.Direction != Credit || from.Amount != to.Amount || link.Amount != from.Amount:
		return fmt.Errorf("does not tie a debit to a credit of equal amount")
	case l.Accounts[from.Holder].Company != l.Accounts[to.Holder].Company:
		return fmt.Errorf("ties a person to a company")
	}
	return nil
}

func checkRefund(link Link, from, to *Movement, begins bool) error {
	switch {
	case !sameHolder(from, to):
		return fmt.Errorf("ties a refund to another account or card")
	case from.Role != RoleReversal || from.Direction == to.Direction:
		return fmt.Errorf("does not tie a reversal to its opposite")
	case to.Written > from.Written:
		return fmt.Errorf("ties a refund to something later")
	case link.Amount != from.Amount || link.Amount > to.Amount && !begins:
		return fmt.Errorf("has another amount than the refund, or more than the original")
	}
	return nil
}

func sameHolder(a, b *Movement) bool {
	return a.Holder == b.Holder && a.Source.IsCard() == b.Source.IsCard()
}
