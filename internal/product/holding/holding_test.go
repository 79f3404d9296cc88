package holding_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/product/bankfixedincomes"
	"github.com/openklaas/klaas/internal/product/creditfixedincomes"
	"github.com/openklaas/klaas/internal/product/funds"
	"github.com/openklaas/klaas/internal/product/holding"
	"github.com/openklaas/klaas/internal/product/investments"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/treasuretitles"
	"github.com/openklaas/klaas/internal/product/variableincomes"
	"github.com/openklaas/klaas/internal/setting"
)

// families are the products of one kind each, in the order of the union.
func families() []*spec.Product {
	return []*spec.Product{
		bankfixedincomes.Product(), creditfixedincomes.Product(), variableincomes.Product(),
		treasuretitles.Product(), funds.Product(),
	}
}

// The table of the union is that of the five products, one after the other. The
// evidence may differ: the union's pages show less.
func TestTheTableOfTheUnionIsThatOfTheFive(t *testing.T) {
	var want []spec.Field
	for i, p := range families() {
		for _, f := range p.Fields {
			ofItems := f.Path != holding.BodyKey && !strings.HasPrefix(f.Path, holding.BodyKey+".accounts")
			if i == 0 || ofItems {
				want = append(want, f)
			}
		}
	}
	got := investments.Product().Fields
	if diff := cmp.Diff(want[1:], got[1:], cmpopts.IgnoreFields(spec.Field{}, "Evidence")); diff != "" {
		t.Errorf("the table of the union (−five +union):\n%s", diff)
	}
}

func TestTheUnionHoldsTheBodiesOfTheFive(t *testing.T) {
	userdata, err := os.ReadFile("../producttest/testdata/investor.json")
	if err != nil {
		t.Fatal(err)
	}
	facts := producttest.Facts(t, userdata)
	for _, kind := range []spec.Kind{spec.PF, spec.PJ} {
		for institution := -1; institution < len(facts.Ledger.Institutions); institution++ {
			body := func(p *spec.Product) map[string]json.RawMessage {
				var w encode.Writer
				p.Write(&w, &spec.Input{Facts: facts, Kind: kind, Version: spec.V1, Settings: &setting.Settings{}, Institution: institution})
				var members map[string]json.RawMessage
				if err := json.Unmarshal(w.Bytes(), &members); err != nil {
					t.Fatal(err)
				}
				return members
			}
			want := make(map[string]json.RawMessage)
			for _, p := range families() {
				for key, member := range body(p) {
					want[key] = member
				}
			}
			if diff := cmp.Diff(want, body(investments.Product())); diff != "" {
				t.Errorf("institution %d of kind %d: the union (−five +union):\n%s", institution, kind, diff)
			}
		}
	}
}
