package statement

import (
	"slices"

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/openfinance"
)

// CheckingAccounts returns the writer of a product that lists current and
// prepaid payment accounts with their entries.
func CheckingAccounts(keys Keys) func(*encode.Writer, *spec.Input) {
	return func(w *encode.Writer, in *spec.Input) {
		writeAccounts(w, in, keys, ledger.AccountKind.IsChecking)
	}
}

// SavingsAccounts returns the writer of a product that lists savings accounts
// with their entries.
func SavingsAccounts(keys Keys) func(*encode.Writer, *spec.Input) {
	return func(w *encode.Writer, in *spec.Input) {
		writeAccounts(w, in, keys, func(k ledger.AccountKind) bool { return k == ledger.Savings })
	}
}

func writeAccounts(w *encode.Writer, in *spec.Input, keys Keys, wanted func(ledger.AccountKind) bool) {
	lines := newEntries(w, in, keys)
	size := 0
	accounts := slices.DeleteFunc(Accounts(in), func(a *ledger.Account) bool { return !wanted(a.Kind) })
	for _, a := range accounts {
		size += headSize + lines.bytes(a.Newest)
	}
	w.Grow(size)
	w.OpenArray()
	for _, a := range accounts {
		w.OpenObject()
		Institution(w, a)
		w.Field("subtype", Subtype(in, a.Source))
		w.Field("civilName", Holder(in))
		Balances(w, a.Source.Balances)
		lines.write(a.Newest)
		w.CloseObject()
	}
	w.CloseArray()
}

// Institution writes who keeps an account and its number.
func Institution(w *encode.Writer, a *ledger.Account) {
	s := a.Source
	w.Field("brandName", s.BrandName)
	w.Field("bacenName", a.BacenName)
	w.Field("compeCode", s.CompeCode)
	w.Field("companyCnpj", s.CompanyCNPJ)
	w.FieldIf("branchCode", s.BranchCode)
	w.Field("number", s.Number)
	w.Field("checkDigit", s.CheckDigit)
}

// Header writes the account as products list it that show no entries: who keeps
// it, its type and whose it is.
func Header(w *encode.Writer, in *spec.Input, a *ledger.Account) {
	Institution(w, a)
	w.Field("type", a.Source.Type)
	w.Field("subtype", Subtype(in, a.Source))
	w.Field("civilName", Holder(in))
}

// AccountHeaders writes the list "accounts" of products about something else:
// the customer's accounts of any kind, without balances.
func AccountHeaders(w *encode.Writer, in *spec.Input) {
	w.Key("accounts")
	w.OpenArray()
	for _, a := range Accounts(in) {
		w.OpenObject()
		Header(w, in, a)
		w.CloseObject()
	}
	w.CloseArray()
}

// Balances writes an account's balances as they were received. The three
// amounts overlap: they are never added.
func Balances(w *encode.Writer, b *openfinance.Balances) {
	w.Key("balances")
	w.OpenObject()
	if b != nil {
		Money(w, "availableAmount", b.Available)
		Money(w, "blockedAmount", b.Blocked)
		Money(w, "automaticallyInvestedAmount", b.AutomaticallyInvested)
	}
	w.CloseObject()
}
