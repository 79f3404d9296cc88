package config

import (
	"fmt"
	"strings"
)

//go:generate go test -run TestDocumentation -update .

// Markdown returns docs/settings.md.
func Markdown() string {
	var b strings.Builder
	b.WriteString(`# Settings

<!-- Generated from internal/config/table.go by "make generate". -->

A flag wins over the environment, the environment over ` + "`klaas.toml`" + ` in the working
directory (or the file named by ` + "`--config` or `KLAAS_CONFIG`" + `), the file over the default.
` + "`klaas doctor`" + ` prints the value of each and where it came from.

Settings of an application (products, versions, webhook addresses, options of the reports) are not
here: see ` + "`klaas app set --help`" + `.

| Flag | Environment | Default | Allowed |
|---|---|---|---|
`)
	for _, s := range Table {
		fallback := s.DefaultShown()
		if s.Shown == "" && s.Default != "" {
			fallback = "`" + fallback + "`"
		}
		fmt.Fprintf(&b, "| `--%s` | `%s` | %s | %s |\n", s.Name, s.Env(), fallback, s.Range)
	}
	for _, s := range Table {
		fmt.Fprintf(&b, "\n**%s**: %s. %s\n", s.Name, s.Means, s.So)
	}
	return b.String()
}
