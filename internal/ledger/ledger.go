// Package ledger is the cleaned, dated and exact record of one person's money.
//
// A [Ledger] is made by package clean from an openfinance.Document, completed
// by package classify, and read by facts and products, which know nothing of
// how it was made. Every entry of the document is a [Movement]; whether it
// counts is its [Standing], and why is told beside it. Nothing is deleted, so
// every row of the input can be explained.
//
// Movements lie in one slice in document order: account by account, then card
// by card. An account or card knows its own range and the order in which
// reports print it. Indices into Movements are int32 and stay valid for the
// ledger's life.
package ledger

import (
	"slices"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/text"
	"github.com/openklaas/klaas/openfinance"
	"github.com/openklaas/klaas/taxonomy"
)

// Ledger is one person's or company's money up to the reporting day.
type Ledger struct {
	Document *openfinance.Document
	Person   Person

	Day       calendar.Day // the reporting day D
	Collected calendar.Day // the day the data was collected, C; None when nothing tells
	Replay    bool         // D was asked for and lies before C: nothing later exists

	Accounts     []Account
	Cards        []Card
	Institutions []Institution // by CNPJ root, in order of first appearance
	Movements    []Movement
	Links        []Link     // pairs and chains of movements, by kind then From
	Plans        []Plan     // purchases in instalments, by card, then by their first line
	Contracts    []Contract // of all credit sections, in document order: loans, financings, invoice financings, unarranged overdraft
	Holdings     []Holding  // of all investment sections, in document order: bank fixed, credit fixed, variable, treasure titles, funds
}

// Person is who the document is about. A document may be about a person and
// the company of the same entrepreneur.
type Person struct {
	CPF         string // 11 digits; "" when there is none
	CNPJ        string // 14 characters; "" when there is none
	CivilName   string
	CompanyName string
}

// TaxID returns the tax id that reports of a kind enquire about: the CNPJ for a
// company, else the CPF.
func (p *Person) TaxID(company bool) string {
	if company {
		return p.CNPJ
	}
	return p.CPF
}

// Institution is one institution of the document.
type Institution struct {
	Root      string // the first 8 characters of its CNPJ; "" when unknown
	CNPJ      string // of its first account or card, else contract or holding
	Code      string // COMPE code, else the CNPJ
	BrandName string
	BacenName string  // name at the Central Bank, else the brand name
	Accounts  []int32 // indices into Ledger.Accounts
	Cards     []int32 // indices into Ledger.Cards
	Contracts []int32 // indices into Ledger.Contracts
	Holdings  []int32 // indices into Ledger.Holdings
}

// AccountKind is what an account is in figures.
type AccountKind uint8

// The kinds of accounts. Checking and prepaid accounts are "checking" in figures.
const (
	Checking AccountKind = iota
	Prepaid
	Savings
)

// IsChecking reports whether the account counts as a checking account.
func (k AccountKind) IsChecking() bool { return k != Savings }

// Account is a deposit or payment account.
type Account struct {
	Source      *openfinance.Account
	Kind        AccountKind
	Institution int32
	BacenName   string       // name at the Central Bank, else the brand name
	Company     bool         // it belongs to the company of the document, not to the person
	Share       Share        // how its money counts in figures; rows are printed as received
	First, End  int32        // its movements: Ledger.Movements[First:End], in document order
	Newest      []int32      // the movements that reports print, newest first
	Anchor      int32        // the movement after which the balance was the reported one; -1: the reported one lies before all, or there is none
	BalanceDay  calendar.Day // in São Paulo, of the reported balance; None when unknown
}

// Share says how much of an account's money counts in figures. It is
// [ShareWhole] but for joint accounts under the policies half and exclude.
// Counts of entries and printed rows do not know it.
type Share uint8

// The shares.
const (
	ShareWhole Share = iota
	ShareHalf        // half of every amount and balance
	ShareNone        // the account is in no figure
)

