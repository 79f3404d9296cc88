package categorise

import (
	"strconv"
	"strings"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/classify"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/text"
	"github.com/openklaas/klaas/openfinance"
	"github.com/openklaas/klaas/taxonomy"
)

// Details are what a movement tells beside its category. All are "" or 0 where
// nothing is told; names are parts of the normalised text.
type Details struct {
	Merchant     string // the shop or payee, without what banks and acquirers put around it
	Brand        string // display name, where the merchant is in the tables
	CNPJ         string // of the brand's head office, where the tables know it
	Settlement   string // settlement type, such as PIX; "" for a card line
	Counterparty Counterparty
	Instalment   int32  // number of this one
	Instalments  int32  // of how many
	Channel      string // see data/channels.tsv
}

// Counterparty is the other side of a transfer.
type Counterparty struct {
	Name     string
	Document string // CPF or CNPJ without punctuation; of a masked CPF what is shown: ***.123.456-**
}

// Details returns what a line tells beside its category. The result is that of
// the same line.
func (r *Result) Details(l *Line) Details {
	t := told{
		text: r.Text, card: l.Source == classify.Card, decision: &r.Decision, settlement: r.Settlement, partie: l.Partie, day: l.Date,
	}
	return t.details()
}

// MovementDetails returns what a movement of a ledger tells beside its category.
func MovementDetails(m *ledger.Movement) Details {
	t := told{text: m.Text, card: m.Source.IsCard(), decision: &m.Decision, partie: Bare(m.PartieTaxID()), day: m.Written}
	if m.Entry != nil {
		t.settlement = taxonomy.SettlementType(m.Entry.Type, m.Text)
	}
	d := t.details()
	if m.Line == nil || m.Line.ChargeNumber == 0 {
		return d
	}
	// The fields of a line go before its text; a single charge is no instalment.
	d.Instalment, d.Instalments = 0, 0
	if count := m.Line.ChargeNumber; count > 1 && count <= text.MaxInstalments {
		number, err := strconv.Atoi(m.Line.ChargeIdentificator)
		if err == nil && number >= 1 && number <= int(count) {
			d.Instalment = int32(number)
		}
		d.Instalments = count
	}
	return d
}

// told is what details are taken from.
type told struct {
	text       string
	card       bool
	decision   *ledger.Decision
	settlement string
	partie     string
	day        calendar.Day
}

func (t *told) details() Details {
	d := Details{
		Brand: t.decision.Brand, CNPJ: classify.CNPJ(t.decision.Brand), Settlement: t.settlement, Channel: channel(t.text),
	}
	if mark, ok := t.instalment(); ok {
		d.Instalment, d.Instalments = mark.Number, mark.Count
	}
	kind, start := leadOf(t.text, t.card)
	document := findDocument(t.text, start, kind == transfer)
	name := cleanName(behindLead(t.text, start, document, kind), t.decision.Brand)
	if kind == transfer {
		d.Counterparty = Counterparty{Name: name, Document: document.bare}
		if t.partie != "" {
			d.Counterparty.Document = t.partie
		}
	} else if t.partie != "" {
		d.Counterparty.Document = t.partie
	}
	if t.namesMerchant(kind) {
		d.Merchant = name
	}
	return d
}

// instalment reads the mark of an instalment. Only cards are paid so; elsewhere
// two numbers at the end are a date.
func (t *told) instalment() (text.Instalment, bool) {
	mark, ok := text.FindInstalment(t.text)
	if !ok || !mark.Word && !t.card {
		return text.Instalment{}, false
	}
	return mark, !mark.Dated || t.day == 0 || !t.day.IsNear(int(mark.Number), int(mark.Count), maxWrittenDate)
}

// maxWrittenDate is how many days a date in a text may lie from the line's day.
const maxWrittenDate = 10

// namesMerchant reports whether the name in the text is a shop or payee.
func (t *told) namesMerchant(kind leadKind) bool {
	d := t.decision
	byName := d.Tier == ledger.TierMerchant || d.Brand != ""
	switch kind {
	case transfer:
		return byName
	case purchase:
		// Of fees, loans and bills the words are the bank's own.
		top := d.Code.Top()
		return byName || d.Tier != ledger.TierVocabulary || top != 1 && top < 5
	case quoted:
		return true
	}
	if !t.card {
		return byName
	}
	switch d.Tier {
	case ledger.TierNone, ledger.TierPartner, ledger.TierMerchant, ledger.TierModel:
		return true
	case ledger.TierVocabulary:
		top := d.Code.Top()
		return text.AcquirerPrefix(t.text) > 0 || top == 3 || top == 4
	case ledger.TierStructure:
		return strings.HasPrefix(d.Rule, "structure/mcc") || d.Rule == "structure/betting-mcc"
	}
	return false
}

// behindLead returns the part of a text where the name stands.
func behindLead(s string, start int, document document, kind leadKind) string {
	end := len(s)
	switch {
	case document.from > start:
		end = document.from
	case document.to > start:
		start = document.to
	}
	s = s[start:end]
	if kind == none {
		return s
	}
	s = strings.TrimLeft(s, " -:\"'.")
	if i := strings.IndexByte(s, '"'); i > 0 {
		s = s[:i]
	}
	if kind == transfer {
		// Banks set the counterparty's bank and account apart.
		s, _, _ = strings.Cut(s, " - ")
	}
	// TED 341.1234EMPRESA: the branch is glued to the name.
	digits := 0
	for digits < len(s) && isDigit(s[digits]) {
		digits++
	}
	if digits >= 4 && digits < len(s) {
		s = s[digits:]
	}
	return s
}

