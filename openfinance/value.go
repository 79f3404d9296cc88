package openfinance

import (
	"strconv"
	"strings"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/money"
)

// This file reads the scalar values. Each reader returns whether it found a
// value; an absent one (null, "", the v1 words for "nothing") is none, and so is
// one that cannot be read, after a note.

// absentText reports the texts that v1 transmitters and samples send for nothing.
func absentText(s string) bool {
	if len(s) > len("string") {
		return false
	}
	return s == "" || s == "NA" || s == "string"
}

// sentinels are the enum values of v1 for "there is none".
var sentinels = map[string]bool{
	"SEM_ENCARGO": true, "SEM_TIPO_CONTA": true, "SEM_SUB_TIPO_CONTA": true,
	"SEM_OUTROS_DOCUMENTOS": true, "SEM_FILIACAO": true,
	"SEM_FREQUENCIA_RENDA_INFORMADA": true, "SEM_FREQUENCIA_FATURAMENTO_INFORMADO": true,
	"SEM_TIPO_GARANTIA": true, "SEM_SUB_TIPO_GARANTIA": true,
	"NAO_DISPONIVEL": true, "NAO_SE_APLICA": true, "NAO_APLICA": true, "NAO_POSSUI": true,
}

// isSentinel looks at the first letters before it asks the map.
func isSentinel(s string) bool {
	return len(s) >= 10 && (s[0] == 'S' || s[0] == 'N') && sentinels[s]
}

// trim cuts blanks off the ends.
func trim(s string) string {
	if s == "" || (s[0] > ' ' && s[0] < 0x80 && s[len(s)-1] > ' ' && s[len(s)-1] < 0x80) {
		return s
	}
	return strings.TrimSpace(s)
}

// words reads a text. A number is taken as it is written.
func (r *reader) words(at spot) (string, bool) {
	kind, s := r.scalar(at)
	switch kind {
	case '"':
		if absentText(trim(s)) {
			return "", false
		}
		return s, true
	case '0':
		return s, true
	case 'n', 0:
		return "", false
	}
	r.fault(at, "is "+nameOf(kind)+": send a text")
	return "", false
}

// word reads a text without the blanks around it.
func (r *reader) word(at spot) (string, bool) {
	s, found := r.words(at)
	return trim(s), found
}

// name reads the value of an enum: in capitals, and kept when it is unknown.
func (r *reader) name(at spot) (string, bool) {
	s, found := r.label(at)
	if isSentinel(s) {
		return "", false
	}
	return s, found
}

// label is name for an enum in which the sentinels of v1 are values of today.
func (r *reader) label(at spot) (string, bool) {
	s, found := r.word(at)
	if !found {
		return "", false
	}
	s = strings.ToUpper(s)
	if s == "NA" {
		return "", false
	}
	return s, true
}

// currencyCode reads an ISO 4217 code.
func (r *reader) currencyCode(at spot) (string, bool) {
	s, found := r.name(at)
	if !found {
		return "", false
	}
	if s == "BRL" {
		return "BRL", true
	}
	if len(s) != 3 || !letters(s) {
		r.fault(at, "is not a currency: send three letters, such as BRL")
		return "", false
	}
	return s, true
}

func letters(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return true
}

// code reads digits in which leading zeros count. A number, and a shorter text
// of digits, is filled up with zeros to the width; zeros beyond it are cut.
func (r *reader) code(at spot, width int) (string, bool) {
	s, found := r.word(at)
	if !found || len(s) == width || !digits(s) {
		return s, found
	}
	for len(s) > width && s[0] == '0' {
		s = s[1:]
	}
	return zeros(s, width), true
}

