package clean

import (
	"cmp"
	"slices"
	"strings"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/text"
)

// linkRefunds finds what was given back, and ties it to what it undoes.
//
// A refund is an entry or card line that says so (ESTORNO, DEVOLUCAO,
// REEMBOLSO, CANCELAMENTO, CHARGEBACK; a card's type ESTORNO), a cashback, or a
// credit over a card rail from a shop: shops pay to cards only what they give
// back. It undoes an original of the same account or card, of the opposite
// direction, not later, at most a year old, with the same counterparty document,
// or else the same name without the words of payments and refunds. What is left
// of the original is at least the refund, so several partial refunds add up and
// never exceed it. A refund has one original. Of several
//
//   - one whose day the refund's text names (EST COMPRA 05/03) comes first;
//   - then one of exactly the amount, the newest of them: it is refunds of the
//     latest purchase that are usual, and which of equal ones is undone changes
//     no sum;
//   - a part of the price is given back of the only larger purchase within 30
//     days, else of the only one at all.
//
// A refund that names nobody (DEV PIX, DEV TR TED) undoes the only transfer of
// exactly its amount in the five days before: such returns come at once.
//
// Without an original an entry that says it is a refund is a reversal all the
// same (its original lies before the record, or cannot be told from others); a
// cashback or a shop's credit stays open, with the reason.
func linkRefunds(l *ledger.Ledger, _ Options) {
	r := refunder{l: l}
	for i := range l.Accounts {
		r.in(l.Accounts[i].First, l.Accounts[i].End)
	}
	for i := range l.Cards {
		r.in(l.Cards[i].First, l.Cards[i].End)
	}
	addLinks(l, r.links)
}

const (
	maxRefundDays  = 365
	soonRefundDays = 30 // a part of a price is mostly given back so soon
	returnDays     = 5  // a transfer that failed comes back so soon
)

// refunder works on one account or card at a time and keeps its buffers.
type refunder struct {
	l       *ledger.Ledger
	refunds []int32
	words   []string
	known   map[refundKey][]int32 // originals by party, oldest first
	left    map[int32]money.Amount
	links   []ledger.Link
}

// refundKey is what a refund and its original share.
type refundKey struct {
	kind      keyKind
	direction ledger.Direction // of the original
	party     string
	amount    money.Amount // of byTransfer
}

type keyKind uint8

const (
	byDocument keyKind = iota
	byParty            // the name
	byTransfer         // a transfer of this amount, to anybody
)

func (r *refunder) in(first, end int32) {
	r.refunds = r.refunds[:0]
	for at := first; at < end; at++ {
		m := &r.l.Movements[at]
		if free(r.l, m) && isRefund(m) {
			r.refunds = append(r.refunds, at)
		}
	}
	if len(r.refunds) == 0 {
		return
	}
	r.index(first, end)
	slices.SortStableFunc(r.refunds, r.older)
	for _, at := range r.refunds {
		r.settle(at)
	}
}

// older orders movements in time: by day, inside a day by time where both have
// one, else in document order.
func (r *refunder) older(a, b int32) int {
	x, y := &r.l.Movements[a], &r.l.Movements[b]
	if c := cmp.Compare(x.Written, y.Written); c != 0 || !x.Timed || !y.Timed {
		return c
	}
	return cmp.Compare(x.Instant, y.Instant)
}

// isRefund reports whether a movement may be a refund.
func isRefund(m *ledger.Movement) bool {
	if m.Signs&(text.SaysRefund|text.SaysCashback) != 0 {
		return true
	}
	if m.Direction == ledger.Debit {
		return false
	}
	if m.Line != nil {
		return m.Line.TransactionType == "ESTORNO" || m.Line.TransactionType == "CASHBACK" || isShopCredit(m)
	}
	return m.Entry.Type == "CARTAO"
}

// isShopCredit reports whether a credit line of a card comes from a shop, and is
// no payment of the bill.
func isShopCredit(m *ledger.Movement) bool {
	const bill = text.SaysCardBill | text.SaysPurchase | text.SaysBoleto | text.SaysTransfer | text.SaysPix | text.SaysLoan
	return m.Line.TransactionType != "PAGAMENTO_FATURA" && m.Line.TransactionType != "OPERACOES_CREDITO_CONTRATADAS_CARTAO" &&
		(m.Line.PayeeMCC > 0 || m.Signs&bill == 0)
}

// saysRefund reports whether a movement itself says that it is one.
func saysRefund(m *ledger.Movement) bool {
	return m.Signs&text.SaysRefund != 0 || m.Line != nil && m.Line.TransactionType == "ESTORNO"
}

// index lists the possible originals of the refunds.
func (r *refunder) index(first, end int32) {
	r.known = make(map[refundKey][]int32)
	r.left = make(map[int32]money.Amount)
	wanted := make(map[refundKey]bool)
	for _, at := range r.refunds {
		for _, key := range r.keys(&r.l.Movements[at], true) {
			wanted[key] = true
		}
	}
	for at := first; at < end; at++ {
		m := &r.l.Movements[at]
		if !exists(r.l, m) || saysRefund(m) || m.Role == ledger.RoleSweep {
			continue
		}
		for _, key := range r.keys(m, false) {
			if wanted[key] {
				r.known[key] = append(r.known[key], at)
			}
		}
	}
	for _, list := range r.known {
		slices.SortStableFunc(list, r.older)
	}
}

