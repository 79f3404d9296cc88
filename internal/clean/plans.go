package clean

import (
	"cmp"
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
)

// placeRunning is step 4: the lines of running instalment plans. A line that is
// the lowest unbilled number of its purchase is on the open bill with the day D;
// later numbers are announced, each with the day one month after the one before,
// so that they lie in no window up to D. Unbilled is a number that no closed
// bill has, also one that was posted since: it is on the open bill by step 5, and
// the numbers after it are announced. Only chargeNumber makes a running
// instalment, and a line without a number is none.
func (b *billing) placeRunning(card *ledger.Card) {
	for rows := range runs(b.parts, samePurchase) {
		lowest := int32(0)
		for numbered := range runs(rows, sameNumber) {
			if number := numbered[0].number; lowest == 0 && number > 0 && b.isUnbilled(card, numbered) {
				lowest = number
			}
		}
		if lowest > 0 {
			b.placeUnbilled(card, rows, lowest)
		}
	}
}

// isUnbilled reports whether the lines of one number run, or one of them was
// posted after the newest bill closed.
func (b *billing) isUnbilled(card *ledger.Card, numbered []part) bool {
	newest := calendar.None
	for i := range b.bills {
		newest = max(newest, b.bills[i].billing)
	}
	since := false
	for i := range numbered {
		p := &numbered[i]
		if b.isBilled(card, p) {
			return false
		}
		since = since || !p.text && b.l.Movements[card.First+p.at].Posted > newest
	}
	return since || b.runs(card, numbered)
}

// runs reports whether one of the lines of one number runs, and none is billed.
func (b *billing) runs(card *ledger.Card, numbered []part) bool {
	running := false
	for i := range numbered {
		if b.isBilled(card, &numbered[i]) {
			return false
		}
		running = running || b.isRunning(card, &numbered[i])
	}
	return running
}

// isBilled reports whether a line is on a closed bill: one that the document has,
// or one that it does not have and that the line names. In a replay a name may be
// that of a bill that closed after D, whether the document still has it or not.
func (b *billing) isBilled(card *ledger.Card, p *part) bool {
	if b.place[p.at] >= 0 {
		return true
	}
	m := &b.l.Movements[card.First+p.at]
	return !b.l.Replay && m.Line.BillID != "" && m.Posted == calendar.None
}

func (b *billing) isRunning(card *ledger.Card, p *part) bool {
	m := &b.l.Movements[card.First+p.at]
	return b.place[p.at] == unplaced && !p.text && p.number > 0 && m.Posted == calendar.None
}

// placeUnbilled places the running lines of one purchase whose numbers are on no
// closed bill. A leftover of an instalment that is billed is left to step 5.
func (b *billing) placeUnbilled(card *ledger.Card, rows []part, lowest int32) {
	for numbered := range runs(rows, sameNumber) {
		if numbered[0].number == 0 || !b.runs(card, numbered) {
			continue
		}
		for i := range numbered {
			p := &numbered[i]
			if !b.isRunning(card, p) {
				continue
			}
			m := &b.l.Movements[card.First+p.at]
			b.place[p.at], m.Day = onOpen, b.l.Day
			if p.number > lowest {
				b.place[p.at], m.Day = toCome, b.l.Day.AddMonths(int(p.number-lowest))
			}
		}
	}
}

// part is a card line that is one instalment, or the full price, of a purchase.
type part struct {
	mark
	at       int32 // position on the card
	group    int32 // lines of equal direction, name and count
	purchase int32
	twin     int32 // which of equal purchases; leftover: none
	amount   money.Amount
	written  calendar.Day
	origin   calendar.Day // the day on which the purchase was made, as far as the line tells
	byDay    bool         // the written day is that of the purchase
	debt     bool         // an instalment of a bill or other debt, no purchase
}

// partKey is what the lines of a group share.
type partKey struct {
	name      string
	count     int32
	direction ledger.Direction
	debt      bool
}

