//go:build ignore

// The program writes docs/products anew. It is run by go generate.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/openklaas/klaas/internal/product/pages"
)

const docs = "../../../docs/products"

func main() {
	if err := write(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func write() error {
	files, err := pages.Files("..")
	if err != nil {
		return err
	}
	if err := os.RemoveAll(docs); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(docs, "schema"), 0o755); err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(docs, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
