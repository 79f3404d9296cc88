package revenue_test

import (
	"testing"

	"github.com/openklaas/klaas/internal/fact/plain"
	"github.com/openklaas/klaas/internal/fact/plain/plaintest"
	"github.com/openklaas/klaas/internal/product/revenue"
)

func TestPlainFormulasAgree(t *testing.T) {
	plaintest.Agree(t, revenue.Product(), plain.Revenue)
}
