package cli

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/openklaas/klaas/internal/product"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/server"
	"github.com/openklaas/klaas/internal/setting"
)

type appCommand struct {
	Create appCreateCommand `cmd:"" help:"Create an application of a partner; prints its credentials once."`
	List   appListCommand   `cmd:"" help:"List applications."`
	Show   appShowCommand   `cmd:"" help:"Print the settings of an application as JSON."`
	Set    appSetCommand    `cmd:"" help:"Change products and options of an application."`
}

type appCreateCommand struct {
	storeFlags
	Partner     string   `required:"" help:"Id or name of the partner."`
	Name        string   `arg:"" help:"Name of the application."`
	Environment string   `enum:"production,sandbox" default:"production" help:"production or sandbox."`
	Enable      []string `help:"Products to switch on; all is every product but the legacy ones." placeholder:"NAME"`
	Versions    []string `help:"Versions of these products: V1, V1.1 or V2, of those that klaas products lists. Default: V1." placeholder:"V"`
	Webhook     string   `help:"Address that all reports are sent to." placeholder:"URL"`
	JSON        bool     `name:"json" help:"Print JSON."`
}

// createdApp is what is told of an application once.
type createdApp struct {
	ID           string `json:"id"`
	PartnerCode  string `json:"partner_code"`
	PartnerToken string `json:"partner_token"`
	SecretKey    string `json:"secretKey"`
}

// Run creates an application.
func (c *appCreateCommand) Run(ctx context.Context, p *program) error {
	var settings setting.Settings
	if err := enable(&settings, c.Enable, c.Versions); err != nil {
		return err
	}
	if c.Webhook != "" {
		if err := setAddress(&settings, everyProduct, c.Webhook); err != nil {
			return err
		}
	}
	return p.administer(ctx, func(base *server.Base) error {
		owner, err := partner(ctx, base, c.Partner)
		if err != nil {
			return err
		}
		created, err := base.Accounts.CreateApplication(ctx, owner.ID, c.Name, c.Environment, settings)
		if err != nil {
			return err
		}
		app := createdApp{created.Application.ID, created.Code, created.Token, created.Secret}
		p.note("Keep the token and the secret key: they are not shown again.")
		if c.JSON {
			return p.json(app)
		}
		return p.table([][]string{
			{"id", app.ID}, {"partner_code", app.PartnerCode}, {"partner_token", app.PartnerToken}, {"secretKey", app.SecretKey},
		})
	})
}

type appListCommand struct {
	storeFlags
	Partner string `help:"Only those of this partner." placeholder:"ID"`
	JSON    bool   `name:"json" help:"Print JSON."`
}

// listedApp is an application as JSON.
type listedApp struct {
	ID          string    `json:"id"`
	Partner     string    `json:"partnerId"`
	Name        string    `json:"name"`
	Environment string    `json:"environment"`
	Revision    int       `json:"revision"`
	CreatedAt   time.Time `json:"createdAt"`
}

// Run prints applications.
func (c *appListCommand) Run(ctx context.Context, p *program) error {
	return p.administer(ctx, func(base *server.Base) error {
		owner := ""
		if c.Partner != "" {
			found, err := partner(ctx, base, c.Partner)
			if err != nil {
				return err
			}
			owner = found.ID
		}
		all, err := applications(ctx, base, owner)
		if err != nil {
			return err
		}
		listed := []listedApp{}
		rows := [][]string{{"ID", "NAME", "ENVIRONMENT", "REVISION", "PARTNER", "CREATED"}}
		for _, a := range all {
			listed = append(listed, listedApp{a.ID, a.PartnerID, a.Name, a.Environment, a.Revision, a.CreatedAt})
			rows = append(rows, []string{a.ID, a.Name, a.Environment, strconv.Itoa(a.Revision), a.PartnerID, a.CreatedAt.Format(time.RFC3339)})
		}
		if c.JSON {
			return p.json(listed)
		}
		return p.table(rows)
	})
}

