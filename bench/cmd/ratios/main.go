// Ratios runs the benchmarks of the whole road and prints what docs/performance.md
// states: each stage over the denominator, which is measured in the same run.
//
//	go run ./bench/cmd/ratios
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/openklaas/klaas/internal/product"
)

// row is one line of the table.
type row struct {
	what         string
	value        func(results) (float64, bool)
	format       string
	budget, goal string
}

// results are the figures of each benchmark by unit; the units are those of
// `go test -bench`.
type results map[string]map[string]float64

var rows = []row{
	{"read", over("Read"), "%.2f ×", "", ""},
	{"read + clean", over("ReadClean"), "%.2f ×", "≤ 1.6 ×", "1.2 ×"},
	{"classify", over("Classify"), "%.2f ×", "≤ 0.8 ×", ""},
	{"classify, movements/s on one core", unit("Classify", "movements/s"), "%.0f", "≥ 1,000,000", ""},
	{"movements for which the model is asked", unit("Classify", "%asked-model"), "%.1f %%", "", ""},
	{"facts and analytic products, V1, encoded", over("Analytic"), "%.2f ×", "≤ 1.0 ×", "0.6 ×"},
	{"the same in V2, with the evidence of every figure, whole reports", over("Evidence"), "%.2f ×", "", ""},
	{"the bytes of those over the document's", outputOver("Evidence"), "%.2f ×", "", ""},
	{"statement, categorised and legacy products, V1, encoded", over("Statements"), "%.2f ×", "≤ 1.6 ×", "1.2 ×"},
	{"their bytes over the document's", outputOver("Statements"), "%.2f ×", "", ""},
	{"their bytes, MB/s on one core", speed("Statements"), "%.0f", "", ""},
	{"the whole, from bytes to reports", over("Analyze"), "%.2f ×", "≤ 5 ×", "3 ×"},
	{"peak memory of that over the document's size", unit("Peak", "peak/size"), "%.1f ×", "≤ 8 ×", "5 ×"},
	{"accept, durable, 8 clients, over bare FULL commits", ratio("Accept", "BareCommit", "docs/s"), "%.2f ×", "≥ 0.5 ×", "1 ×"},
	{"categorisation call, 100 transactions, 500 calls/s, p50", unit("CategoriseCall", "ms-p50"), "%.2f ms", "", ""},
	{"categorisation call, 100 transactions, 500 calls/s, p95", unit("CategoriseCall", "ms-p95"), "%.2f ms", "≤ 2 ms", ""},
	{"accepted to the last report's first attempt, p50", unit("Latency", "ms-p50"), "%.0f ms", "", ""},
	{"accepted to the last report's first attempt, p95", unit("Latency", "ms-p95"), "%.0f ms", "≤ 200 ms", "100 ms"},
}

// runs are the benchmarks to run, package by package.
var runs = []struct {
	pkg, pattern, time string
	oneCore            bool // the budgets of the stages are for one core
}{
	{"./bench", "^Benchmark(Plain|Read|ReadClean|Classify|Analytic|Evidence|Statements|Analyze)$", "2s", true},
	{"./bench", "^BenchmarkProduct$", "500x", true},
	{"./bench", "^BenchmarkPeak$", "5x", false},
	{"./bench", "^BenchmarkCategoriseCall$", "5000x", false},
	{"./bench", "^BenchmarkLatency$", "60x", false},
	{"./internal/receive", "^Benchmark(Accept|BareCommit)$", "3s", false},
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "ratios:", err)
		os.Exit(1)
	}
}

func run() error {
	all := results{}
	for _, r := range runs {
		args := []string{"test", "-run", "^$", "-bench", r.pattern, "-benchtime", r.time}
		if r.oneCore {
			args = append(args, "-cpu", "1")
		}
		args = append(args, r.pkg)
		test := exec.Command("go", args...)
		var out bytes.Buffer
		test.Stdout, test.Stderr = io.MultiWriter(&out, os.Stderr), os.Stderr
		if err := test.Run(); err != nil {
			return fmt.Errorf("go %s: %w", strings.Join(args, " "), err)
		}
		if err := all.read(&out); err != nil {
			return err
		}
	}
	return all.print(os.Stdout)
}

