package clean

import (
	"cmp"
	"math"
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
)

// completePlans tells what the plans of the bills step amount to: which habit
// the transmitter has, what each instalment is worth, in which month it falls
// due, and what is still to come. It gives the lines the role of an instalment
// and ties them into a chain.
//
// Evidence and rules:
//
//   - A line under number 2 or more is an instalment: transmitters with a line
//     per instalment send such lines. On a card without any, lines of number 1 or
//     of no number state the full price when the closed bills add up only so, or
//     when two bills have closed since without a second instalment. A full price
//     beside numbered instalments is known by its amount: count times theirs.
//   - An instalment falls in the month in which its bill is due. Those on no bill
//     yet follow month by month after the last one that is; a plan that two bills
//     with lines have left out, or whose newest line came back, has nothing to come.
//   - An instalment without a line of its own is worth as much as the newest line;
//     a plan that states its full price adds up to it, the last one taking the
//     cents, or the first one where the closed bills say so.
//
// Invariants: every line is in at most one plan, once; the instalments add up to
// the price; those that are paid, on a bill and to come are all from 1 to Count.
func completePlans(l *ledger.Ledger, _ Options) {
	c := planCompleter{l: l}
	all := l.Plans
	l.Plans = all[:0]
	for plans := range runs(all, func(p, q *ledger.Plan) bool { return p.Card == q.Card }) {
		l.Plans = append(l.Plans, c.ofCard(plans)...)
	}
	clear(all[len(l.Plans):])
	addLinks(l, c.links)
}

// planCompleter works on one card at a time and keeps its buffer.
type planCompleter struct {
	l       *ledger.Ledger
	card    *ledger.Card
	bill    []int32 // of each line of the card: an index into Closed, or onOpen, or toCome
	newer   []int32 // of each closed bill: how many newer ones have lines
	paid    int     // the month in which the newest bill that was due up to D was due
	openDue int     // the month in which the open bill is due
	links   []ledger.Link

	oddFirst bool // the first instalment of a full price bears the odd cents, else the last
}

// ofCard completes the plans of one card and returns those that are plans.
func (c *planCompleter) ofCard(plans []ledger.Plan) []ledger.Plan {
	c.card = &c.l.Cards[plans[0].Card]
	c.readBills()
	var purchases, debts []ledger.Plan
	for i := range plans {
		if p := plans[i]; c.l.Movements[firstLine(&p)].Role == ledger.RoleDebt {
			debts = append(debts, p)
		} else {
			purchases = append(purchases, p)
		}
	}
	told := append(c.tellHabit(c.joinWholes(purchases)), slices.DeleteFunc(debts, hasNoLine)...)
	for i := range told {
		c.complete(&told[i])
		c.mark(&told[i])
	}
	slices.SortStableFunc(told, func(p, q ledger.Plan) int { return cmp.Compare(firstLine(&p), firstLine(&q)) })
	return told
}

// tellHabit tells lines that state a full price from first instalments.
func (c *planCompleter) tellHabit(plans []ledger.Plan) []ledger.Plan {
	if slices.ContainsFunc(plans, hasLater) {
		// Beside numbered lines one without a number tells nothing.
		return slices.DeleteFunc(plans, hasNoLine)
	}
	full := c.statesFullPrice(plans)
	for i := range plans {
		p := &plans[i]
		at := firstLine(p)
		p.Whole, p.Lines = -1, []ledger.PlanLine{{Number: 1, Movement: at}}
		if full {
			p.Whole, p.Lines = at, nil
		}
	}
	return plans
}

func hasNoLine(p ledger.Plan) bool { return len(p.Lines) == 0 }

// hasLater reports whether a plan has a line under number 2 or more.
func hasLater(p ledger.Plan) bool { return len(p.Lines) > 0 && p.Lines[len(p.Lines)-1].Number > 1 }