func sameGroup(p, q *part) bool    { return p.group == q.group }
func samePurchase(p, q *part) bool { return p.purchase == q.purchase }
func sameNumber(p, q *part) bool   { return p.number == q.number }

// findParts lists the instalment lines of the card, purchase by purchase and
// inside a purchase by number.
//
// Lines of one purchase have equal direction, name and number of instalments,
// one origin and amounts that differ by no more than the cents that do not
// divide. The origin is the written day where lines carry the day of the
// purchase; else the written day less the months that the number tells, and the
// lines may lie some days off. Two equal purchases of one day have the same
// numbers: they are one run here, and tellTwins tells them apart.
func (b *billing) findParts(card *ledger.Card) {
	b.parts = b.parts[:0]
	clear(b.groups)
	b.counted(card, func(i int, m *ledger.Movement) {
		told, ok := instalmentMark(m)
		if !ok {
			return
		}
		debt := debtReason(m) != ""
		key := partKey{m.Name, told.count, m.Direction, debt}
		group, known := b.groups[key]
		if !known {
			group = int32(len(b.groups))
			if b.groups == nil {
				b.groups = make(map[partKey]int32)
			}
			b.groups[key] = group
		}
		b.parts = append(b.parts, part{mark: told, at: int32(i), group: group, amount: m.Amount, written: m.Written, debt: debt})
	})
	if len(b.parts) == 0 {
		return
	}
	b.findOrigins(card)
	b.tellPurchases()
}

// findOrigins finds the day of the purchase behind each line. A card's
// transmitter has one of two habits: every instalment carries the day of the
// purchase, or each its own, month by month. Lines that are posted or billed
// tell it: under the first habit number n is billed at least n − 1 months after
// its day, under the second within a month; a line of a later day than D is of
// the second. Where they do not, most lines of the first habit share their day
// with another number of the same name and count. Lines of one name and count
// that tell it otherwise than the card have their own. Debts, such as a bill paid
// in instalments, are made by the bank and tell nothing about purchases.
func (b *billing) findOrigins(card *ledger.Card) {
	slices.SortFunc(b.parts, func(p, q part) int {
		switch {
		case !p.debt && q.debt:
			return -1
		case p.debt && !q.debt:
			return 1
		case p.group != q.group:
			return cmp.Compare(p.group, q.group)
		case p.written != q.written:
			return cmp.Compare(p.written, q.written)
		case p.number != q.number:
			return cmp.Compare(p.number, q.number)
		}
		return cmp.Compare(p.at, q.at)
	})
	purchases := b.parts
	if debts := slices.IndexFunc(b.parts, func(p part) bool { return p.debt }); debts >= 0 {
		purchases = b.parts[:debts]
	}
	late, prompt := b.votes(card, purchases)
	cardByDay := late > prompt
	if late == prompt {
		cardByDay = shareDays(purchases)
	}
	for group := range runs(b.parts, sameGroup) {
		byDay := cardByDay
		if group[0].debt {
			byDay = shareDays(group)
		}
		if late, prompt := b.votes(card, group); late != prompt {
			byDay = late > prompt
		}
		for i := range group {
			p := &group[i]
			p.origin, p.byDay = p.written, byDay
			if !byDay && p.number > 1 {
				p.origin = p.written.AddMonths(1 - int(p.number))
			}
		}
	}
}

// votes counts the lines that were billed long after their day, and promptly.
func (b *billing) votes(card *ledger.Card, parts []part) (late, prompt int) {
	for i := range parts {
		p := &parts[i]
		m := &b.l.Movements[card.First+p.at]
		billed := m.Posted
		if billed == calendar.None && b.place[p.at] >= 0 {
			billed = b.bills[b.place[p.at]].billing
		}
		switch days := billed - m.Written; {
		case p.number < 2:
		case m.Written > b.l.Day:
			prompt++
		case billed == calendar.None:
		case days > longMonth && (p.number == 2 || days > longMonth+shortMonth/2):
			late++
		case days < shortMonth || p.number > 2:
			prompt++
		}
	}
	return late, prompt
}

