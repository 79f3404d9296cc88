package klaas_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/sandbox"
)

var household = sandbox.Generate("household", 4711, 1, calendar.Of(2025, 3, 31)).Userdata

func why(t *testing.T, userdata []byte, which klaas.Which, pointer string) *klaas.Why {
	t.Helper()
	w, err := klaas.ExplainFigure(userdata, klaas.Options{AsOf: "2025-03-31", ReportTime: received.AddDate(5, 0, 0)}, which, pointer)
	if err != nil {
		t.Fatalf("%s: %v", pointer, err)
	}
	return w
}

// Every figure of every analytic report can be asked for, and is made by its items.
func TestEveryListedFigureIsExplained(t *testing.T) {
	which := klaas.Which{Product: "pf_cash_flow", Version: "V2"}
	all := why(t, household, which, "")
	if all.Follows != klaas.FollowsFigures || len(all.Figures) < 200 {
		t.Fatalf("%d figures, as %s", len(all.Figures), all.Follows)
	}
	for i, f := range all.Figures {
		if i%23 != 0 { // each one makes the report again
			continue
		}
		w := why(t, household, which, f.Pointer)
		if string(w.Value) != string(f.Value) || w.Follows != f.Follows || w.Formula.EN == "" {
			t.Errorf("%s is %s as %s in the list, and %s as %s alone, by the formula %q", f.Pointer, f.Value, f.Follows, w.Value, w.Follows, w.Formula.EN)
		}
		switch w.Follows {
		case klaas.FollowsSum:
			if got := added(t, w); got != asAmount(t, w.Value) {
				t.Errorf("%s is %s, its items add up to %s", f.Pointer, w.Value, got)
			}
		case klaas.FollowsCount:
			if strconv.Itoa(len(w.Items)) != string(w.Value) {
				t.Errorf("%s is %s, and has %d items", f.Pointer, w.Value, len(w.Items))
			}
		}
	}
}

// A figure over full months has the oldest entry behind it, which tells how many there
// are, where no count of them stands beside it.
func TestMonthsAreBehindFigures(t *testing.T) {
	rows := []string{entry("first", "2024-11-20", "1.00", "DEBITO", "PADARIA", "CARTAO")}
	for i, month := range []string{"2024-12", "2025-01", "2025-02"} {
		rows = append(rows,
			`{"transactionId":"wage-`+month+`","transactionDate":"`+month+`-05","transactionAmount":{"amount":"3000.00","currency":"BRL"},"creditDebitType":"CREDITO",
			"transactionName":"PAGTO SALARIO ACME","type":"FOLHA_PAGAMENTO","partieCnpjCpf":"33000167000101"}`,
			entry("bet-"+month, month+"-20", strconv.Itoa(60+i)+".00", "DEBITO", "BET365", "PIX"))
	}
	userdata := []byte(`{"taxId":"52998224725","accounts":[` + checking(rows...) + `]}`)
	report := string(why(t, userdata, klaas.Which{Product: "pf_credit_risk", Version: "V2"}, "").Report)
	before, _, _ := strings.Cut(report, "Verified monthly income, 6 months")
	verified := strings.Count(before, `"labelCode"`) - 1
	for pointer, product := range map[string]string{
		"/riskSignals/gambling/trend":                                        "pf_risk_signals",
		"/scoreK1/scoreDetail/positiveReasons/0/value":                       "pf_score_k1",
		"/creditRisk/labelDetails/" + strconv.Itoa(verified) + "/labelValue": "pf_credit_risk",
	} {
		w := why(t, userdata, klaas.Which{Product: product, Version: "V2"}, pointer)
		if n := len(w.Items); n < 2 || w.Items[n-1].ID != "first" {
			t.Errorf("%s is %s, from %d items", pointer, w.Value, n)
		}
	}
}

func added(t *testing.T, w *klaas.Why) string {
	t.Helper()
	var sum money.Amount
	for _, item := range w.Items {
		a, err := money.Parse(item.Adds)
		if err != nil {
			t.Fatalf("%s adds %q", item.ID, item.Adds)
		}
		sum, _ = money.Add(sum, a)
	}
	return sum.String()
}

func asAmount(t *testing.T, value json.RawMessage) string {
	t.Helper()
	a, err := money.Parse(string(value))
	if err != nil {
		t.Fatal(err)
	}
	return a.String()
}

func TestAFigureTellsItsWindowAndMovements(t *testing.T) {
	w := why(t, household, klaas.Which{Product: "pf_cash_flow", Version: "V1"}, "/cashFlow/summary/last30Days/cashInflow")
	if w.Window == nil || *w.Window != (klaas.WhyWindow{From: "2025-03-02", To: "2025-03-31"}) {
		t.Errorf("the window is %v", w.Window)
	}
	if len(w.Items) == 0 {
		t.Fatal("there is no movement")
	}
	for _, item := range w.Items {
		m := item.Movement
		if m == nil || m.Direction != "credit" || m.Day < w.Window.From || m.Day > w.Window.To || len(item.Category) != 3 || item.Category[2] == "" || item.Institution == "" || m.Tier == "none" && m.Code != "060101" {
			t.Errorf("%+v with %+v is no explained inflow", item, m)
		}
	}
	month := why(t, household, klaas.Which{Product: "pf_cash_flow", Version: "V2"}, "/cashFlow/months/2/realInflow").Window
	if month == nil || !strings.HasSuffix(month.From, "-01") || month.From[:7] != month.To[:7] || month.To[8:] < "28" {
		t.Errorf("the window of a month is %v", month)
	}
	row := why(t, household, klaas.Which{Product: "pf_cash_flow", Version: "V2"}, "/cashFlow/dailyBalances/3/balance")
	if row.Under != "/cashFlow/dailyBalances" || row.Follows != klaas.FollowsFormula || len(row.Items) == 0 || row.Items[0].Kind != "account" {
		t.Errorf("a row of a list that is one figure: under %q, %s, %d items", row.Under, row.Follows, len(row.Items))
	}
}

