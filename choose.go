package klaas

import (
	"slices"
	"strings"

	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/report"
	"github.com/openklaas/klaas/openfinance"
)

// OptionError says which option of an analysis cannot be met, and how to mend it.
type OptionError struct {
	Option  string // the field of Options: Settings, Products, Versions, SecretKey
	Message string
}

func (e *OptionError) Error() string { return e.Option + ": " + e.Message }

// everything asks for every product that fits the document, but for the legacy
// ones: their envelope is another, so a receiver of theirs names them.
const everything = "all"

// oldEnvelope asks for every legacy product that fits the document.
const oldEnvelope = "legacy"

// choose returns the reports to make, in catalogue order, then by version, and
// the products of the settings that do not fit the document's kind.
//
// The names of Options.Products are made as asked. Else the products of the
// settings are, narrowed by the document's own list; a name in such a list that
// is of the wrong kind gives a report that says so.
func choose(doc *openfinance.Document, book *ledger.Ledger, o *Options) (orders []order, notSent []string, err error) {
	fit := kinds(&book.Person)
	c := chooser{fit: fit}
	if len(o.Products) > 0 {
		err = c.named(o.Products, o.Versions)
	} else {
		err = c.configured(o.Settings.Products, doc.Request.Products)
	}
	if err != nil {
		return nil, nil, err
	}
	for _, order := range c.orders {
		if order.product.Encrypts(order.version) && o.SecretKey == "" {
			return nil, nil, &OptionError{"SecretKey", "version V1.1 encrypts tax ids: give the application's secret key"}
		}
	}
	c.sort()
	return c.orders, c.notSent, nil
}

type chooser struct {
	fit     []spec.Kind
	orders  []order
	notSent []string
}

// named takes names of a caller, and names of all products of an envelope.
func (c *chooser) named(names, versions []string) error {
	want, err := parseVersions(versions)
	if err != nil {
		return err
	}
	for _, name := range names {
		if old := strings.EqualFold(name, oldEnvelope); old || strings.EqualFold(name, everything) {
			c.everything(want, old)
			continue
		}
		p, k, ok := product.Resolve(name)
		if !ok {
			return unknownProduct()
		}
		if before := len(c.orders); c.add(p, k, want) == 0 && len(c.orders) == before && !c.has(p, k) {
			return &OptionError{"Versions", p.FullName(k) + " has none of these versions: it has " + versionList(p)}
		}
	}
	return nil
}

// everything orders the products that fit the document, of the old envelope or of
// the current one.
func (c *chooser) everything(versions []spec.Version, old bool) {
	for _, p := range product.All() {
		for _, k := range p.Kinds {
			if slices.Contains(c.fit, k) && (p.Legacy != nil) == old {
				c.add(p, k, versions)
			}
		}
	}
}

// configured takes the products of an application's settings, narrowed by the
// names that the request itself gives.
func (c *chooser) configured(choices []ProductChoice, request []string) error {
	asked, all, err := resolve(request)
	if err != nil {
		return err
	}
	for _, choice := range choices {
		p, k, ok := product.Resolve(choice.Name)
		if !ok {
			return unknownProduct()
		}
		want, err := parseVersions(choice.Versions)
		if err != nil {
			return err
		}
		name := p.FullName(k)
		switch named := asked[name]; {
		case !all && !named:
		case named || slices.Contains(c.fit, k):
			c.add(p, k, want)
		default:
			c.notSent = append(c.notSent, name)
		}
	}
	return nil
}

// resolve returns the main names of a request's list, and whether it is open: no
// list at all, or "all".
func resolve(request []string) (names map[string]bool, all bool, err error) {
	names = make(map[string]bool, len(request))
	all = len(request) == 0
	for _, name := range request {
		if strings.EqualFold(name, everything) {
			all = true
			continue
		}
		p, k, ok := product.Resolve(name)
		if !ok {
			return nil, false, unknownProduct()
		}
		names[p.FullName(k)] = true
	}
	return names, all, nil
}

func unknownProduct() error {
	return &OptionError{"Products", "a name is no product of klaas: the command klaas products lists them"}
}

// add orders the versions that the product has, the first one where none is named,
// and returns how many.
func (c *chooser) add(p *spec.Product, k spec.Kind, versions []spec.Version) int {
	added := 0
	if versions == nil {
		versions = p.Versions[:1]
	}
	for _, v := range versions {
		o := order{product: p, kind: k, version: v}
		if !slices.Contains(c.fit, k) {
			o.code = report.CodeWrongKind
		}
		if slices.Contains(p.Versions, v) && !slices.Contains(c.orders, o) {
			c.orders = append(c.orders, o)
			added++
		}
	}
	return added
}

func (c *chooser) has(p *spec.Product, k spec.Kind) bool {
	return slices.ContainsFunc(c.orders, func(o order) bool { return o.product == p && o.kind == k })
}

// sort brings the orders into catalogue order, whatever order they were named in.
func (c *chooser) sort() {
	place := make(map[*spec.Product]int)
	for i, p := range product.All() {
		place[p] = i
	}
	versions := []spec.Version{spec.V1, spec.V11, spec.V2}
	slices.SortStableFunc(c.orders, func(a, b order) int {
		if a.product != b.product {
			return place[a.product] - place[b.product]
		}
		if a.kind != b.kind {
			return int(a.kind) - int(b.kind)
		}
		return slices.Index(versions, a.version) - slices.Index(versions, b.version)
	})
}

// parseVersions returns nil for no names.
func parseVersions(names []string) (versions []spec.Version, err error) {
	for _, name := range names {
		switch v := spec.Version(strings.ToUpper(name)); v {
		case spec.V1, spec.V11, spec.V2:
			versions = append(versions, v)
		default:
			return nil, &OptionError{"Versions", "a version is V1, V1.1 or V2"}
		}
	}
	return versions, nil
}

func versionList(p *spec.Product) string {
	names := make([]string, len(p.Versions))
	for i, v := range p.Versions {
		names[i] = string(v)
	}
	return strings.Join(names, ", ")
}
