package holding

import (
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
)

// permissions are the permissions of the kinds.
var permissions = [...]string{
	ledger.BankFixedIncome:   "INVESTMENTS_BANK_FIXED_INCOMES",
	ledger.CreditFixedIncome: "INVESTMENTS_CREDIT_FIXED_INCOMES",
	ledger.VariableIncome:    "INVESTMENTS_VARIABLE_INCOMES",
	ledger.TreasureTitle:     "INVESTMENTS_TREASURE_TITLES",
	ledger.Fund:              "INVESTMENTS_FUNDS",
}

// AllPermissions are the permission groups of the product that lists every kind.
func AllPermissions() []spec.Permission {
	return append(statement.AccountPermissions(), spec.Permission{Group: "INVESTMENTS_ALL", Sections: statement.SectionsOf(AllKinds()...)})
}

// Permissions are the permission groups of a product that lists one kind: the
// group of all investments, and in it the permission of the kind.
func Permissions(kind ledger.HoldingKind) []spec.Permission {
	return append(AllPermissions(), spec.Permission{Group: permissions[kind], Sections: statement.SectionsOf(kind)})
}
