package fact

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/money"
)

// search finds the payments of one party that keep a rhythm. It weighs how unlikely
// it is that payments at random would look so, in bits: five payments on one day of
// month are 4 × log2(31) ≈ 20 bits.
//
// A chain has one day for each slot of a rhythm (week, fortnight, month, year), at
// nearly one place in it. Candidates are looked for among payments of nearly one
// amount, of similar amounts, and of any, and the heaviest are taken first. Then
// chains that follow each other are joined, as where a price changed, and free
// payments fill the slots that have none.
//
// But for sorting, every step takes time in proportion to the payments.
type search struct {
	payments []payment // of the party, oldest first
	units    []unit    // oldest first, then by amount
	found    []*chain

	// Room that is used again.
	free, cluster []int32 // units
	marks         []mark
	windows       []window
	gaps          []int
	amounts       []money.Amount
}

// unit is the payments of one day and amount.
type unit struct {
	day        calendar.Day
	first, end int32 // of the search's payments
	amount     money.Amount
	places     [len(cycles)]place
	taken      bool
}

// place is where a day lies in a rhythm.
type place struct {
	slot   int32 // the next one is larger by 1
	offset int32 // in the slot
}

// chain is units that keep a rhythm, oldest first.
type chain struct {
	rhythm Rhythm
	start  int32 // offset at which its slots begin
	most   int32 // offset from start of the last one that its units had when it was found
	units  []int32
	likes  likeness
	weight int
}

// cycles are how days repeat in a rhythm.
var cycles = [...]struct {
	length  int32   // offsets in a slot
	chances int     // of them, those on which payments fall: banks pay on business days
	widths  []int32 // how many offsets the payments of a chain may spread over
	enough  int     // weight from which a chain is taken; two payments a year apart can show no more
}{
	Weekly:      {7, 5, []int32{1, 2, 3}, 9 * bit},
	Fortnightly: {14, 10, []int32{1, 2, 4}, 9 * bit},
	Monthly:     {31, 31, []int32{1, 3, 5, 8}, 9 * bit},
	Yearly:      {366, 366, []int32{3, 9, 21}, 7 * bit},
}

// monthStart is the offset of the first of each month in a year, as if it were a
// leap year.
var monthStart = [...]int32{0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335}

func placesOf(d calendar.Day) (p [len(cycles)]place) {
	const epoch = 1 << 30 // before every day, so that quotients round down
	n := int64(d) + epoch
	year, month, date := d.Date()
	p[Weekly] = place{int32(n / 7), int32(n % 7)}
	p[Fortnightly] = place{int32(n / 14), int32(n % 14)}
	p[Monthly] = place{int32(year*12 + int(month) - 1), int32(date - 1)}
	p[Yearly] = place{int32(year), monthStart[month-1] + int32(date-1)}
	return p
}

// likeness is how near to each other the amounts of a chain are.
type likeness uint8

const (
	equal   likeness = iota // the next larger one by at most 1 %
	similar                 // by at most 12 %
	anyAmount
)

var likenesses = [...]struct {
	perMille money.Amount // by how much the next larger amount may be larger
	weight   int          // for each payment, where all of the party are so
}{
	equal:     {10, 2 * bit},
	similar:   {120, 1 * bit},
	anyAmount: {0, 0},
}

const (
	bit      = 16 // weights are in 1/16 bit
	passes   = 4  // in each of which chains are taken from what is left
	maxRaise = 2  // by how many times the amounts of chains that are joined may differ
	maxOdd   = 4  // by how many times the amount of a payment that fills a slot may
)

// log2 returns the logarithm of a ratio in 1/16; 0 where one of both is not positive.
func log2(a, b int) int {
	switch {
	case a <= 0 || b <= 0:
		return 0
	case a < b:
		return -log2(b, a)
	}
	v := uint64(a) << 20 / uint64(b)
	whole := bits.Len64(v) - 1
	return (whole-20)*bit + int(v<<4>>whole&15)
}

// chains returns the chains of the payments of one party, oldest first.
func (s *search) chains(payments []payment) []*chain {
	s.payments, s.units, s.found = payments, s.units[:0], s.found[:0]
	for i := range s.payments {
		p := &s.payments[i]
		n := len(s.units)
		if n > 0 && s.units[n-1].day == p.day && s.units[n-1].amount == p.price {
			s.units[n-1].end++
			continue
		}
		u := unit{day: p.day, amount: p.price, first: int32(i), end: int32(i) + 1}
		if n > 0 && s.units[n-1].day == p.day {
			u.places = s.units[n-1].places
		} else {
			u.places = placesOf(p.day)
		}
		s.units = append(s.units, u)
	}
	for range passes {
		if !s.pass() {
			break
		}
	}
	if len(s.found) <= maxRelated {
		s.join()
		for _, c := range s.found {
			s.fill(c)
		}
		s.pair()
	}
	return s.found
}

