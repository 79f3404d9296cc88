package fact

import (
	"strconv"

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/openfinance"
)

// Entry is a movement as every statement product repeats it: the members of its
// object, encoded once, without braces. One member in the middle depends on the
// version or the settings and can be left out or replaced: the counterparty's
// tax id of an account entry, the original amount of a card line.
type Entry struct {
	json      []byte
	cut, rest uint32 // json[cut:rest] is the member in the middle with its comma
}

// All returns all members.
func (e *Entry) All() []byte { return e.json }

// Before returns the members before the one in the middle.
func (e *Entry) Before() []byte { return e.json[:e.cut] }

// After returns the members after it.
func (e *Entry) After() []byte { return e.json[e.rest+1:] }

// entries are the encoded movements. A text stands in the report that was the
// first to list it, or in a block that it shares with others, so a movement costs
// no allocation of its own.
type entries struct {
	byMovement []Entry
	block      []byte
}

const (
	blockSize = 64 << 10
	entrySize = 600 // of a usual entry; a longer one makes its block grow
)

// Entry returns the encoded members of a movement.
func (f *Facts) Entry(movement int32) *Entry {
	e := f.entry(movement)
	if e.json != nil {
		return e
	}
	s := &f.entries
	if cap(s.block)-len(s.block) < entrySize {
		s.block = make([]byte, 0, min(blockSize, entrySize*(1+len(f.Ledger.Movements))))
	}
	s.block = e.encode(s.block, &f.Ledger.Movements[movement])
	return e
}

// WriteEntry writes all members of a movement into the open object. Other reports
// repeat the bytes of the first one, so a report's buffer must not be used again
// while the facts are.
func (f *Facts) WriteEntry(w *encode.Writer, movement int32) {
	if e := f.entry(movement); e.json == nil {
		w.Append(func(dst []byte) []byte { return e.encode(dst, &f.Ledger.Movements[movement]) })
	} else {
		w.Members(e.json)
	}
}

// EntryLen returns how long the members of a movement are; about, as long as they
// are not encoded.
func (f *Facts) EntryLen(movement int32) int {
	if e := f.entry(movement); e.json != nil {
		return len(e.json)
	}
	m := &f.Ledger.Movements[movement]
	if m.Line != nil {
		return len(m.ID) + len(m.Line.Name) + lineKeys
	}
	n := len(m.ID) + len(m.Entry.Name) + entryKeys
	if m.Entry.PartieCnpjCpf != "" {
		n += partyKeys
	}
	if m.Entry.PartieNumber != "" {
		n += partyAccountKeys
	}
	return n
}

// About how long is what stands in an entry beside its id and name.
const (
	entryKeys        = 325
	partyKeys        = 55
	partyAccountKeys = 105
	lineKeys         = 410
)

func (f *Facts) entry(movement int32) *Entry {
	if f.entries.byMovement == nil {
		f.entries.byMovement = make([]Entry, len(f.Ledger.Movements))
	}
	return &f.entries.byMovement[movement]
}

// encode appends the members of a movement and remembers where they stand.
func (e *Entry) encode(dst []byte, m *ledger.Movement) []byte {
	start := len(dst)
	var cut, rest int
	if m.Entry != nil {
		dst, cut, rest = appendEntry(dst, m)
	} else {
		dst, cut, rest = appendLine(dst, m)
	}
	end := len(dst) - 1 // every member ends in a comma
	e.json = dst[start:end:end]
	e.cut, e.rest = uint32(cut-1-start), uint32(rest-1-start)
	return dst[:end]
}

