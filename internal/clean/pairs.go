package clean

import (
	"cmp"
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
)

// pairer pairs legs of equal amount.
//
// Two legs that may be one transfer are joined by an edge, whose grade says how
// good the evidence is. Grade by grade, best first, an edge becomes a pair when
// neither leg has a rival left. So a pair is never made because it came first:
// where two are as good, all stay open. The order of legs, accounts and days
// does not matter. Rivals of an edge are, of the edges that share a leg with it,
//
//   - those to another account of this grade or a better one;
//   - those between the same two accounts that are as close in time or closer.
//     A name or a bank tells one account from another, but of two payments
//     between the same two accounts only the time tells which is which, as
//     banks send the counterparty with one payment and not with the next. But
//     who seems to name somebody else is no rival of who does not.
//
// Legs that tell nothing on either side could be a friend's money and a purchase
// of equal amount. They are a pair only when their times are minutes apart, or
// when the amount keeps to pairs: of all such legs of this amount in the two
// accounts, more find a partner than not.
//
// A leg with more than maxCrowd candidates is left open at once, so pairing
// takes O(n log n) whatever the document holds.
type pairer struct {
	l     *ledger.Ledger
	legs  []leg
	links []ledger.Link

	edges   []edge
	crowds  []int32             // by place in a list of credits: how many crowds of candidates begin there, less how many end
	closest map[rival]closest   // by leg and account of the other side
	reached map[int32]reached   // by leg: the accounts that its edges of a grade lead to
	silent  map[accountSide]int // open legs that are not own, by account
	paired  map[accountPair]int // of them in pairs
}

type rival struct{ leg, account int32 }

// closest are the closest edges of a leg to one account, in time.
type closest struct {
	closeness closeness
	n         int
}

// reached is the account that the edges of a leg lead to.
type reached struct {
	account int32
	several bool
}

type accountSide struct {
	account int32
	credit  bool
}

type accountPair struct{ from, to int32 }

// maxCrowd is how many candidates are looked at.
const maxCrowd = 32

// grade says how good the evidence for a pair is, the best first.
type grade uint8

const (
	byPayment      grade = iota // both have one end-to-end id
	byMoment                    // one is own, and they are minutes apart
	byAccounts                  // each names the other's account
	byAccount                   // one names the other's account
	byBothDay                   // both are own, on one day
	byBank                      // one is own and one names the other's bank
	byBoth                      // both are own
	byOneDay                    // one is own, on one day
	byOne                       // one is own
	bySavings                   // one tells of the savings account that the other one is in
	byName                      // one is likely
	bySilentMoment              // neither is, minutes apart
	byAmount                    // neither is, on one day
	byOtherName                 // one names the account that the other is in, which seems to name somebody else
)

var grades = [...]struct {
	reason   string
	sureness uint16
}{
	byPayment:      {"own-transfer/payment-id", 999},
	byMoment:       {"own-transfer/moment", 995},
	byAccounts:     {"own-transfer/account", 998},
	byAccount:      {"own-transfer/account", 995},
	byBothDay:      {"own-transfer/both-legs", 990},
	byBank:         {"own-transfer/bank", 985},
	byBoth:         {"own-transfer/both-legs", 980},
	byOneDay:       {"own-transfer/one-leg-and-day", 970},
	byOne:          {"own-transfer/one-leg", 950},
	bySavings:      {"own-transfer/savings", 950},
	byName:         {"own-transfer/name-and-unique-pair", 930},
	bySilentMoment: {"own-transfer/unique-pair-and-moment", 920},
	byAmount:       {"own-transfer/unique-pair", 850},
	byOtherName:    {"own-transfer/account", 950},
}

// closeness says how close in time the two sides of an edge are.
type closeness uint8

const (
	samePayment closeness = iota
	sameSeconds
	sameMoment
	sameDay
	nearDay
)

// edge joins a debit and a credit, indices into legs.
type edge struct {
	debit, credit int32
	grade         grade
	closeness     closeness
}