// maxRelated is the most chains of a party that are compared with each other. Where
// there are more, as of a payroll that a bank tells with one text, nothing tells which
// of them belong together.
const maxRelated = 64

// of returns the payments of a chain, oldest first.
func (s *search) of(c *chain) (list []payment) {
	for _, u := range c.units {
		list = append(list, s.payments[s.units[u].first:s.units[u].end]...)
	}
	return list
}

// pass takes chains from the free units and reports whether there were any.
func (s *search) pass() bool {
	s.free = s.free[:0]
	for i := range s.units {
		if !s.units[i].taken {
			s.free = append(s.free, int32(i))
		}
	}
	if len(s.free) < 2 {
		return false
	}
	slices.SortFunc(s.free, func(x, y int32) int {
		return cmp.Or(cmp.Compare(s.units[x].amount, s.units[y].amount), cmp.Compare(x, y))
	})
	type candidate struct {
		*chain
		from, to int // of s.free
	}
	var list []candidate
	for likes := equal; likes <= anyAmount; likes++ {
		for from := 0; from < len(s.free); {
			to := from + 1
			for to < len(s.free) && s.near(s.free[to-1], s.free[to], likes) {
				to++
			}
			if c := s.best(s.free[from:to], likes); c != nil {
				list = append(list, candidate{c, from, to})
			}
			from = to
		}
	}
	slices.SortStableFunc(list, func(x, y candidate) int { return cmp.Compare(y.weight, x.weight) })
	for _, c := range list {
		if slices.ContainsFunc(c.units, func(u int32) bool { return s.units[u].taken }) {
			if c.chain = s.best(s.free[c.from:c.to], c.likes); c.chain == nil {
				continue
			}
		}
		s.found = append(s.found, c.chain)
		for _, u := range c.units {
			s.units[u].taken = true
		}
	}
	return len(list) > 0
}

// near reports whether the larger amount of y is as near to that of x.
func (s *search) near(x, y int32, likes likeness) bool {
	const cents = 5 * money.Scale / 100
	a, b := s.units[x].amount, s.units[y].amount
	return likes == anyAmount || b-a <= a/1000*likenesses[likes].perMille+cents
}

// best returns the heaviest chain among the free ones of some units; nil when none is
// heavy enough.
func (s *search) best(units []int32, likes likeness) (best *chain) {
	if len(units) < 2 {
		return nil
	}
	s.cluster = s.cluster[:0]
	for _, u := range units {
		if !s.units[u].taken {
			s.cluster = append(s.cluster, u)
		}
	}
	slices.Sort(s.cluster)
	for r := Weekly; r <= Yearly; r++ {
		if !s.canKeep(r) || r == Yearly && likes == anyAmount {
			continue
		}
		s.mark(r)
		for _, width := range cycles[r].widths {
			c := chain{rhythm: r, likes: likes}
			s.weigh(&c, width)
			if c.weight < cycles[r].enough || best != nil && c.weight <= best.weight {
				continue
			}
			if s.pick(&c); s.keeps(&c) {
				best = &c
			}
		}
	}
	return best
}

// canKeep reports whether the units of the cluster are enough and reach far enough
// for a rhythm.
func (s *search) canKeep(r Rhythm) bool {
	n, b := len(s.cluster), &beats[r]
	if n < b.occurrences {
		return false
	}
	return int(s.units[s.cluster[n-1]].day-s.units[s.cluster[0]].day) >= b.least*(b.occurrences-1)
}

// mark is a day of the cluster with its units.
type mark struct {
	place
	day        calendar.Day
	first, end int32 // of the cluster
}

// window is how many days of the cluster have an offset.
type window struct{ offset, days int32 }

// mark lists the days of the cluster with their places in a rhythm, and counts them by
// offset.
func (s *search) mark(r Rhythm) {
	s.marks, s.windows = s.marks[:0], s.windows[:0]
	var counts [366]int32
	for i, at := range s.cluster {
		u := &s.units[at]
		if n := len(s.marks); n > 0 && s.marks[n-1].day == u.day {
			s.marks[n-1].end++
			continue
		}
		p := u.places[r]
		s.marks = append(s.marks, mark{p, u.day, int32(i), int32(i) + 1})
		if counts[p.offset]++; counts[p.offset] == 1 {
			s.windows = append(s.windows, window{offset: p.offset})
		}
	}
	for i := range s.windows {
		s.windows[i].days = counts[s.windows[i].offset]
	}
	slices.SortFunc(s.windows, func(x, y window) int { return cmp.Compare(x.offset, y.offset) })
}

