package cli

import (
	"context"

	"github.com/openklaas/klaas/internal/server"
)

type workCommand struct {
	workFlags
}

// Run works until the process is told to stop.
func (c *workCommand) Run(ctx context.Context, p *program) error {
	settings, err := p.settings()
	if err != nil {
		return err
	}
	if settings.Database == "" {
		return usagef("work shares a PostgreSQL database with other machines: give --database; with SQLite, klaas serve does the work itself")
	}
	s, err := server.StartWorkers(ctx, settings, p.logger(settings))
	if err != nil {
		return err
	}
	p.note("klaas works")
	return s.Run(ctx)
}
