package categorise

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/classify"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/text"
)

// Column is a column of a statement file, or a key of an NDJSON object, that
// tells something of a line.
type Column uint8

// The columns. NoColumn is one that tells nothing.
const (
	NoColumn Column = iota
	ColumnDescription
	ColumnAmount
	ColumnDirection
	ColumnDate
	ColumnSource
	ColumnType
	ColumnMCC
	ColumnCounterparty
	ColumnInstitution
)

// columnNames are the names of columns, folded.
var columnNames = map[string]Column{
	"DESCRIPTION": ColumnDescription, "TRANSACTIONNAME": ColumnDescription,
	"AMOUNT":          ColumnAmount,
	"CREDITDEBITTYPE": ColumnDirection, "DIRECTION": ColumnDirection,
	"DATE": ColumnDate, "TRANSACTIONDATE": ColumnDate,
	"SOURCE": ColumnSource, "ACCOUNTKIND": ColumnSource, "TRANSACTIONSOURCE": ColumnSource,
	"TYPE": ColumnType, "TRANSACTIONTYPE": ColumnType,
	"MCC": ColumnMCC, "PAYEEMCC": ColumnMCC,
	"COUNTERPARTY": ColumnCounterparty, "PARTIECNPJCPF": ColumnCounterparty,
	"INSTITUTION": ColumnInstitution, "BANK": ColumnInstitution, "INSTITUTIONCODE": ColumnInstitution,
}

// ColumnOf returns the column of a name, whatever its case, accents, blanks, _ and -.
func ColumnOf(name string) Column {
	return columnNames[strings.NewReplacer(" ", "", "_", "", "-", "").Replace(text.Normalise(name))]
}

// Errors of [Column.Set]. They repeat no value.
var (
	errNoText    = errors.New("is missing")
	errAmount    = errors.New("is not an amount: use 1234.56, 1.234,56 or 1234,56")
	errAmbiguous = errors.New("may be a fraction or thousands: write two decimals, such as 1234.00 or 1,23")
	errDirection = errors.New("use CREDITO or DEBITO")
	errSource    = errors.New("use checking, savings or creditcard")
	errMCC       = errors.New("is not a merchant category code: use 4 digits")
)

// Set takes over a value of the column. An empty one is an absent one. A date,
// counterparty or institution of another form tells nothing.
func (c Column) Set(l *Line, value string) (err error) {
	value = strings.TrimSpace(value)
	if value == "" {
		if c == ColumnDescription {
			return errNoText
		}
		return nil
	}
	switch c {
	case ColumnDescription:
		l.Description = utf8Text(value)
	case ColumnAmount:
		l.Amount, err = ParseAmount(value)
		if l.Direction == Unknown {
			l.Direction = Signed(l.Amount)
		}
	case ColumnDirection:
		l.Direction, err = parseDirection(value)
	case ColumnDate:
		l.Date = parseDate(value)
	case ColumnSource:
		l.Source, err = parseSource(value)
	case ColumnType:
		l.Type = strings.ToUpper(value)
	case ColumnMCC:
		var n uint64
		if n, err = strconv.ParseUint(value, 10, 16); err != nil || n > 9999 {
			return errMCC
		}
		l.MCC = int32(n)
	case ColumnCounterparty:
		if id, ok := TaxID(value); ok {
			l.Partie = id
		}
	case ColumnInstitution:
		l.Institution, _ = Institution(value)
	}
	return err
}

// utf8Text reads a text that is not UTF-8 as Latin-1, as old exports are written.
func utf8Text(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	runes := make([]rune, len(s))
	for i := range len(s) {
		runes[i] = rune(s[i])
	}
	return string(runes)
}

func parseDirection(s string) (Direction, error) {
	switch text.Normalise(s) {
	case "CREDITO", "CREDIT", "C":
		return Credit, nil
	case "DEBITO", "DEBIT", "D":
		return Debit, nil
	}
	return Unknown, errDirection
}

func parseSource(s string) (classify.Source, error) {
	switch strings.NewReplacer(" ", "", "_", "", "-", "").Replace(strings.ToLower(s)) {
	case "checking":
		return classify.Checking, nil
	case "savings":
		return classify.Savings, nil
	case "creditcard", "card":
		return classify.Card, nil
	}
	return 0, errSource
}

// parseDate reads YYYY-MM-DD, also with a time behind it, and DD/MM/YYYY; 0 for
// anything else.
func parseDate(s string) calendar.Day {
	if len(s) == len("02/01/2006") && s[2] == '/' && s[5] == '/' {
		s = s[6:] + "-" + s[3:5] + "-" + s[:2]
	}
	if len(s) > len("2006-01-02") && (s[10] == 'T' || s[10] == ' ') {
		s = s[:10]
	}
	day, ok := calendar.ParseDay(s)
	if !ok {
		return 0
	}
	return day
}

// ParseAmount reads an amount as people and banks write it: 1234.56, 1.234,56,
// 1,234.56, 1234,56, with R$ before it and the sign before or behind it. A text
// that may be a fraction or thousands (1.234) is refused.
func ParseAmount(s string) (money.Amount, error) {
	s = strings.NewReplacer("R$", "", " ", "", "\u00a0", "", "\u2212", "-").Replace(s)
	if number, behind := strings.CutSuffix(s, "-"); behind {
		s = "-" + number
	}
	sign := ""
	if s != "" && (s[0] == '-' || s[0] == '+') {
		sign, s = s[:1], s[1:]
	}
	plain, err := plainDecimal(s)
	if err != nil {
		return 0, err
	}
	a, err := money.Parse(sign + plain)
	if errors.Is(err, money.ErrSyntax) || errors.Is(err, money.ErrComma) {
		return 0, errAmount
	}
	return a, err
}

// plainDecimal takes the marks of thousands out and makes the decimal mark a point.
func plainDecimal(s string) (string, error) {
	point, comma := strings.LastIndexByte(s, '.'), strings.LastIndexByte(s, ',')
	if point < 0 && comma < 0 {
		return s, nil
	}
	mark, other := byte('.'), byte(',')
	if comma > point {
		mark, other = ',', '.'
	}
	last := max(point, comma)
	whole, fraction := s[:last], s[last+1:]
	if min(point, comma) >= 0 { // both stand in it: the last one is the decimal mark
		if !grouped(whole, other) {
			return "", errAmount
		}
		return strings.ReplaceAll(whole, string(other), "") + "." + fraction, nil
	}
	if strings.IndexByte(whole, mark) >= 0 { // twice the same: thousands
		if !grouped(s, mark) {
			return "", errAmount
		}
		return strings.ReplaceAll(s, string(mark), ""), nil
	}
	if len(fraction) == 3 && len(whole) <= 3 && strings.Trim(whole, "0") != "" {
		return "", errAmbiguous
	}
	return whole + "." + fraction, nil
}

// grouped reports whether digits stand in groups of three, but for the first.
func grouped(s string, mark byte) bool {
	first := true
	for part := range strings.SplitSeq(s, string(mark)) {
		if !onlyDigits(part) || len(part) > 3 || !first && len(part) != 3 {
			return false
		}
		first = false
	}
	return true
}
