package clean

import (
	"cmp"
	"math"
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
// direction, not later, at most a year old, over no other rail, with the same
// counterparty document, or else the same name without the words of payments and
// refunds. What is left of the original is at least the refund, so several
// partial refunds add up and never exceed it. A refund has one original. Of
// several
//
//   - one whose day the refund's text names (EST COMPRA 05/03) comes first;
//   - then one of exactly the amount, the newest of them: it is refunds of the
//     latest purchase that are usual, and which of equal ones is undone changes
//     no sum;
//   - then the only purchase in instalments of that price, by its first line;
//   - a part of the price is given back of the only larger purchase within 30
//     days, else within 90, else at all; of several it could be any. 30 and 90
//     days are how long one may complain of what does not last and of what does
//     (Lei 8.078/1990, art. 26).
//
// Where the names differ because one is cut or goes on with a town, the amount
// must be the same, and one name must be the beginning of the other. A refund
// that names nobody (DEV PIX, DEV TR TED) undoes the only transfer of exactly its
// amount in the five days before: such returns come at once; a PIX may also be
// given back up to 90 days later. A returned cheque undoes the only cheque of its
// number and amount in ten days.
//
// A cashback is a fixed share of the price. It belongs to the only purchase at
// its shop in the 30 days before; of several to the one with the share that the
// account's other cashbacks have. The bank gives it, not the shop: it is no part of
// the price, and what it adds to a refund of the whole counts as nothing more.
//
// Without an original an entry that says it is a refund is a reversal all the
// same (its original lies before the record, or cannot be told from others); a
// cashback or a shop's credit stays open, with the reason.
func linkRefunds(l *ledger.Ledger, _ Options) {
	r := refunder{l: l, plans: make(map[int32]*ledger.Plan)}
	for i := range l.Plans {
		if p := &l.Plans[i]; len(p.Lines) > 0 {
			r.plans[p.Lines[0].Movement] = p
		}
	}
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
	soonRefundDays = 30
	lateRefundDays = 90
	returnDays     = 5  // a transfer that failed comes back so soon
	pixReturnDays  = 90 // the receiver of a PIX may give it back so long
	chequeDays     = 10 // a cheque comes back so soon
)

// refunder works on one account or card at a time and keeps its buffers.
type refunder struct {
	l       *ledger.Ledger
	refunds []int32
	words   []string
	keyList []refundKey
	known   map[refundKey][]int32 // originals by party, oldest first
	left    map[int32]money.Amount
	plans   map[int32]*ledger.Plan // of the document, by first line
	links   []ledger.Link
}

// refundKey is what a refund and its original share.
type refundKey struct {
	kind      keyKind
	direction ledger.Direction // of the original
	party     string
	amount    money.Amount // but for byDocument and byParty
}

type keyKind uint8

const (
	byDocument  keyKind = iota
	byParty             // the name
	byBeginning         // the beginning of the name, and the amount: texts are cut, or go on with a town
	byTransfer          // a transfer of this amount, to anybody
	byCheque            // a cheque of this number and amount
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
		// What an earlier refund gave back is an original from then on.
		if m := &r.l.Movements[at]; m.Role == ledger.RoleNone && !isCashback(m) {
			r.settle(at)
		}
	}
	r.settleCashbacks()
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
	if m.Signs&text.SaysCharge != 0 && m.Direction == ledger.Debit {
		return false // a fee for something that came back, such as a cheque
	}
	if m.Signs&text.SaysRefund != 0 || isCashback(m) {
		return true
	}
	if m.Direction == ledger.Debit {
		return false
	}
	if m.Line != nil {
		return m.Line.TransactionType == "ESTORNO" || isShopCredit(m)
	}
	return m.Entry.Type == "CARTAO"
}

func isCashback(m *ledger.Movement) bool {
	return m.Signs&text.SaysCashback != 0 || m.Line != nil && m.Line.TransactionType == "CASHBACK"
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
	wanted := newWish()
	for _, at := range r.refunds {
		for _, key := range r.keys(&r.l.Movements[at], true) {
			wanted.add(key)
		}
	}
	for at := first; at < end; at++ {
		m := &r.l.Movements[at]
		if !wanted.mayHave(m) || !exists(r.l, m) || saysRefund(m) || m.Role == ledger.RoleSweep {
			continue
		}
		for _, key := range r.keys(m, false) {
			if wanted.keys[key] {
				r.known[key] = append(r.known[key], at)
			}
		}
	}
	for _, list := range r.known {
		slices.SortStableFunc(list, r.older)
	}
}

