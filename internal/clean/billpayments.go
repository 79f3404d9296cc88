package clean

import (
	"cmp"
	"slices"
	"strings"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/institution"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/text"
)

// payBills finds the payments of card bills, each once, wherever they were told:
// in a bill's own list, as a credit line of the card, as a debit of a checking
// account. The debit and the credit line get the role of a bill payment, so that
// what was bought with the card counts once; both are tied where both are there.
//
// Evidence, strongest first. A debit pays a bill when its text names a card bill
// and
//
//   - a card of the same institution is in the document, or
//   - a card got a payment of equal amount at most 5 days away;
//
// or, without such a text, when a payment of equal amount lies at most 5 days
// away, neither has another candidate, and
//
//   - the counterparty or the text is the card's institution, or
//   - it is a boleto that names nobody.
//
// A credit line is a payment when its type or text says so, or when a bill lists
// a payment of its amount at most 5 days away. Refunds are none. Money owed from
// before that a bill carries on gets the role of debt: it is no purchase.
//
// Invariants: no entry pays twice, a payment has at most one line and one entry,
// and the three agree on the amount and lie at most 5 days apart.
func payBills(l *ledger.Ledger, _ Options) {
	if len(l.Cards) == 0 {
		return
	}
	p := billPayer{l: l}
	for i := range l.Cards {
		p.readCard(int32(i))
	}
	p.readAccounts()
	p.tie()
	p.write()
	addLinks(l, p.links)
}

// maxPaymentDays is how far the tellings of one payment may lie apart.
const maxPaymentDays = 5

// cardPayment is a payment of a card while its bill and entry are being found.
type cardPayment struct {
	ledger.Payment
	card int32
	bill int32 // index into Closed; onOpen
}

// bearing says how a debit tells that it pays a card bill.
type bearing uint8

const (
	namesNobody      bearing = iota // a boleto without a name
	namesInstitution                // of a card
	namesBill                       // and something else, which may be another's bill
	namesCardBill
)

// debit is an entry that may pay a bill.
type debit struct {
	at          int32
	bears       bearing
	institution int32 // that the entry names, or else the one of its account
}

type billPayer struct {
	l        *ledger.Ledger
	paidUp   [][]bool // by card and closed bill: the payments that the bill states cover it
	payments []cardPayment
	debits   []debit
	links    []ledger.Link
}

// readCard lists a card's payments: those that its bills state, with their
// lines, then the other lines that are payments. It marks lines of debt.
func (p *billPayer) readCard(index int32) {
	card := &p.l.Cards[index]
	from := len(p.payments)
	paidUp := make([]bool, len(card.Closed))
	p.paidUp = append(p.paidUp, paidUp)
	for b := range card.Closed {
		var sum money.Amount
		for i := range card.Closed[b].Source.Payments {
			stated := &card.Closed[b].Source.Payments[i]
			amount, err := money.Parse(stated.Amount.Amount)
			paid, ok := parseMoment(stated.PaymentDate)
			if err == nil && ok && amount > 0 {
				p.payments = append(p.payments, cardPayment{ledger.Payment{
					Day: paid.day(), Amount: amount, Stated: stated, Line: -1, Entry: -1,
				}, index, int32(b)})
				sum, _ = money.Add(sum, amount)
			}
		}
		paidUp[b] = sum > 0 && sum >= card.Closed[b].Total
	}
	p.addLines(card, index, from)
}

// addLines finds the lines of the stated payments p.payments[from:], and adds the
// other lines that say that they are payments.
func (p *billPayer) addLines(card *ledger.Card, index int32, from int) {
	var lines []int32 // that may be payments
	for at := card.First; at < card.End; at++ {
		m := &p.l.Movements[at]
		if m.Standing != ledger.Counted || m.Role != ledger.RoleNone {
			continue
		}
		if reason := debtReason(m); reason != "" {
			setRole(m, ledger.RoleDebt, reason) // also of instalments still to come
			continue
		}
		if exists(p.l, m) && m.Direction == ledger.Credit && m.Signs&(text.SaysRefund|text.SaysCashback) == 0 &&
			(saysPayment(m) || m.Line.TransactionType == "PAGAMENTO") {
			lines = append(lines, at)
		}
	}
	slices.SortStableFunc(lines, func(x, y int32) int {
		return cmp.Compare(p.l.Movements[x].Written, p.l.Movements[y].Written)
	})
	stated := newMatcher(len(p.payments)-from, func(i int) (money.Amount, calendar.Day) {
		return p.payments[from+i].Amount, p.payments[from+i].Day
	})
	for _, at := range lines {
		m := &p.l.Movements[at]
		i, ok := stated.take(m.Amount, m.Written)
		switch {
		case ok:
			p.payments[from+i].Line = at
			setRole(m, ledger.RoleBillPayment, "bill-payment/stated")
		case saysPayment(m):
			p.payments = append(p.payments, cardPayment{ledger.Payment{
				Day: m.Written, Amount: m.Amount, Line: at, Entry: -1,
			}, index, p.billPaid(index, m)})
			setRole(m, ledger.RoleBillPayment, "bill-payment/text")
		}
	}
}

