package gigeconomy_test

import (
	"slices"
	"testing"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/product/gigeconomy"
	"github.com/openklaas/klaas/internal/product/producttest"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/sandbox"
	"github.com/openklaas/klaas/internal/setting"
)

// "Deleting every record dated after D changes no figure": on an older day the report
// of a record that goes on is that of one which ends there.
func TestOlderDayKnowsNothingLater(t *testing.T) {
	day := calendar.Of(2025, 2, 15)
	write := func(entries ...string) string {
		in := spec.Input{
			Facts:   producttest.FactsOf(t, []byte(`{"taxId": "52998224725", `+checking(entries...)+`}`), day),
			Version: spec.V2, Settings: &setting.Settings{}, Institution: -1,
		}
		var w encode.Writer
		gigeconomy.Product().Write(&w, &in)
		return string(w.Bytes())
	}
	before := []string{uber("2024-12-01", "100.00"), uber("2025-01-10", "90.00"), uber("2025-02-15", "80.00"), entry("2025-02-01", "30.00", "DEBITO", "POSTO SHELL")}
	after := slices.Concat(before, []string{uber("2025-02-16", "70.00"), uber("2025-03-10", "60.00"), entry("2025-03-01", "30.00", "DEBITO", "POSTO SHELL")})
	if all, cut := write(after...), write(before...); all != cut {
		t.Errorf("what came later changes the report: %s, without it %s", all, cut)
	}
}

// On made-up lives every figure has its evidence, and somebody drives.
func TestEvidenceOnSyntheticPeople(t *testing.T) {
	day, paid := calendar.Of(2025, 3, 31), 0
	for _, persona := range sandbox.Personas() {
		p := sandbox.Generate(persona, 1105, 3, day)
		in := spec.Input{Facts: producttest.FactsOf(t, p.Userdata, day), Version: spec.V2, Settings: &setting.Settings{}, Institution: -1}
		for _, fault := range producttest.CheckEvidence(gigeconomy.Product(), in) {
			t.Errorf("%s: %s", persona, fault)
		}
		paid += len(in.Facts.Gig().Platforms)
	}
	if paid == 0 {
		t.Error("no platform pays anybody")
	}
}
