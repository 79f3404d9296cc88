package plain

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/openklaas/klaas/openfinance"
)

// limits sums an overdraft limit of the checking accounts up and finds the largest;
// nil when no account has it.
func (a *answer) limits(of func(*openfinance.OverdraftLimits) openfinance.Money) (sum, largest *big.Rat) {
	for _, x := range a.q.Accounts {
		if x.Savings || x.Source.OverdraftLimits == nil {
			continue
		}
		v := reais(of(x.Source.OverdraftLimits))
		if v == nil {
			continue
		}
		if x.Half {
			v = half(v)
		}
		if sum == nil {
			sum, largest = new(big.Rat), v
		}
		sum, largest = add(sum, v), most(largest, v)
	}
	return sum, largest
}

func contracted(o *openfinance.OverdraftLimits) openfinance.Money { return o.Contracted }
func used(o *openfinance.OverdraftLimits) openfinance.Money       { return o.Used }
func unarranged(o *openfinance.OverdraftLimits) openfinance.Money { return o.Unarranged }

// asOf is what has no history: unknown in a replay, from V2 on.
func (a *answer) asOf(v *big.Rat) *big.Rat {
	if a.q.Replay && a.v2() {
		return nil
	}
	return v
}

// FinancialInsights returns the figures of a report of financial insights.
func FinancialInsights(q Question) map[string]string {
	a := ask(q)
	a.zeros = !a.v2()
	a.put("/daysCovered", whole(a.coveredDays()), 0)
	a.insightFlows()
	sum, _ := a.limits(contracted)
	a.put("/creditAnalysis/overdraftLimit", a.asOf(sum), 2)
	a.figures["/creditAnalysis/preapprovedLoan"] = "null"
	for i := range q.Cards {
		a.cardSpending(fmt.Sprintf("/creditcardSpending/%d/", i), i)
	}
	a.profile()
	if a.v2() {
		sum, _ = a.limits(used)
		a.put("/creditAnalysis/overdraftUsed", a.asOf(sum), 2)
		sum, _ = a.limits(unarranged)
		a.put("/creditAnalysis/unarrangedOverdraft", a.asOf(sum), 2)
		a.put("/creditAnalysis/outstandingDebt", nil, 2)
		a.put("/creditAnalysis/pastDueInstalments", nil, 0)
		if c := a.contracts(); c != nil {
			a.put("/creditAnalysis/outstandingDebt", c.balance, 2)
			a.put("/creditAnalysis/pastDueInstalments", c.pastDueInstalments, 0)
		}
		a.recurring()
	}
	return a.figures
}

func (a *answer) insightFlows() {
	const at = "/cashflowAnalysis/"
	a.putOr0(at+"checkingAccountBalance", a.checkingBalance(), 2)
	a.put(at+"savingsAccountBalance", a.savingsBalance(), 2)
	windows := []int{30, 60, 90, 180}
	if a.v2() {
		windows = append(windows, 120, 360)
	}
	for _, n := range windows {
		a.put(fmt.Sprintf("%savgDailyBalanceLast%dDays", at, n), a.coveredAverage(n), 2)
		in, _ := a.sum(cashInflow, a.last(n))
		out, _ := a.sum(cashOutflow, a.last(n))
		a.putOr0(fmt.Sprintf("%sinflowLast%dDays", at, n), in, 2)
		if out != nil {
			out.Neg(out)
		}
		a.putOr0(fmt.Sprintf("%soutflowLast%dDays", at, n), out, 2)
		if a.v2() {
			in, _ = a.sum(realInflow, a.last(n))
			out, _ = a.sum(realOutflow, a.last(n))
			a.put(fmt.Sprintf("%srealInflowLast%dDays", at, n), in, 2)
			a.put(fmt.Sprintf("%srealOutflowLast%dDays", at, n), out, 2)
			a.put(fmt.Sprintf("%snegativeBalanceDaysLast%dDays", at, n), a.negativeDays(n), 0)
		}
	}
	if !a.v2() {
		return
	}
	if !a.q.Company {
		a.put(at+"hoursToSpendIncome", a.hours(), 2)
	}
	cover := a.checkingBalance()
	if savings := a.savingsBalance(); cover != nil && savings != nil {
		cover = add(cover, savings)
	}
	a.put(at+"monthsOfCover", ratio(cover, a.average(coverOutflow, 6)), 4)
	a.put(at+"monthsUsed", a.monthsUsed(6), 0)
}

func (a *answer) cardSpending(at string, card int) {
	c := a.q.Cards[card]
	limit, _ := a.limit(card)
	a.put(at+"creditLimit", a.asOf(limit), 2)
	lines := a.linesOf(card)
	covered := 0
	if len(lines) > 0 {
		covered = min(360, a.age(oldestOf(lines))+1)
	}
	a.put(at+"daysCovered", whole(covered), 0)
	a.put(at+"closedBillsCovered", whole(len(c.Closed)), 0)
	a.put(at+"openBillBalance", whole(0), 2)
	if c.Open != nil {
		a.put(at+"openBillBalance", number(c.Open.Total), 2)
	}
	bills := a.billsOf(card)
	a.put(at+"lastClosedBill", nil, 2)
	if len(bills) > 0 {
		a.put(at+"lastClosedBill", bills[0].total, 2)
	}
	a.put(at+"avgLast3ClosedBills", a.averageBill(card), 2)
	late := len(a.lateLines(lines)) > 0
	parts := false
	for _, b := range bills {
		late = late || a.isLate(&b)
		for _, p := range b.Source.Payments {
			parts = parts || p.ValueType == "VALOR_PAGAMENTO_FATURA_PARCELADO"
		}
	}
	for _, r := range lines {
		parts = parts || r.code("060204") || r.line.OtherCreditsType == "PARCELAMENTO_FATURA"
	}
	a.figures[at+"hasLatePayment"] = fmt.Sprint(late)
	a.figures[at+"payBillsInInstallment"] = fmt.Sprint(parts)
}

