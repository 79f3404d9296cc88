package scorecard_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas/internal/scorecard"
)

const marker = "SECRETVALUE"

// file returns a sound file of a partner that a test spoils.
func file(change func(*scorecard.File)) *scorecard.File {
	f := scorecard.OwnFile()
	f.Version = "acme-1"
	if change != nil {
		change(&f)
	}
	return &f
}

// first returns the place of the first row of a variable.
func first(f *scorecard.File, code string) int {
	return slices.IndexFunc(f.Bands, func(b scorecard.Band) bool { return b.Variable == code })
}

func TestASoundFile(t *testing.T) {
	f := file(func(f *scorecard.File) {
		f.Bands = nil
		for _, v := range scorecard.Variables() {
			f.Bands = append(f.Bands, scorecard.Band{Variable: v.Code, When: "else"})
		}
		f.Bands = slices.Insert(f.Bands, 1,
			scorecard.Band{Variable: "R02", When: "NONE", Points: -7}) // ESTIMATED and better have more
		f.Bands[0] = scorecard.Band{Variable: "R01", When: "else", Points: 11}
	})
	f.Bands = slices.Insert(f.Bands, 0, scorecard.Band{Variable: "R01", When: " <=0.5 ", Points: 1}, scorecard.Band{Variable: "R01", When: "<1", Points: 2})
	card, err := scorecard.Parse(f)
	if err != nil {
		t.Fatal(err)
	}
	for value, want := range map[string]int{"0.5": 1, "0.5001": 2, "0.9999": 2, "1": 11} {
		var values [scorecard.Count]scorecard.Value
		values[0] = valueOf(value)
		if s := card.Score(&values); s.Points[0] != want {
			t.Errorf("%s has %d points, want %d", value, s.Points[0], want)
		}
	}
	if card.Version != "acme-1" {
		t.Errorf("the version is %s", card.Version)
	}
}

