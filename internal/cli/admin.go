package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/openklaas/klaas/internal/server"
	"github.com/openklaas/klaas/internal/store"
)

// administer opens the database for one command.
func (p *program) administer(ctx context.Context, do func(*server.Base) error) (err error) {
	settings, err := p.settings()
	if err != nil {
		return err
	}
	base, err := server.Open(ctx, settings, p.logger(settings))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, base.Close()) }()
	return do(base)
}

// partner finds a partner by its id, or by its name where only one has it.
func partner(ctx context.Context, base *server.Base, text string) (store.Partner, error) {
	var all []store.Partner
	err := base.Store.View(ctx, func(tx store.Tx) (err error) {
		all, err = tx.ListPartners(ctx)
		return err
	})
	if err != nil {
		return store.Partner{}, err
	}
	return one(all, "partner", text, func(p store.Partner) (id, name string) { return p.ID, p.Name })
}

// application finds an application by its id, or by its name where only one has it.
func application(ctx context.Context, base *server.Base, text string) (store.Application, error) {
	all, err := applications(ctx, base, "")
	if err != nil {
		return store.Application{}, err
	}
	return one(all, "app", text, func(a store.Application) (id, name string) { return a.ID, a.Name })
}

func applications(ctx context.Context, base *server.Base, partnerID string) (all []store.Application, err error) {
	err = base.Store.View(ctx, func(tx store.Tx) (err error) {
		all, err = tx.ListApplications(ctx, partnerID)
		return err
	})
	return all, err
}

func one[T any](all []T, what, text string, key func(T) (id, name string)) (T, error) {
	var found []T
	for _, item := range all {
		id, name := key(item)
		if id == text {
			return item, nil
		}
		if name == text {
			found = append(found, item)
		}
	}
	var none T
	switch len(found) {
	case 0:
		return none, usageError{fmt.Sprintf("there is no %s with this id or name: klaas %s list shows them", what, what)}
	case 1:
		return found[0], nil
	}
	return none, usageError{fmt.Sprintf("several have this name: give the id that klaas %s list shows", what)}
}
