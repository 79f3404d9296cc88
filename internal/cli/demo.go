package cli

import (
	"context"

	"github.com/openklaas/klaas/internal/demo"
)

type demoCommand struct {
	Once   bool   `help:"Exit when every report has arrived: with 0, or 1 when one is missing or a signature is wrong."`
	Listen string `help:"Address of the API. Default: a free port on this machine." placeholder:"ADDR"`
}

// Run runs the demo.
func (c *demoCommand) Run(ctx context.Context, p *program) error {
	return demo.Run(ctx, demo.Options{Once: c.Once, Listen: c.Listen, Out: p.Out, Err: p.Err})
}
