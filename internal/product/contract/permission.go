package contract

import (
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
)

// permissions are the permissions of the kinds.
var permissions = [...]string{
	ledger.Loan:                "CREDIT_OPERATIONS_LOANS",
	ledger.Financing:           "CREDIT_OPERATIONS_FINANCINGS",
	ledger.InvoiceFinancing:    "CREDIT_OPERATIONS_INVOICE_FINANCINGS",
	ledger.UnarrangedOverdraft: "CREDIT_OPERATIONS_UNARRANGED_ACCOUNTS_OVERDRAFT",
}

// AllPermissions are the permission groups of the product that lists every kind.
func AllPermissions() []spec.Permission {
	return append(statement.AccountPermissions(), spec.Permission{Group: "CREDIT_OPERATIONS_ALL", Sections: statement.SectionsOf(AllKinds()...)})
}

// Permissions are the permission groups of a product that lists one kind: the
// group of all credit operations, and in it the permission of the kind.
func Permissions(kind ledger.ContractKind) []spec.Permission {
	return append(AllPermissions(), spec.Permission{Group: permissions[kind], Sections: statement.SectionsOf(kind)})
}
