package plain

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/openklaas/klaas/openfinance"
)

// The classes of income.
const (
	verified  = "VERIFIED"
	estimated = "ESTIMATED"
	financial = "FINANCIAL"
	notIncome = "NOT_INCOME"
)

var incomeKinds = []struct{ name, legacy string }{
	{"REGULAR_SALARY", "Regular salary"},
	{"BONUS", "Bonus"},
	{"RETIREMENT_PENSION", "Retirement pension"},
	{"GOVERNMENT_SUPPORT", "Government support"},
	{"SPONSORSHIP_PENSION", "Sponsorship pension"},
	{"BUSINESS_INCOME", "Business income"},
	{"OTHER_REMUNERATION", "Other remuneration"},
	{"OTHER_RECURRENT_INCOME", "Other recurrent income"},
	{"INVESTMENT_DIVIDEND", "Investment dividend"},
	{"INVESTMENT_REDEMPTION", "Investment redemption"},
}

// incomeKind is the kind of a credit by its category, "" for none.
func incomeKind(r *row) string {
	switch {
	case !r.credit || r.isMoved() || r.isSweep() || r.foreign:
		return ""
	case r.code("010101", "010103"):
		return "REGULAR_SALARY"
	case r.code("010102", "010104"):
		return "BONUS"
	case r.code("010301", "010302"):
		return "RETIREMENT_PENSION"
	case r.code("010303", "010304", "010305"):
		return "GOVERNMENT_SUPPORT"
	case r.code("010306"):
		return "SPONSORSHIP_PENSION"
	case r.code("0102", "010107"):
		return "BUSINESS_INCOME"
	case r.code("010105", "010106", "010108", "010109"):
		return "OTHER_REMUNERATION"
	case r.code("0107", "0108"):
		return "OTHER_RECURRENT_INCOME" // when recurrent
	case r.code("0104"):
		return "INVESTMENT_DIVIDEND"
	case r.code("0105"):
		return "INVESTMENT_REDEMPTION"
	}
	return ""
}

// earning is a row that is income of a kind.
type earning struct {
	*row
	kind, class string
	transfer    bool // from another person: counts less what went back
	recurrent   bool // its stream is, inside its kind
	meant       int  // month: competence of a verified entry, else the calendar
}

// earnings are the income of a person, newest first, in V2 with transfers from
// other people.
func (a *answer) earnings(v2 bool) []*earning {
	if list, known := a.earned[v2]; known {
		return list
	}
	var list []*earning
	for i := range a.rows {
		if kind := incomeKind(&a.rows[i]); kind != "" {
			list = append(list, &earning{row: &a.rows[i], kind: kind, meant: a.rows[i].month})
		}
	}
	for _, k := range incomeKinds {
		var rows []*row
		for _, e := range list {
			if e.kind == k.name {
				rows = append(rows, e.row)
			}
		}
		is := a.recurrent(rows)
		for _, e := range list {
			if e.kind == k.name {
				e.recurrent = is[e.party]
			}
		}
	}
	if v2 {
		support := a.supporters()
		for r, key := range a.transfersIn() {
			if !support[key] {
				list = append(list, &earning{row: r, kind: "OTHER_RECURRENT_INCOME", transfer: true, recurrent: true, meant: r.month})
			}
		}
	}
	list = slices.DeleteFunc(list, func(e *earning) bool {
		return e.kind == "OTHER_RECURRENT_INCOME" && !e.recurrent
	})
	slices.SortFunc(list, func(x, y *earning) int { return newer(x.row, y.row) })
	a.classify(list)
	a.mean(list)
	a.earned[v2] = list
	return list
}

// transfersIn are the credits in 0201–0204 of recurrent streams.
func (a *answer) transfersIn() map[*row]string {
	var rows []*row
	for i := range a.rows {
		if r := &a.rows[i]; r.credit && r.code("0201", "0202", "0203", "0204") && !r.isMoved() && !r.isSweep() && !r.foreign {
			rows = append(rows, r)
		}
	}
	is := a.recurrent(rows)
	found := make(map[*row]string)
	for _, r := range rows {
		if is[r.party] {
			found[r] = r.party
		}
	}
	return found
}

// supporters are the streams of natural persons with the last name of the person.
func (a *answer) supporters() map[string]bool {
	is := make(map[string]bool)
	words := strings.Fields(a.q.lastName())
	if len(words) == 0 || len(words[len(words)-1]) < 3 {
		return is
	}
	name := words[len(words)-1]
	natural, named := make(map[string]bool), make(map[string]bool)
	for r, key := range a.transfersIn() {
		natural[key] = natural[key] || len(r.document) == 11 || r.Transaction.PartiePersonType == "PESSOA_NATURAL" || r.code("020102", "020202")
		named[key] = named[key] || hasWords(r.Text, name)
	}
	for key := range natural {
		is[key] = natural[key] && named[key]
	}
	return is
}

