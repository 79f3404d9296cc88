package cli

import (
	"context"
	"time"

	"github.com/openklaas/klaas/internal/server"
	"github.com/openklaas/klaas/internal/store"
)

type partnerCommand struct {
	Create partnerCreateCommand `cmd:"" help:"Create a partner."`
	List   partnerListCommand   `cmd:"" help:"List all partners."`
}

type partnerCreateCommand struct {
	storeFlags
	Name string `arg:"" help:"Name of the partner."`
}

// Run creates a partner and prints its id.
func (c *partnerCreateCommand) Run(ctx context.Context, p *program) error {
	return p.administer(ctx, func(base *server.Base) error {
		created, err := base.Accounts.CreatePartner(ctx, c.Name)
		if err != nil {
			return err
		}
		return p.table([][]string{{created.ID}})
	})
}

type partnerListCommand struct {
	storeFlags
	JSON bool `name:"json" help:"Print JSON."`
}

// listedPartner is a partner as JSON.
type listedPartner struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	CreatedAt time.Time `json:"createdAt"`
}

// Run prints all partners.
func (c *partnerListCommand) Run(ctx context.Context, p *program) error {
	return p.administer(ctx, func(base *server.Base) error {
		var all []store.Partner
		err := base.Store.View(ctx, func(tx store.Tx) (err error) {
			all, err = tx.ListPartners(ctx)
			return err
		})
		if err != nil {
			return err
		}
		listed := []listedPartner{}
		rows := [][]string{{"ID", "NAME", "CREATED"}}
		for _, one := range all {
			listed = append(listed, listedPartner{one.ID, one.Name, one.CreatedAt})
			rows = append(rows, []string{one.ID, one.Name, one.CreatedAt.Format(time.RFC3339)})
		}
		if c.JSON {
			return p.json(listed)
		}
		return p.table(rows)
	})
}
