package openfinance_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas/openfinance"
)

// TestCases runs testdata/cases.txt; its form is told in testdata/README.md.
func TestCases(t *testing.T) {
	text, err := os.ReadFile("testdata/cases.txt")
	if err != nil {
		t.Fatal(err)
	}
	for block := range strings.SplitSeq(strings.TrimSuffix(string(text), "\n"), "\n\n#") {
		lines := strings.Split(block, "\n")
		name := strings.TrimSpace(strings.TrimPrefix(lines[0], "#"))
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(lines[2:], answer([]byte(lines[1]))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// answer reads a document and tells the outcome in the lines of cases.txt.
func answer(body []byte) []string {
	_, problems, err := openfinance.Read(body)
	var syntax *openfinance.SyntaxError
	var invalid *openfinance.InvalidError
	switch {
	case errors.As(err, &syntax):
		return []string{fmt.Sprintf("syntax %d: %s", syntax.Offset, syntax.Reason)}
	case errors.As(err, &invalid):
		return told(invalid.Problems)
	case len(problems.List) == 0:
		return []string{"ok"}
	}
	return told(problems.List)
}

func told(problems []openfinance.Problem) []string {
	var lines []string
	for _, p := range problems {
		lines = append(lines, fmt.Sprintf("%s %s: %s", p.Severity, p.Path, p.Message))
	}
	return lines
}
