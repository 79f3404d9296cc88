package plain

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"
)

// labels collects the 540 labels by number; what is missing is -999999.
type labels struct {
	*answer
	value [541]*big.Rat
}

var kWindows = []int{30, 60, 90}

// KLabel returns the values of the 540 labels.
func KLabel(q Question) map[string]string {
	l := &labels{answer: ask(q)}
	l.value[26] = whole(l.checkingAccounts())
	l.value[27] = whole(len(q.Cards))
	if l.known {
		l.accountLabels()
		l.flowLabels()
		l.kindLabels()
	}
	if len(q.Cards) > 0 {
		l.cardLabels()
	}
	l.value[209] = l.savingsBalance()
	for i := 1; i <= 540; i++ {
		at := fmt.Sprintf("/labelDetails/%d/", i-1)
		l.text(at+"labelCode", fmt.Sprintf("K%05d", i))
		decimals := 2
		if l.isCV(i) {
			decimals = 4
		}
		if l.value[i] == nil {
			l.value[i] = whole(-999999)
		}
		l.put(at+"labelValue", l.value[i], decimals)
	}
	return l.figures
}

// isCV reports whether a label is a coefficient of variation: the last of six.
func (l *labels) isCV(i int) bool {
	return i <= 24 && i%6 == 0 || i >= 30 && i <= 83 && (i-29)%6 == 0
}

func (a *answer) checkingAccounts() (n int) {
	for _, x := range a.q.Accounts {
		if !x.Savings {
			n++
		}
	}
	return n
}

// six writes max, min, avg, med, std and cv.
func (l *labels) six(first int, list []*big.Rat) {
	if len(list) == 0 {
		return
	}
	order := sorted(list)
	for i, v := range []*big.Rat{order[len(order)-1], order[0], mean(list), median(list), deviation(list), cv(list)} {
		l.value[first+i] = v
	}
}

// wholeMonths are those between two days.
func wholeMonths(from, to time.Time) *big.Rat {
	n := monthOf(to) - monthOf(from)
	if to.Day() < from.Day() {
		n--
	}
	return whole(n)
}

func (a *answer) oldestOfAccount(account int) time.Time {
	var rows []row
	for _, r := range a.rows {
		if r.Account == account {
			rows = append(rows, r)
		}
	}
	return oldestOf(rows)
}

// since is the start of the relation with the institution of an account: equal root,
// else equal brand, else the one relation of a document with one institution.
func (a *answer) relationStart(account int) time.Time {
	d := a.q.Document
	relations := d.PersonalRelations
	if a.q.Company {
		relations = d.BusinessRelations
	}
	source := a.q.Accounts[account].Source
	read := func(s string) time.Time {
		if len(s) < 10 {
			return time.Time{}
		}
		day, _ := dayAndTime("", s)
		if day.IsZero() {
			day = date(s[:10])
		}
		return day
	}
	for _, f := range relations {
		if own := rootOf(f.CompanyCNPJ); own != "" && own == rootOf(source.CompanyCNPJ) {
			return read(f.StartDate)
		}
	}
	for _, f := range relations {
		if f.CompanyCNPJ == "" && f.BrandName != "" && f.BrandName == source.BrandName {
			return read(f.StartDate)
		}
	}
	if len(relations) == 1 && relations[0].CompanyCNPJ == "" && relations[0].BrandName == "" && a.institutionCount() == 1 {
		return read(relations[0].StartDate)
	}
	return time.Time{}
}

// institutionCount is how many institutions the document has anything of.
func (a *answer) institutionCount() int {
	d, seen := a.q.Document, make(map[string]bool)
	for i := range d.Accounts {
		seen[rootOf(d.Accounts[i].CompanyCNPJ)] = true
	}
	for i := range d.CreditCards {
		seen[rootOf(d.CreditCards[i].CompanyCNPJ)] = true
	}
	for _, k := range slices.Concat(d.Loans, d.Financings, d.InvoiceFinancings, d.UnarrangedOverdraft) {
		seen[rootOf(k.CompanyCNPJ)] = true
	}
	for _, h := range slices.Concat(d.BankFixedIncomes, d.CreditFixedIncomes, d.VariableIncomes, d.TreasureTitles, d.Funds) {
		seen[rootOf(h.CompanyCNPJ)] = true
	}
	return len(seen)
}

