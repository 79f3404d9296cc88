package fact_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/openfinance"
	"github.com/openklaas/klaas/taxonomy"
)

func TestSelectionCodes(t *testing.T) {
	for _, c := range []struct {
		text    string
		in, not string
	}{
		{"debits 050402", "050402", "050401 050403"},
		{"debits 0304", "030401 030499", "030399 030500"},
		{"debits 03", "030101 030801", "020902 040101"},
		{"debits 030501-030503", "030501 030502 030503", "030500 030504"},
		{"debits 0804-0807", "080401 080701", "080306 090101"},
		{"debits 0406 030202 040904", "040601 030202 040904", "030201 040903"},
		{"debits 0506 without 050602 050603", "050601 050604", "050602 050603"},
		{"entries 10", "100101", "010101 090101"},
	} {
		s := fact.MustSelect(c.text)
		for code := range strings.FieldsSeq(c.in) {
			if !s.Codes.Has(codeOf(t, code)) {
				t.Errorf("%s lacks %s", c.text, code)
			}
		}
		for code := range strings.FieldsSeq(c.not) {
			if s.Codes.Has(codeOf(t, code)) {
				t.Errorf("%s has %s", c.text, code)
			}
		}
	}
}

func codeOf(t *testing.T, digits string) taxonomy.Code {
	t.Helper()
	code, ok := taxonomy.ParseCode(digits)
	if !ok {
		t.Fatalf("%q is no code", digits)
	}
	return code
}

func TestSelectionFaults(t *testing.T) {
	for _, text := range []string{"", "debits", "spent 0304", "debits 3", "debits 03x4", "debits 030401-", "debits 0305-0304", "debits 0304 but 030401"} {
		if _, err := fact.ParseSelection(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

// Debits of the code, credits where the selection says so, card debits where it
// says so; roles are not looked at; each with the amount that counts.
func TestChosen(t *testing.T) {
	f := flowsOf(t,
		move{day: "2025-06-30", amount: -10, code: 30401},
		move{day: "2025-06-30", amount: 7, code: 30401},
		move{day: "2025-06-20", amount: -20, code: 30402, role: ledger.RoleReversed, reversed: 20},
		move{day: "2025-06-01", amount: -40, code: 30401}, // age 29
		move{day: "2025-05-31", amount: -80, code: 30401}, // age 30
		move{day: "2025-06-10", amount: -1, code: 30301},
	)
	card := func(day string, amount money.Amount, code taxonomy.Code) {
		d, _ := calendar.ParseDay(day)
		m := ledger.Movement{
			Line: &openfinance.CardTransaction{}, ID: "line" + day, Source: ledger.CardHistory, Day: d, Direction: ledger.Debit,
			Amount: amount.Abs() * money.Scale, Decision: ledger.Decision{Code: code},
		}
		if amount > 0 {
			m.Direction = ledger.Credit
		}
		f.Ledger.Movements = append(f.Ledger.Movements, m)
	}
	first := len(f.Ledger.Movements)
	card("2025-06-25", -300, 30401)
	card("2025-06-25", 5, 30401)
	card("2025-06-15", -600, 30303)
	card("2025-05-30", -900, 30401)
	f.Ledger.Cards = []ledger.Card{{Source: &openfinance.CreditCard{}, First: int32(first), End: int32(len(f.Ledger.Movements))}}
	for i := int32(first); i < f.Ledger.Cards[0].End; i++ {
		f.Ledger.Cards[0].Open = &ledger.Bill{Lines: append(openLines(f), i)}
	}

	flows := f.Flows(false)
	for _, c := range []struct {
		text string
		days fact.Range
		want []string // amounts in document order of the answer
	}{
		{"debits 0304", flows.LastDays(30), []string{"10.00", "20.00", "40.00"}},
		{"debits 0304", flows.LastDays(60), []string{"10.00", "20.00", "40.00", "80.00"}},
		{"credits 0304", flows.LastDays(30), []string{"7.00"}},
		{"entries 0304", flows.LastDays(30), []string{"7.00", "10.00", "20.00", "40.00"}},
		{"debits+cards 0304", flows.LastDays(30), []string{"10.00", "300.00", "20.00", "40.00"}},
		{"debits+cards 0304", flows.Whole(), []string{"10.00", "300.00", "20.00", "40.00", "80.00", "900.00"}},
		{"debits+cards 0303", flows.LastDays(30), []string{"600.00", "1.00"}},
		{"debits 0306", flows.Whole(), nil},
	} {
		s := fact.MustSelect(c.text)
		var got []string
		var sum money.Amount
		for item := range f.Chosen(false, &s, c.days) {
			got = append(got, item.Amount.String())
			sum += item.Amount
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.text, diff)
		}
		if want := (fact.Sum{Amount: sum, Entries: len(got)}); f.Chosen(false, &s, c.days).Sum() != want {
			t.Errorf("the sum of %s is not %v", c.text, want)
		}
	}
}

func openLines(f *fact.Facts) []int32 {
	if open := f.Ledger.Cards[0].Open; open != nil {
		return open.Lines
	}
	return nil
}
