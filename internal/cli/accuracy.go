package cli

import (
	"fmt"
	"time"

	"github.com/openklaas/klaas/internal/accuracy"
	"github.com/openklaas/klaas/internal/calendar"
)

type accuracyCommand struct {
	People int    `help:"How many people to make up." default:"200" placeholder:"N"`
	Seed   uint64 `help:"The same seed gives the same people. The rules were made on seeds below 1000." default:"5000" placeholder:"S"`
	End    string `help:"Last day of their history." default:"2026-06-30" placeholder:"YYYY-MM-DD"`
	Misses bool   `help:"Also print the first disagreements of each figure."`
}

// Run measures the ledger on people whose truth is known.
func (c *accuracyCommand) Run(p *program) error {
	end, ok := calendar.ParseDay(c.End)
	if !ok {
		return usagef("--end is not a date: use YYYY-MM-DD")
	}
	if c.People < 1 {
		return usagef("--people must be at least 1")
	}
	began := time.Now()
	result, err := accuracy.Ledger(c.People, c.Seed, end)
	if err != nil {
		return err
	}
	rows := [][]string{{"FIGURE", "TRUE", "FOUND", "PRECISION", "RECALL"}}
	for i := range result.Figures {
		f := &result.Figures[i]
		rows = append(rows, []string{
			f.Name, fmt.Sprint(f.True), fmt.Sprint(f.Said), percent(f.Precision()), percent(f.Recall()),
		})
	}
	if err := p.table(rows); err != nil {
		return err
	}
	if c.Misses {
		rows = [][]string{{"FIGURE", "PERSONA", "N", "WHERE", "SAID", "TRUE"}}
		for _, m := range result.Misses {
			rows = append(rows, []string{m.Figure, m.Persona, fmt.Sprint(m.N), m.Path, m.Said, m.True})
		}
		if err := p.table(rows); err != nil {
			return err
		}
	}
	p.note("%d people, %d movements, seed %d, in %v", result.People, result.Movements, c.Seed, time.Since(began).Round(time.Millisecond))
	return nil
}

// percent is rounded down, so that only all is 100 %.
func percent(share float64) string { return fmt.Sprintf("%.1f %%", float64(int(share*1000))/10) }
