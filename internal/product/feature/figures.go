package feature

import (
	"slices"
	"strings"
	"time"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/holding"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/text"
)

// figures are the features that are single figures, by name.
var figures = map[string]func(*Book, Window) Value{
	"net_cash_flow":      (*Book).netCashFlow,
	"income_kinds":       (*Book).incomeKinds,
	"liability_kinds":    (*Book).liabilityKinds,
	"premium_bank_share": func(b *Book, _ Window) Value { return b.premiumBanks() },
	"checking_accounts":  func(b *Book, _ Window) Value { return number(fact.AccountItem, b.checking) },
	"checking_balance":   func(b *Book, _ Window) Value { return balance(b.facts.CheckingBalance(b.company), spec.Added) },
	"savings_balance":    func(b *Book, _ Window) Value { return balance(b.facts.SavingsBalance(b.company), spec.Added) },
	"daily_balance": func(b *Book, w Window) Value {
		return balance(b.facts.CoveredAverage(b.company, w.Days), spec.Computed)
	},
	"minimum_daily_balance":    (*Book).minimumBalance,
	"negative_days":            (*Book).negativeDays,
	"days_with_entries":        (*Book).daysWithEntries,
	"salary_payday_1":          func(b *Book, _ Window) Value { return b.payday(0) },
	"salary_payday_2":          func(b *Book, _ Window) Value { return b.payday(1) },
	"salary_payday_3":          func(b *Book, _ Window) Value { return b.payday(2) },
	"salary_payday_4":          func(b *Book, _ Window) Value { return b.payday(3) },
	"overdraft_use":            func(b *Book, _ Window) Value { return b.overdraftUse() },
	"preapproved_loan":         func(*Book, Window) Value { return Value{} },
	"covered_days":             func(b *Book, _ Window) Value { return b.coveredDays() },
	"institutions":             func(b *Book, _ Window) Value { return b.institutions() },
	"cards":                    func(b *Book, _ Window) Value { return number(fact.CardItem, b.cards) },
	"card_rank":                func(b *Book, _ Window) Value { return b.cardRank() },
	"total_card_limit":         func(b *Book, _ Window) Value { return b.totalCardLimit() },
	"card_limit_use":           func(b *Book, _ Window) Value { return b.cardLimitUse() },
	"longest_instalment_plan":  (*Book).longestPlan,
	"average_of_last_3_bills":  func(b *Book, _ Window) Value { return b.averageBills() },
	"late_bills":               func(b *Book, _ Window) Value { return b.lateBills() },
	"open_contracts":           func(b *Book, _ Window) Value { return figure(b.summary().Count, spec.Counted) },
	"contract_balance":         func(b *Book, _ Window) Value { return b.contracts(b.summary().Owed) },
	"past_due_instalments":     func(b *Book, _ Window) Value { return b.contracts(b.summary().PastDueInstalments) },
	"monthly_instalments":      func(b *Book, _ Window) Value { return b.contracts(b.summary().Monthly) },
	"investment_position":      func(b *Book, _ Window) Value { return b.position() },
	"verified_monthly_income":  func(b *Book, _ Window) Value { return b.monthly(b.facts.MonthlyIncome().Verified) },
	"estimated_monthly_income": func(b *Book, _ Window) Value { return b.monthly(b.facts.MonthlyIncome().Estimated) },
	"income_volatility":        func(b *Book, _ Window) Value { return b.incomeVolatility() },
	"income_payers":            func(b *Book, _ Window) Value { return b.incomePayers() },
	"debt_to_income": func(b *Book, _ Window) Value {
		debt := b.facts.Debt(b.company)
		return b.overMonths(ratio(debt.DebtToIncome, debt.DebtToIncomeBehind))
	},
	"repayment_capacity":      func(b *Book, _ Window) Value { return b.monthly(b.facts.Debt(b.company).RepaymentCapacity) },
	"betting_share_of_income": func(b *Book, _ Window) Value { return b.bettingShare() },
	"average_monthly_revenue": func(b *Book, _ Window) Value { return b.monthly(b.facts.Revenue().Average(averageMonths)) },
	"revenue_volatility": func(b *Book, _ Window) Value {
		s := b.facts.Revenue().Stability()
		return b.overMonths(ratio(s.Volatility, s.Behind))
	},
	"revenue_trend": func(b *Book, _ Window) Value {
		s := b.facts.Revenue().Stability()
		return b.overMonths(ratio(s.Trend, s.Behind))
	},
	"top_customer_share": func(b *Book, _ Window) Value { return b.topCustomer() },
}

