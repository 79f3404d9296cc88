package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/product"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/openfinance"
)

// explain prints, of every file, what the ledger makes of every entry, or why a
// figure is what it is.
func (c *analyzeCommand) explain(p *program, options klaas.Options) error {
	if c.Out != "" {
		return usagef("--explain prints to standard output: leave --out away")
	}
	explained := func(document []byte) error { return c.explainEntries(p, document, options) }
	if c.Explain != "ledger" {
		if !strings.HasPrefix(c.Explain, "/") {
			return usagef("--explain is neither ledger nor a JSON pointer such as /cashFlow/summary/last30Days/cashInflow")
		}
		which, err := c.figureOf()
		if err != nil {
			return err
		}
		explained = func(document []byte) error { return c.explainFigure(p, document, options, which) }
	}
	for _, file := range c.Files {
		document, err := p.document(file)
		if err != nil {
			return err
		}
		err = explained(document)
		var syntax *openfinance.SyntaxError
		var refused *openfinance.InvalidError
		if errors.As(err, &syntax) || errors.As(err, &refused) {
			tell(p, file, err)
			return invalidInput{"a document could not be used"}
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name(file), err)
		}
	}
	return nil
}

func (c *analyzeCommand) explainEntries(p *program, document []byte, options klaas.Options) error {
	entries, err := klaas.Explain(document, options)
	switch {
	case err != nil:
		return err
	case c.JSON:
		return p.explainedLines(entries)
	}
	return p.explainedTable(entries)
}

// figureOf returns the report that the pointer of --explain is about: that of
// --product and --versions, else of the product whose body the pointer begins with,
// in version V2 where it has that.
func (c *analyzeCommand) figureOf() (which klaas.Which, err error) {
	if len(c.Product) > 1 || len(c.Versions) > 1 {
		return which, usagef("--explain with a pointer is about one report: give one --product and one of --versions, or none")
	}
	body, _, _ := strings.Cut(c.Explain[1:], "/")
	for _, p := range product.All() {
		for _, k := range p.Kinds {
			named := len(c.Product) == 1 && c.isProduct(p, k)
			if named || len(c.Product) == 0 && p.Analytic && p.BodyKey == body {
				which.Product, which.Version = p.FullName(k), string(p.Versions[0])
				if slices.Contains(p.Versions, spec.V2) {
					which.Version = string(spec.V2) // it has the most figures
				}
				if len(c.Versions) == 1 {
					which.Version = c.Versions[0]
				}
				return which, nil
			}
		}
	}
	if len(c.Product) == 1 {
		return which, usagef("--product is no product of klaas: klaas products lists them")
	}
	return which, usagef("no report begins with /%s: give --product, or a pointer that begins with the key of an analytic product's body", body)
}

func (c *analyzeCommand) isProduct(p *spec.Product, k spec.Kind) bool {
	named, kind, ok := product.Resolve(c.Product[0])
	return ok && named == p && kind == k
}

// explainFigure prints why a figure is what it is.
func (c *analyzeCommand) explainFigure(p *program, document []byte, options klaas.Options, which klaas.Which) error {
	why, err := klaas.ExplainFigure(document, options, which, c.Explain)
	if errors.Is(err, klaas.ErrNoFigure) && len(c.Product) == 0 && strings.HasPrefix(which.Product, spec.PF.Prefix()) {
		// The document may be a company's.
		company := which
		company.Product = spec.PJ.Prefix() + strings.TrimPrefix(which.Product, spec.PF.Prefix())
		if _, _, ok := product.Resolve(company.Product); ok {
			why, err = klaas.ExplainFigure(document, options, company, c.Explain)
		}
	}
	switch {
	case errors.Is(err, klaas.ErrNoFigure), errors.Is(err, klaas.ErrNotAnalytic):
		return invalidInput{err.Error()}
	case err != nil:
		return err
	case c.JSON:
		encoder := json.NewEncoder(p.Out)
		encoder.SetEscapeHTML(false)
		return encoder.Encode(why)
	}
	return p.why(why)
}