// from returns the offset from another one on, over the end of a slot.
func from(start, offset, length int32) int32 {
	if offset < start {
		offset += length
	}
	return offset - start
}

// weigh gives a chain the window of so many offsets that has most days of the
// cluster, and its weight.
func (s *search) weigh(c *chain, width int32) {
	cycle, most := &cycles[c.rhythm], int32(0)
	c.most = width - 1
	for i := range s.windows {
		start, days := s.windows[i].offset, int32(0)
		for j := 0; j < len(s.windows); j++ {
			w := &s.windows[(i+j)%len(s.windows)]
			if from(start, w.offset, cycle.length) >= width {
				break
			}
			days += w.days
		}
		if days > most {
			c.start, most = start, days
		}
	}
	n, first, last := 0, 0, 0 // the slots that have a day, and their marks
	slot, firstSlot := int32(0), int32(0)
	for i := range s.marks {
		at, rel := c.at(s.marks[i].place)
		if rel > c.most || n > 0 && at == slot {
			continue
		}
		if n++; n == 1 {
			first, firstSlot = i, at
		}
		last, slot = i, at
	}
	inside, slots := last-first+1, int(slot-firstSlot)+1
	if n < beats[c.rhythm].occurrences || 2*n < inside {
		return
	}
	// At random, a slot has a day in the window with a chance of
	// q = width × days ÷ (chances × slots). That n of the slots have one weighs
	// n × log2(n ÷ (slots × q)) + (slots − n) × log2((slots − n) ÷ (slots × (1 − q))),
	// but the first one says nothing: it could be anywhere.
	all := cycle.chances * slots
	chance := min(int(width)*max(inside, slots), all-all/16)
	if n*cycle.chances <= chance {
		return
	}
	each := log2(n*cycle.chances, chance) + likenesses[c.likes].weight*len(s.cluster)/len(s.free)
	missed := log2((slots-n)*cycle.chances, all-chance)
	choice := log2(len(s.free), len(s.cluster)) // as the cluster is one of so many
	c.weight = (n-1)*each + (slots-n)*missed - choice
}

// pick gives a chain its units: of each slot those of the day that is nearest to the
// most frequent offset.
func (s *search) pick(c *chain) {
	length := cycles[c.rhythm].length
	mode, most := int32(0), int32(0)
	for _, w := range s.windows {
		if rel := from(c.start, w.offset, length); rel <= c.most && (w.days > most || w.days == most && rel < mode) {
			mode, most = rel, w.days
		}
	}
	var days []int // of the marks
	slot, off := int32(0), int32(0)
	for i := range s.marks {
		at, rel := c.at(s.marks[i].place)
		if rel > c.most {
			continue
		}
		o := max(rel-mode, mode-rel)
		switch n := len(days); {
		case n == 0 || at != slot:
			days = append(days, i)
			slot, off = at, o
		case o < off:
			days[n-1], off = i, o
		}
	}
	for _, i := range days {
		c.units = append(c.units, s.cluster[s.marks[i].first:s.marks[i].end]...)
	}
}

// keeps reports whether the median gap of a chain is of its rhythm.
func (s *search) keeps(c *chain) bool {
	s.gaps = s.gaps[:0]
	for i := 1; i < len(c.units); i++ {
		if gap := int(s.units[c.units[i]].day - s.units[c.units[i-1]].day); gap > 0 {
			s.gaps = append(s.gaps, gap)
		}
	}
	slices.Sort(s.gaps)
	twice, b := s.gaps[(len(s.gaps)-1)/2]+s.gaps[len(s.gaps)/2], &beats[c.rhythm]
	return 2*b.least <= twice && twice <= 2*b.most
}

// at returns the slot of a place and the offset in it, for slots that begin where
// those of the chain do.
func (c *chain) at(p place) (slot, rel int32) {
	if p.offset < c.start {
		return p.slot - 1, p.offset - c.start + cycles[c.rhythm].length
	}
	return p.slot, p.offset - c.start
}

// around returns the slot of a unit and its offset, which is negative where the day is
// nearer to the next slot.
func (s *search) around(c *chain, u int32) (slot, rel int32) {
	slot, rel = c.at(s.units[u].places[c.rhythm])
	if length := cycles[c.rhythm].length; rel-c.most > length-rel {
		return slot + 1, rel - length
	}
	return slot, rel
}

