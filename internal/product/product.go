// Package product is the catalogue of reports.
//
// [All] lists every product, [Resolve] finds one by name. To add a product, make
// a folder with a function Product() and a fields.tsv, and run go generate: a
// folder that holds a fields.tsv is a product, and nothing else has to be told
// of it. Package spec says what a descriptor holds.
package product

//go:generate go run gen.go

import (
	"slices"
	"strings"
	"sync"

	"github.com/openklaas/klaas/internal/product/spec"
)

type catalogue struct {
	all    []*spec.Product
	byName map[string]named
}

type named struct {
	product *spec.Product
	kind    spec.Kind
}

// load makes the descriptors once for the life of the program. They are never
// changed.
var load = sync.OnceValue(func() *catalogue {
	c := &catalogue{all: products(), byName: make(map[string]named)}
	slices.SortFunc(c.all, func(a, b *spec.Product) int { return a.Order - b.Order })
	for _, p := range c.all {
		for _, kind := range p.Kinds {
			for _, name := range append(p.OtherNames(kind), p.FullName(kind)) {
				c.byName[name] = named{p, kind}
			}
		}
	}
	return c
})

// All returns every product in catalogue order. The slice is the caller's.
func All() []*spec.Product { return slices.Clone(load().all) }

// Resolve returns the product and kind of a name, main name or alias, in any
// case. A name without prefix is a legacy product's: balance is the report in
// the old envelope, pf_balance that in the current one. ok is false for a name
// that is no product's.
func Resolve(name string) (p *spec.Product, k spec.Kind, ok bool) {
	found, ok := load().byName[strings.ToLower(name)]
	return found.product, found.kind, ok
}
