package feature_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/cashflow"
	"github.com/openklaas/klaas/internal/product/creditrisk"
	"github.com/openklaas/klaas/internal/product/feature"
	"github.com/openklaas/klaas/internal/product/klabel"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/sandbox"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/taxonomy"
)

var today = calendar.Of(2025, 3, 31)

type day = calendar.Day

func input(f *fact.Facts, kind spec.Kind, version spec.Version) *spec.Input {
	return &spec.Input{Facts: f, Kind: kind, Version: version, Settings: &setting.Settings{}, Institution: -1}
}

// randomFacts are of a person with accounts of any share and two cards, whose
// movements have any category and role.
func randomFacts(t *testing.T, r *rapid.T) *fact.Facts {
	t.Helper()
	amount := func() map[string]string {
		cents := rapid.SampledFrom([]int{1, 5, 999, 12_345, 123_456_789}).Draw(r, "cents") * rapid.IntRange(1, 9).Draw(r, "times")
		return map[string]string{"amount": fmt.Sprintf("%d.%02d", cents/100, cents%100), "currency": rapid.SampledFrom([]string{"BRL", "BRL", "BRL", "USD"}).Draw(r, "currency")}
	}
	list := func(key string, most int) []any {
		rows := make([]any, 0)
		for i := range rapid.IntRange(0, most).Draw(r, key+" rows") {
			age := rapid.OneOf(rapid.SampledFrom([]int{0, 29, 30, 59, 60, 89, 90, 119, 120, 179, 180, 359, 360}), rapid.IntRange(-5, 500)).Draw(r, "age")
			rows = append(rows, map[string]any{
				"transactionId": fmt.Sprint(key, i), "transactionDate": (today - day(age)).String(), "transactionAmount": amount(), "brazilianAmount": amount(),
				"creditDebitType": rapid.SampledFrom([]string{"CREDITO", "DEBITO"}).Draw(r, "direction"), "transactionName": "PIX ANA", "type": "PIX",
			})
		}
		return rows
	}
	accounts, cards := make([]any, 0), make([]any, 0)
	for i := range rapid.IntRange(0, 3).Draw(r, "accounts") {
		accounts = append(accounts, map[string]any{
			"accountId": fmt.Sprint("a", i), "brandName": "Banco", "companyCnpj": "00000000000191", "transactions": list(fmt.Sprint("a", i), 30),
			"type": rapid.SampledFrom([]string{"CONTA_DEPOSITO_A_VISTA", "CONTA_PAGAMENTO_PRE_PAGA", "CONTA_POUPANCA"}).Draw(r, "type"),
		})
	}
	for i := range rapid.IntRange(0, 2).Draw(r, "cards") {
		cards = append(cards, map[string]any{"creditCardAccountId": fmt.Sprint("c", i), "brandName": "Banco", "companyCnpj": "00000000000191", "transactions": list(fmt.Sprint("c", i), 15)})
	}
	text, err := json.Marshal(map[string]any{"taxId": "52998224725", "accounts": accounts, "creditCardsAccounts": cards})
	if err != nil {
		t.Fatal(err)
	}
	f := producttest.FactsOf(t, text, today)
	for i := range f.Ledger.Accounts {
		f.Ledger.Accounts[i].Share = rapid.SampledFrom([]ledger.Share{ledger.ShareWhole, ledger.ShareWhole, ledger.ShareHalf, ledger.ShareNone}).Draw(r, "share")
	}
	codes := taxonomy.All()
	for i := range f.Ledger.Movements {
		m := &f.Ledger.Movements[i]
		m.Role = rapid.SampledFrom([]ledger.Role{ledger.RoleNone, ledger.RoleNone, ledger.RoleOwnTransfer, ledger.RoleReversal, ledger.RoleReversed}).Draw(r, "role")
		if m.Reversed = 0; m.Role == ledger.RoleReversed {
			m.Reversed = m.Amount
		}
		m.Decision.Code = rapid.SampledFrom(codes).Draw(r, "category").Code
	}
	return f
}

// The flows of the labels are those of the cash flow of the same person, and each
// label is what its evidence makes.
func TestLabelsAgreeWithCashFlow(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		f := randomFacts(t, r)
		agreeWithCashFlow(r, f, spec.PF)
		checkEvidence(r, f, spec.PF)
	})
}

func checkEvidence(t rapid.TB, f *fact.Facts, kind spec.Kind) {
	t.Helper()
	for _, p := range []*spec.Product{klabel.Product(), creditrisk.Product()} {
		if !slices.Contains(p.Kinds, kind) {
			continue
		}
		for _, fault := range producttest.CheckEvidence(p, *input(f, kind, p.Versions[len(p.Versions)-1])) {
			t.Errorf("%s: %s", p.Name, fault)
		}
	}
}

