// Package accuracy measures klaas against what is known to be true.
//
// [Ledger] makes people up with package sandbox, whose rules are not those of
// package clean, and compares the ledger with the truth beside each person; [Facts]
// does the same with income and recurring payments. [Categories] compares categories
// with labelled lines. They count; they do not judge.
package accuracy

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/clean"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/sandbox"
	"github.com/openklaas/klaas/openfinance"
)

// Figure is one measure of the ledger over all people.
type Figure struct {
	Name string
	// Said is how many the ledger found, Right how many of them are true, True
	// how many there are.
	Said, Right, True int
}

// Precision is the share of what was found that is true; 1 when nothing was found.
func (f *Figure) Precision() float64 { return share(f.Right, f.Said) }

// Recall is the share of what is true that was found; 1 when nothing was there.
func (f *Figure) Recall() float64 { return share(f.Right, f.True) }

func share(part, whole int) float64 {
	if whole == 0 {
		return 1
	}
	return float64(part) / float64(whole)
}

// Miss is one disagreement of the ledger with the truth.
type Miss struct {
	Figure, Persona string
	N               int    // the number of the person
	Path            string // of the entry, plan or account
	Said, True      string
}

// LedgerResult is what Ledger measured.
type LedgerResult struct {
	People, Movements int
	Figures           []Figure
	Misses            []Miss // the first of each figure
}

// missesKept is how many disagreements of each figure are kept.
const missesKept = 20

// Ledger measures the ledger on people made up with a seed, one of each persona
// in turn, whose history ends on day end. It fails when a person's document
// cannot be read row by row.
func Ledger(people int, seed uint64, end calendar.Day) (*LedgerResult, error) {
	m := newMeasure()
	personas := sandbox.Personas()
	for n := range people {
		person := sandbox.Generate(personas[n%len(personas)], seed, n, end)
		if err := m.person(&person, end); err != nil {
			return nil, fmt.Errorf("person %d, %s: %w", n, person.Persona, err)
		}
	}
	m.result.People = people
	for _, name := range figureNames {
		m.result.Figures = append(m.result.Figures, *m.figures[name])
	}
	return &m.result, nil
}

// The figures, in the order in which they are printed.
const (
	balanceLines  = "balance lines"
	duplicates    = "duplicates"
	transferPairs = "own transfers, pairs"
	transferLegs  = "own transfers, legs"
	sweeps        = "sweeps"
	refundLinks   = "refunds, links"
	billPayments  = "bill payments"
	paymentLinks  = "bill payments, links"
	contracts     = "contract entries"
	plans         = "instalment plans"
	balances      = "end-of-day balances"
)

var figureNames = []string{
	balanceLines, duplicates, transferPairs, transferLegs, sweeps, refundLinks, billPayments, paymentLinks, contracts, plans, balances,
}

// measure gathers the figures of all people.
type measure struct {
	figures map[string]*Figure
	kept    map[string]int
	result  LedgerResult

	subject   *sandbox.Person
	book      *ledger.Ledger
	counted   map[int]int32 // by real movement: the index of the row that counts
	ambiguous map[int]bool  // real movements of transfers that nothing in the document decides
}

func newMeasure() *measure {
	m := &measure{figures: make(map[string]*Figure), kept: make(map[string]int)}
	for _, name := range figureNames {
		m.figures[name] = &Figure{Name: name}
	}
	return m
}

func (m *measure) person(p *sandbox.Person, end calendar.Day) error {
	doc, _, err := openfinance.Read(p.Userdata)
	if err != nil {
		return err
	}
	book, _ := clean.Clean(doc, clean.Options{Day: end})
	if len(book.Movements) != len(p.Truth.Rows) {
		return fmt.Errorf("the document has %d rows and the ledger %d", len(p.Truth.Rows), len(book.Movements))
	}
	m.subject, m.book = p, book
	m.result.Movements += len(book.Movements)
	m.counted = make(map[int]int32)
	for i := range p.Truth.Rows {
		if book.Movements[i].Standing == ledger.Counted && p.Truth.Rows[i].Real != 0 {
			m.counted[p.Truth.Rows[i].Real] = int32(i)
		}
	}
	m.ambiguous = make(map[int]bool)
	for i := range p.Truth.Transfers {
		if t := &p.Truth.Transfers[i]; t.Ambiguous {
			m.ambiguous[t.From], m.ambiguous[t.To] = true, true
		}
	}
	m.standings()
	m.roles()
	m.links()
	m.plans()
	m.balances()
	return nil
}

