package legacyklabel_test

import (
	"bytes"
	"regexp"
	"testing"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/product/klabel"
	"github.com/openklaas/klaas/internal/product/legacyklabel"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/sandbox"
	"github.com/openklaas/klaas/internal/setting"
)

// A model that was fitted on the old report gets from it what the current one says.
func TestValuesAreThoseOfTheCurrentReport(t *testing.T) {
	day := calendar.Of(2025, 3, 31)
	for _, persona := range sandbox.Personas() {
		p := sandbox.Generate(persona, 4711, 3, day)
		if p.Truth.CPF == "" {
			continue // A company has no such report.
		}
		in := spec.Input{Facts: producttest.FactsOf(t, p.Userdata, day), Version: spec.V1, Settings: &setting.Settings{}, Institution: -1}
		old, current := values(legacyklabel.Product(), &in, `"label_value":([^}]*)`), values(klabel.Product(), &in, `"labelValue":([^}]*)`)
		if len(old) != len(klabel.Labels()) || len(current) != len(old) {
			t.Fatalf("%s: there are %d values, in the current report %d", persona, len(old), len(current))
		}
		for i, l := range klabel.Labels() {
			if !bytes.Equal(old[i][1], current[i][1]) {
				t.Errorf("%s: %s is %s, in the current report %s", persona, l.Code, old[i][1], current[i][1])
			}
		}
	}
}

func values(p *spec.Product, in *spec.Input, pattern string) [][][]byte {
	var w encode.Writer
	p.Write(&w, in)
	return regexp.MustCompile(pattern).FindAllSubmatch(w.Bytes(), -1)
}
