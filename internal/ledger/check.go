package ledger

import (
	"errors"
	"fmt"
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/openfinance"
)

// Check reports the first way in which a ledger breaks what it promises, nil
// when it keeps all of it. Tests call it after every stage. What must hold:
//
//   - the movements of accounts, then of cards, lie one range after the other
//     and cover Movements; each names its holder and comes from one of its lists;
//   - amounts are not negative, an id is never "", only a timed movement has an instant;
//   - a Duplicate, and nothing else, has an Original: a counted movement of the same holder;
//   - in a replay no counted movement is later than the day or not effective;
//     otherwise none is AfterDay;
//   - Newest holds counted movements of the account, each once, newest first;
//   - along the effective movements of Newest, balances add up;
//   - a card's counted lines each stand on exactly one bill, newest first; an
//     open bill's total is that of its lines; closed bills go from new to old;
//   - institutions hold each account, card, contract and holding once;
//   - links tie two different movements and are sorted; roles and links agree;
//   - a card line is in at most one plan, under one number of it; the instalments
//     of a plan that is told add up to its price and fall due one after the other;
//   - a contract that another one shows again has no movements; a movement belongs
//     to at most one contract, as a credit or debit of an account, with that role;
//   - a movement pays at most one bill, with its whole amount and that role;
//   - the movements of a holding are its own, each once, newest first.
//
// The error names indices, never texts or amounts.
func Check(l *Ledger) error {
	for _, rule := range []func(*Ledger) error{
		checkRanges, checkMovements, checkStandings, checkNewest, checkBalances, checkBills, checkInstitutions, checkLinks, checkRoles, checkPlans, checkPayments, checkContracts, checkHoldings,
	} {
		if err := rule(l); err != nil {
			return err
		}
	}
	return nil
}

func checkRanges(l *Ledger) error {
	next := int32(0)
	for i := range l.Accounts {
		a := &l.Accounts[i]
		if err := checkRange(l, "account", i, next, a.First, a.End, false); err != nil {
			return err
		}
		next = a.End
	}
	for i := range l.Cards {
		c := &l.Cards[i]
		if err := checkRange(l, "card", i, next, c.First, c.End, true); err != nil {
			return err
		}
		next = c.End
	}
	if int(next) != len(l.Movements) {
		return fmt.Errorf("%d movements belong to no account or card", len(l.Movements)-int(next))
	}
	return nil
}

func checkRange(l *Ledger, kind string, i int, next, first, end int32, card bool) error {
	if first != next || end < first || int(end) > len(l.Movements) {
		return fmt.Errorf("%s %d has the movements [%d:%d), expected to begin at %d", kind, i, first, end, next)
	}
	for at := first; at < end; at++ {
		m := &l.Movements[at]
		if int(m.Holder) != i || m.Source.IsCard() != card {
			return fmt.Errorf("movement %d of %s %d names another holder", at, kind, i)
		}
	}
	return nil
}

func checkMovements(l *Ledger) error {
	for i := range l.Movements {
		m := &l.Movements[i]
		switch {
		case (m.Entry == nil) != m.Source.IsCard() || (m.Line == nil) == m.Source.IsCard():
			return fmt.Errorf("movement %d does not point at the record that it was made of", i)
		case m.ID == "":
			return fmt.Errorf("movement %d has no id", i)
		case m.Amount < 0 || m.Reversed < 0 || m.Reversed > m.Amount:
			return fmt.Errorf("movement %d has a negative or too large amount", i)
		case m.Day == calendar.None || m.Written == calendar.None:
			return fmt.Errorf("movement %d has no day", i)
		case m.Entry != nil && m.Day != m.Written:
			return fmt.Errorf("movement %d of an account has two days", i)
		case !m.Timed && m.Instant != 0:
			return fmt.Errorf("movement %d has an instant but no time", i)
		case m.Line != nil && (m.Phase != Effective || m.HasBalance):
			return fmt.Errorf("card line %d is not effective or has a balance", i)
		}
	}
	return nil
}

