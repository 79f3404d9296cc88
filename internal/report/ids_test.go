package report_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas/internal/product"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/report"
	"github.com/openklaas/klaas/internal/setting"
)

const borrower = `{"taxId": "12345678909",
	"accounts": [{"accountId": "a1", "brandName": "Banco do Brasil", "companyCnpj": "00000000000191", "compeCode": "001", "type": "CONTA_DEPOSITO_A_VISTA"}],
	"loans": [
		{"contractId": "l1", "brandName": "Financeira", "companyCnpj": "99999999000199"},
		{"ipocCode": "l2", "contractNumber": "2", "brandName": "Banco do Brasil", "companyCnpj": "00000000000191"}],
	"financings": [{"contractNumber": "f1", "brandName": "Banco do Brasil", "companyCnpj": "00000000000999"}]}`

// An institution with contracts only has a link, too. The permission of one kind
// has the contracts of that kind, the group all.
func TestLinksOfContracts(t *testing.T) {
	const link = `{"linkId":"r","institutionCode":"`
	const middle = `","consents":[{"consentId":"r","permissions":`
	for name, want := range map[string]string{
		"pf_loans": `[` +
			link + `001` + middle + `{` +
			`"ACCOUNTS_ALL":{"permissionsGranted":true,"accountIds":["a1"],"accountId":["a1"]},` +
			`"CREDIT_OPERATIONS_ALL":{"permissionsGranted":true,"accountIds":["l2","f1"],"accountId":["l2","f1"]},` +
			`"CREDIT_OPERATIONS_LOANS":{"permissionsGranted":true,"accountIds":["l2"],"accountId":["l2"]}}}]},` +
			link + `99999999000199` + middle + `{` +
			`"ACCOUNTS_ALL":{"permissionsGranted":true,"accountIds":[],"accountId":[]},` +
			`"CREDIT_OPERATIONS_ALL":{"permissionsGranted":true,"accountIds":["l1"],"accountId":["l1"]},` +
			`"CREDIT_OPERATIONS_LOANS":{"permissionsGranted":true,"accountIds":["l1"],"accountId":["l1"]}}}]}]`,
		"pf_invoice_financing": `[` +
			link + `001` + middle + `{` +
			`"ACCOUNTS_ALL":{"permissionsGranted":true,"accountIds":["a1"],"accountId":["a1"]},` +
			`"CREDIT_OPERATIONS_ALL":{"permissionsGranted":true,"accountIds":["l2","f1"],"accountId":["l2","f1"]},` +
			`"CREDIT_OPERATIONS_INVOICE_FINANCINGS":{"permissionsGranted":false,"accountIds":[],"accountId":[]}}}]},` +
			link + `99999999000199` + middle + `{` +
			`"ACCOUNTS_ALL":{"permissionsGranted":true,"accountIds":[],"accountId":[]},` +
			`"CREDIT_OPERATIONS_ALL":{"permissionsGranted":true,"accountIds":["l1"],"accountId":["l1"]},` +
			`"CREDIT_OPERATIONS_INVOICE_FINANCINGS":{"permissionsGranted":false,"accountIds":[],"accountId":[]}}}]}]`,
		"pf_balance": `[` +
			link + `001` + middle + `{"ACCOUNTS_ALL":{"permissionsGranted":true,"accountIds":["a1"]}}}]},` +
			link + `99999999000199` + middle + `{"ACCOUNTS_ALL":{"permissionsGranted":true,"accountIds":[]}}}]}]`,
	} {
		p, kind, ok := product.Resolve(name)
		if !ok {
			t.Fatalf("%s is no product", name)
		}
		in := spec.Input{
			Facts: producttest.Facts(t, []byte(borrower)), Kind: kind, Version: spec.V1, Settings: &setting.Settings{},
			Institution: -1, Seal: func(taxID string) string { return taxID },
		}
		body := report.Compose(p, &in, report.Head{Code: report.CodeOK, Message: "OK", RequestID: "r", Time: time.Unix(0, 0)})
		var got struct{ Links json.RawMessage }
		if err := json.Unmarshal(body, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(got.Links)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
