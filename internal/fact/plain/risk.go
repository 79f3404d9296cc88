package plain

import (
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/openklaas/klaas/taxonomy"
)

// risk are the figures that levels and signals rest on; nil is unknown.
type risk struct {
	monthsWithBetting, perMonth, share               *big.Rat
	creditAfter                                      bool
	bettingLevel                                     string
	monthsWithInterest, negativeShare                *big.Rat
	cheques, renegotiated                            *big.Rat
	lateBills, minimumMonths, revolvingMonths        *big.Rat
	pastDue                                          *big.Rat
	newCredit, advances, drop, top, hours, intensity *big.Rat
	freezes                                          *big.Rat
}

// isInsufficient: the data says too little for a level of nothing.
func (a *answer) isInsufficient() bool {
	return !a.known || a.coveredDays() < 30 || len(a.rows) < 10
}

func at(v *big.Rat, least string) bool { return v != nil && v.Cmp(number(least)) >= 0 }

func (a *answer) bets(takes func(*row) bool) (list []*row) {
	if !a.known {
		return nil
	}
	for _, rows := range [][]row{a.rows, a.lines} {
		for i := range rows {
			if r := &rows[i]; !r.credit && r.code("041201") && takes(r) {
				list = append(list, r)
			}
		}
	}
	slices.SortFunc(list, newer)
	return list
}

// creditAfterBetting: in 180 days a bet, and on its day or up to 30 days later new
// credit or interest.
func (a *answer) creditAfterBetting() bool {
	isCredit := func(r *row) bool {
		loan, _ := loanInflow(&a.q, r)
		return loan && !r.card || !r.credit && r.code("050402", "050403", "050404")
	}
	for _, bet := range a.bets(a.last(180)) {
		for _, r := range slices.Concat(a.rows, a.lines) {
			if d := days(bet.day, r.day); d >= 0 && d <= 30 && isCredit(&r) {
				return true
			}
		}
	}
	return false
}

func (a *answer) risk() risk {
	var r risk
	interest := func(x *row) bool { return !x.credit && x.code("050402", "050403") }
	if a.known {
		r.monthsWithBetting = a.monthsWith(slices.Concat(a.rows, a.lines), 6, func(x *row) bool { return !x.credit && x.code("041201") })
		r.perMonth = ratio(whole(len(a.bets(a.last(90)))), whole(3))
		out, _ := a.sumBoth(gamblingOut, a.last(90))
		r.share = ratio(out, a.denominator(90))
		if a.q.Company {
			of, _ := a.sum(operatingInflow, a.last(90))
			r.share = ratio(out, of)
		}
		r.creditAfter = a.creditAfterBetting()
		r.monthsWithInterest = a.monthsWith(a.rows, 6, interest)
		r.negativeShare = ratio(a.negativeDays(90), whole(len(a.coveredOf(90))))
		_, r.cheques = a.sum(either("020902"), a.last(180))
		_, r.renegotiated = a.sum(debits("050207"), a.last(180))
		loans, _ := a.sum(loanInflow, a.last(90))
		in, _ := a.sum(cashInflow, a.last(90))
		out, _ = a.sum(cashOutflow, a.last(90))
		r.newCredit = ratio(loans, in)
		cash, _ := a.sum(atmWithdrawal, a.last(90))
		deposits, _ := a.sum(credits("020801"), a.last(90))
		r.intensity = ratio(add(cash, deposits), add(in, out))
		_, r.freezes = a.sum(either("0604"), always)
		if !a.q.Company {
			r.hours = a.hours()
		}
	}
	r.bettingLevel = a.bettingLevel(r)
	if a.hasCards() {
		r.lateBills = a.lateBills(180)
		_, months := a.minimumPayments()
		r.minimumMonths = whole(len(months))
		_, months = a.revolvingEvidence()
		r.revolvingMonths = whole(len(months))
		r.advances, _ = a.cashAdvances()
	}
	if c := a.contractsTold(); c != nil {
		r.pastDue = c.pastDueInstalments
	}
	return r
}

func (a *answer) bettingLevel(r risk) string {
	share := asPrinted(r.share, 4)
	switch {
	case !a.known:
		return "UNKNOWN"
	case r.perMonth.Sign() == 0 && a.isInsufficient():
		return "UNKNOWN"
	case r.perMonth.Sign() == 0:
		return "NONE"
	case at(r.perMonth, "10"), at(share, "0.1"), at(r.perMonth, "3") && r.creditAfter:
		return "HIGH"
	case at(r.perMonth, "3"), at(share, "0.02"):
		return "MEDIUM"
	case a.isInsufficient():
		return "UNKNOWN"
	}
	return "LOW"
}

