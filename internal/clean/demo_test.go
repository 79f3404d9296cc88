package clean_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/clean"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/openfinance"
)

func readDemo(t *testing.T) *openfinance.Document {
	t.Helper()
	body, err := os.ReadFile("../../openfinance/testdata/demo-userdata.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, _, err := openfinance.Read(body)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestDemo follows the official demo document from bytes to the ledger.
func TestDemo(t *testing.T) {
	l, problems := cleaned(t, readDemo(t), clean.Options{Day: calendar.Of(2021, 5, 31)})
	if len(problems) > 0 {
		t.Errorf("problems: %v", problems)
	}
	if want := (ledger.Person{CPF: "25872252137", CivilName: l.Person.CivilName}); l.Person != want || l.Person.CivilName == "" {
		t.Errorf("the person is %+v", l.Person)
	}
	want := []ledger.Institution{{
		Root: "21128159", CNPJ: "21128159000166", Code: "001", BrandName: "Banco do Brasil", BacenName: "Banco do Brasil S.A.",
		Accounts: []int32{0}, Cards: []int32{0},
	}}
	if diff := cmp.Diff(want, l.Institutions); diff != "" {
		t.Errorf("institutions (−want +got):\n%s", diff)
	}
	var b strings.Builder
	for _, at := range l.Accounts[0].Newest {
		writeMovement(&b, l, at)
	}
	writeBill(&b, l, "open", l.Cards[0].Open)
	for i := range l.Cards[0].Closed {
		writeBill(&b, l, "closed", &l.Cards[0].Closed[i])
	}
	// The card line names a bill that the document does not have, and was posted
	// after the closed bill's billing day, which lies 7 days before it is due.
	const rows = `
  history TXpRMU9UQTROMWhZV2xSU1FUazJSMDl  2021-01-07  -1000.04  TRANSFCWAR5TXHCX5I9IDBHML8082N8NEO30M6LNNG7ANAYIJYRM00ZBZPU8  balance 1000.04
 bill open, billing 2021-06-14, due 2021-06-21, total 1000.04
  line TXpRMU9UQTROMWhZV2xSU1FUazJSMDl  2021-05-21  -1000.04  PGTO
 bill closed, billing 2021-05-14, due 2021-05-21, total 1000.04
  paid 2021-05-21 1000.04
  payment 2021-05-21 1000.04`
	if diff := cmp.Diff(strings.TrimSpace(rows), strings.ReplaceAll(strings.TrimSpace(b.String()), "1000.0400", "1000.04")); diff != "" {
		t.Errorf("rows (−want +got):\n%s", diff)
	}
}

// TestDemoOfLongAgo: on a later day the demo's movements are too old to say much.
func TestDemoOfLongAgo(t *testing.T) {
	_, problems := cleaned(t, readDemo(t), clean.Options{Day: calendar.Of(2026, 1, 1)})
	if len(problems) != 1 || problems[0].Path != "referenceDate" || !strings.Contains(problems[0].Message, "90 days") ||
		!strings.Contains(problems[0].Message, "referenceDate") || problems[0].Severity != openfinance.Warning {
		t.Errorf("problems %v, want one warning that names referenceDate", problems)
	}
}
