package demo_test

import (
	"testing"
	"time"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/demo"
	"github.com/openklaas/klaas/openfinance"
)

// The demo shows what klaas does only when the person has all of it.
func TestThePersonHasSomethingForEveryReport(t *testing.T) {
	for _, last := range []calendar.Day{calendar.Of(2024, time.February, 29), calendar.Of(2026, time.January, 31)} {
		person := demo.Person(last)
		doc, problems, err := openfinance.Read(person.Userdata)
		if err != nil || problems.Total > 0 {
			t.Fatal(err, problems)
		}
		institutions := make(map[string]bool)
		for i := range doc.Accounts {
			institutions[doc.Accounts[i].CompanyCNPJ] = true
		}
		if len(institutions) < 2 || len(doc.CreditCards) == 0 || len(doc.CreditCards[0].Bills) < 12 {
			t.Errorf("%s: %d institutions, %d cards", last, len(institutions), len(doc.CreditCards))
		}
		analysis, err := klaas.Analyze(person.Userdata, klaas.Options{
			Products: []string{"all"}, ReportTime: time.Date(2026, time.November, 1, 12, 0, 0, 0, time.UTC), AsOf: last.String(),
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range analysis.Reports {
			if r.Code != 200 || len(r.Body) < 1000 {
				t.Errorf("%s: %s has code %d and %d bytes", last, r.Product, r.Code, len(r.Body))
			}
		}
	}
}
