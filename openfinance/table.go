package openfinance

import (
	"reflect"

	"github.com/go-json-experiment/json/jsontext"
)

// A table says how one kind of object is read: its keys, where the value of
// each goes, and what must be there. Adding a section or a field is adding to a
// table; the walking below is the same for all.
type table[T any] struct {
	fields  []field[T]
	index   keyIndex
	size    int                   // memory that one T takes, without what it points to
	absent  func(t *T)            // gives fields whose absence is not the zero value that value; may be nil
	settle  func(r *reader, t *T) // what needs more than one field: alternatives, signs, what must be there; may be nil
	nothing func(t *T) bool       // reports a record that says there is none, as v1 sent; may be nil
}

// field is one key of an object, with its older spellings.
type field[T any] struct {
	keys      []string // the newest spelling first, then those of older versions
	aliases   []string // other spellings that are understood; paths say keys[0]
	kind      kind
	essential bool
	list      bool // occurrences are joined instead of the last one counting
	inner     any  // the *table of nested objects, nil for scalars
	read      func(r *reader, at spot, t *T) (found bool)
}

// must makes a field essential: a value that cannot be read leaves its record out.
func (f field[T]) must() field[T] {
	f.essential = true
	return f
}

// or adds spellings of older versions; a path names the one that was sent.
func (f field[T]) or(keys ...string) field[T] {
	f.keys = append(f.keys, keys...)
	return f
}

// also adds spellings that are not official; a path names the official one.
func (f field[T]) also(aliases ...string) field[T] {
	f.aliases = append(f.aliases, aliases...)
	return f
}

// kind names what a value must look like.
type kind string

// The kinds.
const (
	kindText       kind = "text"
	kindName       kind = "enum"
	kindCode       kind = "digits"
	kindTaxID      kind = "CPF or CNPJ"
	kindCurrency   kind = "currency"
	kindAmount     kind = "amount"
	kindMoney      kind = "money"
	kindRate       kind = "rate"
	kindDate       kind = "date"
	kindTime       kind = "time"
	kindTruth      kind = "true or false"
	kindWhole      kind = "whole number"
	kindInstalment kind = "instalment"
	kindObject     kind = "object"
	kindRecords    kind = "records"
	kindTexts      kind = "texts"
	kindNames      kind = "enums"
	kindRequest    kind = "request"
)

const maxFields = 64 // occurrences are counted in the bits of one word

func newTable[T any](fields ...field[T]) *table[T] {
	if len(fields) > maxFields {
		panic("openfinance: a table has more than 64 keys")
	}
	t := &table[T]{fields: fields, size: int(reflect.TypeFor[T]().Size())}
	for i, f := range fields {
		for _, key := range f.keys {
			t.index.add(key, keyEntry{key, i})
		}
		for _, alias := range f.aliases {
			t.index.add(alias, keyEntry{f.keys[0], i})
		}
	}
	t.index.build()
	return t
}

// object reads an object into v. An envelope around it, and a list of one where
// one object is due, are opened. It reports whether there was an object.
func (t *table[T]) object(r *reader, v *T) bool {
	if t.absent != nil {
		t.absent(v)
	}
	var seen uint64
	return t.merge(r, v, nil, &seen) == isRecord
}

// outcome is what the members of an object turned out to be.
type outcome uint8

const (
	isNothing  outcome = iota // not an object
	isEnvelope                // the wrapping of other records, which were read
	isRecord
)

// merge reads the value at hand into v. Where records is given, v is its last
// item, and an envelope's list of records is read into records in place of v.
func (t *table[T]) merge(r *reader, v *T, records *pile[T], seen *uint64) outcome {
	switch kind := r.peek(); kind {
	case '{':
		return t.membersOf(r, v, records, seen)
	case '[':
		result := isNothing
		r.enter()
		r.path = append(r.path, step{})
		for r.more() {
			if t.merge(r, v, nil, seen) == isRecord {
				result = isRecord
			}
			r.path[len(r.path)-1].index++
		}
		r.pop()
		return result
	default:
		r.skip()
		if kind != 'n' {
			r.warn(spot{}, "is "+nameOf(kind)+", which was ignored: send an object")
		}
	}
	return isNothing
}

// membersOf is merge for an object.
func (t *table[T]) membersOf(r *reader, v *T, records *pile[T], seen *uint64) outcome {
	r.enter()
	result := isRecord
	wrapping := false  // links, meta or data was seen
	unwrapped := false // data held the object
	for r.more() {
		name := r.key()
		if entry, known := t.index.find(name); known {
			t.member(r, entry, v, seen, result)
			continue
		}
		switch string(name) {
		case "data":
			wrapping = true
			r.push("data")
			switch t.unwrap(r, v, records, seen, result) {
			case isEnvelope:
				result = isEnvelope
			case isRecord:
				unwrapped = true
			}
			r.pop()
		case "links", "meta":
			wrapping = true
			r.skip()
		default:
			r.skip()
		}
	}
	if result == isRecord && wrapping && !unwrapped && *seen == 0 && records != nil {
		records.drop()
		return isEnvelope
	}
	return result
}

