package plain

import (
	"fmt"
	"math/big"
	"slices"
)

var revenueTypes = []string{"CARD_ACQUIRER", "MARKETPLACE", "EXPORT", "RECURRING", "BOLETO", "PIX_CUSTOMER", "TED_CUSTOMER", "OTHER"}

// revenueType is the first that matches.
func revenueType(r *row, recurrent map[string]bool) string {
	for _, t := range []struct {
		name string
		is   bool
	}{
		{"CARD_ACQUIRER", r.code("070104")}, {"MARKETPLACE", r.code("070105")}, {"EXPORT", r.code("070107")},
		{"RECURRING", r.code("070106") || recurrent[r.party]},
		{"BOLETO", r.code("070103")}, {"PIX_CUSTOMER", r.code("070101")}, {"TED_CUSTOMER", r.code("070102")},
	} {
		if t.is {
			return t.name
		}
	}
	return "OTHER"
}

// receipts are the operating inflow, newest first.
func (a *answer) receipts() (list []*row) {
	for i := range a.rows {
		if is, _ := operatingInflow(&a.q, &a.rows[i]); is {
			list = append(list, &a.rows[i])
		}
	}
	slices.SortFunc(list, newer)
	return list
}

// Revenue returns the figures of a report of a company's revenue.
func Revenue(q Question) map[string]string {
	a := ask(q)
	a.put("/daysCovered", whole(a.coveredDays()), 0)
	for _, n := range []int{30, 60, 90, 180, 360} {
		sum, _ := a.sum(operatingInflow, a.last(n))
		a.put(fmt.Sprintf("/totalRevenueLast%dDays", n), sum, 2)
	}
	list := a.receipts()
	var open []*row // those that may recur: no earlier type takes them
	for _, r := range list {
		if !r.code("070104", "070105", "070107") {
			open = append(open, r)
		}
	}
	recurrent := a.recurrent(open)
	half, _ := a.sum(operatingInflow, a.last(180))
	n := 0
	for _, name := range revenueTypes {
		var of []*row
		for _, r := range list {
			if a.inside(r.day, 180) && revenueType(r, recurrent) == name {
				of = append(of, r)
			}
		}
		if len(of) == 0 {
			continue
		}
		at := fmt.Sprintf("/revenueStreams/%d/", n)
		n++
		a.text(at+"revenueStreamType", name)
		for _, n := range []int{30, 60, 90, 180} {
			sum, _ := a.sum(operatingInflow, func(r *row) bool { return a.inside(r.day, n) && revenueType(r, recurrent) == name })
			a.put(fmt.Sprintf("%stotalLast%dDays", at, n), sum, 2)
			if n == 180 {
				a.put(at+"share", ratio(sum, half), 4)
			}
		}
		for i, r := range of {
			at := fmt.Sprint(at, "transactions/", i, "/")
			a.transaction(at, r, r.rest)
			a.text(at+"transactionId", r.ID)
			a.text(at+"partieCnpjCpf", r.Transaction.PartieCnpjCpf)
		}
	}
	a.put("/numberOfRevenueStreams", a.ifKnown(whole(n)), 0)
	if a.v2() {
		a.revenueV2(list)
	}
	return a.figures
}

func (a *answer) revenueV2(list []*row) {
	for _, k := range []int{3, 6, 12} {
		a.put(fmt.Sprintf("/averageMonthlyRevenueLast%dMonths", k), a.average(operatingInflow, k), 2)
		a.put(fmt.Sprintf("/monthsUsedLast%dMonths", k), a.monthsUsed(k), 0)
	}
	a.put("/annualisedRevenue", a.annualised(), 2)
	if len(a.rows) > 0 {
		first := max(monthOf(a.oldest), a.now-11)
		for month := first; month <= a.now; month++ {
			at := fmt.Sprintf("/months/%d/", month-first)
			sum, count := a.sum(operatingInflow, inMonth(month))
			a.text(at+"month", monthName(month))
			a.figures[at+"isPartial"] = fmt.Sprint(!a.isFull(month))
			a.put(at+"revenue", sum, 2)
			a.put(at+"receiptCount", count, 0)
			parts, _ := payers(list, inMonth(month))
			a.put(at+"payerCount", whole(len(parts)), 0)
		}
	}
	parts, of := payers(list, a.last(180))
	top1, top5, top10, herfindahl := shares(parts, of)
	a.put("/concentration/top1", top1, 4)
	a.put("/concentration/top5", top5, 4)
	a.put("/concentration/top10", top10, 4)
	a.put("/concentration/herfindahl", herfindahl, 4)
	a.put("/concentration/payerCount", a.ifKnown(whole(len(parts))), 0)
	year := a.monthly(operatingInflow, 12)
	zero, peak := 0, -1
	for i, v := range year {
		if v.Sign() == 0 {
			zero++
		}
		if peak < 0 || v.Cmp(year[peak]) >= 0 {
			peak = i
		}
	}
	a.put("/stability/volatility", volatility(year), 4)
	a.put("/stability/trend", trend(year), 4)
	a.put("/stability/zeroRevenueMonths", a.ifKnown(whole(zero)), 0)
	a.text("/stability/peakMonth", "")
	if peak >= 0 {
		a.text("/stability/peakMonth", monthName(a.fullMonths(12)[peak]))
	}
	a.put("/stability/monthsUsed", a.monthsUsed(12), 0)
	for _, b := range a.q.Document.BusinessQualifications {
		if in := b.InformedRevenue; in != nil {
			var annual *big.Rat
			amount := reais(in.Amount)
			if factor := toMonth[in.Frequency]; factor != nil && amount != nil {
				annual = mul(mul(amount, factor), whole(12))
			}
			a.text("/declared/frequency", in.Frequency)
			a.put("/declared/year", whole(int(in.Year)), 0)
			a.put("/declared/amount", amount, 2)
			a.put("/declared/annualAmount", annual, 2)
			a.put("/declared/ratioToAnnualisedRevenue", ratio(annual, a.annualised()), 4)
			break
		}
	}
}

func (a *answer) annualised() *big.Rat {
	if a.coveredDays() == 360 {
		sum, _ := a.sum(operatingInflow, a.last(360))
		return sum
	}
	if average := a.average(operatingInflow, 12); average != nil {
		return mul(average, whole(12))
	}
	return nil
}

// payers are the sums of the counterparties of rows, and the sum of all rows.
func payers(list []*row, takes func(*row) bool) (parts []*big.Rat, of *big.Rat) {
	sums := make(map[string]*big.Rat)
	of = new(big.Rat)
	for _, r := range list {
		if !takes(r) {
			continue
		}
		of.Add(of, r.rest)
		if r.party == "" {
			continue
		}
		if sums[r.party] == nil {
			sums[r.party] = new(big.Rat)
		}
		sums[r.party].Add(sums[r.party], r.rest)
	}
	for _, v := range sums {
		parts = append(parts, v)
	}
	return parts, of
}
