package cli

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/openklaas/klaas/internal/product"
	"github.com/openklaas/klaas/internal/server"
	"github.com/openklaas/klaas/internal/setting"
)

type webhookCommand struct {
	Set    webhookSetCommand    `cmd:"" help:"Set the address that reports are sent to."`
	Remove webhookRemoveCommand `cmd:"" help:"Remove an address."`
	Show   webhookShowCommand   `cmd:"" help:"Print the addresses of an application."`
	Rotate webhookRotateCommand `cmd:"" help:"Give an application a new secret key; prints it once."`
}

type webhookSetCommand struct {
	storeFlags
	App string `arg:"" help:"Id or name of the application."`
	URL string `arg:"" name:"URL" help:"Where to."`
	For string `default:"all" help:"A product, or other for all that have no address of their own, or all. Default: all." placeholder:"NAME"`
}

// Run sets one address. An address for all takes the place of every other. One
// that answered 410 Gone is called again: setting it says that it is back.
func (c *webhookSetCommand) Run(ctx context.Context, p *program) error {
	change := func(s *setting.Settings) error { return setAddress(s, c.For, c.URL) }
	return changeWebhooks(ctx, p, c.App, change, func(base *server.Base, applicationID string) error {
		revived, err := base.Accounts.ReviveEndpoint(ctx, applicationID, c.URL)
		if revived {
			p.note("the address had answered 410 Gone; new reports are sent there again")
		}
		return err
	})
}

type webhookRemoveCommand struct {
	storeFlags
	App string `arg:"" help:"Id or name of the application."`
	For string `default:"all" help:"A product, other, or all for every address. Default: all." placeholder:"NAME"`
}

// Run removes addresses. Reports without an address are stored and can be pulled.
func (c *webhookRemoveCommand) Run(ctx context.Context, p *program) error {
	return changeWebhooks(ctx, p, c.App, func(s *setting.Settings) error {
		key, err := addressKey(c.For)
		if err != nil {
			return err
		}
		if key == everyProduct {
			s.CallbackURL = nil
			return nil
		}
		delete(s.CallbackURL, key)
		return nil
	}, nil)
}

// changeWebhooks changes the settings of an application and then does what
// follows from it; nil is nothing.
func changeWebhooks(ctx context.Context, p *program, app string, change func(*setting.Settings) error, then func(base *server.Base, applicationID string) error) error {
	return p.administer(ctx, func(base *server.Base) error {
		found, err := application(ctx, base, app)
		if err != nil {
			return err
		}
		revision, err := base.Accounts.ChangeSettings(ctx, found.ID, change)
		if err != nil {
			return err
		}
		p.note("revision %d", revision)
		if then == nil {
			return nil
		}
		return then(base, found.ID)
	})
}

type webhookShowCommand struct {
	storeFlags
	App  string `arg:"" help:"Id or name of the application."`
	JSON bool   `name:"json" help:"Print JSON."`
}

// Run prints the addresses of the newest revision.
func (c *webhookShowCommand) Run(ctx context.Context, p *program) error {
	return p.administer(ctx, func(base *server.Base) error {
		app, err := application(ctx, base, c.App)
		if err != nil {
			return err
		}
		settings, _, err := base.Accounts.Settings(ctx, app.ID, 0)
		if err != nil {
			return err
		}
		if c.JSON {
			return p.json(settings.CallbackURL)
		}
		rows := [][]string{{"FOR", "URL"}}
		for _, key := range slices.Sorted(maps.Keys(settings.CallbackURL)) {
			rows = append(rows, []string{key, settings.CallbackURL[key]})
		}
		return p.table(rows)
	})
}

type webhookRotateCommand struct {
	storeFlags
	App     string        `arg:"" help:"Id or name of the application."`
	Overlap time.Duration `default:"24h" help:"How long the old key signs beside the new one."`
}

// Run rotates the secret and prints the new one.
func (c *webhookRotateCommand) Run(ctx context.Context, p *program) error {
	if c.Overlap < 0 {
		return usagef("--overlap is a time such as 24h")
	}
	return p.administer(ctx, func(base *server.Base) error {
		app, err := application(ctx, base, c.App)
		if err != nil {
			return err
		}
		key, err := base.Accounts.RotateSecret(ctx, app.ID, c.Overlap)
		if err != nil {
			return err
		}
		p.note("Keep the secret key: it is not shown again. Until %s reports are signed with the old one too.", time.Now().Add(c.Overlap).UTC().Format(time.RFC3339))
		return p.table([][]string{{"secretKey", key.Key}})
	})
}

// addressKey returns the key of productsCallbackURL that a name stands for.
func addressKey(name string) (string, error) {
	switch lower := strings.ToLower(name); lower {
	case everyProduct, "other":
		return lower, nil
	}
	p, k, ok := product.Resolve(name)
	if !ok {
		return "", usagef("%s is no product: klaas products lists them", name)
	}
	return p.FullName(k), nil
}

// setAddress sets one address by the grammar of productsCallbackURL: all
// excludes every other key.
func setAddress(s *setting.Settings, name, address string) error {
	key, err := addressKey(name)
	if err != nil {
		return err
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return usagef("a webhook address is http:// or https:// and a host, without a name or password in it")
	}
	addresses := maps.Clone(s.CallbackURL)
	if key == everyProduct || addresses == nil {
		addresses = map[string]string{}
	}
	delete(addresses, everyProduct)
	addresses[key] = address
	s.CallbackURL = addresses
	return nil
}