type appShowCommand struct {
	storeFlags
	App      string `arg:"" help:"Id or name of the application."`
	Revision int    `help:"An earlier revision. Default: the newest." placeholder:"N"`
}

// Run prints settings in the form that klaas analyze --settings reads.
func (c *appShowCommand) Run(ctx context.Context, p *program) error {
	return p.administer(ctx, func(base *server.Base) error {
		app, err := application(ctx, base, c.App)
		if err != nil {
			return err
		}
		settings, revision, err := base.Accounts.Settings(ctx, app.ID, c.Revision)
		if err != nil {
			return err
		}
		p.note("revision %d", revision)
		return p.json(settings)
	})
}

type appSetCommand struct {
	storeFlags
	App string `arg:"" help:"Id or name of the application."`

	From     string   `help:"First take all settings from a JSON file, as klaas app show prints them." placeholder:"FILE" type:"existingfile"`
	Enable   []string `help:"Products to switch on; all is every product but the legacy ones." placeholder:"NAME"`
	Versions []string `help:"Versions of these products: V1, V1.1 or V2, of those that klaas products lists; with all, those that each has. Default: the first." placeholder:"V"`
	Disable  []string `help:"Products to switch off; all is every product." placeholder:"NAME"`

	StrictShape        *bool  `negatable:"" help:"Leave our extra keys out of V1 and V1.1."`
	SplitByInstitution *bool  `negatable:"" help:"Make one report per institution."`
	OmitPartieInV11    *bool  `name:"omit-partie-in-v1-1" negatable:"" help:"Leave partieCnpjCpf out of V1.1."`
	EmptyLinks         *bool  `negatable:"" help:"Write links as an empty list."`
	CompanyTree        *bool  `negatable:"" help:"Print the company categories."`
	AllowAnonymous     *bool  `negatable:"" help:"Accept documents without any tax id."`
	JointAccounts      string `enum:"full,half,exclude," default:"" help:"How money of joint accounts counts: full, half or exclude." placeholder:"POLICY"`
	HistoryDays        *int   `help:"Emit entries of so many days only; 0 is all." placeholder:"N"`

	IntervalFactors []string `help:"Ten factors of the interval around an expected payment, for 3 to 12 known ones; none goes back to those of 80 %." placeholder:"T"`
}

// Run changes settings; the change is a new revision.
func (c *appSetCommand) Run(ctx context.Context, p *program) error {
	if len(c.Versions) > 0 && len(c.Enable) == 0 {
		return usagef("--versions needs --enable: name the products that get them")
	}
	return p.administer(ctx, func(base *server.Base) error {
		app, err := application(ctx, base, c.App)
		if err != nil {
			return err
		}
		revision, err := base.Accounts.ChangeSettings(ctx, app.ID, c.change)
		if err != nil {
			return err
		}
		p.note("revision %d", revision)
		return nil
	})
}

func (c *appSetCommand) change(s *setting.Settings) error {
	if c.From != "" {
		text, err := os.ReadFile(c.From)
		if err != nil {
			return err
		}
		if *s, err = readSettings(text); err != nil {
			return usagef("%s: %v", c.From, err)
		}
		if err := checkSettings(s); err != nil {
			return err
		}
	}
	if err := disable(s, c.Disable); err != nil {
		return err
	}
	if err := enable(s, c.Enable, c.Versions); err != nil {
		return err
	}
	for _, option := range []struct {
		from *bool
		to   *bool
	}{
		{c.StrictShape, &s.StrictShape}, {c.SplitByInstitution, &s.SplitByInstitution}, {c.OmitPartieInV11, &s.OmitPartieInV11},
		{c.EmptyLinks, &s.EmptyLinks}, {c.CompanyTree, &s.CompanyTree}, {c.AllowAnonymous, &s.AllowAnonymous},
	} {
		if option.from != nil {
			*option.to = *option.from
		}
	}
	if c.JointAccounts != "" {
		s.JointAccounts = setting.JointPolicy(c.JointAccounts)
	}
	if c.HistoryDays != nil {
		if *c.HistoryDays < 0 {
			return usagef("--history-days counts days: 0 or more")
		}
		s.HistoryDays = *c.HistoryDays
	}
	return c.changeIntervals(s)
}