// A thousand institutions have 16,000 figures between them. What is behind those of one
// is found without the entries of the others, and each figure without reading the
// report from the start.
func TestAReportOfAThousandInstitutionsIsExplained(t *testing.T) {
	var accounts []string
	for i := range 1000 {
		accounts = append(accounts, fmt.Sprintf(`{"accountId":"a%d","brandName":"Banco %d","companyCnpj":"%014d","type":"CONTA_DEPOSITO_A_VISTA","currency":"BRL",
			"transactions":[{"transactionId":"t%d","creditDebitType":"CREDITO","transactionName":"PIX LOJA","type":"PIX","transactionAmount":{"amount":"10.00","currency":"BRL"},"transactionDate":"2025-03-20"}]}`,
			i, i, 10_000_000_000_191+i*1_000_000, i))
	}
	userdata := []byte(`{"taxId":"52998224725","accounts":[` + strings.Join(accounts, ",") + `]}`)
	w := why(t, userdata, klaas.Which{Product: "pf_cash_flow", Version: "V2"}, "/cashFlow/byInstitution")
	if len(w.Figures) < 15_000 {
		t.Fatalf("%d figures", len(w.Figures))
	}
	w = why(t, userdata, klaas.Which{Product: "pf_cash_flow", Version: "V2"}, "/cashFlow/byInstitution/999/cashInflowLast30Days")
	if len(w.Items) != 1 || w.Items[0].Adds != "10.00" {
		t.Fatalf("behind the last one is %+v", w.Items)
	}
}

func TestWhatCannotBeExplained(t *testing.T) {
	nobody := []byte(`{"taxId":"52998224725","accounts":[]}`)
	if w := why(t, nobody, klaas.Which{Product: "pf_cash_flow", Version: "V2"}, "/cashFlow/summary/last30Days/cashInflow"); w.Follows != klaas.FollowsUnknown || string(w.Value) != "null" || w.Items == nil || len(w.Items) > 0 {
		t.Errorf("what is null is %s, with %d items", w.Follows, len(w.Items))
	}
	if w := why(t, nobody, klaas.Which{Product: "pf_k_label", Version: "V1"}, "/kLabel/labelDetails/91/labelValue"); w.Follows != klaas.FollowsNothing || string(w.Value) != "-999999" || len(w.Items) > 0 {
		t.Errorf("what stands for unknown is %s as %s, with %d items", w.Value, w.Follows, len(w.Items))
	}
	for _, c := range []struct {
		which   klaas.Which
		pointer string
		want    error
	}{
		{klaas.Which{Product: "pf_cash_flow", Version: "V2"}, "/cashFlow/nothing", klaas.ErrNoFigure},
		{klaas.Which{Product: "pf_cash_flow", Version: "V2"}, "/cashFlow/months/99/month", klaas.ErrNoFigure},
		{klaas.Which{Product: "pf_cash_flow", Version: "V2"}, "/cashFlow/months/00/realInflow", klaas.ErrNoFigure},
		{klaas.Which{Product: "pf_cash_flow", Version: "V2"}, "/cashFlow/period/startDate", klaas.ErrNoFigure},
		{klaas.Which{Product: "pf_cash_flow", Version: "V2"}, "cashFlow", klaas.ErrNoFigure},
		{klaas.Which{Product: "pf_cash_flow", Version: "V2", Part: 2}, "/cashFlow", klaas.ErrNoFigure},
		{klaas.Which{Product: "pj_cash_flow", Version: "V2"}, "/cashFlow", klaas.ErrNoFigure},
		{klaas.Which{Product: "pf_balance", Version: "V1"}, "/accounts", klaas.ErrNotAnalytic},
	} {
		if _, err := klaas.ExplainFigure(household, klaas.Options{AsOf: "2025-03-31", ReportTime: received.AddDate(5, 0, 0)}, c.which, c.pointer); !errors.Is(err, c.want) {
			t.Errorf("%v %s: %v, want %v", c.which, c.pointer, err, c.want)
		}
	}
	var option *klaas.OptionError
	if _, err := klaas.ExplainFigure(household, klaas.Options{}, klaas.Which{Product: "pf_nothing", Version: "V1"}, ""); !errors.As(err, &option) {
		t.Errorf("no product: %v", err)
	}
}

// What is explained stands in the report that Analyze gives.
func TestWhyIsOfTheReport(t *testing.T) {
	o := klaas.Options{AsOf: "2025-03-31", ReportTime: received.AddDate(5, 0, 0), RequestID: "112334"}
	w, err := klaas.ExplainFigure(household, o, klaas.Which{Product: "pf_cash_flow", Version: "V2"}, "/cashFlow/stability/negativeBalanceDays")
	if err != nil {
		t.Fatal(err)
	}
	o.Products, o.Versions = []string{"pf_cash_flow"}, []string{"V2"}
	a, err := klaas.Analyze(household, o)
	if err != nil {
		t.Fatal(err)
	}
	if r := a.Reports[0]; string(r.Body) != string(w.Report) || r.ID != w.ProductReportID || !strings.Contains(string(r.Body), `"negativeBalanceDays":`+string(w.Value)) {
		t.Errorf("the report is another one, or has another value than %s", w.Value)
	}
}
