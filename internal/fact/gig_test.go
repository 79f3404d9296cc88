package fact_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/openfinance"
	"github.com/openklaas/klaas/taxonomy"
)

// "A gig entry: a credit of 010106, or whose payer (CNPJ root, else normalised text)
// is in the platform table. Own transfers and reversals are left out. A name of the
// table counts as whole words of the normalised text, of a payer without CNPJ or with
// one that is in no row."
func TestGigEntries(t *testing.T) {
	const uber, unknown, person = "17895646000187", "19131243000197", "11144477735"
	for _, c := range []struct {
		name, text, party string
		code              taxonomy.Code
		role              ledger.Role
		reversed          money.Amount
		debit             bool
		want              string // platform and what counts of 100; "" for no gig entry
	}{
		{name: "by category", text: "CREDITO", code: 10106, want: "- 100.00"},
		{name: "by CNPJ", text: "CREDITO", party: uber, code: 20101, want: "Uber 100.00"},
		{name: "by the root of another branch", text: "CREDITO", party: "17895646000268", code: 20101, want: "Uber 100.00"},
		{name: "by name", text: "PIX RECEBIDO UBER", code: 20101, want: "Uber 100.00"},
		{name: "by name with marks around", text: "PIX*UBER*TRIP", code: 20101, want: "Uber 100.00"},
		{name: "by two words", text: "TED ZE DELIVERY", code: 20101, want: "Zé Delivery 100.00"},
		{name: "the CNPJ before the name", text: "IFOOD", party: uber, code: 20101, want: "Uber 100.00"},
		{name: "the name, with a CNPJ of no row", text: "IFOOD", party: unknown, code: 20101, want: "iFood 100.00"},
		{name: "no whole word", text: "UBERLANDIA", code: 20101},
		{name: "a bare number", text: "LOJA 99", code: 20101},
		{name: "99 by its product", text: "PIX 99APP", code: 20101, want: "99 100.00"},
		{name: "a first name", text: "PIX RECEBIDO JAMES SILVA", code: 20101},
		{name: "a person called like a platform", text: "PIX RECEBIDO CABIFY DA SILVA", party: person, code: 20101},
		{name: "somebody else", text: "PIX RECEBIDO LOJA AZUL", party: unknown, code: 20101},
		{name: "a ride", text: "UBER TRIP", code: 30701, debit: true},
		{name: "a ride that came back", text: "UBER TRIP", code: 30701, role: ledger.RoleReversal},
		{name: "a refund without its ride", text: "ESTORNO UBER TRIP", code: 10605},
		{name: "a returned PIX", text: "PIX DEVOLVIDO UBER", code: 20601},
		{name: "an own transfer", text: "PIX RAPPI", code: 20104, role: ledger.RoleOwnTransfer},
		{name: "pay that went back in part", text: "LOGGI", code: 20101, role: ledger.RoleReversed, reversed: 30, want: "Loggi 70.00"},
		{name: "pay that went back", text: "LOGGI", code: 20101, role: ledger.RoleReversed, reversed: 100},
	} {
		t.Run(c.name, func(t *testing.T) {
			amount := money.Amount(100)
			if c.debit {
				amount = -100
			}
			f := flowsOf(t, move{day: ago(1), amount: amount, code: c.code, role: c.role, reversed: c.reversed})
			m := &f.Ledger.Movements[0]
			m.Text, m.Entry.Name, m.Entry.PartieCnpjCpf = c.text, c.text, c.party
			g := f.Gig()
			got := ""
			if len(g.Paid) > 0 {
				got = "- " + g.Paid.Sum().Amount.String()
			}
			for _, p := range g.Platforms {
				got = p.Name + " " + p.Paid.Sum().Amount.String()
			}
			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestGigWithoutACheckingAccount(t *testing.T) {
	f := producttest.FactsOf(t, []byte(`{"taxId": "52998224725", "accounts": []}`), reportingDay)
	if g := f.Gig(); g.Known || len(g.Paid) > 0 {
		t.Errorf("got %+v", g)
	}
}

// Windows hold their ages, months are calendar months, and days are counted once.
func TestTraces(t *testing.T) {
	var list fact.Traces
	for _, day := range []string{"2025-06-30", "2025-06-30", "2025-06-01", "2025-05-31", "2025-04-02", "2025-04-01"} {
		d, _ := calendar.ParseDay(day)
		list = append(list, fact.Trace{Item: fact.Item{Index: int32(len(list)), Amount: 10}, Day: d})
	}
	flows := flowsOf(t, move{day: "2025-04-01", amount: -1, code: grocery}).Flows(false)
	for _, c := range []struct {
		name               string
		r                  fact.Range
		n, months, daysOff int
	}{
		{"30 days", flows.LastDays(30), 3, 1, 2},
		{"31 days", flows.LastDays(31), 4, 2, 3},
		{"all", flows.Whole(), 6, 3, 5},
		{"this month", flows.LastMonths(1), 3, 1, 2},
		{"two months", flows.LastMonths(2), 4, 2, 3},
		{"two full months", flows.NewestMonths(2), 3, 2, 3},
		{"nothing", fact.Range{First: flows.Whole().Last + 1, Last: flows.Whole().Last + 9}, 0, 0, 0},
	} {
		got := list.In(c.r)
		if len(got) != c.n || got.Months() != c.months || got.Days() != c.daysOff || got.Sum().Amount != money.Amount(10*c.n) {
			t.Errorf("%s: %d traces in %d months on %d days", c.name, len(got), got.Months(), got.Days())
		}
	}
	if got := flows.AverageOf(list, 6); got.Amount != 0 || !got.Known {
		t.Errorf("30 ÷ 2 in 1/10,000 is printed as %s", got.Amount)
	}
	if diff := cmp.Diff([]money.Amount{20, 10}, flows.MonthsOf(list, 6)); diff != "" {
		t.Error(diff)
	}
}

// Risks are of the sections that their codes name, and of the direction.
func TestRisks(t *testing.T) {
	var list []move
	for _, code := range []taxonomy.Code{41201, 41202, 50402, 50403, 50404, 50401, 20902, 50207, 50208, 50209, 60401, 10108, 20801, 20701, 20702, 30301} {
		list = append(list, move{day: ago(1), amount: 1, code: code}, move{day: ago(1), amount: -1, code: code})
	}
	f := flowsOf(t, list...)
	addLines(f.Ledger, line{ago(2), 1, 41201}, line{ago(2), 1, 41202}, line{ago(2), 1, 50402}, line{ago(2), 1, 50404}, line{ago(2), 1, 20902}, line{ago(2), 1, 60401})
	r := f.Risks(false)
	codes := func(t fact.Traces) string {
		var b strings.Builder
		for i := range t {
			m := &f.Ledger.Movements[t[i].Item.Index]
			sign := "+"
			if m.Direction == ledger.Debit {
				sign = "-"
			}
			if m.Line != nil {
				sign = "card"
			}
			fmt.Fprintf(&b, "%s%d ", sign, m.Decision.Code)
		}
		return strings.TrimSpace(b.String())
	}
	for name, c := range map[string]struct {
		traces fact.Traces
		want   string
	}{
		"bets": {r.Bets, "-41201 card41201"}, "winnings": {r.Winnings, "+41201"}, "lottery": {r.Lottery, "-41202 card41202"},
		"interest": {r.OverdraftInterest, "-50403 -50402"}, "late": {r.LateInterest, "-50404"}, "cheques": {r.ReturnedCheques, "-20902 +20902"},
		"renegotiation": {r.Renegotiation, "-50207"}, "loans": {r.Loans, "+50209 +50208"}, "freezes": {r.CourtFreezes, "-60401 +60401"},
		"severance": {r.Severance, "+10108"}, "cash": {r.Cash, "-20702 -20701 +20801"},
		"costs": {r.CreditCosts, "+50209 +50208 -50404 -50403 -50402 card50404 card50402"},
	} {
		if got := codes(c.traces); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// What went back to a payer lowers its share, and it stays one payer.
func TestConcentrationKnowsBothDirections(t *testing.T) {
	f := flowsOf(t, move{day: ago(1), amount: 60, code: 10101}, move{day: ago(2), amount: 80, code: 20101}, move{day: ago(3), amount: -50, code: 20102}, move{day: ago(4), amount: 10, code: 20101})
	for i, party := range []string{"33000167000101", "11144477735", "11144477735", ""} {
		f.Ledger.Movements[i].Entry.PartieCnpjCpf = party
		f.Ledger.Movements[i].Name = "PIX RECEBIDO"
	}
	c := f.ConcentrationOf(func(yield func(int32, money.Amount) bool) {
		for i, amount := range []money.Amount{60, 80, -50, 10} {
			if !yield(int32(i), amount) {
				return
			}
		}
	})
	want := fact.Concentration{
		Payers: 2, Top1: fact.Ratio{Known: true, Value: 6000}, Top5: fact.Ratio{Known: true, Value: 9000}, Top10: fact.Ratio{Known: true, Value: 9000},
		Herfindahl: fact.Ratio{Known: true, Value: 4500}, Largest: fact.Party{ByDocument: true, Key: "33000167"},
	}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Error(diff)
	}
}

func TestOverdraftInUse(t *testing.T) {
	brl := func(s string) openfinance.Money { return openfinance.Money{Amount: s, Currency: "BRL"} }
	for _, c := range []struct {
		name   string
		limits []openfinance.OverdraftLimits
		want   fact.Ratio
		items  int
	}{
		{"no limits", []openfinance.OverdraftLimits{{}}, fact.Ratio{}, 0},
		{"a quarter", []openfinance.OverdraftLimits{{Contracted: brl("1000.00"), Used: brl("250.00")}}, fact.Ratio{Known: true, Value: 2500}, 1},
		{"two accounts", []openfinance.OverdraftLimits{{Contracted: brl("1000.00"), Used: brl("250.00")}, {Contracted: brl("500.00"), Used: brl("0.00")}}, fact.Ratio{Known: true, Value: 1667}, 2},
		{"nothing contracted", []openfinance.OverdraftLimits{{Contracted: brl("0.00"), Used: brl("0.00")}}, fact.Ratio{}, 1},
		{"what is used is not told", []openfinance.OverdraftLimits{{Contracted: brl("100.00")}}, fact.Ratio{}, 0},
	} {
		l := &ledger.Ledger{Document: &openfinance.Document{}, Day: reportingDay}
		for i := range c.limits {
			l.Accounts = append(l.Accounts, ledger.Account{Source: &openfinance.Account{OverdraftLimits: &c.limits[i]}})
		}
		limits := fact.New(l).Overdraft(false)
		got, behind := limits.InUse()
		if n := behind.Sum().Entries; got != c.want || n != c.items {
			t.Errorf("%s: %+v of %d accounts", c.name, got, n)
		}
	}
}
