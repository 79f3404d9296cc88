package plain

import (
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/openklaas/klaas/openfinance"
)

// base is a group of labels: a class in six windows, with counts beside, or one
// figure for each window or for all. Card debits are added where cards is set.
type base struct {
	number   int
	pf, pj   bool
	class    class
	cards    bool
	windowed func(n int) *big.Rat
	single   func() *big.Rat
	decimals int
}

var riskWindows = []int{30, 60, 90, 120, 180, 360}

// CreditRisk returns the labels of a credit-risk report in their order.
func CreditRisk(q Question) map[string]string {
	a := ask(q)
	i := 0
	put := func(code string, v *big.Rat, decimals int) {
		if v == nil && !a.v2() {
			return
		}
		at := fmt.Sprintf("/labelDetails/%d/", i)
		i++
		a.text(at+"labelCode", code)
		a.put(at+"labelValue", v, decimals)
	}
	_, overdraft := a.limits(contracted)
	if q.Replay {
		overdraft = nil
	}
	if !q.Company {
		put("F000007", a.longestAge(), 0)
		put("F000009", a.ifKnown(a.checkingBalance()), 2)
		for k, n := range riskWindows {
			put(fmt.Sprintf("F%06d", 10+k), a.ifKnown(a.coveredAverage(n)), 2)
		}
		put("F000016", overdraft, 2)
	}
	prefix := map[bool]string{false: "P", true: "J"}[q.Company]
	for _, b := range a.bases(overdraft) {
		if q.Company && !b.pj || !q.Company && !b.pf {
			continue
		}
		code := func(number, window int) string { return fmt.Sprintf("%s%05d%d", prefix, number, window) }
		switch {
		case b.single != nil:
			put(code(b.number, 0), b.single(), b.decimals)
		case b.windowed != nil:
			for k, n := range riskWindows {
				put(code(b.number, k+1), b.windowed(n), b.decimals)
			}
		default:
			rows := a.rows
			if b.cards {
				rows = slices.Concat(a.rows, a.lines)
			}
			for k, n := range riskWindows {
				sum, _ := a.sumOver(rows, b.class, a.last(n))
				put(code(b.number, k+1), sum, 2)
			}
			for k, n := range riskWindows {
				_, count := a.sumOver(rows, b.class, a.last(n))
				put(code(b.number+500, k+1), count, 0)
			}
		}
	}
	return a.figures
}

// longestAge is the age in days of the oldest checking account: since its oldest
// entry, or an older start of the relation.
func (a *answer) longestAge() *big.Rat {
	var oldest time.Time
	for i, x := range a.q.Accounts {
		if x.Savings {
			continue
		}
		for _, day := range []time.Time{a.oldestOfAccount(i), a.relationStart(i)} {
			if !day.IsZero() && !day.After(a.today) && (oldest.IsZero() || day.Before(oldest)) {
				oldest = day
			}
		}
	}
	if oldest.IsZero() {
		return nil
	}
	return whole(a.age(oldest))
}

