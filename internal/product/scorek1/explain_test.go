package scorek1_test

import (
	"strings"
	"testing"

	"github.com/openklaas/klaas"
)

// A reason's points and value are told with the variable and the rows of the model.
func TestExplanation(t *testing.T) {
	document := `{"taxId": "52998224725", ` + accounts(checking, balances, entry("2025-01-20", "100.00", "BRL", "CREDITO")) + `}`
	which := klaas.Which{Product: "pf_score_k1", Version: "V2"}
	for pointer, want := range map[string]struct {
		follows  klaas.Follows
		value    string
		formula  string
		evidence string
	}{
		"/scoreK1/scoreDetail/scoreK1":                  {klaas.FollowsFormula, "360", "clamp(500 + Σ points of the 14 variables, 0, 1000)", "account:a"},
		"/scoreK1/scoreDetail/positiveReasons/1/points": {klaas.FollowsFormula, "20", "points by of the last 6 calendar months, those with an entry in 050402 or 050403 (p1.0): <= 0: +20, <= 2: -20, else: -60", "account:a"},
		"/scoreK1/scoreDetail/positiveReasons/1/value":  {klaas.FollowsFormula, "0", "of the last 6 calendar months, those with an entry in 050402 or 050403", ""},
		"/scoreK1/scoreDetail/negativeReasons/2/points": {klaas.FollowsFormula, "-30", "points by days covered, at most 360 (p1.0): < 90: -30, < 180: 0, else: +30", "2025-01-20100.00"},
	} {
		why, err := klaas.ExplainFigure([]byte(document), klaas.Options{Received: received}, which, pointer)
		if err != nil {
			t.Errorf("%s: %v", pointer, err)
			continue
		}
		first := ""
		if len(why.Items) > 0 {
			first = why.Items[0].ID
		}
		if string(why.Value) != want.value || why.Follows != want.follows || !strings.HasPrefix(why.Formula.EN, want.formula) || first != want.evidence {
			t.Errorf("%s is told as %s, %s, %q, from %s on", pointer, why.Value, why.Follows, why.Formula.EN, first)
		}
	}
}
