package cli

import (
	"context"
	"errors"

	"github.com/openklaas/klaas/internal/scorecard"
	"github.com/openklaas/klaas/internal/server"
)

type scorecardCommand struct {
	Show  scorecardShowCommand  `cmd:"" help:"Print the scorecard of klaas, or that of an application, as JSON to edit."`
	Check scorecardCheckCommand `cmd:"" help:"Check a file of bands and points; stores nothing."`
	Set   scorecardSetCommand   `cmd:"" help:"Give an application bands and points of its own."`
	Reset scorecardResetCommand `cmd:"" help:"Give an application the scorecard of klaas again."`
}

// readScorecard reads and checks a file and tells every fault on a line.
func (p *program) readScorecard(file string) (*scorecard.File, error) {
	var f scorecard.File
	if err := p.readJSON(file, &f); err != nil {
		return nil, usagef("%s: not a scorecard: %v", name(file), err)
	}
	_, err := scorecard.Parse(&f)
	var wrong *scorecard.Error
	if errors.As(err, &wrong) {
		for _, fault := range wrong.Faults {
			p.note("%s: %s: %s", name(file), fault.Path, fault.Message)
		}
		return nil, invalidInput{name(file) + " cannot be used as a scorecard"}
	}
	return &f, err
}

type scorecardShowCommand struct {
	storeFlags
	App string `help:"Id or name of the application. Default: the scorecard of klaas."`
}

// Run prints a scorecard in the form that set and check read.
func (c *scorecardShowCommand) Run(ctx context.Context, p *program) error {
	file := scorecard.OwnFile()
	if c.App != "" {
		err := p.administer(ctx, func(base *server.Base) error {
			app, err := application(ctx, base, c.App)
			if err != nil {
				return err
			}
			settings, revision, err := base.Accounts.Settings(ctx, app.ID, 0)
			if err == nil && settings.Scorecard != nil {
				file = *settings.Scorecard
			}
			p.note("revision %d", revision)
			return err
		})
		if err != nil {
			return err
		}
	}
	_, err := p.Out.Write(file.Text())
	return err
}

type scorecardCheckCommand struct {
	File string `arg:"" help:"A scorecard as klaas scorecard show prints it; - is standard input."`
}

// Run checks a file.
func (c *scorecardCheckCommand) Run(p *program) error {
	f, err := p.readScorecard(c.File)
	if err != nil {
		return err
	}
	p.note("%s is sound: %d variables, %d rows", f.Version, scorecard.Count, len(f.Bands))
	return nil
}

// scorecardOf names the application whose scorecard a command changes.
type scorecardOf struct {
	storeFlags
	App string `required:"" help:"Id or name of the application."`
}

type scorecardSetCommand struct {
	scorecardOf
	File string `arg:"" help:"A scorecard as klaas scorecard show prints it; - is standard input."`
}

// Run stores a scorecard.
func (c *scorecardSetCommand) Run(ctx context.Context, p *program) error {
	f, err := p.readScorecard(c.File)
	if err != nil {
		return err
	}
	return c.change(ctx, p, f)
}

type scorecardResetCommand struct{ scorecardOf }

// Run removes an application's scorecard.
func (c *scorecardResetCommand) Run(ctx context.Context, p *program) error {
	return c.change(ctx, p, nil)
}

func (c *scorecardOf) change(ctx context.Context, p *program, f *scorecard.File) error {
	return p.administer(ctx, func(base *server.Base) error {
		app, err := application(ctx, base, c.App)
		if err != nil {
			return err
		}
		revision, err := base.Accounts.ChangeScorecard(ctx, app.ID, 0, f)
		if err == nil {
			p.note("revision %d", revision)
		}
		return err
	})
}