func (a *answer) bases(overdraft *big.Rat) []base {
	found := a.liabilities()
	both := func(n int, c class) base { return base{number: n, pf: true, pj: true, class: c} }
	person := func(n int, c class) base { return base{number: n, pf: true, class: c} }
	company := func(n int, c class) base { return base{number: n, pj: true, class: c} }
	card := func(b base) base { b.cards = true; return b }
	windows := func(n int, f func(n int) *big.Rat) base {
		return base{number: n, pf: true, pj: true, windowed: f, decimals: 2}
	}
	one := func(n, decimals int, f func() *big.Rat) base {
		return base{number: n, pf: true, pj: true, single: f, decimals: decimals}
	}
	of := func(b base, pf bool) base { b.pf, b.pj = pf, !pf; return b }
	kind := func(name string) class { return a.earnedClass(ofKind(name)) }
	asOf := func(v func() *big.Rat) func() *big.Rat {
		return func() *big.Rat {
			if a.q.Replay {
				return nil
			}
			return v()
		}
	}
	cards := func(v func() *big.Rat) func() *big.Rat {
		return func() *big.Rat {
			if !a.hasCards() {
				return nil
			}
			return v()
		}
	}
	contract := func(v func(*contractSums) *big.Rat) func() *big.Rat {
		return func() *big.Rat {
			if c := a.contracts(); c != nil {
				return v(c)
			}
			return nil
		}
	}
	list := []base{
		both(1, cashInflow), both(2, cashOutflow), windows(3, func(n int) *big.Rat { return a.net(a.last(n)) }),
		both(4, grossInflow), both(5, grossOutflow), both(6, realInflow), both(7, realOutflow), both(8, loanInflow), both(9, loanOutflow),
		both(10, investment), both(11, investmentReturn), both(12, ownTransferIn), both(13, ownTransferOut),
		both(14, transferIn), both(15, transferOut), both(16, cardRepayment), both(17, atmWithdrawal), both(18, financialExpenses),
		both(19, insuranceOutflow), card(both(20, gamblingOut)), both(21, gamblingIn), both(22, debits("050402")), both(23, debits("050403")),
		card(both(24, debits("050401"))), card(both(25, debits("050404"))), card(both(26, debits("0507"))), both(27, either("020902")), both(28, debits("050207")),
		person(40, a.earnedClass(anyEarning)), person(41, a.earnedClass(ofClass(verified))), person(42, a.earnedClass(ofClass(estimated, financial))),
		person(43, kind("REGULAR_SALARY")), person(44, kind("BONUS")), person(45, kind("RETIREMENT_PENSION")), person(46, kind("GOVERNMENT_SUPPORT")),
		person(47, kind("SPONSORSHIP_PENSION")), person(48, kind("BUSINESS_INCOME")), person(49, kind("OTHER_REMUNERATION")),
		person(50, kind("OTHER_RECURRENT_INCOME")), person(51, kind("INVESTMENT_DIVIDEND")), person(52, kind("INVESTMENT_REDEMPTION")),
		both(60, owed(found)), both(61, owed(found, "CREDIT_CARD")), both(62, owed(found, "MORTGAGE")), both(63, owed(found, "STUDENT_LOAN")),
		both(64, owed(found, "BANK_LOAN")), both(65, owed(found, "UTILITIES_RENTAL")), both(66, owed(found, "OTHER_RECURRENT")),
		company(67, owed(found, "RECEIVABLES_DISCOUNT")), company(68, owed(found, "OVERDRAFT")), company(69, owed(found, "TAX")),
		company(70, owed(found, "PAYROLL")), company(71, owed(found, "SUPPLIER_RECURRENT")),
	}
	for i, codes := range [][]string{
		{"0301"}, {"030201"}, {"0303"}, {"0304"}, {"0305"}, {"0306"}, {"0307"}, {"0401"}, {"0403"}, {"0404"}, {"0405"}, {"0407"},
		{"0409"}, {"0410"}, {"0411"}, {"040411"}, {"0406", "030202", "040904"}, {"03"}, {"04"},
	} {
		list = append(list, card(person(80+i, debits(codes...))))
	}
	list = append(list, company(110, operatingInflow))
	for i, code := range []string{"0802", "0803", "0801", "0804"} {
		list = append(list, card(company(111+i, debits(code))))
	}
	checking := func(v func() *big.Rat) func() *big.Rat { return func() *big.Rat { return a.ifKnown(v()) } }
	income := func(takes func(*earning) bool) func() *big.Rat {
		return checking(func() *big.Rat { return mean(a.incomeMonths(6, takes)) })
	}
	return append(list,
		company(115, credits("070104")),
		windows(120, func(n int) *big.Rat {
			if list := sorted(a.coveredBalances(n)); len(list) > 0 {
				return list[0]
			}
			return nil
		}),
		windows(121, a.negativeDays),
		windows(122, func(n int) *big.Rat {
			seen := make(map[string]bool)
			for i := range a.rows {
				if a.inside(a.rows[i].day, n) {
					seen[a.rows[i].day.String()] = true
				}
			}
			return a.ifKnown(whole(len(seen)))
		}),
		one(130, 0, func() *big.Rat { return whole(a.coveredDays()) }),
		one(131, 0, func() *big.Rat { return whole(a.checkingAccounts()) }),
		one(132, 2, a.savingsBalance),
		one(133, 0, cards(func() *big.Rat { return whole(len(a.q.Cards)) })),
		one(134, 0, checking(func() *big.Rat { return whole(len(a.roots())) })),
		one(135, 4, asOf(func() *big.Rat {
			in, _ := a.limits(used)
			limit, _ := a.limits(contracted)
			return ratio(in, limit)
		})),
		one(136, 2, cards(func() *big.Rat { limit, _ := a.cardLimits(false); return limit })),
		one(137, 4, cards(func() *big.Rat { limit, in := a.cardLimits(true); return ratio(in, limit) })),
		one(138, 2, cards(func() *big.Rat {
			sum := new(big.Rat)
			for i := range a.q.Cards {
				if v := a.averageBill(i); v != nil {
					sum.Add(sum, v)
				}
			}
			return sum
		})),
		one(139, 0, cards(func() *big.Rat {
			largest := 0
			for _, r := range a.lines {
				largest = max(largest, instalments(r))
			}
			return whole(largest)
		})),
		one(140, 0, cards(func() *big.Rat { return a.lateBills(0) })),
		one(141, 0, contract(func(c *contractSums) *big.Rat { return c.count })),
		one(142, 2, contract(func(c *contractSums) *big.Rat { return c.balance })),
		one(143, 0, contract(func(c *contractSums) *big.Rat { return c.pastDueInstalments })),
		one(144, 2, contract(func(c *contractSums) *big.Rat { return c.monthly })),
		one(145, 2, asOf(a.positions)),
		of(one(150, 2, income(ofClass(verified))), true),
		of(one(151, 2, income(ofClass(estimated, financial))), true),
		of(one(152, 4, checking(func() *big.Rat { return volatility(a.incomeMonths(12, isIncome)) })), true),
		of(one(153, 0, checking(func() *big.Rat {
			seen := make(map[string]bool)
			for _, e := range a.earnings(false) {
				if (e.class == verified || e.class == estimated) && e.party != "" && a.inside(e.day, 180) {
					seen[e.party] = true
				}
			}
			return whole(len(seen))
		})), true),
		one(154, 4, func() *big.Rat { return a.debt().toIncome }),
		one(155, 2, func() *big.Rat { return a.debt().capacity }),
		of(one(156, 4, func() *big.Rat { return a.risk().share }), true),
		of(one(157, 2, func() *big.Rat { return a.average(operatingInflow, 6) }), false),
		of(one(158, 4, checking(func() *big.Rat { return volatility(a.monthly(operatingInflow, 12)) })), false),
		of(one(159, 4, checking(func() *big.Rat { return trend(a.monthly(operatingInflow, 12)) })), false),
		of(one(160, 4, checking(func() *big.Rat {
			parts, sum := payers(a.receipts(), a.last(180))
			top, _, _, _ := shares(parts, sum)
			return top
		})), false),
		of(one(170, 0, a.longestAge), false),
		of(one(171, 2, checking(a.checkingBalance)), false),
		of(one(172, 2, func() *big.Rat { return overdraft }), false),
		of(windows(173, func(n int) *big.Rat { return a.ifKnown(a.coveredAverage(n)) }), false),
	)
}

