package ledger_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/openfinance"
)

// invested is the small ledger with a holding of two movements.
func invested() *ledger.Ledger {
	l := small()
	source := &openfinance.Investment{Transactions: []openfinance.InvestmentTransaction{{Date: "2025-01-01"}, {Date: "2025-01-02"}}}
	l.Holdings = []ledger.Holding{{Source: source, Newest: []*openfinance.InvestmentTransaction{&source.Transactions[1], &source.Transactions[0]}}}
	l.Institutions[0].Holdings = []int32{0}
	return l
}

func TestCheckHoldings(t *testing.T) {
	if err := ledger.Check(invested()); err != nil {
		t.Fatalf("the ledger keeps everything, but: %v", err)
	}
	for name, c := range map[string]struct {
		damage func(*ledger.Ledger)
		says   string
	}{
		"of no institution":  {func(l *ledger.Ledger) { l.Institutions[0].Holdings = nil }, "held by 0"},
		"another's movement": {func(l *ledger.Ledger) { l.Holdings[0].Newest[0] = &openfinance.InvestmentTransaction{} }, "another's"},
		"a movement twice":   {func(l *ledger.Ledger) { l.Holdings[0].Newest[1] = l.Holdings[0].Newest[0] }, "twice"},
		"oldest first":       {func(l *ledger.Ledger) { slices.Reverse(l.Holdings[0].Newest) }, "newer"},
	} {
		t.Run(name, func(t *testing.T) {
			l := invested()
			c.damage(l)
			if err := ledger.Check(l); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("says %v, want %q", err, c.says)
			}
		})
	}
}

// indebted is the small ledger with a plan of two instalments, a payment of the
// closed bill and a contract with an instalment.
func indebted() *ledger.Ledger {
	l := small()
	l.Plans = []ledger.Plan{{
		Name: "SHOP", Count: 2, Whole: -1, Lines: []ledger.PlanLine{{Number: 1, Movement: 5}},
		Price: 60, Paid: 1, Next: 2, NextMonth: 1, Each: 30, Odd: 30, OddNumber: 2,
	}}
	give := func(at int32, role ledger.Role) { l.Movements[at].Role, l.Movements[at].RoleReason = role, "a reason" }
	give(1, ledger.RoleBillPayment)
	give(2, ledger.RoleContract)
	l.Cards[0].Closed[0].Payments = []ledger.Payment{{Day: 8, Amount: 10, Line: -1, Entry: 1}}
	l.Contracts = []ledger.Contract{
		{Source: &openfinance.Contract{}, Same: -1, Disbursement: -1, Instalments: []ledger.ContractInstalment{{Movement: 2, Day: 7, Amount: 20}}},
		{Source: &openfinance.Contract{}, Same: 0, Disbursement: -1},
	}
	l.Institutions[0].Contracts = []int32{0, 1}
	return l
}

func TestCheckDebts(t *testing.T) {
	if err := ledger.Check(indebted()); err != nil {
		t.Fatalf("the ledger keeps everything, but: %v", err)
	}
	for name, c := range map[string]struct {
		damage func(*ledger.Ledger)
		says   string
	}{
		"a plan of one instalment":       {func(l *ledger.Ledger) { l.Plans[0].Count = 1 }, "no purchase in instalments"},
		"a plan without a line":          {func(l *ledger.Ledger) { l.Plans[0].Lines = nil }, "no purchase in instalments"},
		"a number past the end":          {func(l *ledger.Ledger) { l.Plans[0].Lines[0].Number = 3 }, "wrong number"},
		"an account entry in a plan":     {func(l *ledger.Ledger) { l.Plans[0].Lines[0].Movement = 1 }, "another's"},
		"a line in two plans":            {func(l *ledger.Ledger) { l.Plans = append(l.Plans, l.Plans[0]) }, "another's"},
		"a price that is not the sum":    {func(l *ledger.Ledger) { l.Plans[0].Price++ }, "add up"},
		"a plan that goes on":            {func(l *ledger.Ledger) { l.Plans[0].Next = 4 }, "past its end"},
		"a payment of another amount":    {func(l *ledger.Ledger) { l.Cards[0].Closed[0].Payments[0].Amount = 11 }, "does not pay"},
		"an entry that pays twice":       {func(l *ledger.Ledger) { l.Cards[0].Open.Payments = l.Cards[0].Closed[0].Payments }, "does not pay"},
		"a payment without the role":     {func(l *ledger.Ledger) { l.Movements[1].Role = ledger.RoleNone }, "does not pay"},
		"a contract shown after itself":  {func(l *ledger.Ledger) { l.Contracts[0].Same = 0 }, "shows another again"},
		"movements of a second showing":  {func(l *ledger.Ledger) { l.Contracts[1].Disbursement = 2 }, "shows another again"},
		"a disbursement that is a debit": {func(l *ledger.Ledger) { l.Contracts[0].Disbursement = 1 }, "does not belong"},
		"a contract of no institution":   {func(l *ledger.Ledger) { l.Institutions[0].Contracts = nil }, "held by 0"},
		"an instalment without the role": {func(l *ledger.Ledger) { l.Movements[2].Role = ledger.RoleNone }, "does not belong"},
	} {
		t.Run(name, func(t *testing.T) {
			l := indebted()
			c.damage(l)
			if err := ledger.Check(l); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("says %v, want %q", err, c.says)
			}
		})
	}
}
