package plain

import (
	"math/big"
	"slices"
	"time"

	"github.com/openklaas/klaas/openfinance"
)

func firstOf(month int) time.Time {
	return time.Date(month/12, time.Month(month%12+1), 1, 0, 0, 0, 0, time.UTC)
}

// onDay is a day of a month, or its last day where it is shorter.
func onDay(month, day int) time.Time {
	last := firstOf(month+1).AddDate(0, 0, -1)
	if day > last.Day() {
		return last
	}
	return firstOf(month).AddDate(0, 0, day-1)
}

func addMonths(day time.Time, n int) time.Time { return onDay(monthOf(day)+n, day.Day()) }

// firstInstalment is the day of the first instalment to come of a contract.
func (a *answer) firstInstalment(c *openfinance.Contract) time.Time {
	due, err := time.Parse(time.DateOnly, c.FirstInstalmentDue)
	if err == nil && due.After(a.today) {
		return due
	}
	if err != nil {
		due, err = time.Parse(time.DateOnly, c.DueDate)
	}
	switch {
	case err != nil:
		return firstOf(a.now + 1)
	case due.Day() > a.today.Day():
		return onDay(a.now, due.Day())
	}
	return onDay(a.now+1, due.Day())
}

// chain is the balance of an account after each of its effective entries, of any
// day, newest first.
type chain struct {
	rows    []row
	after   []*big.Rat
	opening *big.Rat // nil when the account has no balance
}

// chainOf is that of what counts of the available balance or, of an account with
// sweeps, of the invested money too: then sweeps move nothing.
func (a *answer) chainOf(account int, invested bool) *chain {
	key := [2]int{account}
	if invested {
		key[1] = 1
	}
	if a.chains[key] == nil {
		a.chains[key] = a.makeChain(account, invested)
	}
	return a.chains[key]
}

func (a *answer) makeChain(account int, invested bool) *chain {
	x := a.q.Accounts[account]
	c := new(chain)
	if x.Source.Balances == nil || number(x.Source.Balances.Available.Amount) == nil {
		return c
	}
	sweeps := false
	for i := range a.q.Entries {
		if a.q.Entries[i].Account != account {
			continue
		}
		r := a.q.entry(i)
		if currency(r.Transaction.Amount) != currency(x.Source.Balances.Available) {
			return new(chain) // It has no sum.
		}
		sweeps = sweeps || r.isSweep()
		c.rows = append(c.rows, r)
	}
	slices.SortFunc(c.rows, func(x, y row) int { return newer(&x, &y) })
	c.opening = number(x.Source.Balances.Available.Amount)
	if all := number(x.Source.Balances.AutomaticallyInvested.Amount); invested && sweeps && all != nil {
		c.opening = most(c.opening, all)
	}
	if x.Half {
		c.opening = half(c.opening)
	}
	signed := make([]*big.Rat, len(c.rows))
	isPast := false
	for i := range c.rows {
		r := &c.rows[i]
		signed[i] = new(big.Rat).Set(r.amount)
		switch {
		case invested && sweeps && r.isSweep():
			signed[i].SetInt64(0)
		case !r.credit:
			signed[i].Neg(signed[i])
		}
		if isPast = isPast || !isLater(r, x.Source.Balances.UpdateDateTime); isPast {
			c.opening = sub(c.opening, signed[i])
		}
	}
	c.after = make([]*big.Rat, len(c.rows))
	balance := c.opening
	for i := len(c.rows) - 1; i >= 0; i-- {
		balance = add(balance, signed[i])
		c.after[i] = balance
	}
	return c
}

// isLater: the entry came after the balance was told.
func isLater(r *row, update string) bool {
	day, moment := dayAndTime("", update)
	if day.IsZero() {
		return false
	}
	if !r.time.IsZero() && !moment.IsZero() {
		return r.time.UnixMilli() > moment.UnixMilli()
	}
	return r.day.After(day)
}

// endOfDay is the balance of an account at the end of a day, nil when it has none.
func (a *answer) endOfDay(account int, day time.Time, invested bool) *big.Rat {
	c := a.chainOf(account, invested)
	for i := range c.rows {
		if !c.rows[i].day.After(day) {
			return c.after[i]
		}
	}
	return c.opening
}

func currency(m openfinance.Money) string {
	if m.Currency == "" {
		return "BRL"
	}
	return m.Currency
}

