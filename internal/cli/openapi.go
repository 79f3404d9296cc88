package cli

import (
	"github.com/openklaas/klaas/internal/api"
	"github.com/openklaas/klaas/internal/server"
)

type openapiCommand struct {
	AnalyticsPath string `help:"${analytics_path}" placeholder:"PATHS" group:"Settings"`
}

// Run prints the document that the server gives at /openapi.json.
func (c *openapiCommand) Run(p *program) error {
	settings, err := p.settings()
	if err != nil {
		return err
	}
	text, err := api.OpenAPI(server.Version(), settings.AnalyticsPath)
	if err != nil {
		return err
	}
	_, err = p.Out.Write(append(text, '\n'))
	return err
}