func (a *answer) classify(list []*earning) {
	proven := a.proven()
	six := a.fullMonths(6)
	seen := make(map[string]map[int]bool) // full months by kind and root
	for _, e := range list {
		if r := e.root(); r != "" && slices.Contains(six, e.month) {
			if seen[e.kind+r] == nil {
				seen[e.kind+r] = make(map[int]bool)
			}
			seen[e.kind+r][e.month] = true
		}
	}
	own := make(map[string]bool)
	for _, p := range a.q.Document.PersonalIdentifications {
		for _, cnpj := range p.CompaniesCNPJ {
			own[rootOf(cnpj)] = true
		}
	}
	structure := func(e *earning) string {
		payer := e.root()
		byType := e.Transaction.Type == "FOLHA_PAGAMENTO" || e.Transaction.Type == "PORTABILIDADE_SALARIO"
		switch {
		case payer != "" && own[payer]:
			return estimated
		case byType, payer != "" && (proven[payer] || a.q.PublicPayers[payer] || len(seen[e.kind+payer]) >= 3):
			return verified
		}
		return estimated
	}
	wages := make(map[string]bool)
	for _, e := range list {
		switch {
		case e.kind == "REGULAR_SALARY", e.kind == "RETIREMENT_PENSION", e.code("010303"):
			e.class = structure(e)
		case e.code("010304", "010305", "010108"), e.kind == "INVESTMENT_REDEMPTION":
			e.class = notIncome
		case e.kind == "INVESTMENT_DIVIDEND":
			e.class = financial
		default:
			e.class = estimated
		}
		if e.kind == "REGULAR_SALARY" && e.class == verified && e.party != "" {
			wages[e.party] = true
		}
	}
	for _, e := range list {
		if e.kind == "BONUS" && wages[e.party] {
			e.class = verified
		}
	}
}

// proven are the roots of employers that the registration data names.
func (a *answer) proven() map[string]bool {
	is := make(map[string]bool)
	for _, f := range a.q.Document.PersonalRelations {
		for _, link := range slices.Concat(f.PaychecksBankLinks, f.PortabilitiesReceived) {
			if d := document(link.EmployerCnpjCpf); len(d) == 14 {
				is[d[:8]] = true
			}
		}
	}
	return is
}

// mean gives verified entries the month that they are meant for.
func (a *answer) mean(list []*earning) {
	streams := make(map[string][]*earning)
	for _, e := range list {
		streams[e.kind+"|"+e.party] = append(streams[e.kind+"|"+e.party], e)
	}
	for _, stream := range streams {
		if stream[0].party == "" {
			continue
		}
		early, late := 0, 0
		for _, e := range stream {
			if e.day.Day() <= 7 {
				early++
			}
			if e.day.Day() >= 25 {
				late++
			}
		}
		paid := func(month, from, to int) bool {
			return slices.ContainsFunc(stream, func(e *earning) bool {
				return e.month == month && e.day.Day() >= from && e.day.Day() <= to
			})
		}
		for _, e := range stream {
			switch {
			case e.class != verified:
			case early >= late && e.day.Day() >= 25 && !paid(e.month+1, 1, 10):
				e.meant = e.month + 1
			case early < late && e.day.Day() <= 5 && !paid(e.month-1, 21, 31):
				e.meant = e.month - 1
			}
		}
	}
}

// span takes entries by their day or by the month that they count in.
type span func(r *row, month int) bool

func (a *answer) window(n int) span {
	return func(r *row, _ int) bool { return a.inside(r.day, n) }
}

func meantFor(month int) span { return func(_ *row, m int) bool { return m == month } }

// income adds earnings up: of transfers from one person what did not go back.
func (a *answer) income(list []*earning, s span, takes func(*earning) bool) *big.Rat {
	if !a.known {
		return nil
	}
	sum := new(big.Rat)
	in := make(map[string]*big.Rat)
	for _, e := range list {
		switch {
		case !s(e.row, e.meant) || !takes(e):
		case !e.transfer:
			sum.Add(sum, e.rest)
		case in[e.party] == nil:
			in[e.party] = new(big.Rat).Set(e.rest)
		default:
			in[e.party].Add(in[e.party], e.rest)
		}
	}
	for key, received := range in {
		sum.Add(sum, a.netted(key, received, s))
	}
	return sum
}

