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
// A chain is one payment for each slot of a rhythm (week, fortnight, month, year) on
// nearly one place in it. Candidates are looked for among payments of nearly one
// amount, of similar amounts, and of any, and the heaviest are taken first. Then
// chains that follow each other are joined, as where a price changed, and free
// payments fill the slots that have none.
type search struct {
	payments []payment // of the party, oldest first
	units    []unit    // oldest first, then by amount
	found    []*chain

	free, cluster []int32 // room, reused
	counts        [366]int32
}

// unit is the payments of one day and amount.
type unit struct {
	day        calendar.Day
	amount     money.Amount
	first, end int32 // of the search's payments
	taken      bool
}

// chain is units that keep a rhythm, oldest first.
type chain struct {
	rhythm Rhythm
	start  int // offset at which slots begin
	lo, hi int // offsets from start on which its units fall
	units  []int32
	weight int
	likes  likeness
}

// cycle is how days repeat in a rhythm.
type cycle struct {
	length int                                       // offsets of a slot
	widths []int                                     // offsets that the payments may spread over
	place  func(calendar.Day) (slot int, offset int) // slots rise by 1
}

func every(days int) func(calendar.Day) (int, int) {
	return func(d calendar.Day) (int, int) {
		const epoch = 1 << 30 // a day before all, so that quotients round down
		n := int(d) + epoch
		return n / days, n % days
	}
}

var cycles = [...]cycle{
	Weekly:      {7, []int{1, 2, 3}, every(7)},
	Fortnightly: {14, []int{1, 2, 4}, every(14)},
	Monthly:     {31, []int{1, 3, 5, 8}, func(d calendar.Day) (int, int) { return d.MonthIndex(), dayOfMonth(d) - 1 }},
	Yearly:      {366, []int{3, 9, 21}, func(d calendar.Day) (int, int) { year, _, _ := d.Date(); return year, int(d - calendar.Of(year, 1, 1)) }},
}

// likeness is how near to each other the amounts of a chain are.
type likeness uint8

const (
	equal   likeness = iota // the next larger by at most 1 %
	similar                 // by at most 12 %
	anyAmount
)

var likenesses = [...]struct {
	perMille money.Amount // by how much the next larger amount may be larger
	weight   int          // that each payment has for it
}{
	equal:     {10, 2 * bit},
	similar:   {120, 1 * bit},
	anyAmount: {-1, 0},
}

const (
	bit      = 16      // weights are in 1/16 bit
	enough   = 8 * bit // weight from which a chain is taken
	passes   = 4
	maxRaise = 2 // by how many times amounts of chains that follow each other may differ
	maxOdd   = 4 // by how many times the amount of one payment of a chain may
)

// log2 returns the logarithm of a ratio in 1/16; 0 where one of both is.
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

func (s *search) chains() []*chain {
	for i := range s.payments {
		p := &s.payments[i]
		if n := len(s.units); n > 0 && s.units[n-1].day == p.day && s.units[n-1].amount == p.amount {
			s.units[n-1].end++
			continue
		}
		s.units = append(s.units, unit{day: p.day, amount: p.amount, first: int32(i), end: int32(i) + 1})
	}
	for range passes {
		if !s.pass() {
			break
		}
	}
	s.join()
	for _, c := range s.found {
		s.fill(c)
	}
	return s.found
}

// pass takes the chains among the free units and reports whether there were any.
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
	slices.SortStableFunc(list, func(x, y candidate) int { return -cmp.Compare(x.weight, y.weight) })
	for _, c := range list {
		if slices.ContainsFunc(c.units, func(u int32) bool { return s.units[u].taken }) {
			if c.chain = s.best(s.free[c.from:c.to], c.likes); c.chain == nil {
				continue
			}
		}
		s.take(c.chain)
	}
	return len(list) > 0
}

func (s *search) take(c *chain) {
	s.found = append(s.found, c)
	for _, u := range c.units {
		s.units[u].taken = true
	}
}

