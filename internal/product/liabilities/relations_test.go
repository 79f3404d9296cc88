package liabilities_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/liabilities"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/sandbox"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/taxonomy"
)

var today = calendar.Of(2025, 3, 31)

// What is published of the report holds on made-up lives, and the evidence makes
// the figures.
func TestRelationsOnSyntheticPeople(t *testing.T) {
	for _, persona := range sandbox.Personas() {
		t.Run(persona, func(t *testing.T) {
			p := sandbox.Generate(persona, 4711, 1, today)
			checkRelations(t, producttest.FactsOf(t, p.Userdata, today), p.Truth.CPF == "")
		})
	}
}

// They hold on people that no life is like.
func TestRelationsOnRandomPeople(t *testing.T) {
	codes := taxonomy.All()
	people := []sandbox.Person{sandbox.Generate("over-indebted", 7, 1, today), sandbox.Generate("trading-company", 7, 1, today)}
	rapid.Check(t, func(r *rapid.T) {
		p := people[rapid.IntRange(0, 1).Draw(r, "person")]
		f := producttest.FactsOf(t, p.Userdata, today-calendar.Day(rapid.IntRange(0, 400).Draw(r, "days before")))
		for i := range f.Ledger.Accounts {
			f.Ledger.Accounts[i].Share = rapid.SampledFrom([]ledger.Share{ledger.ShareWhole, ledger.ShareHalf, ledger.ShareNone}).Draw(r, "share")
		}
		dice := rapid.SliceOfN(rapid.IntRange(0, 1000), 50, 50).Draw(r, "dice")
		for i := range f.Ledger.Movements {
			m, roll := &f.Ledger.Movements[i], dice[i%len(dice)]+i
			switch roll % 5 {
			case 0:
				m.Decision.Code = codes[roll%len(codes)].Code
			case 1:
				m.Decision.Code = []taxonomy.Code{60201, 60204, 50201, 50203, 30101, 20102, 80101, 80201, 80301, 50402}[roll%10]
			case 2:
				m.Role, m.Reversed = ledger.RoleReversed, m.Amount/money.Amount(1+roll%3)
			}
		}
		checkRelations(r, f, p.Truth.CPF == "")
	})
}

type report struct {
	NumberOfLiabilityStreams                                      *json.Number
	TotalLiabilitiesLast30Days, TotalLiabilitiesLast60Days        *json.Number
	TotalLiabilitiesLast90Days, TotalLiabilitiesLast180Days       *json.Number
	TotalLiabilitiesLast360Days                                   *json.Number
	CardDebt, DebtCommitment, LivingCommitment, MonthlyCommitment *json.Number
	RepaymentCapacity                                             *json.Number
	LiabilityStreams                                              []stream
	RecurringExpenses                                             struct {
		AverageMonthly *json.Number
		Streams        []struct{ AverageMonthly *json.Number }
	}
}

type stream struct {
	LiabilityStreamType   string
	LiabilityTransactions []struct {
		TransactionDate   string
		TransactionAmount json.Number
	}
	TotalLast90Days json.Number
}

func checkRelations(t rapid.TB, f *fact.Facts, company bool) {
	t.Helper()
	old, v2 := write(t, f, company, spec.V1), write(t, f, company, spec.V2)
	if !f.HasChecking(company) {
		if v2.TotalLiabilitiesLast30Days != nil || old.TotalLiabilitiesLast30Days.String() != "0" {
			t.Error("without a checking account there is a total")
		}
		return
	}
	var all, quarter money.Amount
	entries := 0
	for i, s := range v2.LiabilityStreams {
		var sum money.Amount
		for _, e := range s.LiabilityTransactions {
			sum -= amount(t, &e.TransactionAmount)
		}
		all, entries = all+sum, entries+len(s.LiabilityTransactions)
		quarter += amount(t, &s.TotalLast90Days)
		if len(s.LiabilityTransactions) == 0 {
			t.Errorf("%s has no entry", s.LiabilityStreamType)
		}
		if n := len(old.LiabilityStreams[i].LiabilityTransactions); n != len(s.LiabilityTransactions) {
			t.Errorf("%s has %d entries, in V1 %d", s.LiabilityStreamType, len(s.LiabilityTransactions), n)
		}
	}
	near(t, "the entries and the total of 180 days", all, amount(t, v2.TotalLiabilitiesLast180Days), entries)
	near(t, "the streams and the total of 90 days", quarter, amount(t, v2.TotalLiabilitiesLast90Days), len(v2.LiabilityStreams))
	near(t, "the total of V1 and V2", amount(t, old.TotalLiabilitiesLast180Days), amount(t, v2.TotalLiabilitiesLast180Days), 0)
	if got, want := v2.NumberOfLiabilityStreams.String(), fmt.Sprint(len(v2.LiabilityStreams)); got != want {
		t.Errorf("%s streams are told, there are %s", got, want)
	}
	last := money.Amount(0)
	for _, total := range []*json.Number{v2.TotalLiabilitiesLast30Days, v2.TotalLiabilitiesLast60Days, v2.TotalLiabilitiesLast90Days, v2.TotalLiabilitiesLast180Days, v2.TotalLiabilitiesLast360Days} {
		if a := amount(t, total); a < last {
			t.Errorf("a longer window has less: %s after %s", a, last)
		} else {
			last = a
		}
	}
	if v2.DebtCommitment != nil && v2.LivingCommitment != nil {
		near(t, "both commitments", amount(t, v2.DebtCommitment)+amount(t, v2.LivingCommitment), amount(t, v2.MonthlyCommitment), 0)
		if income := f.Debt(company).Income; income.Known {
			near(t, "what is left", income.Amount-amount(t, v2.MonthlyCommitment), amount(t, v2.RepaymentCapacity), 0)
		}
	}
	if v2.DebtCommitment != nil && v2.CardDebt != nil && amount(t, v2.DebtCommitment) < amount(t, v2.CardDebt) {
		t.Errorf("debt of %s has card debt of %s", v2.DebtCommitment, v2.CardDebt)
	}
	for i, s := range v2.RecurringExpenses.Streams {
		if i > 0 && s.AverageMonthly != nil && amount(t, s.AverageMonthly) > amount(t, v2.RecurringExpenses.Streams[i-1].AverageMonthly) {
			t.Error("recurring expenses do not fall")
		}
	}
}

// near reports what differs, but by what n amounts of half a cent lose: of a joint
// account half counts.
func near(t rapid.TB, what string, x, y money.Amount, n int) {
	t.Helper()
	if (x - y).Abs() > money.Amount(n)*(money.Scale/200) {
		t.Errorf("%s differ: %s and %s", what, x, y)
	}
}

func amount(t rapid.TB, n *json.Number) money.Amount {
	t.Helper()
	if n == nil {
		t.Fatal("a figure is null")
	}
	a, err := money.Parse(n.String())
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func write(t rapid.TB, f *fact.Facts, company bool, version spec.Version) report {
	t.Helper()
	in := spec.Input{Facts: f, Version: version, Settings: &setting.Settings{}, Institution: -1}
	if company {
		in.Kind = spec.PJ
	}
	for _, fault := range producttest.CheckEvidence(liabilities.Product(), in) {
		t.Error(fault)
	}
	var w encode.Writer
	liabilities.Product().Write(&w, &in)
	var r report
	if err := json.NewDecoder(strings.NewReader(string(w.Bytes()))).Decode(&r); err != nil {
		t.Fatal(err)
	}
	return r
}
