package liabilities_test

import (
	"testing"

	"github.com/openklaas/klaas/internal/fact/plain"
	"github.com/openklaas/klaas/internal/fact/plain/plaintest"
	"github.com/openklaas/klaas/internal/product/liabilities"
)

func TestPlainFormulasAgree(t *testing.T) {
	plaintest.Agree(t, liabilities.Product(), plain.Liabilities)
}
