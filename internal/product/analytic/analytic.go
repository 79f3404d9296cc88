// Package analytic writes what the analytic products share: figures with the
// evidence behind each, and the head that names the person or company.
//
// It is no product. A product's Write begins with [New] and writes every computed
// number through a [Writer], which knows the JSON pointer of the place and notes
// the evidence under it when the report has the extension blocks. Numbers that
// cannot be known are written with Null and have no evidence.
package analytic

import (
	"strconv"

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
	"github.com/openklaas/klaas/openfinance"
)

// Versions are those of every analytic product.
func Versions() []spec.Version { return []spec.Version{spec.V1, spec.V11, spec.V2} }

// CreditSections are the four credit sections of a document.
func CreditSections() []string {
	return []string{
		openfinance.SectionLoans, openfinance.SectionFinancings, openfinance.SectionInvoiceFinancings, openfinance.SectionUnarrangedOverdraft,
	}
}

// Sections returns those of figures over accounts, cards and credit. Without accounts
// they tell nothing; needsCards is set where cards are needed as well.
func Sections(needsCards bool) func(spec.Kind) spec.Sections {
	const cards = openfinance.SectionCreditCardsAccounts
	s := spec.Sections{Required: []string{openfinance.SectionAccounts}, Further: CreditSections()}
	if needsCards {
		s.Required = append(s.Required, cards)
	} else {
		s.Further = append([]string{cards}, s.Further...)
	}
	return func(spec.Kind) spec.Sections { return s }
}

// Permissions are those of accounts, cards and credit.
func Permissions() []spec.Permission {
	credit := spec.Permission{Group: "CREDIT_OPERATIONS_ALL", Sections: CreditSections()}
	return append(append(statement.AccountPermissions(), statement.CardPermissions()...), credit)
}

// Writer writes figures. The zero value is of no use: see [New].
type Writer struct {
	*encode.Writer
	Input *spec.Input
	// Zeros is set where figures that cannot be known are 0 instead of null, and
	// flags false: the first versions of some products say so, beside their code.
	Zeros   bool
	pointer []byte
	opened  []int // lengths of pointer before each open object or list
}

// New returns a writer whose first value is the body of a product.
func New(w *encode.Writer, in *spec.Input, bodyKey string) *Writer {
	return &Writer{Writer: w, Input: in, pointer: append([]byte{'/'}, bodyKey...)}
}

func (w *Writer) enter(step string) {
	w.opened = append(w.opened, len(w.pointer))
	w.pointer = append(append(w.pointer, '/'), step...)
}

func (w *Writer) leave() {
	w.pointer = w.pointer[:w.opened[len(w.opened)-1]]
	w.opened = w.opened[:len(w.opened)-1]
}

// Object writes an object under a key.
func (w *Writer) Object(key string, members func()) {
	w.Key(key)
	w.enter(key)
	w.OpenObject()
	members()
	w.CloseObject()
	w.leave()
}

// List writes a list of n objects under a key.
func (w *Writer) List(key string, n int, members func(i int)) {
	w.Key(key)
	w.enter(key)
	w.OpenArray()
	for i := range n {
		w.enter(strconv.Itoa(i))
		w.OpenObject()
		members(i)
		w.CloseObject()
		w.leave()
	}
	w.CloseArray()
	w.leave()
}

// Money writes a sum, the items behind which add up to it.
func (w *Writer) Money(key string, a money.Amount, behind fact.Evidence) {
	w.Number(key, a)
	w.note(key, spec.Added, printsZero(a), behind)
}

// printsZero reports whether an amount is 0 with two decimals.
func printsZero(a money.Amount) bool { return a.Abs() < money.Scale/200 }

// Count writes the number of items.
func (w *Writer) Count(key string, n int, behind fact.Evidence) {
	w.Int(key, int64(n))
	w.note(key, spec.Counted, n == 0, behind)
}

// Days writes a number of days or months that follows from the items.
func (w *Writer) Days(key string, n int, behind fact.Evidence) {
	w.Int(key, int64(n))
	w.note(key, spec.Computed, n == 0, behind)
}

// Figure writes an amount, or whatever has two decimals, that follows from the
// items by a formula.
func (w *Writer) Figure(key string, a money.Amount, behind fact.Evidence) {
	w.Number(key, a)
	w.note(key, spec.Computed, printsZero(a), behind)
}