func checkStandings(l *Ledger) error {
	for i := range l.Movements {
		m := &l.Movements[i]
		switch m.Standing {
		case Duplicate:
			if m.Original < 0 || int(m.Original) >= len(l.Movements) {
				return fmt.Errorf("duplicate %d has no original", i)
			}
			o := &l.Movements[m.Original]
			if o.Standing != Counted || o.Holder != m.Holder || o.Source.IsCard() != m.Source.IsCard() {
				return fmt.Errorf("the original of duplicate %d does not count or is another's", i)
			}
			continue
		case AfterDay:
			if !l.Replay {
				return fmt.Errorf("movement %d is after the day, but this is no replay", i)
			}
		case Counted:
			if m.Amount == 0 {
				return fmt.Errorf("movement %d of amount 0 counts", i)
			}
			if l.Replay && (m.Phase != Effective || min(m.Day, m.Written) > l.Day) {
				return fmt.Errorf("movement %d counts in a replay of an earlier day", i)
			}
		case BalanceLine:
		default:
			return fmt.Errorf("movement %d has the unknown standing %d", i, m.Standing)
		}
		if m.Original != -1 {
			return fmt.Errorf("movement %d is no duplicate and has an original", i)
		}
	}
	return nil
}

func checkNewest(l *Ledger) error {
	for i := range l.Accounts {
		a := &l.Accounts[i]
		for _, at := range a.Newest {
			if at < a.First || at >= a.End || l.Movements[at].Standing != Counted {
				return fmt.Errorf("account %d prints movement %d, which does not count or is another's", i, at)
			}
		}
		if err := checkOrder(l, a.Newest); err != nil {
			return fmt.Errorf("account %d: %w", i, err)
		}
	}
	return nil
}

// checkOrder also finds a movement that is listed twice.
func checkOrder(l *Ledger, printed []int32) error {
	for i := 1; i < len(printed); i++ {
		if !l.Newer(printed[i-1], printed[i]) {
			return fmt.Errorf("movement %d is printed before %d", printed[i-1], printed[i])
		}
	}
	return nil
}

// checkBalances knows that a replay chained the balances through movements that
// it does not print, so gaps are allowed there.
func checkBalances(l *Ledger) error {
	for i := range l.Movements {
		if m := &l.Movements[i]; m.HasBalance && m.Phase != Effective {
			return fmt.Errorf("movement %d is not effective and has a balance", i)
		}
	}
	if l.Replay {
		return nil
	}
	for i := range l.Accounts {
		var newer *Movement
		for _, at := range l.Accounts[i].Newest {
			m := &l.Movements[at]
			if m.Phase != Effective {
				continue
			}
			if newer != nil && newer.HasBalance && m.HasBalance && newer.Balance != m.Balance+newer.Signed() {
				return fmt.Errorf("account %d: the balance after movement %d does not follow from the one before", i, at)
			}
			newer = m
		}
	}
	return nil
}

func checkBills(l *Ledger) error {
	for i := range l.Cards {
		c := &l.Cards[i]
		if c.Open == nil {
			if len(c.Closed) > 0 {
				return fmt.Errorf("card %d has closed bills but no open bill", i)
			}
			continue // before bills are made, or a card with neither bills nor lines
		}
		on := make([]int, c.End-c.First)
		if err := checkBill(l, c, c.Open, on); err != nil {
			return fmt.Errorf("card %d, open bill: %w", i, err)
		}
		for b := range c.Closed {
			if err := checkBill(l, c, &c.Closed[b], on); err != nil {
				return fmt.Errorf("card %d, closed bill %d: %w", i, b, err)
			}
			if b > 0 && c.Closed[b].DueDay > c.Closed[b-1].DueDay {
				return fmt.Errorf("card %d: closed bill %d is due after the one before it", i, b)
			}
		}
		for k, times := range on {
			if counts := l.Movements[int(c.First)+k].Standing == Counted; counts != (times == 1) || times > 1 {
				return fmt.Errorf("card %d: line %d stands on %d bills", i, int(c.First)+k, times)
			}
		}
		if err := checkOpenTotal(l, c); err != nil {
			return fmt.Errorf("card %d: %w", i, err)
		}
	}
	return nil
}

