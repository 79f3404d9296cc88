package plain

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/openklaas/klaas/openfinance"
	"github.com/openklaas/klaas/taxonomy"
)

// Obligations is what the figures of a liabilities report are asked of. The person
// or company is the only one of the document, and the day is that of its receipt.
type Obligations struct {
	Question
	Company bool
	Names   []string // of Entries: the normalised name; "" where it has generic words alone
	Lines   []Line
	Next    string // card instalments of the month after that of the day, decimal
	Income  string // a month, decimal; "" when it is not known
}

// Line is a line of a card that counts, up to the reporting day.
type Line struct {
	Line     *openfinance.CardTransaction
	Code     taxonomy.Code
	Role     string
	Reversed string
	Name     string // as Names of Obligations
	Day      string
}

// kinds are the kinds of liabilities in their order. Recurrent ones have a payee.
var kinds = []struct {
	name      string
	company   bool
	recurrent bool
	codes     []string
	texts     []string
}{
	{name: "CREDIT_CARD", codes: []string{"0602"}},
	{name: "MORTGAGE", codes: []string{"050204", "050201"}},
	{name: "STUDENT_LOAN", codes: []string{"050205"}},
	{name: "BANK_LOAN", codes: []string{"050202", "050203", "050206", "050207"}},
	{name: "UTILITIES_RENTAL", codes: []string{"030101", "030102", "030103", "030104", "030105", "030201"}},
	{name: "OTHER_RECURRENT", recurrent: true, codes: []string{"0201", "0202", "0203", "0204", "0205", "0210"}},
	{name: "RECEIVABLES_DISCOUNT", company: true, texts: []string{"ANTECIPACAO", "DESCONTO DUPLICATA", "DESC TITULOS"}},
	{name: "OVERDRAFT", company: true, codes: []string{"050402", "050403"}},
	{name: "TAX", company: true, codes: []string{"0803"}},
	{name: "PAYROLL", company: true, codes: []string{"0802"}},
	{name: "SUPPLIER_RECURRENT", company: true, recurrent: true, codes: []string{"0801", "0804", "0805", "0806", "0807"}},
}

// payment is a debit of an account or card with what figures ask of it.
type payment struct {
	digits, text, document, payee string // payee: by document or name; "" for nobody
	other                         string // otherCreditsType
	isLine                        bool
	day                           time.Time
	amount                        *big.Rat // without what came back
	entry                         *row
}

// Liabilities returns the figures of a liabilities report in version V2 by pointer,
// with null for those that cannot be known, and the kinds of its streams. It leaves
// out single entries and the names of expenses.
func Liabilities(q Obligations) map[string]string {
	a := answer{q: q.Question, figures: make(map[string]string)}
	a.today, _ = time.Parse(time.DateOnly, q.Day)
	o := owing{answer: &a, q: q}
	for i, e := range q.Entries {
		a.rows = append(a.rows, a.q.read(e))
		o.addEntry(q.Names[i], a.rows[i])
	}
	for _, line := range q.Lines {
		o.addLine(line)
	}
	a.covered()
	a.figures = map[string]string{"/daysCovered": a.figures["/period/daysCovered"]}
	o.streams()
	o.commitments()
	return a.figures
}

type owing struct {
	*answer
	q             Obligations
	paid          []payment
	loans, living *big.Rat // of an average month; nil without a full one
}

func (o *owing) addEntry(name string, r row) {
	t := r.Transaction
	foreign := t.Amount.Currency != "" && t.Amount.Currency != "BRL"
	if r.credit || foreign || r.isOwn() || r.isGone() {
		return
	}
	p := payment{digits: r.digits, text: r.Text, document: bare(t.PartieCnpjCpf), day: r.day, amount: r.rest, entry: &r}
	p.payee = payeeOf(p.document, name)
	o.paid = append(o.paid, p)
}

func (o *owing) addLine(l Line) {
	whole, _ := new(big.Rat).SetString(l.Line.BrazilianAmount.Amount)
	rest := new(big.Rat).Set(whole)
	if l.Role == "reversed" {
		back, _ := new(big.Rat).SetString(l.Reversed)
		rest.Sub(rest, back)
	}
	day, _ := time.Parse(time.DateOnly, l.Day)
	if l.Line.CreditDebitType == "DEBITO" {
		o.paid = append(o.paid, payment{
			digits: l.Code.String(), other: l.Line.OtherCreditsType, isLine: true, day: day, amount: rest, payee: payeeOf("", l.Name),
			entry: &row{Entry: Entry{Role: l.Role}, amount: whole},
		})
	}
}

func bare(document string) string {
	return strings.NewReplacer(".", "", "-", "", "/", "").Replace(document)
}