// read takes lines such as "BenchmarkRead-2  64  30935937 ns/op  78.40 MB/s".
func (all results) read(out io.Reader) error {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(fields[0], "Benchmark"), "-")
		figures := map[string]float64{}
		for i := 2; i+1 < len(fields); i += 2 {
			value, err := strconv.ParseFloat(fields[i], 64)
			if err != nil {
				return fmt.Errorf("benchmark line %q: %w", lines.Text(), err)
			}
			figures[fields[i+1]] = value
		}
		all[name] = figures
	}
	return lines.Err()
}

func (all results) print(out io.Writer) error {
	fmt.Fprintf(out, "\n%s, %s/%s, %s, %d CPUs, %s\n", time.Now().UTC().Format(time.DateOnly), runtime.GOOS, runtime.GOARCH, runtime.Version(), runtime.NumCPU(), processor())
	fmt.Fprintf(out, "denominator: %.1f MB/s\n\n", all["Plain"]["MB/s"])
	w := tabwriter.NewWriter(out, 0, 0, 1, ' ', tabwriter.Debug)
	fmt.Fprintln(w, "| What\t Measured\t Budget\t Goal\t")
	fmt.Fprintln(w, "|---\t---\t---\t---\t")
	for _, r := range rows {
		value, ok := r.value(all)
		if !ok {
			return fmt.Errorf("no figure for %q", r.what)
		}
		fmt.Fprintf(w, "| %s\t %s\t %s\t %s\t\n", r.what, fmt.Sprintf(r.format, value), r.budget, r.goal)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return all.printProducts(out)
}

// printProducts prints the products that were measured alone, in the order of the
// catalogue.
func (all results) printProducts(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 1, ' ', tabwriter.Debug)
	fmt.Fprintln(w, "\n| Product alone\t kB\t MB/s\t Allocations a report\t")
	fmt.Fprintln(w, "|---\t---\t---\t---\t")
	for _, p := range product.All() {
		name := p.FullName(p.Kinds[0])
		if figures := all["Product/"+name]; figures != nil {
			fmt.Fprintf(w, "| `%s`\t %.1f\t %.0f\t %.0f\t\n", name, figures["written-B"]/1000, figures["MB/s"], figures["allocs/op"])
		}
	}
	return w.Flush()
}

// over is the time of a benchmark over that of the denominator.
func over(name string) func(results) (float64, bool) { return ratio(name, "Plain", "ns/op") }

func ratio(name, base, unit string) func(results) (float64, bool) {
	return func(all results) (float64, bool) {
		value, base := all[name][unit], all[base][unit]
		return value / base, value > 0 && base > 0
	}
}

func unit(name, unit string) func(results) (float64, bool) {
	return func(all results) (float64, bool) {
		value, ok := all[name][unit]
		return value, ok
	}
}

// outputOver is what a benchmark writes over the size of the document.
func outputOver(name string) func(results) (float64, bool) {
	return func(all results) (float64, bool) {
		written := all[name]["written-B"]
		size := all[name]["MB/s"] * 1e6 * all[name]["ns/op"] / 1e9
		return written / size, written > 0 && size > 0
	}
}

// speed is what a benchmark writes a second, in MB.
func speed(name string) func(results) (float64, bool) {
	return func(all results) (float64, bool) {
		written, took := all[name]["written-B"], all[name]["ns/op"]
		return written / took * 1000, written > 0 && took > 0
	}
}

// processor names the machine's processor.
func processor() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	for line := range strings.Lines(string(text)) {
		if name, ok := strings.CutPrefix(line, "model name"); ok {
			return strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(name), ":"))
		}
	}
	return runtime.GOARCH
}