// Of returns the part of an amount that counts.
func (s Share) Of(a money.Amount) money.Amount {
	switch s {
	case ShareHalf:
		return a.Half()
	case ShareNone:
		return 0
	}
	return a
}

// Card is a credit card account.
type Card struct {
	Source      *openfinance.CreditCard
	Institution int32
	BacenName   string // as of an account
	Company     bool
	First, End  int32
	Open        *Bill  // nil when the card has neither bills nor lines
	Closed      []Bill // newest due day first; in a replay only those closed up to D
}

// Bill is a card bill with its lines.
type Bill struct {
	Source     *openfinance.Bill // nil for the open bill; in a replay without the payments after D
	BillingDay calendar.Day      // closing day; None when unknown
	DueDay     calendar.Day      // None when unknown
	Total      money.Amount      // closed: as received; open: its debit lines up to D
	Lines      []int32           // movements in printed order
	Announced  []int32           // of Lines: those after D, such as instalments still to come, not part of Total; sorted by index
	Payments   []Payment         // known up to D, each real one once, by day
}

// Payment is one payment of a card bill, wherever it was told: in the bill's
// own list, as a credit line of the card, as a debit of an account, or in
// several of them.
type Payment struct {
	Day    calendar.Day
	Amount money.Amount
	Stated *openfinance.BillPayment // nil when the bill does not list it
	Line   int32                    // the card's credit line; -1 when there is none
	Entry  int32                    // the account's debit; -1 when there is none or it is not certain
}

// Source is the list of the document that a movement stood in.
type Source uint8

// The lists.
const (
	AccountHistory Source = iota // accounts[].transactions
	AccountCurrent               // accounts[].transactions-current
	BillLines                    // creditCardsAccounts[].bills[].transactions
	CardHistory                  // creditCardsAccounts[].transactions
	CardCurrent                  // creditCardsAccounts[].transactions-current
)

// IsCard reports whether the list belongs to a card.
func (s Source) IsCard() bool { return s >= BillLines }

// Direction is the way money went.
type Direction uint8

// The directions, seen from the person.
const (
	Credit Direction = iota // in
	Debit                   // out
)

// Phase says how final an entry is.
type Phase uint8

// The phases. Card lines are always effective.
const (
	Effective Phase = iota
	Pending         // TRANSACAO_PROCESSANDO
	Future          // LANCAMENTO_FUTURO
)

// Standing says whether an entry counts.
type Standing uint8

// The standings. Only Counted movements are printed or summed.
const (
	Counted     Standing = iota
	BalanceLine          // a statement line that tells a balance
	Duplicate            // the same real entry stands elsewhere: see Original
	AfterDay             // in a replay: dated after the reporting day, or not effective
)

// Role is what an entry is in figures, beyond its category.
type Role uint8

// The roles. RoleNone is plain income or spending.
const (
	RoleNone Role = iota
	RoleOwnTransfer
	RoleReversal
	RoleReversed // its Reversed amount came back
	RoleSweep
	RoleBillPayment
	RoleInstalment
	RoleContract
	RoleDebt // of a card: money owed from before that is carried onto a bill, such as SALDO EM ROTATIVO; no purchase
)

// Movement is one entry of an account or one line of a card.
type Movement struct {
	Entry *openfinance.Transaction     // of an account; nil for a card line
	Line  *openfinance.CardTransaction // of a card; nil for an account entry

	ID         string // the bank's id, else a synthetic one that starts with "synt-"
	Holder     int32  // index into Ledger.Accounts, or Ledger.Cards for a card line
	Source     Source
	Direction  Direction
	Phase      Phase
	Standing   Standing
	Timed      bool // Instant is a real time of day
	Foreign    bool // Amount is not in BRL: printed, but in no sum
	HasBalance bool
	Role       Role
	Original   int32        // of a Duplicate: the movement that stays; else -1
	Day        calendar.Day // in São Paulo, for ages, windows and order; of a card instalment its billing day, after D when it is still to come
	Written    calendar.Day // in São Paulo, the day as sent, for printing; equals Day but for card instalments
	Posted     calendar.Day // of a card line: billPostDate; None when unknown
	Signs      text.Sign    // what the words of Text tell
	Instant    int64        // Unix milliseconds; 0 unless Timed
	Amount     money.Amount // BRL unless Foreign, never negative

	Balance    money.Amount // after the entry, where HasBalance
	RoleReason string       // which evidence decided the role; a fixed text

	// StandingReason says which rule decided the standing, or of a Counted entry
	// why there is a doubt; a fixed text, "" for a plain Counted one.
	StandingReason string
	Reversed       money.Amount // of RoleReversed: how much came back

	Text string // normalised text: no accents, upper case, single blanks
	Name string // normalised name: the grouping key of transactions

	Decision Decision
}