// minimumPayments are the bills due in 180 days that were paid at the minimum, and
// the months, of the last 6, of all such bills.
func (a *answer) minimumPayments() (count int, months map[int]bool) {
	months = make(map[int]bool)
	for _, b := range a.closedBills() {
		if b.due.IsZero() || !a.isMinimum(&b) {
			continue
		}
		if a.inside(b.due, 180) {
			count++
		}
		if a.lastMonths(monthOf(b.due), 6) && !b.due.After(a.today) {
			months[monthOf(b.due)] = true
		}
	}
	return count, months
}

// revolvingEvidence: a line of revolving credit, or interest on a bill: whether in
// 180 days, and the months of the last 6.
func (a *answer) revolvingEvidence() (is bool, months map[int]bool) {
	months = make(map[int]bool)
	found := func(day time.Time) {
		is = is || a.inside(day, 180)
		if !day.After(a.today) && a.lastMonths(monthOf(day), 6) {
			months[monthOf(day)] = true
		}
	}
	for _, r := range a.lines {
		if r.line.OtherCreditsType == "CREDITO_ROTATIVO" {
			found(r.day)
		}
	}
	for _, b := range a.closedBills() {
		for _, c := range b.Source.FinanceCharges {
			if v := reais(c.Amount); c.Type == lateInterest && !b.due.IsZero() && (v == nil || v.Sign() != 0) {
				found(b.due)
			}
		}
	}
	return is, months
}

func isCashAdvance(r *row) bool {
	fee := r.line.FeeType
	return !r.credit && (fee == "SAQUE_CARTAO_BRASIL" || fee == "SAQUE_CARTAO_EXTERIOR" ||
		r.line.PayeeMCC == 6010 || r.line.PayeeMCC == 6011 || r.code("0207"))
}

// cashAdvances are the withdrawals on cards in 180 days: a fee counts in the amount,
// in the count only when no withdrawal has its day.
func (a *answer) cashAdvances() (count, amount *big.Rat) {
	count, amount = new(big.Rat), new(big.Rat)
	is := func(r *row) bool { return isCashAdvance(r) && a.inside(r.day, 180) }
	for i := range a.lines {
		r := &a.lines[i]
		if !is(r) {
			continue
		}
		amount.Add(amount, r.amount)
		covered := slices.ContainsFunc(a.lines, func(x row) bool {
			return is(&x) && x.line.TransactionType != "TARIFA" && x.day.Equal(r.day)
		})
		if r.line.TransactionType != "TARIFA" || !covered {
			count.Add(count, whole(1))
		}
	}
	return count, amount
}

// contractsTold are the sums of contracts; in V1 as received, on an older day too.
func (a *answer) contractsTold() *contractSums {
	if a.v2() {
		return a.contracts()
	}
	return a.contractsReceived()
}

// RiskSignals returns the figures of a report of risk signals.
func RiskSignals(q Question) map[string]string {
	a := ask(q)
	r := a.risk()
	a.put("/daysCovered", whole(a.coveredDays()), 0)
	a.gambling(r)

	a.put("/overdraft/negativeDaysLast90Days", a.negativeDays(90), 0)
	sum, _ := a.sum(debits("050402", "050403"), a.last(90))
	a.put("/overdraft/interestLast90Days", sum, 2)
	a.put("/overdraft/monthsWithInterest", r.monthsWithInterest, 0)
	in, _ := a.limits(used)
	of, _ := a.limits(contracted)
	a.put("/overdraft/limitInUseRatio", a.asOf(ratio(in, of)), 4)
	a.pair("/returnedCheques/", either("020902"))
	a.latePayments(r)
	a.pair("/debtRenegotiation/", debits("050207"))
	if a.hasCredit() {
		a.put("/contracts/pastDueContracts", nil, 0)
		a.put("/contracts/pastDueInstalments", nil, 0)
		if c := a.contractsTold(); c != nil {
			a.put("/contracts/pastDueContracts", c.pastDueContracts, 0)
			a.put("/contracts/pastDueInstalments", c.pastDueInstalments, 0)
		}
	}
	a.newCredit(r)
	if !q.Company {
		a.quickSpending(r)
	}
	a.flag("/courtFreeze", a.has(either("0604"), always))
	if !q.Company {
		a.flag("/severance", a.has(credits("010108"), a.last(180)))
	}
	a.put("/cashIntensity", r.intensity, 4)
	a.text("/overallLevel", a.overallLevel(r))
	if a.v2() {
		a.put("/cashAdvanceCount", nil, 0)
		a.put("/cashAdvanceAmount", nil, 2)
		if a.hasCards() {
			count, amount := a.cashAdvances()
			a.put("/cashAdvanceCount", count, 0)
			a.put("/cashAdvanceAmount", amount, 2)
		}
		a.signals(r)
	}
	return a.figures
}