func checkBill(l *Ledger, c *Card, b *Bill, on []int) error {
	for _, at := range b.Lines {
		if at < c.First || at >= c.End {
			return fmt.Errorf("line %d is another card's", at)
		}
		on[at-c.First]++
	}
	if (b.Source == nil) != (b == c.Open) {
		return errors.New("only the open bill has no source")
	}
	if b != c.Open && len(b.Announced) > 0 {
		return errors.New("only the open bill announces lines")
	}
	if b == c.Open {
		var later []int32
		for _, at := range b.Lines {
			if l.Movements[at].Day > l.Day {
				later = append(later, at)
			}
		}
		slices.Sort(later)
		if !slices.Equal(later, b.Announced) {
			return errors.New("the lines announced are not those after the day")
		}
	}
	return checkOrder(l, b.Lines)
}

// checkOpenTotal adds up the open bill. Without closed bills only lines of age
// below 60 are part of the total, so it may be smaller than the sum.
func checkOpenTotal(l *Ledger, c *Card) error {
	var sum money.Amount
	for _, at := range c.Open.Lines {
		if m := &l.Movements[at]; m.Direction == Debit && !m.Foreign && m.Day <= l.Day {
			sum, _ = money.Add(sum, m.Amount)
		}
	}
	if total := c.Open.Total; total != sum && (len(c.Closed) > 0 || total > sum || total < 0) {
		return errors.New("the total of the open bill is not that of its debit lines")
	}
	return nil
}

func checkInstitutions(l *Ledger) error {
	for _, c := range []struct {
		name string
		n    int
		held func(*Institution) []int32
		at   func(i int32) int32 // the institution that the thing itself names
	}{
		{"account", len(l.Accounts), func(in *Institution) []int32 { return in.Accounts }, func(i int32) int32 { return l.Accounts[i].Institution }},
		{"card", len(l.Cards), func(in *Institution) []int32 { return in.Cards }, func(i int32) int32 { return l.Cards[i].Institution }},
		{"contract", len(l.Contracts), func(in *Institution) []int32 { return in.Contracts }, func(i int32) int32 { return l.Contracts[i].Institution }},
		{"holding", len(l.Holdings), func(in *Institution) []int32 { return in.Holdings }, func(i int32) int32 { return l.Holdings[i].Institution }},
	} {
		times := make([]int, c.n)
		for i := range l.Institutions {
			for _, at := range c.held(&l.Institutions[i]) {
				if int(at) >= c.n || int(c.at(at)) != i {
					return fmt.Errorf("institution %d holds %s %d, which names another", i, c.name, at)
				}
				times[at]++
			}
		}
		for at, n := range times {
			if n != 1 {
				return fmt.Errorf("%s %d is held by %d institutions", c.name, at, n)
			}
		}
	}
	return nil
}

func checkLinks(l *Ledger) error {
	for i, link := range l.Links {
		n := int32(len(l.Movements))
		if link.From == link.To || min(link.From, link.To) < 0 || max(link.From, link.To) >= n {
			return fmt.Errorf("link %d does not tie two movements", i)
		}
		if i > 0 && (l.Links[i-1].Kind > link.Kind || l.Links[i-1].Kind == link.Kind && l.Links[i-1].From > link.From) {
			return fmt.Errorf("link %d is out of order", i)
		}
	}
	return nil
}

func checkPlans(l *Ledger) error {
	seen := make(map[int32]bool)
	for i := range l.Plans {
		p := &l.Plans[i]
		if p.Count < 2 || int(p.Card) >= len(l.Cards) || (p.Whole < 0 && len(p.Lines) == 0) {
			return fmt.Errorf("plan %d is of no purchase in instalments", i)
		}
		lines := make([]int32, 0, len(p.Lines)+1)
		for k, line := range p.Lines {
			if line.Number < 1 || line.Number > p.Count || (k > 0 && line.Number <= p.Lines[k-1].Number) {
				return fmt.Errorf("plan %d has line %d under a wrong number", i, line.Movement)
			}
			lines = append(lines, line.Movement)
		}
		if p.Whole >= 0 {
			lines = append(lines, p.Whole)
		}
		c := &l.Cards[p.Card]
		for _, at := range lines {
			if at < c.First || at >= c.End || l.Movements[at].Standing != Counted || seen[at] {
				return fmt.Errorf("line %d of plan %d is another's or does not count", at, i)
			}
			seen[at] = true
		}
		if err := checkInstalments(l, p); err != nil {
			return fmt.Errorf("plan %d: %w", i, err)
		}
	}
	return nil
}

