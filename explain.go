package klaas

import (
	"strconv"

	"github.com/openklaas/klaas/internal/ledger"
)

// Explained is what an analysis makes of one entry of a document, and why.
type Explained struct {
	Path      string `json:"path"` // where it stands among the entries that could be read: accounts[0].transactions[17]
	ID        string `json:"id"`   // the bank's id, else one that starts with synt-
	Day       string `json:"day"`  // in São Paulo, YYYY-MM-DD; of a card instalment its billing day
	Direction string `json:"direction"`
	Amount    string `json:"amount"` // never signed, two decimals
	Text      string `json:"text"`   // as sent
	Phase     string `json:"phase"`  // effective, pending, future

	Standing string `json:"standing"`           // counted, balance-line, duplicate, after-day
	Original string `json:"original,omitempty"` // of a duplicate: the path of the entry that stays
	// StandingReason says which rule decided the standing, or why there is a doubt.
	StandingReason string `json:"standingReason,omitempty"`

	Role       string          `json:"role"`
	RoleReason string          `json:"roleReason,omitempty"` // which evidence decided the role
	Reversed   string          `json:"reversed,omitempty"`   // how much of it came back
	Links      []ExplainedLink `json:"links,omitempty"`

	Code       string `json:"code"` // category, six digits
	Tier       string `json:"tier"`
	Rule       string `json:"rule,omitempty"`
	Matched    string `json:"matched,omitempty"` // the part of the normalised text that decided
	Confidence int    `json:"confidence"`        // per mille
	RunnerUp   string `json:"runnerUp,omitempty"`
	Brand      string `json:"brand,omitempty"`
}

// ExplainedLink ties an entry to another.
type ExplainedLink struct {
	Kind     string `json:"kind"` // own-transfer, refund, sweep, bill-payment, instalment, contract
	With     string `json:"with"` // the path of the other entry; "" when it is no entry
	Amount   string `json:"amount"`
	Reason   string `json:"reason"`
	Sureness int    `json:"sureness"` // per mille
}

// Explain tells of every entry of a document whether it counts, what role it
// plays, what it belongs to and which category it has, each with the reason. It
// fails as [Analyze] does; products, versions and ids of the options do not matter.
func Explain(userdata []byte, o Options) ([]Explained, error) {
	o = o.withDefaults(userdata)
	book, _, err := understand(userdata, &o)
	if err != nil {
		return nil, err
	}
	paths := entryPaths(book)
	all := make([]Explained, len(book.Movements))
	for i := range book.Movements {
		all[i] = explain(&book.Movements[i], paths, i)
	}
	for i := range book.Links {
		l := &book.Links[i]
		link := ExplainedLink{
			Kind: l.Kind.String(), Amount: l.Amount.String(), Reason: l.Reason, Sureness: int(l.Sureness),
		}
		for _, end := range [][2]int32{{l.From, l.To}, {l.To, l.From}} {
			if end[0] < 0 {
				continue
			}
			link.With = ""
			if end[1] >= 0 {
				link.With = paths[end[1]]
			}
			all[end[0]].Links = append(all[end[0]].Links, link)
		}
	}
	return all, nil
}

func explain(m *ledger.Movement, paths []string, i int) Explained {
	e := Explained{
		Path: paths[i], ID: m.ID, Day: m.Day.String(), Direction: m.Direction.String(), Amount: m.Amount.String(),
		Text: m.SentName(), Phase: m.Phase.String(), Standing: m.Standing.String(), StandingReason: m.StandingReason,
		Role: m.Role.String(), RoleReason: m.RoleReason,
		Code: m.Decision.Code.String(), Tier: m.Decision.Tier.String(), Rule: m.Decision.Rule,
		Matched: m.Decision.Matched, Confidence: int(m.Decision.Confidence), Brand: m.Decision.Brand,
	}
	if m.Original >= 0 {
		e.Original = paths[m.Original]
	}
	if m.Reversed != 0 {
		e.Reversed = m.Reversed.String()
	}
	if m.Decision.RunnerUp != 0 {
		e.RunnerUp = m.Decision.RunnerUp.String()
	}
	return e
}

// entryPaths returns the path of every movement. Movements lie in document
// order, so each list of the document is counted along them.
func entryPaths(book *ledger.Ledger) []string {
	paths := make([]string, len(book.Movements))
	for i := range book.Accounts {
		a := &book.Accounts[i]
		at := "accounts[" + strconv.Itoa(i) + "]."
		number(paths, book, a.First, a.End, func(m *ledger.Movement) string { return at + m.Source.String() })
	}
	for i := range book.Cards {
		c := &book.Cards[i]
		at := "creditCardsAccounts[" + strconv.Itoa(i) + "]."
		next, end := c.First, c.First
		for b := range c.Source.Bills {
			end += int32(len(c.Source.Bills[b].Transactions))
			list := at + "bills[" + strconv.Itoa(b) + "].transactions"
			number(paths, book, next, end, func(*ledger.Movement) string { return list })
			next = end
		}
		number(paths, book, next, c.End, func(m *ledger.Movement) string { return at + m.Source.String() })
	}
	return paths
}

// number writes the paths of a range of movements: the list of each, and its
// index in it.
func number(paths []string, book *ledger.Ledger, first, end int32, list func(*ledger.Movement) string) {
	index, current := 0, ""
	for at := first; at < end; at++ {
		name := list(&book.Movements[at])
		if name != current {
			index, current = 0, name
		}
		paths[at] = name + "[" + strconv.Itoa(index) + "]"
		index++
	}
}