// pairAll pairs the legs, amount by amount.
func (m *pairer) pairAll() {
	order := make([]int32, len(m.legs))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		x, y := &m.legs[a], &m.legs[b]
		return cmp.Or(cmp.Compare(x.amount, y.amount), cmp.Compare(side(x.credit), side(y.credit)), cmp.Compare(x.day, y.day), cmp.Compare(a, b))
	})
	m.closest, m.reached = make(map[rival]closest), make(map[int32]reached)
	for len(order) > 0 {
		n := 1
		for n < len(order) && m.legs[order[n]].amount == m.legs[order[0]].amount {
			n++
		}
		debits := 0
		for debits < n && !m.legs[order[debits]].credit {
			debits++
		}
		if debits > 0 && debits < n {
			m.pairEqual(order[:debits], order[debits:n])
		}
		order = order[n:]
	}
}

func side(credit bool) int {
	if credit {
		return 1
	}
	return 0
}

// pairEqual pairs legs of one amount, both lists by day.
func (m *pairer) pairEqual(debits, credits []int32) {
	m.edges = m.edges[:0]
	m.crowds = slices.Grow(m.crowds[:0], len(credits)+1)[:len(credits)+1]
	clear(m.crowds)
	crowded := false
	for _, d := range debits {
		crowded = !m.addEdges(d, credits) || crowded
	}
	if crowded {
		m.dropCrowded(credits)
	}
	if len(m.edges) == 0 {
		return
	}
	m.pairGrades(debits, credits)
	for range maxRounds {
		if !m.pairNamed() {
			break
		}
		m.pairGrades(debits, credits)
	}
	m.equalLegs()
}

// maxRounds bounds how often a pair made by name makes others possible.
const maxRounds = 8

func (m *pairer) pairGrades(debits, credits []int32) {
	for g := byPayment; g <= byOtherName; g++ {
		if slices.ContainsFunc(m.edges, func(e edge) bool { return e.grade == g && m.isOpen(e) }) {
			m.pairForced(g, debits, credits)
		}
	}
}

// pairNamed pairs the legs that name their other side's account and have only
// one candidate left there: as that account is in the document, the other side
// must be this one, whatever else it could be paired with. It reports whether
// there was one.
func (m *pairer) pairNamed() bool {
	degree := make(map[int32]int)
	for _, e := range m.edges {
		if m.isOpen(e) {
			degree[e.debit]++
			degree[e.credit]++
		}
	}
	claims := make(map[int32]int) // by leg that is the only candidate of others
	var forced []edge
	for _, e := range m.edges {
		byDebit := degree[e.debit] == 1 && m.legs[e.debit].named >= 0
		byCredit := degree[e.credit] == 1 && m.legs[e.credit].named >= 0
		if !m.isOpen(e) || e.grade > byOne || !byDebit && !byCredit {
			continue
		}
		claims[e.debit]++
		claims[e.credit]++
		forced = append(forced, e)
	}
	made := false
	for _, e := range forced {
		if claims[e.debit] == 1 && claims[e.credit] == 1 {
			m.pair(e)
			made = true
		}
	}
	return made
}

// addEdges joins a debit to the credits that it may be one transfer with. It
// returns false, and joins it to none, when there are too many.
func (m *pairer) addEdges(d int32, credits []int32) bool {
	debit := &m.legs[d]
	latest := debit.day + maxSettlement
	if debit.rail == pix {
		latest = debit.day + 1
	}
	byDay := func(i int32, day calendar.Day) int { return cmp.Compare(m.legs[i].day, day) }
	from, _ := slices.BinarySearchFunc(credits, debit.day-1, byDay)
	to, _ := slices.BinarySearchFunc(credits, latest+1, byDay)
	if to-from > maxCrowd {
		m.crowds[from]++
		m.crowds[to]--
		return false
	}
	for _, c := range credits[from:to] {
		if e, ok := m.edge(d, c); ok {
			m.edges = append(m.edges, e)
		}
	}
	return true
}