// has reports whether a class has a row that a test takes.
func (a *answer) has(c class, takes func(*row) bool) bool {
	for i := range a.rows {
		if is, _ := c(&a.q, &a.rows[i]); is && takes(&a.rows[i]) {
			return true
		}
	}
	return false
}

func (a *answer) profile() {
	const at = "/financialProfile/"
	for key, c := range map[string]class{
		"overdraftInterest": debits("050402"), "additionalOverdraftInterest": debits("050403"), "atmWithdrawal": atmWithdrawal,
	} {
		sum, _ := a.sum(c, a.last(180))
		a.putOr0(at+key, sum, 2)
	}
	sum, _ := a.sumBoth(debits("050401"), a.last(180))
	a.putOr0(at+"iof", sum, 2)
	if !a.q.Company {
		a.flag(at+"hasInss", a.has(credits("010301"), a.last(180)))
		a.flag(at+"hasSeverance", a.has(credits("010108"), a.last(180)))
	}
	a.flag(at+"hasReturnedCheque", a.has(either("020902"), a.last(180)))
	a.flag(at+"hasIptuPayment", a.has(debits("030202"), always))
	a.flag(at+"hasIpvaPayment", a.has(debits("040904"), always))
	if !a.v2() {
		return
	}
	a.flag(at+"hasCourtFreeze", a.has(either("0604"), always))
	if a.q.Company {
		paid := 0
		for _, month := range a.fullMonths(3) {
			if a.has(debits("0802"), inMonth(month)) {
				paid++
			}
		}
		a.flag(at+"hasPayroll", paid >= 2)
		a.flag(at+"hasTaxPayments", a.has(debits("0803"), a.last(90)))
		a.flag(at+"hasTaxInstalmentPlan", a.has(debits("080306"), a.last(360)))
	}
}

// recurring writes the recurring groups that have not stopped.
func (a *answer) recurring() {
	type group struct {
		newest  row
		pace    pace
		list    []occurrence
		average *big.Rat
	}
	var groups []group
	meant := make(map[int]int) // competence months by place
	if !a.q.Company {
		for _, e := range a.earnings(true) {
			if e.class == verified {
				meant[e.at] = e.meant
			}
		}
	}
	for _, members := range a.q.Groups {
		var rows []*row
		for _, m := range members {
			r := a.q.entryOrLine(m)
			rows = append(rows, &r)
		}
		slices.SortFunc(rows, newer)
		month := func(r *row) int {
			if m, verified := meant[r.at]; verified && !r.card {
				return m
			}
			return r.month
		}
		g := group{newest: *rows[0], list: occurrences(rows, month)}
		g.pace = a.paceOf(g.list, a.terminations(rows[0]))
		g.average = printed(mean(amounts(g.list, 6)))
		if g.pace.stopped.IsZero() {
			groups = append(groups, g)
		}
	}
	slices.SortStableFunc(groups, func(x, y group) int {
		switch {
		case x.newest.credit != y.newest.credit:
			if y.newest.credit {
				return -1
			}
			return 1
		case x.average.Cmp(y.average) != 0:
			return y.average.Cmp(x.average)
		case x.newest.sentName() < y.newest.sentName():
			return -1
		case x.newest.sentName() > y.newest.sentName():
			return 1
		case !x.newest.day.Equal(y.newest.day):
			return y.newest.day.Compare(x.newest.day)
		}
		return strings.Compare(x.newest.ID, y.newest.ID)
	})
	for i, g := range groups {
		at := fmt.Sprintf("/recurring/%d/", i)
		a.text(at+"name", g.newest.sentName())
		a.text(at+"cnpjCpf", "")
		if !g.newest.card {
			a.text(at+"cnpjCpf", g.newest.Transaction.PartieCnpjCpf)
		}
		a.text(at+"category", g.newest.level2())
		a.text(at+"direction", map[bool]string{true: "CREDITO", false: "DEBITO"}[g.newest.credit])
		a.text(at+"rhythm", g.pace.rhythm)
		a.put(at+"regularity", g.pace.regularity, 4)
		a.put(at+"averageAmount", g.average, 2)
		a.put(at+"occurrences", whole(len(g.list)), 0)
		a.day(at+"lastDate", g.list[len(g.list)-1].day)
		a.day(at+"nextExpectedDate", g.pace.next)
	}
}

func (q *Question) entryOrLine(m Member) row {
	if m.Card {
		return q.cardLine(m.Index)
	}
	return q.entry(m.Index)
}
