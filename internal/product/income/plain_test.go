package income_test

import (
	"testing"

	"github.com/openklaas/klaas/internal/fact/plain"
	"github.com/openklaas/klaas/internal/fact/plain/plaintest"
	"github.com/openklaas/klaas/internal/product/income"
)

func TestPlainFormulasAgree(t *testing.T) {
	plaintest.Agree(t, income.Product(), plain.Income)
}
