package plain

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
)

// variable is one of the scorecard: its points, and its value as a reason tells it.
type variable struct {
	code   string
	value  string
	points int
	known  bool
}

// band takes a value: below a limit, or at most that limit.
type band struct {
	limit  string
	atMost bool
	points int
}

func below(limit string, points int) band  { return band{limit, false, points} }
func atMost(limit string, points int) band { return band{limit, true, points} }

// scored tries bands from left to right, with the value as a reason prints it.
func scored(code string, v *big.Rat, decimals int, otherwise int, bands ...band) variable {
	if v == nil {
		return variable{code: code}
	}
	v = asPrinted(v, decimals)
	for _, b := range bands {
		if c := v.Cmp(number(b.limit)); c < 0 || c == 0 && b.atMost {
			return variable{code, Decimal(v, decimals), b.points, true}
		}
	}
	return variable{code, Decimal(v, decimals), otherwise, true}
}

func (a *answer) variables() []variable {
	income, _, _ := a.monthlyIncome()
	basis := a.incomeBasis()
	r := a.risk()
	loans, _ := a.sum(loanInflow, a.last(90))
	in, _ := a.sum(cashInflow, a.last(90))
	interest := a.monthsWith(a.rows, 6, func(x *row) bool { return !x.credit && x.code("050402", "050403") })
	var late, pastDue *big.Rat
	if len(a.q.Cards) > 0 {
		late = a.lateBills(180)
	}
	if c := a.contracts(); c != nil && c.count.Sign() > 0 { // null on an older day
		pastDue = c.pastDueInstalments
	}
	return []variable{
		scored("R01", income, 2, 90, atMost("0", -120), below("1500", -40), below("3000", 0), below("6000", 40), below("12000", 70)),
		{"R02", basis, map[string]int{"VERIFIED": 40, "MIXED": 20, "NONE": -40}[basis], basis != "UNKNOWN"},
		scored("R03", volatility(a.incomeMonths(12, isIncome)), 4, -30, below("0.15", 40), below("0.35", 20), below("0.6", 0)),
		scored("R04", a.debt().toIncome, 4, -110, below("0.2", 40), below("0.35", 10), below("0.5", -20), below("0.8", -60)),
		scored("R05", ratio(a.coveredAverage(90), a.average(coverOutflow, 6)), 4, 60, below("0", -60), below("0.05", -20), below("0.25", 0), below("1", 30)),
		scored("R06", ratio(a.negativeDays(180), whole(len(a.coveredOf(180)))), 4, -80, atMost("0", 30), below("0.05", 0), below("0.2", -40)),
		scored("R07", interest, 0, -60, atMost("0", 20), atMost("2", -20)),
		scored("R08", r.cheques, 0, -120, atMost("0", 0), atMost("1", -60)),
		scored("R09", late, 0, -90, atMost("0", 20), atMost("1", -40)),
		scored("R10", pastDue, 0, -150, atMost("0", 20), atMost("1", -80)),
		scored("R11", r.renegotiated, 0, -60, atMost("0", 0)),
		{"R12", r.bettingLevel, map[string]int{"LOW": -10, "MEDIUM": -50, "HIGH": -120}[r.bettingLevel], r.bettingLevel != "UNKNOWN"},
		scored("R13", whole(a.coveredDays()), 0, 30, below("90", -30), below("180", 0)),
		scored("R14", ratio(loans, in), 4, -70, below("0.1", 0), below("0.3", -30)),
	}
}

// ScoreK1 returns the score with its reasons.
func ScoreK1(q Question) map[string]string {
	version := q.Version
	q.Version = "V2" // The figures of its variables are those of V2.
	a := ask(q)
	const at = "/scoreDetail/"
	a.text(at+"version", "p1.0")
	score, computed := -1, a.coveredDays() >= 60
	var list []variable
	if computed {
		list = a.variables()
		score = 500
		for _, v := range list {
			score += v.points
		}
		score = min(1000, max(0, score))
	}
	a.put(at+"scoreK1", whole(score), 0)
	if version != "V2" {
		return a.figures
	}
	if !computed {
		a.text(at+"status", "NOT_ENOUGH_HISTORY")
		a.text(at+"band", "")
		a.put(at+"confidence", nil, 4)
		return a.figures
	}
	a.text(at+"status", "OK")
	a.text(at+"band", "VERY_LOW_RISK")
	for _, b := range []struct {
		below int
		name  string
	}{{750, "LOW_RISK"}, {600, "MEDIUM_RISK"}, {450, "HIGH_RISK"}, {300, "VERY_HIGH_RISK"}} {
		if score < b.below {
			a.text(at+"band", b.name)
		}
	}
	known := 0
	for _, v := range list {
		if v.known {
			known++
		}
	}
	unclassified := a.unclassified()
	if unclassified == nil {
		unclassified = whole(1)
	}
	confidence := mul(big.NewRat(4, 10), big.NewRat(int64(a.coveredDays()), 360))
	confidence.Add(confidence, mul(big.NewRat(3, 10), sub(whole(1), unclassified)))
	confidence.Add(confidence, mul(big.NewRat(3, 10), big.NewRat(int64(known), 14)))
	a.put(at+"confidence", confidence, 4)
	a.reasons(at+"positiveReasons/", list, 1, 0)
	a.reasons(at+"negativeReasons/", list, -1, 1)
	return a.figures
}

