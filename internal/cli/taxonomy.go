package cli

import (
	"strings"

	"github.com/openklaas/klaas/taxonomy"
)

type taxonomyCommand struct {
	JSON    bool   `name:"json" help:"Print JSON, with the mappings to Plaid, Pluggy and Belvo."`
	English bool   `help:"Print the English names."`
	Search  string `arg:"" optional:"" help:"Only categories whose code or names hold this text."`
}

// listedCategory is a category as JSON.
type listedCategory struct {
	Code      string    `json:"code"`
	Names     [3]string `json:"names"`
	Nomes     [3]string `json:"nomes"`
	Direction string    `json:"direction"`
	Company   bool      `json:"company,omitempty"`
	PrintedAs string    `json:"printedAs,omitempty"`
	Plaid     string    `json:"plaid,omitempty"`
	Pluggy    string    `json:"pluggy,omitempty"`
	Belvo     string    `json:"belvo,omitempty"`
}

// Run prints the categories in the order of their codes.
func (c *taxonomyCommand) Run(p *program) error {
	all := []listedCategory{}
	for _, category := range taxonomy.All() {
		l := listedCategory{
			Code:      category.Code.String(),
			Names:     [3]string{category.Level1.EN, category.Level2.EN, category.Level3.EN},
			Nomes:     [3]string{category.Level1.PT, category.Level2.PT, category.Level3.PT},
			Direction: string(category.Direction), Company: category.Company,
			Plaid: category.Plaid, Pluggy: category.Pluggy, Belvo: category.Belvo,
		}
		if category.PrintedAs != 0 && category.PrintedAs != category.Code {
			l.PrintedAs = category.PrintedAs.String()
		}
		if l.holds(c.Search) {
			all = append(all, l)
		}
	}
	if len(all) == 0 {
		return invalidInput{"no category holds this text"}
	}
	if c.JSON {
		return p.json(all)
	}
	rows := [][]string{{"CODE", "DIRECTION", "LEVEL 1", "LEVEL 2", "LEVEL 3"}}
	for _, l := range all {
		names := l.Nomes
		if c.English {
			names = l.Names
		}
		rows = append(rows, append([]string{l.Code, l.Direction}, names[:]...))
	}
	return p.table(rows)
}

func (l listedCategory) holds(text string) bool {
	all := l.Code + "\n" + strings.Join(l.Names[:], "\n") + "\n" + strings.Join(l.Nomes[:], "\n")
	return strings.Contains(strings.ToLower(all), strings.ToLower(text))
}
