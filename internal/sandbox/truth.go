package sandbox

// Truth is what really happened to one person, beside the document that tells
// it. All amounts are whole cents of BRL, all days are São Paulo days as
// YYYY-MM-DD, all months YYYY-MM.
//
// A real movement has a number, its Real, counted from 1. The document may tell
// one real movement in several rows, or in none when it lies outside the history
// that a bank sends; whatever the document has no row of is referred to by 0.
type Truth struct {
	Persona string `json:"persona"`
	Seed    uint64 `json:"seed"`
	N       int    `json:"n"`   // the number of the person
	End     string `json:"end"` // the day the data was collected: the last day of the history
	Name    string `json:"name"`
	CPF     string `json:"cpf,omitempty"`
	CNPJ    string `json:"cnpj,omitempty"`

	// Rows are the rows of the document in its order: account by account
	// `transactions` then `transactions-current`, then card by card the lines
	// under `bills`, `transactions`, `transactions-current`.
	Rows []Row `json:"rows"`

	Transfers []Transfer `json:"transfers"` // between the person's own accounts
	Refunds   []Refund   `json:"refunds"`
	Plans     []Plan     `json:"plans"`
	Bills     []Bill     `json:"bills"`
	Contracts []Contract `json:"contracts"`
	Accounts  []Account  `json:"accounts"`
	Incomes   []Income   `json:"incomes"` // by month, calendar and competence
	PayDays   []PayDay   `json:"payDays"`
	Series    []Series   `json:"series"`
}

// Standings of a [Row].
const (
	StandingCounted     = "counted"      // a real movement, told here
	StandingBalanceLine = "balance-line" // tells a balance and moves nothing
	StandingDuplicate   = "duplicate"    // tells a real movement that another row tells
	StandingPending     = "pending"      // not final at the end, and told by no other row
)

// Roles of a [Row]. They are the roles of the ledger.
const (
	RoleNone        = "none"         // plain income or spending
	RoleOwnTransfer = "own-transfer" // one leg of money moved between the person's accounts
	RoleReversal    = "reversal"     // undoes an earlier movement, whole or in part
	RoleReversed    = "reversed"     // was undone, whole or in part, by a row of the document
	RoleSweep       = "sweep"        // automatic application or redemption, RDB, pots
	RoleBillPayment = "bill-payment" // of a card of the document: the debit and the card's credit line
	RoleInstalment  = "instalment"   // of a card purchase
	RoleContract    = "contract"     // disbursement or instalment of a contract of the document
)

// Row is one row of the document.
//
// A row has one role. Instalments stay instalments when their purchase is undone
// (see Plan.Refunded and Refund.Plan); a row that tells a whole instalment price
// is reversed.
type Row struct {
	Path     string `json:"path"`         // accounts[0].transactions[17]
	Holder   string `json:"holder"`       // accountId or creditCardAccountId
	ID       string `json:"id,omitempty"` // transactionId as sent; "" when sent without
	Real     int    `json:"real"`         // 0: a balance line
	Standing string `json:"standing"`
	// DuplicateOf is the path of the row that stays. Of several rows of one real
	// movement an effective one stays before a pending one, then the one under a
	// bill, then the first in document order.
	DuplicateOf string `json:"duplicateOf,omitempty"`

	Day        string `json:"day"`   // on which it really happened; of a card instalment the day of the purchase or its monthly return, as the transmitter dates it
	Cents      int64  `json:"cents"` // signed as the holder feels it: into the account, or off the card's debt, is positive; of a balance line the balance
	Role       string `json:"role"`  // of the real movement; "" for balance lines
	Kind       string `json:"kind"`  // what it was, a word of the persona or of the engine: salary, groceries, card-bill
	Competence string `json:"competence,omitempty"`
	// Income is the income kind such as REGULAR_SALARY; "" when it is no income. A
	// 13th is BONUS, but REGULAR_SALARY where portability carries it on among wages.
	Income string `json:"income"`

	Pair     int    `json:"pair,omitempty"`     // own transfer: the Real of the other leg; bill payment: of the account's debit or card's credit
	Original int    `json:"original,omitempty"` // reversal: the Real of what it undoes
	Reversed int64  `json:"reversed,omitempty"` // cents of it undone by rows of the document
	Plan     string `json:"plan,omitempty"`
	Number   int    `json:"number,omitempty"` // of the instalment
	Bill     string `json:"bill,omitempty"`   // billId: of a line, the closed bill it is on; of a payment, the bill it pays
	Contract string `json:"contract,omitempty"`
}

// Transfer is money moved between the person's own accounts.
type Transfer struct {
	From  int    `json:"from"` // Real of the debit; 0 when the document has no row of it
	To    int    `json:"to"`   // Real of the credit
	Day   string `json:"day"`  // of the debit
	Cents int64  `json:"cents"`
	Kind  string `json:"kind"` // own-transfer, top-up, portability
	// Ambiguous: nothing in the document decides it. Equal transfers the same way
	// on one day, whose rows have no time, may be paired either way; equal ones
	// between other accounts whose rows name nobody, and a single leg that names
	// nobody, are best left open.
	Ambiguous bool `json:"ambiguous,omitempty"`
}