func (a *answer) pair(at string, c class) {
	sum, count := a.sum(c, a.last(180))
	a.put(at+"amountLast180Days", sum, 2)
	a.put(at+"countLast180Days", count, 0)
}

func (a *answer) gambling(r risk) {
	const at = "/gambling/"
	for _, n := range []int{30, 60, 90, 180} {
		out, count := a.sumBoth(gamblingOut, a.last(n))
		in, _ := a.sum(gamblingIn, a.last(n))
		a.put(fmt.Sprintf("%samountOutLast%dDays", at, n), out, 2)
		a.put(fmt.Sprintf("%samountInLast%dDays", at, n), in, 2)
		a.put(fmt.Sprintf("%stransactionCountLast%dDays", at, n), count, 0)
		if n == 180 {
			a.put(at+"netLossLast180Days", nil, 2)
			if out != nil {
				a.put(at+"netLossLast180Days", sub(out, in), 2)
			}
		}
	}
	a.put(at+"monthsWithBetting", r.monthsWithBetting, 0)
	a.put(at+"averageTransactionsPerMonth", r.perMonth, 2)
	a.put(at+"shareOfIncome", r.share, 4)
	a.flag(at+"creditAfterBetting", r.creditAfter)
	sum, _ := a.sumBoth(debits("041202"), a.last(90))
	a.put(at+"lotteryAmountLast90Days", sum, 2)
	a.text(at+"gamblingRiskLevel", r.bettingLevel)
	if a.v2() {
		var list []*big.Rat
		for _, month := range a.fullMonths(12) {
			out, _ := a.sumBoth(gamblingOut, inMonth(month))
			list = append(list, out)
		}
		a.put(at+"trend", trend(list), 4)
	}
	sums, counts := make(map[string]*big.Rat), make(map[string]int)
	var order []string
	for _, r := range a.bets(a.last(90)) {
		if sums[r.party] == nil {
			sums[r.party] = new(big.Rat)
			order = append(order, r.party)
		}
		sums[r.party].Add(sums[r.party], r.amount)
		counts[r.party]++
	}
	slices.SortStableFunc(order, func(x, y string) int { return sums[y].Cmp(sums[x]) })
	for i, key := range order {
		at := fmt.Sprint(at, "operators/", i, "/")
		a.put(at+"amountLast90Days", sums[key], 2)
		a.put(at+"transactionCountLast90Days", whole(counts[key]), 0)
		// Those of one amount stand by their names, which are not known here.
		if ties := func(n int) bool { return n >= 0 && n < len(order) && sums[order[n]].Cmp(sums[key]) == 0 }; ties(i-1) || ties(i+1) {
			a.text(at+"transactionCountLast90Days", Untold)
		}
	}
}

// Untold stands for a figure that is told in a place which the plain formulas cannot
// know.
const Untold = "?"

func (a *answer) latePayments(r risk) {
	const at = "/latePayments/"
	keys := []string{"lateBills", "minimumPayments", "revolving"}
	if a.v2() {
		keys = append(keys, "minimumPaymentMonths")
	}
	for _, key := range keys {
		a.put(at+key, nil, 0)
	}
	sum, _ := a.sum(debits("050404"), a.last(180))
	if sum != nil {
		charges, _ := a.lateChargesOf(180)
		sum = add(sum, charges)
	}
	a.put(at+"lateChargesLast180Days", sum, 2)
	if !a.hasCards() {
		return
	}
	a.put(at+"lateBills", r.lateBills, 0)
	count, months := a.minimumPayments()
	a.put(at+"minimumPayments", whole(count), 0)
	is, _ := a.revolvingEvidence()
	a.figures[at+"revolving"] = fmt.Sprint(is)
	if a.v2() {
		a.put(at+"minimumPaymentMonths", whole(len(months)), 0)
	}
}

