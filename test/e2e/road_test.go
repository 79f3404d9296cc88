package e2e

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openklaas/klaas/internal/product"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/store/postgres/pgtest"
)

// sample is the published example of a userdata document.
const sample = "../../openfinance/testdata/demo-userdata.json"

// personal returns how many products a person's document gives; "all" never means
// those in the old envelope.
func personal() (n int) {
	for _, p := range product.All() {
		if p.Legacy == nil && slices.Contains(p.Kinds, spec.PF) {
			n++
		}
	}
	return n
}

// codeOf returns the code that a product must have for the sample: 204 where the
// sample lacks a section.
func codeOf(t *testing.T, name string) int {
	t.Helper()
	var sections map[string]json.RawMessage
	if err := json.Unmarshal(read(t, sample), &sections); err != nil {
		t.Fatal(err)
	}
	p, kind, ok := product.Resolve(name)
	if !ok {
		t.Fatalf("%s is no product", name)
	}
	for _, section := range p.Sections(kind).Required {
		if sections[section] == nil {
			return 204
		}
	}
	return 200
}

func TestRoad(t *testing.T) {
	for name, database := range map[string]func(*testing.T) string{
		"sqlite":   func(*testing.T) string { return "" },
		"postgres": func(t *testing.T) string { return pgtest.URL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			i := install(t, program, database(t))
			server := i.start("serve")
			if i.database != "" {
				i.start("work")
			}
			app := i.createApplication("--enable", "all", "--versions", "V1,V1.1")
			id := server.submit(app, read(t, sample))
			reports := i.receiver.await(2 * personal())
			for _, r := range reports {
				if r.envelope.RequestID != id || r.envelope.Code != codeOf(t, r.envelope.ProductName) {
					t.Errorf("%s %s: code %d, request %s", r.envelope.ProductName, r.envelope.ProductVersion, r.envelope.Code, r.envelope.RequestID)
				}
			}
			checkSample(t, server, app, id, reports)
			checkOffline(t, i, app, id, reports)
			if took := server.stop(); took > 20*time.Second {
				t.Errorf("the stop took %s", took)
			}
		})
	}
}

// checkSample looks at what the published example must give.
func checkSample(t *testing.T, server *process, app application, id string, reports map[string]taken) {
	t.Helper()
	for reportID, r := range reports {
		if pulled := server.get(app, "/klaas/v1/reports/"+reportID); !bytes.Equal(pulled, r.body) {
			t.Errorf("%s: the pulled bytes are not the pushed ones", r.envelope.ProductName)
		}
		if strings.HasSuffix(r.envelope.ProductName, "checking_account") && !bytes.Contains(r.body, []byte("TXpRMU9UQTROMWhZV2xSU1FUazJSMDl")) {
			t.Errorf("%s lacks the sample's movement", r.envelope.ProductName)
		}
		plain := bytes.Contains(r.body, []byte("25872252137"))
		if v1 := r.envelope.ProductVersion == "V1"; plain != v1 {
			t.Errorf("%s %s: the CPF stands in it: %t", r.envelope.ProductName, r.envelope.ProductVersion, plain)
		}
	}
	var problems struct {
		Problems []struct{ Message string }
	}
	if err := json.Unmarshal(server.get(app, "/klaas/v1/submissions/"+id+"/problems"), &problems); err != nil {
		t.Fatal(err)
	}
	named := false
	for _, p := range problems.Problems {
		named = named || strings.Contains(p.Message, "referenceDate")
	}
	if !named {
		t.Errorf("the sample is of 2021, but no problem names referenceDate: %+v", problems.Problems)
	}
}

// checkOffline compares the server's reports with the files of klaas analyze.
func checkOffline(t *testing.T, i *installation, app application, id string, reports map[string]taken) {
	t.Helper()
	document, err := filepath.Abs(sample)
	if err != nil {
		t.Fatal(err)
	}
	settings, key := filepath.Join(i.dir, "settings.json"), filepath.Join(i.dir, "key")
	for path, text := range map[string]string{settings: i.command("app", "show", app.ID), key: app.SecretKey + "\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var moment string
	for _, r := range reports {
		moment = r.envelope.ProductReportTime
	}
	out := filepath.Join(i.dir, "offline")
	i.command("analyze", document, "--settings", settings, "--request-id", id, "--report-time", moment, "--secret-key-file", key, "--out", out)
	var index []struct{ File, ProductReportID string }
	if err := json.Unmarshal(read(t, filepath.Join(out, "index.json")), &index); err != nil {
		t.Fatal(err)
	}
	if len(index) != len(reports) {
		t.Errorf("%d files, %d reports", len(index), len(reports))
	}
	for _, entry := range index {
		if file := read(t, filepath.Join(out, entry.File)); !bytes.Equal(file, reports[entry.ProductReportID].body) {
			t.Errorf("%s is not what the server sent:\n%s\n%s", entry.File, file, reports[entry.ProductReportID].body)
		}
	}
}

func TestDemo(t *testing.T) {
	c := exec.Command(program, "demo", "--once")
	c.Env = []string{"HOME=" + t.TempDir(), "TMPDIR=" + t.TempDir(), "KLAAS_LISTEN=not an address"} // The machine's settings do not reach the demo.
	var messages bytes.Buffer
	c.Stderr = &messages
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, &messages)
	}
	for _, p := range product.All() {
		for _, k := range p.Kinds {
			if name := p.FullName(k); k == spec.PF != strings.Contains(string(out), name+" ") {
				t.Errorf("%s: in the table: %t", name, k != spec.PF)
			}
		}
	}
	// Those in the old envelope come once for each institution, analytic ones in two versions.
	rows := regexp.MustCompile(`(?m)^\w+ +V(1|1\.1|2) +`).FindAll(out, -1)
	if n := strings.Count(string(out), "both verified"); n != len(rows) || n < personal() {
		t.Errorf("%d reports verified, want %d and more:\n%s", n, personal(), out)
	}
}

// TestDemoWithoutAReaderLeavesNothing checks that "demo --once | head -1" still
// removes the demo's data, with its keys.
func TestDemoWithoutAReaderLeavesNothing(t *testing.T) {
	temporary := t.TempDir()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := reader.Close(); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(program, "demo", "--once")
	c.Env, c.Stdout = []string{"HOME=" + t.TempDir(), "TMPDIR=" + temporary}, writer
	if err := c.Run(); c.ProcessState.ExitCode() != 1 {
		t.Errorf("the demo ended with %v, want exit code 1", err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(temporary)
	if err != nil || len(left) > 0 {
		t.Errorf("it left %v, %v", left, err)
	}
}

func TestSecondServerIsRefused(t *testing.T) {
	i := install(t, program, "")
	i.start("serve")
	second := exec.Command(i.program, "serve")
	second.Dir, second.Env = i.dir, i.environment()
	out, err := second.CombinedOutput()
	if err == nil || second.ProcessState.ExitCode() != 1 || !strings.Contains(string(out), "another klaas server") {
		t.Errorf("%v\n%s", err, out)
	}
}
