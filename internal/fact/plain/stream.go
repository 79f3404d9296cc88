package plain

import (
	"math/big"
	"slices"
	"time"
)

// recurrent are the streams, by counterparty key, of which the rows younger than
// 180 days fall in at least 3 calendar months; 2 where fewer than 90 days are
// covered. Own transfers and what came back do not count.
func (a *answer) recurrent(rows []*row) map[string]bool {
	months := make(map[string]map[int]bool)
	for _, r := range rows {
		if r.party == "" || r.isMoved() || !a.inside(r.day, 180) {
			continue
		}
		if months[r.party] == nil {
			months[r.party] = make(map[int]bool)
		}
		months[r.party][r.month] = true
	}
	least := 3
	if a.coveredDays() < 90 {
		least = 2
	}
	is := make(map[string]bool)
	for key, seen := range months {
		is[key] = len(seen) >= least
	}
	return is
}

// occurrence is what a stream paid on one day.
type occurrence struct {
	day    time.Time
	month  int // of competence, else of the calendar
	amount *big.Rat
}

// occurrences are those of rows, oldest first.
func occurrences(rows []*row, month func(*row) int) (list []occurrence) {
	rows = slices.Clone(rows)
	slices.SortFunc(rows, func(x, y *row) int { return newer(y, x) })
	for _, r := range rows {
		if n := len(list); n > 0 && list[n-1].day.Equal(r.day) {
			list[n-1].amount = add(list[n-1].amount, r.rest)
			continue
		}
		list = append(list, occurrence{r.day, month(r), r.rest})
	}
	return list
}

// pace is what the rhythm of a stream tells.
type pace struct {
	rhythm            string
	regularity        *big.Rat // nil when unknown
	payDays           []int
	next              time.Time // zero when irregular or stopped
	amount, low, high *big.Rat
	stopped           time.Time // zero while it runs
}

var rhythms = []struct {
	name                        string
	low, high, least            int
	nominal, tolerance, stopped int
}{
	{"WEEKLY", 6, 8, 3, 7, 2, 7},
	{"FORTNIGHTLY", 13, 16, 3, 15, 3, 10},
	{"MONTHLY", 26, 35, 3, 30, 5, 15},
	{"YEARLY", 350, 380, 2, 365, 20, 45},
}

// factors are t of the 80 % interval for n = 3 … 12.
var factors = []string{"1.886", "1.638", "1.533", "1.476", "1.440", "1.415", "1.397", "1.383", "1.372", "1.363"}

// paceOf tells the pace of occurrences, oldest first; ends are the days of notices
// of termination by the same payer.
func (a *answer) paceOf(list []occurrence, ends []time.Time) pace {
	p := pace{rhythm: "IRREGULAR"}
	if len(list) == 0 {
		return p
	}
	last := list[len(list)-1]
	var gaps []*big.Rat
	for i := 1; i < len(list); i++ {
		gaps = append(gaps, whole(days(list[i-1].day, list[i].day)))
	}
	var expected time.Time
	stopAfter := 0
	for _, r := range rhythms {
		least := r.least
		if r.name == "MONTHLY" && a.coveredDays() < 90 {
			least = 2
		}
		m := median(gaps)
		if m == nil || len(list) < least || m.Cmp(whole(r.low)) < 0 || m.Cmp(whole(r.high)) > 0 {
			continue
		}
		p.rhythm, stopAfter = r.name, r.stopped
		fitting := 0
		for _, gap := range gaps {
			if new(big.Rat).Abs(sub(gap, whole(r.nominal))).Cmp(whole(r.tolerance)) <= 0 {
				fitting++
			}
		}
		steady := most(sub(whole(1), cv(amounts(list, 12))), new(big.Rat))
		p.regularity = half(add(ratio(whole(fitting), whole(len(gaps))), steady))
		if r.name != "WEEKLY" {
			p.payDays = a.payDays(list)
		}
		switch r.name {
		case "MONTHLY":
			on := last.day.Day()
			if len(p.payDays) > 0 {
				on = p.payDays[0]
			}
			expected = onDay(last.month+1, on)
		case "YEARLY":
			expected = addMonths(last.day, 12)
		default:
			expected = last.day.AddDate(0, 0, r.nominal)
		}
	}
	if p.rhythm == "IRREGULAR" && len(list) >= 2 {
		p.regularity = new(big.Rat)
	}
	if !expected.IsZero() && a.today.After(expected.AddDate(0, 0, stopAfter)) {
		p.stopped = last.day
	}
	for _, end := range ends {
		if !last.day.After(end) {
			p.stopped = last.day
		}
	}
	if !p.stopped.IsZero() || expected.IsZero() {
		return p
	}
	p.next = expected
	p.amount = median(amounts(list, 6))
	if newest := amounts(list, 12); len(newest) >= 3 {
		n := len(newest)
		// mean ± t × s × √(1 + 1/n), s² = squares ÷ (n − 1)
		spread := mul(number(factors[n-3]), squareRoot(mul(ratio(squares(newest), whole(n-1)), big.NewRat(int64(n+1), int64(n)))))
		p.low = least(most(sub(mean(newest), spread), new(big.Rat)), p.amount)
		p.high = most(add(mean(newest), spread), p.amount)
	}
	return p
}

