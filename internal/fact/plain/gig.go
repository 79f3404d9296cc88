package plain

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// platform of a payer: by the root of its CNPJ, else by a name in the text, unless a
// natural person pays; none where the category says that money came back.
func (a *answer) platform(r *row) *Platform {
	if r.code("0206", "010605", "060301") {
		return nil
	}
	for i := range a.q.Platforms {
		if p := &a.q.Platforms[i]; r.root() != "" && slices.Contains(p.Roots, r.root()) {
			return p
		}
	}
	if len(r.document) == 11 || r.Transaction.PartiePersonType == "PESSOA_NATURAL" {
		return nil
	}
	for i := range a.q.Platforms {
		p := &a.q.Platforms[i]
		if slices.ContainsFunc(p.Words, func(w string) bool { return hasWords(r.Text, w) }) {
			return p
		}
	}
	return nil
}

func (a *answer) isGig(r *row) bool {
	return r.credit && !r.isMoved() && (r.code("010106") || a.platform(r) != nil)
}

// GigEconomy returns the figures of a report of earnings from platforms.
func GigEconomy(q Question) map[string]string {
	a := ask(q)
	gig := func(_ *Question, r *row) (bool, *big.Rat) { return a.isGig(r), r.rest }
	a.put("/daysCovered", whole(a.coveredDays()), 0)
	for _, n := range []int{30, 60, 90, 180} {
		sum, _ := a.sum(gig, a.last(n))
		a.put(fmt.Sprintf("/totalGigIncomeLast%dDays", n), sum, 2)
	}
	a.flag("/isGigWorker", a.monthsWith(a.rows, 3, a.isGig).Cmp(whole(2)) >= 0)
	a.put("/averageMonthlyLast6Months", a.average(gig, 6), 2)
	if a.v2() {
		a.put("/monthsUsedLast6Months", a.monthsUsed(6), 0)
	}
	half, _ := a.sum(gig, a.last(180))
	a.put("/shareOfIncome", ratio(half, a.denominator(180)), 4)
	active := make(map[string]bool)
	for i := range a.rows {
		if r := &a.rows[i]; a.isGig(r) && a.inside(r.day, 90) {
			active[r.day.String()] = true
		}
	}
	a.put("/activeDaysLast90Days", a.ifKnown(whole(len(active))), 0)
	a.put("/volatility", volatility(a.monthly(gig, 12)), 4)
	a.put("/trend", trend(a.monthly(gig, 12)), 4)
	sum, _ := a.sumBoth(debits("0409"), a.last(90))
	a.put("/vehicleCostsLast90Days", sum, 2)

	type account struct {
		platform *Platform
		rows     []*row
		half     *big.Rat
	}
	var list []*account
	for i := range a.q.Platforms {
		p := &account{platform: &a.q.Platforms[i], half: new(big.Rat)}
		recent := false
		for i := range a.rows {
			if r := &a.rows[i]; a.isGig(r) && a.platform(r) == p.platform {
				p.rows = append(p.rows, r)
				if a.inside(r.day, 180) {
					recent = true
					p.half.Add(p.half, r.rest)
				}
			}
		}
		if recent {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(x, y *account) int {
		if c := y.half.Cmp(x.half); c != 0 {
			return c
		}
		return strings.Compare(x.platform.Name, y.platform.Name)
	})
	for i, p := range list {
		at := fmt.Sprintf("/platforms/%d/", i)
		slices.SortFunc(p.rows, newer)
		months, quarter := make(map[int]bool), new(big.Rat)
		for _, r := range p.rows {
			months[r.month] = true
			if a.inside(r.day, 90) {
				quarter.Add(quarter, r.rest)
			}
		}
		a.text(at+"platform", p.platform.Name)
		a.text(at+"kind", p.platform.Kind)
		a.put(at+"totalLast90Days", quarter, 2)
		a.put(at+"totalLast180Days", p.half, 2)
		a.day(at+"firstDate", p.rows[len(p.rows)-1].day)
		a.day(at+"lastDate", p.rows[0].day)
		a.put(at+"monthsActive", whole(len(months)), 0)
		a.put(at+"transactionCount", whole(len(p.rows)), 0)
	}
	return a.figures
}
