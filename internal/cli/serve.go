package cli

import (
	"context"
	"fmt"

	"github.com/openklaas/klaas/internal/server"
)

type serveCommand struct {
	serveFlags
}

// Run serves until the process is told to stop.
func (c *serveCommand) Run(ctx context.Context, p *program) error {
	settings, err := p.settings()
	if err != nil {
		return err
	}
	s, err := server.Start(ctx, settings, p.logger(settings))
	if err != nil {
		return err
	}
	fmt.Fprintf(p.Err, "klaas listens on %s; its documentation is at %s/docs\n", s.URL(), s.URL())
	return s.Run(ctx)
}
