package ledger_test

import (
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/openfinance"
)

// small is a ledger of one account (a pending entry, two entries with balances,
// a duplicate of the newer, a balance line) and one card (a closed bill with a
// line, an open bill with a line and an announced one).
func small() *ledger.Ledger {
	entry := func(day calendar.Day, amount money.Amount, standing ledger.Standing) ledger.Movement {
		return ledger.Movement{
			Entry: &openfinance.Transaction{}, ID: "entry", Original: -1, Standing: standing,
			Direction: ledger.Debit, Amount: amount, Day: day, Written: day,
		}
	}
	line := func(day calendar.Day, amount money.Amount) ledger.Movement {
		m := entry(day, amount, ledger.Counted)
		m.Entry, m.Line, m.Source = nil, &openfinance.CardTransaction{}, ledger.CardHistory
		return m
	}
	l := &ledger.Ledger{
		Day: 10,
		Accounts: []ledger.Account{{
			Source: &openfinance.Account{}, First: 0, End: 5, Newest: []int32{0, 1, 2},
		}},
		Cards: []ledger.Card{{
			Source: &openfinance.CreditCard{}, First: 5, End: 8,
			Open:   &ledger.Bill{Lines: []int32{7, 6}, Announced: []int32{7}, Total: 40},
			Closed: []ledger.Bill{{Source: &openfinance.Bill{}, DueDay: 2, Lines: []int32{5}}, {Source: &openfinance.Bill{}, DueDay: 1}},
		}},
		Institutions: []ledger.Institution{{Accounts: []int32{0}, Cards: []int32{0}}},
		Movements: []ledger.Movement{
			entry(9, 5, ledger.Counted), entry(8, 10, ledger.Counted), entry(7, 20, ledger.Counted),
			entry(8, 10, ledger.Duplicate), entry(8, 0, ledger.BalanceLine),
			line(1, 30), line(10, 40), line(20, 50),
		},
		Links: []ledger.Link{{Kind: ledger.LinkContract, From: 0, To: 1}, {Kind: ledger.LinkContract, From: 1, To: 2}},
	}
	l.Movements[0].Phase = ledger.Pending
	l.Movements[1].Balance, l.Movements[1].HasBalance = 100, true
	l.Movements[2].Balance, l.Movements[2].HasBalance = 110, true
	l.Movements[3].Original = 1
	return l
}