// holds reports whether an offset is as near to those of the chain as moved days are.
func (c *chain) holds(rel int32) bool {
	widths := cycles[c.rhythm].widths
	most := widths[len(widths)-1]
	return rel > c.most-most && rel < most
}

// join joins chains of one rhythm that follow each other, as where a price changed.
func (s *search) join() {
	slices.SortFunc(s.found, func(x, y *chain) int { return cmp.Compare(x.units[0], y.units[0]) })
	for i := 0; i < len(s.found); i++ {
		c := s.found[i]
		for j := i + 1; j < len(s.found); j++ {
			if d := s.found[j]; s.follow(c, d) {
				c.units = append(c.units, d.units...)
				s.found = slices.Delete(s.found, j, j+1)
				j = i
			}
		}
	}
}

// maxPause is how many slots later a chain may begin that is joined to another one.
const maxPause = 3

func (s *search) follow(c, d *chain) bool {
	if c.rhythm != d.rhythm || c.rhythm == Yearly {
		return false
	}
	last, _ := s.around(c, c.units[len(c.units)-1])
	next, rel := s.around(c, d.units[0])
	return next > last && next <= last+maxPause && c.holds(rel) && within(s.typical(c), s.typical(d), maxRaise)
}

// typical returns the amount in the middle of a chain's.
func (s *search) typical(c *chain) money.Amount {
	s.amounts = s.amounts[:0]
	for _, u := range c.units {
		s.amounts = append(s.amounts, s.units[u].amount)
	}
	slices.Sort(s.amounts)
	return s.amounts[len(s.amounts)/2]
}

// within reports whether neither amount is more than so many times the other.
func within(x, y, times money.Amount) bool { return x/times <= y && y/times <= x }

// offer is a unit that could fill a slot.
type offer struct {
	unit int32
	of   int // so many that could
}

// fill gives a chain the free units of slots that have none: the one whose amount is
// nearest. It must be alone in its slot or similar, and stand where the chain does, or
// have its amount.
func (s *search) fill(c *chain) {
	if c.rhythm == Yearly {
		return
	}
	offers := make(map[int32]offer)
	typical := s.typical(c)
	off := func(u int32) money.Amount { return (s.units[u].amount - typical).Abs() }
	for i := range s.units {
		u := int32(i)
		if s.units[u].taken || !within(s.units[u].amount, typical, maxOdd) {
			continue
		}
		slot, rel := s.around(c, u)
		if !c.holds(rel) && off(u) > typical/100 {
			continue
		}
		o, known := offers[slot]
		if o.of++; !known || off(u) < off(o.unit) {
			o.unit = u
		}
		offers[slot] = o
	}
	if len(offers) == 0 {
		return
	}
	first, _ := s.around(c, c.units[0])
	last := first
	for _, u := range c.units {
		slot, _ := s.around(c, u)
		delete(offers, slot)
		last = max(last, slot)
	}
	take := func(slot int32) bool {
		o, known := offers[slot]
		if !known || o.of > 1 && off(o.unit) > typical/8 {
			return false
		}
		s.units[o.unit].taken = true
		c.units = append(c.units, o.unit)
		return true
	}
	for slot := first + 1; slot < last; slot++ {
		take(slot)
	}
	for _, side := range []struct{ slot, step int32 }{{last, 1}, {first, -1}} {
		slot := side.slot
		for empty := 0; empty < 2; empty++ { // one slot may be
			if slot += side.step; take(slot) {
				empty = -1
			}
		}
	}
	slices.Sort(c.units)
}

// pair makes two months' chains of one amount, half a month apart, a fortnight's: wages
// and rents are paid on the 5th and the 20th, not every 14 days.
func (s *search) pair() {
	for i := 0; i < len(s.found); i++ {
		for j := i + 1; j < len(s.found); j++ {
			if both, ok := s.paired(s.found[i], s.found[j]); ok {
				s.found[i] = both
				s.found = slices.Delete(s.found, j, j+1)
				break
			}
		}
	}
}

func (s *search) paired(c, d *chain) (*chain, bool) {
	x, y := s.typical(c), s.typical(d)
	if c.rhythm != Monthly || d.rhythm != Monthly || (x-y).Abs() > x/8 {
		return nil, false
	}
	both := &chain{rhythm: Fortnightly, units: slices.Concat(c.units, d.units)}
	slices.Sort(both.units)
	return both, s.keeps(both)
}
