package openfinance

import "strings"

// The constructors of fields: a key, and where its value goes.

func scalar[T, V any](kind kind, key string, read func(r *reader, at spot) (V, bool), to func(*T) *V) field[T] {
	return field[T]{keys: []string{key}, kind: kind, read: func(r *reader, at spot, t *T) bool {
		v, found := read(r, at)
		if found {
			*to(t) = v
		}
		return found
	}}
}

// text is a text kept as it was sent.
func text[T any](key string, to func(*T) *string) field[T] {
	return scalar(kindText, key, (*reader).words, to)
}

// id is a text without the blanks around it.
func id[T any](key string, to func(*T) *string) field[T] {
	return scalar(kindText, key, (*reader).word, to)
}

// enum is a value of an enumeration, in capitals.
func enum[T any](key string, to func(*T) *string) field[T] {
	return scalar(kindName, key, (*reader).name, to)
}

// label is an enum in which the v1 words for "there is none" are values of today.
func label[T any](key string, to func(*T) *string) field[T] {
	return scalar(kindName, key, (*reader).label, to)
}

// code is digits in which leading zeros count.
func code[T any](key string, width int, to func(*T) *string) field[T] {
	return scalar(kindCode, key, func(r *reader, at spot) (string, bool) { return r.code(at, width) }, to)
}

// ispb is the number of an institution in the payment system; it may have letters.
func ispb[T any](key string, to func(*T) *string) field[T] {
	return scalar(kindCode, key, func(r *reader, at spot) (string, bool) {
		s, found := r.code(at, 8)
		return strings.ToUpper(s), found
	}, to)
}

func cpf[T any](key string, to func(*T) *string) field[T]  { return taxID(key, cpfLength, to) }
func cnpj[T any](key string, to func(*T) *string) field[T] { return taxID(key, cnpjLength, to) }

// either is a CPF or a CNPJ.
func either[T any](key string, to func(*T) *string) field[T] { return taxID(key, 0, to) }

func taxID[T any](key string, width int, to func(*T) *string) field[T] {
	return scalar(kindTaxID, key, func(r *reader, at spot) (string, bool) { return r.taxID(at, width) }, to)
}

func currency[T any](key string, to func(*T) *string) field[T] {
	return scalar(kindCurrency, key, (*reader).currencyCode, to)
}

func amount[T any](key string, to func(*T) *string) field[T] {
	return scalar(kindAmount, key, (*reader).amount, to)
}

// rate is a fraction: 0.290000 is 29 %.
func rate[T any](key string, to func(*T) *string) field[T] {
	return scalar(kindRate, key, (*reader).rate, to)
}

// quantity is a number of units, which may have more decimals than money.
func quantity[T any](key string, to func(*T) *string) field[T] {
	return scalar(kindAmount, key, func(r *reader, at spot) (string, bool) { return r.decimal(at, 2) }, to)
}

func date[T any](key string, to func(*T) *string) field[T] {
	return scalar(kindDate, key, (*reader).date, to)
}

func instant[T any](key string, to func(*T) *string) field[T] {
	return scalar(kindTime, key, (*reader).time, to)
}

// instantOrDate is a time that reports repeat as it was sent, a bare date too.
func instantOrDate[T any](key string, to func(*T) *string) field[T] {
	return scalar(kindTime, key, (*reader).dateOrTime, to)
}

func truth[T any](key string, to func(*T) *Bool) field[T] {
	return scalar(kindTruth, key, (*reader).truth, to)
}

func whole[T any](key string, top int32, to func(*T) *int32) field[T] {
	return scalar(kindWhole, key, func(r *reader, at spot) (int32, bool) { return r.whole(at, top) }, to)
}

func instalment[T any](key string, to func(*T) *string) field[T] {
	return scalar(kindInstalment, key, (*reader).instalment, to)
}

