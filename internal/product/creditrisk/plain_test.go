package creditrisk_test

import (
	"testing"

	"github.com/openklaas/klaas/internal/fact/plain"
	"github.com/openklaas/klaas/internal/fact/plain/plaintest"
	"github.com/openklaas/klaas/internal/product/creditrisk"
)

func TestPlainFormulasAgree(t *testing.T) {
	plaintest.Agree(t, creditrisk.Product(), plain.CreditRisk, "/labelName")
}
