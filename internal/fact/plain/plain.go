// Package plain computes the figures of money flows a second time, slowly and in
// the plainest way, for tests alone.
//
// It is written from the published formulas (docs/products/cash_flow.md) and knows
// nothing of the code that it judges: it imports openfinance and taxonomy, reads
// the document itself, and takes from the ledger what the formulas take from it:
// which rows count, their roles and their categories. Amounts are rational numbers
// and every figure is a loop over all rows. [CashFlow] gives the numbers of a
// cash-flow report by JSON pointer.
package plain

import (
	"fmt"
	"math/big"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/openklaas/klaas/openfinance"
	"github.com/openklaas/klaas/taxonomy"
)

// Entry is a row that counts: effective, no balance line, no duplicate, up to the
// reporting day, of a checking account of the person or company.
type Entry struct {
	Account     int // index into Document.Accounts
	Transaction *openfinance.Transaction
	Text        string // normalised
	Code        taxonomy.Code
	Role        string // "", own-transfer, reversal, reversed, sweep, bill-payment, …
	Reversed    string // of a reversed one: what came back, decimal
	Half        bool   // half of its amount counts
}

// Question is what figures are asked of.
type Question struct {
	Document *openfinance.Document
	Checking []int // indices of the checking accounts of the person or company
	Entries  []Entry
	Day      string // YYYY-MM-DD
}

// row is an entry with what follows from it.
type row struct {
	Entry
	day            time.Time
	time           time.Time // zero when it has none
	amount, rest   *big.Rat  // rest is without what came back
	credit         bool
	digits         string // of the code
	category, kind string // level 1 and 2 with a bar between; settlement type
}

// CashFlow returns every number of the flows of a cash-flow report in version V2,
// with null for those that cannot be known, and the texts that name the rows. It
// leaves out balances and what is to come.
func CashFlow(q Question) map[string]string {
	a := answer{q: q, figures: make(map[string]string)}
	a.today, _ = time.Parse(time.DateOnly, q.Day)
	for _, e := range q.Entries {
		a.rows = append(a.rows, q.read(e))
	}
	a.covered()
	a.summary()
	a.months()
	a.stability()
	a.institutions()
	a.hours()
	return a.figures
}

func (q *Question) read(e Entry) row {
	t := e.Transaction
	r := row{Entry: e, digits: e.Code.String(), credit: t.CreditDebitType == "CREDITO", amount: new(big.Rat), rest: new(big.Rat)}
	if moment, err := time.Parse(time.RFC3339, t.DateTime); err == nil {
		if utc := moment.UTC(); !strings.HasSuffix(t.DateTime, "Z") || utc.Hour()+utc.Minute()+utc.Second()+utc.Nanosecond() > 0 {
			r.time = moment
			zone, _ := time.LoadLocation("America/Sao_Paulo")
			r.day, _ = time.Parse(time.DateOnly, moment.In(zone).Format(time.DateOnly))
		} else {
			r.day, _ = time.Parse(time.DateOnly, t.DateTime[:10])
		}
	}
	if t.Date != "" {
		r.day, _ = time.Parse(time.DateOnly, t.Date)
	}
	if t.Amount.Currency == "" || t.Amount.Currency == "BRL" {
		r.amount.SetString(t.Amount.Amount)
		r.rest.Set(r.amount)
		if e.Role == "reversed" {
			back, _ := new(big.Rat).SetString(e.Reversed)
			r.rest.Sub(r.rest, back)
		}
		if e.Half {
			r.amount.Quo(r.amount, big.NewRat(2, 1))
			r.rest.Quo(r.rest, big.NewRat(2, 1))
		}
	}
	settlement := taxonomy.SettlementType(t.Type, e.Text)
	printed, _ := taxonomy.Lookup(taxonomy.Printed(e.Code, settlement, t.PartieCnpjCpf, false))
	r.category, r.kind = printed.Level1.PT+"|"+printed.Level2.PT, settlement
	return r
}

// code reports whether the category begins with one of the digits.
func (r *row) code(prefixes ...string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(r.digits, p) })
}

// The classes. Each tells whether a row is in it, and with which amount.

type class func(q *Question, r *row) (bool, *big.Rat)