// roots are the institutions of the accounts and cards.
func (a *answer) roots() (list []string) {
	for _, x := range a.q.Accounts {
		list = append(list, rootOf(x.Source.CompanyCNPJ))
	}
	for _, c := range a.q.Cards {
		list = append(list, rootOf(c.Source.CompanyCNPJ))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (l *labels) accountLabels() {
	var ages, since []*big.Rat
	premium := 0
	for i, x := range l.q.Accounts {
		if x.Savings {
			continue
		}
		if oldest := l.oldestOfAccount(i); !oldest.IsZero() {
			ages = append(ages, wholeMonths(oldest, l.today))
		}
		if start := l.relationStart(i); !start.IsZero() && !start.After(l.today) {
			since = append(since, wholeMonths(start, l.today))
		}
		for _, name := range []string{"PERSONNALITE", "PRIME", "SELECT", "ESTILO", "PRIVATE", "BTG", "XP", "SAFRA"} {
			if strings.Contains(strings.ReplaceAll(strings.ToUpper(x.Source.BrandName), "É", "E"), name) {
				premium++
				break
			}
		}
	}
	l.six(1, ages)
	l.six(7, since)
	l.value[25] = ratio(whole(100*premium), whole(l.checkingAccounts()))
	l.value[84] = l.checkingBalance()
	for i, n := range kWindows {
		l.value[85+i] = l.coveredAverage(n)
	}
	var salaries []*earning
	for _, e := range l.earnings(false) {
		if e.kind == "REGULAR_SALARY" && (len(salaries) == 0 || salaries[0].month == e.month) {
			salaries = append(salaries, e)
		}
	}
	slices.Reverse(salaries) // by day
	for i, e := range salaries {
		if i < 4 {
			l.value[88+i] = whole(e.day.Day())
		}
	}
	if !l.q.Replay {
		_, l.value[210] = l.limits(contracted)
	}
}

// triple writes the sums of three windows at one place, the counts at another.
func (l *labels) triple(sums, counts int, c class) {
	for i, n := range kWindows {
		sum, count := l.sum(c, l.last(n))
		if sums > 0 {
			l.value[sums+i] = sum
		}
		if counts > 0 {
			l.value[counts+i] = count
		}
	}
}

func (l *labels) flowLabels() {
	for i, n := range kWindows {
		l.value[140+i] = l.net(l.last(n))
	}
	for first, c := range map[int]class{
		92: cashInflow, 98: cashOutflow, 104: grossInflow, 110: grossOutflow, 116: realInflow, 122: realOutflow,
		128: loanInflow, 134: loanOutflow, 143: investment, 149: atmWithdrawal, 155: transferIn, 161: transferOut,
		167: cardRepayment, 173: financialExpenses, 179: nonFinancialExpenses, 185: insuranceInflow, 191: insuranceOutflow,
		197: brokerApplication, 203: brokerRedemption,
		221: credits("010108"), 227: credits("010301"), 233: either("020902"), 239: debits("050402"), 245: debits("050403"),
		251: debits("050207"), 257: debits("0304"), 263: debits("050401"), 269: debits("040904"), 275: debits("030202"),
		370: debits("030201"), 376: debits("030102"), 382: debits("030103"), 388: debits("030104"), 394: debits("030101"),
		400: debits("0306"), 406: debits("0307"), 412: debits("0407"), 418: gamblingOut, 424: debits("040411"),
		430: debits("040202"), 436: debits("030501", "030502", "030503"), 442: debits("0410"), 448: debits("030504"),
		454: debits("0403"), 460: debits("050204"), 466: debits("050602"), 472: debits("050603"),
		478: func(_ *Question, r *row) (bool, *big.Rat) {
			return !r.credit && r.code("0506") && !r.code("050602", "050603"), r.amount
		},
	} {
		l.triple(first, first+3, c)
	}
}

// earned makes a class of the income of some rows by the rules of V1.
func (a *answer) earnedClass(takes func(*earning) bool) class {
	is := make(map[*row]bool)
	for _, e := range a.earnings(false) {
		is[e.row] = takes(e)
	}
	return func(_ *Question, r *row) (bool, *big.Rat) { return is[r], r.rest }
}

func (l *labels) kindLabels() {
	found := l.liabilities()
	l.triple(281, 284, l.earnedClass(anyEarning))
	l.triple(484, 487, owed(found))
	incomes := map[string]int{
		"REGULAR_SALARY": 290, "BUSINESS_INCOME": 298, "OTHER_RECURRENT_INCOME": 306, "BONUS": 314, "RETIREMENT_PENSION": 322,
		"SPONSORSHIP_PENSION": 330, "GOVERNMENT_SUPPORT": 338, "OTHER_REMUNERATION": 346, "INVESTMENT_REDEMPTION": 354, "INVESTMENT_DIVIDEND": 362,
	}
	for kind, first := range incomes {
		l.kind(first, 287, l.earnedClass(ofKind(kind)))
	}
	for kind, first := range map[string]int{
		"CREDIT_CARD": 493, "MORTGAGE": 501, "STUDENT_LOAN": 509, "BANK_LOAN": 517, "OTHER_RECURRENT": 525, "UTILITIES_RENTAL": 533,
	} {
		l.kind(first, 490, owed(found, kind))
	}
}

// kind writes the eight labels of a kind, and adds to the number of kinds present.
func (l *labels) kind(first, present int, c class) {
	l.triple(first, first+3, c)
	var rows []*row
	for i := range l.rows {
		if is, _ := c(&l.q, &l.rows[i]); is {
			rows = append(rows, &l.rows[i])
		}
	}
	l.value[first+7] = new(big.Rat)
	if n := l.periods(rows); n > 0 {
		l.value[first+6] = whole(n)
		l.value[first+7] = ratio(l.value[first+2], whole(n))
	}
	for i := range kWindows {
		if l.value[present+i] == nil {
			l.value[present+i] = new(big.Rat)
		}
		if l.value[first+3+i].Sign() > 0 {
			l.value[present+i] = add(l.value[present+i], whole(1))
		}
	}
}

//nolint:misspell // Portuguese.
var ranks = map[string]int{
	"BLACK": 6, "INFINITE": 6, "NANQUIM": 6, "PLATINUM": 5, "GRAFITE": 5,
	"GOLD": 4, "MAIS": 4, "BLUE": 4, "BLUEBOX": 4, "GREEN": 4, "PROFISSIONAL_LIBERAL": 4,
	"CLASSIC_INTERNACIONAL": 3, "STANDARD_INTERNACIONAL": 3, "EMPRESARIAL": 3, "CORPORATIVO": 3,
	"CLASSIC_NACIONAL": 2, "STANDARD_NACIONAL": 2, "BASICO_INTERNACIONAL": 2,
}

func (l *labels) cardLabels() {
	var ages []*big.Rat
	best := 1
	for i, c := range l.q.Cards {
		if oldest := oldestOf(l.linesOf(i)); !oldest.IsZero() {
			ages = append(ages, wholeMonths(oldest, l.today))
		}
		best = max(best, ranks[c.Source.ProductType])
		if limit, _ := l.limit(i); limit != nil && !l.q.Replay && (l.value[29] == nil || limit.Cmp(l.value[29]) > 0) {
			l.value[29] = limit
		}
	}
	l.six(13, ages)
	l.value[28] = whole(best)
	for k := 1; k <= 3; k++ {
		var amounts, counts, highest []*big.Rat
		for i := range l.q.Cards {
			bills := l.billsOf(i)
			for _, b := range bills[:min(k, len(bills))] {
				if b.total != nil {
					amounts = append(amounts, b.total)
				}
				top := new(big.Rat)
				for _, r := range b.lines {
					if !r.credit {
						top = most(top, r.amount)
					}
				}
				counts, highest = append(counts, whole(len(b.lines))), append(highest, top)
			}
		}
		l.six(24+6*k, amounts)
		l.six(42+6*k, counts)
		l.six(60+6*k, highest)
	}
	for i, n := range kWindows {
		l.value[212+i], l.value[215+i] = l.lateChargesOf(n)
		longest := 0
		for _, r := range l.lines {
			if l.inside(r.day, n) {
				longest = max(longest, instalments(r))
			}
		}
		l.value[218+i] = whole(longest)
	}
}

// instalments are those of an instalment line, 0 of another.
func instalments(r row) int {
	if r.line.ChargeNumber <= 1 {
		return 0
	}
	return int(r.line.ChargeNumber)
}
