package config_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/openklaas/klaas/internal/config"
)

var update = flag.Bool("update", false, "write docs/settings.md anew")

func TestDocumentation(t *testing.T) {
	const path = "../../docs/settings.md"
	want := config.Markdown()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("docs/settings.md is stale: run make generate\n%s", diff)
	}
}

func TestTableIsComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range config.Table {
		if seen[s.Name] {
			t.Errorf("%s stands twice", s.Name)
		}
		seen[s.Name] = true
		if s.Range == "" || s.Means == "" || s.So == "" {
			t.Errorf("%s lacks its range, meaning or consequence", s.Name)
		}
	}
}

// write puts a settings file into a fresh directory.
func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "klaas.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func value(t *testing.T, c *config.Config, name string) config.Value {
	t.Helper()
	for _, v := range c.Values {
		if v.Setting.Name == name {
			return v
		}
	}
	t.Fatalf("no value of %s", name)
	return config.Value{}
}

func TestOrderOfSources(t *testing.T) {
	path := write(t, "listen = \":1\"\nworkers = 3\nbody-limit = \"1MiB\"\nwebhook-ports = [80, 8443]\nallow-private-webhooks = true\n")
	c, err := config.Load(config.Sources{
		File:    path,
		Environ: []string{"KLAAS_LISTEN=:2", "KLAAS_BODY_LIMIT=2MiB", "KLAAS_WORKRES=9", "KLAAS_INSTALL=0"},
		Flags:   map[string]string{"listen": ":3"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct{ name, text, origin string }{
		{"listen", ":3", "--listen"},
		{"body-limit", "2MiB", "KLAAS_BODY_LIMIT"},
		{"workers", "3", path},
		{"webhook-ports", "80,8443", path},
		{"shutdown-timeout", "20s", "default"},
	} {
		v := value(t, c, want.name)
		if v.Text != want.text || v.Origin != want.origin {
			t.Errorf("%s = %q from %q, want %q from %q", want.name, v.Text, v.Origin, want.text, want.origin)
		}
	}
	if c.Listen != ":3" || c.Workers != 3 || c.BodyLimit != 2<<20 || !c.AllowPrivateWebhooks || c.ShutdownTimeout != 20*time.Second {
		t.Errorf("the fields do not follow the values: %+v", c)
	}
	if diff := cmp.Diff([]int{80, 8443}, c.WebhookPorts); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"KLAAS_WORKRES"}, c.Unknown); diff != "" {
		t.Error(diff)
	}
}

func TestRefused(t *testing.T) {
	for _, test := range []struct{ name, text string }{
		{"data", " "}, {"keyset", ""}, {"database", "mysql://x"}, {"listen", "8080"},
		{"memory", "1MiB"}, {"memory", "lots"}, {"memory", "-1GiB"}, {"memory", "99999999999GiB"},
		{"body-limit", "2GiB"}, {"body-limit", "12,5MiB"}, {"analytics-path", "klaas"}, {"analytics-path", "/a/{b}"},
		{"workers", "0"}, {"workers", "257"}, {"webhook-parallel", "x"}, {"webhook-ports", "0"}, {"webhook-ports", ""},
		{"allow-private-webhooks", "maybe"}, {"log-level", "loud"}, {"log-format", "xml"}, {"shutdown-timeout", "20"},
		{"shutdown-timeout", "1h"}, {"tls-cert", "cert.pem"},
	} {
		_, err := config.Load(config.Sources{Flags: map[string]string{test.name: test.text}})
		if err == nil || !strings.Contains(err.Error(), test.name) {
			t.Errorf("%s=%q: error %v does not name the setting", test.name, test.text, err)
		}
	}
}

func TestEveryFaultIsToldAtOnce(t *testing.T) {
	_, err := config.Load(config.Sources{Flags: map[string]string{"workers": "none", "log-format": "xml"}})
	if err == nil || !strings.Contains(err.Error(), "workers") || !strings.Contains(err.Error(), "log-format") {
		t.Errorf("error %v does not name both", err)
	}
}

func TestFile(t *testing.T) {
	if _, err := config.Load(config.Sources{File: filepath.Join(t.TempDir(), "absent.toml")}); err == nil {
		t.Error("a named file that is absent is not noticed")
	}
	if _, err := config.Load(config.Sources{File: write(t, "lisen = \":1\"")}); err == nil || !strings.Contains(err.Error(), "lisen") {
		t.Errorf("error %v does not name the unknown key", err)
	}
	t.Chdir(t.TempDir())
	if _, err := config.Load(config.Sources{}); err != nil {
		t.Errorf("the default file may be absent: %v", err)
	}
}

func TestPasswordsAreMasked(t *testing.T) {
	for _, address := range []string{"postgres://klaas:swordfish@db/klaas", "postgres://db/klaas?user=klaas&password=swordfish", "postgres://klaas:swordfish@db:bad port/"} {
		c, err := config.Load(config.Sources{Flags: map[string]string{"database": address}})
		if err != nil {
			t.Fatal(err)
		}
		if shown := value(t, c, "database").Shown(); strings.Contains(shown, "swordfish") || shown == "" {
			t.Errorf("shown as %q", shown)
		}
	}
	_, err := config.Load(config.Sources{Flags: map[string]string{"database": "mysql://klaas:swordfish@db"}})
	if err == nil || strings.Contains(err.Error(), "swordfish") {
		t.Errorf("the error shows a password: %v", err)
	}
}
