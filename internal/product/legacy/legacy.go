// Package legacy writes what the products in the envelope of Klavi's first API
// (2022) share: bank and account headers, amounts as numbers, categories, months
// of bills, and the entries of checking accounts.
//
// It is no product. Numbers are exact decimals, signed as the account feels
// them; a number that is not available is -1, a text "". Amounts that are not in
// reais are not available, as the old shape has no currency beside them. Version
// V2 spells the keys of V1 in camelCase.
package legacy

import (
	"sync"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/openfinance"
	"github.com/openklaas/klaas/taxonomy"
)

// Unavailable stands for a number that is not known.
const Unavailable = -1

// Speller returns the spelling of a key in the version of a report.
func Speller(in *spec.Input) func(snake, camel string) string {
	if in.Version == spec.V2 {
		return func(_, camel string) string { return camel }
	}
	return func(snake, _ string) string { return snake }
}

// Number writes an amount, or -1 when it is not known.
func Number(w *encode.Writer, key string, a money.Amount, known bool) {
	if known {
		w.Exact(key, a)
	} else {
		w.Int(key, Unavailable)
	}
}

// Reais returns a received amount. known is false when it is absent, unreadable
// or in another currency.
func Reais(m openfinance.Money) (a money.Amount, known bool) {
	a, err := money.Parse(m.Amount)
	return a, err == nil && (m.Currency == "" || m.Currency == "BRL")
}

// Available returns the available balance of an account.
func Available(a *openfinance.Account) (_ money.Amount, known bool) {
	if a.Balances == nil {
		return 0, false
	}
	return Reais(a.Balances.Available)
}

// Day writes a day, YYYY-MM-DD.
func Day(w *encode.Writer, key string, d calendar.Day) {
	var text [len(`"2006-01-02"`)]byte
	w.Key(key)
	w.Raw(append(d.Append(append(text[:0], '"')), '"'))
}

// Number01 writes a boolean as 1 or 0.
func Number01(w *encode.Writer, key string, b bool) {
	n := int64(0)
	if b {
		n = 1
	}
	w.Int(key, n)
}

// Bank writes who keeps an account or card; id is its COMPE code.
func Bank(w *encode.Writer, key func(snake, camel string) string, brand, bacenName, id string) {
	w.Field(key("bank_name", "bankName"), brand)
	w.Field(key("bacen_name", "bacenName"), bacenName)
	w.Field(key("bacen_id", "bacenId"), id)
}

// BankID returns the COMPE code of an account, else the code of its institution.
func BankID(l *ledger.Ledger, a *ledger.Account) string {
	if a.Source.CompeCode != "" {
		return a.Source.CompeCode
	}
	return l.Institutions[a.Institution].Code
}

// AccountNumber returns an account number with its check digit: 12345-8.
func AccountNumber(number, checkDigit string) string {
	if checkDigit == "" {
		return number
	}
	return number + "-" + checkDigit
}

// TaxID returns the tax id that a report enquires about.
func TaxID(in *spec.Input) string { return in.Facts.Ledger.Person.TaxID(in.Company()) }

var months = [...]string{"jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"}

// Month returns the month of a day in Portuguese, with two digits of the year:
// mar/20. It is "" for no day.
func Month(d calendar.Day) string {
	text := d.String()
	if text == "" {
		return ""
	}
	month := (text[5]-'0')*10 + text[6] - '0'
	return months[month-1] + "/" + text[2:4]
}

// Categories returns the writer of a movement's category. V1 has one level: the
// second, and all transfers as Transferência. V2 has three.
func Categories(in *spec.Input) func(w *encode.Writer, movement int32) {
	names := categoryNames()
	labels := in.Facts.Labels(in.Settings.CompanyTree)
	if in.Version == spec.V2 {
		return func(w *encode.Writer, movement int32) { w.Members(names[labels[movement].Code].three) }
	}
	return func(w *encode.Writer, movement int32) { w.Members(names[labels[movement].Code].one) }
}

// transfers is the first level whose categories V1 does not tell apart.
const transfers = 2

// encodedNames are the names of a category as members of an entry.
type encodedNames struct{ one, three []byte }

// categoryNames encodes the names of the whole tree once for the life of the program.
var categoryNames = sync.OnceValue(func() map[taxonomy.Code]encodedNames {
	names := make(map[taxonomy.Code]encodedNames)
	for _, c := range taxonomy.All() {
		var one, three encode.Writer
		if c.Code.Top() == transfers {
			one.Field("category", c.Level1.PT)
		} else {
			one.Field("category", c.Level2.PT)
		}
		three.Field("category", c.Level1.PT)
		three.Field("subcategory", c.Level2.PT)
		three.Field("thirdCategory", c.Level3.PT)
		names[c.Code] = encodedNames{one.Bytes(), three.Bytes()}
	}
	return names
})
