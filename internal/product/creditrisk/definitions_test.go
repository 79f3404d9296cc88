package creditrisk_test

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/creditrisk"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/sandbox"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/taxonomy"
)

// definitions are the bases as they were specified, in words.
//
//go:embed testdata/bases.csv
var definitions string

type definition struct{ base, name, person, windowed, counted, words string }

func readDefinitions(t *testing.T) []definition {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(definitions)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var list []definition
	for _, r := range rows[1:] {
		list = append(list, definition{r[0], r[1], r[2], r[3], r[4], r[5]})
	}
	return list
}

// Every base is there with its name, its windows and its count, for whom it is made.
func TestTheLabelsAreTheSpecifiedOnes(t *testing.T) {
	for _, kind := range []spec.Kind{spec.PF, spec.PJ} {
		letter, person := "P", "PF"
		if kind == spec.PJ {
			letter, person = "J", "PJ"
		}
		var want []string
		for _, d := range readDefinitions(t) {
			if !strings.Contains(d.person, person) {
				continue
			}
			if d.windowed == "no" {
				want = append(want, letter+d.base+"0 "+d.name)
				continue
			}
			for i, days := range fact.Windows {
				want = append(want, fmt.Sprintf("%s%s%d %s last %d days", letter, d.base, i+1, d.name, days))
			}
			if d.counted == "yes" {
				var n int
				if _, err := fmt.Sscanf(d.base, "%05d", &n); err != nil {
					t.Fatal(err)
				}
				for i, days := range fact.Windows {
					want = append(want, fmt.Sprintf("%s%05d%d %s transaction count last %d days", letter, n+500, i+1, d.name, days))
				}
			}
		}
		var got []string
		for _, l := range creditrisk.Labels(kind) {
			if l.Code[0] != 'F' {
				got = append(got, l.Code+" "+l.Name)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: the labels are\n%s\nwant\n%s", person, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// withCards are the bases that add the debit lines of cards.
func withCards(base string) bool {
	return base == "00020" || "00024" <= base && base <= "00026" || "00080" <= base && base <= "00098" || "00111" <= base && base <= "00114"
}

// codesOf returns the codes of a definition that is a list of them, the betting one
// and the level-1 ones with it; nil for another.
func codesOf(words string) []string {
	switch {
	case strings.HasPrefix(words, "gambling_out"):
		return []string{"041201"}
	case words == "level 1 Gastos essenciais":
		return []string{"03"}
	case words == "level 1 Estilo de vida":
		return []string{"04"}
	case strings.HasPrefix(words, "020902"):
		return []string{"020902"}
	case strings.Trim(words, "0123456789, ") == "":
		return strings.Split(words, ", ")
	}
	return nil
}

var today = calendar.Of(2025, 3, 31)

// A sum by category code is what a plain loop over the rows of the document adds up.
func TestSumsFollowTheirDefinition(t *testing.T) {
	codes := taxonomy.All()
	for _, persona := range sandbox.Personas() {
		p := sandbox.Generate(persona, 4711, 4, today)
		f := producttest.FactsOf(t, p.Userdata, today)
		for i := range f.Ledger.Movements { // Any category, so that every code is met.
			f.Ledger.Movements[i].Decision.Code = codes[i*7919%len(codes)].Code
		}
		checkSums(t, f, p.Truth.CPF == "")
	}
}

func checkSums(t *testing.T, f *fact.Facts, company bool) {
	t.Helper()
	in := spec.Input{Facts: f, Version: spec.V2, Settings: &setting.Settings{}, Institution: -1}
	letter, person := "P", "PF"
	if company {
		in.Kind, letter, person = spec.PJ, "J", "PJ"
	}
	values := valuesOf(t, &in)
	for _, d := range readDefinitions(t) {
		codes := codesOf(d.words)
		if codes == nil || !strings.Contains(d.person, person) {
			continue
		}
		for i, days := range fact.Windows {
			sum, n := plainSum(f.Ledger, company, d, codes, days)
			var base int
			if _, err := fmt.Sscanf(d.base, "%05d", &base); err != nil {
				t.Fatal(err)
			}
			code, twin := fmt.Sprintf("%s%05d%d", letter, base, i+1), fmt.Sprintf("%s%05d%d", letter, base+500, i+1)
			if got, err := money.Parse(values[code]); err != nil || got != sum {
				t.Errorf("%s is %s, a loop adds up %s", code, values[code], sum)
			}
			if values[twin] != fmt.Sprint(n) {
				t.Errorf("%s is %s, a loop counts %d", twin, values[twin], n)
			}
		}
	}
}

// plainSum adds up debits of the codes (credits of income codes, both of cheques that
// came back), and debit lines of cards where the definition adds them.
func plainSum(l *ledger.Ledger, company bool, d definition, codes []string, days int) (sum money.Amount, n int) {
	add := func(m *ledger.Movement, credit, debit bool) {
		has := slices.ContainsFunc(codes, func(code string) bool { return strings.HasPrefix(m.Decision.Code.String(), code) })
		side := m.Direction == ledger.Credit && credit || m.Direction == ledger.Debit && debit
		if age := int(l.Day - m.Day); has && side && m.Standing == ledger.Counted && m.Phase == ledger.Effective && 0 <= age && age < days {
			n++
			if !m.Foreign {
				sum += m.Amount
			}
		}
	}
	for i := range l.Accounts {
		if a := &l.Accounts[i]; a.Kind.IsChecking() && a.Company == company {
			for at := a.First; at < a.End; at++ {
				both, income := d.base == "00027", d.base == "00115"
				add(&l.Movements[at], both || income, !income)
			}
		}
	}
	for i := range l.Cards {
		if c := &l.Cards[i]; withCards(d.base) && c.Company == company {
			for at := c.First; at < c.End; at++ {
				add(&l.Movements[at], false, true)
			}
		}
	}
	return sum, n
}

func valuesOf(t *testing.T, in *spec.Input) map[string]string {
	t.Helper()
	return producttest.Labels(t, creditrisk.Product(), in)
}

// Flows that are a class have the sums of that class.
func TestClassesFollowTheirDefinition(t *testing.T) {
	classes := map[string]fact.Class{
		"cash_inflow": fact.CashInflow, "cash_outflow": fact.CashOutflow, "gross_inflow": fact.GrossInflow, "gross_outflow": fact.GrossOutflow,
		"real_inflow": fact.RealInflow, "real_outflow": fact.RealOutflow, "loan_inflow": fact.LoanInflow, "loan_outflow": fact.LoanOutflow,
		"investment": fact.Investment, "investment_return": fact.InvestmentReturn, "own_transfer credits": fact.OwnTransferIn,
		"own_transfer debits": fact.OwnTransferOut, "transfer_in": fact.TransferIn, "transfer_out": fact.TransferOut, "card_repayment": fact.CardRepayment,
		"atm_withdrawal": fact.ATMWithdrawal, "financial_expenses": fact.FinancialExpenses, "insurance_outflow": fact.InsuranceOutflow,
		"gambling_in": fact.GamblingIn, "operating_inflow": fact.OperatingInflow,
	}
	met := make(map[string]bool)
	for _, persona := range sandbox.Personas() {
		p := sandbox.Generate(persona, 4711, 5, today)
		f := producttest.FactsOf(t, p.Userdata, today)
		in := spec.Input{Facts: f, Version: spec.V2, Settings: &setting.Settings{}, Institution: -1}
		letter, company := "P", p.Truth.CPF == ""
		if company {
			in.Kind, letter = spec.PJ, "J"
		}
		values := valuesOf(t, &in)
		for _, d := range readDefinitions(t) {
			class, known := classes[d.words]
			if !known || company && d.person == "PF" || !company && d.person == "PJ" {
				continue
			}
			met[d.words] = true
			for i, days := range fact.Windows {
				want := f.Flows(company).Last(class, days).Amount
				if got, err := money.Parse(values[fmt.Sprint(letter, d.base, i+1)]); err != nil || got != want {
					t.Errorf("%s: %s of %d days is %s, the class has %s", persona, d.words, days, got, want)
				}
			}
		}
	}
	for words := range classes {
		if !met[words] {
			t.Errorf("no base is %s", words)
		}
	}
}
