package encode_test

import (
	"bytes"
	"encoding/json"
	"math"
	"os/exec"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/money"
)

func TestStrings(t *testing.T) {
	for text, want := range map[string]string{
		"":                   `""`,
		"São Paulo <&> 'x'":  `"São Paulo <&> 'x'"`,
		"a\"b\\c/d":          `"a\"b\\c/d"`,
		"\b\f\n\r\t\x00\x1f": `"\b\f\n\r\t\u0000\u001f"`,
		"\u2028\u2029\x7f":   "\"\u2028\u2029\x7f\"",
		"bad \xff byte":      "\"bad \ufffd byte\"",
		"😀":                  `"😀"`,
	} {
		if got := string(encode.AppendString(nil, text)); got != want {
			t.Errorf("AppendString(%q) = %s, want %s", text, got, want)
		}
	}
}

func TestNumbersHaveTheFormOfJavaScript(t *testing.T) {
	for amount, want := range map[money.Amount]string{
		0: "0", 10_000: "1", 12_500: "1.25", 125_000: "12.5", -49: "0", -50: "-0.01", 50: "0.01",
		1_000_000: "100", 9_000_000_000_000_000: "900000000000",
	} {
		var w encode.Writer
		w.OpenObject()
		w.Number("a", amount)
		w.CloseObject()
		if got := string(w.Bytes()); got != `{"a":`+want+`}` {
			t.Errorf("Number(%d) = %s, want %s", amount, got, want)
		}
	}
}

func TestExactNumbersKeepWhatJavaScriptHolds(t *testing.T) {
	for amount, want := range map[money.Amount]string{
		0: "0", 10_000: "1", 12_500: "1.25", -49: "-0.0049", 1: "0.0001", 100_300: "10.03", -150_050_000: "-15005",
		999_999_999_999_999: "99999999999.9999", 1_000_000_000_000_005: "100000000000.001",
		math.MaxInt64: "922337203685478", math.MinInt64 + 1: "-922337203685478",
	} {
		var w encode.Writer
		w.OpenObject()
		w.Exact("a", amount)
		w.CloseObject()
		if got := string(w.Bytes()); got != `{"a":`+want+`}` {
			t.Errorf("Exact(%d) = %s, want %s", amount, got, want)
		}
	}
}

func TestCommasStandBetweenValues(t *testing.T) {
	var w encode.Writer
	w.OpenObject()
	w.Field("a", "x")
	w.FieldIf("left out", "")
	w.Key("b")
	w.OpenArray()
	w.String("1")
	w.OpenObject()
	w.Bool("t", true)
	w.Null("n")
	w.CloseObject()
	w.OpenArray()
	w.CloseArray()
	w.CloseArray()
	w.Members(nil)
	w.Members([]byte(`"m":1,"o":2`))
	w.Int("i", -7)
	w.CloseObject()
	const want = `{"a":"x","b":["1",{"t":true,"n":null},[]],"m":1,"o":2,"i":-7}`
	if got := string(w.Bytes()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A string that ends in an opening bracket must not swallow the comma after it.
func TestAStringThatEndsInABracketKeepsTheCommaAfterIt(t *testing.T) {
	var w encode.Writer
	w.OpenArray()
	w.String("[")
	w.String("{")
	w.String(":")
	w.CloseArray()
	if got := string(w.Bytes()); got != `["[","{",":"]` {
		t.Errorf("got %s", got)
	}
}

func TestStringsReadBackAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		var back string
		if err := json.Unmarshal(encode.AppendString(nil, text), &back); err != nil || back != text {
			t.Fatalf("%q came back as %q (%v)", text, back, err)
		}
	})
}

func TestNodeWritesTheSameBytes(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node is not installed: the comparison with JSON.stringify is left out")
	}
	var lines bytes.Buffer
	generator := rapid.Custom(func(t *rapid.T) string { return rapid.String().Draw(t, "s") })
	for seed := range 2000 {
		lines.Write(encode.AppendString(nil, generator.Example(seed)))
		lines.WriteByte('\n')
		var w encode.Writer
		w.OpenObject()
		w.Number("n", money.Amount(rapid.Int64Range(-1e15, 1e15).Example(seed)))
		w.Exact("e", money.Amount(rapid.Int64Range(math.MinInt64+1, math.MaxInt64).Example(seed)))
		w.CloseObject()
		lines.Write(w.Bytes())
		lines.WriteByte('\n')
	}
	const script = `const s=require("fs").readFileSync(0,"utf8").split("\n");
		for(const l of s) if(l && JSON.stringify(JSON.parse(l))!==l) console.log(l)`
	cmd := exec.Command(node, "-e", script)
	cmd.Stdin = strings.NewReader(lines.String())
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatal(err, string(out))
	}
	if len(out) > 0 {
		t.Errorf("JSON.stringify writes these otherwise:\n%s", out)
	}
}

func TestPlainBytesAreFoundWhereverTheyStand(t *testing.T) {
	for c := range 256 {
		for at := range 17 {
			raw := bytes.Repeat([]byte{'x'}, 17)
			raw[at] = byte(c)
			var back string
			text := strings.ToValidUTF8(string(raw), "\uFFFD")
			if err := json.Unmarshal(encode.AppendString(nil, string(raw)), &back); err != nil || back != text {
				t.Fatalf("byte %#x at %d came back as %q (%v)", c, at, back, err)
			}
		}
	}
}

func BenchmarkAppendString(b *testing.B) {
	const text = "PIX ENVIADO SUPERMERCADO SAO JOAO LTDA 12/03"
	buf := make([]byte, 0, 128)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		buf = encode.AppendString(buf[:0], text)
	}
}
