package plain

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
)

var liabilityKinds = []struct {
	name, legacy string
	company      bool
}{
	{"CREDIT_CARD", "Credit card", false},
	{"MORTGAGE", "Mortgage", false},
	{"STUDENT_LOAN", "Student loan", false},
	{"BANK_LOAN", "Bank loan", false},
	{"UTILITIES_RENTAL", "Utilities rental", false},
	{"OTHER_RECURRENT", "Other recurrent transfer", false},
	{"RECEIVABLES_DISCOUNT", "RECEIVABLES_DISCOUNT", true},
	{"OVERDRAFT", "OVERDRAFT", true},
	{"TAX", "TAX", true},
	{"PAYROLL", "PAYROLL", true},
	{"SUPPLIER_RECURRENT", "SUPPLIER_RECURRENT", true},
}

// liabilities tells the kind of each debit that serves an obligation: the first
// that fits.
func (a *answer) liabilities() map[*row]string {
	recurrent := func(codes ...string) func(*row) bool {
		var rows []*row
		for i := range a.rows {
			if r := &a.rows[i]; !r.credit && r.code(codes...) && !r.isMoved() && !r.foreign {
				rows = append(rows, r)
			}
		}
		is := a.recurrent(rows)
		return func(r *row) bool { return r.code(codes...) && is[r.party] }
	}
	of := func(codes ...string) func(*row) bool { return func(r *row) bool { return r.code(codes...) } }
	fits := map[string]func(*row) bool{
		"CREDIT_CARD":          of("0602"),
		"MORTGAGE":             of("050204", "050201"),
		"STUDENT_LOAN":         of("050205"),
		"BANK_LOAN":            of("050202", "050203", "050206", "050207"),
		"UTILITIES_RENTAL":     of("030101", "030102", "030103", "030104", "030105", "030201"),
		"OTHER_RECURRENT":      recurrent("0201", "0202", "0203", "0204", "0205", "0210"),
		"RECEIVABLES_DISCOUNT": a.isDiscount,
		"OVERDRAFT":            of("050402", "050403"),
		"TAX":                  of("0803"),
		"PAYROLL":              of("0802"),
		"SUPPLIER_RECURRENT":   recurrent("0801", "0804", "0805", "0806", "0807"),
	}
	found := make(map[*row]string)
	for i := range a.rows {
		r := &a.rows[i]
		if r.credit || r.isMoved() || r.foreign {
			continue
		}
		for _, k := range liabilityKinds {
			if (!k.company || a.q.Company) && fits[k.name](r) {
				found[r] = k.name
				break
			}
		}
	}
	return found
}

func (a *answer) isDiscount(r *row) bool {
	for _, words := range []string{"ANTECIPACAO", "DESCONTO DUPLICATA", "DESC TITULOS"} {
		if strings.Contains(r.Text, words) {
			return true
		}
	}
	return slices.ContainsFunc(a.q.Contracts, func(k Contract) bool {
		return k.Invoices && r.root() != "" && rootOf(k.Source.CompanyCNPJ) == r.root()
	})
}

// owed makes a class of some kinds.
func owed(found map[*row]string, kinds ...string) class {
	return func(_ *Question, r *row) (bool, *big.Rat) {
		kind, is := found[r]
		return is && (len(kinds) == 0 || slices.Contains(kinds, kind)), r.rest
	}
}

// Liabilities returns the figures of a report of liabilities.
func Liabilities(q Question) map[string]string {
	a := ask(q)
	a.zeros = !a.v2()
	found := a.liabilities()
	a.put("/daysCovered", whole(a.coveredDays()), 0)
	windows := []int{30, 60, 90, 180}
	if a.v2() {
		windows = append(windows, 360)
	}
	for _, n := range windows {
		sum, _ := a.sum(owed(found), a.last(n))
		a.putOr0(fmt.Sprintf("/totalLiabilitiesLast%dDays", n), sum, 2)
	}
	n := 0
	for _, k := range liabilityKinds {
		var of []*row
		for r, kind := range found {
			if kind == k.name && a.inside(r.day, 180) {
				of = append(of, r)
			}
		}
		if len(of) == 0 {
			continue
		}
		slices.SortFunc(of, newer)
		at := fmt.Sprintf("/liabilityStreams/%d/", n)
		n++
		a.text(at+"liabilityStreamType", k.legacy)
		for i, r := range of {
			a.transaction(fmt.Sprint(at, "liabilityTransactions/", i, "/"), r, new(big.Rat).Neg(r.rest))
		}
		if !a.v2() {
			continue
		}
		a.text(at+"liabilityStreamType", k.name)
		sum, _ := a.sum(owed(found, k.name), a.last(90))
		a.put(at+"totalLast90Days", sum, 2)
		a.put(at+"averageMonthlyLast6Months", a.average(owed(found, k.name), 6), 2)
		a.put(at+"monthsUsedLast6Months", a.monthsUsed(6), 0)
		a.put(at+"periodsLast90Days", whole(a.periods(of)), 0)
	}
	a.putOr0("/numberOfLiabilityStreams", a.ifKnown(whole(n)), 0)
	if a.v2() {
		a.liabilitiesV2()
	}
	return a.figures
}

