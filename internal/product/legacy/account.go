package legacy

import (
	"strconv"

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
)

// Windows are the lengths in days of the windows of figures.
var Windows = [...]int{30, 60, 90, History}

// Last returns the key of a figure of the last n days: inflow_last_30_days.
func Last(figure string, n int) string { return figure + "_last_" + strconv.Itoa(n) + "_days" }

// FigureAccounts returns the checking accounts that a report of figures is about, as
// indices into the ledger: those that count in figures.
func FigureAccounts(in *spec.Input) []int32 {
	l := in.Facts.Ledger
	counts := func(i int32) bool {
		a := &l.Accounts[i]
		return a.Kind.IsChecking() && a.Company == in.Company() && a.Share != ledger.ShareNone
	}
	var list []int32
	if in.Institution >= 0 {
		for _, i := range l.Institutions[in.Institution].Accounts {
			if counts(i) {
				list = append(list, i)
			}
		}
		return list
	}
	for i := range l.Accounts {
		if counts(int32(i)) {
			list = append(list, int32(i))
		}
	}
	return list
}

// ListsFigures reports whether a report of figures lists any account.
func ListsFigures(in *spec.Input) bool { return len(FigureAccounts(in)) > 0 }

// Head is how a report about the whole person names an account; texts are "" without
// one.
type Head struct{ Bank, BacenName, BacenID, Agency, Number string }

// First returns the head of the first checking account of the document that counts in
// figures.
func First(in *spec.Input) Head {
	list := FigureAccounts(in)
	if len(list) == 0 {
		return Head{}
	}
	l := in.Facts.Ledger
	a := &l.Accounts[list[0]]
	return Head{a.Source.BrandName, a.BacenName, BankID(l, a), a.Source.BranchCode, AccountNumber(a.Source.Number, a.Source.CheckDigit)}
}

// FirstInstitution returns the code and the place of the institution of that account.
func FirstInstitution(in *spec.Input) (code string, place int) {
	list := FigureAccounts(in)
	if len(list) == 0 {
		return "", 1
	}
	at := in.Facts.Ledger.Accounts[list[0]].Institution
	return in.Facts.Ledger.Institutions[at].Code, int(at) + 1
}

// OnePart is the number of reports of a product about the whole person.
func OnePart(*spec.Input) int { return 1 }

// Figures writes a list of one item per checking account: whose it is, how far back
// its record reaches, and the figures.
func Figures(w *encode.Writer, in *spec.Input, figures func(account int32)) {
	l := in.Facts.Ledger
	w.OpenArray()
	for _, i := range FigureAccounts(in) {
		a := &l.Accounts[i]
		w.OpenObject()
		w.Field("account_holder", statement.Holder(in))
		w.Field("account_number", AccountNumber(a.Source.Number, a.Source.CheckDigit))
		w.Field("agency_number", a.Source.BranchCode)
		w.Field("bacen_id", BankID(l, a))
		w.Field("bacen_name", a.BacenName)
		w.Field("bank_name", a.Source.BrandName)
		w.Field("cpf_verified", TaxID(in))
		days := 0
		if in.Facts.AccountCoverage(int(i)).Entries > 0 {
			days = History
		}
		w.Int("days_covered", int64(days))
		figures(i)
		w.CloseObject()
	}
	w.CloseArray()
}

// Paid writes one entry behind a figure, with the amount that counts of it.
func Paid(w *encode.Writer, m *ledger.Movement, amount money.Amount) {
	w.OpenObject()
	Day(w, "trans_date", m.Written)
	w.Number("trans_amount", amount)
	w.Field("trans_description", m.SentName())
	w.CloseObject()
}
