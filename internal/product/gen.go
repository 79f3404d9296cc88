//go:build ignore

// The program writes products_gen.go. It is run by go generate.
package main

import (
	"fmt"
	"os"

	"github.com/openklaas/klaas/internal/product/internal/folders"
)

func main() {
	source, err := folders.List(".")
	if err == nil {
		err = os.WriteFile("products_gen.go", source, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