// saysPayment reports whether a credit line says that it pays a bill.
func saysPayment(m *ledger.Movement) bool {
	if m.Line.TransactionType == "PAGAMENTO_FATURA" {
		return true
	}
	for word := range strings.FieldsFuncSeq(m.Text, func(r rune) bool { return r < 'A' || r > 'Z' }) {
		switch word {
		case "PAGAMENTO", "PAGTO", "PGTO", "PAG", "FATURA":
			return true
		}
	}
	return false
}

// billPaid returns the bill that a line pays which no bill states: the newest one
// closed before it, unless that one is paid up; then the one it stands on.
func (p *billPayer) billPaid(card int32, m *ledger.Movement) int32 {
	closed := p.l.Cards[card].Closed // from new to old
	at, _ := slices.BinarySearchFunc(closed, m.Written, func(b ledger.Bill, day calendar.Day) int {
		if b.BillingDay >= day {
			return -1
		}
		return 1
	})
	if at == len(closed) || p.paidUp[card][at] {
		at--
	}
	if at < 0 {
		return onOpen
	}
	return int32(at)
}

// readAccounts lists the debits that may pay a bill.
func (p *billPayer) readAccounts() {
	amounts := make(map[money.Amount]bool, len(p.payments))
	for i := range p.payments {
		amounts[p.payments[i].Amount] = true
	}
	names := p.cardNames()
	for i := range p.l.Accounts {
		a := &p.l.Accounts[i]
		if !a.Kind.IsChecking() {
			continue
		}
		for at := a.First; at < a.End; at++ {
			m := &p.l.Movements[at]
			if m.Direction != ledger.Debit || !amounts[m.Amount] && m.Signs&text.SaysCardBill == 0 || !free(p.l, m) {
				continue
			}
			if d, ok := p.readDebit(m, a, names); ok {
				d.at = at
				p.debits = append(p.debits, d)
			}
		}
	}
}

// readDebit tells what a debit bears. A debit with somebody's CPF pays no bill.
func (p *billPayer) readDebit(m *ledger.Movement, a *ledger.Account, names []cardName) (debit, bool) {
	d := debit{institution: a.Institution}
	partie := m.PartieTaxID()
	if len(partie) == len("00000000000") || m.Signs&(text.SaysRefund|text.SaysCharge|text.SaysTax) != 0 {
		return d, false
	}
	named := slices.IndexFunc(names, func(n cardName) bool { return n.in(m, partie) })
	_, isBank := institution.ByCNPJ(partie)
	foreign := partie != "" && named < 0 && !isBank
	switch {
	case m.Signs&text.SaysCardBill != 0 && !foreign:
		d.bears = namesBill
		if ofCard(m) {
			d.bears = namesCardBill
		}
		if named >= 0 {
			d.institution = names[named].institution
		}
	case named >= 0 && (partie != "" || paysBill(m)):
		d.bears, d.institution = namesInstitution, names[named].institution
	case partie == "" && m.Entry.Type == "BOLETO" && text.Generic(m.Name):
		d.institution = -1
	default:
		return d, false
	}
	return d, true
}

// paysBill reports whether a debit is of a kind by which bills are paid.
func paysBill(m *ledger.Movement) bool {
	switch m.Entry.Type {
	case "BOLETO", "CARTAO", "OUTROS", "CONVENIO_ARRECADACAO", "":
		return true
	}
	return m.Signs&(text.SaysBoleto|text.SaysPurchase) != 0
}

// ofCard reports whether a text about a bill is about that of a card: it names a
// card, or nothing but the bill.
func ofCard(m *ledger.Movement) bool {
	for word := range strings.FieldsFuncSeq(m.Text, func(r rune) bool { return r < 'A' || r > 'Z' }) {
		if word == "CARTAO" || strings.HasSuffix(word, "CARD") {
			return true
		}
	}
	for word := range strings.FieldsSeq(m.Name) {
		if word != "FATURA" && word != "FAT" && word != "PAGA" && !text.Generic(word) {
			return false
		}
	}
	return true
}

// cardName is by what an institution with a card is known in entries.
type cardName struct {
	institution int32
	root        string
	names       []string // brand and first words of the name at the Central Bank
}

