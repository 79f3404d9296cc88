package financialinsights_test

import (
	"testing"

	"github.com/openklaas/klaas/internal/fact/plain"
	"github.com/openklaas/klaas/internal/fact/plain/plaintest"
	"github.com/openklaas/klaas/internal/product/financialinsights"
)

func TestPlainFormulasAgree(t *testing.T) {
	plaintest.Agree(t, financialinsights.Product(), plain.FinancialInsights, "/cardHolder", "/cardLast4Digit", "/cardType")
}