// wish is the keys that the refunds of one account or card look for. Few entries
// have one, so most are passed over by a glance.
type wish struct {
	keys      map[refundKey]bool
	documents map[string]bool
	words     map[string]bool // the first ones of names
	lengths   ['Z' + 1]uint64 // of those words, by first letter
	amounts   map[money.Amount]bool
}

func newWish() *wish {
	return &wish{
		keys: make(map[refundKey]bool), documents: make(map[string]bool),
		words: make(map[string]bool), amounts: make(map[money.Amount]bool),
	}
}

func (w *wish) add(key refundKey) {
	w.keys[key] = true
	switch key.kind {
	case byDocument:
		w.documents[key.party] = true
	case byParty:
		first, _ := nextWord(key.party)
		w.words[first] = true
		w.lengths[first[0]] |= 1 << (len(first) % 64)
	default:
		w.amounts[key.amount] = true
	}
}

// mayHave reports whether an entry may have one of the keys.
func (w *wish) mayHave(m *ledger.Movement) bool {
	if len(w.amounts) > 0 && w.amounts[m.Amount] {
		return true
	}
	if id := knownTaxID(m); id != "" && w.documents[partyOf(id)] {
		return true
	}
	for word, rest := nextWord(m.Text); word != ""; word, rest = nextWord(rest) {
		if w.lengths[word[0]]&(1<<(len(word)%64)) != 0 && w.words[word] {
			return true
		}
	}
	return false
}

// partyOf returns the CPF, or the root of the CNPJ.
func partyOf(id string) string {
	if len(id) == cnpjLength {
		return id[:rootLength]
	}
	return id
}

// beginning is how many letters of a name two texts must share at least.
const beginning = 6

// sameBeginning reports whether one of two names is the beginning of the other.
func (r *refunder) sameBeginning(a, b *ledger.Movement) bool {
	x := strings.Join(refundWords(a.Text, r.words[:0]), "")
	y := strings.Join(refundWords(b.Text, r.words[:0]), "")
	return strings.HasPrefix(x, y) || strings.HasPrefix(y, x)
}

// mostKeys is how many keys a movement has at most.
const mostKeys = 4

// keys returns the keys of a movement, the best first. They are good until the
// next call.
func (r *refunder) keys(m *ledger.Movement, refund bool) []refundKey {
	r.keyList = slices.Grow(r.keyList[:0], mostKeys)
	keys := r.keyList
	direction := m.Direction
	if refund {
		direction = 1 - direction
	}
	if id := knownTaxID(m); id != "" {
		keys = append(keys, refundKey{kind: byDocument, direction: direction, party: partyOf(id)})
	}
	r.words = refundWords(m.Text, r.words[:0])
	if name := strings.Join(r.words, " "); len(name) >= shortestName {
		keys = append(keys, refundKey{kind: byParty, direction: direction, party: name})
		if name = strings.Join(r.words, ""); len(name) >= beginning {
			keys = append(keys, refundKey{kind: byBeginning, direction: direction, party: name[:beginning], amount: m.Amount})
		}
	}
	if m.Entry == nil || refund && len(keys) > 0 {
		return keys
	}
	if m.Signs&text.SaysCheque != 0 {
		return append(keys, refundKey{kind: byCheque, direction: direction, party: chequeNumber(m.Text), amount: m.Amount})
	}
	if rail, ok := railOf(m); ok && rail != unknownRail {
		keys = append(keys, refundKey{kind: byTransfer, direction: direction, amount: m.Amount})
	}
	return keys
}