// payeeOf: the counterparty document (CNPJ: its root), else the name. A document of
// one digit all over is none.
func payeeOf(document, name string) string {
	if n := len(document); (n == 11 || n == 14) && strings.Count(document, document[:1]) < n {
		if n == 14 {
			document = document[:8]
		}
		return "document " + document
	}
	if name == "" {
		return ""
	}
	return "name " + name
}

func (p *payment) of(prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(p.digits, prefix) })
}

func (o *owing) ageOf(p *payment) int { return days(p.day, o.today) }

// recurrent: payments below 180 days to the payee, of those that takes takes, in at
// least 3 calendar months, or 2 where fewer than 90 days are covered.
func (o *owing) recurrent(payee string, takes func(*payment) bool) bool {
	months := make(map[string]bool)
	for i := range o.paid {
		if p := &o.paid[i]; payee != "" && p.payee == payee && o.ageOf(p) < 180 && takes(p) {
			months[p.day.Format("2006-01")] = true
		}
	}
	least := 3
	if o.oldest.IsZero() || days(o.oldest, o.today)+1 < 90 {
		least = 2
	}
	return len(months) >= least
}

// kindOf returns the first kind that fits, "" for none.
func (o *owing) kindOf(p *payment) string {
	for _, k := range kinds {
		inCodes := func(x *payment) bool { return !x.isLine && x.of(k.codes) }
		fits := inCodes(p) && (!k.recurrent || o.recurrent(p.payee, inCodes))
		if k.name == "RECEIVABLES_DISCOUNT" {
			fits = o.isDiscount(p, k.texts)
		}
		if fits && !p.isLine && (o.q.Company || !k.company) {
			return k.name
		}
	}
	return ""
}

func (o *owing) isDiscount(p *payment, texts []string) bool {
	if slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(p.text, text) }) {
		return true
	}
	return slices.ContainsFunc(o.q.Document.InvoiceFinancings, func(c openfinance.Contract) bool {
		return len(p.document) == 14 && root(c.CompanyCNPJ) != "" && root(c.CompanyCNPJ) == root(p.document)
	})
}

// newest are the newest 6 full months.
func (o *owing) newest() []int {
	list := o.fullMonths()
	return list[max(0, len(list)-6):]
}

func (o *owing) inNewest(day time.Time) bool {
	return slices.ContainsFunc(o.newest(), func(n int) bool { return o.inMonth(n)(&row{day: day}) })
}

// average returns the average month of what is taken, rounded; nil without a full
// month.
func (o *owing) average(takes func(*payment) bool) *big.Rat {
	sum := new(big.Rat)
	for i := range o.paid {
		if p := &o.paid[i]; o.inNewest(p.day) && takes(p) {
			sum.Add(sum, p.amount)
		}
	}
	return o.perMonth(sum)
}

func (o *owing) perMonth(sum *big.Rat) *big.Rat {
	if len(o.newest()) == 0 {
		return nil
	}
	return rounded(sum.Quo(sum, big.NewRat(int64(len(o.newest())), 1)))
}

// rounded: a figure in a formula is the one that is printed.
func rounded(v *big.Rat) *big.Rat {
	r, _ := new(big.Rat).SetString(Decimal(v, 2))
	return r
}

func (o *owing) streams() {
	kindOf := make([]string, len(o.paid))
	for i := range o.paid {
		kindOf[i] = o.kindOf(&o.paid[i])
	}
	total := func(kind string, n int) *big.Rat {
		sum := new(big.Rat)
		for i := range o.paid {
			if k := kindOf[i]; k != "" && (kind == "" || k == kind) && o.ageOf(&o.paid[i]) < n {
				sum.Add(sum, o.paid[i].amount)
			}
		}
		return sum
	}
	known := len(o.q.Checking) > 0
	for _, n := range []int{30, 60, 90, 180, 360} {
		o.put(fmt.Sprintf("/totalLiabilitiesLast%dDays", n), orNil(known, total("", n)), 2)
	}
	found := 0
	for _, k := range kinds {
		entries, periods := 0, make(map[int]bool)
		for i := range o.paid {
			if age := o.ageOf(&o.paid[i]); kindOf[i] == k.name && age < 180 {
				entries++
				if age < 90 {
					periods[age/30] = true
				}
			}
		}
		if entries == 0 {
			continue
		}
		at := fmt.Sprintf("/liabilityStreams/%d/", found)
		found++
		o.figures[at+"liabilityStreamType"] = k.name
		o.put(at+"totalLast90Days", total(k.name, 90), 2)
		o.put(at+"averageMonthlyLast6Months", o.kindAverage(kindOf, k.name), 2)
		o.put(at+"monthsUsedLast6Months", big.NewRat(int64(len(o.newest())), 1), 0)
		o.put(at+"periodsLast90Days", big.NewRat(int64(len(periods)), 1), 0)
	}
	o.put("/numberOfLiabilityStreams", orNil(known, big.NewRat(int64(found), 1)), 0)
	o.put("/monthsUsed", orNil(known, big.NewRat(int64(len(o.newest())), 1)), 0)
	o.loans = o.kindAverage(kindOf, "MORTGAGE", "STUDENT_LOAN", "BANK_LOAN", "RECEIVABLES_DISCOUNT", "OVERDRAFT")
	o.living = o.kindAverage(kindOf, "UTILITIES_RENTAL", "OTHER_RECURRENT", "TAX", "PAYROLL", "SUPPLIER_RECURRENT")
}

