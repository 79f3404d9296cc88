package sandbox

import (
	"bytes"
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"
)

// persona is a kind of person or company, as a file of personas/ tells it. Names
// of accounts tie its parts together; amounts are ranges of reais. The form is
// told key by key in docs/sandbox.md.
type persona struct {
	About   string   `toml:"about"`
	Habits  []string `toml:"habits"` // tables of data/habits.toml; accounts and cards that the persona lacks are left out of them
	Company bool     `toml:"company"`
	Months  [2]int   `toml:"months"` // lived before the end; what banks send may be less

	Accounts  []accountPlan  `toml:"account"`
	Cards     []cardPlan     `toml:"card"`
	Incomes   []incomePlan   `toml:"income"`
	Spends    []spendPlan    `toml:"spend"`
	Transfers []transferPlan `toml:"transfer"`
	Loans     []loanPlan     `toml:"loan"`
	Holdings  []holdingPlan  `toml:"holding"`
	Exchanges []exchangePlan `toml:"exchange"`
	Traps     traps          `toml:"traps"`
}

// Range is a range of amounts in reais, both ends possible.
type Range struct{ Low, High float64 }

// when says on which days of a month something happens. One of Business, Day,
// Times and Weekday is given.
type when struct {
	Business int     `toml:"business"` // the n-th business day, from the end when negative
	Day      []int   `toml:"day"`      // a day of the month; of two, a day between them that the person keeps to
	Shift    string  `toml:"shift"`    // of Day: before or after, to a business day
	Times    []int   `toml:"times"`    // so many days at random: [least, most]
	Weekday  int     `toml:"weekday"`  // every week on that day, Sunday 0; 0 means none, use 7
	Months   []int   `toml:"months"`   // in these months of the year only
	Chance   float64 `toml:"chance"`   // of each time; 0 means always
}

type accountPlan struct {
	Name      string    `toml:"name"`
	Bank      []string  `toml:"bank"`    // one of these; "@main" is the bank of the account main
	Savings   bool      `toml:"savings"` // a savings account
	Opening   []float64 `toml:"opening"`
	Overdraft []float64 `toml:"overdraft"`
	Chance    float64   `toml:"chance"`  // that the person has it; 0 means always
	Outside   float64   `toml:"outside"` // chance that the document does not show it
	Joint     float64   `toml:"joint"`   // chance that it belongs to two
	NoSweep   bool      `toml:"no_sweep"`
	Company   bool      `toml:"company"` // it is the company's of a person who has one
}

type cardPlan struct {
	Name     string    `toml:"name"`
	Bank     []string  `toml:"bank"`
	PayFrom  string    `toml:"pay_from"`
	Limit    []float64 `toml:"limit"`
	Chance   float64   `toml:"chance"`
	Outside  float64   `toml:"outside"`
	Partial  float64   `toml:"partial"`  // chance that a bill is paid in part
	Minimum  float64   `toml:"minimum"`  // that only the minimum is paid
	Late     float64   `toml:"late"`     // that it is paid late
	Split    float64   `toml:"split"`    // that the plan of a bill is paid in instalments
	Cashback float64   `toml:"cashback"` // share of some purchases that comes back
	Fee      float64   `toml:"fee"`      // chance of a yearly fee
	Paid     string    `toml:"paid"`     // outside: the bill is paid from where the document does not reach
}

type incomePlan struct {
	Kind       string    `toml:"kind"`
	Income     string    `toml:"income"` // income kind of the truth
	Into       []string  `toml:"into"`   // account names; one is kept to
	Via        []string  `toml:"via"`    // slots; one is kept to
	Payer      string    `toml:"payer"`  // company, person, family, or a name given by Name and TaxID
	Name       string    `toml:"name"`
	TaxID      string    `toml:"tax_id"`
	Payers     int       `toml:"payers"` // of how many payers each time comes from one; 0 means one
	Amount     []float64 `toml:"amount"`
	Fixed      bool      `toml:"fixed"` // drawn once for the person
	Main       bool      `toml:"main"`  // what the person spends goes with it
	Vary       float64   `toml:"vary"`
	Raise      float64   `toml:"raise"` // once a year, in May
	When       when      `toml:"when"`
	Thirteenth bool      `toml:"thirteenth"`
	Vacation   bool      `toml:"vacation"`
	Advance    float64   `toml:"advance"` // share of the wage paid on the 20th
	PortedFrom string    `toml:"ported_from"`
	Chance     float64   `toml:"chance"` // that the person has it
}

