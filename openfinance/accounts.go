package openfinance

import "strings"

// This file holds the tables of OFB accounts, versions 1.0 to the previews of 2.5.

var accountTable = newTable(
	id("accountId", func(a *Account) *string { return &a.AccountID }),
	text("brandName", func(a *Account) *string { return &a.BrandName }),
	cnpj("companyCnpj", func(a *Account) *string { return &a.CompanyCNPJ }),
	code("compeCode", 3, func(a *Account) *string { return &a.CompeCode }),
	code("branchCode", 4, func(a *Account) *string { return &a.BranchCode }),
	id("number", func(a *Account) *string { return &a.Number }),
	id("checkDigit", func(a *Account) *string { return &a.CheckDigit }),
	enum("type", func(a *Account) *string { return &a.Type }),
	enum("subtype", func(a *Account) *string { return &a.Subtype }),
	currency("currency", func(a *Account) *string { return &a.Currency }),
	optional("balances", balancesTable, func(a *Account) **Balances { return &a.Balances }).also("balance"),
	optional("overdraft-limits", overdraftTable, func(a *Account) **OverdraftLimits { return &a.OverdraftLimits }).also("overdraft-limit"),
	movements("transactions", transactionTable, entries, func(a *Account) *[]Transaction { return &a.Transactions }).also("transaction"),
	movements("transactions-current", transactionTable, entries, func(a *Account) *[]Transaction { return &a.TransactionsCurrent }).also("transaction-current"),
)

var balancesTable = newTable(
	cash("availableAmount", func(b *Balances) *Money { return &b.Available }),
	currency("availableAmountCurrency", func(b *Balances) *string { return &b.Available.Currency }),
	cash("blockedAmount", func(b *Balances) *Money { return &b.Blocked }),
	currency("blockedAmountCurrency", func(b *Balances) *string { return &b.Blocked.Currency }),
	cash("automaticallyInvestedAmount", func(b *Balances) *Money { return &b.AutomaticallyInvested }),
	currency("automaticallyInvestedAmountCurrency", func(b *Balances) *string { return &b.AutomaticallyInvested.Currency }),
	instant("updateDateTime", func(b *Balances) *string { return &b.UpdateDateTime }),
)

var overdraftTable = newTable(
	cash("overdraftContractedLimit", func(o *OverdraftLimits) *Money { return &o.Contracted }),
	currency("overdraftContractedLimitCurrency", func(o *OverdraftLimits) *string { return &o.Contracted.Currency }),
	cash("overdraftUsedLimit", func(o *OverdraftLimits) *Money { return &o.Used }),
	currency("overdraftUsedLimitCurrency", func(o *OverdraftLimits) *string { return &o.Used.Currency }),
	cash("unarrangedOverdraftAmount", func(o *OverdraftLimits) *Money { return &o.Unarranged }),
	currency("unarrangedOverdraftAmountCurrency", func(o *OverdraftLimits) *string { return &o.Unarranged.Currency }),
)

var transactionTable = func() *table[Transaction] {
	day := func(t *Transaction) *string { return &t.Date }
	instant := func(t *Transaction) *string { return &t.DateTime }
	t := newTable(
		id("transactionId", func(t *Transaction) *string { return &t.TransactionID }),
		enum("completedAuthorisedPaymentType", func(t *Transaction) *string { return &t.CompletedAuthorised }),
		enum("creditDebitType", func(t *Transaction) *string { return &t.CreditDebitType }).must(),
		text("transactionName", func(t *Transaction) *string { return &t.Name }),
		enum("type", func(t *Transaction) *string { return &t.Type }),
		cash("transactionAmount", func(t *Transaction) *Money { return &t.Amount }).or("amount").must(),
		currency("transactionCurrency", func(t *Transaction) *string { return &t.Amount.Currency }).also("transactionAmountCurrency", "currency"),
		dated("transactionDateTime", day, instant, false).must(),
		dated("transactionDate", day, instant, true).must(),
		either("partieCnpjCpf", func(t *Transaction) *string { return &t.PartieCnpjCpf }),
		enum("partiePersonType", func(t *Transaction) *string { return &t.PartiePersonType }),
		code("partieCompeCode", 3, func(t *Transaction) *string { return &t.PartieCompeCode }),
		code("partieBranchCode", 4, func(t *Transaction) *string { return &t.PartieBranchCode }),
		id("partieNumber", func(t *Transaction) *string { return &t.PartieNumber }),
		id("partieCheckDigit", func(t *Transaction) *string { return &t.PartieCheckDigit }),
	)
	t.settle = settleTransaction
	return t
}()

// settleTransaction asks for what a movement cannot be without.
func settleTransaction(r *reader, t *Transaction) {
	r.needDirection(t.CreditDebitType)
	r.needDate(t.Date, t.DateTime)
	r.settleAmount("transactionAmount", &t.Amount, t.CreditDebitType)
}

func (r *reader) needDirection(direction string) {
	const key = "creditDebitType"
	switch direction {
	case "CREDITO", "DEBITO":
	case "":
		r.leaveOut(key, "is missing: send CREDITO or DEBITO")
	default:
		r.leaveOut(key, "is no direction: send CREDITO or DEBITO")
	}
}

func (r *reader) needDate(day, instant string) {
	if day == "" && instant == "" {
		r.leaveOut("transactionDateTime", "is missing: send it, or transactionDate")
	}
}

// settleAmount takes the sign off an amount whose direction is told apart. A
// minus repeats what DEBITO says; with CREDITO it contradicts it.
func (r *reader) settleAmount(key string, m *Money, direction string) {
	switch {
	case !m.Present():
		r.leaveOut(key, "is missing: send {amount, currency}")
	case m.Amount[0] != '-':
	case direction == "DEBITO":
		r.note(key+".amount", "has a minus, which was dropped: DEBITO already says it; send it without sign", Warning)
		m.Amount = strings.TrimPrefix(m.Amount, "-")
	case direction == "CREDITO":
		r.leaveOut(key+".amount", "has a minus, which contradicts CREDITO: send it without sign, the direction in creditDebitType")
	}
}