// checkInstalments looks at a plan that the step of instalments has completed.
func checkInstalments(l *Ledger, p *Plan) error {
	if p.Next == 0 {
		return nil
	}
	if p.Next < 1 || p.Next > p.Count+1 || p.Paid < 0 || p.Paid > p.Count {
		return errors.New("it is paid or goes on past its end")
	}
	var sum money.Amount
	for n := int32(1); n <= p.Count; n++ {
		in := p.At(l, n)
		if in.Number != n || in.Amount < 0 {
			return fmt.Errorf("instalment %d is wrong", n)
		}
		if in.State == InstalmentToCome && n >= p.Next && in.Month != p.NextMonth+int(n-p.Next) {
			return fmt.Errorf("instalment %d does not follow month by month", n)
		}
		sum, _ = money.Add(sum, in.Amount)
	}
	if sum != p.Price {
		return errors.New("the instalments do not add up to the price")
	}
	return nil
}

func checkPayments(l *Ledger) error {
	paid := make(map[int32]bool)
	for i := range l.Cards {
		c := &l.Cards[i]
		if c.Open == nil {
			continue
		}
		for b := -1; b < len(c.Closed); b++ {
			bill := c.Open
			if b >= 0 {
				bill = &c.Closed[b]
			}
			for _, p := range bill.Payments {
				for _, at := range []int32{p.Line, p.Entry} {
					if at < 0 {
						continue
					}
					m := &l.Movements[at]
					if paid[at] || m.Amount != p.Amount || m.Role != RoleBillPayment || m.Standing != Counted {
						return fmt.Errorf("card %d: movement %d does not pay its bill", i, at)
					}
					paid[at] = true
				}
			}
		}
	}
	return nil
}

func checkContracts(l *Ledger) error {
	taken := make(map[int32]bool)
	for i := range l.Contracts {
		c := &l.Contracts[i]
		if int(c.Same) >= i || c.Same >= 0 && (l.Contracts[c.Same].Same >= 0 || c.Disbursement >= 0 || len(c.Instalments) > 0) {
			return fmt.Errorf("contract %d shows another again, or has movements that the first should have", i)
		}
		belongs := func(at int32, way Direction) error {
			m := &l.Movements[at]
			if taken[at] || m.Entry == nil || m.Direction != way || m.Role != RoleContract || m.Standing != Counted {
				return fmt.Errorf("movement %d does not belong to contract %d", at, i)
			}
			taken[at] = true
			return nil
		}
		if c.Disbursement >= 0 {
			if err := belongs(c.Disbursement, Credit); err != nil {
				return err
			}
		}
		for _, paid := range c.Instalments {
			if err := belongs(paid.Movement, Debit); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkHoldings(l *Ledger) error {
	for i := range l.Holdings {
		h := &l.Holdings[i]
		seen := make(map[*openfinance.InvestmentTransaction]bool)
		for _, list := range [][]openfinance.InvestmentTransaction{h.Source.Transactions, h.Source.TransactionsCurrent} {
			for k := range list {
				seen[&list[k]] = false
			}
		}
		for k, m := range h.Newest {
			twice, own := seen[m]
			if !own || twice {
				return fmt.Errorf("holding %d: movement %d is another's or stands twice", i, k)
			}
			seen[m] = true
			if k > 0 && m.Date > h.Newest[k-1].Date {
				return fmt.Errorf("holding %d: movement %d is newer than the one before it", i, k)
			}
		}
	}
	return nil
}