type spendPlan struct {
	Kind    string    `toml:"kind"`
	Shops   string    `toml:"shops"` // a table of shops.toml, person, family or company
	Loyal   bool      `toml:"loyal"` // keeps to one shop
	Amount  []float64 `toml:"amount"`
	Fixed   bool      `toml:"fixed"`
	Vary    float64   `toml:"vary"`
	Raise   float64   `toml:"raise"`
	Round   int       `toml:"round"` // to whole multiples of so many reais
	By      []string  `toml:"by"`    // credit, or a slot of an account; one for each time
	From    []string  `toml:"from"`  // account names
	Card    string    `toml:"card"`
	Parts   []int     `toml:"parts"` // bought with the card in instalments, so many
	When    when      `toml:"when"`
	Must    bool      `toml:"must"` // is paid even into the overdraft
	Chance  float64   `toml:"chance"`
	Returns float64   `toml:"returns"` // share that comes back as winnings: betting
	Dollar  float64   `toml:"dollar"`  // it is bought in US dollars of so many reais
	Over    int       `toml:"over"`    // in place of an amount: all that lies over so many reais
}

type transferPlan struct {
	From   string    `toml:"from"`
	To     string    `toml:"to"`
	Amount []float64 `toml:"amount"`
	Round  int       `toml:"round"`
	Fixed  bool      `toml:"fixed"`
	When   when      `toml:"when"`
	Pot    bool      `toml:"pot"`  // into and out of the pot of From
	Back   bool      `toml:"back"` // out of the pot
	Chance float64   `toml:"chance"`
}

type loanPlan struct {
	Kind    string    `toml:"kind"` // one of contractKinds
	Amount  []float64 `toml:"amount"`
	Count   []int     `toml:"count"`
	Cost    []float64 `toml:"cost"`  // interest in all, as a share of the amount
	Start   []int     `toml:"start"` // months after the beginning; negative before
	Account string    `toml:"account"`
	Twice   float64   `toml:"twice"` // chance that two brands show it
	Day     []int     `toml:"day"`
	Chance  float64   `toml:"chance"`
}

type holdingPlan struct {
	Kind   string    `toml:"kind"` // one of holdingSections
	Bank   []string  `toml:"bank"`
	Amount []float64 `toml:"amount"`
	Chance float64   `toml:"chance"`
}

// exchangePlan is money sent abroad.
type exchangePlan struct {
	From   string    `toml:"from"`
	Amount []float64 `toml:"amount"`
	When   when      `toml:"when"`
	Chance float64   `toml:"chance"`
}

// traps are how often what misleads happens.
type traps struct {
	Refund      float64 `toml:"refund"`       // of a purchase, by card, debit or Pix
	Partial     float64 `toml:"partial"`      // of refunds
	Late        float64 `toml:"late"`         // of refunds: weeks later
	Twin        float64 `toml:"twin"`         // of a purchase: the same again that day
	Friend      float64 `toml:"friend"`       // of a purchase: a friend sends as much that day
	SameDay     float64 `toml:"same_day"`     // of an own transfer: as much again that day, there or elsewhere
	Night       float64 `toml:"night"`        // of an own transfer by Pix: over midnight
	Returned    float64 `toml:"returned"`     // of cheques
	Pending     float64 `toml:"pending"`      // of recent posted entries: the pending one is still there
	Processing  float64 `toml:"processing"`   // of entries of the last two days: not posted yet
	Future      float64 `toml:"future"`       // of accounts: bills of the next weeks are announced
	LostRows    float64 `toml:"lost_rows"`    // of accounts: the bank lost an old entry
	BrokenPlans float64 `toml:"broken_plans"` // of refunds: of a purchase in instalments
}

// usualTraps hold where a persona says nothing.
var usualTraps = traps{
	Refund: 0.02, Partial: 0.3, Late: 0.3, Twin: 0.015, Friend: 0.01, SameDay: 0.05, Night: 0.02,
	Returned: 0.25, Pending: 0.25, Processing: 0.2, Future: 0.4, LostRows: 0.02, BrokenPlans: 0.3,
}

//go:embed personas/*.toml
var personaFiles embed.FS

// shop is where people spend.
type shops struct {
	MCC    int       `toml:"mcc"`
	Names  []string  `toml:"names"`
	TaxIDs []string  `toml:"taxids"`
	Price  []float64 `toml:"price"`
}

//go:embed data/shops.toml
var shopsTOML []byte

var shopTables = sync.OnceValue(func() map[string]shops {
	var tables map[string]shops
	if err := toml.Unmarshal(shopsTOML, &tables); err != nil {
		panic("sandbox: data/shops.toml: " + err.Error())
	}
	return tables
})

// library reads the personas once.
var library = sync.OnceValue(func() map[string]*persona {
	entries, err := personaFiles.ReadDir("personas")
	if err != nil {
		panic("sandbox: " + err.Error())
	}
	all := map[string]*persona{}
	for _, entry := range entries {
		text, err := personaFiles.ReadFile(path.Join("personas", entry.Name()))
		if err != nil {
			panic("sandbox: " + err.Error())
		}
		p, err := readPersona(text)
		if err != nil {
			panic("sandbox: personas/" + entry.Name() + ": " + err.Error())
		}
		all[strings.TrimSuffix(entry.Name(), ".toml")] = p
	}
	return all
})