func (a *answer) newCredit(r risk) {
	sum, _ := a.sum(loanInflow, a.last(90))
	a.put("/newCredit/loanInflowLast90Days", sum, 2)
	a.put("/newCredit/shareOfInflow", r.newCredit, 4)
	lenders := make(map[string]bool)
	for i := range a.rows {
		if is, _ := loanInflow(&a.q, &a.rows[i]); is && a.inside(a.rows[i].day, 90) {
			lenders[a.rows[i].party] = true
		}
	}
	a.put("/newCredit/lenderCountLast90Days", a.ifKnown(whole(len(lenders))), 0)
}

func (a *answer) quickSpending(r risk) {
	const at = "/quickSpending/"
	a.put(at+"hoursToSpendIncome", r.hours, 2)
	low, all := 0, 0
	for _, e := range a.earnings(false) {
		if e.kind != "REGULAR_SALARY" || !a.inside(e.day, 180) || a.age(e.day) < 3 {
			continue
		}
		b := a.balance(e.day.AddDate(0, 0, 3))
		if b == nil {
			continue
		}
		all++
		if b.Cmp(whole(100)) < 0 {
			low++
		}
	}
	a.put(at+"balanceUnder100AfterSalaryShare", ratio(whole(low), whole(all)), 4)
}

// overallLevel needs accounts with a checking account, and cards.
func (a *answer) overallLevel(r risk) string {
	switch {
	case r.bettingLevel == "HIGH", at(r.pastDue, "1"), at(r.cheques, "2"), at(r.monthsWithInterest, "5"):
		return "HIGH"
	case r.bettingLevel == "MEDIUM", at(r.lateBills, "1"), at(r.renegotiated, "1"), at(r.monthsWithInterest, "2"):
		return "MEDIUM"
	case !a.known, !a.hasCards(), a.isInsufficient():
		return "UNKNOWN"
	}
	return "LOW"
}

// incomeLoss: a verified wage or pension has stopped and none runs; a stream that
// has not stopped runs when it paid in the last 180 days.
func (a *answer) incomeLoss() (detected bool, stopped time.Time, lost, drop *big.Rat) {
	seen := make(map[string]bool)
	running := false
	for _, e := range a.earnings(true) {
		key := e.kind + e.party
		if e.kind != "REGULAR_SALARY" && e.kind != "RETIREMENT_PENSION" || e.party == "" || seen[key] {
			continue
		}
		seen[key] = true
		if e.class != verified {
			continue
		}
		stream := func(x *earning) bool { return x.kind == e.kind && x.party == e.party }
		p := a.incomePace(a.stream(stream))
		switch {
		case p.stopped.IsZero():
			running = running || a.inside(e.day, 180)
		case !p.stopped.Before(stopped):
			// Of two that stopped on one day the larger loss counts.
			if l := a.lostMonthly(e, stream); p.stopped.After(stopped) || l != nil && l.Cmp(lost) > 0 {
				stopped, lost = p.stopped, l
			}
		}
	}
	months := a.incomeMonths(6, isIncome)
	if len(months) == 6 {
		if share := ratio(total(months[3:]), total(months[:3])); share != nil {
			drop = sub(whole(1), share)
		}
	}
	if running || stopped.IsZero() {
		return false, time.Time{}, nil, drop
	}
	return true, stopped, lost, drop
}

// lostMonthly is the mean of a stream over the up to 6 full months that end with
// that of its last occurrence.
func (a *answer) lostMonthly(last *earning, takes func(*earning) bool) *big.Rat {
	var sums []*big.Rat
	for month := last.meant; len(sums) < 6 && month >= monthOf(a.oldest); month-- {
		if a.isFull(month) {
			sums = append(sums, a.income(a.earnings(true), meantFor(month), takes))
		}
	}
	return mean(sums)
}

// concentration are the shares of payers in the income of 180 days.
func (a *answer) concentration() (top, herfindahl *big.Rat, count int, largest *row, topVerified bool) {
	if a.q.Company {
		list := a.receipts()
		parts, of := payers(list, a.last(180))
		most := new(big.Rat)
		for _, r := range list {
			same := func(x *row) bool { return x.party == r.party && a.inside(x.day, 180) }
			if part, _ := a.sum(operatingInflow, same); r.party != "" && a.inside(r.day, 180) && isLarger(part, most, r, largest) {
				most, largest = part, r
			}
		}
		top, _, _, herfindahl = shares(parts, of)
		return top, herfindahl, len(parts), largest, false
	}
	list := a.earnings(true)
	of := a.income(list, a.window(180), isIncome)
	var parts []*big.Rat
	most := new(big.Rat)
	seen := make(map[string]bool)
	for _, e := range list {
		if e.class == notIncome || !a.inside(e.day, 180) || e.party == "" || seen[e.party] {
			continue
		}
		seen[e.party] = true
		part := a.income(list, a.window(180), func(x *earning) bool { return isIncome(x) && x.party == e.party })
		if part.Sign() == 0 {
			continue // all of it went back
		}
		parts = append(parts, part)
		if isLarger(part, most, e.row, largest) {
			most, largest = part, e.row
		}
	}
	if of == nil {
		return nil, nil, 0, nil, false
	}
	newest := make(map[string]bool) // by kind
	for _, e := range list {
		if largest != nil && e.party == largest.party && !newest[e.kind] {
			newest[e.kind] = true
			topVerified = topVerified || e.class == verified
		}
	}
	top, _, _, herfindahl = shares(parts, of)
	return top, herfindahl, len(parts), largest, topVerified
}

