package cli

import (
	"context"
	"log/slog"

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
	log := p.logger(settings)
	s, err := server.Start(ctx, settings, log)
	if err != nil {
		return err
	}
	if settings.LogFormat == "json" {
		log.LogAttrs(ctx, slog.LevelInfo, "listening", slog.String("url", s.URL()))
	} else {
		p.note("klaas listens on %s; its documentation is at %s/docs", s.URL(), s.URL())
	}
	return s.Run(ctx)
}