const (
	shortMonth = 28
	longMonth  = 31
)

// shareDays reports whether most of the lines share their written day with
// another number of the same name and count.
func shareDays(parts []part) bool {
	shared := 0
	for day := range runs(parts, func(x, y *part) bool { return x.written == y.written && x.group == y.group }) {
		if day[0].number != day[len(day)-1].number {
			shared += len(day)
		}
	}
	return 2*shared > len(parts)
}

// maxOriginSpan is how many days the origins of one purchase may lie apart where
// each line has a day of its own: weekends, short months.
const maxOriginSpan = 6

// cent is the unit in which the instalments of one purchase may differ.
const cent = money.Scale / 100

// tellPurchases numbers the purchases and sorts their lines by number. The lines
// lie group by group. Where lines carry the day of the purchase, those of one day
// are told apart by their amounts. Else the origins of two purchases may mix, as
// short months move them, and the amounts come first.
func (b *billing) tellPurchases() {
	b.purchases = b.purchases[:0]
	for group := range runs(b.parts, sameGroup) {
		coarse, fine := &amountSieve, &originSieve
		if group[0].byDay {
			coarse, fine = fine, coarse
		}
		slices.SortFunc(group, coarse.compare)
		for together := range runs(group, coarse.together) {
			slices.SortFunc(together, fine.compare)
			for one := range runs(together, fine.together) {
				slices.SortFunc(one, byNumber)
				for i := range one {
					one[i].purchase = int32(len(b.purchases))
				}
				b.purchases = append(b.purchases, purchase{first: one[0], lines: int32(len(one))})
			}
		}
	}
	if b.joinFirsts() {
		slices.SortFunc(b.parts, func(p, q part) int {
			return cmp.Or(cmp.Compare(p.purchase, q.purchase), byNumber(p, q))
		})
	}
}

// sieve divides lines: those that lie together in its order may be of one purchase.
type sieve struct {
	compare  func(p, q part) int
	together func(first, next *part) bool
}

var (
	originSieve = sieve{
		compare: func(p, q part) int {
			return cmp.Or(cmp.Compare(p.origin, q.origin), cmp.Compare(p.at, q.at))
		},
		together: func(first, next *part) bool { return next.origin-first.origin <= first.span() },
	}
	amountSieve = sieve{
		compare: func(p, q part) int {
			return cmp.Or(cmp.Compare(p.amount, q.amount), cmp.Compare(p.at, q.at))
		},
		together: equalAmount,
	}
)

// span returns how many days the origins of one purchase may lie apart.
func (p *part) span() calendar.Day {
	if p.byDay {
		return 0
	}
	return maxOriginSpan
}

func byNumber(p, q part) int {
	switch {
	case p.number != q.number:
		return cmp.Compare(p.number, q.number)
	case p.origin != q.origin:
		return cmp.Compare(p.origin, q.origin)
	}
	return cmp.Compare(p.at, q.at)
}

// equalAmount reports whether the amounts of two instalments differ by no more
// than the cents that do not divide.
func equalAmount(less, more *part) bool {
	return more.amount-less.amount < money.Amount(less.count)*cent
}

// purchase is a run of parts: one purchase, or equal ones of one day.
type purchase struct {
	first part // of the smallest number
	lines int32
}

// maxFirstGap is how many days before the others' origin a first instalment may
// lie that has the day of the purchase, where the others have their bill's day.
const maxFirstGap = 31