func (a *answer) netted(key string, received *big.Rat, s span) *big.Rat {
	net := received
	for i := range a.rows {
		if d := &a.rows[i]; d.party == key && s(d, d.month) {
			if is, amount := transferOut(&a.q, d); is {
				net = sub(net, amount)
			}
		}
	}
	return most(net, new(big.Rat))
}

func (a *answer) family(s span) *big.Rat {
	if !a.known {
		return nil
	}
	support := a.supporters()
	in := make(map[string]*big.Rat)
	for r, key := range a.transfersIn() {
		if support[key] && s(r, r.month) {
			if in[key] == nil {
				in[key] = new(big.Rat)
			}
			in[key].Add(in[key], r.rest)
		}
	}
	sum := new(big.Rat)
	for key, received := range in {
		sum.Add(sum, a.netted(key, received, s))
	}
	return sum
}

func anyEarning(*earning) bool { return true }
func isIncome(e *earning) bool { return e.class != notIncome }
func ofClass(classes ...string) func(*earning) bool {
	return func(e *earning) bool { return slices.Contains(classes, e.class) }
}
func ofKind(kind string) func(*earning) bool {
	return func(e *earning) bool { return e.kind == kind }
}

// incomeMonths are the sums of the newest k full months, oldest first.
func (a *answer) incomeMonths(k int, takes func(*earning) bool) (list []*big.Rat) {
	for _, month := range a.fullMonths(k) {
		list = append(list, a.income(a.earnings(true), meantFor(month), takes))
	}
	return list
}

// denominator is `income` where figures are divided by it.
func (a *answer) denominator(n int) *big.Rat {
	if a.v2() {
		return a.income(a.earnings(true), a.window(n), isIncome)
	}
	return a.income(a.earnings(false), a.window(n), func(e *earning) bool { return e.kind != "INVESTMENT_REDEMPTION" })
}

// monthlyIncome and what it is made of, nil without a full month.
func (a *answer) monthlyIncome() (sum, sure, recurring *big.Rat) {
	sure = mean(a.incomeMonths(6, ofClass(verified)))
	recurring = mean(a.incomeMonths(6, func(e *earning) bool { return e.class == estimated && e.recurrent }))
	if !a.known || sure == nil {
		return nil, nil, nil
	}
	return add(sure, recurring), sure, recurring
}

func (a *answer) incomeBasis() string {
	sum, sure, _ := a.monthlyIncome()
	switch {
	case sum == nil:
		return "UNKNOWN"
	case printed(sum).Sign() == 0:
		return "NONE"
	case sure.Cmp(mul(sum, big.NewRat(7, 10))) >= 0:
		return verified
	case sure.Sign() > 0:
		return "MIXED"
	}
	return estimated
}

// Income returns the figures of a report of a person's income.
func Income(q Question) map[string]string {
	a := ask(q)
	a.zeros = !a.v2()
	list := a.earnings(a.v2())
	a.put("/daysCovered", whole(a.coveredDays()), 0)
	windows := []int{30, 60, 90, 180}
	counted := anyEarning
	if a.v2() {
		windows, counted = append(windows, 360), isIncome
	}
	for _, n := range windows {
		a.putOr0(fmt.Sprintf("/totalIncomeLast%dDays", n), a.income(list, a.window(n), counted), 2)
	}
	kinds := 0
	for _, k := range incomeKinds {
		var of []*earning
		for _, e := range list {
			if e.kind == k.name && a.inside(e.day, 180) {
				of = append(of, e)
			}
		}
		if len(of) > 0 {
			a.incomeStream(fmt.Sprintf("/incomeStreams/%d/", kinds), k.name, k.legacy, of)
			kinds++
		}
	}
	a.putOr0("/numberOfIncomeStreams", a.ifKnown(whole(kinds)), 0)
	if a.v2() {
		a.incomeV2()
	}
	return a.figures
}

func (a *answer) ifKnown(v *big.Rat) *big.Rat {
	if !a.known {
		return nil
	}
	return v
}