func (a *answer) sumOfDay(day time.Time, invested bool) *big.Rat {
	var sum *big.Rat
	if len(a.rows) == 0 {
		return nil // no covered day
	}
	for i, x := range a.q.Accounts {
		if x.Savings {
			continue
		}
		if b := a.endOfDay(i, day, invested); b != nil {
			if sum == nil {
				sum = new(big.Rat)
			}
			sum.Add(sum, b)
		}
	}
	return sum
}

// balance is the end-of-day sum of all checking accounts, nil when it cannot be
// told.
func (a *answer) balance(day time.Time) *big.Rat { return a.sumOfDay(day, false) }

// coveredOf are the covered days of the last n.
func (a *answer) coveredOf(n int) (list []time.Time) {
	for k := n - 1; k >= 0; k-- {
		if day := a.today.AddDate(0, 0, -k); len(a.rows) > 0 && !day.Before(a.oldest) {
			list = append(list, day)
		}
	}
	return list
}

func (a *answer) coveredBalances(n int) (list []*big.Rat) {
	for _, day := range a.coveredOf(n) {
		if b := a.balance(day); b != nil {
			list = append(list, b)
		}
	}
	return list
}

func (a *answer) coveredAverage(n int) *big.Rat { return mean(a.coveredBalances(n)) }

func (a *answer) negativeDays(n int) *big.Rat {
	if a.balance(a.today) == nil {
		return nil
	}
	count := 0
	for _, day := range a.coveredOf(n) {
		if a.sumOfDay(day, true).Sign() < 0 {
			count++
		}
	}
	return whole(count)
}

// available is the sum of the balances of the accounts that a test takes: as
// reported, in a replay at the end of the reporting day; nil without any.
func (a *answer) available(takes func(account int) bool) *big.Rat {
	var sum *big.Rat
	for i, x := range a.q.Accounts {
		if !takes(i) || x.Source.Balances == nil {
			continue
		}
		b := number(x.Source.Balances.Available.Amount)
		if b != nil && x.Half {
			b = half(b)
		}
		if a.q.Replay {
			b = a.endOfDay(i, a.today, false)
		}
		if b != nil {
			if sum == nil {
				sum = new(big.Rat)
			}
			sum.Add(sum, b)
		}
	}
	return sum
}

func (a *answer) checkingBalance() *big.Rat {
	return a.available(func(i int) bool { return !a.q.Accounts[i].Savings })
}

func (a *answer) savingsBalance() *big.Rat {
	return a.available(func(i int) bool { return a.q.Accounts[i].Savings })
}

// tells are the statement lines that tell a balance, and of which day: 0 the end of
// their own, −1 of the day before.
var tells = map[string]int{"SALDO DO DIA": 0, "SALDO FINAL": 0, "S A L D O": 0, "SALDO ANTERIOR": -1, "SALDO INICIAL": -1}

// reliableFrom is the day after the newest one on which a balance that a statement
// told, or the floor of the overdraft, is broken; zero when none is.
func (a *answer) reliableFrom() (from time.Time) {
	broken := func(day time.Time) {
		if next := day.AddDate(0, 0, 1); next.After(from) {
			from = next
		}
	}
	for i, x := range a.q.Accounts {
		c := a.chainOf(i, false)
		if x.Savings || c.opening == nil || len(c.rows) == 0 {
			continue
		}
		for _, t := range a.q.Told {
			written, _ := dayAndTime(t.Transaction.Date, t.Transaction.DateTime)
			back, known := tells[t.Name]
			told := reais(t.Transaction.Amount)
			if t.Account != i || !known || told == nil || told.Sign() == 0 || written.After(a.today) {
				continue
			}
			if t.Transaction.CreditDebitType == "DEBITO" {
				told = new(big.Rat).Neg(told)
			}
			if x.Half {
				told = half(told)
			}
			day := written.AddDate(0, 0, back)
			first := c.rows[len(c.rows)-1].day
			if !day.Before(first.AddDate(0, 0, -1)) && told.Cmp(a.endOfDay(i, day, false)) != 0 && told.Cmp(a.endOfDay(i, day, true)) != 0 {
				broken(day)
			}
		}
		if o := x.Source.OverdraftLimits; o != nil && number(o.Contracted.Amount) != nil {
			floor := number(o.Contracted.Amount)
			if more := number(o.Unarranged.Amount); more != nil {
				floor = add(floor, more)
			}
			if floor.Neg(floor); x.Half {
				floor = half(floor)
			}
			for _, r := range c.rows {
				if !r.day.After(a.today) && a.endOfDay(i, r.day, false).Cmp(floor) < 0 {
					broken(r.day)
				}
			}
		}
	}
	return from
}