// SentName returns the statement text as sent.
func (m *Movement) SentName() string {
	if m.Entry != nil {
		return m.Entry.Name
	}
	return m.Line.Name
}

// Signed returns the amount as the account's balance feels it: a credit
// positive, a debit negative.
func (m *Movement) Signed() money.Amount {
	if m.Direction == Debit {
		return -m.Amount
	}
	return m.Amount
}

// PartieTaxID returns the counterparty's CPF or CNPJ, "" when unknown.
func (m *Movement) PartieTaxID() string {
	if m.Entry == nil {
		return ""
	}
	return m.Entry.PartieCnpjCpf
}

// LinkKind says what ties two movements.
type LinkKind uint8

// The kinds of links.
const (
	LinkOwnTransfer LinkKind = iota
	LinkRefund
	LinkSweep
	LinkBillPayment
	LinkInstalment
	LinkContract
)

// Link ties two movements with the evidence for it.
type Link struct {
	Kind     LinkKind
	From, To int32
	Amount   money.Amount
	Reason   string // a fixed text
	Sureness uint16 // per mille
}

// Tier is the step of the waterfall that decided a category.
type Tier uint8

// The tiers, in the order in which they are asked.
const (
	TierNone Tier = iota // nothing decided: Outros › Outros › Outros
	TierPartner
	TierLedger
	TierStructure
	TierVocabulary
	TierMerchant
	TierModel
)

var tierNames = [...]string{"none", "partner", "ledger", "structure", "vocabulary", "merchant", "model"}

// String returns the tier's name as users see it.
func (t Tier) String() string { return tierNames[t] }

// Decision is a movement's category and the reason for it.
type Decision struct {
	Code       taxonomy.Code
	RunnerUp   taxonomy.Code // 0 when there was none
	Tier       Tier
	Confidence uint16 // per mille
	Rule       string // id of the rule or table entry
	Matched    string // the part of the normalised text that matched; "" when not by text
	Brand      string // merchant display name; "" when unknown
}

// Holds reports whether institution i has an account, card, contract or holding
// of the company, or else of the person.
func (l *Ledger) Holds(i int, company bool) bool {
	in := &l.Institutions[i]
	return slices.ContainsFunc(in.Accounts, func(at int32) bool { return l.Accounts[at].Company == company }) ||
		slices.ContainsFunc(in.Cards, func(at int32) bool { return l.Cards[at].Company == company }) ||
		slices.ContainsFunc(in.Contracts, func(at int32) bool { return l.Contracts[at].Company == company }) ||
		slices.ContainsFunc(in.Holdings, func(at int32) bool { return l.Holdings[at].Company == company })
}

// Newer reports whether movement x is printed before y: day, newest first;
// inside a day those with a time, newest first, then those without; else reverse
// document order.
func (l *Ledger) Newer(x, y int32) bool {
	a, b := &l.Movements[x], &l.Movements[y]
	if a.Day != b.Day {
		return a.Day > b.Day
	}
	if a.Timed != b.Timed {
		return a.Timed
	}
	if a.Instant != b.Instant {
		return a.Instant > b.Instant
	}
	return x > y
}
