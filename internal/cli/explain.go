package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/openfinance"
)

// explain prints what the ledger makes of every entry of every file.
func (c *analyzeCommand) explain(p *program, options klaas.Options) error {
	if c.Out != "" {
		return usagef("--explain prints to standard output: leave --out away")
	}
	for _, file := range c.Files {
		document, err := p.document(file)
		if err != nil {
			return err
		}
		entries, err := klaas.Explain(document, options)
		var syntax *openfinance.SyntaxError
		var refused *openfinance.InvalidError
		if errors.As(err, &syntax) || errors.As(err, &refused) {
			tell(p, file, err)
			return invalidInput{"a document could not be used"}
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name(file), err)
		}
		if c.JSON {
			err = p.explainedLines(entries)
		} else {
			err = p.explainedTable(entries)
		}
		if err != nil {
			return err
		}
	}
	return nil
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
