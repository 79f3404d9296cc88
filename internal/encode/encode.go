// Package encode writes JSON whose bytes equal JSON.stringify(JSON.parse(bytes)).
//
// Receivers of webhooks verify signatures over a re-serialised body, so a
// report is written as JavaScript writes it: compact, no HTML escapes, U+2028
// raw. A [Writer] appends to one buffer and sets commas by itself. It does not
// check that keys are unique or objects are closed: the schema tests do.
package encode

import (
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/openklaas/klaas/internal/money"
)

// Writer builds one JSON text. The zero value is ready.
type Writer struct {
	buf []byte
}

// NewWriter returns a writer that appends to buf.
func NewWriter(buf []byte) *Writer { return &Writer{buf: buf} }

// Bytes returns what was written. It stays valid until the next write.
func (w *Writer) Bytes() []byte { return w.buf }

// Len returns the number of bytes written.
func (w *Writer) Len() int { return len(w.buf) }

// Reset empties the writer and keeps its buffer.
func (w *Writer) Reset() { w.buf = w.buf[:0] }

// Grow makes room for n more bytes, so that writing them does not move the text.
func (w *Writer) Grow(n int) { w.buf = slices.Grow(w.buf, n) }

func (w *Writer) separate() {
	if n := len(w.buf); n > 0 {
		switch w.buf[n-1] {
		case '{', '[', ':':
		default:
			w.buf = append(w.buf, ',')
		}
	}
}

// OpenObject begins an object as a value.
func (w *Writer) OpenObject() {
	w.separate()
	w.buf = append(w.buf, '{')
}

// CloseObject ends it.
func (w *Writer) CloseObject() { w.buf = append(w.buf, '}') }

// OpenArray begins an array as a value.
func (w *Writer) OpenArray() {
	w.separate()
	w.buf = append(w.buf, '[')
}

// CloseArray ends it.
func (w *Writer) CloseArray() { w.buf = append(w.buf, ']') }

// Key writes the key of the next value. It must need no escapes.
func (w *Writer) Key(key string) {
	w.separate()
	w.buf = append(w.buf, '"')
	w.buf = append(w.buf, key...)
	w.buf = append(w.buf, '"', ':')
}

// String writes a string value.
func (w *Writer) String(s string) {
	w.separate()
	w.buf = AppendString(w.buf, s)
}

// Field writes a key and a string value.
func (w *Writer) Field(key, value string) {
	w.Key(key)
	w.buf = AppendString(w.buf, value)
}

// FieldIf writes a key and a string value unless the value is "".
func (w *Writer) FieldIf(key, value string) {
	if value != "" {
		w.Field(key, value)
	}
}

// Int writes a key and a whole number, which must lie within ±(2^53 − 1).
func (w *Writer) Int(key string, n int64) {
	w.Key(key)
	w.buf = strconv.AppendInt(w.buf, n, 10)
}

// Bool writes a key and a truth value.
func (w *Writer) Bool(key string, b bool) {
	w.Key(key)
	w.buf = strconv.AppendBool(w.buf, b)
}

// Null writes a key and null.
func (w *Writer) Null(key string) {
	w.Key(key)
	w.buf = append(w.buf, "null"...)
}

// Number writes a key and an amount rounded to two decimals as a JSON number in
// JavaScript's form: 12.5, 12, 0, -0.01. One of 10 trillion or more has 15 digits.
func (w *Writer) Number(key string, a money.Amount) {
	const cent = money.Scale / 100
	cents := (uint64(a.Abs()) + cent/2) / cent
	w.decimal(key, a < 0 && cents > 0, cents, 100)
}

// Exact writes a key and an amount as a JSON number in JavaScript's form, with
// all of its four decimals: 12.5, 0.0001. JavaScript holds 15 digits, so an
// amount of 100 billion or more is rounded to as many.
func (w *Writer) Exact(key string, a money.Amount) {
	w.decimal(key, a < 0, uint64(a.Abs()), money.Scale)
}

// decimal writes digits ÷ scale. JavaScript holds 15 digits, so more are rounded
// to as many.
func (w *Writer) decimal(key string, negative bool, digits, scale uint64) {
	w.Key(key)
	if negative {
		w.buf = append(w.buf, '-')
	}
	for digits >= 1e15 {
		digits, scale = (digits+5)/10, scale/10
	}
	w.buf = strconv.AppendUint(w.buf, digits/scale, 10)
	rest := digits % scale
	if rest == 0 {
		return
	}
	w.buf = append(w.buf, '.')
	for rest > 0 {
		scale /= 10
		w.buf = append(w.buf, byte('0'+rest/scale))
		rest %= scale
	}
}

// Raw writes JSON that is already in the right form, as a value.
func (w *Writer) Raw(json []byte) {
	w.separate()
	w.buf = append(w.buf, json...)
}

// Members writes already encoded members ("a":1,"b":2), of an open object.
func (w *Writer) Members(json []byte) {
	if len(json) > 0 {
		w.Raw(json)
	}
}

// Append writes members that add appends to the text, of an open object.
func (w *Writer) Append(add func(dst []byte) []byte) {
	w.separate()
	w.buf = add(w.buf)
}

const hex = "0123456789abcdef"

// plainRun returns the index of the first byte from i on that does not stand for
// itself, len(s) when all do. It looks at eight bytes at a time: each term has
// the high bit of a byte set where that byte is below 0x20, a quote, a backslash
// or not ASCII.
func plainRun(s string, i int) int {
	const low, high = 0x0101010101010101, 0x8080808080808080
	for ; i+8 <= len(s); i += 8 {
		b := s[i : i+8]
		x := uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
			uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
		quote, backslash := x^(low*'"'), x^(low*'\\')
		if ((x-low*0x20)&^x|(quote-low)&^quote|(backslash-low)&^backslash|x)&high != 0 {
			break
		}
	}
	for i < len(s) && plain[s[i]] {
		i++
	}
	return i
}

// plain tells which bytes stand for themselves inside a string.
var plain = func() (t [256]bool) {
	for c := range 256 {
		t[c] = c >= 0x20 && c != '"' && c != '\\' && c < utf8.RuneSelf
	}
	return t
}()

// AppendString appends s as a JSON string as JSON.stringify writes it. Bytes
// that are not UTF-8 become U+FFFD.
func AppendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := plainRun(s, 0); i < len(s); i = plainRun(s, i) {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				dst = append(dst, s[start:i]...)
				dst = append(dst, "\uFFFD"...)
				start = i + 1
			}
			i += size
			continue
		}
		dst = append(dst, s[start:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\b':
			dst = append(dst, '\\', 'b')
		case '\f':
			dst = append(dst, '\\', 'f')
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		i++
		start = i
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}
