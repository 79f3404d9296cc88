package ledger

// The names of the ledger's words, as explanations show them.
var (
	standingNames  = [...]string{"counted", "balance-line", "duplicate", "after-day"}
	roleNames      = [...]string{"none", "own-transfer", "reversal", "reversed", "sweep", "bill-payment", "instalment", "contract", "debt"}
	linkNames      = [...]string{"own-transfer", "refund", "sweep", "bill-payment", "instalment", "contract"}
	phaseNames     = [...]string{"effective", "pending", "future"}
	directionNames = [...]string{"credit", "debit"}
	sourceNames    = [...]string{"transactions", "transactions-current", "bills", "transactions", "transactions-current"}
)

// String returns the standing's name.
func (s Standing) String() string { return standingNames[s] }

// String returns the role's name.
func (r Role) String() string { return roleNames[r] }

// String returns the kind's name.
func (k LinkKind) String() string { return linkNames[k] }

// String returns the phase's name.
func (p Phase) String() string { return phaseNames[p] }

// String returns the direction's name.
func (d Direction) String() string { return directionNames[d] }

// String returns the key of the list in the document.
func (s Source) String() string { return sourceNames[s] }