func TestFaults(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*scorecard.File)
		path   string
		says   string
	}{
		"no version":          {func(f *scorecard.File) { f.Version = " " }, "version", "is missing"},
		"our version":         {func(f *scorecard.File) { f.Version = "p1.0" }, "version", "begins with p"},
		"long version":        {func(f *scorecard.File) { f.Version = strings.Repeat("x", 41) }, "version", "40 characters"},
		"unprintable version": {func(f *scorecard.File) { f.Version = "a\nb" }, "version", "cannot be printed"},
		"no Unicode":          {func(f *scorecard.File) { f.Version = "a\xff" }, "version", "cannot be printed"},

		"unknown variable": {func(f *scorecard.File) { f.Bands = append(f.Bands, scorecard.Band{Variable: marker}) }, "bands[52].variable", "use R01 to R14"},
		"twice":            {func(f *scorecard.File) { f.Bands = append(f.Bands, f.Bands[0]) }, "bands[52].variable", "put all rows of a variable together"},
		"missing variable": {func(f *scorecard.File) {
			f.Bands = slices.DeleteFunc(f.Bands, func(b scorecard.Band) bool { return b.Variable == "R07" })
		}, "bands", `have no row of R07: to leave the variable out, give it the one row "else" with 0 points`},
		"too many rows": {func(f *scorecard.File) {
			f.Bands = slices.Insert(f.Bands, 0, slices.Repeat(f.Bands[:1], 50)...)
		}, "bands[0]", "more than 50 rows"},

		"far too many rows": {func(f *scorecard.File) { f.Bands = make([]scorecard.Band, scorecard.MaxRows+1) }, "bands", "more than 700"},

		"points too high": {func(f *scorecard.File) { f.Bands[5].Points = 1001 }, "bands[5].points", "of R01 lie beyond ±1000"},
		"points too low":  {func(f *scorecard.File) { f.Bands[0].Points = -1001 }, "bands[0].points", "beyond ±1000"},

		"not ascending":        {func(f *scorecard.File) { f.Bands[2].When = "< 1000" }, "bands[2].when", "ascending"},
		"the same limit":       {func(f *scorecard.File) { f.Bands[2].When = "< 1500" }, "bands[2].when", "ascending"},
		"<= and < of one":      {func(f *scorecard.File) { f.Bands[1].When = "< 0" }, "bands[1].when", "ascending"},
		"no else":              {func(f *scorecard.File) { f.Bands = slices.Delete(f.Bands, 5, 6) }, "bands[4]", `add one with "else"`},
		"else too early":       {func(f *scorecard.File) { f.Bands[2].When = "else" }, "bands[3]", "put that one last"},
		"two elses":            {func(f *scorecard.File) { f.Bands[4].When = "else" }, "bands[5]", "put that one last"},
		"no sign":              {func(f *scorecard.File) { f.Bands[0].When = marker }, "bands[0].when", "neither with < nor with <="},
		"greater":              {func(f *scorecard.File) { f.Bands[0].When = "> 5" }, "bands[0].when", "neither with < nor with <="},
		"no limit":             {func(f *scorecard.File) { f.Bands[0].When = "< " }, "bands[0].when", "has no limit"},
		"a comma":              {func(f *scorecard.File) { f.Bands[0].When = "< 1,5" }, "bands[0].when", "digits and a point"},
		"too many decimals":    {func(f *scorecard.File) { f.Bands[0].When = "< 0.00001" }, "bands[0].when", "at most 4 decimals"},
		"not a value":          {func(f *scorecard.File) { f.Bands[first(f, "R12")].When = marker }, "bands[42].when", "use NONE, LOW, MEDIUM, HIGH or else"},
		"a value twice":        {func(f *scorecard.File) { i := first(f, "R02"); f.Bands[i+1].When = f.Bands[i].When }, "bands[7].when", "an earlier row has"},
		"a value without row":  {func(f *scorecard.File) { i := first(f, "R12"); f.Bands = slices.Delete(f.Bands, i+3, i+4) }, "bands[44]", "and HIGH has none"},
		"not rising":           {func(f *scorecard.File) { f.Bands[5].Points = 60 }, "bands[5].points", "of R01 are fewer than those of bands[4]"},
		"not falling":          {func(f *scorecard.File) { f.Bands[first(f, "R08")+1].Points = 5 }, "bands[31].points", "of R08 are fewer than those of bands[32]"},
		"a text not rising":    {func(f *scorecard.File) { f.Bands[first(f, "R02")].Points = 10 }, "bands[6].points", "of R02 are fewer"},
		"a text not falling":   {func(f *scorecard.File) { f.Bands[first(f, "R12")+3].Points = 10 }, "bands[44].points", "of R12 are fewer"},
		"a text else too good": {func(f *scorecard.File) { i := first(f, "R02") + 3; f.Bands[i].When, f.Bands[i].Points = "else", 1 }, "bands[8].points", "of R02 are fewer"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := scorecard.Parse(file(c.change))
			var fault *scorecard.Error
			if !errors.As(err, &fault) {
				t.Fatalf("error is %v", err)
			}
			if len(fault.Faults) != 1 || fault.Faults[0].Path != c.path || !strings.Contains(fault.Faults[0].Message, c.says) {
				t.Errorf("faults are %+v", fault.Faults)
			}
			if strings.Contains(err.Error(), marker) {
				t.Errorf("%v repeats a value", err)
			}
		})
	}
}

// Every fault is told at once.
func TestAllFaults(t *testing.T) {
	_, err := scorecard.Parse(&scorecard.File{Version: "p", Bands: []scorecard.Band{{Variable: "R01", When: "x", Points: 2000}, {Variable: "R99"}}})
	if err == nil || !strings.HasSuffix(err.Error(), "(and 16 more)") {
		t.Errorf("error is %v", err)
	}
}

// The file of klaas is one that a partner can begin with: with a version of its own
// it is sound and gives the same scores.
func TestOurFileIsAPartnersBeginning(t *testing.T) {
	ours := scorecard.OwnFile()
	text := ours.Text()
	if embedded, err := os.ReadFile("p1.0.json"); err != nil || !bytes.Equal(text, embedded) {
		t.Errorf("the text is not that of p1.0.json (%v):\n%s", err, text)
	}
	var f scorecard.File
	if err := json.Unmarshal(text, &f); err != nil {
		t.Fatal(err)
	}
	f.Version = "acme-1"
	card, err := scorecard.Parse(&f)
	if err != nil {
		t.Fatal(err)
	}
	values := valuesOf([]string{"2500", "MIXED", "0.4", "0.3", "0.1", "0.03", "1", "0", "1", "0", "0", "LOW", "200", "0.2"})
	if diff := cmp.Diff(scorecard.Own().Score(values), card.Score(values)); diff != "" {
		t.Errorf("it gives another score: %s", diff)
	}
	f.Bands[0].Points = 999
	if scorecard.OwnFile().Bands[0].Points == 999 {
		t.Error("a partner's change changed the file of klaas")
	}
}