const (
	averageMonths    = 6
	volatilityMonths = 12
	payerDays        = 180
	averagedBills    = 3
)

// number is how many accounts or cards there are.
func number(kind fact.ItemKind, indices []int32) Value {
	return Value{Known: true, Amount: count(len(indices)), Kind: spec.Counted, Behind: items(kind, indices)}
}

func balance(b fact.Balance, kind spec.FigureKind) Value {
	v := figure(b.Figure, kind)
	v.Unreliable = b.Known && !b.IsReliable
	return v
}

// dayOf reads a date, or of a date-time its day in São Paulo; None when it is none. A
// time of exactly 00:00:00Z is how a bare date is sent.
func dayOf(s string) calendar.Day {
	at, err := time.Parse(time.RFC3339, s)
	written, clock, _ := strings.Cut(s, "T")
	if err == nil && strings.Trim(clock, "0:.") != "Z" {
		return calendar.SaoPaulo(at)
	}
	day, _ := calendar.ParseDay(written)
	return day
}

// netCashFlow is all credits less all debits.
func (b *Book) netCashFlow(w Window) Value {
	in, out := b.flows.Last(fact.CashInflow, w.Days).Amount, b.flows.Last(fact.CashOutflow, w.Days).Amount
	return Value{Known: true, Amount: in - out, Kind: spec.Added, Behind: b.flows.NetBehind(w.days(b.flows))}
}

func (b *Book) incomeKinds(w Window) Value { return b.kinds(w, b.features.flows.income) }

func (b *Book) liabilityKinds(w Window) Value { return b.kinds(w, b.features.flows.liabilities) }

// kinds counts the kinds that have an entry in the window. flows are those of single
// kinds and of all.
func (b *Book) kinds(w Window, flows []*flow) Value {
	n := 0
	v := Value{Known: true}
	for _, f := range flows {
		switch {
		case f.kinds.isOne():
			if b.last(f, w).Entries > 0 {
				n++
			}
		case f.kinds == allKinds && f.classes == allKinds:
			v.Behind = b.behind(f, w)
		}
	}
	v.Amount = count(n)
	return v
}

// premiumBrands are words in the brand of accounts for wealthy customers.
var premiumBrands = []string{"PERSONNALITE", "PRIME", "SELECT", "ESTILO", "PRIVATE", "BTG", "XP", "SAFRA"}

func (b *Book) premiumBanks() Value {
	var premium money.Amount
	for _, i := range b.checking {
		brand := text.Normalise(b.facts.Ledger.Accounts[i].Source.BrandName)
		if slices.ContainsFunc(premiumBrands, func(word string) bool { return strings.Contains(brand, word) }) {
			premium += 100 * money.Scale
		}
	}
	return Value{Known: true, Amount: fact.Average(premium, len(b.checking)), Behind: items(fact.AccountItem, b.checking)}
}

// minimumBalance is the least end-of-day sum over the covered days of a window.
func (b *Book) minimumBalance(w Window) Value {
	balances := b.facts.DailyBalances(b.company)
	days := balances.Covered(w.days(b.flows))
	if days.IsEmpty() {
		return Value{}
	}
	least := balances.Available.At(days.First)
	for day := days.First; day <= days.Last; day++ {
		least = min(least, balances.Available.At(day))
	}
	return Value{
		Known: true, Amount: least, Behind: b.facts.BalanceBehind(b.company, days),
		Unreliable: !balances.Available.IsReliable(days.First),
	}
}

func (b *Book) negativeDays(w Window) Value {
	balances := b.facts.DailyBalances(b.company)
	days := balances.Covered(w.days(b.flows))
	n, known := balances.NegativeDays(days)
	if !known {
		return Value{}
	}
	return Value{
		Known: true, Amount: count(n), Behind: b.facts.BalanceBehind(b.company, days),
		Unreliable: !balances.Invested.IsReliable(days.First),
	}
}

func (b *Book) daysWithEntries(w Window) Value {
	n, last := 0, int32(-1)
	days := w.days(b.flows)
	for e := range b.flows.In(days) {
		if e.Age != last {
			n, last = n+1, e.Age
		}
	}
	return Value{Known: true, Amount: count(n), Behind: b.flows.Where(days, func(e *fact.Flow) (fact.Item, bool) {
		return fact.Item{Index: e.Movement, Amount: e.Amount}, true
	})}
}

