package clean

import (
	"strings"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/institution"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/text"
)

// holder is who an account belongs to, as far as texts and documents of
// counterparties can name them: the person of the document, or the company.
type holder struct {
	taxID string
	names []personName
}

// holdersOf returns the person and the company of the document.
func holdersOf(l *ledger.Ledger) (person, company holder) {
	person.taxID, company.taxID = l.Person.CPF, l.Person.CNPJ
	doc := l.Document
	for i := range doc.PersonalIdentifications {
		n := &doc.PersonalIdentifications[i]
		person.addName(n.CivilName)
		person.addName(n.SocialName)
	}
	for i := range doc.BusinessIdentifications {
		b := &doc.BusinessIdentifications[i]
		company.addName(b.CompanyName)
		company.addName(b.TradeName)
	}
	return person, company
}

func (h *holder) addName(name string) {
	n := newPersonName(name)
	if len(n.words) < 2 {
		return // one word names too many
	}
	for i := range h.names {
		if strings.Join(h.names[i].words, " ") == strings.Join(n.words, " ") {
			return
		}
	}
	h.names = append(h.names, n)
}

// owns reports whether a tax id is the holder's: the same CPF, or a CNPJ of the
// same company.
func (h *holder) owns(taxID string) bool {
	switch {
	case h.taxID == "" || len(taxID) != len(h.taxID):
		return false
	case len(taxID) == cnpjLength:
		return taxID[:rootLength] == h.taxID[:rootLength]
	}
	return taxID == h.taxID
}

const (
	cpfLength  = 11
	cnpjLength = 14
	rootLength = 8
)

// knownTaxID returns the counterparty's tax id, "" where it has none: a text of
// another length, or of one digit all over, which transmitters send for unknown.
func knownTaxID(m *ledger.Movement) string {
	id := m.PartieTaxID()
	if len(id) != cpfLength && len(id) != cnpjLength || strings.Count(id, id[:1]) == len(id) {
		return ""
	}
	return id
}

// sameParty reports whether two tax ids are of one person or company.
func sameParty(a, b string) bool {
	if len(a) == cnpjLength && len(b) == cnpjLength {
		return a[:rootLength] == b[:rootLength]
	}
	return a == b
}

// writtenTaxID says what a text tells about the counterparty's document.
type writtenTaxID uint8

const (
	noTaxID writtenTaxID = iota
	ownTaxID
	otherTaxID
)

// taxIDInText looks for a document in a normalised text: a CNPJ in full, a CPF
// in full, or a CPF as banks hide it (***.123.456-**), of which the six digits in
// the middle tell. They agree by chance once in a million.
func (h *holder) taxIDInText(s string) writtenTaxID {
	for i := 0; i < len(s); i++ {
		n := strings.IndexByte(s[i:], '-')
		if n < 0 {
			return noTaxID
		}
		i += n
		before, after := s[:i], s[i+1:]
		if hasForm(before, "AA.AAA.AAA/AAAA") {
			at := before[len(before)-len("AA.AAA.AAA/AAAA"):]
			root := at[:2] + at[3:6] + at[7:10]
			return told(len(h.taxID) == cnpjLength && h.taxID[:rootLength] == root)
		}
		if hasForm(before, ".000.000") {
			at := before[len(before)-len("000.000"):]
			own := len(h.taxID) == cpfLength && h.taxID[3:6] == at[:3] && h.taxID[6:9] == at[4:]
			if hasForm(before, "000.000.000") && len(after) >= 2 && isDigits(after[:2]) {
				own = own && h.taxID[:3] == before[len(before)-11:len(before)-8] && h.taxID[9:] == after[:2]
			}
			return told(own)
		}
	}
	return noTaxID
}

func told(own bool) writtenTaxID {
	if own {
		return ownTaxID
	}
	return otherTaxID
}