// why prints a figure for people.
func (p *program) why(w *klaas.Why) error {
	if w.Follows == klaas.FollowsFigures {
		rows := [][]string{{"FIGURE", "VALUE", "FOLLOWS FROM ITS ITEMS AS"}}
		for _, f := range w.Figures {
			value := string(f.Value)
			if strings.HasPrefix(value, "[") || strings.HasPrefix(value, "{") {
				value = "(list)"
			}
			rows = append(rows, []string{f.Pointer, value, string(f.Follows)})
		}
		return p.table(rows)
	}
	head := [][]string{
		{"report", w.ProductName + " " + w.ProductVersion + ", reporting day " + w.ReferenceDay},
		{"figure", w.Pointer},
		{"value", string(w.Value)},
		{"formula", w.Formula.EN},
	}
	if w.Formula.PT != "" {
		head = append(head, []string{"fórmula", w.Formula.PT})
	}
	if w.Label != "" {
		head = append(head, []string{"label", w.Label})
	}
	if w.Window != nil {
		head = append(head, []string{"window", w.Window.From + " to " + w.Window.To})
	}
	if w.Under != "" {
		head = append(head, []string{"part of", w.Under})
	}
	head = append(head, []string{"follows", followsInWords[w.Follows]})
	if err := p.table(head); err != nil || len(w.Items) == 0 {
		return err
	}
	if _, err := fmt.Fprintln(p.Out); err != nil {
		return err
	}
	rows := [][]string{{"ITEM", "DAY", "AMOUNT", "ADDS", "ROLE", "CATEGORY", "BY", "TEXT"}}
	for i := range w.Items {
		item := &w.Items[i]
		row := []string{item.ID, "", "", item.Adds, "", "", "", item.Institution}
		if m := item.Movement; m != nil {
			amount, by := m.Amount, m.Tier
			if m.Direction == "debit" {
				amount = "-" + amount
			}
			if m.Rule != "" {
				by = m.Rule
			}
			row = []string{
				item.ID, m.Day, amount, item.Adds, m.Role, m.Code + " " + item.Category[2], by, strings.Join(strings.Fields(m.Text), " "),
			}
		}
		rows = append(rows, row)
	}
	return p.table(rows)
}

var followsInWords = map[klaas.Follows]string{
	klaas.FollowsSum:     "the sum of what the items add",
	klaas.FollowsCount:   "the number of items",
	klaas.FollowsFormula: "by the formula from the items",
	klaas.FollowsUnknown: "unknown: what it needs is not in the document",
	klaas.FollowsNothing: "from no movement: it is of the registration data, or stands for unknown",
}

func (p *program) explainedLines(entries []klaas.Explained) error {
	encoder := json.NewEncoder(p.Out)
	encoder.SetEscapeHTML(false)
	for i := range entries {
		if err := encoder.Encode(&entries[i]); err != nil {
			return err
		}
	}
	return nil
}

func (p *program) explainedTable(entries []klaas.Explained) error {
	rows := [][]string{{"ENTRY", "DAY", "AMOUNT", "STANDING", "ROLE", "BECAUSE", "WITH", "CATEGORY", "BY", "TEXT"}}
	for i := range entries {
		e := &entries[i]
		amount := e.Amount
		if e.Direction == "debit" {
			amount = "-" + amount
		}
		standing := e.Standing
		if e.Original != "" {
			standing += " of " + e.Original
		}
		if standing == "counted" && e.Phase != "effective" {
			standing = e.Phase
		}
		with := make([]string, len(e.Links))
		for j, link := range e.Links {
			with[j] = strings.TrimSpace(link.Kind + " " + link.With)
		}
		by := e.Tier
		if e.Rule != "" {
			by = e.Rule
		}
		rows = append(rows, []string{
			e.Path, e.Day, amount, standing, e.Role, strings.TrimSpace(e.StandingReason + " " + e.RoleReason), strings.Join(with, ", "), e.Code, by,
			strings.Join(strings.Fields(e.Text), " "),
		})
	}
	return p.table(rows)
}
