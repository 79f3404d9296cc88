package report_test

import (
	"bytes"
	"testing"

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/report"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/openfinance"
)

// "Precedence: 5xxx, then 205, then 204, then 200": a product's own code goes before
// what sections allow, a failure before both. From 5100 on a report has a body.
func TestAProductsOwnCode(t *testing.T) {
	own := 0
	p := &spec.Product{
		Name: "thing", BodyKey: "thing", Kinds: []spec.Kind{spec.PF}, Versions: []spec.Version{spec.V1}, Analytic: true,
		Sections: func(spec.Kind) spec.Sections { return spec.Sections{Required: []string{openfinance.SectionAccounts}} },
		Fields:   []spec.Field{{Path: "thing", Type: "object", Required: true}},
		Code:     func(*spec.Input) (int, string) { return own, "OWN" },
		Write:    func(w *encode.Writer, _ *spec.Input) { w.Raw([]byte(`{"written":1}`)) },
	}
	in := &spec.Input{
		Facts: fact.New(&ledger.Ledger{Document: &openfinance.Document{}}), Version: spec.V1, Settings: &setting.Settings{}, Institution: -1,
		Seal: func(taxID string) string { return taxID },
	}
	for _, c := range []struct {
		own, failure, code int
		message            string
		written            bool
	}{
		{0, 0, 204, "PARTIAL: missing section accounts", true},
		{205, 0, 205, "OWN", true},
		{5102, 0, 5102, "OWN", true},
		{5102, 5003, 5003, "TIMEOUT", false},
	} {
		own = c.own
		code, message := report.Outcome(p, in, c.failure)
		if code != c.code || message != c.message {
			t.Errorf("own %d, failure %d: %d %s, want %d %s", c.own, c.failure, code, message, c.code, c.message)
		}
		body := report.Compose(p, in, report.Head{Code: code, Message: message})
		if bytes.Contains(body, []byte(`"written"`)) != c.written {
			t.Errorf("code %d: the report is %s", code, body)
		}
	}
}
