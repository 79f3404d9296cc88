package openfinance

// This file holds the tables of OFB credit-cards, versions 1.0 to the previews of 3.0.

var creditCardTable = newTable(
	id("creditCardAccountId", func(c *CreditCard) *string { return &c.CreditCardAccountID }),
	text("brandName", func(c *CreditCard) *string { return &c.BrandName }),
	cnpj("companyCnpj", func(c *CreditCard) *string { return &c.CompanyCNPJ }),
	text("name", func(c *CreditCard) *string { return &c.Name }),
	enum("productType", func(c *CreditCard) *string { return &c.ProductType }),
	text("productAdditionalInfo", func(c *CreditCard) *string { return &c.ProductAdditionalInfo }),
	enum("creditCardNetwork", func(c *CreditCard) *string { return &c.Network }),
	text("networkAdditionalInfo", func(c *CreditCard) *string { return &c.NetworkAdditionalInfo }),
	records("paymentMethod", paymentMethodTable, func(c *CreditCard) *[]PaymentMethod { return &c.PaymentMethods }).also("paymentMethods"),
	records("limits", cardLimitTable, func(c *CreditCard) *[]CardLimit { return &c.Limits }).also("limit"),
	records("bills", billTable, func(c *CreditCard) *[]Bill { return &c.Bills }).also("bill"),
	movements("transactions", cardTransactionTable, lines, func(c *CreditCard) *[]CardTransaction { return &c.Transactions }).also("transaction"),
	movements("transactions-current", cardTransactionTable, lines, func(c *CreditCard) *[]CardTransaction { return &c.TransactionsCurrent }).also("transaction-current"),
)

var paymentMethodTable = newTable(
	id("identificationNumber", func(p *PaymentMethod) *string { return &p.IdentificationNumber }),
	truth("isMultipleCreditCard", func(p *PaymentMethod) *Bool { return &p.IsMultiple }),
)

var cardLimitTable = newTable(
	enum("creditLineLimitType", func(l *CardLimit) *string { return &l.LineLimitType }),
	enum("consolidationType", func(l *CardLimit) *string { return &l.ConsolidationType }),
	id("identificationNumber", func(l *CardLimit) *string { return &l.IdentificationNumber }),
	enum("lineName", func(l *CardLimit) *string { return &l.LineName }),
	text("lineNameAdditionalInfo", func(l *CardLimit) *string { return &l.LineNameAdditionalInfo }),
	truth("isLimitFlexible", func(l *CardLimit) *Bool { return &l.IsFlexible }),
	limitAmountField,
	currency("limitAmountCurrency", func(l *CardLimit) *string { return &l.Limit.Currency }),
	text("limitAmountReason", func(l *CardLimit) *string { return &l.LimitAmountReason }),
	cash("usedAmount", func(l *CardLimit) *Money { return &l.Used }),
	currency("usedAmountCurrency", func(l *CardLimit) *string { return &l.Used.Currency }),
	cash("availableAmount", func(l *CardLimit) *Money { return &l.Available }),
	currency("availableAmountCurrency", func(l *CardLimit) *string { return &l.Available.Currency }),
	cash("customizedLimitAmount", func(l *CardLimit) *Money { return &l.Customized }),
	currency("customizedLimitAmountCurrency", func(l *CardLimit) *string { return &l.Customized.Currency }),
)

// limitAmountTable is limitAmount, which holds the reason of the limit beside the amount.
var limitAmountTable = newTable(
	amount("amount", func(l *CardLimit) *string { return &l.Limit.Amount }),
	currency("currency", func(l *CardLimit) *string { return &l.Limit.Currency }),
	text("limitAmountReason", func(l *CardLimit) *string { return &l.LimitAmountReason }),
)

var limitAmountField = func() field[CardLimit] {
	bare := cash("limitAmount", func(l *CardLimit) *Money { return &l.Limit })
	whole := flat("limitAmount", limitAmountTable)
	return field[CardLimit]{keys: bare.keys, kind: kindMoney, inner: limitAmountTable, read: func(r *reader, at spot, l *CardLimit) bool {
		if kind := r.peek(); kind == '{' || kind == '[' {
			return whole.read(r, at, l)
		}
		return bare.read(r, at, l)
	}}
}()

var billTable = func() *table[Bill] {
	t := newTable(
		id("billId", func(b *Bill) *string { return &b.BillID }),
		date("dueDate", func(b *Bill) *string { return &b.DueDate }).must(),
		date("billClosingDate", func(b *Bill) *string { return &b.ClosingDate }),
		cash("billTotalAmount", func(b *Bill) *Money { return &b.Total }),
		currency("billTotalAmountCurrency", func(b *Bill) *string { return &b.Total.Currency }),
		cash("billMinimumAmount", func(b *Bill) *Money { return &b.Minimum }),
		currency("billMinimumAmountCurrency", func(b *Bill) *string { return &b.Minimum.Currency }),
		truth("isInstalment", func(b *Bill) *Bool { return &b.IsInstalment }),
		records("financeCharges", financeChargeTable, func(b *Bill) *[]FinanceCharge { return &b.FinanceCharges }).also("financeCharge"),
		records("payments", billPaymentTable, func(b *Bill) *[]BillPayment { return &b.Payments }).also("payment"),
		movements("transactions", cardTransactionTable, lines, func(b *Bill) *[]CardTransaction { return &b.Transactions }).also("transaction"),
	)
	t.settle = func(r *reader, b *Bill) {
		if b.DueDate == "" {
			r.leaveOut("dueDate", "is missing: send YYYY-MM-DD")
		}
	}
	return t
}()

