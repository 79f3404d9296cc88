package report

import (
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/product/spec"
)

// Engine names what made a report: two reports of one document with the same
// engine are equal.
type Engine struct {
	Program  string // version of the program
	Taxonomy string // of the category tree
	Rules    string // of the classifier's rule tables
	Model    string // of its trained tier
	Tables   string // of its merchant tables
	Settings string // hash of the effective settings
}

// maxEvidence is how many ids a report lists under a figure. The evidence endpoint
// gives all.
const maxEvidence = 500

// withNotes returns the input of an analytic report that tells the evidence of its
// figures; of another report the input as it is.
func withNotes(p *spec.Product, in *spec.Input) *spec.Input {
	if !p.Analytic || !in.Extended(p) {
		return in
	}
	noted := *in
	noted.Notes = new(spec.Notes)
	return &noted
}

// writeExtensions writes the extension blocks. Evidence is of analytic products.
func writeExtensions(w *encode.Writer, p *spec.Product, in *spec.Input, e *Engine) {
	if in.Notes != nil {
		writeEvidence(w, in)
	}
	writeSufficiency(w, p, in)
	w.Key("engine")
	w.OpenObject()
	w.Field("program", e.Program)
	w.Field("taxonomy", e.Taxonomy)
	w.Field("rules", e.Rules)
	w.Field("model", e.Model)
	w.Field("tables", e.Tables)
	w.Field("settingsHash", e.Settings)
	w.CloseObject()
}

// writeEvidence writes the ids behind every figure and the pointers of those that
// have more than are listed.
func writeEvidence(w *encode.Writer, in *spec.Input) {
	var truncated []string
	w.Key("evidence")
	w.OpenObject()
	for i := range in.Notes.Figures {
		f := &in.Notes.Figures[i]
		if f.Kind == spec.Stated {
			continue
		}
		w.Key(f.Pointer)
		if !writeItems(w, in.Facts, f.Behind) {
			truncated = append(truncated, f.Pointer)
		}
	}
	w.CloseObject()
	w.Key("evidenceTruncated")
	writeTexts(w, truncated)
}

// writeItems reports whether all items are listed.
func writeItems(w *encode.Writer, facts *fact.Facts, behind fact.Evidence) bool {
	w.OpenArray()
	defer w.CloseArray()
	if behind == nil {
		return true
	}
	listed := 0
	for item := range behind {
		if listed == maxEvidence {
			return false
		}
		w.String(item.ID(facts))
		listed++
	}
	return true
}

// extensions is the schema of the extension blocks.
func extensions(p *spec.Product) []*node {
	optional := func(n *node) *node {
		n.required = false
		return n
	}
	var blocks []*node
	if p.Analytic {
		blocks = append(blocks,
			&node{key: "evidence", kind: "object", open: true, meaning: "by JSON pointer of a figure the ids behind it, newest first, at most 500; by the setting extensions"},
			&node{key: "evidenceTruncated", kind: "array", item: text("", ""), meaning: "pointers of figures with more ids than are listed"},
		)
	}
	return append(blocks, sufficiency(), optional(object("engine", "what made the report; by the setting extensions",
		text("program", "version of the program"), text("taxonomy", "version of the category tree"),
		text("rules", "version of the rule tables"), text("model", "version of the model"),
		text("tables", "version of the merchant tables"), text("settingsHash", "of the effective settings"),
	)))
}
