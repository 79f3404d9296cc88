package gigeconomy_test

import (
	"testing"

	"github.com/openklaas/klaas/internal/fact/plain"
	"github.com/openklaas/klaas/internal/fact/plain/plaintest"
	"github.com/openklaas/klaas/internal/product/gigeconomy"
)

func TestPlainFormulasAgree(t *testing.T) {
	plaintest.Agree(t, gigeconomy.Product(), plain.GigEconomy)
}
