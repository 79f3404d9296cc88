package scorek1_test

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/sandbox"
)

// points are the bands of the specification: the first that holds counts.
var points = map[string][]struct {
	under  string // the value is below it; with = at most it; "": any
	points int
}{
	"R01": {{"=0", -120}, {"1500", -40}, {"3000", 0}, {"6000", 40}, {"12000", 70}, {"", 90}},
	"R02": {{"VERIFIED", 40}, {"MIXED", 20}, {"ESTIMATED", 0}, {"NONE", -40}},
	"R03": {{"0.15", 40}, {"0.35", 20}, {"0.60", 0}, {"", -30}},
	"R04": {{"0.20", 40}, {"0.35", 10}, {"0.50", -20}, {"0.80", -60}, {"", -110}},
	"R05": {{"0", -60}, {"0.05", -20}, {"0.25", 0}, {"1", 30}, {"", 60}},
	"R06": {{"=0", 30}, {"0.05", 0}, {"0.20", -40}, {"", -80}},
	"R07": {{"=0", 20}, {"=2", -20}, {"", -60}},
	"R08": {{"=0", 0}, {"=1", -60}, {"", -120}},
	"R09": {{"=0", 20}, {"=1", -40}, {"", -90}},
	"R10": {{"=0", 20}, {"=1", -80}, {"", -150}},
	"R11": {{"=0", 0}, {"", -60}},
	"R12": {{"NONE", 0}, {"LOW", -10}, {"MEDIUM", -50}, {"HIGH", -120}},
	"R13": {{"90", -30}, {"180", 0}, {"", 30}},
	"R14": {{"0.10", 0}, {"0.30", -30}, {"", -70}},
}

func pointsOf(t *testing.T, code, value string) int {
	t.Helper()
	x, isNumber := new(big.Rat).SetString(value)
	for _, b := range points[code] {
		if !isNumber && b.under == value || b.under == "" {
			return b.points
		}
		limit, ok := new(big.Rat).SetString(strings.TrimPrefix(b.under, "="))
		if !isNumber || !ok {
			continue
		}
		if order := x.Cmp(limit); order < 0 || order == 0 && strings.HasPrefix(b.under, "=") {
			return b.points
		}
	}
	t.Fatalf("%s of %s has no points", code, value)
	return 0
}

// The score is made of what the other reports of the same person tell: each variable
// has the value that stands there, and the points of the specification add up to it.
func TestTheScoreFollowsFromTheOtherReports(t *testing.T) {
	day := calendar.Of(2025, 3, 31)
	products := []string{"pf_score_k1", "pf_income", "pf_liabilities", "pf_risk_signals", "pf_cash_flow"}
	for _, persona := range sandbox.Personas() {
		for n := range 2 {
			person := sandbox.Generate(persona, 4711, n, day)
			if person.Truth.CPF == "" {
				continue
			}
			t.Run(fmt.Sprint(persona, n), func(t *testing.T) {
				a, err := klaas.Analyze(person.Userdata, klaas.Options{Products: products, Versions: []string{"V2"}, AsOf: day.String(), Received: received})
				if err != nil {
					t.Fatal(err)
				}
				told := make(map[string]string)
				for _, r := range a.Reports {
					maps.Copy(told, producttest.Flat(t, r.Body))
				}
				f := producttest.FactsOf(t, person.Userdata, day)
				values := variablesOf(told, f)
				score, inputs := 500, 0
				for code, value := range values {
					if value != "null" && value != "UNKNOWN" && value != "" {
						inputs++
						score += pointsOf(t, code, value)
					}
				}
				score = min(1000, max(0, score))
				const detail = "/scoreK1/scoreDetail/"
				if f.Flows(false).Coverage.Days < 60 {
					if told[detail+"scoreK1"] != "-1" {
						t.Errorf("the score of a short record is %s", told[detail+"scoreK1"])
					}
					return
				}
				if got := told[detail+"scoreK1"]; got != fmt.Sprint(score) {
					t.Errorf("the score is %s, want %d of %v", got, score, values)
				}
				days, _ := new(big.Rat).SetString(told["/cashFlow/period/daysCovered"])
				share, _ := new(big.Rat).SetString(told["/dataSufficiency/unclassifiedAmountShare"])
				confidence, _ := new(big.Rat).SetString(told[detail+"confidence"])
				want := new(big.Rat).Mul(days, big.NewRat(1, 900))
				want.Add(want, big.NewRat(3*int64(inputs), 140)).Add(want, big.NewRat(3, 10)).Sub(want, share.Mul(share, big.NewRat(3, 10)))
				if want.Sub(want, confidence).Abs(want).Cmp(big.NewRat(1, 10_000)) > 0 { // the share is rounded
					t.Errorf("the confidence is %s with %d inputs", told[detail+"confidence"], inputs)
				}
				checkReasons(t, told, values)
			})
		}
	}
}