func (c *planCompleter) readBills() {
	n := int(c.card.End - c.card.First)
	c.bill = slices.Grow(c.bill[:0], n)[:n]
	place := func(lines []int32, bill int32) {
		for _, at := range lines {
			c.bill[at-c.card.First] = bill
		}
	}
	place(c.card.Open.Lines, onOpen)
	place(c.card.Open.Announced, toCome)
	for i := range c.card.Closed {
		place(c.card.Closed[i].Lines, int32(i))
	}
	c.openDue = c.l.Day.MonthIndex() + 1
	if due := c.card.Open.DueDay; due != calendar.None {
		c.openDue = due.MonthIndex()
	}
	c.newer, c.paid = c.newer[:0], 0
	withLines := int32(0)
	for i := range c.card.Closed {
		c.newer = append(c.newer, withLines)
		if len(c.card.Closed[i].Lines) > 0 {
			withLines++
		}
		if c.paid == 0 && c.stateOf(int32(i)) == ledger.InstalmentPaid {
			c.paid = c.dueMonth(int32(i))
		}
	}
}

// dueMonth returns the month in which a closed bill is due.
func (c *planCompleter) dueMonth(bill int32) int {
	b := &c.card.Closed[bill]
	switch {
	case b.DueDay != calendar.None:
		return b.DueDay.MonthIndex()
	case b.BillingDay != calendar.None:
		return b.BillingDay.MonthIndex()
	}
	return c.openDue - 1 - int(bill)
}

// joinWholes joins a line that states the full price with the instalments that
// are sent beside it: of equal name and count, their amount times the count,
// and not later than their first line.
func (c *planCompleter) joinWholes(plans []ledger.Plan) []ledger.Plan {
	type key struct {
		name  string
		count int32
	}
	numbered := make(map[key][]int)
	for i := range plans {
		if len(plans[i].Lines) > 0 {
			plans[i].Whole = -1 // a line of an instalment's amount is no price
		}
		if p := &plans[i]; hasLater(*p) {
			k := key{p.Name, p.Count}
			numbered[k] = append(numbered[k], i)
		}
	}
	if len(numbered) == 0 {
		return plans
	}
	joined := make([]bool, len(plans))
	for i := range plans {
		p := &plans[i]
		if hasLater(*p) {
			continue
		}
		whole := firstLine(p)
		candidates := numbered[key{p.Name, p.Count}]
		for k, at := range candidates {
			if c.isPriceOf(whole, &plans[at]) {
				plans[at].Whole, joined[i] = whole, true
				numbered[key{p.Name, p.Count}] = slices.Delete(candidates, k, k+1)
				break
			}
		}
	}
	kept := plans[:0]
	for i := range plans {
		if !joined[i] {
			kept = append(kept, plans[i])
		}
	}
	return kept
}

func (c *planCompleter) isPriceOf(whole int32, p *ledger.Plan) bool {
	w, first := &c.l.Movements[whole], &c.l.Movements[p.Lines[0].Movement]
	sum, exact := times(first.Amount, p.Count)
	cents := money.Amount(p.Count) * money.Amount(p.Count) * cent
	return exact && w.Written <= first.Written && (w.Amount-sum).Abs() < cents
}

// statesFullPrice decides the habit of a card of which every plan has one line,
// of number 1 or of none. The bills that add up in one way only decide; else a
// first line that two bills with lines have followed without a second. Else a
// number says that the line is an instalment, and no number that it is not.
func (c *planCompleter) statesFullPrice(plans []ledger.Plan) bool {
	if whole, rows := c.reconcile(plans); whole != rows {
		return whole > rows
	}
	numbered := false
	for i := range plans {
		numbered = numbered || plans[i].Whole < 0
		if bill := c.billOf(firstLine(&plans[i])); bill >= 0 && c.newer[bill] >= 2 {
			return true
		}
	}
	return !numbered
}

func (c *planCompleter) billOf(movement int32) int32 { return c.bill[movement-c.card.First] }

