package cli

import (
	"fmt"
	"log/slog"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/openklaas/klaas/internal/config"
)

// storeFlags are the settings of every command that opens the database. What a
// flag holds is read through [config.Load], with the other places that a
// setting can come from; here they only give it its name and its help.
type storeFlags struct {
	Data     string `help:"${data}" placeholder:"DIR" group:"Settings"`
	Database string `help:"${database}" placeholder:"URL" group:"Settings"`
	Keyset   string `help:"${keyset}" placeholder:"FILE" group:"Settings"`
}

// workFlags are the settings of commands that compute and send.
type workFlags struct {
	storeFlags
	Workers              string `help:"${workers}" placeholder:"N" group:"Settings"`
	WebhookParallel      string `help:"${webhook_parallel}" placeholder:"N" group:"Settings"`
	WebhookPorts         string `help:"${webhook_ports}" placeholder:"PORTS" group:"Settings"`
	AllowPrivateWebhooks bool   `help:"${allow_private_webhooks}" group:"Settings"`
	LogLevel             string `help:"${log_level}" placeholder:"LEVEL" group:"Settings"`
	LogFormat            string `help:"${log_format}" placeholder:"FORM" group:"Settings"`
	ShutdownTimeout      string `help:"${shutdown_timeout}" placeholder:"TIME" group:"Settings"`
}

// serveFlags are the settings of commands that answer HTTP.
type serveFlags struct {
	workFlags
	Listen        string `help:"${listen}" placeholder:"ADDR" group:"Settings"`
	TLSCert       string `name:"tls-cert" help:"${tls_cert}" placeholder:"FILE" group:"Settings"`
	TLSKey        string `name:"tls-key" help:"${tls_key}" placeholder:"FILE" group:"Settings"`
	Memory        string `help:"${memory}" placeholder:"SIZE" group:"Settings"`
	BodyLimit     string `help:"${body_limit}" placeholder:"SIZE" group:"Settings"`
	AnalyticsPath string `help:"${analytics_path}" placeholder:"PATHS" group:"Settings"`

	CategoriseLimit string `help:"${categorise_limit}" placeholder:"N" group:"Settings"`
}

// settingHelp makes the help texts of the settings from their table.
func settingHelp() map[string]string {
	help := map[string]string{}
	for _, s := range config.Table {
		means := strings.ToUpper(s.Means[:1]) + s.Means[1:]
		help[strings.ReplaceAll(s.Name, "-", "_")] = fmt.Sprintf("%s. Default: %s. [%s]", means, strings.ReplaceAll(s.DefaultShown(), "`", ""), s.Env())
	}
	return help
}

// given returns the settings that were given as flags.
func given(parsed *kong.Context) map[string]string {
	flags := map[string]string{}
	for _, f := range parsed.Flags() {
		if _, ok := config.Lookup(f.Name); ok && f.Set {
			flags[f.Name] = fmt.Sprint(f.Target.Interface())
		}
	}
	return flags
}

// settings loads the effective settings.
func (p *program) settings() (*config.Config, error) {
	c, err := config.FromEnvironment(p.flags, p.file)
	if err != nil {
		return nil, usageError{err.Error()}
	}
	return c, nil
}

// logger returns the log of a long-running command.
func (p *program) logger(c *config.Config) *slog.Logger {
	options := &slog.HandlerOptions{Level: c.LogLevel}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(p.Err, options))
	}
	return slog.New(slog.NewTextHandler(p.Err, options))
}
