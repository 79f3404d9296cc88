package plaintest

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/fact/plain"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/text"
)

var roles = map[ledger.Role]string{
	ledger.RoleOwnTransfer: "own-transfer", ledger.RoleReversal: "reversal", ledger.RoleReversed: "reversed",
	ledger.RoleSweep: "sweep", ledger.RoleBillPayment: "bill-payment",
}

// question tells the plain formulas what the ledger knows of a person or company.
func question(f *fact.Facts, company bool) plain.Question {
	l := f.Ledger
	q := plain.Question{
		Document: l.Document, Name: text.Normalise(l.Person.CivilName), Day: l.Day.String(), Replay: l.Replay, Company: company,
		PublicPayers: publicPayers(), Platforms: platforms(),
	}
	at := make(map[int32]plain.Member) // by movement
	for i := range l.Accounts {
		a := &l.Accounts[i]
		if a.Company != company || a.Share == ledger.ShareNone {
			continue
		}
		for k := a.First; k < a.End; k++ {
			m := &l.Movements[k]
			if m.Standing == ledger.BalanceLine {
				q.Told = append(q.Told, plain.Told{Account: len(q.Accounts), Transaction: m.Entry, Name: m.Name})
			}
			isLater := m.Standing == ledger.AfterDay && (m.HasBalance || m.Foreign) // It still leads to the reported balance.
			if m.Phase != ledger.Effective || m.Standing != ledger.Counted && !isLater {
				continue
			}
			at[k] = plain.Member{Index: len(q.Entries)}
			q.Entries = append(q.Entries, plain.Entry{
				Account: len(q.Accounts), Transaction: m.Entry, ID: m.ID, Text: m.Text, Name: m.Name, Code: m.Decision.Code,
				Role: roles[m.Role], Reversed: m.Reversed.String(),
			})
		}
		q.Accounts = append(q.Accounts, plain.Account{Source: a.Source, Savings: a.Kind == ledger.Savings, Half: a.Share == ledger.ShareHalf})
	}
	cards(&q, l, at)
	for i := range l.Plans {
		p := &l.Plans[i]
		if l.Cards[p.Card].Company != company || p.Debt {
			continue
		}
		var plan plain.Plan
		for number := int32(1); number <= p.Count; number++ {
			if in := p.At(l, number); in.State != ledger.InstalmentPaid {
				plan.Instalments = append(plan.Instalments, plain.Instalment{Month: in.Month, Amount: in.Amount.String()})
			}
		}
		q.Plans = append(q.Plans, plan)
	}
	for i := range l.Contracts {
		if c := &l.Contracts[i]; c.Company == company {
			q.Contracts = append(q.Contracts, plain.Contract{
				Source: c.Source, Invoices: c.Kind == ledger.InvoiceFinancing, Revolving: c.IsRevolving(), Again: c.Same >= 0,
			})
		}
	}
	for i := range l.Holdings {
		if l.Holdings[i].Company == company {
			q.Holdings = append(q.Holdings, l.Holdings[i].Source)
		}
	}
	for _, g := range f.RecurringGroups(company) {
		var members []plain.Member
		for _, m := range g.Movements {
			members = append(members, at[m])
		}
		q.Groups = append(q.Groups, members)
	}
	return q
}

func cards(q *plain.Question, l *ledger.Ledger, at map[int32]plain.Member) {
	for i := range l.Cards {
		c := &l.Cards[i]
		if c.Company != q.Company {
			continue
		}
		for k := c.First; k < c.End; k++ {
			m := &l.Movements[k]
			if m.Standing != ledger.Counted {
				continue
			}
			at[k] = plain.Member{Card: true, Index: len(q.Lines)}
			q.Lines = append(q.Lines, plain.Line{
				Card: len(q.Cards), Transaction: m.Line, ID: m.ID, Day: m.Day.String(), Text: m.Text, Name: m.Name,
				Code: m.Decision.Code, Role: roles[m.Role], Reversed: m.Reversed.String(),
			})
		}
		card := plain.Card{Source: c.Source}
		bill := func(b *ledger.Bill) plain.Bill {
			x := plain.Bill{Source: b.Source, Total: b.Total.String()}
			if b.BillingDay != calendar.None {
				x.BillingDay = b.BillingDay.String()
			}
			if b.DueDay != calendar.None {
				x.DueDay = b.DueDay.String()
			}
			for _, line := range b.Lines {
				x.Lines = append(x.Lines, at[line].Index)
			}
			return x
		}
		for k := range c.Closed {
			card.Closed = append(card.Closed, bill(&c.Closed[k]))
		}
		if c.Open != nil {
			open := bill(c.Open)
			card.Open = &open
		}
		q.Cards = append(q.Cards, card)
	}
}

// table reads the rows of a table of package fact.
func table(name string) (rows []string) {
	_, here, _, _ := runtime.Caller(0)
	file, err := os.ReadFile(filepath.Join(filepath.Dir(here), "..", "..", name))
	if err != nil {
		panic(err)
	}
	for line := range strings.Lines(string(file)) {
		if !strings.HasPrefix(line, "#") {
			rows = append(rows, strings.TrimSuffix(line, "\n"))
		}
	}
	return rows[1:]
}

var publicPayers = sync.OnceValue(func() map[string]bool {
	is := make(map[string]bool)
	for _, row := range table("public_payers.csv") {
		root, _, _ := strings.Cut(row, ",")
		is[root] = true
	}
	return is
})

var platforms = sync.OnceValue(func() (list []plain.Platform) {
	for _, row := range table("gig_platforms.tsv") {
		cells := strings.Split(row, "\t")
		p := plain.Platform{Name: cells[0], Kind: cells[1], Words: strings.Split(cells[3], "|")}
		if cells[2] != "" {
			p.Roots = strings.Split(cells[2], "|")
		}
		list = append(list, p)
	}
	return list
})