// dropCrowded takes the edges away of credits that are in a crowd of candidates:
// they have more rivals than their edges tell.
func (m *pairer) dropCrowded(credits []int32) {
	inCrowd := make(map[int32]bool)
	depth := int32(0)
	for i, c := range credits {
		depth += m.crowds[i]
		if depth > 0 {
			inCrowd[c] = true
		}
	}
	m.edges = slices.DeleteFunc(m.edges, func(e edge) bool { return inCrowd[e.credit] })
}

// maxSettlement is the most days that a TED takes: from Friday to Monday.
const maxSettlement = 3

// edge joins two legs when they may be one transfer.
func (m *pairer) edge(d, c int32) (edge, bool) {
	debit, credit := &m.legs[d], &m.legs[c]
	g, ok := m.grade(debit, credit)
	e := edge{d, c, g, nearDay}
	switch {
	case g == byPayment:
		e.closeness = samePayment
	case secondsApart(debit, credit):
		e.closeness = sameSeconds
	case minutesApart(debit, credit):
		e.closeness = sameMoment
	case debit.day == credit.day:
		e.closeness = sameDay
	}
	return e, ok
}

// grade reports whether two legs may be one transfer, and how good the evidence is.
func (m *pairer) grade(debit, credit *leg) (grade, bool) {
	from, to := &m.l.Accounts[debit.account], &m.l.Accounts[credit.account]
	if debit.account == credit.account || from.Company != to.Company {
		return 0, false
	}
	if debit.rail != credit.rail && debit.rail != unknownRail && credit.rail != unknownRail {
		return 0, false
	}
	if (debit.rail == internal || credit.rail == internal) && from.Institution != to.Institution {
		return 0, false
	}
	saves := (debit.savings || credit.savings) && (from.Kind == ledger.Savings) != (to.Kind == ledger.Savings)
	if (debit.savings || credit.savings) && !saves {
		return 0, false
	}
	if debit.bank != "" && !atBank(to, debit.bank) || credit.bank != "" && !atBank(from, credit.bank) {
		return 0, false
	}
	if debit.named >= 0 && debit.named != credit.account || credit.named >= 0 && credit.named != debit.account {
		return 0, false
	}
	if debit.payment != "" && credit.payment != "" {
		return byPayment, debit.payment == credit.payment
	}
	best, least := max(debit.tells, credit.tells), min(debit.tells, credit.tells)
	apart := credit.day - debit.day
	switch {
	case apart == 0:
	case (apart == 1 || apart == -1) && (debit.rail != pix || acrossMidnight(debit, credit)):
	case best == own && apart > 1 && debit.rail != pix && settles(debit.day, credit.day):
	default:
		return 0, false
	}
	names := debit.named >= 0 || credit.named >= 0
	switch {
	case least == other:
		// A text with an unknown word: only the account itself outweighs it.
		return byOtherName, names && best == own
	case best == own && minutesApart(debit, credit):
		return byMoment, true
	case debit.named >= 0 && credit.named >= 0:
		return byAccounts, true
	case names:
		return byAccount, true
	case best == own && least == own && apart == 0:
		return byBothDay, true
	case best == own && (debit.bank != "" || credit.bank != ""):
		return byBank, true
	case bothTimed(debit, credit) && least < own:
		return bySilentMoment, minutesApart(debit, credit)
	case best == own && least == own:
		return byBoth, true
	case best == own && apart == 0:
		return byOneDay, true
	case best == own:
		return byOne, true
	case saves && debit.rail == internal && credit.rail == internal:
		return bySavings, apart == 0
	case best == likely:
		return byName, true
	case debit.rail == unknownRail || credit.rail == unknownRail:
		return 0, false
	}
	return byAmount, apart == 0
}

