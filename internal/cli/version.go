package cli

import (
	"runtime"

	"github.com/openklaas/klaas/internal/classify"
	"github.com/openklaas/klaas/internal/server"
	"github.com/openklaas/klaas/taxonomy"
)

type versionCommand struct {
	JSON bool `name:"json" help:"Print JSON."`
}

// Run prints the versions that decide what a report says.
func (c *versionCommand) Run(p *program) error {
	rules, model, tables := classify.Versions()
	versions := [][]string{
		{"klaas", server.Version()}, {"taxonomy", taxonomy.Version()},
		{"rules", rules}, {"model", model}, {"tables", tables},
		{"go", runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH},
	}
	if !c.JSON {
		return p.table(versions)
	}
	object := map[string]string{}
	for _, v := range versions {
		object[v[0]] = v[1]
	}
	return p.json(object)
}