func TestCheck(t *testing.T) {
	if err := ledger.Check(small()); err != nil {
		t.Fatalf("the small ledger keeps everything, but: %v", err)
	}
	if err := ledger.Check(&ledger.Ledger{}); err != nil {
		t.Fatalf("the empty ledger keeps everything, but: %v", err)
	}
	for name, c := range map[string]struct {
		damage func(*ledger.Ledger)
		says   string
	}{
		"a gap between ranges":            {func(l *ledger.Ledger) { l.Accounts[0].End = 4 }, "expected to begin at 4"},
		"movements of nobody":             {func(l *ledger.Ledger) { l.Movements = append(l.Movements, l.Movements[7]) }, "belong to no account or card"},
		"a range past the end":            {func(l *ledger.Ledger) { l.Cards[0].End = 9 }, "movements [5:9)"},
		"another holder":                  {func(l *ledger.Ledger) { l.Movements[1].Holder = 1 }, "names another holder"},
		"a card's list in an account":     {func(l *ledger.Ledger) { l.Movements[1].Source = ledger.CardHistory }, "names another holder"},
		"no record":                       {func(l *ledger.Ledger) { l.Movements[1].Entry = nil }, "record"},
		"no id":                           {func(l *ledger.Ledger) { l.Movements[1].ID = "" }, "no id"},
		"a negative amount":               {func(l *ledger.Ledger) { l.Movements[1].Amount = -1 }, "negative"},
		"more reversed than there was":    {func(l *ledger.Ledger) { l.Movements[1].Reversed = 11 }, "too large"},
		"two days in an account":          {func(l *ledger.Ledger) { l.Movements[1].Written++ }, "two days"},
		"an instant without time":         {func(l *ledger.Ledger) { l.Movements[1].Instant = 1 }, "instant"},
		"a pending card line":             {func(l *ledger.Ledger) { l.Movements[5].Phase = ledger.Pending }, "not effective"},
		"a duplicate of nothing":          {func(l *ledger.Ledger) { l.Movements[3].Original = -1 }, "no original"},
		"a duplicate of a balance line":   {func(l *ledger.Ledger) { l.Movements[3].Original = 4 }, "does not count"},
		"a duplicate of a card line":      {func(l *ledger.Ledger) { l.Movements[3].Original = 5 }, "another's"},
		"an original of no duplicate":     {func(l *ledger.Ledger) { l.Movements[2].Original = 1 }, "is no duplicate"},
		"after the day without a replay":  {func(l *ledger.Ledger) { l.Movements[4].Standing = ledger.AfterDay }, "no replay"},
		"pending in a replay":             {func(l *ledger.Ledger) { l.Replay = true }, "earlier day"},
		"amount 0 counts":                 {func(l *ledger.Ledger) { l.Movements[4].Standing = ledger.Counted }, "amount 0"},
		"an unknown standing":             {func(l *ledger.Ledger) { l.Movements[4].Standing = 9 }, "unknown standing"},
		"a duplicate is printed":          {func(l *ledger.Ledger) { l.Accounts[0].Newest = []int32{3} }, "does not count"},
		"a card line is printed":          {func(l *ledger.Ledger) { l.Accounts[0].Newest = []int32{5} }, "another's"},
		"printed twice":                   {func(l *ledger.Ledger) { l.Accounts[0].Newest = []int32{1, 1} }, "printed before"},
		"oldest first":                    {func(l *ledger.Ledger) { l.Accounts[0].Newest = []int32{2, 1} }, "printed before"},
		"a balance that does not follow":  {func(l *ledger.Ledger) { l.Movements[2].Balance = 90 }, "does not follow"},
		"a pending entry with a balance":  {func(l *ledger.Ledger) { l.Movements[0].HasBalance = true }, "has a balance"},
		"a line on two bills":             {func(l *ledger.Ledger) { l.Cards[0].Closed[1].Lines = []int32{5} }, "stands on 2 bills"},
		"a line on no bill":               {func(l *ledger.Ledger) { l.Cards[0].Closed[0].Lines = nil }, "stands on 0 bills"},
		"an account's movement on a bill": {func(l *ledger.Ledger) { l.Cards[0].Closed[0].Lines = []int32{1} }, "another card's"},
		"bill lines oldest first":         {func(l *ledger.Ledger) { l.Cards[0].Open.Lines = []int32{6, 7} }, "printed before"},
		"bills from old to new":           {func(l *ledger.Ledger) { l.Cards[0].Closed[1].DueDay = 3 }, "due after"},
		"closed bills without an open":    {func(l *ledger.Ledger) { l.Cards[0].Open = nil }, "no open bill"},
		"a closed bill without source":    {func(l *ledger.Ledger) { l.Cards[0].Closed[0].Source = nil }, "no source"},
		"a closed bill announces":         {func(l *ledger.Ledger) { l.Cards[0].Closed[0].Announced = []int32{5} }, "only the open bill announces"},
		"a line is not announced":         {func(l *ledger.Ledger) { l.Cards[0].Open.Announced = nil }, "announced"},
		"another total":                   {func(l *ledger.Ledger) { l.Cards[0].Open.Total = 90 }, "total"},
		"an account of two institutions":  {func(l *ledger.Ledger) { l.Institutions[0].Accounts = []int32{0, 0} }, "held by 2"},
		"a card of no institution":        {func(l *ledger.Ledger) { l.Institutions[0].Cards = nil }, "held by 0"},
		"another institution":             {func(l *ledger.Ledger) { l.Accounts[0].Institution = 1 }, "names another"},
		"a link to itself":                {func(l *ledger.Ledger) { l.Links[0].To = 0 }, "does not tie two"},
		"a link past the end":             {func(l *ledger.Ledger) { l.Links[0].To = 8 }, "does not tie two"},
		"links out of order":              {func(l *ledger.Ledger) { l.Links[1].From, l.Links[0].From = 0, 2 }, "out of order"},
	} {
		t.Run(name, func(t *testing.T) {
			l := small()
			c.damage(l)
			err := ledger.Check(l)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("Check says %v, want something with %q", err, c.says)
			}
		})
	}
}

func TestShare(t *testing.T) {
	for _, c := range []struct {
		share ledger.Share
		want  money.Amount
	}{{ledger.ShareWhole, -30_000}, {ledger.ShareHalf, -15_000}, {ledger.ShareNone, 0}} {
		if got := c.share.Of(-30_000); got != c.want {
			t.Errorf("share %d of −3.00 is %s, want %s", c.share, got, c.want)
		}
	}
}