func orNil(known bool, v *big.Rat) *big.Rat {
	if !known {
		return nil
	}
	return v
}

func (o *owing) kindAverage(kindOf []string, names ...string) *big.Rat {
	sum := new(big.Rat)
	for i := range o.paid {
		if slices.Contains(names, kindOf[i]) && o.inNewest(o.paid[i].day) {
			sum.Add(sum, o.paid[i].amount)
		}
	}
	return o.perMonth(sum)
}

func (o *owing) commitments() {
	monthly, card, living := o.contracts(), o.cardDebt(), o.living
	o.put("/cardDebt", card, 2)
	debt := o.loans
	if debt == nil || monthly != nil && monthly.Cmp(debt) > 0 {
		debt = monthly
	}
	if debt != nil && card != nil {
		debt = new(big.Rat).Add(debt, card)
	}
	var both, ratio, left *big.Rat
	if debt != nil && living != nil {
		both = new(big.Rat).Add(debt, living)
	}
	if income, ok := new(big.Rat).SetString(o.q.Income); ok {
		if debt != nil && income.Sign() != 0 {
			ratio = new(big.Rat).Quo(debt, income)
		}
		if both != nil {
			left = new(big.Rat).Sub(income, both)
		}
	}
	o.put("/debtCommitment", debt, 2)
	o.put("/livingCommitment", living, 2)
	o.put("/monthlyCommitment", both, 2)
	o.put("/debtToIncomeRatio", ratio, 4)
	o.put("/repaymentCapacity", left, 2)
	o.recurring()
}

// contracts writes what open contracts owe and returns what they take a month.
func (o *owing) contracts() *big.Rat {
	doc := o.q.Document
	if !doc.Has("loans") && !doc.Has("financings") && !doc.Has("invoiceFinancings") && !doc.Has("unarrangedAccountsOverdraft") {
		o.figures["/contracts"] = "null"
		return nil
	}
	seen := make(map[string]bool)
	count, late, lateInstalments := int64(0), int64(0), int64(0)
	owed, monthly := new(big.Rat), new(big.Rat)
	for section, list := range [][]openfinance.Contract{doc.Loans, doc.Financings, doc.InvoiceFinancings, doc.UnarrangedOverdraft} {
		for _, c := range list {
			if c.IpocCode != "" && seen[c.IpocCode] {
				continue
			}
			seen[c.IpocCode] = true
			if c.SettlementDate != "" {
				continue
			}
			count++
			if s := c.Schedule; s != nil && s.PastDue > 0 {
				late++
				lateInstalments += int64(s.PastDue)
			}
			if c.Currency != "" && c.Currency != "BRL" {
				continue
			}
			if c.Payments != nil {
				if balance, ok := new(big.Rat).SetString(c.Payments.OutstandingBalance); ok {
					owed.Add(owed, balance)
				}
			}
			if section < 3 && !slices.Contains([]string{"CHEQUE_ESPECIAL", "CONTA_GARANTIDA", "CAPITAL_GIRO_TETO_ROTATIVO", "ADIANTAMENTO_A_DEPOSITANTES"}, c.ProductSubType) {
				monthly.Add(monthly, perMonth(&c))
			}
		}
	}
	o.put("/contracts/contractCount", big.NewRat(count, 1), 0)
	o.put("/contracts/outstandingBalance", owed, 2)
	o.put("/contracts/monthlyInstalments", monthly, 2)
	o.put("/contracts/pastDueContracts", big.NewRat(late, 1), 0)
	o.put("/contracts/pastDueInstalments", big.NewRat(lateInstalments, 1), 0)
	return rounded(monthly)
}

