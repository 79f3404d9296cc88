package pages_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/openklaas/klaas/internal/product/pages"
)

const docs = "../../../docs/products"

func TestThePagesAreFresh(t *testing.T) {
	want, err := pages.Files("..")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range want {
		got, err := os.ReadFile(filepath.Join(docs, name))
		if err != nil || !bytes.Equal(got, text) {
			t.Errorf("docs/products/%s is stale (%v): run go generate ./internal/product/pages", filepath.ToSlash(name), err)
		}
	}
	err = filepath.WalkDir(docs, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(docs, path)
		if err == nil && want[name] == nil {
			t.Errorf("docs/products/%s is of no product: run go generate ./internal/product/pages", filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