// keys returns the keys of a movement, the best first.
func (r *refunder) keys(m *ledger.Movement, refund bool) []refundKey {
	var keys []refundKey
	direction := m.Direction
	if refund {
		direction = 1 - direction
	}
	if id := knownTaxID(m); id != "" {
		if len(id) == cnpjLength {
			id = id[:rootLength]
		}
		keys = append(keys, refundKey{kind: byDocument, direction: direction, party: id})
	}
	r.words = refundWords(m.Text, r.words[:0])
	if name := strings.Join(r.words, " "); len(name) >= shortestName {
		keys = append(keys, refundKey{kind: byParty, direction: direction, party: name})
	}
	if m.Entry != nil && (refund && len(keys) == 0 || !refund) {
		if rail, ok := railOf(m); ok && rail != unknownRail {
			keys = append(keys, refundKey{kind: byTransfer, direction: direction, amount: m.Amount})
		}
	}
	return keys
}

// refundWords appends the words of a text that name the counterparty.
func refundWords(s string, words []string) []string {
	for w, rest := nextWord(s); w != ""; w, rest = nextWord(rest) {
		if !refundNoise.has(w) {
			words = append(words, w)
		}
	}
	return words
}

//nolint:misspell // The words are Portuguese.
var refundNoise = wordSet(paymentWords + " " + particleWords + `
	ESTORNO ESTORNADO ESTORNADA EST DEVOLUCAO DEVOLVIDO DEVOLVIDA DEVOL DEV REEMBOLSO REEMB CANCELAMENTO
	CANCELADO CANCELADA CANC CHARGEBACK CONTESTACAO REJEITADO REJEITADA PARCIAL TOTAL COMPRAS CASHBACK AJUSTE
	VISA MASTERCARD MASTER MC ELO MAESTRO ELECTRON RSHOP PELO ESTABELECIMENTO PARC PARCELA LANCAMENTO REF`)

// settle finds the original of one refund.
func (r *refunder) settle(at int32) {
	m := &r.l.Movements[at]
	for _, key := range r.keys(m, true) {
		original, reason, sureness := r.original(m, at, r.known[key], key.kind)
		if original >= 0 {
			r.link(at, original, reason, sureness)
			return
		}
	}
	if saysRefund(m) {
		setRole(m, ledger.RoleReversal, "refund/text")
		return
	}
	m.RoleReason = "refund/open"
}

// original chooses among the originals of one key, oldest first; -1 for none.
func (r *refunder) original(refund *ledger.Movement, at int32, list []int32, kind keyKind) (_ int32, reason string, sureness uint16) {
	end, _ := slices.BinarySearchFunc(list, refund.Written+1, func(i int32, day calendar.Day) int {
		return cmp.Compare(r.l.Movements[i].Written, day)
	})
	var named, exact, soon, larger choice
	seen, party := 0, knownTaxID(refund)
	for _, i := range slices.Backward(list[:end]) {
		o := &r.l.Movements[i]
		age := refund.Written - o.Written
		if seen++; age > maxRefundDays || seen > 4*maxCrowd {
			break
		}
		left := r.remaining(i)
		if i == at || left < refund.Amount || age == 0 && r.older(at, i) < 0 {
			continue
		}
		if id := knownTaxID(o); id != "" && party != "" && !sameParty(id, party) {
			continue
		}
		if kind == byTransfer {
			if age <= returnDays && left == refund.Amount {
				exact.add(i)
			}
			continue
		}
		switch {
		case namesDay(refund, o.Written):
			named.add(i)
		case left == refund.Amount:
			if exact.n == 0 {
				exact.add(i)
			}
		default:
			larger.add(i)
			if age <= soonRefundDays {
				soon.add(i)
			}
		}
	}
	switch {
	case kind == byTransfer && exact.n == 1:
		return exact.at, "refund/returned-transfer", 930
	case kind == byTransfer:
		return -1, "", 0
	case named.n == 1:
		return named.at, "refund/named-day", 990
	case exact.n > 0:
		return exact.at, "refund/equal-amount", 970
	case soon.n == 1:
		return soon.at, "refund/part", 930
	case larger.n == 1:
		return larger.at, "refund/part", 930
	}
	return -1, "", 0
}

// remaining returns what of an original was not given back yet.
func (r *refunder) remaining(at int32) money.Amount {
	if left, known := r.left[at]; known {
		return left
	}
	return r.l.Movements[at].Amount
}

// namesDay reports whether a refund's text names a day other than its own, as
// dd/mm.
func namesDay(refund *ledger.Movement, day calendar.Day) bool {
	if day == refund.Written {
		return false
	}
	_, month, date := day.Date()
	s := refund.Text
	for i := 2; i+3 <= len(s); i++ {
		if s[i] != '/' || !isDigits(s[i-2:i]) || !isDigits(s[i+1:i+3]) {
			continue
		}
		if int(s[i-2]-'0')*10+int(s[i-1]-'0') == date && int(s[i+1]-'0')*10+int(s[i+2]-'0') == int(month) {
			return true
		}
	}
	return false
}

// link ties a refund to its original.
func (r *refunder) link(at, original int32, reason string, sureness uint16) {
	m, o := &r.l.Movements[at], &r.l.Movements[original]
	setRole(m, ledger.RoleReversal, reason)
	r.left[original] = r.remaining(original) - m.Amount
	// An original with a role of its own, such as an own transfer that was
	// returned, is out of spending already and keeps it.
	if o.Role == ledger.RoleNone || o.Role == ledger.RoleReversed {
		setRole(o, ledger.RoleReversed, reason)
		o.Reversed = o.Amount - r.left[original]
	}
	r.links = append(r.links, ledger.Link{
		Kind: ledger.LinkRefund, From: at, To: original, Amount: m.Amount, Reason: reason, Sureness: sureness,
	})
}
