package income_test

import (
	"bytes"
	"testing"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/product/income"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/sandbox"
	"github.com/openklaas/klaas/internal/setting"
)

var today = calendar.Of(2025, 6, 30)

// On an older day nothing later exists: without the entries of accounts after it the
// report is the same, in every version.
func TestOlderDayKnowsNothingLater(t *testing.T) {
	day := today - 75
	for _, persona := range sandbox.Personas() {
		p := sandbox.Generate(persona, 4711, 2, today)
		if p.Truth.CPF == "" {
			continue
		}
		cut := producttest.WithoutEntriesAfter(t, p.Userdata, day)
		for _, version := range income.Product().Versions {
			if all, want := reportOf(t, p.Userdata, day, version), reportOf(t, cut, day, version); !bytes.Equal(all, want) {
				t.Errorf("%s, %s: it is\n%s\nwithout what came later\n%s", persona, version, all, want)
			}
		}
	}
}

func reportOf(t *testing.T, userdata []byte, day calendar.Day, version spec.Version) []byte {
	t.Helper()
	in := spec.Input{
		Facts: producttest.FactsOf(t, userdata, day), Version: version, Settings: &setting.Settings{}, Institution: -1,
		Seal: func(taxID string) string { return taxID },
	}
	if !in.Facts.Ledger.Replay {
		t.Fatal("the day is not an older one")
	}
	var w encode.Writer
	income.Product().Write(&w, &in)
	return w.Bytes()
}
