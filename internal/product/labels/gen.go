//go:build ignore

// The program writes docs/labels.md anew. It is run by go generate.
package main

import (
	"fmt"
	"os"

	"github.com/openklaas/klaas/internal/product/labels"
)

func main() {
	if err := os.WriteFile("../../../docs/labels.md", labels.Page(), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
