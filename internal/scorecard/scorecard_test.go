package scorecard_test

import (
	"fmt"
	"math/big"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/scorecard"
)

// valueOf returns a value: digits are a number, else a text.
func valueOf(text string) scorecard.Value {
	if amount, err := money.Parse(text); err == nil {
		return scorecard.Value{Known: true, Number: amount}
	}
	return scorecard.Value{Known: true, Text: text}
}

// place returns where a variable stands.
func place(t testing.TB, code string) int {
	t.Helper()
	i := slices.IndexFunc(scorecard.Variables(), func(v scorecard.Variable) bool { return v.Code == code })
	if i < 0 {
		t.Fatalf("there is no variable %s", code)
	}
	return i
}

// Every boundary of every band of p1.0, as the specification has them: the last value
// of a band and the first of the next.
func TestBands(t *testing.T) {
	for code, points := range map[string]map[string]int{
		"R01": {"-5": -120, "0": -120, "0.01": -40, "1499.99": -40, "1500": 0, "2999.99": 0, "3000": 40, "5999.99": 40, "6000": 70, "11999.99": 70, "12000": 90, "900000": 90},
		"R02": {"VERIFIED": 40, "MIXED": 20, "ESTIMATED": 0, "NONE": -40},
		"R03": {"0": 40, "0.1499": 40, "0.15": 20, "0.3499": 20, "0.35": 0, "0.5999": 0, "0.6": -30, "3": -30},
		"R04": {"0": 40, "0.1999": 40, "0.2": 10, "0.3499": 10, "0.35": -20, "0.4999": -20, "0.5": -60, "0.7999": -60, "0.8": -110, "9": -110},
		"R05": {"-1": -60, "-0.0001": -60, "0": -20, "0.0499": -20, "0.05": 0, "0.2499": 0, "0.25": 30, "0.9999": 30, "1": 60, "20": 60},
		"R06": {"0": 30, "0.0001": 0, "0.0499": 0, "0.05": -40, "0.1999": -40, "0.2": -80, "1": -80},
		"R07": {"0": 20, "1": -20, "2": -20, "3": -60, "6": -60},
		"R08": {"0": 0, "1": -60, "2": -120, "9": -120},
		"R09": {"0": 20, "1": -40, "2": -90, "7": -90},
		"R10": {"0": 20, "1": -80, "2": -150, "12": -150},
		"R11": {"0": 0, "1": -60, "5": -60},
		"R12": {"NONE": 0, "LOW": -10, "MEDIUM": -50, "HIGH": -120},
		"R13": {"60": -30, "89": -30, "90": 0, "179": 0, "180": 30, "360": 30},
		"R14": {"0": 0, "0.0999": 0, "0.1": -30, "0.2999": -30, "0.3": -70, "1": -70},
	} {
		at := place(t, code)
		for value, want := range points {
			var values [scorecard.Count]scorecard.Value
			values[at] = valueOf(value)
			s := scorecard.Own().Score(&values)
			if s.Points[at] != want || s.Score != 500+want || s.Inputs != 1 {
				t.Errorf("%s of %s has %d points and the score %d (%d inputs), want %d points", code, value, s.Points[at], s.Score, s.Inputs, want)
			}
		}
	}
}

// The boundaries above are all: each band of the file is reached by one of them.
func TestEveryVariableHasItsBands(t *testing.T) {
	want := map[string]int{
		"R01": 6, "R02": 4, "R03": 4, "R04": 5, "R05": 5, "R06": 4, "R07": 3, "R08": 3, "R09": 3, "R10": 3, "R11": 2, "R12": 4, "R13": 3, "R14": 3,
	}
	got := make(map[string]int)
	for _, b := range scorecard.OwnFile().Bands {
		got[b.Variable]++
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("p1.0 has other bands: %s", diff)
	}
}

func TestNoInputHasNoPoints(t *testing.T) {
	var values [scorecard.Count]scorecard.Value
	s := scorecard.Own().Score(&values)
	positive, negative := s.Reasons()
	if s.Score != 500 || s.Inputs != 0 || len(positive)+len(negative) != 0 || s.Band() != "MEDIUM_RISK" {
		t.Errorf("score is %+v", s)
	}
}

// The score never leaves 0 to 1000.
func TestClamp(t *testing.T) {
	worst := []string{"0", "NONE", "1", "1", "-1", "1", "6", "2", "2", "2", "1", "HIGH", "60", "1"}
	best := []string{"99999", "VERIFIED", "0", "0", "9", "0", "0", "0", "0", "0", "0", "NONE", "360", "0"}
	for _, c := range []struct {
		values []string
		want   int
		band   string
	}{{worst, 0, "VERY_HIGH_RISK"}, {best, 890, "VERY_LOW_RISK"}} {
		s := scorecard.Own().Score(valuesOf(c.values))
		if s.Score != c.want || s.Band() != c.band || s.Inputs != scorecard.Count {
			t.Errorf("score is %+v in %s, want %d", s, s.Band(), c.want)
		}
	}
	file := scorecard.OwnFile()
	file.Version = "generous"
	for i := range file.Bands {
		file.Bands[i].Points = 1000
	}
	card, err := scorecard.Parse(&file)
	if err != nil {
		t.Fatal(err)
	}
	if s := card.Score(valuesOf(best)); s.Score != 1000 || s.Band() != "VERY_LOW_RISK" {
		t.Errorf("score is %+v", s)
	}
}

