package plain

import (
	"fmt"
	"math/big"
	"slices"
	"sort"
	"strings"

	"github.com/openklaas/klaas/openfinance"
)

// CashFlow returns the figures of a cash-flow report.
func CashFlow(q Question) map[string]string {
	a := ask(q)
	a.put("/period/daysCovered", whole(a.coveredDays()), 0)
	a.figures["/period/startDate"] = ""
	if len(a.rows) > 0 {
		a.day("/period/startDate", a.oldest)
	}
	a.figures["/period/endDate"] = q.Day
	a.summary()
	a.cashMonths()
	a.cashStability()
	if !a.v2() {
		return a.figures
	}
	a.institutions()
	a.dailyBalances()
	if !q.Company {
		a.put("/hoursToSpendIncome", a.hours(), 2)
	}
	a.commitments()
	return a.figures
}

var summed = map[string]class{
	"cashInflow": cashInflow, "cashOutflow": cashOutflow, "grossInflow": grossInflow, "grossOutflow": grossOutflow,
	"realInflow": realInflow, "realOutflow": realOutflow, "consumptionOutflow": consumptionOutflow,
	"ownTransferIn": ownTransferIn, "ownTransferOut": ownTransferOut, "loanInflow": loanInflow, "loanOutflow": loanOutflow,
	"investment": investment, "investmentReturn": investmentReturn, "cardRepayment": cardRepayment,
}

func (a *answer) summary() {
	for _, n := range []int{30, 60, 90, 120, 180, 360} {
		at := fmt.Sprintf("/summary/last%dDays/", n)
		for key, c := range summed {
			total, _ := a.sum(c, a.last(n))
			a.put(at+key, total, 2)
		}
		if a.v2() {
			total, _ := a.sum(coverOutflow, a.last(n))
			a.put(at+"coverOutflow", total, 2)
		}
		a.put(at+"netCashFlow", a.net(a.last(n)), 2)
		_, in := a.sum(cashInflow, a.last(n))
		_, out := a.sum(cashOutflow, a.last(n))
		a.put(at+"inflowTransactionCount", in, 0)
		a.put(at+"outflowTransactionCount", out, 0)
	}
}

func (a *answer) net(takes func(*row) bool) *big.Rat {
	in, _ := a.sum(cashInflow, takes)
	out, _ := a.sum(cashOutflow, takes)
	if in == nil {
		return nil
	}
	return sub(in, out)
}

func (a *answer) cashMonths() {
	if len(a.rows) == 0 {
		return
	}
	first := max(monthOf(a.oldest), a.now-12)
	for month := first; month <= a.now; month++ {
		at := fmt.Sprintf("/months/%d/", month-first)
		a.figures[at+"month"] = monthName(month)
		a.figures[at+"isPartial"] = fmt.Sprint(!a.isFull(month))
		for _, key := range []string{"cashInflow", "cashOutflow", "realInflow", "realOutflow"} {
			total, _ := a.sum(summed[key], inMonth(month))
			a.put(at+key, total, 2)
		}
		a.put(at+"netCashFlow", a.net(inMonth(month)), 2)
		start := firstOf(month)
		end := firstOf(month+1).AddDate(0, 0, -1)
		if end.After(a.today) {
			end = a.today
		}
		a.put(at+"openingBalance", a.balance(start.AddDate(0, 0, -1)), 2)
		a.put(at+"closingBalance", a.balance(end), 2)
		a.groups(at+"byCategory/", []string{"category", "subcategory"}, month, func(r *row) string { return r.category })
		a.groups(at+"bySettlementType/", []string{"settlementType"}, month, func(r *row) string { return r.settlement })
	}
}

func (a *answer) groups(at string, keys []string, month int, name func(*row) string) {
	turnover := make(map[string]*big.Rat)
	for i := range a.rows {
		if r := &a.rows[i]; r.month == month {
			if turnover[name(r)] == nil {
				turnover[name(r)] = new(big.Rat)
			}
			turnover[name(r)].Add(turnover[name(r)], r.amount)
		}
	}
	var names []string
	for n := range turnover {
		names = append(names, n)
	}
	sort.Slice(names, func(i, j int) bool {
		if c := turnover[names[i]].Cmp(turnover[names[j]]); c != 0 {
			return c > 0
		}
		return slices.Compare(strings.Split(names[i], "|"), strings.Split(names[j], "|")) < 0
	})
	for i, n := range names {
		of := func(r *row) bool { return r.month == month && name(r) == n }
		for k, part := range strings.Split(n, "|") {
			a.figures[fmt.Sprint(at, i, "/", keys[k])] = part
		}
		in, ins := a.sum(cashInflow, of)
		out, outs := a.sum(cashOutflow, of)
		a.put(fmt.Sprint(at, i, "/creditAmount"), in, 2)
		a.put(fmt.Sprint(at, i, "/debitAmount"), out, 2)
		a.put(fmt.Sprint(at, i, "/transactionCount"), add(ins, outs), 0)
	}
}

