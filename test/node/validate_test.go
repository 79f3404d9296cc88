// Package node_test has the reports of made-up people judged by a JSON Schema
// validator that is not klaas's: npm's ajv, in the version of package-lock.json.
//
// It needs Node.js and, once, `npm ci` in this folder, which test/run does. What
// is missing is told and the test left out, but with CI or KLAAS_COMPLETE set.
package node_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/product"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/report"
	"github.com/openklaas/klaas/internal/sandbox"
)

// personas are an investor, a borrower, a company and both a person and a company.
var personas = []string{"investor", "over-indebted", "trading-company", "entrepreneur"}

var lastDay = calendar.Of(2026, 1, 31)

// line is what validate.js reads.
type line struct {
	Name   string          `json:"name"`
	Schema string          `json:"schema"`
	Report json.RawMessage `json:"report"`
}

func TestAjvAcceptsEveryReportOfMadeUpPeople(t *testing.T) {
	node := needs(t)
	var lines []line
	for _, persona := range personas {
		lines = append(lines, reports(t, persona, product.All(), klaas.Settings{}, published)...)
	}
	t.Logf("%d reports of %d people", len(lines), len(personas))
	if faults := validate(t, node, lines); faults != "" {
		t.Errorf("reports that do not match their schema:\n%s", faults)
	}
}

// Settings change what a report shows; the schema of an application follows.
func TestAjvAcceptsReportsInEverySetting(t *testing.T) {
	node := needs(t)
	strict := t.TempDir()
	for _, p := range product.All() {
		for _, k := range p.Kinds {
			for _, v := range p.Versions {
				if err := os.WriteFile(filepath.Join(strict, schemaName(p.FullName(k), string(v))), report.Schema(p, k, v, true), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	var lines []line
	for _, c := range []struct {
		settings klaas.Settings
		schemas  string
	}{
		{klaas.Settings{StrictShape: true}, strict},
		{klaas.Settings{SplitByInstitution: true, OmitPartieInV11: true}, published},
		{klaas.Settings{EmptyLinks: true, Extensions: map[string]bool{"all": true}}, published},
	} {
		lines = append(lines, reports(t, "entrepreneur", product.All(), c.settings, c.schemas)...)
	}
	if faults := validate(t, node, lines); faults != "" {
		t.Errorf("reports that do not match their schema:\n%s", faults)
	}
}

// A validator that accepts anything would prove nothing.
func TestAjvRefusesSpoiltReports(t *testing.T) {
	node := needs(t)
	var spoilt []line
	for _, name := range []string{"checking_account", "credit_card"} {
		p, _, _ := product.Resolve(spec.PF.Prefix() + name)
		l := reports(t, "investor", []*spec.Product{p}, klaas.Settings{}, published)[0]
		for from, to := range map[string]string{
			`"code":200`: `"code":"200"`, `"requestId"`: `"requestid"`, `"brandName":"`: `"extra":"","brandName":"`, `{"amount":"`: `{"value":"`,
		} {
			report := bytes.Replace(l.Report, []byte(from), []byte(to), 1)
			spoilt = append(spoilt, line{l.Name + " with " + to, l.Schema, report})
		}
	}
	faults := validate(t, node, spoilt)
	for _, l := range spoilt {
		if !strings.Contains(faults, l.Name+":") {
			t.Errorf("ajv accepts %s", l.Name)
		}
	}
}

// published is where the schemas lie that docs shows.
const published = "../../docs/products/schema"

func schemaName(product, version string) string { return product + "." + version + ".json" }

// reports returns a made-up person's reports of products, of every kind that
// fits and in every version, to be judged by the schemas of a folder.
func reports(t *testing.T, persona string, products []*spec.Product, settings klaas.Settings, schemas string) []line {
	t.Helper()
	settings.Products = choices(products)
	analysis, err := klaas.Analyze(sandbox.Generate(persona, 1, 0, lastDay).Userdata, klaas.Options{
		Settings:  settings,
		AsOf:      lastDay.String(),
		Received:  time.Date(2026, 2, 1, 12, 0, 0, 0, time.UTC),
		RequestID: "112334",
		SecretKey: "a key of the test",
	})
	if err != nil {
		t.Fatalf("%s: %v", persona, err)
	}
	var lines []line
	for _, r := range analysis.Reports {
		schema, err := filepath.Abs(filepath.Join(schemas, schemaName(r.Product, r.Version)))
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line{fmt.Sprintf("%s %s %s %d", persona, r.Product, r.Version, r.Part), schema, r.Body})
	}
	return lines
}

func choices(products []*spec.Product) []klaas.ProductChoice {
	var all []klaas.ProductChoice
	for _, p := range products {
		var versions []string
		for _, v := range p.Versions {
			versions = append(versions, string(v))
		}
		for _, kind := range p.Kinds {
			all = append(all, klaas.ProductChoice{Name: p.FullName(kind), Versions: versions})
		}
	}
	return all
}

// validate returns what ajv finds, a line each.
func validate(t *testing.T, node string, lines []line) string {
	t.Helper()
	var input bytes.Buffer
	encoder := json.NewEncoder(&input)
	for _, l := range lines {
		if err := encoder.Encode(l); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(node, "validate.js")
	cmd.Stdin = &input
	var faults bytes.Buffer
	cmd.Stderr, cmd.Stdout = &faults, &faults
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, &faults)
	}
	return faults.String()
}

// needs returns the path of Node, and leaves the test out when there is no Node
// or no ajv of the right version.
func needs(t *testing.T) (node string) {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		leaveOut(t, "KLAAS_COMPLETE", "Node.js is not installed: reports are not judged by ajv")
	}
	want, err := version("package-lock.json", "packages", "node_modules/ajv", "version")
	if err != nil {
		t.Fatal(err)
	}
	got, err := version("node_modules/ajv/package.json", "version")
	if err != nil || got != want {
		leaveOut(t, "CI KLAAS_COMPLETE", "ajv "+want+" is not installed: reports are not judged by it; run npm ci in test/node, which needs npm's registry")
	}
	return node
}

// leaveOut skips the test, or fails it where one of the variables is set.
func leaveOut(t *testing.T, variables, message string) {
	t.Helper()
	if slices.ContainsFunc(strings.Fields(variables), func(name string) bool { return os.Getenv(name) != "" }) {
		t.Fatal(message)
	}
	t.Skip(message)
}

// version reads a text in a JSON file.
func version(file string, path ...string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	for _, key := range path {
		var object map[string]json.RawMessage
		if err := json.Unmarshal(text, &object); err != nil {
			return "", fmt.Errorf("%s: %w", file, err)
		}
		text = object[key]
	}
	var value string
	if err := json.Unmarshal(text, &value); err != nil {
		return "", fmt.Errorf("%s: %w", file, err)
	}
	return value, nil
}