// cleanName takes off what stands around a name: the prefix of an acquirer, marks
// of instalments, dates and times, document numbers, and the town before BRA.
func cleanName(s, brand string) string {
	if n := text.AcquirerPrefix(s); n > 0 {
		s = behindPrefix(strings.TrimRight(s[:n], " *"), s[n:], brand)
	}
	if mark, ok := text.FindInstalment(s); ok && mark.Word {
		s = s[:mark.From] + s[mark.To:]
	}
	for {
		s = strings.Trim(s, " -:*\"'./,()|")
		n := tail(s)
		if n == 0 && tables().namesNobody(s) {
			return ""
		}
		if n == 0 {
			return text.Normalise(s)
		}
		s = s[:len(s)-n]
	}
}

// behindPrefix returns the name in a text of a prefix, a star and the rest: the
// rest, unless the prefix is the shop.
func behindPrefix(prefix, rest, brand string) string {
	first, behind, further := strings.Cut(strings.TrimLeft(rest, "* "), " ")
	switch {
	case !further && isCode(first):
		return prefix // FACEBK *EYR58EJ2F2
	case first == prefix:
		return strings.TrimSpace(first + " " + behind)
	case strings.HasPrefix(text.Normalise(brand), prefix):
		return prefix + " " + rest // UBER *TRIP
	}
	return rest
}

// tail returns the length of what is no part of a name at its end, 0 when the
// name ends there.
func tail(s string) int {
	if n := dateTail(s); n > 0 {
		return n
	}
	word := s[strings.LastIndexByte(s, ' ')+1:]
	switch {
	case len(word) == len(s):
		return 0
	case len(word) >= 4 && onlyDigits(word), timeLike(word), onlyMask(word):
		return len(word)
	case strings.Contains(word, "/") && onlyDigits(strings.Replace(word, "/", "", 1)):
		return len(word)
	case word == "BRA" || word == "BR":
		return len(word) + townTail(strings.TrimRight(s[:len(s)-len(word)], " ")) + 1
	}
	return 0
}

// isCode reports whether a word is an order's number rather than a name: nothing,
// or two digits and more.
func isCode(word string) bool {
	digits := 0
	for i := range len(word) {
		if isDigit(word[i]) {
			digits++
		}
	}
	return word == "" || digits >= 2
}

// dateTail returns the length of dd/mm, dd/mm/yy or dd/mm/yyyy at the end, also
// glued to a name: SHOP07/04.
func dateTail(s string) int {
	for _, shape := range [...]string{"00/00/0000", "00/00/00", "00/00"} {
		n := len(shape)
		if len(s) <= n || isDigit(s[len(s)-n-1]) || s[len(s)-n-1] == '/' {
			continue
		}
		if d := s[len(s)-n:]; shaped(d, shape) && d[:2] <= "31" && d[3:5] <= "12" {
			return n
		}
	}
	return 0
}

func timeLike(w string) bool {
	return shaped(w, "00:00") || shaped(w, "00:00:00") || shaped(w, "00H00")
}

// shaped reports whether s has the shape, in which 0 stands for any digit.
func shaped(s, shape string) bool {
	if len(s) != len(shape) {
		return false
	}
	for i := range len(shape) {
		if shape[i] == '0' && !isDigit(s[i]) || shape[i] != '0' && s[i] != shape[i] {
			return false
		}
	}
	return true
}

func onlyDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}

// onlyMask reports whether a word has nothing but characters that hide others.
func onlyMask(s string) bool { return strings.Trim(s, "*•.-") == "" }

// townTail returns the length of the longest town at the end of s, 0 when the
// whole of s would be one.
func townTail(s string) int {
	t, length := tables(), 0
	for i := len(s) - 1; i > 0 && len(s)-1-i <= t.longest; i-- {
		if s[i] == ' ' && t.towns[s[i+1:]] {
			length = len(s) - i
		}
	}
	return length
}

// document is a CPF or CNPJ in a text.
type document struct {
	from, to int // where it and its mask stand
	bare     string
}

// findDocument looks for a CPF or CNPJ: punctuated, masked (•••.123.456-••), or,
// in transfers, as bare digits whose check digits are right.
func findDocument(s string, start int, transfers bool) document {
	for i := start; i < len(s); i++ {
		if s[i] == '.' && i+9 <= len(s) && shaped(s[i:i+9], ".000.000-") {
			if d, ok := documentAround(s, i); ok {
				return d
			}
		}
		if shapedAt(s, i, "00.000.000/0000-00") {
			return document{i, i + 18, Bare(s[i : i+18])}
		}
		if transfers && (i == 0 || !isDigit(s[i-1])) && isDigit(s[i]) {
			n := 0
			for i+n < len(s) && isDigit(s[i+n]) {
				n++
			}
			if (n == 11 || n == 14) && openfinance.TaxIDHolds(s[i:i+n]) {
				return document{i, i + n, s[i : i+n]}
			}
		}
	}
	return document{}
}

func shapedAt(s string, i int, shape string) bool {
	return i+len(shape) <= len(s) && shaped(s[i:i+len(shape)], shape)
}

// documentAround reads the CPF of which s[at:] shows the middle: .123.456-
func documentAround(s string, at int) (document, bool) {
	middle := s[at : at+9]
	head, tail := s[:at], s[at+9:]
	if len(head) >= 3 && onlyDigits(head[len(head)-3:]) && len(tail) >= 2 && onlyDigits(tail[:2]) {
		return document{at - 3, at + 11, Bare(head[len(head)-3:] + middle + tail[:2])}, true
	}
	before := len(head) - len(strings.TrimRight(head, "*•X"))
	after := len(tail) - len(strings.TrimLeft(tail, "*•X"))
	if before == 0 || after == 0 {
		return document{}, false
	}
	return document{at - before, at + 9 + after, "***" + middle + "**"}, true
}