// Ratio writes a ratio with 4 decimals, null where it is unknown.
func (w *Writer) Ratio(key string, r fact.Ratio, behind fact.Evidence) {
	if !r.Known {
		w.Null(key)
		return
	}
	w.Exact(key, r.Value)
	w.note(key, spec.Computed, r.Value == 0, behind)
}

// Stated writes an amount of the registration data, or a number that stands for no
// figure: it has no evidence.
func (w *Writer) Stated(key string, a money.Amount) {
	w.Number(key, a)
	w.note(key, spec.Stated, false, nil)
}

// Flag writes whether something is in the data, and what.
func (w *Writer) Flag(key string, is bool, behind fact.Evidence) {
	w.Bool(key, is)
	w.note(key, spec.Computed, !is, behind)
}

// Optional writes a figure of a kind, or that it is unknown.
func (w *Writer) Optional(key string, kind spec.FigureKind, f fact.Figure) {
	if !f.Known {
		w.Unknown(key)
		return
	}
	w.Number(key, f.Amount)
	w.note(key, kind, printsZero(f.Amount), f.Behind)
}

// Unknown writes a number that cannot be known.
func (w *Writer) Unknown(key string) {
	if !w.Zeros {
		w.Null(key)
		return
	}
	w.Int(key, 0)
	w.note(key, spec.Computed, true, nil)
}

// UnknownFlag writes a flag that cannot be known.
func (w *Writer) UnknownFlag(key string) {
	if !w.Zeros {
		w.Null(key)
		return
	}
	w.Bool(key, false)
}

// NoteList notes the evidence of a list that is one figure, such as a balance by
// day. It comes after the list.
func (w *Writer) NoteList(key string, empty bool, behind fact.Evidence) {
	w.note(key, spec.Computed, empty, behind)
}

// NotAsOf notes that a figure is null because the reporting day is older than the
// data.
func (w *Writer) NotAsOf(key string) {
	if notes := w.Input.Notes; notes != nil {
		notes.NotAsOf = append(notes.NotAsOf, w.at(key))
	}
}

// Unreliable notes that a figure uses balances older than a broken check point.
func (w *Writer) Unreliable(key string) {
	if notes := w.Input.Notes; notes != nil {
		notes.Unreliable = append(notes.Unreliable, w.at(key))
	}
}

func (w *Writer) note(key string, kind spec.FigureKind, zero bool, behind fact.Evidence) {
	notes := w.Input.Notes
	if notes == nil {
		return
	}
	if zero {
		behind = nil
	}
	notes.Figures = append(notes.Figures, spec.NotedFigure{Pointer: w.at(key), Kind: kind, Behind: behind})
}

func (w *Writer) at(key string) string { return string(w.pointer) + "/" + key }

// Info writes personalInfo or businessInfo: the institutions with accounts or
// cards, and the name of the person or company.
func (w *Writer) Info() {
	l, company := w.Input.Facts.Ledger, w.Input.Company()
	key, nameKey, name := "personalInfo", "civilName", l.Person.CivilName
	if company {
		key, nameKey, name = "businessInfo", "companyName", l.Person.CompanyName
	}
	var held []*ledger.Institution
	for i := range l.Institutions {
		if in := &l.Institutions[i]; hasAccountOrCard(l, in, company) {
			held = append(held, in)
		}
	}
	w.Object(key, func() {
		w.List("accounts", len(held), func(i int) {
			w.Field("brandName", held[i].BrandName)
			w.Field("bacenName", held[i].BacenName)
			w.Field("compeCode", compe(held[i]))
		})
		w.Field(nameKey, name)
	})
}

func hasAccountOrCard(l *ledger.Ledger, in *ledger.Institution, company bool) bool {
	for _, i := range in.Accounts {
		if l.Accounts[i].Company == company {
			return true
		}
	}
	for _, i := range in.Cards {
		if l.Cards[i].Company == company {
			return true
		}
	}
	return false
}

// compe returns the three digits of an institution's COMPE code, "" when it has
// none.
func compe(in *ledger.Institution) string {
	if in.Code == in.CNPJ {
		return ""
	}
	return in.Code
}