func TestLabelsAgreeWithCashFlowOfSyntheticPeople(t *testing.T) {
	for _, persona := range sandbox.Personas() {
		p := sandbox.Generate(persona, 4711, 3, today)
		kind := spec.PF
		if p.Truth.CPF == "" {
			kind = spec.PJ
		}
		f := producttest.FactsOf(t, p.Userdata, today)
		agreeWithCashFlow(t, f, kind)
		checkEvidence(t, f, kind)
	}
}

func agreeWithCashFlow(t rapid.TB, f *fact.Facts, kind spec.Kind) {
	t.Helper()
	var w encode.Writer
	cashflow.Product().Write(&w, input(f, kind, spec.V2))
	var flow struct {
		Summary map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(w.Bytes(), &flow); err != nil {
		t.Fatal(err)
	}
	risk := producttest.Labels(t, creditrisk.Product(), input(f, kind, spec.V2))
	letter := map[spec.Kind]string{spec.PF: "P", spec.PJ: "J"}[kind]
	for i, days := range fact.Windows {
		window := flow.Summary[fmt.Sprintf("last%dDays", days)]
		for base, key := range map[string]string{
			"00001": "cashInflow", "00002": "cashOutflow", "00003": "netCashFlow", "00004": "grossInflow", "00005": "grossOutflow",
			"00006": "realInflow", "00007": "realOutflow", "00008": "loanInflow", "00009": "loanOutflow", "00010": "investment", "00011": "investmentReturn",
			"00012": "ownTransferIn", "00013": "ownTransferOut", "00016": "cardRepayment", "00501": "inflowTransactionCount", "00502": "outflowTransactionCount",
		} {
			if got, want := risk[fmt.Sprint(letter, base, i+1)], string(window[key]); got != want {
				t.Errorf("base %s of %d days is %s, %s of the cash flow is %s", base, days, got, key, want)
			}
		}
	}
	if kind == spec.PJ {
		return
	}
	k := producttest.Labels(t, klabel.Product(), input(f, kind, spec.V1))
	for i, days := range []int{30, 60, 90} {
		window := flow.Summary[fmt.Sprintf("last%dDays", days)]
		for first, key := range map[int]string{
			92: "cashInflow", 95: "inflowTransactionCount", 98: "cashOutflow", 101: "outflowTransactionCount", 104: "grossInflow", 110: "grossOutflow",
			116: "realInflow", 122: "realOutflow", 128: "loanInflow", 134: "loanOutflow", 140: "netCashFlow", 143: "investment", 167: "cardRepayment",
		} {
			want := string(window[key])
			if want == "null" {
				want = "-999999"
			}
			if got := k[fmt.Sprintf("K%05d", first+i)]; got != want {
				t.Errorf("K%05d is %s, %s of the cash flow is %s", first+i, got, key, want)
			}
		}
	}
}

// The sums of kinds add up to the totals, and a kind has as many periods as it has
// periods of 30 days with an entry.
func TestKindsAddUp(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		f := randomFacts(t, r)
		for i := range f.Ledger.Accounts {
			f.Ledger.Accounts[i].Share = ledger.ShareWhole // Halves of cents are rounded kind by kind.
		}
		if !f.HasChecking(false) {
			return
		}
		k := producttest.Labels(t, klabel.Product(), input(f, spec.PF, spec.V1))
		for window := range 3 {
			for _, total := range []struct{ sum, streams, first, step, kinds int }{{281, 287, 290, 8, 10}, {484, 490, 493, 8, 6}} {
				var sum money.Amount
				streams := 0
				for kind := range total.kinds {
					first := total.first + kind*total.step
					sum += amountOf(t, k[fmt.Sprintf("K%05d", first+window)])
					if k[fmt.Sprintf("K%05d", first+3+window)] != "0" {
						streams++
					}
				}
				if got := amountOf(t, k[fmt.Sprintf("K%05d", total.sum+window)]); got != sum {
					t.Errorf("the kinds add up to %s, K%05d is %s", sum, total.sum+window, got)
				}
				if got := k[fmt.Sprintf("K%05d", total.streams+window)]; got != fmt.Sprint(streams) {
					t.Errorf("%d kinds have entries, K%05d is %s", streams, total.streams+window, got)
				}
			}
		}
	})
}

func amountOf(t rapid.TB, number string) money.Amount {
	t.Helper()
	a, err := money.Parse(number)
	if err != nil {
		t.Fatalf("%q: %v", number, err)
	}
	return a
}

