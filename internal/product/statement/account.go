package statement

import (
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/institution"
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
	lines := entries{in, w, keys(in)}
	w.OpenArray()
	for _, a := range Accounts(in) {
		if !wanted(a.Kind) {
			continue
		}
		w.OpenObject()
		Institution(w, a.Source)
		w.Field("subtype", Subtype(in, a.Source))
		w.Field("civilName", Holder(in))
		Balances(w, a.Source.Balances)
		lines.write(a.Newest)
		w.CloseObject()
	}
	w.CloseArray()
}

// BacenName returns the name of an institution at the Central Bank: looked up by
// COMPE code, then by CNPJ, else its brand name.
func BacenName(compe, cnpj, brand string) string {
	bank, ok := institution.ByCompe(compe)
	if !ok {
		bank, ok = institution.ByCNPJ(cnpj)
	}
	if !ok {
		return brand
	}
	return bank.LongName
}

// Institution writes who keeps an account and its number.
func Institution(w *encode.Writer, s *openfinance.Account) {
	w.Field("brandName", s.BrandName)
	w.Field("bacenName", BacenName(s.CompeCode, s.CompanyCNPJ, s.BrandName))
	w.Field("compeCode", s.CompeCode)
	w.Field("companyCnpj", s.CompanyCNPJ)
	w.FieldIf("branchCode", s.BranchCode)
	w.Field("number", s.Number)
	w.Field("checkDigit", s.CheckDigit)
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
