package report_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas"
)

// holder has an account and a fund at one institution, and a CDB at another
// where there is nothing else.
const holder = `"taxId": "12345678909",
	"accounts": [{"accountId": "a1", "brandName": "Banco do Brasil", "companyCnpj": "00000000000191", "compeCode": "001", "type": "CONTA_DEPOSITO_A_VISTA"}],
	"bankFixedIncomes": [{"investmentId": "b1", "brandName": "Corretora", "companyCnpj": "99999999000199"}],
	"funds": [{"investmentId": "f1", "brandName": "Banco do Brasil", "companyCnpj": "00000000000999"}]`

// An institution with holdings only has a link, too. The permission of one kind
// has the holdings of that kind, the group all.
func TestLinksOfHoldings(t *testing.T) {
	const link = `{"linkId":"r","institutionCode":"`
	const middle = `","consents":[{"consentId":"r","permissions":{`
	const fund = `"INVESTMENTS_ALL":{"permissionsGranted":true,"accountIds":["f1"],"accountId":["f1"]}`
	const cdb = `"INVESTMENTS_ALL":{"permissionsGranted":true,"accountIds":["b1"],"accountId":["b1"]}`
	const account = `"ACCOUNTS_ALL":{"permissionsGranted":true,"accountIds":["a1"],"accountId":["a1"]},`
	const none = `"ACCOUNTS_ALL":{"permissionsGranted":true,"accountIds":[],"accountId":[]},`
	const end = `}}]}`
	for name, want := range map[string]string{
		"pf_investments": `[` + link + `001` + middle + account + fund + end + `,` + link + `99999999000199` + middle + none + cdb + end + `]`,
		"pf_bank_fixed_incomes": `[` +
			link + `001` + middle + account + fund + `,"INVESTMENTS_BANK_FIXED_INCOMES":{"permissionsGranted":true,"accountIds":[],"accountId":[]}` + end + `,` +
			link + `99999999000199` + middle + none + cdb + `,"INVESTMENTS_BANK_FIXED_INCOMES":{"permissionsGranted":true,"accountIds":["b1"],"accountId":["b1"]}` + end + `]`,
		"pf_treasure_titles": `[` +
			link + `001` + middle + account + fund + `,"INVESTMENTS_TREASURE_TITLES":{"permissionsGranted":false,"accountIds":[],"accountId":[]}` + end + `,` +
			link + `99999999000199` + middle + none + cdb + `,"INVESTMENTS_TREASURE_TITLES":{"permissionsGranted":false,"accountIds":[],"accountId":[]}` + end + `]`,
	} {
		var got struct{ Links json.RawMessage }
		if err := json.Unmarshal(analysed(t, `{`+holder+`}`, klaas.Settings{}, name)[0].Body, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(got.Links)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestCodesOfInvestments(t *testing.T) {
	for name, c := range map[string]struct {
		userdata, product string
		code              int
		message           string
	}{
		"a section":             {`{` + holder + `}`, "pf_funds", 200, "OK"},
		"an empty section":      {`{"taxId": "12345678909", "funds": []}`, "pf_funds", 200, "OK"},
		"no section":            {`{` + holder + `}`, "pf_treasure_titles", 204, "PARTIAL: missing section treasureTitles"},
		"an alias":              {`{` + holder + `}`, "pf_investments_treasure_titles", 204, "PARTIAL: missing section treasureTitles"},
		"some sections":         {`{` + holder + `}`, "pf_investments", 204, "PARTIAL: missing section creditFixedIncomes, variableIncomes, treasureTitles"},
		"all sections, empty":   {`{"taxId": "12345678909", "bankFixedIncomes": [], "creditFixedIncomes": [], "variableIncomes": [], "treasureTitles": [], "funds": []}`, "pf_investment", 200, "OK"},
		"accounts alone absent": {`{"taxId": "12345678909", "variableIncomes": [{"investmentId": "v"}]}`, "pf_variable_incomes", 200, "OK"},
		"a movement that cannot be read": {
			`{"taxId": "12345678909", "funds": [{"investmentId": "f", "name": "Reserva", "transactions": [{"type": "ENTRADA"}]}, {"investmentId": "g"}]}`,
			"pf_funds", 204, "PARTIAL: 1 record left out in funds",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if r := analysed(t, c.userdata, klaas.Settings{}, c.product)[0]; r.Code != c.code || r.Message != c.message {
				t.Errorf("the code is %d %s, not %d %s", r.Code, r.Message, c.code, c.message)
			}
		})
	}
}

// A report of one institution lists what is held there, and one is made for an
// institution with holdings only.
func TestInvestmentsByInstitution(t *testing.T) {
	var got [][3]int // accounts, bank fixed incomes, funds
	for _, r := range analysed(t, `{`+holder+`}`, klaas.Settings{SplitByInstitution: true}, "pf_investments") {
		var body struct {
			Links       []any
			Investments struct{ Accounts, BankFixedIncomes, Funds []any }
		}
		if err := json.Unmarshal(r.Body, &body); err != nil {
			t.Fatal(err)
		}
		if len(body.Links) != 1 {
			t.Errorf("part %d has %d links, not 1", r.Part, len(body.Links))
		}
		got = append(got, [3]int{len(body.Investments.Accounts), len(body.Investments.BankFixedIncomes), len(body.Investments.Funds)})
	}
	if diff := cmp.Diff([][3]int{{1, 0, 1}, {0, 1, 0}}, got); diff != "" {
		t.Errorf("lists by part (-want +got):\n%s", diff)
	}
}

func analysed(t *testing.T, userdata string, settings klaas.Settings, product string) []klaas.Report {
	t.Helper()
	a, err := klaas.Analyze([]byte(userdata), klaas.Options{
		Settings: settings, Products: []string{product}, RequestID: "r",
		ReportTime: time.Date(2025, 1, 31, 12, 0, 0, 0, time.UTC),
	})
	if err != nil {
		t.Fatal(err)
	}
	return a.Reports
}