// reconcile counts the closed bills on which a plan falls and whose total is
// that of their lines, when the lines of plans state full prices and when they
// are instalments. Payments are no part of a total. It learns on the way which
// instalment bears the odd cents.
func (c *planCompleter) reconcile(plans []ledger.Plan) (whole, rows int) {
	closed := c.card.Closed
	// By bill: what the lines of plans state, and what falls due, with the odd
	// cents on the last instalment or on the first.
	stated, last, first := make([]money.Amount, len(closed)), make([]money.Amount, len(closed)), make([]money.Amount, len(closed))
	concerned := make([]bool, len(closed))
	for i := range plans {
		p := &plans[i]
		at := firstLine(p)
		bill, price := c.billOf(at), c.l.Movements[at].Amount
		if bill < 0 {
			continue
		}
		stated[bill] += price
		each := price / money.Amount(p.Count) / cent * cent
		odd := price - each*money.Amount(p.Count)
		first[bill] += odd
		for k := bill; k >= 0 && bill-k < p.Count; k-- {
			last[k] += each
			first[k] += each
			concerned[k] = true
		}
		if end := bill - p.Count + 1; end >= 0 {
			last[end] += odd
		}
	}
	onFirst, onLast := 0, 0
	for i := range closed {
		if !concerned[i] || !closed[i].Source.Total.Present() {
			continue
		}
		others := c.charged(closed[i].Lines) - stated[i]
		switch total := closed[i].Total; total {
		case others + stated[i]:
			rows++
		case others + last[i], others + first[i]:
			whole++
			if first[i] == last[i] {
				continue
			}
			if total == others+first[i] {
				onFirst++
			} else {
				onLast++
			}
		}
	}
	c.oddFirst = onFirst > onLast
	return whole, rows
}

// charged sums the lines of a bill without the payments.
func (c *planCompleter) charged(lines []int32) money.Amount {
	var sum money.Amount
	for _, at := range lines {
		if m := &c.l.Movements[at]; m.Role != ledger.RoleBillPayment && !m.Foreign {
			sum, _ = money.Add(sum, -m.Signed())
		}
	}
	return sum
}

// complete fills in what the lines of a plan amount to.
func (c *planCompleter) complete(p *ledger.Plan) {
	newest := toCome // the newest bill with one of the lines
	for i := range p.Lines {
		line := &p.Lines[i]
		bill := c.billOf(line.Movement)
		switch bill {
		case toCome:
			line.State = ledger.InstalmentToCome
			continue
		case onOpen:
			line.State, line.Month = ledger.InstalmentOnBill, c.openDue
		default:
			line.State, line.Month = c.stateOf(bill), c.dueMonth(bill)
		}
		p.Next, p.NextMonth, newest = line.Number+1, line.Month+1, bill
		if line.State == ledger.InstalmentPaid {
			p.Paid = line.Number
		}
	}
	if len(p.Lines) == 0 {
		c.completeWhole(p)
	} else {
		c.completeLines(p, newest)
	}
	c.tellAmounts(p)
}

func (c *planCompleter) stateOf(bill int32) ledger.InstalmentState {
	if due := c.card.Closed[bill].DueDay; due != calendar.None && due > c.l.Day {
		return ledger.InstalmentOnBill
	}
	return ledger.InstalmentPaid
}

// completeLines fills in the months of a plan with a line per instalment.
func (c *planCompleter) completeLines(p *ledger.Plan, newest int32) {
	if p.Next == 0 { // all lines are announced
		p.Next, p.NextMonth = p.Lines[0].Number, c.openDue
	}
	announced := p.Lines[len(p.Lines)-1].State == ledger.InstalmentToCome
	if newest >= 0 && !announced && (c.newer[newest] >= 2 || c.cameBack(p)) {
		endPlan(p)
	}
	if p.NextMonth < c.openDue {
		p.NextMonth = c.openDue // a bill has closed without it
	}
	for i := range p.Lines {
		if line := &p.Lines[i]; line.State == ledger.InstalmentToCome {
			p.Next = min(p.Next, line.Number)
			line.Month = p.NextMonth + int(line.Number-p.Next)
		}
	}
	first := &p.Lines[0]
	p.First = first.Month - int(first.Number) + 1
	p.Paid = max(p.Paid, min(first.Number, p.Next)-1)
}

// endPlan leaves nothing of a plan to come: what was not billed is settled.
func endPlan(p *ledger.Plan) { p.Next, p.Paid = p.Count+1, p.Count }