// decide counts one yes-or-no question.
func (m *measure) decide(figure, path string, said, want bool) {
	f := m.figures[figure]
	if said {
		f.Said++
	}
	if want {
		f.True++
	}
	if said && want {
		f.Right++
	}
	if said != want {
		m.miss(figure, path, fmt.Sprint(said), fmt.Sprint(want))
	}
}

func (m *measure) miss(figure, path, said, want string) {
	if m.kept[figure]++; m.kept[figure] <= missesKept {
		m.result.Misses = append(m.result.Misses, Miss{
			Figure: figure, Persona: m.subject.Persona, N: m.subject.Truth.N, Path: path, Said: said, True: want,
		})
	}
}

func (m *measure) standings() {
	for i := range m.subject.Truth.Rows {
		row, movement := &m.subject.Truth.Rows[i], &m.book.Movements[i]
		m.decide(balanceLines, row.Path, movement.Standing == ledger.BalanceLine, row.Standing == sandbox.StandingBalanceLine)
		m.decide(duplicates, row.Path, movement.Standing == ledger.Duplicate, row.Standing == sandbox.StandingDuplicate)
	}
}

func (m *measure) roles() {
	for _, question := range []struct {
		figure string
		role   ledger.Role
		want   string
	}{
		{transferLegs, ledger.RoleOwnTransfer, sandbox.RoleOwnTransfer},
		{sweeps, ledger.RoleSweep, sandbox.RoleSweep},
		{billPayments, ledger.RoleBillPayment, sandbox.RoleBillPayment},
		{contracts, ledger.RoleContract, sandbox.RoleContract},
	} {
		for i := range m.subject.Truth.Rows {
			row := &m.subject.Truth.Rows[i]
			said, want := m.book.Movements[i].Role == question.role, row.Role == question.want
			open := !said && m.ambiguous[row.Real] // to leave it open is right
			if row.Standing == sandbox.StandingCounted && !open {
				m.decide(question.figure, row.Path, said, want)
			}
		}
	}
}

// pair names two real movements, the smaller number first.
type pair struct{ a, b int }

func pairOf(a, b int) pair { return pair{min(a, b), max(a, b)} }

func (p pair) compare(q pair) int { return cmp.Or(cmp.Compare(p.a, q.a), cmp.Compare(p.b, q.b)) }

func (m *measure) links() {
	truth := &m.subject.Truth
	transfers := make(map[pair]bool)
	for i := range truth.Transfers {
		if t := &truth.Transfers[i]; t.From != 0 && t.To != 0 && !t.Ambiguous {
			transfers[pairOf(t.From, t.To)] = true
		}
	}
	m.compare(transferPairs, ledger.LinkOwnTransfer, transfers, func(p pair) bool { return m.ambiguous[p.a] && m.ambiguous[p.b] })

	refunds, free := make(map[pair]bool), make(map[int]bool)
	for i := range truth.Refunds {
		switch r := &truth.Refunds[i]; {
		case r.Ambiguous:
			free[r.Refund] = true
		case r.Refund != 0 && r.Original != 0:
			refunds[pairOf(r.Refund, r.Original)] = true
		}
	}
	m.compare(refundLinks, ledger.LinkRefund, refunds, func(p pair) bool { return free[p.a] || free[p.b] })

	payments := make(map[pair]bool)
	for i := range truth.Bills {
		for _, payment := range truth.Bills[i].Payments {
			if payment.Debit != 0 && payment.Line != 0 {
				payments[pairOf(payment.Debit, payment.Line)] = true
			}
		}
	}
	m.compare(paymentLinks, ledger.LinkBillPayment, payments, func(pair) bool { return false })
}

// compare counts the links of a kind against the true pairs. What is free nothing
// in the document decides: such links are not counted.
func (m *measure) compare(figure string, kind ledger.LinkKind, want map[pair]bool, free func(pair) bool) {
	f := m.figures[figure]
	f.True += len(want)
	rows := m.subject.Truth.Rows
	for i := range m.book.Links {
		l := &m.book.Links[i]
		if l.Kind != kind || l.From < 0 || l.To < 0 {
			continue
		}
		found := pairOf(rows[l.From].Real, rows[l.To].Real)
		if !want[found] && free(found) {
			continue
		}
		f.Said++
		if want[found] {
			f.Right++
			delete(want, found)
			continue
		}
		m.miss(figure, rows[l.From].Path, "with "+rows[l.To].Path+" "+l.Reason, "not")
	}
	for _, missing := range slices.SortedFunc(maps.Keys(want), pair.compare) {
		m.miss(figure, m.path(missing.a), "not", "with "+m.path(missing.b))
	}
}

