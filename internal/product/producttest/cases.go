package producttest

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/clean"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/setting"
)

var update = flag.Bool("update", false, "write what the products give into the cases, instead of comparing")

// Cases compares a product with the cases in dir, *.txt. A case is
//
//	A few lines that say what it shows.
//
//	report: pf_checking_account V1
//	day: 2025-01-31
//	settings: {"strictShape": true}
//	-- userdata --
//	{"accounts": [ … ]}
//	-- body --
//	[ … ]
//
// The day is asked for, as with referenceDate. The line settings may be left
// out; a line "part: 2" takes the second report of a product that makes several.
// White space in the body does not count. V1.1 shows an encrypted tax id as
// sealed(…). The flag -update writes the body anew.
func Cases(t *testing.T, p *spec.Product, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Errorf("no case in %s: add one", dir)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { runCase(t, p, file) })
	}
}

func runCase(t *testing.T, p *spec.Product, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	c, err := parseCase(string(text))
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	if p.Legacy != nil {
		c.kind = p.Kinds[0] // Its name does not tell.
	}
	in := spec.Input{Kind: c.kind, Version: c.version, Settings: &c.settings, Institution: -1, Part: c.part}
	if p.FullName(c.kind) != c.product {
		t.Fatalf("%s: the report is not %s", file, p.FullName(c.kind))
	}
	in.Facts = facts(t, []byte(c.userdata), clean.Options{
		Day: c.day, Asked: true, Joint: c.settings.JointAccounts, HistoryDays: c.settings.HistoryDays,
	})
	got := write(p, &in)
	for _, fault := range Check(p, &in, got) {
		t.Error(fault)
	}
	if *update {
		c.write(t, file, got)
		return
	}
	if diff := cmp.Diff(indented(t, []byte(c.body)), indented(t, got)); diff != "" {
		t.Errorf("the body is another (-want +got):\n%s", diff)
	}
}

// golden is one case.
type golden struct {
	head, userdata, body string
	product              string
	kind                 spec.Kind
	version              spec.Version
	day                  calendar.Day
	part                 int // from 0
	settings             setting.Settings
}

const (
	userdataMark = "-- userdata --\n"
	bodyMark     = "-- body --\n"
)

// Split takes a case apart: what it says and asks for, the document, the body.
func Split(text string) (head, userdata, body string, err error) {
	head, rest, ok := strings.Cut(text, userdataMark)
	if !ok {
		return "", "", "", fmt.Errorf("there is no line %q", strings.TrimSpace(userdataMark))
	}
	userdata, body, ok = strings.Cut(rest, bodyMark)
	if !ok {
		return "", "", "", fmt.Errorf("there is no line %q", strings.TrimSpace(bodyMark))
	}
	return head, userdata, body, nil
}

func parseCase(text string) (*golden, error) {
	head, userdata, body, err := Split(text)
	if err != nil {
		return nil, err
	}
	c := &golden{head: head, userdata: userdata, body: body, day: calendar.None}
	directives := strings.TrimSpace(head)
	directives = directives[strings.LastIndex(directives, "\n\n")+1:]
	for line := range strings.Lines(directives) {
		if err := c.read(strings.TrimSpace(line)); err != nil {
			return nil, err
		}
	}
	if c.product == "" || c.day == calendar.None {
		return nil, fmt.Errorf("the line report or the line day is missing")
	}
	return c, nil
}

func (c *golden) read(line string) error {
	if report, ok := strings.CutPrefix(line, "report: "); ok {
		name, version, _ := strings.Cut(report, " ")
		c.product, c.version = name, spec.Version(version)
		if strings.HasPrefix(name, spec.PJ.Prefix()) {
			c.kind = spec.PJ
		}
	}
	if day, ok := strings.CutPrefix(line, "day: "); ok {
		if c.day, ok = calendar.ParseDay(day); !ok {
			return fmt.Errorf("the day is not YYYY-MM-DD")
		}
	}
	if part, ok := strings.CutPrefix(line, "part: "); ok {
		n, err := strconv.Atoi(part)
		c.part = n - 1
		return err
	}
	if settings, ok := strings.CutPrefix(line, "settings: "); ok {
		return json.Unmarshal([]byte(settings), &c.settings)
	}
	return nil
}

func (c *golden) write(t *testing.T, file string, body []byte) {
	t.Helper()
	text := c.head + userdataMark + c.userdata + bodyMark + indented(t, body)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func indented(t *testing.T, body []byte) string {
	t.Helper()
	var out bytes.Buffer
	if err := json.Indent(&out, bytes.TrimSpace(body), "", "  "); err != nil {
		t.Errorf("the body is not JSON: %v", err)
	}
	return out.String() + "\n"
}