func (s *search) near(x, y int32, likes likeness) bool {
	most := likenesses[likes].perMille
	a, b := s.units[x].amount, s.units[y].amount
	return most < 0 || b-a <= a/1000*most+500
}

// best returns the heaviest chain of the free units of a cluster; nil when none is
// heavy enough.
func (s *search) best(units []int32, likes likeness) *chain {
	s.cluster = s.cluster[:0]
	for _, u := range units {
		if !s.units[u].taken {
			s.cluster = append(s.cluster, u)
		}
	}
	if len(s.cluster) < 2 {
		return nil
	}
	slices.Sort(s.cluster)
	var best *chain
	for r := Weekly; r <= Yearly; r++ {
		if len(s.cluster) < beats[r].occurrences || r == Yearly && likes == anyAmount {
			continue
		}
		s.count(r)
		for _, width := range cycles[r].widths {
			c := s.windowed(r, width, likes)
			if c.weight >= enough && (best == nil || c.weight > best.weight) {
				copied := c
				copied.units = s.pick(&c)
				best = &copied
			}
		}
	}
	return best
}

// count counts the days of the cluster by their offset in a rhythm.
func (s *search) count(r Rhythm) {
	cy := &cycles[r]
	clear(s.counts[:cy.length])
	day := calendar.None
	for _, u := range s.cluster {
		if s.units[u].day != day {
			day = s.units[u].day
			_, at := cy.place(day)
			s.counts[at]++
		}
	}
}

// windowed returns the chain of the window of so many offsets that has most days,
// without its units.
func (s *search) windowed(r Rhythm, width int, likes likeness) chain {
	cy := &cycles[r]
	sum := int32(0)
	for i := range width {
		sum += s.counts[i]
	}
	c, most := chain{rhythm: r, hi: width - 1, likes: likes}, sum
	for i := 1; i < cy.length; i++ {
		sum += s.counts[(i+width-1)%cy.length] - s.counts[i-1]
		if sum > most {
			c.start, most = i, sum
		}
	}
	n, first, last := 0, 0, 0
	var from, to calendar.Day
	for _, u := range s.cluster {
		day := s.units[u].day
		slot, rel := c.place(day)
		if rel >= width || n > 0 && slot == last {
			continue
		}
		if n == 0 {
			first, from = slot, day
		}
		last, to = slot, day
		n++
	}
	if n < beats[r].occurrences {
		return c
	}
	inside, day := 0, calendar.None
	for _, u := range s.cluster {
		if d := s.units[u].day; d >= from && d <= to && d != day {
			day = d
			inside++
		}
	}
	slots := last - first + 1
	if 2*n < inside {
		return c
	}
	// By chance a slot has a payment in the window with a chance of
	// q = width × inside ÷ (length × slots). That n of the slots have one weighs
	// n × log2(n ÷ (slots × q)) + (slots − n) × log2((slots − n) ÷ (slots × (1 − q))),
	// where the first one says nothing, as it could be anywhere.
	all := cy.length * slots
	chance := min(width*max(inside, slots), all-all/16)
	each := log2(n*cy.length, chance) + likenesses[likes].weight*len(s.cluster)/len(s.free)
	c.weight = (n-1)*each + (slots-n)*log2((slots-n)*cy.length, all-chance) - log2(len(s.free), len(s.cluster))
	return c
}

// pick returns the units of a chain: of each slot the one nearest to its most
// frequent offset.
func (s *search) pick(c *chain) []int32 {
	cy := &cycles[c.rhythm]
	mode := 0
	for i := range c.hi + 1 {
		if s.counts[(c.start+i)%cy.length] > s.counts[(c.start+mode)%cy.length] {
			mode = i
		}
	}
	var units []int32
	last, off := 0, 0
	for _, u := range s.cluster {
		slot, rel := c.place(s.units[u].day)
		if rel > c.hi {
			continue
		}
		o := max(rel-mode, mode-rel)
		switch n := len(units); {
		case n == 0 || slot != last:
			units = append(units, u)
			last, off = slot, o
		case o < off:
			units[n-1], off = u, o
		}
	}
	return units
}

