package scorek1_test

import (
	"testing"

	"github.com/openklaas/klaas/internal/product/scorek1"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/setting"
)

// "5xxx: the body is the empty skeleton of the product (… numbers null, scoreK1 −1)".
func TestAFailedReportHasNoScore(t *testing.T) {
	for version, want := range map[spec.Version]string{
		spec.V1: `{"personalInfo":{"accounts":[],"civilName":""},"scoreDetail":{"scoreK1":-1,"version":""}}`,
		spec.V2: `{"personalInfo":{"accounts":[],"civilName":""},"scoreDetail":{"scoreK1":-1,"version":"","status":"","band":"","confidence":null,"positiveReasons":[],"negativeReasons":[]}}`,
	} {
		in := &spec.Input{Version: version, Settings: &setting.Settings{}, Institution: -1}
		if got := string(scorek1.Product().EmptyBody(in)); got != want {
			t.Errorf("%s: the body is %s, want %s", version, got, want)
		}
	}
}
