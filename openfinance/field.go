package openfinance

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

// code is digits in which leading zeros count.
func code[T any](key string, width int, to func(*T) *string) field[T] {
	return scalar(kindCode, key, func(r *reader, at spot) (string, bool) { return r.code(at, width) }, to)
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

func date[T any](key string, to func(*T) *string) field[T] {
	return scalar(kindDate, key, (*reader).date, to)
}

func instant[T any](key string, to func(*T) *string) field[T] {
	return scalar(kindTime, key, (*reader).time, to)
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
		inner := moneyTables[0]
		if at.essential {
			inner = moneyTables[1]
		}
		r.push(at.key)
		inner.object(r, m)
		r.pop()
		return m.Amount != ""
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

// optional is one nested object whose absence matters.
func optional[T, U any](key string, inner *table[U], to func(*T) **U) field[T] {
	return field[T]{keys: []string{key}, kind: kindObject, inner: inner, read: func(r *reader, at spot, t *T) bool {
		if !r.container(at) {
			return false
		}
		u := new(U)
		r.push(at.key)
		found := inner.object(r, u)
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
		if r.peek() == 'n' {
			r.token()
			return false
		}
		r.push(at.key)
		inner.records(r, to(t))
		r.pop()
		return true
	}}
}

// movements is a list of nested records that may be long. It grows in a buffer
// that all such lists of the document share, and is copied once at its length.
func movements[T, U any](key string, inner *table[U], buffer func(*reader) *[]U, to func(*T) *[]U) field[T] {
	f := records(key, inner, to)
	f.read = func(r *reader, at spot, t *T) bool {
		if r.peek() == 'n' {
			r.token()
			return false
		}
		shared := buffer(r)
		r.push(at.key)
		inner.records(r, shared)
		r.pop()
		*to(t) = append(*to(t), *shared...)
		*shared = (*shared)[:0]
		return true
	}
	return f
}

// cnpjs is a list of CNPJs; one alone is a list of one.
func cnpjs[T any](key string, to func(*T) *[]string) field[T] {
	return field[T]{keys: []string{key}, kind: kindTexts, list: true, read: func(r *reader, at spot, t *T) bool {
		return r.taxIDs(at, to(t))
	}}
}

func (r *reader) taxIDs(at spot, list *[]string) bool {
	if r.peek() != '[' {
		s, found := r.taxID(at, cnpjLength)
		if found {
			r.keep(list, s)
		}
		return found
	}
	r.enter()
	r.push(at.key)
	r.path = append(r.path, step{})
	for r.more() {
		if s, found := r.taxID(spot{}, cnpjLength); found {
			r.keep(list, s)
		}
		r.path[len(r.path)-1].index++
	}
	r.pop()
	r.pop()
	return true
}

// sizeOfString is what one more text costs in a list of texts.
const sizeOfString = 16

func (r *reader) keep(list *[]string, s string) {
	if r.budget -= sizeOfString; r.budget >= 0 {
		*list = append(*list, s)
	}
}
