package cashflow_test

import (
	"testing"

	"github.com/openklaas/klaas/internal/fact/plain"
	"github.com/openklaas/klaas/internal/fact/plain/plaintest"
	"github.com/openklaas/klaas/internal/product/cashflow"
)

func TestPlainFormulasAgree(t *testing.T) {
	plaintest.Agree(t, cashflow.Product(), plain.CashFlow, "/companyCnpj", "/brandName")
}