// dated is a date of a movement: a bare date goes to day and a time to instant,
// whichever of the two keys it came under. Under its own key it wins.
func dated[T any](key string, day, instant func(*T) *string, isDay bool) field[T] {
	shape, fault := kindTime, notATime
	if isDay {
		shape, fault = kindDate, notADate
	}
	return field[T]{keys: []string{key}, kind: shape, read: func(r *reader, at spot, t *T) bool {
		d, i, found := r.moment(at, fault)
		switch {
		case !found:
		case d != "" && (isDay || *day(t) == ""):
			*day(t) = d
		case i != "" && (!isDay || *instant(t) == ""):
			*instant(t) = i
		}
		return found
	}}
}

// moneyTables read {amount, currency}; in the second the amount is essential.
var moneyTables = [2]*table[Money]{
	newTable(
		amount("amount", func(m *Money) *string { return &m.Amount }),
		currency("currency", func(m *Money) *string { return &m.Currency }),
	),
	newTable(
		amount("amount", func(m *Money) *string { return &m.Amount }).must(),
		currency("currency", func(m *Money) *string { return &m.Currency }),
	),
}

// cash is an amount of money: {amount, currency}, or as in v1 a bare amount with
// its currency under another key, which is a field of its own.
func cash[T any](key string, to func(*T) *Money) field[T] {
	return field[T]{keys: []string{key}, kind: kindMoney, inner: moneyTables[0], read: func(r *reader, at spot, t *T) bool {
		m := to(t)
		if kind := r.peek(); kind != '{' && kind != '[' {
			s, found := r.amount(at)
			if found {
				m.Amount = s
			}
			return found
		}
		r.money(at, m)
		return m.Amount != ""
	}}
}

// money reads {amount, currency}.
func (r *reader) money(at spot, m *Money) {
	inner := moneyTables[0]
	if at.essential {
		inner = moneyTables[1]
	}
	r.push(at.key)
	inner.object(r, m)
	r.pop()
}

// plain is an amount of money as the contract APIs have it: a bare amount, its
// currency beside it under a key that many amounts may share. Of an object
// {amount, currency} the currency counts where the shared one is not yet known;
// to may return nil for a currency that is not kept.
func plain[T any](key string, to func(*T) (amount, currency *string)) field[T] {
	return field[T]{keys: []string{key}, kind: kindMoney, inner: moneyTables[0], read: func(r *reader, at spot, t *T) bool {
		amount, currency := to(t)
		var m Money
		if kind := r.peek(); kind == '{' || kind == '[' {
			r.money(at, &m)
		} else {
			m.Amount, _ = r.amount(at)
		}
		if !m.Present() {
			return false
		}
		*amount = m.Amount
		if currency != nil && *currency == "" {
			*currency = m.Currency
		}
		return true
	}}
}

var priceTable = newTable(
	quantity("amount", func(p *Price) *string { return &p.Amount }),
	currency("currency", func(p *Price) *string { return &p.Currency }),
)

// price is what one unit costs: {amount, currency}, or a bare amount.
func price[T any](key string, to func(*T) *Price) field[T] {
	return field[T]{keys: []string{key}, kind: kindMoney, inner: priceTable, read: func(r *reader, at spot, t *T) bool {
		p := to(t)
		if kind := r.peek(); kind != '{' && kind != '[' {
			s, found := r.decimal(at, 2)
			if found {
				p.Amount = s
			}
			return found
		}
		r.push(at.key)
		priceTable.object(r, p)
		r.pop()
		return p.Amount != ""
	}}
}

// object is one nested object.
func object[T, U any](key string, inner *table[U], to func(*T) *U) field[T] {
	return field[T]{keys: []string{key}, kind: kindObject, inner: inner, read: func(r *reader, at spot, t *T) bool {
		if !r.container(at) {
			return false
		}
		var u U
		r.push(at.key)
		found := inner.object(r, &u)
		r.pop()
		if found {
			*to(t) = u
		}
		return found
	}}
}

// optional is one nested object whose absence matters. One that says nothing is absent.
func optional[T, U any](key string, inner *table[U], to func(*T) **U) field[T] {
	return field[T]{keys: []string{key}, kind: kindObject, inner: inner, read: func(r *reader, at spot, t *T) bool {
		if !r.container(at) {
			return false
		}
		u := new(U)
		r.push(at.key)
		found := inner.object(r, u) && (inner.nothing == nil || !inner.nothing(u))
		r.pop()
		if found {
			*to(t) = u
		}
		return found
	}}
}

