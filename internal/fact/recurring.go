package fact

import (
	"cmp"
	"slices"
	"strings"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/text"
)

// RecurringGroup is a series of payments of one counterparty or text that keeps a
// rhythm, on checking accounts and cards.
type RecurringGroup struct {
	Direction ledger.Direction
	Movements []int32      // newest first
	Average   money.Amount // mean of the last 6 occurrences
	Count     int          // occurrences
	Pace      Pace
}

// RecurringGroups returns the recurring groups of the person or company, debits
// first, then by falling average, then by the name of the newest entry.
//
// Every movement is in one group at most. Without own transfers, what came back,
// sweeps, investments (0503), payments of card bills, and purchases in instalments:
// those are one purchase each.
func (f *Facts) RecurringGroups(company bool) []RecurringGroup {
	which := whose(company)
	if f.recurring[which] == nil {
		f.recurring[which] = f.findRecurring(company)
	}
	return f.recurring[which]
}

// newestForAverage is how many occurrences the average amount is of.
const newestForAverage = 6

func (f *Facts) findRecurring(company bool) []RecurringGroup {
	groups := []RecurringGroup{}
	short := f.Flows(company).Coverage.Days < shortCoverage
	months := f.verifiedMonths(company)
	var s search
	f.eachParty(company, func(list []payment) {
		ended := f.terminated(list)
		for _, c := range s.chains(list) {
			payments := s.of(c)
			occurrences := occurrencesOf(payments, months)
			// The pace is that of the formulas, which may see another rhythm.
			if pace := paceOf(occurrences, ended, f.Ledger.Day, short, f.factors()); pace.Rhythm == c.rhythm {
				groups = append(groups, f.group(payments, occurrences, pace))
			}
		}
	})
	slices.SortFunc(groups, func(x, y RecurringGroup) int {
		a, b := &f.Ledger.Movements[x.Movements[0]], &f.Ledger.Movements[y.Movements[0]]
		return cmp.Or(cmp.Compare(y.Direction, x.Direction), cmp.Compare(y.Average, x.Average),
			strings.Compare(a.SentName(), b.SentName()), cmp.Compare(b.Day, a.Day), strings.Compare(a.ID, b.ID))
	})
	return groups
}

// verifiedMonths returns the competence months of verified income by movement. All
// other entries count in their calendar month.
func (f *Facts) verifiedMonths(company bool) map[int32]int {
	months := make(map[int32]int)
	if company {
		return months // its revenue has no competence months
	}
	in := f.Income(true)
	for i := range in.Entries {
		if e := &in.Entries[i]; e.Class == VerifiedIncome {
			months[e.Flow.Movement] = e.Month
		}
	}
	return months
}

// terminated returns the day of the newest severance pay of a party.
func (f *Facts) terminated(list []payment) calendar.Day {
	for i := len(list) - 1; i >= 0; i-- {
		if f.Ledger.Movements[list[i].movement].Decision.Code == severance {
			return list[i].day
		}
	}
	return calendar.None
}

// occurrencesOf returns what payments, oldest first, came to on each of their days.
func occurrencesOf(payments []payment, months map[int32]int) (list []Occurrence) {
	for _, p := range payments {
		if n := len(list); n > 0 && list[n-1].Day == p.day {
			list[n-1].Amount, _ = money.Add(list[n-1].Amount, p.amount)
			continue
		}
		month, known := months[p.movement]
		if !known {
			month = p.day.MonthIndex()
		}
		list = append(list, Occurrence{p.day, month, p.amount})
	}
	return list
}

