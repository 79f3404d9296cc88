package clean_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/clean"
	"github.com/openklaas/klaas/openfinance"
)

// A record that was left out moves those after it, so no index is told.
func TestFutureDatesAmongLeftOutRecordsHaveNoIndex(t *testing.T) {
	doc, _, err := openfinance.Read([]byte(`{
		"loans": [{"contractId": "1", "payments": {"releases": [
			{"paidDate": "2025-01-32", "paidAmount": "1.00"},
			{"paidDate": "2025-03-01", "paidAmount": "1.00"},
			{"paidDate": "2025-04-01", "paidAmount": "1.00"}]}}],
		"financings": [{"contractId": "2", "contractDate": "2025-03-01", "payments": {"lastUpdatedContractOutstandingBalance": "2025-02-01T03:00:01Z"}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	_, problems := clean.Clean(doc, clean.Options{Day: calendar.Of(2025, 1, 31)})
	var paths []string
	for _, p := range problems {
		paths = append(paths, p.Section+" "+p.Path)
	}
	want := []string{
		"loans loans[].payments.releases[].paidDate",
		"financings financings[0].contractDate",
		"financings financings[0].payments.lastUpdatedContractOutstandingBalance",
	}
	if diff := cmp.Diff(want, paths); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
}

func TestFutureDatesAreBounded(t *testing.T) {
	payments := &openfinance.ContractPayments{Releases: make([]openfinance.Release, 2*openfinance.MaxProblems)}
	for i := range payments.Releases {
		payments.Releases[i].PaidDate = "2025-03-01"
	}
	doc := &openfinance.Document{Loans: []openfinance.Contract{{Payments: payments}}}
	_, problems := clean.Clean(doc, clean.Options{Day: calendar.Of(2025, 1, 31)})
	if len(problems) != openfinance.MaxProblems {
		t.Errorf("there are %d problems, not %d", len(problems), openfinance.MaxProblems)
	}
}