func valuesOf(texts []string) *[scorecard.Count]scorecard.Value {
	var values [scorecard.Count]scorecard.Value
	for i, text := range texts {
		values[i] = valueOf(text)
	}
	return &values
}

func TestRiskBands(t *testing.T) {
	for score, want := range map[int]string{
		0: "VERY_HIGH_RISK", 299: "VERY_HIGH_RISK", 300: "HIGH_RISK", 449: "HIGH_RISK", 450: "MEDIUM_RISK", 599: "MEDIUM_RISK",
		600: "LOW_RISK", 749: "LOW_RISK", 750: "VERY_LOW_RISK", 1000: "VERY_LOW_RISK",
	} {
		s := scorecard.Score{Score: score}
		if got := s.Band(); got != want {
			t.Errorf("%d is %s, want %s", score, got, want)
		}
	}
}

// "Up to 4 … most points first, then by code".
func TestReasons(t *testing.T) {
	for _, c := range []struct {
		points             map[int]int // by number of the variable
		positive, negative []int
	}{
		{nil, nil, nil},
		{map[int]int{3: 20, 1: 20, 2: 40}, []int{2, 1, 3}, nil},
		{map[int]int{14: 30, 9: 20, 7: 20, 6: 30, 4: 20}, []int{6, 14, 4, 7}, nil},
		{map[int]int{8: -60, 11: -60, 1: -120, 12: -10, 13: -30, 2: 20}, []int{2}, []int{1, 8, 11, 13}},
	} {
		var s scorecard.Score
		for n, points := range c.points {
			s.Points[n-1] = points
		}
		positive, negative := s.Reasons()
		for i := range positive {
			positive[i]++
		}
		for i := range negative {
			negative[i]++
		}
		if !slices.Equal(positive, c.positive) || !slices.Equal(negative, c.negative) {
			t.Errorf("%v gives %v and %v, want %v and %v", c.points, positive, negative, c.positive, c.negative)
		}
	}
}

// "0.4 × days covered ÷ 360 + 0.3 × (1 − unclassifiedAmountShare) + 0.3 × variables
// with input ÷ 14; 4 decimals".
func TestConfidence(t *testing.T) {
	for _, c := range []struct {
		days              int
		classified, total money.Amount
		inputs            int
		want              money.Amount
	}{
		{360, 100, 100, 14, 1_0000},
		{0, 0, 0, 0, 0},
		{180, 1, 2, 7, 5000},
		{60, 0, 100, 1, 881}, // 0.0666… + 0.0214…
		{360, 0, 0, 14, 7000},
	} {
		if got := scorecard.Confidence(c.days, c.classified, c.total, c.inputs); got != c.want {
			t.Errorf("%+v gives %d", c, got)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		days, inputs := rapid.IntRange(0, 360).Draw(r, "days"), rapid.IntRange(0, scorecard.Count).Draw(r, "inputs")
		total := rapid.Int64Range(1, 1<<62).Draw(r, "total")
		classified := rapid.Int64Range(0, total).Draw(r, "classified")
		sum := big.NewRat(int64(days)*4, 3600)
		sum.Add(sum, new(big.Rat).Mul(big.NewRat(3, 10), big.NewRat(classified, total)))
		sum.Add(sum, new(big.Rat).Mul(big.NewRat(3, 10), big.NewRat(int64(inputs), 14)))
		got := scorecard.Confidence(days, money.Amount(classified), money.Amount(total), inputs)
		if text := fmt.Sprintf("%d.%04d", got/money.Scale, got%money.Scale); text != sum.FloatString(4) {
			r.Errorf("confidence is %s, want %s", text, sum.FloatString(4))
		}
	})
}

// A better value never lowers the score, whatever the others are.
func TestABetterValueNeverLowersTheScore(t *testing.T) {
	all := scorecard.Variables()
	rapid.Check(t, func(r *rapid.T) {
		var values [scorecard.Count]scorecard.Value
		draw := func(i int) scorecard.Value {
			if all[i].IsText() {
				return scorecard.Value{Known: true, Text: rapid.SampledFrom(all[i].Values).Draw(r, "text")}
			}
			return scorecard.Value{Known: true, Number: money.Amount(rapid.OneOf(rapid.Int64Range(-2_0000, 10_0000), rapid.Int64Range(0, 20_000_0000)).Draw(r, "number"))}
		}
		for i := range values {
			if rapid.Bool().Draw(r, "known") {
				values[i] = draw(i)
			}
		}
		i := rapid.IntRange(0, scorecard.Count-1).Draw(r, "variable")
		low, high := draw(i), draw(i)
		if low.Number > high.Number || slices.Index(all[i].Values, low.Text) > slices.Index(all[i].Values, high.Text) {
			low, high = high, low
		}
		if !all[i].HighIsBetter {
			low, high = high, low
		}
		values[i] = low
		worse := scorecard.Own().Score(&values)
		values[i] = high
		if better := scorecard.Own().Score(&values); better.Score < worse.Score {
			r.Errorf("%s: %+v gives %d, the worse %+v gives %d", all[i].Code, high, better.Score, low, worse.Score)
		}
	})
}
