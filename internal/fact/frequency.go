package fact

import (
	"strings"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/taxonomy"
)

// Label is what reports print about the kind of a movement.
type Label struct {
	Code       taxonomy.Code // the printed category
	Settlement string        // the settlement type, such as PIX
}

// Labels returns the label of every movement. Company categories are printed
// where companyTree is set, else their counterparts in a person's tree.
func (f *Facts) Labels(companyTree bool) []Label {
	which := 0
	if companyTree {
		which = 1
	}
	if f.labels[which] != nil {
		return f.labels[which]
	}
	labels := make([]Label, len(f.Ledger.Movements))
	for i := range f.Ledger.Movements {
		m := &f.Ledger.Movements[i]
		ofbType := ""
		if m.Entry != nil {
			ofbType = m.Entry.Type
		}
		settlement := taxonomy.SettlementType(ofbType, m.Text)
		labels[i] = Label{taxonomy.Printed(m.Decision.Code, settlement, bareTaxID(m.PartieTaxID()), companyTree), settlement}
	}
	f.labels[which] = labels
	return labels
}

// Frequency tells how often an entry like this one occurs in a report: same
// direction, same printed category, same counterparty (tax id, else normalised
// name).
type Frequency struct {
	Entries        int32 // fAll: effective entries up to the reporting day, this one included
	Months         int32 // fAllMonth: whole months from the first to the last
	CalendarMonths int32 // fAllCmonth: distinct calendar months
}

// alone is the frequency of an entry without any counted one like it.
var alone = Frequency{Entries: 1, Months: 0, CalendarMonths: 1}

// FrequencyScope says which reports the entries are counted over.
type FrequencyScope struct {
	ByInstitution bool // every institution has its own report
	CompanyTree   bool // company categories are printed
}

// Frequencies are the frequencies of all printed movements in one scope.
type Frequencies struct {
	group  []int32 // by movement
	groups []Frequency
}

// Of returns the frequency of a printed movement.
func (f *Frequencies) Of(movement int32) Frequency { return f.groups[f.group[movement]] }

// Frequencies returns the frequencies in a scope. A report is about the checking
// accounts, the savings accounts or the cards of the person or of the company,
// so entries of different reports are never counted together and one pass over
// the movements serves them all.
func (f *Facts) Frequencies(s FrequencyScope) *Frequencies {
	if found := f.frequencies[s]; found != nil {
		return found
	}
	if f.frequencies == nil {
		f.frequencies = make(map[FrequencyScope]*Frequencies)
	}
	c := counter{
		facts: f, scope: s, labels: f.Labels(s.CompanyTree),
		ids:   make(map[groupKey]int32, len(f.Ledger.Movements)/4),
		group: make([]int32, len(f.Ledger.Movements)),
	}
	for i := range f.Ledger.Accounts {
		a := &f.Ledger.Accounts[i]
		c.add(c.report(accountReport(a), a.Company, a.Institution), a.Newest)
	}
	for i := range f.Ledger.Cards {
		card := &f.Ledger.Cards[i]
		report := c.report(cardReport, card.Company, card.Institution)
		if card.Open != nil {
			c.add(report, card.Open.Lines)
		}
		for j := range card.Closed {
			c.add(report, card.Closed[j].Lines)
		}
	}
	found := &Frequencies{group: c.group, groups: c.frequencies()}
	f.frequencies[s] = found
	return found
}

// The kinds of reports that print entries.
const (
	checkingReport = iota
	savingsReport
	cardReport
	reportKinds
)

func accountReport(a *ledger.Account) int {
	if a.Kind.IsChecking() {
		return checkingReport
	}
	return savingsReport
}

// counter puts movements into groups and counts each group in one pass.
type counter struct {
	facts  *Facts
	scope  FrequencyScope
	labels []Label
	ids    map[groupKey]int32
	tally  []tally
	group  []int32 // by movement
	months map[groupMonth]struct{}
}

type groupKey struct {
	report    int
	direction ledger.Direction
	code      taxonomy.Code
	byTaxID   bool
	party     string
}

// tally is what is known of a group so far.
type tally struct {
	entries, months       int32
	first, last           calendar.Day
	firstMonth, lastMonth int // of the entries counted first and last
}

type groupMonth struct {
	group int32
	month int
}

// report numbers the reports of the scope.
func (c *counter) report(kind int, company bool, institution int32) int {
	n := kind
	if company {
		n += reportKinds
	}
	if c.scope.ByInstitution {
		n += 2 * reportKinds * int(institution)
	}
	return n
}

// add takes the printed movements of an account or bill. Those that are not
// effective or lie after the reporting day, such as instalments still to come,
// are put into their groups but not counted.
func (c *counter) add(report int, printed []int32) {
	for _, i := range printed {
		m := &c.facts.Ledger.Movements[i]
		key := groupKey{report: report, direction: m.Direction, code: c.labels[i].Code, party: m.Name}
		if id := bareTaxID(m.PartieTaxID()); id != "" {
			key.byTaxID, key.party = true, id
		}
		id, known := c.ids[key]
		if !known {
			id = int32(len(c.tally))
			c.ids[key] = id
			c.tally = append(c.tally, tally{})
		}
		c.group[i] = id
		if m.Phase == ledger.Effective && m.Day <= c.facts.Ledger.Day {
			c.count(id, m.Day)
		}
	}
}

func (c *counter) count(id int32, day calendar.Day) {
	t := &c.tally[id]
	month := day.MonthIndex()
	switch {
	case t.entries == 0:
		t.first, t.last = day, day
		t.firstMonth, t.months = month, 1
	case month == t.lastMonth || month == t.firstMonth:
	case c.newMonth(groupMonth{id, month}):
		t.months++
	}
	t.entries++
	t.lastMonth = month
	t.first, t.last = min(t.first, day), max(t.last, day)
}

// newMonth notes a month of a group beyond its first one and reports whether it
// was unknown. Most groups have one month and never come here.
func (c *counter) newMonth(m groupMonth) bool {
	if c.months == nil {
		c.months = make(map[groupMonth]struct{})
	}
	before := len(c.months)
	c.months[m] = struct{}{}
	return len(c.months) > before
}

func (c *counter) frequencies() []Frequency {
	all := make([]Frequency, len(c.tally))
	for i, t := range c.tally {
		if t.entries == 0 {
			all[i] = alone
			continue
		}
		all[i] = Frequency{
			Entries:        t.entries,
			Months:         int32(calendar.WholeMonths(t.first, t.last)),
			CalendarMonths: t.months,
		}
	}
	return all
}

// bareTaxID returns a tax id without punctuation, in upper case.
func bareTaxID(id string) string {
	if !strings.ContainsFunc(id, func(r rune) bool { return !isTaxIDRune(r) }) {
		return id
	}
	return strings.Map(func(r rune) rune {
		if isTaxIDRune(r) {
			return r
		}
		return -1
	}, strings.ToUpper(id))
}

func isTaxIDRune(r rune) bool { return '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' }
