package scorek1_test

import (
	"testing"

	"github.com/openklaas/klaas/internal/fact/plain"
	"github.com/openklaas/klaas/internal/fact/plain/plaintest"
	"github.com/openklaas/klaas/internal/product/scorek1"
)

func TestPlainFormulasAgree(t *testing.T) {
	plaintest.Agree(t, scorek1.Product(), plain.ScoreK1)
}