func (a *answer) incomeStream(at, kind, legacy string, of []*earning) {
	a.text(at+"incomeStreamType", legacy)
	if kind == "REGULAR_SALARY" {
		var dates []time.Time
		for _, e := range of {
			dates = append(dates, e.day)
		}
		found, _ := frequentDays(dates)
		for i := range 2 {
			a.text(fmt.Sprint(at, "incomeDays/", i), "")
			if i < len(found) {
				a.text(fmt.Sprint(at, "incomeDays/", i), fmt.Sprint(found[i]))
			}
		}
	}
	for i, e := range of {
		a.transaction(fmt.Sprint(at, "incomeTransactions/", i, "/"), e.row, e.rest)
	}
	if !a.v2() {
		return
	}
	a.text(at+"incomeStreamType", kind)
	months, class, parties := make(map[int]bool), of[0].class, []string{}
	for _, e := range of {
		months[e.month] = true
		if e.class != class {
			class = "MIXED"
		}
		if e.party != "" && !slices.Contains(parties, e.party) {
			parties = append(parties, e.party) // by the newest entry
		}
	}
	a.text(at+"class", class)
	list := a.earnings(true)
	a.put(at+"totalLast90Days", a.income(list, a.window(90), ofKind(kind)), 2)
	a.put(at+"totalLast180Days", a.income(list, a.window(180), ofKind(kind)), 2)
	a.put(at+"monthsWithIncome", whole(len(months)), 0)
	ofPayer := func(key string) func(*earning) bool {
		return func(e *earning) bool { return e.kind == kind && e.party == key }
	}
	slices.SortStableFunc(parties, func(x, y string) int {
		return a.income(list, a.window(180), ofPayer(y)).Cmp(a.income(list, a.window(180), ofPayer(x)))
	})
	for i, key := range parties {
		a.payer(fmt.Sprint(at, "payers/", i, "/"), ofPayer(key))
	}
}

// transaction writes what lists of rows tell.
func (a *answer) transaction(at string, r *row, amount *big.Rat) {
	a.day(at+"transactionDate", r.day)
	a.put(at+"transactionAmount", amount, 2)
	a.text(at+"transactionName", r.Transaction.Name)
	if a.v2() {
		a.text(at+"transactionId", r.ID)
	}
}

func (a *answer) stream(takes func(*earning) bool) (of []*earning) {
	for _, e := range a.earnings(true) {
		if takes(e) {
			of = append(of, e)
		}
	}
	return of
}

func (a *answer) incomePace(of []*earning) pace {
	meant := make(map[*row]int)
	var rows []*row
	for _, e := range of {
		meant[e.row] = e.meant
		rows = append(rows, e.row)
	}
	return a.paceOf(occurrences(rows, func(r *row) int { return meant[r] }), a.terminations(of[0].row))
}

// terminations are the days of severance pay of the payer of a row.
func (a *answer) terminations(of *row) (ends []time.Time) {
	for i := range a.rows {
		if r := &a.rows[i]; of.credit && r.code("010108") && incomeKind(r) != "" && r.party == of.party {
			ends = append(ends, r.day)
		}
	}
	return ends
}

func (a *answer) payer(at string, takes func(*earning) bool) {
	of := a.stream(takes)
	a.text(at+"name", of[0].Transaction.Name)
	a.text(at+"cnpjCpf", of[0].Transaction.PartieCnpjCpf)
	a.text(at+"class", of[0].class)
	months := make(map[int]bool)
	for _, e := range of {
		if a.inside(e.day, 180) {
			months[e.month] = true
		}
	}
	a.put(at+"monthsWithIncome", whole(len(months)), 0)
	a.put(at+"averageMonthly", mean(a.incomeMonths(6, takes)), 2)
	a.put(at+"monthsUsed", a.monthsUsed(6), 0)
	a.day(at+"lastDate", of[0].day)
	a.figures[at+"recurrent"] = fmt.Sprint(of[0].recurrent)
	a.putPace(at, a.incomePace(of))
}