// amounts are those of the last n occurrences.
func amounts(list []occurrence, n int) (all []*big.Rat) {
	for _, o := range list[max(0, len(list)-n):] {
		all = append(all, o.amount)
	}
	return all
}

// payDays are the two most frequent days of month in 180 days, the second only with
// two occurrences.
func (a *answer) payDays(list []occurrence) []int {
	var dates []time.Time
	for _, o := range list {
		if a.inside(o.day, 180) {
			dates = append(dates, o.day)
		}
	}
	found, counts := frequentDays(dates)
	switch {
	case len(found) >= 2 && counts[1] >= 2:
		return found[:2]
	case len(found) >= 1:
		return found[:1]
	}
	return nil
}

// frequentDays are the days of month of dates, the more frequent first; ties: the
// day whose newest date is newer, then the larger.
func frequentDays(dates []time.Time) (found, counts []int) {
	count, newest := make(map[int]int), make(map[int]time.Time)
	for _, d := range dates {
		count[d.Day()]++
		if d.After(newest[d.Day()]) {
			newest[d.Day()] = d
		}
	}
	for d := range count {
		found = append(found, d)
	}
	slices.SortFunc(found, func(x, y int) int {
		switch {
		case count[x] != count[y]:
			return count[y] - count[x]
		case !newest[x].Equal(newest[y]):
			return newest[y].Compare(newest[x])
		}
		return y - x
	})
	for _, d := range found {
		counts = append(counts, count[d])
	}
	return found, counts
}

// putPace writes what reports tell of it.
func (a *answer) putPace(at string, p pace) {
	a.text(at+"rhythm", p.rhythm)
	a.put(at+"regularity", p.regularity, 4)
	for i, d := range p.payDays {
		a.put(at+"payDays/"+string(rune('0'+i)), whole(d), 0)
	}
	a.day(at+"nextExpectedDate", p.next)
	a.day(at+"stoppedOn", p.stopped)
	if p.next.IsZero() {
		a.figures[at+"nextExpectedAmount"] = "null"
		return
	}
	a.put(at+"nextExpectedAmount/amount", p.amount, 2)
	a.put(at+"nextExpectedAmount/low", p.low, 2)
	a.put(at+"nextExpectedAmount/high", p.high, 2)
}

// hours are those until a salary is spent.
func (a *answer) hours() *big.Rat {
	var salaries, spent []*row
	for i := range a.rows {
		r := &a.rows[i]
		if is, _ := realInflow(&a.q, r); is && r.code("010101", "010103") && !r.isSweep() {
			salaries = append(salaries, r)
		}
		if is, _ := coverOutflow(&a.q, r); is {
			spent = append(spent, r)
		}
	}
	earlier := func(x, y *row) int {
		if !x.day.Equal(y.day) {
			return x.day.Compare(y.day)
		}
		return x.time.Compare(y.time)
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
		return nil
	}
	return median(waits)
}

// wait is the hours until 90 % of a salary was spent, before the next one.
func (a *answer) wait(salary, next *row, spent []*row) (*big.Rat, bool) {
	goal := mul(salary.rest, big.NewRat(9, 10))
	sum := new(big.Rat)
	for _, r := range spent {
		if !since(salary, r) || next != nil && since(next, r) {
			continue
		}
		_, amount := coverOutflow(&a.q, r)
		if sum.Add(sum, amount); sum.Cmp(goal) >= 0 {
			return hoursBetween(salary, r), true
		}
	}
	return nil, false
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
		return whole(24 * days(x.day, y.day))
	}
	return big.NewRat(y.time.UnixMilli()-x.time.UnixMilli(), 3_600_000)
}