// member reads the value of a known key.
func (t *table[T]) member(r *reader, entry *keyEntry, v *T, seen *uint64, result outcome) {
	f := &t.fields[entry.field]
	if result == isEnvelope {
		r.skip()
		r.warn(spot{key: entry.key}, "stands beside a list of records and was ignored: send it inside a record")
		return
	}
	at := spot{entry.key, f.essential}
	if !f.read(r, at, v) {
		return
	}
	bit := uint64(1) << entry.field
	if *seen&bit != 0 {
		r.warnRepeated(at, f.list)
	}
	*seen |= bit
}

// unwrap reads what an envelope holds under data. A list where v is the last of
// records takes the place of v.
func (t *table[T]) unwrap(r *reader, v *T, records *pile[T], seen *uint64, result outcome) outcome {
	switch list := r.peek() == '['; {
	case list && records != nil && *seen == 0:
		if result == isRecord {
			records.drop()
		}
		t.records(r, records)
		return isEnvelope
	case list && records != nil:
		r.skip()
		r.lose("is a list beside the fields of a record: send its records in a list of their own")
		return isNothing
	case result == isEnvelope:
		r.skip()
		return isNothing
	}
	return t.merge(r, v, records, seen)
}

func (r *reader) warnRepeated(at spot, list bool) {
	if list {
		r.warn(at, "is sent more than once: the lists were joined; send one")
		return
	}
	r.warn(at, "is sent more than once: the last one counts; send one")
}

// records reads a list of records: also one record alone, lists within lists and pages.
func (t *table[T]) records(r *reader, list *pile[T]) {
	switch kind := r.peek(); kind {
	case '[':
		r.enter()
		r.path = append(r.path, step{})
		for r.more() {
			if r.peek() == 'n' {
				r.token()
				r.lose("is null: send an object, or leave it out")
			} else {
				t.records(r, list)
			}
			r.path[len(r.path)-1].index++
		}
		r.pop()
	case '{':
		t.record(r, list)
	case 'n':
		r.token()
	case 0:
	default:
		r.skip()
		r.lose("is " + nameOf(kind) + ": send an object")
	}
}

// lose counts and notes a record that is none.
func (r *reader) lose(message string) {
	r.count.LeftOut++
	r.note("", message, LeftOut)
}

// record reads one record onto the end of list.
func (t *table[T]) record(r *reader, list *pile[T]) {
	if r.budget -= t.size; r.budget < 0 {
		r.skip()
		r.lose("is one record more than a document of this size can hold: send records with content")
		return
	}
	outer, before := r.leave, *r.count
	r.leave = false

	v := list.add()
	if t.absent != nil {
		t.absent(v)
	}
	var seen uint64
	result := t.merge(r, v, list, &seen)
	if result == isRecord {
		if t.settle != nil && !r.leave && r.err == nil {
			t.settle(r, v)
		}
		switch {
		case r.leave:
			// What was nested in it is lost with it.
			r.count.LeftOut += r.count.Records - before.Records + 1
			r.count.Records = before.Records
			list.drop()
		case t.nothing != nil && t.nothing(v):
			list.drop()
		default:
			r.count.Records++
		}
	}
	r.leave = outer
}

// nameOf names a kind of JSON value in a message.
func nameOf(kind jsontext.Kind) string {
	switch kind {
	case '"':
		return "a text"
	case '0':
		return "a number"
	case 't', 'f':
		return "true or false"
	case '{':
		return "an object"
	case '[':
		return "a list"
	}
	return "null"
}

// keyIndex finds a key: by its bytes as it is spelt in the tables, else folded.
type keyIndex struct {
	spellings []string
	entries   []keyEntry // one for each spelling
	slots     []uint8    // hashed by a few bytes of the spelling; 1 + its position, 0 is free
	folded    map[string]uint8
}

type keyEntry struct {
	key   string // in paths
	field int
}

func (x *keyIndex) add(spelling string, entry keyEntry) {
	x.spellings = append(x.spellings, spelling)
	x.entries = append(x.entries, entry)
}

func (x *keyIndex) build() {
	size := 16
	for size < 4*len(x.entries) {
		size *= 2
	}
	x.slots = make([]uint8, size)
	x.folded = make(map[string]uint8, len(x.entries))
	for i, spelling := range x.spellings {
		if _, twice := x.folded[fold(spelling)]; twice {
			panic("openfinance: a table has the key " + spelling + " twice")
		}
		x.folded[fold(spelling)] = uint8(i)
		slot := hash([]byte(spelling)) & (size - 1)
		for x.slots[slot] != 0 {
			slot = (slot + 1) & (size - 1)
		}
		x.slots[slot] = uint8(i + 1)
	}
}

// hash mixes the length and three bytes, which tell most keys of one object apart.
func hash(key []byte) int {
	n := len(key)
	return n*7 ^ int(key[0])*31 ^ int(key[n/2])*61 ^ int(key[n-1])*13
}

// maxKey is the length from which a key is unknown without folding it.
const maxKey = 128

func (x *keyIndex) find(key []byte) (*keyEntry, bool) {
	if len(key) == 0 || len(x.entries) == 0 {
		return nil, false
	}
	mask := len(x.slots) - 1
	for slot := hash(key) & mask; x.slots[slot] != 0; slot = (slot + 1) & mask {
		if i := x.slots[slot] - 1; x.spellings[i] == string(key) {
			return &x.entries[i], true
		}
	}
	if len(key) > maxKey {
		return nil, false
	}
	i, ok := x.folded[fold(string(key))]
	if !ok {
		return nil, false
	}
	return &x.entries[i], true
}