// isLarger: of equals the first by key counts.
func isLarger(x, y *big.Rat, r, than *row) bool {
	return than == nil || x.Cmp(y) > 0 || x.Cmp(y) == 0 && r.party < than.party
}

// signal is a row of the table of signals.
type signal struct {
	code              string
	value             *big.Rat
	decimals          int
	low, medium, high string // thresholds, "" for none
	above             bool   // LOW is above 0
}

func (a *answer) signals(r risk) {
	if !a.q.Company {
		const at = "/incomeLoss/"
		detected, stopped, lost, drop := a.incomeLoss()
		r.drop = drop
		a.day(at+"stoppedOn", stopped)
		a.put(at+"monthlyAmountLost", lost, 2)
		a.put(at+"dropRatio", drop, 4)
		a.flag(at+"detected", detected)
		if detected {
			r.drop = whole(1)
		}
	}
	top, herfindahl, count, largest, topVerified := a.concentration()
	a.put("/concentration/topPayerShare", top, 4)
	a.put("/concentration/herfindahl", herfindahl, 4)
	a.put("/concentration/payerCount", a.ifKnown(whole(count)), 0)
	if r.top = top; top != nil && topVerified {
		r.top = new(big.Rat)
	}
	i := 0
	for _, s := range []signal{
		{"BETTING", r.perMonth, 2, "", "", "", true},
		{"OVERDRAFT", r.monthsWithInterest, 0, "1", "2", "5", false},
		{"NEGATIVE_BALANCE", r.negativeShare, 4, "", "0.10", "0.33", true},
		{"RETURNED_CHEQUES", r.cheques, 0, "", "1", "2", false},
		{"LATE_PAYMENT", r.lateBills, 0, "", "1", "3", false},
		{"MINIMUM_PAYMENT", r.minimumMonths, 0, "1", "2", "4", false},
		{"REVOLVING", r.revolvingMonths, 0, "1", "2", "4", false},
		{"RENEGOTIATION", r.renegotiated, 0, "", "1", "4", false},
		{"PAST_DUE", r.pastDue, 0, "", "", "1", false},
		{"NEW_CREDIT", r.newCredit, 4, "", "0.10", "0.30", true},
		{"CASH_ADVANCE", r.advances, 0, "1", "2", "4", false},
		{"INCOME_LOSS", r.drop, 4, "0.15", "0.30", "0.50", false},
		{"CONCENTRATION", r.top, 4, "0.60", "0.80", "0.95", false},
		{"QUICK_SPENDING", r.hours, 2, "168", "72", "24", false},
		{"COURT_FREEZE", r.freezes, 0, "", "", "1", false},
		{"CASH_INTENSITY", r.intensity, 4, "0.20", "0.40", "", false},
	} {
		if a.q.Company && (s.code == "INCOME_LOSS" || s.code == "QUICK_SPENDING") {
			continue
		}
		at := fmt.Sprintf("/signals/%d/", i)
		i++
		a.text(at+"code", s.code)
		a.put(at+"value", s.value, s.decimals)
		level := a.levelOf(s)
		if s.code == "BETTING" {
			level = r.bettingLevel
		}
		a.text(at+"level", level)
		switch threshold, sign := map[string]string{"LOW": s.low, "MEDIUM": s.medium, "HIGH": s.high}[level], "≥ "; {
		case s.code == "BETTING":
			a.text(at+"threshold", map[string]string{
				"LOW": "> 0", "MEDIUM": "≥ 3, or share ≥ 0.02", "HIGH": "≥ 10, or share ≥ 0.10, or ≥ 3 with credit after betting",
			}[level])
		case level == "LOW" && s.above:
			a.text(at+"threshold", "> 0")
		case threshold == "":
			a.text(at+"threshold", "")
		default:
			if s.code == "QUICK_SPENDING" {
				sign = "≤ "
			}
			a.text(at+"threshold", sign+threshold)
		}
		a.monthsPresent(at+"monthsPresent", s, r, largest)
	}
}

