// Package config holds the settings of the program: where its data lies, what
// it listens on, how much it may use.
//
// [Table] is the one list of settings; flags, environment variables, the file
// klaas.toml, `klaas doctor` and docs/settings.md are derived from it. [Load]
// reads them: a flag wins over the environment, the environment over the file,
// the file over the default. What shapes a partner's reports is not here but in
// package setting, for it belongs to an application and has a history.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/knadh/koanf/parsers/toml/v2"
	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"
)

// Config is the effective settings. Each field is described in [Table].
type Config struct {
	Data     string
	Database string
	Keyset   string

	Listen        string
	TLSCert       string
	TLSKey        string
	Memory        int64 // bytes
	BodyLimit     int64 // bytes
	AnalyticsPath []string

	CategoriseLimit int // transactions

	Workers              int
	WebhookParallel      int
	WebhookPorts         []int
	AllowPrivateWebhooks bool

	LogLevel        slog.Level
	LogFormat       string
	ShutdownTimeout time.Duration

	// Values are the same settings as text, in the order of Table, with the
	// place that each came from.
	Values []Value
	// Unknown are environment variables that begin with KLAAS_ and name nothing.
	Unknown []string
}

// Value is one effective setting.
type Value struct {
	Setting Setting
	Text    string
	Origin  string // "default", "klaas.toml", "KLAAS_LISTEN" or "--listen"
}

// Shown returns the value as it may be printed: without passwords.
func (v Value) Shown() string {
	if v.Setting.Secret {
		return mask(v.Text)
	}
	return v.Text
}

// Sources are the places that settings come from.
type Sources struct {
	Flags   map[string]string // by setting name; only those that were given
	Environ []string          // as os.Environ
	// File is the path of a settings file that must exist. "": ./klaas.toml,
	// which may be absent.
	File string
	// NoFile reads no file at all.
	NoFile bool
}

// DefaultFile is read when no other file is named.
const DefaultFile = "klaas.toml"

// Load reads the settings. Its error names every setting that cannot be used,
// where it came from, and what would be right; it holds no secret.
func Load(s Sources) (*Config, error) {
	defaults := map[string]any{}
	for _, t := range Table {
		defaults[t.Name] = t.Default
	}
	fromFile, path := koanf.New("\x00"), ""
	if !s.NoFile {
		var err error
		if fromFile, path, err = readFile(s.File); err != nil {
			return nil, err
		}
	}
	unknown := []string{}
	fromEnv, err := layer(env.Provider("", env.Opt{
		Prefix:      "KLAAS_",
		EnvironFunc: func() []string { return s.Environ },
		TransformFunc: func(key, value string) (string, any) {
			name := strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(key, "KLAAS_")), "_", "-")
			if _, ok := Lookup(name); !ok {
				if !slices.Contains(otherVariables, key) {
					unknown = append(unknown, key)
				}
				return "", nil
			}
			return name, value
		},
	}))
	if err != nil {
		return nil, err
	}
	flags := map[string]any{}
	for name, text := range s.Flags {
		flags[name] = text
	}
	fromFlags, err := layer(confmap.Provider(flags, ""))
	if err != nil {
		return nil, err
	}
	base, err := layer(confmap.Provider(defaults, ""))
	if err != nil {
		return nil, err
	}

	c := &Config{Unknown: unknown}
	slices.Sort(c.Unknown)
	var faults []error
	for _, t := range Table {
		v := Value{Setting: t, Text: text(base, t.Name), Origin: "default"}
		for _, from := range []struct {
			values *koanf.Koanf
			origin string
		}{{fromFile, path}, {fromEnv, t.Env()}, {fromFlags, "--" + t.Name}} {
			if from.values.Exists(t.Name) {
				v.Text, v.Origin = text(from.values, t.Name), from.origin
			}
		}
		if err := t.set(c, v.Text); err != nil {
			faults = append(faults, fmt.Errorf("%s (from %s) %w; allowed: %s", t.Name, v.Origin, err, t.Range))
		}
		c.Values = append(c.Values, v)
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		faults = append(faults, errors.New("tls-cert and tls-key belong together: set both or neither"))
	}
	return c, errors.Join(faults...)
}

// otherVariables begin with KLAAS_ but are no settings.
var otherVariables = []string{"KLAAS_CONFIG", "KLAAS_SECRET_KEY", "KLAAS_FAILPOINT", "KLAAS_INSTALL", "KLAAS_REQUIRE_POSTGRES", "KLAAS_TEST_POSTGRES"}

func layer(p koanf.Provider) (*koanf.Koanf, error) {
	k := koanf.New("\x00") // No setting is nested.
	return k, k.Load(p, nil)
}

// readFile returns the settings of the file and the name it is shown by.
func readFile(path string) (*koanf.Koanf, string, error) {
	k := koanf.New("\x00")
	optional := path == ""
	if optional {
		path = DefaultFile
	}
	err := k.Load(file.Provider(path), toml.Parser())
	if optional && errors.Is(err, fs.ErrNotExist) {
		return k, path, nil
	}
	if err != nil {
		return nil, path, fmt.Errorf("settings file %s: %w", path, err)
	}
	for _, key := range k.Keys() {
		if _, ok := Lookup(key); !ok {
			return nil, path, fmt.Errorf("settings file %s: there is no setting %q; `klaas doctor` lists them all", path, key)
		}
	}
	return k, path, nil
}

// text returns a value as it would be written in a flag: lists with commas.
func text(k *koanf.Koanf, name string) string {
	switch v := k.Get(name).(type) {
	case nil:
		return ""
	case string:
		return v
	case []any:
		parts := make([]string, len(v))
		for i, part := range v {
			parts[i] = fmt.Sprint(part)
		}
		return strings.Join(parts, ",")
	default:
		return fmt.Sprint(v)
	}
}

// FromEnvironment loads the settings of this process with the given flags.
func FromEnvironment(flags map[string]string, path string) (*Config, error) {
	if path == "" {
		path = os.Getenv("KLAAS_CONFIG")
	}
	return Load(Sources{Flags: flags, Environ: os.Environ(), File: path})
}