// chequeNumber returns the last number of a text, without zeros before it.
func chequeNumber(s string) string {
	end := len(s)
	for end > 0 && (s[end-1] < '0' || s[end-1] > '9') {
		end--
	}
	start := end
	for start > 0 && s[start-1] >= '0' && s[start-1] <= '9' {
		start--
	}
	return strings.TrimLeft(s[start:end], "0")
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

var refundNoise = wordSet(paymentWords + " " + particleWords + `
	ESTORNO ESTORNADO ESTORNADA EST DEVOLUCAO DEVOLVIDO DEVOLVIDA DEVOL DEV REEMBOLSO REEMB CANCELAMENTO
	CANCELADO CANCELADA CANC CHARGEBACK CONTESTACAO REJEITADO REJEITADA PARCIAL TOTAL COMPRAS CASHBACK AJUSTE
	VISA MASTERCARD MASTER MC ELO MAESTRO ELECTRON RSHOP PELO ESTABELECIMENTO PARC PARCELA LANCAMENTO REF PAY CHEQUE CH CHQ COMP COMPENSADO`)

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
	var named, exact, planned, soon, late, larger choice
	seen, party := 0, knownTaxID(refund)
	for _, i := range slices.Backward(r.upTo(list, refund.Written)) {
		o := &r.l.Movements[i]
		age := refund.Written - o.Written
		if seen++; age > maxRefundDays || seen > maxTried {
			break
		}
		left := r.remaining(i)
		if kind == byParty && r.isPriceOfPlan(refund, i) {
			planned.add(i)
			continue
		}
		if i == at || left < refund.Amount || age == 0 && r.older(at, i) < 0 {
			continue
		}
		if id := knownTaxID(o); id != "" && party != "" && !sameParty(id, party) || otherRail(refund, o) {
			continue
		}
		if kind >= byBeginning {
			if left == refund.Amount && age <= r.returnDays(refund, kind) && (kind != byBeginning || r.sameBeginning(refund, o)) {
				exact.add(i)
				if age <= returnDays {
					soon.add(i)
				}
			}
			continue
		}
		switch {
		case namesDay(refund, o.Written):
			named.add(i)
		case left == refund.Amount:
			exact.add(i)
		default:
			larger.add(i)
			if age <= soonRefundDays {
				soon.add(i)
			}
			if age <= lateRefundDays {
				late.add(i)
			}
		}
	}
	switch {
	case kind >= byBeginning && soon.n == 1:
		return soon.at, returnReasons[kind], 950
	case kind >= byBeginning && exact.n == 1:
		return exact.at, returnReasons[kind], 930
	case kind >= byBeginning:
		return -1, "", 0
	case named.n == 1:
		return named.at, "refund/named-day", 990
	case exact.n > 0:
		return exact.first, "refund/equal-amount", 970
	case planned.n == 1:
		return planned.at, "refund/plan-price", 960
	case soon.n == 1, late.n == 1, larger.n == 1: // they are nested, and the newest is first
		return larger.first, "refund/part", 930
	}
	return -1, "", 0
}

// isPriceOfPlan reports whether a refund is the price of the purchase in
// instalments that begins with a line. Where instalments were not sent, the cents
// that do not divide are open.
func (r *refunder) isPriceOfPlan(refund *ledger.Movement, line int32) bool {
	p := r.plans[line]
	if p == nil || r.remaining(line) < r.l.Movements[line].Amount {
		return false
	}
	var sent, newest money.Amount
	for i := range p.Lines {
		newest = r.l.Movements[p.Lines[i].Movement].Amount
		sent, _ = money.Add(sent, newest)
	}
	missing := p.Count - int32(len(p.Lines))
	rest, exact := times(newest, missing)
	price, fits := money.Add(sent, rest)
	off := (refund.Amount - price).Abs()
	return exact && fits && refund.Amount > r.l.Movements[line].Amount && (off == 0 || missing > 0 && off < money.Amount(p.Count)*cent)
}

// settleCashbacks finds the purchases of the cashbacks. Those with one purchase
// only tell the usual share of the price, in millionths; it decides the others.
func (r *refunder) settleCashbacks() {
	var single []int32 // cashbacks with one purchase
	purchases := make(map[int32][]int32)
	for _, at := range r.refunds {
		m := &r.l.Movements[at]
		if m.Role != ledger.RoleNone || !isCashback(m) {
			continue
		}
		list := r.purchases(m, at)
		purchases[at] = list
		if len(list) == 1 {
			single = append(single, at)
		}
	}
	usual := r.usualShare(single, purchases)
	for _, at := range r.refunds {
		m := &r.l.Movements[at]
		list, is := purchases[at]
		if !is || m.Role != ledger.RoleNone {
			continue
		}
		var fits choice
		for _, i := range list {
			if usual > 0 && hasShare(m, &r.l.Movements[i], usual) {
				fits.add(i)
			}
		}
		switch {
		case fits.n == 1:
			r.link(at, fits.at, "refund/share", 950)
		case fits.n == 0 && len(list) == 1:
			r.link(at, list[0], "refund/part", 930)
		default:
			m.RoleReason = "refund/open"
		}
	}
}