func (a *answer) levelOf(s signal) string {
	s.value = asPrinted(s.value, s.decimals)
	reached := func(threshold string) bool {
		if threshold == "" {
			return false
		}
		if s.code == "QUICK_SPENDING" {
			return s.value.Cmp(number(threshold)) <= 0
		}
		return at(s.value, threshold)
	}
	switch {
	case s.value == nil:
		return "UNKNOWN"
	case reached(s.high):
		return "HIGH"
	case reached(s.medium):
		return "MEDIUM"
	case a.isInsufficient():
		return "UNKNOWN"
	case reached(s.low), s.above && s.value.Sign() > 0:
		return "LOW"
	}
	return "NONE"
}

// monthsPresent are the months, of the last 6, with an entry or bill behind a signal.
func (a *answer) monthsPresent(pointer string, s signal, r risk, largest *row) {
	a.put(pointer, nil, 0)
	if s.value == nil || s.code == "PAST_DUE" {
		return
	}
	of := func(takes func(*row) bool) *big.Rat { return a.monthsWith(a.rows, 6, takes) }
	earned := func(takes func(*earning) bool) *big.Rat {
		months := make(map[int]bool)
		for _, e := range a.earnings(true) {
			if takes(e) && a.lastMonths(e.month, 6) {
				months[e.month] = true
			}
		}
		return whole(len(months))
	}
	var n *big.Rat
	switch s.code {
	case "BETTING":
		n = r.monthsWithBetting
	case "OVERDRAFT", "MINIMUM_PAYMENT", "REVOLVING":
		n = s.value
	case "NEGATIVE_BALANCE":
		months := make(map[int]bool)
		for _, day := range a.coveredOf(200) {
			if b := a.sumOfDay(day, true); a.lastMonths(monthOf(day), 6) && b.Sign() < 0 {
				months[monthOf(day)] = true
			}
		}
		n = whole(len(months))
	case "RETURNED_CHEQUES":
		n = of(func(x *row) bool { return x.code("020902") })
	case "LATE_PAYMENT":
		months := make(map[int]bool)
		for _, b := range a.closedBills() {
			if !b.due.IsZero() && !b.due.After(a.today) && a.lastMonths(monthOf(b.due), 6) && a.isLate(&b) {
				months[monthOf(b.due)] = true
			}
		}
		n = whole(len(months))
	case "RENEGOTIATION":
		n = of(func(x *row) bool { return !x.credit && x.code("050207") })
	case "NEW_CREDIT":
		n = of(func(x *row) bool { return x.credit && x.code("050208", "050209") })
	case "CASH_ADVANCE":
		n = a.monthsWith(a.lines, 6, isCashAdvance)
	case "INCOME_LOSS":
		n = earned(isIncome)
	case "CONCENTRATION":
		switch {
		case largest == nil:
			n = new(big.Rat)
		case a.q.Company:
			n = of(func(x *row) bool {
				is, _ := operatingInflow(&a.q, x)
				return is && !x.foreign && a.inside(x.day, 180) && x.party == largest.party
			})
		default:
			transferred := func(e *earning) bool { return e.transfer && e.party == largest.party }
			kept := a.income(a.earnings(true), a.window(180), transferred).Sign() > 0
			n = earned(func(e *earning) bool {
				return isIncome(e) && a.inside(e.day, 180) && e.party == largest.party && (kept || !e.transfer)
			})
		}
	case "QUICK_SPENDING":
		n = earned(ofKind("REGULAR_SALARY"))
	case "COURT_FREEZE":
		n = of(func(x *row) bool { return x.code("0604") })
	case "CASH_INTENSITY":
		n = of(func(x *row) bool { return !x.credit && x.code("0207") || x.credit && x.code("020801") })
	}
	a.put(pointer, n, 0)
}

// unclassified is the share of the amounts of checking entries that nothing tells.
func (a *answer) unclassified() *big.Rat {
	unknown, all := new(big.Rat), new(big.Rat)
	for i := range a.rows {
		all.Add(all, a.rows[i].amount)
		if a.rows[i].Code == taxonomy.Other {
			unknown.Add(unknown, a.rows[i].amount)
		}
	}
	return ratio(unknown, all)
}
