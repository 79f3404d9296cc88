package encode

import "strings"

// Money writes a key and an amount of money with its decimals as they were
// received: {"amount":"1000.0400","currency":"BRL"}. Zero has no sign; "" as
// currency is BRL.
func (w *Writer) Money(key, amount, currency string) {
	w.Key(key)
	w.buf = AppendMoney(w.buf, amount, currency)
}

// MoneyMembers writes the members of such an amount into the open object.
func (w *Writer) MoneyMembers(amount, currency string) {
	w.Field("amount", unsignedZero(amount))
	if currency == "" {
		currency = "BRL"
	}
	w.Field("currency", currency)
}

// AppendMoney appends the object that [Writer.Money] writes.
func AppendMoney(dst []byte, amount, currency string) []byte {
	dst = append(dst, `{"amount":`...)
	dst = AppendString(dst, unsignedZero(amount))
	if currency == "BRL" || currency == "" {
		return append(dst, `,"currency":"BRL"}`...)
	}
	dst = append(dst, `,"currency":`...)
	dst = AppendString(dst, currency)
	return append(dst, '}')
}

// unsignedZero drops a plus sign, and the minus sign of zero.
func unsignedZero(amount string) string {
	if digits, ok := strings.CutPrefix(amount, "+"); ok {
		return digits
	}
	if digits, ok := strings.CutPrefix(amount, "-"); ok && strings.Trim(digits, "0.") == "" {
		return digits
	}
	return amount
}