func cashInflow(_ *Question, r *row) (bool, *big.Rat)  { return r.credit, r.amount }
func cashOutflow(_ *Question, r *row) (bool, *big.Rat) { return !r.credit, r.amount }
func investmentReturn(_ *Question, r *row) (bool, *big.Rat) {
	return r.credit && r.code("0104", "0105"), r.amount
}
func investment(_ *Question, r *row) (bool, *big.Rat) { return !r.credit && r.code("0503"), r.amount }
func grossInflow(_ *Question, r *row) (bool, *big.Rat) {
	return r.credit && !r.code("0104", "0105"), r.amount
}
func grossOutflow(_ *Question, r *row) (bool, *big.Rat) {
	return !r.credit && !r.code("0503"), r.amount
}

// isOwn: an entry in 0104, 0105 or 0503 is never an own transfer.
func (r *row) isOwn() bool { return r.Role == "own-transfer" && !r.code("0104", "0105", "0503") }

func ownTransferIn(_ *Question, r *row) (bool, *big.Rat)  { return r.credit && r.isOwn(), r.amount }
func ownTransferOut(_ *Question, r *row) (bool, *big.Rat) { return !r.credit && r.isOwn(), r.amount }
func loanInflow(_ *Question, r *row) (bool, *big.Rat) {
	return r.credit && r.code("050208", "050209"), r.amount
}
func loanOutflow(_ *Question, r *row) (bool, *big.Rat) {
	return !r.credit && r.code("0502") && !r.code("050208", "050209"), r.amount
}

// isGone: nothing of it is left after reversals.
func (r *row) isGone() bool {
	if r.Role != "reversed" {
		return r.Role == "reversal"
	}
	whole, _ := new(big.Rat).SetString(r.Transaction.Amount.Amount)
	back, _ := new(big.Rat).SetString(r.Reversed)
	return back.Cmp(whole) >= 0
}

func realInflow(_ *Question, r *row) (bool, *big.Rat) {
	return r.credit && !r.code("0104", "0105", "050208", "050209") && !r.isOwn() && !r.isGone(), r.rest
}
func realOutflow(q *Question, r *row) (bool, *big.Rat) {
	loan, _ := loanOutflow(q, r)
	return !r.credit && !r.code("0503") && !loan && !r.isOwn() && !r.isGone(), r.rest
}
func consumptionOutflow(q *Question, r *row) (bool, *big.Rat) {
	is, _ := realOutflow(q, r)
	return is && !q.paysBill(r), r.rest
}
func cardRepayment(_ *Question, r *row) (bool, *big.Rat) {
	return !r.credit && r.code("0602"), r.amount
}
func coverOutflow(q *Question, r *row) (bool, *big.Rat) {
	for _, c := range []class{cardRepayment, loanOutflow, consumptionOutflow} {
		if is, amount := c(q, r); is {
			return true, amount
		}
	}
	return false, nil
}

// paysBill: a debit in 0602 by role; or the document holds a card of the same
// institution; or a card with a bill payment or a credit line of equal amount at
// most 5 days away. A line dated after the reporting day is no effective one.
func (q *Question) paysBill(r *row) bool {
	if !r.code("0602") {
		return false
	}
	if r.Role == "bill-payment" {
		return true
	}
	near := func(date, amount string) bool {
		day, err := time.Parse(time.DateOnly, date)
		paid, ok := new(big.Rat).SetString(amount)
		whole, _ := new(big.Rat).SetString(r.Transaction.Amount.Amount)
		return err == nil && ok && paid.Cmp(whole) == 0 && day.Sub(r.day).Abs() <= 5*24*time.Hour
	}
	for i := range q.Document.CreditCards {
		c := &q.Document.CreditCards[i]
		if root(c.CompanyCNPJ) != "" && root(c.CompanyCNPJ) == root(q.Document.Accounts[r.Account].CompanyCNPJ) {
			return true
		}
		lines := slices.Concat(c.Transactions, c.TransactionsCurrent)
		for j := range c.Bills {
			lines = append(lines, c.Bills[j].Transactions...)
			for _, p := range c.Bills[j].Payments {
				if near(p.PaymentDate, p.Amount.Amount) {
					return true
				}
			}
		}
		for _, line := range lines {
			if line.CreditDebitType == "CREDITO" && line.Date <= q.Day && near(line.Date, line.BrazilianAmount.Amount) {
				return true
			}
		}
	}
	return false
}

func root(cnpj string) string {
	if len(cnpj) < 8 {
		return ""
	}
	return cnpj[:8]
}

