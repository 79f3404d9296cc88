package openfinance_test

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/openfinance"
)

func TestExternalInfoHasTheFormOfJavaScript(t *testing.T) {
	for sent, want := range map[string]string{
		`{ }`:                               `{}`,
		`{"b":1,"a":[ 1.0, -0, 1e2, 0.10]}`: `{"b":1,"a":[1,0,100,0.1]}`,
		`{"z":0,"10":1,"9":2,"01":3,"-1":4,"4294967294":5,"4294967295":6}`: `{"9":2,"10":1,"4294967294":5,"z":0,"01":3,"-1":4,"4294967295":6}`,
		`{"a":{"1":{},"0":[]},"":null}`:                                    `{"a":{"0":[],"1":{}},"":null}`,
		`{"s":"\u0041\/\u001f\ud83d\ude00\u2028"}`:                         "{\"s\":\"A/\\u001f😀\u2028\"}",
		`{"n":[1e-7,1.5e-6,12345678901234e-26]}`:                           `{"n":[1e-7,0.0000015,1.2345678901234e-13]}`,
		`{"__proto__":1}`:                                                  `{"__proto__":1}`,
		`{"n":[9007199254740991,-9007199254740991,2251799813685249.5]}`:    `{"n":[9007199254740991,-9007199254740991,2251799813685249.5]}`,
	} {
		doc, problems := read(t, `{"externalInfo":`+sent+`,"accounts":[]}`)
		silent(t, problems)
		if got := string(doc.Request.ExternalInfo); got != want {
			t.Errorf("%s\n got %s\nwant %s", sent, got, want)
		}
	}
	for _, absent := range []string{`{"accounts":[]}`, `{"accounts":[],"externalInfo":null}`} {
		if doc, _ := read(t, absent); doc.Request.ExternalInfo != nil {
			t.Errorf("%s: externalInfo is not nil", absent)
		}
	}
}

func TestExternalInfoIsBounded(t *testing.T) {
	body := `{"accounts":[],"externalInfo":{"a":[` + strings.Repeat(`{"b":"0123456789"},`, 100_000) + `0]}}`
	_, _, err := openfinance.Read([]byte(body))
	if err == nil || !strings.Contains(err.Error(), "longer than 1 MiB") {
		t.Fatalf("got %v", err)
	}
}

// TestNodeWritesTheSameExternalInfo compares random objects with JSON.stringify(JSON.parse(…)).
func TestNodeWritesTheSameExternalInfo(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed: JSON.stringify(JSON.parse(…)) is compared in its place by the table above")
	}
	var sent, got [][]byte
	rapid.Check(t, func(t *rapid.T) {
		text := "{" + members(t, 3) + "}"
		doc, _, err := openfinance.Read([]byte(`{"accounts":[],"externalInfo":` + text + `}`))
		if err != nil {
			return // what JavaScript cannot hold is told in cases.txt
		}
		sent = append(sent, []byte(text))
		got = append(got, doc.Request.ExternalInfo)
	})
	if len(got) < 30 {
		t.Fatalf("only %d objects were accepted", len(got))
	}
	// One process for all: a line in, a line out.
	cmd := exec.Command(node, "-e", `require("fs").readFileSync(0,"utf8").split("\n").forEach(l => console.log(JSON.stringify(JSON.parse(l))))`)
	cmd.Stdin = bytes.NewReader(bytes.Join(sent, []byte("\n")))
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	want := bytes.Split(bytes.TrimSuffix(out, []byte("\n")), []byte("\n"))
	for i := range got {
		if !bytes.Equal(got[i], want[i]) {
			t.Errorf("%s\n got %s\nnode %s", sent[i], got[i], want[i])
		}
	}
}

func members(t *rapid.T, depth int) string {
	var b strings.Builder
	seen := map[string]bool{}
	for range rapid.IntRange(0, 5).Draw(t, "members") {
		key := rapid.OneOf(rapid.StringMatching(`0|[1-9][0-9]{0,10}`), rapid.String()).Draw(t, "key")
		if seen[key] {
			continue
		}
		seen[key] = true
		if b.Len() > 0 {
			b.WriteString(" ,\t")
		}
		quoted, err := json.Marshal(key)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(quoted)
		b.WriteString(": ")
		b.WriteString(anything(t, depth))
	}
	return b.String()
}

func anything(t *rapid.T, depth int) string {
	switch rapid.IntRange(0, 6).Draw(t, "kind") {
	case 0:
		return rapid.SampledFrom([]string{"null", "true", "false"}).Draw(t, "literal")
	case 1:
		return rapid.StringMatching(`-?(0|[1-9][0-9]{0,16})(\.[0-9]{1,8})?([eE][+-]?[0-9]{1,2})?`).Draw(t, "number")
	case 2:
		text, err := json.Marshal(rapid.Float64().Draw(t, "float"))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	case 3, 4:
		text, err := json.Marshal(rapid.String().Draw(t, "text"))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	case 5:
		if depth == 0 {
			return "[]"
		}
		return "[ " + anything(t, depth-1) + ", " + anything(t, depth-1) + "]"
	}
	if depth == 0 {
		return "{}"
	}
	return "{" + members(t, depth-1) + "}"
}
