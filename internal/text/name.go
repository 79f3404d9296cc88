package text

import "strings"

// Name returns the normalised name of a normalised text (a result of
// [Normalise]): one acquirer prefix such as "PAG*" goes, instalment marks such
// as "PARC 3/10" go, every run of characters other than A–Z becomes one space,
// trimmed. Where nothing is left the name is the text itself.
//
// In the notation of regular expressions the two are
// ^[A-Z0-9]{2,12} ?\* ? and \b(PARC|PARCELA) ?[0-9]+ ?(/|DE) ?[0-9]+.
func Name(normalised string) string { return (*Room)(nil).Name(normalised) }

// Name is [Name] with its results in the room.
func (room *Room) Name(normalised string) string {
	s := normalised[acquirerPrefix(normalised):]
	first, end := letterSpan(s)
	if first == end {
		return normalised
	}
	if isName(s[first:end]) && !marksBefore(s, end) {
		return s[first:end]
	}
	var stack [stackSize]byte
	b := stack[:0]
	pending := false
	for i := first; i < end; {
		c := s[i]
		if c == 'P' {
			if n := instalmentMark(s, i); n > 0 {
				pending = true
				i += n
				continue
			}
		}
		i++
		if !isUpper(c) {
			pending = true
			continue
		}
		if pending && len(b) > 0 {
			b = append(b, ' ')
		}
		pending = false
		b = append(b, c)
	}
	if len(b) == 0 {
		return normalised
	}
	return room.keep(b)
}

// letterSpan returns the range from the first letter A–Z to past the last.
func letterSpan(s string) (first, end int) {
	end = len(s)
	for end > 0 && !isUpper(s[end-1]) {
		end--
	}
	for first < end && !isUpper(s[first]) {
		first++
	}
	return first, end
}

// isName reports whether s has only letters A–Z and single spaces.
func isName(s string) bool {
	blank := false
	for i := 0; i < len(s); i++ {
		if isUpper(s[i]) {
			blank = false
			continue
		}
		if s[i] != ' ' || blank {
			return false
		}
		blank = true
	}
	return true
}

// marksBefore reports whether an instalment mark could begin inside s[:end],
// where s[:end] has no digit after its first letter: only its last word could,
// as a mark is one word and then digits.
func marksBefore(s string, end int) bool {
	return end < len(s) && (strings.HasSuffix(s[:end], "PARC") || strings.HasSuffix(s[:end], "PARCELA"))
}

// AcquirerPrefix returns the length of the prefix of a normalised text that ends
// with a star, such as "PAG*": the acquirer or wallet behind which the shop
// stands. 0 without one.
func AcquirerPrefix(normalised string) int { return acquirerPrefix(normalised) }

// acquirerPrefix returns the length of the acquirer prefix of s, 0 without one.
func acquirerPrefix(s string) int {
	i := 0
	for i < len(s) && isWord(s[i]) {
		if i++; i > 12 {
			return 0
		}
	}
	if i < 2 {
		return 0
	}
	i = skipBlank(s, i)
	if i >= len(s) || s[i] != '*' {
		return 0
	}
	return skipBlank(s, i+1)
}

// instalmentMark returns the length of the instalment mark at s[at:], 0 without
// one. A mark begins at the edge of a word, as the whole text tells it.
func instalmentMark(s string, at int) int {
	if !strings.HasPrefix(s[at:], "PARC") {
		return 0
	}
	if at > 0 && (isWord(s[at-1]) || s[at-1] == '_') {
		return 0
	}
	i := at + len("PARC")
	if strings.HasPrefix(s[i:], "ELA") {
		i += len("ELA")
	}
	i, ok := number(s, skipBlank(s, i))
	if !ok {
		return 0
	}
	i = skipBlank(s, i)
	switch {
	case strings.HasPrefix(s[i:], "/"):
		i++
	case strings.HasPrefix(s[i:], "DE"):
		i += 2
	default:
		return 0
	}
	i, ok = number(s, skipBlank(s, i))
	if !ok {
		return 0
	}
	return i - at
}

func skipBlank(s string, i int) int {
	if i < len(s) && s[i] == ' ' {
		i++
	}
	return i
}

// number skips a run of digits and reports whether there was one.
func number(s string, i int) (int, bool) {
	start := i
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return i, i > start
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isWord(c byte) bool  { return isUpper(c) || isDigit(c) }

// generic holds the words that name nobody.
//
//nolint:misspell // The words are Portuguese.
var generic = func() map[string]bool {
	words := strings.Fields(`
		PAGAMENTO PAGTO PGTO PAG DE DO DA EM NO NA PARA PELO ENTRE BOLETO TITULO TIT
		COBRANCA ELETRON EFETUADO INT OUTRO OUTRA OUTROS BANCO BANCOS IF PIX TED DOC
		TEF TEV TBI TRANSF TRANSFERENCIA ENVIO ENVIADO ENVIADA RECEBIDO RECEBIDA
		EMITIDO QR QRS CODE DINAMICO ESTATICO DES REM DEB DEBITO CRED CREDITO AUT
		AUTOMATICO CONTA CONTAS COMPRA CARTAO SAQUE DEPOSITO LIQUIDACAO`)
	set := make(map[string]bool, len(words))
	for _, w := range words {
		set[w] = true
	}
	return set
}()

// Generic reports whether a normalised name (a result of [Name]) is made only
// of generic words of payments, such as PIX ENVIADO, and so names nobody. A
// name without any word is generic.
func Generic(name string) bool {
	for word := range strings.FieldsSeq(name) {
		if !generic[word] {
			return false
		}
	}
	return true
}
