package scorecard_test

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/scorecard"
)

var update = flag.Bool("update", false, "write the tables into docs/reasons.md, instead of comparing")

// The page of reasons has the tables of the model, word for word.
func TestThePageOfReasonsIsFresh(t *testing.T) {
	const page = "../../docs/reasons.md"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	want := string(text)
	for name, table := range map[string]string{"variables": variableTable(), "reasons": reasonTable()} {
		block := regexp.MustCompile(`(?s)<!-- ` + name + ` -->\n.*?<!-- end -->`)
		if !block.MatchString(want) {
			t.Fatalf("%s has no place for the %s", page, name)
		}
		want = block.ReplaceAllLiteralString(want, "<!-- "+name+" -->\n"+table+"<!-- end -->")
	}
	switch {
	case want == string(text):
	case *update:
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s is stale: run go test ./internal/scorecard -update", page)
	}
}

func variableTable() string {
	var out strings.Builder
	out.WriteString("| Code | Variable | Better | Variável | Points |\n|---|---|---|---|---|\n")
	for i, v := range scorecard.Variables() {
		better := "lower"
		switch {
		case v.IsText() && v.HighIsBetter:
			better = v.Values[len(v.Values)-1]
		case v.IsText():
			better = v.Values[0]
		case v.HighIsBetter:
			better = "higher"
		}
		fmt.Fprintf(&out, "| %s | %s | %s | %s | `%s` |\n", v.Code, v.EN, better, v.PT, scorecard.Own().Rows(i))
	}
	return out.String()
}

func reasonTable() string {
	var out strings.Builder
	out.WriteString("| Code | List | `textPt` | `textEn` |\n|---|---|---|---|\n")
	for _, v := range scorecard.Variables() {
		fmt.Fprintf(&out, "| %s | positive | %s | %s |\n", v.Code, v.Positive.PT, v.Positive.EN)
		fmt.Fprintf(&out, "| %s | negative | %s | %s |\n", v.Code, v.Negative.PT, v.Negative.EN)
	}
	return out.String()
}
