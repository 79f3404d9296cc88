package accuracy

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas/internal/categorise"
	"github.com/openklaas/klaas/internal/classify"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/taxonomy"
)

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 0.0005 {
		t.Errorf("%s is %.4f, not %.4f", what, got, want)
	}
}

// Ten lines worked out by hand: four groceries of which one is said to be a
// restaurant and one is not answered, three restaurants all found, a wage found,
// a transfer taken for its other direction, an abstention that is "other".
func TestScoreIsWhatAHandCounts(t *testing.T) {
	line := func(label string, code taxonomy.Code, tier ledger.Tier, confidence uint16) Case {
		return Case{Group: "g", Label: label, Code: code, Tier: tier, Confidence: confidence}
	}
	cases := []Case{
		line("groceries", 30301, ledger.TierMerchant, 950),
		line("groceries", 30302, ledger.TierMerchant, 950), // a bakery: groceries as well as restaurants
		line("groceries", 40301, ledger.TierMerchant, 920),
		line("groceries", taxonomy.Other, ledger.TierNone, 0),
		line("restaurants_delivery", 40301, ledger.TierMerchant, 800),
		line("restaurants_delivery", 40303, ledger.TierMerchant, 800),
		line("restaurants_delivery", 30302, ledger.TierMerchant, 700),
		line("income_salary", 10101, ledger.TierVocabulary, 990),
		line("transfer_in", 50301, ledger.TierVocabulary, 600),
		line("other", taxonomy.Other, ledger.TierNone, 0),
	}
	s := ScoreCases(CommonLabels(), cases)
	if diff := cmp.Diff(s.All, Part{
		Name: "all", Accuracy: Share{6, 10}, Coverage: Share{8, 10}, Precision: Share{6, 8}, Top: Share{4, 10}, TopRight: Share{3, 4},
	}); diff != "" {
		t.Error(diff)
	}
	// groceries: precision 2/2, recall 2/4; restaurants: 3/4, 3/3; wage 1, 1;
	// transfer_in and other 0.
	near(t, "macro-F1", s.RareF1.Value, (2.0/3+6.0/7+1+0+0)/5)
	if s.MacroF1.Labels != 0 || s.RareF1.Labels != 5 || s.RareF1.Low > s.RareF1.Value || s.RareF1.High < s.RareF1.Value {
		t.Errorf("macro-F1 %+v and %+v", s.MacroF1, s.RareF1)
	}
	if s.Majority.Name != "always groceries" || s.Majority.Accuracy != (Share{4, 10}) {
		t.Errorf("the most common label: %+v", s.Majority)
	}
	want := []Point{
		{990, Share{1, 10}, Share{1, 1}},
		{950, Share{3, 10}, Share{3, 3}},
		{920, Share{4, 10}, Share{3, 4}},
		{800, Share{6, 10}, Share{5, 6}},
		{700, Share{7, 10}, Share{6, 7}},
		{600, Share{8, 10}, Share{6, 8}},
	}
	if diff := cmp.Diff(s.Curve, want); diff != "" {
		t.Error(diff)
	}
	if len(s.Tiers) != 3 || s.Tiers[0].Name != "merchant" || s.Tiers[0].Accuracy != (Share{5, 6}) {
		t.Errorf("tiers: %+v", s.Tiers)
	}
	if again := ScoreCases(CommonLabels(), cases); !cmp.Equal(again, s) {
		t.Error("the same cases have two scores")
	}
}

// The two directions of a code have labels of their own.
func TestTheNearestLabelKnowsTheDirection(t *testing.T) {
	labels := CommonLabels()
	for _, tt := range []struct {
		code   taxonomy.Code
		credit bool
		want   string
	}{
		{taxonomy.PixTransfer, true, "transfer_in"},
		{taxonomy.PixTransfer, false, "transfer_out"},
		{taxonomy.PixOwn, false, "transfer_own"},
		{30302, false, "restaurants_delivery"},
		{30301, false, "groceries"},
		{80101, false, "080101"},
	} {
		if got := labels.nearest(tt.code, tt.credit); got != tt.want {
			t.Errorf("%s (credit %v) is nearest to %s, not %s", tt.code, tt.credit, got, tt.want)
		}
	}
}