// joinFirsts joins a lone first instalment with the later numbers of the same
// purchase. A purchase that is at its first number is not older than one that is
// past it, so where its origin is the older one, the two are one. The purchases
// lie group by group, those of one amount by origin. It reports whether any were
// joined.
func (b *billing) joinFirsts() bool {
	var joined map[int32]int32
	for i := 1; i < len(b.purchases); i++ {
		p, q := &b.purchases[i-1], &b.purchases[i]
		if !p.first.byDay && p.lines == 1 && p.first.number == 1 && q.first.number > 1 && p.first.group == q.first.group &&
			q.first.origin-p.first.origin <= maxFirstGap && (equalAmount(&p.first, &q.first) && equalAmount(&q.first, &p.first)) {
			if joined == nil {
				joined = make(map[int32]int32)
			}
			joined[int32(i-1)] = int32(i)
		}
	}
	if joined == nil {
		return false
	}
	for i := range b.parts {
		if to, ok := joined[b.parts[i].purchase]; ok {
			b.parts[i].purchase = to
		}
	}
	return true
}

// tellTwins tells equal purchases of one day apart: the n-th line of a number
// belongs to the n-th purchase. They are as many as the bills that name their
// lines have of one number; a further line of a billed number is a leftover and
// belongs to none.
func (b *billing) tellTwins() {
	for rows := range runs(b.parts, samePurchase) {
		twins := int32(b.twins(rows))
		for numbered := range runs(rows, sameNumber) {
			slices.SortStableFunc(numbered, func(p, q part) int {
				return cmp.Compare(min(b.place[q.at], 0), min(b.place[p.at], 0)) // billed ones first
			})
			for i := range numbered {
				numbered[i].twin = int32(i)
				if int32(i) >= twins {
					numbered[i].twin = leftover
				}
			}
		}
	}
}

// leftover is the twin of a line that belongs to no purchase.
const leftover = -1

// appendPlans writes down the card's plans, by their first line. What they
// amount to is told by the step of instalments.
func (b *billing) appendPlans(card *ledger.Card, index int32) {
	from := len(b.l.Plans)
	for rows := range runs(b.parts, samePurchase) {
		first := len(b.l.Plans)
		for i := range rows {
			p := &rows[i]
			m := &b.l.Movements[card.First+p.at]
			if p.twin == leftover || m.Direction == ledger.Credit {
				continue
			}
			for first+int(p.twin) >= len(b.l.Plans) {
				b.l.Plans = append(b.l.Plans, ledger.Plan{Card: index, Name: m.Name, Count: p.count, Whole: -1})
			}
			plan := &b.l.Plans[first+int(p.twin)]
			if p.number == 0 {
				plan.Whole = card.First + p.at
				continue
			}
			if plan.Lines == nil {
				plan.Lines = make([]ledger.PlanLine, 0, min(len(rows), int(p.count)))
			}
			plan.Lines = append(plan.Lines, ledger.PlanLine{Number: p.number, Movement: card.First + p.at})
		}
	}
	slices.SortStableFunc(b.l.Plans[from:], func(p, q ledger.Plan) int { return cmp.Compare(firstLine(&p), firstLine(&q)) })
}

// firstLine returns the first movement of a plan in document order.
func firstLine(p *ledger.Plan) int32 {
	first := p.Whole
	for i := range p.Lines {
		if at := p.Lines[i].Movement; first < 0 || at < first {
			first = at
		}
	}
	return first
}

// twins returns how many equal purchases the lines are of.
func (b *billing) twins(rows []part) int {
	billed, all := 0, 0
	for numbered := range runs(rows, sameNumber) {
		n := 0
		for i := range numbered {
			if b.place[numbered[i].at] >= 0 {
				n++
			}
		}
		billed, all = max(billed, n), max(all, len(numbered))
	}
	if billed > 0 {
		return billed
	}
	return all
}

// runs iterates over the runs of neighbours that belong together with the first
// of them.
func runs[T any](list []T, together func(first, next *T) bool) func(yield func([]T) bool) {
	return func(yield func([]T) bool) {
		for start := 0; start < len(list); {
			end := start + 1
			for end < len(list) && together(&list[start], &list[end]) {
				end++
			}
			if !yield(list[start:end]) {
				return
			}
			start = end
		}
	}
}
