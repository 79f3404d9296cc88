// Command train makes internal/classify/model/model.bin from the data of this
// repository: "make model". It prints how good the model is on shops that it has not
// seen (cross-validation by shop) and how its margins become confidences. The same
// data gives the same file on every machine.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/openklaas/klaas/internal/classify/model"
)

func main() {
	root := flag.String("root", "internal/classify", "the folder with data, training and testdata")
	out := flag.String("out", "", "the file to write; root/model/model.bin by default")
	wrong := flag.String("errors", "", "also write the lines that cross-validation got wrong to this file")
	flag.Parse()
	if *out == "" {
		*out = filepath.Join(*root, "model", "model.bin")
	}
	if err := run(os.Stdout, *root, *out, *wrong); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(w io.Writer, root, out, wrong string) error {
	start := time.Now()
	c, err := readCorpus(root)
	if err != nil {
		return err
	}
	l := newLabels(c.items)
	examples := l.examples(c.items, &c.habits)
	var parts *model.Parts
	var wg sync.WaitGroup
	wg.Go(func() { parts = quantise(l, learn(l, examples)) })
	verdicts, err := crossValidate(c, l)
	wg.Wait()
	if err != nil {
		return err
	}
	steps := calibrate(verdicts)
	report(w, verdicts, steps)
	if wrong != "" {
		if err := writeErrors(wrong, verdicts, steps); err != nil {
			return err
		}
	}

	parts.Data, parts.Steps = c.hash, steps
	file, err := model.Encode(parts)
	if err != nil {
		return err
	}
	m, err := model.Read(file)
	if err != nil {
		return err
	}
	if err := os.WriteFile(out, file, 0o644); err != nil {
		return err
	}
	fmt.Fprintf(w, "\nmodel %s: %d items, %d examples, %d categories, %d KiB, %s\n",
		m.Version(), len(c.items), len(examples), len(l.codes), len(file)>>10, time.Since(start).Round(time.Second))
	return nil
}

// writeErrors lists what cross-validation got wrong, for those who write data.
func writeErrors(path string, verdicts []verdict, steps []model.Step) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	for _, v := range verdicts {
		if !v.right {
			fmt.Fprintf(f, "%d\t%s\t%s\t%v\t%s\n", said(steps, v.margin), v.item.family, v.code, v.item.codes, v.item.text)
		}
	}
	return f.Close()
}
