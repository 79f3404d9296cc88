package cli

import (
	"context"

	"github.com/openklaas/klaas/internal/server"
)

type migrateCommand struct {
	storeFlags
}

// Run migrates and says from where to where.
func (c *migrateCommand) Run(ctx context.Context, p *program) error {
	settings, err := p.settings()
	if err != nil {
		return err
	}
	before, after, err := server.Migrate(ctx, settings)
	if err != nil {
		return err
	}
	if before == after {
		p.note("the database is up to date (version %d)", after)
		return nil
	}
	p.note("the database was brought from version %d to %d", before, after)
	return nil
}