// Refund is money that came back.
type Refund struct {
	Refund   int   `json:"refund"`   // Real
	Original int   `json:"original"` // Real; 0 when the document does not reach back to it
	Cents    int64 `json:"cents"`
	Whole    bool  `json:"whole"`
	// Plan is set when the price of an instalment purchase came back: Original is
	// then its first instalment that the document has, or the row of the whole price.
	Plan string `json:"plan,omitempty"`
	Kind string `json:"kind"` // estorno, pix-return, cashback, returned-cheque
	Days int    `json:"days"` // from original to refund
	// Ambiguous: another purchase from the same shop in the 90 days before the
	// refund fits as well, so to leave it open or to name the other one is no fault.
	Ambiguous bool `json:"ambiguous,omitempty"`
}

// Plan is a card purchase in instalments.
type Plan struct {
	ID       string   `json:"id"`
	Card     string   `json:"card"` // creditCardAccountId
	Bought   string   `json:"bought"`
	Count    int      `json:"count"`
	Cents    int64    `json:"cents"`    // the whole price, the sum of Amounts
	Amounts  []int64  `json:"amounts"`  // by number
	Months   []string `json:"months"`   // by number: the month in which its bill closes
	Reals    []int    `json:"reals"`    // by number; 0 when the document has no row of it
	FullRow  bool     `json:"fullRow"`  // one row with the whole price stands for all
	Billed   int      `json:"billed"`   // instalments on closed bills at the end
	Refunded bool     `json:"refunded"` // the price came back
	// Untold: the price does not divide, and the rows that tell it are too few to
	// know which instalment bears the odd cents.
	Untold bool `json:"untold,omitempty"`
	// HabitUntold: each plan of the card is told by one first row on a bill that
	// has not closed, so nothing tells whether that row is an instalment or has the
	// whole price.
	HabitUntold bool `json:"habitUntold,omitempty"`
}

// Bill is a closed bill of a card.
type Bill struct {
	ID       string    `json:"id"` // "" when the document has the payment alone, not the bill
	Card     string    `json:"card"`
	Closing  string    `json:"closing"`
	Due      string    `json:"due"`
	Cents    int64     `json:"cents"`   // what it asks for
	Carried  int64     `json:"carried"` // of that, unpaid debt of the bill before; its line is a balance line where its text is one
	Cost     int64     `json:"cost"`    // of that, interest, fines and tax for late or partial payment
	Lines    []int     `json:"lines"`   // Reals
	Payments []Payment `json:"payments"`
}

// Payment pays a bill, or a part of it.
type Payment struct {
	Day   string `json:"day"`
	Cents int64  `json:"cents"`
	Debit int    `json:"debit"` // Real of the row in an account; 0 when paid from outside the document
	Line  int    `json:"line"`  // Real of the card's credit line; 0 when the transmitter sends none
}

// Contract is a loan or financing. One contract that two brands show has two IDs.
type Contract struct {
	IDs          []string     `json:"ids"` // contractId
	IPOC         string       `json:"ipoc"`
	Cents        int64        `json:"cents"`
	Disbursement int          `json:"disbursement"` // Real
	Count        int          `json:"count"`
	Paid         int          `json:"paid"`
	PastDue      int          `json:"pastDue"`
	Instalments  []Instalment `json:"instalments"` // paid ones that fall into the history
	Outstanding  int64        `json:"outstanding"`
}

// Instalment is a paid instalment of a contract.
type Instalment struct {
	Number int    `json:"number"`
	Day    string `json:"day"`
	Cents  int64  `json:"cents"`
	Real   int    `json:"real"` // 0 when it was not paid from an account of the document
}

// Account is the money in one account.
type Account struct {
	ID      string `json:"id"`
	Bank    string `json:"bank"`
	Joint   bool   `json:"joint"`
	Company bool   `json:"company"`
	From    string `json:"from"`    // the first day of the history that the bank sends
	Opening int64  `json:"opening"` // at the end of the day before
	// EndOfDay is the balance at the end of each day from From to the end.
	EndOfDay []int64 `json:"endOfDay"`
	// Invested is the automatically invested money at the same times; absent
	// for an account without sweeps.
	Invested []int64 `json:"invested,omitempty"`
	// ReliableFrom is the first day whose balance can be known from the document:
	// older ones cannot where the bank lost rows. Equal to From as a rule.
	ReliableFrom string `json:"reliableFrom"`
}

// Income is what came in during one month, without own transfers, loans and
// money that came back.
type Income struct {
	Month      string           `json:"month"`
	Calendar   map[string]int64 `json:"calendar"`   // by income kind, as paid in the month
	Competence map[string]int64 `json:"competence"` // by income kind, as meant for the month
}

// Series is what repeats with one counterparty: a subscription, a bill, rent, a
// wage, a bank's monthly charge. Purchases in instalments are plans, not series, and
// nothing that moves between the person's own accounts is one.
type Series struct {
	Kind   string `json:"kind"`
	Rhythm string `json:"rhythm"` // WEEKLY, MONTHLY, YEARLY
	Reals  []int  `json:"reals"`
	// Open: the document tells too little of it to see the rhythm, or it was not kept
	// to: fewer than 3 days (YEARLY 2), or a median distance that is not 6–8, 26–35 or
	// 350–380 days. To find it is as right as not to.
	Open bool `json:"open,omitempty"`
}

// PayDay are the days of one regular income.
type PayDay struct {
	Payer string   `json:"payer"`
	TaxID string   `json:"taxId,omitempty"`
	Kind  string   `json:"kind"`
	Rule  string   `json:"rule"` // in words of the persona: business day 5
	Days  []string `json:"days"`
}