// payday is the day of month of one of the salary entries, by day, of the newest
// calendar month that has one.
func (b *Book) payday(n int) Value {
	var days []int
	var behind []fact.Item
	month := 0
	for i := range b.income {
		e := &b.income[i]
		if e.Kind != fact.RegularSalary {
			continue
		}
		day := b.facts.Ledger.Day - calendar.Day(e.Flow.Age)
		if month == 0 {
			month = day.MonthIndex()
		}
		if day.MonthIndex() != month {
			break
		}
		_, _, date := day.Date()
		days = append(days, date)
		behind = append(behind, fact.Item{Index: e.Flow.Movement, Amount: e.Amount})
	}
	if n >= len(days) {
		return Value{}
	}
	return Value{Known: true, Amount: count(days[len(days)-1-n]), Behind: listed(behind)} // The entries are newest first.
}

func (b *Book) overdraftUse() Value {
	o := b.facts.Overdraft(b.company)
	if b.facts.Ledger.Replay && (o.Contracted.Known || o.Used.Known) {
		return notAsOf()
	}
	if !o.Contracted.Known || !o.Used.Known {
		return Value{}
	}
	return ratio(fact.Quotient(o.Used.Amount, o.Contracted.Amount), o.Contracted.Behind)
}

func (b *Book) coveredDays() Value {
	return Value{Known: true, Amount: count(b.flows.Coverage.Days), Behind: b.flows.OldestEntry()}
}

// institutions counts the institutions of accounts and cards.
func (b *Book) institutions() Value {
	l := b.facts.Ledger
	var accounts, cards []int32
	n := 0
	for i := range l.Institutions {
		in := &l.Institutions[i]
		before := len(accounts) + len(cards)
		for _, at := range in.Accounts {
			if slices.Contains(b.checking, at) || slices.Contains(b.savings, at) {
				accounts = append(accounts, at)
			}
		}
		for _, at := range in.Cards {
			if l.Cards[at].Company == b.company {
				cards = append(cards, at)
			}
		}
		if len(accounts)+len(cards) > before {
			n++
		}
	}
	return Value{Known: true, Amount: count(n), Behind: fact.Join(items(fact.AccountItem, accounts), items(fact.CardItem, cards))}
}

// cardRanks rank what a card is called by its issuer; all others are 1.
//
//nolint:misspell // The words are Portuguese.
var cardRanks = map[string]int{
	"BLACK": 6, "INFINITE": 6, "NANQUIM": 6,
	"PLATINUM": 5, "GRAFITE": 5,
	"GOLD": 4, "MAIS": 4, "BLUE": 4, "BLUEBOX": 4, "GREEN": 4, "PROFISSIONAL_LIBERAL": 4,
	"CLASSIC_INTERNACIONAL": 3, "STANDARD_INTERNACIONAL": 3, "EMPRESARIAL": 3, "CORPORATIVO": 3,
	"CLASSIC_NACIONAL": 2, "STANDARD_NACIONAL": 2, "BASICO_INTERNACIONAL": 2,
}

func (b *Book) cardRank() Value {
	best := 0
	for _, i := range b.cards {
		best = max(best, 1, cardRanks[b.facts.Ledger.Cards[i].Source.ProductType])
	}
	return Value{Known: best > 0, Amount: count(best), Behind: items(fact.CardItem, b.cards)}
}

// totalCardLimit is the sum of the limits; without a card it is 0, with cards of
// which none tells its limit it is unknown.
func (b *Book) totalCardLimit() Value {
	s := b.cardLimits()
	if s.notAsOf || len(b.cards) > 0 && len(s.values) == 0 {
		return Value{NotAsOf: s.notAsOf}
	}
	v := Value{Known: true, Kind: spec.Added, Behind: s.behind}
	for _, limit := range s.values {
		v.Amount, _ = money.Add(v.Amount, limit)
	}
	return v
}

func (b *Book) cardLimitUse() Value {
	var used, limits money.Amount
	var behind []int32
	for _, i := range b.cards {
		row := fact.MainLimit(b.facts.Ledger.Cards[i].Source.Limits)
		if row == nil {
			continue
		}
		u, knownUsed := reais(row.Used)
		if limit, known := reais(row.Limit); known && knownUsed {
			used, _ = money.Add(used, u)
			limits, _ = money.Add(limits, limit)
			behind = append(behind, i)
		}
	}
	if b.facts.Ledger.Replay && len(behind) > 0 {
		return notAsOf()
	}
	return ratio(fact.Quotient(used, limits), items(fact.CardItem, behind))
}

