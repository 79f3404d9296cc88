//go:build !race

// The race detector takes memory of its own.

package openfinance_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"github.com/openklaas/klaas/openfinance"
)

// peakChild names the document that a process of this test reads once, to tell
// what it took.
const peakChild = "KLAAS_READ_PEAK"

func TestMain(m *testing.M) {
	if path := os.Getenv(peakChild); path != "" {
		fmt.Println(peak(path))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// peak returns how many bytes this process grows by while it reads a document.
func peak(path string) int64 {
	debug.FreeOSMemory()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil { // forgets the peak so far
		panic(err)
	}
	before := resident("VmRSS:")
	body, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	doc, _, err := openfinance.Read(body)
	if doc == nil { // also a document that is rejected for its records was read
		panic(err)
	}
	after := resident("VmHWM:")
	runtime.KeepAlive(doc)
	return after - before
}

// resident reads a line of this process's memory account, in bytes.
func resident(line string) int64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		panic(err)
	}
	for row := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(row, line); ok {
			n, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			if err != nil {
				panic(err)
			}
			return n << 10
		}
	}
	panic("no line " + line)
}

// TestPeakMemory reads documents of 50 MiB, each in a process of its own: the
// official examples many times over, one record with a long list, and the smallest
// records that can be.
func TestPeakMemory(t *testing.T) {
	const (
		size = 50 << 20
		most = 8 // times the size
	)
	if _, err := os.Stat("/proc/self/clear_refs"); err != nil {
		t.Skip("the peak of a process is read from /proc")
	}
	loan, fund := example(t, "loans-2.5.0"), example(t, "funds-1.1.0")
	payments := loan["payments"].(map[string]any)
	for _, c := range []struct{ name, before, repeated, after string }{
		{"accounts", `{"accounts":[`, jsonOf(t, example(t, "accounts-2.4.2")), `]}`},
		{"contracts", `{"loans":[`, jsonOf(t, loan), `]}`},
		{"releases of one contract", `{"loans":[{"contractId":"c","payments":{"releases":[`, jsonOf(t, payments["releases"].([]any)[0]), `]}}]}`},
		{"holdings", `{"funds":[`, jsonOf(t, fund), `]}`},
		{"movements of one holding", `{"funds":[{"investmentId":"i","transactions":[`, jsonOf(t, fund["transactions"].([]any)[0]), `]}]}`},
		{"smallest accounts", `{"accounts":[`, `{}`, `]}`},
		{"smallest holdings", `{"funds":[`, `{"investmentId":1}`, `]}`},
		{"smallest movements", `{"accounts":[{"transactions":[`, `{"creditDebitType":"DEBITO","transactionDate":"2021-01-07","amount":1}`, `]}]}`},
		{"smallest texts", `{"personalCustomerFinancialRelation":[{"productsServicesType":[`, `"X"`, `]}]}`},
		{"escaped texts", `{"loans":[`, `{"contractId":1,"productName":"\u00e7` + strings.Repeat(`\"`, 500) + `"}`, `]}`},
		{"nothing but faults", `{"loans":[`, `1`, `]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "userdata.json")
			n := size / (len(c.repeated) + 1)
			body := c.before + strings.Repeat(c.repeated+",", n) + c.repeated + c.after
			if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
				t.Fatal(err)
			}
			child := exec.Command(os.Args[0])
			child.Env = append(os.Environ(), peakChild+"="+path)
			out, err := child.Output()
			if err != nil {
				t.Fatal(err)
			}
			grown, err := strconv.ParseInt(strings.TrimSpace(string(out)), 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			times := float64(grown) / float64(len(body))
			t.Logf("%.1f times its size", times)
			if times > most {
				t.Errorf("a document of 50 MiB takes %.1f times its size, want at most %d", times, most)
			}
		})
	}
}

// example returns the first record of an official example, without envelopes.
func example(t *testing.T, name string) map[string]any {
	t.Helper()
	var value map[string]any
	if err := json.Unmarshal(official(t)[name], &value); err != nil {
		t.Fatal(err)
	}
	for _, section := range bare(value).(map[string]any) {
		return section.([]any)[0].(map[string]any)
	}
	t.Fatal("no section")
	return nil
}

func jsonOf(t *testing.T, value any) string {
	t.Helper()
	body, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