// in reports whether an entry names the institution: its counterparty's document
// decides, without one the text.
func (n *cardName) in(m *ledger.Movement, partie string) bool {
	if partie != "" {
		return n.root != "" && institution.Root(partie) == n.root
	}
	return slices.ContainsFunc(n.names, func(name string) bool { return holdsName(m.Text, name) })
}

// minBrand is the shortest brand that texts are searched for.
const minBrand = 4

func (p *billPayer) cardNames() []cardName {
	var names []cardName
	for i := range p.l.Institutions {
		in := &p.l.Institutions[i]
		if len(in.Cards) == 0 {
			continue
		}
		n := cardName{institution: int32(i), root: in.Root}
		if brand := strings.TrimPrefix(text.Normalise(in.BrandName), "BANCO "); len(brand) >= minBrand {
			n.names = append(n.names, brand)
		}
		if first := firstWords(text.Normalise(in.BacenName)); len(first) >= minBrand {
			n.names = append(n.names, first)
			if rest, ok := strings.CutPrefix(first, "BANCO "); ok {
				n.names = append(n.names, "BCO "+rest)
			}
		}
		names = append(names, n)
	}
	return names
}

// firstWords returns the first two words of a name and the particles between
// them: NU PAGAMENTOS, BANCO DO BRASIL.
func firstWords(name string) string {
	words := strings.Fields(name)
	for i, word := range words {
		switch {
		case i == 0 || word == "DO" || word == "DA" || word == "DE":
		default:
			return strings.Join(words[:i+1], " ")
		}
	}
	return name
}

// leastOfName is how much of a name must stand where a text is cut off.
const leastOfName = 8

// holdsName reports whether a name stands in a text as whole words, or begins at
// the text's end, where banks cut texts off.
func holdsName(s, name string) bool {
	for from := 0; ; {
		i := strings.Index(s[from:], name[:1])
		if i < 0 {
			return false
		}
		start := from + i
		rest := s[start:]
		if wordStarts(s, start) {
			if strings.HasPrefix(rest, name) && (len(rest) == len(name) || !isLetterOrDigit(rest[len(name)])) {
				return true
			}
			if len(rest) >= leastOfName && strings.HasPrefix(name, rest) {
				return true
			}
		}
		from = start + 1
	}
}

// tie finds the debits of the payments, strongest evidence first.
func (p *billPayer) tie() {
	slices.SortStableFunc(p.debits, func(x, y debit) int {
		return cmp.Compare(p.l.Movements[x.at].Day, p.l.Movements[y.at].Day)
	})
	for i := range p.l.Institutions {
		if len(p.l.Institutions[i].Cards) > 0 {
			p.tieAmounts(int32(i), namesBill, "bill-payment/same-institution", 990)
		}
	}
	p.tieAmounts(-1, namesBill, "bill-payment/equal-amount", 970)
	p.tieUnique(namesInstitution, "bill-payment/institution", 950)
	p.tieUnique(namesNobody, "bill-payment/unique-pair", 900)
	for _, d := range p.debits {
		m := &p.l.Movements[d.at]
		if m.Role == ledger.RoleNone && d.bears == namesCardBill && len(p.l.Institutions[d.institution].Cards) > 0 {
			setRole(m, ledger.RoleBillPayment, "bill-payment/same-institution")
			p.addUnstated(&d, m)
		}
	}
}

// tieAmounts ties the debits that name a bill with the payments of equal amount,
// of one institution or, with -1, of any.
func (p *billPayer) tieAmounts(institution int32, least bearing, reason string, sureness uint16) {
	var open []int
	for i := range p.payments {
		pay := &p.payments[i]
		if pay.Entry < 0 && (institution < 0 || p.l.Cards[pay.card].Institution == institution) {
			open = append(open, i)
		}
	}
	if len(open) == 0 {
		return
	}
	slices.SortStableFunc(open, func(x, y int) int { return cmp.Compare(p.payments[x].Day, p.payments[y].Day) })
	pool := newMatcher(len(open), func(i int) (money.Amount, calendar.Day) {
		return p.payments[open[i]].Amount, p.payments[open[i]].Day
	})
	for _, d := range p.debits {
		m := &p.l.Movements[d.at]
		if m.Role != ledger.RoleNone || d.bears < least || institution >= 0 && d.institution != institution {
			continue
		}
		if i, ok := pool.take(m.Amount, m.Day); ok {
			p.pay(open[i], d.at, reason, sureness)
		}
	}
}