// answer collects the figures.
type answer struct {
	q       Question
	today   time.Time
	oldest  time.Time // zero without an entry
	rows    []row
	figures map[string]string
}

func (a *answer) put(pointer string, v *big.Rat, decimals int) {
	a.figures[pointer] = "null"
	if v != nil {
		a.figures[pointer] = Decimal(v, decimals)
	}
}

// sum adds up a class over the rows that a test takes. Without a checking account
// nothing can be known.
func (a *answer) sum(c class, takes func(*row) bool) (total *big.Rat, count *big.Rat) {
	if len(a.q.Checking) == 0 {
		return nil, nil
	}
	total, count = new(big.Rat), new(big.Rat)
	for i := range a.rows {
		r := &a.rows[i]
		if is, amount := c(&a.q, r); is && takes(r) {
			total.Add(total, amount)
			count.Add(count, big.NewRat(1, 1))
		}
	}
	return total, count
}

func (a *answer) age(r *row) int { return days(r.day, a.today) }

func days(from, to time.Time) int { return int(to.Sub(from).Hours() / 24) }

func (a *answer) covered() {
	for i := range a.rows {
		if r := &a.rows[i]; a.oldest.IsZero() || r.day.Before(a.oldest) {
			a.oldest = r.day
		}
	}
	n := 0
	if len(a.rows) > 0 {
		n = min(360, days(a.oldest, a.today)+1)
	}
	a.put("/period/daysCovered", big.NewRat(int64(n), 1), 0)
}

var summed = map[string]class{
	"cashInflow": cashInflow, "cashOutflow": cashOutflow, "grossInflow": grossInflow, "grossOutflow": grossOutflow,
	"realInflow": realInflow, "realOutflow": realOutflow, "consumptionOutflow": consumptionOutflow, "coverOutflow": coverOutflow,
	"ownTransferIn": ownTransferIn, "ownTransferOut": ownTransferOut, "loanInflow": loanInflow, "loanOutflow": loanOutflow,
	"investment": investment, "investmentReturn": investmentReturn, "cardRepayment": cardRepayment,
}