// Statistics are exact and rounded once: money half up to 2 decimals, away from zero
// for negative numbers, variation to 4.
func TestStatistics(t *testing.T) {
	for _, c := range []struct {
		values string
		want   [6]string // max, min, avg, med, std, cv
	}{
		{"5.00", [6]string{"5.0000", "5.0000", "5.0000", "5.0000", "0.0000", "0.0000"}},
		{"100.00 300.00", [6]string{"300.0000", "100.0000", "200.0000", "200.0000", "100.0000", "0.5000"}},
		{"1.00 2.00 4.00", [6]string{"4.0000", "1.0000", "2.3300", "2.0000", "1.2500", "0.5345"}},
		{"11.82 11.83", [6]string{"11.8300", "11.8200", "11.8300", "11.8300", "0.0100", "0.0004"}},
		{"-0.01 0.00", [6]string{"0.0000", "-0.0100", "-0.0100", "-0.0100", "0.0100", "-1.0000"}},
		{"-5.00 5.00", [6]string{"5.0000", "-5.0000", "0.0000", "0.0000", "5.0000", "0.0000"}},
		{"920000000000000.00 -919999999999999.99", [6]string{"920000000000000.0000", "-919999999999999.9900", "0.0100", "0.0100", "920000000000000.0000", "922337203685477.5807"}},
		{"0.00 0.00 0.00 9.00", [6]string{"9.0000", "0.0000", "2.2500", "0.0000", "3.9000", "1.7321"}},
	} {
		var values []money.Amount
		for text := range strings.FieldsSeq(c.values) {
			values = append(values, amountOf(t, text))
		}
		for i, statistic := range []feature.Statistic{feature.Max, feature.Min, feature.Mean, feature.Median, feature.Deviation, feature.Variation} {
			v := feature.Take(statistic, values)
			if got := exact(v.Amount); !v.Known || got != c.want[i] {
				t.Errorf("statistic %d of %s is %s, want %s", statistic, c.values, got, c.want[i])
			}
		}
	}
	if v := feature.Take(feature.Mean, nil); v.Known {
		t.Error("the mean of nothing is known")
	}
}

// exact writes all four decimals.
func exact(a money.Amount) string {
	sign := ""
	if a < 0 {
		sign, a = "-", -a
	}
	return fmt.Sprintf("%s%d.%04d", sign, a/money.Scale, a%money.Scale)
}

// Statistics of a flow are those of its entries.
func TestStatisticsOfEntries(t *testing.T) {
	f := producttest.FactsOf(t, []byte(`{"taxId": "52998224725", "accounts": [{"accountId": "a", "type": "CONTA_DEPOSITO_A_VISTA", "transactions": [
		{"transactionId": "1", "transactionDate": "2025-03-01", "transactionAmount": {"amount": "10.00", "currency": "BRL"}, "creditDebitType": "CREDITO", "transactionName": "PIX RECEBIDO ANA"},
		{"transactionId": "2", "transactionDate": "2025-03-02", "transactionAmount": {"amount": "30.00", "currency": "BRL"}, "creditDebitType": "CREDITO", "transactionName": "PIX RECEBIDO ANA"}]}]}`), today)
	book := feature.New(f, false, spec.V2)
	for statistic, want := range map[string]string{
		"sum": "40.00", "count": "2.00", "periods": "2.00", "per_period": "20.00", "max": "30.00", "min": "10.00", "avg": "20.00", "std": "10.00", "cv": "0.50",
	} {
		l, err := feature.NewLabel("X", "inflow", "cash_inflow", statistic, "last_60_days")
		if err != nil {
			t.Fatal(err)
		}
		if v := book.Value(&l); !v.Known || v.Amount.String() != want {
			t.Errorf("%s is %s, want %s", statistic, v.Amount, want)
		}
	}
}

func TestLabelFaults(t *testing.T) {
	for _, c := range [][3]string{
		{"no_such", "sum", "last_30_days"}, {"cash_inflow", "total", "last_30_days"}, {"cash_inflow", "sum", "last_31_days"},
		{"cash_inflow", "single", "last_30_days"}, {"covered_days", "sum", "full_record_period"}, {"bill_amount", "count", "last_1_bill_month"},
	} {
		if _, err := feature.NewLabel("X", "x", c[0], c[1], c[2]); err == nil {
			t.Errorf("%v is taken", c)
		}
	}
}

func TestTableFaultsTellTheLine(t *testing.T) {
	const good = "a\tdebits 0304\tchecking\ten\tpt\t\t\n"
	for name, row := range map[string]string{
		"columns":    "b\tdebits 0304\tchecking\ten\tpt",
		"called":     "b\tdebits 0304\tluck\ten\tpt\t\t",
		"twice":      good,
		"flow class": "b\tclass of_its_own\tchecking\ten\tpt\t\t",
		"selection":  "b\tdebits\tchecking\ten\tpt\t\t",
		"kind":       "b\tincome LOTTERY\tchecking\ten\tpt\t\t",
		"no code":    "b\tfigure\tchecking\ten\tpt\t\t",
	} {
		err := feature.CheckTable(good + row)
		if err == nil || !strings.Contains(err.Error(), "line 3") || !strings.Contains(err.Error(), name) {
			t.Errorf("%q gives %v, which does not tell line 3 and %q", row, err, name)
		}
	}
	if err := feature.CheckTable(good); err != nil {
		t.Error(err)
	}
}
