package accuracy

import (
	"encoding/csv"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/text"
)

// A held-out text that stands word for word in a table, in a training text or in
// the development part judges nothing: its part is held-out-known.
func TestHeldOutTextsAreNew(t *testing.T) {
	known := knownTexts(t)
	f, err := os.Open("testdata/lines.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	description, part := slices.Index(rows[0], "description"), slices.Index(rows[0], "part")
	for _, row := range rows[1:] {
		if row[part] == "development" {
			known[text.Normalise(row[description])] = true
		}
	}
	held := 0
	for _, row := range rows[1:] {
		switch is := known[text.Normalise(row[description])]; {
		case row[part] == "held-out" && is:
			t.Errorf("%q is known: its part is held-out-known", row[description])
		case row[part] == "held-out-known" && !is:
			t.Errorf("%q is not known: its part is held-out", row[description])
		case row[part] == "held-out":
			held++
		}
	}
	if held < 350 {
		t.Errorf("only %d lines are held out", held)
	}
}

// knownTexts returns every cell, and every alternative in one, of the tables and
// the training texts, normalised.
func knownTexts(t *testing.T) map[string]bool {
	t.Helper()
	known := map[string]bool{}
	for _, root := range []string{"../classify/data", "../classify/training", "../classify/testdata"} {
		err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".tsv" {
				return err
			}
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for line := range strings.Lines(string(content)) {
				for cell := range strings.SplitSeq(strings.TrimRight(line, "\n"), "\t") {
					for one := range strings.SplitSeq(cell, "|") {
						known[text.Normalise(strings.Trim(one, "^% "))] = true
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return known
}