func (a *answer) summary() {
	for _, n := range []int{30, 60, 90, 120, 180, 360} {
		at := fmt.Sprintf("/summary/last%dDays/", n)
		inside := func(r *row) bool { return a.age(r) < n }
		for key, c := range summed {
			total, _ := a.sum(c, inside)
			a.put(at+key, total, 2)
		}
		a.putNet(at+"netCashFlow", inside)
		_, in := a.sum(cashInflow, inside)
		_, out := a.sum(cashOutflow, inside)
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
	return in.Sub(in, out)
}

func (a *answer) putNet(pointer string, takes func(*row) bool) { a.put(pointer, a.net(takes), 2) }

// monthStart returns the first day of the month that lies n months before that of
// the reporting day.
func (a *answer) monthStart(n int) time.Time {
	return time.Date(a.today.Year(), a.today.Month()-time.Month(n), 1, 0, 0, 0, 0, time.UTC)
}

func (a *answer) inMonth(n int) func(*row) bool {
	start, end := a.monthStart(n), a.monthStart(n-1)
	return func(r *row) bool { return !r.day.Before(start) && r.day.Before(end) }
}

// isFull: before the month of D, and not before that of the oldest entry, which is
// full itself only when that entry is of day 5 or earlier.
func (a *answer) isFull(n int) bool {
	if n < 1 || len(a.rows) == 0 {
		return false
	}
	start := a.monthStart(n)
	own := time.Date(a.oldest.Year(), a.oldest.Month(), 1, 0, 0, 0, 0, time.UTC)
	return start.After(own) || start.Equal(own) && a.oldest.Day() <= 5
}

func (a *answer) months() {
	if len(a.rows) == 0 {
		return
	}
	first := 0
	for first < 12 && a.monthStart(first).After(a.oldest) {
		first++
	}
	for n := first; n >= 0; n-- {
		at := fmt.Sprintf("/months/%d/", first-n)
		a.figures[at+"month"] = a.monthStart(n).Format("2006-01")
		a.figures[at+"isPartial"] = fmt.Sprint(!a.isFull(n))
		for _, key := range []string{"cashInflow", "cashOutflow", "realInflow", "realOutflow"} {
			total, _ := a.sum(summed[key], a.inMonth(n))
			a.put(at+key, total, 2)
		}
		a.putNet(at+"netCashFlow", a.inMonth(n))
		a.groups(at+"byCategory/", []string{"category", "subcategory"}, a.inMonth(n), func(r *row) string { return r.category })
		a.groups(at+"bySettlementType/", []string{"settlementType"}, a.inMonth(n), func(r *row) string { return r.kind })
	}
}

func (a *answer) groups(at string, keys []string, inside func(*row) bool, name func(*row) string) {
	turnover := make(map[string]*big.Rat)
	for i := range a.rows {
		if r := &a.rows[i]; inside(r) {
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
		of := func(r *row) bool { return inside(r) && name(r) == n }
		for k, part := range strings.Split(n, "|") {
			a.figures[fmt.Sprint(at, i, "/", keys[k])] = part
		}
		in, ins := a.sum(cashInflow, of)
		out, outs := a.sum(cashOutflow, of)
		a.put(fmt.Sprint(at, i, "/creditAmount"), in, 2)
		a.put(fmt.Sprint(at, i, "/debitAmount"), out, 2)
		a.put(fmt.Sprint(at, i, "/transactionCount"), ins.Add(ins, outs), 0)
	}
}

// fullMonths are the newest full months, at most 12, oldest first.
func (a *answer) fullMonths() (list []int) {
	for n := 12; n >= 1; n-- {
		if a.isFull(n) {
			list = append(list, n)
		}
	}
	return list
}

func (a *answer) monthly(c class) (list []*big.Rat) {
	for _, n := range a.fullMonths() {
		total, _ := a.sum(c, a.inMonth(n))
		list = append(list, total)
	}
	return list
}

func (a *answer) stability() {
	const at = "/stability/"
	if len(a.q.Checking) == 0 {
		for _, key := range []string{"inflowVolatility", "outflowVolatility", "inflowTrend", "negativeMonths", "monthsUsed"} {
			a.put(at+key, nil, 0)
		}
		return
	}
	a.put(at+"inflowVolatility", volatility(a.monthly(realInflow)), 4)
	a.put(at+"outflowVolatility", volatility(a.monthly(realOutflow)), 4)
	a.put(at+"inflowTrend", trend(a.monthly(realInflow)), 4)
	negative := int64(0)
	for _, n := range a.fullMonths() {
		if a.net(a.inMonth(n)).Sign() < 0 {
			negative++
		}
	}
	a.put(at+"negativeMonths", big.NewRat(negative, 1), 0)
	a.put(at+"monthsUsed", big.NewRat(int64(len(a.fullMonths())), 1), 0)
}

func mean(list []*big.Rat) *big.Rat {
	sum := new(big.Rat)
	for _, x := range list {
		sum.Add(sum, x)
	}
	return sum.Quo(sum, big.NewRat(int64(len(list)), 1))
}

// volatility is the population standard deviation ÷ the mean, with binary floats of
// 400 bits.
func volatility(list []*big.Rat) *big.Rat {
	if len(list) < 3 || mean(list).Sign() == 0 {
		return nil
	}
	var squares []*big.Rat
	for _, x := range list {
		d := new(big.Rat).Sub(x, mean(list))
		squares = append(squares, d.Mul(d, d))
	}
	deviation := new(big.Float).SetPrec(400).SetRat(mean(squares))
	deviation.Sqrt(deviation)
	cv, _ := deviation.Quo(deviation, new(big.Float).SetPrec(400).SetRat(mean(list))).Rat(nil)
	return cv
}

// trend is Σ (x − mean x)(y − mean y) ÷ Σ (x − mean x)², ÷ mean y.
func trend(list []*big.Rat) *big.Rat {
	if len(list) < 3 || mean(list).Sign() == 0 {
		return nil
	}
	middle := big.NewRat(int64(len(list)-1), 2)
	above, below := new(big.Rat), new(big.Rat)
	for i, y := range list {
		dx := new(big.Rat).Sub(big.NewRat(int64(i), 1), middle)
		dy := new(big.Rat).Sub(y, mean(list))
		above.Add(above, dy.Mul(dy, dx))
		below.Add(below, dx.Mul(dx, dx))
	}
	return above.Quo(above, below.Mul(below, mean(list)))
}

func (a *answer) institutions() {
	var order []string
	for i := range a.q.Document.Accounts {
		cnpj := root(a.q.Document.Accounts[i].CompanyCNPJ)
		isChecking := func(k int) bool { return root(a.q.Document.Accounts[k].CompanyCNPJ) == cnpj }
		if slices.ContainsFunc(a.q.Checking, isChecking) && !slices.Contains(order, cnpj) {
			order = append(order, cnpj)
		}
	}
	for i, cnpj := range order {
		for _, n := range []int{30, 90, 180} {
			of := func(r *row) bool {
				return a.age(r) < n && root(a.q.Document.Accounts[r.Account].CompanyCNPJ) == cnpj
			}
			for _, key := range []string{"cashInflow", "cashOutflow", "realInflow", "realOutflow"} {
				total, _ := a.sum(summed[key], of)
				a.put(fmt.Sprintf("/byInstitution/%d/%sLast%dDays", i, key, n), total, 2)
			}
			_, in := a.sum(cashInflow, of)
			_, out := a.sum(cashOutflow, of)
			a.put(fmt.Sprintf("/byInstitution/%d/transactionCountLast%dDays", i, n), in.Add(in, out), 0)
		}
	}
}

// since: an entry of a later day, or of the same day unless both have a time and
// its time is earlier.
func since(salary, r *row) bool {
	if !r.day.Equal(salary.day) {
		return r.day.After(salary.day)
	}
	return salary.time.IsZero() || r.time.IsZero() || !r.time.Before(salary.time)
}

func hoursBetween(x, y *row) *big.Rat {
	if x.time.IsZero() || y.time.IsZero() {
		return big.NewRat(int64(24*days(x.day, y.day)), 1)
	}
	return big.NewRat(y.time.UnixMilli()-x.time.UnixMilli(), 3_600_000)
}

func (a *answer) hours() {
	const at = "/hoursToSpendIncome"
	var salaries, spent []*row
	for i := range a.rows {
		r := &a.rows[i]
		if is, _ := realInflow(&a.q, r); is && r.code("010101", "010103") && r.Role != "sweep" {
			salaries = append(salaries, r)
		}
		if is, _ := coverOutflow(&a.q, r); is {
			spent = append(spent, r)
		}
	}
	earlier := func(x, y *row) int {
		switch {
		case !x.day.Equal(y.day):
			return x.day.Compare(y.day)
		case !x.time.Equal(y.time):
			return x.time.Compare(y.time)
		}
		return 0
	}
	slices.SortStableFunc(spent, earlier)
	slices.SortStableFunc(salaries, func(x, y *row) int {
		if c := earlier(x, y); c != 0 {
			return c
		}
		return x.amount.Cmp(y.amount)
	})
	var waits []*big.Rat
	cut := 0
	for i := len(salaries) - 1; i >= 0 && len(waits) < 6; i-- {
		var next *row
		if i+1 < len(salaries) {
			next = salaries[i+1]
		}
		wait, reached := a.wait(salaries[i], next, spent)
		switch {
		case reached:
			waits = append(waits, wait)
		case next != nil:
			waits = append(waits, hoursBetween(salaries[i], next))
			cut++
		}
	}
	if len(waits) < 2 || 2*cut > len(waits) {
		a.put(at, nil, 2)
		return
	}
	slices.SortFunc(waits, (*big.Rat).Cmp)
	a.put(at, mean([]*big.Rat{waits[(len(waits)-1)/2], waits[len(waits)/2]}), 2)
}

// wait returns the hours until 90 % of a salary was spent, before the next one.
func (a *answer) wait(salary, next *row, spent []*row) (*big.Rat, bool) {
	goal := new(big.Rat).Mul(salary.rest, big.NewRat(9, 10))
	sum := new(big.Rat)
	for _, r := range spent {
		if !since(salary, r) || next != nil && since(next, r) {
			continue
		}
		_, amount := coverOutflow(&a.q, r)
		if sum.Add(sum, amount).Cmp(goal) >= 0 {
			return hoursBetween(salary, r), true
		}
	}
	return nil, false
}

// Decimal writes a number with at most so many decimals, half up, away from zero
// for negative numbers, as JSON has it.
func Decimal(v *big.Rat, decimals int) string {
	scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil))
	scaled := new(big.Rat).Mul(new(big.Rat).Abs(v), scale)
	scaled.Add(scaled, big.NewRat(1, 2))
	whole := new(big.Int).Quo(scaled.Num(), scaled.Denom())
	if v.Sign() < 0 {
		whole.Neg(whole)
	}
	text := new(big.Rat).Quo(new(big.Rat).SetInt(whole), scale).FloatString(decimals)
	if strings.Contains(text, ".") {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	return text
}