func (c *appSetCommand) changeIntervals(s *setting.Settings) error {
	if c.IntervalFactors == nil {
		return nil
	}
	s.IntervalFactors = nil
	if len(c.IntervalFactors) == 1 && c.IntervalFactors[0] == "none" {
		return nil
	}
	for _, t := range c.IntervalFactors {
		s.IntervalFactors = append(s.IntervalFactors, json.Number(t))
	}
	if _, err := s.IntervalFactors.Thousandths(); err != nil {
		return usagef("%v", err)
	}
	return nil
}

// checkSettings refuses settings from a file that no command would have made.
func checkSettings(s *setting.Settings) error {
	for _, choice := range s.Products {
		if err := enable(&setting.Settings{}, []string{choice.Name}, choice.Versions); err != nil {
			return err
		}
	}
	var fresh setting.Settings
	for key, address := range s.CallbackURL {
		if err := setAddress(&fresh, key, address); err != nil {
			return err
		}
	}
	if _, all := s.CallbackURL[everyProduct]; all && len(s.CallbackURL) > 1 {
		return usagef("productsCallbackURL: all excludes every other key")
	}
	switch s.JointAccounts {
	case "", setting.JointFull, setting.JointHalf, setting.JointExclude:
	default:
		return usagef("jointAccounts is full, half or exclude")
	}
	if s.HistoryDays < 0 {
		return usagef("historyDays counts days: 0 or more")
	}
	if _, err := s.IntervalFactors.Thousandths(); err != nil {
		return usagef("%v", err)
	}
	return nil
}

const everyProduct = "all"

// names resolves product names: for "all" those of both kinds, but for the
// legacy products, which speak to other receivers.
func names(texts []string) ([]string, map[string]*spec.Product, error) {
	var order []string
	found := map[string]*spec.Product{}
	add := func(p *spec.Product, k spec.Kind) {
		name := p.FullName(k)
		if found[name] == nil {
			order = append(order, name)
			found[name] = p
		}
	}
	for _, text := range texts {
		if strings.EqualFold(text, everyProduct) {
			for _, p := range product.All() {
				for _, k := range p.Kinds {
					if p.Legacy == nil {
						add(p, k)
					}
				}
			}
			continue
		}
		p, k, ok := product.Resolve(text)
		if !ok {
			return nil, nil, usagef("%s is no product: klaas products lists them", text)
		}
		add(p, k)
	}
	return order, found, nil
}

// enable switches products on with these versions, or changes their versions.
func enable(s *setting.Settings, texts, versions []string) error {
	order, found, err := names(texts)
	if err != nil {
		return err
	}
	want := make([]string, len(versions))
	for i, v := range versions {
		want[i] = strings.ToUpper(v)
	}
	every := slices.ContainsFunc(texts, func(text string) bool { return strings.EqualFold(text, everyProduct) })
	for _, name := range order {
		choice := setting.ProductChoice{Name: name}
		for _, v := range want {
			switch {
			case slices.Contains(found[name].Versions, spec.Version(v)):
				choice.Versions = append(choice.Versions, v)
			case !every:
				return usagef("%s has no version %s", name, v)
			}
		}
		if len(want) > 0 && choice.Versions == nil {
			continue // of all, one that has none of them
		}
		place := slices.IndexFunc(s.Products, func(c setting.ProductChoice) bool { return c.Name == name })
		if place < 0 {
			s.Products = append(s.Products, choice)
		} else {
			s.Products[place] = choice
		}
	}
	return nil
}

func disable(s *setting.Settings, texts []string) error {
	if slices.ContainsFunc(texts, func(text string) bool { return strings.EqualFold(text, everyProduct) }) {
		s.Products = nil
		return nil
	}
	_, found, err := names(texts)
	if err != nil {
		return err
	}
	s.Products = slices.DeleteFunc(s.Products, func(c setting.ProductChoice) bool { return found[c.Name] != nil })
	return nil
}
