package klabel_test

import (
	"testing"

	"github.com/openklaas/klaas/internal/fact/plain"
	"github.com/openklaas/klaas/internal/fact/plain/plaintest"
	"github.com/openklaas/klaas/internal/product/klabel"
)

func TestPlainFormulasAgree(t *testing.T) {
	plaintest.Agree(t, klabel.Product(), plain.KLabel, "/labelName")
}
