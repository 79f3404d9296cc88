package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// Setting describes one setting. Its name is that of the flag and of the key in
// klaas.toml.
type Setting struct {
	Name    string
	Default string
	Shown   string // the default as documentation tells it, where it depends on the machine
	Range   string
	Means   string // what it is
	So      string // what follows from changing it
	Secret  bool   // may hold a password

	set func(c *Config, text string) error
}

// Env returns the name of its environment variable.
func (s Setting) Env() string {
	return "KLAAS_" + strings.ToUpper(strings.ReplaceAll(s.Name, "-", "_"))
}

// DefaultShown returns the default as documentation tells it.
func (s Setting) DefaultShown() string {
	switch {
	case s.Shown != "":
		return s.Shown
	case s.Default == "":
		return "none"
	}
	return s.Default
}

// Lookup returns the setting with a name.
func Lookup(name string) (Setting, bool) {
	for _, s := range Table {
		if s.Name == name {
			return s, true
		}
	}
	return Setting{}, false
}

// Table lists every setting.
var Table = []Setting{
	{
		Name: "data", Default: "./klaas-data", Range: "a directory; it is made when absent",
		Means: "where the embedded SQLite database lies",
		So:    "Keep it on a local disk: SQLite is not safe on network file systems. Ignored when database is set.",
		set:   func(c *Config, text string) error { c.Data = text; return need(text) },
	},
	{
		Name: "database", Default: "", Range: "postgres://user:password@host:port/name", Secret: true,
		Means: "a PostgreSQL database to use instead of SQLite",
		So:    "Several servers and workers can then share the work.",
		set: func(c *Config, text string) error {
			c.Database = text
			if text != "" && !strings.HasPrefix(text, "postgres://") && !strings.HasPrefix(text, "postgresql://") {
				return errors.New("is not a PostgreSQL address")
			}
			return nil
		},
	},
	{
		Name: "keyset", Default: defaultKeyset(), Shown: "`klaas/keyset.json` in the user's configuration directory", Range: "a file; it is made when absent",
		Means: "the keys that everything stored is encrypted with",
		So:    "Without it no stored document can be read again: back it up, apart from the data.",
		set:   func(c *Config, text string) error { c.Keyset = text; return need(text) },
	},
	{
		Name: "listen", Default: "127.0.0.1:8080", Range: "host:port; port 0 takes a free one",
		Means: "the address that the API listens on",
		So:    "The default answers this machine only. Use tls-cert or a proxy with TLS before you open it to others.",
		set: func(c *Config, text string) error {
			c.Listen = text
			if _, _, err := net.SplitHostPort(text); err != nil {
				return errors.New("is not host:port")
			}
			return nil
		},
	},
	{
		Name: "tls-cert", Default: "", Range: "a PEM file",
		Means: "the certificate (with its chain) of the API",
		So:    "With tls-key the API speaks HTTPS only. It is read when the server starts.",
		set:   func(c *Config, text string) error { c.TLSCert = text; return nil },
	},
	{
		Name: "tls-key", Default: "", Range: "a PEM file",
		Means: "the private key of tls-cert",
		So:    "The file must be readable by klaas and by nobody else.",
		set:   func(c *Config, text string) error { c.TLSKey = text; return nil },
	},
	{
		Name: "memory", Default: strconv.FormatInt(halfOfMemory()>>20, 10) + "MiB", Shown: "half of the machine's memory", Range: "64MiB and more",
		Means: "how much the bodies that are being worked on may take",
		So:    "Past it requests are answered 503 with Retry-After. A document takes up to eight times its size while it is analysed.",
		set:   func(c *Config, text string) (err error) { c.Memory, err = size(text, 64<<20); return err },
	},
	{
		Name: "body-limit", Default: "50MiB", Range: "1KiB to 1GiB",
		Means: "the largest request body, after decompression",
		So:    "Larger bodies are answered 413.",
		set: func(c *Config, text string) (err error) {
			c.BodyLimit, err = size(text, 1<<10)
			if err == nil && c.BodyLimit > 1<<30 {
				return errors.New("is too large")
			}
			return err
		},
	},
	{
		Name: "analytics-path", Default: "", Range: "paths that begin with /, with commas",
		Means: "further paths of the analytics call",
		So:    "/klaas/openfinance/v1/analytics always works; add the path that your clients call.",
		set: func(c *Config, text string) error {
			c.AnalyticsPath = list(text)
			for _, path := range c.AnalyticsPath {
				if !strings.HasPrefix(path, "/") || strings.ContainsAny(path, "{} ?#") {
					return errors.New("is not a list of paths")
				}
			}
			return nil
		},
	},
	{
		Name: "categorise-limit", Default: "10000", Range: "1 to 1000000",
		Means: "the most transactions of one categorisation call",
		So:    "Calls with more are answered 413. A body may not be larger than body-limit either.",
		set: func(c *Config, text string) (err error) {
			c.CategoriseLimit, err = number(text, 1_000_000)
			return err
		},
	},
	{
		Name: "workers", Default: strconv.Itoa(runtime.NumCPU()), Shown: "the number of CPUs", Range: "1 to 256",
		Means: "how many documents are analysed at once",
		So:    "More than the CPUs adds memory use, not speed.",
		set:   func(c *Config, text string) (err error) { c.Workers, err = number(text, 256); return err },
	},
	{
		Name: "webhook-parallel", Default: "4", Range: "1 to 64",
		Means: "how many reports are sent to one receiver at once",
		So:    "A receiver that hangs holds at most this many senders.",
		set:   func(c *Config, text string) (err error) { c.WebhookParallel, err = number(text, 64); return err },
	},
	{
		Name: "webhook-ports", Default: "80,443", Range: "ports with commas",
		Means: "the ports of public addresses that webhooks may be sent to",
		So:    "Others are refused, so that nobody can use klaas to reach an inside service.",
		set: func(c *Config, text string) error {
			c.WebhookPorts = nil
			for _, part := range list(text) {
				port, err := number(part, 65535)
				if err != nil {
					return err
				}
				c.WebhookPorts = append(c.WebhookPorts, port)
			}
			return need(text)
		},
	},
	{
		Name: "allow-private-webhooks", Default: "false", Range: "true or false",
		Means: "whether webhooks may go to loopback and private addresses, on any port",
		So:    "Set it only where every partner may reach this machine's own network.",
		set: func(c *Config, text string) (err error) {
			c.AllowPrivateWebhooks, err = strconv.ParseBool(text)
			if err != nil {
				return errors.New("is neither true nor false")
			}
			return nil
		},
	},
	{
		Name: "log-level", Default: "info", Range: "debug, info, warn, error",
		Means: "the least important messages that are logged",
		So:    "No level logs personal data.",
		set: func(c *Config, text string) error {
			if c.LogLevel.UnmarshalText([]byte(text)) != nil {
				c.LogLevel = slog.LevelInfo
				return errors.New("is no log level")
			}
			return nil
		},
	},
	{
		Name: "log-format", Default: "text", Range: "text, json",
		Means: "the form of log lines",
		So:    "They go to standard error.",
		set: func(c *Config, text string) error {
			c.LogFormat = text
			if text != "text" && text != "json" {
				return errors.New("is no log format")
			}
			return nil
		},
	},
	{
		Name: "shutdown-timeout", Default: "20s", Range: "1s to 10m",
		Means: "how long a stop may take",
		So:    "Requests and jobs that are running then are broken off; nothing that was accepted is lost.",
		set: func(c *Config, text string) (err error) {
			c.ShutdownTimeout, err = time.ParseDuration(text)
			if err != nil || c.ShutdownTimeout < time.Second || c.ShutdownTimeout > 10*time.Minute {
				return errors.New("is no such duration")
			}
			return nil
		},
	},
}

