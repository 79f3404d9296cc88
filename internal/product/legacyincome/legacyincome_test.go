package legacyincome_test

import (
	"testing"

	"github.com/openklaas/klaas/internal/product/income"
	"github.com/openklaas/klaas/internal/product/legacyincome"
	"github.com/openklaas/klaas/internal/product/producttest"
)

// The accounts of a person add up to the current report, which is over all of them.
func TestAccountsAddUpToThePerson(t *testing.T) {
	producttest.AccountsAddUp(t, legacyincome.Product(), income.Product(), "totalIncome")
}
