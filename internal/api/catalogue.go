package api

import (
	"net/http"
	"strings"

	"github.com/openklaas/klaas/internal/product"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/report"
	"github.com/openklaas/klaas/taxonomy"
)

// Text is a text in Portuguese and English.
type Text struct {
	PT string `json:"pt"`
	EN string `json:"en"`
}

// ProductList lists every product that klaas can make.
type ProductList struct {
	Products []Product `json:"products"`
}

// Product is one product of one kind.
type Product struct {
	Name     string           `json:"name" example:"pf_checking_account"`
	Kind     string           `json:"kind" enum:"pf,pj" doc:"pf: of a person; pj: of a company"`
	Aliases  []string         `json:"aliases" doc:"Other names accepted in requests and settings"`
	Legacy   bool             `json:"legacy" doc:"Whether the report has the envelope of Klavi's first API; all does not stand for such a product"`
	Title    Text             `json:"title"`
	Purpose  Text             `json:"purpose"`
	BodyKey  string           `json:"bodyKey" doc:"The key of the report that holds the product's own data"`
	Required []string         `json:"requiredSections" doc:"Sections of the document without which the report has code 204"`
	Further  []string         `json:"furtherSections" doc:"Sections that it reads where they are present"`
	Versions []ProductVersion `json:"versions"`
}

// ProductVersion is one version of a product's reports.
type ProductVersion struct {
	Version string `json:"version" example:"V1"`
	Schema  string `json:"schema" format:"uri-reference" doc:"The JSON Schema of the report"`
}

// listProducts is GET of the catalogue.
func listProducts(_ *api, c *call) error {
	list := ProductList{Products: []Product{}}
	for _, p := range product.All() {
		for _, kind := range p.Kinds {
			list.Products = append(list.Products, describeProduct(p, kind))
		}
	}
	writeJSON(c, http.StatusOK, list)
	return nil
}

func describeProduct(p *spec.Product, kind spec.Kind) Product {
	sections := p.Sections(kind)
	name := p.FullName(kind)
	d := Product{
		Name: name, Kind: strings.TrimSuffix(kind.Prefix(), "_"),
		Aliases: p.OtherNames(kind), Legacy: p.Legacy != nil,
		Title: Text(p.Title), Purpose: Text(p.Purpose), BodyKey: p.BodyKey,
		Required: append([]string{}, sections.Required...), Further: append([]string{}, sections.Further...),
		Versions: make([]ProductVersion, len(p.Versions)),
	}
	for i, v := range p.Versions {
		d.Versions[i] = ProductVersion{Version: string(v), Schema: "/klaas/v1/products/" + name + "/schema?version=" + string(v)}
	}
	return d
}

// showSchema is GET of the JSON Schema of a product's reports, as the calling
// application gets them.
func showSchema(a *api, c *call) error {
	p, kind, ok := product.Resolve(c.req.PathValue("name"))
	if !ok {
		return fail(http.StatusNotFound, "there is no such product: GET /klaas/v1/products lists them")
	}
	version, err := versionOf(p, c.req.URL.Query().Get("version"))
	if err != nil {
		return err
	}
	settings, _, err := a.Accounts.Settings(c.req.Context(), c.principal.ApplicationID, 0)
	if err != nil {
		return err
	}
	writeBytes(c, http.StatusOK, "application/schema+json", report.Schema(p, kind, version, settings.StrictShape))
	return nil
}

// versionOf returns the version with that name in any case; "" is the product's first.
func versionOf(p *spec.Product, name string) (spec.Version, error) {
	if name == "" {
		return p.Versions[0], nil
	}
	names := make([]string, len(p.Versions))
	for i, v := range p.Versions {
		if strings.EqualFold(name, string(v)) {
			return v, nil
		}
		names[i] = string(v)
	}
	return "", badRequest("version", "must be a version of the product: "+strings.Join(names, ", "))
}

// Taxonomy is the category tree.
type Taxonomy struct {
	Version    string     `json:"version"`
	Categories []Category `json:"categories" doc:"In the order of the codes"`
}

// Category is one leaf of the tree.
type Category struct {
	Code      string  `json:"code" doc:"Six digits, two a level" example:"010101"`
	Level1    Text    `json:"level1"`
	Level2    Text    `json:"level2"`
	Level3    Text    `json:"level3"`
	Direction string  `json:"direction" enum:"C,D,C/D" doc:"C: credits, D: debits"`
	Company   bool    `json:"company" doc:"Part of the extension for companies"`
	Plaid     string  `json:"plaid,omitempty" doc:"Personal Finance Category v2"`
	Pluggy    string  `json:"pluggy,omitempty"`
	Belvo     string  `json:"belvo,omitempty"`
	MCC       []int32 `json:"mcc,omitempty" doc:"Merchant category codes (ISO 18245) of purchases in it"`
}

// showTaxonomy is GET of the category tree.
func showTaxonomy(_ *api, c *call) error {
	all := taxonomy.All()
	list := Taxonomy{Version: taxonomy.Version(), Categories: make([]Category, len(all))}
	for i, t := range all {
		list.Categories[i] = Category{
			Code: t.Code.String(), Level1: Text(t.Level1), Level2: Text(t.Level2), Level3: Text(t.Level3),
			Direction: string(t.Direction), Company: t.Company, Plaid: t.Plaid, Pluggy: t.Pluggy, Belvo: t.Belvo,
			MCC: taxonomy.MCCs(t.Code),
		}
	}
	writeJSON(c, http.StatusOK, list)
	return nil
}

// Health says that the server is there.
type Health struct {
	Status string `json:"status" example:"ok"`
}

// showHealth is GET of whether the process lives.
func showHealth(_ *api, c *call) error {
	writeJSON(c, http.StatusOK, Health{Status: "ok"})
	return nil
}

// showReady is GET of whether the server takes documents: its database answers
// and accepts writes, and it is not about to stop.
func showReady(a *api, c *call) error {
	if a.Draining() {
		return &failure{status: http.StatusServiceUnavailable, retryAfter: retrySeconds, message: "the server is about to stop"}
	}
	if err := a.Store.Ping(c.req.Context()); err != nil {
		return &failure{status: http.StatusServiceUnavailable, retryAfter: retrySeconds, message: "the database does not answer or does not take writes", cause: err}
	}
	writeJSON(c, http.StatusOK, Health{Status: "ready"})
	return nil
}

// showOpenAPI is GET of the OpenAPI document.
func showOpenAPI(a *api, c *call) error {
	writeBytes(c, http.StatusOK, "application/json", a.openAPI)
	return nil
}

// showDocs is GET of the documentation page.
func showDocs(a *api, c *call) error {
	h := c.Header()
	h.Set("Content-Security-Policy", a.docsPolicy)
	h.Set("Referrer-Policy", "no-referrer")
	writeBytes(c, http.StatusOK, "text/html; charset=utf-8", a.docs)
	return nil
}