// completeWhole fills in the months of a plan that only states its full price:
// the first instalment is on the bill of that line.
func (c *planCompleter) completeWhole(p *ledger.Plan) {
	p.First = c.openDue
	if bill := c.billOf(p.Whole); bill >= 0 {
		p.First = c.dueMonth(bill)
	}
	p.NextMonth = c.openDue + 1
	p.Next = min(int32(p.NextMonth-p.First)+1, p.Count+1)
	p.Paid = max(0, min(int32(c.paid-p.First)+1, p.Next-1))
	if c.cameBack(p) {
		endPlan(p)
	}
}

// cameBack reports whether the whole of the newest line was refunded.
func (c *planCompleter) cameBack(p *ledger.Plan) bool {
	at := p.Whole
	if n := len(p.Lines); n > 0 {
		at = p.Lines[n-1].Movement
	}
	m := &c.l.Movements[at]
	return m.Role == ledger.RoleReversed && m.Reversed == m.Amount
}

// tellAmounts fills in the amounts of the instalments without a line.
func (c *planCompleter) tellAmounts(p *ledger.Plan) {
	var sent money.Amount
	for i := range p.Lines {
		p.Each = c.l.Movements[p.Lines[i].Movement].Amount
		sent, _ = money.Add(sent, p.Each)
	}
	p.Price = sent
	open := p.Count - int32(len(p.Lines)) // without a line
	if open == 0 {
		return
	}
	p.Odd, p.OddNumber = p.Each, c.lastOpen(p)
	if p.Whole >= 0 {
		c.divide(p, sent, open)
	}
	rest, _ := times(p.Each, open-1)
	p.Price, _ = money.Add(p.Price, rest)
	p.Price, _ = money.Add(p.Price, p.Odd)
}

// lastOpen returns the last number of a plan without a line, of which there is one.
func (c *planCompleter) lastOpen(p *ledger.Plan) int32 {
	number := p.Count
	for i := len(p.Lines) - 1; i >= 0 && p.Lines[i].Number == number; i-- {
		number--
	}
	return number
}

// divide makes the instalments add up to the full price, where they can.
func (c *planCompleter) divide(p *ledger.Plan, sent money.Amount, open int32) {
	price := c.l.Movements[p.Whole].Amount
	if len(p.Lines) == 0 {
		p.Each = price / money.Amount(p.Count) / cent * cent
		if c.oddFirst {
			p.OddNumber = 1
		}
	}
	rest, exact := times(p.Each, open-1)
	p.Odd = p.Each
	if odd := price - sent - rest; exact && odd > 0 {
		p.Odd = odd
	}
}

// mark gives the lines of a plan their role and ties them.
func (c *planCompleter) mark(p *ledger.Plan) {
	if p.Whole >= 0 {
		c.give(p, p.Whole, "instalment/full-price")
	}
	for i := range p.Lines {
		at := p.Lines[i].Movement
		reason, sureness := "instalment/charge-number", uint16(1000)
		if c.l.Movements[at].Line.ChargeNumber == 0 {
			reason, sureness = "instalment/text", 950
		}
		c.give(p, at, reason)
		if i > 0 {
			c.links = append(c.links, ledger.Link{
				Kind: ledger.LinkInstalment, From: p.Lines[i-1].Movement, To: at,
				Amount: c.l.Movements[at].Amount, Reason: reason, Sureness: sureness,
			})
		}
	}
}

func (c *planCompleter) give(p *ledger.Plan, at int32, reason string) {
	m := &c.l.Movements[at]
	if m.Role == ledger.RoleNone {
		m.Role, m.RoleReason = ledger.RoleInstalment, reason
	}
	p.Debt = p.Debt || m.Role == ledger.RoleDebt
}

// times returns a × n and whether it is exact.
func times(a money.Amount, n int32) (money.Amount, bool) {
	if n != 0 && a > math.MaxInt64/money.Amount(n) {
		return math.MaxInt64, false
	}
	return a * money.Amount(n), true
}
