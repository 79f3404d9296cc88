package plain

import (
	"math/big"
	"slices"
	"time"

	"github.com/openklaas/klaas/openfinance"
)

// bill is a closed bill with its days and its lines up to the reporting day.
type bill struct {
	Bill
	card         int
	due, billing time.Time // zero when unknown
	lines        []row
	total        *big.Rat // nil in another currency
}

func (a *answer) closedBills() (list []bill) {
	for i := range a.q.Cards {
		list = append(list, a.billsOf(i)...)
	}
	return list
}

// billsOf are the closed bills of a card, newest due day first.
func (a *answer) billsOf(card int) (list []bill) {
	for _, b := range a.q.Cards[card].Closed {
		x := bill{Bill: b, card: card, due: date(b.DueDay), billing: date(b.BillingDay), total: reais(b.Source.Total)}
		for _, at := range b.Lines {
			if r := a.q.cardLine(at); !r.day.After(a.today) {
				x.lines = append(x.lines, r)
			}
		}
		list = append(list, x)
	}
	return list
}

// isLate: first paid after the limit day, or with a late charge, or unpaid.
func (a *answer) isLate(b *bill) bool {
	if len(a.lateLines(b.lines)) > 0 {
		return true
	}
	for _, c := range b.Source.FinanceCharges {
		if c.Type != "IOF" && (reais(c.Amount) == nil || reais(c.Amount).Sign() != 0) {
			return true
		}
	}
	first := ""
	for _, p := range b.Source.Payments {
		if first == "" || p.PaymentDate < first {
			first = p.PaymentDate
		}
	}
	if first != "" && !b.due.IsZero() {
		limit := businessDay(b.due)
		byBoleto := func(p openfinance.BillPayment) bool {
			return p.PaymentDate == first && p.PaymentMode == "BOLETO_BANCARIO"
		}
		if slices.ContainsFunc(b.Source.Payments, byBoleto) {
			limit = businessDay(limit.AddDate(0, 0, 1))
		}
		return date(first).After(limit)
	}
	if b.total == nil || b.total.Sign() <= 0 || b.due.IsZero() || !b.due.Before(a.today.AddDate(0, 0, -5)) {
		return false
	}
	paid := slices.ContainsFunc(a.lines, func(r row) bool {
		return r.Account == b.card && r.credit && r.code("060202") && r.day.After(b.billing)
	})
	return b.Source.Payments != nil && len(b.Source.Payments) == 0 && !paid
}

// lateLines are the late charges among lines.
func (a *answer) lateLines(lines []row) (list []row) {
	for _, r := range lines {
		if r.code("050404") && !r.credit {
			list = append(list, r)
		}
	}
	return list
}

// isMinimum: paid, at most 1.10 × the minimum and less than the total.
func (a *answer) isMinimum(b *bill) bool {
	paid := new(big.Rat)
	for _, p := range b.Source.Payments {
		if v := reais(p.Amount); v != nil {
			paid.Add(paid, v)
		}
	}
	minimum := reais(b.Source.Minimum)
	return paid.Sign() > 0 && minimum != nil && b.total != nil &&
		paid.Cmp(mul(minimum, big.NewRat(11, 10))) <= 0 && paid.Cmp(b.total) < 0
}

// charge is a late charge of a card with its day.
type charge struct {
	day    time.Time
	amount *big.Rat
}

// lateCharges are the lines 050404 of each bill; of one without them its finance
// charges other than IOF.
func (a *answer) lateCharges() (list []charge) {
	for i := range a.q.Cards {
		for _, b := range a.billsOf(i) {
			lines := a.lateLines(b.lines)
			for _, r := range lines {
				list = append(list, charge{r.day, r.amount})
			}
			if len(lines) > 0 {
				continue
			}
			for _, c := range b.Source.FinanceCharges {
				if v := reais(c.Amount); c.Type != "IOF" && v != nil && v.Sign() != 0 {
					list = append(list, charge{b.due, v})
				}
			}
		}
		if open := a.q.Cards[i].Open; open != nil {
			var lines []row
			for _, at := range open.Lines {
				if r := a.q.cardLine(at); !r.day.After(a.today) {
					lines = append(lines, r)
				}
			}
			for _, r := range a.lateLines(lines) {
				list = append(list, charge{r.day, r.amount})
			}
		}
	}
	return list
}

func (a *answer) lateChargesOf(n int) (sum, count *big.Rat) {
	sum, count = new(big.Rat), new(big.Rat)
	for _, c := range a.lateCharges() {
		if !c.day.IsZero() && a.inside(c.day, n) {
			sum.Add(sum, c.amount)
			count.Add(count, whole(1))
		}
	}
	return sum, count
}

// lateBills counts those with their due day in the last n days; n = 0: all.
func (a *answer) lateBills(n int) *big.Rat {
	count := 0
	for _, b := range a.closedBills() {
		if (n == 0 || !b.due.IsZero() && a.inside(b.due, n)) && a.isLate(&b) {
			count++
		}
	}
	return whole(count)
}

// businessDay is the first day on or after d on which banks settle.
func businessDay(d time.Time) time.Time {
	for d.Weekday() == time.Saturday || d.Weekday() == time.Sunday || isHoliday(d) {
		d = d.AddDate(0, 0, 1)
	}
	return d
}

func isHoliday(d time.Time) bool {
	switch d.Format("01-02") {
	case "01-01", "04-21", "05-01", "09-07", "10-12", "11-02", "11-15", "12-25":
		return true
	case "11-20":
		return d.Year() >= 2024
	}
	return slices.Contains([]int{-48, -47, -2, 60}, days(easter(d.Year()), d))
}

func easter(y int) time.Time {
	a, b, c := y%19, y/100, y%100
	d, e := b/4, b%4
	f := (b + 8) / 25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return time.Date(y, time.Month(n/31), n%31+1, 0, 0, 0, 0, time.UTC)
}

// limit is the row of the one limit of a card: consolidated total, else total, else
// the largest.
func (a *answer) limit(card int) (limit, used *big.Rat) {
	rows := a.q.Cards[card].Source.Limits
	best, rank := -1, 0
	for i := range rows {
		of := 1
		if rows[i].LineLimitType == "LIMITE_CREDITO_TOTAL" {
			of = 2
			if rows[i].ConsolidationType == "CONSOLIDADO" {
				of = 3
			}
		}
		larger := false
		if of == 1 && rank == 1 {
			x, y := number(rows[i].Limit.Amount), number(rows[best].Limit.Amount)
			larger = x != nil && (y == nil || x.Cmp(y) > 0)
		}
		if of > rank || larger {
			best, rank = i, of
		}
	}
	if best < 0 {
		return nil, nil
	}
	return reais(rows[best].Limit), reais(rows[best].Used)
}

// averageBill is the mean of the up to 3 newest closed bills, nil without one.
func (a *answer) averageBill(card int) *big.Rat {
	var newest []*big.Rat
	for _, b := range a.billsOf(card) {
		if len(newest) < 3 && b.total != nil {
			newest = append(newest, b.total)
		}
	}
	return mean(newest)
}

// linesOf are the lines of a card with day ≤ D.
func (a *answer) linesOf(card int) (list []row) {
	for _, r := range a.lines {
		if r.Account == card {
			list = append(list, r)
		}
	}
	return list
}

// oldestOf is the day of the oldest of rows, zero without one.
func oldestOf(rows []row) (oldest time.Time) {
	for _, r := range rows {
		if oldest.IsZero() || r.day.Before(oldest) {
			oldest = r.day
		}
	}
	return oldest
}