// perMonth: nextInstalmentAmount; else the newest payment that was an instalment;
// else the Price formula; × the months of the periodicity.
func perMonth(c *openfinance.Contract) *big.Rat {
	times := big.NewRat(1, 1)
	switch c.InstalmentPeriodicity {
	case "SEMANAL":
		times = big.NewRat(30, 7)
	case "QUINZENAL":
		times = big.NewRat(2, 1)
	case "BIMESTRAL":
		times = big.NewRat(1, 2)
	case "TRIMESTRAL":
		times = big.NewRat(1, 3)
	case "SEMESTRAL":
		times = big.NewRat(1, 6)
	case "ANUAL": //nolint:misspell // Portuguese.
		times = big.NewRat(1, 12)
	}
	if next, ok := new(big.Rat).SetString(c.NextInstalmentAmount); ok && next.Sign() > 0 {
		return times.Mul(times, next)
	}
	if c.Payments == nil {
		return new(big.Rat)
	}
	newest, instalment := "", new(big.Rat)
	for _, r := range c.Payments.Releases {
		paid, ok := new(big.Rat).SetString(r.Amount)
		if ok && paid.Sign() > 0 && r.IsOverParcel != openfinance.True && r.PaidDate > newest && (r.Currency == "" || r.Currency == "BRL") {
			newest, instalment = r.PaidDate, paid
		}
	}
	if newest == "" && c.Schedule != nil && c.Schedule.Due > 0 {
		if balance, ok := new(big.Rat).SetString(c.Payments.OutstandingBalance); ok && balance.Sign() > 0 {
			instalment = price(balance, c.CET, int(c.Schedule.Due))
		}
	}
	return times.Mul(times, instalment)
}

// price: B × i ÷ (1 − (1 + i)^−n) with i the monthly rate, 6 decimals, of a yearly
// one; without a rate B ÷ n.
func price(balance *big.Rat, yearly string, n int) *big.Rat {
	one := big.NewRat(1, 1)
	rate, ok := new(big.Rat).SetString(yearly)
	if ok {
		growth, _ := new(big.Rat).Add(one, rate).Float64()
		rate, _ = new(big.Rat).SetString(fmt.Sprintf("%.6f", math.Pow(growth, 1.0/12)-1))
	}
	if !ok || rate.Sign() <= 0 {
		return new(big.Rat).Quo(balance, big.NewRat(int64(n), 1))
	}
	discount := big.NewRat(1, 1)
	for range n {
		discount.Quo(discount, new(big.Rat).Add(one, rate))
	}
	return new(big.Rat).Quo(new(big.Rat).Mul(balance, rate), new(big.Rat).Sub(one, discount))
}

// cardDebt: the instalments of the next month, and the average month of what bills
// cost that are not paid in full.
func (o *owing) cardDebt() *big.Rat {
	if !o.q.Document.Has("creditCardsAccounts") {
		return nil
	}
	next, _ := new(big.Rat).SetString(o.q.Next)
	if len(o.newest()) == 0 {
		return next
	}
	cost := new(big.Rat)
	for i := range o.paid {
		p := &o.paid[i]
		debt := p.digits == "060204" && !p.isLine && !o.q.paysBill(p.entry) ||
			p.isLine && (p.digits == "060204" || p.other == "CREDITO_ROTATIVO" || p.other == "PARCELAMENTO_FATURA")
		if !debt || !o.inNewest(p.day) {
			continue
		}
		if p.isLine {
			cost.Add(cost, p.entry.amount)
		} else {
			cost.Add(cost, p.amount)
		}
	}
	for _, c := range o.q.Document.CreditCards {
		for _, b := range c.Bills {
			due, _ := time.Parse(time.DateOnly, b.DueDate)
			for _, charge := range b.FinanceCharges {
				amount, ok := new(big.Rat).SetString(charge.Amount.Amount)
				if ok && charge.Type == "JUROS_REMUNERATORIOS_ATRASO_PAGAMENTO_FATURA" && o.inNewest(due) {
					cost.Add(cost, amount)
				}
			}
		}
	}
	cost.Quo(cost, big.NewRat(int64(len(o.newest())), 1))
	return rounded(cost.Add(cost, next))
}

func (o *owing) recurring() {
	const at = "/recurringExpenses/"
	if len(o.q.Checking) == 0 {
		o.put(at+"averageMonthly", nil, 2)
		o.put(at+"monthsUsed", nil, 0)
		return
	}
	counts := func(p *payment) bool {
		gone := p.entry.Role == "own-transfer" || p.entry.Role == "reversal" || p.entry.Role == "reversed" && p.amount.Sign() <= 0
		return !(p.isLine && gone) && !p.of([]string{"0503", "0602"})
	}
	answers := make(map[string]bool)
	isRecurrent := func(p *payment) bool {
		is, known := answers[p.payee]
		if !known {
			is = o.recurrent(p.payee, counts)
			answers[p.payee] = is
		}
		return is
	}
	o.put(at+"averageMonthly", o.average(func(p *payment) bool { return counts(p) && isRecurrent(p) }), 2)
	o.put(at+"monthsUsed", big.NewRat(int64(len(o.newest())), 1), 0)
}
