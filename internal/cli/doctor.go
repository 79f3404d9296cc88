package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/openklaas/klaas/internal/config"
	"github.com/openklaas/klaas/internal/server"
)

type doctorCommand struct {
	serveFlags
	JSON bool `name:"json" help:"Print JSON."`
}

// finding is what a check found.
type finding struct {
	Level   string `json:"level"` // ok, warning, fault
	Message string `json:"message"`
}

// listedSetting is a setting as JSON.
type listedSetting struct {
	Name    string `json:"name"`
	Value   string `json:"value"`
	Origin  string `json:"origin"`
	Default string `json:"default"`
	Allowed string `json:"allowed"`
	Means   string `json:"means"`
	So      string `json:"consequence"`
}

// Run prints the settings and the findings. It fails when there is a fault.
func (c *doctorCommand) Run(ctx context.Context, p *program) error {
	settings, err := p.settings()
	if err != nil {
		return err
	}
	findings := examine(ctx, settings)
	if err := c.print(p, settings, findings); err != nil {
		return err
	}
	for _, f := range findings {
		if f.Level == "fault" {
			return errors.New("this installation has a fault")
		}
	}
	return nil
}

func (c *doctorCommand) print(p *program, settings *config.Config, findings []finding) error {
	listed := make([]listedSetting, len(settings.Values))
	rows := [][]string{{"SETTING", "VALUE", "FROM"}}
	for i, v := range settings.Values {
		listed[i] = listedSetting{v.Setting.Name, v.Shown(), v.Origin, v.Setting.DefaultShown(), v.Setting.Range, v.Setting.Means, v.Setting.So}
		rows = append(rows, []string{v.Setting.Name, v.Shown(), v.Origin})
	}
	if c.JSON {
		return p.json(map[string]any{"settings": listed, "findings": findings})
	}
	if err := p.table(rows); err != nil {
		return err
	}
	for _, f := range findings {
		if _, err := fmt.Fprintf(p.Out, "%s: %s\n", f.Level, f.Message); err != nil {
			return err
		}
	}
	return nil
}

// examine looks at an installation without changing it.
func examine(ctx context.Context, c *config.Config) []finding {
	var found []finding
	add := func(level, format string, args ...any) {
		found = append(found, finding{level, fmt.Sprintf(format, args...)})
	}
	for _, name := range c.Unknown {
		add("warning", "the environment variable %s names no setting", name)
	}

	exists := checkKeyset(c, add)
	checkDatabase(ctx, c, exists, add)

	if host, _, err := net.SplitHostPort(c.Listen); err == nil && c.TLSCert == "" {
		if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			add("warning", "listen is open to other machines without TLS: personal data would travel in the clear unless a proxy adds it")
		}
	}
	if c.AllowPrivateWebhooks {
		add("warning", "allow-private-webhooks lets every partner send reports into this machine's own network")
	}
	if c.TLSKey != "" {
		if info, err := os.Stat(c.TLSKey); err != nil {
			add("fault", "tls-key cannot be read: %v", err)
		} else if info.Mode().Perm()&0o077 != 0 {
			add("warning", "tls-key can be read by other users: chmod 600 %s", c.TLSKey)
		}
	}
	return found
}

// checkKeyset reports whether there is a keyset file.
func checkKeyset(c *config.Config, add func(level, format string, args ...any)) bool {
	info, err := os.Stat(c.Keyset)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		add("ok", "there is no keyset yet: the first start makes it")
		return false
	case err != nil:
		add("fault", "the keyset cannot be read: %v", err)
		return false
	case info.Mode().Perm()&0o077 != 0:
		add("warning", "the keyset can be read by other users: chmod 600 %s", c.Keyset)
	default:
		add("ok", "the keyset is there and yours alone")
	}
	if c.Database == "" && inside(c.Keyset, c.Data) {
		add("warning", "the keyset lies in the data directory: who copies the data copies the keys; move it and set keyset")
	}
	return true
}

// inside reports whether a path lies in a directory.
func inside(path, dir string) bool {
	path, err := filepath.Abs(path)
	if err != nil {
		return false
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return false
	}
	relative, err := filepath.Rel(dir, path)
	return err == nil && relative != ".." && !strings.HasPrefix(relative, ".."+string(filepath.Separator))
}

func checkDatabase(ctx context.Context, c *config.Config, keyset bool, add func(level, format string, args ...any)) {
	state, err := server.Examine(ctx, c)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		add("ok", "there is no database yet: the first start makes it")
		return
	case err != nil:
		add("fault", "the database cannot be used: %v", err)
		return
	case state.Applied > state.Known:
		add("fault", "the database is of a newer klaas: use that program")
		return
	case state.Applied < state.Known:
		add("warning", "the database is of version %d, this program wants %d: klaas migrate, or the next start, brings it there", state.Applied, state.Known)
		return
	}
	add("ok", "the database (%s) answers and is up to date", state.Dialect)
	if state.Partners == 0 {
		return
	}
	switch {
	case !keyset:
		add("fault", "the database was encrypted with a keyset that is not there: restore it, or name its place with --keyset")
	case state.KeysetFault != nil:
		add("fault", "the keyset is not the one that the database was encrypted with: restore the right one")
	default:
		add("ok", "the keyset opens the database")
	}
}