func need(text string) error {
	if strings.TrimSpace(text) == "" {
		return errors.New("must not be empty")
	}
	return nil
}

func list(text string) []string {
	var parts []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

func number(text string, most int) (int, error) {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 1 || n > most {
		return 1, fmt.Errorf("is not a number from 1 to %d", most)
	}
	return n, nil
}

var units = []struct {
	suffix string
	shift  int
}{{"KiB", 10}, {"MiB", 20}, {"GiB", 30}, {"", 0}}

// size reads a number of bytes, such as 50MiB.
func size(text string, least int64) (int64, error) {
	for _, unit := range units {
		digits, found := strings.CutSuffix(strings.TrimSpace(text), unit.suffix)
		if !found {
			continue
		}
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || n < 0 || n > 1<<(50-unit.shift) {
			break
		}
		if n <<= unit.shift; n < least {
			return n, errors.New("is too small")
		}
		return n, nil
	}
	return least, errors.New("is not a size such as 50MiB")
}

func defaultKeyset() string {
	dir, err := os.UserConfigDir()
	if err != nil {
		return filepath.Join("klaas-keys", "keyset.json") // No home directory, as in a bare container.
	}
	return filepath.Join(dir, "klaas", "keyset.json")
}

// halfOfMemory returns half of what this machine or container has, in bytes.
func halfOfMemory() int64 {
	total := int64(2 << 30)
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			var kib int64
			if n, _ := fmt.Sscanf(line, "MemTotal: %d kB", &kib); n == 1 {
				total = kib << 10
			}
		}
	}
	if text, err := os.ReadFile("/sys/fs/cgroup/memory.max"); err == nil {
		if limit, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil {
			total = min(total, limit)
		}
	}
	return max(total/2, 64<<20)
}

// mask hides the password of a database address.
func mask(text string) string {
	if text == "" {
		return ""
	}
	u, err := url.Parse(text)
	if err != nil {
		return "(set)"
	}
	query := u.Query()
	if query.Has("password") {
		query.Set("password", "xxxxx")
		u.RawQuery = query.Encode()
	}
	return u.Redacted()
}