// hasForm reports whether s ends like form, in which 0 stands for a digit and A
// for a digit or capital.
func hasForm(s, form string) bool {
	if len(s) < len(form) {
		return false
	}
	s = s[len(s)-len(form):]
	for i := range len(form) {
		c, digit := s[i], '0' <= s[i] && s[i] <= '9'
		switch form[i] {
		case '0':
			if !digit {
				return false
			}
		case 'A':
			if !digit && (c < 'A' || c > 'Z') {
				return false
			}
		default:
			if c != form[i] {
				return false
			}
		}
	}
	return true
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// personName is a civil or company name, ready to be found in texts.
type personName struct {
	words []string // without particles (DE, DOS …) and legal forms (LTDA …)
	form  string   // the word that followed them last, such as a legal form; ""
}

func newPersonName(name string) personName {
	var n personName
	for w, rest := nextWord(text.Normalise(name)); w != ""; w, rest = nextWord(rest) {
		if particles.has(w) {
			n.form = w
			continue
		}
		n.words, n.form = append(n.words, w), ""
	}
	return n
}

const particleWords = `DE DA DO DAS DOS E D LTDA ME MEI EPP EIRELI SA S A`

var particles = wordSet(particleWords)

// nameMatch says how well the words of a text that name somebody agree with the
// holder's name.
type nameMatch uint8

const (
	nobody    nameMatch = iota // the text names nobody
	elsewhere                  // it names somebody else
	firstName                  // no more than the first name, or its beginning
	likeName                   // several words, as of a short or a cut name
	fullName                   // the whole name
)

// enoughWords of a name that stand whole make a cut name as good as a full one:
// fewer are shared by many, such as the first two of MARIA APARECIDA DA SILVA.
const enoughWords = 3

// match compares words that name somebody, as nameWords returns them, with the
// name. They must begin with its first word and follow its order. Old cores cut
// texts, so the last may be the beginning of a word, or of the legal form; some banks write a middle
// name as its initial or leave it out. A word that the name does not have (a
// JUNIOR, another family name) names somebody else.
func (n *personName) match(words []string) nameMatch {
	if len(words) == 0 {
		return nobody
	}
	at, whole, inOrder := 0, 0, true
	for i, w := range words {
		last := i == len(words)-1
		if at == len(n.words) {
			if last && len(w) > 1 && strings.HasPrefix(n.form, w) {
				break // LT of LTDA
			}
			return elsewhere
		}
		found := -1
		for k := at; k < len(n.words); k++ {
			if i == 0 && k > 0 {
				break // the first name must be there
			}
			if w == n.words[k] || strings.HasPrefix(n.words[k], w) && (last || len(w) == 1 && i > 0) {
				found = k
				break
			}
		}
		if found < 0 {
			return elsewhere
		}
		inOrder = inOrder && found == i
		if w == n.words[found] {
			whole++
		}
		at = found + 1
	}
	end := words[len(words)-1]
	switch {
	case len(words) == 1 && len(end) < shortestName:
		return elsewhere // a letter or two name nobody in particular
	case len(words) == 1:
		return firstName
	case inOrder && whole >= enoughWords:
		return fullName
	case inOrder && whole >= enoughWords-1 && len(words) == len(n.words) && len(end) >= shortestName:
		return fullName // cut in its last word
	}
	return likeName
}

const shortestName = 3

// named returns how well a normalised text agrees with the best of the holder's
// names.
func (h *holder) named(s string, words []string) nameMatch {
	first := firstNameWord(s)
	if first == "" {
		return nobody
	}
	if !h.begins(first) {
		return elsewhere
	}
	words = nameWords(s, words)
	best := elsewhere
	for i := range h.names {
		best = max(best, h.names[i].match(words))
	}
	return best
}

// begins reports whether one of the holder's names begins with a word, which may
// be cut. Most texts name somebody else and are told by their first word.
func (h *holder) begins(word string) bool {
	for i := range h.names {
		if strings.HasPrefix(h.names[i].words[0], word) {
			return true
		}
	}
	return false
}

// nameWords appends the words of a normalised text that name a person or a shop:
// what remains without the words of payments, of banks and of channels.
func nameWords(s string, words []string) []string {
	for w, rest := nextWord(s); w != ""; w, rest = nextWord(rest) {
		if !noise.has(w) {
			words = append(words, w)
		}
	}
	return words
}

// firstNameWord returns the first of the words that name somebody, "" for none.
func firstNameWord(s string) string {
	for w, rest := nextWord(s); w != ""; w, rest = nextWord(rest) {
		if !noise.has(w) {
			return w
		}
	}
	return ""
}

// nextWord returns the first run of letters of a normalised text, "" when there
// is none, and what follows it.
func nextWord(s string) (word, rest string) {
	from := 0
	for from < len(s) && !isLetter(s[from]) {
		from++
	}
	to := from
	for to < len(s) && isLetter(s[to]) {
		to++
	}
	return s[from:to], s[to:]
}

// isLetter reports whether c belongs to a word: A–Z, or a letter that
// normalisation could not reduce to one of them.
func isLetter(c byte) bool { return 'A' <= c && c <= 'Z' }

// paymentWords say how money went and through which channel or bank.
//
//nolint:misspell // The words are Portuguese.
const paymentWords = `
	PAGAMENTO PAGTO PGTO PAG COM CODIGO EM NO NA PARA PELO BOLETO TITULO TIT COBRANCA ELETRON EFETUADO OUTRO OUTRA OUTROS
	BANCO BANCOS IF PIX TED DOC TEF TEV TBI TRANSF TRANSFERENCIA ENVIO ENVIADO ENVIADA RECEBIDO RECEBIDA EMITIDO
	QR QRS CODE DINAMICO ESTATICO DES REM DEB DEBITO CRED CREDITO AUT AUTOMATICO CONTA CONTAS COMPRA CARTAO
	SAQUE DEPOSITO LIQUIDACAO
	TRANSFE TRANSFERENCIAS TRANSFERIDO TR TRANS MESMA MESMO TITULARIDADE TITULAR PROPRIA PROPRIAS
	SUAS MINHAS CLIENTE CORRENTE POUPANCA CC CP CTA CTAS C P R N NR NUM NUMERO AG AGENCIA AGEN INTERNET INT
	MOBILE APP CELULAR VIA CHAVE BANKING IB IBC NET ONLINE ON LINE DIGITAL REALIZADO REALIZADA EFETUADA VALOR
	DISPON DISPONIVEL ELET ELETR ELETRONICA ELETRONICO DINHEIRO ENTRADA SAIDA RECEB REC ENV EMIT EMITIDA
	CR DB D ENTRE CPF CNPJ ID DIA HORA AS AGENDADO AGENDADA INSTANTANEO INSTANTANEA FAVORECIDO REMETENTE REMET FAV DEST POUP POUPA APLICACAO APLIC RESGATE RESG
	DESTINO ORIGEM CREDITADO DEBITADO RECEBIMENTO INSTITUICAO OUTRAS INTERBANCARIA STR CIP PF PJ
	PAGAMENTOS IP MULTIPLO BCO BRASIL BB NU NUBANK ITAU UNIBANCO BRADESCO SANTANDER CAIXA ECONOMICA FEDERAL CEF
	INTER PICPAY MERCADO PAGO MERCADOPAGO PAGBANK PAGSEGURO NEON ORIGINAL SICOOB SICREDI AILOS SAFRA BTG PACTUAL
	WILL NEXT BANRISUL BMG PAN STONE CORA ASAAS DIGIO AGIBANK BV COOPERATIVA`

// noise are the words of a text that name nobody.
var noise = wordSet(paymentWords + " " + particleWords)

// words is a set of words, by a hash of the word. Most words asked for are names
// and find an empty place.
type words [512][]string

func wordSet(list string) *words {
	s := new(words)
	for w := range strings.FieldsSeq(list) {
		if !s.has(w) {
			place := &s[s.place(w)]
			*place = append(*place, w)
		}
	}
	return s
}

// place returns the place of a word in the set.
func (s *words) place(w string) int {
	n := len(w)
	h := uint(w[0])*37 + uint(w[n/2])*331 + uint(w[n-1])*7 + uint(n)*71
	return int(h % uint(len(s)))
}

func (s *words) has(w string) bool {
	for _, known := range s[s.place(w)] {
		if known == w {
			return true
		}
	}
	return false
}

// bankInText returns the ISPB of the other bank as far as a text tells it by
// number: "(0260)" and "341.0001" hold a COMPE code, "CP :18236120-" an ISPB.
// "" when it does not.
func bankInText(s string) string {
	if i := strings.Index(s, "CP :"); i >= 0 {
		if ispb := s[i+len("CP :"):]; len(ispb) > rootLength && isDigits(ispb[:rootLength]) && ispb[rootLength] == '-' {
			return ispb[:rootLength]
		}
	}
	for i := 0; i < len(s); i++ {
		n := strings.IndexByte(s[i:], '(')
		if n < 0 {
			break
		}
		i += n
		if rest := s[i+1:]; len(rest) >= 5 && rest[0] == '0' && isDigits(rest[1:4]) && rest[4] == ')' {
			return ispbOf(rest[1:4])
		}
	}
	if code, ok := strings.CutPrefix(s, "TED "); ok && len(code) >= 8 && isDigits(code[:3]) && code[3] == '.' && isDigits(code[4:8]) {
		return ispbOf(code[:3])
	}
	return ""
}

func ispbOf(compe string) string {
	bank, _ := institution.ByCompe(compe)
	return bank.ISPB
}

// accountInText returns the number of the other account as far as a text tells
// it: "CONTA: 12345-6", or "TBI 1234.12345-6" behind its branch.
func accountInText(s string) string {
	if _, after, ok := strings.Cut(s, "CONTA: "); ok {
		return number(after)
	}
	if rest, ok := strings.CutPrefix(s, "TBI "); ok && len(rest) > 5 && isDigits(rest[:4]) && rest[4] == '.' {
		return number(rest[5:])
	}
	return ""
}

// number returns the digits that s begins with, a check digit included.
func number(s string) string {
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	digits := s[:i]
	if i > 0 && i+1 < len(s) && s[i] == '-' && isCheckDigit(s[i+1]) || i > 0 && i+2 == len(s) && s[i] == '-' {
		digits += s[i+1 : i+2]
	}
	return digits
}

func isCheckDigit(c byte) bool { return c >= '0' && c <= '9' || c == 'X' || c == 'P' }

// timeInText returns the time that a text tells behind its own day, as in
// "16/08 13:31", in Unix milliseconds.
func timeInText(s string, day calendar.Day) (instant int64, ok bool) {
	const form = "dd/mm hh:mm"
	_, month, date := day.Date()
	for i := 0; i+len(form) <= len(s); i++ {
		n := strings.IndexByte(s[i+2:], '/')
		if n < 0 || i+n+len(form) > len(s) {
			return 0, false
		}
		i += n
		at := s[i : i+len(form)]
		if !hasForm(at, "00/00 00:00") || twoDigits(at) != date || twoDigits(at[3:]) != int(month) {
			continue
		}
		h, m := twoDigits(at[6:]), twoDigits(at[9:])
		if h > 23 || m > 59 {
			return 0, false
		}
		return int64(day)*millisPerDay + int64(h+3)*millisPerHour + int64(m)*millisPerMinute, true
	}
	return 0, false
}

func twoDigits(s string) int { return int(s[0]-'0')*10 + int(s[1]-'0') }

// paymentID returns the end-to-end id of a PIX that stands in a text: E, the
// ISPB of the payer's bank, the minute, eleven characters. Both sides of a
// payment have the same. "" without one.
func paymentID(s string) string {
	const length = 32
	for i := 0; i+length <= len(s); i++ {
		n := strings.IndexByte(s[i:], 'E')
		if n < 0 {
			return ""
		}
		i += n
		if i+length > len(s) {
			return ""
		}
		id := s[i : i+length]
		if (i == 0 || !isWordByte(s[i-1])) && isDigits(id[1:21]) && (i+length == len(s) || !isWordByte(s[i+length])) {
			return id
		}
	}
	return ""
}

func isWordByte(c byte) bool { return isLetter(c) || c >= '0' && c <= '9' }