// usualShare returns the share of the price that cashbacks are: the median of the
// five dearest purchases, as the cents of small ones tell it badly. 0 without any.
func (r *refunder) usualShare(cashbacks []int32, purchases map[int32][]int32) int64 {
	price := func(at int32) money.Amount { return r.l.Movements[purchases[at][0]].Amount }
	slices.SortStableFunc(cashbacks, func(a, b int32) int { return cmp.Compare(price(b), price(a)) })
	var shares []int64
	for _, at := range cashbacks[:min(len(cashbacks), 5)] {
		shares = append(shares, priceShare(&r.l.Movements[at], &r.l.Movements[purchases[at][0]]))
	}
	if len(shares) == 0 {
		return 0
	}
	slices.Sort(shares)
	return shares[len(shares)/2]
}

// purchases returns the purchases that a cashback may belong to.
func (r *refunder) purchases(m *ledger.Movement, at int32) []int32 {
	for _, key := range r.keys(m, true) {
		var found []int32
		list := r.upTo(r.known[key], m.Written)
		for i := len(list) - 1; i >= 0 && len(list)-i <= maxTried; i-- {
			o := &r.l.Movements[list[i]]
			if m.Written-o.Written > soonRefundDays {
				break
			}
			if list[i] != at && o.Amount >= m.Amount && o.Amount <= maxShared {
				found = append(found, list[i])
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

const (
	million   = 1_000_000
	maxShared = math.MaxInt64 / million // of a price whose share can be told
)

// priceShare returns the share of a price that a cashback is, in millionths.
func priceShare(cashback, purchase *ledger.Movement) int64 {
	return int64(cashback.Amount) * million / int64(purchase.Amount)
}

// hasShare reports whether a cashback is this share of a price, but for the cent
// that rounding leaves open.
func hasShare(cashback, purchase *ledger.Movement, share int64) bool {
	expected := money.Amount(int64(purchase.Amount) * share / million)
	return (cashback.Amount - expected).Abs() <= cent
}

var returnReasons = map[keyKind]string{
	byBeginning: "refund/cut-name", byTransfer: "refund/returned-transfer", byCheque: "refund/returned-cheque",
}

// returnDays returns how long after its original a refund of a kind may come.
func (r *refunder) returnDays(refund *ledger.Movement, kind keyKind) calendar.Day {
	switch {
	case kind == byBeginning:
		return maxRefundDays
	case kind == byCheque:
		return chequeDays
	case refund.Entry.Type == "PIX":
		return pixReturnDays
	}
	return returnDays
}

// maxTried is how many possible originals of a refund are looked at.
const maxTried = 128

// upTo returns the movements of a list, oldest first, that are not later than a day.
func (r *refunder) upTo(list []int32, day calendar.Day) []int32 {
	end, _ := slices.BinarySearchFunc(list, day+1, func(i int32, day calendar.Day) int {
		return cmp.Compare(r.l.Movements[i].Written, day)
	})
	return list[:end]
}

// otherRail reports whether two entries went over two rails: a PIX is given back
// as a PIX, a card purchase to the card.
func otherRail(a, b *ledger.Movement) bool {
	return a.Entry != nil && a.Entry.Type != b.Entry.Type && isRail(a.Entry.Type) && isRail(b.Entry.Type)
}

func isRail(ofbType string) bool {
	switch ofbType {
	case "PIX", "TED", "DOC", "CARTAO", "BOLETO":
		return true
	}
	return false
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
	ofPlan := m.Amount > o.Amount
	if !isCashback(m) {
		r.left[original] = max(0, r.remaining(original)-m.Amount)
	}
	// An instalment is not undone, its plan is. An original with a role of its own,
	// such as an own transfer that was returned, is out of spending already and
	// keeps it.
	if !ofPlan && (o.Role == ledger.RoleNone || o.Role == ledger.RoleReversed) {
		setRole(o, ledger.RoleReversed, reason)
		o.Reversed = o.Amount - max(0, o.Amount-o.Reversed-m.Amount)
	}
	r.links = append(r.links, ledger.Link{
		Kind: ledger.LinkRefund, From: at, To: original, Amount: m.Amount, Reason: reason, Sureness: sureness,
	})
}