// acrossMidnight reports whether the two sides of a PIX, which settles at once,
// may be booked on two days: as far as times are known, late on the earlier day
// (by UTC it is the next from 21 h on) or early on the later one. On Sundays
// some banks book for Monday.
func acrossMidnight(debit, credit *leg) bool {
	earlier, later := debit, credit
	if credit.day < debit.day {
		earlier, later = credit, debit
	}
	if weekend(earlier.day) && !weekend(later.day) && !later.timed {
		return true
	}
	return (!earlier.timed || hour(earlier.instant) >= 21) && (!later.timed || hour(later.instant) < 3)
}

// hour returns the hour of day in São Paulo, which has had no summer time since
// PIX began.
func hour(instant int64) int64 {
	return (instant/millisPerHour + 24 - 3) % 24
}

// momentMillis is how far the two sides of one transfer are booked apart at
// most, where both have a time. Texts tell it to the minute.
const momentMillis = 3 * millisPerMinute

func minutesApart(debit, credit *leg) bool {
	apart := credit.instant - debit.instant
	return debit.timed && credit.timed && apart >= -momentMillis && apart <= momentMillis
}

// settlementMillis is how long a PIX takes, as the Banco Central promises it.
const settlementMillis = 10_000

// secondsApart reports whether two legs of a PIX are as close in time as the two
// sides of one are. It tells apart payments made in one minute.
func secondsApart(debit, credit *leg) bool {
	apart := credit.instant - debit.instant
	return bothTimed(debit, credit) && debit.exact && credit.exact && apart >= -settlementMillis && apart <= settlementMillis
}

// bothTimed reports whether two legs are of a PIX and their times are known:
// then they are one only when the times agree, unless both are own.
func bothTimed(debit, credit *leg) bool {
	return debit.timed && credit.timed && debit.rail == pix && credit.rail == pix
}

// settles reports whether a TED sent on one day may arrive on the other: all
// days between are of a weekend.
func settles(sent, arrived calendar.Day) bool {
	for day := sent + 1; day < arrived; day++ {
		if !weekend(day) {
			return false
		}
	}
	return true
}

// weekend reports whether a day is a Saturday or Sunday. 1970-01-01, day 0, was
// a Thursday.
func weekend(day calendar.Day) bool {
	weekday := ((int(day)+4)%7 + 7) % 7
	return weekday == 0 || weekday == 6
}

// pairForced makes the pairs of a grade that have no rivals.
func (m *pairer) pairForced(g grade, debits, credits []int32) {
	clear(m.closest)
	clear(m.reached)
	for _, e := range m.edges {
		if m.isOpen(e) {
			m.note(e, e.debit, m.legs[e.credit].account, g)
			m.note(e, e.credit, m.legs[e.debit].account, g)
		}
	}
	forced := func(e edge) bool {
		return e.grade <= g && m.isOpen(e) &&
			m.isAlone(e, e.debit, m.legs[e.credit].account) && m.isAlone(e, e.credit, m.legs[e.debit].account)
	}
	if g >= byAmount {
		m.countSilent(forced, debits, credits)
	}
	for _, e := range m.edges {
		if forced(e) && (e.grade != byAmount || m.keepsToPairs(e)) {
			m.pair(e)
		}
	}
}

// note notes an edge of a leg to another account.
func (m *pairer) note(e edge, leg, account int32, g grade) {
	if e.grade == byOtherName && g < byOtherName {
		return
	}
	key := rival{leg, account}
	switch near, known := m.closest[key]; {
	case !known || e.closeness < near.closeness:
		m.closest[key] = closest{e.closeness, 1}
	case e.closeness == near.closeness:
		near.n++
		m.closest[key] = near
	}
	if e.grade > g {
		return
	}
	if to, known := m.reached[leg]; !known {
		m.reached[leg] = reached{account: account}
	} else if to.account != account {
		m.reached[leg] = reached{several: true}
	}
}

// isAlone reports whether an edge of a leg to another account has no rivals.
func (m *pairer) isAlone(e edge, leg, account int32) bool {
	near := m.closest[rival{leg, account}]
	return !m.reached[leg].several && near.closeness == e.closeness && near.n == 1
}

