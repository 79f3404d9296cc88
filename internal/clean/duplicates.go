package clean

import (
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
)

// markDuplicates marks the entries that tell a real movement a second time, per
// account or card, by three rules in turn. Each marked entry names the counted
// one that stays. Nothing else is a duplicate: when no rule applies, both stay.
// What an earlier run found is told anew.
func markDuplicates(l *ledger.Ledger, _ Options) {
	for i := range l.Movements {
		if m := &l.Movements[i]; m.Standing == ledger.Duplicate || m.Standing == ledger.Counted && m.StandingReason != "" {
			m.Standing, m.Original, m.StandingReason = ledger.Counted, -1, ""
		}
	}
	d := duplicates{l: l}
	for i := range l.Accounts {
		d.in(l.Accounts[i].First, l.Accounts[i].End)
	}
	for i := range l.Cards {
		d.in(l.Cards[i].First, l.Cards[i].End)
	}
}

// duplicates works on one account or card at a time and keeps its buffers.
type duplicates struct {
	l       *ledger.Ledger
	first   int32   // of the account or card
	matched []bool  // by rule 1, from first on
	losers  []int32 // marked so far
	byID    map[string]int32
	twins   map[twinKey]int32
	nth     map[nthKey]int32
	counts  [][ledger.CardCurrent + 1]int32
}

func (d *duplicates) in(first, end int32) {
	d.first = first
	d.matched = slices.Grow(d.matched[:0], int(end-first))[:end-first]
	clear(d.matched)
	d.losers = d.losers[:0]
	d.equalIDs(end)
	d.acrossLists(end)
	d.posted(end)
	d.settle()
}

// equalIDs is rule 1: of entries with one transactionId one stays, an effective
// one before a pending or future one, then the one under a bill, then the first
// in document order.
func (d *duplicates) equalIDs(end int32) {
	if d.byID == nil {
		d.byID = make(map[string]int32, end-d.first)
	}
	clear(d.byID)
	for at := d.first; at < end; at++ {
		m := &d.l.Movements[at]
		if m.Standing != ledger.Counted || sentID(m) == "" {
			continue
		}
		stays, seen := d.byID[m.ID]
		if !seen {
			d.byID[m.ID] = at
			continue
		}
		d.matched[at-d.first], d.matched[stays-d.first] = true, true
		d.byID[m.ID] = d.keep(stays, at, "duplicate/same-id")
	}
}

// twinKey is what two entries in two lists must share to be one. The day is the
// written one, and the instalment's number belongs to it: the instalments of one
// purchase all may carry the day of the purchase and are not twins.
type twinKey struct {
	day        calendar.Day
	direction  ledger.Direction
	amount     money.Amount
	name, kind string
	instalment string
}

// nthKey is the n-th entry of one twinKey in any list.
type nthKey struct {
	twin, n int32
}

// acrossLists is rule 2: of entries that rule 1 did not match and that stand in
// two different lists with equal day, direction, amount, transactionName and
// type, the n-th of one list is the n-th of the other, so two equal entries of
// one list stay two.
func (d *duplicates) acrossLists(end int32) {
	from, to := d.overlap(end)
	if from > to {
		return
	}
	if d.twins == nil {
		d.twins = make(map[twinKey]int32)
		d.nth = make(map[nthKey]int32)
	}
	clear(d.twins)
	clear(d.nth)
	d.counts = d.counts[:0]
	for at := d.first; at < end; at++ {
		m := &d.l.Movements[at]
		if m.Standing != ledger.Counted || d.matched[at-d.first] || m.Written < from || m.Written > to {
			continue
		}
		key := keyOfTwins(m)
		twin, seen := d.twins[key]
		if !seen {
			twin = int32(len(d.counts))
			d.twins[key] = twin
			d.counts = append(d.counts, [ledger.CardCurrent + 1]int32{})
		}
		d.counts[twin][m.Source]++
		nth := nthKey{twin, d.counts[twin][m.Source]}
		stays, seen := d.nth[nth]
		if !seen {
			d.nth[nth] = at
			continue
		}
		d.nth[nth] = d.keep(stays, at, "duplicate/two-lists")
	}
	d.tellDoubts()
}

// tellDoubts says of what rule 2 kept that one list has more of them than any
// other: it may be one movement more, or one told twice.
func (d *duplicates) tellDoubts() {
	for nth, at := range d.nth {
		lists, long := 0, 0 // with an equal entry, and with so many of them
		for _, count := range d.counts[nth.twin] {
			if count > 0 {
				lists++
			}
			if count >= nth.n {
				long++
			}
		}
		if lists > 1 && long == 1 {
			d.l.Movements[at].StandingReason = "twin/more-in-one-list"
		}
	}
}