// variablesOf reads the variables from the reports; "null": there is none.
func variablesOf(told map[string]string, f *fact.Facts) map[string]string {
	values := map[string]string{
		"R01": told["/income/monthlyIncome"],
		"R02": told["/income/incomeBasis"],
		"R03": told["/income/stability/volatility"],
		"R04": told["/liabilities/debtToIncomeRatio"],
		"R05": balanceCover(f),
		"R06": quotient(told["/cashFlow/stability/negativeBalanceDays"], fmt.Sprint(min(180, f.Flows(false).Coverage.Days))),
		"R07": told["/riskSignals/overdraft/monthsWithInterest"],
		"R08": told["/riskSignals/returnedCheques/countLast180Days"],
		"R09": told["/riskSignals/latePayments/lateBills"],
		"R10": told["/liabilities/contracts/pastDueInstalments"],
		"R11": told["/riskSignals/debtRenegotiation/countLast180Days"],
		"R12": told["/riskSignals/gambling/gamblingRiskLevel"],
		"R13": told["/cashFlow/period/daysCovered"],
		"R14": quotient(told["/cashFlow/summary/last90Days/loanInflow"], told["/cashFlow/summary/last90Days/cashInflow"]),
	}
	if !slices.ContainsFunc(f.Ledger.Cards, func(c ledger.Card) bool { return !c.Company }) {
		values["R09"] = "null"
	}
	if open := told["/liabilities/contracts/contractCount"]; open == "0" {
		values["R10"] = "null"
	}
	return values
}

// balanceCover adds up the end-of-day sums of 90 days and the outflows of 6 months.
func balanceCover(f *fact.Facts) string {
	flows, series := f.Flows(false), f.DailyBalances(false).Available
	n := flows.FullMonths(6)
	if series == nil || n == 0 {
		return "null"
	}
	sum, days, out := new(big.Int), int64(0), new(big.Int)
	for day := max(f.Ledger.Day-89, flows.Coverage.First); day <= f.Ledger.Day; day++ {
		sum.Add(sum, big.NewInt(int64(series.At(day))))
		days++
	}
	for before := 1; before <= n; before++ {
		out.Add(out, big.NewInt(int64(flows.Month(fact.CoverOutflow, before).Amount)))
	}
	if out.Sign() == 0 {
		return "null"
	}
	ratio := new(big.Rat).SetFrac(sum.Mul(sum, big.NewInt(int64(n))), out.Mul(out, big.NewInt(days)))
	return ratio.FloatString(4)
}

// quotient returns a ÷ b with 4 decimals.
func quotient(a, b string) string {
	x, known := new(big.Rat).SetString(a)
	y, divisible := new(big.Rat).SetString(b)
	if !known || !divisible || y.Sign() == 0 {
		return "null"
	}
	return x.Quo(x, y).FloatString(4)
}

// checkReasons checks that reasons have the values and points of their variables.
func checkReasons(t *testing.T, told, values map[string]string) {
	t.Helper()
	for _, list := range []string{"positiveReasons", "negativeReasons"} {
		for i := range 4 {
			at := fmt.Sprint("/scoreK1/scoreDetail/", list, "/", i)
			code, there := told[at+"/code"]
			if !there {
				continue
			}
			value, want := told[at+"/value"], values[code]
			x, isNumber := new(big.Rat).SetString(value)
			y, _ := new(big.Rat).SetString(want)
			if isNumber && (y == nil || x.Cmp(y) != 0) || !isNumber && value != want {
				t.Errorf("%s has the value %s, elsewhere it is %s", code, value, want)
			}
			if got := told[at+"/points"]; got != fmt.Sprint(pointsOf(t, code, want)) {
				t.Errorf("%s of %s has %s points", code, want, got)
			}
		}
	}
}