// appendEntry appends the members of an account entry and returns where the
// counterparty's tax id begins and ends.
func appendEntry(dst []byte, m *ledger.Movement) (_ []byte, cut, rest int) {
	e := m.Entry
	dst = append(dst, `"transactionDate":"`...)
	dst = m.Written.Append(dst)
	dst = append(dst, '"', ',')
	if hasTime(e.DateTime) {
		dst = member(dst, `"transactionDateTime":`, e.DateTime)
	}
	dst = member(dst, `"transactionId":`, m.ID)
	dst = member(dst, `"completedAuthorisedPaymentType":`, or(e.CompletedAuthorised, "TRANSACAO_EFETIVADA"))
	dst = append(dst, direction(m.Direction)...)
	dst = amount(dst, `"transactionAmount":`, e.Amount)
	dst = member(dst, `"transactionName":`, e.Name)
	cut = len(dst)
	dst = memberIf(dst, `"partieCnpjCpf":`, e.PartieCnpjCpf)
	rest = len(dst)
	dst = memberIf(dst, `"partiePersonType":`, e.PartiePersonType)
	dst = memberIf(dst, `"partieCompeCode":`, e.PartieCompeCode)
	dst = memberIf(dst, `"partieBranchCode":`, e.PartieBranchCode)
	dst = memberIf(dst, `"partieNumber":`, e.PartieNumber)
	dst = memberIf(dst, `"partieCheckDigit":`, e.PartieCheckDigit)
	if m.HasBalance {
		dst = append(dst, `"postTransactionBalance":"`...)
		dst = m.Balance.Append2(dst)
		dst = append(dst, '"', ',')
	}
	dst = member(dst, `"type":`, or(e.Type, "OUTROS"))
	return dst, cut, rest
}

// appendLine appends the members of a card line and returns where the amount in
// its original currency begins and ends.
func appendLine(dst []byte, m *ledger.Movement) (_ []byte, cut, rest int) {
	l := m.Line
	dst = append(dst, `"transactionDate":"`...)
	dst = m.Written.Append(dst)
	dst = append(dst, '"', ',')
	if hasTime(l.DateTime) {
		dst = member(dst, `"transactionDateTime":`, l.DateTime)
	}
	if l.BrazilianAmount.Present() {
		dst = amount(dst, `"brazilianAmount":`, l.BrazilianAmount)
	}
	cut = len(dst)
	if l.Amount.Present() {
		dst = amount(dst, `"amount":`, l.Amount)
	}
	rest = len(dst)
	dst = member(dst, `"transactionName":`, l.Name)
	dst = member(dst, `"identificationNumber":`, l.IdentificationNumber)
	dst = member(dst, `"transactionId":`, m.ID)
	dst = member(dst, `"transactionType":`, l.TransactionType)
	dst = member(dst, `"billPostDate":`, l.BillPostDate)
	dst = append(dst, direction(m.Direction)...)
	dst = memberIf(dst, `"feeType":`, l.FeeType)
	dst = memberIf(dst, `"otherCreditsType":`, l.OtherCreditsType)
	if l.PayeeMCC >= 0 {
		dst = number(dst, `"payeeMCC":`, l.PayeeMCC)
	}
	dst = memberIf(dst, `"paymentType":`, l.PaymentType)
	dst = memberIf(dst, `"chargeIdentificator":`, l.ChargeIdentificator)
	if l.ChargeNumber > 0 {
		dst = number(dst, `"chargeNumber":`, l.ChargeNumber)
	}
	return dst, cut, rest
}

// hasTime reports whether a date-time is more than a date.
func hasTime(dateTime string) bool { return len(dateTime) > len("2006-01-02") }

func direction(d ledger.Direction) string {
	if d == ledger.Credit {
		return `"creditDebitType":"CREDITO",`
	}
	return `"creditDebitType":"DEBITO",`
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func member(dst []byte, key, value string) []byte {
	dst = append(dst, key...)
	dst = encode.AppendString(dst, value)
	return append(dst, ',')
}

func memberIf(dst []byte, key, value string) []byte {
	if value == "" {
		return dst
	}
	return member(dst, key, value)
}

func number(dst []byte, key string, n int32) []byte {
	dst = append(dst, key...)
	dst = strconv.AppendInt(dst, int64(n), 10)
	return append(dst, ',')
}

// amount appends an amount without its sign: the direction tells it.
func amount(dst []byte, key string, m openfinance.Money) []byte {
	value := m.Amount
	if value != "" && value[0] == '-' {
		value = value[1:]
	}
	dst = append(dst, key...)
	dst = encode.AppendMoney(dst, value, m.Currency)
	return append(dst, ',')
}