func (a *answer) incomeV2() {
	for key, takes := range map[string]func(*earning) bool{"verifiedIncome": ofClass(verified), "estimatedIncome": ofClass(estimated, financial)} {
		at := "/" + key + "/"
		for _, k := range []int{3, 6, 12} {
			a.put(fmt.Sprintf("%smonthlyAverageLast%dMonths", at, k), mean(a.incomeMonths(k, takes)), 2)
			a.put(fmt.Sprintf("%smonthsUsedLast%dMonths", at, k), a.monthsUsed(k), 0)
		}
		a.put(at+"monthlyMedianLast6Months", median(a.incomeMonths(6, takes)), 2)
	}
	sum, _, recurring := a.monthlyIncome()
	a.put("/monthlyIncome", sum, 2)
	a.put("/recurrentEstimatedMonthly", recurring, 2)
	a.put("/monthsUsed", a.monthsUsed(6), 0)
	a.text("/incomeBasis", a.incomeBasis())
	a.put("/familySupport/totalLast90Days", a.family(a.window(90)), 2)
	a.put("/familySupport/totalLast180Days", a.family(a.window(180)), 2)
	var family []*big.Rat
	for _, month := range a.fullMonths(6) {
		family = append(family, a.family(meantFor(month)))
	}
	a.put("/familySupport/averageMonthlyLast6Months", mean(family), 2)
	a.put("/familySupport/monthsUsedLast6Months", a.monthsUsed(6), 0)
	if len(a.rows) > 0 {
		first := max(monthOf(a.oldest), a.now-11)
		for month := first; month <= a.now; month++ {
			at := fmt.Sprintf("/months/%d/", month-first)
			list := a.earnings(true)
			a.text(at+"month", monthName(month))
			a.figures[at+"isPartial"] = fmt.Sprint(!a.isFull(month))
			a.put(at+"verified", a.income(list, meantFor(month), ofClass(verified)), 2)
			a.put(at+"estimated", a.income(list, meantFor(month), ofClass(estimated, financial)), 2)
			a.put(at+"redemption", a.income(list, meantFor(month), ofKind("INVESTMENT_REDEMPTION")), 2)
		}
	}
	year := a.incomeMonths(12, isIncome)
	without := 0
	for _, v := range year {
		if v.Sign() == 0 {
			without++
		}
	}
	a.put("/stability/volatility", volatility(year), 4)
	a.put("/stability/trend", trend(year), 4)
	a.put("/stability/monthsWithoutIncome", a.ifKnown(whole(without)), 0)
	a.put("/stability/monthsUsed", a.monthsUsed(12), 0)
	a.employer()
	a.informed(sum)
}

func (a *answer) employer() {
	newest := func(get func(*openfinance.FinancialRelation) []openfinance.SalaryLink) *openfinance.SalaryLink {
		var found *openfinance.SalaryLink
		for i := range a.q.Document.PersonalRelations {
			links := get(&a.q.Document.PersonalRelations[i])
			for k := range links {
				if l := &links[k]; (l.EmployerName != "" || l.EmployerCnpjCpf != "") && (found == nil || l.Date > found.Date) {
					found = l
				}
			}
		}
		return found
	}
	link := newest(func(f *openfinance.FinancialRelation) []openfinance.SalaryLink { return f.PaychecksBankLinks })
	if link == nil {
		link = newest(func(f *openfinance.FinancialRelation) []openfinance.SalaryLink { return f.PortabilitiesReceived })
	}
	if link != nil {
		a.text("/employer/employerName", link.EmployerName)
		a.text("/employer/employerCnpjCpf", link.EmployerCnpjCpf)
		a.text("/employer/source", "REGISTRATION")
		return
	}
	count, first := make(map[string]int), make(map[string]*earning)
	var order []string // by the newest entry
	for _, e := range a.stream(ofKind("REGULAR_SALARY")) {
		if e.party == "" || !a.inside(e.day, 180) {
			continue
		}
		if first[e.party] == nil {
			first[e.party] = e
			order = append(order, e.party)
		}
		count[e.party]++
	}
	slices.SortStableFunc(order, func(x, y string) int { return count[y] - count[x] })
	if len(order) > 0 {
		t := first[order[0]].Transaction
		a.text("/employer/employerName", t.Name)
		a.text("/employer/employerCnpjCpf", t.PartieCnpjCpf)
		a.text("/employer/source", "TRANSACTIONS")
	}
}

// toMonth are the parts of a month of a frequency.
//
//nolint:misspell // Portuguese.
var toMonth = map[string]*big.Rat{
	"DIARIA": whole(30), "SEMANAL": big.NewRat(30, 7), "QUINZENAL": whole(2), "MENSAL": whole(1),
	"BIMESTRAL": big.NewRat(1, 2), "TRIMESTRAL": big.NewRat(1, 3), "SEMESTRAL": big.NewRat(1, 6), "ANUAL": big.NewRat(1, 12),
}

func (a *answer) informed(income *big.Rat) {
	for _, p := range a.q.Document.PersonalQualifications {
		if in := p.InformedIncome; in != nil {
			a.text("/informedIncome/frequency", in.Frequency)
			a.text("/informedIncome/date", in.Date)
			amount := reais(in.Amount)
			a.put("/informedIncome/amount", amount, 2)
			var monthly *big.Rat
			if factor := toMonth[in.Frequency]; factor != nil && amount != nil {
				monthly = mul(amount, factor)
			}
			a.put("/informedIncome/monthlyAmount", monthly, 2)
			a.put("/informedIncome/ratioToMonthlyIncome", ratio(monthly, income), 4)
			return
		}
	}
}

// lastName is the name of the person, normalised as texts are.
func (q *Question) lastName() string { return q.Name }