// group makes a group of payments, oldest first.
func (f *Facts) group(payments []payment, occurrences []Occurrence, pace Pace) RecurringGroup {
	g := RecurringGroup{
		Direction: f.Ledger.Movements[payments[0].movement].Direction,
		Movements: make([]int32, len(payments)),
		Count:     len(occurrences),
		Pace:      pace,
	}
	for i := range payments {
		g.Movements[i] = payments[i].movement
	}
	slices.SortFunc(g.Movements, func(x, y int32) int { return byAge(f.Ledger, x, y) })
	var sum money.Amount
	last := newest(occurrences, newestForAverage)
	for i := range last {
		sum, _ = money.Add(sum, last[i].Amount)
	}
	g.Average = Average(sum, len(last))
	return g
}

// payment is what may be one of a series.
type payment struct {
	party    int32
	movement int32
	day      calendar.Day
	price    money.Amount
	amount   money.Amount // of the price, what did not come back
}

// billPaymentGroup and invested are the groups of categories that are no recurring
// payments: of card bills, and investments.
const (
	billPaymentGroup = 602
	investedGroup    = 503
)

// mayRecur reports whether a movement can be part of a recurring group.
func mayRecur(l *ledger.Ledger, m *ledger.Movement) bool {
	if m.Standing != ledger.Counted || m.Phase != ledger.Effective || m.Day > l.Day || m.Foreign {
		return false
	}
	switch m.Role {
	case ledger.RoleBillPayment, ledger.RoleInstalment, ledger.RoleDebt:
		return false
	}
	group := m.Decision.Code.Group()
	return !IsOwnTransfer(m) && !isWhollyReversal(m) && !IsSweep(m) && group != investedGroup && group != billPaymentGroup
}

// eachParty lists what the person or company paid to or got from each party, oldest
// first.
func (f *Facts) eachParty(company bool, visit func([]payment)) {
	l := f.Ledger
	var list []payment
	add := func(first, end int32, share ledger.Share) {
		for at := first; at < end; at++ {
			if m := &l.Movements[at]; mayRecur(l, m) {
				price, back := counted(m, share)
				list = append(list, payment{movement: at, day: m.Day, price: price, amount: price - back})
			}
		}
	}
	for i := range l.Accounts {
		if a := &l.Accounts[i]; countsChecking(a, company) {
			add(a.First, a.End, a.Share)
		}
	}
	for i := range l.Cards {
		if c := &l.Cards[i]; c.Company == company {
			add(c.First, c.End, ledger.ShareWhole)
		}
	}
	f.nameParties(list)
	slices.SortFunc(list, func(x, y payment) int {
		if n := cmp.Or(cmp.Compare(x.party, y.party), cmp.Compare(x.day, y.day), cmp.Compare(x.price, y.price)); n != 0 {
			return n
		}
		return f.compareRows(x.movement, y.movement)
	})
	for first := 0; first < len(list); {
		end := first + 1
		for end < len(list) && list[end].party == list[first].party {
			end++
		}
		visit(list[first:end])
		first = end
	}
}

// compareRows orders movements of one day and amount by what they say.
func (f *Facts) compareRows(x, y int32) int {
	a, b := &f.Ledger.Movements[x], &f.Ledger.Movements[y]
	return cmp.Or(cmp.Compare(a.Instant, b.Instant), strings.Compare(a.Text, b.Text), strings.Compare(a.ID, b.ID))
}

// nameParties numbers the parties of payments. A party is a document; or a name: the
// brand, else the words that name somebody, of which banks cut the end, so the longer
// of two that begin alike is the shorter. Payments without document belong to the one
// with which alone their name stands.
func (f *Facts) nameParties(list []payment) {
	s := f.allStreams()
	names := newPartyNames()
	for i := range list {
		list[i].party = names.of(&f.Ledger.Movements[list[i].movement])
	}
	names.join()
	const several = -2
	documents := make([]int32, len(names.list)) // by name: the stream of the one document, noStream, several
	for i := range documents {
		documents[i] = noStream
	}
	document := func(p *payment) (stream int32, known bool) {
		stream = s.byMovement[p.movement]
		return stream, stream != noStream && s.list[stream].Party.ByDocument
	}
	for i := range list {
		p := &list[i]
		p.party = names.same[p.party]
		if stream, known := document(p); known {
			if at := &documents[p.party]; *at == noStream || *at == stream {
				*at = stream
			} else {
				*at = several
			}
		}
	}
	for i := range list {
		p := &list[i]
		if stream, known := document(p); known {
			p.party = stream
		} else if only := documents[p.party]; only >= 0 {
			p.party = only
		} else {
			p.party += int32(len(s.list))
		}
	}
}