// place returns the slot of a day and its offset in it.
func (c *chain) place(d calendar.Day) (slot, rel int) {
	slot, at := cycles[c.rhythm].place(d)
	if rel = at - c.start; rel < 0 {
		rel += cycles[c.rhythm].length
		slot--
	}
	return slot, rel
}

// around returns the slot of a day and its offset, which is negative where the day
// is nearer to the next slot.
func (c *chain) around(d calendar.Day) (slot, rel int) {
	slot, rel = c.place(d)
	if length := cycles[c.rhythm].length; rel-c.hi > length-rel {
		return slot + 1, rel - length
	}
	return slot, rel
}

// holds reports whether an offset is as near to those of the chain as moved days are.
func (c *chain) holds(rel int) bool {
	widths := cycles[c.rhythm].widths
	most := widths[len(widths)-1]
	return rel > c.hi-most && rel < c.lo+most
}

// join joins chains of one rhythm that follow each other, as where a price changed.
func (s *search) join() {
	slices.SortFunc(s.found, func(x, y *chain) int { return cmp.Compare(x.units[0], y.units[0]) })
	for i := 0; i < len(s.found); i++ {
		c := s.found[i]
		for j := i + 1; j < len(s.found); j++ {
			if d := s.found[j]; s.follows(c, d) {
				c.units = append(c.units, d.units...)
				s.found = slices.Delete(s.found, j, j+1)
				j = i
			}
		}
	}
}

func (s *search) follows(c, d *chain) bool {
	if c.rhythm != d.rhythm || c.rhythm == Yearly {
		return false
	}
	last, next := &s.units[c.units[len(c.units)-1]], &s.units[d.units[0]]
	from, _ := c.around(last.day)
	to, rel := c.around(next.day)
	return c.holds(rel) && to > from && to <= from+3 && within(last.amount, next.amount, maxRaise)
}

// within reports whether neither amount is more than so many times the other.
func within(x, y, times money.Amount) bool { return x/times <= y && y/times <= x }

// fill gives a chain the free units of slots that have none.
func (s *search) fill(c *chain) {
	if c.rhythm == Yearly {
		return
	}
	taken := make(map[int]bool, len(c.units))
	first, _ := c.around(s.units[c.units[0]].day)
	last := first
	for _, u := range c.units {
		slot, _ := c.around(s.units[u].day)
		taken[slot] = true
		last = slot
	}
	typical := s.units[c.units[len(c.units)/2]].amount
	type offer struct {
		unit  int32
		count int
	}
	offers := make(map[int]offer)
	for i := range s.units {
		u := &s.units[i]
		if u.taken || !within(u.amount, typical, maxOdd) {
			continue
		}
		slot, rel := c.around(u.day)
		if !c.holds(rel) || taken[slot] {
			continue
		}
		o, known := offers[slot]
		o.count++
		if !known || (u.amount-typical).Abs() < (s.units[o.unit].amount-typical).Abs() {
			o.unit = int32(i)
		}
		offers[slot] = o
	}
	take := func(slot int) bool {
		if taken[slot] {
			return true
		}
		o, ok := offers[slot]
		if !ok {
			return false
		}
		u := &s.units[o.unit]
		if o.count > 1 && (u.amount-typical).Abs() > typical/8 {
			return false
		}
		c.units = append(c.units, o.unit)
		u.taken, taken[slot] = true, true
		return true
	}
	for slot := first + 1; slot < last; slot++ {
		take(slot)
	}
	for slot := last + 1; take(slot) || take(slot+1); slot++ {
	}
	for slot := first - 1; take(slot) || take(slot-1); slot-- {
	}
	slices.Sort(c.units)
}
