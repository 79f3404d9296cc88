package fact

import (
	"iter"
	"sort"

	"github.com/openklaas/klaas/internal/calendar"
)

// Windows are the lengths in days of the windows of current products.
var Windows = [...]int{30, 60, 90, 120, 180, 360}

// Last returns the sum of a class over the window of the last n days: the entries
// of an age of 0 to n − 1 days. n is one of [Windows].
func (f *Flows) Last(c Class, n int) Sum {
	var s Sum
	for _, part := range f.periods[c][:n/periodDays] {
		s = s.Add(part.Amount, part.Entries)
	}
	return s
}

// Period returns the sum of a class over one 30-day period: 0 has the ages 0–29,
// 1 has 30–59, and so on up to 11.
func (f *Flows) Period(c Class, period int) Sum { return f.periods[c][period] }

// All returns the sum of a class over the whole record.
func (f *Flows) All(c Class) Sum {
	s := f.Last(c, maxDaysCovered)
	older := f.periods[c][periods-1]
	return s.Add(older.Amount, older.Entries)
}

// Month returns the sum of a class over a calendar month: 0 is that of the
// reporting day, 12 is the oldest one known.
func (f *Flows) Month(c Class, before int) Sum { return f.months[c][before] }

// FullMonths returns how many of the newest k full months there are: those 1 to n
// before the month of the reporting day.
func (f *Flows) FullMonths(k int) int { return min(k, f.Coverage.Months) }

// Range is a range of days, both ends included.
type Range struct{ First, Last calendar.Day }

// LastDays returns the window of the last n days.
func (f *Flows) LastDays(n int) Range { return Range{f.day - calendar.Day(n) + 1, f.day} }

// Whole returns the range of the whole record.
func (f *Flows) Whole() Range { return Range{calendar.None, f.day} }

// MonthRange returns the days of a calendar month, as [Flows.Month] counts them, up
// to the reporting day.
func (f *Flows) MonthRange(before int) Range {
	_, _, date := f.day.Date()
	first := (f.day - calendar.Day(date) + 1).AddMonths(-before)
	return Range{first, min(first.AddMonths(1)-1, f.day)}
}

// NewestMonths returns the days of the newest k full months, or of as many as there
// are; an empty range where there is none.
func (f *Flows) NewestMonths(k int) Range {
	n := f.FullMonths(k)
	if n == 0 {
		return Range{f.day + 1, f.day}
	}
	return Range{f.MonthRange(n).First, f.MonthRange(1).Last}
}

// In lists the entries of a range of days, newest first.
func (f *Flows) In(r Range) iter.Seq[*Flow] {
	return func(yield func(*Flow) bool) {
		first := sort.Search(len(f.Entries), func(i int) bool { return f.dayOf(i) <= r.Last })
		for i := first; i < len(f.Entries) && f.dayOf(i) >= r.First; i++ {
			if !yield(&f.Entries[i]) {
				return
			}
		}
	}
}

func (f *Flows) dayOf(i int) calendar.Day { return f.day - calendar.Day(f.Entries[i].Age) }

// Behind returns the evidence of the sum of a class over a range of days.
func (f *Flows) Behind(c Class, r Range) Evidence {
	return f.Where(r, func(e *Flow) (Item, bool) {
		return Item{Index: e.Movement, Amount: e.In(c)}, e.Classes.Has(c)
	})
}

// NetBehind returns the evidence of cash inflow less cash outflow.
func (f *Flows) NetBehind(r Range) Evidence {
	return f.Where(r, func(e *Flow) (Item, bool) { return Item{Index: e.Movement, Amount: e.Signed()}, true })
}

// Where returns the evidence made of the entries of a range of days that item
// takes.
func (f *Flows) Where(r Range, item func(*Flow) (Item, bool)) Evidence {
	return func(yield func(Item) bool) {
		for e := range f.In(r) {
			if i, taken := item(e); taken && !yield(i) {
				return
			}
		}
	}
}

// OldestEntry returns the evidence of figures that tell how far back the record
// reaches: its oldest entry.
func (f *Flows) OldestEntry() Evidence {
	return func(yield func(Item) bool) {
		if n := len(f.Entries); n > 0 {
			yield(Item{Index: f.Entries[n-1].Movement})
		}
	}
}
