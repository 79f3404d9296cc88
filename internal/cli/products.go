package cli

import (
	"strings"

	"github.com/openklaas/klaas/internal/product"
	"github.com/openklaas/klaas/internal/product/spec"
)

type productsCommand struct {
	JSON bool `name:"json" help:"Print JSON."`
}

// listedProduct is a product under one of its names.
type listedProduct struct {
	Name     string         `json:"name"`
	Versions []spec.Version `json:"versions"`
	BodyKey  string         `json:"bodyKey"`
	Level    string         `json:"level"` // institution or user
	Required []string       `json:"requiredSections"`
	Further  []string       `json:"furtherSections,omitempty"`
	Aliases  []string       `json:"aliases,omitempty"`
	Title    string         `json:"title"`
	Titulo   string         `json:"titulo"`
	Purpose  string         `json:"purpose"`
	Legacy   bool           `json:"legacy,omitempty"` // in the envelope of 2022
}

// Run prints every product in catalogue order, persons' before companies'.
func (c *productsCommand) Run(p *program) error {
	var all []listedProduct
	for _, kind := range []spec.Kind{spec.PF, spec.PJ} {
		for _, p := range product.All() {
			if listed, ok := list(p, kind); ok {
				all = append(all, listed)
			}
		}
	}
	if c.JSON {
		return p.json(all)
	}
	rows := [][]string{{"PRODUCT", "VERSIONS", "LEVEL", "SECTIONS", "TITLE"}}
	for _, l := range all {
		versions := make([]string, len(l.Versions))
		for i, v := range l.Versions {
			versions[i] = string(v)
		}
		rows = append(rows, []string{l.Name, strings.Join(versions, " "), l.Level, strings.Join(l.Required, " "), l.Title})
	}
	return p.table(rows)
}

func list(p *spec.Product, kind spec.Kind) (listedProduct, bool) {
	fits := false
	for _, k := range p.Kinds {
		fits = fits || k == kind
	}
	if !fits {
		return listedProduct{}, false
	}
	sections := p.Sections(kind)
	l := listedProduct{
		Name: p.FullName(kind), Versions: p.Versions, BodyKey: p.BodyKey, Level: "institution",
		Required: sections.Required, Further: sections.Further, Aliases: p.OtherNames(kind), Legacy: p.Legacy != nil,
		Title: p.Title.EN, Titulo: p.Title.PT, Purpose: p.Purpose.EN,
	}
	if p.Analytic {
		l.Level = "user"
	}
	return l, true
}