// container reports whether an object or list follows, and reads past anything else.
func (r *reader) container(at spot) bool {
	switch kind := r.peek(); kind {
	case '{', '[':
		return true
	case 'n', 0:
		r.token()
	default:
		r.skip()
		r.fault(at, "is "+nameOf(kind)+": send an object")
	}
	return false
}

// flat merges a nested object whose fields are kept in the object around it.
func flat[T any](key string, inner *table[T]) field[T] {
	return field[T]{keys: []string{key}, kind: kindObject, inner: inner, read: func(r *reader, at spot, t *T) bool {
		if !r.container(at) {
			return false
		}
		r.push(at.key)
		found := inner.object(r, t)
		r.pop()
		return found
	}}
}

// records is a list of nested records.
func records[T, U any](key string, inner *table[U], to func(*T) *[]U) field[T] {
	return field[T]{keys: []string{key}, kind: kindRecords, list: true, inner: inner, read: func(r *reader, at spot, t *T) bool {
		kind, left := r.peek(), r.count.LeftOut
		if kind == 'n' {
			r.token()
			return false
		}
		var list pile[U]
		r.push(at.key)
		inner.records(r, &list)
		r.pop()
		list.moveTo(to(t))
		if kind == '[' && *to(t) == nil && len(list.chunks) == 0 && r.count.LeftOut == left {
			*to(t) = []U{} // present and empty: not so where what it had could not be read
		}
		return true
	}}
}

// movements is a list of nested records that may be long. It is gathered on a
// pile that all such lists of the document share.
func movements[T, U any](key string, inner *table[U], buffer func(*reader) *pile[U], to func(*T) *[]U) field[T] {
	f := records(key, inner, to)
	f.read = func(r *reader, at spot, t *T) bool {
		kind := r.peek()
		if kind == 'n' {
			r.token()
			return false
		}
		shared := buffer(r)
		r.push(at.key)
		inner.records(r, shared)
		r.pop()
		list := to(t)
		shared.copyTo(list)
		if *list == nil && (kind == '[' || kind == '{') {
			*list = []U{} // present and empty
		}
		shared.reset()
		return true
	}
	return f
}

// cnpjs is a list of CNPJs; one alone is a list of one.
func cnpjs[T any](key string, to func(*T) *[]string) field[T] {
	return texts(kindTexts, key, (*reader).cnpj, to)
}

// dates is a list of dates; one alone is a list of one.
func dates[T any](key string, to func(*T) *[]string) field[T] {
	return texts(kindTexts, key, (*reader).date, to)
}

// names is a list of values of an enumeration; one alone is a list of one.
func names[T any](key string, to func(*T) *[]string) field[T] {
	return texts(kindNames, key, (*reader).name, to)
}

func texts[T any](kind kind, key string, read func(r *reader, at spot) (string, bool), to func(*T) *[]string) field[T] {
	return field[T]{keys: []string{key}, kind: kind, list: true, read: func(r *reader, at spot, t *T) bool {
		return r.texts(at, read, to(t))
	}}
}

func (r *reader) texts(at spot, read func(r *reader, at spot) (string, bool), list *[]string) bool {
	var all pile[string]
	if r.peek() != '[' {
		s, found := read(r, at)
		if found {
			r.keep(&all, s)
		}
		all.moveTo(list)
		return found
	}
	r.enter()
	r.push(at.key)
	r.path = append(r.path, step{})
	for r.more() {
		if s, found := read(r, spot{}); found {
			r.keep(&all, s)
		}
		r.path[len(r.path)-1].index++
	}
	r.pop()
	r.pop()
	all.moveTo(list)
	return true
}

func (r *reader) cnpj(at spot) (string, bool) { return r.taxID(at, cnpjLength) }

// sizeOfString is what one more text costs in a list of texts.
const sizeOfString = 16

func (r *reader) keep(list *pile[string], s string) {
	if r.budget -= sizeOfString; r.budget >= 0 {
		*list.add() = s
	}
}