func (m *pairer) isOpen(e edge) bool {
	return m.legs[e.debit].partner < 0 && m.legs[e.credit].partner < 0
}

// countSilent counts, by account, the open legs of an amount that are not own,
// and, by two accounts, those of them that could be paired.
func (m *pairer) countSilent(forced func(edge) bool, debits, credits []int32) {
	m.silent, m.paired = make(map[accountSide]int), make(map[accountPair]int)
	for _, list := range [][]int32{debits, credits} {
		for _, i := range list {
			if g := &m.legs[i]; g.partner < 0 && g.tells != own && g.tells != other {
				m.silent[accountSide{g.account, g.credit}]++
			}
		}
	}
	for _, e := range m.edges {
		if forced(e) {
			m.paired[accountPair{m.legs[e.debit].account, m.legs[e.credit].account}] += 2
		}
	}
}

// keepsToPairs reports whether, of the open legs of this amount that leave the
// one account and reach the other, more find a partner than not.
func (m *pairer) keepsToPairs(e edge) bool {
	from, to := m.legs[e.debit].account, m.legs[e.credit].account
	return 2*m.paired[accountPair{from, to}] > m.silent[accountSide{from, false}]+m.silent[accountSide{to, true}]
}

func (m *pairer) pair(e edge) {
	debit, credit := &m.legs[e.debit], &m.legs[e.credit]
	debit.partner, credit.partner = e.credit, e.debit
	g := grades[e.grade]
	setRole(&m.l.Movements[debit.at], ledger.RoleOwnTransfer, g.reason)
	setRole(&m.l.Movements[credit.at], ledger.RoleOwnTransfer, g.reason)
	m.links = append(m.links, ledger.Link{
		Kind: ledger.LinkOwnTransfer, From: debit.at, To: credit.at, Amount: debit.amount, Reason: g.reason, Sureness: g.sureness,
	})
}

// equalLegs settles legs that cannot be told apart: where as many debits as
// credits of one amount are joined each to each and all of one side are own,
// all are own transfers, whichever belongs to which. They get the role, and no
// link.
func (m *pairer) equalLegs() {
	var sets disjointSets
	for _, e := range m.edges {
		if m.isOpen(e) && e.grade <= byOne {
			sets.join(e.debit, e.credit)
		}
	}
	if len(sets.parent) == 0 {
		return
	}
	type component struct {
		debits, credits, edges int
		allDebits, allCredits  bool // are own
	}
	components := make(map[int32]*component)
	for i := range sets.parent {
		root := sets.find(i)
		if components[root] == nil {
			components[root] = &component{allDebits: true, allCredits: true}
		}
		c, g := components[root], &m.legs[i]
		if g.credit {
			c.credits++
			c.allCredits = c.allCredits && g.tells == own
		} else {
			c.debits++
			c.allDebits = c.allDebits && g.tells == own
		}
	}
	for _, e := range m.edges {
		if m.isOpen(e) && e.grade <= byOne {
			components[sets.find(e.debit)].edges++
		}
	}
	for i := range sets.parent {
		c := components[sets.find(i)]
		if c.debits == c.credits && c.edges == c.debits*c.credits && (c.allDebits || c.allCredits) {
			setRole(&m.l.Movements[m.legs[i].at], ledger.RoleOwnTransfer, "own-transfer/equal-legs")
		}
	}
}

// disjointSets are sets of legs that edges join.
type disjointSets struct {
	parent map[int32]int32
}

func (s *disjointSets) find(i int32) int32 {
	for s.parent[i] != i {
		s.parent[i] = s.parent[s.parent[i]]
		i = s.parent[i]
	}
	return i
}

func (s *disjointSets) join(a, b int32) {
	if s.parent == nil {
		s.parent = make(map[int32]int32)
	}
	for _, i := range [...]int32{a, b} {
		if _, known := s.parent[i]; !known {
			s.parent[i] = i
		}
	}
	s.parent[s.find(a)] = s.find(b)
}