// overlap returns the days that may stand in two lists: those of all lists but
// the longest, as transactions-current covers only the last days of a long
// history. from is after to when there is only one list.
func (d *duplicates) overlap(end int32) (from, to calendar.Day) {
	var count [ledger.CardCurrent + 1]int
	for at := d.first; at < end; at++ {
		count[d.l.Movements[at].Source]++
	}
	longest := ledger.Source(0)
	for source := range count {
		if count[source] > count[longest] {
			longest = ledger.Source(source)
		}
	}
	from, to = 1, 0
	for at := d.first; at < end; at++ {
		m := &d.l.Movements[at]
		switch {
		case m.Source == longest:
		case from > to:
			from, to = m.Written, m.Written
		default:
			from, to = min(from, m.Written), max(to, m.Written)
		}
	}
	return from, to
}

func keyOfTwins(m *ledger.Movement) twinKey {
	k := twinKey{day: m.Written, direction: m.Direction, amount: m.Amount, name: m.SentName()}
	if m.Entry != nil {
		k.kind = m.Entry.Type
		return k
	}
	k.kind, k.instalment = m.Line.TransactionType, m.Line.ChargeIdentificator
	return k
}

// maxPostingDays is how far a pending or future entry may lie from its posting.
const maxPostingDays = 3

// postingKey is what a pending entry and its posting share.
type postingKey struct {
	direction ledger.Direction
	amount    money.Amount
	name      string
}

type postingDay struct {
	group int32
	day   calendar.Day
}

// posted is rule 3: a pending or future entry goes when an effective entry of
// equal direction, amount and normalised name lies at most 3 days away. One
// effective entry takes away at most one: the nearest in days first, then the
// earlier in document order.
func (d *duplicates) posted(end int32) {
	groups := make(map[postingKey]int32)
	var waiting, groupOf []int32 // pending and future entries, and their groups
	for at := d.first; at < end; at++ {
		m := &d.l.Movements[at]
		if m.Standing != ledger.Counted || m.Phase == ledger.Effective {
			continue
		}
		key := postingKey{m.Direction, m.Amount, m.Name}
		group, seen := groups[key]
		if !seen {
			group = int32(len(groups))
			groups[key] = group
		}
		waiting, groupOf = append(waiting, at), append(groupOf, group)
	}
	if len(waiting) == 0 {
		return
	}
	postings := make(map[postingDay][]int32) // free effective entries, in document order
	for at := d.first; at < end; at++ {
		m := &d.l.Movements[at]
		if m.Standing != ledger.Counted || m.Phase != ledger.Effective {
			continue
		}
		if group, wanted := groups[postingKey{m.Direction, m.Amount, m.Name}]; wanted {
			key := postingDay{group, m.Day}
			postings[key] = append(postings[key], at)
		}
	}
	for distance := range calendar.Day(maxPostingDays + 1) {
		for i, at := range waiting {
			m := &d.l.Movements[at]
			if m.Standing != ledger.Counted {
				continue
			}
			before, after := postingDay{groupOf[i], m.Day - distance}, postingDay{groupOf[i], m.Day + distance}
			posting, ok := takeFirst(postings, before, after)
			if ok {
				d.lose(at, posting, "duplicate/posted")
			}
		}
	}
}

// takeFirst takes the entry that is earlier in document order out of two lists.
func takeFirst(postings map[postingDay][]int32, a, b postingDay) (at int32, ok bool) {
	if len(postings[a]) == 0 || (len(postings[b]) > 0 && postings[b][0] < postings[a][0]) {
		a = b
	}
	list := postings[a]
	if len(list) == 0 {
		return 0, false
	}
	postings[a] = list[1:]
	return list[0], true
}

// keep marks one of two entries, given in document order, as duplicate of the
// other and returns the one that stays.
func (d *duplicates) keep(earlier, later int32, reason string) int32 {
	a, b := &d.l.Movements[earlier], &d.l.Movements[later]
	effectiveA, effectiveB := a.Phase == ledger.Effective, b.Phase == ledger.Effective
	billA, billB := a.Source == ledger.BillLines, b.Source == ledger.BillLines
	laterStays := effectiveB && !effectiveA || effectiveA == effectiveB && billB && !billA
	if laterStays {
		d.lose(earlier, later, reason)
		return later
	}
	d.lose(later, earlier, reason)
	return earlier
}

func (d *duplicates) lose(at, stays int32, reason string) {
	m := &d.l.Movements[at]
	m.Standing, m.Original, m.StandingReason = ledger.Duplicate, stays, reason
	d.losers = append(d.losers, at)
}

// settle lets every duplicate name the entry that stayed in the end: one that
// won and lost later is no original. Losers are visited newest first, so an
// original's own original is settled before.
func (d *duplicates) settle() {
	for _, at := range slices.Backward(d.losers) {
		m := &d.l.Movements[at]
		if original := &d.l.Movements[m.Original]; original.Standing == ledger.Duplicate {
			m.Original = original.Original
		}
	}
}

// sentID returns the bank's id, "" for an entry that came without.
func sentID(m *ledger.Movement) string {
	if m.Entry != nil {
		return m.Entry.TransactionID
	}
	return m.Line.TransactionID
}