func (a *answer) reasons(at string, list []variable, sign, text int) {
	list = slices.DeleteFunc(slices.Clone(list), func(v variable) bool { return v.points*sign <= 0 })
	slices.SortStableFunc(list, func(x, y variable) int {
		if c := cmp.Compare(y.points*sign, x.points*sign); c != 0 {
			return c
		}
		return cmp.Compare(x.code, y.code)
	})
	for i, v := range list[:min(4, len(list))] {
		at := fmt.Sprint(at, i, "/")
		a.text(at+"code", v.code)
		a.put(at+"points", whole(v.points), 0)
		a.text(at+"value", v.value)
		a.text(at+"textPt", reasons[v.code][text][0])
		a.text(at+"textEn", reasons[v.code][text][1])
	}
}

// reasons are the texts by code: positive, then negative; Portuguese, then English.
var reasons = map[string][2][2]string{
	"R01": {{"Renda mensal que sustenta novas parcelas", "Monthly income that supports new instalments"}, {"Renda mensal baixa ou não encontrada", "Monthly income low or not found"}},
	"R02": {{"Renda comprovada pela fonte pagadora", "Income proven by its payer"}, {"Nenhuma renda encontrada nas contas", "No income found in the accounts"}},
	"R03": {{"Renda estável de um mês para o outro", "Income stable from month to month"}, {"Renda muito irregular entre os meses", "Income very irregular between months"}},
	"R04": {{"Dívidas comprometem pouco da renda", "Debt takes a small part of income"}, {"Dívidas comprometem grande parte da renda", "Debt takes a large part of income"}},
	"R05": {{"Saldo médio cobre boa parte dos gastos do mês", "Average balance covers much of a month's outflow"}, {"Saldo médio muito baixo para os gastos do mês", "Average balance very low for a month's outflow"}},
	"R06": {{"Nenhum dia com saldo negativo em 180 dias", "No day with a negative balance in 180 days"}, {"Muitos dias com saldo negativo em 180 dias", "Many days with a negative balance in 180 days"}},
	"R07": {{"Sem juros de cheque especial em 6 meses", "No overdraft interest in 6 months"}, {"Juros de cheque especial ou adiantamento em vários meses", "Overdraft or advance charges in several months"}},
	"R08": {{"Sem cheques devolvidos em 180 dias", "No returned cheques in 180 days"}, {"Cheques devolvidos em 180 dias", "Returned cheques in 180 days"}},
	"R09": {{"Faturas do cartão pagas em dia", "Card bills paid on time"}, {"Faturas do cartão pagas com atraso", "Card bills paid late"}},
	"R10": {{"Contratos de crédito sem parcelas em atraso", "Credit contracts without overdue instalments"}, {"Parcelas de contratos em atraso", "Overdue contract instalments"}},
	"R11": {{"Sem renegociação de dívidas em 180 dias", "No debt renegotiation in 180 days"}, {"Pagamentos de dívida renegociada em 180 dias", "Payments of renegotiated debt in 180 days"}},
	"R12": {{"Sem gastos com apostas", "No spending on betting"}, {"Gastos frequentes ou altos com apostas", "Frequent or high spending on betting"}},
	"R13": {{"Histórico longo de movimentações", "Long history of movements"}, {"Histórico curto de movimentações", "Short history of movements"}},
	"R14": {{"Pouco crédito novo nas entradas", "Little new credit among the inflows"}, {"Crédito novo é grande parte das entradas", "New credit is a large part of the inflows"}},
}