// tieUnique ties the debits of one bearing with the payments of equal amount
// where neither has another candidate.
func (p *billPayer) tieUnique(bears bearing, reason string, sureness uint16) {
	byAmount := make(map[money.Amount][]int32)
	for i := range p.debits {
		if m := &p.l.Movements[p.debits[i].at]; m.Role == ledger.RoleNone {
			byAmount[m.Amount] = append(byAmount[m.Amount], int32(i))
		}
	}
	open := make(map[money.Amount][]int)
	for i := range p.payments {
		if p.payments[i].Entry < 0 {
			open[p.payments[i].Amount] = append(open[p.payments[i].Amount], i)
		}
	}
	for i := range p.debits {
		d := &p.debits[i]
		m := &p.l.Movements[d.at]
		if m.Role != ledger.RoleNone || d.bears != bears || len(open[m.Amount]) > maxCandidates || len(byAmount[m.Amount]) > maxCandidates {
			continue
		}
		payment, ok := p.only(open[m.Amount], d)
		if ok && p.onlyDebit(byAmount[m.Amount], &p.payments[payment]) {
			p.pay(payment, d.at, reason, sureness)
		}
	}
}

// maxCandidates is how many equal amounts are looked at for a unique pair: among
// more none is telling.
const maxCandidates = 64

// only returns the one open payment that a debit may be of.
func (p *billPayer) only(open []int, d *debit) (payment int, ok bool) {
	m := &p.l.Movements[d.at]
	for _, i := range open {
		pay := &p.payments[i]
		if pay.Entry >= 0 || daysApart(pay.Day, m.Day) > maxPaymentDays || !d.mayPay(p.l.Cards[pay.card].Institution) {
			continue
		}
		if ok {
			return 0, false
		}
		payment, ok = i, true
	}
	return payment, ok
}

func (p *billPayer) onlyDebit(debits []int32, pay *cardPayment) bool {
	n := 0
	for _, i := range debits {
		m := &p.l.Movements[p.debits[i].at]
		if m.Role == ledger.RoleNone && daysApart(pay.Day, m.Day) <= maxPaymentDays && p.debits[i].mayPay(p.l.Cards[pay.card].Institution) {
			n++
		}
	}
	return n == 1
}

func (d *debit) mayPay(institution int32) bool {
	return d.bears != namesInstitution || d.institution == institution
}

func daysApart(a, b calendar.Day) calendar.Day { return max(a-b, b-a) }

// pay makes a debit the entry of a payment.
func (p *billPayer) pay(payment int, entry int32, reason string, sureness uint16) {
	pay := &p.payments[payment]
	pay.Entry = entry
	setRole(&p.l.Movements[entry], ledger.RoleBillPayment, reason)
	if pay.Line >= 0 {
		p.links = append(p.links, ledger.Link{
			Kind: ledger.LinkBillPayment, From: entry, To: pay.Line, Amount: pay.Amount, Reason: reason, Sureness: sureness,
		})
	}
}

// addUnstated adds a payment that no card tells, where one card only can have it.
func (p *billPayer) addUnstated(d *debit, m *ledger.Movement) {
	cards := p.l.Institutions[d.institution].Cards
	if len(cards) != 1 || p.l.Cards[cards[0]].Open == nil {
		return
	}
	p.payments = append(p.payments, cardPayment{ledger.Payment{
		Day: m.Day, Amount: m.Amount, Line: -1, Entry: d.at,
	}, cards[0], p.billPaid(cards[0], m)})
}

// write puts the payments on their bills, by day.
func (p *billPayer) write() {
	slices.SortStableFunc(p.payments, func(x, y cardPayment) int { return cmp.Compare(x.Day, y.Day) })
	for i := range p.payments {
		pay := &p.payments[i]
		card := &p.l.Cards[pay.card]
		bill := card.Open
		if pay.bill >= 0 {
			bill = &card.Closed[pay.bill]
		}
		bill.Payments = append(bill.Payments, pay.Payment)
	}
}

// matcher finds payments by amount and day. Each is taken once, in the order of
// days.
type matcher struct {
	byAmount map[money.Amount][]dated
}

type dated struct {
	day calendar.Day
	at  int
}

func newMatcher(n int, of func(i int) (money.Amount, calendar.Day)) matcher {
	m := matcher{make(map[money.Amount][]dated, n)}
	for i := range n {
		amount, day := of(i)
		m.byAmount[amount] = append(m.byAmount[amount], dated{day, i})
	}
	for _, list := range m.byAmount {
		slices.SortStableFunc(list, func(x, y dated) int { return cmp.Compare(x.day, y.day) })
	}
	return m
}

// take takes the first payment of an amount at most maxPaymentDays away. The days
// asked for must not fall.
func (m *matcher) take(amount money.Amount, day calendar.Day) (int, bool) {
	list := m.byAmount[amount]
	for len(list) > 0 && list[0].day < day-maxPaymentDays {
		list = list[1:]
	}
	if len(list) == 0 || list[0].day > day+maxPaymentDays {
		m.byAmount[amount] = list
		return 0, false
	}
	m.byAmount[amount] = list[1:]
	return list[0].at, true
}