func (m *measure) path(real int) string {
	if i, ok := m.counted[real]; ok {
		return m.subject.Truth.Rows[i].Path
	}
	return fmt.Sprintf("movement %d, which is not counted", real)
}

// plans counts a plan as right when its card, count and habit, every line and its
// amount are, and the price. Where the document does not tell the habit, either
// will do. Where the rows are too few to know which instalment bears the odd
// cents, the one that was sent may bear all of them: then the price may differ by
// so many cents for every other instalment.
func (m *measure) plans() {
	f := m.figures[plans]
	byLine := make(map[int32]*ledger.Plan)
	for i := range m.book.Plans {
		p := &m.book.Plans[i]
		if !p.Debt { // the truth has purchases only
			f.Said++
		}
		if p.Whole >= 0 {
			byLine[p.Whole] = p
		}
		for _, line := range p.Lines {
			byLine[line.Movement] = p
		}
	}
	for i := range m.subject.Truth.Plans {
		t := &m.subject.Truth.Plans[i]
		var said *ledger.Plan
		rows := 0
		for _, real := range t.Reals {
			if at, ok := m.counted[real]; ok && real != 0 {
				rows++
				if said == nil {
					said = byLine[at]
				}
			}
		}
		if rows == 0 {
			continue
		}
		f.True++
		if reason := m.disagrees(t, said); reason != "" {
			m.miss(plans, m.firstPath(t), reason, fmt.Sprintf("%d × of %d cents", t.Count, t.Cents))
			continue
		}
		f.Right++
	}
}

func (m *measure) firstPath(t *sandbox.Plan) string {
	for _, real := range t.Reals {
		if real != 0 {
			return m.path(real)
		}
	}
	return t.ID
}

// disagrees returns in what a plan differs from the truth, "" for nothing.
func (m *measure) disagrees(t *sandbox.Plan, said *ledger.Plan) string {
	switch {
	case said == nil:
		return "no plan"
	case m.book.Cards[said.Card].Source.CreditCardAccountID != t.Card:
		return "another card"
	case int(said.Count) != t.Count:
		return fmt.Sprintf("%d instalments", said.Count)
	case t.HabitUntold:
		return "" // what the row stands for, nothing tells
	case t.FullRow != (said.Whole >= 0):
		return "the other habit"
	}
	sent := 0
	for n := 1; n <= t.Count; n++ {
		at, ok := m.counted[t.Reals[n-1]]
		if !ok || t.FullRow {
			continue
		}
		sent++
		switch in := said.At(m.book, int32(n)); {
		case in.Movement != at:
			return fmt.Sprintf("number %d is another line", n)
		case int64(in.Amount) != t.Amounts[n-1]*100:
			return fmt.Sprintf("number %d is %s", n, in.Amount)
		}
	}
	off := int64(said.Price)/100 - t.Cents
	most := int64(0)
	if t.Untold {
		most = int64(t.Count) * int64(t.Count-1)
	}
	if max(off, -off) > most {
		return fmt.Sprintf("a price of %s", said.Price)
	}
	return ""
}

// balances compares the balance at the end of every day that the document lets
// one know, in the accounts whose balance is reported. A day is either right or
// not, so precision and recall are the same but for days said to be unreliable.
func (m *measure) balances() {
	f := m.figures[balances]
	facts := fact.New(m.book)
	byID := make(map[string]int)
	for i := range m.book.Accounts {
		byID[m.book.Accounts[i].Source.AccountID] = i
	}
	for i := range m.subject.Truth.Accounts {
		t := &m.subject.Truth.Accounts[i]
		account, ok := byID[t.ID]
		if !ok || m.book.Accounts[account].Source.Balances == nil {
			continue
		}
		series := facts.AccountBalances(account).Available
		from, _ := calendar.ParseDay(t.From)
		reliable, _ := calendar.ParseDay(t.ReliableFrom)
		for offset, cents := range t.EndOfDay {
			day := from + calendar.Day(offset)
			if day < reliable {
				continue
			}
			f.True++
			if series == nil || !series.IsReliable(day) {
				m.miss(balances, t.ID+" "+day.String(), "unreliable", fmt.Sprint(cents))
				continue
			}
			f.Said++
			if said := int64(series.At(day)); said == cents*100 {
				f.Right++
			} else {
				m.miss(balances, t.ID+" "+day.String(), fmt.Sprint(said/100), fmt.Sprint(cents))
			}
		}
	}
}