// periods is how many 30-day periods of the last 90 days have a row.
func (a *answer) periods(rows []*row) int {
	seen := make(map[int]bool)
	for _, r := range rows {
		if a.inside(r.day, 90) {
			seen[a.age(r.day)/30] = true
		}
	}
	return len(seen)
}

type contractSums struct{ count, balance, monthly, pastDueContracts, pastDueInstalments *big.Rat }

// contracts sums the open contracts up; nil without a credit section. On an older
// day only their number is known.
func (a *answer) contracts() *contractSums {
	s := a.contractsReceived()
	if s != nil && a.q.Replay {
		return &contractSums{count: s.count}
	}
	return s
}

// contractsReceived is the same whatever the day.
func (a *answer) contractsReceived() *contractSums {
	if !a.hasCredit() {
		return nil
	}
	s := &contractSums{new(big.Rat), new(big.Rat), new(big.Rat), new(big.Rat), new(big.Rat)}
	for _, k := range a.openContracts() {
		s.count.Add(s.count, whole(1))
		inReais := k.Source.Currency == "" || k.Source.Currency == "BRL"
		if p := k.Source.Payments; p != nil && number(p.OutstandingBalance) != nil && inReais {
			s.balance.Add(s.balance, number(p.OutstandingBalance))
		}
		if d := k.Source.Schedule; d != nil && d.PastDue > 0 {
			s.pastDueContracts.Add(s.pastDueContracts, whole(1))
			s.pastDueInstalments.Add(s.pastDueInstalments, whole(int(d.PastDue)))
		}
		if k.Revolving || !inReais {
			continue
		}
		factor := toMonth[k.Source.InstalmentPeriodicity]
		if factor == nil || k.Source.InstalmentPeriodicity == "DIARIA" {
			factor = whole(1)
		}
		s.monthly.Add(s.monthly, mul(instalment(k), factor))
	}
	return s
}

// isRevolvingCost tells what is a cost of revolving credit or of bill instalments.
func isRevolvingCost(q *Question, r *row) (bool, *big.Rat) {
	switch {
	case r.credit:
		return false, nil
	case r.card:
		other := r.line.OtherCreditsType
		return r.code("060204") || other == "CREDITO_ROTATIVO" || other == "PARCELAMENTO_FATURA", r.amount
	}
	return r.code("060204") && !r.pays && !r.isMoved(), r.rest
}

const lateInterest = "JUROS_REMUNERATORIOS_ATRASO_PAGAMENTO_FATURA"

func (a *answer) cardDebt() *big.Rat {
	if !a.hasCards() {
		return nil
	}
	debt := total(a.cardCommitments()[a.now+1])
	months := a.fullMonths(6)
	if len(months) == 0 {
		return debt
	}
	cost := new(big.Rat)
	for _, month := range months {
		sum, _ := a.sumBoth(isRevolvingCost, inMonth(month))
		cost.Add(cost, sum)
		for _, b := range a.closedBills() {
			if b.due.IsZero() || monthOf(b.due) != month {
				continue
			}
			for _, c := range b.Source.FinanceCharges {
				if v := reais(c.Amount); c.Type == lateInterest && v != nil {
					cost.Add(cost, v)
				}
			}
		}
	}
	return add(debt, ratio(cost, whole(len(months))))
}

// debt are the figures of what is owed and what it takes of the income, each made of
// the others as they are printed.
type debt struct{ card, debt, living, monthly, income, toIncome, capacity *big.Rat }

