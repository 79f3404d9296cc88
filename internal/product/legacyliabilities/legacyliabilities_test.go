package legacyliabilities_test

import (
	"testing"

	"github.com/openklaas/klaas/internal/product/legacyliabilities"
	"github.com/openklaas/klaas/internal/product/liabilities"
	"github.com/openklaas/klaas/internal/product/producttest"
)

// The accounts of a person add up to the current report, which is over all of them.
func TestAccountsAddUpToThePerson(t *testing.T) {
	producttest.AccountsAddUp(t, legacyliabilities.Product(), liabilities.Product(), "totalLiabilities")
}