func (a *answer) cashStability() {
	const at = "/stability/"
	if !a.known {
		keys := []string{"inflowVolatility", "outflowVolatility", "inflowTrend", "negativeMonths", "negativeBalanceDays"}
		if a.v2() {
			keys = append(keys, "monthsUsed")
		}
		for _, key := range keys {
			a.put(at+key, nil, 0)
		}
		return
	}
	a.put(at+"inflowVolatility", volatility(a.monthly(realInflow, 12)), 4)
	a.put(at+"outflowVolatility", volatility(a.monthly(realOutflow, 12)), 4)
	a.put(at+"inflowTrend", trend(a.monthly(realInflow, 12)), 4)
	negative := 0
	for _, month := range a.fullMonths(12) {
		if a.net(inMonth(month)).Sign() < 0 {
			negative++
		}
	}
	a.put(at+"negativeMonths", whole(negative), 0)
	a.put(at+"negativeBalanceDays", a.negativeDays(180), 0)
	if a.v2() {
		a.put(at+"monthsUsed", a.monthsUsed(12), 0)
	}
}

func (a *answer) institutions() {
	var order []string
	for i := range a.q.Document.Accounts {
		cnpj := rootOf(a.q.Document.Accounts[i].CompanyCNPJ)
		here := func(x Account) bool { return !x.Savings && rootOf(x.Source.CompanyCNPJ) == cnpj }
		if slices.ContainsFunc(a.q.Accounts, here) && !slices.Contains(order, cnpj) {
			order = append(order, cnpj)
		}
	}
	for i, cnpj := range order {
		at := fmt.Sprintf("/byInstitution/%d/", i)
		here := func(k int) bool {
			return !a.q.Accounts[k].Savings && rootOf(a.q.Accounts[k].Source.CompanyCNPJ) == cnpj
		}
		a.put(at+"availableAmount", a.available(here), 2)
		for _, n := range []int{30, 90, 180} {
			of := func(r *row) bool { return a.inside(r.day, n) && here(r.Account) }
			for _, key := range []string{"cashInflow", "cashOutflow", "realInflow", "realOutflow"} {
				total, _ := a.sum(summed[key], of)
				a.put(fmt.Sprintf("%s%sLast%dDays", at, key, n), total, 2)
			}
			_, in := a.sum(cashInflow, of)
			_, out := a.sum(cashOutflow, of)
			a.put(fmt.Sprintf("%stransactionCountLast%dDays", at, n), add(in, out), 0)
		}
	}
}

func (a *answer) dailyBalances() {
	i, from := 0, a.reliableFrom()
	for n := 179; n >= 0; n-- {
		day := a.today.AddDate(0, 0, -n)
		if v := a.balance(day); v != nil && !day.Before(a.oldest) {
			a.day(fmt.Sprintf("/dailyBalances/%d/date", i), day)
			a.put(fmt.Sprintf("/dailyBalances/%d/balance", i), v, 2)
			a.figures[fmt.Sprintf("/dailyBalances/%d/isReliable", i)] = fmt.Sprint(!day.Before(from))
			i++
		}
	}
}

// cardCommitments and contractCommitments are the amounts to come by month, nil
// where nothing can be known.
func (a *answer) cardCommitments() map[int][]*big.Rat {
	if !a.hasCards() {
		return nil
	}
	due := make(map[int][]*big.Rat)
	for _, p := range a.q.Plans {
		for _, in := range p.Instalments {
			month := max(in.Month, a.now)
			due[month] = append(due[month], number(in.Amount))
		}
	}
	return due
}

// periods are those between instalments; all others are a month.
//
//nolint:misspell // Portuguese.
var periods = map[string]struct{ days, months int }{
	"SEMANAL": {days: 7}, "QUINZENAL": {days: 15}, "BIMESTRAL": {months: 2}, "TRIMESTRAL": {months: 3}, "SEMESTRAL": {months: 6}, "ANUAL": {months: 12},
}

