package openfinance

import "github.com/openklaas/klaas/internal/calendar"

// requestFields are the top-level keys that speak to klaas and not of the
// person. A fault in one makes the document unusable: to ignore what the caller
// asked for would answer another question.
var requestFields = []field[Document]{
	request("referenceDate", (*reader).referenceDate, func(q *Request) *string { return &q.ReferenceDate }),
	either("taxId", func(d *Document) *string { return &d.Request.TaxID }),
	request("products", (*reader).productNames, func(q *Request) *[]string { return &q.Products }),
	request("productsCallbackURL", (*reader).callbackURLs, func(q *Request) *map[string]string { return &q.CallbackURL }),
	request("externalInfo", (*reader).externalInfo, func(q *Request) *[]byte { return &q.ExternalInfo }),
}

func request[V any](key string, read func(r *reader, at spot) (V, bool), to func(*Request) *V) field[Document] {
	return field[Document]{keys: []string{key}, kind: kindRequest, read: func(r *reader, at spot, d *Document) bool {
		if r.peek() == 'n' {
			r.token()
			return false
		}
		v, found := read(r, at)
		if found {
			*to(&d.Request) = v
		}
		return found
	}}
}

func (r *reader) referenceDate(at spot) (string, bool) {
	kind, s := r.scalar(at)
	if kind == '"' {
		if _, ok := calendar.ParseDay(s); ok {
			return s, true
		}
	}
	r.reject(r.at(at.key), notADate)
	return "", false
}

func (r *reader) productNames(at spot) ([]string, bool) {
	const message = "is not a list of texts: send a list of product names"
	if r.peek() != '[' {
		r.skip()
		r.reject(r.at(at.key), message)
		return nil, false
	}
	var all pile[string]
	good := true
	r.enter()
	for r.more() {
		kind, s := r.scalar(at)
		if kind == '"' {
			r.keep(&all, s)
		} else {
			good = false
		}
	}
	if !good {
		r.reject(r.at(at.key), message)
	}
	names := []string{} // an empty list is not an absent one
	all.copyTo(&names)
	return names, good
}

func (r *reader) callbackURLs(at spot) (map[string]string, bool) {
	const message = "is not an object of texts: send product names, all or other as keys and URLs as values"
	if r.peek() != '{' {
		r.skip()
		r.reject(r.at(at.key), message)
		return nil, false
	}
	urls := map[string]string{}
	good := true
	r.enter()
	for r.more() {
		name := string(r.key())
		kind, s := r.scalar(at)
		if kind == '"' {
			urls[name] = s
		} else {
			good = false
		}
	}
	if !good {
		r.reject(r.at(at.key), message)
	}
	return urls, good
}
