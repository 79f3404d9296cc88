package risksignals_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/product/risksignals"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/sandbox"
	"github.com/openklaas/klaas/internal/setting"
)

var today = calendar.Of(2025, 3, 31)

// On an older day nothing later exists: without the account entries after it every
// figure is the same but those of balances, which walk back through them. What limits
// and contracts were then is not known.
func TestOlderDayKnowsNothingLater(t *testing.T) {
	day := today - 75
	for _, persona := range sandbox.Personas() {
		t.Run(persona, func(t *testing.T) {
			p := sandbox.Generate(persona, 4711, 2, today)
			all := figuresOf(t, p.Userdata, day, p.Truth.CPF == "")
			cut := figuresOf(t, producttest.WithoutEntriesAfter(t, p.Userdata, day), day, p.Truth.CPF == "")
			for pointer, want := range all {
				ofBalances := strings.Contains(pointer, "alance") || strings.Contains(pointer, "negativeDays") || strings.HasPrefix(pointer, "NEGATIVE")
				if !ofBalances && cut[pointer] != want {
					t.Errorf("%s is %s, without what came later %s", pointer, want, cut[pointer])
				}
			}
			for _, pointer := range []string{"/overdraft/limitInUseRatio", "/contracts/pastDueInstalments"} {
				if got, known := all[pointer]; known && got != "null" {
					t.Errorf("%s is %s", pointer, got)
				}
			}
		})
	}
}

func figuresOf(t *testing.T, userdata []byte, day calendar.Day, company bool) map[string]string {
	t.Helper()
	return flat(t, producttest.OlderDay(t, risksignals.Product(), userdata, day, company))
}

// What an older day cannot know is named; what the document never told is not.
func TestNotAsOf(t *testing.T) {
	const contracts = "/riskSignals/contracts/pastDueContracts /riskSignals/contracts/pastDueInstalments /riskSignals/signals/8/value"
	userdata := `{"taxId": "52998224725", ` + checking(old()) + `,` + noCards + `,
		"loans": [{"contractId": "l", "brandName": "Banco", "companyCnpj": "00000000000191", "contractDate": "2024-01-05", "scheduled-instalments": {"pastDueInstalments": 2}}]}`
	withLimits := strings.Replace(userdata, `"transactions"`, `"overdraftLimits": {"overdraftContractedLimit": {"amount": "500.00", "currency": "BRL"},
		"overdraftUsedLimit": {"amount": "100.00", "currency": "BRL"}}, "transactions"`, 1)
	for _, c := range []struct {
		userdata string
		version  spec.Version
		want     string
	}{
		{userdata, spec.V1, ""},
		{userdata, spec.V2, contracts},
		{withLimits, spec.V1, ""},
		{withLimits, spec.V2, "/riskSignals/overdraft/limitInUseRatio " + contracts},
	} {
		in := spec.Input{
			Facts: producttest.FactsOf(t, []byte(c.userdata), calendar.Of(2025, 2, 1)), Version: c.version, Settings: &setting.Settings{}, Institution: -1, Notes: new(spec.Notes),
		}
		var w encode.Writer
		risksignals.Product().Write(&w, &in)
		if got := strings.Join(in.Notes.NotAsOf, " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.version, got, c.want)
		}
	}
}

// On made-up lives the parts agree: windows grow, operators add up to the stakes, and
// a signal has the value of its figure.
func TestFiguresAgree(t *testing.T) {
	stakes := 0
	for _, persona := range sandbox.Personas() {
		p := sandbox.Generate(persona, 1105, 2, today)
		in := spec.Input{Facts: producttest.FactsOf(t, p.Userdata, today), Version: spec.V2, Settings: &setting.Settings{}, Institution: -1}
		if p.Truth.CPF == "" {
			in.Kind = spec.PJ
		}
		for _, fault := range producttest.CheckEvidence(risksignals.Product(), in) {
			t.Errorf("%s: %s", persona, fault)
		}
		var w encode.Writer
		risksignals.Product().Write(&w, &in)
		got := flat(t, w.Bytes())
		for code, pointer := range map[string]string{
			"BETTING": "/gambling/averageTransactionsPerMonth", "OVERDRAFT": "/overdraft/monthsWithInterest", "RETURNED_CHEQUES": "/returnedCheques/countLast180Days",
			"LATE_PAYMENT": "/latePayments/lateBills", "MINIMUM_PAYMENT": "/latePayments/minimumPaymentMonths", "RENEGOTIATION": "/debtRenegotiation/countLast180Days",
			"NEW_CREDIT": "/newCredit/shareOfInflow", "CASH_ADVANCE": "/cashAdvanceCount", "CASH_INTENSITY": "/cashIntensity",
		} {
			if _, value, _ := strings.Cut(got[code], " "); value != got[pointer] {
				t.Errorf("%s: the signal %s says %s, %s is %s", persona, code, value, pointer, got[pointer])
			}
		}
		if level, _, _ := strings.Cut(got["BETTING"], " "); level != got["/gambling/gamblingRiskLevel"] {
			t.Errorf("%s: the signal says %s, gamblingRiskLevel is %s", persona, level, got["/gambling/gamblingRiskLevel"])
		}
		ofOperators := 0
		for pointer, count := range got {
			if strings.HasPrefix(pointer, "/gambling/operators/") && strings.HasSuffix(pointer, "/transactionCountLast90Days") {
				ofOperators += number(t, count)
			}
		}
		all := number(t, got["/gambling/transactionCountLast90Days"])
		if ofOperators != all {
			t.Errorf("%s: operators have %d stakes of %d", persona, ofOperators, all)
		}
		stakes += all
	}
	if stakes == 0 {
		t.Error("nobody bets")
	}
}

func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