// Every category of a person's tree has a label, but for those that the labels do
// not speak of, or of one direction only.
func TestTheCommonLabelsCoverTheTree(t *testing.T) {
	outside := map[taxonomy.Code]bool{20902: true, 30801: true, 50101: true}
	labels := CommonLabels()
	for _, c := range taxonomy.All() {
		if c.Company {
			continue
		}
		has := true
		for _, credit := range []bool{true, false} {
			has = has && (!c.Direction.Allows(credit) || labels.nearest(c.Code, credit) != c.Code.String())
		}
		if has == outside[c.Code] {
			t.Errorf("%s %s: has a label: %t", c.Code, c.Level3.PT, has)
		}
	}
}

// The 95 % interval after Wilson of 8 out of 10, from the tables.
func TestInterval(t *testing.T) {
	low, high := Share{8, 10}.Interval()
	near(t, "low", low, 0.4902)
	near(t, "high", high, 0.9433)
	if low, high := (Share{}).Interval(); low != 0 || high != 1 {
		t.Errorf("of nothing: %v to %v", low, high)
	}
}

func TestReadLabelled(t *testing.T) {
	labels := CommonLabels()
	lines, err := ReadLabelled(strings.NewReader("\ufeffdescription,amount,account_kind,label,label_accept,bank,part\n"+
		"UBER *TRIP,-12.50,credit_card,transport,,260,a\n"+
		"nobody knows,-1.00,checking,other,*,,a\n"+
		"SALARIO,1000.00,checking,income_salary,income_salary|income_other,,b\n"+
		"PADARIA,,checking,030302,,,b\n"), labels, "bank")
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) != 3 {
		t.Fatalf("%d lines", len(lines))
	}
	if l := lines[0]; l.Line.Direction != categorise.Debit || l.Line.Source != classify.Card || l.Group != "260" || l.Line.Institution == "" || l.Part != "a" {
		t.Errorf("%+v", l)
	}
	if l := lines[1]; l.Line.Direction != categorise.Credit || len(l.Accept) != 2 {
		t.Errorf("%+v", l)
	}
	if l := lines[2]; l.Line.Direction != categorise.Unknown || l.Label != "030302" {
		t.Errorf("%+v", l)
	}
	score, cases := Categories(categorise.New(classify.New(), classify.Options{}), labels, lines)
	if score.All.Accuracy != (Share{3, 3}) || !cases[2].Right(labels) {
		t.Errorf("%+v %+v", score.All, cases)
	}

	for text, want := range map[string]string{
		"":                                       "the file is empty",
		"text,label\na,b\n":                      "no column description",
		"description,label\na,nonsense\n":        `line 2: label: "nonsense"`,
		"description,label,amount\na,other,x\n":  "line 2: amount:",
		"description,label,date\na,other,1/2/3":  "line 2: date: use YYYY-MM-DD",
		"description,label,source\na,other,cash": "line 2: source:",
		"description,label,mcc\na,other,cash":    "line 2: mcc:",
		"description,label,mcc\na,other,5411x":   "line 2: mcc:",
	} {
		if _, err := ReadLabelled(strings.NewReader(text), labels, ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, not %s", text, err, want)
		}
	}
	for text, want := range map[string]string{
		"":                               "line 1",
		"label,codes\nfood,99\n":         "line 2: codes",
		"label,codes,direction\na,03,X":  "line 2: direction",
		"label,codes\nfood,0303\nnone\n": "line 3",
		"label,codes\nfood,0303\nnone,":  "line 3: codes are missing",
	} {
		if _, err := ReadLabels(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, not %s", text, err, want)
		}
	}
}

func TestTheCurveIsADrawing(t *testing.T) {
	var b strings.Builder
	err := WriteCurve(&b, "a < b", []Point{{950, Share{5, 10}, Share{5, 5}}, {500, Share{9, 10}, Share{8, 9}}})
	if err != nil {
		t.Fatal(err)
	}
	d, texts := xml.NewDecoder(strings.NewReader(b.String())), 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "text" {
			texts++
		}
	}
	if texts < 12 || !strings.Contains(b.String(), "100.0 % of 50.0 %") {
		t.Errorf("%d texts in %s", texts, b.String())
	}
}