func zeros(s string, width int) string {
	if len(s) >= width {
		return s
	}
	return strings.Repeat("0", width-len(s)) + s
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// taxID reads a CPF (width 11), a CNPJ (14) or either (0), without punctuation
// and in capitals. Wrong check digits are a warning: official samples have them.
func (r *reader) taxID(at spot, width int) (string, bool) {
	kind, s := r.scalar(at)
	switch kind {
	case 'n', 0:
		return "", false
	case '"':
		if absentText(trim(s)) {
			return "", false
		}
		s = unmasked(s)
	case '0':
		// A number has lost its leading zeros.
		switch {
		case !digits(s):
		case width == cnpjLength || width == 0 && len(s) > cpfLength:
			s = zeros(s, cnpjLength)
		default:
			s = zeros(s, cpfLength)
		}
	default:
		r.fault(at, "is "+nameOf(kind)+": send a text of "+idShape(width))
		return "", false
	}
	isCPF := len(s) == cpfLength && width != cnpjLength && digits(s)
	isCNPJ := len(s) == cnpjLength && width != cpfLength && capitals(s) && digits(s[12:])
	if !isCPF && !isCNPJ {
		r.fault(at, "has not the form of "+idShape(width)+": send it without mask and in full")
		return "", false
	}
	if !checkDigitsHold(s) {
		r.warn(at, "has wrong check digits, kept as sent: check its source")
	}
	return s, true
}

const (
	cpfLength  = 11
	cnpjLength = 14
)

func idShape(width int) string {
	switch width {
	case cpfLength:
		return "a CPF (11 digits)"
	case cnpjLength:
		return "a CNPJ (14 characters)"
	}
	return "a CPF (11 digits) or CNPJ (14 characters)"
}

// unmasked drops the punctuation of a CPF or CNPJ and raises its letters.
func unmasked(s string) string {
	clean := true
	for i := 0; i < len(s) && clean; i++ {
		clean = capital(s[i])
	}
	if clean {
		return s
	}
	return strings.Map(func(c rune) rune {
		switch {
		case c == '.' || c == '-' || c == '/' || c == ' ' || c == '\u00a0':
			return -1
		case 'a' <= c && c <= 'z':
			return c - 'a' + 'A'
		}
		return c
	}, s)
}

func capital(c byte) bool { return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' }

func capitals(s string) bool {
	for i := 0; i < len(s); i++ {
		if !capital(s[i]) {
			return false
		}
	}
	return true
}

// TaxIDHolds reports whether a text is a CPF (11 digits) or CNPJ (14 characters),
// without punctuation, whose check digits are right.
func TaxIDHolds(s string) bool {
	isCPF := len(s) == cpfLength && digits(s)
	isCNPJ := len(s) == cnpjLength && capitals(s) && digits(s[12:])
	return (isCPF || isCNPJ) && checkDigitsHold(s)
}

// checkDigitsHold checks the two digits at the end, modulo 11. A letter of a
// CNPJ counts as its ASCII code less 48, as Receita Federal defines it.
func checkDigitsHold(id string) bool {
	top := 9 // the weights run 2 to 9 from the right and start again
	if len(id) == cpfLength {
		top = 11
	}
	for _, n := range [2]int{len(id) - 2, len(id) - 1} {
		sum, weight := 0, 2
		for i := n - 1; i >= 0; i-- {
			sum += int(id[i]-'0') * weight
			if weight++; weight > top {
				weight = 2
			}
		}
		digit := 11 - sum%11
		if digit > 9 {
			digit = 0
		}
		if int(id[n]-'0') != digit {
			return false
		}
	}
	return true
}

// truth reads true or false, also as a text.
func (r *reader) truth(at spot) (Bool, bool) {
	kind, s := r.scalar(at)
	switch kind {
	case 't':
		return True, true
	case 'f':
		return False, true
	case 'n', 0:
		return Absent, false
	case '"':
		switch strings.ToUpper(trim(s)) {
		case "TRUE", "SIM":
			return True, true
		case "FALSE", "NAO", "NÃO":
			return False, true
		}
		if absentText(trim(s)) {
			return Absent, false
		}
		r.fault(at, "is a text that does not say true or false: send true or false")
		return Absent, false
	}
	r.fault(at, "is "+nameOf(kind)+": send true or false")
	return Absent, false
}

// whole reads a whole number from 0 to top, also as a text.
func (r *reader) whole(at spot, top int32) (int32, bool) {
	kind, s := r.scalar(at)
	switch kind {
	case 'n', 0:
		return 0, false
	case '"':
		s = trim(s)
		if absentText(s) {
			return 0, false
		}
	case '0':
		s = withoutFraction(s)
	default:
		r.fault(at, "is "+nameOf(kind)+": send a whole number")
		return 0, false
	}
	n, err := strconv.ParseUint(s, 10, 31)
	if err != nil || n > uint64(top) {
		r.fault(at, "is not a whole number from 0 to "+strconv.Itoa(int(top))+": send it without decimals")
		return 0, false
	}
	return int32(n), true
}

// maxInstalment is the highest number of an instalment (OFB credit-cards 2.1.0).
const maxInstalment = 999

// instalment reads the number of an instalment. Before 2.1.0 it was a free text
// such as PARCELA_3: the first digits count.
func (r *reader) instalment(at spot) (string, bool) {
	kind, s := r.scalar(at)
	switch kind {
	case 'n', 0:
		return "", false
	case '"':
		start := strings.IndexFunc(s, func(c rune) bool { return c >= '0' && c <= '9' })
		if start < 0 {
			return "", false
		}
		s = s[start:]
		end := 0
		for end < len(s) && s[end] >= '0' && s[end] <= '9' {
			end++
		}
		s = s[:end]
	case '0':
		s = withoutFraction(s)
	default:
		r.fault(at, "is "+nameOf(kind)+": send the number of the instalment")
		return "", false
	}
	n, err := strconv.ParseUint(s, 10, 31)
	if err != nil || n > maxInstalment {
		r.fault(at, "is not the number of an instalment: send a whole number from 1 to "+strconv.Itoa(maxInstalment))
		return "", false
	}
	if n == 0 {
		return "", false
	}
	return strings.TrimLeft(s, "0"), true
}

// amount reads an amount of money: a decimal as a text, or a number.
func (r *reader) amount(at spot) (string, bool) {
	kind, s := r.scalar(at)
	switch kind {
	case '"':
		s = trim(s)
		if absentText(s) {
			return "", false
		}
		s = strings.TrimPrefix(s, "+")
	case '0':
		plain, ok := plainDecimal(s)
		if !ok {
			r.fault(at, money.ErrRange.Error())
			return "", false
		}
		s = plain
	case 'n', 0:
		return "", false
	default:
		r.fault(at, "is "+nameOf(kind)+": send a text of digits, a point and 2 to 4 decimals")
		return "", false
	}
	if strings.HasPrefix(s, "+") {
		r.fault(at, money.ErrSyntax.Error())
		return "", false
	}
	value, err := money.Parse(s)
	if err != nil {
		r.fault(at, err.Error())
		return "", false
	}
	if value == 0 {
		s = strings.TrimPrefix(s, "-")
	}
	return s, true
}

// decimal reads a number that is no money. A text stays as it was sent; a JSON
// number gets at least so many decimals.
func (r *reader) decimal(at spot, places int) (string, bool) {
	kind, s := r.scalar(at)
	switch kind {
	case '"':
		s = trim(s)
		if absentText(s) {
			return "", false
		}
		s = strings.TrimPrefix(s, "+")
	case '0':
		plain, ok := plainDecimal(s)
		if !ok {
			r.fault(at, tooManyDigits)
			return "", false
		}
		s = withDecimals(plain, places)
	case 'n', 0:
		return "", false
	default:
		r.fault(at, "is "+nameOf(kind)+": send a text of digits, a point and decimals")
		return "", false
	}
	switch {
	case strings.IndexByte(s, ',') >= 0:
		r.fault(at, "is not a decimal number (it has a comma): use a point")
		return "", false
	case !isDecimal(s):
		r.fault(at, "is not a decimal number: send digits, a point and decimals")
		return "", false
	case len(s) > maxPlain:
		r.fault(at, tooManyDigits)
		return "", false
	case isZero(strings.TrimPrefix(s, "-")):
		s = strings.TrimPrefix(s, "-")
	}
	return s, true
}

const tooManyDigits = "has more than 40 digits: send fewer decimals"

// isDecimal reports whether s is digits, with an optional minus and decimals.
func isDecimal(s string) bool {
	whole, fraction, point := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	return digits(whole) && (!point || digits(fraction))
}

// withDecimals fills a decimal that has a point up with zeros.
func withDecimals(s string, places int) string {
	for n := len(s) - 1 - strings.IndexByte(s, '.'); n < places; n++ {
		s += "0"
	}
	return s
}

const ratePlaces = 6

// rate reads a fraction. One of 10 and more would be 1000 %: it is rather a
// percentage, but what it means is not ours to say.
func (r *reader) rate(at spot) (string, bool) {
	s, found := r.decimal(at, ratePlaces)
	whole, _, _ := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if len(strings.TrimLeft(whole, "0")) > 1 {
		r.warn(at, "is 10 or more, which is 1000 % as a fraction, kept as sent: send 29 % as 0.290000")
	}
	return s, found
}

// withoutFraction writes a JSON number that is whole without fraction and exponent.
func withoutFraction(number string) string {
	if digits(number) {
		return number
	}
	if plain, ok := plainDecimal(number); ok {
		return strings.TrimSuffix(plain, ".00")
	}
	return number
}

// maxPlain bounds the digits that plainDecimal writes out.
const maxPlain = 40

// plainDecimal writes a JSON number without exponent, with at least two decimals
// and no zeros after them. It fails for numbers of more than 40 digits.
func plainDecimal(number string) (string, bool) {
	sign := ""
	if number[0] == '-' {
		sign, number = "-", number[1:]
	}
	exponent := 0
	if e := strings.IndexAny(number, "eE"); e >= 0 {
		n, err := strconv.Atoi(number[e+1:])
		if err != nil {
			return "", false
		}
		exponent, number = n, number[:e]
	}
	whole, fraction, _ := strings.Cut(number, ".")
	fraction = strings.TrimRight(fraction, "0")
	all := strings.TrimLeft(whole+fraction, "0")
	if all == "" {
		return sign + "0.00", true
	}
	point := len(all) - len(fraction) + exponent // digits before the point
	if len(all) > maxPlain || point > maxPlain || point < -maxPlain {
		return "", false
	}
	switch {
	case point <= 0:
		whole, fraction = "0", strings.Repeat("0", -point)+all
	case point >= len(all):
		whole, fraction = all+strings.Repeat("0", point-len(all)), ""
	default:
		whole, fraction = all[:point], all[point:]
	}
	fraction = strings.TrimRight(fraction, "0")
	for len(fraction) < 2 {
		fraction += "0"
	}
	return sign + whole + "." + fraction, true
}

const (
	notADate = "is not a real date: send YYYY-MM-DD"
	notATime = "is not a real time: send RFC 3339, such as YYYY-MM-DDThh:mm:ssZ"
)

// dummyDate is the official date for "not yet on a bill".
const dummyDate = "0001-01-01"

// date reads a date. Of a time it takes the day in São Paulo, and the written
// day when the time is exactly midnight UTC, which stands for a date.
func (r *reader) date(at spot) (string, bool) {
	day, instant, found := r.moment(at, notADate)
	if !found || instant == "" {
		return day, found
	}
	return dayOf(instant), true
}

// time reads a time. A bare date becomes midnight UTC.
func (r *reader) time(at spot) (string, bool) {
	day, instant, found := r.moment(at, notATime)
	if found && instant == "" {
		return day + "T00:00:00Z", true
	}
	return instant, found
}

// dateOrTime reads a time, or a bare date that stays one: who sent no time of day
// did not say midnight.
func (r *reader) dateOrTime(at spot) (string, bool) {
	day, instant, found := r.moment(at, notATime)
	return day + instant, found
}

// moment reads a date or a time: one of the two texts is returned.
func (r *reader) moment(at spot, fault string) (day, instant string, found bool) {
	kind, s := r.scalar(at)
	switch kind {
	case 'n', 0:
		return "", "", false
	case '"':
	default:
		r.fault(at, fault)
		return "", "", false
	}
	s = trim(s)
	if absentText(s) || strings.HasPrefix(s, dummyDate) {
		return "", "", false
	}
	if len(s) < len(dummyDate) {
		r.fault(at, fault)
		return "", "", false
	}
	if _, ok := calendar.ParseDay(s[:len(dummyDate)]); !ok {
		r.fault(at, fault)
		return "", "", false
	}
	if len(s) == len(dummyDate) {
		return s, "", true
	}
	instant, ok := instantOf(s)
	if !ok {
		r.fault(at, fault)
		return "", "", false
	}
	return "", instant, true
}