// partyName is how texts name a party.
type partyName struct {
	direction ledger.Direction
	words     string
}

// partyNames numbers the names of parties.
type partyNames struct {
	list   []partyName
	brands []string // by name: "" without one; of several the first by alphabet
	same   []int32  // by name: that which stands for it
	byName map[partyName]int32
	cores  map[string]string // by normalised name
}

func newPartyNames() *partyNames {
	return &partyNames{byName: make(map[partyName]int32), cores: make(map[string]string)}
}

// costs are categories of what a bank takes for another payment, whose brand their
// text may tell.
const costs = 5

func (n *partyNames) of(m *ledger.Movement) int32 {
	core, known := n.cores[m.Name]
	if !known {
		core = coreOf(m.Name)
		n.cores[m.Name] = core
	}
	key := partyName{m.Direction, core}
	brand := m.Decision.Brand
	if m.Decision.Code.Top() == costs {
		brand = ""
	}
	id, known := n.byName[key]
	if !known {
		id = int32(len(n.list))
		n.byName[key] = id
		n.list = append(n.list, key)
		n.same = append(n.same, id)
		n.brands = append(n.brands, brand)
	} else if n.brands[id] == "" || brand != "" && brand < n.brands[id] {
		n.brands[id] = brand
	}
	return id
}

// leastCut is the length from which a name may be another one that was cut.
const leastCut = 10

// join finds the names that are the same as another one: of one brand, or longer than
// one that begins alike.
func (n *partyNames) join() {
	sorted := slices.Clone(n.same)
	slices.SortFunc(sorted, func(x, y int32) int {
		a, b := &n.list[x], &n.list[y]
		return cmp.Or(cmp.Compare(a.direction, b.direction), strings.Compare(a.words, b.words))
	})
	type branded struct {
		direction ledger.Direction
		brand     string
	}
	brands := make(map[branded]int32)
	last := int32(noStream)
	for _, id := range sorted {
		name := &n.list[id]
		if last != noStream && n.list[last].direction == name.direction && strings.HasPrefix(name.words, n.list[last].words) {
			n.same[id] = n.same[last]
			continue
		}
		if last = id; len(name.words) < leastCut {
			last = noStream
		}
		if brand := n.brands[id]; brand != "" {
			key := branded{name.direction, brand}
			if first, known := brands[key]; known {
				n.same[id] = first
			} else {
				brands[key] = id
			}
		}
	}
}

// coreOf returns the words of a name that name somebody, or all of it where there are
// none.
func coreOf(name string) string {
	var kept []string
	for word := range strings.FieldsSeq(name) {
		if !text.Generic(word) && !channelWords[word] {
			kept = append(kept, word)
		}
	}
	if len(kept) == 0 {
		return name
	}
	return strings.Join(kept, " ")
}

// channelWords are words beside the generic ones with which banks tell the way of a
// payment, which may be another one each month.
var channelWords = func() map[string]bool {
	words := strings.Fields(`
		PAGO PAGA PAGTOS REALIZADO REALIZADA EFETIVADO EFETIVADA CONVENIO CONV DEMAIS
		EMPRESAS CTA FATURA CP DA ELETRONICO ELETRONICA COMPE ELET DISPON REMET DEST
		FAVORECIDO EMIT RECEB NACIONAL MESMA TITULARIDADE AGUA LUZ GAS TRIBUTO SANEAMENTO`)
	set := make(map[string]bool, len(words))
	for _, w := range words {
		set[w] = true
	}
	return set
}()