func (a *answer) debt() debt {
	found := a.liabilities()
	loans := []string{"MORTGAGE", "STUDENT_LOAN", "BANK_LOAN"}
	living := []string{"UTILITIES_RENTAL", "OTHER_RECURRENT"}
	var d debt
	d.income, _, _ = a.monthlyIncome()
	if a.q.Company {
		loans = append(loans, "RECEIVABLES_DISCOUNT", "OVERDRAFT")
		living = append(living, "TAX", "PAYROLL", "SUPPLIER_RECURRENT")
		d.income = a.average(operatingInflow, 6)
	}
	d.income, d.card = printed(d.income), printed(a.cardDebt())
	loan := printed(a.average(owed(found, loans...), 6))
	if c := a.contracts(); c != nil && c.monthly != nil {
		if loan == nil {
			loan = printed(c.monthly)
		}
		loan = most(loan, printed(c.monthly))
	}
	if loan != nil {
		d.debt = loan
		if d.card != nil {
			d.debt = add(loan, d.card)
		}
	}
	d.living = printed(a.average(owed(found, living...), 6))
	if d.debt != nil && d.living != nil {
		d.monthly = add(d.debt, d.living)
	}
	d.toIncome = ratio(d.debt, d.income)
	if d.income != nil && d.monthly != nil {
		d.capacity = sub(d.income, d.monthly)
	}
	return d
}

func (a *answer) liabilitiesV2() {
	if c := a.contracts(); c != nil {
		a.put("/contracts/contractCount", c.count, 0)
		a.put("/contracts/outstandingBalance", c.balance, 2)
		a.put("/contracts/monthlyInstalments", c.monthly, 2)
		a.put("/contracts/pastDueContracts", c.pastDueContracts, 0)
		a.put("/contracts/pastDueInstalments", c.pastDueInstalments, 0)
	} else {
		a.figures["/contracts"] = "null"
	}
	d := a.debt()
	a.put("/cardDebt", d.card, 2)
	a.put("/debtCommitment", d.debt, 2)
	a.put("/livingCommitment", d.living, 2)
	a.put("/monthlyCommitment", d.monthly, 2)
	a.put("/monthsUsed", a.monthsUsed(6), 0)
	a.put("/debtToIncomeRatio", d.toIncome, 4)
	a.put("/repaymentCapacity", d.capacity, 2)
	a.recurringExpenses()
}

func (a *answer) recurringExpenses() {
	const at = "/recurringExpenses/"
	var all []*row
	for _, rows := range [][]row{a.rows, a.lines} {
		for i := range rows {
			if r := &rows[i]; !r.credit && !r.isMoved() && !r.foreign && !r.code("0503", "0602") {
				all = append(all, r)
			}
		}
	}
	slices.SortFunc(all, newer)
	is := a.recurrent(all)
	months := a.fullMonths(6)
	type stream struct {
		rows    []*row // newest first
		average *big.Rat
	}
	var streams []*stream
	byKey := make(map[string]*stream)
	for _, r := range all {
		if !is[r.party] {
			continue
		}
		if byKey[r.party] == nil {
			byKey[r.party] = new(stream)
			streams = append(streams, byKey[r.party])
		}
		byKey[r.party].rows = append(byKey[r.party].rows, r)
	}
	var averages []*big.Rat
	for _, s := range streams {
		sum := new(big.Rat)
		for _, r := range s.rows {
			if slices.Contains(months, r.month) {
				sum.Add(sum, r.rest)
			}
		}
		if s.average = ratio(sum, whole(len(months))); s.average != nil {
			averages = append(averages, s.average)
		}
	}
	slices.SortStableFunc(streams, func(x, y *stream) int {
		if x.average != nil && x.average.Cmp(y.average) != 0 {
			return y.average.Cmp(x.average)
		}
		return strings.Compare(x.rows[0].Name, y.rows[0].Name)
	})
	a.put(at+"monthsUsed", a.monthsUsed(6), 0)
	a.put(at+"averageMonthly", nil, 2)
	if len(months) > 0 {
		a.put(at+"averageMonthly", total(averages), 2)
	}
	if !a.known {
		streams = nil
	}
	for i, s := range streams {
		at := fmt.Sprint(at, "streams/", i, "/")
		seen := make(map[int]bool)
		for _, r := range s.rows {
			if a.inside(r.day, 180) {
				seen[r.month] = true
			}
		}
		a.text(at+"name", s.rows[0].Name)
		a.text(at+"category", s.rows[0].level2())
		a.put(at+"averageMonthly", s.average, 2)
		a.put(at+"monthsPresent", whole(len(seen)), 0)
		a.day(at+"lastDate", s.rows[0].day)
	}
}

func (r *row) sentName() string {
	if r.card {
		return r.line.Name
	}
	return r.Transaction.Name
}

func (r *row) level2() string {
	_, name, _ := strings.Cut(r.category, "|")
	return name
}