func readPersona(text []byte) (*persona, error) {
	p := &persona{Months: [2]int{13, 16}, Traps: usualTraps}
	decoder := toml.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(p); err != nil {
		return nil, err
	}
	for _, name := range p.Habits {
		shared, ok := habitTables()[name]
		if !ok {
			return nil, fmt.Errorf("there are no habits %q", name)
		}
		for _, s := range shared.Spends {
			s.From = slices.DeleteFunc(slices.Clone(s.From), func(name string) bool { return !p.hasAccount(name) })
			s.By = slices.DeleteFunc(slices.Clone(s.By), func(by string) bool { return by == "credit" && len(p.Cards) == 0 || by != "credit" && len(s.From) == 0 })
			if len(s.By) > 0 {
				p.Spends = append(p.Spends, s)
			}
		}
	}
	return p, p.check()
}

func (p *persona) hasAccount(name string) bool {
	return slices.ContainsFunc(p.Accounts, func(a accountPlan) bool { return a.Name == name })
}

//go:embed data/habits.toml
var habitsTOML []byte

// habitTables are what many personas spend alike.
var habitTables = sync.OnceValue(func() map[string]struct {
	Spends []spendPlan `toml:"spend"`
} {
	var tables map[string]struct {
		Spends []spendPlan `toml:"spend"`
	}
	decoder := toml.NewDecoder(bytes.NewReader(habitsTOML))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&tables); err != nil {
		panic("sandbox: data/habits.toml: " + err.Error())
	}
	return tables
})

// check says what a persona refers to that does not exist.
func (p *persona) check() error {
	var accounts, cards []string
	for _, a := range p.Accounts {
		for _, b := range a.Bank {
			if banks()[b] == nil && !(strings.HasPrefix(b, "@") && slices.Contains(accounts, b[1:])) {
				return fmt.Errorf("account %s: there is no bank %q, and no account of that name before it", a.Name, b)
			}
		}
		accounts = append(accounts, a.Name)
	}
	if len(accounts) == 0 {
		return fmt.Errorf("there is no account")
	}
	for _, c := range p.Cards {
		if !slices.Contains(accounts, c.PayFrom) {
			return fmt.Errorf("card %s: pay_from names no account", c.Name)
		}
		cards = append(cards, c.Name)
	}
	known := func(what string, names []string) error {
		for _, name := range names {
			if !slices.Contains(accounts, name) {
				return fmt.Errorf("%s: there is no account %q", what, name)
			}
		}
		return nil
	}
	for _, in := range p.Incomes {
		if err := known("income "+in.Kind, in.Into); err != nil {
			return err
		}
		for _, slot := range in.Via {
			if _, ok := slotTypes[slot]; !ok {
				return fmt.Errorf("income %s: there is no slot %q", in.Kind, slot)
			}
		}
		if len(in.Into) == 0 || len(in.Via) == 0 || len(in.Amount) != 2 {
			return fmt.Errorf("income %s needs into, via and amount", in.Kind)
		}
	}
	for _, s := range p.Spends {
		if err := known("spend "+s.Kind, s.From); err != nil {
			return err
		}
		table, ok := shopTables()[s.Shops]
		if !ok && !slices.Contains([]string{"person", "family", "company", "staff"}, s.Shops) {
			return fmt.Errorf("spend %s: there are no shops %q", s.Kind, s.Shops)
		}
		if len(s.Amount) != 2 && len(table.Price) != 2 && s.Over == 0 {
			return fmt.Errorf("spend %s needs an amount", s.Kind)
		}
		for _, by := range s.By {
			if _, ok := slotTypes[by]; !ok && by != "credit" {
				return fmt.Errorf("spend %s: there is no slot %q", s.Kind, by)
			}
			if by == "credit" && !slices.Contains(cards, s.Card) {
				return fmt.Errorf("spend %s: card names no card", s.Kind)
			}
			if by != "credit" && len(s.From) == 0 {
				return fmt.Errorf("spend %s needs from", s.Kind)
			}
		}
	}
	for _, loan := range p.Loans {
		if err := known("loan", []string{loan.Account}); err != nil {
			return err
		}
		if _, ok := contractKinds[loan.Kind]; !ok {
			return fmt.Errorf("there are no loans %q", loan.Kind)
		}
	}
	for _, h := range p.Holdings {
		if holdingSections[h.Kind] == "" {
			return fmt.Errorf("there are no holdings %q", h.Kind)
		}
	}
	for _, e := range p.Exchanges {
		if err := known("exchange", []string{e.From}); err != nil {
			return err
		}
		if len(e.Amount) != 2 {
			return fmt.Errorf("an exchange needs an amount")
		}
	}
	for _, t := range p.Transfers {
		if err := known("transfer", []string{t.From}); err != nil {
			return err
		}
		if t.To != "" {
			if err := known("transfer", []string{t.To}); err != nil {
				return err
			}
		}
	}
	return nil
}
