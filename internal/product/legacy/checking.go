package legacy

import (
	"slices"

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/product/statement"
)

// History is the age in days from which entries are no longer listed.
const History = 180

// entrySize is about how long an entry is.
const entrySize = 192

// ListsChecking reports whether a report lists any checking account.
func ListsChecking(in *spec.Input) bool { return len(checkingAccounts(in)) > 0 }

func checkingAccounts(in *spec.Input) []*ledger.Account {
	return slices.DeleteFunc(statement.Accounts(in), func(a *ledger.Account) bool { return !a.Kind.IsChecking() })
}

// Checking writes the checking accounts of a report with their entries of 180
// days. snake and camel are the keys of the holder's tax id.
//
// Listed are the entries that the account's balance has felt, newest first: the
// balance after an entry less its amount is the balance after the next, and the
// account's balance is that after the newest.
func Checking(snake, camel string) func(*encode.Writer, *spec.Input) {
	return func(w *encode.Writer, in *spec.Input) {
		e := newEntries(w, in)
		w.OpenArray()
		for _, a := range checkingAccounts(in) {
			w.OpenObject()
			Bank(w, e.key, a.Source.BrandName, a.BacenName, BankID(in.Facts.Ledger, a))
			w.Field(e.key("bank_branch", "bankBranch"), a.Source.BranchCode)
			w.Field("account", AccountNumber(a.Source.Number, a.Source.CheckDigit))
			w.Field(e.key("operation_code", "operationCode"), "")
			w.Field(e.key(snake, camel), TaxID(in))
			w.Field(e.key("holder_name", "holderName"), statement.Holder(in))
			e.write(a)
			w.CloseObject()
		}
		w.CloseArray()
	}
}

// entries writes the entries of checking accounts.
type entries struct {
	w        *encode.Writer
	ledger   *ledger.Ledger
	key      func(snake, camel string) string
	category func(w *encode.Writer, movement int32)

	date, amount, description string
}

func newEntries(w *encode.Writer, in *spec.Input) *entries {
	key := Speller(in)
	return &entries{
		w: w, ledger: in.Facts.Ledger, key: key, category: Categories(in),
		date: key("trans_date", "transDate"), amount: key("trans_amount", "transAmount"),
		description: key("trans_description", "transDescription"),
	}
}

func (e *entries) write(a *ledger.Account) {
	e.balance(a)
	e.w.Key(e.key("TransactionDetail", "transactionDetail"))
	e.w.OpenArray()
	listed := 0
	for _, i := range a.Newest {
		if e.lists(&e.ledger.Movements[i]) {
			listed++
		}
	}
	e.w.Grow(listed * entrySize)
	for _, i := range a.Newest {
		m := &e.ledger.Movements[i]
		if !e.lists(m) {
			continue
		}
		e.w.OpenObject()
		Day(e.w, e.date, m.Written)
		e.w.Exact(e.amount, m.Signed())
		e.w.Field(e.description, m.SentName())
		Number(e.w, "balance", m.Balance, m.HasBalance)
		e.category(e.w, i)
		e.w.CloseObject()
	}
	e.w.CloseArray()
}

func (e *entries) lists(m *ledger.Movement) bool {
	return felt(m) && e.ledger.Day-m.Day < History
}

// felt reports whether an entry has changed the account's balance in reais.
func felt(m *ledger.Movement) bool { return m.Phase == ledger.Effective && !m.Foreign }

// balance writes the balance after the newest entry, else the one received.
func (e *entries) balance(a *ledger.Account) {
	for _, i := range a.Newest {
		if m := &e.ledger.Movements[i]; felt(m) && m.HasBalance {
			e.w.Exact("balance", m.Balance)
			return
		}
	}
	available, known := Available(a.Source)
	Number(e.w, "balance", available, known)
}