func (a *answer) contractCommitments() map[int][]*big.Rat {
	if !a.hasCredit() || a.q.Replay {
		return nil
	}
	due := make(map[int][]*big.Rat)
	for _, k := range a.openContracts() {
		if k.Revolving || k.Source.Schedule == nil || k.Source.Currency != "" && k.Source.Currency != "BRL" {
			continue
		}
		amount := asPrinted(instalment(k), 4) // the decimals of an amount
		first := a.firstInstalment(k.Source)
		for n := range int(max(0, k.Source.Schedule.Due)) {
			if amount.Sign() <= 0 {
				break
			}
			period, regular := periods[k.Source.InstalmentPeriodicity]
			if !regular {
				period.months = 1
			}
			month := monthOf(first.AddDate(0, 0, n*period.days)) + n*period.months
			if month >= a.now+24 {
				break
			}
			due[month] = append(due[month], amount)
		}
		for _, b := range k.Source.Schedule.BalloonPayments {
			if v, day := reais(b.Amount), date(b.DueDate); v != nil && v.Sign() > 0 && day.After(a.today) {
				due[monthOf(day)] = append(due[monthOf(day)], v)
			}
		}
	}
	return due
}

func (a *answer) commitments() {
	cards, contracts := a.cardCommitments(), a.contractCommitments()
	last := -1
	for n := range 24 {
		if len(cards[a.now+n])+len(contracts[a.now+n]) > 0 {
			last = n
		}
	}
	for n := range last + 1 {
		at := fmt.Sprintf("/commitments/%d/", n)
		a.figures[at+"month"] = monthName(a.now + n)
		sum := new(big.Rat)
		for key, due := range map[string]map[int][]*big.Rat{"card": cards, "contract": contracts} {
			if due == nil {
				a.put(at+key+"Amount", nil, 2)
				a.put(at+key+"Count", nil, 0)
				continue
			}
			a.put(at+key+"Amount", total(due[a.now+n]), 2)
			a.put(at+key+"Count", whole(len(due[a.now+n])), 0)
			sum.Add(sum, total(due[a.now+n]))
		}
		a.put(at+"total", sum, 2)
	}
}

// openContracts are those that count: without a settlement, each operation once. On
// an older day a later settlement is not there.
func (a *answer) openContracts() (list []Contract) {
	for _, k := range a.q.Contracts {
		settled := k.Source.SettlementDate
		if (settled == "" || a.q.Replay && settled > a.q.Day) && !k.Again {
			list = append(list, k)
		}
	}
	return list
}

// instalment is the amount of one instalment of a contract, 0 when nothing tells.
func instalment(k Contract) *big.Rat {
	if next := number(k.Source.NextInstalmentAmount); next != nil && next.Sign() > 0 {
		return next
	}
	if k.Source.Payments == nil {
		return new(big.Rat)
	}
	balance := number(k.Source.Payments.OutstandingBalance)
	if balance != nil && balance.Sign() <= 0 {
		return new(big.Rat)
	}
	newest, paid := "", (*big.Rat)(nil)
	for _, r := range k.Source.Payments.Releases {
		amount := reais(openfinance.Money{Amount: r.Amount, Currency: r.Currency})
		if r.IsOverParcel != openfinance.True && amount != nil && amount.Sign() > 0 && r.PaidDate > newest {
			newest, paid = r.PaidDate, amount
		}
	}
	if paid != nil {
		return paid
	}
	if balance == nil || k.Source.Schedule == nil || k.Source.Schedule.Due <= 0 {
		return new(big.Rat)
	}
	n := int(k.Source.Schedule.Due)
	i := monthlyRate(k.Source.CET)
	if i == nil || i.Sign() <= 0 {
		return ratio(balance, whole(n))
	}
	grown := whole(1)
	for range n {
		grown.Mul(grown, add(whole(1), i))
	}
	// B × i ÷ (1 − (1 + i)^−n)
	return new(big.Rat).Quo(mul(balance, i), sub(whole(1), new(big.Rat).Inv(grown)))
}

// monthlyRate is (1 + yearly)^(1/12) − 1 with 6 decimals, half up: the largest
// millionth whose twelfth power, half a millionth less, is not above.
func monthlyRate(yearly string) *big.Rat {
	y := number(yearly)
	if y == nil || y.Cmp(whole(-1)) < 0 {
		return nil
	}
	low, high := int64(0), int64(1_000_000_000)
	for low < high {
		middle := (low + high + 1) / 2
		base := big.NewRat(2*middle-1, 2_000_000)
		power := whole(1)
		for range 12 {
			power.Mul(power, base)
		}
		if middle == 0 || power.Cmp(add(whole(1), y)) <= 0 {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return sub(big.NewRat(low, 1_000_000), whole(1))
}
