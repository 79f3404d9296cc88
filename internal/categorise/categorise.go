// Package categorise decides the category of one statement line as partners and
// files send it, without a ledger around it.
//
// Make a [Categoriser] once of a classifier and a partner's options, start a
// [Run] for each goroutine, and ask [Run.One] line by line. What else a line
// tells (a clean merchant name, the counterparty, instalments, the channel) is
// computed when asked for: [Result.Details] for a line, [MovementDetails] for a
// movement of a ledger. The text of the line is never changed: callers print it
// beside.
//
// A line stands alone, so nothing here sees what several movements tell together
// (own transfers between two accounts, refunds, sweeps): that is for a document.
package categorise

import (
	"strings"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/classify"
	"github.com/openklaas/klaas/internal/institution"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/text"
	"github.com/openklaas/klaas/taxonomy"
)

// Direction is the way money went, as far as a line tells it.
type Direction uint8

// The directions.
const (
	Unknown Direction = iota
	Credit            // money in
	Debit             // money out
)

// Signed returns the direction that a signed amount tells: in files a negative
// one is money out. Zero tells nothing.
func Signed(a money.Amount) Direction {
	switch {
	case a < 0:
		return Debit
	case a > 0:
		return Credit
	}
	return Unknown
}

// Line is one line of a statement. Absent fields are zero; only Description is
// needed.
type Line struct {
	Description string
	Amount      money.Amount // as sent; 0 when unknown. A sign counts only where Direction is Unknown
	Direction   Direction    // Unknown: Debit when Amount is negative, else the surer of both
	Date        calendar.Day // 0 when unknown; tells the date 03/10 from the instalment 3 of 10
	Source      classify.Source
	Institution string // of the statement: the first 8 characters of its CNPJ, as [Institution] finds them
	Company     bool   // the account is a company's
	Holder      string // the account holder's CPF or CNPJ, bare
	Type        string // type of an account entry, transactionType of a card line
	Detail      string // of a card line: its fee type, else its credit type
	MCC         int32  // merchant category code
	Partie      string // the counterparty's CPF or CNPJ, bare
	PartieKind  string // partiePersonType: PESSOA_NATURAL or PESSOA_JURIDICA
}

// Institution returns the first 8 characters of the CNPJ of an institution that
// is named by its COMPE code (1 to 4 digits: 1, 033, 0260), its ISPB (8
// characters) or its CNPJ (with or without punctuation). A CNPJ names itself; a
// COMPE code or ISPB that the table of banks lacks is not known.
func Institution(code string) (root string, known bool) {
	code = Bare(code)
	switch n := len(code); {
	case n == 14:
		_, sound := TaxID(code)
		if !sound {
			return "", false
		}
		return institution.Root(code), true
	case n == 8:
		b, ok := institution.ByCNPJ(code)
		return institution.Root(b.CNPJ), ok
	case n >= 1 && n <= 4:
		code = strings.TrimLeft(code, "0")
		if len(code) > 3 {
			return "", false
		}
		b, ok := institution.ByCompe("000"[len(code):] + code)
		return institution.Root(b.CNPJ), ok
	}
	return "", false
}

// Bare returns a tax id or code without its punctuation, in upper case.
func Bare(s string) string {
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) && !isUpper(s[i]) {
			return strings.Map(func(r rune) rune {
				switch r {
				case '.', '-', '/', ' ':
					return -1
				}
				return r
			}, strings.ToUpper(s))
		}
	}
	return s
}

// TaxID returns a CPF (11 digits) or a CNPJ (14 letters and digits, the last two
// digits) without its punctuation, and reports whether s is one. Check digits do not
// matter: a document whose digits are wrong names its holder all the same.
func TaxID(s string) (bare string, ok bool) {
	bare = Bare(s)
	switch len(bare) {
	case 11:
		return bare, onlyDigits(bare)
	case 14:
		for i := range 12 {
			if !isDigit(bare[i]) && !isUpper(bare[i]) {
				return bare, false
			}
		}
		return bare, onlyDigits(bare[12:])
	}
	return bare, false
}

// Categoriser decides lines under one partner's options. It is immutable and
// safe for concurrent use.
type Categoriser struct {
	classifier *classify.Classifier
	options    classify.Options
}

// New returns a categoriser. The zero Options are no rules of a partner.
func New(c *classify.Classifier, o classify.Options) *Categoriser { return &Categoriser{c, o} }

// Start returns a run over many lines.
func (c *Categoriser) Start() *Run { return &Run{run: c.classifier.Start(c.options)} }

// Run decides one line after another and reuses its memory. It is for one
// goroutine.
type Run struct {
	run  *classify.Run
	room text.Room
}

// Result is what was decided of a line.
type Result struct {
	Decision   ledger.Decision
	Direction  Direction // Credit or Debit: the one that was used
	Text       string    // the normalised text
	Settlement string    // the settlement type, such as PIX
	partie     string
}

// Code returns the category that is printed. Where companyTree is off, a company's
// category is printed as its counterpart in a person's tree.
func (r *Result) Code(companyTree bool) taxonomy.Code {
	return taxonomy.Printed(r.Decision.Code, r.Settlement, r.partie, companyTree)
}

// One decides the category of a line. Of a line that does not tell its direction
// both are decided and the surer counts; at a tie the line is a debit. The result
// may share memory with the line.
func (r *Run) One(l *Line) Result {
	in := classify.Entry{
		Text: r.room.Normalise(l.Description), Amount: l.Amount.Abs(), Source: l.Source, Institution: l.Institution,
		Company: l.Company, Holder: l.Holder, Type: l.Type, Detail: l.Detail, MCC: l.MCC,
		Partie: l.Partie, PartieKind: l.PartieKind,
	}
	if in.Source == 0 {
		in.Source = classify.Checking
	}
	result := Result{Text: in.Text, Direction: l.Direction, partie: l.Partie}
	if in.Source != classify.Card {
		result.Settlement = taxonomy.SettlementType(l.Type, in.Text)
	}
	if result.Direction == Unknown && l.Amount < 0 {
		result.Direction = Debit
	}
	if result.Direction != Unknown {
		in.Credit = result.Direction == Credit
		result.Decision = r.run.Decide(&in)
		return result
	}
	result.Direction, result.Decision = Debit, r.run.Decide(&in)
	in.Credit = true
	if d := r.run.Decide(&in); d.Confidence > result.Decision.Confidence {
		result.Direction, result.Decision = Credit, d
	}
	return result
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