var financeChargeTable = func() *table[FinanceCharge] {
	t := newTable(
		enum("type", func(f *FinanceCharge) *string { return &f.Type }),
		text("additionalInfo", func(f *FinanceCharge) *string { return &f.AdditionalInfo }),
		cash("amount", func(f *FinanceCharge) *Money { return &f.Amount }),
		currency("currency", func(f *FinanceCharge) *string { return &f.Amount.Currency }),
	)
	// v1 said SEM_ENCARGO in a row of its own, with an amount of zero.
	t.nothing = func(f *FinanceCharge) bool { return f.Type == "" && f.AdditionalInfo == "" && isZero(f.Amount.Amount) }
	return t
}()

// isZero reports whether a decimal text is absent or zero.
func isZero(amount string) bool {
	for i := 0; i < len(amount); i++ {
		if amount[i] != '0' && amount[i] != '.' {
			return false
		}
	}
	return true
}

var billPaymentTable = newTable(
	enum("valueType", func(p *BillPayment) *string { return &p.ValueType }),
	date("paymentDate", func(p *BillPayment) *string { return &p.PaymentDate }),
	enum("paymentMode", func(p *BillPayment) *string { return &p.PaymentMode }),
	cash("amount", func(p *BillPayment) *Money { return &p.Amount }),
	currency("currency", func(p *BillPayment) *string { return &p.Amount.Currency }),
)

const (
	maxMCC         = 9999
	absentMCC      = -1
	brazilianMoney = "brazilianAmount"
)

var cardTransactionTable = func() *table[CardTransaction] {
	day := func(t *CardTransaction) *string { return &t.Date }
	instant := func(t *CardTransaction) *string { return &t.DateTime }
	t := newTable(
		id("transactionId", func(t *CardTransaction) *string { return &t.TransactionID }),
		id("identificationNumber", func(t *CardTransaction) *string { return &t.IdentificationNumber }),
		text("transactionName", func(t *CardTransaction) *string { return &t.Name }),
		id("billId", func(t *CardTransaction) *string { return &t.BillID }),
		enum("creditDebitType", func(t *CardTransaction) *string { return &t.CreditDebitType }).must(),
		enum("transactionType", func(t *CardTransaction) *string { return &t.TransactionType }),
		text("transactionalAdditionalInfo", func(t *CardTransaction) *string { return &t.TransactionalAdditionalInfo }),
		enum("paymentType", func(t *CardTransaction) *string { return &t.PaymentType }),
		enum("feeType", func(t *CardTransaction) *string { return &t.FeeType }),
		text("feeTypeAdditionalInfo", func(t *CardTransaction) *string { return &t.FeeTypeAdditionalInfo }),
		enum("otherCreditsType", func(t *CardTransaction) *string { return &t.OtherCreditsType }),
		text("otherCreditsAdditionalInfo", func(t *CardTransaction) *string { return &t.OtherCreditsAdditionalInfo }),
		enum("lineName", func(t *CardTransaction) *string { return &t.LineName }),
		instalment("chargeIdentificator", func(t *CardTransaction) *string { return &t.ChargeIdentificator }),
		whole("chargeNumber", maxInstalment, func(t *CardTransaction) *int32 { return &t.ChargeNumber }),
		cash(brazilianMoney, func(t *CardTransaction) *Money { return &t.BrazilianAmount }).must(),
		currency("brazilianAmountCurrency", func(t *CardTransaction) *string { return &t.BrazilianAmount.Currency }),
		cash("amount", func(t *CardTransaction) *Money { return &t.Amount }),
		currency("currency", func(t *CardTransaction) *string { return &t.Amount.Currency }).also("amountCurrency", "transactionCurrency"),
		dated("transactionDateTime", day, instant, false).must(),
		dated("transactionDate", day, instant, true).must(),
		date("billPostDate", func(t *CardTransaction) *string { return &t.BillPostDate }),
		whole("payeeMCC", maxMCC, func(t *CardTransaction) *int32 { return &t.PayeeMCC }),
	)
	t.absent = func(t *CardTransaction) { t.PayeeMCC = absentMCC }
	t.settle = settleCardTransaction
	return t
}()

// settleCardTransaction asks for what a card line cannot be without. Its value in
// BRL may also stand under amount, when that is in BRL.
func settleCardTransaction(r *reader, t *CardTransaction) {
	r.needDirection(t.CreditDebitType)
	r.needDate(t.Date, t.DateTime)
	if !t.BrazilianAmount.Present() && t.Amount.Present() && t.Amount.Currency == "BRL" {
		t.BrazilianAmount = t.Amount
	}
	r.settleAmount(brazilianMoney, &t.BrazilianAmount, t.CreditDebitType)
	if t.BrazilianAmount.Currency == "" {
		t.BrazilianAmount.Currency = "BRL"
	}
	if t.Amount.Present() && t.Amount.Amount[0] == '-' {
		t.Amount.Amount = t.Amount.Amount[1:] // the sign is in creditDebitType, as above
	}
}