// cardLimits sums the limits of the cards up, and what is used; with both: of cards
// that tell both. It is nil where there are cards and none tells its limit.
func (a *answer) cardLimits(withUsed bool) (limit, in *big.Rat) {
	in = new(big.Rat)
	if len(a.q.Cards) == 0 {
		limit = new(big.Rat)
	}
	for i := range a.q.Cards {
		l, u := a.limit(i)
		if a.q.Replay || l == nil || withUsed && u == nil {
			continue
		}
		if limit == nil {
			limit = new(big.Rat)
		}
		limit.Add(limit, l)
		if u != nil {
			in.Add(in, u)
		}
	}
	return limit, in
}

// positions is the sum of all holdings; nil without an investment section.
func (a *answer) positions() *big.Rat {
	if !slices.ContainsFunc([]string{
		openfinance.SectionBankFixedIncomes, openfinance.SectionCreditFixedIncomes, openfinance.SectionVariableIncomes,
		openfinance.SectionTreasureTitles, openfinance.SectionFunds,
	}, a.q.Document.Has) {
		return nil
	}
	sum := new(big.Rat)
	for _, h := range a.q.Holdings {
		newest := -1
		for i, b := range h.Balances {
			if newest < 0 || b.ReferenceDate+b.ReferenceDateTime > h.Balances[newest].ReferenceDate+h.Balances[newest].ReferenceDateTime {
				newest = i
			}
		}
		if newest >= 0 && reais(h.Balances[newest].Gross) != nil {
			sum.Add(sum, reais(h.Balances[newest].Gross))
		}
	}
	return sum
}
