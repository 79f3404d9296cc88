package cli

import (
	"fmt"
	"strings"

	"github.com/openklaas/klaas/taxonomy"
)

type taxonomyCommand struct {
	JSON     bool   `name:"json" help:"Print JSON, with names in both languages and the mappings."`
	English  bool   `help:"Print the English names."`
	Mappings bool   `help:"Print what the categories are in Plaid PFC v2, Pluggy and Belvo, and their merchant category codes."`
	Search   string `arg:"" optional:"" help:"Only categories whose code or names hold this text."`
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
	MCC       []int32   `json:"mcc,omitempty"`
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
			Plaid: category.Plaid, Pluggy: category.Pluggy, Belvo: category.Belvo, MCC: taxonomy.MCCs(category.Code),
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
	if c.Mappings {
		rows[0] = []string{"CODE", "LEVEL 3", "PLAID", "PLUGGY", "BELVO", "MCC"}
	}
	for _, l := range all {
		names := l.Nomes
		if c.English {
			names = l.Names
		}
		if c.Mappings {
			rows = append(rows, []string{l.Code, names[2], l.Plaid, l.Pluggy, l.Belvo, groups(l.MCC)})
			continue
		}
		rows = append(rows, append([]string{l.Code, l.Direction}, names[:]...))
	}
	return p.table(rows)
}

// groups writes merchant codes as ranges of consecutive ones: 3000-3302, 4511.
func groups(mccs []int32) string {
	var parts []string
	for i := 0; i < len(mccs); {
		j := i
		for j+1 < len(mccs) && mccs[j+1] == mccs[j]+1 {
			j++
		}
		part := fmt.Sprintf("%04d", mccs[i])
		if j > i {
			part += fmt.Sprintf("-%04d", mccs[j])
		}
		parts = append(parts, part)
		i = j + 1
	}
	return strings.Join(parts, ", ")
}

func (l listedCategory) holds(text string) bool {
	all := l.Code + "\n" + strings.Join(l.Names[:], "\n") + "\n" + strings.Join(l.Nomes[:], "\n")
	return strings.Contains(strings.ToLower(all), strings.ToLower(text))
}
