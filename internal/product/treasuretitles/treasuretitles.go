// Package treasuretitles lists government bonds (Tesouro Direto) with their position
// and movements.
package treasuretitles

import (
	_ "embed" // the field table

	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/holding"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
)

//go:embed fields.tsv
var fields string

// Product returns the descriptor.
func Product() *spec.Product {
	return &spec.Product{
		Order:       190,
		Name:        "treasure_titles",
		Kinds:       statement.BothKinds(),
		Aliases:     []string{"investments_treasure_titles"},
		BodyKey:     holding.BodyKey,
		Versions:    statement.Versions(),
		Title:       spec.Text{PT: "Títulos do Tesouro", EN: "Treasury titles"},
		Purpose:     spec.Text{PT: "Títulos públicos (Tesouro Direto), com posição e movimentações", EN: "Government bonds (Tesouro Direto) with their position and movements"},
		Sections:    statement.ListSections(ledger.TreasureTitle),
		Permissions: holding.Permissions(ledger.TreasureTitle),
		IDsTwice:    true,
		Fields:      spec.MustFields(fields),
		Write:       holding.Write(ledger.TreasureTitle),
	}
}
