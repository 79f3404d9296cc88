package financialinsights_test

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/product/cashflow"
	"github.com/openklaas/klaas/internal/product/creditcard"
	"github.com/openklaas/klaas/internal/product/financialinsights"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/sandbox"
	"github.com/openklaas/klaas/internal/setting"
)

var today = calendar.Of(2025, 3, 31)

func written(t testing.TB, p *spec.Product, f *fact.Facts, company bool, version spec.Version) map[string]string {
	t.Helper()
	in := spec.Input{Facts: f, Version: version, Settings: &setting.Settings{}, Institution: -1, Seal: func(id string) string { return id }}
	if company {
		in.Kind = spec.PJ
	}
	for _, fault := range producttest.CheckEvidence(p, in) {
		if p.Analytic {
			t.Error(fault)
		}
	}
	var w encode.Writer
	p.Write(&w, &in)
	return producttest.Flat(t, w.Bytes())
}

// What the report shares with others is equal to theirs on made-up lives: inflow is
// cash_inflow, outflow is cash_outflow with its sign, the open bill is that of the
// card report (published relations), and the rest of the flows, too.
func TestFiguresAreThoseOfTheOtherReports(t *testing.T) {
	same := map[string]string{"hoursToSpendIncome": "/hoursToSpendIncome", "negativeBalanceDaysLast180Days": "/stability/negativeBalanceDays"}
	for _, n := range fact.Windows {
		window := "ast" + strconv.Itoa(n) + "Days"
		for _, name := range []string{"realInflow", "realOutflow"} {
			same[name+"L"+window] = "/summary/l" + window + "/" + name
		}
		same["inflowL"+window] = "/summary/l" + window + "/cashInflow"
		same["outflowL"+window] = "/summary/l" + window + "/cashOutflow"
	}
	for _, persona := range sandbox.Personas() {
		t.Run(persona, func(t *testing.T) {
			p := sandbox.Generate(persona, 4711, 3, today)
			company := p.Truth.CPF == ""
			f := producttest.FactsOf(t, p.Userdata, today)
			got := written(t, financialinsights.Product(), f, company, spec.V2)
			flows := written(t, cashflow.Product(), f, company, spec.V2)
			for key, pointer := range same {
				if want := flows[pointer]; strings.TrimPrefix(got["/cashflowAnalysis/"+key], "-") != want {
					t.Errorf("%s is %s, in the cash flow %s", key, got["/cashflowAnalysis/"+key], want)
				}
				if strings.HasPrefix(key, "outflow") && got["/cashflowAnalysis/"+key] > "0" {
					t.Errorf("%s is not negative", key)
				}
			}
			first := written(t, financialinsights.Product(), f, company, spec.V1)
			for pointer, value := range first {
				if got[pointer] != value {
					t.Errorf("%s is %s in V1, %s in V2", pointer, value, got[pointer])
				}
			}
			cards := written(t, creditcard.Product(), f, company, spec.V1)
			for i := range f.CardUses(company) {
				for key, pointer := range map[string]string{"openBillBalance": "/openStatement/billTotalAmount/amount", "lastClosedBill": "/closedStatements/0/billTotalAmount/amount"} {
					place := "/" + strconv.Itoa(i)
					told, want := got["/creditcardSpending"+place+"/"+key], cards[place+pointer]
					if strings.TrimSuffix(strings.TrimRight(want, "0"), ".") != told {
						t.Errorf("%s of card %d is %s, in the card report %s", key, i, told, want)
					}
				}
			}
		})
	}
}

// On an older day nothing later exists: without the entries of accounts after it
// every figure is the same but those of balances, which walk back through them.
func TestOlderDayKnowsNothingLater(t *testing.T) {
	day := today - 75
	for _, persona := range sandbox.Personas() {
		t.Run(persona, func(t *testing.T) {
			p := sandbox.Generate(persona, 4711, 2, today)
			company := p.Truth.CPF == ""
			all := written(t, financialinsights.Product(), older(t, p.Userdata, day), company, spec.V2)
			cut := written(t, financialinsights.Product(), older(t, withoutEntriesAfter(t, p.Userdata, day), day), company, spec.V2)
			for pointer, want := range all {
				if !strings.Contains(pointer, "alance") && !strings.Contains(pointer, "monthsOfCover") && cut[pointer] != want {
					t.Errorf("%s is %s, without what came later %s", pointer, want, cut[pointer])
				}
			}
		})
	}
}

func older(t *testing.T, userdata []byte, day calendar.Day) *fact.Facts {
	t.Helper()
	f := producttest.FactsOf(t, userdata, day)
	if !f.Ledger.Replay {
		t.Fatal("the day is not an older one")
	}
	return f
}

// withoutEntriesAfter removes the account entries dated after a day.
func withoutEntriesAfter(t *testing.T, userdata []byte, day calendar.Day) []byte {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal(userdata, &doc); err != nil {
		t.Fatal(err)
	}
	removed := 0
	for _, a := range doc["accounts"].([]any) {
		account := a.(map[string]any)
		for _, key := range []string{"transactions", "transactions-current"} {
			rows, _ := account[key].([]any)
			kept := slices.DeleteFunc(slices.Clone(rows), func(r any) bool {
				row := r.(map[string]any)
				date, _ := row["transactionDate"].(string)
				if date == "" {
					date, _ = row["transactionDateTime"].(string)
				}
				return len(date) >= 10 && date[:10] > day.String()
			})
			removed += len(rows) - len(kept)
			if rows != nil {
				account[key] = kept
			}
		}
	}
	if removed == 0 {
		t.Fatal("there is nothing to remove")
	}
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
