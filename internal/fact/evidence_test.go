package fact_test

import (
	"testing"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/openfinance"
)

func TestItemIDs(t *testing.T) {
	f := fact.New(&ledger.Ledger{
		Movements: []ledger.Movement{{ID: "synt-0123"}},
		Accounts:  []ledger.Account{{Source: &openfinance.Account{AccountID: "a"}}},
		Cards: []ledger.Card{{
			Source: &openfinance.CreditCard{CreditCardAccountID: "c"},
			Closed: []ledger.Bill{{Source: &openfinance.Bill{BillID: "b0"}}, {Source: &openfinance.Bill{BillID: "b1"}}, {Source: new(openfinance.Bill), DueDay: calendar.Of(2025, 6, 10)}},
		}},
		Contracts: []ledger.Contract{{Source: &openfinance.Contract{IpocCode: "i", Number: "n"}}},
		Holdings:  []ledger.Holding{{Source: &openfinance.Investment{InvestmentID: "h"}}},
	})
	for want, item := range map[string]fact.Item{
		"synt-0123":         {Kind: fact.MovementItem},
		"account:a":         {Kind: fact.AccountItem},
		"card:c":            {Kind: fact.CardItem},
		"bill:b1":           {Kind: fact.BillItem, Bill: 1},
		"bill:c:2025-06-10": {Kind: fact.BillItem, Bill: 2}, // without an id of its own
		"contract:i":        {Kind: fact.ContractItem},      // without an id of its own
		"holding:h":         {Kind: fact.HoldingItem},
	} {
		if got := item.ID(f); got != want {
			t.Errorf("the id is %q, want %q", got, want)
		}
	}
}

func TestJoinedEvidenceStopsWhenAsked(t *testing.T) {
	part := func(amounts ...int) fact.Evidence {
		return func(yield func(fact.Item) bool) {
			for _, a := range amounts {
				if !yield(fact.Item{Index: int32(a)}) {
					return
				}
			}
		}
	}
	var got []int32
	for item := range fact.Join(part(1, 2), nil, part(3, 4)) {
		if got = append(got, item.Index); item.Index == 3 {
			break
		}
	}
	if len(got) != 3 || got[2] != 3 {
		t.Errorf("the items are %v", got)
	}
}
