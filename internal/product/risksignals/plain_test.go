package risksignals_test

import (
	"testing"

	"github.com/openklaas/klaas/internal/fact/plain"
	"github.com/openklaas/klaas/internal/fact/plain/plaintest"
	"github.com/openklaas/klaas/internal/product/risksignals"
)

func TestPlainFormulasAgree(t *testing.T) {
	plaintest.Agree(t, risksignals.Product(), plain.RiskSignals, "/name", "/cnpj", "/authorised")
}
