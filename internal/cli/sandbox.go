package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/sandbox"
)

type sandboxCommand struct {
	People  int    `help:"How many people to make up." default:"20" placeholder:"N"`
	Seed    uint64 `help:"The same seed gives the same people." default:"1" placeholder:"S"`
	Persona string `help:"Kind of people. Default: one of each in turn." placeholder:"NAME"`
	End     string `help:"Last day of their history. Default: yesterday." placeholder:"YYYY-MM-DD"`
	Out     string `help:"Directory for NNNN-persona.json and the truth beside it, NNNN-persona.truth.json." placeholder:"DIR"`
	List    bool   `help:"List the personas and do nothing else."`
}

// Run makes people up.
func (c *sandboxCommand) Run(ctx context.Context, p *program) error {
	if c.List {
		rows := [][]string{{"PERSONA", "WHO"}}
		for _, name := range sandbox.Personas() {
			rows = append(rows, []string{name, sandbox.About(name)})
		}
		return p.table(rows)
	}
	end, personas, err := c.choices()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.Out, 0o700); err != nil {
		return err
	}
	bar := progress(p.Err, c.People)
	for n := range c.People {
		if ctx.Err() != nil {
			return errors.New("interrupted; the people are not complete")
		}
		persona := personas[n%len(personas)]
		person := sandbox.Generate(persona, c.Seed, n, end)
		stem := filepath.Join(c.Out, fmt.Sprintf("%04d-%s", n+1, persona))
		if err := os.WriteFile(stem+".json", person.Userdata, 0o600); err != nil {
			return err
		}
		truth, err := json.MarshalIndent(person.Truth, "", " ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(stem+".truth.json", append(truth, '\n'), 0o600); err != nil {
			return err
		}
		if err := bar.Add(1); err != nil {
			return err
		}
	}
	p.note("%d made-up people in %s", c.People, c.Out)
	return nil
}

func (c *sandboxCommand) choices() (end calendar.Day, personas []string, err error) {
	if c.Out == "" {
		return 0, nil, usagef("--out says where the people go")
	}
	if c.People < 1 || c.People > 9999 {
		return 0, nil, usagef("--people is a number from 1 to 9999")
	}
	end = calendar.SaoPaulo(time.Now()) - 1
	if c.End != "" {
		var ok bool
		if end, ok = calendar.ParseDay(c.End); !ok {
			return 0, nil, usagef("--end is not a date such as 2026-03-31")
		}
	}
	personas = sandbox.Personas()
	if c.Persona == "" {
		return end, personas, nil
	}
	if !slices.Contains(personas, c.Persona) {
		return 0, nil, usagef("there is no persona %q: use one of %s", c.Persona, strings.Join(personas, ", "))
	}
	return end, []string{c.Persona}, nil
}