// longestPlan is the largest number of instalments among the lines of a window.
func (b *Book) longestPlan(w Window) Value {
	longest := int32(0)
	var behind []fact.Item
	days := w.days(b.flows)
	for _, line := range b.facts.CardLines(b.company) {
		if m := &b.facts.Ledger.Movements[line.Movement]; m.Line.ChargeNumber > 1 && b.isIn(days, line.Age) {
			longest = max(longest, m.Line.ChargeNumber)
			behind = append(behind, fact.Item{Index: line.Movement, Amount: line.Amount})
		}
	}
	return Value{Known: true, Amount: count(int(longest)), Behind: listed(behind)}
}

// averageBills is the sum over the cards of the mean of their newest closed bills,
// rounded once.
func (b *Book) averageBills() Value {
	const parts = 6 // divided by 1, 2 and 3
	var sum money.Amount
	var behind []fact.Item
	for _, i := range b.cards {
		var card money.Amount
		var bills []fact.Item
		closed := b.facts.Ledger.Cards[i].Closed
		for k := range closed {
			if len(bills) == averagedBills {
				break
			}
			if total, known := reais(closed[k].Source.Total); known {
				card, _ = money.Add(card, total)
				bills = append(bills, fact.Item{Kind: fact.BillItem, Index: i, Bill: int32(k), Amount: total})
			}
		}
		for range parts / max(1, len(bills)) {
			sum, _ = money.Add(sum, card)
		}
		behind = append(behind, bills...)
	}
	return Value{Known: true, Amount: fact.Average(sum, parts), Behind: listed(behind)}
}

func (b *Book) lateBills() Value {
	var behind []fact.Item
	for _, bill := range b.facts.Bills(b.company) {
		if bill.Late {
			behind = append(behind, bill.Item(0))
		}
	}
	return Value{Known: true, Amount: count(len(behind)), Kind: spec.Counted, Behind: listed(behind)}
}

func (b *Book) summary() fact.ContractSummary { return b.facts.ContractSummary(b.company) }

// contracts returns what contracts owe, which nothing tells of an older day.
func (b *Book) contracts(f fact.Figure) Value {
	if b.summary().NotAsOf {
		return notAsOf()
	}
	return figure(f, spec.Added)
}

// position is what all holdings are worth before taxes, by the newest position of
// each.
func (b *Book) position() Value {
	if b.facts.Ledger.Replay {
		return notAsOf()
	}
	v := Value{Known: true, Kind: spec.Added}
	var behind []fact.Item
	for i := range b.facts.Ledger.Holdings {
		h := &b.facts.Ledger.Holdings[i]
		newest := holding.NewestPosition(h.Source.Balances)
		if h.Company != b.company || newest == nil {
			continue
		}
		if gross, known := reais(newest.Gross); known {
			v.Amount, _ = money.Add(v.Amount, gross)
			behind = append(behind, fact.Item{Kind: fact.HoldingItem, Index: int32(i), Amount: gross})
		}
	}
	v.Behind = listed(behind)
	return v
}

func (b *Book) incomeVolatility() Value {
	months, behind := b.facts.IncomeMonths(volatilityMonths)
	return b.overMonths(ratio(fact.Volatility(months), behind))
}

// incomePayers counts the counterparties of verified and estimated income.
func (b *Book) incomePayers() Value {
	payers := make(map[fact.Stream]bool)
	var behind []fact.Item
	for i := range b.income {
		e := &b.income[i]
		earned := e.Class == fact.VerifiedIncome || e.Class == fact.EstimatedIncome
		if e.Flow.Age >= payerDays || !earned {
			continue
		}
		if payer, named := b.facts.Stream(e.Flow.Movement); named {
			payers[payer] = true
			behind = append(behind, fact.Item{Index: e.Flow.Movement, Amount: e.Amount})
		}
	}
	return Value{Known: true, Amount: count(len(payers)), Behind: listed(behind)}
}

func (b *Book) bettingShare() Value {
	betting := b.facts.Betting(b.company, b.version == spec.V2)
	return ratio(betting.ShareOfIncome, betting.ShareBehind)
}

func (b *Book) topCustomer() Value {
	r := b.facts.Revenue()
	var behind []fact.Item
	for i := range r.Entries {
		if e := &r.Entries[i]; e.Flow.Age < payerDays {
			behind = append(behind, fact.Item{Index: e.Flow.Movement, Amount: e.Amount})
		}
	}
	return ratio(r.Concentration.Top1, listed(behind))
}
